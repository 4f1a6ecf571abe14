/* Events of the objects of oleander_server.h: connection points, raising, listeners that come and go. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <oleander_server.h>

#include "com/object.h"
#include "support/faults.h"

static const CLSID bell_clsid = { 0xBE110001, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
static const IID bell_events = { 0xBE110002, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
static const IID bell_other = { 0xBE110003, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

/* A server without a type library */

typedef struct Bell {
  IPersist persist;
  OleanderObject object;
} Bell;

OLEANDER_FACE(Bell, persist, IPersist)

static HRESULT STDMETHODCALLTYPE Bell_GetClassID(IPersist *face, CLSID *clsid) {
  (void)face;
  *clsid = bell_clsid;
  return S_OK;
}

static const IPersistVtbl bell_vtable = { OLEANDER_FACE_SLOTS(Bell, persist), Bell_GetClassID };
static const OleanderFace bell_faces[] = { { &IID_IPersist, offsetof(Bell, persist), &bell_vtable }, { 0 } };
static const OleanderEvent events[] = {
  { "Rung", 1, "(bstr by, i4 times)" }, { "Broken", 2, NULL }, { "Asked", 3, "variant what" }, { 0 }
};
static const OleanderEvent others[] = { { "Moved", 7, "()" }, { 0 } };
static const OleanderSource sources[] = { { &bell_events, "_BellEvents", events },
                                          { &bell_other, NULL, others },
                                          { 0 } };
static OleanderModule module;
static OleanderClass bell_class = { .module = &module,
                                    .clsid = &bell_clsid,
                                    .progid = "Test.Bell",
                                    .title = "Bell",
                                    .size = sizeof(Bell),
                                    .object = offsetof(Bell, object),
                                    .faces = bell_faces,
                                    .sources = sources };
static OleanderClass *const classes[] = { &bell_class, NULL };
static OleanderModule module = { .component = "bell", .classes = classes };

static Bell *new_bell(void) {
  void *bell = NULL;

  assert_int_equal(oleander_object_create(&bell_class, NULL, &bell), S_OK);
  return bell;
}

/* A listener that writes down what it hears */

typedef struct Ear {
  IDispatch dispatch;
  Object object;
  const IID *iid; /* answered beside IDispatch; NULL: none */
  int heard;
  DISPID last;
  UINT count;
  VARIANT arguments[20]; /* in their order; not owned */
  void (*then)(struct Ear *ear);
  IConnectionPoint *point;
  DWORD cookie;
  struct Ear *other;
} Ear;

OBJECT_FACE(Ear, dispatch, IDispatch)

