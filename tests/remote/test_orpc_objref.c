/* References as bytes: those of the specification's structures, there and back, and damaged ones. */
#include <string.h>

#include "support/values.h"

#include "remote/orpc/objref.h"

static const uint8_t documented[] = {
  0x4d, 0x45, 0x4f, 0x57, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0x00,
  0x00, 0x00, 0x00, 0x00, 0x00, 0x46, 0x00, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x88, 0x77, 0x66, 0x55,
  0x44, 0x33, 0x22, 0x11, 0x00, 0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99, 0x00, 0x01, 0x02, 0x03, 0x04, 0x05,
  0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x14, 0x00, 0x10, 0x00, 0x07, 0x00, '1',  0,
  '0',  0,    '.',  0,    '0',  0,    '.',  0,    '0',  0,    '.',  0,    '1',  0,    '[',  0,    '1',  0,
  '3',  0,    '5',  0,    ']',  0,    0,    0,    0,    0,    0x0a, 0x00, 0xff, 0xff, 0,    0,    0,    0,
};

static void documented_bytes_are_read(void **state) {
  (void)state;
  Objref objref;
  char text[32];
  assert_int_equal(objref_read(documented, sizeof documented, &objref), S_OK);
  assert_int_equal(objref.kind, OBJREF_STANDARD);
  assert_true(IsEqualIID(&objref.iid, &IID_IDispatch));
  assert_int_equal(objref.standard.flags, 0);
  assert_int_equal(objref.standard.public_references, 5);
  assert_true(objref.standard.oxid == UINT64_C(0x1122334455667788));
  assert_true(objref.standard.oid == UINT64_C(0x99AABBCCDDEEFF00));
  assert_int_equal(objref.standard.ipid.Data1, 0x03020100);
  assert_int_equal(objref.size, sizeof documented);
  assert_true(objref_binding(&objref, TOWER_TCP, text, sizeof text));
  assert_string_equal(text, "10.0.0.1[135]");
  assert_false(objref_binding(&objref, TOWER_TCP, text, 13));
  assert_false(objref_binding(&objref, TOWER_LOCAL, text, sizeof text));
}

static void every_shorter_piece_is_refused(void **state) {
  (void)state;
  Objref objref;
  for (size_t size = 0; size < sizeof documented; size++)
    assert_int_equal(objref_read(documented, size, &objref), RPC_E_INVALID_OBJREF);
}

static void what_is_written_is_read(void **state) {
  (void)state;
  static const StdObjref standard = { SORF_NOPING, 7, 1, 2, { 3, 4, 5, { 6 } } };
  static const struct {
    const CLSID *handler;
    const char *endpoint;
  } cases[] = { { NULL, NULL }, { NULL, "x-0123456789abcdef" }, { &IID_IStream, NULL }, { &IID_IStream, "y" } };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    uint8_t *bytes;
    uint32_t size;
    Objref objref;
    char text[32];
    assert_int_equal(objref_write(&IID_IUnknown, &standard, cases[i].handler, cases[i].endpoint, &bytes, &size), S_OK);
    assert_int_equal(size, objref_size(cases[i].handler, cases[i].endpoint));
    assert_int_equal(objref_read(bytes, size, &objref), S_OK);
    assert_int_equal(objref.size, size);
    assert_int_equal(objref.kind, cases[i].handler ? OBJREF_HANDLER : OBJREF_STANDARD);
    assert_true(IsEqualIID(&objref.iid, &IID_IUnknown));
    assert_memory_equal(&objref.standard, &standard, sizeof standard);
    assert_true(objref_binding(&objref, TOWER_LOCAL, text, sizeof text) == !!cases[i].endpoint);
    if (cases[i].endpoint)
      assert_string_equal(text, cases[i].endpoint);
    CoTaskMemFree(bytes);
  }
}

static IStream *stream_of(const void *bytes, ULONG size) {
  static const LARGE_INTEGER start;
  IStream *stream;
  assert_int_equal(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
  IStream_Write(stream, bytes, size, NULL);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  return stream;
}

static void a_stream_gives_exactly_one_reference(void **state) {
  (void)state;
  uint8_t two[sizeof documented + 4];
  memcpy(two, documented, sizeof documented);
  memcpy(two + sizeof documented, "next", 4);
  IStream *stream = stream_of(two, sizeof two);
  uint8_t *bytes;
  char rest[5] = "";
  Objref objref;
  assert_int_equal(objref_read_stream(stream, &bytes, &objref), S_OK);
  assert_int_equal(objref.size, sizeof documented);
  CoTaskMemFree(bytes);
  IStream_Read(stream, rest, 4, NULL);
  assert_string_equal(rest, "next");
  assert_true(FAILED(objref_read_stream(stream, &bytes, &objref)));
  assert_null(bytes);
  IStream_Release(stream);
}

static void a_custom_reference_leaves_its_data_to_the_marshaler(void **state) {
  (void)state;
  uint8_t bytes[OBJREF_HEAD + OBJREF_CUSTOM_HEAD + 3], *head;
  Objref objref;
  char rest[4] = "";
  objref_write_custom_head(bytes, &IID_IStream, &IID_IDispatch, 3);
  memcpy(bytes + OBJREF_HEAD + OBJREF_CUSTOM_HEAD, "abc", 3);
  assert_int_equal(objref_read(bytes, sizeof bytes, &objref), S_OK);
  assert_int_equal(objref.custom_bytes, 3);
  assert_memory_equal(objref.custom, "abc", 3);
  assert_true(IsEqualCLSID(&objref.clsid, &IID_IDispatch));
  IStream *stream = stream_of(bytes, sizeof bytes);
  assert_int_equal(objref_read_stream(stream, &head, &objref), S_OK);
  CoTaskMemFree(head);
  IStream_Read(stream, rest, 3, NULL);
  assert_string_equal(rest, "abc");
  IStream_Release(stream);
}

static void an_extended_reference_is_read_over_its_extension(void **state) {
  (void)state;
  uint8_t bytes[OBJREF_HEAD + STDOBJREF_SIZE + 4 + 8 + 8 + 24 + 8] = { 0 };
  Objref objref;
  memcpy(bytes, documented, OBJREF_HEAD + STDOBJREF_SIZE);
  bytes[4] = OBJREF_EXTENDED;
  memcpy(bytes + 64, "VYSN", 4);
  bytes[68] = 2;
  bytes[70] = 1;
  bytes[76] = 1;
  memcpy(bytes + 80, "VYSN", 4);
  bytes[100] = 5;
  bytes[104] = 8;
  assert_int_equal(objref_read(bytes, sizeof bytes, &objref), S_OK);
  bytes[100] = 9;
  assert_int_equal(objref_read(bytes, sizeof bytes, &objref), RPC_E_INVALID_OBJREF);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(documented_bytes_are_read),
    cmocka_unit_test(every_shorter_piece_is_refused),
    cmocka_unit_test(what_is_written_is_read),
    cmocka_unit_test(a_stream_gives_exactly_one_reference),
    cmocka_unit_test(a_custom_reference_leaves_its_data_to_the_marshaler),
    cmocka_unit_test(an_extended_reference_is_read_over_its_extension),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
