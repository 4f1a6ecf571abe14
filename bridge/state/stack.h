/* stack.h - how much of the thread's stack is left. */
#ifndef OLEANDER_BRIDGE_STACK_H
#define OLEANDER_BRIDGE_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lua's own guard against recursion in C: levels in one coroutine (LUAI_MAXCCALLS). */
#define STACK_LUA_LEVELS 200
/* What one of them takes at most of the functions that call back: string.gsub with its buffer, 2.2 KB, and some. */
#define STACK_LUA_LEVEL 2560
/* For the call itself, from Lua out to a server and back in: frames of arguments and results. */
#define STACK_CALL (96 * 1024)
/* Where there is more, nobody need count. */
#define STACK_AMPLE (STACK_LUA_LEVELS * STACK_LUA_LEVEL + STACK_CALL)

/* The part of the thread's stack in which STACK_AMPLE is left; empty until the thread was measured. */
typedef struct StackAmple {
  uintptr_t low, size;
} StackAmple;

extern _Thread_local StackAmple stack_ample;

static inline bool stack_is_ample(void) {
  return (uintptr_t)__builtin_frame_address(0) - stack_ample.low < stack_ample.size;
}

/* How many levels of Lua the stack can hold beside a call; as many as there may be where it is ample. -1: this is no
 * stack of the thread's own (one of a fibre), and nothing is known of it. */
int stack_levels(void);

/* Whether a block of that size fits in beside what a call needs; also where nothing is known. */
bool stack_holds(size_t size);

#endif
