/* Odd: hand-written IDispatch objects, each unusual in one way:
 *   Untyped    no type information
 *   Failing    GetTypeInfo fails;  Null  GetTypeInfo succeeds with nothing
 *   Plain      a pure dispinterface (DPlain)
 *   ClassInfo  type information only through IProvideClassInfo
 *   Liar       says that it is ICalc, which it is not; its own members have other DISPIDs
 *   Expando    IDispatchEx: members come and go */
#include "automation_internal.h"

#include <dispex.h>

#define SLOTS  8
#define PROPS  16
#define EXPAND 100

typedef enum OddKind { UNTYPED, FAILING, NULL_INFO, PLAIN, CLASS_INFO, LIAR, EXPANDO } OddKind;

typedef struct Odd {
  IDispatchEx dispatch;
  IProvideClassInfo about;
  LONG references;
  OddKind kind;
  LONG size, slots[SLOTS], calls;
  BSTR names[PROPS]; /* Expando; a name keeps its DISPID when it is deleted */
  bool there[PROPS];
  VARIANT values[PROPS];
} Odd;

static const struct {
  const OLECHAR *name;
  DISPID id;
} members[] = { { OLESTR("Size"), 1 },   { OLESTR("Title"), 2 },      { OLESTR("Twice"), 3 },
                { OLESTR("Slot"), 4 },   { OLESTR("Both"), 5 },       { OLESTR("Child"), 6 },
                { OLESTR("Named"), 7 },  { OLESTR("Raise"), 8 },      { OLESTR("RaiseCode"), 9 },
                { OLESTR("Flags"), 10 }, { OLESTR("CallCount"), 11 }, { OLESTR("Remove"), 12 },
                { OLESTR("Count"), 13 } };

static HRESULT make(OddKind kind, IDispatch **object);

static Odd *odd_of(IDispatchEx *face) {
  return (Odd *)(void *)face;
}

static HRESULT STDMETHODCALLTYPE Odd_QueryInterface(IDispatchEx *face, REFIID iid, void **result) {
  Odd *self = odd_of(face);
  *result = NULL;
  if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IDispatch) ||
      (self->kind == EXPANDO && IsEqualIID(iid, &IID_IDispatchEx)))
    *result = face;
  else if (self->kind == CLASS_INFO && IsEqualIID(iid, &IID_IProvideClassInfo))
    *result = &self->about;
  else
    return E_NOINTERFACE;
  self->references++;
  return S_OK;
}

static ULONG STDMETHODCALLTYPE Odd_AddRef(IDispatchEx *face) {
  return (ULONG)++odd_of(face)->references;
}

static ULONG STDMETHODCALLTYPE Odd_Release(IDispatchEx *face) {
  Odd *self = odd_of(face);
  ULONG left = (ULONG)--self->references;
  if (left == 0) {
    for (int i = 0; i < PROPS; i++) {
      SysFreeString(self->names[i]);
      VariantClear(&self->values[i]);
    }
    count_death(self);
    free(self);
  }
  return left;
}

static HRESULT STDMETHODCALLTYPE Odd_GetTypeInfoCount(IDispatchEx *face, UINT *count) {
  OddKind kind = odd_of(face)->kind;
  *count = kind == PLAIN || kind == LIAR || kind == FAILING || kind == NULL_INFO;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Odd_GetTypeInfo(IDispatchEx *face, UINT index, LCID lcid, ITypeInfo **info) {
  (void)index;
  (void)lcid;
  *info = NULL;
  switch (odd_of(face)->kind) {
  case PLAIN:
    return oleander_module_type_info(&automation_module, &DIID_DPlain, info);
  case LIAR:
    return oleander_module_type_info(&automation_module, &IID_ICalc, info);
  case NULL_INFO:
    return S_OK;
  case FAILING:
    return E_FAIL;
  default:
    return DISP_E_BADINDEX;
  }
}

static bool same_name(const OLECHAR *a, const OLECHAR *b) {
  while (*a != 0 && (*a | 32) == (*b | 32)) {
    a++;
    b++;
  }
  return *a == *b;
}

static DISPID find_expanded(const Odd *self, const OLECHAR *name) {
  for (int i = 0; i < PROPS; i++) {
    if (self->there[i] && same_name(self->names[i], name))
      return EXPAND + i;
  }
  return DISPID_UNKNOWN;
}

static HRESULT STDMETHODCALLTYPE Odd_GetIDsOfNames(IDispatchEx *face, REFIID iid, LPOLESTR *names, UINT count,
                                                   LCID lcid, DISPID *ids) {
  HRESULT result = S_OK;
  (void)iid;
  (void)lcid;
  for (UINT k = 0; k < count; k++)
    ids[k] = DISPID_UNKNOWN;
  for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
    if (same_name(members[i].name, names[0]))
      ids[0] = members[i].id;
  }
  if (ids[0] == DISPID_UNKNOWN)
    ids[0] = find_expanded(odd_of(face), names[0]);
  for (UINT k = 1; k < count; k++) {
    if (ids[0] == 7 && (names[k][0] == 'a' || names[k][0] == 'b') && names[k][1] == 0)
      ids[k] = names[k][0] - 'a';
  }
  for (UINT k = 0; k < count; k++) {
    if (ids[k] == DISPID_UNKNOWN)
      result = DISP_E_UNKNOWNNAME;
  }
  return result;
}

