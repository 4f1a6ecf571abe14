/* A program without Lua that listens to the events of a Lua class, of which it knows only the ProgID and a name: what there
 * is to listen to it learns from IProvideClassInfo2. serve_spec.lua runs it. */
#include <objbase.h>
#include <ocidl.h>
#include <oleauto.h>

#include <stdio.h>

typedef struct Listener {
  IDispatch face;
  ULONG references;
  DISPID event;
  LONG heard;
} Listener;

static HRESULT STDMETHODCALLTYPE Listener_QueryInterface(IDispatch *face, REFIID iid, void **result) {
  *result = NULL;
  if (!IsEqualGUID(iid, &IID_IUnknown) && !IsEqualGUID(iid, &IID_IDispatch))
    return E_NOINTERFACE;
  *result = face;
  IDispatch_AddRef(face);
  return S_OK;
}

static ULONG STDMETHODCALLTYPE Listener_AddRef(IDispatch *face) {
  return ++((Listener *)face)->references;
}

static ULONG STDMETHODCALLTYPE Listener_Release(IDispatch *face) {
  return --((Listener *)face)->references;
}

static HRESULT STDMETHODCALLTYPE Listener_GetTypeInfoCount(IDispatch *face, UINT *count) {
  (void)face;
  *count = 0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Listener_GetTypeInfo(IDispatch *face, UINT index, LCID lcid, ITypeInfo **info) {
  (void)face, (void)index, (void)lcid;
  *info = NULL;
  return DISP_E_BADINDEX;
}

static HRESULT STDMETHODCALLTYPE Listener_GetIDsOfNames(IDispatch *face, REFIID iid, LPOLESTR *names, UINT count,
                                                        LCID lcid, DISPID *ids) {
  (void)face, (void)iid, (void)names, (void)count, (void)lcid, (void)ids;
  return DISP_E_UNKNOWNNAME;
}

static HRESULT STDMETHODCALLTYPE Listener_Invoke(IDispatch *face, DISPID id, REFIID iid, LCID lcid, WORD flags,
                                                 DISPPARAMS *parameters, VARIANT *result, EXCEPINFO *exception,
                                                 UINT *bad) {
  Listener *listener = (Listener *)face;
  (void)iid, (void)lcid, (void)flags, (void)result, (void)exception, (void)bad;
  if (id != listener->event)
    return DISP_E_MEMBERNOTFOUND;
  if (parameters->cArgs == 2 && V_VT(&parameters->rgvarg[1]) == VT_BSTR && V_VT(&parameters->rgvarg[0]) == VT_I4) {
    listener->heard++;
    printf("heard %zu letters, %d\n", (size_t)SysStringLen(V_BSTR(&parameters->rgvarg[1])),
           (int)V_I4(&parameters->rgvarg[0]));
  }
  return S_OK;
}

static IDispatchVtbl listener_vtable = { Listener_QueryInterface, Listener_AddRef,
                                         Listener_Release,        Listener_GetTypeInfoCount,
                                         Listener_GetTypeInfo,    Listener_GetIDsOfNames,
                                         Listener_Invoke };

/* The default source interface that the class of the object shows, where it has that IID. */
static ITypeInfo *find_source(ITypeInfo *class_info, const GUID *wanted) {
  for (UINT i = 0; i < 2; i++) {
    INT flags = 0;
    HREFTYPE reference;
    ITypeInfo *info = NULL;
    TYPEATTR *attributes = NULL;
    if (FAILED(ITypeInfo_GetImplTypeFlags(class_info, i, &flags)) ||
        flags != (IMPLTYPEFLAG_FDEFAULT | IMPLTYPEFLAG_FSOURCE) ||
        FAILED(ITypeInfo_GetRefTypeOfImplType(class_info, i, &reference)) ||
        FAILED(ITypeInfo_GetRefTypeInfo(class_info, reference, &info)))
      continue;
    int same = SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attributes)) && IsEqualGUID(&attributes->guid, wanted) &&
               attributes->typekind == TKIND_DISPATCH;
    if (attributes)
      ITypeInfo_ReleaseTypeAttr(info, attributes);
    if (same)
      return info;
    ITypeInfo_Release(info);
  }
  return NULL;
}

/* The connection point of the default source, and the DISPID of its event Changed. */
static IConnectionPoint *find_point(IDispatch *object, DISPID *event) {
  IProvideClassInfo2 *about = NULL;
  IConnectionPointContainer *container = NULL;
  IConnectionPoint *point = NULL;
  ITypeInfo *class_info = NULL, *source = NULL;
  GUID iid;
  LPOLESTR name = (LPOLESTR)u"Changed";
  if (SUCCEEDED(IDispatch_QueryInterface(object, &IID_IProvideClassInfo2, (void **)&about)) &&
      SUCCEEDED(IProvideClassInfo2_GetGUID(about, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &iid)) &&
      SUCCEEDED(IProvideClassInfo2_GetClassInfo(about, &class_info)) &&
      (source = find_source(class_info, &iid)) != NULL && SUCCEEDED(ITypeInfo_GetIDsOfNames(source, &name, 1, event)) &&
      SUCCEEDED(IDispatch_QueryInterface(object, &IID_IConnectionPointContainer, (void **)&container)))
    IConnectionPointContainer_FindConnectionPoint(container, &iid, &point);
  if (container)
    IConnectionPointContainer_Release(container);
  if (source)
    ITypeInfo_Release(source);
  if (class_info)
    ITypeInfo_Release(class_info);
  if (about)
    IProvideClassInfo2_Release(about);
  return point;
}

static HRESULT change(IDispatch *object) {
  LPOLESTR name = (LPOLESTR)u"Change";
  DISPID id;
  VARIANT argument = { .vt = VT_BSTR, .bstrVal = SysAllocString(u"hello") };
  DISPPARAMS parameters = { &argument, NULL, 1, 0 };
  HRESULT result = IDispatch_GetIDsOfNames(object, &IID_NULL, &name, 1, LOCALE_USER_DEFAULT, &id);
  if (SUCCEEDED(result))
    result =
        IDispatch_Invoke(object, id, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, &parameters, NULL, NULL, NULL);
  SysFreeString(argument.bstrVal);
  return result;
}

int main(void) {
  Listener listener = { .face = { &listener_vtable }, .references = 1 };
  CLSID clsid;
  IDispatch *object = NULL;
  IConnectionPoint *point = NULL;
  DWORD cookie = 0;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  if (SUCCEEDED(CLSIDFromProgID(u"Spec.Events", &clsid)))
    CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IDispatch, (void **)&object);
  if (object)
    point = find_point(object, &listener.event);
  if (!point || FAILED(IConnectionPoint_Advise(point, (IUnknown *)&listener.face, &cookie))) {
    puts("the object cannot be listened to");
    return 1;
  }
  change(object);
  IConnectionPoint_Unadvise(point, cookie);
  change(object);
  IConnectionPoint_Release(point);
  IDispatch_Release(object);
  printf("%d heard, %u references\n", (int)listener.heard, (unsigned)listener.references);
  CoUninitialize();
  return listener.heard != 1;
}
