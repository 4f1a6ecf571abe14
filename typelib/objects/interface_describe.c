/* interface_describe.c - what is known of an interface by its IID: from our own table, else from the library that it is
 * registered with. */
#include "typelib/objects/library_load.h"

#include "dispatch/dispatch_api.h"

#include <oleander_registry.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types by their registration. */

/* The text of a value, copied. */
static bool registered_text(const OleanderRegistryKey *key, const char *path, const char *name, char *text,
                            size_t size) {
  const char *found;

  return SUCCEEDED(oleander_registry_string(key, path, name, &found)) &&
         (size_t)snprintf(text, size, "%s", found) < size;
}

static bool parse_guid(const char *text, GUID *guid) {
  OLECHAR wide[39] = { 0 };

  for (unsigned index = 0; index < 38 && text[index]; index++)
    wide[index] = (OLECHAR)(unsigned char)text[index];
  return SUCCEEDED(IIDFromString(wide, guid));
}

/* The version stands in the value "Version" beside an interface's LIBID, in a key of its own beside a class's; both are
 * hexadecimal. Without one the newest is meant. */
static void registered_version(const OleanderRegistryKey *key, WORD *major, WORD *minor) {
  char text[32], *end;

  *major = *minor = 0xFFFF;
  if (!registered_text(key, "TypeLib", "Version", text, sizeof text) &&
      !registered_text(key, "Version", NULL, text, sizeof text))
    return;
  unsigned long number = strtoul(text, &end, 16);
  if (end == text)
    return;
  *major = (WORD)number;
  *minor = *end == '.' ? (WORD)strtoul(end + 1, NULL, 16) : 0;
}

HRESULT typelib_registered_type(const char *kind, REFGUID guid, ITypeInfo **info) {
  char path[128], text[64];
  OleanderRegistryKey *key;
  ITypeLib *library;
  WORD major, minor;
  GUID libid;

  *info = NULL;
  snprintf(path, sizeof path, "%.32s\\{%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}", kind, (unsigned)guid->Data1,
           guid->Data2, guid->Data3, guid->Data4[0], guid->Data4[1], guid->Data4[2], guid->Data4[3], guid->Data4[4],
           guid->Data4[5], guid->Data4[6], guid->Data4[7]);
  if (FAILED(oleander_registry_open(path, &key)))
    return TYPE_E_LIBNOTREGISTERED;
  bool found = registered_text(key, "TypeLib", NULL, text, sizeof text) && parse_guid(text, &libid);
  if (found)
    registered_version(key, &major, &minor);
  oleander_registry_close(key);
  HRESULT hr = found ? LoadRegTypeLib(&libid, major, minor, LOCALE_NEUTRAL, &library) : TYPE_E_LIBNOTREGISTERED;
  if (FAILED(hr))
    return hr;
  hr = ITypeLib_GetTypeInfoOfGuid(library, guid, info);
  ITypeLib_Release(library);
  return hr;
}

/* The type of the standard library; TYPE_E_ELEMENTNOTFOUND: there is none. */
static HRESULT standard_type(const StandardInterface *standard, TypeInfo **info) {
  TypeLibrary *library;

  if (!standard)
    return TYPE_E_ELEMENTNOTFOUND;
  HRESULT hr = library_standard(&library);
  if (FAILED(hr))
    return hr;
  hr = type_library_open_type(library, (UINT)(standard - standard_interfaces), false, info);
  ITypeLib2_Release(&library->lib);
  return hr;
}

HRESULT interface_type(REFIID iid, ITypeInfo **info) {
  TypeInfo *type;
  HRESULT hr = standard_type(standard_interface_find(iid), &type);

  *info = SUCCEEDED(hr) ? (ITypeInfo *)&type->info : NULL;
  return hr == TYPE_E_ELEMENTNOTFOUND ? typelib_registered_type("Interface", iid, info) : hr;
}

HRESULT interface_type_named(const char *name, ITypeInfo **info) {
  TypeInfo *type;

  *info = NULL;
  HRESULT hr = standard_type(standard_interface_named(name), &type);
  if (SUCCEEDED(hr))
    *info = (ITypeInfo *)&type->info;
  return hr;
}

/* Descriptions: from the table, whose signatures are made when they are asked for; or from a type, which keeps its own. */

#define SLOT_LIMIT 4096u

typedef struct Slot {
  TypeInfo *owner; /* held by the type or its bases; NULL: nobody describes it, or the table does */
  UINT own_index;
  _Atomic(const Signature *) made; /* out of the table; NULL: not yet */
} Slot;

struct InterfaceDescription {
  const StandardInterface *standard; /* NULL: from a type */
  TypeInfo *type;
  UINT count;
  Slot slots[];
};

