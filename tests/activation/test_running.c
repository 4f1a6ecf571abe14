/* The running object table, active objects, bind contexts, and interfaces handed between threads. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ole2.h>

#include "com/object.h"
#include "support/faults.h"
#include "support/scratch.h"

static const CLSID sample = { 0x11223344, 0x5566, 0x7788, { 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0x00 } };

static int setup(void **state) {
  *state = (void *)(uintptr_t)scratch_make();
  setenv("OLEANDER_CLASSES", scratch_path("classes"), 1);
  return CoInitialize(NULL) == S_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  SetErrorInfo(0, NULL);
  CoUninitialize();
  scratch_remove();
  return 0;
}

/* Any object will do; an item moniker is one. */
static IUnknown *new_object(void) {
  IMoniker *moniker;

  assert_int_equal(CreateItemMoniker(u"!", u"object", &moniker), S_OK);
  return (IUnknown *)moniker;
}

static IMoniker *item(LPCOLESTR name) {
  IMoniker *moniker;

  assert_int_equal(CreateItemMoniker(u"!", name, &moniker), S_OK);
  return moniker;
}

static IRunningObjectTable *table_of_process(void) {
  IRunningObjectTable *table;

  assert_int_equal(GetRunningObjectTable(0, &table), S_OK);
  return table;
}

static void the_table_answers_for_what_is_registered(void **state) {
  IRunningObjectTable *table = table_of_process();
  IUnknown *object = new_object();
  IMoniker *name = item(u"name");
  IMoniker *same = item(u"NAME");
  IMoniker *other = item(u"other");
  IUnknown *found = (IUnknown *)1;
  FILETIME now;
  FILETIME time;
  DWORD first;
  DWORD second;

  (void)state;
  assert_int_equal(IRunningObjectTable_IsRunning(table, name), S_FALSE);
  assert_int_equal(IRunningObjectTable_GetObject(table, name, &found), MK_E_UNAVAILABLE);
  assert_null(found);
  assert_int_equal(IRunningObjectTable_GetTimeOfLastChange(table, name, &time), MK_E_UNAVAILABLE);
  assert_int_equal(IRunningObjectTable_Register(table, 0, object, name, &first), S_OK);
  assert_int_not_equal(first, 0);
  assert_int_equal(IRunningObjectTable_IsRunning(table, same), S_OK);
  assert_int_equal(IRunningObjectTable_IsRunning(table, other), S_FALSE);
  assert_int_equal(IRunningObjectTable_GetObject(table, same, &found), S_OK);
  assert_ptr_equal(found, object);
  IUnknown_Release(found);
  assert_int_equal(IRunningObjectTable_Register(table, ROTFLAGS_REGISTRATIONKEEPSALIVE, object, same, &second),
                   MK_S_MONIKERALREADYREGISTERED);
  assert_int_not_equal(first, second);

  assert_int_equal(CoFileTimeNow(&now), S_OK);
  now.dwHighDateTime++;
  assert_int_equal(IRunningObjectTable_NoteChangeTime(table, second, &now), S_OK);
  assert_int_equal(IRunningObjectTable_GetTimeOfLastChange(table, name, &time), S_OK);
  assert_memory_equal(&now, &time, sizeof now);
  assert_int_equal(IRunningObjectTable_NoteChangeTime(table, 0x7777, &now), E_INVALIDARG);

  assert_int_equal(IRunningObjectTable_Revoke(table, first), S_OK);
  assert_int_equal(IRunningObjectTable_Revoke(table, first), E_INVALIDARG);
  assert_int_equal(IRunningObjectTable_IsRunning(table, name), S_OK);
  assert_int_equal(IRunningObjectTable_Revoke(table, second), S_OK);
  assert_int_equal(IRunningObjectTable_IsRunning(table, name), S_FALSE);
  assert_int_equal(IUnknown_Release(object), 0);
  assert_int_equal(IMoniker_Release(name), 0);
  assert_int_equal(IMoniker_Release(same), 0);
  IMoniker_Release(other);
}

