/* Allocation failures on demand; see faults.h. The linker's --wrap gives the __real_ and __wrap_ names. */
#include "support/faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static _Thread_local size_t allocations;
static _Thread_local size_t failing;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);

static int fails_now(void) {
  allocations++;
  return allocations == failing;
}

void *__wrap_malloc(size_t size) {
  return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size) {
  return fails_now() ? NULL : __real_realloc(block, size);
}

char *__wrap_strdup(const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = fails_now() ? NULL : __real_malloc(size);

  return copy ? memcpy(copy, text, size) : NULL;
}

void faults_fail_at(size_t n) {
  allocations = 0;
  failing = n;
}

size_t faults_count(void) {
  return allocations;
}

int faults_reached(void) {
  return failing != 0 && allocations >= failing;
}

void faults_off(void) {
  allocations = 0;
  failing = 0;
}

void faults_each(int (*body)(void *context), void *context) {
  size_t count;
  size_t n;
  int result;

  faults_off();
  result = body(context);
  count = faults_count();
  faults_off();
  assert_int_equal(result, 0);
  for (n = 1; n <= count; n++) {
    int reached;

    faults_fail_at(n);
    result = body(context);
    reached = faults_reached();
    faults_off();
    if (result != 0)
      fail_msg("allocation %zu of %zu failed: the body returned %d", n, count, result);
    if (!reached)
      fail_msg("allocation %zu of %zu was never made in the run that should fail it", n, count);
  }
}
