/* handle.c - the object userdata: one COM reference each, COM identity, release by script, block end or collector. */
#include "bridge/client/foreign_object.h"
#include "bridge/client/held.h"

#include <string.h>

const char handle_tag = 0;
static const char identity_tag = 0;

/* arrival */

typedef struct Delivery {
  Bridge *bridge;
  IUnknown *face; /* ours until a userdata has it */
  const Arrival *arrival;
} Delivery;

/* What a module calls an interface pointer is looked at before anything is called. */
static void check_foreign(lua_State *L, const View *view, const Arrival *arrival, const void *object) {
  char problem[192];
  if (foreign_check(arrival->abi, object, view->slots, problem, sizeof problem) == FOREIGN_BAD)
    raise_text(L, E_POINTER, view->name, "the module gave no such object: %s", problem);
}

/* The pointer of a module becomes one that the state can hold; *target is what is called. */
static void receive_foreign(lua_State *L, Delivery *delivery, IUnknown **target) {
  *target = delivery->face;
  if (!abi_wraps_unknown(delivery->arrival->abi))
    return;
  delivery->face = foreign_wrap(delivery->arrival->abi, delivery->face);
  if (!delivery->face)
    raise_status(L, E_OUTOFMEMORY, NULL);
}

static int deliver(lua_State *L) {
  Delivery *delivery = lua_touserdata(L, 1);
  Bridge *bridge = delivery->bridge;
  const Arrival *arrival = delivery->arrival;
  IUnknown *target = NULL;
  bool own = false;
  if (arrival->abi) {
    char problem[192];
    ForeignCheck check = foreign_check(arrival->abi, delivery->face, 3, problem, sizeof problem);
    own = check != FOREIGN_GOOD && bridge->own_face && bridge->own_face(delivery->face);
    if (check == FOREIGN_BAD && !own) {
      delivery->face = NULL; /* it is none that could be released */
      return raise_text(L, E_POINTER, NULL, "the module gave no object: %s", problem);
    }
  }
  if (!arrival->client_view && bridge->own_object && (!arrival->abi || own) &&
      bridge->own_object(L, bridge, delivery->face))
    return 1;
  if (arrival->abi)
    receive_foreign(L, delivery, &target);
  Handle *handle = lua_newuserdatauv(L, sizeof *handle, 2);
  memset(handle, 0, sizeof *handle);
  View *view = view_push_metatable(L, bridge, &delivery->face, arrival);
  if (arrival->abi && !own)
    check_foreign(L, view, arrival, target);
  if (!bridge_reserve_release(bridge))
    return raise_status(L, E_OUTOFMEMORY, NULL);
  handle->tag = &handle_tag;
  handle->bridge = bridge;
  handle->view = view;
  view->users++;
  handle->flags = arrival->flags & (HANDLE_INHERITED | HANDLE_BY_ID);
  handle->face = delivery->face;
  handle->target = target ? target : delivery->face;
  handle->dispatch = view->dispatch ? (IDispatch *)delivery->face : NULL;
  delivery->face = NULL;
  lua_setmetatable(L, -2);
  if (bridge->adopt)
    bridge->adopt(L, bridge, handle);
  return 1;
}

/* The collector weighs a handle, not the object behind it; unasked it would let thousands of dead objects wait. Every arrival
 * counts as so many bytes of new memory; a collector that the script stopped stays so. */
enum { ARRIVALS_A_STEP = 16, KILOBYTES_A_STEP = 16 };

static void weigh_arrival(lua_State *L, Bridge *bridge) {
  if (++bridge->arrivals % ARRIVALS_A_STEP == 0 && lua_gc(L, LUA_GCISRUNNING))
    lua_gc(L, LUA_GCSTEP, KILOBYTES_A_STEP);
}