static void wrong_registrations_are_refused(void **state) {
  IRunningObjectTable *table = table_of_process();
  IUnknown *object = new_object();
  IMoniker *name = item(u"name");
  IMoniker *pointer;
  IUnknown *found;
  DWORD cookie;

  (void)state;
  assert_int_equal(GetRunningObjectTable(1, &table), E_UNEXPECTED);
  assert_int_equal(GetRunningObjectTable(0, NULL), E_INVALIDARG);
  table = table_of_process();
  assert_int_equal(IRunningObjectTable_Register(table, 0, NULL, name, &cookie), E_INVALIDARG);
  assert_int_equal(IRunningObjectTable_Register(table, 0, object, NULL, &cookie), E_INVALIDARG);
  assert_int_equal(IRunningObjectTable_Register(table, 0, object, name, NULL), E_INVALIDARG);
  assert_int_equal(IRunningObjectTable_Register(table, 0x80, object, name, &cookie), E_INVALIDARG);
  assert_int_equal(IRunningObjectTable_GetObject(table, name, NULL), E_POINTER);
  /* A moniker without a name cannot be found again. */
  assert_int_equal(CreatePointerMoniker(object, &pointer), S_OK);
  assert_int_equal(IRunningObjectTable_Register(table, 0, object, pointer, &cookie), E_NOTIMPL);
  assert_int_equal(IRunningObjectTable_IsRunning(table, pointer), S_FALSE);
  assert_int_equal(IRunningObjectTable_GetObject(table, pointer, &found), MK_E_UNAVAILABLE);
  IMoniker_Release(pointer);
  assert_int_equal(IMoniker_Release(name), 0);
  assert_int_equal(IUnknown_Release(object), 0);
}

static void an_apartment_takes_its_registrations_along(void **state) {
  IRunningObjectTable *table = table_of_process();
  IUnknown *object = new_object();
  IMoniker *name = item(u"name");
  IEnumMoniker *list;
  IMoniker *running;
  DWORD cookie;

  (void)state;
  assert_int_equal(IRunningObjectTable_Register(table, ROTFLAGS_REGISTRATIONKEEPSALIVE, object, name, &cookie), S_OK);
  assert_int_equal(IRunningObjectTable_EnumRunning(table, &list), S_OK);
  assert_int_equal(IEnumMoniker_Next(list, 1, &running, NULL), S_OK);
  assert_ptr_equal(running, name);
  IMoniker_Release(running);
  assert_int_equal(IEnumMoniker_Next(list, 1, &running, NULL), S_FALSE);
  IEnumMoniker_Release(list);
  CoUninitialize();
  assert_int_equal(IMoniker_Release(name), 0);
  assert_int_equal(IUnknown_Release(object), 0);
  assert_int_equal(CoInitialize(NULL), S_OK);
}

static void active_objects_are_found_by_class(void **state) {
  IUnknown *object = new_object();
  IUnknown *found = (IUnknown *)1;
  DWORD cookie;

  (void)state;
  assert_int_equal(GetActiveObject(&sample, NULL, &found), MK_E_UNAVAILABLE);
  assert_null(found);
  assert_int_equal(RegisterActiveObject(object, &sample, ACTIVEOBJECT_WEAK, &cookie), S_OK);
  assert_int_equal(GetActiveObject(&sample, NULL, &found), S_OK);
  assert_ptr_equal(found, object);
  IUnknown_Release(found);
  assert_int_equal(CoGetObject(u"!{11223344-5566-7788-99AA-BBCCDDEEFF00}", NULL, &IID_IUnknown, (void **)&found), S_OK);
  IUnknown_Release(found);
  assert_int_equal(RevokeActiveObject(cookie, NULL), S_OK);
  assert_int_equal(GetActiveObject(&sample, NULL, &found), MK_E_UNAVAILABLE);
  assert_int_equal(RegisterActiveObject(NULL, &sample, 0, &cookie), E_INVALIDARG);
  assert_int_equal(RegisterActiveObject(object, &sample, 0, NULL), E_INVALIDARG);
  assert_int_equal(IUnknown_Release(object), 0);
}

