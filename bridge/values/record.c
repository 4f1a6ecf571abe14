/* record.c - records (user-defined types): the record userdata with fields by name, and tables of fields. */
#include "bridge/values/values.h"
#include "com/com_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char record_tag = 0;

/* The userdata owns a keeper, whose VARIANT holds the data and the record information. */
typedef struct Record {
  const char *tag;
  Bridge *bridge;
  IUnknown *keeper;
  IRecordInfo *info;
  void *data;
} Record;

static Record *record_at(lua_State *L, int index) {
  return lua_type(L, index) == LUA_TUSERDATA ? tagged(L, index, &record_tag, sizeof(Record)) : NULL;
}

IRecordInfo *record_info_at(lua_State *L, int index) {
  const Record *record = record_at(L, index);
  return record ? record->info : NULL;
}

/* The record as a value to read: not one whose finalizer has run. */
static const Record *record_value(lua_State *L, int index) {
  const Record *record = record_at(L, index);
  return record && record->data ? record : NULL;
}

HRESULT record_info_of_type(const Type *type, ITypeInfo *owner, IRecordInfo **info) {
  ITypeInfo *described = NULL;
  *info = NULL;
  HRESULT result = type_info(type_resolve(type), owner, &described);
  if (FAILED(result))
    return result;
  result = GetRecordInfoFromTypeInfo(described, info);
  ITypeInfo_Release(described);
  return result;
}

/* from Lua */

static const Field *find_field(const Type *type, const OLECHAR *name) {
  for (uint32_t i = 0; i < type->count; i++) {
    if (caseless_equal(type->fields[i].name, name))
      return &type->fields[i];
  }
  return NULL;
}

static HRESULT take_field(Converting *converting, const Type *type, void *storage) {
  lua_State *L = converting->L;
  if (lua_type(L, -2) != LUA_TSTRING)
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "a record is a table of fields by name");
  const char *name = lua_tostring(L, -2);
  OLECHAR *wide = text_copy_utf16(name);
  const Field *field = wide ? find_field(type, wide) : NULL;
  free(wide);
  if (!field) {
    char described[80];
    type_describe(type, described, sizeof described);
    return convert_problem(converting, DISP_E_UNKNOWNNAME, "%s has no field %.60s", described, name);
  }
  HRESULT result = convert_from_lua(converting, lua_gettop(L), field->type, (char *)storage + field->offset);
  return FAILED(result) ? convert_located(converting, result, "field %.60s: ", name) : S_OK;
}

static HRESULT take_fields(Converting *converting, int index, const Type *type, void *storage) {
  lua_State *L = converting->L;
  Scratch *scratch = converting->scratch;
  HRESULT result = S_OK;
  index = lua_absindex(L, index);
  if (!lua_checkstack(L, 8) || converting->depth > 32)
    return E_OUTOFMEMORY;
  converting->scratch = NULL; /* the fields own their text */
  converting->depth++;
  lua_pushnil(L);
  while (lua_next(L, index) != 0) {
    result = take_field(converting, type, storage);
    if (FAILED(result)) {
      lua_pop(L, 2);
      break;
    }
    lua_pop(L, 1);
  }
  converting->depth--;
  converting->scratch = scratch;
  converting->owned = true;
  return result;
}

static HRESULT take_copy(Converting *converting, const Record *record, const Type *type, void *storage) {
  GUID guid;
  ULONG size = 0;
  char described[80];
  if (SUCCEEDED(IRecordInfo_GetGuid(record->info, &guid)) && IsEqualGUID(&guid, &type->guid) &&
      SUCCEEDED(IRecordInfo_GetSize(record->info, &size)) && size == type->size) {
    converting->owned = true;
    return type_copy(type, storage, record->data);
  }
  type_describe(type, described, sizeof described);
  return convert_problem(converting, DISP_E_TYPEMISMATCH, "a record of type %s is wanted, not of another one",
                         described);
}

