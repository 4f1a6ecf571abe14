/* interrupt.c - Ctrl-C during a call to another process gives the call up; at any other time it does what it did before. For
 * programs that are Oleander's own (lua/oleander/cli/run.lua, the prompt). */
#include "bridge/state/token.h"
#include "remote/remote_api.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

static pthread_t script; /* whose calls are meant */
static struct sigaction before;

/* On whatever thread the system has chosen. */
static void interrupted(int signal, siginfo_t *info, void *context) {
  int error = errno;
  if (!pthread_equal(pthread_self(), script)) {
    pthread_kill(script, signal);
  } else if (remote_interrupt()) {
    /* the script gets an error */
  } else if (before.sa_flags & SA_SIGINFO) {
    before.sa_sigaction(signal, info, context);
  } else if (before.sa_handler == SIG_DFL) {
    sigaction(signal, &before, NULL);
    raise(signal);
  } else if (before.sa_handler != SIG_IGN) {
    before.sa_handler(signal);
  }
  errno = error;
}

/* catch_interrupts(): from now on, for the calls of this thread */
static int core_catch_interrupts(lua_State *L) {
  struct sigaction ours = { .sa_sigaction = interrupted, .sa_flags = SA_SIGINFO }, now;
  (void)L;
  script = pthread_self();
  if (sigaction(SIGINT, NULL, &now) != 0 || (now.sa_flags & SA_SIGINFO && now.sa_sigaction == interrupted))
    return 0;
  before = now;
  sigemptyset(&ours.sa_mask);
  sigaction(SIGINT, &ours, NULL);
  return 0;
}

const luaL_Reg core_interrupt_functions[] = { { "catch_interrupts", core_catch_interrupts }, { NULL, NULL } };