static void bind_contexts_keep_options(void **state) {
  IBindCtx *context;
  BIND_OPTS3 options = { .cbStruct = sizeof options };
  BIND_OPTS older = { .cbStruct = sizeof older, .grfFlags = 1, .grfMode = STGM_READ, .dwTickCountDeadline = 5 };

  (void)state;
  assert_int_equal(CreateBindCtx(1, &context), E_INVALIDARG);
  assert_int_equal(CreateBindCtx(0, NULL), E_INVALIDARG);
  assert_int_equal(CreateBindCtx(0, &context), S_OK);
  assert_int_equal(IBindCtx_GetBindOptions(context, (BIND_OPTS *)&options), S_OK);
  assert_int_equal(options.grfFlags, 0);
  assert_int_equal(options.grfMode, STGM_READWRITE);
  assert_int_equal(options.dwTickCountDeadline, 0);
  assert_int_equal(options.dwClassContext, CLSCTX_SERVER);
  assert_int_equal(IBindCtx_SetBindOptions(context, &older), S_OK);
  assert_int_equal(IBindCtx_GetBindOptions(context, (BIND_OPTS *)&options), S_OK);
  assert_int_equal(options.grfMode, STGM_READ);
  assert_int_equal(options.dwTickCountDeadline, 5);
  assert_int_equal(options.dwClassContext, CLSCTX_SERVER); /* what was not given stays */
  older.cbStruct = sizeof options + 4;
  assert_int_equal(IBindCtx_SetBindOptions(context, &older), E_INVALIDARG);
  assert_int_equal(IBindCtx_SetBindOptions(context, NULL), E_POINTER);
  assert_int_equal(IBindCtx_GetBindOptions(context, NULL), E_POINTER);
  assert_int_equal(IBindCtx_Release(context), 0);
}

static void bind_contexts_keep_objects(void **state) {
  IUnknown *object = new_object();
  IUnknown *other = new_object();
  IUnknown *found = (IUnknown *)1;
  IRunningObjectTable *table;
  OLECHAR key[] = u"key";
  IBindCtx *context;

  (void)state;
  assert_int_equal(CreateBindCtx(0, &context), S_OK);
  assert_int_equal(IBindCtx_GetRunningObjectTable(context, &table), S_OK);
  IRunningObjectTable_Release(table);
  assert_int_equal(IBindCtx_RegisterObjectBound(context, NULL), S_OK);
  assert_int_equal(IBindCtx_RegisterObjectBound(context, object), S_OK);
  assert_int_equal(IBindCtx_RegisterObjectBound(context, object), S_OK);
  assert_int_equal(IBindCtx_RevokeObjectBound(context, object), S_OK);
  assert_int_equal(IBindCtx_RevokeObjectBound(context, object), S_OK);
  assert_int_equal(IBindCtx_RevokeObjectBound(context, object), MK_E_NOTBOUND);
  assert_int_equal(IBindCtx_RevokeObjectBound(context, NULL), E_INVALIDARG);
  assert_int_equal(IBindCtx_RegisterObjectBound(context, object), S_OK);
  assert_int_equal(IBindCtx_ReleaseBoundObjects(context), S_OK);
  IUnknown_AddRef(object);
  assert_int_equal(IUnknown_Release(object), 1);

  assert_int_equal(IBindCtx_GetObjectParam(context, key, &found), E_FAIL);
  assert_null(found);
  assert_int_equal(IBindCtx_RegisterObjectParam(context, key, NULL), E_INVALIDARG);
  assert_int_equal(IBindCtx_RegisterObjectParam(context, key, object), S_OK);
  assert_int_equal(IBindCtx_RegisterObjectParam(context, NULL, other), S_OK);
  assert_int_equal(IBindCtx_GetObjectParam(context, key, &found), S_OK);
  assert_ptr_equal(found, object);
  IUnknown_Release(found);
  assert_int_equal(IBindCtx_RegisterObjectParam(context, key, other), S_OK); /* in place of the old one */
  assert_int_equal(IBindCtx_GetObjectParam(context, key, &found), S_OK);
  assert_ptr_equal(found, other);
  IUnknown_Release(found);
  assert_int_equal(IUnknown_Release(object), 0);
  assert_int_equal(IBindCtx_RevokeObjectParam(context, key), S_OK);
  assert_int_equal(IBindCtx_RevokeObjectParam(context, key), E_FAIL);
  assert_int_equal(IBindCtx_RegisterObjectBound(context, other), S_OK);
  assert_int_equal(IBindCtx_Release(context), 0);
  assert_int_equal(IUnknown_Release(other), 0);
}

