/* NDR 2.0: the bytes of values between apartments. [C706] chapter 14, [MS-RPCE] 2.2.5, [MS-OAUT] 2.2.
 *
 * A stub (what stands between ORPCTHIS and the end of a PDU's body) is written and read by the Type tree: there is no second
 * table of types. NdrWriter gathers: small things go into its own buffer, bulk (arrays of scalars, characters, byte buffers)
 * is borrowed from the caller's memory and reaches the carrier as a piece of its own. NdrReader stands over the whole stub as
 * it came; every count is checked against the bytes left before anything is allocated, every nesting is limited.
 *
 * Both fail stickily: `error` is set once, later calls do nothing, readers give zeros. Alignment counts from the begin of the
 * stub. Interface pointers are somebody else's: NdrInterfaces. */
#ifndef OLEANDER_REMOTE_NDR_H
#define OLEANDER_REMOTE_NDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include <objbase.h>

#include "dispatch/dispatch_api.h"

typedef struct NdrWriter NdrWriter;
typedef struct NdrReader NdrReader;

/* How interface pointers become bytes of a reference (OBJREF) and back. Of whoever marshals the call. */
typedef struct NdrInterfaces NdrInterfaces;
struct NdrInterfaces {
  /* Makes a reference to the object; pointer is not NULL. *bytes is task memory of *size bytes, the caller's. */
  HRESULT (*marshal)(NdrInterfaces *self, REFIID iid, IUnknown *pointer, uint8_t **bytes, uint32_t *size);
  /* *result has a reference of its own. The bytes are hostile. */
  HRESULT (*unmarshal)(NdrInterfaces *self, const uint8_t *bytes, uint32_t size, REFIID iid, void **result);
  /* A reference that is not going to be unmarshaled by anybody: what was written and never sent, or read over. */
  void (*discard)(NdrInterfaces *self, const uint8_t *bytes, uint32_t size);
  DWORD destination; /* MSHCTX_... of the other side */
};

enum {
  NDR_OWN_BYTES = 512,     /* a writer's first bytes, without allocation */
  NDR_BORROW_LEAST = 4096, /* bulk from here on is borrowed and not copied */
  NDR_DEPTH_LIMIT = 1024   /* pointers within pointers; a VARIANT or a SAFEARRAY counts as 16 of them */
};

/* A piece that is borrowed: goes out behind the first `at` bytes of the writer's own. */
typedef struct NdrPiece {
  size_t at;
  const void *data;
  size_t size;
} NdrPiece;

struct NdrWriter {
  uint8_t *data; /* own bytes: `first`, later on the heap */
  size_t size, capacity;
  size_t length; /* of the whole stub so far, borrowed pieces included */
  size_t origin; /* what alignment counts from: 0, the stub's begin, but within records that are a stub of their own */
  NdrPiece *pieces;
  unsigned piece_count, piece_capacity;
  HRESULT error;
  uint32_t referent; /* the next one */
  unsigned depth;
  NdrInterfaces *interfaces; /* NULL: interface pointers are E_NOINTERFACE */
  /* OBJREFs written, so that a writer that fails, or is not sent, can discard them: offsets into `data`. */
  struct NdrReference {
    size_t at, size;
  } * references;
  unsigned reference_count, reference_capacity;
  uint8_t first[NDR_OWN_BYTES];
};

void ndr_writer_begin(NdrWriter *writer, NdrInterfaces *interfaces);
/* sent: the references in it belong to the receiver now; else they are discarded. */
void ndr_writer_end(NdrWriter *writer, bool sent);
/* How many iovecs the stub needs at most, and the stub as such; they point into the writer and to what it borrowed. */
unsigned ndr_writer_piece_limit(const NdrWriter *writer);
unsigned ndr_writer_gather(const NdrWriter *writer, struct iovec *vectors);

void ndr_align(NdrWriter *writer, unsigned alignment);
void ndr_put_u8(NdrWriter *writer, uint8_t value);
void ndr_put_u16(NdrWriter *writer, uint16_t value); /* these align first */
void ndr_put_u32(NdrWriter *writer, uint32_t value);
void ndr_put_u64(NdrWriter *writer, uint64_t value);
void ndr_put_guid(NdrWriter *writer, REFGUID value);
/* Copies; no alignment. */
void ndr_put_bytes(NdrWriter *writer, const void *data, size_t size);
/* Borrows when it is long; the memory must stay until ndr_writer_end. */
void ndr_put_bulk(NdrWriter *writer, const void *data, size_t size);
/* A referent for a pointer that is there, 0 for one that is not. */
void ndr_put_pointer(NdrWriter *writer, const void *pointer);
/* MInterfacePointer behind a unique pointer: referent, then max count, count, OBJREF. NULL pointer: referent 0 alone. */
void ndr_put_interface(NdrWriter *writer, REFIID iid, IUnknown *pointer);

/* Memory that VARIANTs by reference refer to: VariantClear does not free it, so somebody must remember it. */
typedef struct NdrCell NdrCell;
void ndr_cells_free(NdrCell *cells); /* with what is in them; NULL is allowed */

