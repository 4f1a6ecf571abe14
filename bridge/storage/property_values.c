/* property_values.c - Lua values <-> PROPVARIANTs. Without a type: integers are I4 or I8, floats R8, texts LPSTR (UTF-8), raw
 * bytes BLOB, sequences vectors of one type where their values have one, else of VARIANT. */
#include "bridge/storage/property_values.h"

#include "com/com_api.h"

#include <stdlib.h>
#include <string.h>

#define NESTING_LIMIT 64

typedef struct Taking {
  Converting converting; /* first: what the functions pass on */
  bool state;
} Taking;

static bool is_state(const Converting *converting) {
  return ((const Taking *)converting)->state;
}

/* Texts */

static char *task_text(const char *text, size_t length) {
  char *copy = CoTaskMemAlloc(length + 1);
  if (copy) {
    memcpy(copy, text, length);
    copy[length] = 0;
  }
  return copy;
}

static HRESULT take_wide(const char *text, size_t length, LPWSTR *result) {
  size_t units = utf16_length(text, length);
  *result = CoTaskMemAlloc((units + 1) * sizeof **result);
  if (!*result)
    return E_OUTOFMEMORY;
  utf16_from_utf8(text, length, *result);
  (*result)[units] = 0;
  return S_OK;
}

static HRESULT take_blob(const char *bytes, size_t length, VARTYPE vt, PROPVARIANT *value) {
  if (length > UINT32_MAX / 2)
    return E_OUTOFMEMORY;
  value->blob.pBlobData = (BYTE *)task_text(bytes, length);
  if (!value->blob.pBlobData)
    return E_OUTOFMEMORY;
  value->blob.cbSize = (ULONG)length;
  value->vt = vt;
  return S_OK;
}

static HRESULT take_clsid(Converting *converting, const char *text, PROPVARIANT *value) {
  GUID guid;
  if (!guid_from_text(text, &guid))
    return convert_problem(converting, CO_E_CLASSSTRING, "a GUID in braces is wanted, not \"%.60s\"", text);
  value->puuid = CoTaskMemAlloc(sizeof guid);
  if (!value->puuid)
    return E_OUTOFMEMORY;
  *value->puuid = guid;
  value->vt = VT_CLSID;
  return S_OK;
}

static HRESULT take_string(Converting *converting, int index, VARTYPE vt, PROPVARIANT *value) {
  size_t length;
  const char *text = lua_tolstring(converting->L, index, &length);
  bool good = utf16_length(text, length) != UNICODE_INVALID && !memchr(text, 0, length);
  if (vt == VT_BLOB || vt == VT_BLOB_OBJECT || (vt == VT_EMPTY && is_state(converting) && !good))
    return take_blob(text, length, vt ? vt : VT_BLOB, value);
  if (vt == VT_CLSID)
    return take_clsid(converting, text, value);
  if (vt == VT_BSTR) {
    HRESULT status = text_to_bstr(text, length, &value->bstrVal);
    if (status == DISP_E_TYPEMISMATCH)
      return convert_problem(converting, status, "the string is not UTF-8");
    value->vt = SUCCEEDED(status) ? VT_BSTR : VT_EMPTY;
    return status;
  }
  if (!good)
    return convert_problem(converting, DISP_E_TYPEMISMATCH,
                           "a text is UTF-8 without zero bytes; raw bytes are com.bytes(s)");
  HRESULT status;
  if (vt == VT_LPWSTR) {
    status = take_wide(text, length, &value->pwszVal);
  } else {
    value->pszVal = task_text(text, length);
    status = value->pszVal ? S_OK : E_OUTOFMEMORY;
  }
  if (SUCCEEDED(status))
    value->vt = vt == VT_LPWSTR ? VT_LPWSTR : VT_LPSTR;
  return status;
}

/* Scalars */

static bool is_text_type(VARTYPE vt) {
  return vt == VT_LPSTR || vt == VT_LPWSTR || vt == VT_BSTR || vt == VT_CLSID || vt == VT_BLOB || vt == VT_BLOB_OBJECT;
}