/* GUID is a record of the library stdole; in Lua it is its text. */
bool record_is_guid(const Type *type) {
  return type->kind == TYPE_RECORD && type->size == sizeof(GUID) && type->count == 4 &&
         caseless_equal(type->fields[0].name, OLESTR("Data1")) && caseless_equal(type->fields[3].name, OLESTR("Data4"));
}

HRESULT take_record(Converting *converting, int index, const Type *type, void *storage) {
  const Record *record = record_value(converting->L, index);
  if (record)
    return take_copy(converting, record, type, storage);
  if (record_is_guid(type) && lua_type(converting->L, index) == LUA_TSTRING &&
      guid_from_text(lua_tostring(converting->L, index), storage))
    return S_OK;
  if (lua_type(converting->L, index) != LUA_TTABLE)
    return convert_mismatch(converting, index,
                            record_is_guid(type) ? "a GUID in braces" : "a record or a table of fields");
  return take_fields(converting, index, type, storage);
}

HRESULT record_to_variant(Converting *converting, const Type *type, int index, VARIANT *value) {
  IRecordInfo *info = NULL;
  HRESULT result = record_info_of_type(type, converting->owner, &info);
  if (FAILED(result))
    return convert_problem(converting, result, "the record type has no description that can travel");
  void *data = IRecordInfo_RecordCreate(info);
  if (!data) {
    IRecordInfo_Release(info);
    return E_OUTOFMEMORY;
  }
  if (index != 0 && lua_type(converting->L, index) != LUA_TNIL)
    result = take_record(converting, index, type, data);
  V_VT(value) = VT_RECORD;
  V_RECORD(value) = data;
  V_RECORDINFO(value) = info;
  if (FAILED(result))
    VariantClear(value);
  return result;
}

HRESULT record_copy_to_variant(lua_State *L, int index, VARIANT *value) {
  const Record *record = record_value(L, index);
  void *data = NULL;
  if (!record)
    return S_FALSE;
  HRESULT result = IRecordInfo_RecordCreateCopy(record->info, record->data, &data);
  if (FAILED(result))
    return result;
  IRecordInfo_AddRef(record->info);
  V_VT(value) = VT_RECORD;
  V_RECORD(value) = data;
  V_RECORDINFO(value) = record->info;
  return S_OK;
}

/* to Lua */

typedef struct Delivery {
  Bridge *bridge;
  IRecordInfo *info;
  void *data; /* ours until a userdata has it */
} Delivery;

static int deliver(lua_State *L) {
  Delivery *delivery = lua_touserdata(L, 1);
  Record *record = lua_newuserdatauv(L, sizeof *record, 0);
  memset(record, 0, sizeof *record);
  VARIANT *place;
  IUnknown *keeper = keeper_create(&place);
  if (!keeper || !bridge_reserve_release(delivery->bridge)) {
    if (keeper)
      IUnknown_Release(keeper);
    return raise_status(L, E_OUTOFMEMORY, NULL);
  }
  IRecordInfo_AddRef(delivery->info);
  V_VT(place) = VT_RECORD;
  V_RECORD(place) = delivery->data;
  V_RECORDINFO(place) = delivery->info;
  record->tag = &record_tag;
  record->bridge = delivery->bridge;
  record->keeper = keeper;
  record->info = delivery->info;
  record->data = delivery->data;
  delivery->data = NULL;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &record_tag);
  lua_setmetatable(L, -2);
  return 1;
}

void record_push(lua_State *L, const Giving *giving, IRecordInfo *info, const void *data) {
  Delivery delivery = { giving->bridge, info, NULL };
  HRESULT result = IRecordInfo_RecordCreateCopy(info, (void *)data, &delivery.data);
  if (FAILED(result))
    raise_status(L, result, "record");
  bool pushed = bridge_protected(L, deliver, &delivery, 1);
  if (delivery.data)
    IRecordInfo_RecordDestroy(info, delivery.data);
  if (!pushed)
    lua_error(L);
}

