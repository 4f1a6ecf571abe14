/* A server as there are many: its enumerator is careless about counts, it hands out an object without type information that
 * takes every call whatever its arguments, and its methods take records by reference. */
#include <initguid.h>
#include <oleander_server.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lenient.h"

#define ELEMENTS 3

/* What Next of the enumerator does. */
typedef enum Habit { COUNT_UNTOUCHED, LAST_WITH_FALSE, TEXTS_UNTOUCHED, SUCCESS_WITH_NOTHING } Habit;

typedef struct Lenient {
  ILenient lenient;
  OleanderObject object;
  LONG habit;
} Lenient;

typedef struct Elements {
  IEnumVARIANT elements;
  OleanderObject object;
  LONG habit, at;
} Elements;

/* Counts the calls that reach it and remembers the last. */
typedef struct Untyped {
  IDispatch dispatch;
  OleanderObject object;
  LONG calls;
  char last[64];
} Untyped;

OLEANDER_DUAL(Lenient, lenient, ILenient)
OLEANDER_FACE(Elements, elements, IEnumVARIANT)
OLEANDER_FACE(Untyped, dispatch, IDispatch)

static OleanderClass elements_class, untyped_class;

static BSTR text_of(const char *ascii) {
  OLECHAR text[64];
  size_t i = 0;

  for (; ascii[i] && i < 63; i++)
    text[i] = (unsigned char)ascii[i];
  text[i] = 0;
  return SysAllocString(text);
}

/* ILenient */

