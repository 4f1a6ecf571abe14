/* library_build.c - makes a type library from its description: a plain Lua table (docs/idl.md, "The description"), through the
 * public CreateTypeLib2. The IDL compiler in lua/oleander/idl makes such descriptions. */
#include "bridge/types/types.h"

#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Text and descriptions of one member; it is emptied behind each. */
typedef struct Arena {
  struct Block {
    struct Block *next;
    _Alignas(16) unsigned char bytes[];
  } * blocks;
} Arena;

typedef struct Build {
  const char *path; /* NULL: nothing is saved */
  ICreateTypeLib2 *library;
  ICreateTypeInfo2 **types;
  ITypeInfo **infos;
  UINT count;
  Arena arena;
  Arena kept;    /* what a type needs to its end */
  VARIANT value; /* being made */
} Build;

static void *arena_take(lua_State *L, Arena *arena, size_t size) {
  struct Block *block = calloc(1, sizeof *block + (size ? size : 1));
  if (!block) {
    raise_status(L, E_OUTOFMEMORY, "com.compile_idl");
    return NULL;
  }
  block->next = arena->blocks;
  arena->blocks = block;
  return block->bytes;
}

static void arena_empty(Arena *arena) {
  while (arena->blocks) {
    struct Block *next = arena->blocks->next;
    free(arena->blocks);
    arena->blocks = next;
  }
}

/* Fields of the table on the top of the stack. */

static lua_Integer integer_field(lua_State *L, const char *name, lua_Integer missing) {
  lua_getfield(L, -1, name);
  lua_Integer value = lua_isnil(L, -1) ? missing : luaL_checkinteger(L, -1);
  lua_pop(L, 1);
  return value;
}

static bool has_field(lua_State *L, const char *name) {
  bool there = lua_getfield(L, -1, name) != LUA_TNIL;
  lua_pop(L, 1);
  return there;
}

static OLECHAR *arena_text(lua_State *L, Arena *arena, int index) {
  const char *text = luaL_checkstring(L, index);
  OLECHAR *wide = text_copy_utf16(text);
  if (!wide)
    raise_argument(L, E_INVALIDARG, "com.compile_idl", 1, "%s is no UTF-8", text);
  size_t size = 0;
  while (wide[size])
    size++;
  size = (size + 1) * sizeof *wide;
  struct Block *block = malloc(sizeof *block + size);
  if (!block) {
    free(wide);
    raise_status(L, E_OUTOFMEMORY, "com.compile_idl");
    return NULL;
  }
  memcpy(block->bytes, wide, size);
  free(wide);
  block->next = arena->blocks;
  arena->blocks = block;
  return (OLECHAR *)(void *)block->bytes;
}

/* NULL where there is none */
static OLECHAR *text_field(lua_State *L, Build *build, const char *name) {
  OLECHAR *text = NULL;
  if (lua_getfield(L, -1, name) != LUA_TNIL)
    text = arena_text(L, &build->arena, -1);
  lua_pop(L, 1);
  return text;
}

static bool guid_field(lua_State *L, GUID *guid) {
  bool there = lua_getfield(L, -1, "guid") != LUA_TNIL;
  if (there && !guid_from_text(luaL_checkstring(L, -1), guid))
    raise_argument(L, E_INVALIDARG, "com.compile_idl", 1, "%s is no GUID", lua_tostring(L, -1));
  lua_pop(L, 1);
  return there;
}

/* Says of what the library refused a part: the name of the table on the top of the stack. */
static void check(lua_State *L, HRESULT hr, const char *what) {
  if (SUCCEEDED(hr))
    return;
  const char *name = lua_getfield(L, -1, "name") == LUA_TSTRING ? lua_tostring(L, -1) : "";
  raise_text(L, hr, "com.compile_idl", "%s of %s can't be written: %s", what, *name ? name : "the library",
             oleander_hresult_text(hr) ? oleander_hresult_text(hr) : "unknown error");
}

static unsigned list_length(lua_State *L) {
  return lua_istable(L, -1) ? (unsigned)lua_rawlen(L, -1) : 0;
}

