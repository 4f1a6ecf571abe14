/* Thousands of random signatures, each called by the library and calling the library, against C functions that the
 * compiler made for the same types. A failure prints the signature, the seed and the bytes of both sides. */
#include "tests/dispatch/generated_signatures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "generated_signatures.c"

static uint64_t random_state;

static void fill_random(unsigned char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    bytes[i] = (unsigned char)(random_state >> 56);
  }
}

/* Compares pieces without their padding; the order is that of the traffic. */
static int same_piece(const Piece *piece, const unsigned char *a, const unsigned char *b) {
  for (size_t element = 0; element < piece->size; element += piece->element) {
    unsigned char mask[BUFFER];
    memset(mask, piece->mask ? 0 : 255, piece->element);
    if (piece->mask)
      piece->mask(mask);
    for (size_t i = 0; i < piece->element; i++)
      if ((a[element + i] ^ b[element + i]) & mask[i])
        return 0;
  }
  return 1;
}

static void print_bytes(const char *label, const unsigned char *bytes, size_t size) {
  print_error("  %s:", label);
  for (size_t i = 0; i < size; i++)
    print_error(" %02x", bytes[i]);
  print_error("\n");
}

static void check_piece(const Case *c, const char *what, int k, const Piece *piece, const unsigned char *expected,
                        const unsigned char *got) {
  if (same_piece(piece, expected, got))
    return;
  print_error("seed %d: %s%s\n  %s, piece %d\n", SEED, c->convention == ABI_MS ? "ms_abi " : "", c->text, what, k + 1);
  print_bytes("expected", expected, piece->size);
  print_bytes("got", got, piece->size);
  fail();
}

static int travels(const Piece *piece, int out) {
  return out ? piece->mode == BY_OUT || piece->mode == BY_INOUT : piece->mode != BY_OUT;
}

/* Compares all inputs or outputs in one traffic buffer with another, in the order of the parameters. Returns where the
 * next piece begins. */
static size_t check_pieces(const Case *c, const char *what, int out, const unsigned char *expected,
                           const unsigned char *got) {
  size_t at = 0;
  for (int k = 0; k < c->count; k++)
    if (travels(&c->parameters[k], out)) {
      check_piece(c, what, k, &c->parameters[k], expected + at, got + at);
      at += c->parameters[k].size;
    }
  return at;
}

/* Records of records of arrays may grow beyond any buffer; such a case is left out. */
static int fits(const Case *c) {
  size_t total = c->result.size;
  for (int k = 0; k < c->count; k++)
    total += c->parameters[k].size;
  return total <= BUFFER;
}

static const Signature *build(const Case *c) {
  const SignatureNames names = { .records = record_texts };
  const SignatureAbi abi = { .convention = (uint8_t)c->convention };
  const Signature *signature = NULL;
  HRESULT hr = signature_from_text(c->text, 3, &names, &abi, &signature);
  if (hr != S_OK || signature->unsupported) {
    print_error("%s: 0x%08x %s\n", c->text, (unsigned)hr, signature ? signature->unsupported : "");
    fail();
  }
  return signature;
}

/* Calling */

static void put(const Signature *signature, CallFrame *frame, unsigned k, const unsigned char *bytes, size_t size) {
  const Parameter *parameter = &signature->parameters[k];
  int64_t value = 0;
  if (parameter->value_class != VALUE_SIGNED && parameter->value_class != VALUE_UNSIGNED) {
    memcpy(frame_value(signature, frame, k), bytes, size);
    return;
  }
  memcpy(&value, bytes, size);
  if (parameter->value_class == VALUE_SIGNED && size < 8)
    value = (int64_t)((uint64_t)value << (64 - 8 * size)) >> (64 - 8 * size);
  frame_put_integer(signature, frame, k, value);
}

