/* view.c - how the objects of one type are seen: where their type information comes from, whether their vtable may be
 * called (DESIGN.md 2), and the metatable that all of them share. */
#include "bridge/client/client.h"
#include "bridge/values/foreign_values.h"
#include "dispatch/dispatch_api.h"
#include "remote/remote_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECENT_VIEWS 128
#define CHAIN_LIMIT  VIEW_CHAIN_LIMIT

static const char untyped_key[VIEW_VARIANTS] = { 0 };

const char *view_route_name(const View *view) {
  if (view->route == ROUTE_VTABLE)
    return "vtable";
  return view->info ? "Invoke" : view->dispatch ? "Invoke, no type information" : "no type information";
}

/* where type information comes from */

/* The type information that the object gives about itself; NULL when it has none, refuses or lies about giving it. */
static ITypeInfo *ask_object(IUnknown *face, IDispatch *dispatch) {
  ITypeInfo *info = NULL;
  if (dispatch && SUCCEEDED(dispatch_get_type(dispatch, LOCALE_USER_DEFAULT, &info)))
    return info;
  IProvideClassInfo *provider = NULL;
  if (FAILED(IUnknown_QueryInterface(face, &IID_IProvideClassInfo, (void **)&provider)) || !provider)
    return NULL;
  info = NULL;
  HRESULT result = IProvideClassInfo_GetClassInfo(provider, &info);
  IProvideClassInfo_Release(provider);
  return SUCCEEDED(result) ? info : NULL;
}

static bool is_dispatch_ex(IUnknown *face) {
  IUnknown *extended = NULL;
  if (FAILED(IUnknown_QueryInterface(face, &IID_IDispatchEx, (void **)&extended)) || !extended)
    return false;
  IUnknown_Release(extended);
  return true;
}

/* Facts of an interface or dispinterface that the view needs. */
typedef struct Shape {
  ITypeInfo *info; /* referenced, coclasses and aliases looked through */
  TYPEKIND kind;
  GUID guid;
  WORD flags, functions, variables, major, minor;
} Shape;

static HRESULT shape_of(ITypeInfo *info, Shape *shape) {
  memset(shape, 0, sizeof *shape);
  ITypeInfo_AddRef(info);
  for (int depth = 0; depth < 2; depth++) {
    ITypeInfo *target = NULL;
    TYPEATTR attributes;
    HRESULT result = typeinfo_resolve_alias(info, &target);
    ITypeInfo_Release(info);
    if (FAILED(result))
      return result;
    result = typeinfo_copy_attributes(target, &attributes);
    if (SUCCEEDED(result) && (attributes.typekind == TKIND_INTERFACE || attributes.typekind == TKIND_DISPATCH)) {
      *shape = (Shape){
        target,           attributes.typekind,     attributes.guid,        attributes.wTypeFlags, attributes.cFuncs,
        attributes.cVars, attributes.wMajorVerNum, attributes.wMinorVerNum
      };
      return S_OK;
    }
    bool coclass = SUCCEEDED(result) && attributes.typekind == TKIND_COCLASS && depth == 0;
    info = NULL;
    if (coclass)
      result = coclass_default_interface(target, 0, &info);
    ITypeInfo_Release(target);
    if (FAILED(result) || !coclass)
      return FAILED(result) ? result : TYPE_E_WRONGTYPEKIND;
  }
  ITypeInfo_Release(info);
  return TYPE_E_WRONGTYPEKIND;
}

/* making a view */

static bool keep(View *view, ITypeInfo *info) {
  if (!bridge_reserve_release(view->bridge))
    return false;
  view->chain[view->chain_length++] = info;
  return true;
}

static bool is_root(const GUID *guid) {
  return IsEqualGUID(guid, &IID_IUnknown) || IsEqualGUID(guid, &IID_IDispatch);
}

