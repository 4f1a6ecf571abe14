/* A method prepared for travel: what every parameter is on the wire. Shared by the caller's and the server's side. */
#ifndef OLEANDER_REMOTE_NDR_METHOD_H
#define OLEANDER_REMOTE_NDR_METHOD_H

#include "remote/ndr/ndr_internal.h"

typedef enum NdrShape {
  NDR_SHAPE_VALUE,   /* the argument is the value */
  NDR_SHAPE_POINTER, /* it points to one value: of the `target` */
  NDR_SHAPE_BUFFER,  /* it points to as many as others count */
  NDR_SHAPE_TEXT     /* it points to characters that end with a zero */
} NdrShape;

typedef struct NdrParameter {
  const Type *type;         /* as declared, without aliases */
  const Type *target;       /* VALUE: the same. POINTER: what it points to. BUFFER, TEXT: one element */
  const TypeExtent *extent; /* BUFFER: who counts */
  uint8_t shape;            /* NdrShape */
  bool in, out;
  bool unique;  /* may be NULL, and a referent says whether it is */
  bool in_cell; /* in a server the target lies in the frame's cell */
  uint8_t unit; /* TEXT: bytes of a character */
  bool counts;  /* parameters count something behind the pointers of the target */
} NdrParameter;

/* A scalar at a place that is known beforehand. */
typedef struct NdrStep {
  uint16_t parameter;
  uint8_t size;
  bool is_signed, floating;
  uint32_t offset; /* from an 8-aligned begin */
} NdrStep;

/* One direction of a call in which only scalars travel. */
typedef struct NdrScalars {
  bool whole; /* nothing else does */
  uint32_t count, size;
  const NdrStep *steps;
} NdrScalars;

struct NdrMethod {
  _Atomic uint32_t references;
  const Signature *signature;
  unsigned count;
  NdrScalars request, reply;
  uint32_t frame_offset, arguments_offset, places_offset, call_size;
  NdrStep *steps;
  NdrParameter parameters[];
};

/* The number of elements that a buffer has room for, or the caller says; RPC_X_BAD_STUB_DATA: nobody says. */
HRESULT ndr_buffer_count(const NdrParameter *parameter, const NdrScope *scope, uint32_t *count);
/* Of these, how many mean something. */
HRESULT ndr_buffer_length(const NdrParameter *parameter, const NdrScope *scope, uint32_t most, uint32_t *count);

/* How many elements are behind the pointers of a target that parameters count; 0: not known. */
void ndr_inner_count(const NdrParameter *parameter, const NdrScope *scope, uint32_t *count);

/* One parameter as a scope, for the elements behind it. */
static inline NdrScope ndr_scope_of(const NdrMethod *method, NdrArgument *arguments, unsigned k) {
  return (NdrScope){ .method = method, .arguments = arguments, .argument = &arguments[k] };
}

/* Writes what argument k points to. */
void ndr_put_argument(NdrWriter *writer, const NdrMethod *method, NdrArgument *arguments, unsigned k);

/* Frees what `count` elements own, of which parameter-counted pointers have `inner` elements behind them. */
void ndr_clear_elements(const Type *type, void *values, uint32_t count, uint32_t inner);

/* Whether the numbers that came with pointers within parameters are those that parameters say; after all have been read. */
HRESULT ndr_check_counts(const NdrMethod *method, NdrArgument *arguments, bool reply);

#endif
