/* pump.c - what lua/oleander/loop.lua needs from the system: the clock, the thread, and the descriptor of the thread's queue,
 * which is readable when there is something to do. */
#include "bridge/state/token.h"

#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const char alarm_key = 0;

static double seconds_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* monotonic(): seconds */
static int core_monotonic(lua_State *L) {
  lua_pushnumber(L, seconds_of(CLOCK_MONOTONIC));
  return 1;
}

/* wall_clock(): seconds since 1970 */
static int core_wall_clock(lua_State *L) {
  lua_pushnumber(L, seconds_of(CLOCK_REALTIME));
  return 1;
}

/* thread_id(): of the thread that runs this */
static int core_thread_id(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)syscall(SYS_gettid));
  return 1;
}

/* In a userdata of the registry, stopped with the state. */
typedef struct Alarm {
  ApartmentTimer timer;
} Alarm;

/* Only wakes: what is due, loop.lua knows. */
static void alarm_rings(ApartmentTimer *timer) {
  (void)timer;
}

static int alarm_gc(lua_State *L) {
  queue_stop_timer(&((Alarm *)lua_touserdata(L, 1))->timer);
  return 0;
}

static Alarm *alarm_known(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &alarm_key);
  Alarm *alarm = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return alarm;
}

static void make_alarm(lua_State *L) {
  Alarm *alarm = lua_newuserdatauv(L, sizeof *alarm, 0);
  *alarm = (Alarm){ { .run = alarm_rings } };
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, alarm_gc);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &alarm_key);
}

/* poll_fd(): readable when there is something to do: calls of other threads, the alarm. The thread has one. */
static int core_poll_fd(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  int descriptor = queue_descriptor(token_get(L, bridge)->queue);
  if (descriptor < 0)
    return raise_text(L, E_FAIL, "com.poll_fd", "the system gives no descriptor");
  if (!alarm_known(L))
    make_alarm(L);
  lua_pushinteger(L, descriptor);
  return 1;
}

/* set_alarm(moment on the monotonic clock in seconds, or nil for none): when the descriptor becomes readable. Does nothing
 * when nobody asked for the descriptor. */
static int core_set_alarm(lua_State *L) {
  Alarm *alarm = alarm_known(L);
  if (!alarm)
    return 0;
  if (lua_isnoneornil(L, 1)) {
    queue_stop_timer(&alarm->timer);
    return 0;
  }
  double moment = luaL_checknumber(L, 1);
  int64_t nanoseconds = moment < 1e9 ? (moment > 0 ? (int64_t)(moment * 1e9) : 0) : APARTMENT_NEVER;
  queue_start_timer(bridge_get(L)->token->queue, &alarm->timer, nanoseconds);
  return 0;
}

/* take_notice(): the number of what has happened; nil: no more */
static int core_take_notice(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  Notice *notice = bridge->token ? token_take_notice(bridge->token) : NULL;
  if (!notice)
    return 0;
  lua_pushinteger(L, notice->number);
  notice->taken(notice);
  return 1;
}

const luaL_Reg core_loop_functions[] = { { "monotonic", core_monotonic },
                                         { "wall_clock", core_wall_clock },
                                         { "thread_id", core_thread_id },
                                         { "poll_fd", core_poll_fd },
                                         { "set_alarm", core_set_alarm },
                                         { "take_notice", core_take_notice },
                                         { NULL, NULL } };
