/* The spy on task memory: calls of a registered IMallocSpy before and after each operation, and which blocks it has seen.
 * It may return other addresses than the heap's, so blocks of its time stay known until they are freed; only then can a
 * revoked spy really go. */
#include "com/malloc_spy.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

/* One thread at a time from the call before an operation to the return of the call after it: that is promised to the spy
 * (documentation of IMallocSpy), so this is held while it is called. Nothing else is done under it. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static IMallocSpy *spy;
static atomic_bool active;
static bool revoked;

/* Spied blocks: a hash table with open addressing and no tombstones. */
static void **slots;
static size_t room; /* a power of two, or 0 */
static size_t used;

/* This thread has the gate. Allocations that the spy itself makes pass it by. */
static _Thread_local bool inside;

bool malloc_spy_active(void) {
  return atomic_load_explicit(&active, memory_order_relaxed) && !inside;
}

static size_t start_of(const void *block) {
  return (size_t)(((uint64_t)(uintptr_t)block >> 4) * 0x9E3779B97F4A7C15u >> 32) & (room - 1);
}

static size_t find(const void *block) {
  size_t i = start_of(block);

  while (slots[i] && slots[i] != block)
    i = (i + 1) & (room - 1);
  return i;
}

static bool is_spied(const void *block) {
  return used && slots[find(block)] == block;
}

static bool grow(void) {
  size_t old_room = room;
  void **old = slots;
  size_t wanted = room ? room * 2 : 64;
  void **bigger = calloc(wanted, sizeof *bigger);

  if (!bigger)
    return false;
  slots = bigger;
  room = wanted;
  for (size_t i = 0; i < old_room; i++)
    if (old[i])
      slots[find(old[i])] = old[i];
  free(old);
  return true;
}

/* Makes sure that one more block can be remembered. */
static bool make_room(void) {
  return used * 2 < room || grow();
}

static void remember(void *block) {
  slots[find(block)] = block;
  used++;
}

/* Takes a block out and moves up those that had to step aside for it. */
static void forget(const void *block) {
  size_t hole = find(block);
  size_t i = hole;

  slots[hole] = NULL;
  used--;
  for (i = (i + 1) & (room - 1); slots[i]; i = (i + 1) & (room - 1)) {
    void *moved = slots[i];

    slots[i] = NULL;
    slots[find(moved)] = moved;
  }
}

static void enter(void) {
  pthread_mutex_lock(&gate);
  inside = true;
}

/* Leaves; a revoked spy whose last block has gone is let go, when nothing is held any more. */
static void leave(void) {
  IMallocSpy *done = NULL;

  if (revoked && !used) {
    done = spy;
    spy = NULL;
    revoked = false;
    atomic_store(&active, false);
    free(slots);
    slots = NULL;
    room = 0;
  }
  inside = false;
  pthread_mutex_unlock(&gate);
  if (done)
    IMallocSpy_Release(done);
}

void *malloc_spy_alloc(SIZE_T size) {
  void *block;
  SIZE_T wanted;

  enter();
  if (!spy || revoked) {
    block = malloc(size ? size : 1);
  } else {
    wanted = IMallocSpy_PreAlloc(spy, size);
    block = make_room() && (wanted || !size) ? malloc(wanted ? wanted : 1) : NULL;
    block = IMallocSpy_PostAlloc(spy, block);
    if (block)
      remember(block);
  }
  leave();
  return block;
}

void malloc_spy_free(void *block) {
  if (!block)
    return;
  enter();
  bool spied = is_spied(block);
  if (spied)
    forget(block);
  if (spy) {
    free(IMallocSpy_PreFree(spy, block, spied));
    IMallocSpy_PostFree(spy, spied);
  } else {
    free(block);
  }
  leave();
}

/* A block and a size, neither of them nothing. */
void *malloc_spy_realloc(void *block, SIZE_T size) {
  void *bigger;

  enter();
  bool spied = is_spied(block);
  if (!spy) {
    bigger = realloc(block, size);
  } else {
    void *actual = block;
    SIZE_T wanted = IMallocSpy_PreRealloc(spy, block, size, &actual, spied);

    bigger = make_room() && wanted ? realloc(actual, wanted) : NULL;
    bigger = IMallocSpy_PostRealloc(spy, bigger, spied);
    if (bigger && spied)
      forget(block);
    if (bigger && spied)
      remember(bigger);
  }
  leave();
  return bigger;
}

SIZE_T malloc_spy_size(void *block) {
  SIZE_T size;

  enter();
  if (spy) {
    bool spied = is_spied(block);

    size = malloc_usable_size(IMallocSpy_PreGetSize(spy, block, spied));
    size = IMallocSpy_PostGetSize(spy, size, spied);
  } else {
    size = malloc_usable_size(block);
  }
  leave();
  return size;
}

int malloc_spy_did_alloc(void *block) {
  int answer = -1;

  enter();
  if (spy) {
    bool spied = is_spied(block);

    block = IMallocSpy_PreDidAlloc(spy, block, spied);
    answer = IMallocSpy_PostDidAlloc(spy, block, spied, answer);
  }
  leave();
  return answer;
}

void malloc_spy_minimize(void) {
  enter();
  if (spy)
    IMallocSpy_PreHeapMinimize(spy);
  malloc_trim(0);
  if (spy)
    IMallocSpy_PostHeapMinimize(spy);
  leave();
}

static HRESULT set_spy(IMallocSpy *fresh) {
  if (spy)
    return CO_E_OBJISREG;
  spy = fresh;
  atomic_store(&active, true);
  return S_OK;
}

/* Blocks that it has seen may still be out: then it goes with the last of them. */
static HRESULT revoke_spy(void) {
  if (!spy || revoked)
    return CO_E_OBJNOTREG;
  revoked = true;
  return used ? E_ACCESSDENIED : S_OK;
}

/* A spy may itself register and revoke: then its thread is at the gate already. */

HRESULT CoRegisterMallocSpy(IMallocSpy *fresh) {
  IMallocSpy *face = NULL;
  HRESULT status;

  if (!fresh || FAILED(IMallocSpy_QueryInterface(fresh, &IID_IMallocSpy, (void **)&face)) || !face)
    return E_INVALIDARG;
  if (inside) {
    status = set_spy(face);
  } else {
    enter();
    status = set_spy(face);
    leave();
  }
  if (FAILED(status))
    IMallocSpy_Release(face);
  return status;
}

HRESULT CoRevokeMallocSpy(void) {
  if (inside)
    return revoke_spy();
  enter();
  HRESULT status = revoke_spy();
  leave();
  return status;
}
