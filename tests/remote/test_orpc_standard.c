/* Standard interfaces whose methods travel in another form than they are called, modules that make proxies and stubs themselves,
 * objects that marshal themselves, and hooks. */
#include "calculator.h"

#include "support/scratch.h"

static Worker worker;

static int begin(void **state) {
  (void)state;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  worker_start(&worker, COINIT_APARTMENTTHREADED);
  return 0;
}

static int end(void **state) {
  (void)state;
  worker_stop(&worker);
  CoUninitialize();
  assert_int_equal(calculators, 0);
  return 0;
}

/* What `make` gives, from the worker's apartment. */
typedef struct Made {
  Passed passed;
  HRESULT (*make)(void **object);
} Made;

static void make_there(void *context) {
  Made *made = context;
  assert_int_equal(made->make((void **)&made->passed.object), S_OK);
  passed_marshal(&made->passed);
  release(made->passed.object);
}

static void *from_there(const IID *iid, HRESULT (*make)(void **object)) {
  Made made = { .passed = { .iid = iid, .destination = MSHCTX_INPROC }, .make = make };
  void *proxy = NULL;
  worker_do(&worker, make_there, &made);
  assert_int_equal(made.passed.status, S_OK);
  assert_int_equal(CoUnmarshalInterface(made.passed.stream, iid, &proxy), S_OK);
  IStream_Release(made.passed.stream);
  return proxy;
}

/* Class factories */

typedef struct Factory {
  IClassFactory factory;
  Object object;
  int locks;
} Factory;

OBJECT_FACE(Factory, factory, IClassFactory)

static HRESULT STDMETHODCALLTYPE Factory_CreateInstance(IClassFactory *face, IUnknown *outer, REFIID iid,
                                                        void **result) {
  (void)face;
  if (outer)
    return CLASS_E_NOAGGREGATION;
  Calculator *made = calculator_create();
  HRESULT status = IUnknown_QueryInterface((IUnknown *)&made->calculator, iid, result);
  release(&made->calculator);
  return status;
}

static HRESULT STDMETHODCALLTYPE Factory_LockServer(IClassFactory *face, BOOL lock) {
  OBJECT_CONTAINER(face, Factory, factory)->locks += lock ? 1 : -1;
  return S_OK;
}

static const IClassFactoryVtbl factory_vtable = {
  Factory_factory_QueryInterface, Factory_factory_AddRef, Factory_factory_Release,
  Factory_CreateInstance,         Factory_LockServer,
};
static const ObjectFace factory_faces[] = { { &IID_IClassFactory, offsetof(Factory, factory), &factory_vtable },
                                            { 0 } };
static const ObjectType factory_type = {
  "Factory", sizeof(Factory), offsetof(Factory, object), factory_faces, NULL, NULL,
};

static HRESULT make_factory(void **object) {
  *object = object_create(&factory_type);
  return S_OK;
}

static void factories_make_objects_where_they_live(void **state) {
  (void)state;
  IClassFactory *factory = from_there(&IID_IClassFactory, make_factory);
  ICalculator *calculator = NULL;
  void *none = &none;
  LONG sum;
  assert_int_equal(IClassFactory_CreateInstance(factory, NULL, &IID_ICalculator, (void **)&calculator), S_OK);
  assert_int_equal(calculator->lpVtbl->Add(calculator, 1, 2, &sum), S_OK);
  assert_int_equal(sum, 3);
  assert_int_equal(IClassFactory_CreateInstance(factory, (IUnknown *)factory, &IID_IUnknown, &none),
                   CLASS_E_NOAGGREGATION);
  assert_null(none);
  none = &none;
  assert_int_equal(IClassFactory_CreateInstance(factory, NULL, &IID_IStream, &none), E_NOINTERFACE);
  assert_null(none);
  assert_int_equal(IClassFactory_LockServer(factory, TRUE), S_OK);
  assert_int_equal(IClassFactory_LockServer(factory, FALSE), S_OK);
  release(calculator);
  release(factory);
  worker_settle(&worker);
  assert_int_equal(calculators, 0);
}

/* Enumerators */

typedef struct Numbers {
  IEnumVARIANT enumerator;
  Object object;
  LONG next;
} Numbers;