void handle_push(lua_State *L, Bridge *bridge, IUnknown *object, const Arrival *arrival) {
  if (!object) {
    lua_pushnil(L);
    return;
  }
  Delivery delivery = { bridge, object, arrival };
  bool delivered = bridge_protected(L, deliver, &delivery, 1);
  if (delivery.face && arrival->abi && !foreign_unwrap(delivery.face)) /* not delivered, or the table stands for it */
    foreign_release(arrival->abi, delivery.face);
  else if (delivery.face)
    IUnknown_Release(delivery.face);
  if (!delivered)
    lua_error(L);
  weigh_arrival(L, bridge);
}

/* letting go */

static void release_face(Bridge *bridge, IUnknown *face) {
  bridge_unreserve_release(bridge);
  if (bridge->disown)
    bridge->disown(bridge, face);
  bridge_leave(bridge);
  IUnknown_Release(face);
  bridge_return(bridge);
}

void handle_settle(Handle *handle) {
  IUnknown *face = handle->parting;
  handle->flags &= ~(uint32_t)HANDLE_DOOMED;
  handle->parting = NULL;
  if (face)
    release_face(handle->bridge, face);
}

/* False when it was released before. */
static bool let_go(Handle *handle) {
  IUnknown *face = handle->face;
  if (!face)
    return false;
  handle->face = NULL;
  handle->dispatch = NULL;
  if (handle->busy != 0) {
    handle->parting = face;
    handle->flags |= HANDLE_DOOMED;
  } else {
    release_face(handle->bridge, face);
  }
  return true;
}

int handle_close(lua_State *L) {
  Handle *handle = handle_at(L, 1);
  if (handle)
    let_go(handle);
  return 0;
}

/* Never calls out: the reference is released at the next entry into the bridge. */
int handle_gc(lua_State *L) {
  Handle *handle = handle_at(L, 1);
  if (!handle)
    return 0;
  if (handle->face) {
    Bridge *bridge = handle->bridge;
    if (bridge->disown)
      bridge->disown(bridge, handle->face);
    bridge_defer_release(bridge, handle->face);
  }
  handle->face = NULL;
  handle->dispatch = NULL;
  if (!handle->collected)
    view_leave(handle->view);
  handle->collected = true;
  return 0;
}

/* use */

Handle *handle_check(lua_State *L, int index, const char *name) {
  Handle *handle = handle_at(L, index);
  if (!handle)
    raise_argument(L, E_INVALIDARG, name, index, "an object is wanted here, not %s", value_type_name(L, index));
  else if (!handle->face)
    raise_text(L, CO_E_RELEASED, name, "the %s object has been released", handle->view->name);
  return handle;
}

HRESULT handle_query(Handle *handle, REFIID iid, void **face) {
  *face = NULL;
  if (!handle->face)
    return CO_E_RELEASED;
  HRESULT result = IUnknown_QueryInterface(handle->face, iid, face);
  if (SUCCEEDED(result) && !*face)
    return E_POINTER;
  return result;
}

/* What values ask (values.h). */

static const char *seam_name(lua_State *L, int index) {
  const Handle *handle = handle_at(L, index);
  if (!handle) {
    const Held *held = held_at(L, index);
    return held ? held->kind->name : NULL;
  }
  return handle->view ? handle->view->name : "an object";
}

static HRESULT held_query(lua_State *L, int index, REFIID iid, void **face) {
  const Held *held = held_at(L, index);
  if (!held)
    return S_FALSE;
  if (!held->face)
    return CO_E_RELEASED;
  HRESULT result = IUnknown_QueryInterface(held->face, iid, face);
  return FAILED(result) ? result : S_OK;
}

static HRESULT seam_query(lua_State *L, int index, REFIID iid, void **face) {
  Handle *handle = handle_at(L, index);
  if (!handle)
    return held_query(L, index, iid, face);
  HRESULT result = handle_query(handle, iid, face);
  return FAILED(result) ? result : S_OK;
}

/* Whether what one ABI calls is what the other one has. */
static bool abi_agrees(const SignatureAbi *a, const SignatureAbi *b) {
  return a == b || (a->convention == b->convention && a->guid_big_endian == b->guid_big_endian &&
                    a->extra_slots == b->extra_slots && a->extra_position == b->extra_position);
}

