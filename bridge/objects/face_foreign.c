/* face_foreign.c - faces of Lua objects for modules that know nothing of Oleander: their IUnknown in the module's convention
 * and with its order of GUIDs, and which other interfaces of its library a table implements. */
#include "bridge/objects/objects_internal.h"
#include "bridge/client/foreign_object.h"
#include "com/com_api.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#define MS_ABI __attribute__((ms_abi))
#else
#define MS_ABI
#endif

/* IUnknown */

HRESULT foreign_face_query(LuaObject *object, const SignatureAbi *abi, REFIID iid, void **result) {
  Face *face = NULL;
  *result = NULL;
  for (unsigned i = 0; i < object->face_count && !face; i++) {
    const InterfacePlan *plan = object->faces[i].plan;
    if (plan->abi == abi && (IsEqualGUID(iid, &IID_IUnknown) || interface_plan_answers(plan, iid)))
      face = &object->faces[i];
  }
  if (!face)
    return E_NOINTERFACE;
  lua_object_addref(object);
  *result = face;
  return S_OK;
}

static HRESULT query(Face *face, const GUID *iid, void **result) {
  if (!result)
    return E_POINTER;
  GUID own = *iid;
  abi_swap_guid(face->plan->abi, &own);
  return foreign_face_query(face->object, face->plan->abi, &own, result);
}

static HRESULT plain_query(Face *face, const GUID *iid, void **result) {
  return query(face, iid, result);
}

static ULONG plain_addref(Face *face) {
  return lua_object_addref(face->object);
}

static ULONG plain_release(Face *face) {
  return lua_object_release(face->object);
}

static MS_ABI HRESULT ms_query(Face *face, const GUID *iid, void **result) {
  return query(face, iid, result);
}

static MS_ABI ULONG ms_addref(Face *face) {
  return lua_object_addref(face->object);
}

static MS_ABI ULONG ms_release(Face *face) {
  return lua_object_release(face->object);
}

void (*const foreign_face_methods[2][3])(void) = {
  { (void (*)(void))plain_query, (void (*)(void))plain_addref, (void (*)(void))plain_release },
  { (void (*)(void))ms_query, (void (*)(void))ms_addref, (void (*)(void))ms_release },
};

/* The pointer is known to lead to a vtable. */
bool face_is_foreign(const void *pointer) {
  FaceMethod first = **(const FaceMethod *const *)pointer;
  return first == (FaceMethod)plain_query || first == (FaceMethod)ms_query;
}

/* Interfaces that a table offers */

/* All interfaces of a library, for one module; kept. */
typedef struct Offer {
  struct Offer *next;
  ITypeLib *library;
  const SignatureAbi *abi;
  unsigned count;
  InterfacePlan *plans[];
} Offer;

static pthread_mutex_t offers_lock = PTHREAD_MUTEX_INITIALIZER;
static Offer *offers;

static void add_interface(Offer *offer, UINT index) {
  ITypeInfo *info = NULL;
  TYPEATTR attributes;
  char problem[160];
  if (FAILED(ITypeLib_GetTypeInfo(offer->library, index, &info)) || !info)
    return;
  if (SUCCEEDED(typeinfo_copy_attributes(info, &attributes)) && attributes.typekind == TKIND_INTERFACE &&
      attributes.cFuncs != 0 && !IsEqualGUID(&attributes.guid, &GUID_NULL) &&
      SUCCEEDED(interface_plan_get(info, true, offer->abi, &offer->plans[offer->count], problem, sizeof problem)))
    offer->count++;
  ITypeInfo_Release(info);
}

/* NULL: out of memory. */
static const Offer *offer_of(ITypeLib *library, const SignatureAbi *abi) {
  pthread_mutex_lock(&offers_lock);
  Offer *offer = offers;
  while (offer && (offer->library != library || offer->abi != abi))
    offer = offer->next;
  pthread_mutex_unlock(&offers_lock);
  if (offer)
    return offer;
  UINT count = ITypeLib_GetTypeInfoCount(library);
  offer = calloc(1, sizeof *offer + count * sizeof offer->plans[0]);
  if (!offer)
    return NULL;
  offer->library = library;
  ITypeLib_AddRef(library);
  offer->abi = abi;
  for (UINT i = 0; i < count; i++)
    add_interface(offer, i);
  pthread_mutex_lock(&offers_lock);
  offer->next = offers;
  offers = offer;
  pthread_mutex_unlock(&offers_lock);
  return offer;
}

/* Whether the table at `index`, or one of its __index tables, has a function under that name. */
static bool has_function(lua_State *L, int index, const char *name) {
  int top = lua_gettop(L);
  lua_pushvalue(L, index);
  bool found = false;
  for (int depth = 0; depth < INDEX_DEPTH && !found; depth++) {
    lua_pushstring(L, name);
    int type = lua_rawget(L, -2);
    found = type == LUA_TFUNCTION;
    lua_pop(L, 1);
    if (type != LUA_TNIL || !table_parent(L))
      break;
  }
  lua_settop(L, top);
  return found;
}

static bool implements(lua_State *L, int index, const InterfacePlan *plan) {
  for (unsigned i = 0; i < plan->method_count; i++) {
    const MethodPlan *method = &plan->methods[i];
    bool qualified = method->names.accessor && has_function(L, index, method->names.accessor->text);
    if (!qualified && !has_function(L, index, method->name))
      return false;
  }
  return plan->method_count != 0;
}

void offered_interfaces(lua_State *L, int index, ITypeInfo *info, const SignatureAbi *abi, InterfacePlan **plans,
                        unsigned *count, unsigned limit) {
  ITypeLib *library = NULL;
  UINT place;
  if (!lua_istable(L, index) || FAILED(typeinfo_get_library(info, &library, &place)))
    return;
  const Offer *offer = offer_of(library, abi);
  ITypeLib_Release(library);
  for (unsigned i = 0; offer && i < offer->count && *count < limit; i++) {
    bool there = false;
    for (unsigned k = 0; k < *count; k++)
      there |= interface_plan_answers(plans[k], &offer->plans[i]->iid);
    if (!there && implements(L, index, offer->plans[i]))
      plans[(*count)++] = interface_plan_addref(offer->plans[i]);
  }
}