OBJECT_FACE(Numbers, enumerator, IEnumVARIANT)

enum { NUMBERS = 5 };

static bool tight_lipped; /* never says how many */

static HRESULT STDMETHODCALLTYPE Numbers_Next(IEnumVARIANT *face, ULONG count, VARIANT *values, ULONG *fetched) {
  Numbers *self = OBJECT_CONTAINER(face, Numbers, enumerator);
  ULONG done = 0;
  while (done < count && self->next < NUMBERS)
    values[done++] = make_integer(VT_I4, self->next++);
  if (fetched && !tight_lipped)
    *fetched = done;
  return done == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Numbers_Skip(IEnumVARIANT *face, ULONG count) {
  OBJECT_CONTAINER(face, Numbers, enumerator)->next += (LONG)count;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Numbers_Reset(IEnumVARIANT *face) {
  OBJECT_CONTAINER(face, Numbers, enumerator)->next = 0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Numbers_Clone(IEnumVARIANT *face, IEnumVARIANT **result);

static const IEnumVARIANTVtbl numbers_vtable = {
  Numbers_enumerator_QueryInterface,
  Numbers_enumerator_AddRef,
  Numbers_enumerator_Release,
  Numbers_Next,
  Numbers_Skip,
  Numbers_Reset,
  Numbers_Clone,
};
static const ObjectFace numbers_faces[] = { { &IID_IEnumVARIANT, offsetof(Numbers, enumerator), &numbers_vtable },
                                            { 0 } };
static const ObjectType numbers_type = {
  "Numbers", sizeof(Numbers), offsetof(Numbers, object), numbers_faces, NULL, NULL,
};

static HRESULT STDMETHODCALLTYPE Numbers_Clone(IEnumVARIANT *face, IEnumVARIANT **result) {
  Numbers *made = object_create(&numbers_type);
  made->next = OBJECT_CONTAINER(face, Numbers, enumerator)->next;
  *result = &made->enumerator;
  return S_OK;
}

static HRESULT make_numbers(void **object) {
  *object = object_create(&numbers_type);
  return S_OK;
}

static void enumerators_give_blocks(void **state) {
  (void)state;
  IEnumVARIANT *numbers = from_there(&IID_IEnumVARIANT, make_numbers), *clone;
  VARIANT values[8] = { { .vt = VT_EMPTY } };
  ULONG fetched = 99;
  assert_int_equal(IEnumVARIANT_Next(numbers, 1, values, NULL), S_OK);
  assert_int_equal(V_I4(&values[0]), 0);
  assert_int_equal(IEnumVARIANT_Next(numbers, 2, values, &fetched), S_OK);
  assert_int_equal(fetched, 2);
  assert_int_equal(V_I4(&values[1]), 2);
  assert_int_equal(IEnumVARIANT_Clone(numbers, &clone), S_OK);
  assert_int_equal(IEnumVARIANT_Next(numbers, 8, values, &fetched), S_FALSE);
  assert_int_equal(fetched, 2);
  assert_int_equal(V_I4(&values[1]), 4);
  assert_int_equal(IEnumVARIANT_Next(numbers, 8, values, &fetched), S_FALSE);
  assert_int_equal(fetched, 0);
  assert_int_equal(IEnumVARIANT_Next(clone, 8, values, &fetched), S_FALSE);
  assert_int_equal(fetched, 2);
  assert_int_equal(IEnumVARIANT_Reset(clone), S_OK);
  assert_int_equal(IEnumVARIANT_Skip(clone, 4), S_OK);
  assert_int_equal(IEnumVARIANT_Next(clone, 1, values, &fetched), S_OK);
  assert_int_equal(V_I4(&values[0]), 4);
  release(clone);
  release(numbers);
}

/* Success means that all have come that were asked for, whether the object says so or not. */
static void an_enumerator_need_not_count(void **state) {
  (void)state;
  IEnumVARIANT *numbers = from_there(&IID_IEnumVARIANT, make_numbers);
  VARIANT values[4] = { { .vt = VT_EMPTY } };
  ULONG fetched = 99;
  tight_lipped = true;
  assert_int_equal(IEnumVARIANT_Next(numbers, 1, values, NULL), S_OK);
  assert_int_equal(V_VT(&values[0]), VT_I4);
  assert_int_equal(IEnumVARIANT_Next(numbers, 3, values, &fetched), S_OK);
  assert_int_equal(fetched, 3);
  assert_int_equal(V_I4(&values[2]), 3);
  assert_int_equal(IEnumVARIANT_Next(numbers, 4, values, &fetched), S_FALSE);
  assert_int_equal(fetched, 0);
  tight_lipped = false;
  release(numbers);
}

/* Custom data of types: a record that counts what lies behind a pointer in it. */

static const GUID custom[] = { { 0x51A7C0DE, 0x00A1, 0x4A11, { 1 } }, { 0x51A7C0DE, 0x00A2, 0x4A11, { 1 } } };

static HRESULT make_type(void **object) {
  ICreateTypeLib2 *library;
  ICreateTypeInfo *type;
  ICreateTypeInfo2 *type2;
  assert_int_equal(CreateTypeLib2(SYS_WIN64, u"/nowhere/custom.tlb", &library), S_OK);
  assert_int_equal(ICreateTypeLib2_CreateTypeInfo(library, (LPOLESTR)u"Custom", TKIND_INTERFACE, &type), S_OK);
  assert_int_equal(ICreateTypeInfo_QueryInterface(type, &IID_ICreateTypeInfo2, (void **)&type2), S_OK);
  VARIANT text = { .vt = VT_BSTR }, number = make_integer(VT_I4, 7);
  V_BSTR(&text) = SysAllocString(u"seven");
  assert_int_equal(ICreateTypeInfo2_SetCustData(type2, &custom[0], &text), S_OK);
  assert_int_equal(ICreateTypeInfo2_SetCustData(type2, &custom[1], &number), S_OK);
  VariantClear(&text);
  assert_int_equal(ICreateTypeInfo2_LayOut(type2), S_OK);
  HRESULT status = ICreateTypeInfo2_QueryInterface(type2, &IID_ITypeInfo2, object);
  release(type2);
  release(type);
  release(library);
  return status;
}

static void custom_data_travels(void **state) {
  (void)state;
  ITypeInfo2 *type = from_there(&IID_ITypeInfo2, make_type);
  TYPEKIND kind = TKIND_MAX;
  CUSTDATA all = { 0 };
  VARIANT one;
  assert_int_equal(ITypeInfo2_GetTypeKind(type, &kind), S_OK);
  assert_int_equal(kind, TKIND_INTERFACE);
  assert_int_equal(ITypeInfo2_GetAllCustData(type, &all), S_OK);
  assert_int_equal(all.cCustData, 2);
  for (DWORD i = 0; i < all.cCustData; i++) {
    bool is_text = IsEqualGUID(&all.prgCustData[i].guid, &custom[0]);
    assert_true(is_text || IsEqualGUID(&all.prgCustData[i].guid, &custom[1]));
    assert_int_equal(V_VT(&all.prgCustData[i].varValue), is_text ? VT_BSTR : VT_I4);
    if (is_text)
      assert_memory_equal(V_BSTR(&all.prgCustData[i].varValue), u"seven", 12);
    else
      assert_int_equal(V_I4(&all.prgCustData[i].varValue), 7);
  }
  ClearCustData(&all);
  VariantInit(&one);
  assert_int_equal(ITypeInfo2_GetCustData(type, &custom[1], &one), S_OK);
  assert_int_equal(V_I4(&one), 7);
  assert_int_equal(ITypeInfo2_GetCustData(type, &GUID_NULL, &one), S_OK);
  assert_int_equal(V_VT(&one), VT_EMPTY);
  release(type);
}

/* Objects that marshal themselves, by the free-threaded marshaler or by the standard one in part */

typedef struct Marshaled {
  ICalculator calculator; /* its vtable alone */
  IMarshal marshal;
  Object object;
  IMarshal *standard;
  int asked;
} Marshaled;

OBJECT_FACE(Marshaled, marshal, IMarshal)

static Marshaled *marshaled_self(IMarshal *face) {
  return OBJECT_CONTAINER(face, Marshaled, marshal);
}

static HRESULT STDMETHODCALLTYPE Marshaled_GetUnmarshalClass(IMarshal *face, REFIID iid, void *object, DWORD context,
                                                             void *reserved, DWORD flags, CLSID *clsid) {
  marshaled_self(face)->asked++;
  return IMarshal_GetUnmarshalClass(marshaled_self(face)->standard, iid, object, context, reserved, flags, clsid);
}
static HRESULT STDMETHODCALLTYPE Marshaled_GetMarshalSizeMax(IMarshal *face, REFIID iid, void *object, DWORD context,
                                                             void *reserved, DWORD flags, DWORD *size) {
  return IMarshal_GetMarshalSizeMax(marshaled_self(face)->standard, iid, object, context, reserved, flags, size);
}
static HRESULT STDMETHODCALLTYPE Marshaled_MarshalInterface(IMarshal *face, IStream *stream, REFIID iid, void *object,
                                                            DWORD context, void *reserved, DWORD flags) {
  return IMarshal_MarshalInterface(marshaled_self(face)->standard, stream, iid, object, context, reserved, flags);
}
static HRESULT STDMETHODCALLTYPE Marshaled_UnmarshalInterface(IMarshal *face, IStream *stream, REFIID iid,
                                                              void **result) {
  return IMarshal_UnmarshalInterface(marshaled_self(face)->standard, stream, iid, result);
}
static HRESULT STDMETHODCALLTYPE Marshaled_ReleaseMarshalData(IMarshal *face, IStream *stream) {
  return IMarshal_ReleaseMarshalData(marshaled_self(face)->standard, stream);
}
static HRESULT STDMETHODCALLTYPE Marshaled_DisconnectObject(IMarshal *face, DWORD reserved) {
  return IMarshal_DisconnectObject(marshaled_self(face)->standard, reserved);
}

static const IMarshalVtbl marshaled_vtable = {
  Marshaled_marshal_QueryInterface, Marshaled_marshal_AddRef,     Marshaled_marshal_Release,
  Marshaled_GetUnmarshalClass,      Marshaled_GetMarshalSizeMax,  Marshaled_MarshalInterface,
  Marshaled_UnmarshalInterface,     Marshaled_ReleaseMarshalData, Marshaled_DisconnectObject,
};
static const ObjectFace marshaled_faces[] = { { &IID_IMarshal, offsetof(Marshaled, marshal), &marshaled_vtable },
                                              { 0 } };
static const ObjectType marshaled_type = {
  "Marshaled", sizeof(Marshaled), offsetof(Marshaled, object), marshaled_faces, NULL, NULL,
};

static void the_standard_marshaler_serves_others(void **state) {
  (void)state;
  static const LARGE_INTEGER start;
  Marshaled *object = object_create(&marshaled_type);
  IUnknown *identity = (IUnknown *)&object->marshal, *back = NULL;
  IStream *stream;
  ULONG most = 0;
  assert_int_equal(CoGetStandardMarshal(&IID_IUnknown, NULL, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL, &object->standard),
                   S_OK);
  CreateStreamOnHGlobal(NULL, TRUE, &stream);
  assert_int_equal(CoGetMarshalSizeMax(&most, &IID_IUnknown, identity, MSHCTX_INPROC, NULL, 0), S_OK);
  assert_true(most > 0);
  assert_int_equal(CoMarshalInterface(stream, &IID_IUnknown, identity, MSHCTX_INPROC, NULL, 0), S_OK);
  assert_true(object->asked > 0);
  assert_true(object->object.references > 1);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  assert_int_equal(CoUnmarshalInterface(stream, &IID_IUnknown, (void **)&back), S_OK);
  assert_ptr_equal(back, identity);
  release(back);
  assert_int_equal(object->object.references, 1);
  /* Cut off before anybody took it. */
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  assert_int_equal(CoMarshalInterface(stream, &IID_IUnknown, identity, MSHCTX_INPROC, NULL, 0), S_OK);
  assert_int_equal(CoDisconnectObject(identity, 0), S_OK);
  assert_int_equal(object->object.references, 1);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  assert_true(FAILED(CoUnmarshalInterface(stream, &IID_IUnknown, (void **)&back)));
  release(stream);
  release(object->standard);
  release(identity);
}

static void bad_arguments_and_references_are_refused(void **state) {
  (void)state;
  static const LARGE_INTEGER start;
  Calculator *here = calculator_create();
  IUnknown *object = (IUnknown *)&here->calculator;
  IStream *stream;
  ULONG size;
  void *none;
  static const IID nowhere = { 0x77777777, 1, 1, { 1 } };
  CreateStreamOnHGlobal(NULL, TRUE, &stream);
  assert_int_equal(CoMarshalInterface(NULL, &IID_IUnknown, object, MSHCTX_INPROC, NULL, 0), E_INVALIDARG);
  assert_int_equal(CoMarshalInterface(stream, &IID_IUnknown, NULL, MSHCTX_INPROC, NULL, 0), E_INVALIDARG);
  assert_int_equal(CoMarshalInterface(stream, &IID_IUnknown, object, 99, NULL, 0), E_INVALIDARG);
  assert_int_equal(CoMarshalInterface(stream, &IID_IUnknown, object, MSHCTX_INPROC, NULL,
                                      MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK),
                   E_INVALIDARG);
  assert_int_equal(CoMarshalInterface(stream, &nowhere, object, MSHCTX_INPROC, NULL, 0), E_NOINTERFACE);
  assert_int_equal(CoGetMarshalSizeMax(NULL, &IID_IUnknown, object, MSHCTX_INPROC, NULL, 0), E_INVALIDARG);
  assert_int_equal(CoGetMarshalSizeMax(&size, &IID_IUnknown, object, MSHCTX_INPROC, NULL, 0), S_OK);
  assert_int_equal(CoUnmarshalInterface(NULL, &IID_IUnknown, &none), E_INVALIDARG);
  assert_int_equal(CoUnmarshalInterface(stream, &IID_IUnknown, &none), STG_E_READFAULT);
  IStream_Write(stream, "this is certainly no reference to anything", 40, NULL);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  assert_int_equal(CoUnmarshalInterface(stream, &IID_IUnknown, &none), RPC_E_INVALID_OBJREF);
  assert_null(none);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  assert_int_equal(CoReleaseMarshalData(stream), RPC_E_INVALID_OBJREF);
  assert_int_equal(here->object.references, 1);
  release(stream);
  release(object);
}

/* A reference for another process that nobody ever takes. */
static void what_nobody_takes_is_run_down(void **state) {
  (void)state;
  setenv("OLEANDER_PING_PERIOD", "0.02", 1);
  Calculator *here = calculator_create();
  IStream *stream;
  CreateStreamOnHGlobal(NULL, TRUE, &stream);
  assert_int_equal(CoMarshalInterface(stream, &IID_ICalculator, (IUnknown *)&here->calculator, MSHCTX_LOCAL, NULL, 0),
                   S_OK);
  assert_true(here->object.references > 1);
  int64_t limit = apartment_after(20);
  while (here->object.references > 1 && apartment_clock() < limit)
    apartment_wait(NULL, NULL, apartment_after(0.01));
  assert_int_equal(here->object.references, 1);
  release(stream);
  release(&here->calculator);
}

/* A module that makes proxies and stubs itself: one method that doubles a number */

static const IID IID_IDouble = { 0x51A7C0DE, 0x0003, 0x4A11, { 0x80, 0, 0, 0, 0, 0, 0, 1 } };
static const CLSID CLSID_Module = { 0x51A7C0DE, 0x0004, 0x4A11, { 0x80, 0, 0, 0, 0, 0, 0, 1 } };

typedef struct IDouble IDouble;
typedef struct IDoubleVtbl {
  HRESULT(STDMETHODCALLTYPE *QueryInterface)(IDouble *self, REFIID iid, void **result);
  ULONG(STDMETHODCALLTYPE *AddRef)(IDouble *self);
  ULONG(STDMETHODCALLTYPE *Release)(IDouble *self);
  HRESULT(STDMETHODCALLTYPE *Double)(IDouble *self, LONG *number);
} IDoubleVtbl;
struct IDouble {
  const IDoubleVtbl *lpVtbl;
};

static int module_parts; /* proxies and stubs that live */

typedef struct Doubler {
  IDouble doubler;
  Object object;
} Doubler;

OBJECT_FACE(Doubler, doubler, IDouble)

static HRESULT STDMETHODCALLTYPE Doubler_Double(IDouble *face, LONG *number) {
  (void)face;
  *number *= 2;
  return S_OK;
}

static const IDoubleVtbl doubler_vtable = { Doubler_doubler_QueryInterface, Doubler_doubler_AddRef,
                                            Doubler_doubler_Release, Doubler_Double };
static const ObjectFace doubler_faces[] = { { &IID_IDouble, offsetof(Doubler, doubler), &doubler_vtable }, { 0 } };
static const ObjectType doubler_type = {
  "Doubler", sizeof(Doubler), offsetof(Doubler, object), doubler_faces, NULL, NULL,
};

/* The proxy: its buffer is its own object, its interface belongs to the outer one. */
typedef struct DoubleProxy {
  IRpcProxyBuffer buffer;
  IDouble doubler;
  ULONG references;
  IUnknown *outer;
  IRpcChannelBuffer *channel;
} DoubleProxy;

static DoubleProxy *proxy_of_buffer(IRpcProxyBuffer *face) {
  return OBJECT_CONTAINER(face, DoubleProxy, buffer);
}
static DoubleProxy *proxy_of_doubler(IDouble *face) {
  return OBJECT_CONTAINER(face, DoubleProxy, doubler);
}

static HRESULT STDMETHODCALLTYPE DoubleProxy_QueryInterface(IRpcProxyBuffer *face, REFIID iid, void **result) {
  *result = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IRpcProxyBuffer) ? (void *)face : NULL;
  if (!*result)
    return E_NOINTERFACE;
  proxy_of_buffer(face)->references++;
  return S_OK;
}
static ULONG STDMETHODCALLTYPE DoubleProxy_AddRef(IRpcProxyBuffer *face) {
  return ++proxy_of_buffer(face)->references;
}
static ULONG STDMETHODCALLTYPE DoubleProxy_Release(IRpcProxyBuffer *face) {
  DoubleProxy *self = proxy_of_buffer(face);
  ULONG left = --self->references;
  if (!left) {
    module_parts--;
    free(self);
  }
  return left;
}
static HRESULT STDMETHODCALLTYPE DoubleProxy_Connect(IRpcProxyBuffer *face, IRpcChannelBuffer *channel) {
  IRpcChannelBuffer_AddRef(channel);
  proxy_of_buffer(face)->channel = channel;
  return S_OK;
}
static void STDMETHODCALLTYPE DoubleProxy_Disconnect(IRpcProxyBuffer *face) {
  DoubleProxy *self = proxy_of_buffer(face);
  if (self->channel)
    IRpcChannelBuffer_Release(self->channel);
  self->channel = NULL;
}

static HRESULT STDMETHODCALLTYPE DoubleProxy_OuterQuery(IDouble *face, REFIID iid, void **result) {
  return IUnknown_QueryInterface(proxy_of_doubler(face)->outer, iid, result);
}
static ULONG STDMETHODCALLTYPE DoubleProxy_OuterAddRef(IDouble *face) {
  return IUnknown_AddRef(proxy_of_doubler(face)->outer);
}
static ULONG STDMETHODCALLTYPE DoubleProxy_OuterRelease(IDouble *face) {
  return IUnknown_Release(proxy_of_doubler(face)->outer);
}
static HRESULT STDMETHODCALLTYPE DoubleProxy_Double(IDouble *face, LONG *number) {
  DoubleProxy *self = proxy_of_doubler(face);
  RPCOLEMESSAGE message = { .cbBuffer = sizeof *number, .iMethod = 3 };
  ULONG fault = 0;
  DWORD context = 99;
  assert_int_equal(IRpcChannelBuffer_IsConnected(self->channel), S_OK);
  assert_int_equal(IRpcChannelBuffer_GetDestCtx(self->channel, &context, NULL), S_OK);
  assert_int_equal(context, MSHCTX_INPROC);
  HRESULT status = IRpcChannelBuffer_GetBuffer(self->channel, &message, &IID_IDouble);
  if (FAILED(status))
    return status;
  memcpy(message.Buffer, number, sizeof *number);
  status = IRpcChannelBuffer_SendReceive(self->channel, &message, &fault);
  if (FAILED(status))
    return status;
  memcpy(number, message.Buffer, sizeof *number);
  IRpcChannelBuffer_FreeBuffer(self->channel, &message);
  return S_OK;
}

static const IRpcProxyBufferVtbl proxy_buffer_vtable = { DoubleProxy_QueryInterface, DoubleProxy_AddRef,
                                                         DoubleProxy_Release, DoubleProxy_Connect,
                                                         DoubleProxy_Disconnect };
static const IDoubleVtbl proxy_vtable = { DoubleProxy_OuterQuery, DoubleProxy_OuterAddRef, DoubleProxy_OuterRelease,
                                          DoubleProxy_Double };

typedef struct DoubleStub {
  IRpcStubBuffer stub;
  Object object;
  IDouble *server;
} DoubleStub;

OBJECT_FACE(DoubleStub, stub, IRpcStubBuffer)

static HRESULT STDMETHODCALLTYPE DoubleStub_Connect(IRpcStubBuffer *face, IUnknown *server) {
  DoubleStub *self = OBJECT_CONTAINER(face, DoubleStub, stub);
  return IUnknown_QueryInterface(server, &IID_IDouble, (void **)&self->server);
}
static void STDMETHODCALLTYPE DoubleStub_Disconnect(IRpcStubBuffer *face) {
  DoubleStub *self = OBJECT_CONTAINER(face, DoubleStub, stub);
  if (self->server)
    release(self->server);
  self->server = NULL;
}
static HRESULT STDMETHODCALLTYPE DoubleStub_Invoke(IRpcStubBuffer *face, RPCOLEMESSAGE *message,
                                                   IRpcChannelBuffer *channel) {
  DoubleStub *self = OBJECT_CONTAINER(face, DoubleStub, stub);
  LONG number;
  if (message->iMethod != 3 || message->cbBuffer != sizeof number)
    return RPC_E_INVALIDMETHOD;
  memcpy(&number, message->Buffer, sizeof number);
  HRESULT status = self->server->lpVtbl->Double(self->server, &number);
  if (FAILED(status))
    return status;
  message->cbBuffer = sizeof number;
  status = IRpcChannelBuffer_GetBuffer(channel, message, &IID_IDouble);
  if (SUCCEEDED(status))
    memcpy(message->Buffer, &number, sizeof number);
  return status;
}
static IRpcStubBuffer *STDMETHODCALLTYPE DoubleStub_IsIIDSupported(IRpcStubBuffer *face, REFIID iid) {
  return IsEqualIID(iid, &IID_IDouble) ? face : NULL;
}
static ULONG STDMETHODCALLTYPE DoubleStub_CountRefs(IRpcStubBuffer *face) {
  return OBJECT_CONTAINER(face, DoubleStub, stub)->server ? 1 : 0;
}
static HRESULT STDMETHODCALLTYPE DoubleStub_DebugServerQueryInterface(IRpcStubBuffer *face, void **result) {
  *result = OBJECT_CONTAINER(face, DoubleStub, stub)->server;
  return S_OK;
}
static void STDMETHODCALLTYPE DoubleStub_DebugServerRelease(IRpcStubBuffer *face, void *server) {
  (void)face;
  (void)server;
}
static void double_stub_destroy(void *memory) {
  (void)memory;
  module_parts--;
}

static const IRpcStubBufferVtbl stub_vtable = {
  DoubleStub_stub_QueryInterface,
  DoubleStub_stub_AddRef,
  DoubleStub_stub_Release,
  DoubleStub_Connect,
  DoubleStub_Disconnect,
  DoubleStub_Invoke,
  DoubleStub_IsIIDSupported,
  DoubleStub_CountRefs,
  DoubleStub_DebugServerQueryInterface,
  DoubleStub_DebugServerRelease,
};
static const ObjectFace stub_faces[] = { { &IID_IRpcStubBuffer, offsetof(DoubleStub, stub), &stub_vtable }, { 0 } };
static const ObjectType stub_type = {
  "DoubleStub", sizeof(DoubleStub), offsetof(DoubleStub, object), stub_faces, double_stub_destroy, NULL,
};

typedef struct Module {
  IPSFactoryBuffer factory;
  Object object;
} Module;

OBJECT_FACE(Module, factory, IPSFactoryBuffer)

static HRESULT STDMETHODCALLTYPE Module_CreateProxy(IPSFactoryBuffer *face, IUnknown *outer, REFIID iid,
                                                    IRpcProxyBuffer **buffer, void **result) {
  (void)face;
  if (!IsEqualIID(iid, &IID_IDouble))
    return E_NOINTERFACE;
  DoubleProxy *made = calloc(1, sizeof *made);
  made->buffer.lpVtbl = &proxy_buffer_vtable;
  made->doubler.lpVtbl = &proxy_vtable;
  made->references = 1;
  made->outer = outer;
  module_parts++;
  *buffer = &made->buffer;
  *result = &made->doubler;
  IUnknown_AddRef(outer);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Module_CreateStub(IPSFactoryBuffer *face, REFIID iid, IUnknown *server,
                                                   IRpcStubBuffer **result) {
  (void)face;
  if (!IsEqualIID(iid, &IID_IDouble))
    return E_NOINTERFACE;
  DoubleStub *made = object_create(&stub_type);
  module_parts++;
  *result = &made->stub;
  return IRpcStubBuffer_Connect(*result, server);
}

static const IPSFactoryBufferVtbl module_vtable = {
  Module_factory_QueryInterface, Module_factory_AddRef, Module_factory_Release, Module_CreateProxy, Module_CreateStub,
};
static const ObjectFace module_faces[] = { { &IID_IPSFactoryBuffer, offsetof(Module, factory), &module_vtable },
                                           { 0 } };
static const ObjectType module_type = { "Module", sizeof(Module), offsetof(Module, object), module_faces, NULL, NULL };

static HRESULT make_doubler(void **object) {
  *object = object_create(&doubler_type);
  return S_OK;
}

static DWORD module_cookie;

static void register_module(void *context) {
  Module *module = object_create(&module_type);
  (void)context;
  CoRegisterClassObject(&CLSID_Module, (IUnknown *)&module->factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE,
                        &module_cookie);
  release(&module->factory);
}

static void modules_make_proxies_and_stubs(void **state) {
  (void)state;
  DWORD here;
  LONG number = 21;
  register_module(NULL);
  here = module_cookie;
  worker_do(&worker, register_module, NULL);
  assert_int_equal(CoRegisterPSClsid(&IID_IDouble, &CLSID_Module), S_OK);
  IDouble *doubler = from_there(&IID_IDouble, make_doubler), *again;
  IUnknown *identity;
  assert_int_equal(doubler->lpVtbl->Double(doubler, &number), S_OK);
  assert_int_equal(number, 42);
  assert_int_equal(doubler->lpVtbl->QueryInterface(doubler, &IID_IUnknown, (void **)&identity), S_OK);
  assert_int_equal(IUnknown_QueryInterface(identity, &IID_IDouble, (void **)&again), S_OK);
  assert_ptr_equal(again, doubler);
  release(again);
  release(identity);
  release(doubler);
  worker_settle(&worker);
  assert_int_equal(module_parts, 0);
  CoRevokeClassObject(here);
}

int main(void) {
#define STANDARD_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)
  setenv("OLEANDER_RUNTIME", scratch_make(), 1);
  const struct CMUnitTest tests[] = {
    STANDARD_TEST(factories_make_objects_where_they_live), STANDARD_TEST(enumerators_give_blocks),
    STANDARD_TEST(factories_make_objects_where_they_live), STANDARD_TEST(custom_data_travels),
    STANDARD_TEST(factories_make_objects_where_they_live), STANDARD_TEST(an_enumerator_need_not_count),
    STANDARD_TEST(the_standard_marshaler_serves_others),   STANDARD_TEST(bad_arguments_and_references_are_refused),
    STANDARD_TEST(modules_make_proxies_and_stubs),         STANDARD_TEST(what_nobody_takes_is_run_down),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  scratch_remove();
  return failed;
}