static HRESULT give(VARIANT *result, LONG value) {
  if (result != NULL) {
    V_VT(result) = VT_I4;
    V_I4(result) = value;
  }
  return S_OK;
}

static LONG number(const VARIANT *value) {
  VARIANT copy;
  VariantInit(&copy);
  return SUCCEEDED(VariantChangeType(&copy, (VARIANT *)value, 0, VT_I4)) ? V_I4(&copy) : -1;
}

static HRESULT both(DISPPARAMS *params) {
  if (params->cArgs != 3)
    return DISP_E_BADPARAMCOUNT;
  VARIANT *doubled = &params->rgvarg[1], *text = &params->rgvarg[0];
  if (V_VT(doubled) != (VT_BYREF | VT_I4) || V_VT(text) != (VT_BYREF | VT_BSTR))
    return DISP_E_TYPEMISMATCH;
  *V_I4REF(doubled) = 2 * number(&params->rgvarg[2]);
  SysFreeString(*V_BSTRREF(text));
  *V_BSTRREF(text) = text_of("changed");
  return S_OK;
}

static HRESULT named(DISPPARAMS *params, VARIANT *result) {
  LONG values[2] = { 0, 0 };
  for (UINT i = 0; i < params->cArgs; i++) {
    UINT place = i < params->cNamedArgs ? (UINT)params->rgdispidNamedArgs[i] : params->cArgs - 1 - i;
    if (place < 2)
      values[place] = number(&params->rgvarg[i]);
  }
  return give(result, 10 * values[0] + values[1]);
}

static HRESULT STDMETHODCALLTYPE fill_in(EXCEPINFO *exception) {
  exception->bstrDescription = text_of("filled in late");
  return S_OK;
}

static HRESULT raise_exception(EXCEPINFO *exception, bool code) {
  if (exception == NULL)
    return DISP_E_EXCEPTION;
  memset(exception, 0, sizeof *exception);
  exception->bstrSource = text_of("Odd");
  if (code) {
    exception->wCode = 1234;
    exception->pfnDeferredFillIn = fill_in;
  } else {
    exception->scode = E_ACCESSDENIED;
    exception->bstrDescription = text_of("not for you");
    exception->dwHelpContext = 3;
  }
  return DISP_E_EXCEPTION;
}

static HRESULT slot(Odd *self, WORD flags, DISPPARAMS *params, VARIANT *result) {
  bool put = (flags & DISPATCH_PROPERTYPUT) != 0;
  if (params->cArgs != (put ? 2u : 1u))
    return DISP_E_BADPARAMCOUNT;
  LONG index = number(&params->rgvarg[put ? 1 : 0]);
  if (index < 0 || index >= SLOTS)
    return DISP_E_BADINDEX;
  if (put)
    self->slots[index] = number(&params->rgvarg[0]);
  return put ? S_OK : give(result, self->slots[index]);
}

static HRESULT child(DISPPARAMS *params, VARIANT *result) {
  if (params->cArgs == 1)
    return give(result, 10 * number(&params->rgvarg[0]));
  if (result == NULL)
    return S_OK;
  V_VT(result) = VT_DISPATCH;
  return make(UNTYPED, &V_DISPATCH(result));
}

static HRESULT expanded(Odd *self, DISPID id, WORD flags, DISPPARAMS *params, VARIANT *result) {
  int at = id - EXPAND;
  if (at < 0 || at >= PROPS || !self->there[at])
    return DISP_E_MEMBERNOTFOUND;
  if (flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF))
    return VariantCopy(&self->values[at], &params->rgvarg[0]);
  return result != NULL ? VariantCopy(result, &self->values[at]) : S_OK;
}

