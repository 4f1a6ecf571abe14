/* A clock in C with two connection points, which fires its events on the calling thread, on another one while the call waits,
 * or later, and never looks at what its listeners answer. */
#define INITGUID
#include "events.h"

#include <ocidl.h>
#include <oleander_server.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SINK_LIMIT 16

extern OleanderModule clock_module;

typedef struct Clock Clock;

typedef struct Point {
  IConnectionPoint face;
  Clock *clock;
  const IID *iid;
  IUnknown *sinks[SINK_LIMIT];
} Point;

struct Clock {
  IClock clock;
  IConnectionPointContainer container;
  OleanderObject object;
  LONG count;
  pthread_mutex_t lock;
  Point points[2];
};

static Clock *clock_of(IClock *face) {
  return OLEANDER_SELF(face, Clock, clock);
}

/* connection points */

static HRESULT STDMETHODCALLTYPE Point_QueryInterface(IConnectionPoint *face, REFIID iid, void **result) {
  BOOL has = IsEqualGUID(iid, &IID_IUnknown) || IsEqualGUID(iid, &IID_IConnectionPoint);
  *result = has ? face : NULL;
  if (has)
    IConnectionPoint_AddRef(face);
  return has ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Point_AddRef(IConnectionPoint *face) {
  return oleander_object_addref(&((Point *)(void *)face)->clock->object);
}

static ULONG STDMETHODCALLTYPE Point_Release(IConnectionPoint *face) {
  return oleander_object_release(&((Point *)(void *)face)->clock->object);
}

static HRESULT STDMETHODCALLTYPE Point_GetConnectionInterface(IConnectionPoint *face, IID *iid) {
  *iid = *((Point *)(void *)face)->iid;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_GetConnectionPointContainer(IConnectionPoint *face,
                                                                   IConnectionPointContainer **result) {
  *result = &((Point *)(void *)face)->clock->container;
  IConnectionPointContainer_AddRef(*result);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_Advise(IConnectionPoint *face, IUnknown *given, DWORD *cookie) {
  Point *point = (Point *)(void *)face;
  void *sink = NULL;
  if (FAILED(IUnknown_QueryInterface(given, point->iid, &sink)))
    return CONNECT_E_CANNOTCONNECT;
  pthread_mutex_lock(&point->clock->lock);
  DWORD place = 0;
  while (place < SINK_LIMIT && point->sinks[place] != NULL)
    place++;
  if (place < SINK_LIMIT)
    point->sinks[place] = sink;
  pthread_mutex_unlock(&point->clock->lock);
  *cookie = place < SINK_LIMIT ? place + 1 : 0;
  if (place == SINK_LIMIT)
    IUnknown_Release((IUnknown *)sink);
  return place < SINK_LIMIT ? S_OK : CONNECT_E_ADVISELIMIT;
}

static HRESULT STDMETHODCALLTYPE Point_Unadvise(IConnectionPoint *face, DWORD cookie) {
  Point *point = (Point *)(void *)face;
  if (cookie == 0 || cookie > SINK_LIMIT)
    return CONNECT_E_NOCONNECTION;
  pthread_mutex_lock(&point->clock->lock);
  IUnknown *sink = point->sinks[cookie - 1];
  point->sinks[cookie - 1] = NULL;
  pthread_mutex_unlock(&point->clock->lock);
  if (sink == NULL)
    return CONNECT_E_NOCONNECTION;
  IUnknown_Release(sink);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_EnumConnections(IConnectionPoint *face, IEnumConnections **result) {
  (void)face;
  *result = NULL;
  return E_NOTIMPL;
}

static const IConnectionPointVtbl point_vtable = { Point_QueryInterface,
                                                   Point_AddRef,
                                                   Point_Release,
                                                   Point_GetConnectionInterface,
                                                   Point_GetConnectionPointContainer,
                                                   Point_Advise,
                                                   Point_Unadvise,
                                                   Point_EnumConnections };

OLEANDER_FACE(Clock, container, IConnectionPointContainer)

/* A source that does not list its connection points. */
static HRESULT STDMETHODCALLTYPE Clock_EnumConnectionPoints(IConnectionPointContainer *face,
                                                            IEnumConnectionPoints **result) {
  (void)face;
  *result = NULL;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Clock_FindConnectionPoint(IConnectionPointContainer *face, REFIID iid,
                                                           IConnectionPoint **result) {
  Clock *clock = OLEANDER_SELF(face, Clock, container);
  for (int i = 0; i < 2; i++) {
    if (IsEqualGUID(iid, clock->points[i].iid)) {
      *result = &clock->points[i].face;
      IConnectionPoint_AddRef(*result);
      return S_OK;
    }
  }
  *result = NULL;
  return CONNECT_E_NOCONNECTION;
}

/* firing */

static IUnknown *sink_at(Point *point, int place) {
  pthread_mutex_lock(&point->clock->lock);
  IUnknown *sink = point->sinks[place];
  if (sink != NULL)
    IUnknown_AddRef(sink);
  pthread_mutex_unlock(&point->clock->lock);
  return sink;
}

static void tick(Clock *clock) {
  LONG number = __atomic_add_fetch(&clock->count, 1, __ATOMIC_RELAXED);
  for (int i = 0; i < SINK_LIMIT; i++) {
    IUnknown *sink = sink_at(&clock->points[0], i);
    if (sink != NULL) {
      VARIANT arguments[2] = { { .vt = VT_BSTR, .bstrVal = SysAllocString(u"tick") }, { .vt = VT_I4, .lVal = number } };
      DISPPARAMS parameters = { arguments, NULL, 2, 0 };
      IDispatch_Invoke((IDispatch *)(void *)sink, 1, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, &parameters, NULL,
                       NULL, NULL);
      SysFreeString(arguments[0].bstrVal);
      IUnknown_Release(sink);
    }
    sink = sink_at(&clock->points[1], i);
    if (sink != NULL) {
      ICustomEvents_Moved((ICustomEvents *)(void *)sink, number, -number);
      IUnknown_Release(sink);
    }
  }
}

typedef struct Job {
  Clock *clock;
  LONG ticks;
} Job;

static void *fire_all(void *given) {
  Job *job = given;
  for (LONG i = 0; i < job->ticks; i++)
    tick(job->clock);
  return NULL;
}

static void *fire_later(void *given) {
  Job *job = given;
  fire_all(job);
  oleander_object_release(&job->clock->object);
  free(job);
  return NULL;
}

/* Less than zero: on another thread, for which the call waits. */
static HRESULT STDMETHODCALLTYPE Clock_Start(IClock *face, LONG ticks) {
  Job job = { clock_of(face), ticks < 0 ? -ticks : ticks };
  pthread_t thread;
  if (ticks >= 0)
    fire_all(&job);
  else if (pthread_create(&thread, NULL, fire_all, &job) == 0)
    pthread_join(thread, NULL);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Clock_get_Count(IClock *face, LONG *count) {
  *count = __atomic_load_n(&clock_of(face)->count, __ATOMIC_RELAXED);
  return S_OK;
}

/* Fires `ticks` times on another thread and does not wait. */
static HRESULT STDMETHODCALLTYPE Clock_Call(IClock *face, IDispatch *callback, LONG ticks, LONG *result) {
  (void)callback;
  Job *job = malloc(sizeof *job);
  pthread_t thread;
  *result = 0;
  if (job == NULL)
    return E_OUTOFMEMORY;
  *job = (Job){ clock_of(face), ticks };
  oleander_object_addref(&job->clock->object);
  if (pthread_create(&thread, NULL, fire_later, job) != 0)
    return E_FAIL;
  pthread_detach(thread);
  return S_OK;
}

/* class */

OLEANDER_DUAL(Clock, clock, IClock)

static const IClockVtbl clock_vtable = { OLEANDER_DUAL_SLOTS(Clock, clock), Clock_Start, Clock_get_Count, Clock_Call };
static const IConnectionPointContainerVtbl container_vtable = { OLEANDER_FACE_SLOTS(Clock, container),
                                                                Clock_EnumConnectionPoints, Clock_FindConnectionPoint };

static HRESULT clock_construct(void *self) {
  Clock *clock = self;
  const IID *const iids[2] = { &DIID_DClockEvents, &IID_ICustomEvents };
  pthread_mutex_init(&clock->lock, NULL);
  for (int i = 0; i < 2; i++) {
    clock->points[i].face.lpVtbl = (IConnectionPointVtbl *)&point_vtable;
    clock->points[i].clock = clock;
    clock->points[i].iid = iids[i];
  }
  return S_OK;
}

static void clock_destroy(void *self) {
  Clock *clock = self;
  for (int i = 0; i < 2 * SINK_LIMIT; i++) {
    IUnknown *sink = clock->points[i / SINK_LIMIT].sinks[i % SINK_LIMIT];
    if (sink != NULL)
      IUnknown_Release(sink);
  }
  pthread_mutex_destroy(&clock->lock);
}

static const OleanderFace faces[] = { { &IID_IClock, offsetof(Clock, clock), &clock_vtable },
                                      { &IID_IConnectionPointContainer, offsetof(Clock, container), &container_vtable },
                                      { NULL, 0, NULL } };

static OleanderClass clock_class = { .module = &clock_module,
                                     .clsid = &CLSID_Clock,
                                     .progid = "EventTest.Clock",
                                     .title = "A clock with events",
                                     .size = sizeof(Clock),
                                     .object = offsetof(Clock, object),
                                     .faces = faces,
                                     .construct = clock_construct,
                                     .destroy = clock_destroy };
static OleanderClass *const classes[] = { &clock_class, NULL };
OleanderModule clock_module = { .component = "clock", .classes = classes };
OLEANDER_MODULE(clock_module)
