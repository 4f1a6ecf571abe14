/* Large blocks that come and go with every call which carries bulk: some are kept for the next one, because fresh pages cost
 * more than what is done with them. Nobody waits for anybody here: who finds the list taken goes to the C heap. */
#include "com/com_api.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SLOTS = 8 };
#define MOST  ((size_t)8 << 20) /* of one block */
#define TOTAL ((size_t)16 << 20)

/* A sanitizer shall find who uses what is freed. */
#ifdef __has_feature
#define KEEPS (!__has_feature(address_sanitizer))
#elif defined __SANITIZE_ADDRESS__
#define KEEPS 0
#else
#define KEEPS 1
#endif

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct {
  void *block;
  size_t size;
} kept[SLOTS]; /* the oldest first */
static unsigned kept_count;
static size_t kept_size;
static atomic_bool any_kept;

/* Takes a block out of the list. */
static void *take(unsigned slot) {
  void *block = kept[slot].block;
  kept_size -= kept[slot].size;
  kept_count--;
  for (unsigned i = slot; i < kept_count; i++)
    kept[i] = kept[i + 1];
  atomic_store_explicit(&any_kept, kept_count != 0, memory_order_relaxed);
  return block;
}

/* The smallest that has room without being too large; NULL when there is none. */
static void *take_for(size_t size) {
  unsigned best = SLOTS;
  for (unsigned i = 0; i < kept_count; i++)
    if (kept[i].size >= size && kept[i].size / 2 <= size && (best == SLOTS || kept[i].size < kept[best].size))
      best = i;
  return best == SLOTS ? NULL : take(best);
}

void *bulk_alloc(size_t size) {
  void *block = NULL;
  if (KEEPS && size >= BULK_LEAST && size <= MOST && atomic_load_explicit(&any_kept, memory_order_relaxed) &&
      pthread_mutex_trylock(&mutex) == 0) {
    block = take_for(size);
    pthread_mutex_unlock(&mutex);
  }
  return block ? block : malloc(size ? size : 1);
}

void bulk_free(void *block) {
  size_t size = KEEPS ? malloc_usable_size(block) : 0;
  void *oldest[SLOTS];
  unsigned count = 0;
  if (size < BULK_LEAST || size > MOST || pthread_mutex_trylock(&mutex)) {
    free(block);
    return;
  }
  while (kept_count == SLOTS || kept_size + size > TOTAL)
    oldest[count++] = take(0);
  kept[kept_count].block = block;
  kept[kept_count++].size = size;
  kept_size += size;
  atomic_store_explicit(&any_kept, true, memory_order_relaxed);
  pthread_mutex_unlock(&mutex);
  while (count)
    free(oldest[--count]);
}

void bulk_forget(void) {
  void *blocks[SLOTS];
  unsigned count = 0;
  pthread_mutex_lock(&mutex);
  while (kept_count)
    blocks[count++] = take(0);
  pthread_mutex_unlock(&mutex);
  while (count)
    free(blocks[--count]);
}
