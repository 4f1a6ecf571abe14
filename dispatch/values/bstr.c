/*
 * BSTR: a counted UTF-16 string that can carry any bytes ([MS-OAUT] 2.2.23). In memory, from a 16-aligned block:
 * a count of pins, the length in bytes, the text (a BSTR points here), and a zero unit. The block's size is
 * rounded up to 16, and reallocation that still fits stays in place.
 */
#include "dispatch/values/bstr.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"

typedef struct BstrHeader {
  _Atomic uint32_t pins; /* SysAddRefString; BSTR_FREED is added by SysFreeString while there are any */
  uint32_t bytes;
} BstrHeader;

/* A zero unit behind the text, and one byte more so that an odd length is followed by a whole zero unit too. */
enum { BSTR_EXTRA = sizeof(BstrHeader) + sizeof(OLECHAR) + 1, BSTR_GRAIN = 16 };

static const uint32_t BSTR_MOST_BYTES = UINT32_C(0x7FFFFFE0);
static const uint32_t BSTR_FREED = UINT32_C(0x80000000);

static BstrHeader *bstr_header(BSTR text) {
  return (BstrHeader *)(void *)text - 1;
}

static size_t bstr_block_size(size_t bytes) {
  return (bytes + BSTR_EXTRA + BSTR_GRAIN - 1) & ~(size_t)(BSTR_GRAIN - 1);
}

static void bstr_finish(BSTR text, uint32_t bytes) {
  bstr_header(text)->bytes = bytes;
  memset((char *)text + bytes, 0, sizeof(OLECHAR) + 1);
}

BSTR bstr_new(size_t bytes) {
  if (bytes > BSTR_MOST_BYTES) {
    return NULL;
  }
  BstrHeader *header = bulk_alloc(bstr_block_size(bytes));
  if (!header) {
    return NULL;
  }
  BSTR text = (BSTR)(void *)(header + 1);
  atomic_init(&header->pins, 0);
  bstr_finish(text, (uint32_t)bytes);
  return text;
}

BSTR bstr_from_ascii(const char *text, size_t length) {
  BSTR result = bstr_new(length * sizeof(OLECHAR));
  if (result) {
    for (size_t i = 0; i < length; i++) {
      result[i] = (unsigned char)text[i];
    }
  }
  return result;
}

void bstr_truncate(BSTR text, size_t bytes) {
  bstr_finish(text, (uint32_t)bytes);
}

BSTR SysAllocStringByteLen(LPCSTR bytes, UINT length) {
  BSTR result = bstr_new(length);
  if (result && bytes) {
    memcpy(result, bytes, length);
  }
  return result;
}

BSTR SysAllocStringLen(const OLECHAR *text, UINT length) {
  BSTR result = bstr_new((size_t)length * sizeof(OLECHAR));
  if (result && text) {
    memcpy(result, text, (size_t)length * sizeof(OLECHAR));
  }
  return result;
}

BSTR SysAllocString(const OLECHAR *text) {
  if (!text) {
    return NULL;
  }
  size_t bytes = utf16_units(text) * sizeof(OLECHAR);
  BSTR result = bstr_new(bytes);
  if (result) {
    memcpy(result, text, bytes);
  }
  return result;
}

static void bstr_give_back(BstrHeader *header) {
  if (header->bytes < BULK_LEAST)
    free(header);
  else
    bulk_free(header);
}

void SysFreeString(BSTR text) {
  if (!text) {
    return;
  }
  BstrHeader *header = bstr_header(text);
  if (atomic_load_explicit(&header->pins, memory_order_relaxed) == 0 ||
      atomic_fetch_or(&header->pins, BSTR_FREED) == 0) {
    bstr_give_back(header);
  }
}

HRESULT SysAddRefString(BSTR text) {
  if (text) {
    atomic_fetch_add(&bstr_header(text)->pins, 1);
  }
  return S_OK;
}

void SysReleaseString(BSTR text) {
  if (text && atomic_fetch_sub(&bstr_header(text)->pins, 1) == BSTR_FREED + 1) {
    bstr_give_back(bstr_header(text));
  }
}

UINT SysStringByteLen(BSTR text) {
  return !text ? 0 : bstr_header(text)->bytes;
}

UINT SysStringLen(BSTR text) {
  return SysStringByteLen(text) / (UINT)sizeof(OLECHAR);
}

/* The new text may lie inside the old one. Without a new text, or when it is the old one, that is kept as far as it reaches:
 * the length may go beyond it. */
INT SysReAllocStringLen(BSTR *text, const OLECHAR *source, UINT length) {
  if (!text) {
    return FALSE;
  }
  size_t bytes = (size_t)length * sizeof(OLECHAR);
  BSTR old = *text;
  if (source == old) {
    source = NULL;
  }
  if (old && bstr_block_size(bytes) <= bstr_block_size(bstr_header(old)->bytes)) {
    if (source) {
      memmove(old, source, bytes);
    }
    bstr_finish(old, (uint32_t)bytes);
    return TRUE;
  }
  BSTR result = bstr_new(bytes);
  if (!result) {
    return FALSE;
  }
  if (source) {
    memcpy(result, source, bytes);
  } else if (old) {
    memcpy(result, old, bstr_header(old)->bytes);
  }
  SysFreeString(old);
  *text = result;
  return TRUE;
}

INT SysReAllocString(BSTR *text, const OLECHAR *source) {
  if (!text) {
    return FALSE;
  }
  BSTR result = SysAllocString(source);
  if (source && !result) {
    return FALSE;
  }
  SysFreeString(*text);
  *text = result;
  return TRUE;
}

HRESULT VarBstrCat(BSTR left, BSTR right, LPBSTR result) {
  if (!result) {
    return E_INVALIDARG;
  }
  size_t left_bytes = SysStringByteLen(left);
  size_t right_bytes = SysStringByteLen(right);
  BSTR joined = bstr_new(left_bytes + right_bytes);
  if (!joined) {
    return E_OUTOFMEMORY;
  }
  if (left_bytes != 0) {
    memcpy(joined, left, left_bytes);
  }
  if (right_bytes != 0) {
    memcpy((char *)joined + left_bytes, right, right_bytes);
  }
  *result = joined;
  return S_OK;
}
