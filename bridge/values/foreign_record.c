/* foreign_record.c - records, unions and fixed arrays of a module. In Lua they are tables: { kind = 1, u = { arm = { } } }. A
 * field that counts what another one points to is filled where the script says nothing of it; the member of a union has to
 * fit its tag. */
#include "bridge/values/foreign_values.h"
#include "com/com_api.h"

#include <stdlib.h>
#include <string.h>

static const Field *find_field(const Type *type, const char *name) {
  OLECHAR *wide = text_copy_utf16(name);
  const Field *found = NULL;
  for (uint32_t i = 0; wide && i < type->count; i++) {
    if (caseless_equal(type->fields[i].name, wide))
      found = found ? found : &type->fields[i];
  }
  free(wide);
  return found;
}

static HRESULT refuse_field(Converting *converting, const Type *type, const char *name) {
  char described[80];
  type_describe(type, described, sizeof described);
  return convert_problem(converting, DISP_E_UNKNOWNNAME, "%s has no field %.60s", described, name);
}

static void *place_of(const Field *field, void *storage) {
  return (unsigned char *)storage + field->offset;
}

static bool is_counted(const Type *type) {
  type = type_resolve(type);
  return type->kind == TYPE_POINTER && type->extent && (type->extent->size.name || type->extent->length.name);
}

/* Pushes what the table has for the field; false: nothing, and nothing is pushed. Libraries keep one spelling of names that
 * differ only in case. */
static bool pushes_field(lua_State *L, int table, const Field *field) {
  char *name = text_copy_utf8(field->name);
  lua_pushstring(L, name ? name : "");
  if (lua_rawget(L, table) != LUA_TNIL) {
    free(name);
    return true;
  }
  lua_pop(L, 1);
  bool found = false;
  for (lua_pushnil(L); name && !found && lua_next(L, table) != 0;) {
    found = lua_type(L, -2) == LUA_TSTRING && caseless_equal_utf8(lua_tostring(L, -2), name);
    if (found)
      lua_remove(L, -2);
    else
      lua_pop(L, 1);
  }
  free(name);
  return found;
}

/* Counts */

/* The number that makes the count what it is; false: none does. */
static bool invert_count(TypeCount count, size_t wanted, int64_t *number) {
  int64_t multiply = count.multiply ? count.multiply : 1, divide = count.divide ? count.divide : 1;
  int64_t raw = (int64_t)wanted * divide - count.add;
  *number = raw / multiply;
  return raw >= 0 && raw % multiply == 0;
}

static HRESULT settle_count(Converting *converting, const Type *record, void *storage, const Field *field,
                            TypeCount count, size_t elements, bool given) {
  uint32_t said = 0;
  int64_t number;
  const Field *counter = count.name ? &record->fields[count.name - 1] : NULL;
  if (!counter)
    return S_OK;
  if (given) {
    if (type_field_count(record, storage, count, &said) && said <= elements)
      return S_OK;
    char *name = text_copy_utf8(field->name);
    HRESULT result =
        convert_problem(converting, DISP_E_BADINDEX, "field %.60s: %u elements are announced, %llu were given",
                        name ? name : "?", said, (unsigned long long)elements);
    free(name);
    return result;
  }
  const Type *type = type_resolve(counter->type);
  if (!invert_count(count, elements, &number) || type->value_class > VALUE_UNSIGNED)
    return convert_problem(converting, DISP_E_BADINDEX, "there is no count for %llu elements",
                           (unsigned long long)elements);
  integer_store(place_of(counter, storage), type->size, number);
  return S_OK;
}

static HRESULT take_counted(Converting *converting, int table, const Type *type, const Field *field, void *storage) {
  const Type *pointer = type_resolve(field->type);
  TypeCount count = pointer->extent->size.name ? pointer->extent->size : pointer->extent->length;
  size_t elements = 0;
  HRESULT result = elements_count(converting, lua_gettop(converting->L), pointer->target, &elements);
  if (result == S_OK) {
    bool given = pushes_field(converting->L, table, &type->fields[count.name - 1]);
    lua_pop(converting->L, given);
    result = settle_count(converting, type, storage, field, count, elements, given);
  }
  if (FAILED(result))
    return result;
  return take_foreign_pointer(converting, lua_gettop(converting->L), pointer, place_of(field, storage));
}

