/* Property bags over keys of the registry store: a value of the key is a property, a key below it a bag. */
#include "storage/property_bag.h"

#include <oleander_property_bag.h>
#include <oleander_registry.h>

#include <stdlib.h>
#include <string.h>

#include "storage/property_internal.h"

static const BagKind registry_bag;

static char *path_below(const char *path, const char *name) {
  size_t size = strlen(path) + strlen(name) + 2;
  char *whole = malloc(size);

  if (!whole)
    return NULL;
  strcpy(whole, path);
  if (*path)
    strcat(whole, "\\");
  return strcat(whole, name);
}

static HRESULT bag_over(const char *component, char *path, unsigned depth, PropertyBag **result) {
  PropertyBag *bag = path ? property_bag_create(&registry_bag, depth) : NULL;

  *result = bag;
  if (!bag) {
    free(path);
    return E_OUTOFMEMORY;
  }
  bag->path = path;
  if (!component)
    return S_OK;
  bag->component = strdup(component);
  if (bag->component)
    return S_OK;
  *result = NULL;
  IPropertyBag_Release(&bag->bag);
  return E_OUTOFMEMORY;
}

/* Reading */

static HRESULT text_value(const char *text, VARIANT *value) {
  char16_t *wide = utf16_copy(text);

  V_BSTR(value) = wide ? SysAllocString(wide) : NULL;
  free(wide);
  if (!V_BSTR(value))
    return E_OUTOFMEMORY;
  V_VT(value) = VT_BSTR;
  return S_OK;
}

static HRESULT array_value(SAFEARRAY *array, VARTYPE type, VARIANT *value) {
  if (!array)
    return E_OUTOFMEMORY;
  V_VT(value) = VT_ARRAY | type;
  V_ARRAY(value) = array;
  return S_OK;
}

static HRESULT bytes_value(const void *bytes, size_t size, VARIANT *value) {
  SAFEARRAY *array = size <= INT32_MAX ? SafeArrayCreateVector(VT_UI1, 0, (ULONG)size) : NULL;

  if (array && size)
    memcpy(array->pvData, bytes, size);
  return array_value(array, VT_UI1, value);
}

static HRESULT texts_value(const char *texts, size_t size, VARIANT *value) {
  const char *end = texts + size;
  ULONG count = 0;

  for (const char *at = texts; at < end && *at; at += strlen(at) + 1)
    count++;
  SAFEARRAY *array = SafeArrayCreateVector(VT_BSTR, 0, count);
  HRESULT status = array_value(array, VT_BSTR, value);
  for (ULONG i = 0; SUCCEEDED(status) && i < count; i++) {
    VARIANT text;
    status = text_value(texts, &text);
    if (SUCCEEDED(status))
      ((BSTR *)array->pvData)[i] = V_BSTR(&text);
    texts += strlen(texts) + 1;
  }
  return status;
}

static HRESULT from_registry(const OleanderRegistryValue *found, VARIANT *value) {
  switch (found->type) {
  case REG_DWORD:
    if (found->size < 4)
      return bytes_value(found->data, found->size, value);
    memcpy(&V_I4(value), found->data, 4);
    V_VT(value) = VT_I4;
    return S_OK;
  case REG_QWORD:
    if (found->size < 8)
      return bytes_value(found->data, found->size, value);
    memcpy(&V_I8(value), found->data, 8);
    V_VT(value) = VT_I8;
    return S_OK;
  case REG_MULTI_SZ:
    return texts_value(found->data, found->size, value);
  case REG_NONE:
    V_VT(value) = VT_NULL;
    return S_OK;
  default:
    return found->text ? text_value(found->text, value) : bytes_value(found->data, found->size, value);
  }
}

static HRESULT read_bag(PropertyBag *bag, OleanderRegistryKey *key, const char *name, VARIANT *value) {
  OleanderRegistryKey *below;
  PropertyBag *inner;

  if (strchr(name, '\\') || !*name || FAILED(oleander_registry_open_below(key, name, &below)))
    return E_INVALIDARG;
  oleander_registry_close(below);
  HRESULT status = bag_over(bag->component, path_below(bag->path, name), bag->depth + 1, &inner);
  if (FAILED(status))
    return status;
  V_VT(value) = VT_UNKNOWN;
  V_UNKNOWN(value) = (IUnknown *)&inner->bag;
  return S_OK;
}

static HRESULT registry_get(PropertyBag *bag, const OLECHAR *wide, VARIANT *value) {
  OleanderRegistryValue found;
  OleanderRegistryKey *key;
  char *name = utf8_copy(wide);

  if (!name)
    return E_OUTOFMEMORY;
  HRESULT status = oleander_registry_open(bag->path, &key);
  if (SUCCEEDED(status)) {
    if (SUCCEEDED(oleander_registry_value(key, NULL, name, &found)))
      status = from_registry(&found, value);
    else
      status = read_bag(bag, key, name, value);
    oleander_registry_close(key);
  }
  free(name);
  if (FAILED(status))
    VariantClear(value);
  return status == REGDB_E_KEYMISSING ? E_INVALIDARG : status;
}