static HRESULT note_functions(InterfaceDescription *description, TypeInfo *type) {
  const LibraryReader *reader = type->library->reader;

  for (UINT index = 0; index < type->facts.function_count; index++) {
    FunctionFacts facts;
    HRESULT hr = reader->methods->read_function(reader, type->index, index, &facts);

    if (FAILED(hr))
      return hr;
    if (facts.kind == FUNC_DISPATCH)
      continue;
    UINT slot = (UINT)facts.vtable_offset / type->library->facts.pointer_size;
    if (facts.vtable_offset < 0 || slot >= SLOT_LIMIT)
      return TYPE_E_INVDATAREAD;
    if (slot >= description->count)
      description->count = slot + 1;
    if (!description->slots[slot].owner) {
      description->slots[slot].owner = type;
      description->slots[slot].own_index = index;
    }
  }
  return S_OK;
}

/* What the type declares itself goes before what its bases do. */
static HRESULT note_line(InterfaceDescription *description) {
  TypeInfo *type = description->type;

  for (unsigned level = 0; level <= BASE_LIMIT; level++) {
    TypeInfo *base;
    HRESULT hr = note_functions(description, type);

    if (SUCCEEDED(hr))
      hr = type_base(type, &base);
    if (FAILED(hr))
      return hr == TYPE_E_ELEMENTNOTFOUND ? S_OK : hr;
    type_info_release(base); /* a line that ends is held by its first type */
    if (!type->base)
      return TYPE_E_CIRCULARTYPE;
    type = base;
  }
  return TYPE_E_CIRCULARTYPE;
}

static InterfaceDescription *allocate(UINT slots) {
  return calloc(1, sizeof(InterfaceDescription) + slots * sizeof(Slot));
}

/* Takes the type over. */
static HRESULT describe_type(TypeInfo *type, const InterfaceDescription **result) {
  InterfaceDescription *description = allocate(SLOT_LIMIT);

  if (!description) {
    type_info_release(type);
    return E_OUTOFMEMORY;
  }
  description->type = type;
  HRESULT hr = note_line(description);
  if (FAILED(hr)) {
    interface_description_release(description);
    return hr;
  }
  InterfaceDescription *fitted = realloc(description, sizeof *description + description->count * sizeof(Slot));
  *result = fitted ? fitted : description;
  return S_OK;
}

static HRESULT describe_standard(const StandardInterface *standard, const InterfaceDescription **result) {
  UINT count = standard->first_slot + standard->method_count;
  InterfaceDescription *description = allocate(count);

  if (!description)
    return E_OUTOFMEMORY;
  description->standard = standard;
  description->count = count;
  *result = description;
  return S_OK;
}

/* A dual interface is described by its interface half; a dispinterface is called as IDispatch. */
HRESULT interface_describe(REFIID iid, const InterfaceDescription **result) {
  const StandardInterface *standard = standard_interface_find(iid);
  ITypeInfo *registered;
  TypeInfo *half;

  *result = NULL;
  if (standard)
    return describe_standard(standard, result);
  HRESULT hr = typelib_registered_type("Interface", iid, &registered);
  if (FAILED(hr))
    return hr;
  TypeInfo *type = type_info_from((ITypeInfo2 *)registered); /* LoadRegTypeLib makes no others */
  if (type->facts.kind == TKIND_INTERFACE)
    return describe_type(type, result);
  if (type_is_dual(type)) {
    hr = type_library_open_type(type->library, type->index, true, &half);
    if (SUCCEEDED(hr))
      hr = describe_type(half, result);
  } else {
    hr = type->facts.kind == TKIND_DISPATCH ? describe_standard(standard_interface_find(&IID_IDispatch), result)
                                            : TYPE_E_WRONGTYPEKIND;
  }
  type_info_release(type);
  return hr;
}

void interface_description_release(const InterfaceDescription *description) {
  if (!description)
    return;
  for (UINT slot = 0; slot < description->count; slot++)
    if (description->slots[slot].made)
      signature_release(description->slots[slot].made);
  type_info_release(description->type);
  free((void *)(uintptr_t)description);
}

UINT interface_slot_count(const InterfaceDescription *description) {
  return description->count;
}

static HRESULT standard_signature(const InterfaceDescription *description, UINT slot, const Signature **signature) {
  Slot *place = (Slot *)(uintptr_t)&description->slots[slot];
  const Signature *none = NULL;

  *signature = place->made;
  if (!*signature) {
    HRESULT hr = standard_interface_signature(description->standard, slot, false, signature);
    if (FAILED(hr))
      return hr;
    if (!atomic_compare_exchange_strong(&place->made, &none, *signature)) {
      signature_release(*signature);
      *signature = none;
    }
  }
  signature_addref(*signature);
  return S_OK;
}

HRESULT interface_signature(const InterfaceDescription *description, UINT slot, const Signature **signature) {
  *signature = NULL;
  if (slot >= description->count)
    return TYPE_E_ELEMENTNOTFOUND;
  if (description->standard)
    return standard_signature(description, slot, signature);
  const Slot *place = &description->slots[slot];
  return place->owner ? type_own_signature(place->owner, place->own_index, signature) : TYPE_E_ELEMENTNOTFOUND;
}

HRESULT interface_wire_signature(const InterfaceDescription *description, UINT slot, const Signature **signature) {
  return description->standard ? standard_interface_signature(description->standard, slot, true, signature)
                               : interface_signature(description, slot, signature);
}
