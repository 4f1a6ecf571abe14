/* The methods of the userdata for type libraries and types: one for each question; see types.h. */
#include "bridge/types/types.h"
#include "typelib/typelib_api.h"

#include <stdlib.h>
#include <string.h>

#include <oleander_typelib.h>

/* Facts that own memory are pushed in protected mode, so that a Lua error frees them first. */
typedef struct Facts {
  void (*push)(lua_State *L, const void *facts);
  const void *facts;
} Facts;

static int push_facts(lua_State *L) {
  const Facts *facts = lua_touserdata(L, 1);

  facts->push(L, facts->facts);
  return 1;
}

/* Leaves the table, or an error value, on the stack. */
static bool protect(lua_State *L, void (*push)(lua_State *L, const void *facts), const void *facts) {
  Facts job = { push, facts };

  return bridge_protected(L, push_facts, &job, 1);
}

static int finish(lua_State *L, bool good) {
  return good ? 1 : lua_error(L);
}

/* Texts. */

static void push_bstr_field(lua_State *L, const char *field, BSTR text) {
  if (!text)
    return;
  text_push_utf16(L, text, SysStringLen(text));
  lua_setfield(L, -2, field);
}

static void push_documentation(lua_State *L, const void *facts) {
  const TypeDocumentation *documentation = facts;
  lua_newtable(L);
  push_bstr_field(L, "name", documentation->name);
  push_bstr_field(L, "help", documentation->help);
  push_bstr_field(L, "help_file", documentation->file);
  lua_pushinteger(L, documentation->context);
  lua_setfield(L, -2, "help_context");
}

static int give_failure(lua_State *L, HRESULT result) {
  lua_pushnil(L);
  lua_pushinteger(L, (lua_Integer)(ULONG)result);
  return 2;
}

static int push_text(lua_State *L) {
  lua_pushstring(L, lua_touserdata(L, 1)); /* NULL is nil */
  return 1;
}

/* {name, help, help_context, help_file}, or nil and the code */
static int give_documentation(lua_State *L, HRESULT result, TypeDocumentation *documentation) {
  if (FAILED(result))
    return give_failure(L, result);
  bool good = protect(L, push_documentation, documentation);
  typeinfo_free_documentation(documentation);
  return finish(L, good);
}

/* help_string_context, help_string_dll; nil where nothing is said */
static int give_help_string(lua_State *L, HRESULT result, DWORD context, BSTR dll) {
  if (FAILED(result))
    return 0;
  lua_pushinteger(L, context);
  char *text = dll ? text_copy_utf8(dll) : NULL;
  SysFreeString(dll);
  bool good = bridge_protected(L, push_text, text, 1);
  free(text);
  return good ? 2 : lua_error(L);
}

/* Custom data. */

#define CUSTOM_LIMIT 65536u