static HRESULT removed(Odd *self, DISPPARAMS *params) {
  if (params->cArgs != 1 || V_VT(&params->rgvarg[0]) != VT_BSTR)
    return DISP_E_TYPEMISMATCH;
  DISPID id = find_expanded(self, V_BSTR(&params->rgvarg[0]));
  if (id == DISPID_UNKNOWN)
    return DISP_E_MEMBERNOTFOUND;
  self->there[id - EXPAND] = false;
  VariantClear(&self->values[id - EXPAND]);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Odd_Invoke(IDispatchEx *face, DISPID id, REFIID iid, LCID lcid, WORD flags,
                                            DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad) {
  Odd *self = odd_of(face);
  (void)iid;
  (void)lcid;
  self->calls++;
  ARRIVED();
  switch (id) {
  case 1:
    if (flags & DISPATCH_PROPERTYPUT)
      self->size = number(&params->rgvarg[0]);
    return flags & DISPATCH_PROPERTYPUT ? S_OK : give(result, self->size);
  case 2:
    if (!(flags & DISPATCH_PROPERTYGET))
      return DISP_E_MEMBERNOTFOUND;
    V_VT(result) = VT_BSTR;
    V_BSTR(result) = text_of("plain");
    return S_OK;
  case 3:
    if (!(flags & DISPATCH_METHOD))
      return DISP_E_MEMBERNOTFOUND;
    if (params->cArgs != 1)
      return DISP_E_BADPARAMCOUNT;
    if (V_VT(&params->rgvarg[0]) != VT_I4) {
      *bad = 0;
      return DISP_E_TYPEMISMATCH;
    }
    return give(result, 2 * V_I4(&params->rgvarg[0]));
  case 4:
    return slot(self, flags, params, result);
  case 5:
    return flags & DISPATCH_METHOD ? both(params) : DISP_E_MEMBERNOTFOUND;
  case 6:
    return child(params, result);
  case 7:
    return flags & DISPATCH_METHOD ? named(params, result) : DISP_E_MEMBERNOTFOUND;
  case 8:
  case 9:
    return flags & DISPATCH_METHOD ? raise_exception(exception, id == 9) : DISP_E_MEMBERNOTFOUND;
  case 10:
    return params->cArgs == 0 && !(flags & DISPATCH_METHOD) ? DISP_E_MEMBERNOTFOUND : give(result, flags);
  case 11:
    return give(result, self->calls);
  case 12:
    return flags & DISPATCH_METHOD ? removed(self, params) : DISP_E_MEMBERNOTFOUND;
  case 13:
    return give(result, 13);
  default:
    return expanded(self, id, flags, params, result);
  }
}

/* IDispatchEx */

static HRESULT STDMETHODCALLTYPE Odd_GetDispID(IDispatchEx *face, BSTR name, DWORD flags, DISPID *id) {
  Odd *self = odd_of(face);
  OLECHAR *names = name;
  HRESULT result = Odd_GetIDsOfNames(face, &IID_NULL, &names, 1, 0, id);
  if (SUCCEEDED(result) || !(flags & fdexNameEnsure))
    return result;
  for (int i = 0; i < PROPS; i++) {
    if (self->names[i] == NULL || same_name(self->names[i], name)) {
      if (self->names[i] == NULL)
        self->names[i] = SysAllocStringByteLen((const char *)name, SysStringByteLen(name));
      self->there[i] = true;
      *id = EXPAND + i;
      return S_OK;
    }
  }
  return E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE Odd_InvokeEx(IDispatchEx *face, DISPID id, LCID lcid, WORD flags, DISPPARAMS *params,
                                              VARIANT *result, EXCEPINFO *exception, IServiceProvider *caller) {
  UINT bad;
  (void)caller;
  return Odd_Invoke(face, id, &IID_NULL, lcid, flags, params, result, exception, &bad);
}

static HRESULT STDMETHODCALLTYPE Odd_DeleteMemberByName(IDispatchEx *face, BSTR name, DWORD flags) {
  DISPID id = find_expanded(odd_of(face), name);
  (void)flags;
  if (id == DISPID_UNKNOWN)
    return S_OK;
  return IDispatchEx_DeleteMemberByDispID(face, id);
}

static HRESULT STDMETHODCALLTYPE Odd_DeleteMemberByDispID(IDispatchEx *face, DISPID id) {
  Odd *self = odd_of(face);
  if (id < EXPAND || id >= EXPAND + PROPS || !self->there[id - EXPAND])
    return S_OK;
  self->there[id - EXPAND] = false;
  return VariantClear(&self->values[id - EXPAND]);
}

static HRESULT STDMETHODCALLTYPE Odd_GetMemberProperties(IDispatchEx *face, DISPID id, DWORD wanted,
                                                         DWORD *properties) {
  (void)face;
  (void)id;
  *properties = wanted & (fdexPropCanGet | fdexPropCanPut);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Odd_GetMemberName(IDispatchEx *face, DISPID id, BSTR *name) {
  Odd *self = odd_of(face);
  *name = NULL;
  if (id < EXPAND || id >= EXPAND + PROPS || !self->there[id - EXPAND])
    return DISP_E_UNKNOWNNAME;
  *name = SysAllocString(self->names[id - EXPAND]);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Odd_GetNextDispID(IDispatchEx *face, DWORD flags, DISPID id, DISPID *next) {
  Odd *self = odd_of(face);
  (void)flags;
  for (int i = id < EXPAND ? 0 : id - EXPAND + 1; i < PROPS; i++) {
    if (self->there[i]) {
      *next = EXPAND + i;
      return S_OK;
    }
  }
  return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Odd_GetNameSpaceParent(IDispatchEx *face, IUnknown **parent) {
  (void)face;
  *parent = NULL;
  return E_NOTIMPL;
}

static const IDispatchExVtbl odd_vtable = { Odd_QueryInterface,
                                            Odd_AddRef,
                                            Odd_Release,
                                            Odd_GetTypeInfoCount,
                                            Odd_GetTypeInfo,
                                            Odd_GetIDsOfNames,
                                            Odd_Invoke,
                                            Odd_GetDispID,
                                            Odd_InvokeEx,
                                            Odd_DeleteMemberByName,
                                            Odd_DeleteMemberByDispID,
                                            Odd_GetMemberProperties,
                                            Odd_GetMemberName,
                                            Odd_GetNextDispID,
                                            Odd_GetNameSpaceParent };

/* IProvideClassInfo */

static HRESULT STDMETHODCALLTYPE About_QueryInterface(IProvideClassInfo *face, REFIID iid, void **result) {
  return Odd_QueryInterface(&OLEANDER_SELF(face, Odd, about)->dispatch, iid, result);
}

static ULONG STDMETHODCALLTYPE About_AddRef(IProvideClassInfo *face) {
  return Odd_AddRef(&OLEANDER_SELF(face, Odd, about)->dispatch);
}

static ULONG STDMETHODCALLTYPE About_Release(IProvideClassInfo *face) {
  return Odd_Release(&OLEANDER_SELF(face, Odd, about)->dispatch);
}

static HRESULT STDMETHODCALLTYPE About_GetClassInfo(IProvideClassInfo *face, ITypeInfo **info) {
  (void)face;
  return oleander_module_type_info(&automation_module, &CLSID_Odd, info);
}

static const IProvideClassInfoVtbl about_vtable = { About_QueryInterface, About_AddRef, About_Release,
                                                    About_GetClassInfo };

static HRESULT make(OddKind kind, IDispatch **object) {
  Odd *self = calloc(1, sizeof *self);
  *object = NULL;
  if (self == NULL)
    return E_OUTOFMEMORY;
  self->dispatch.lpVtbl = (IDispatchExVtbl *)&odd_vtable;
  self->about.lpVtbl = (IProvideClassInfoVtbl *)&about_vtable;
  self->references = 1;
  self->kind = kind;
  count_birth(self);
  *object = (IDispatch *)&self->dispatch;
  return S_OK;
}

HRESULT make_odd(const OLECHAR *name, IDispatch **object) {
  static const OLECHAR *const kinds[] = { OLESTR("Untyped"),   OLESTR("Failing"), OLESTR("Null"),   OLESTR("Plain"),
                                          OLESTR("ClassInfo"), OLESTR("Liar"),    OLESTR("Expando") };
  for (int i = 0; name != NULL && i < 7; i++) {
    if (same_name(kinds[i], name))
      return make((OddKind)i, object);
  }
  *object = NULL;
  return E_INVALIDARG;
}
