/* Clearing and copying native values by their type: what owns something is let go or duplicated, field by field. */
#include "dispatch/types/signature_internal.h"

#include <objbase.h>
#include <string.h>

enum { VALUE_DEPTH_LIMIT = 1000 }; /* lists behind pointers in records; a longer one is left to its owner */

static void clear_value(const Type *type, void *value, unsigned depth);

static void clear_task_pointer(const Type *type, void **pointer, unsigned depth) {
  if (type->target->size == 0) /* void*: a handle, or memory whose owner is unknown */
    return;
  if (depth < VALUE_DEPTH_LIMIT && type->target->owner != OWNS_NOTHING)
    clear_value(type->target, *pointer, depth + 1);
  CoTaskMemFree(*pointer);
}

static void clear_fields(const Type *type, void *value, unsigned depth) {
  for (uint32_t i = 0; i < type->count; i++) {
    const Type *part = type->kind == TYPE_ARRAY ? type->target : type->fields[i].type;
    uint32_t offset = type->kind == TYPE_ARRAY ? i * part->size : type->fields[i].offset;
    if (part->owner != OWNS_NOTHING)
      clear_value(part, (unsigned char *)value + offset, depth + 1);
  }
}

static void clear_value(const Type *type, void *value, unsigned depth) {
  type = type_resolve(type);
  void *pointer = NULL;
  if (type->value_class == VALUE_POINTER)
    memcpy(&pointer, value, sizeof pointer);
  switch (type->owner) {
  case OWNS_NOTHING:
    return;
  case OWNS_BSTR:
    SysFreeString(pointer);
    break;
  case OWNS_INTERFACE:
    if (pointer)
      IUnknown_Release((IUnknown *)pointer);
    break;
  case OWNS_VARIANT:
    VariantClear(value);
    return;
  case OWNS_SAFEARRAY:
    if (pointer)
      SafeArrayDestroy(pointer);
    break;
  case OWNS_TASK_MEMORY:
    CoTaskMemFree(pointer);
    break;
  default:
    if (type->kind != TYPE_POINTER)
      clear_fields(type, value, depth);
    else if (pointer)
      clear_task_pointer(type, &pointer, depth);
    break;
  }
  if (type->value_class == VALUE_POINTER)
    memset(value, 0, sizeof pointer);
}

void type_clear(const Type *type, void *value) {
  clear_value(type, value, 0);
}

static HRESULT copy_value(const Type *type, void *to, const void *from, unsigned depth);

static HRESULT copy_fields(const Type *type, void *to, const void *from, unsigned depth) {
  memcpy(to, from, type->size);
  for (uint32_t i = 0; i < type->count; i++) {
    const Type *part = type->kind == TYPE_ARRAY ? type->target : type->fields[i].type;
    uint32_t offset = type->kind == TYPE_ARRAY ? i * part->size : type->fields[i].offset;
    if (part->owner == OWNS_NOTHING)
      continue;
    HRESULT hr = copy_value(part, (unsigned char *)to + offset, (const unsigned char *)from + offset, depth + 1);
    if (SUCCEEDED(hr))
      continue;
    for (uint32_t rest = i; rest < type->count; rest++) { /* what follows still aliases the source */
      const Type *later = type->kind == TYPE_ARRAY ? type->target : type->fields[rest].type;
      memset((unsigned char *)to + (type->kind == TYPE_ARRAY ? rest * later->size : type->fields[rest].offset), 0,
             later->size);
    }
    clear_value(type, to, depth);
    return hr;
  }
  return S_OK;
}

static size_t task_text_size(const Type *type, const void *text) {
  size_t unit = type->vt == VT_LPWSTR ? sizeof(OLECHAR) : 1, length = 0;
  if (unit == 1)
    return strlen(text) + 1;
  while (((const OLECHAR *)text)[length])
    length++;
  return (length + 1) * unit;
}

static HRESULT copy_task_memory(void **copy, const void *from, size_t size) {
  *copy = CoTaskMemAlloc(size);
  if (!*copy)
    return E_OUTOFMEMORY;
  memcpy(*copy, from, size);
  return S_OK;
}

static HRESULT copy_task_pointer(const Type *type, void **copy, const void *from, unsigned depth) {
  if (type->target->size == 0)
    return S_OK; /* void*: nothing is known about it */
  if (depth >= VALUE_DEPTH_LIMIT)
    return E_INVALIDARG;
  *copy = CoTaskMemAlloc(type->target->size);
  if (!*copy)
    return E_OUTOFMEMORY;
  HRESULT hr = copy_value(type->target, *copy, from, depth + 1);
  if (FAILED(hr)) {
    CoTaskMemFree(*copy);
    *copy = NULL;
  }
  return hr;
}

/* Duplicates what a one-word value points to. */
static HRESULT copy_word(const Type *type, void *pointer, void **copy, unsigned depth) {
  *copy = pointer;
  switch (type->owner) {
  case OWNS_BSTR:
    *copy = SysAllocStringByteLen(pointer, SysStringByteLen(pointer));
    return *copy ? S_OK : E_OUTOFMEMORY;
  case OWNS_INTERFACE:
    IUnknown_AddRef((IUnknown *)pointer);
    return S_OK;
  case OWNS_SAFEARRAY: {
    SAFEARRAY *array = NULL;
    HRESULT hr = SafeArrayCopy(pointer, &array);
    *copy = array;
    return hr;
  }
  case OWNS_TASK_MEMORY:
    return copy_task_memory(copy, pointer, task_text_size(type, pointer));
  default:
    return type->kind == TYPE_POINTER ? copy_task_pointer(type, copy, pointer, depth) : S_OK;
  }
}

static HRESULT copy_value(const Type *type, void *to, const void *from, unsigned depth) {
  type = type_resolve(type);
  if (type->owner == OWNS_VARIANT) {
    VariantInit(to);
    return VariantCopy(to, from);
  }
  if (type->value_class != VALUE_POINTER && type->owner == OWNS_FIELDS)
    return copy_fields(type, to, from, depth);
  if (type->value_class != VALUE_POINTER || type->owner == OWNS_NOTHING) {
    memcpy(to, from, type->size);
    return S_OK;
  }
  void *pointer, *copy = NULL;
  HRESULT hr = S_OK;
  memcpy(&pointer, from, sizeof pointer);
  if (pointer)
    hr = copy_word(type, pointer, &copy, depth);
  if (FAILED(hr))
    copy = NULL;
  memcpy(to, &copy, sizeof copy);
  return hr;
}

HRESULT type_copy(const Type *type, void *to, const void *from) {
  return copy_value(type, to, from, 0);
}
