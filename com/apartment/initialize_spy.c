/* Spies on CoInitializeEx and CoUninitialize (IInitializeSpy). They belong to a thread, whether or not it is in an
 * apartment, and stand in numbered slots; the latest registered is called first. */
#include "com/apartment/apartment_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct Slot {
  IInitializeSpy *spy; /* NULL: free */
  uint64_t turn;       /* number of its registration */
} Slot;

struct InitializeSpies {
  DWORD count;
  uint64_t last_turn;
  Slot slots[];
};

static DWORD thread_number(void) {
  return (DWORD)syscall(SYS_gettid);
}

/* The lowest free slot; a new one behind all others where none is free. NULL: out of memory. */
static Slot *free_slot(DWORD *index) {
  InitializeSpies *spies = thread_state.spies;
  DWORD count = spies ? spies->count : 0;
  for (*index = 0; *index < count; ++*index) {
    if (!spies->slots[*index].spy)
      return &spies->slots[*index];
  }
  spies = realloc(spies, sizeof *spies + (count + 1) * sizeof *spies->slots);
  if (!spies)
    return NULL;
  if (!count)
    spies->last_turn = 0;
  spies->count = count + 1;
  spies->slots[count].spy = NULL;
  thread_state.spies = spies;
  thread_state_watch();
  return &spies->slots[count];
}

HRESULT CoRegisterInitializeSpy(IInitializeSpy *spy, ULARGE_INTEGER *cookie) {
  if (!spy || !cookie)
    return E_INVALIDARG;
  IInitializeSpy *known;
  HRESULT status = IInitializeSpy_QueryInterface(spy, &IID_IInitializeSpy, (void **)&known);
  if (FAILED(status))
    return status;
  DWORD index;
  Slot *slot = free_slot(&index);
  if (!slot) {
    IInitializeSpy_Release(known);
    return E_OUTOFMEMORY;
  }
  *slot = (Slot){ known, ++thread_state.spies->last_turn };
  cookie->u.HighPart = thread_number();
  cookie->u.LowPart = index;
  return S_OK;
}

HRESULT CoRevokeInitializeSpy(ULARGE_INTEGER cookie) {
  InitializeSpies *spies = thread_state.spies;
  if (cookie.u.HighPart != thread_number() || !spies || cookie.u.LowPart >= spies->count ||
      !spies->slots[cookie.u.LowPart].spy)
    return E_INVALIDARG;
  IInitializeSpy *spy = spies->slots[cookie.u.LowPart].spy;
  spies->slots[cookie.u.LowPart].spy = NULL;
  IInitializeSpy_Release(spy);
  return S_OK;
}

/* The spy registered last before `turn`, referenced, because it may revoke itself; NULL: none is left. */
static IInitializeSpy *spy_before(uint64_t *turn) {
  const InitializeSpies *spies = thread_state.spies;
  const Slot *found = NULL;
  for (DWORD i = 0; spies && i < spies->count; i++) {
    const Slot *slot = &spies->slots[i];
    if (slot->spy && slot->turn < *turn && (!found || slot->turn > found->turn))
      found = slot;
  }
  if (!found)
    return NULL;
  *turn = found->turn;
  IInitializeSpy_AddRef(found->spy);
  return found->spy;
}

#define FOR_EACH_SPY(spy)                                                                                              \
  for (uint64_t turn = UINT64_MAX; thread_state.spies && (spy = spy_before(&turn)) != NULL; IInitializeSpy_Release(spy))

void spies_before_initialize(DWORD flags) {
  IInitializeSpy *spy;
  FOR_EACH_SPY(spy)
  IInitializeSpy_PreInitialize(spy, flags, thread_state.count);
}

HRESULT spies_after_initialize(HRESULT result, DWORD flags) {
  IInitializeSpy *spy;
  FOR_EACH_SPY(spy)
  result = IInitializeSpy_PostInitialize(spy, result, flags, thread_state.count);
  return result;
}

void spies_before_uninitialize(void) {
  IInitializeSpy *spy;
  FOR_EACH_SPY(spy)
  IInitializeSpy_PreUninitialize(spy, thread_state.count);
}

void spies_after_uninitialize(void) {
  IInitializeSpy *spy;
  FOR_EACH_SPY(spy)
  IInitializeSpy_PostUninitialize(spy, thread_state.count);
}

/* Of a thread that ends; the slots are no longer the thread's. */
void spies_free(InitializeSpies *spies) {
  for (DWORD i = 0; spies && i < spies->count; i++) {
    if (spies->slots[i].spy)
      IInitializeSpy_Release(spies->slots[i].spy);
  }
  free(spies);
}
