/* The running object table, active objects, bind contexts, and interfaces handed between threads. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
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

/* A moniker of another implementation: it delegates to an item moniker, reduces to another one, and knows a time. The object
 * that is registered under it counts its connections, and calls the table while it is counted itself. */
typedef struct Probe {
  IMoniker moniker;
  IExternalConnection connection;
  Object object;
  IMoniker *name; /* what it is reduced to */
  int order[4];   /* of the calls: REDUCED, TIMED */
  int calls;
  int strong;       /* connections */
  bool closes;      /* the last release said so */
  bool calls_table; /* in AddRef and Release */
} Probe;

enum { REDUCED = 1, TIMED };

static Probe *probe_of(IMoniker *face) {
  return OBJECT_CONTAINER(face, Probe, moniker);
}

static void note(Probe *probe, int call) {
  if (probe->calls < 4)
    probe->order[probe->calls++] = call;
}

/* Would hang if the table held its lock now. */
static void call_table(Probe *probe) {
  if (!probe->calls_table)
    return;
  probe->calls_table = false;
  IMoniker *name = item(u"somebody");
  assert_int_equal(IRunningObjectTable_IsRunning(table_of_process(), name), S_FALSE);
  IMoniker_Release(name);
  probe->calls_table = true;
}

static HRESULT STDMETHODCALLTYPE Probe_QueryInterface(IMoniker *face, REFIID iid, void **result) {
  call_table(probe_of(face));
  return object_query(&probe_of(face)->object, iid, result);
}

static ULONG STDMETHODCALLTYPE Probe_AddRef(IMoniker *face) {
  call_table(probe_of(face));
  return object_addref(&probe_of(face)->object);
}

static ULONG STDMETHODCALLTYPE Probe_Release(IMoniker *face) {
  call_table(probe_of(face));
  return object_release(&probe_of(face)->object);
}