/* What a VARIANT has goes over whole; types that VARIANTs convert among become the wanted one. */
static HRESULT take_variant_value(Converting *converting, int index, VARTYPE vt, PROPVARIANT *value) {
  VARIANT variant, changed;
  const Boxed *boxed = boxed_at(converting->L, index);
  if (boxed && !boxed->reference && V_VT(&boxed->value) == VT_FILETIME && (vt == VT_EMPTY || vt == VT_FILETIME)) {
    memcpy(value, &boxed->value, sizeof *value); /* which VARIANTs do not have */
    return S_OK;
  }
  VariantInit(&variant);
  VariantInit(&changed);
  HRESULT status = variant_from_lua(converting, index, &variant);
  if (FAILED(status))
    return status;
  if (vt != VT_EMPTY && vt != V_VT(&variant)) {
    status = VariantChangeType(&changed, &variant, 0, vt);
    VariantClear(&variant);
    if (FAILED(status))
      return convert_problem(converting, status, "%s cannot be a value of the type of this property (VT %u)",
                             value_type_name(converting->L, index), (unsigned)vt);
    variant = changed;
  }
  VARTYPE have = V_VT(&variant);
  bool held = have == VT_DISPATCH || have == VT_UNKNOWN || (have & VT_BYREF) || have == VT_RECORD;
  if (held) {
    VariantClear(&variant);
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "%s is no value of a property set",
                           value_type_name(converting->L, index));
  }
  memcpy(value, &variant, sizeof *value);
  return S_OK;
}

static HRESULT take_clip(Converting *converting, int index, PROPVARIANT *value) {
  lua_State *L = converting->L;
  size_t length = 0;
  lua_pushliteral(L, "data");
  lua_rawget(L, index);
  const char *data = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &length) : NULL;
  lua_pushliteral(L, "format");
  lua_rawget(L, index);
  lua_Integer format = lua_tointeger(L, -1);
  CLIPDATA *clip = data && length < UINT32_MAX / 2 ? CoTaskMemAlloc(sizeof *clip) : NULL;
  char *copy = clip ? task_text(data, length) : NULL;
  lua_pop(L, 2);
  if (!data)
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "{ format = number, data = bytes } is wanted");
  if (!copy) {
    CoTaskMemFree(clip);
    return E_OUTOFMEMORY;
  }
  *clip = (CLIPDATA){ .cbSize = (ULONG)length + 4, .ulClipFmt = (LONG)format, .pClipData = (BYTE *)copy };
  value->pclipdata = clip;
  value->vt = VT_CF;
  return S_OK;
}

static HRESULT take_array_value(Converting *converting, int index, VARTYPE vt, PROPVARIANT *value) {
  VARTYPE have;
  SAFEARRAY *array = array_at(converting->L, index, &have);
  bool bytes = have == VT_UI1 && array->cDims == 1;
  if (bytes && (vt == VT_BLOB || (vt == VT_EMPTY && !is_state(converting))))
    return take_blob(array->pvData, array->rgsabound[0].cElements, VT_BLOB, value);
  HRESULT status = SafeArrayCopy(array, &value->parray);
  if (SUCCEEDED(status))
    value->vt = (VARTYPE)(VT_ARRAY | have);
  return status;
}

/* Sequences */

static HRESULT take_value(Converting *converting, int index, VARTYPE vt, PROPVARIANT *value);

/* The type that the values of a sequence have in common; VT_VARIANT: none. */
static VARTYPE common_type(Converting *converting, int table, lua_Unsigned count) {
  lua_State *L = converting->L;
  VARTYPE common = count ? VT_EMPTY : VT_VARIANT;
  for (lua_Unsigned i = 1; i <= count && common != VT_VARIANT; i++) {
    VARTYPE vt = VT_VARIANT;
    lua_rawgeti(L, table, (lua_Integer)i);
    switch (lua_type(L, -1)) {
    case LUA_TBOOLEAN:
      vt = VT_BOOL;
      break;
    case LUA_TSTRING: {
      size_t length;
      const char *text = lua_tolstring(L, -1, &length);
      vt = utf16_length(text, length) != UNICODE_INVALID && !memchr(text, 0, length) ? VT_LPSTR : VT_VARIANT;
      break;
    }
    case LUA_TNUMBER:
      vt = !lua_isinteger(L, -1)                                                    ? VT_R8
           : lua_tointeger(L, -1) >= INT32_MIN && lua_tointeger(L, -1) <= INT32_MAX ? VT_I4
                                                                                    : VT_I8;
      if (vt == VT_I4 && common == VT_I8)
        vt = VT_I8;
      if (vt == VT_I8 && common == VT_I4)
        common = VT_I8;
      break;
    case LUA_TUSERDATA: {
      const Boxed *boxed = boxed_at(L, -1);
      VARTYPE has = boxed && !boxed->reference && !boxed->constant ? V_VT(&boxed->value) : VT_VARIANT;
      vt = has == VT_FILETIME || has == VT_DATE || has == VT_CY ? has : VT_VARIANT;
      break;
    }
    default:
      break;
    }
    lua_pop(L, 1);
    common = common == VT_EMPTY || common == vt ? vt : VT_VARIANT;
  }
  return common;
}