static int push_with_info(lua_State *L) {
  const Delivery *delivery = lua_touserdata(L, 1);
  Giving giving = { .bridge = delivery->bridge };
  record_push(L, &giving, delivery->info, delivery->data);
  return 1;
}

void give_record(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  IRecordInfo *info = NULL;
  if (record_is_guid(type)) {
    guid_push(L, storage);
    return;
  }
  HRESULT result = record_info_of_type(type, giving->owner, &info);
  if (FAILED(result)) {
    raise_text(L, result, NULL, "the type of a returned record cannot be found");
    return;
  }
  Delivery delivery = { giving->bridge, info, storage };
  bool pushed = bridge_protected(L, push_with_info, &delivery, 1);
  IRecordInfo_Release(info);
  if (!pushed)
    lua_error(L);
}

/* fields */

static Record *record_check(lua_State *L, int index) {
  Record *record = record_at(L, index);
  if (!record)
    raise_argument(L, E_INVALIDARG, NULL, index, "a record is wanted, not %s", value_type_name(L, index));
  else if (!record->data)
    raise_text(L, CO_E_RELEASED, "record", "the record is gone: its state is being closed");
  return record;
}

static int record_gc(lua_State *L) {
  Record *record = record_at(L, 1);
  if (record && record->keeper) {
    bridge_defer_release(record->bridge, record->keeper);
    record->keeper = NULL;
    record->data = NULL;
  }
  return 0;
}

static void push_type_name(lua_State *L, const Record *record) {
  BSTR name = NULL;
  IRecordInfo_GetName(record->info, &name);
  if (!name)
    lua_pushliteral(L, "record");
  else if (!text_push_small(L, name)) {
    SysFreeString(name);
    lua_pushliteral(L, "record");
  }
}

static int raise_field(lua_State *L, const Record *record, HRESULT result, const char *problem) {
  push_type_name(L, record);
  return raise_text(L, result, lua_pushfstring(L, "%s.%s", lua_tostring(L, -1), lua_tostring(L, 2)), "%s", problem);
}

/* Text that no VARIANT can have (LPWSTR, LPSTR), as structures of industrial automation have it: a field, in a set with a reference.
 * S_FALSE: the field is something else. */
static HRESULT find_text_field(const Record *record, const OLECHAR *name, TypeSet **set, const Type **type,
                               void **place) {
  const Type *described;
  HRESULT result = record_info_describe(record->info, set, &described);
  if (FAILED(result))
    return result;
  for (unsigned i = 0; i < described->count; i++) {
    const Field *field = &described->fields[i];
    const Type *own = type_resolve(field->type);
    if (!field->name || !caseless_equal(field->name, name) || own->kind != TYPE_BASE ||
        (own->vt != VT_LPWSTR && own->vt != VT_LPSTR))
      continue;
    *type = own;
    *place = (unsigned char *)record->data + field->offset;
    return S_OK;
  }
  type_set_release(*set);
  return S_FALSE;
}

/* Pushes it; false: the field is something else. */
static bool push_text_field(lua_State *L, const Record *record, const OLECHAR *name) {
  TypeSet *set;
  const Type *type;
  void *place;
  if (!name || find_text_field(record, name, &set, &type, &place) != S_OK)
    return false;
  Giving giving = { record->bridge, NULL, 0 };
  convert_to_lua(L, &giving, type, place); /* it has no error but of memory, and then the set is small */
  type_set_release(set);
  return true;
}

/* S_FALSE: the field is something else. */
static HRESULT put_text_field(Converting *converting, const Record *record, const OLECHAR *name) {
  TypeSet *set;
  const Type *type;
  void *place, *text = NULL;
  HRESULT result = find_text_field(record, name, &set, &type, &place);
  if (result != S_OK)
    return result;
  if (!lua_isnil(converting->L, 3))
    result = convert_from_lua(converting, 3, type, &text);
  if (SUCCEEDED(result)) {
    type_clear(type, place);
    memcpy(place, &text, sizeof text);
  }
  type_set_release(set);
  return result;
}

