/* pump.c - what lua/oleander/loop.lua needs from the system: the clock, the thread, and one descriptor that is readable
 * when there is something to do: calls of other threads (the eventfd of the token) or a timer (a timerfd). */
#include "bridge/state/token.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static const char descriptors_key = 0;

/* In a userdata of the registry, closed with the state. */
typedef struct Descriptors {
  int poll, timer;
} Descriptors;

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

static int descriptors_gc(lua_State *L) {
  Descriptors *descriptors = lua_touserdata(L, 1);
  if (descriptors->poll >= 0)
    close(descriptors->poll);
  if (descriptors->timer >= 0)
    close(descriptors->timer);
  descriptors->poll = descriptors->timer = -1;
  return 0;
}

static Descriptors *descriptors_known(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &descriptors_key);
  Descriptors *descriptors = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return descriptors;
}

static bool watch(int poll, int descriptor) {
  struct epoll_event event = { .events = EPOLLIN };
  return descriptor >= 0 && epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

/* poll_fd(): the descriptor; made at the first call */
static int core_poll_fd(lua_State *L) {
  Descriptors *descriptors = descriptors_known(L);
  if (descriptors == NULL) {
    Bridge *bridge = bridge_get(L);
    bridge_enter(L, bridge);
    int calls = token_wake_descriptor(token_get(L, bridge));
    descriptors = lua_newuserdatauv(L, sizeof *descriptors, 0);
    *descriptors = (Descriptors){ -1, -1 };
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, descriptors_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    descriptors->poll = epoll_create1(EPOLL_CLOEXEC);
    descriptors->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (descriptors->poll < 0 || !watch(descriptors->poll, calls) || !watch(descriptors->poll, descriptors->timer))
      return raise_text(L, E_FAIL, "com.poll_fd", "the system gives no descriptor");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &descriptors_key);
  }
  lua_pushinteger(L, descriptors->poll);
  return 1;
}

/* set_alarm(moment on the monotonic clock, or nil for none): when the descriptor becomes readable. Does nothing when
 * nobody asked for the descriptor. */
static int core_set_alarm(lua_State *L) {
  Descriptors *descriptors = descriptors_known(L);
  if (descriptors == NULL || descriptors->timer < 0)
    return 0;
  struct itimerspec alarm;
  memset(&alarm, 0, sizeof alarm);
  if (!lua_isnoneornil(L, 1)) {
    double moment = luaL_checknumber(L, 1);
    moment = moment > 1e15 ? 1e15 : moment;
    if (moment > 0) {
      alarm.it_value.tv_sec = (time_t)moment;
      alarm.it_value.tv_nsec = (long)((moment - (double)alarm.it_value.tv_sec) * 1e9);
    }
    if (alarm.it_value.tv_sec == 0 && alarm.it_value.tv_nsec == 0)
      alarm.it_value.tv_nsec = 1; /* zero would mean never */
  }
  timerfd_settime(descriptors->timer, TFD_TIMER_ABSTIME, &alarm, NULL);
  return 0;
}

const luaL_Reg core_loop_functions[] = { { "monotonic", core_monotonic }, { "wall_clock", core_wall_clock },
                                         { "thread_id", core_thread_id }, { "poll_fd", core_poll_fd },
                                         { "set_alarm", core_set_alarm }, { NULL, NULL } };