static HRESULT STDMETHODCALLTYPE Ear_GetTypeInfoCount(IDispatch *face, UINT *count) {
  (void)face;
  *count = 0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Ear_GetTypeInfo(IDispatch *face, UINT index, LCID lcid, ITypeInfo **info) {
  (void)face;
  (void)index;
  (void)lcid;
  *info = NULL;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Ear_GetIDsOfNames(IDispatch *face, REFIID iid, LPOLESTR *names, UINT count, LCID lcid,
                                                   DISPID *ids) {
  (void)face;
  (void)iid;
  (void)names;
  (void)count;
  (void)lcid;
  (void)ids;
  return DISP_E_UNKNOWNNAME;
}

static HRESULT STDMETHODCALLTYPE Ear_Invoke(IDispatch *face, DISPID id, REFIID iid, LCID lcid, WORD flags,
                                            DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad) {
  Ear *ear = OBJECT_CONTAINER(face, Ear, dispatch);
  UINT i;

  (void)lcid;
  (void)result;
  (void)bad;
  assert_true(IsEqualIID(iid, &IID_NULL));
  assert_int_equal(flags, DISPATCH_METHOD);
  ear->heard++;
  ear->last = id;
  ear->count = params->cArgs;
  for (i = 0; i < params->cArgs && i < 20; i++)
    ear->arguments[i] = params->rgvarg[params->cArgs - 1 - i];
  if (ear->then)
    ear->then(ear);
  exception->bstrDescription = SysAllocString(u"a listener that fails");
  return DISP_E_EXCEPTION; /* which holds up nobody */
}

static const IDispatchVtbl ear_vtable = { OLEANDER_FACE_SLOTS(Ear, dispatch), Ear_GetTypeInfoCount, Ear_GetTypeInfo,
                                          Ear_GetIDsOfNames, Ear_Invoke };

static HRESULT ear_query(void *self, REFIID iid, void **result) {
  Ear *ear = self;

  if (!ear->iid || !IsEqualIID(iid, ear->iid))
    return E_NOINTERFACE;
  *result = &ear->dispatch;
  object_addref(&ear->object);
  return S_OK;
}

static const ObjectFace ear_faces[] = { { &IID_IDispatch, offsetof(Ear, dispatch), &ear_vtable }, { 0 } };
static const ObjectType ear_type = { "Ear", sizeof(Ear), offsetof(Ear, object), ear_faces, NULL, ear_query };

static Ear *new_ear(const IID *iid) {
  Ear *ear = object_create(&ear_type);

  assert_non_null(ear);
  ear->iid = iid;
  return ear;
}

static IConnectionPoint *point_of(Bell *bell, const IID *iid) {
  IConnectionPointContainer *container;
  IConnectionPoint *point = NULL;

  assert_int_equal(IPersist_QueryInterface(&bell->persist, &IID_IConnectionPointContainer, (void **)&container), S_OK);
  assert_int_equal(IConnectionPointContainer_FindConnectionPoint(container, iid, &point), S_OK);
  IConnectionPointContainer_Release(container);
  return point;
}

static void advise(Ear *ear, IConnectionPoint *point) {
  ear->point = point;
  assert_int_equal(IConnectionPoint_Advise(point, (IUnknown *)&ear->dispatch, &ear->cookie), S_OK);
  assert_true(ear->cookie != 0);
}

static void listeners_hear_events(void **state) {
  Bell *bell = new_bell();
  Ear *first = new_ear(&bell_events), *second = new_ear(NULL), *other = new_ear(NULL);
  IConnectionPoint *point = point_of(bell, &bell_events), *other_point = point_of(bell, &bell_other);
  BSTR by = SysAllocString(u"wind");
  VARIANT value = { .vt = VT_R8, .dblVal = 2.5 };
  LONG number = 5;

  (void)state;
  assert_int_equal(oleander_object_fire(&bell->object, "Rung", 2, VT_BSTR, by, VT_I4, (LONG)3), S_OK);
  assert_false(oleander_object_is_heard(&bell->object));
  advise(first, point);
  advise(second, point);
  advise(other, other_point);
  assert_true(oleander_object_is_heard(&bell->object));
  assert_int_equal(oleander_object_fire(&bell->object, "Rung", 2, VT_BSTR, by, VT_I4, (LONG)3), S_OK);
  assert_int_equal(first->heard, 1);
  assert_int_equal(second->heard, 1); /* though the first one failed */
  assert_int_equal(other->heard, 0);
  assert_int_equal(second->last, 1);
  assert_int_equal(second->count, 2);
  assert_ptr_equal(V_BSTR(&second->arguments[0]), by);
  assert_int_equal(V_I4(&second->arguments[1]), 3);
  assert_int_equal(oleander_object_fire(&bell->object, "Moved", 0), S_OK);
  assert_int_equal(other->last, 7);
  assert_int_equal(oleander_object_fire(&bell->object, "Asked", 1, VT_VARIANT, &value), S_OK);
  assert_int_equal(V_VT(&first->arguments[0]), VT_R8);
  assert_int_equal(oleander_object_fire(&bell->object, "Asked", 1, VT_BYREF | VT_I4, &number), S_OK);
  assert_ptr_equal(V_I4REF(&first->arguments[0]), &number);
  assert_int_equal(oleander_object_fire_id(&bell->object, &bell_other, 9, &value, 1), S_OK);
  assert_int_equal(other->last, 9);
  assert_int_equal(IConnectionPoint_Unadvise(point, first->cookie), S_OK);
  assert_int_equal(IConnectionPoint_Unadvise(point, first->cookie), CONNECT_E_NOCONNECTION);
  assert_int_equal(oleander_object_fire_id(&bell->object, NULL, 2, NULL, 0), S_OK);
  assert_int_equal(first->heard, 3);
  assert_int_equal(second->heard, 4);
  assert_int_equal(object_release(&first->object), 0);
  IConnectionPoint_Release(point);
  IConnectionPoint_Release(other_point);
  assert_int_equal(IPersist_Release(&bell->persist), 0); /* lets go of those who still listen */
  assert_int_equal(object_release(&second->object), 0);
  assert_int_equal(object_release(&other->object), 0);
  SysFreeString(by);
}

static void every_type_of_argument_arrives(void **state) {
  Bell *bell = new_bell();
  Ear *ear = new_ear(NULL);
  IConnectionPoint *point = point_of(bell, &bell_events);
  DECIMAL decimal = { .Lo64 = 7 };
  CY money = { .int64 = 70000 };

  (void)state;
  advise(ear, point);
  assert_int_equal(oleander_object_fire(&bell->object, "Broken", 18, VT_EMPTY, VT_NULL, VT_I1, -1, VT_UI1, 255, VT_I2,
                                        -2, VT_UI2, 65535, VT_BOOL, 1, VT_I4, (LONG)-3, VT_UI4, (ULONG)4000000000u,
                                        VT_ERROR, (SCODE)E_FAIL, VT_I8, (LONGLONG)1 << 40, VT_UI8, (ULONGLONG)5, VT_R4,
                                        0.5, VT_R8, 0.25, VT_DATE, 2.0, VT_CY, money, VT_DECIMAL, &decimal, VT_DISPATCH,
                                        &ear->dispatch),
                   S_OK);
  assert_int_equal(ear->count, 18);
  assert_int_equal(V_VT(&ear->arguments[1]), VT_NULL);
  assert_int_equal(V_I1(&ear->arguments[2]), -1);
  assert_int_equal(V_UI1(&ear->arguments[3]), 255);
  assert_int_equal(V_I2(&ear->arguments[4]), -2);
  assert_int_equal(V_UI2(&ear->arguments[5]), 65535);
  assert_int_equal(V_BOOL(&ear->arguments[6]), VARIANT_TRUE);
  assert_int_equal(V_I4(&ear->arguments[7]), -3);
  assert_true(V_UI4(&ear->arguments[8]) == 4000000000u);
  assert_int_equal(V_ERROR(&ear->arguments[9]), E_FAIL);
  assert_true(V_I8(&ear->arguments[10]) == (LONGLONG)1 << 40);
  assert_true(V_R4(&ear->arguments[12]) == 0.5f);
  assert_true(V_R8(&ear->arguments[13]) == 0.25);
  assert_true(V_CY(&ear->arguments[15]).int64 == 70000);
  assert_int_equal(V_VT(&ear->arguments[16]), VT_DECIMAL);
  assert_true(V_DECIMAL(&ear->arguments[16]).Lo64 == 7);
  assert_ptr_equal(V_DISPATCH(&ear->arguments[17]), &ear->dispatch);
  IConnectionPoint_Release(point);
  IPersist_Release(&bell->persist);
  assert_int_equal(object_release(&ear->object), 0);
}

static void wrong_use_is_refused(void **state) {
  static const struct {
    const char *event;
    UINT count;
    int vt;
    HRESULT expected;
  } cases[] = {
    { "Silent", 0, 0, DISP_E_UNKNOWNNAME }, { NULL, 0, 0, E_INVALIDARG },
    { "Broken", 256, 0, E_INVALIDARG },     { "Broken", 1, VT_RECORD, DISP_E_BADVARTYPE },
    { "Broken", 1, 99, DISP_E_BADVARTYPE },
  };
  Bell *bell = new_bell();
  IConnectionPoint *point = point_of(bell, &bell_events);
  IConnectionPointContainer *container;
  Ear *deaf = new_ear(NULL);
  IUnknown *none = (IUnknown *)1;
  DWORD cookie = 5;
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_int_equal(oleander_object_fire(&bell->object, cases[i].event, cases[i].count, cases[i].vt),
                     cases[i].expected);
  assert_int_equal(oleander_object_fire_id(&bell->object, &IID_IStream, 1, NULL, 0), CONNECT_E_NOCONNECTION);
  assert_int_equal(oleander_object_fire_id(&bell->object, NULL, 1, NULL, 1), E_INVALIDARG);
  assert_int_equal(IConnectionPoint_Advise(point, NULL, &cookie), E_POINTER);
  assert_int_equal(cookie, 0);
  assert_int_equal(IConnectionPoint_Advise(point, (IUnknown *)&deaf->dispatch, NULL), E_POINTER);
  assert_int_equal(IConnectionPoint_Advise(point, (IUnknown *)point, &cookie), CONNECT_E_CANNOTCONNECT);
  assert_int_equal(IConnectionPoint_GetConnectionInterface(point, NULL), E_POINTER);
  assert_int_equal(IConnectionPoint_EnumConnections(point, NULL), E_POINTER);
  assert_int_equal(IConnectionPoint_QueryInterface(point, &IID_IPersist, (void **)&none), E_NOINTERFACE);
  assert_null(none);
  assert_int_equal(IConnectionPoint_GetConnectionPointContainer(point, &container), S_OK);
  assert_int_equal(IConnectionPointContainer_FindConnectionPoint(container, &IID_IStream, (IConnectionPoint **)&none),
                   CONNECT_E_NOCONNECTION);
  assert_int_equal(IConnectionPointContainer_FindConnectionPoint(container, NULL, (IConnectionPoint **)&none),
                   E_POINTER);
  assert_int_equal(IConnectionPointContainer_FindConnectionPoint(container, &bell_events, NULL), E_POINTER);
  assert_int_equal(IConnectionPointContainer_EnumConnectionPoints(container, NULL), E_POINTER);
  IConnectionPointContainer_Release(container);
  IConnectionPoint_Release(point);
  assert_int_equal(IPersist_Release(&bell->persist), 0);
  assert_int_equal(object_release(&deaf->object), 0);
  SetErrorInfo(0, NULL);
}

static void points_and_connections_are_listed(void **state) {
  Bell *bell = new_bell();
  Ear *ears[3] = { new_ear(NULL), new_ear(NULL), new_ear(NULL) };
  IConnectionPointContainer *container;
  IEnumConnectionPoints *points;
  IEnumConnections *connections;
  IConnectionPoint *found[3];
  CONNECTDATA data[4];
  ULONG count;
  IID iid;
  int i;

  (void)state;
  assert_int_equal(IPersist_QueryInterface(&bell->persist, &IID_IConnectionPointContainer, (void **)&container), S_OK);
  assert_int_equal(IConnectionPointContainer_EnumConnectionPoints(container, &points), S_OK);
  assert_int_equal(IEnumConnectionPoints_Next(points, 3, found, &count), S_FALSE);
  assert_int_equal(count, 2);
  assert_int_equal(IConnectionPoint_GetConnectionInterface(found[1], &iid), S_OK);
  assert_true(IsEqualIID(&iid, &bell_other));
  for (i = 0; i < 3; i++)
    advise(ears[i], found[0]);
  IConnectionPoint_Unadvise(found[0], ears[1]->cookie);
  assert_int_equal(IConnectionPoint_EnumConnections(found[0], &connections), S_OK);
  assert_int_equal(IEnumConnections_Next(connections, 4, data, &count), S_FALSE);
  assert_int_equal(count, 2);
  assert_int_equal(data[1].dwCookie, ears[2]->cookie);
  assert_ptr_equal(data[1].pUnk, &ears[2]->dispatch);
  IUnknown_Release(data[0].pUnk);
  IUnknown_Release(data[1].pUnk);
  assert_int_equal(IEnumConnections_Release(connections), 0);
  IConnectionPoint_Release(found[0]);
  IConnectionPoint_Release(found[1]);
  assert_int_equal(IEnumConnectionPoints_Release(points), 0);
  IConnectionPointContainer_Release(container);
  assert_int_equal(IPersist_Release(&bell->persist), 0);
  for (i = 0; i < 3; i++)
    assert_int_equal(object_release(&ears[i]->object), 0);
}

/* Listeners that change the list while it is called. */

static void leave(Ear *ear) {
  assert_int_equal(IConnectionPoint_Unadvise(ear->point, ear->cookie), S_OK);
}

static void silence_other(Ear *ear) {
  if (ear->other)
    leave(ear->other);
  ear->other = NULL;
}

static void come_back(Ear *ear) {
  leave(ear);
  advise(ear, ear->point);
}

static void listeners_may_come_and_go_meanwhile(void **state) {
  Bell *bell = new_bell();
  IConnectionPoint *point = point_of(bell, &bell_events);
  Ear *ears[3] = { new_ear(NULL), new_ear(NULL), new_ear(NULL) };
  int i;

  (void)state;
  for (i = 0; i < 3; i++)
    advise(ears[i], point);
  ears[0]->then = silence_other;
  ears[0]->other = ears[1];
  ears[2]->then = come_back;
  assert_int_equal(oleander_object_fire(&bell->object, "Broken", 0), S_OK);
  assert_int_equal(ears[0]->heard, 1);
  assert_int_equal(ears[1]->heard, 0); /* gone before its turn */
  assert_int_equal(ears[2]->heard, 1); /* and not again for having come anew */
  ears[2]->then = leave;
  assert_int_equal(oleander_object_fire(&bell->object, "Broken", 0), S_OK);
  assert_int_equal(ears[2]->heard, 2);
  assert_int_equal(oleander_object_fire(&bell->object, "Broken", 0), S_OK);
  assert_int_equal(ears[2]->heard, 2);
  IConnectionPoint_Release(point);
  assert_int_equal(IPersist_Release(&bell->persist), 0);
  for (i = 0; i < 3; i++)
    assert_int_equal(object_release(&ears[i]->object), 0);
}

static void the_class_tells_its_events(void **state) {
  Bell *bell = new_bell();
  IProvideClassInfo2 *about;
  ITypeInfo *coclass, *source;
  HREFTYPE reference;
  FUNCDESC *function;
  BSTR names[3] = { NULL };
  DISPID id;
  LPOLESTR name = (LPOLESTR)(uintptr_t)u"Rung";
  TYPEATTR *attributes;
  GUID guid;
  INT flags;
  UINT count;

  (void)state;
  assert_int_equal(IPersist_QueryInterface(&bell->persist, &IID_IProvideClassInfo2, (void **)&about), S_OK);
  assert_int_equal(IProvideClassInfo2_GetGUID(about, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid), S_OK);
  assert_true(IsEqualGUID(&guid, &bell_events));
  assert_int_equal(IProvideClassInfo2_GetClassInfo(about, &coclass), S_OK);
  assert_int_equal(ITypeInfo_GetTypeAttr(coclass, &attributes), S_OK);
  assert_true(IsEqualGUID(&attributes->guid, &bell_clsid));
  assert_int_equal(attributes->cImplTypes, 2);
  ITypeInfo_ReleaseTypeAttr(coclass, attributes);
  assert_int_equal(ITypeInfo_GetImplTypeFlags(coclass, 1, &flags), S_OK);
  assert_int_equal(flags, IMPLTYPEFLAG_FSOURCE);
  assert_int_equal(ITypeInfo_GetRefTypeOfImplType(coclass, 0, &reference), S_OK);
  assert_int_equal(ITypeInfo_GetRefTypeInfo(coclass, reference, &source), S_OK);
  assert_int_equal(ITypeInfo_GetIDsOfNames(source, &name, 1, &id), S_OK);
  assert_int_equal(id, 1);
  assert_int_equal(ITypeInfo_GetNames(source, 1, names, 3, &count), S_OK);
  assert_int_equal(count, 3);
  assert_int_equal(SysStringLen(names[2]), 5);
  while (count > 0)
    SysFreeString(names[--count]);
  assert_int_equal(ITypeInfo_GetFuncDesc(source, 0, &function), S_OK);
  assert_int_equal(function->cParams, 2);
  assert_int_equal(function->lprgelemdescParam[0].tdesc.vt, VT_BSTR);
  ITypeInfo_ReleaseFuncDesc(source, function);
  ITypeInfo_Release(source);
  ITypeInfo_Release(coclass);
  IProvideClassInfo2_Release(about);
  assert_int_equal(IPersist_Release(&bell->persist), 0);
}

static void an_object_has_one_class_of_many(void **state) {
  const DWORD all = MULTICLASSINFO_GETTYPEINFO | MULTICLASSINFO_GETNUMRESERVEDDISPIDS | MULTICLASSINFO_GETIIDPRIMARY |
                    MULTICLASSINFO_GETIIDSOURCE;
  Bell *bell = new_bell();
  IProvideMultipleClassInfo *about;
  ITypeInfo *coclass = NULL;
  IID primary = bell_events, source = GUID_NULL;
  DWORD flags = 7;
  ULONG count = 7;

  (void)state;
  assert_int_equal(IPersist_QueryInterface(&bell->persist, &IID_IProvideMultipleClassInfo, (void **)&about), S_OK);
  assert_int_equal(IProvideMultipleClassInfo_GetMultiTypeInfoCount(about, &count), S_OK);
  assert_int_equal(count, 1);
  assert_int_equal(IProvideMultipleClassInfo_GetInfoOfIndex(about, 0, all, &coclass, &flags, &count, &primary, &source),
                   S_OK);
  assert_non_null(coclass);
  ITypeInfo_Release(coclass);
  assert_int_equal(flags, 0);
  assert_int_equal(count, 0);
  assert_true(IsEqualGUID(&primary, &GUID_NULL)); /* its library tells of events alone */
  assert_true(IsEqualGUID(&source, &bell_events));
  assert_int_equal(IProvideMultipleClassInfo_GetInfoOfIndex(about, 0, 0, NULL, NULL, NULL, NULL, NULL), S_OK);
  assert_int_equal(IProvideMultipleClassInfo_GetInfoOfIndex(about, 1, all, &coclass, &flags, &count, &primary, &source),
                   E_INVALIDARG);
  assert_null(coclass);
  for (DWORD flag = 1; flag <= MULTICLASSINFO_GETIIDSOURCE; flag *= 2)
    assert_int_equal(IProvideMultipleClassInfo_GetInfoOfIndex(about, 0, flag, NULL, NULL, NULL, NULL, NULL), E_POINTER);
  assert_int_equal(IProvideMultipleClassInfo_GetMultiTypeInfoCount(about, NULL), E_POINTER);
  IProvideMultipleClassInfo_Release(about);
  assert_int_equal(IPersist_Release(&bell->persist), 0);
}

static void wrong_types_of_events_are_named(void **state) {
  static const OleanderEvent wrong[][2] = {
    { { "One", 1, "(thing a)" }, { 0 } },
    { { "One", 1, "(i4 a b)" }, { 0 } },
    { { "One", 1, "(void a)" }, { 0 } },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    const OleanderSource bad[] = { { &bell_events, NULL, wrong[i] }, { 0 } };
    OleanderClass bad_class = bell_class;
    IProvideClassInfo *about;
    IErrorInfo *error;
    ITypeInfo *info;
    void *made;

    bad_class.sources = bad;
    bad_class.class_info = NULL;
    assert_int_equal(oleander_object_create(&bad_class, NULL, &made), S_OK);
    assert_int_equal(IPersist_QueryInterface(&((Bell *)made)->persist, &IID_IProvideClassInfo, (void **)&about), S_OK);
    assert_int_equal(IProvideClassInfo_GetClassInfo(about, &info), E_INVALIDARG);
    assert_int_equal(GetErrorInfo(0, &error), S_OK);
    IErrorInfo_Release(error);
    IProvideClassInfo_Release(about);
    assert_int_equal(IPersist_Release(&((Bell *)made)->persist), 0);
  }
}

/* Two threads come and go while a third raises. */

static void *come_and_go(void *context) {
  Bell *bell = context;
  IConnectionPoint *point = point_of(bell, &bell_events);
  int i;

  for (i = 0; i < 300; i++) {
    Ear *ear = new_ear(NULL);

    advise(ear, point);
    leave(ear);
    object_release(&ear->object);
  }
  IConnectionPoint_Release(point);
  return NULL;
}

static void threads_may_listen_at_once(void **state) {
  Bell *bell = new_bell();
  pthread_t threads[2];
  int i;

  (void)state;
  for (i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, come_and_go, bell);
  for (i = 0; i < 300; i++)
    assert_int_equal(oleander_object_fire(&bell->object, "Broken", 0), S_OK);
  for (i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  assert_false(oleander_object_is_heard(&bell->object));
  assert_int_equal(IPersist_Release(&bell->persist), 0);
}

static int use_events(void *unused) {
  IConnectionPointContainer *container;
  IConnectionPoint *point = NULL;
  IEnumConnections *connections = NULL;
  IProvideClassInfo *about = NULL;
  ITypeInfo *info = NULL;
  static Ear ear;
  DWORD cookie = 0;
  void *made;
  HRESULT status = oleander_object_create(&bell_class, NULL, &made);

  (void)unused;
  if (FAILED(status))
    return status != E_OUTOFMEMORY;
  ear.dispatch.lpVtbl = (IDispatchVtbl *)(uintptr_t)&ear_vtable;
  object_begin(&ear.object, &(const ObjectType){ .object = offsetof(Ear, object), .faces = ear_faces }, NULL);
  IPersist_QueryInterface(&((Bell *)made)->persist, &IID_IConnectionPointContainer, (void **)&container);
  status = IConnectionPointContainer_FindConnectionPoint(container, &bell_events, &point);
  if (SUCCEEDED(status))
    status = IConnectionPoint_Advise(point, (IUnknown *)&ear.dispatch, &cookie);
  if (SUCCEEDED(status))
    status = IConnectionPoint_EnumConnections(point, &connections);
  if (SUCCEEDED(status))
    status = oleander_object_fire(&((Bell *)made)->object, "Broken", 0);
  if (SUCCEEDED(status)) {
    IPersist_QueryInterface(&((Bell *)made)->persist, &IID_IProvideClassInfo, (void **)&about);
    status = IProvideClassInfo_GetClassInfo(about, &info);
    IProvideClassInfo_Release(about);
  }
  if (info)
    ITypeInfo_Release(info);
  if (connections)
    IEnumConnections_Release(connections);
  if (point)
    IConnectionPoint_Release(point);
  IConnectionPointContainer_Release(container);
  if (IPersist_Release(&((Bell *)made)->persist) != 0 || ear.object.references != 1)
    return 1;
  oleander_module_close(&module);
  return status != S_OK && status != E_OUTOFMEMORY && status != TYPE_E_CANTLOADLIBRARY ? 2 : 0;
}

static void memory_may_run_out(void **state) {
  (void)state;
  oleander_module_close(&module);
  faults_each(use_events, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(listeners_hear_events),
    cmocka_unit_test(every_type_of_argument_arrives),
    cmocka_unit_test(wrong_use_is_refused),
    cmocka_unit_test(points_and_connections_are_listed),
    cmocka_unit_test(listeners_may_come_and_go_meanwhile),
    cmocka_unit_test(the_class_tells_its_events),
    cmocka_unit_test(an_object_has_one_class_of_many),
    cmocka_unit_test(wrong_types_of_events_are_named),
    cmocka_unit_test(threads_may_listen_at_once),
    cmocka_unit_test(memory_may_run_out),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);

  oleander_module_close(&module);
  return failed;
}