static int record_index(lua_State *L) {
  Record *record = record_check(L, 1);
  lua_settop(L, 2);
  if (lua_type(L, 2) != LUA_TSTRING)
    return raise_text(L, DISP_E_UNKNOWNNAME, "record", "fields are found by name, not by %s", value_type_name(L, 2));
  OLECHAR *name = text_copy_utf16(lua_tostring(L, 2));
  VARIANT value;
  VariantInit(&value);
  HRESULT result = name ? IRecordInfo_GetField(record->info, record->data, name, &value) : E_OUTOFMEMORY;
  bool text = result == DISP_E_BADVARTYPE && push_text_field(L, record, name);
  free(name);
  if (text)
    return 1;
  if (FAILED(result))
    return raise_field(L, record, result == TYPE_E_FIELDNOTFOUND ? DISP_E_UNKNOWNNAME : result,
                       result == TYPE_E_FIELDNOTFOUND ? "the record has no such field" : "the field cannot be read");
  variant_push_clear(L, record->bridge, 0, NULL, &value);
  return 1;
}

/* The value at 3 by the rules for the field's type; what the rules for arguments leave open is PutField's to convert. */
static HRESULT take_field_value(Converting *converting, VARTYPE vt, VARIANT *value) {
  const Type *type = base_type_node(vt);
  if (!type || vt == VT_VARIANT || lua_isnil(converting->L, 3))
    return variant_from_lua(converting, 3, value);
  HRESULT result = convert_from_lua(converting, 3, type, vt == VT_DECIMAL ? (void *)value : (void *)&V_I8(value));
  V_VT(value) = SUCCEEDED(result) ? vt : VT_EMPTY;
  return result;
}

/* A table stands for a record inside the record: the field's own information makes it. */
static HRESULT take_nested(Converting *converting, Record *record, const OLECHAR *name, VARIANT *value) {
  VARIANT inner;
  void *data = NULL;
  VariantInit(&inner);
  HRESULT result = IRecordInfo_GetFieldNoCopy(record->info, record->data, name, &inner, &data);
  if (FAILED(result) || (V_VT(&inner) & VT_TYPEMASK) != VT_RECORD || (V_VT(&inner) & VT_ARRAY))
    return take_field_value(converting, SUCCEEDED(result) ? (VARTYPE)(V_VT(&inner) & ~VT_BYREF) : VT_VARIANT, value);
  IRecordInfo *info = V_RECORDINFO(&inner);
  ITypeInfo *described = NULL;
  TypeSet *types = NULL;
  const Type *type = NULL;
  result = info ? IRecordInfo_GetTypeInfo(info, &described) : E_UNEXPECTED;
  if (SUCCEEDED(result) && !described)
    result = TYPE_E_INVDATAREAD;
  if (SUCCEEDED(result))
    result = type_set_create(&types);
  if (SUCCEEDED(result))
    result = type_from_typeinfo(types, described, &type, NULL, 0);
  if (SUCCEEDED(result)) {
    converting->owner = described;
    result = record_to_variant(converting, type, 3, value);
    converting->owner = NULL;
  }
  if (types)
    type_set_release(types);
  if (described)
    ITypeInfo_Release(described);
  return result;
}