static void the_interface_table_holds_until_revoked(void **state) {
  IGlobalInterfaceTable *table;
  IUnknown *object = new_object();
  IPersist *persist = (IPersist *)1;
  DWORD cookie;

  (void)state;
  assert_int_equal(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                                    &IID_IGlobalInterfaceTable, (void **)&table),
                   S_OK);
  assert_int_equal(IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, NULL, &IID_IUnknown, &cookie), E_INVALIDARG);
  assert_int_equal(IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, object, &IID_IStream, &cookie),
                   E_NOINTERFACE);
  assert_int_equal(IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, object, &IID_IMoniker, &cookie), S_OK);
  assert_int_equal(IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, &IID_IPersist, (void **)&persist), S_OK);
  IPersist_Release(persist);
  assert_int_equal(IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie + 1, &IID_IPersist, (void **)&persist),
                   E_INVALIDARG);
  assert_null(persist);
  assert_int_equal(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie), S_OK);
  assert_int_equal(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie), E_INVALIDARG);
  assert_int_equal(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, 0), E_INVALIDARG);
  assert_int_equal(IUnknown_Release(object), 0);
  IGlobalInterfaceTable_Release(table);
}

static void *take_from_stream(void *stream) {
  IMoniker *moniker = NULL;
  HRESULT status;

  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  status = CoGetInterfaceAndReleaseStream(stream, &IID_IMoniker, (void **)&moniker);
  if (moniker)
    IMoniker_Release(moniker);
  CoUninitialize();
  return status == S_OK ? stream : NULL;
}

