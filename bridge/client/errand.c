/* errand.c - work for threads of the multithreaded apartment (errand.h). A limited number of errands is under way at a time; the
 * others stand in line, so that a thousand of them do not use up the descriptors of the process. */
#include "bridge/client/errand.h"
#include "remote/remote_api.h"

#include <objbase.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#define UNDER_WAY 128

static pthread_mutex_t line_lock = PTHREAD_MUTEX_INITIALIZER;
static Errand *first, *last;
static unsigned under_way;

Errand *errand_make(size_t size, HRESULT (*body)(Errand *errand), void (*clear)(Errand *errand)) {
  Errand *errand = calloc(1, size);
  if (!errand)
    return NULL;
  errand->body = body;
  errand->clear = clear;
  errand->references = 1;
  pthread_mutex_init(&errand->lock, NULL);
  return errand;
}

void errand_release(Errand *errand) {
  if (!errand || atomic_fetch_sub(&errand->references, 1) != 1)
    return;
  errand->clear(errand);
  if (errand->error)
    IErrorInfo_Release(errand->error);
  pthread_mutex_destroy(&errand->lock);
  free(errand);
}

bool errand_is_wanted(Errand *errand) {
  pthread_mutex_lock(&errand->lock);
  bool wanted = !errand->given_up;
  pthread_mutex_unlock(&errand->lock);
  return wanted;
}

static bool begin(Errand *errand) {
  pthread_mutex_lock(&errand->lock);
  bool wanted = !errand->given_up;
  if (wanted) {
    errand->begun = true;
    errand->thread = (DWORD)gettid();
  }
  pthread_mutex_unlock(&errand->lock);
  return wanted;
}

/* The owner may let go of what `done` is for as soon as it has the lock. */
static void end(Errand *errand, HRESULT result, IErrorInfo *error) {
  pthread_mutex_lock(&errand->lock);
  errand->over = true;
  errand->thread = 0;
  if (!errand->given_up) {
    errand->result = result;
    errand->error = error;
    error = NULL;
    errand->done(errand->context);
  }
  pthread_mutex_unlock(&errand->lock);
  if (error)
    IErrorInfo_Release(error);
}

static void carry_out(Errand *errand) {
  IErrorInfo *error = NULL;
  if (!begin(errand))
    return;
  int64_t before = remote_set_deadline(errand->deadline);
  CoEnableCallCancellation(NULL);
  SetErrorInfo(0, NULL);
  HRESULT result = errand->body(errand);
  if (FAILED(result))
    GetErrorInfo(0, &error);
  CoDisableCallCancellation(NULL);
  remote_set_deadline(before);
  end(errand, result, error);
}

static HRESULT post(Errand *errand) {
  Apartment *apartment;
  HRESULT status = apartment_host(HOST_MULTI, &apartment);
  if (FAILED(status))
    return status;
  status = apartment_post(apartment, &errand->work);
  apartment_release(apartment);
  return status;
}

/* One has ended: those that stand in line come on. */
static void post_next(void) {
  Errand *next;
  HRESULT status;
  do {
    pthread_mutex_lock(&line_lock);
    next = first;
    if (next)
      first = next->next;
    else
      under_way--;
    pthread_mutex_unlock(&line_lock);
    status = next ? post(next) : S_OK;
    if (FAILED(status)) {
      end(next, status, NULL);
      errand_release(next);
    }
  } while (FAILED(status));
}

static void run(ApartmentWork *work, bool dropped) {
  Errand *errand = (Errand *)(void *)((char *)work - offsetof(Errand, work));
  if (dropped)
    end(errand, RPC_E_DISCONNECTED, NULL);
  else
    carry_out(errand);
  errand_release(errand);
  post_next();
}

HRESULT errand_send(Errand *errand, int64_t deadline, void (*done)(void *context), void *context) {
  errand->work.run = run;
  errand->deadline = deadline;
  errand->done = done;
  errand->context = context;
  errand->references++;
  pthread_mutex_lock(&line_lock);
  bool waits = under_way >= UNDER_WAY;
  if (waits && first)
    last->next = errand;
  else if (waits)
    first = errand;
  if (waits)
    last = errand;
  else
    under_way++;
  pthread_mutex_unlock(&line_lock);
  HRESULT status = waits ? S_OK : post(errand);
  if (FAILED(status)) {
    errand->references--;
    post_next();
  }
  return status;
}

bool errand_give_up(Errand *errand, HRESULT reason) {
  pthread_mutex_lock(&errand->lock);
  bool running = !errand->over && !errand->given_up;
  if (running) {
    errand->given_up = true;
    errand->result = reason;
    if (errand->thread)
      CoCancelCall(errand->thread, 0);
  }
  pthread_mutex_unlock(&errand->lock);
  return running;
}