/* "Lib.IFoo"; NULL: out of memory. */
static char *full_name(ITypeInfo *info) {
  TypeDocumentation type, whole = { NULL, NULL, NULL, 0 };
  ITypeLib *library = NULL;
  UINT index = 0;
  typeinfo_get_documentation(info, MEMBERID_NIL, &type);
  if (SUCCEEDED(typeinfo_get_library(info, &library, &index))) {
    typelib_get_documentation(library, -1, &whole);
    ITypeLib_Release(library);
  }
  char *type_text = text_copy_utf8(type.name ? type.name : OLESTR("object"));
  char *library_text = text_copy_utf8(whole.name ? whole.name : OLESTR(""));
  char *result = NULL;
  if (type_text && library_text) {
    size_t size = strlen(type_text) + strlen(library_text) + 2;
    result = malloc(size);
    if (result)
      snprintf(result, size, "%s%s%s", library_text, *library_text != 0 ? "." : "", type_text);
  }
  free(type_text);
  free(library_text);
  typeinfo_free_documentation(&type);
  typeinfo_free_documentation(&whole);
  return result;
}

/* Lets go of what the view holds, when it was collected and no object is seen through it any more. */
static void view_settle(View *view) {
  if (!view->collected || view->users != 0)
    return;
  view_free_members(view);
  for (unsigned i = 0; i < view->chain_length; i++)
    bridge_defer_release(view->bridge, (IUnknown *)view->chain[i]);
  view->chain_length = 0;
  if (view->info)
    bridge_defer_release(view->bridge, (IUnknown *)view->info);
  view->info = NULL;
  view->name = "object";
  free(view->own_name);
  view->own_name = NULL;
}

void view_leave(View *view) {
  view->users--;
  view_settle(view);
}

/* At the end of a state, and in garbage that a finalizer takes up again, objects may be finalized after their view. */
static int view_gc(lua_State *L) {
  View *view = lua_touserdata(L, 1);
  if (view->bridge && !view->collected) {
    view->collected = true;
    view_settle(view);
  }
  return 0;
}

void view_push(lua_State *L, View *view) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, view->bridge->views);
  lua_rawgetp(L, -1, view);
  lua_remove(L, -2);
}

static const char view_metatable = 0;

void view_open_types(lua_State *L) {
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, view_gc);
  lua_setfield(L, -2, "__gc");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &view_metatable);
}

/* Pushes an empty view. */
static View *push_view(lua_State *L, Bridge *bridge, unsigned variant) {
  View *view = lua_newuserdatauv(L, sizeof *view, 1);
  memset(view, 0, sizeof *view);
  lua_newtable(L);
  lua_setiuservalue(L, -2, 1);
  view->name = "object";
  view->variant = variant;
  view->forced = (variant & VIEW_FORCED) != 0;
  view->attached = (variant & VIEW_ATTACHED) != 0;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &view_metatable);
  lua_setmetatable(L, -2);
  view->bridge = bridge;
  lua_rawgeti(L, LUA_REGISTRYINDEX, bridge->views);
  lua_pushvalue(L, -2);
  lua_rawsetp(L, -2, view);
  lua_pop(L, 1);
  return view;
}

/* Decides how the members are described and called. Takes over shape->info. */
static HRESULT view_describe(View *view, Shape *shape) {
  if (!bridge_reserve_release(view->bridge)) {
    ITypeInfo_Release(shape->info);
    return E_OUTOFMEMORY;
  }
  view->info = shape->info;
  view->kind = shape->kind;
  view->iid = shape->guid;
  view->own_name = full_name(shape->info);
  if (view->own_name)
    view->name = view->own_name;
  bool dual = (shape->flags & TYPEFLAG_FDUAL) != 0;
  InterfaceLevels levels;
  interface_levels(shape->info, &levels); /* the levels before a base that is missing are good */
  bool kept = true;
  for (unsigned i = 0; i < levels.count; i++) {
    kept = kept && keep(view, levels.levels[i]);
    if (!kept)
      ITypeInfo_Release(levels.levels[i]);
  }
  if (!kept)
    return E_OUTOFMEMORY;
  if (!levels.vtabled)
    view->refusal = "the type information describes no vtable";
  else if (!view->attached && dual && !levels.dispatch)
    view->refusal = "the interface is called dual but does not derive from IDispatch";
  else if (!view->attached && !dual && levels.dispatch)
    view->refusal = "the interface is not dual";
  else if (view->variant & VIEW_INVOKE)
    view->refusal = "calls go through Invoke";
  view->route = !view->refusal ? ROUTE_VTABLE : ROUTE_INVOKE;
  view->dispatch = view->route == ROUTE_INVOKE || levels.dispatch;
  return S_OK;
}