static HRESULT seam_query_foreign(lua_State *L, int index, REFIID iid, const SignatureAbi *abi, void **face) {
  static const SignatureAbi native = { .extra_position = 3 };
  Handle *handle = handle_at(L, index);
  if (!handle)
    return abi->extra_slots == 0 && !abi_wraps_unknown(abi) ? held_query(L, index, iid, face) : S_FALSE;
  if (!handle->face)
    return CO_E_RELEASED;
  const SignatureAbi *has = handle->view->abi;
  if (!has && handle->bridge->own_query && handle->bridge->own_query(handle->face, iid, abi, face))
    return S_OK;
  if (!has && abi->extra_slots == 0 && !abi_wraps_unknown(abi))
    return handle_query(handle, iid, face);
  if (!abi_agrees(has ? has : &native, abi))
    return RPC_E_WRONG_THREAD;
  return foreign_query(abi, handle->target, iid, face);
}

static HRESULT held_to_variant(lua_State *L, int index, VARIANT *value) {
  void *face = NULL;
  HRESULT result = held_query(L, index, &IID_IUnknown, &face);
  if (result != S_OK)
    return result;
  V_VT(value) = VT_UNKNOWN;
  V_UNKNOWN(value) = face;
  return S_OK;
}

static HRESULT seam_to_variant(lua_State *L, int index, VARIANT *value) {
  Handle *handle = handle_at(L, index);
  if (!handle)
    return held_to_variant(L, index, value);
  void *face = NULL;
  HRESULT result = handle_query(handle, &IID_IDispatch, &face);
  if (result == CO_E_RELEASED)
    return result;
  if (SUCCEEDED(result)) {
    /* An interface that is an IDispatch travels itself: another one of the object may mean something else. */
    if (handle->dispatch) {
      IDispatch_AddRef(handle->dispatch);
      IUnknown_Release((IUnknown *)face);
      face = handle->dispatch;
    }
    V_VT(value) = VT_DISPATCH;
    V_DISPATCH(value) = face;
    return S_OK;
  }
  IUnknown_AddRef(handle->face);
  V_VT(value) = VT_UNKNOWN;
  V_UNKNOWN(value) = handle->face;
  return S_OK;
}

static IUnknown *identity_of(lua_State *L, int index, const char *name) {
  Handle *handle = handle_check(L, index, name);
  void *identity = NULL;
  HRESULT result = handle_query(handle, &IID_IUnknown, &identity);
  if (FAILED(result))
    raise_status(L, result, name);
  return identity;
}

int handle_equal(lua_State *L) {
  if (!handle_at(L, 1) || !handle_at(L, 2)) {
    lua_pushboolean(L, false);
    return 1;
  }
  handle_check(L, 1, "==");
  handle_check(L, 2, "==");
  IUnknown *a = identity_of(L, 1, "==");
  void *b = NULL;
  HRESULT result = handle_query(handle_at(L, 2), &IID_IUnknown, &b);
  IUnknown_Release(a);
  if (FAILED(result))
    return raise_status(L, result, "==");
  IUnknown_Release((IUnknown *)b);
  lua_pushboolean(L, a == (IUnknown *)b);
  return 1;
}

int handle_tostring(lua_State *L) {
  Handle *handle = handle_at(L, 1);
  if (!handle)
    lua_pushstring(L, "object");
  else if (!handle->face)
    lua_pushfstring(L, "%s (released)", handle->view->name);
  else
    lua_pushfstring(L, "%s (%s): %p", handle->view->name, view_route_name(handle->view), (void *)handle->face);
  return 1;
}

/* core.* */

static int core_release(lua_State *L) {
  Handle *handle = handle_at(L, 1);
  const Held *held = handle ? NULL : held_at(L, 1);
  if (held) {
    lua_pushboolean(L, held->face != NULL);
    held_close(L);
    return 1;
  }
  if (!handle)
    return raise_argument(L, E_INVALIDARG, "com.release", 1, "an object is wanted here, not %s", value_type_name(L, 1));
  bridge_enter(L, handle->bridge);
  lua_pushboolean(L, let_go(handle));
  return 1;
}

