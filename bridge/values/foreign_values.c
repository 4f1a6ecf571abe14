/* foreign_values.c - GUIDs, variants and interfaces of a module. */
#include "bridge/values/foreign_values.h"
#include "com/com_api.h"

#include <stdlib.h>
#include <string.h>

/* GUIDs */

static ITypeLib *library_of(ITypeInfo *owner) {
  ITypeLib *library = NULL;
  UINT index;
  if (owner && SUCCEEDED(typeinfo_get_library(owner, &library, &index)))
    return library;
  return NULL;
}

ITypeInfo *library_interface(ITypeInfo *owner, REFIID iid) {
  ITypeInfo *info = NULL;
  ITypeLib *library = library_of(owner);
  if (!library)
    return NULL;
  if (FAILED(ITypeLib_GetTypeInfoOfGuid(library, iid, &info)))
    info = NULL;
  ITypeLib_Release(library);
  return info;
}

static bool is_named(ITypeInfo *info, const OLECHAR *name) {
  TypeDocumentation text;
  bool named =
      SUCCEEDED(typeinfo_get_documentation(info, MEMBERID_NIL, &text)) && text.name && caseless_equal(text.name, name);
  typeinfo_free_documentation(&text);
  return named;
}

/* An interface or class of the library by its name. */
static bool find_named(ITypeInfo *owner, const OLECHAR *name, GUID *guid) {
  ITypeLib *library = library_of(owner);
  bool found = false;
  UINT count = library ? ITypeLib_GetTypeInfoCount(library) : 0;
  for (UINT i = 0; i < count && !found; i++) {
    ITypeInfo *info = NULL;
    TYPEATTR attributes;
    if (FAILED(ITypeLib_GetTypeInfo(library, i, &info)) || !info)
      continue;
    found = is_named(info, name) && SUCCEEDED(typeinfo_copy_attributes(info, &attributes)) &&
            !IsEqualGUID(&attributes.guid, &GUID_NULL);
    if (found)
      *guid = attributes.guid;
    ITypeInfo_Release(info);
  }
  if (library)
    ITypeLib_Release(library);
  return found;
}

HRESULT foreign_guid_at(Converting *converting, int index, const SignatureAbi *abi, GUID *guid) {
  size_t length;
  if (lua_type(converting->L, index) != LUA_TSTRING)
    return S_FALSE;
  const char *text = lua_tolstring(converting->L, index, &length);
  if (guid_from_text(text, guid))
    return S_OK;
  OLECHAR *name = text_copy_utf16(text);
  bool found = name && find_named(converting->owner, name, guid);
  free(name);
  if (found)
    return S_OK;
  if (strcmp(text, "IUnknown") == 0) {
    *guid = IID_IUnknown;
    return S_OK;
  }
  if (length != sizeof *guid)
    return S_FALSE;
  memcpy(guid, text, sizeof *guid);
  abi_swap_guid(abi, guid);
  return S_OK;
}

HRESULT take_foreign_guid(Converting *converting, int index, const Type *type, void *storage) {
  GUID guid;
  HRESULT result = foreign_guid_at(converting, index, type->abi, &guid);
  if (result == S_FALSE)
    return convert_mismatch(converting, index, "a GUID in braces, 16 bytes or the name of an interface of the library");
  abi_swap_guid(type->abi, &guid);
  memcpy(storage, &guid, sizeof guid);
  return result;
}

void give_foreign_guid(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  GUID guid;
  (void)giving;
  memcpy(&guid, storage, sizeof guid);
  abi_swap_guid(type->abi, &guid);
  guid_push(L, &guid);
}

/* Variants */

static bool is_scalar(VARTYPE vt) {
  const BaseType *base = base_type(vt);
  return base && base->in_variant && base->owner == OWNS_NOTHING && base->size <= 8 && vt != VT_DECIMAL;
}

static void *value_of(void *variant) {
  return (unsigned char *)variant + FOREIGN_VALUE;
}

static HRESULT store_variant(Converting *converting, const Type *type, const VARIANT *value, void *storage) {
  VARTYPE vt = V_VT(value);
  HRESULT result = S_OK;
  if (vt == VT_BSTR) {
    size_t bytes = SysStringByteLen(V_BSTR(value));
    void *text = NULL;
    if (bytes % sizeof(OLECHAR) == 0 && abi_wchar_width(type->abi) == sizeof(uint32_t)) {
      char *utf8 = text_copy_utf8(V_BSTR(value) ? V_BSTR(value) : OLESTR(""));
      void *units = NULL;
      size_t count = 0;
      result = utf8 ? units_from_utf8(utf8, strlen(utf8), sizeof(uint32_t), &units, &count) : E_OUTOFMEMORY;
      if (result == S_OK)
        text = foreign_string_new(type->abi, units, (uint32_t)(count * sizeof(uint32_t)));
      free(units);
      free(utf8);
    } else {
      text = foreign_string_new(type->abi, V_BSTR(value), (uint32_t)bytes);
    }
    *(void **)value_of(storage) = text;
    result = text ? S_OK : E_OUTOFMEMORY;
  } else if (vt == VT_EMPTY || vt == VT_NULL || vt == VT_FILETIME || is_scalar(vt)) {
    memcpy(value_of(storage), &V_I8(value), sizeof(int64_t));
  } else {
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "a variant of the module cannot hold such a value");
  }
  if (SUCCEEDED(result))
    *(VARTYPE *)storage = vt;
  return result;
}

