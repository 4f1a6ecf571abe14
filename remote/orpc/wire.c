/* How interfaces travel, by IID; see wire.h. */
#include "remote/orpc/wire.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <ocidl.h>

#include "remote/orpc/orpc_internal.h"

enum { SLOT_LIMIT = 4096, LINE_LIMIT = 64, BUCKETS = 128, IDLE_LIMIT = 64 };

/* Interfaces that nobody uses any more stay for a while: another object of the kind comes soon, and a call may be on its way out
 * of the vtable. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static WireInterface *buckets[BUCKETS]; /* all; without a reference, but for the lasting ones */
static WireInterface *idle_first, *idle_last;
static unsigned idle_count;

static WireInterface **bucket_of(REFIID iid) {
  return &buckets[(iid->Data1 ^ iid->Data1 >> 11 ^ iid->Data4[7]) % BUCKETS];
}

/* Counting. The last reference and the look-up meet under the lock. */

WireInterface *wire_addref(WireInterface *wire) {
  atomic_fetch_add_explicit(&wire->references, 1, memory_order_relaxed);
  return wire;
}

static void discard(WireInterface *wire) {
  for (UINT slot = 0; slot < wire->count; slot++) {
    WireMethod *method = &wire->methods[slot];
    if (method->method)
      ndr_method_release(method->method);
    if (method->signature)
      signature_release(method->signature);
    if (method->wire)
      signature_release(method->wire);
  }
  vtable_template_destroy(wire->vtable);
  if (wire->type)
    ITypeInfo_Release(wire->type);
  free(wire);
}

static void unlink_locked(WireInterface *wire) {
  WireInterface **link = bucket_of(&wire->iid);
  while (*link != wire)
    link = &(*link)->next;
  *link = wire->next;
}

static void begin_idle_locked(WireInterface *wire) {
  wire->idle_next = NULL;
  wire->idle_before = idle_last;
  if (idle_last)
    idle_last->idle_next = wire;
  else
    idle_first = wire;
  idle_last = wire;
  idle_count++;
}

static void end_idle_locked(WireInterface *wire) {
  if (wire->idle_before)
    wire->idle_before->idle_next = wire->idle_next;
  else
    idle_first = wire->idle_next;
  if (wire->idle_next)
    wire->idle_next->idle_before = wire->idle_before;
  else
    idle_last = wire->idle_before;
  idle_count--;
}

void wire_release(WireInterface *wire) {
  if (!wire)
    return;
  uint32_t count = atomic_load(&wire->references);
  while (count > 1) {
    if (atomic_compare_exchange_weak(&wire->references, &count, count - 1))
      return;
  }
  WireInterface *gone = NULL;
  pthread_mutex_lock(&lock);
  if (atomic_fetch_sub(&wire->references, 1) == 1)
    begin_idle_locked(wire);
  if (idle_count > IDLE_LIMIT) {
    gone = idle_first;
    end_idle_locked(gone);
    unlink_locked(gone);
  }
  pthread_mutex_unlock(&lock);
  if (gone)
    discard(gone);
}

static WireInterface *use_locked(WireInterface *wire) {
  if (atomic_fetch_add(&wire->references, 1) == 0)
    end_idle_locked(wire);
  return wire;
}

static WireInterface *find_locked(REFIID iid) {
  WireInterface *wire = *bucket_of(iid);
  while (wire && !IsEqualIID(&wire->iid, iid))
    wire = wire->next;
  return wire;
}

WireInterface *wire_find_known(REFIID iid) {
  pthread_mutex_lock(&lock);
  WireInterface *wire = find_locked(iid);
  if (wire)
    use_locked(wire);
  pthread_mutex_unlock(&lock);
  return wire;
}