static HRESULT STDMETHODCALLTYPE Probe_Reduce(IMoniker *face, IBindCtx *context, DWORD how_far, IMoniker **to_left,
                                              IMoniker **reduced) {
  (void)how_far;
  (void)to_left;
  assert_non_null(context);
  note(probe_of(face), REDUCED);
  *reduced = probe_of(face)->name;
  IMoniker_AddRef(*reduced);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Probe_GetTimeOfLastChange(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                           FILETIME *time) {
  assert_non_null(context);
  assert_null(left);
  note(probe_of(face), TIMED);
  *time = (FILETIME){ 0x1234, 0x5678 };
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Probe_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  *clsid = sample;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Probe_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                      LPOLESTR *name) {
  (void)face;
  (void)left;
  assert_non_null(context);
  *name = CoTaskMemAlloc(sizeof u"Probe");
  memcpy(*name, u"Probe", sizeof u"Probe");
  return S_OK;
}

OBJECT_FACE(Probe, connection, IExternalConnection)

static DWORD STDMETHODCALLTYPE Probe_AddConnection(IExternalConnection *face, DWORD kind, DWORD reserved) {
  assert_int_equal(kind, EXTCONN_STRONG);
  assert_int_equal(reserved, 0);
  return (DWORD)++OBJECT_CONTAINER(face, Probe, connection)->strong;
}

static DWORD STDMETHODCALLTYPE Probe_ReleaseConnection(IExternalConnection *face, DWORD kind, DWORD reserved,
                                                       BOOL closes) {
  Probe *probe = OBJECT_CONTAINER(face, Probe, connection);

  assert_int_equal(kind, EXTCONN_STRONG);
  assert_int_equal(reserved, 0);
  probe->closes = closes != FALSE;
  return (DWORD)--probe->strong;
}

static const IMonikerVtbl probe_vtable = {
  .QueryInterface = Probe_QueryInterface,
  .AddRef = Probe_AddRef,
  .Release = Probe_Release,
  .GetClassID = Probe_GetClassID,
  .Reduce = Probe_Reduce,
  .GetTimeOfLastChange = Probe_GetTimeOfLastChange,
  .GetDisplayName = Probe_GetDisplayName,
};
static const IExternalConnectionVtbl connection_vtable = {
  Probe_connection_QueryInterface, Probe_connection_AddRef, Probe_connection_Release, Probe_AddConnection,
  Probe_ReleaseConnection,
};
static const ObjectFace probe_faces[] = {
  { &IID_IMoniker, offsetof(Probe, moniker), &probe_vtable },
  { &IID_IExternalConnection, offsetof(Probe, connection), &connection_vtable },
  { 0 },
};

static void probe_destroy(void *self) {
  if (((Probe *)self)->name != &((Probe *)self)->moniker)
    IMoniker_Release(((Probe *)self)->name);
}

static const ObjectType probe_type = {
  "Probe", sizeof(Probe), offsetof(Probe, object), probe_faces, probe_destroy, NULL,
};

static Probe *new_probe(LPCOLESTR name) {
  Probe *probe = object_create(&probe_type);

  assert_non_null(probe);
  probe->name = item(name);
  return probe;
}

static void a_moniker_is_reduced_before_it_is_compared(void **state) {
  IRunningObjectTable *table = table_of_process();
  Probe *probe = new_probe(u"reduced");
  IMoniker *reduced = item(u"REDUCED");
  IUnknown *object = new_object();
  IUnknown *found;
  IEnumMoniker *list;
  IMoniker *listed;
  FILETIME time;
  DWORD cookie;

  (void)state;
  assert_int_equal(IRunningObjectTable_Register(table, 0, object, &probe->moniker, &cookie), S_OK);
  assert_int_equal(probe->order[0], REDUCED);
  assert_int_equal(probe->calls, 1); /* the time is that of what it was reduced to */
  assert_int_equal(IRunningObjectTable_IsRunning(table, &probe->moniker), S_OK);
  assert_int_equal(IRunningObjectTable_IsRunning(table, reduced), S_OK);
  assert_int_equal(IRunningObjectTable_GetObject(table, &probe->moniker, &found), S_OK);
  assert_ptr_equal(found, object);
  IUnknown_Release(found);
  assert_int_equal(IRunningObjectTable_GetTimeOfLastChange(table, &probe->moniker, &time), S_OK);
  assert_int_equal(IRunningObjectTable_EnumRunning(table, &list), S_OK);
  assert_int_equal(IEnumMoniker_Next(list, 1, &listed, NULL), S_OK);
  assert_ptr_equal(listed, probe->name);
  IMoniker_Release(listed);
  IEnumMoniker_Release(list);
  assert_int_equal(IRunningObjectTable_Revoke(table, cookie), S_OK);
  assert_int_equal(IRunningObjectTable_IsRunning(table, &probe->moniker), S_FALSE);
  assert_int_equal(IUnknown_Release(object), 0);
  IMoniker_Release(reduced);
  assert_int_equal(IMoniker_Release(&probe->moniker), 0);
}

static void a_moniker_says_when_it_changed(void **state) {
  IRunningObjectTable *table = table_of_process();
  Probe *probe = new_probe(u"unused");
  IUnknown *object = new_object();
  FILETIME time;
  DWORD cookie;

  (void)state;
  IMoniker_Release(probe->name);
  probe->name = &probe->moniker; /* reduces to itself; compared by class and name */
  assert_int_equal(IRunningObjectTable_Register(table, 0, object, &probe->moniker, &cookie), S_OK);
  assert_int_equal(probe->order[0], REDUCED);
  assert_int_equal(probe->order[1], TIMED);
  assert_int_equal(IRunningObjectTable_GetTimeOfLastChange(table, &probe->moniker, &time), S_OK);
  assert_int_equal(time.dwLowDateTime, 0x1234);
  assert_int_equal(time.dwHighDateTime, 0x5678);
  assert_int_equal(IRunningObjectTable_Revoke(table, cookie), S_OK);
  assert_int_equal(IUnknown_Release(object), 0);
  assert_int_equal(IMoniker_Release(&probe->moniker), 0);
}

static void a_strong_registration_is_a_connection(void **state) {
  static const struct {
    DWORD flags;
    int strong;
  } cases[] = {
    { 0, 0 },
    { ROTFLAGS_REGISTRATIONKEEPSALIVE, 1 },
    { ROTFLAGS_ALLOWANYCLIENT, 0 },
    { ROTFLAGS_REGISTRATIONKEEPSALIVE | ROTFLAGS_ALLOWANYCLIENT, 1 },
  };
  IRunningObjectTable *table = table_of_process();
  IMoniker *name = item(u"name");
  DWORD cookie;

  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    Probe *probe = new_probe(u"reduced");

    assert_int_equal(IRunningObjectTable_Register(table, cases[i].flags, (IUnknown *)&probe->moniker, name, &cookie),
                     S_OK);
    assert_int_equal(probe->strong, cases[i].strong);
    assert_int_equal(IRunningObjectTable_Revoke(table, cookie), S_OK);
    assert_int_equal(probe->strong, 0);
    assert_int_equal(probe->closes, cases[i].strong);
    assert_int_equal(IMoniker_Release(&probe->moniker), 0);
  }
  Probe *probe = new_probe(u"reduced");
  assert_int_equal(RegisterActiveObject((IUnknown *)&probe->moniker, &sample, ACTIVEOBJECT_STRONG, &cookie), S_OK);
  assert_int_equal(probe->strong, 1);
  CoUninitialize(); /* the end of the apartment ends the connection too */
  assert_int_equal(probe->strong, 0);
  assert_int_equal(IMoniker_Release(&probe->moniker), 0);
  assert_int_equal(CoInitialize(NULL), S_OK);
  IMoniker_Release(name);
}

