/* What the tables of [call_as] pairs share. */
#ifndef OLEANDER_REMOTE_CALL_AS_H
#define OLEANDER_REMOTE_CALL_AS_H

#include "remote/ndr/ndr_internal.h"
#include "remote/orpc/wire.h"

/* Argument k of a call as a value of that type. */
#define ARGUMENT(type, arguments, k) (*(type const *)(arguments)[k])

/* A pointer argument that the method may be given as NULL. */
static inline void store_u32(void *const *arguments, unsigned k, uint32_t value) {
  uint32_t *to = ARGUMENT(uint32_t *, arguments, k);
  if (to)
    *to = value;
}

/* Takes the text over, or frees it where nobody wants it. */
void store_bstr(void *const *arguments, unsigned k, BSTR text);
void store_interface(void *const *arguments, unsigned k, IUnknown *pointer);

/* The HRESULT at the end of a reply. */
static inline HRESULT get_result(NdrReader *reader) {
  HRESULT result = (HRESULT)ndr_get_u32(reader);
  return reader->error ? reader->error : result;
}

#endif
