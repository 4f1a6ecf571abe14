/* Vtables with holes: a method that was forgotten in an initializer is a NULL that a client would jump to. How long the
 * vtable is and what its slots are called, the module's type library knows; holes get a function that refuses. */
#include <oleander_server.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "activation/activation_internal.h"
#include "activation/servers/server_module.h"
#include "com/com_api.h"

/* Slots that can tell which one they are; above them the refusal has no name. */
#define NAMED_SLOTS 256

/* A vtable that was completed. Faces point to its slots. */
typedef struct Vtable {
  struct Vtable *next; /* of the class */
  OleanderClass *type;
  const OleanderFace *face;
  const void *slots[];
} Vtable;

typedef struct Completed {
  Vtable *vtables;
  OleanderFace faces[];
} Completed;

/* The type information with the vtable of an interface: for a dual one its other half. */
static HRESULT vtable_info(const OleanderClass *type, const IID *iid, ITypeInfo **result) {
  TYPEATTR *attributes = NULL;
  HREFTYPE reference;
  ITypeInfo *info = NULL, *other = NULL;
  HRESULT status = oleander_module_type_info(type->module, iid, &info);

  *result = NULL;
  if (FAILED(status))
    return status;
  status = ITypeInfo_GetTypeAttr(info, &attributes);
  if (SUCCEEDED(status)) {
    bool dual = attributes->typekind == TKIND_DISPATCH && attributes->wTypeFlags & TYPEFLAG_FDUAL;

    ITypeInfo_ReleaseTypeAttr(info, attributes);
    if (dual) {
      status = ITypeInfo_GetRefTypeOfImplType(info, (UINT)-1, &reference);
      if (SUCCEEDED(status))
        status = ITypeInfo_GetRefTypeInfo(info, reference, &other);
      ITypeInfo_Release(info);
      info = other;
    }
  }
  if (SUCCEEDED(status))
    *result = info;
  else if (info)
    ITypeInfo_Release(info);
  return status;
}

static size_t slot_count(ITypeInfo *info) {
  TYPEATTR *attributes = NULL;
  size_t count = 0;

  if (FAILED(ITypeInfo_GetTypeAttr(info, &attributes)))
    return 0;
  if (attributes->typekind == TKIND_INTERFACE)
    count = attributes->cbSizeVft / sizeof(void *);
  ITypeInfo_ReleaseTypeAttr(info, attributes);
  return count;
}

/* The name of the method in a slot of the interface or of one of its bases, for SysFreeString; NULL when unknown. */
static BSTR slot_name(ITypeInfo *info, size_t slot) {
  FUNCDESC *function;
  BSTR name = NULL;
  UINT i, count;

  for (i = 0; !name && SUCCEEDED(ITypeInfo_GetFuncDesc(info, i, &function)); i++) {
    if ((size_t)function->oVft == slot * sizeof(void *))
      ITypeInfo_GetNames(info, function->memid, &name, 1, &count);
    ITypeInfo_ReleaseFuncDesc(info, function);
  }
  return name;
}

static HRESULT refuse(void *face, size_t slot) {
  const void *const *slots = *(const void *const **)face;
  const Vtable *vtable = (const Vtable *)(const void *)((const char *)slots - offsetof(Vtable, slots));
  const char *class_name = vtable->type->progid ? vtable->type->progid : vtable->type->title;
  ITypeInfo *info = NULL;
  BSTR name = NULL, interface_name = NULL;
  char *text = NULL, *interface_text = NULL;

  if (SUCCEEDED(vtable_info(vtable->type, vtable->face->iid, &info))) {
    name = slot_name(info, slot);
    ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &interface_name, NULL, NULL, NULL);
    ITypeInfo_Release(info);
  }
  text = name ? utf8_copy(name) : NULL;
  interface_text = interface_name ? utf8_copy(interface_name) : NULL;
  error_raise(E_NOTIMPL, class_name ? class_name : ERROR_SOURCE, "%s%s%s is not implemented",
              interface_text ? interface_text : "", interface_text ? "::" : "", text ? text : "this method");
  free(text);
  free(interface_text);
  SysFreeString(name);
  SysFreeString(interface_name);
  return E_NOTIMPL;
}