/* Pushes the metatable for a view that is on top of the stack, and replaces it. */
static void push_metatable(lua_State *L, View *view) {
  static const luaL_Reg plain[] = { { "__gc", handle_gc },       { "__close", handle_close },
                                    { "__eq", handle_equal },    { "__tostring", handle_tostring },
                                    { "__len", access_length },  { "__call", access_call },
                                    { "__pairs", access_pairs }, { NULL, NULL } };
  int view_index = lua_gettop(L);
  lua_createtable(L, 1, 12);
  lua_pushvalue(L, view_index);
  lua_rawseti(L, -2, 1);
  luaL_setfuncs(L, plain, 0);
  lua_createtable(L, 0, (int)(view->info ? 16 : 0)); /* members, by name */
  lua_pushvalue(L, -1);
  lua_pushvalue(L, view_index);
  lua_pushcclosure(L, access_index, 2);
  lua_setfield(L, -3, "__index");
  lua_pushvalue(L, view_index);
  lua_pushcclosure(L, access_newindex, 2);
  lua_setfield(L, -2, "__newindex");
  lua_pushstring(L, view->name);
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "object");
  lua_setfield(L, -2, "__metatable");
  lua_replace(L, view_index);
}

/* The metatable on top becomes findable under the key below it, which is removed; and is kept for a while. */
static void remember(lua_State *L, Bridge *bridge) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, bridge->views);
  lua_pushvalue(L, -3);
  lua_pushvalue(L, -3);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, bridge->recent);
  lua_pushvalue(L, -2);
  lua_rawseti(L, -2, (lua_Integer)(bridge->recent_next++ % RECENT_VIEWS) + 1);
  lua_pop(L, 1);
  lua_remove(L, -2);
}

/* Looks the key on top up; found: replaces it by the metatable. */
static View *find_view(lua_State *L, Bridge *bridge) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, bridge->views);
  lua_pushvalue(L, -2);
  if (lua_rawget(L, -2) != LUA_TTABLE) {
    lua_pop(L, 2);
    return NULL;
  }
  lua_rawgeti(L, -1, 1);
  View *view = lua_touserdata(L, -1);
  lua_pop(L, 1);
  lua_replace(L, -3);
  lua_pop(L, 1);
  if (view->collected) /* a collected metatable is not in the table any more, except when all is finalized at the end */
    raise_text(L, E_UNEXPECTED, NULL, "no object can arrive any more: the Lua state is being closed");
  return view;
}

static View *push_untyped(lua_State *L, Bridge *bridge, bool dispatch) {
  unsigned variant = dispatch ? 0 : 1;
  lua_pushlightuserdata(L, (void *)&untyped_key[variant]);
  View *view = find_view(L, bridge);
  if (view)
    return view;
  view = push_view(L, bridge, variant);
  view->dispatch = dispatch;
  view->refusal = "the object has no type information";
  view->indexed = true;
  push_metatable(L, view);
  remember(L, bridge);
  return view;
}