/* A string of com.bytes, and a text whose characters the module writes otherwise, do not pass through a VARIANT of ours. */
static HRESULT take_variant_text(Converting *converting, int index, const Type *type, void *storage) {
  HRESULT result = take_foreign_bstr(converting, index, type, value_of(storage));
  if (SUCCEEDED(result))
    *(VARTYPE *)storage = VT_BSTR;
  return result;
}

HRESULT take_foreign_variant(Converting *converting, int index, const Type *type, void *storage) {
  lua_State *L = converting->L;
  const Boxed *boxed = boxed_at(L, index);
  VARTYPE vt;
  converting->owned = true;
  if (lua_type(L, index) == LUA_TSTRING || (array_at(L, index, &vt) && vt == VT_UI1))
    return take_variant_text(converting, index, type, storage);
  if (boxed && V_VT(&boxed->value) == VT_FILETIME)
    return store_variant(converting, type, &boxed->value, storage);
  VARIANT value;
  VariantInit(&value);
  HRESULT result = variant_from_lua(converting, index, &value);
  if (SUCCEEDED(result))
    result = store_variant(converting, type, &value, storage);
  VariantClear(&value);
  return result;
}

static void give_variant_interface(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  Type as = { .kind = TYPE_INTERFACE, .vt = VT_UNKNOWN, .guid = IID_IUnknown, .abi = type->abi };
  give_foreign_interface(L, giving, &as, value_of(storage));
  *(VARTYPE *)storage = VT_EMPTY;
}

void give_foreign_variant(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  VARTYPE vt = *(VARTYPE *)storage;
  VARIANT value;
  memset(&value, 0, sizeof value);
  if (vt == VT_BSTR) {
    give_foreign_bstr(L, giving, type, value_of(storage));
  } else if (vt == VT_UNKNOWN || vt == VT_DISPATCH) {
    give_variant_interface(L, giving, type, storage);
  } else if (vt == VT_FILETIME || vt == VT_EMPTY || vt == VT_NULL || is_scalar(vt)) {
    memcpy(&V_I8(&value), value_of(storage), sizeof(int64_t));
    V_VT(&value) = vt;
    if (vt == VT_FILETIME)
      boxed_push(L, giving->bridge, &value);
    else
      variant_push(L, giving, &value);
  } else {
    raise_text(L, DISP_E_BADVARTYPE, NULL, "the module returned a variant of type %d, which cannot be shown in Lua",
               vt);
  }
}

/* Interfaces */

static const IID *wanted_iid(const Type *type) {
  return IsEqualGUID(&type->guid, &GUID_NULL) ? &IID_IUnknown : &type->guid;
}

HRESULT take_foreign_interface(Converting *converting, int index, const Type *type, void *storage) {
  lua_State *L = converting->L;
  const ObjectSeam *objects = converting->bridge->objects;
  void *face = NULL;
  char described[80];
  HRESULT result = objects->query_foreign(L, index, wanted_iid(type), type->abi, &face);
  if (result == CO_E_RELEASED)
    return convert_released(converting, index);
  if (FAILED(result)) {
    type_describe(type, described, sizeof described);
    return convert_problem(converting, DISP_E_TYPEMISMATCH,
                           result == RPC_E_WRONG_THREAD
                               ? "the %s object is of another ABI than the module that wants %s"
                               : "the %s object has no interface %s",
                           objects->name(L, index), described);
  }
  if (result == S_FALSE && (lua_type(L, index) == LUA_TTABLE || lua_type(L, index) == LUA_TFUNCTION))
    result = table_to_interface(converting, index, type, wanted_iid(type), &face);
  else if (result == S_FALSE && boxed_is_nothing(L, index))
    return S_OK;
  else if (result == S_FALSE)
    return convert_mismatch(converting, index, "an object");
  if (FAILED(result))
    return result;
  *(void **)storage = face;
  converting->owned = true;
  return S_OK;
}

void give_foreign_interface(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  Arrival arrival = { .iid = wanted_iid(type),
                      .mode = CALL_AUTO,
                      .flags = giving->flags,
                      .abi = type->abi,
                      .type = type,
                      .owner = giving->owner,
                      .custom = true };
  IUnknown *face = *(IUnknown **)storage;
  *(IUnknown **)storage = NULL;
  giving->bridge->objects->push(L, giving->bridge, face, &arrival);
}
