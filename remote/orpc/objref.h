/* OBJREFs: the bytes of a reference to an object ([MS-DCOM] 2.2.18), and the array of bindings in them (2.2.19). */
#ifndef OLEANDER_REMOTE_OBJREF_H
#define OLEANDER_REMOTE_OBJREF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <objbase.h>

#include "com/com_api.h"
#include "remote/orpc/bindings.h"

typedef enum ObjrefKind { OBJREF_STANDARD = 1, OBJREF_HANDLER = 2, OBJREF_CUSTOM = 4, OBJREF_EXTENDED = 8 } ObjrefKind;

enum {
  OBJREF_SIGNATURE = 0x574F454D, /* "MEOW" */
  OBJREF_HEAD = 24,              /* signature, kind, IID */
  STDOBJREF_SIZE = 40,
  OBJREF_CUSTOM_HEAD = 24, /* behind the head: CLSID, size of the extension, size of the data */
  SORF_NOPING = 0x1000,
  SORF_TABLE_STRONG = 0x20, /* what readers must ignore; only the exporter itself looks at them */
  SORF_TABLE_WEAK = 0x40
};

typedef struct StdObjref {
  uint32_t flags; /* SORF_... */
  uint32_t public_references;
  uint64_t oxid, oid;
  GUID ipid;
} StdObjref;

/* Read: the pointers lead into the bytes. */
typedef struct Objref {
  uint32_t kind; /* ObjrefKind */
  IID iid;
  StdObjref standard;      /* but for OBJREF_CUSTOM */
  CLSID clsid;             /* OBJREF_HANDLER, OBJREF_CUSTOM */
  const uint8_t *bindings; /* DUALSTRINGARRAY as it stands, of the object's resolver; not for OBJREF_CUSTOM */
  size_t binding_bytes;    /* its head included */
  const uint8_t *custom;   /* OBJREF_CUSTOM: what its marshaler wrote */
  uint32_t custom_bytes;
  size_t size; /* of the whole reference */
} Objref;

/* RPC_E_INVALID_OBJREF. Bytes behind the reference are left alone. */
HRESULT objref_read(const void *bytes, size_t size, Objref *objref);

/* Takes exactly one reference out of a stream; for OBJREF_CUSTOM only its head, the marshaler reads the rest. *bytes is task
 * memory of the caller, which *objref points into. */
HRESULT objref_read_stream(IStream *stream, uint8_t **bytes, Objref *objref);

void stdobjref_get(Cursor *cursor, StdObjref *standard);
void stdobjref_put(uint8_t bytes[STDOBJREF_SIZE], const StdObjref *standard);

/* The bytes of a standard or handler reference with no binding, or with one local endpoint (ASCII); *bytes is task memory. */
HRESULT objref_write(REFIID iid, const StdObjref *standard, const CLSID *handler, const char *endpoint, uint8_t **bytes,
                     uint32_t *size);
/* The same with bindings as they stand. */
HRESULT objref_write_bindings(REFIID iid, const StdObjref *standard, const CLSID *handler, const uint8_t *bindings,
                              size_t binding_bytes, uint8_t **bytes, uint32_t *size);
/* How many bytes that are, with a local endpoint. */
uint32_t objref_size(bool handler, const char *endpoint);

/* The head of an OBJREF_CUSTOM before `size` bytes of a marshaler. */
void objref_write_custom_head(uint8_t bytes[OBJREF_HEAD + OBJREF_CUSTOM_HEAD], REFIID iid, REFCLSID clsid,
                              uint32_t size);

/* The first string binding of that tower, as ASCII; false: there is none, it is too long, or no ASCII. */
bool objref_binding(const Objref *objref, uint16_t tower, char *text, size_t room);

#endif
