/* object.c - the COM object over a Lua table: its faces, its identity, its references and what they mean for the
 * collector.
 *
 * A table lives as long as a client of the object outside the state, or a handle (userdata) inside it. A handle holds the
 * table by its user value; for clients outside the table stands in `strong`. Of the object's references those of handles
 * are counted apart, so that a table that holds the handle of its own object is no cycle that the collector can't see. */
#include "bridge/objects/events_internal.h"
#include "typelib/typelib_api.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define REFERENCES(counts) ((uint32_t)(counts))
#define INTERNAL(counts)   ((uint32_t)((counts) >> 32))
#define ONE_INTERNAL       (UINT64_C(1) << 32)

/* end of life */

static void object_free(LuaObject *object) {
  for (unsigned i = 0; i < object->face_count; i++)
    interface_plan_release((InterfacePlan *)object->faces[i].plan);
  if (object->class_info)
    ITypeInfo_Release(object->class_info);
  if (object->events)
    ITypeInfo_Release(object->events);
  if (object->type_plan)
    interface_plan_release(object->type_plan);
  source_free(object);
  lasting_free(object);
  IUnknown *marshaler = atomic_load(&object->marshaler);
  if (marshaler)
    IUnknown_Release(marshaler);
  Token *token = object->token;
  free(object);
  token_release(token);
}

/* Only writes to fields that exist: nothing is allocated, nothing raises. */
static void forget_table(lua_State *L, Token *token, LuaObject *object) {
  member_ids_forget(L, object);
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->by_table);
  if (lua_rawgeti(L, STACK_WEAK, object->number) != LUA_TNIL) {
    lua_pushvalue(L, -1);
    if (lua_rawget(L, -3) == LUA_TLIGHTUSERDATA && lua_touserdata(L, -1) == object) {
      lua_pushvalue(L, -2);
      lua_pushnil(L);
      lua_rawset(L, -5);
    }
    lua_pop(L, 1);
    lua_pushnil(L);
    lua_rawseti(L, STACK_WEAK, object->number);
  }
  lua_pop(L, 2);
  lua_pushinteger(L, token->free_number);
  lua_rawseti(L, STACK_STRONG, object->number);
  token->free_number = object->number;
  token->live--;
}

/* Whether the table must be kept alive for clients is decided anew; at the end the object goes. Has the token. */
static void settle(lua_State *L, Token *token, Deferred *deferred) {
  LuaObject *object = (LuaObject *)(void *)deferred;
  pthread_mutex_lock(&token->lock);
  atomic_store(&object->queued, false);
  uint64_t counts = atomic_load(&object->counts);
  pthread_mutex_unlock(&token->lock);
  if (REFERENCES(counts) == 0) {
    if (L && object->running != 0)
      return; /* object_leave comes back to it */
    if (L)
      forget_table(L, token, object);
    object_free(object);
    return;
  }
  if (!L)
    return;
  /* First the mark, then the question: whoever takes a reference does it the other way round. */
  atomic_store(&object->anchored, false);
  counts = atomic_load(&object->counts);
  if (REFERENCES(counts) > INTERNAL(counts)) {
    atomic_store(&object->anchored, true);
    lua_rawgeti(L, STACK_WEAK, object->number);
  } else {
    lua_pushnil(L);
  }
  if (lua_isnil(L, -1)) { /* the entry itself stays */
    lua_pop(L, 1);
    lua_pushboolean(L, false);
  }
  lua_rawseti(L, STACK_STRONG, object->number);
}

static void settle_later(LuaObject *object) {
  if (!atomic_exchange(&object->queued, true))
    token_defer(object->token, &object->deferred);
}

void object_end_later(LuaObject *object) {
  settle_later(object);
}

/* references */

static ULONG inner_addref(LuaObject *object) {
  uint64_t counts = atomic_fetch_add(&object->counts, 1) + 1;
  if (REFERENCES(counts) > INTERNAL(counts) && !atomic_load(&object->anchored))
    settle_later(object);
  return REFERENCES(counts);
}

/* A release after which only handles are left, or nothing, is an event for the state. Nothing touches the object after a
 * release of the other kind. */
static ULONG inner_release(LuaObject *object) {
  uint64_t counts = atomic_load(&object->counts);
  while (REFERENCES(counts) - 1 > INTERNAL(counts)) {
    if (atomic_compare_exchange_weak(&object->counts, &counts, counts - 1))
      return REFERENCES(counts) - 1;
  }
  Token *token = token_addref(object->token);
  pthread_mutex_lock(&token->lock); /* nobody settles, and so frees, the object before it is queued */
  counts = atomic_fetch_sub(&object->counts, 1) - 1;
  bool last = REFERENCES(counts) == 0;
  bool changed = last || (REFERENCES(counts) == INTERNAL(counts) && atomic_load(&object->anchored));
  bool queue = changed && !atomic_exchange(&object->queued, true);
  pthread_mutex_unlock(&token->lock);
  if (queue)
    token_defer(token, &object->deferred);
  token_release(token);
  return REFERENCES(counts);
}

