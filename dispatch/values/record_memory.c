/* A set of record blocks: chains from a fixed number of buckets, under one lock. Records are rare. */
#include "dispatch/values/record_memory.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <objbase.h>

enum { RECORD_BUCKETS = 256 };

typedef struct RecordBlock {
  struct RecordBlock *next;
  void *record;
} RecordBlock;

static pthread_mutex_t record_lock = PTHREAD_MUTEX_INITIALIZER;
static RecordBlock *record_buckets[RECORD_BUCKETS];

static RecordBlock **record_bucket(const void *record) {
  uintptr_t address = (uintptr_t)record;
  return &record_buckets[(address >> 4 ^ address >> 12) % RECORD_BUCKETS];
}

void *record_memory_new(size_t size) {
  RecordBlock *block = malloc(sizeof *block);
  void *record = !block ? NULL : CoTaskMemAlloc(size == 0 ? 1 : size);
  if (!record) {
    free(block);
    return NULL;
  }
  memset(record, 0, size);
  block->record = record;
  RecordBlock **bucket = record_bucket(record);
  pthread_mutex_lock(&record_lock);
  block->next = *bucket;
  *bucket = block;
  pthread_mutex_unlock(&record_lock);
  return record;
}

bool record_memory_detach(void *record) {
  if (!record)
    return false;
  RecordBlock *found = NULL;
  pthread_mutex_lock(&record_lock);
  for (RecordBlock **link = record_bucket(record); *link; link = &(*link)->next) {
    if ((*link)->record == record) {
      found = *link;
      *link = found->next;
      break;
    }
  }
  pthread_mutex_unlock(&record_lock);
  if (!found)
    return false;
  free(found);
  return true;
}

bool record_memory_free(void *record) {
  bool found = record_memory_detach(record);
  if (found)
    CoTaskMemFree(record);
  return found;
}