static void check_call(const Case *c) {
  const Signature *signature = build(c);
  CallFrame *frame = CALL_FRAME(signature);
  unsigned char sent[BUFFER], back[BUFFER];
  void (*vtable[])(void) = { NULL, NULL, NULL, c->callee };
  void (**object)(void) = vtable;
  size_t at = 0;
  fill_random(sent, sizeof sent);
  fill_random(traffic.given, sizeof traffic.given);
  traffic.give_at = traffic.take_at = 0;
  signature_prepare(signature, frame);
  for (int k = 0; k < c->count; k++)
    if (travels(&c->parameters[k], 0)) {
      put(signature, frame, (unsigned)k, sent + at, c->parameters[k].size);
      at += c->parameters[k].size;
    }
  signature_invoke(signature, &object, frame);
  assert_ptr_equal(traffic.object, &object);
  check_pieces(c, "arguments of a call", 0, sent, traffic.taken);
  at = 0;
  for (int k = 0; k < c->count; k++)
    if (travels(&c->parameters[k], 1)) {
      memcpy(back + at, frame_value(signature, frame, (unsigned)k), c->parameters[k].size);
      memset(frame_value(signature, frame, (unsigned)k), 0,
             c->parameters[k].size); /* it is garbage, not ours to free */
      at += c->parameters[k].size;
    }
  at = check_pieces(c, "outputs of a call", 1, traffic.given, back);
  if (c->result.size) {
    check_piece(c, "result of a call", -1, &c->result, traffic.given + at, frame_result(signature, frame));
    memset(frame_result(signature, frame), 0, c->result.size);
  }
  signature_finish(signature, frame);
  signature_release(signature);
}

static void call_generated_functions(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    if (fits(&cases[i]))
      check_call(&cases[i]);
}

/* Being called */

static struct {
  const Case *c;
  unsigned char got[BUFFER], give[BUFFER];
  void *object;
} handled;

static void handle(const ClosureCall *call) {
  const Case *c = handled.c;
  size_t at = 0, give_at = 0;
  handled.object = call->object;
  for (int k = 0; k < c->count; k++) {
    const Piece *piece = &c->parameters[k];
    void *value = piece->mode == BY_VALUE ? call->arguments[k] : *(void **)call->arguments[k];
    if (travels(piece, 0)) {
      memcpy(handled.got + at, value, piece->size);
      at += piece->size;
    }
    if (travels(piece, 1)) {
      memcpy(value, handled.give + give_at, piece->size);
      give_at += piece->size;
    }
  }
  memcpy(call->result, handled.give + give_at, c->result.size);
}

static void check_closure(const Case *c) {
  const Signature *signature = build(c);
  const VtableTemplate *vtable = NULL;
  VtableSlot slots[4] = { { (void (*)(void))abort, NULL },
                          { (void (*)(void))abort, NULL },
                          { (void (*)(void))abort, NULL },
                          { NULL, signature } };
  assert_int_equal(vtable_template_create(slots, 4, handle, NULL, NULL, &vtable), S_OK);
  const void *object[] = { vtable_template_vtable(vtable) };
  assert_ptr_equal(vtable_template_of(object), vtable);
  handled.c = c;
  fill_random(handled.give, sizeof handled.give);
  fill_random(traffic.given, sizeof traffic.given);
  traffic.give_at = traffic.take_at = 0;
  c->caller(object);
  assert_ptr_equal(handled.object, object);
  check_pieces(c, "arguments of a closure", 0, traffic.given, handled.got);
  size_t at = check_pieces(c, "outputs of a closure", 1, handled.give, traffic.taken);
  if (c->result.size)
    check_piece(c, "result of a closure", -1, &c->result, handled.give + at, traffic.taken + at);
  signature_release(signature);
}

static void answer_generated_callers(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    if (fits(&cases[i]))
      check_closure(&cases[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(call_generated_functions),
    cmocka_unit_test(answer_generated_callers),
  };
  random_state = SEED;
  return cmocka_run_group_tests(tests, NULL, NULL);
}