/* The caller cleans up after a call, so one function serves methods of any parameters. */
#define REFUSE(slot)                                                                                                   \
  static HRESULT refuse_##slot(void *face) {                                                                           \
    return refuse(face, 0x##slot);                                                                                     \
  }
/* clang-format off */
#define ROW(DO, high) \
  DO(high##0) DO(high##1) DO(high##2) DO(high##3) DO(high##4) DO(high##5) DO(high##6) DO(high##7) \
  DO(high##8) DO(high##9) DO(high##A) DO(high##B) DO(high##C) DO(high##D) DO(high##E) DO(high##F)
#define ALL(DO) \
  ROW(DO, 0) ROW(DO, 1) ROW(DO, 2) ROW(DO, 3) ROW(DO, 4) ROW(DO, 5) ROW(DO, 6) ROW(DO, 7) \
  ROW(DO, 8) ROW(DO, 9) ROW(DO, A) ROW(DO, B) ROW(DO, C) ROW(DO, D) ROW(DO, E) ROW(DO, F)
#define NAME(slot) refuse_##slot,

ALL(REFUSE)
/* clang-format on */

static HRESULT (*const refusals[NAMED_SLOTS])(void *face) = { ALL(NAME) };

static HRESULT refuse_unnamed(void *face) {
  return refuse(face, (size_t)-1);
}

static const void *refusal(size_t slot) {
  const void *function;
  HRESULT (*chosen)(void *face) = slot < NAMED_SLOTS ? refusals[slot] : refuse_unnamed;

  memcpy(&function, &chosen, sizeof function);
  return function;
}

/* Completes the vtable of one face where it has holes. */
static HRESULT complete(OleanderClass *type, Completed *completed, OleanderFace *face) {
  const void *const *slots = face->vtable;
  ITypeInfo *info;
  Vtable *vtable;
  size_t count, i = 0;

  if (!slots || FAILED(vtable_info(type, face->iid, &info)))
    return S_OK; /* nobody knows how long it is */
  count = slot_count(info);
  ITypeInfo_Release(info);
  while (i < count && slots[i])
    i++;
  if (i == count)
    return S_OK;
  vtable = calloc(1, sizeof *vtable + count * sizeof(void *));
  if (!vtable)
    return E_OUTOFMEMORY;
  vtable->type = type;
  vtable->face = face;
  vtable->next = completed->vtables;
  completed->vtables = vtable;
  for (i = 0; i < count; i++)
    vtable->slots[i] = slots[i] ? slots[i] : refusal(i);
  face->vtable = vtable->slots;
  return S_OK;
}

static void completed_free(Completed *completed) {
  while (completed->vtables) {
    Vtable *vtable = completed->vtables;

    completed->vtables = vtable->next;
    free(vtable);
  }
  free(completed);
}

const OleanderFace *server_complete_faces(OleanderClass *type) {
  Completed *mine = __atomic_load_n((Completed **)&type->completed, __ATOMIC_ACQUIRE);
  HRESULT status = S_OK;
  void *none = NULL;
  size_t count = 0, i;

  if (mine)
    return mine->faces;
  while (type->faces && type->faces[count].iid)
    count++;
  mine = calloc(1, sizeof *mine + (count + 1) * sizeof(OleanderFace));
  if (!mine)
    return NULL;
  for (i = 0; i < count && SUCCEEDED(status); i++) {
    mine->faces[i] = type->faces[i];
    status = complete(type, mine, &mine->faces[i]);
  }
  if (FAILED(status)) {
    completed_free(mine);
    return NULL;
  }
  if (!__atomic_compare_exchange_n(&type->completed, &none, mine, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    completed_free(mine);
    mine = none;
  }
  return mine->faces;
}

void server_completed_free(OleanderClass *type) {
  Completed *completed = __atomic_exchange_n((Completed **)&type->completed, NULL, __ATOMIC_ACQ_REL);

  if (completed)
    completed_free(completed);
}
