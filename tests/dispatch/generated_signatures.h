/* What the generated signatures and the test that runs them share. */
#ifndef OLEANDER_TESTS_GENERATED_SIGNATURES_H
#define OLEANDER_TESTS_GENERATED_SIGNATURES_H

#include "dispatch/types/signature.h"

#include <stddef.h>
#include <string.h>

enum { BUFFER = 8192, MOST_PARAMETERS = 14 };
typedef enum Mode { BY_VALUE, BY_IN, BY_OUT, BY_INOUT } Mode;

/* A parameter or a result of a generated signature. */
typedef struct Piece {
  size_t size;                       /* of all elements */
  size_t element;                    /* of one */
  void (*mask)(unsigned char *mask); /* marks the bytes of one element that are no padding; NULL: all */
  Mode mode;
} Piece;

typedef struct Case {
  const char *text;
  AbiConvention convention;
  void (*callee)(void);
  void (*caller)(void *object);
  int count;
  Piece parameters[MOST_PARAMETERS];
  Piece result;
} Case;

/* Bytes on their way into the far side (give) and out of it (take), in the order of the parameters. */
static struct Traffic {
  unsigned char given[BUFFER], taken[BUFFER];
  size_t give_at, take_at;
  void *object;
} traffic;

__attribute__((unused)) static void give(void *to, size_t size) {
  memcpy(to, traffic.given + traffic.give_at, size);
  traffic.give_at += size;
}

__attribute__((unused)) static void take(const void *from, size_t size) {
  memcpy(traffic.taken + traffic.take_at, from, size);
  traffic.take_at += size;
}

__attribute__((unused)) static void enter(void *self) {
  traffic.object = self;
}

__attribute__((unused)) static void (*slot3(void *object))(void) {
  return (*(void (***)(void))object)[3];
}

__attribute__((unused)) static void mask_DECIMAL(unsigned char *mask) {
  memset(mask, 255, sizeof(DECIMAL));
}

#endif