/* Unions */

static const Field *only_member(Converting *converting, const Type *type, int index, HRESULT *result) {
  lua_State *L = converting->L;
  const Field *member = NULL;
  *result = S_OK;
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?";
    const Field *named = find_field(type, name);
    if (!named || member) {
      *result = named ? convert_problem(converting, DISP_E_TYPEMISMATCH, "a union has one member")
                      : refuse_field(converting, type, name);
      lua_pop(L, 2);
      return NULL;
    }
    member = named;
  }
  return member;
}

static HRESULT take_member(Converting *converting, const Type *type, const Field *member, int index, void *storage) {
  (void)type;
  if (!member || !pushes_field(converting->L, index, member))
    return S_OK;
  HRESULT result = convert_from_lua(converting, lua_gettop(converting->L), member->type, storage);
  lua_pop(converting->L, 1);
  if (FAILED(result)) {
    char *name = text_copy_utf8(member->name);
    result = convert_located(converting, result, "field %.60s: ", name ? name : "?");
    free(name);
  }
  return result;
}

HRESULT take_foreign_union(Converting *converting, int index, const Type *type, void *storage) {
  HRESULT result;
  lua_State *L = converting->L;
  index = lua_absindex(L, index);
  if (lua_type(L, index) == LUA_TSTRING && lua_rawlen(L, index) == type->size) {
    memcpy(storage, lua_tostring(L, index), type->size);
    return S_OK;
  }
  if (lua_type(L, index) != LUA_TTABLE)
    return convert_mismatch(converting, index, "a table with one member of the union");
  const Field *member = only_member(converting, type, index, &result);
  return FAILED(result) ? result : take_member(converting, type, member, index, storage);
}

/* In a record whose fields say which member is there. */
static HRESULT take_tagged(Converting *converting, int table, const Type *record, const Field *field, void *storage) {
  const Type *type = type_resolve(field->type);
  lua_State *L = converting->L;
  HRESULT result = S_OK;
  int index = lua_gettop(L);
  if (!type->extent || !type->extent->tag || lua_type(L, index) != LUA_TTABLE)
    return take_foreign_union(converting, index, type, place_of(field, storage));
  const Field *tag = &record->fields[type->extent->tag - 1];
  const Field *given = only_member(converting, type, index, &result);
  if (FAILED(result) || !given)
    return result;
  bool said = pushes_field(L, table, tag);
  lua_pop(L, said);
  if (!said && given->cases && given->cases->count == 1)
    integer_store(place_of(tag, storage), type_resolve(tag->type)->size, given->cases->values[0]);
  const Field *wanted = type_union_member(type, record, storage);
  if (wanted == given)
    return take_member(converting, type, given, index, place_of(field, storage));
  char *name = text_copy_utf8(given->name), *tag_name = text_copy_utf8(tag->name);
  result = convert_problem(converting, DISP_E_TYPEMISMATCH, "the member %.60s does not fit %.60s = %lld",
                           name ? name : "?", tag_name ? tag_name : "?",
                           (long long)integer_load(place_of(tag, storage), type_resolve(tag->type)->size, true));
  free(name);
  free(tag_name);
  return result;
}

/* Records */

/* First what stands for itself, then what is counted or told by it. */
static bool is_late(const Field *field) {
  return is_counted(field->type) || type_resolve(field->type)->kind == TYPE_UNION;
}

static HRESULT take_field(Converting *converting, int table, const Type *type, void *storage, bool late) {
  lua_State *L = converting->L;
  if (lua_type(L, -2) != LUA_TSTRING)
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "a record is a table of fields by name");
  const char *name = lua_tostring(L, -2);
  const Field *field = find_field(type, name);
  if (!field)
    return refuse_field(converting, type, name);
  if (is_late(field) != late)
    return S_OK;
  HRESULT result;
  if (is_counted(field->type))
    result = take_counted(converting, table, type, field, storage);
  else if (type_resolve(field->type)->kind == TYPE_UNION)
    result = take_tagged(converting, table, type, field, storage);
  else
    result = convert_from_lua(converting, lua_gettop(L), field->type, place_of(field, storage));
  return FAILED(result) ? convert_located(converting, result, "field %.60s: ", name) : S_OK;
}