static size_t element_size(VARTYPE vt) {
  switch (vt) {
  case VT_I1:
  case VT_UI1:
    return 1;
  case VT_I2:
  case VT_UI2:
  case VT_BOOL:
    return 2;
  case VT_I4:
  case VT_UI4:
  case VT_R4:
  case VT_ERROR:
    return 4;
  case VT_CLSID:
    return sizeof(CLSID);
  case VT_VARIANT:
    return sizeof(PROPVARIANT);
  default:
    return 8;
  }
}

/* Moves a scalar into the place of an element. */
static void move_element(VARTYPE vt, PROPVARIANT *value, void *element) {
  if (vt == VT_VARIANT) {
    memcpy(element, value, sizeof *value);
  } else if (vt == VT_CLSID) {
    memcpy(element, value->puuid, sizeof(CLSID));
    CoTaskMemFree(value->puuid);
  } else {
    memcpy(element, &value->hVal, element_size(vt));
  }
}

static HRESULT take_sequence(Converting *converting, int table, VARTYPE vt, PROPVARIANT *value) {
  lua_State *L = converting->L;
  lua_Unsigned count = lua_rawlen(L, table);
  if (vt == VT_EMPTY)
    vt = common_type(converting, table, count);
  size_t size = element_size(vt);
  if (count > UINT32_MAX / 64)
    return E_OUTOFMEMORY;
  char *elements = CoTaskMemAlloc((size_t)count * size + 1);
  if (!elements)
    return E_OUTOFMEMORY;
  value->vt = (VARTYPE)(VT_VECTOR | vt);
  value->caub.pElems = (UCHAR *)elements;
  value->caub.cElems = 0;
  for (lua_Unsigned i = 1; i <= count; i++) {
    PROPVARIANT element = { 0 };
    lua_rawgeti(L, table, (lua_Integer)i);
    HRESULT status = lua_isnil(L, -1)
                         ? convert_problem(converting, DISP_E_TYPEMISMATCH, "there is a hole")
                         : take_value(converting, lua_gettop(L), vt == VT_VARIANT ? VT_EMPTY : vt, &element);
    lua_pop(L, 1);
    if (SUCCEEDED(status) && vt != VT_VARIANT && element.vt != vt) {
      PropVariantClear(&element);
      status = convert_problem(converting, DISP_E_TYPEMISMATCH, "a value of the type of the others (VT %u) is wanted",
                               (unsigned)vt);
    }
    if (FAILED(status)) {
      PropVariantClear(value);
      return status == E_OUTOFMEMORY ? status
                                     : convert_located(converting, status, "index %llu: ", (unsigned long long)i);
    }
    move_element(vt, &element, elements + (size_t)value->caub.cElems * size);
    value->caub.cElems++;
  }
  return S_OK;
}

static HRESULT take_table(Converting *converting, int index, VARTYPE vt, PROPVARIANT *value) {
  lua_State *L = converting->L;
  if (vt == VT_CF)
    return take_clip(converting, index, value);
  if (vt != VT_EMPTY && !(vt & VT_VECTOR))
    return convert_mismatch(converting, index, "one value");
  if (is_state(converting)) { /* the state of an object: an object in it, as bytes */
    lua_pushliteral(L, "object");
    bool object = lua_rawget(L, index) == LUA_TSTRING;
    HRESULT status = object ? take_string(converting, lua_gettop(L), VT_BLOB_OBJECT, value) : S_OK;
    lua_pop(L, 1);
    if (object)
      return status;
  } else if (lua_rawlen(L, index) == 0) {
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "a table is a value only as a non-empty sequence");
  }
  return take_sequence(converting, index, vt & VT_TYPEMASK, value);
}

static HRESULT take_value(Converting *converting, int index, VARTYPE vt, PROPVARIANT *value) {
  lua_State *L = converting->L;
  HRESULT status;
  if (converting->depth >= NESTING_LIMIT || !lua_checkstack(L, 8))
    return convert_problem(converting, E_INVALIDARG, "the tables are nested too deep");
  converting->depth++;
  if (lua_type(L, index) == LUA_TSTRING && (vt == VT_EMPTY || is_text_type(vt)))
    status = take_string(converting, index, vt, value);
  else if (lua_type(L, index) == LUA_TTABLE)
    status = take_table(converting, index, vt, value);
  else if (array_at(L, index, &(VARTYPE){ 0 }))
    status = take_array_value(converting, index, vt, value);
  else if (is_text_type(vt) || vt == VT_CF || (vt & (VT_VECTOR | VT_ARRAY)))
    status = convert_mismatch(converting, index, vt & VT_VECTOR ? "a sequence" : vt == VT_CF ? "a table" : "a text");
  else
    status = take_variant_value(converting, index, vt, value);
  converting->depth--;
  return status;
}