static void streams_carry_interfaces_between_threads(void **state) {
  IUnknown *object = new_object();
  IStream *stream;
  pthread_t thread;
  void *good;
  void *none;

  (void)state;
  assert_int_equal(CoMarshalInterThreadInterfaceInStream(&IID_IMoniker, NULL, &stream), E_INVALIDARG);
  assert_int_equal(CoMarshalInterThreadInterfaceInStream(&IID_IStream, object, &stream), E_NOINTERFACE);
  assert_null(stream);
  assert_int_equal(CoMarshalInterThreadInterfaceInStream(&IID_IMoniker, object, &stream), S_OK);
  pthread_create(&thread, NULL, take_from_stream, stream);
  pthread_join(thread, &good);
  assert_non_null(good);
  assert_int_equal(IUnknown_Release(object), 0);
  assert_int_equal(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
  assert_int_equal(CoGetInterfaceAndReleaseStream(stream, &IID_IUnknown, &none), E_INVALIDARG);
  assert_int_equal(CoGetInterfaceAndReleaseStream(NULL, &IID_IUnknown, &none), E_INVALIDARG);
}

static void the_free_threaded_marshaler_hands_pointers_over(void **state) {
  static const LARGE_INTEGER start;
  IUnknown *object = new_object();
  IUnknown *unknown;
  IUnknown *identity;
  IMarshal *marshal;
  IStream *stream;
  IMoniker *moniker;
  CLSID clsid;
  DWORD size;
  char forged[32] = "";

  (void)state;
  assert_int_equal(CoCreateFreeThreadedMarshaler(NULL, NULL), E_INVALIDARG);
  assert_int_equal(CoCreateFreeThreadedMarshaler(NULL, &unknown), S_OK);
  assert_int_equal(IUnknown_QueryInterface(unknown, &IID_IMarshal, (void **)&marshal), S_OK);
  assert_int_equal(IMarshal_QueryInterface(marshal, &IID_IUnknown, (void **)&identity), S_OK);
  assert_ptr_equal(identity, unknown);
  IUnknown_Release(identity);
  assert_int_equal(
      IMarshal_GetUnmarshalClass(marshal, &IID_IMoniker, object, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL, &clsid), S_OK);
  assert_true(IsEqualCLSID(&clsid, &CLSID_InProcFreeMarshaler));
  assert_int_equal(
      IMarshal_GetMarshalSizeMax(marshal, &IID_IMoniker, object, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL, &size), S_OK);
  assert_int_equal(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
  assert_int_equal(
      IMarshal_MarshalInterface(marshal, stream, &IID_IMoniker, object, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL), S_OK);
  assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
  assert_int_equal(IMarshal_UnmarshalInterface(marshal, stream, &IID_IMoniker, (void **)&moniker), S_OK);
  assert_ptr_equal(moniker, object);
  IMoniker_Release(moniker);
  assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
  assert_int_equal(
      IMarshal_MarshalInterface(marshal, stream, &IID_IMoniker, object, MSHCTX_INPROC, NULL, MSHLFLAGS_TABLESTRONG),
      S_OK);
  assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
  assert_int_equal(IMarshal_ReleaseMarshalData(marshal, stream), S_OK);
  assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
  assert_int_equal(IStream_Write(stream, forged, sizeof forged, NULL), S_OK);
  assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
  assert_int_equal(IMarshal_UnmarshalInterface(marshal, stream, &IID_IMoniker, (void **)&moniker), E_UNEXPECTED);
  assert_int_equal(IMarshal_DisconnectObject(marshal, 0), S_OK);
  IStream_Release(stream);
  IMarshal_Release(marshal);
  assert_int_equal(IUnknown_Release(unknown), 0);
  assert_int_equal(IUnknown_Release(object), 0);
}

static void agile_references_resolve(void **state) {
  IUnknown *object = new_object();
  IAgileReference *reference;
  IPersist *persist;

  (void)state;
  assert_int_equal(RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IMoniker, NULL, &reference), E_INVALIDARG);
  assert_int_equal(RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IStream, object, &reference), E_NOINTERFACE);
  assert_null(reference);
  assert_int_equal(RoGetAgileReference(AGILEREFERENCE_DEFAULT, &IID_IMoniker, object, &reference), S_OK);
  assert_int_equal(IAgileReference_Resolve(reference, &IID_IPersist, (void **)&persist), S_OK);
  IPersist_Release(persist);
  assert_int_equal(IAgileReference_Release(reference), 0);
  assert_int_equal(IUnknown_Release(object), 0);
}

