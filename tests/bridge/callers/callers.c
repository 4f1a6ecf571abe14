/* Caller: calls its target back. */
#define INITGUID
#include "callers_internal.h"

#include <objbase.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define THREADS 64

typedef struct Caller {
  ICaller caller;
  OleanderObject object;
  pthread_t threads[THREADS];
  LONG thread_count;
  LONG good, bad; /* atomic */
  HRESULT last;
  BSTR text;
  pthread_mutex_t lock; /* for `last` and `text` */
  IUnknown *kept;
} Caller;

OLEANDER_DUAL(Caller, caller, ICaller)

static Caller *self_of(ICaller *face) {
  return OLEANDER_SELF(face, Caller, caller);
}

/* Each answer must be the one to its question. */
static LONG call_many(ITarget *target, LONG first, LONG count, HRESULT *status) {
  LONG good = 0;
  for (LONG i = 0; i < count; i++) {
    LONG sum = -1;
    HRESULT result = ITarget_Add(target, first + i, i, &sum);
    if (FAILED(result))
      *status = result;
    good += SUCCEEDED(result) && sum == first + 2 * i;
  }
  return good;
}

typedef struct Work {
  Caller *self;
  ITarget *target;
  LONG first, count;
} Work;

static void remember(Caller *self, HRESULT status) {
  IErrorInfo *info = NULL;
  pthread_mutex_lock(&self->lock);
  self->last = status;
  if (GetErrorInfo(0, &info) == S_OK) {
    SysFreeString(self->text);
    self->text = NULL;
    IErrorInfo_GetDescription(info, &self->text);
    IErrorInfo_Release(info);
  }
  pthread_mutex_unlock(&self->lock);
}

static void *work(void *context) {
  Work *part = context;
  HRESULT status = S_OK;
  LONG good = call_many(part->target, part->first, part->count, &status);
  __atomic_add_fetch(&part->self->good, good, __ATOMIC_RELAXED);
  __atomic_add_fetch(&part->self->bad, part->count - good, __ATOMIC_RELAXED);
  if (FAILED(status))
    remember(part->self, status);
  ITarget_Release(part->target);
  free(part);
  return NULL;
}

static HRESULT start(Caller *self, ITarget *target, LONG threads, LONG count) {
  for (LONG i = 0; i < threads && self->thread_count < THREADS; i++) {
    Work *part = malloc(sizeof *part);
    if (part == NULL)
      return E_OUTOFMEMORY;
    *part = (Work){ self, target, 100000 * i, count };
    ITarget_AddRef(target);
    if (pthread_create(&self->threads[self->thread_count], NULL, work, part) != 0)
      return E_FAIL;
    self->thread_count++;
  }
  return S_OK;
}

static void join(Caller *self) {
  while (self->thread_count != 0)
    pthread_join(self->threads[--self->thread_count], NULL);
}