/* Values: {vt =, value =} */

static void put_integer(VARIANT *value, VARTYPE vt, lua_Integer number) {
  V_I8(value) = 0;
  switch (vt) {
  case VT_I1:
  case VT_UI1:
    V_UI1(value) = (BYTE)number;
    break;
  case VT_I2:
  case VT_UI2:
    V_I2(value) = (SHORT)number;
    break;
  case VT_I8:
  case VT_UI8:
    V_I8(value) = number;
    break;
  default:
    V_I4(value) = (LONG)number;
    break;
  }
  V_VT(value) = vt;
}

static HRESULT convert_value(lua_State *L, VARIANT *value, VARTYPE vt) {
  if (lua_type(L, -1) == LUA_TSTRING) {
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    HRESULT hr = text_to_bstr(text, length, &V_BSTR(value));
    if (FAILED(hr))
      return hr;
    V_VT(value) = VT_BSTR;
  } else {
    V_R8(value) = luaL_checknumber(L, -1);
    V_VT(value) = VT_R8;
  }
  return V_VT(value) == vt ? S_OK : VariantChangeTypeEx(value, value, 0x0409, 0, vt);
}

/* The value that the table on the top of the stack describes, in build->value; the caller clears it. */
static VARIANT *read_value(lua_State *L, Build *build) {
  VARTYPE vt = (VARTYPE)integer_field(L, "vt", VT_EMPTY);
  VARIANT *value = &build->value;
  HRESULT hr = S_OK;

  VariantClear(value);
  lua_getfield(L, -1, "value");
  switch (vt) {
  case VT_EMPTY:
  case VT_NULL:
    V_VT(value) = vt;
    break;
  case VT_UNKNOWN:
  case VT_DISPATCH:
    V_UNKNOWN(value) = NULL;
    V_VT(value) = vt;
    break;
  case VT_BOOL:
    /* Files say 1 too, and their libraries hold it. */
    if (lua_isinteger(L, -1))
      V_BOOL(value) = (VARIANT_BOOL)lua_tointeger(L, -1);
    else
      V_BOOL(value) = lua_toboolean(L, -1) ? VARIANT_TRUE : VARIANT_FALSE;
    V_VT(value) = vt;
    break;
  case VT_BSTR:
  case VT_R4:
  case VT_R8:
  case VT_CY:
  case VT_DATE:
  case VT_DECIMAL:
    hr = convert_value(L, value, vt);
    break;
  default:
    put_integer(value, vt, luaL_checkinteger(L, -1));
    break;
  }
  lua_pop(L, 1);
  if (FAILED(hr))
    raise_text(L, hr, "com.compile_idl", "a value can't be had as VARTYPE %d", vt);
  return value;
}

/* Custom data: a list {guid =, vt =, value =}; each is handed to `set`. */
typedef HRESULT (*SetCustom)(Build *build, ICreateTypeInfo2 *type, UINT i, UINT j, const GUID *guid, VARIANT *value);

static HRESULT set_library_custom(Build *build, ICreateTypeInfo2 *type, UINT i, UINT j, const GUID *guid,
                                  VARIANT *value) {
  (void)type, (void)i, (void)j;
  return ICreateTypeLib2_SetCustData(build->library, guid, value);
}
static HRESULT set_type_custom(Build *build, ICreateTypeInfo2 *type, UINT i, UINT j, const GUID *guid, VARIANT *value) {
  (void)build, (void)i, (void)j;
  return ICreateTypeInfo2_SetCustData(type, guid, value);
}
static HRESULT set_function_custom(Build *build, ICreateTypeInfo2 *type, UINT i, UINT j, const GUID *guid,
                                   VARIANT *value) {
  (void)build, (void)j;
  return ICreateTypeInfo2_SetFuncCustData(type, i, guid, value);
}
static HRESULT set_parameter_custom(Build *build, ICreateTypeInfo2 *type, UINT i, UINT j, const GUID *guid,
                                    VARIANT *value) {
  (void)build;
  return ICreateTypeInfo2_SetParamCustData(type, i, j, guid, value);
}
static HRESULT set_variable_custom(Build *build, ICreateTypeInfo2 *type, UINT i, UINT j, const GUID *guid,
                                   VARIANT *value) {
  (void)build, (void)j;
  return ICreateTypeInfo2_SetVarCustData(type, i, guid, value);
}
static HRESULT set_implemented_custom(Build *build, ICreateTypeInfo2 *type, UINT i, UINT j, const GUID *guid,
                                      VARIANT *value) {
  (void)build, (void)j;
  return ICreateTypeInfo2_SetImplTypeCustData(type, i, guid, value);
}

