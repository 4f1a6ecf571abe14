/* A Lua module for the specs of this folder: child processes with pipes, ended by their ids. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lua.h>

#define ARGUMENTS 64

static int close_stream(lua_State *L) {
  luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  return luaL_fileresult(L, fclose(stream->f) == 0, NULL);
}

static void push_stream(lua_State *L, int descriptor, const char *mode) {
  luaL_Stream *stream = lua_newuserdatauv(L, sizeof *stream, 0);
  stream->closef = NULL;
  luaL_setmetatable(L, LUA_FILEHANDLE);
  stream->f = fdopen(descriptor, mode);
  stream->closef = close_stream;
}

static int fail(lua_State *L, int code) {
  return luaL_error(L, "processes: %s", strerror(code));
}

/* spawn(list of words) -> pid, what it writes, what it reads. It ends with its parent. */
static int processes_spawn(lua_State *L) {
  char *words[ARGUMENTS + 1] = { NULL };
  int out[2], in[2];
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_Integer count = (lua_Integer)lua_rawlen(L, 1);
  luaL_argcheck(L, count > 0 && count <= ARGUMENTS, 1, "words");
  for (lua_Integer i = 0; i < count; i++) {
    lua_rawgeti(L, 1, i + 1);
    words[i] = (char *)luaL_checkstring(L, -1); /* the table keeps it */
    lua_pop(L, 1);
  }
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(in, O_CLOEXEC) != 0)
    return fail(L, errno);
  pid_t parent = getpid(), pid = fork();
  if (pid < 0)
    return fail(L, errno);
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
      _exit(126);
    dup2(out[1], STDOUT_FILENO);
    dup2(in[0], STDIN_FILENO);
    execvp(words[0], words);
    _exit(127);
  }
  close(out[1]);
  close(in[0]);
  lua_pushinteger(L, pid);
  push_stream(L, out[0], "r");
  push_stream(L, in[1], "w");
  return 3;
}

static int processes_kill(lua_State *L) {
  pid_t pid = (pid_t)luaL_checkinteger(L, 1);
  luaL_argcheck(L, pid > 1, 1, "a process");
  lua_pushboolean(L, kill(pid, (int)luaL_optinteger(L, 2, SIGKILL)) == 0);
  return 1;
}

/* wait(pid, seconds) -> exit code, signal; nil: it runs on */
static int processes_wait(lua_State *L) {
  pid_t pid = (pid_t)luaL_checkinteger(L, 1);
  double left = luaL_optnumber(L, 2, 10);
  int status;
  for (;; left -= 0.01) {
    pid_t ended = waitpid(pid, &status, WNOHANG);
    if (ended < 0)
      return fail(L, errno);
    if (ended == pid) {
      lua_pushinteger(L, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
      lua_pushinteger(L, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
      return 2;
    }
    if (left <= 0)
      return 0;
    nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
  }
}

static int processes_setenv(lua_State *L) {
  setenv(luaL_checkstring(L, 1), luaL_checkstring(L, 2), 1);
  return 0;
}

static int processes_id(lua_State *L) {
  lua_pushinteger(L, getpid());
  return 1;
}

/* folder() -> the path of a new one */
static int processes_folder(lua_State *L) {
  char path[] = "/tmp/oleander-test-XXXXXX";
  if (!mkdtemp(path))
    return fail(L, errno);
  lua_pushstring(L, path);
  return 1;
}

LUAMOD_API int luaopen_processes(lua_State *L);

__attribute__((visibility("default"))) int luaopen_processes(lua_State *L) {
  static const luaL_Reg functions[] = { { "spawn", processes_spawn },
                                        { "kill", processes_kill },
                                        { "wait", processes_wait },
                                        { "setenv", processes_setenv },
                                        { "id", processes_id },
                                        { "folder", processes_folder },
                                        { NULL, NULL } };
  luaL_newlib(L, functions);
  return 1;
}
