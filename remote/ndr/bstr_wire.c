/* BSTRs as FLAGGED_WORD_BLOBs, [MS-OAUT] 2.2.23: max count, bytes, words, data. */
#include "remote/ndr/ndr_internal.h"

#include <string.h>

static const uint32_t NULL_BSTR = 0xFFFFFFFFu; /* instead of the number of bytes */

void ndr_put_bstr_body(NdrWriter *writer, BSTR text) {
  uint32_t bytes = SysStringByteLen(text), words = (bytes + 1) / 2;
  ndr_put_u32(writer, words);
  ndr_put_u32(writer, text ? bytes : NULL_BSTR);
  ndr_put_u32(writer, words);
  if (words) /* an odd byte is followed by one of the zeros at the end of every BSTR */
    ndr_put_bulk(writer, text, words * sizeof(OLECHAR));
}

void ndr_get_bstr_body(NdrReader *reader, BSTR *text) {
  uint32_t most = ndr_get_count(reader, sizeof(OLECHAR));
  uint32_t bytes = ndr_get_u32(reader), words = ndr_get_u32(reader);
  const uint8_t *data = ndr_get_bytes(reader, (size_t)most * sizeof(OLECHAR));
  *text = NULL;
  if (!data || words != most)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (FAILED(reader->error) || (bytes == NULL_BSTR && !words))
    return;
  if (bytes > (uint64_t)words * sizeof(OLECHAR)) {
    ndr_fail(reader, NDR_BAD_STUB_DATA);
    return;
  }
  *text = SysAllocStringByteLen((const char *)data, bytes);
  if (!*text)
    ndr_fail(reader, E_OUTOFMEMORY);
}

void ndr_put_bstr(NdrWriter *writer, BSTR text) {
  ndr_put_mark(writer);
  ndr_put_bstr_body(writer, text);
}

void ndr_get_bstr(NdrReader *reader, BSTR *text) {
  *text = NULL;
  if (ndr_get_pointer(reader))
    ndr_get_bstr_body(reader, text);
}