/* Types that are one type though each object brings an ITypeInfo of its own: the key says all that tells them apart. */
static void push_type_key(lua_State *L, const Shape *shape, ITypeInfo *info, unsigned variant) {
  struct {
    GUID guid;
    WORD functions, variables, major, minor;
    uint32_t kind, variant;
    uint64_t oxid; /* type information of another process ends with that */
  } key;
  RemotePlace place;
  remote_place((IUnknown *)info, &place);
  memset(&key, 0, sizeof key);
  key.guid = shape->guid;
  key.functions = shape->functions;
  key.variables = shape->variables;
  key.major = shape->major;
  key.minor = shape->minor;
  key.kind = (uint32_t)shape->kind | (uint32_t)shape->flags << 8;
  key.variant = variant;
  key.oxid = place.oxid;
  lua_pushlstring(L, (const char *)&key, sizeof key);
}

/* Slots of the vtable, as far as its description goes. */
static unsigned count_slots(const View *view) {
  unsigned slots = 3;
  for (unsigned level = 0; level < view->chain_length; level++) {
    TYPEATTR attributes;
    if (FAILED(typeinfo_copy_attributes(view->chain[level], &attributes)))
      continue;
    for (UINT i = 0; i < attributes.cFuncs; i++) {
      FUNCDESC *function = NULL;
      if (FAILED(typeinfo_get_function(view->chain[level], i, &function)))
        continue;
      unsigned slot = (unsigned)((USHORT)function->oVft / sizeof(void *));
      if (function->funckind != FUNC_STATIC && function->funckind != FUNC_DISPATCH && slot >= slots)
        slots = slot + 1;
      typeinfo_release_function(view->chain[level], &function);
    }
  }
  return slots;
}

/* The same for the objects of a module: types are found by their IID, for each ABI apart. */
static View *push_foreign(lua_State *L, Bridge *bridge, ITypeInfo *info, const SignatureAbi *abi, HRESULT *result) {
  Shape shape;
  struct {
    ITypeInfo *info;
    const SignatureAbi *abi;
  } key = { info, abi };
  lua_pushlstring(L, (const char *)&key, sizeof key);
  View *view = find_view(L, bridge);
  if (view)
    return view;
  lua_pop(L, 1);
  *result = shape_of(info, &shape);
  if (FAILED(*result))
    return NULL;
  key.info = shape.info; /* which the view holds: the address stays its key */
  lua_pushlstring(L, (const char *)&key, sizeof key);
  view = find_view(L, bridge);
  if (view) {
    ITypeInfo_Release(shape.info);
    return view;
  }
  view = push_view(L, bridge, VIEW_ATTACHED);
  view->abi = abi;
  *result = view_describe(view, &shape);
  if (FAILED(*result)) {
    lua_pop(L, 2);
    return NULL;
  }
  view->slots = count_slots(view);
  push_metatable(L, view);
  remember(L, bridge);
  return view;
}

/* Pushes the metatable for `info` in this variant. NULL: nothing pushed, *result says why. */
static View *push_typed(lua_State *L, Bridge *bridge, ITypeInfo *info, unsigned variant, HRESULT *result) {
  lua_pushlightuserdata(L, (char *)info + variant); /* an ITypeInfo is aligned to eight bytes */
  View *view = find_view(L, bridge);
  if (view)
    return view;
  Shape shape;
  *result = shape_of(info, &shape);
  if (FAILED(*result)) {
    lua_pop(L, 1);
    return NULL;
  }
  bool named = !IsEqualGUID(&shape.guid, &GUID_NULL);
  if (named) {
    push_type_key(L, &shape, info, variant);
    view = find_view(L, bridge);
    if (view) {
      ITypeInfo_Release(shape.info);
      lua_remove(L, -2);
      return view;
    }
    lua_insert(L, -2); /* the type's key, the pointer's key */
  }
  bool same = shape.info == info;
  view = push_view(L, bridge, variant);
  *result = view_describe(view, &shape);
  if (FAILED(*result)) {
    lua_pop(L, named ? 3 : 2);
    return NULL;
  }
  push_metatable(L, view);
  if (!named) {
    if (same)
      remember(L, bridge);
    else
      lua_remove(L, -2); /* the pointer is not held by the view: it must not be a key */
    return view;
  }
  if (same) {
    remember(L, bridge); /* under the pointer; then under the type */
  } else {
    lua_remove(L, -2);
  }
  remember(L, bridge);
  return view;
}

