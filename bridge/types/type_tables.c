/* Type descriptions (TYPEATTR, FUNCDESC, VARDESC, TYPEDESC, constants) as plain Lua tables; see types.h. */
#include "bridge/types/types.h"

static void set_integer(lua_State *L, const char *name, lua_Integer value) {
  lua_pushinteger(L, value);
  lua_setfield(L, -2, name);
}

/* {vt =}, with `to` (what a pointer or a SAFEARRAY goes to), `of` and `bounds` (a fixed array), `href` (a named type). */
void types_push_typedesc(lua_State *L, const TYPEDESC *desc) {
  luaL_checkstack(L, 6, "a type is nested too deeply");
  lua_newtable(L);
  set_integer(L, "vt", desc->vt);
  switch (desc->vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
    if (!desc->lptdesc)
      break;
    types_push_typedesc(L, desc->lptdesc);
    lua_setfield(L, -2, "to");
    break;
  case VT_CARRAY:
    if (!desc->lpadesc)
      break;
    types_push_typedesc(L, &desc->lpadesc->tdescElem);
    lua_setfield(L, -2, "of");
    lua_newtable(L);
    for (USHORT i = 0; i < desc->lpadesc->cDims; i++) {
      lua_newtable(L);
      set_integer(L, "lower", desc->lpadesc->rgbounds[i].lLbound);
      set_integer(L, "count", desc->lpadesc->rgbounds[i].cElements);
      lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "bounds");
    break;
  case VT_USERDEFINED:
    set_integer(L, "href", (lua_Integer)desc->hreftype);
    break;
  default:
    break;
  }
}

void types_push_variant(lua_State *L, const VARIANT *value) {
  Giving giving = { .bridge = bridge_get(L) };
  VARIANT reference;

  /* By reference: what is pushed is a copy. */
  V_VT(&reference) = VT_BYREF | VT_VARIANT;
  V_VARIANTREF(&reference) = (VARIANT *)value;
  lua_newtable(L);
  set_integer(L, "vt", V_VT(value));
  variant_push(L, &giving, &reference);
  lua_setfield(L, -2, "value");
  if (V_VT(value) == VT_BOOL && V_BOOL(value) != VARIANT_TRUE && V_BOOL(value) != VARIANT_FALSE)
    set_integer(L, "raw", V_BOOL(value)); /* what `value`, which is true, does not say */
}

/* {type =, flags =, default = {vt, value}} */
static void push_element(lua_State *L, const ELEMDESC *element) {
  const PARAMDESC *parameter = &element->paramdesc;

  lua_newtable(L);
  types_push_typedesc(L, &element->tdesc);
  lua_setfield(L, -2, "type");
  set_integer(L, "flags", parameter->wParamFlags);
  const VARIANT *value = elemdesc_default(element);
  if (value) {
    types_push_variant(L, value);
    lua_setfield(L, -2, "default");
  }
}

void types_push_funcdesc(lua_State *L, const FUNCDESC *desc) {
  SHORT i;

  lua_newtable(L);
  set_integer(L, "memid", desc->memid);
  set_integer(L, "kind", desc->funckind);
  set_integer(L, "invkind", desc->invkind);
  set_integer(L, "callconv", desc->callconv);
  set_integer(L, "flags", desc->wFuncFlags);
  set_integer(L, "offset", desc->oVft);
  set_integer(L, "optional", desc->cParamsOpt);
  push_element(L, &desc->elemdescFunc);
  lua_setfield(L, -2, "result");
  lua_createtable(L, desc->cParams > 0 ? desc->cParams : 0, 0);
  for (i = 0; i < desc->cParams; i++) {
    push_element(L, &desc->lprgelemdescParam[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_setfield(L, -2, "parameters");
}

void types_push_vardesc(lua_State *L, const VARDESC *desc) {
  push_element(L, &desc->elemdescVar);
  set_integer(L, "parameter_flags", desc->elemdescVar.paramdesc.wParamFlags);
  set_integer(L, "memid", desc->memid);
  set_integer(L, "kind", desc->varkind);
  set_integer(L, "flags", desc->wVarFlags);
  if (desc->varkind == VAR_CONST) {
    if (desc->lpvarValue) {
      types_push_variant(L, desc->lpvarValue);
      lua_setfield(L, -2, "constant");
    }
  } else {
    set_integer(L, "offset", desc->oInst);
  }
}

void types_push_typeattr(lua_State *L, const TYPEATTR *attributes) {
  lua_newtable(L);
  guid_push(L, &attributes->guid);
  lua_setfield(L, -2, "guid");
  set_integer(L, "kind", attributes->typekind);
  set_integer(L, "flags", attributes->wTypeFlags);
  set_integer(L, "lcid", attributes->lcid);
  set_integer(L, "major", attributes->wMajorVerNum);
  set_integer(L, "minor", attributes->wMinorVerNum);
  set_integer(L, "size", attributes->cbSizeInstance);
  set_integer(L, "alignment", attributes->cbAlignment);
  set_integer(L, "vtable_size", attributes->cbSizeVft);
  set_integer(L, "functions", attributes->cFuncs);
  set_integer(L, "variables", attributes->cVars);
  set_integer(L, "implemented", attributes->cImplTypes);
  if (attributes->typekind == TKIND_ALIAS) {
    types_push_typedesc(L, &attributes->tdescAlias);
    lua_setfield(L, -2, "alias");
  }
}