struct NdrReader {
  const uint8_t *data;
  size_t size, position;
  HRESULT error; /* RPC_X_BAD_STUB_DATA as HRESULT (0x800706F7), E_OUTOFMEMORY, what unmarshaling gave */
  unsigned depth;
  uint32_t spare; /* bytes of memory that counts asked for beyond what came */
  NdrInterfaces *interfaces;
  /* Where to remember it: then VARIANTs come by reference as they were sent (in a server). NULL: as the values themselves. */
  NdrCell **cells;
  bool task_references; /* instead: each in task memory of its own, for who frees it by hand */
};

void ndr_reader_begin(NdrReader *reader, const void *data, size_t size, NdrInterfaces *interfaces);
static inline size_t ndr_left(const NdrReader *reader) {
  return reader->error ? 0 : reader->size - reader->position;
}
void ndr_fail(NdrReader *reader, HRESULT error);
void ndr_skip_to(NdrReader *reader, unsigned alignment);
uint8_t ndr_get_u8(NdrReader *reader);
uint16_t ndr_get_u16(NdrReader *reader);
uint32_t ndr_get_u32(NdrReader *reader);
uint64_t ndr_get_u64(NdrReader *reader);
GUID ndr_get_guid(NdrReader *reader);
/* In place; NULL and failed when they are not there. */
const uint8_t *ndr_get_bytes(NdrReader *reader, size_t size);
bool ndr_get_pointer(NdrReader *reader);
/* A count of elements that take at least `least` bytes each on the wire (0 counts as 1): fails when they cannot be there. */
uint32_t ndr_get_count(NdrReader *reader, size_t least);
HRESULT ndr_get_interface(NdrReader *reader, REFIID iid, void **result);

/* Values by type (the whole value: construct, then what its pointers lead to). `value` is native memory of `type`. */
void ndr_put_value(NdrWriter *writer, const Type *type, const void *value);
/* Into memory that is zeroed; what it allocates is the value's (type_clear frees it). After a failure the value can be
 * cleared. */
void ndr_get_value(NdrReader *reader, const Type *type, void *value);

/* Automation's own: mark, body, as a [user_marshal] type stands in a stub. */
void ndr_put_bstr(NdrWriter *writer, BSTR text);
void ndr_get_bstr(NdrReader *reader, BSTR *text);
void ndr_put_variant(NdrWriter *writer, const VARIANT *value);
void ndr_get_variant(NdrReader *reader, VARIANT *value);
void ndr_put_safearray(NdrWriter *writer, SAFEARRAY *array, const Type *element); /* element: NULL, or for records */
void ndr_get_safearray(NdrReader *reader, const Type *element, SAFEARRAY **array);

/* How interface pointers travel in the public functions of user marshaling (BSTR_UserMarshal ...), which know no call: for a
 * destination (MSHCTX_...). Whoever marshals objects registers it, once. */
typedef NdrInterfaces *NdrInterfacesFor(DWORD destination);
void ndr_set_user_interfaces(NdrInterfacesFor *find);

/* Calls. An NdrMethod is a Signature prepared for travel: which values go in, which come out, in which order. Immutable. */
typedef struct NdrMethod NdrMethod;

/* E_NOTIMPL with IErrorInfo naming method and parameter for what cannot travel (void*, unions without a tag ...). */
HRESULT ndr_method_create(const Signature *signature, const NdrMethod **method);
void ndr_method_release(const NdrMethod *method);
const Signature *ndr_method_signature(const NdrMethod *method); /* borrowed */

/* The caller's side. arguments[k] is where argument k lies as declared, as in ClosureCall.
 * NULL for a top-level pointer that must not be NULL: E_POINTER (RPC_X_NULL_REF_POINTER as 0x800706F4), before anything is sent. */
HRESULT ndr_put_request(const NdrMethod *method, NdrWriter *writer, void *const *arguments);
/* Zeroes [out]s, takes them from the reply, replaces [in,out]s, and *result. A reply that cannot be read leaves every [out]
 * zero and every [in,out] as it was, and is the answer. Leftover bytes are ignored. */
HRESULT ndr_get_reply(const NdrMethod *method, NdrReader *reader, void *const *arguments, void *result);
/* The call failed and there is no reply: zeroes [out]s. */
void ndr_clear_out(const NdrMethod *method, void *const *arguments);

/* The server's side: a frame of the signature, its buffers ([size_is] memory that the caller provides) and what it owns. */
typedef struct NdrCall NdrCall;
size_t ndr_call_size(const NdrMethod *method); /* bytes, to be had on the stack, 16-aligned */
/* Reads the request and makes everything that the method is called with; after a failure nothing is left but the call to end.
 * Arrays and strings may stay where they came: the bytes must be there until ndr_call_end. */
HRESULT ndr_call_begin(NdrCall *call, const NdrMethod *method, NdrReader *reader);
/* Calls the slot. The result is in the frame. */
void ndr_call_invoke(NdrCall *call, void *object);
/* The arguments as declared, for those who call by hand ([call_as]). */
void *const *ndr_call_arguments(NdrCall *call);
void *ndr_call_result(NdrCall *call);
/* For a method that gives something with a failure, too ([call_as]): its [out]s travel as they are. */
void ndr_call_keep_out(NdrCall *call);
/* Writes [out]s, [in,out]s and the result; the [out]s as zeros where the result is a failure ([MS-RPCE]: what a server
 * returns with a failure is not used). */
HRESULT ndr_put_reply(NdrCall *call, NdrWriter *writer);
/* After ndr_writer_end: a reply borrows from the call. */
void ndr_call_end(NdrCall *call);

#endif