/* The last client outside takes a weak registration with it, as does the object that is cut off; a strong one stays. */
static void weak_registrations_end_with_the_last_client(void **state) {
  static const struct {
    DWORD flags;
    bool locked, disconnected, running;
  } cases[] = {
    { 0, false, false, true },
    { 0, true, false, false },
    { 0, false, true, false },
    { ROTFLAGS_REGISTRATIONKEEPSALIVE, true, false, true },
    { ROTFLAGS_REGISTRATIONKEEPSALIVE, false, true, true },
  };
  IRunningObjectTable *table = table_of_process();
  IMoniker *name = item(u"name");

  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IUnknown *object = new_object(), *found = NULL;
    IEnumMoniker *list;
    IMoniker *next = NULL;
    DWORD cookie, again;

    assert_int_equal(IRunningObjectTable_Register(table, cases[i].flags, object, name, &cookie), S_OK);
    if (cases[i].locked) {
      assert_int_equal(CoLockObjectExternal(object, TRUE, FALSE), S_OK);
      assert_int_equal(IRunningObjectTable_IsRunning(table, name), S_OK);
      assert_int_equal(CoLockObjectExternal(object, FALSE, TRUE), S_OK);
    }
    if (cases[i].disconnected)
      assert_int_equal(CoDisconnectObject(object, 0), S_OK);
    assert_int_equal(IRunningObjectTable_EnumRunning(table, &list), S_OK);
    assert_int_equal(IEnumMoniker_Next(list, 1, &next, NULL), cases[i].running ? S_OK : S_FALSE);
    if (next)
      IMoniker_Release(next);
    IEnumMoniker_Release(list);
    assert_int_equal(IRunningObjectTable_IsRunning(table, name), cases[i].running ? S_OK : S_FALSE);
    assert_int_equal(IRunningObjectTable_GetObject(table, name, &found), cases[i].running ? S_OK : MK_E_UNAVAILABLE);
    if (found)
      IUnknown_Release(found);
    assert_int_equal(IRunningObjectTable_Register(table, 0, object, name, &again),
                     cases[i].running ? MK_S_MONIKERALREADYREGISTERED : S_OK);
    assert_int_equal(IRunningObjectTable_Revoke(table, again), S_OK);
    assert_int_equal(IRunningObjectTable_Revoke(table, cookie), cases[i].running ? S_OK : E_INVALIDARG);
    assert_int_equal(IUnknown_Release(object), 0);
  }
  IMoniker_Release(name);
}

static void no_lock_is_held_around_foreign_code(void **state) {
  IRunningObjectTable *table = table_of_process();
  Probe *probe = new_probe(u"reduced");
  OLECHAR key[] = u"key";
  IEnumMoniker *list;
  IBindCtx *context;
  IUnknown *found;
  DWORD cookie;

  (void)state;
  IMoniker_Release(probe->name);
  probe->name = &probe->moniker;
  probe->calls_table = true;
  assert_int_equal(IRunningObjectTable_Register(table, ROTFLAGS_REGISTRATIONKEEPSALIVE, (IUnknown *)&probe->moniker,
                                                &probe->moniker, &cookie),
                   S_OK);
  assert_int_equal(IRunningObjectTable_GetObject(table, &probe->moniker, &found), S_OK);
  IUnknown_Release(found);
  assert_int_equal(IRunningObjectTable_EnumRunning(table, &list), S_OK);
  IEnumMoniker_Release(list);
  assert_int_equal(IRunningObjectTable_Revoke(table, cookie), S_OK);
  assert_int_equal(CreateBindCtx(0, &context), S_OK);
  assert_int_equal(IBindCtx_RegisterObjectParam(context, key, (IUnknown *)&probe->moniker), S_OK);
  assert_int_equal(IBindCtx_GetObjectParam(context, key, &found), S_OK);
  IUnknown_Release(found);
  assert_int_equal(IBindCtx_RegisterObjectParam(context, key, (IUnknown *)&probe->moniker), S_OK);
  assert_int_equal(IBindCtx_RevokeObjectParam(context, key), S_OK);
  IBindCtx_Release(context);
  probe->calls_table = false;
  assert_int_equal(IMoniker_Release(&probe->moniker), 0);
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
  assert_int_equal(options.locale, 0x409); /* the user's */
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
  assert_int_equal(CoGetInterfaceAndReleaseStream(stream, &IID_IUnknown, &none), STG_E_READFAULT);
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
  /* What the process has said goes with its last apartment. */
  CoUninitialize();
  assert_int_equal(CoInitialize(NULL), S_OK);
  assert_int_equal(CoGetPSClsid(&iid, &clsid), S_OK);
  assert_true(IsEqualCLSID(&clsid, &sample));
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
  assert_int_equal(use_tables(NULL), 0); /* makes what stays */
  faults_each(use_tables, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  setenv("OLEANDER_RUNTIME", "none", 1); /* what one process has: no service can be reached there */
  const struct CMUnitTest tests[] = {
    TEST(the_table_answers_for_what_is_registered),
    TEST(wrong_registrations_are_refused),
    TEST(an_apartment_takes_its_registrations_along),
    TEST(a_moniker_is_reduced_before_it_is_compared),
    TEST(a_moniker_says_when_it_changed),
    TEST(a_strong_registration_is_a_connection),
    TEST(weak_registrations_end_with_the_last_client),
    TEST(no_lock_is_held_around_foreign_code),
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