/* The names of values, then of keys below that are not called as a value is. */
static HRESULT name_at(OleanderRegistryKey *key, ULONG index, const char **name, bool *is_key) {
  OleanderRegistryValue value;
  size_t at = 0;

  while (oleander_registry_value_at(key, at, &value) == S_OK) {
    *name = value.name;
    if (at++ == index)
      return S_OK;
  }
  index -= (ULONG)at;
  *is_key = true;
  for (at = 0; (*name = oleander_registry_key_at(key, at)); at++) {
    if (SUCCEEDED(oleander_registry_value(key, NULL, *name, &value)))
      continue;
    if (!index--)
      return S_OK;
  }
  return S_FALSE;
}

static HRESULT registry_at(PropertyBag *bag, ULONG index, BSTR *name, VARTYPE *type) {
  OleanderRegistryKey *key;
  const char *text = NULL;
  bool is_key = false;
  VARIANT value;
  HRESULT status = oleander_registry_open(bag->path, &key);

  if (FAILED(status))
    return status == REGDB_E_KEYMISSING ? S_FALSE : status;
  status = name_at(key, index, &text, &is_key);
  VariantInit(&value);
  if (status == S_OK)
    status = text_value(text, &value);
  if (status == S_OK) {
    OleanderRegistryValue found;
    VARIANT read;

    *name = V_BSTR(&value);
    *type = VT_UNKNOWN;
    VariantInit(&read);
    if (!is_key && SUCCEEDED(oleander_registry_value(key, NULL, text, &found)))
      status = from_registry(&found, &read);
    if (!is_key)
      *type = V_VT(&read);
    VariantClear(&read);
    if (FAILED(status))
      SysFreeString(*name);
  }
  oleander_registry_close(key);
  return status;
}

/* Writing */

static HRESULT put_value(OleanderRegistryEdit *edit, const char *path, const OLECHAR *name, const VARIANT *value,
                         unsigned depth);

static HRESULT put_texts(OleanderRegistryEdit *edit, const char *path, const char *name, SAFEARRAY *array) {
  ByteBuffer buffer = { 0 };
  HRESULT status = S_OK;

  for (ULONG i = 0; i < array->rgsabound[0].cElements && SUCCEEDED(status); i++) {
    BSTR text = ((BSTR *)array->pvData)[i];
    char *narrow = utf8_copy(text ? text : u"");
    if (!narrow)
      status = E_OUTOFMEMORY;
    else if (!*narrow)
      status = DISP_E_TYPEMISMATCH; /* it would end the list */
    else
      buffer_bytes(&buffer, narrow, strlen(narrow) + 1);
    free(narrow);
  }
  if (SUCCEEDED(status) && buffer.failed)
    status = E_OUTOFMEMORY;
  if (SUCCEEDED(status))
    status = oleander_registry_set_value(edit, path, name, REG_MULTI_SZ, buffer.data ? (void *)buffer.data : "",
                                         buffer.size);
  free(buffer.data);
  return status;
}

static HRESULT put_array(OleanderRegistryEdit *edit, const char *path, const char *name, const VARIANT *value) {
  VARIANT changed;
  HRESULT status;

  if (V_VT(value) == (VT_ARRAY | VT_UI1) && SafeArrayGetDim(V_ARRAY(value)) == 1)
    return oleander_registry_set_value(edit, path, name, REG_BINARY, V_ARRAY(value)->pvData,
                                       V_ARRAY(value)->rgsabound[0].cElements);
  VariantInit(&changed);
  status = VariantCopy(&changed, value);
  if (SUCCEEDED(status))
    status = bag_value_change(&changed, VT_ARRAY | VT_BSTR);
  if (SUCCEEDED(status))
    status =
        SafeArrayGetDim(V_ARRAY(&changed)) == 1 ? put_texts(edit, path, name, V_ARRAY(&changed)) : DISP_E_TYPEMISMATCH;
  VariantClear(&changed);
  return status;
}