static void build_custom(lua_State *L, Build *build, SetCustom set, ICreateTypeInfo2 *type, UINT i, UINT j) {
  HRESULT hr = S_OK;
  lua_getfield(L, -1, "custom");
  for (unsigned k = 1, count = list_length(L); k <= count && SUCCEEDED(hr); k++) {
    GUID guid;
    lua_rawgeti(L, -1, k);
    if (guid_field(L, &guid))
      hr = set(build, type, i, j, &guid, read_value(L, build));
    VariantClear(&build->value);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  check(L, hr, "custom data");
}

/* Types. The table on the top of the stack says {vt, to | of + bounds | type | library + index}. */

static HREFTYPE reference_to(lua_State *L, Build *build, ICreateTypeInfo2 *type, bool as_interface) {
  HREFTYPE reference = 0;
  ITypeInfo *info = NULL;
  HRESULT hr;

  if (has_field(L, "type")) {
    lua_Integer number = integer_field(L, "type", 0);
    luaL_argcheck(L, number >= 1 && number <= build->count, 1, "no such type");
    info = build->infos[number - 1];
    ITypeInfo_AddRef(info);
    hr = S_OK;
  } else {
    lua_getfield(L, -1, "library");
    ITypeLib *library = typelib_check(L, -1);
    lua_pop(L, 1);
    hr = ITypeLib_GetTypeInfo(library, (UINT)integer_field(L, "index", 0), &info);
  }
  if (SUCCEEDED(hr) && as_interface) { /* of an imported dual interface the half with the vtable */
    HREFTYPE half;
    ITypeInfo *other = NULL;
    if (SUCCEEDED(ITypeInfo_GetRefTypeOfImplType(info, (UINT)-1, &half)) &&
        SUCCEEDED(ITypeInfo_GetRefTypeInfo(info, half, &other))) {
      TYPEATTR *attributes = NULL;
      if (SUCCEEDED(ITypeInfo_GetTypeAttr(other, &attributes))) {
        bool is_interface = attributes->typekind == TKIND_INTERFACE;
        ITypeInfo_ReleaseTypeAttr(other, attributes);
        if (is_interface) {
          ITypeInfo_Release(info);
          info = other;
          other = NULL;
        }
      }
      if (other)
        ITypeInfo_Release(other);
    }
  }
  if (SUCCEEDED(hr))
    hr = ICreateTypeInfo2_AddRefTypeInfo(type, info, &reference);
  if (info)
    ITypeInfo_Release(info);
  if (FAILED(hr))
    raise_text(L, hr, "com.compile_idl", "a type can't be referred to");
  return reference;
}

static void read_type(lua_State *L, Build *build, ICreateTypeInfo2 *type, TYPEDESC *desc);

static void read_array(lua_State *L, Build *build, ICreateTypeInfo2 *type, TYPEDESC *desc) {
  lua_getfield(L, -1, "bounds");
  unsigned count = list_length(L);
  ARRAYDESC *array = arena_take(L, &build->arena, sizeof(ARRAYDESC) + (count ? count - 1 : 0) * sizeof(SAFEARRAYBOUND));
  array->cDims = (USHORT)count;
  for (unsigned i = 0; i < count; i++) {
    lua_rawgeti(L, -1, i + 1);
    array->rgbounds[i].lLbound = (LONG)integer_field(L, "lower", 0);
    array->rgbounds[i].cElements = (ULONG)integer_field(L, "count", 0);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  lua_getfield(L, -1, "of");
  read_type(L, build, type, &array->tdescElem);
  lua_pop(L, 1);
  desc->lpadesc = array;
}

static void read_type(lua_State *L, Build *build, ICreateTypeInfo2 *type, TYPEDESC *desc) {
  luaL_checktype(L, -1, LUA_TTABLE);
  luaL_checkstack(L, 6, "a type is nested too deeply");
  desc->vt = (VARTYPE)integer_field(L, "vt", VT_VOID);
  switch (desc->vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
    desc->lptdesc = arena_take(L, &build->arena, sizeof(TYPEDESC));
    lua_getfield(L, -1, "to");
    read_type(L, build, type, desc->lptdesc);
    lua_pop(L, 1);
    break;
  case VT_CARRAY:
    read_array(L, build, type, desc);
    break;
  case VT_USERDEFINED:
    desc->hreftype = reference_to(L, build, type, false);
    break;
  default:
    break;
  }
}

static void type_field(lua_State *L, Build *build, ICreateTypeInfo2 *type, const char *name, TYPEDESC *desc) {
  lua_getfield(L, -1, name);
  read_type(L, build, type, desc);
  lua_pop(L, 1);
}

/* Functions. */

static void read_parameter(lua_State *L, Build *build, ICreateTypeInfo2 *type, ELEMDESC *element) {
  type_field(L, build, type, "type", &element->tdesc);
  element->paramdesc.wParamFlags = (USHORT)integer_field(L, "flags", 0);
  if (lua_getfield(L, -1, "default") != LUA_TNIL) {
    PARAMDESCEX *extra = arena_take(L, &build->arena, sizeof *extra);
    VARIANT *value = read_value(L, build);
    extra->cBytes = sizeof *extra;
    extra->varDefaultValue = *value;
    if (V_VT(value) == VT_BSTR) { /* the arena's copy is freed with it */
      UINT size = SysStringByteLen(V_BSTR(value));
      unsigned char *copy = arena_take(L, &build->arena, 8 + size + sizeof(OLECHAR));
      memcpy(copy + 4, &size, sizeof size);
      memcpy(copy + 8, V_BSTR(value), size);
      V_BSTR(&extra->varDefaultValue) = (BSTR)(void *)(copy + 8);
    }
    VariantClear(value);
    element->paramdesc.pparamdescex = extra;
    element->paramdesc.wParamFlags |= PARAMFLAG_FHASDEFAULT;
  }
  lua_pop(L, 1);
}

/* The names of a function and its parameters; the value of a property has none. */
static void name_function(lua_State *L, Build *build, ICreateTypeInfo2 *type, UINT index, unsigned count,
                          INVOKEKIND invkind) {
  OLECHAR **names = arena_take(L, &build->arena, (count + 1) * sizeof *names);
  UINT named = 1;

  names[0] = text_field(L, build, "name");
  lua_getfield(L, -1, "parameters");
  if (invkind & (INVOKE_PROPERTYPUT | INVOKE_PROPERTYPUTREF) && count > 0)
    count--;
  for (unsigned i = 0; i < count; i++) {
    lua_rawgeti(L, -1, i + 1);
    names[named] = text_field(L, build, "name");
    lua_pop(L, 1);
    if (!names[named])
      break;
    named++;
  }
  lua_pop(L, 1);
  check(L, ICreateTypeInfo2_SetFuncAndParamNames(type, index, names, named), "the names");
}

static void build_entry(lua_State *L, Build *build, ICreateTypeInfo2 *type, UINT index, OLECHAR *dll) {
  OLECHAR *entry = NULL;
  if (lua_getfield(L, -1, "entry") == LUA_TNUMBER)
    entry = (OLECHAR *)(uintptr_t)(WORD)lua_tointeger(L, -1); /* an ordinal, as MAKEINTRESOURCE makes it */
  else if (!lua_isnil(L, -1))
    entry = arena_text(L, &build->arena, -1);
  bool there = !lua_isnil(L, -1);
  lua_pop(L, 1);
  static OLECHAR none[] = u"";
  if (there)
    check(L, ICreateTypeInfo2_DefineFuncAsDllEntry(type, index, dll ? dll : none, entry), "the entry");
}

static void document_function(lua_State *L, Build *build, ICreateTypeInfo2 *type, UINT index) {
  OLECHAR *help = text_field(L, build, "help");
  HRESULT hr = help ? ICreateTypeInfo2_SetFuncDocString(type, index, help) : S_OK;
  if (SUCCEEDED(hr) && has_field(L, "help_context"))
    hr = ICreateTypeInfo2_SetFuncHelpContext(type, index, (DWORD)integer_field(L, "help_context", 0));
  if (SUCCEEDED(hr) && has_field(L, "help_string_context"))
    hr = ICreateTypeInfo2_SetFuncHelpStringContext(type, index, (ULONG)integer_field(L, "help_string_context", 0));
  check(L, hr, "the help");
  build_custom(L, build, set_function_custom, type, index, 0);
}

static void build_function(lua_State *L, Build *build, ICreateTypeInfo2 *type, UINT index, OLECHAR *dll) {
  FUNCDESC desc = {
    .memid = (MEMBERID)integer_field(L, "memid", MEMBERID_NIL),
    .funckind = (FUNCKIND)integer_field(L, "kind", FUNC_PUREVIRTUAL),
    .invkind = (INVOKEKIND)integer_field(L, "invkind", INVOKE_FUNC),
    .callconv = (CALLCONV)integer_field(L, "convention", CC_STDCALL),
    .cParamsOpt = (SHORT)integer_field(L, "optional", 0),
    .oVft = (SHORT)integer_field(L, "offset", 0),
    .wFuncFlags = (WORD)integer_field(L, "flags", 0),
  };
  type_field(L, build, type, "result", &desc.elemdescFunc.tdesc);
  lua_getfield(L, -1, "parameters");
  unsigned count = list_length(L);
  if (count > 0x7FFF)
    raise_text(L, E_INVALIDARG, "com.compile_idl", "a function has too many parameters");
  desc.cParams = (SHORT)count;
  desc.lprgelemdescParam = arena_take(L, &build->arena, count * sizeof(ELEMDESC));
  for (unsigned i = 0; i < count; i++) {
    lua_rawgeti(L, -1, i + 1);
    read_parameter(L, build, type, &desc.lprgelemdescParam[i]);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  check(L, ICreateTypeInfo2_AddFuncDesc(type, index, &desc), "the function");
  name_function(L, build, type, index, count, desc.invkind);
  build_entry(L, build, type, index, dll);
  document_function(L, build, type, index);
  lua_getfield(L, -1, "parameters");
  for (unsigned i = 0; i < count; i++) {
    lua_rawgeti(L, -1, i + 1);
    build_custom(L, build, set_parameter_custom, type, index, i);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* Variables. */

static void build_variable(lua_State *L, Build *build, ICreateTypeInfo2 *type, UINT index) {
  VARDESC desc = {
    .memid = (MEMBERID)integer_field(L, "memid", MEMBERID_NIL),
    .wVarFlags = (WORD)integer_field(L, "flags", 0),
    .varkind = (VARKIND)integer_field(L, "kind", VAR_PERINSTANCE),
  };
  type_field(L, build, type, "type", &desc.elemdescVar.tdesc);
  desc.elemdescVar.paramdesc.wParamFlags = (USHORT)integer_field(L, "parameter_flags", 0);
  if (desc.varkind == VAR_CONST) {
    lua_getfield(L, -1, "constant");
    if (lua_istable(L, -1))
      desc.lpvarValue = read_value(L, build);
    lua_pop(L, 1);
  }
  HRESULT hr = ICreateTypeInfo2_AddVarDesc(type, index, &desc);
  VariantClear(&build->value);
  check(L, hr, "the member");
  check(L, ICreateTypeInfo2_SetVarName(type, index, text_field(L, build, "name")), "the name");
  OLECHAR *help = text_field(L, build, "help");
  hr = help ? ICreateTypeInfo2_SetVarDocString(type, index, help) : S_OK;
  if (SUCCEEDED(hr) && has_field(L, "help_context"))
    hr = ICreateTypeInfo2_SetVarHelpContext(type, index, (DWORD)integer_field(L, "help_context", 0));
  if (SUCCEEDED(hr) && has_field(L, "help_string_context"))
    hr = ICreateTypeInfo2_SetVarHelpStringContext(type, index, (ULONG)integer_field(L, "help_string_context", 0));
  check(L, hr, "the help");
  build_custom(L, build, set_variable_custom, type, index, 0);
}

static void build_implemented(lua_State *L, Build *build, ICreateTypeInfo2 *type, UINT index, bool of_interface) {
  HREFTYPE reference = reference_to(L, build, type, of_interface);
  HRESULT hr = ICreateTypeInfo2_AddImplType(type, index, reference);
  lua_Integer flags = integer_field(L, "flags", 0);
  if (SUCCEEDED(hr) && flags)
    hr = ICreateTypeInfo2_SetImplTypeFlags(type, index, (INT)flags);
  if (FAILED(hr))
    raise_text(L, hr, "com.compile_idl", "an implemented interface can't be written");
  build_custom(L, build, set_implemented_custom, type, index, 0);
}

/* Types as wholes. */

/* The type on the top of the stack; its members come when all types are there. */
static void begin_type(lua_State *L, Build *build, UINT index) {
  ICreateTypeInfo *made = NULL;
  GUID guid;
  OLECHAR *name = text_field(L, build, "name");
  HRESULT hr =
      ICreateTypeLib2_CreateTypeInfo(build->library, name, (TYPEKIND)integer_field(L, "kind", TKIND_MAX), &made);
  check(L, hr, "the type");
  build->count = index + 1;
  hr = ICreateTypeInfo_QueryInterface(made, &IID_ICreateTypeInfo2, (void **)&build->types[index]);
  if (SUCCEEDED(hr))
    hr = ICreateTypeInfo_QueryInterface(made, &IID_ITypeInfo, (void **)&build->infos[index]);
  ICreateTypeInfo_Release(made);
  check(L, hr, "the type");
  ICreateTypeInfo2 *type = build->types[index];
  if (guid_field(L, &guid))
    check(L, ICreateTypeInfo2_SetGuid(type, &guid), "the GUID");
  lua_Integer flags = integer_field(L, "flags", 0);
  if (flags)
    check(L, ICreateTypeInfo2_SetTypeFlags(type, (UINT)flags), "the flags");
  lua_Integer major = integer_field(L, "major", 0), minor = integer_field(L, "minor", 0);
  if (major || minor)
    check(L, ICreateTypeInfo2_SetVersion(type, (WORD)major, (WORD)minor), "the version");
  lua_Integer pack = integer_field(L, "pack", 0);
  if (pack)
    check(L, ICreateTypeInfo2_SetAlignment(type, (WORD)pack), "the packing");
}

static void document_type(lua_State *L, Build *build, ICreateTypeInfo2 *type) {
  OLECHAR *help = text_field(L, build, "help");
  HRESULT hr = help ? ICreateTypeInfo2_SetDocString(type, help) : S_OK;
  if (SUCCEEDED(hr) && has_field(L, "help_context"))
    hr = ICreateTypeInfo2_SetHelpContext(type, (DWORD)integer_field(L, "help_context", 0));
  if (SUCCEEDED(hr) && has_field(L, "help_string_context"))
    hr = ICreateTypeInfo2_SetHelpStringContext(type, (ULONG)integer_field(L, "help_string_context", 0));
  check(L, hr, "the help");
  build_custom(L, build, set_type_custom, type, 0, 0);
}

static void build_members(lua_State *L, Build *build, ICreateTypeInfo2 *type) {
  OLECHAR *dll = text_field(L, build, "dll");
  bool of_interface = integer_field(L, "kind", TKIND_MAX) == TKIND_INTERFACE;

  build->kept = build->arena;
  build->arena.blocks = NULL;
  lua_getfield(L, -1, "implements");
  for (unsigned i = 0, count = list_length(L); i < count; i++) {
    lua_rawgeti(L, -1, i + 1);
    build_implemented(L, build, type, i, of_interface);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  lua_getfield(L, -1, "variables");
  for (unsigned i = 0, count = list_length(L); i < count; i++) {
    lua_rawgeti(L, -1, i + 1);
    build_variable(L, build, type, i);
    lua_pop(L, 1);
    arena_empty(&build->arena);
  }
  lua_pop(L, 1);
  lua_getfield(L, -1, "functions");
  for (unsigned i = 0, count = list_length(L); i < count; i++) {
    lua_rawgeti(L, -1, i + 1);
    build_function(L, build, type, i, dll);
    lua_pop(L, 1);
    arena_empty(&build->arena);
  }
  lua_pop(L, 1);
  if (has_field(L, "alias")) {
    TYPEDESC desc = { 0 };
    type_field(L, build, type, "alias", &desc);
    check(L, ICreateTypeInfo2_SetTypeDescAlias(type, &desc), "the meaning");
  }
  arena_empty(&build->arena);
  arena_empty(&build->kept);
}

static void describe_library(lua_State *L, Build *build) {
  GUID guid;
  ICreateTypeLib2 *library = build->library;
  HRESULT hr = ICreateTypeLib2_SetName(library, text_field(L, build, "name"));
  if (SUCCEEDED(hr) && guid_field(L, &guid))
    hr = ICreateTypeLib2_SetGuid(library, &guid);
  if (SUCCEEDED(hr))
    hr = ICreateTypeLib2_SetVersion(library, (WORD)integer_field(L, "major", 0), (WORD)integer_field(L, "minor", 0));
  if (SUCCEEDED(hr))
    hr = ICreateTypeLib2_SetLcid(library, (LCID)integer_field(L, "lcid", 0));
  if (SUCCEEDED(hr) && has_field(L, "flags"))
    hr = ICreateTypeLib2_SetLibFlags(library, (UINT)integer_field(L, "flags", 0));
  check(L, hr, "the head");
  OLECHAR *text = text_field(L, build, "help");
  hr = text ? ICreateTypeLib2_SetDocString(library, text) : S_OK;
  text = text_field(L, build, "help_file");
  if (SUCCEEDED(hr) && text)
    hr = ICreateTypeLib2_SetHelpFileName(library, text);
  text = text_field(L, build, "help_dll");
  if (SUCCEEDED(hr) && text)
    hr = ICreateTypeLib2_SetHelpStringDll(library, text);
  if (SUCCEEDED(hr) && has_field(L, "help_context"))
    hr = ICreateTypeLib2_SetHelpContext(library, (DWORD)integer_field(L, "help_context", 0));
  if (SUCCEEDED(hr) && has_field(L, "help_string_context"))
    hr = ICreateTypeLib2_SetHelpStringContext(library, (ULONG)integer_field(L, "help_string_context", 0));
  check(L, hr, "the help");
  build_custom(L, build, set_library_custom, NULL, 0, 0);
}

static void build_types(lua_State *L, Build *build) {
  lua_getfield(L, -1, "types");
  unsigned count = list_length(L);
  build->types = calloc(count ? count : 1, sizeof *build->types);
  build->infos = calloc(count ? count : 1, sizeof *build->infos);
  if (!build->types || !build->infos)
    raise_status(L, E_OUTOFMEMORY, "com.compile_idl");
  for (unsigned i = 0; i < count; i++) {
    lua_rawgeti(L, -1, i + 1);
    begin_type(L, build, i);
    arena_empty(&build->arena);
    lua_pop(L, 1);
  }
  for (unsigned i = 0; i < count; i++) {
    lua_rawgeti(L, -1, i + 1);
    document_type(L, build, build->types[i]);
    build_members(L, build, build->types[i]);
    arena_empty(&build->arena);
    lua_pop(L, 1);
  }
  for (unsigned i = 0; i < count; i++) {
    lua_rawgeti(L, -1, i + 1);
    check(L, ICreateTypeInfo2_LayOut(build->types[i]), "the layout");
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

static int build_library(lua_State *L) {
  Build *build = lua_touserdata(L, 1);
  const char *file = build->path ? build->path : "memory.tlb";
  lua_rawgetp(L, LUA_REGISTRYINDEX, build);
  if (!build->path && lua_getfield(L, -1, "file") == LUA_TSTRING)
    file = lua_tostring(L, -1);
  lua_pop(L, build->path ? 0 : 1);
  OLECHAR *path = text_copy_utf16(file);
  HRESULT hr =
      path ? CreateTypeLib2((SYSKIND)integer_field(L, "syskind", SYS_WIN64), path, &build->library) : E_OUTOFMEMORY;
  free(path);
  check(L, hr, "a library");
  describe_library(L, build);
  arena_empty(&build->arena);
  build_types(L, build);
  if (build->path) {
    hr = ICreateTypeLib2_SaveAllChanges(build->library);
    if (FAILED(hr))
      raise_text(L, hr, "com.compile_idl", "%s can't be written: %s", build->path,
                 oleander_hresult_text(hr) ? oleander_hresult_text(hr) : "unknown error");
  }
  return 0;
}

static void release_build(Build *build) {
  for (UINT i = 0; i < build->count; i++) {
    if (build->infos[i])
      ITypeInfo_Release(build->infos[i]);
    if (build->types[i])
      ICreateTypeInfo2_Release(build->types[i]);
  }
  free(build->types);
  free(build->infos);
  arena_empty(&build->arena);
  arena_empty(&build->kept);
  VariantClear(&build->value);
  if (build->library)
    ICreateTypeLib2_Release(build->library);
}

/* build_typelib(description [, path]): the library; with a path it is saved there */
static int core_build_typelib(lua_State *L) {
  Build build = { .path = luaL_optstring(L, 2, NULL) };
  ITypeLib *library = NULL;

  luaL_checktype(L, 1, LUA_TTABLE);
  bridge_enter(L, bridge_get(L));
  VariantInit(&build.value);
  lua_pushvalue(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &build);
  bool good = bridge_protected(L, build_library, &build, 0);
  lua_pushnil(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &build);
  HRESULT hr = good ? ICreateTypeLib2_QueryInterface(build.library, &IID_ITypeLib, (void **)&library) : S_OK;
  release_build(&build);
  if (!good)
    return lua_error(L);
  if (FAILED(hr))
    return raise_status(L, hr, "com.compile_idl");
  typelib_push(L, bridge_get(L), library);
  return 1;
}

/* reserve_memory(bytes): for a short run that will take about so much, and keep it. The kernel gives it in large pages, which takes
 * a fraction of the time; what is never touched costs nothing. */
static int core_reserve_memory(lua_State *L) {
  lua_Integer size = luaL_checkinteger(L, 1);
  luaL_argcheck(L, size > 0 && size <= 1 << 30, 1, "too much");
#ifdef __GLIBC__
  const uintptr_t large_page = 2 << 20;
  mallopt(M_TRIM_THRESHOLD, INT_MAX);  /* not given back before the end */
  mallopt(M_MMAP_THRESHOLD, 32 << 20); /* the most it can be; large pieces come from there too */
  mallopt(M_TOP_PAD, (int)size);
  void *piece = malloc(4 << 20); /* more than is left over */
  uintptr_t begin = ((uintptr_t)piece + large_page - 1) & ~(large_page - 1), end = (uintptr_t)sbrk(0);
  free(piece);
  if (piece && end > begin)
    (void)madvise((void *)begin, end - begin, MADV_HUGEPAGE);
#endif
  return 0;
}

const luaL_Reg core_library_functions[] = { { "build_typelib", core_build_typelib },
                                            { "reserve_memory", core_reserve_memory },
                                            { NULL, NULL } };