static int record_newindex(lua_State *L) {
  Record *record = record_check(L, 1);
  lua_settop(L, 3);
  if (lua_type(L, 2) != LUA_TSTRING)
    return raise_text(L, DISP_E_UNKNOWNNAME, "record", "fields are found by name, not by %s", value_type_name(L, 2));
  Converting converting = { .L = L, .bridge = record->bridge };
  VARIANT value;
  VariantInit(&value);
  OLECHAR *name = text_copy_utf16(lua_tostring(L, 2));
  HRESULT result = !name ? E_OUTOFMEMORY : take_nested(&converting, record, name, &value);
  if (SUCCEEDED(result)) {
    result = IRecordInfo_PutField(record->info, INVOKE_PROPERTYPUT, record->data, name, &value);
    VariantClear(&value);
    HRESULT put = result == DISP_E_BADVARTYPE ? put_text_field(&converting, record, name) : S_FALSE;
    result = put == S_FALSE ? result : put;
  }
  free(name);
  if (result == TYPE_E_FIELDNOTFOUND)
    return raise_field(L, record, DISP_E_UNKNOWNNAME, "the record has no such field");
  if (FAILED(result))
    return raise_field(L, record, result, converting.problem[0] != 0 ? converting.problem : "the value does not fit");
  return 0;
}

typedef struct FieldNames {
  BSTR *texts;
  ULONG count;
} FieldNames;

static int push_texts(lua_State *L) {
  const FieldNames *names = lua_touserdata(L, 1);
  lua_newtable(L);
  for (ULONG i = 0; i < names->count; i++) {
    BSTR text = names->texts[i];
    text_push_utf16(L, text ? text : OLESTR(""), SysStringLen(text));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

#define FIELD_NAME_LIMIT 65536

/* Pushes the names of the fields as an array. The record information may be somebody else's: it may count as it likes. */
static void push_names(lua_State *L, const Record *record) {
  ULONG room = 0;
  HRESULT result = IRecordInfo_GetFieldNames(record->info, &room, NULL);
  if (SUCCEEDED(result) && room > FIELD_NAME_LIMIT)
    result = TYPE_E_INVDATAREAD;
  FieldNames names = { SUCCEEDED(result) ? calloc((size_t)room + 1, sizeof *names.texts) : NULL, room };
  if (!names.texts)
    raise_status(L, FAILED(result) ? result : E_OUTOFMEMORY, "record");
  result = IRecordInfo_GetFieldNames(record->info, &names.count, names.texts);
  if (FAILED(result) || names.count > room)
    names.count = FAILED(result) ? 0 : room;
  bool pushed = bridge_protected(L, push_texts, &names, 1);
  for (ULONG i = 0; i < names.count; i++)
    SysFreeString(names.texts[i]);
  free(names.texts);
  if (!pushed)
    lua_error(L);
}

/* next over (record, names): upvalue 1 names, upvalue 2 the position. */
static int record_next(lua_State *L) {
  lua_Integer position = lua_tointeger(L, lua_upvalueindex(2));
  if (position < LUA_MAXINTEGER)
    position++;
  lua_pushinteger(L, position);
  lua_replace(L, lua_upvalueindex(2));
  lua_settop(L, 1);
  if (lua_rawgeti(L, lua_upvalueindex(1), position) == LUA_TNIL)
    return 1;
  lua_pushvalue(L, 2);
  lua_gettable(L, 1);
  return 2;
}

static int record_pairs(lua_State *L) {
  push_names(L, record_check(L, 1));
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, record_next, 2);
  lua_pushvalue(L, 1);
  return 2;
}

static int record_tostring(lua_State *L) {
  Record *record = record_check(L, 1);
  push_type_name(L, record);
  lua_pushfstring(L, "record %s: %p", lua_tostring(L, -1), record->data);
  return 1;
}

static int record_equal(lua_State *L) {
  Record *a = record_at(L, 1), *b = record_at(L, 2);
  lua_pushboolean(L, a && b && a->data == b->data);
  return 1;
}

void record_open_type(lua_State *L) {
  static const luaL_Reg metamethods[] = { { "__gc", record_gc },
                                          { "__index", record_index },
                                          { "__newindex", record_newindex },
                                          { "__pairs", record_pairs },
                                          { "__tostring", record_tostring },
                                          { "__eq", record_equal },
                                          { NULL, NULL } };
  luaL_newlib(L, metamethods);
  lua_pushliteral(L, "record");
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "record");
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &record_tag);
}