static HRESULT STDMETHODCALLTYPE Lenient_put_Habit(ILenient *face, LONG habit) {
  OLEANDER_SELF(face, Lenient, lenient)->habit = habit;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Lenient_Untyped(ILenient *face, IDispatch **object) {
  (void)face;
  return oleander_object_create(&untyped_class, NULL, (void **)object);
}

static HRESULT STDMETHODCALLTYPE Lenient_Code(ILenient *face, SCODE code, VARIANT *cell) {
  (void)face;
  V_VT(cell) = VT_ERROR;
  V_ERROR(cell) = code;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Lenient_Weigh(ILenient *face, Card *card, double *weight) {
  (void)face;
  *weight = card->weight * SysStringLen(card->name);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Lenient_Draw(ILenient *face, LONG id, Card *card) {
  (void)face;
  card->id = id;
  card->name = text_of("drawn");
  card->weight = id / 2.0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Lenient_Rename(ILenient *face, Card *card, BSTR name) {
  (void)face;
  card->id++;
  return SysReAllocString(&card->name, name) ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE Lenient_get__NewEnum(ILenient *face, IUnknown **result) {
  Elements *elements = NULL;
  HRESULT status = oleander_object_create(&elements_class, NULL, (void **)&elements);

  if (FAILED(status))
    return status;
  elements->habit = OLEANDER_SELF(face, Lenient, lenient)->habit;
  *result = (IUnknown *)&elements->elements;
  return S_OK;
}

static const ILenientVtbl lenient_vtable = { OLEANDER_DUAL_SLOTS(Lenient, lenient),
                                             Lenient_put_Habit,
                                             Lenient_Untyped,
                                             Lenient_Code,
                                             Lenient_Weigh,
                                             Lenient_Draw,
                                             Lenient_Rename,
                                             Lenient_get__NewEnum };

/* IEnumVARIANT: one element a call, however many are wanted */

static HRESULT STDMETHODCALLTYPE Elements_Next(IEnumVARIANT *face, ULONG wanted, VARIANT *values, ULONG *fetched) {
  Elements *self = OLEANDER_SELF(face, Elements, elements);
  bool counts = self->habit == LAST_WITH_FALSE;

  (void)wanted;
  if (self->habit == SUCCESS_WITH_NOTHING && self->at == ELEMENTS) {
    *fetched = 0;
    return S_OK;
  }
  if (self->at == ELEMENTS)
    return S_FALSE;
  self->at++;
  V_VT(values) = VT_I4;
  V_I4(values) = 10 * self->at;
  if (self->habit == TEXTS_UNTOUCHED) {
    V_VT(values) = VT_BSTR;
    V_BSTR(values) = text_of("text");
  }
  if (counts || self->habit == SUCCESS_WITH_NOTHING)
    *fetched = 1;
  return counts && self->at == ELEMENTS ? S_FALSE : S_OK;
}

static HRESULT STDMETHODCALLTYPE Elements_Skip(IEnumVARIANT *face, ULONG count) {
  (void)face;
  (void)count;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Elements_Reset(IEnumVARIANT *face) {
  (void)face;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Elements_Clone(IEnumVARIANT *face, IEnumVARIANT **result) {
  (void)face;
  *result = NULL;
  return E_NOTIMPL;
}

static const IEnumVARIANTVtbl elements_vtable = { OLEANDER_FACE_SLOTS(Elements, elements), Elements_Next, Elements_Skip,
                                                  Elements_Reset, Elements_Clone };

/* IDispatch without types: Calls gives the number of calls before it, Last the last, and every other name echoes. */

enum { CALLS = 1, LAST, CHILD, ECHO };

static HRESULT STDMETHODCALLTYPE Untyped_GetTypeInfoCount(IDispatch *face, UINT *count) {
  (void)face;
  *count = 0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Untyped_GetTypeInfo(IDispatch *face, UINT index, LCID lcid, ITypeInfo **info) {
  (void)face;
  (void)index;
  (void)lcid;
  *info = NULL;
  return DISP_E_BADINDEX;
}

static HRESULT STDMETHODCALLTYPE Untyped_GetIDsOfNames(IDispatch *face, REFIID iid, LPOLESTR *names, UINT count,
                                                       LCID lcid, DISPID *ids) {
  (void)face;
  (void)iid;
  (void)lcid;
  for (UINT i = 0; i < count; i++)
    ids[i] = DISPID_UNKNOWN;
  *ids = *names[0] == u'C' ? names[0][1] == u'a' ? CALLS : CHILD : *names[0] == u'L' ? LAST : ECHO;
  return count > 1 ? DISP_E_UNKNOWNNAME : S_OK;
}

static HRESULT STDMETHODCALLTYPE Untyped_Invoke(IDispatch *face, DISPID id, REFIID iid, LCID lcid, WORD flags,
                                                DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad) {
  Untyped *self = OLEANDER_SELF(face, Untyped, dispatch);
  VARIANT ignored;

  (void)iid;
  (void)lcid;
  (void)exception;
  (void)bad;
  if (!result)
    result = &ignored;
  V_VT(result) = VT_EMPTY;
  if (id == CALLS) {
    V_VT(result) = VT_I4;
    V_I4(result) = self->calls;
  } else if (id == LAST) {
    V_VT(result) = VT_BSTR;
    V_BSTR(result) = text_of(self->last);
  } else {
    self->calls++;
    snprintf(self->last, sizeof self->last, "flags %u, %u arguments", flags, params->cArgs);
  }
  if (id == CHILD) {
    V_VT(result) = VT_DISPATCH;
    IDispatch_AddRef(face);
    V_DISPATCH(result) = face;
  }
  if (result == &ignored)
    VariantClear(result);
  return S_OK;
}

static const IDispatchVtbl untyped_vtable = { OLEANDER_FACE_SLOTS(Untyped, dispatch), Untyped_GetTypeInfoCount,
                                              Untyped_GetTypeInfo, Untyped_GetIDsOfNames, Untyped_Invoke };

/* Classes */

static const OleanderFace lenient_faces[] = { { &IID_ILenient, offsetof(Lenient, lenient), &lenient_vtable }, { 0 } };
static const OleanderFace elements_faces[] = { { &IID_IEnumVARIANT, offsetof(Elements, elements), &elements_vtable },
                                               { 0 } };
static const OleanderFace untyped_faces[] = { { &IID_IDispatch, offsetof(Untyped, dispatch), &untyped_vtable }, { 0 } };

extern OleanderModule lenient_module;
static OleanderClass lenient_class = { .module = &lenient_module,
                                       .clsid = &CLSID_LenientObject,
                                       .progid = "Test.Lenient",
                                       .title = "A server that is careless and takes everything",
                                       .size = sizeof(Lenient),
                                       .object = offsetof(Lenient, object),
                                       .faces = lenient_faces };
static OleanderClass elements_class = { .module = &lenient_module,
                                        .title = "Elements without counts",
                                        .size = sizeof(Elements),
                                        .object = offsetof(Elements, object),
                                        .faces = elements_faces };
static OleanderClass untyped_class = { .module = &lenient_module,
                                       .title = "An object that takes every call",
                                       .size = sizeof(Untyped),
                                       .object = offsetof(Untyped, object),
                                       .faces = untyped_faces };
static OleanderClass *const classes[] = { &lenient_class, NULL };
OleanderModule lenient_module = { .component = "lenient", .classes = classes };
OLEANDER_MODULE(lenient_module)