/* Another thread may have been faster. */
static WireInterface *enter(WireInterface *fresh) {
  pthread_mutex_lock(&lock);
  WireInterface *wire = find_locked(&fresh->iid);
  if (wire) {
    use_locked(wire);
  } else {
    WireInterface **link = bucket_of(&fresh->iid);
    fresh->next = *link;
    *link = wire = fresh;
    if (fresh->lasting)
      wire_addref(fresh);
  }
  pthread_mutex_unlock(&lock);
  if (wire != fresh)
    discard(fresh);
  return wire;
}

/* Filling the slots */

typedef struct Draft {
  WireInterface *wire;
  UINT room;
} Draft;

static HRESULT draft_slot(Draft *draft, UINT slot) {
  if (slot >= SLOT_LIMIT)
    return TYPE_E_INVDATAREAD;
  if (slot >= draft->room) {
    UINT room = slot < 16 ? 32 : slot * 2;
    WireInterface *grown = realloc(draft->wire, sizeof *grown + room * sizeof(WireMethod));
    if (!grown)
      return E_OUTOFMEMORY;
    memset(&grown->methods[draft->room], 0, (room - draft->room) * sizeof(WireMethod));
    draft->wire = grown;
    draft->room = room;
  }
  if (slot >= draft->wire->count)
    draft->wire->count = slot + 1;
  return S_OK;
}

static HRESULT draft_begin(Draft *draft, REFIID iid) {
  draft->room = 0;
  draft->wire = calloc(1, sizeof *draft->wire);
  if (!draft->wire)
    return E_OUTOFMEMORY;
  draft->wire->iid = *iid;
  draft->wire->references = 1;
  return S_OK;
}

static const CallAs *find_call_as(REFIID iid, UINT slot) {
  static const CallAs *const tables[] = { call_as_dispatch, call_as_classes, call_as_types, call_as_storage };
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
    for (const CallAs *entry = tables[i]; entry->iid; entry++) {
      if (entry->slot == slot && IsEqualIID(entry->iid, iid))
        return entry;
    }
  }
  return NULL;
}

/* The interface in the line that declares the slot itself. */
static const StandardInterface *declaring(const StandardInterface *standard, UINT slot) {
  while (standard && slot < standard->first_slot)
    standard = standard_interface_named(standard->base ? standard->base : "IUnknown");
  return standard;
}

/* [out] pointers that may be NULL in the call, and on the wire must not. */
static uint32_t find_substitutes(const Signature *called, const Signature *wire) {
  uint32_t found = 0;
  for (unsigned k = 0; k < called->count && k < 32; k++) {
    if (called->parameters[k].flags & PARAMETER_UNIQUE && called->parameters[k].flags & PARAMETER_OUT &&
        !(wire->parameters[k].flags & PARAMETER_UNIQUE))
      found |= 1u << k;
  }
  return found;
}

static HRESULT fill_standard_slot(WireMethod *method, const StandardInterface *standard, UINT slot) {
  const StandardInterface *declares = declaring(standard, slot);
  HRESULT status = standard_interface_signature(standard, slot, false, &method->signature);
  if (FAILED(status))
    return status;
  method->call_as = declares ? find_call_as(declares->iid, slot) : NULL;
  if (method->call_as)
    return S_OK;
  status = standard_interface_signature(standard, slot, true, &method->wire);
  if (FAILED(status))
    return status;
  if (method->wire->count != method->signature->count) {
    signature_release(method->wire); /* it has another form, and nobody has written it */
    method->wire = NULL;
    return S_OK;
  }
  method->substitutes = find_substitutes(method->signature, method->wire);
  method->is_next = slot == 3 && strncmp(declares->name, "IEnum", 5) == 0 && method->wire->count == 3;
  /* Names that are not known are told one by one. */
  method->keeps_out = (slot == 5 && IsEqualIID(declares->iid, &IID_IDispatch)) ||
                      (slot == 10 && IsEqualIID(declares->iid, &IID_ITypeInfo));
  return S_OK;
}