ULONG lua_object_addref(LuaObject *object) {
  return object->outer ? IUnknown_AddRef(object->outer) : inner_addref(object);
}

ULONG lua_object_release(LuaObject *object) {
  return object->outer ? IUnknown_Release(object->outer) : inner_release(object);
}

bool object_revive(LuaObject *object) {
  uint64_t counts = atomic_load(&object->counts);
  while (REFERENCES(counts) != 0) {
    if (atomic_compare_exchange_weak(&object->counts, &counts, counts + 1)) {
      if (!atomic_load(&object->anchored))
        settle_later(object);
      return true;
    }
  }
  return false;
}

/* identity */

static HRESULT answer(LuaObject *object, Face *face, void **result) {
  *result = face;
  lua_object_addref(object);
  return S_OK;
}

static Face *find_face(LuaObject *object, REFIID iid) {
  for (unsigned i = 0; i < object->face_count; i++) {
    if (!object->faces[i].plan->abi && interface_plan_answers(object->faces[i].plan, iid))
      return &object->faces[i];
  }
  return NULL;
}

/* Within the process the object is called from every apartment as it is: its state lets callers in one by one. */
static HRESULT query_marshaler(LuaObject *object, REFIID iid, void **result) {
  IUnknown *none = NULL, *marshaler = atomic_load(&object->marshaler);
  if (!marshaler) {
    IUnknown *outer = object->outer ? object->outer : (IUnknown *)(void *)&object->main;
    HRESULT status = CoCreateFreeThreadedMarshaler(outer, &marshaler);
    if (FAILED(status))
      return status;
    if (!atomic_compare_exchange_strong(&object->marshaler, &none, marshaler)) {
      IUnknown_Release(marshaler);
      marshaler = none;
    }
  }
  return IUnknown_QueryInterface(marshaler, iid, result);
}

static HRESULT query_inner(LuaObject *object, REFIID iid, void **result) {
  if (!result)
    return E_POINTER;
  *result = NULL;
  if (IsEqualGUID(iid, &IID_IUnknown)) {
    if (!object->outer)
      return answer(object, &object->main, result);
    *result = &object->inner;
    inner_addref(object);
    return S_OK;
  }
  if (IsEqualGUID(iid, &IID_IDispatch) || (!object->fixed && IsEqualGUID(iid, &IID_IDispatchEx)))
    return answer(object, &object->main, result);
  if (IsEqualGUID(iid, &IID_ISupportErrorInfo))
    return answer(object, &object->support, result);
  if (IsEqualGUID(iid, &IID_IProvideClassInfo) || IsEqualGUID(iid, &IID_IProvideClassInfo2))
    return answer(object, &object->provide, result);
  Face *face = find_face(object, iid);
  if (face)
    return answer(object, face, result);
  if (IsEqualGUID(iid, &IID_IMarshal))
    return query_marshaler(object, iid, result);
  if (IsEqualGUID(iid, &IID_IConnectionPointContainer))
    return source_query(object, iid, result);
  return lasting_query(object, iid, result);
}

HRESULT lua_object_query(LuaObject *object, REFIID iid, void **result) {
  return object->outer ? IUnknown_QueryInterface(object->outer, iid, result) : query_inner(object, iid, result);
}

/* The three methods of every face. */
HRESULT STDMETHODCALLTYPE face_query_interface(Face *face, REFIID iid, void **result) {
  return lua_object_query(face->object, iid, result);
}

ULONG STDMETHODCALLTYPE face_add_ref(Face *face) {
  return lua_object_addref(face->object);
}

ULONG STDMETHODCALLTYPE face_release(Face *face) {
  return lua_object_release(face->object);
}

static HRESULT STDMETHODCALLTYPE Inner_QueryInterface(Face *face, REFIID iid, void **result) {
  return query_inner(face->object, iid, result);
}

static ULONG STDMETHODCALLTYPE Inner_AddRef(Face *face) {
  return inner_addref(face->object);
}

static ULONG STDMETHODCALLTYPE Inner_Release(Face *face) {
  return inner_release(face->object);
}

static const FaceMethod inner_vtable[3] = { (FaceMethod)Inner_QueryInterface, (FaceMethod)Inner_AddRef,
                                            (FaceMethod)Inner_Release };