/* an arrival */

/* Exchanges *face for another reference. */
static void exchange(IUnknown **face, void *other) {
  IUnknown *old = *face;
  *face = other;
  IUnknown_Release(old);
}

static ITypeInfo *registered_info(const IID *iid) {
  return iid && !is_root(iid) ? typeinfo_of_interface(iid) : NULL;
}

/* What whoever gave the object says of it. */
static ITypeInfo *said_info(const Arrival *arrival) {
  ITypeInfo *info = NULL;
  bool told = arrival->abi && arrival->type && !IsEqualGUID(&arrival->type->guid, arrival->iid);
  if (arrival->info) {
    ITypeInfo_AddRef(arrival->info);
    return arrival->info;
  }
  if (arrival->type && arrival->owner && !told && SUCCEEDED(type_info(arrival->type, arrival->owner, &info)))
    return info;
  if (arrival->abi && (info = library_interface(arrival->owner, arrival->iid)) != NULL)
    return info;
  return registered_info(arrival->iid);
}

/* Type information for the object, referenced, or NULL; *own: it came from the object itself. */
static ITypeInfo *find_info(IUnknown *face, bool dispatch, const Arrival *arrival, bool *own) {
  *own = false;
  if (arrival->attached || arrival->custom)
    return said_info(arrival);
  ITypeInfo *info = ask_object(face, dispatch ? (IDispatch *)face : NULL);
  if (info) {
    *own = true;
    return info;
  }
  return said_info(arrival);
}

static int refuse(lua_State *L, const char *name, const char *why) {
  return raise_text(L, E_NOINTERFACE, name, "call = \"vtable\" is not possible: %s", why);
}

typedef struct Choice {
  bool dispatch; /* *face is an IDispatch */
  bool own;      /* the object gave the information itself */
  const char *refusal;
} Choice;

static unsigned choose_variant(IUnknown *face, const Arrival *arrival, Choice *choice) {
  unsigned variant = arrival->attached ? VIEW_ATTACHED : 0;
  if (arrival->mode == CALL_INVOKE)
    choice->refusal = "call = \"invoke\" was asked for";
  else if (!choice->own && !arrival->attached && choice->dispatch)
    choice->refusal = "the type information did not come from the object itself";
  else if (choice->dispatch && !arrival->attached && is_dispatch_ex(face))
    choice->refusal = "the object is an IDispatchEx";
  if (choice->refusal)
    return variant | VIEW_INVOKE;
  return arrival->mode == CALL_VTABLE ? variant | VIEW_FORCED : variant;
}

/* Makes *face an IDispatch, if the object has one. */
static bool become_dispatch(IUnknown **face, Choice *choice) {
  void *dispatch = NULL;
  if (!choice->dispatch && SUCCEEDED(IUnknown_QueryInterface(*face, &IID_IDispatch, &dispatch)) && dispatch) {
    exchange(face, dispatch);
    choice->dispatch = true;
  }
  return choice->dispatch;
}