static HRESULT take_fields(Converting *converting, int table, const Type *type, void *storage, bool late) {
  lua_State *L = converting->L;
  HRESULT result = S_OK;
  for (lua_pushnil(L); SUCCEEDED(result) && lua_next(L, table) != 0; lua_pop(L, 1)) {
    result = take_field(converting, table, type, storage, late);
    if (FAILED(result))
      lua_pop(L, 1);
  }
  return result;
}

HRESULT take_foreign_record(Converting *converting, int index, const Type *type, void *storage) {
  lua_State *L = converting->L;
  index = lua_absindex(L, index);
  if (record_is_guid(type) && lua_type(L, index) == LUA_TSTRING)
    return take_foreign_guid(converting, index, type, storage);
  if (lua_type(L, index) == LUA_TSTRING && lua_rawlen(L, index) == type->size) { /* as it lies in memory */
    memcpy(storage, lua_tostring(L, index), type->size);
    return S_OK;
  }
  if (lua_type(L, index) != LUA_TTABLE)
    return convert_mismatch(converting, index, "a table of fields");
  if (!lua_checkstack(L, 8) || converting->depth > 32)
    return E_OUTOFMEMORY;
  converting->depth++;
  HRESULT result = take_fields(converting, index, type, storage, false);
  if (SUCCEEDED(result))
    result = take_fields(converting, index, type, storage, true);
  converting->depth--;
  converting->owned = true;
  return result;
}

/* to Lua */

static void set_named(lua_State *L, const OLECHAR *name) {
  char *text = text_copy_utf8(name);
  lua_pushstring(L, text ? text : "?");
  free(text);
  lua_insert(L, -2);
  lua_rawset(L, -3);
}

/* Libraries keep one spelling of names that differ only in case, so a field is found whatever its spelling. (table, key) */
static int field_index(lua_State *L) {
  if (lua_type(L, 2) != LUA_TSTRING)
    return 0;
  const char *name = lua_tostring(L, 2);
  for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1))
    if (lua_type(L, -2) == LUA_TSTRING && caseless_equal_utf8(lua_tostring(L, -2), name))
      return 1;
  return 0;
}

static void set_field_metatable(lua_State *L) {
  static const char key;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, field_index);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key);
  }
  lua_setmetatable(L, -2);
}

/* How far pointers to records are followed. */
enum { RECORD_DEPTH = 16 };
static _Thread_local unsigned record_depth;

static void give_field(lua_State *L, const Giving *giving, const Type *record, const Field *field, void *storage) {
  const Type *type = type_resolve(field->type);
  void *place = place_of(field, storage);
  uint32_t count = 0;
  if (type->kind == TYPE_UNION) {
    const Field *member = type_union_member(type, record, storage);
    if (!member) {
      give_foreign_union(L, giving, type, place);
      return;
    }
    lua_createtable(L, 0, 1);
    if (type_resolve(member->type)->size != 0)
      convert_to_lua(L, giving, member->type, place);
    else
      lua_pushboolean(L, true);
    set_named(L, member->name);
    set_field_metatable(L);
    return;
  }
  if (type->kind != TYPE_POINTER || !*(void **)place || record_depth > RECORD_DEPTH) {
    convert_to_lua(L, giving, type, place);
    return;
  }
  const Type *target = type_resolve(type->target);
  TypeCount size =
      is_counted(type) ? (type->extent->length.name ? type->extent->length : type->extent->size) : (TypeCount){ 0 };
  if (size.name && type_field_count(record, storage, size, &count))
    elements_push(L, giving, target, *(void **)place, count);
  else if (target->kind == TYPE_RECORD)
    convert_to_lua(L, giving, target, *(void **)place);
  else
    convert_to_lua(L, giving, type, place);
}

void give_foreign_record(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  if (record_is_guid(type)) {
    give_foreign_guid(L, giving, type, storage);
    return;
  }
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  lua_createtable(L, 0, (int)type->count);
  record_depth++; /* an error resets it where a call begins */
  for (uint32_t i = 0; i < type->count; i++) {
    give_field(L, giving, type, &type->fields[i], storage);
    set_named(L, type->fields[i].name);
  }
  record_depth--;
  set_field_metatable(L);
}