/* Whatever the rest of a vtable is, its first method tells a face of ours. */
LuaObject *object_of(IUnknown *pointer) {
  FaceMethod query = **(const FaceMethod *const *)(void *)pointer;
  bool own = query == (FaceMethod)face_query_interface || query == (FaceMethod)Inner_QueryInterface ||
             face_is_foreign(pointer);
  return own ? ((Face *)(void *)pointer)->object : NULL;
}

/* standard faces of all objects */

/* A coclass for an object that is of no registered one: without a CLSID, with the object's interface and its events (NULL:
 * none). */
static HRESULT make_class(ITypeInfo *interface_info, ITypeInfo *events, ITypeInfo **info) {
  ITypeInfo *const references[] = { interface_info, events };
  static const MemoryImplemented implemented[] = {
    { .type = MEMORY_REFERENCE(0), .flags = IMPLTYPEFLAG_FDEFAULT },
    { .type = MEMORY_REFERENCE(1), .flags = IMPLTYPEFLAG_FDEFAULT | IMPLTYPEFLAG_FSOURCE },
  };
  UINT count = events ? 2 : 1;
  MemoryType type = {
    .name = OLESTR("Object"), .kind = TKIND_COCLASS, .major = 1, .implemented = implemented, .implemented_count = count
  };
  MemoryLibrary library = { .name = OLESTR("Lua"),
                            .types = &type,
                            .type_count = 1,
                            .major = 1,
                            .references = references,
                            .reference_count = count };
  ITypeLib *made = NULL;
  HRESULT result = memory_library_create(&library, &made);
  if (FAILED(result))
    return result;
  result = ITypeLib_GetTypeInfo(made, 0, info);
  ITypeLib_Release(made);
  return result;
}

static HRESULT STDMETHODCALLTYPE Face_GetClassInfo(Face *face, ITypeInfo **info) {
  LuaObject *object = face->object;
  ITypeInfo *described = NULL;
  if (!info)
    return E_POINTER;
  *info = object->class_info;
  if (*info) {
    ITypeInfo_AddRef(*info);
    return S_OK;
  }
  HRESULT result = S_OK;
  if (object->fixed) {
    described = object->main.plan->info;
    ITypeInfo_AddRef(described);
  } else {
    result = dynamic_type_info(object, &described);
  }
  if (FAILED(result))
    return result;
  result = make_class(described, object->events, info);
  ITypeInfo_Release(described);
  return result;
}

static HRESULT STDMETHODCALLTYPE Face_GetGUID(Face *face, DWORD kind, GUID *guid) {
  if (!guid)
    return E_POINTER;
  *guid = GUID_NULL;
  if (kind != GUIDKIND_DEFAULT_SOURCE_DISP_IID)
    return E_INVALIDARG;
  ITypeInfo *info = face->object->class_info;
  if (info)
    return SUCCEEDED(coclass_default_iid(info, IMPLTYPEFLAG_FSOURCE, guid)) ? S_OK : E_NOINTERFACE;
  TYPEATTR attributes;
  info = face->object->events;
  if (!info || FAILED(typeinfo_copy_attributes(info, &attributes)))
    return E_NOINTERFACE;
  *guid = attributes.guid;
  return S_OK;
}

static const FaceMethod provide_vtable[5] = { (FaceMethod)face_query_interface, (FaceMethod)face_add_ref,
                                              (FaceMethod)face_release, (FaceMethod)Face_GetClassInfo,
                                              (FaceMethod)Face_GetGUID };

/* Errors come with information on every interface that is implemented in Lua. */
static HRESULT STDMETHODCALLTYPE Face_InterfaceSupportsErrorInfo(Face *face, REFIID iid) {
  LuaObject *object = face->object;
  if (IsEqualGUID(iid, &IID_IDispatch) || (!object->fixed && IsEqualGUID(iid, &IID_IDispatchEx)))
    return S_OK;
  return find_face(object, iid) ? S_OK : S_FALSE;
}

static const FaceMethod support_vtable[4] = { (FaceMethod)face_query_interface, (FaceMethod)face_add_ref,
                                              (FaceMethod)face_release, (FaceMethod)Face_InterfaceSupportsErrorInfo };

/* making */

/* Gives the table a number. Free numbers are a chain through `strong`. */
static lua_Integer enter_table(lua_State *L, Token *token, int index) {
  lua_Integer number = token->free_number;
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->weak);
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->strong);
  if (number == 0) {
    number = token->numbers + 1;
  } else {
    lua_rawgeti(L, -1, number);
    token->free_number = lua_tointeger(L, -1);
    lua_pop(L, 1);
  }
  lua_pushvalue(L, index);
  lua_rawseti(L, -2, number);
  lua_pushvalue(L, index);
  lua_rawseti(L, -3, number);
  lua_pop(L, 2);
  if (number > token->numbers)
    token->numbers = number;
  return number;
}