/* Pushes the metatable for type information `info`; NULL: unusable. */
static View *push_described(lua_State *L, Bridge *bridge, IUnknown **face, const Arrival *arrival, Choice *choice,
                            ITypeInfo *info) {
  HRESULT result = S_OK;
  if (arrival->abi) /* the pointer is of the interface that the description says */
    return push_foreign(L, bridge, info, arrival->abi, &result);
  unsigned variant = choose_variant(*face, arrival, choice);
  View *view = push_typed(L, bridge, info, variant, &result);
  if (!view)
    return NULL;
  if (view->route == ROUTE_VTABLE) {
    void *other = NULL;
    if (SUCCEEDED(IUnknown_QueryInterface(*face, &view->iid, &other)) && other) {
      exchange(face, other);
      return view;
    }
    lua_pop(L, 1);
    choice->refusal = "QueryInterface for that interface failed";
    view = push_typed(L, bridge, info, (variant & ~(unsigned)VIEW_FORCED) | VIEW_INVOKE, &result);
    if (!view)
      return NULL;
  } else if (!choice->refusal) {
    choice->refusal = view->refusal;
  }
  /* A library may have lost from what a dispinterface derives; its members are called through Invoke all the same. */
  if (choice->dispatch || (view->kind == TKIND_DISPATCH && become_dispatch(face, choice)))
    return view;
  lua_pop(L, 1);
  return NULL;
}

/* An interface that nothing describes is seen as any object: by its IDispatch, if it has one. */
static View *push_undescribed(lua_State *L, Bridge *bridge, IUnknown **face, Choice *choice) {
  return push_untyped(L, bridge, become_dispatch(face, choice));
}

/* The type information is let go of when the state has no memory for the view, too. */
typedef struct Describing {
  Bridge *bridge;
  IUnknown **face;
  const Arrival *arrival;
  Choice *choice;
  ITypeInfo *info;
  View *view;
} Describing;

static int describe_protected(lua_State *L) {
  Describing *d = lua_touserdata(L, 1);
  d->view = push_described(L, d->bridge, d->face, d->arrival, d->choice, d->info);
  return d->view != NULL;
}

View *view_push_metatable(lua_State *L, Bridge *bridge, IUnknown **face, const Arrival *arrival) {
  Choice choice = { arrival->dispatch, false, NULL };
  if (!choice.dispatch) {
    void *dispatch = NULL;
    if (!arrival->custom && SUCCEEDED(IUnknown_QueryInterface(*face, &IID_IDispatch, &dispatch)) && dispatch) {
      exchange(face, dispatch);
      choice.dispatch = true;
    }
  }
  View *view = NULL;
  ITypeInfo *info = find_info(*face, choice.dispatch, arrival, &choice.own);
  if (info) {
    Describing describing = { bridge, face, arrival, &choice, info, NULL };
    bool described = bridge_protected(L, describe_protected, &describing, LUA_MULTRET);
    ITypeInfo_Release(info);
    if (!described)
      lua_error(L);
    view = describing.view;
  } else {
    choice.refusal = "the object has no type information";
  }
  if (choice.refusal && arrival->mode == CALL_VTABLE)
    refuse(L, view ? view->name : NULL, choice.refusal);
  if (!view && arrival->abi)
    view = push_untyped(L, bridge, false);
  if (!view)
    view = push_undescribed(L, bridge, face, &choice);
  return view;
}

/* object_typeinfo(o): what its members are known from; nil */
static int core_object_typeinfo(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.typeof");
  ITypeInfo *info = handle->view->info;
  if (!info) {
    lua_pushnil(L);
    return 1;
  }
  ITypeInfo_AddRef(info);
  typeinfo_push(L, handle->bridge, info);
  lua_pushstring(L, view_route_name(handle->view));
  lua_pushstring(L, handle->view->refusal);
  return 3;
}

/* object_bases(o): the type information of the interface and its bases, most derived first */
static int core_object_chain(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.members");
  View *view = handle->view;
  lua_createtable(L, (int)view->chain_length, 0);
  for (unsigned i = 0; i < view->chain_length; i++) {
    ITypeInfo_AddRef(view->chain[i]);
    typeinfo_push(L, view->bridge, view->chain[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

const luaL_Reg core_view_functions[] = { { "object_typeinfo", core_object_typeinfo },
                                         { "object_chain", core_object_chain },
                                         { NULL, NULL } };