HRESULT propvariant_from_lua(Converting *converting, int index, VARTYPE vt, bool state, PROPVARIANT *value) {
  Taking taking = { *converting, state };
  memset(value, 0, sizeof *value);
  HRESULT status = take_value(&taking.converting, lua_absindex(converting->L, index), vt, value);
  if (FAILED(status))
    memset(value, 0, sizeof *value);
  memcpy(converting->problem, taking.converting.problem, sizeof converting->problem);
  return status;
}

/* To Lua */

static void push_value(lua_State *L, Bridge *bridge, PROPVARIANT *value);

/* A scalar that lies in a vector. */
static void push_element(lua_State *L, Bridge *bridge, VARTYPE vt, const void *element) {
  PROPVARIANT value;
  memset(&value, 0, sizeof value);
  if (vt == VT_VARIANT) {
    memcpy(&value, element, sizeof value);
  } else {
    value.vt = vt;
    if (vt == VT_CLSID || vt == VT_CF)
      value.puuid = (CLSID *)element;
    else
      memcpy(&value.hVal, element, element_size(vt));
  }
  push_value(L, bridge, &value);
}

static void push_vector(lua_State *L, Bridge *bridge, const PROPVARIANT *value) {
  VARTYPE vt = value->vt & VT_TYPEMASK;
  size_t size = vt == VT_CF ? sizeof(CLIPDATA) : element_size(vt);
  luaL_checkstack(L, 4, "vectors in vectors");
  lua_createtable(L, (int)(value->caub.cElems & 0xFFFFFF), 0);
  for (ULONG i = 0; i < value->caub.cElems; i++) {
    push_element(L, bridge, vt, (const char *)value->caub.pElems + i * size);
    if (lua_isnil(L, -1)) { /* there are no holes */
      lua_pop(L, 1);
      boxed_push_constant(L, VT_EMPTY);
    }
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

static void push_clip(lua_State *L, const CLIPDATA *clip) {
  lua_createtable(L, 0, 2);
  if (!clip)
    return;
  lua_pushinteger(L, clip->ulClipFmt);
  lua_setfield(L, -2, "format");
  lua_pushlstring(L, (const char *)clip->pClipData, clip->cbSize > 4 && clip->pClipData ? clip->cbSize - 4 : 0);
  lua_setfield(L, -2, "data");
}

static void push_blob(lua_State *L, const BLOB *blob) {
  lua_pushlstring(L, blob->pBlobData ? (const char *)blob->pBlobData : "", blob->pBlobData ? blob->cbSize : 0);
}

static void push_value(lua_State *L, Bridge *bridge, PROPVARIANT *value) {
  switch (value->vt) {
  case VT_LPSTR:
    lua_pushstring(L, value->pszVal ? value->pszVal : "");
    return;
  case VT_LPWSTR:
    text_push_utf16(L, value->pwszVal ? value->pwszVal : u"", value->pwszVal ? utf16_units(value->pwszVal) : 0);
    return;
  case VT_BLOB:
    push_blob(L, &value->blob);
    return;
  case VT_BLOB_OBJECT:
    lua_createtable(L, 0, 1);
    push_blob(L, &value->blob);
    lua_setfield(L, -2, "object");
    return;
  case VT_CLSID:
    if (value->puuid)
      guid_push(L, value->puuid);
    else
      lua_pushnil(L);
    return;
  case VT_CF:
    push_clip(L, value->pclipdata);
    return;
  case VT_FILETIME:
    boxed_push(L, bridge, (const VARIANT *)value);
    return;
  default:
    break;
  }
  if (value->vt & VT_VECTOR) {
    push_vector(L, bridge, value);
    return;
  }
  Giving giving = { .bridge = bridge };
  variant_push(L, &giving, (VARIANT *)value);
}

typedef struct ValuePush {
  Bridge *bridge;
  PROPVARIANT *value;
} ValuePush;

static int push_body(lua_State *L) {
  ValuePush *push = lua_touserdata(L, 1);
  push_value(L, push->bridge, push->value);
  return 1;
}

void propvariant_push_clear(lua_State *L, Bridge *bridge, PROPVARIANT *value) {
  ValuePush push = { bridge, value };
  bool pushed = bridge_protected(L, push_body, &push, 1);
  PropVariantClear(value);
  if (!pushed)
    lua_error(L);
}