static void leave_table(lua_State *L, Token *token, lua_Integer number) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->strong);
  lua_pushinteger(L, token->free_number);
  lua_rawseti(L, -2, number);
  lua_pop(L, 1);
  token->free_number = number;
}

static void set_face(Face *face, LuaObject *object, const void *vtable, const InterfacePlan *plan) {
  face->vtable = vtable;
  face->object = object;
  face->plan = plan;
}

static const char exact_tables; /* in the Lua registry: weak, the tables that are marked; absent: none is */

void object_mark_exact(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &exact_tables) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &exact_tables);
  }
  lua_pushvalue(L, -2);
  lua_pushboolean(L, true);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

static bool is_exact(lua_State *L, int index) {
  bool exact = lua_rawgetp(L, LUA_REGISTRYINDEX, &exact_tables) == LUA_TTABLE;
  if (exact) {
    lua_pushvalue(L, index);
    exact = lua_rawget(L, -2) == LUA_TBOOLEAN;
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return exact;
}

/* __status in the metatable: methods may give success codes. */
static bool says_status(lua_State *L, int index) {
  if (luaL_getmetafield(L, index, "__status") == LUA_TNIL)
    return false;
  bool says = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return says;
}

LuaObject *object_make(lua_State *L, Token *token, int index, const ObjectMaking *making) {
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  index = lua_absindex(L, index);
  bool gives_status = says_status(L, index);
  lua_Debug frame;
  size_t script_size = script_frame(L, token->bridge, &frame) ? strlen(frame.short_src) + 1 : 0;
  lua_Integer number = enter_table(L, token, index); /* the last that may raise, and the first with an effect */
  size_t faces_size = sizeof(LuaObject) + making->plan_count * sizeof(Face);
  LuaObject *object = calloc(1, faces_size + script_size);
  if (!object) {
    leave_table(L, token, number);
    raise_status(L, E_OUTOFMEMORY, "com.object");
    return NULL;
  }
  object->number = number;
  if (script_size) {
    object->script = memcpy((char *)object + faces_size, frame.short_src, script_size);
    object->line = frame.currentline;
  }
  object->deferred.run = settle;
  object->token = token_addref(token);
  object->outer = making->outer;
  object->counts = 1;
  object->anchored = true;
  object->fixed = making->plan_count != 0;
  object->exact = is_exact(L, index);
  object->gives_status = gives_status;
  object->class_info = making->class_info;
  if (object->class_info)
    ITypeInfo_AddRef(object->class_info);
  object->events = making->events;
  if (object->events)
    ITypeInfo_AddRef(object->events);
  object->face_count = making->plan_count;
  for (unsigned i = 0; i < making->plan_count; i++) {
    InterfacePlan *plan = interface_plan_addref(making->plans[i]);
    set_face(&object->faces[i], object,
             plan->vtable ? vtable_template_vtable(plan->vtable) : (const void *)dispatch_vtable, plan);
  }
  const InterfacePlan *first = making->plan_count != 0 ? making->plans[0] : NULL;
  set_face(&object->main, object, object->fixed ? (const void *)dispatch_vtable : (const void *)dispatch_ex_vtable,
           first);
  set_face(&object->inner, object, inner_vtable, NULL);
  set_face(&object->provide, object, provide_vtable, NULL);
  set_face(&object->support, object, support_vtable, NULL);
  token->live++;
  return object;
}

void object_push_table(lua_State *L, LuaObject *object) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, object->token->weak);
  lua_rawgeti(L, -1, object->number);
  lua_remove(L, -2);
}

/* handles */

/* The handle is on top of the stack. */
bool object_adopt(lua_State *L, Bridge *bridge, Handle *handle) {
  LuaObject *object = object_of(handle->face);
  if (!object || object->token != bridge->token || object->outer)
    return false;
  object_push_table(L, object);
  lua_setiuservalue(L, -2, 2);
  uint64_t counts = atomic_fetch_add(&object->counts, ONE_INTERNAL) + ONE_INTERNAL;
  if (REFERENCES(counts) == INTERNAL(counts))
    settle_later(object);
  return true;
}

void object_disown(Bridge *bridge, IUnknown *face) {
  (void)bridge;
  LuaObject *object = object_of(face);
  if (object)
    atomic_fetch_sub(&object->counts, ONE_INTERNAL);
}
