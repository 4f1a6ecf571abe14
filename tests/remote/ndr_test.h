/* What the tests of NDR share: stubs as hexadecimal text, and interface pointers that travel as their own addresses. */
#ifndef OLEANDER_TESTS_NDR_TEST_H
#define OLEANDER_TESTS_NDR_TEST_H

#include "remote/ndr/ndr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* An object that only counts. */
typedef struct Counted {
  IUnknown face;
  LONG references;
} Counted;

static HRESULT STDMETHODCALLTYPE Counted_QueryInterface(IUnknown *face, REFIID iid, void **object) {
  (void)iid;
  *object = face;
  ((Counted *)face)->references++;
  return S_OK;
}

static ULONG STDMETHODCALLTYPE Counted_AddRef(IUnknown *face) {
  return (ULONG)++((Counted *)face)->references;
}

static ULONG STDMETHODCALLTYPE Counted_Release(IUnknown *face) {
  return (ULONG)--((Counted *)face)->references;
}

static const IUnknownVtbl counted_vtable = { Counted_QueryInterface, Counted_AddRef, Counted_Release };

__attribute__((unused)) static Counted counted_new(void) {
  return (Counted){ { (IUnknownVtbl *)&counted_vtable }, 1 };
}

/* References are 24 bytes: the IID, and the address. What is marshaled holds a reference until it is unmarshaled. */
typedef struct TestInterfaces {
  NdrInterfaces interfaces;
  Counted *known[4];
  IID last_iid; /* of the last that was unmarshaled */
  int under_way;
  bool again; /* what is unmarshaled will be unmarshaled once more */
} TestInterfaces;

static Counted *known_object(TestInterfaces *self, const uint8_t *bytes, uint32_t size) {
  void *address;
  if (size != sizeof(IID) + sizeof address)
    return NULL;
  memcpy(&address, bytes + sizeof(IID), sizeof address);
  for (int i = 0; i < 4; i++)
    if (self->known[i] && self->known[i] == address)
      return self->known[i];
  return NULL;
}

static HRESULT test_marshal(NdrInterfaces *self, REFIID iid, IUnknown *pointer, uint8_t **bytes, uint32_t *size) {
  *size = sizeof *iid + sizeof pointer;
  *bytes = CoTaskMemAlloc(*size);
  if (!*bytes)
    return E_OUTOFMEMORY;
  memcpy(*bytes, iid, sizeof *iid);
  memcpy(*bytes + sizeof *iid, &pointer, sizeof pointer);
  IUnknown_AddRef(pointer);
  ((TestInterfaces *)self)->under_way++;
  return S_OK;
}

static HRESULT test_unmarshal(NdrInterfaces *self, const uint8_t *bytes, uint32_t size, REFIID iid, void **result) {
  TestInterfaces *test = (TestInterfaces *)self;
  Counted *object = known_object(test, bytes, size);
  *result = NULL;
  if (!object)
    return E_NOINTERFACE;
  test->last_iid = *iid;
  if (test->again)
    object->references++;
  else
    test->under_way--;
  *result = object;
  return S_OK;
}

static void test_discard(NdrInterfaces *self, const uint8_t *bytes, uint32_t size) {
  Counted *object = known_object((TestInterfaces *)self, bytes, size);
  if (!object)
    return;
  ((TestInterfaces *)self)->under_way--;
  object->references--;
}

__attribute__((unused)) static TestInterfaces test_interfaces(Counted *a, Counted *b) {
  return (TestInterfaces){
    { test_marshal, test_unmarshal, test_discard, MSHCTX_LOCAL }, { a, b, NULL, NULL }, { 0 }, 0, false
  };
}

/* The stub in one piece, from malloc. */
__attribute__((unused)) static uint8_t *stub_of(const NdrWriter *writer, size_t *size) {
  struct iovec *pieces = test_malloc(ndr_writer_piece_limit(writer) * sizeof *pieces);
  unsigned count = ndr_writer_gather(writer, pieces);
  uint8_t *stub = test_malloc(writer->length ? writer->length : 1);
  *size = 0;
  for (unsigned i = 0; i < count; i++) {
    memcpy(stub + *size, pieces[i].iov_base, pieces[i].iov_len);
    *size += pieces[i].iov_len;
  }
  test_free(pieces);
  assert_int_equal(*size, writer->length);
  return stub;
}

/* Bytes of a text of hexadecimal digits; what is none is passed over. "User" stands for its four letters. */
__attribute__((unused)) static size_t bytes_of(const char *text, uint8_t *bytes, size_t most) {
  size_t count = 0;
  int high = -1;
  for (; *text; text++) {
    static const char digits[] = "0123456789abcdef";
    const char *digit = strchr(digits, *text);
    if (!digit)
      continue;
    if (high < 0) {
      high = (int)(digit - digits);
      continue;
    }
    assert_true(count < most);
    bytes[count++] = (uint8_t)(high << 4 | (int)(digit - digits));
    high = -1;
  }
  assert_int_equal(high, -1);
  return count;
}

__attribute__((unused)) static void check_stub(const char *label, const NdrWriter *writer, const char *expected) {
  uint8_t wanted[4096];
  size_t wanted_size = bytes_of(expected, wanted, sizeof wanted), size;
  assert_int_equal(writer->error, S_OK);
  uint8_t *stub = stub_of(writer, &size);
  if (size != wanted_size || memcmp(stub, wanted, size) != 0) {
    print_message("%s:\n ", label);
    for (size_t i = 0; i < size; i++)
      print_message("%s%02x", i % 4 ? "" : " ", stub[i]);
    print_message("\n  expected\n ");
    for (size_t i = 0; i < wanted_size; i++)
      print_message("%s%02x", i % 4 ? "" : " ", wanted[i]);
    print_message("\n");
    fail();
  }
  test_free(stub);
}

#endif