static HRESULT put_bag(OleanderRegistryEdit *edit, const char *path, const char *name, PropertyBag *bag,
                       unsigned depth) {
  VARTYPE type;
  BSTR member;

  if (!bag || depth >= BAG_NESTING)
    return DISP_E_TYPEMISMATCH;
  if (!*name || strchr(name, '\\'))
    return E_INVALIDARG;
  char *below = path_below(path, name);
  HRESULT status = below ? oleander_registry_create_key(edit, below) : E_OUTOFMEMORY;
  for (ULONG i = 0; SUCCEEDED(status) && (status = bag->kind->at(bag, i, &member, &type)) == S_OK; i++) {
    VARIANT value;

    VariantInit(&value);
    status = bag->kind->get(bag, member, &value);
    if (SUCCEEDED(status))
      status = put_value(edit, below, member, &value, depth + 1);
    VariantClear(&value);
    SysFreeString(member);
  }
  free(below);
  return FAILED(status) ? status : S_OK;
}

static HRESULT put_text(OleanderRegistryEdit *edit, const char *path, const char *name, const VARIANT *value) {
  BSTR text;
  HRESULT status = bag_value_text(value, &text);

  if (FAILED(status))
    return status;
  char *narrow = utf8_copy(text ? text : u"");
  status = narrow ? oleander_registry_set_string(edit, path, name, narrow) : E_OUTOFMEMORY;
  free(narrow);
  SysFreeString(text);
  return status;
}

static HRESULT put_number(OleanderRegistryEdit *edit, const char *path, const char *name, const VARIANT *value) {
  VARIANT number;

  VariantInit(&number);
  if (SUCCEEDED(VariantChangeTypeEx(&number, (VARIANT *)value, BAG_LCID, 0, VT_I4)))
    return oleander_registry_set_dword(edit, path, name, (DWORD)V_I4(&number));
  if (SUCCEEDED(VariantChangeTypeEx(&number, (VARIANT *)value, BAG_LCID, 0, VT_I8)))
    return oleander_registry_set_value(edit, path, name, REG_QWORD, &V_I8(&number), 8);
  return put_text(edit, path, name, value);
}

static HRESULT put_plain(OleanderRegistryEdit *edit, const char *path, const char *name, const VARIANT *value) {
  if (V_VT(value) & VT_ARRAY)
    return V_ARRAY(value) ? put_array(edit, path, name, value) : DISP_E_TYPEMISMATCH;
  switch (V_VT(value)) {
  case VT_EMPTY:
  case VT_NULL:
    return oleander_registry_set_value(edit, path, name, REG_NONE, "", 0);
  case VT_BOOL:
    return oleander_registry_set_dword(edit, path, name, V_BOOL(value) ? 1 : 0);
  case VT_BSTR:
  case VT_R4:
  case VT_R8:
  case VT_CY:
  case VT_DATE:
  case VT_DECIMAL:
    return put_text(edit, path, name, value);
  default:
    return bag_type_is_whole(V_VT(value)) ? put_number(edit, path, name, value) : DISP_E_TYPEMISMATCH;
  }
}

/* In the place of what has the name, be it a value or a bag. */
static HRESULT put_value(OleanderRegistryEdit *edit, const char *path, const OLECHAR *wide, const VARIANT *value,
                         unsigned depth) {
  char *name = utf8_copy(wide);
  HRESULT status = name ? S_OK : E_OUTOFMEMORY;

  if (SUCCEEDED(status) && *name && !strchr(name, '\\')) {
    char *below = path_below(path, name);
    status = below ? oleander_registry_delete_key(edit, below) : E_OUTOFMEMORY;
    free(below);
  }
  bool nested = V_VT(value) == VT_UNKNOWN || V_VT(value) == VT_DISPATCH;
  if (SUCCEEDED(status) && nested)
    status = oleander_registry_delete_value(edit, path, name);
  if (SUCCEEDED(status))
    status = nested ? put_bag(edit, path, name, property_bag_of(V_UNKNOWN(value)), depth)
                    : put_plain(edit, path, name, value);
  free(name);
  return status;
}

static HRESULT registry_put(PropertyBag *bag, const OLECHAR *name, VARIANT *value) {
  OleanderRegistryEdit *edit;

  if (!bag->component)
    return E_ACCESSDENIED;
  HRESULT status = oleander_registry_edit(bag->component, &edit);
  if (FAILED(status))
    return status;
  status = put_value(edit, bag->path, name, value, bag->depth);
  if (SUCCEEDED(status))
    return oleander_registry_commit(edit);
  oleander_registry_cancel(edit);
  return status;
}

static void registry_destroy(PropertyBag *bag) {
  free(bag->component);
  free(bag->path);
}

static const BagKind registry_bag = { registry_get, registry_put, registry_at, registry_destroy };

HRESULT oleander_property_bag_registry(const char *component, const char *path, IPropertyBag **result) {
  PropertyBag *bag;

  if (!path || !result)
    return E_POINTER;
  *result = NULL;
  HRESULT status = bag_over(component, strdup(path), 0, &bag);
  if (SUCCEEDED(status))
    *result = &bag->bag;
  return status;
}