static void push_custom(lua_State *L, const void *facts) {
  const CUSTDATA *data = facts;
  lua_newtable(L);
  for (DWORD i = 0; data->prgCustData && i < data->cCustData && i < CUSTOM_LIMIT; i++) {
    types_push_variant(L, &data->prgCustData[i].varValue);
    guid_push(L, &data->prgCustData[i].guid);
    lua_setfield(L, -2, "guid");
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

/* A list of {guid, vt, value}; empty where there is none. */
static int give_custom(lua_State *L, HRESULT result, CUSTDATA *data) {
  if (FAILED(result) || !data->prgCustData)
    memset(data, 0, sizeof *data);
  bool good = protect(L, push_custom, data);
  ClearCustData(data);
  return finish(L, good);
}

/* Libraries. */

static int library_format(lua_State *L) {
  lua_pushstring(L, oleander_typelib_format(typelib_check(L, 1)));
  return 1;
}

static void push_library_attributes(lua_State *L, const void *facts) {
  const TLIBATTR *attributes = facts;

  lua_newtable(L);
  guid_push(L, &attributes->guid);
  lua_setfield(L, -2, "guid");
  lua_pushinteger(L, attributes->lcid);
  lua_setfield(L, -2, "lcid");
  lua_pushinteger(L, attributes->syskind);
  lua_setfield(L, -2, "syskind");
  lua_pushinteger(L, attributes->wMajorVerNum);
  lua_setfield(L, -2, "major");
  lua_pushinteger(L, attributes->wMinorVerNum);
  lua_setfield(L, -2, "minor");
  lua_pushinteger(L, attributes->wLibFlags);
  lua_setfield(L, -2, "flags");
}

static int library_attributes(lua_State *L) {
  TLIBATTR attributes;
  HRESULT result = typelib_copy_attributes(typelib_check(L, 1), &attributes);
  if (FAILED(result))
    return raise_status(L, result, "the library's attributes");
  push_library_attributes(L, &attributes);
  return 1;
}

/* A place in a library is a word: no library has more types. */
static int library_count(lua_State *L) {
  UINT count = ITypeLib_GetTypeInfoCount(typelib_check(L, 1));
  lua_pushinteger(L, count < 0x10000 ? count : 0x10000);
  return 1;
}

/* Indexes of types, functions and so on count from 0, as in the standard API. */
static UINT check_index(lua_State *L, int argument) {
  lua_Integer index = luaL_checkinteger(L, argument);

  luaL_argcheck(L, index >= 0 && index <= 0xffff, argument, "out of range");
  return (UINT)index;
}

static int library_info(lua_State *L) {
  ITypeInfo *info = NULL;
  HRESULT result = typelib_get_type(typelib_check(L, 1), check_index(L, 2), &info);
  if (FAILED(result))
    return raise_status(L, result, "a type of the library");
  typeinfo_push(L, bridge_get(L), info);
  return 1;
}

static int library_kind(lua_State *L) {
  TYPEKIND kind;
  HRESULT hr = ITypeLib_GetTypeInfoType(typelib_check(L, 1), check_index(L, 2), &kind);

  if (FAILED(hr))
    return raise_status(L, hr, "the kind of a type");
  lua_pushinteger(L, kind);
  return 1;
}

static int library_documentation(lua_State *L) {
  TypeDocumentation documentation;
  ITypeLib *library = typelib_check(L, 1);
  lua_Integer index = luaL_optinteger(L, 2, -1);
  luaL_argcheck(L, index >= -1 && index <= 0xffff, 2, "out of range");
  return give_documentation(L, typelib_get_documentation(library, (INT)index, &documentation), &documentation);
}

/* help_string(i): of a type; -1 of the library */
static int library_help_string(lua_State *L) {
  ITypeLib *library = typelib_check(L, 1);
  lua_Integer index = luaL_checkinteger(L, 2);
  ITypeLib2 *second;
  DWORD context = 0;
  BSTR dll = NULL;
  HRESULT hr = ITypeLib_QueryInterface(library, &IID_ITypeLib2, (void **)&second);
  if (SUCCEEDED(hr)) {
    hr = ITypeLib2_GetDocumentation2(second, (INT)index, LOCALE_NEUTRAL, NULL, &context, &dll);
    ITypeLib2_Release(second);
  }
  return give_help_string(L, hr, context, dll);
}

static int library_find_guid(lua_State *L) {
  ITypeLib *library = typelib_check(L, 1);
  ITypeInfo *info = NULL;
  GUID guid;
  luaL_argcheck(L, guid_from_text(luaL_checkstring(L, 2), &guid), 2, "no GUID in braces");
  if (FAILED(typelib_get_type_of_guid(library, &guid, &info)))
    return 0;
  typeinfo_push(L, bridge_get(L), info);
  return 1;
}

static int library_custom(lua_State *L) {
  ITypeLib *library = typelib_check(L, 1);
  ITypeLib2 *second;
  CUSTDATA data = { 0, NULL };
  HRESULT hr = ITypeLib_QueryInterface(library, &IID_ITypeLib2, (void **)&second);

  if (SUCCEEDED(hr)) {
    hr = ITypeLib2_GetAllCustData(second, &data);
    ITypeLib2_Release(second);
  }
  return give_custom(L, hr, &data);
}

/* Types. */

static void push_attributes(lua_State *L, const void *facts) {
  types_push_typeattr(L, facts);
}

static int info_attributes(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  TYPEATTR *attributes;
  HRESULT result = typeinfo_get_attributes(info, &attributes);
  if (FAILED(result))
    return raise_status(L, result, "the type's attributes");
  bool good = protect(L, push_attributes, attributes);
  typeinfo_release_attributes(info, &attributes);
  return finish(L, good);
}

static int info_documentation(lua_State *L) {
  TypeDocumentation documentation;
  ITypeInfo *info = typeinfo_check(L, 1);
  MEMBERID memid = (MEMBERID)luaL_optinteger(L, 2, MEMBERID_NIL);
  return give_documentation(L, typeinfo_get_documentation(info, memid, &documentation), &documentation);
}

/* help_string(memid) */
static int info_help_string(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  MEMBERID memid = (MEMBERID)luaL_checkinteger(L, 2);
  ITypeInfo2 *second;
  DWORD context = 0;
  BSTR dll = NULL;
  HRESULT hr = ITypeInfo_QueryInterface(info, &IID_ITypeInfo2, (void **)&second);
  if (SUCCEEDED(hr)) {
    hr = ITypeInfo2_GetDocumentation2(second, memid, LOCALE_NEUTRAL, NULL, &context, &dll);
    ITypeInfo2_Release(second);
  }
  return give_help_string(L, hr, context, dll);
}

#define NAMES_LIMIT (TYPEINFO_PARAMETER_LIMIT + 1)

typedef struct Names {
  BSTR texts[NAMES_LIMIT];
  UINT count;
} Names;

static void push_names(lua_State *L, const Names *names) {
  lua_newtable(L);
  for (UINT i = 0; i < names->count; i++) {
    text_push_utf16(L, names->texts[i] ? names->texts[i] : u"", SysStringLen(names->texts[i]));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

typedef struct Function {
  const FUNCDESC *desc;
  Names names;
} Function;

static void push_function(lua_State *L, const void *facts) {
  const Function *function = facts;

  types_push_funcdesc(L, function->desc);
  push_names(L, &function->names);
  lua_setfield(L, -2, "names");
}

/* A description with `names`: the function's and its parameters'. nil and the code where the base library is missing. */
static int info_function(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  UINT index = check_index(L, 2);
  FUNCDESC *desc;
  Function *function = lua_newuserdatauv(L, sizeof *function, 0);
  memset(function, 0, sizeof *function);
  HRESULT result = typeinfo_get_function(info, index, &desc);
  if (FAILED(result))
    return give_failure(L, result);
  function->desc = desc;
  if (FAILED(typeinfo_get_names(info, desc->memid, function->names.texts, NAMES_LIMIT, &function->names.count)))
    function->names.count = 0;
  bool good = protect(L, push_function, function);
  typeinfo_free_names(function->names.texts, NAMES_LIMIT);
  typeinfo_release_function(info, &desc);
  return finish(L, good);
}

static void push_variable(lua_State *L, const void *facts) {
  types_push_vardesc(L, facts);
}

static int info_variable(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  VARDESC *desc;
  HRESULT result = typeinfo_get_variable(info, check_index(L, 2), &desc);
  if (FAILED(result))
    return give_failure(L, result);
  bool good = protect(L, push_variable, desc);
  typeinfo_release_variable(info, &desc);
  return finish(L, good);
}

/* What a list of names needs of a member, at a fraction of what its description costs. */
typedef struct Brief {
  BSTR name;
  lua_Integer marks;
} Brief;

enum { BRIEF_METHOD = 1, BRIEF_HIDDEN = 2, BRIEF_PARAMETERS = 4 };

static int push_brief(lua_State *L) {
  const Brief *brief = lua_touserdata(L, 1);
  text_push_utf16(L, brief->name ? brief->name : u"", SysStringLen(brief->name));
  lua_pushinteger(L, brief->marks);
  return 2;
}

static HRESULT read_brief(ITypeInfo *info, UINT index, bool is_function, MEMBERID *memid, lua_Integer *marks) {
  if (!is_function) {
    VARDESC *desc;
    HRESULT hr = typeinfo_get_variable(info, index, &desc);
    if (FAILED(hr))
      return hr;
    *memid = desc->memid;
    *marks = desc->wVarFlags & (VARFLAG_FHIDDEN | VARFLAG_FRESTRICTED) ? BRIEF_HIDDEN : 0;
    typeinfo_release_variable(info, &desc);
    return S_OK;
  }
  FUNCDESC *desc;
  HRESULT hr = typeinfo_get_function(info, index, &desc);
  if (FAILED(hr))
    return hr;
  *memid = desc->memid;
  *marks = (desc->invkind == INVOKE_FUNC ? BRIEF_METHOD : 0) |
           (desc->wFuncFlags & (FUNCFLAG_FHIDDEN | FUNCFLAG_FRESTRICTED) ? BRIEF_HIDDEN : 0) |
           (desc->cParams > 1 ? BRIEF_PARAMETERS : 0);
  typeinfo_release_function(info, &desc);
  return S_OK;
}

/* brief(i, is_function): the name and marks (1 a method, 2 hidden or restricted, 4 several parameters); nothing for what
 * can't be read. */
static int info_brief(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  UINT index = check_index(L, 2), count = 0;
  MEMBERID memid = 0;
  Brief brief = { NULL, 0 };
  if (FAILED(read_brief(info, index, lua_toboolean(L, 3), &memid, &brief.marks)) ||
      FAILED(typeinfo_get_names(info, memid, &brief.name, 1, &count)) || count == 0)
    return 0;
  bool good = bridge_protected(L, push_brief, &brief, 2);
  typeinfo_free_names(&brief.name, 1);
  return good ? 2 : lua_error(L);
}

/* implemented(i): href, flags. i = -1: the other half of a dual interface. nil and the code when there is none. */
static int info_implemented(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  lua_Integer index = luaL_checkinteger(L, 2);
  HREFTYPE reference = 0;
  HRESULT result = ITypeInfo_GetRefTypeOfImplType(info, index == -1 ? (UINT)-1 : check_index(L, 2), &reference);
  if (FAILED(result))
    return give_failure(L, result);
  lua_pushinteger(L, (lua_Integer)reference);
  lua_pushinteger(L, index >= 0 ? typeinfo_implemented_flags(info, (UINT)index) : 0);
  return 2;
}

/* reference(href): the type, or nil and the code when its library is missing. */
static int info_reference(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  ITypeInfo *referred = NULL;
  HRESULT result = typeinfo_get_reference(info, (HREFTYPE)luaL_checkinteger(L, 2), &referred);
  if (FAILED(result))
    return give_failure(L, result);
  typeinfo_push(L, bridge_get(L), referred);
  return 1;
}

static void push_imported(lua_State *L, const void *facts) {
  const ImportedType *imported = facts;
  const struct {
    const char *name;
    lua_Integer value;
  } numbers[] = {
    { "lcid", imported->lcid },        { "major", imported->major },
    { "minor", imported->minor },      { "inherited", imported->inherited_functions },
    { "bases", imported->base_count },
  };

  lua_newtable(L);
  guid_push(L, &imported->library);
  lua_setfield(L, -2, "library");
  push_bstr_field(L, "file", imported->file);
  if (imported->by_guid)
    guid_push(L, &imported->guid);
  else
    lua_pushinteger(L, imported->index);
  lua_setfield(L, -2, imported->by_guid ? "guid" : "index");
  if (imported->kind < TKIND_MAX) {
    lua_pushinteger(L, imported->kind);
    lua_setfield(L, -2, "kind");
  }
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    lua_pushinteger(L, numbers[i].value);
    lua_setfield(L, -2, numbers[i].name);
  }
}

/* imported(href): what the library says of a type of another one: {library, file, lcid, major, minor, guid | index, kind} and,
 * of the type that refers, {inherited, bases}; nil and the code for what is no such reference. */
static int info_imported(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  ImportedType imported;
  HRESULT result = typeinfo_imported(info, (HREFTYPE)luaL_checkinteger(L, 2), &imported);
  if (FAILED(result))
    return give_failure(L, result);
  bool good = protect(L, push_imported, &imported);
  SysFreeString(imported.file);
  return finish(L, good);
}

/* shown(): the X of `dispinterface D { interface X; }`, or nil and the code. */
static int info_shown(lua_State *L) {
  ITypeInfo *shown;
  HRESULT result = typeinfo_shown_interface(typeinfo_check(L, 1), &shown);
  if (FAILED(result))
    return give_failure(L, result);
  typeinfo_push(L, bridge_get(L), shown);
  return 1;
}

/* library(): the library and the type's index in it; nil when it belongs to none. */
static int info_library(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  ITypeLib *library = NULL;
  UINT index = 0;
  if (FAILED(typeinfo_get_library(info, &library, &index)))
    return 0;
  typelib_push(L, bridge_get(L), library);
  lua_pushinteger(L, index);
  return 2;
}

typedef struct Entry {
  BSTR dll, name;
  WORD ordinal;
} Entry;

static void push_entry(lua_State *L, const void *facts) {
  const Entry *entry = facts;

  lua_newtable(L);
  push_bstr_field(L, "dll", entry->dll);
  push_bstr_field(L, "name", entry->name);
  if (!entry->name) {
    lua_pushinteger(L, entry->ordinal);
    lua_setfield(L, -2, "ordinal");
  }
}

static int info_entry(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  MEMBERID memid = (MEMBERID)luaL_checkinteger(L, 2);
  INVOKEKIND kind = (INVOKEKIND)luaL_checkinteger(L, 3);
  Entry entry = { NULL, NULL, 0 };
  bool good;

  if (FAILED(ITypeInfo_GetDllEntry(info, memid, kind, &entry.dll, &entry.name, &entry.ordinal)))
    return 0;
  good = protect(L, push_entry, &entry);
  SysFreeString(entry.dll);
  SysFreeString(entry.name);
  return finish(L, good);
}

/* custom([what, i [, j]]): of the type, or of "function" i, "parameter" i j, "variable" i, "implemented" i. */
static int info_custom(lua_State *L) {
  static const char *const kinds[] = { "type", "function", "parameter", "variable", "implemented", NULL };
  ITypeInfo *info = typeinfo_check(L, 1);
  int kind = luaL_checkoption(L, 2, "type", kinds);
  UINT i = kind == 0 ? 0 : check_index(L, 3);
  UINT j = kind == 2 ? check_index(L, 4) : 0;
  CUSTDATA data = { 0, NULL };
  ITypeInfo2 *second;
  HRESULT hr = ITypeInfo_QueryInterface(info, &IID_ITypeInfo2, (void **)&second);

  if (FAILED(hr))
    return give_custom(L, hr, &data);
  switch (kind) {
  case 0:
    hr = ITypeInfo2_GetAllCustData(second, &data);
    break;
  case 1:
    hr = ITypeInfo2_GetAllFuncCustData(second, i, &data);
    break;
  case 2:
    hr = ITypeInfo2_GetAllParamCustData(second, i, j, &data);
    break;
  case 3:
    hr = ITypeInfo2_GetAllVarCustData(second, i, &data);
    break;
  default:
    hr = ITypeInfo2_GetAllImplTypeCustData(second, i, &data);
    break;
  }
  ITypeInfo2_Release(second);
  return give_custom(L, hr, &data);
}

const luaL_Reg typelib_methods[] = {
  { "format", library_format },       { "attributes", library_attributes },
  { "count", library_count },         { "info", library_info },
  { "kind", library_kind },           { "documentation", library_documentation },
  { "find_guid", library_find_guid }, { "help_string", library_help_string },
  { "custom", library_custom },       { NULL, NULL },
};

const luaL_Reg typeinfo_methods[] = {
  { "attributes", info_attributes },
  { "documentation", info_documentation },
  { "func", info_function },
  { "variable", info_variable },
  { "brief", info_brief },
  { "implemented", info_implemented },
  { "reference", info_reference },
  { "imported", info_imported },
  { "shown", info_shown },
  { "library", info_library },
  { "entry", info_entry },
  { "custom", info_custom },
  { "help_string", info_help_string },
  { NULL, NULL },
};