/* Without a tag every member that could be there; none of them is let go of. */
void give_foreign_union(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  lua_createtable(L, 0, (int)type->count);
  for (uint32_t i = 0; i < type->count; i++) {
    const Type *member = type_resolve(type->fields[i].type);
    if (member->owner != OWNS_NOTHING || member->kind == TYPE_POINTER || member->size == 0)
      continue;
    convert_to_lua(L, giving, member, storage);
    set_named(L, type->fields[i].name);
  }
  set_field_metatable(L);
}

/* Fixed arrays: char is text, byte is bytes, characters of the module are text, everything else a table */

/* The bytes of a character; 0: the elements are none. */
static uint32_t text_width(const Type *type) {
  const Type *element = type_resolve(type->target);
  if (element->kind != TYPE_BASE)
    return 0;
  if (element->vt == VT_I1)
    return 1;
  return type->extent && type->extent->string ? element->size : 0;
}

static HRESULT take_text_array(Converting *converting, int index, const Type *type, void *storage, uint32_t width) {
  size_t length, count = 0;
  const char *text = lua_tolstring(converting->L, index, &length);
  void *units = NULL;
  HRESULT result = S_OK;
  if (width > 1)
    result = units_from_utf8(text, length, width, &units, &count);
  else
    count = length;
  if (result == S_FALSE)
    result = convert_problem(converting, DISP_E_TYPEMISMATCH, "the string is not UTF-8");
  else if (SUCCEEDED(result) && count > type->count)
    result = convert_problem(converting, DISP_E_BADINDEX, "the text has %llu characters, there is room for %u",
                             (unsigned long long)count, type->count);
  if (SUCCEEDED(result) && result != S_FALSE)
    memcpy(storage, width > 1 ? units : (const void *)text, count * width);
  free(units);
  return result;
}

/* A GUID in braces or a name stands for 16 bytes. */
static HRESULT take_byte_array(Converting *converting, int index, const Type *type, void *storage) {
  size_t length;
  const char *bytes = lua_tolstring(converting->L, index, &length);
  GUID guid;
  if (length != type->count && type->count == sizeof guid &&
      foreign_guid_at(converting, index, type->abi, &guid) == S_OK) {
    abi_swap_guid(type->abi, &guid);
    memcpy(storage, &guid, sizeof guid);
    return S_OK;
  }
  if (length > type->count)
    return convert_problem(converting, DISP_E_BADINDEX, "the string has %llu bytes, there is room for %u",
                           (unsigned long long)length, type->count);
  memcpy(storage, bytes, length);
  return S_OK;
}

HRESULT take_foreign_array(Converting *converting, int index, const Type *type, void *storage) {
  const Type *element = type_resolve(type->target);
  uint32_t width = text_width(type);
  GUID guid;
  if (lua_type(converting->L, index) == LUA_TSTRING && element->kind == TYPE_BASE && element->size == 1 &&
      (element->vt == VT_UI1 || (type->count == sizeof guid && lua_rawlen(converting->L, index) != type->count &&
                                 foreign_guid_at(converting, index, type->abi, &guid) == S_OK)))
    return take_byte_array(converting, index, type, storage);
  if (lua_type(converting->L, index) == LUA_TSTRING && width)
    return take_text_array(converting, index, type, storage, width);
  if (lua_type(converting->L, index) != LUA_TTABLE)
    return convert_mismatch(converting, index,
                            width                   ? "a string"
                            : element->vt == VT_UI1 ? "a string of bytes"
                                                    : "a table");
  if (lua_rawlen(converting->L, index) > type->count)
    return convert_problem(converting, DISP_E_BADINDEX, "the array has %u elements, %llu were given",
                           (unsigned)type->count, (unsigned long long)lua_rawlen(converting->L, index));
  converting->owned = true;
  return elements_take(converting, index, element, storage, lua_rawlen(converting->L, index));
}

void give_foreign_array(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  uint32_t width = text_width(type);
  if (width)
    units_push(L, storage, units_length(storage, width, type->count) * width, width);
  else
    elements_push(L, giving, type->target, storage, type->count);
}
