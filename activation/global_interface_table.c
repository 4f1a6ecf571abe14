/* The global interface table: interfaces that any apartment may ask for by a cookie. It keeps them marshaled. */
#include <pthread.h>
#include <stdlib.h>

#include "activation/builtin_classes.h"
#include "com/com_api.h"

typedef struct Registration {
  struct Registration *next;
  DWORD cookie;
  uint64_t apartment; /* of the object */
  IStream *marshaled; /* never read itself, only clones */
} Registration;

#define BUCKETS 256

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Registration *registrations[BUCKETS];
static DWORD last_cookie = 0x100; /* so that small numbers are recognized as wrong */

static const LARGE_INTEGER beginning;

static void registration_free(Registration *registration) {
  IStream_Seek(registration->marshaled, beginning, STREAM_SEEK_SET, NULL);
  CoReleaseMarshalData(registration->marshaled);
  IStream_Release(registration->marshaled);
  free(registration);
}

/* Takes the registration out whose link this is; NULL where there is none. Has the lock. */
static Registration *take_out(Registration **link) {
  Registration *registration = *link;

  if (registration)
    *link = registration->next;
  return registration;
}

static Registration **find_cookie(DWORD cookie) {
  Registration **link = &registrations[cookie % BUCKETS];

  while (*link && (*link)->cookie != cookie)
    link = &(*link)->next;
  return link;
}

static Registration *take_of_apartment(uint64_t apartment) {
  Registration *registration = NULL;
  size_t i;

  pthread_mutex_lock(&lock);
  for (i = 0; i < BUCKETS && !registration; i++) {
    Registration **link = &registrations[i];

    while (*link && (*link)->apartment != apartment)
      link = &(*link)->next;
    registration = take_out(link);
  }
  pthread_mutex_unlock(&lock);
  return registration;
}

/* An apartment that ends takes its registrations with it. */
static void leave_apartment(uint64_t apartment, bool last) {
  Registration *registration;

  while (last && (registration = take_of_apartment(apartment)) != NULL)
    registration_free(registration);
}

static pthread_once_t hook_once = PTHREAD_ONCE_INIT;

static void add_hook(void) {
  apartment_add_hook(leave_apartment);
}

typedef struct Table {
  IGlobalInterfaceTable table;
  Object object;
} Table;

OBJECT_FACE(Table, table, IGlobalInterfaceTable)

static HRESULT marshal(IUnknown *object, REFIID iid, IStream **result) {
  HRESULT status = CreateStreamOnHGlobal(NULL, TRUE, result);
  if (FAILED(status))
    return status;
  status = CoMarshalInterface(*result, iid, object, MSHCTX_INPROC, NULL, MSHLFLAGS_TABLESTRONG);
  if (FAILED(status))
    IStream_Release(*result);
  return status;
}

static void insert_locked(Registration *registration) {
  do {
    if (++last_cookie <= 0x100)
      last_cookie = 0x101;
  } while (*find_cookie(last_cookie));
  registration->cookie = last_cookie;
  registration->next = registrations[last_cookie % BUCKETS];
  registrations[last_cookie % BUCKETS] = registration;
}

static HRESULT STDMETHODCALLTYPE Table_Register(IGlobalInterfaceTable *self, IUnknown *object, REFIID iid,
                                                DWORD *cookie) {
  (void)self;
  if (!object || !iid || !cookie)
    return E_INVALIDARG;
  *cookie = 0;
  pthread_once(&hook_once, add_hook);
  IUnknown *face = NULL;
  HRESULT status = IUnknown_QueryInterface(object, iid, (void **)&face);
  if (SUCCEEDED(status) && !face)
    status = E_NOINTERFACE;
  if (FAILED(status))
    return status;
  Registration *registration = calloc(1, sizeof *registration);
  status = registration ? marshal(face, iid, &registration->marshaled) : E_OUTOFMEMORY;
  IUnknown_Release(face);
  if (FAILED(status)) {
    free(registration);
    return status;
  }
  registration->apartment = apartment_current();
  pthread_mutex_lock(&lock);
  insert_locked(registration);
  *cookie = registration->cookie;
  pthread_mutex_unlock(&lock);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Table_Revoke(IGlobalInterfaceTable *self, DWORD cookie) {
  Registration *registration;

  (void)self;
  pthread_mutex_lock(&lock);
  registration = take_out(find_cookie(cookie));
  pthread_mutex_unlock(&lock);
  if (!registration)
    return E_INVALIDARG;
  registration_free(registration);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Table_Get(IGlobalInterfaceTable *self, DWORD cookie, REFIID iid, void **result) {
  IStream *marshaled = NULL, *own;
  (void)self;
  if (!iid || !result)
    return E_INVALIDARG;
  *result = NULL;
  pthread_mutex_lock(&lock);
  const Registration *registration = *find_cookie(cookie);
  if (registration) {
    marshaled = registration->marshaled;
    IStream_AddRef(marshaled);
  }
  pthread_mutex_unlock(&lock);
  if (!marshaled)
    return E_INVALIDARG;
  HRESULT status = IStream_Clone(marshaled, &own);
  IStream_Release(marshaled);
  if (FAILED(status))
    return status;
  status = IStream_Seek(own, beginning, STREAM_SEEK_SET, NULL);
  if (SUCCEEDED(status))
    status = CoUnmarshalInterface(own, iid, result);
  IStream_Release(own);
  return status;
}

static const IGlobalInterfaceTableVtbl table_vtable = {
  OLEANDER_FACE_SLOTS(Table, table),
  Table_Register,
  Table_Revoke,
  Table_Get,
};
static const ObjectFace table_faces[] = {
  { &IID_IGlobalInterfaceTable, offsetof(Table, table), &table_vtable },
  { 0 },
};
static const ObjectType table_type = { .name = "Table", .object = offsetof(Table, object), .faces = table_faces };
static Table the_table = { { &table_vtable }, OBJECT_LASTING(table_type) };

IGlobalInterfaceTable *global_interface_table_get(void) {
  return &the_table.table;
}