static HRESULT fill_standard(Draft *draft, const StandardInterface *standard) {
  UINT count = standard->first_slot + standard->method_count;
  HRESULT status = S_OK;
  for (UINT slot = 0; slot < count && SUCCEEDED(status); slot++) {
    status = draft_slot(draft, slot);
    if (SUCCEEDED(status) && slot >= 3)
      status = fill_standard_slot(&draft->wire->methods[slot], standard, slot);
  }
  return status;
}

/* What one type of the line declares; what derives from it goes before. */
static HRESULT fill_functions(Draft *draft, ITypeInfo *info, UINT functions) {
  for (UINT index = 0; index < functions; index++) {
    const Signature *signature;
    HRESULT status = typeinfo_signature(info, index, NULL, &signature);
    if (FAILED(status))
      return status;
    bool called = !(signature->flags & (SIGNATURE_DISPATCH | SIGNATURE_STATIC)) && signature->slot >= 3;
    if (called)
      status = draft_slot(draft, signature->slot);
    WireMethod *method = called && SUCCEEDED(status) ? &draft->wire->methods[signature->slot] : NULL;
    if (method && !method->signature) {
      method->signature = signature;
      method->wire = signature_addref(signature);
    } else {
      signature_release(signature);
    }
    if (FAILED(status))
      return status;
  }
  return S_OK;
}

static HRESULT base_of(ITypeInfo *info, ITypeInfo **base) {
  HREFTYPE reference;
  HRESULT status = ITypeInfo_GetRefTypeOfImplType(info, 0, &reference);
  return FAILED(status) ? status : ITypeInfo_GetRefTypeInfo(info, reference, base);
}

/* Walks up to a standard interface, which every line ends in. */
static HRESULT fill_line(Draft *draft, ITypeInfo *info) {
  HRESULT status = S_OK;
  ITypeInfo_AddRef(info);
  for (unsigned level = 0; level < LINE_LIMIT; level++) {
    TYPEATTR *attributes;
    status = ITypeInfo_GetTypeAttr(info, &attributes);
    if (FAILED(status))
      break;
    const StandardInterface *standard = standard_interface_find(&attributes->guid);
    UINT functions = attributes->cFuncs, bases = attributes->cImplTypes;
    ITypeInfo_ReleaseTypeAttr(info, attributes);
    if (standard) {
      status = fill_standard(draft, standard);
      break;
    }
    status = bases ? fill_functions(draft, info, functions) : TYPE_E_WRONGTYPEKIND;
    ITypeInfo *base = NULL;
    if (SUCCEEDED(status))
      status = base_of(info, &base);
    if (FAILED(status))
      break;
    ITypeInfo_Release(info);
    info = base;
    status = TYPE_E_CIRCULARTYPE;
  }
  ITypeInfo_Release(info);
  return status;
}

/* Making it whole */

static HRESULT STDMETHODCALLTYPE not_described(void *self) {
  (void)self;
  return E_NOTIMPL;
}

static HRESULT make_vtable(WireInterface *wire) {
  VtableSlot *slots = calloc(wire->count, sizeof *slots);
  if (!slots)
    return E_OUTOFMEMORY;
  proxy_fill_unknown(slots);
  for (UINT slot = 3; slot < wire->count; slot++) {
    const WireMethod *method = &wire->methods[slot];
    if (method->signature && !method->signature->unsupported)
      slots[slot].signature = method->signature;
    else
      slots[slot].function = (void (*)(void))not_described;
  }
  HRESULT status = vtable_template_create(slots, wire->count, proxy_called, wire, NULL, &wire->vtable);
  free(slots);
  return status;
}

/* Takes the draft over. */
static HRESULT finish(Draft *draft, HRESULT status, WireInterface **result) {
  WireInterface *wire = draft->wire;
  if (SUCCEEDED(status) && wire->count < 3)
    status = TYPE_E_WRONGTYPEKIND;
  if (SUCCEEDED(status))
    status = make_vtable(wire);
  if (FAILED(status)) {
    discard(wire);
    return status;
  }
  *result = enter(wire);
  return S_OK;
}

