/* stack.c - how much of the thread's stack is left. What recursion between Lua and COM takes is C stack, and each call into
 * Lua begins on a coroutine of its own, whose levels Lua counts afresh: so it is the bytes that are measured. */
#include "bridge/state/stack.h"

#include <pthread.h>

_Thread_local StackAmple stack_ample;
static _Thread_local uintptr_t stack_low, stack_high; /* 0: not measured yet */

static void measure(void) {
  pthread_attr_t attributes;
  void *low = NULL;
  size_t size = 0, guard = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0)
    return;
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_getguardsize(&attributes, &guard);
  pthread_attr_destroy(&attributes);
  if (size <= guard)
    return;
  stack_low = (uintptr_t)low + guard;
  stack_high = (uintptr_t)low + size;
  if (stack_high - stack_low > STACK_AMPLE)
    stack_ample = (StackAmple){ stack_low + STACK_AMPLE, stack_high - stack_low - STACK_AMPLE };
}

/* Bytes; 0: not on the thread's stack. */
static size_t bytes_left(void) {
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  if (!stack_high)
    measure();
  return here > stack_low && here <= stack_high ? here - stack_low : 0;
}

/* Small stacks are not all reserve. */
static size_t call_reserve(void) {
  size_t quarter = (stack_high - stack_low) / 4;
  return quarter < STACK_CALL ? quarter : STACK_CALL;
}

int stack_levels(void) {
  size_t left = bytes_left();
  if (!left)
    return -1;
  size_t reserve = call_reserve();
  size_t levels = left > reserve ? (left - reserve) / STACK_LUA_LEVEL : 0;
  return levels < STACK_LUA_LEVELS ? (int)levels : STACK_LUA_LEVELS;
}

bool stack_holds(size_t size) {
  size_t left = bytes_left();
  return !left || left > size + call_reserve();
}