static void proxy_classes_are_found(void **state) {
  static const IID iid = { 0x99887766, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
  CLSID clsid;

  (void)state;
  assert_int_equal(CoGetPSClsid(&iid, &clsid), REGDB_E_IIDNOTREG);
  assert_true(IsEqualCLSID(&clsid, &CLSID_NULL));
  scratch_write("classes/a.reg",
                "Windows Registry Editor Version 5.00\n"
                "[HKEY_CLASSES_ROOT\\Interface\\{99887766-0001-0002-0304-05060708090A}\\ProxyStubClsid32]\n"
                "@=\"{11223344-5566-7788-99AA-BBCCDDEEFF00}\"\n");
  assert_int_equal(CoGetPSClsid(&iid, &clsid), S_OK);
  assert_true(IsEqualCLSID(&clsid, &sample));
  assert_int_equal(CoRegisterPSClsid(&iid, &CLSID_PSOAInterface), S_OK);
  assert_int_equal(CoGetPSClsid(&iid, &clsid), S_OK);
  assert_true(IsEqualCLSID(&clsid, &CLSID_PSOAInterface));
  assert_int_equal(CoGetPSClsid(&iid, NULL), E_INVALIDARG);
}

static ULONG references(IUnknown *object) {
  IUnknown_AddRef(object);
  return IUnknown_Release(object);
}

static void external_locks_keep_objects(void **state) {
  IUnknown *object = new_object();

  (void)state;
  assert_int_equal(CoLockObjectExternal(NULL, TRUE, FALSE), E_INVALIDARG);
  assert_int_equal(CoLockObjectExternal(object, FALSE, TRUE), S_OK); /* one unlock too many does no harm */
  assert_int_equal(references(object), 1);
  assert_int_equal(CoLockObjectExternal(object, TRUE, FALSE), S_OK);
  assert_int_equal(CoLockObjectExternal(object, TRUE, FALSE), S_OK);
  assert_true(references(object) > 1);
  assert_int_equal(CoLockObjectExternal(object, FALSE, TRUE), S_OK);
  assert_true(references(object) > 1);
  assert_int_equal(CoDisconnectObject(object, 0), S_OK);
  assert_int_equal(references(object), 1);
  assert_int_equal(CoDisconnectObject(NULL, 0), E_INVALIDARG);
  assert_int_equal(CoDisconnectObject(object, 1), E_INVALIDARG);
  assert_int_equal(CoLockObjectExternal(object, TRUE, FALSE), S_OK);
  CoUninitialize();
  assert_int_equal(IUnknown_Release(object), 0); /* the apartment took its lock along */
  assert_int_equal(CoInitialize(NULL), S_OK);
}

static int use_tables(void *unused) {
  IRunningObjectTable *table = table_of_process();
  IUnknown *object = NULL;
  IBindCtx *context = NULL;
  IStream *stream = NULL;
  OLECHAR key[] = u"key";
  DWORD cookie = 0;
  HRESULT status = CreateItemMoniker(u"!", u"object", (IMoniker **)&object);

  (void)unused;
  if (SUCCEEDED(status))
    status = IRunningObjectTable_Register(table, 0, object, (IMoniker *)object, &cookie);
  if (SUCCEEDED(status))
    status = IRunningObjectTable_IsRunning(table, (IMoniker *)object);
  if (cookie)
    IRunningObjectTable_Revoke(table, cookie);
  if (SUCCEEDED(status))
    status = CreateBindCtx(0, &context);
  if (SUCCEEDED(status))
    status = IBindCtx_RegisterObjectParam(context, key, object);
  if (SUCCEEDED(status))
    status = IBindCtx_RegisterObjectBound(context, object);
  if (context)
    IBindCtx_Release(context);
  if (SUCCEEDED(status))
    status = CoMarshalInterThreadInterfaceInStream(&IID_IMoniker, object, &stream);
  if (SUCCEEDED(status)) {
    IUnknown *again;

    status = CoGetInterfaceAndReleaseStream(stream, &IID_IMoniker, (void **)&again);
    if (SUCCEEDED(status))
      IUnknown_Release(again);
  }
  if (object && IUnknown_Release(object) != 0)
    return 1;
  return status != S_OK && status != E_OUTOFMEMORY;
}

static void no_allocation_failure_leaks(void **state) {
  (void)state;
  faults_each(use_tables, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(the_table_answers_for_what_is_registered),
    TEST(wrong_registrations_are_refused),
    TEST(an_apartment_takes_its_registrations_along),
    TEST(active_objects_are_found_by_class),
    TEST(bind_contexts_keep_options),
    TEST(bind_contexts_keep_objects),
    TEST(the_interface_table_holds_until_revoked),
    TEST(streams_carry_interfaces_between_threads),
    TEST(the_free_threaded_marshaler_hands_pointers_over),
    TEST(agile_references_resolve),
    TEST(proxy_classes_are_found),
    TEST(external_locks_keep_objects),
    TEST(no_allocation_failure_leaks),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