static HRESULT from_standard(REFIID iid, const StandardInterface *standard, WireInterface **result) {
  Draft draft;
  HRESULT status = draft_begin(&draft, iid);
  if (FAILED(status))
    return status;
  draft.wire->lasting = IsEqualIID(iid, standard->iid);
  draft.wire->dispatch = !draft.wire->lasting;
  return finish(&draft, fill_standard(&draft, standard), result);
}

/* The half of a type that has a vtable; S_FALSE: there is none but that of IDispatch. */
static HRESULT vtable_half(ITypeInfo *info, ITypeInfo **half) {
  TYPEATTR *attributes;
  HREFTYPE reference;
  *half = NULL;
  HRESULT status = ITypeInfo_GetTypeAttr(info, &attributes);
  if (FAILED(status))
    return status;
  TYPEKIND kind = attributes->typekind;
  bool is_dual = (attributes->wTypeFlags & TYPEFLAG_FDUAL) != 0;
  ITypeInfo_ReleaseTypeAttr(info, attributes);
  if (kind == TKIND_INTERFACE) {
    ITypeInfo_AddRef(info);
    *half = info;
    return S_OK;
  }
  if (kind != TKIND_DISPATCH)
    return TYPE_E_WRONGTYPEKIND;
  if (!is_dual)
    return S_FALSE;
  status = ITypeInfo_GetRefTypeOfImplType(info, (UINT)-1, &reference);
  return FAILED(status) ? status : ITypeInfo_GetRefTypeInfo(info, reference, half);
}

static bool is_own_type(ITypeInfo *info) {
  IUnknown *own;
  if (FAILED(ITypeInfo_QueryInterface(info, &IID_IOleanderTypeInfo, (void **)&own)))
    return false;
  IUnknown_Release(own);
  return true;
}

static HRESULT from_type(REFIID iid, ITypeInfo *info, WireInterface **result) {
  ITypeInfo *half;
  Draft draft;
  HRESULT status = vtable_half(info, &half);
  if (status == S_FALSE)
    return from_standard(iid, standard_interface_find(&IID_IDispatch), result);
  if (FAILED(status))
    return status;
  status = draft_begin(&draft, iid);
  if (SUCCEEDED(status)) {
    HRESULT filled = fill_line(&draft, half);
    if (SUCCEEDED(filled) && is_own_type(half)) {
      ITypeInfo_AddRef(half);
      draft.wire->type = half;
    }
    status = finish(&draft, filled, result);
  }
  ITypeInfo_Release(half);
  return status;
}

/* What an object shows */

static bool is_type_of(ITypeInfo *info, REFIID iid) {
  TYPEATTR *attributes;
  if (FAILED(ITypeInfo_GetTypeAttr(info, &attributes)))
    return false;
  bool same = IsEqualIID(&attributes->guid, iid);
  ITypeInfo_ReleaseTypeAttr(info, attributes);
  return same;
}

/* In the library that a type comes from. */
static HRESULT find_beside(ITypeInfo *info, REFIID iid, ITypeInfo **found) {
  ITypeLib *library;
  UINT index;
  if (is_type_of(info, iid)) {
    ITypeInfo_AddRef(info);
    *found = info;
    return S_OK;
  }
  HRESULT status = ITypeInfo_GetContainingTypeLib(info, &library, &index);
  if (FAILED(status))
    return status;
  status = ITypeLib_GetTypeInfoOfGuid(library, iid, found);
  ITypeLib_Release(library);
  return status;
}

static HRESULT find_by_dispatch(IUnknown *object, REFIID iid, ITypeInfo **found) {
  IDispatch *dispatch;
  ITypeInfo *info = NULL;
  HRESULT status = IUnknown_QueryInterface(object, &IID_IDispatch, (void **)&dispatch);
  if (FAILED(status))
    return status;
  status = IDispatch_GetTypeInfo(dispatch, 0, LOCALE_NEUTRAL, &info);
  IDispatch_Release(dispatch);
  if (FAILED(status) || !info)
    return FAILED(status) ? status : E_NOINTERFACE;
  status = find_beside(info, iid, found);
  ITypeInfo_Release(info);
  return status;
}

