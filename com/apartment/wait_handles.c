/* Waiting for descriptors while the apartment goes on: CoWaitForMultipleHandles and CoWaitForMultipleObjects; and serving it
 * without waiting for anything: oleander_pump. A HANDLE is a descriptor, signalled while poll says that it can be read, or that
 * its other end is gone; nothing is read from it. */
#include "com/apartment/apartment_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include <oleander.h>

#define WAIT_FLAGS                                                                                                     \
  (COWAIT_WAITALL | COWAIT_ALERTABLE | COWAIT_INPUTAVAILABLE | COWAIT_DISPATCH_CALLS | COWAIT_DISPATCH_WINDOW_MESSAGES)
#define OBJECT_FLAGS (CWMO_DISPATCH_CALLS | CWMO_DISPATCH_WINDOW_MESSAGES)

/* How many descriptors need no memory. */
#define FEW 16

/* What one oleander_pump serves at most, so that a flood does not keep the caller. */
#define PUMP_LIMIT 256

typedef struct HandleWait {
  struct pollfd *descriptors; /* a negative one is left out: while all are waited for, those that are signalled */
  ULONG count;
  bool all;
  HRESULT status; /* S_OK: `index` is signalled; S_FALSE: not yet */
  ULONG index;
} HandleWait;

static bool is_signalled(const struct pollfd *descriptor) {
  return (descriptor->revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

/* Only those that were not signalled last are worth waking up for. */
static void sleep_on_the_missing(HandleWait *wait) {
  for (ULONG i = 0; wait->all && i < wait->count; i++) {
    if (is_signalled(&wait->descriptors[i]))
      wait->descriptors[i].fd = ~wait->descriptors[i].fd;
  }
}

static void look_at_all(HandleWait *wait) {
  for (ULONG i = 0; wait->all && i < wait->count; i++) {
    if (wait->descriptors[i].fd < 0)
      wait->descriptors[i].fd = ~wait->descriptors[i].fd;
  }
}

static void look(HandleWait *wait) {
  ULONG signalled = 0;
  look_at_all(wait);
  int found;
  do
    found = poll(wait->descriptors, wait->count, 0);
  while (found < 0 && errno == EINTR);
  wait->status = found < 0 ? E_OUTOFMEMORY : S_FALSE;
  for (ULONG i = 0; found > 0 && i < wait->count; i++) {
    if (wait->descriptors[i].revents & POLLNVAL) {
      wait->status = E_HANDLE;
      return;
    }
    if (is_signalled(&wait->descriptors[i]) && signalled++ == 0)
      wait->index = i;
  }
  if (found > 0 && signalled >= (wait->all ? wait->count : 1))
    wait->status = S_OK;
  else if (found >= 0)
    sleep_on_the_missing(wait);
}

static bool is_settled(void *context) {
  HandleWait *wait = context;
  look(wait);
  return wait->status != S_FALSE;
}

static HRESULT wait_for(bool all, DWORD milliseconds, ULONG count, const HANDLE *handles, DWORD *index) {
  struct pollfd few[FEW];
  HandleWait wait = { .descriptors = count > FEW ? calloc(count, sizeof *wait.descriptors) : few,
                      .count = count,
                      .all = all };
  if (!wait.descriptors)
    return E_OUTOFMEMORY;
  wait.status = S_OK;
  for (ULONG i = 0; i < count; i++) {
    intptr_t descriptor = (intptr_t)handles[i];
    if (descriptor < 0 || descriptor > INT32_MAX)
      wait.status = E_HANDLE;
    wait.descriptors[i] = (struct pollfd){ .fd = (int)descriptor, .events = POLLIN };
  }
  if (wait.status == S_OK) {
    int64_t deadline = milliseconds == INFINITE ? APARTMENT_NEVER
                       : milliseconds == 0      ? 0
                                                : apartment_after(milliseconds / 1e3);
    apartment_wait_beside(wait.descriptors, (unsigned)count, is_settled, &wait, deadline);
  }
  if (wait.descriptors != few)
    free(wait.descriptors);
  if (wait.status == S_OK)
    *index = wait.index;
  return wait.status == S_FALSE ? RPC_S_CALLPENDING : wait.status;
}

/* Calls are always let in, so the flags that let them in change nothing; nor does COWAIT_ALERTABLE, because nobody queues
 * procedures to a thread. */
static HRESULT check_and_wait(bool good_flags, bool all, DWORD milliseconds, ULONG count, const HANDLE *handles,
                              DWORD *index) {
  if (!index)
    return E_INVALIDARG;
  *index = 0;
  if (!handles || !good_flags)
    return E_INVALIDARG;
  if (!count)
    return RPC_E_NO_SYNC;
  return wait_for(all, milliseconds, count, handles, index);
}

HRESULT CoWaitForMultipleHandles(DWORD flags, DWORD milliseconds, ULONG count, LPHANDLE handles, LPDWORD index) {
  return check_and_wait(!(flags & ~(DWORD)WAIT_FLAGS), flags & COWAIT_WAITALL, milliseconds, count, handles, index);
}

HRESULT CoWaitForMultipleObjects(DWORD flags, DWORD milliseconds, ULONG count, const HANDLE *handles, LPDWORD index) {
  bool good = !(flags & ~(DWORD)OBJECT_FLAGS) && count <= CWMO_MAX_HANDLES;
  return check_and_wait(good, false, milliseconds, count, handles, index);
}

HRESULT oleander_pump(DWORD milliseconds) {
  int64_t deadline = milliseconds == INFINITE ? APARTMENT_NEVER
                     : milliseconds == 0      ? 0
                                              : apartment_after(milliseconds / 1e3);
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  bool served = apartment_wait(NULL, NULL, deadline);
  for (int i = 1; served && i < PUMP_LIMIT && apartment_wait(NULL, NULL, 0); i++)
    ;
  return served ? S_OK : S_FALSE;
}

int oleander_pump_descriptor(void) {
  ApartmentQueue *queue = queue_of_thread();
  return queue ? queue_descriptor(queue) : -1;
}
