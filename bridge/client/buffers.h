/* buffers.c - the buffers of one call through the vtable, and the counts that are known from them. */
#ifndef OLEANDER_BRIDGE_BUFFERS_H
#define OLEANDER_BRIDGE_BUFFERS_H

#include "bridge/client/client.h"
#include "bridge/values/buffer.h"

/* A userdata that holds the memory until it is cleared, or collected. */
typedef struct CallBuffers {
  const Signature *signature;
  unsigned used;
  struct CallBuffer {
    void *memory;
    uint32_t count;
    unsigned parameter;
  } entries[];
} CallBuffers;

/* Pushes it, for a signature that is SIGNATURE_COUNTED. Raises. */
CallBuffers *call_buffers_push(lua_State *L, const Signature *signature);
void call_buffers_clear(CallBuffers *buffers);

/* Takes what waited for the other arguments: buffers, and interfaces whose IID is among those. indexes[k]: where the value of
 * parameter k stands, 0: not given; a count that was not given is filled in. On failure *bad is the parameter. */
HRESULT call_buffers_take(Converting *converting, CallBuffers *buffers, CallFrame *frame, const int *indexes,
                          unsigned *bad);

/* Whether the parameter waits for the others. */
bool call_buffers_defer(const Parameter *parameter);

/* Pushes the elements of memory that the callee has made. Raises; call_allocated_clear comes behind in any case. */
void call_allocated_give(lua_State *L, const Giving *giving, const Signature *signature, CallFrame *frame, unsigned k);
/* Lets go of the elements of such memory; the memory itself goes with the frame. */
void call_allocated_clear(const Signature *signature, CallFrame *frame);

/* Pushes what the callee left in the buffer, or the interface. Raises. */
void call_buffers_give(lua_State *L, const Giving *giving, CallBuffers *buffers, CallFrame *frame, unsigned k);

#endif