static HRESULT STDMETHODCALLTYPE Caller_CallBack(ICaller *face, ITarget *target, LONG count, LONG *good) {
  (void)face;
  HRESULT status = S_OK;
  *good = call_many(target, 1, count, &status);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Caller_CallFromThreads(ICaller *face, ITarget *target, LONG threads, LONG count,
                                                        LONG *good) {
  Caller *self = self_of(face);
  LONG before = self->good;
  HRESULT result = start(self, target, threads, count);
  join(self);
  *good = self->good - before;
  return result;
}

static HRESULT STDMETHODCALLTYPE Caller_StartThreads(ICaller *face, ITarget *target, LONG threads, LONG count) {
  return start(self_of(face), target, threads, count);
}

static HRESULT STDMETHODCALLTYPE Caller_get_Good(ICaller *face, LONG *count) {
  *count = __atomic_load_n(&self_of(face)->good, __ATOMIC_RELAXED);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Caller_get_Bad(ICaller *face, LONG *count) {
  *count = __atomic_load_n(&self_of(face)->bad, __ATOMIC_RELAXED);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Caller_get_LastStatus(ICaller *face, SCODE *status) {
  Caller *self = self_of(face);
  pthread_mutex_lock(&self->lock);
  *status = self->last;
  pthread_mutex_unlock(&self->lock);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Caller_get_LastText(ICaller *face, BSTR *text) {
  Caller *self = self_of(face);
  pthread_mutex_lock(&self->lock);
  *text = SysAllocString(self->text);
  pthread_mutex_unlock(&self->lock);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Caller_Join(ICaller *face) {
  join(self_of(face));
  return S_OK;
}

typedef struct Failing {
  ITarget *target;
  HRESULT status;
} Failing;

static void *fail_on_thread(void *context) {
  Failing *failing = context;
  failing->status = ITarget_Fail(failing->target);
  return NULL;
}

static HRESULT STDMETHODCALLTYPE Caller_Swallow(ICaller *face, ITarget *target, VARIANT_BOOL on_thread, SCODE *status) {
  Failing failing = { target, S_OK };
  pthread_t thread;
  (void)face;
  if (!on_thread)
    fail_on_thread(&failing);
  else if (pthread_create(&thread, NULL, fail_on_thread, &failing) == 0)
    pthread_join(thread, NULL);
  SetErrorInfo(0, NULL);
  *status = failing.status;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Caller_Pass(ICaller *face, ITarget *target) {
  (void)face;
  return ITarget_Fail(target);
}

static HRESULT STDMETHODCALLTYPE Caller_Recurse(ICaller *face, ITarget *target, LONG depth, LONG *result) {
  (void)face;
  return ITarget_Add(target, depth, 0, result);
}

static HRESULT STDMETHODCALLTYPE Caller_Laws(ICaller *face, IUnknown *object, SAFEARRAY *iids, BSTR *broken) {
  IID list[32];
  unsigned count = 0;
  BSTR *texts = NULL;
  (void)face;
  *broken = NULL;
  HRESULT result = SafeArrayAccessData(iids, (void **)&texts);
  if (FAILED(result))
    return result;
  for (; count < iids->rgsabound[0].cElements && count < 32; count++) {
    if (FAILED(IIDFromString(texts[count], &list[count])))
      break;
  }
  SafeArrayUnaccessData(iids);
  const char *law = laws_broken(object, list, count);
  if (law == NULL)
    law = "";
  *broken = SysAllocStringLen(NULL, (UINT)strlen(law));
  for (size_t i = 0; *broken != NULL && law[i] != 0; i++)
    (*broken)[i] = (OLECHAR)law[i];
  return *broken != NULL ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE Caller_Slots(ICaller *face, IDispatch *object, LONG *called) {
  (void)face;
  return slots_call(object, called);
}

static HRESULT STDMETHODCALLTYPE Caller_putref_Kept(ICaller *face, IUnknown *object) {
  Caller *self = self_of(face);
  if (object != NULL)
    IUnknown_AddRef(object);
  if (self->kept != NULL)
    IUnknown_Release(self->kept);
  self->kept = object;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Caller_get_Kept(ICaller *face, IUnknown **object) {
  *object = self_of(face)->kept;
  if (*object != NULL)
    IUnknown_AddRef(*object);
  return S_OK;
}

static void *drop_on_thread(void *context) {
  IUnknown_Release((IUnknown *)context);
  return NULL;
}

static HRESULT STDMETHODCALLTYPE Caller_Drop(ICaller *face, VARIANT_BOOL on_thread) {
  Caller *self = self_of(face);
  IUnknown *object = self->kept;
  pthread_t thread;
  self->kept = NULL;
  if (object == NULL)
    return S_FALSE;
  if (!on_thread)
    IUnknown_Release(object);
  else if (pthread_create(&thread, NULL, drop_on_thread, object) == 0)
    pthread_join(thread, NULL);
  return S_OK;
}

static double now(void) {
  struct timespec moment;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &moment);
  return (double)moment.tv_sec * 1e9 + (double)moment.tv_nsec;
}

static HRESULT STDMETHODCALLTYPE Caller_Time(ICaller *face, ITarget *target, LONG count, double *nanoseconds) {
  LONG sum = 0;
  (void)face;
  double begin = now();
  for (LONG i = 0; i < count; i++) {
    HRESULT result = ITarget_Add(target, 1, 2, &sum);
    if (FAILED(result))
      return result;
  }
  *nanoseconds = (now() - begin) / count;
  return S_OK;
}

static ITarget *haunted;

static void haunt(void) {
  LONG sum = 0;
  HRESULT result = ITarget_Add(haunted, 1, 2, &sum);
  ULONG left = ITarget_Release(haunted);
  printf("after the state: 0x%08X, %u left\n", (unsigned)result, (unsigned)left);
}

static HRESULT STDMETHODCALLTYPE Caller_Haunt(ICaller *face, ITarget *target) {
  (void)face;
  haunted = target;
  ITarget_AddRef(target);
  atexit(haunt);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Caller_Null(ICaller *face, ITarget *target, SCODE *status) {
  (void)face;
  *status = ITarget_Add(target, 1, 2, NULL);
  return S_OK;
}

typedef struct Stacked {
  ITarget *target;
  HRESULT status;
} Stacked;

static void *call_once(void *context) {
  Stacked *stacked = context;
  LONG sum;
  stacked->status = ITarget_Add(stacked->target, 1, 2, &sum);
  return NULL;
}

/* From a thread with a stack of that size. */
static HRESULT STDMETHODCALLTYPE Caller_CallOnStack(ICaller *face, ITarget *target, LONG kilobytes, SCODE *status) {
  (void)face;
  Stacked stacked = { target, E_FAIL };
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  int problem = pthread_attr_setstacksize(&attributes, (size_t)kilobytes * 1024);
  if (problem == 0)
    problem = pthread_create(&thread, &attributes, call_once, &stacked);
  pthread_attr_destroy(&attributes);
  if (problem != 0)
    return E_INVALIDARG;
  pthread_join(thread, NULL);
  *status = stacked.status;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Caller_Pause(ICaller *face, double seconds) {
  (void)face;
  struct timespec time = { (time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9) };
  nanosleep(&time, NULL);
  return S_OK;
}

static const ICallerVtbl caller_vtable = { OLEANDER_DUAL_SLOTS(Caller, caller),
                                           Caller_CallBack,
                                           Caller_CallFromThreads,
                                           Caller_StartThreads,
                                           Caller_get_Good,
                                           Caller_get_Bad,
                                           Caller_get_LastStatus,
                                           Caller_get_LastText,
                                           Caller_Join,
                                           Caller_Swallow,
                                           Caller_Pass,
                                           Caller_Recurse,
                                           Caller_Laws,
                                           Caller_Slots,
                                           Caller_putref_Kept,
                                           Caller_get_Kept,
                                           Caller_Drop,
                                           Caller_Time,
                                           Caller_Haunt,
                                           Caller_Null,
                                           Caller_CallOnStack,
                                           Caller_Pause };

static const OleanderFace caller_faces[] = { { &IID_ICaller, offsetof(Caller, caller), &caller_vtable }, { 0 } };

static HRESULT construct(void *object) {
  Caller *self = object;
  pthread_mutex_init(&self->lock, NULL);
  return S_OK;
}

static void destroy(void *object) {
  Caller *self = object;
  join(self);
  if (self->kept != NULL)
    IUnknown_Release(self->kept);
  SysFreeString(self->text);
  pthread_mutex_destroy(&self->lock);
}

extern OleanderModule callers_module;
static OleanderClass caller_class = { .module = &callers_module,
                                      .clsid = &CLSID_Caller,
                                      .progid = "Oleander.TestCaller",
                                      .title = "A caller",
                                      .size = sizeof(Caller),
                                      .object = offsetof(Caller, object),
                                      .faces = caller_faces,
                                      .construct = construct,
                                      .destroy = destroy };
static OleanderClass *const classes[] = { &caller_class, NULL };
OleanderModule callers_module = { .component = "callers", .classes = classes };
OLEANDER_MODULE(callers_module)
