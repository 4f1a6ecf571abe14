/* One IDispatch call on its way through a signature: what dispinvoke.c and dispinvoke_argument.c share. */
#ifndef OLEANDER_DISPATCH_DISPINVOKE_INTERNAL_H
#define OLEANDER_DISPATCH_DISPINVOKE_INTERNAL_H

#include "dispatch/types/signature_internal.h"

/* What an argument needs beyond its place in the frame. */
typedef struct Scratch {
  VARIANT value;      /* a converted copy, or a reference from QueryInterface; cleared at the end */
  VARIANTARG *target; /* the by-reference argument that gets the cell's value after the call, or NULL */
  UINT index;         /* of the argument in rgvarg */
  unsigned k;         /* the parameter */
} Scratch;

typedef struct Invocation {
  const Signature *signature;
  ITypeInfo *owner;       /* may be NULL */
  void (*function)(void); /* of a module; NULL: a slot of the vtable */
  CallFrame *frame;
  LCID lcid;
  SAFEARRAY *rest;  /* the arguments beyond the declared ones of a vararg method */
  Scratch *scratch; /* room for one per parameter */
  unsigned scratch_count;
} Invocation;

/* Puts the argument (NULL: not given) of parameter k into the frame. */
HRESULT invocation_put(Invocation *invocation, unsigned k, VARIANTARG *argument, UINT index);

/* After the call: gives by-reference arguments the values of their temporary cells. */
HRESULT invocation_write_back(Invocation *invocation, UINT *bad_argument);

/* Lets go what invocation_put made. */
void invocation_discard(Invocation *invocation);

/* Moves the native value at `native` into an uninitialized VARIANT and zeroes it. */
HRESULT invocation_take(const Invocation *invocation, const Type *type, VARTYPE vt, void *native, VARIANT *result);

#endif