/* The key of an object holds a reference, so that its address cannot become another object's while the key is in use. */
typedef struct Identity {
  const char *tag;
  Bridge *bridge;
  IUnknown *object;
} Identity;

static int identity_gc(lua_State *L) {
  Identity *identity = tagged(L, 1, &identity_tag, sizeof(Identity));
  if (identity && identity->object) {
    bridge_defer_release(identity->bridge, identity->object);
    identity->object = NULL;
  }
  return 0;
}

static int push_identity(lua_State *L) {
  Identity *given = lua_touserdata(L, 1);
  Bridge *bridge = given->bridge;
  lua_rawgeti(L, LUA_REGISTRYINDEX, bridge->identities);
  if (lua_rawgetp(L, -1, given->object) != LUA_TNIL)
    return 1;
  lua_pop(L, 1);
  Identity *identity = lua_newuserdatauv(L, sizeof *identity, 0);
  memset(identity, 0, sizeof *identity);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &identity_tag);
  lua_setmetatable(L, -2);
  if (!bridge_reserve_release(bridge))
    return raise_status(L, E_OUTOFMEMORY, "com.key");
  *identity = *given;
  given->object = NULL;
  lua_pushvalue(L, -1);
  lua_rawsetp(L, -3, identity->object);
  return 1;
}

void handle_open_types(lua_State *L, Bridge *bridge) {
  static const ObjectSeam seam = { seam_name, seam_query, seam_query_foreign, seam_to_variant, handle_push };
  bridge->objects = &seam;
  lua_createtable(L, 0, 2);
  lua_pushcfunction(L, identity_gc);
  lua_setfield(L, -2, "__gc");
  lua_pushliteral(L, "object key");
  lua_setfield(L, -2, "__name");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &identity_tag);
}

static int core_key(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  Identity identity = { &identity_tag, bridge, identity_of(L, 1, "com.key") };
  bool pushed = bridge_protected(L, push_identity, &identity, 1);
  if (identity.object)
    IUnknown_Release(identity.object);
  return pushed ? 1 : lua_error(L);
}

/* handle_check(o, function): an error that names the function unless o is an object that is still there. */
static int core_handle_check(lua_State *L) {
  handle_check(L, 1, luaL_checkstring(L, 2));
  return 0;
}

/* of_module(o): whether the object belongs to a module of another ABI, whose counts are no arguments */
static int core_of_module(lua_State *L) {
  lua_pushboolean(L, handle_check(L, 1, "com.spy")->view->abi != NULL);
  return 1;
}

/* exact(o): another reference to the object, whose calls give VARIANTs with their wire types */
static int core_exact(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.spy");
  Bridge *bridge = handle->bridge;
  bridge_enter(L, bridge);
  Handle *copy = lua_newuserdatauv(L, sizeof *copy, 2);
  memset(copy, 0, sizeof *copy);
  if (!bridge_reserve_release(bridge))
    return raise_status(L, E_OUTOFMEMORY, "com.spy");
  copy->tag = &handle_tag;
  copy->bridge = bridge;
  copy->view = handle->view;
  copy->view->users++;
  copy->flags = (handle->flags & (HANDLE_INHERITED | HANDLE_BY_ID)) | HANDLE_EXACT;
  copy->face = handle->face;
  copy->target = handle->target;
  copy->dispatch = handle->dispatch;
  IUnknown_AddRef(copy->face);
  lua_getmetatable(L, 1);
  lua_setmetatable(L, -2);
  if (bridge->adopt)
    bridge->adopt(L, bridge, copy);
  return 1;
}

const luaL_Reg core_handle_functions[] = {
  { "exact", core_exact },
  { "of_module", core_of_module },
  { "handle_check", core_handle_check },
  { "release", core_release },
  { "key", core_key },
  { NULL, NULL },
};