static HRESULT find_by_class(IUnknown *object, REFIID iid, ITypeInfo **found) {
  IProvideClassInfo *provide;
  ITypeInfo *info = NULL;
  HRESULT status = IUnknown_QueryInterface(object, &IID_IProvideClassInfo, (void **)&provide);
  if (FAILED(status))
    return status;
  status = IProvideClassInfo_GetClassInfo(provide, &info);
  IProvideClassInfo_Release(provide);
  if (FAILED(status) || !info)
    return FAILED(status) ? status : E_NOINTERFACE;
  status = find_beside(info, iid, found);
  ITypeInfo_Release(info);
  return status;
}

/* The libraries of interfaces that are known already: what one of their methods takes or gives is often of the same. */
static ITypeInfo *known_type(unsigned *begin) {
  ITypeInfo *info = NULL;
  pthread_mutex_lock(&lock);
  unsigned number = 0;
  for (unsigned i = 0; i < BUCKETS && !info; i++) {
    for (WireInterface *wire = buckets[i]; wire && !info; wire = wire->next) {
      if (!wire->type || number++ != *begin)
        continue;
      info = wire->type;
      ITypeInfo_AddRef(info);
    }
  }
  pthread_mutex_unlock(&lock);
  ++*begin;
  return info;
}

static HRESULT find_beside_known(REFIID iid, ITypeInfo **found) {
  HRESULT status = E_NOINTERFACE;
  unsigned number = 0;
  for (ITypeInfo *info; FAILED(status) && (info = known_type(&number)) != NULL; ITypeInfo_Release(info))
    status = find_beside(info, iid, found);
  return status;
}

HRESULT wire_find(REFIID iid, IUnknown *object, WireInterface **result) {
  ITypeInfo *info = NULL;
  *result = wire_find_known(iid);
  if (*result)
    return S_OK;
  const StandardInterface *standard = standard_interface_find(iid);
  if (standard)
    return from_standard(iid, standard, result);
  HRESULT status = interface_type(iid, &info);
  if (status == E_OUTOFMEMORY)
    return status;
  if (FAILED(status))
    status = find_beside_known(iid, &info);
  if (FAILED(status) && object)
    status = find_by_dispatch(object, iid, &info);
  if (FAILED(status) && object)
    status = find_by_class(object, iid, &info);
  if (FAILED(status))
    return status == E_OUTOFMEMORY ? status : REGDB_E_IIDNOTREG;
  status = from_type(iid, info, result);
  ITypeInfo_Release(info);
  return status;
}

HRESULT wire_factory(REFIID iid, WireInterface **known, IPSFactoryBuffer **factory) {
  *known = NULL;
  *factory = NULL;
  if (!remote_activation)
    return S_FALSE;
  HRESULT status = remote_activation->proxy_factory(iid, false, factory);
  if (status != S_FALSE)
    return status;
  *known = wire_find_known(iid);
  return *known || standard_interface_find(iid) ? S_FALSE : remote_activation->proxy_factory(iid, true, factory);
}

HRESULT wire_method(const WireInterface *wire, UINT slot, const NdrMethod **method) {
  const NdrMethod *none = NULL;
  *method = NULL;
  if (slot >= wire->count || slot < 3 || !wire->methods[slot].wire)
    return E_NOTIMPL;
  WireMethod *place = (WireMethod *)(uintptr_t)&wire->methods[slot];
  *method = atomic_load_explicit(&place->method, memory_order_acquire);
  if (*method)
    return S_OK;
  HRESULT status = ndr_method_create(place->wire, method);
  if (FAILED(status))
    return status;
  if (!atomic_compare_exchange_strong(&place->method, &none, *method)) {
    ndr_method_release(*method);
    *method = none;
  }
  return S_OK;
}
