/* PDUs byte by byte, against [C706] 12.6 and packets that others have sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "remote/rpc/pdu.h"

static const IID IID_SAMPLE = { 0x00000143, 0, 0, { 0xc0, 0, 0, 0, 0, 0, 0, 0x46 } };

/* Hexadecimal digits; blanks are skipped. */
static size_t bytes_of(const char *text, uint8_t *bytes) {
  size_t count = 0;
  for (unsigned value; *text; text += 2) {
    while (*text == ' ')
      text++;
    if (!*text)
      break;
    assert_int_equal(sscanf(text, "%2x", &value), 1);
    bytes[count++] = (uint8_t)value;
  }
  return count;
}

static void assert_bytes(const void *got, size_t size, const char *expected) {
  uint8_t bytes[512];
  size_t count = bytes_of(expected, bytes);
  assert_int_equal(size, count);
  assert_memory_equal(got, bytes, count);
}

#define SAMPLE_HEX "43010000 0000 0000 c000000000000046"
#define NDR_HEX    "045d888a eb1c c911 9fe8 08002b104860 02000000"

static void a_bind_is_written(void **state) {
  uint8_t pdu[256];
  PduWriter writer = { .data = pdu, .capacity = sizeof pdu };
  (void)state;
  pdu_begin_bind(&writer, PDU_BIND, 7, 0x11223344, 1);
  pdu_put_item(&writer, 3, &IID_SAMPLE, 0);
  assert_true(pdu_end(&writer));
  assert_bytes(pdu, writer.size,
               "05000b13 10000000 4800 0000 07000000  f8ff f8ff 44332211 01 000000"
               "0300 01 00 " SAMPLE_HEX "00000000" NDR_HEX);
  writer.capacity = 71;
  pdu_begin_bind(&writer, PDU_BIND, 7, 0, 1);
  pdu_put_item(&writer, 3, &IID_SAMPLE, 0);
  assert_false(pdu_end(&writer));
}

static void fragments_are_what_both_take(void **state) {
  static const uint16_t cases[][2] = { { 0, 1432 },    { 1431, 1432 },   { 1432, 1432 },   { 4280, 4280 },
                                       { 5840, 5840 }, { 65528, 65528 }, { 65535, 65528 }, { 5847, 5840 } };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_int_equal(pdu_agree_fragment(cases[i][0]), cases[i][1]);
}

static void an_answer_to_a_bind_is_written(void **state) {
  uint8_t pdu[256];
  PduWriter writer = { .data = pdu, .capacity = sizeof pdu };
  (void)state;
  pdu_begin_bind_ack(&writer, PDU_BIND_ACK, 7, 1, "135", 2);
  pdu_put_result(&writer, PDU_ACCEPTED, 0);
  pdu_put_result(&writer, PDU_REJECTED, PDU_NO_TRANSFER_SYNTAX);
  assert_true(pdu_end(&writer));
  assert_bytes(pdu, writer.size,
               "05000c13 10000000 5400 0000 07000000  f8ff f8ff 01000000 0400 31333500 0000 02 000000"
               "0000 0000" NDR_HEX "0200 0200 00000000 0000 0000 0000000000000000 00000000");
  pdu_set_fragments(&writer, 5840, 4280);
  assert_bytes(pdu + 16, 4, "d016 b810");
  pdu_begin_bind_ack(&writer, PDU_ALTER_CONTEXT_RESPONSE, 8, 1, "", 1);
  pdu_put_result(&writer, PDU_ACCEPTED, 0);
  assert_true(pdu_end(&writer));
  assert_bytes(pdu, writer.size,
               "05000f13 10000000 3800 0000 08000000  f8ff f8ff 01000000 0000 0000 01 000000 0000 0000" NDR_HEX);
}

static void requests_and_their_answers_are_written(void **state) {
  uint8_t head[PDU_HEAD_LIMIT], fault[PDU_FAULT_SIZE], plain[PDU_HEADER_SIZE];
  (void)state;
  size_t size = pdu_put_request(head, 9, 1, 5, &IID_SAMPLE, false);
  pdu_set_fragment(head, size, 16, 40, true, false);
  assert_bytes(head, size, "05000081 10000000 3800 0000 09000000 28000000 0100 0500" SAMPLE_HEX);
  pdu_set_fragment(head, size, 24, 24, false, false);
  assert_bytes(head, size, "05000082 10000000 4000 0000 09000000 18000000 0100 0500" SAMPLE_HEX);
  size = pdu_put_request(head, 9, 1, 5, &GUID_NULL, true);
  pdu_set_fragment(head, size, 70000, 70000, true, true);
  assert_bytes(head, size, "05000043 10000000 0000 0000 09000000 70110100 0100 0500");
  size = pdu_put_response(head, 9, 1);
  pdu_set_fragment(head, size, 0, 0, true, false);
  assert_bytes(head, size, "05000203 10000000 1800 0000 09000000 00000000 0100 0000");
  pdu_put_fault(fault, 9, 1, FAULT_UNKNOWN_INTERFACE, false);
  assert_bytes(fault, sizeof fault, "05000323 10000000 2000 0000 09000000 20000000 0100 0000 0300011c 00000000");
  pdu_put_plain(plain, PDU_CO_CANCEL, 9);
  assert_bytes(plain, sizeof plain, "05001203 10000000 1000 0000 09000000");
}

static void headers_are_judged(void **state) {
  static const struct {
    const char *bytes;
    bool large;
    PduProgress progress;
    size_t head, length;
  } cases[] = {
    { "05000003 10000000 1800 0000 01000000 00000000 00000000", false, PDU_READ, 24, 24 },
    { "05010083 10000000 2800 0000 01000000", false, PDU_READ, 40, 40 },
    { "05000083 10000000 2700 0000 01000000", false, PDU_WRONG, 0, 0 }, /* no room for the object */
    { "05000003 10000000 1700 0000 01000000", false, PDU_WRONG, 0, 0 },
    { "05001203 10000000 1000 0000 01000000", false, PDU_READ, 16, 16 },
    { "05001203 10000000 0f00 0000 01000000", false, PDU_WRONG, 0, 0 },
    { "05000003 10000000 3800 1000 01000000", false, PDU_READ, 24, 56 },
    { "05000003 10000000 2f00 1000 01000000", false, PDU_WRONG, 0, 0 }, /* nor for the trailer */
    { "05000003 10000000 1800 0000 010000", false, PDU_INCOMPLETE, 0, 0 },
    { "", false, PDU_INCOMPLETE, 0, 0 },
    { "04000003 10000000 1800 0000 01000000", false, PDU_WRONG, 0, 0 },
    { "05020003 10000000 1800 0000 01000000", false, PDU_WRONG, 0, 0 },
    { "05000003 00000000 1800 0000 01000000", false, PDU_WRONG, 0, 0 }, /* big endian */
    { "05000103 10000000 1800 0000 01000000", false, PDU_WRONG, 0, 0 }, /* of datagrams */
    { "05001403 10000000 1800 0000 01000000", false, PDU_WRONG, 0, 0 },
    { "05000003 10000000 0000 0000 01000000 00000001", false, PDU_WRONG, 0, 0 },
    { "05000003 10000000 0000 0000 01000000 00000001", true, PDU_READ, 24, 24 + 0x1000000 },
    { "05000083 10000000 0000 0000 01000000 ffffffff", true, PDU_READ, 40, 40 + (size_t)0xffffffff },
    { "05000003 10000000 0000 0000 01000000 000000", true, PDU_INCOMPLETE, 0, 0 },
    { "05000003 10000000 0000 1000 01000000 00000001", true, PDU_WRONG, 0, 0 },
    { "05000b03 10000000 0000 0000 01000000 00000001", true, PDU_WRONG, 0, 0 },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint8_t bytes[64];
    PduHeader header;
    size_t size = bytes_of(cases[i].bytes, bytes);
    assert_int_equal(pdu_read_header(bytes, size, cases[i].large, &header), cases[i].progress);
    if (cases[i].progress != PDU_READ)
      continue;
    assert_int_equal(header.head, cases[i].head);
    assert_int_equal(header.length, cases[i].length);
    assert_int_equal(header.call_id, 1);
  }
}

/* With two items, as Windows offers them: NDR, and features of bind time. */
static void a_foreign_bind_is_read(void **state) {
  static const char text[] = "05000b07 10000000 7400 0000 01000000  d016 b810 00000000 02 000000"
                             "0000 01 00" SAMPLE_HEX "00000000" NDR_HEX "0100 01 00" SAMPLE_HEX
                             "00000000 2c1cb76c 1298 4045 0300000000000000 01000000";
  uint8_t bytes[256];
  size_t size = bytes_of(text, bytes);
  PduHeader header;
  PduBind bind;
  PduContextItem item;
  (void)state;
  assert_int_equal(pdu_read_header(bytes, size, false, &header), PDU_READ);
  assert_int_equal(header.length, size);
  assert_true(pdu_read_bind(bytes, &header, &bind));
  assert_int_equal(bind.max_transmit, 5840);
  assert_int_equal(bind.max_receive, 4280);
  assert_int_equal(bind.count, 2);
  assert_true(pdu_next_item(&bind, &item));
  assert_true(IsEqualGUID(&item.iid, &IID_SAMPLE));
  assert_true(item.ndr && !item.features && item.version == 0);
  assert_true(pdu_next_item(&bind, &item));
  assert_int_equal(item.id, 1);
  assert_true(!item.ndr && item.features);
  assert_false(pdu_next_item(&bind, &item));
  for (size_t cut = 17; cut < size; cut++) { /* damaged: never more than is there */
    header.length = cut;
    bool good = pdu_read_bind(bytes, &header, &bind) && pdu_next_item(&bind, &item) && pdu_next_item(&bind, &item);
    assert_false(good);
  }
}

static void an_answer_is_read(void **state) {
  static const char text[] = "05000c03 10000000 5c00 0000 02000000  d016 b810 09000000 0600 343931353300"
                             "02 000000 0000 0000" NDR_HEX "0200 0100 00000000 0000 0000 0000000000000000 00000000";
  uint8_t bytes[256];
  size_t size = bytes_of(text, bytes);
  PduHeader header;
  PduBind ack;
  PduContextResult result;
  (void)state;
  bytes[8] = (uint8_t)size;
  assert_int_equal(pdu_read_header(bytes, size, false, &header), PDU_READ);
  assert_true(pdu_read_bind_ack(bytes, &header, &ack));
  assert_int_equal(ack.association, 9);
  assert_int_equal(ack.count, 2);
  assert_true(pdu_next_result(&ack, &result));
  assert_int_equal(result.result, PDU_ACCEPTED);
  assert_true(pdu_next_result(&ack, &result));
  assert_int_equal(result.result, PDU_REJECTED);
  assert_int_equal(result.reason, PDU_UNKNOWN_INTERFACE);
  assert_false(pdu_next_result(&ack, &result));
}

/* A request sealed by NTLM. */
static void a_trailer_is_found(void **state) {
  static const char text[] = "05000003 10000000 40001000 01000000 10000000 00000500 75029b53 71415d02 16cb172e e07c20f5"
                             "0a060000 01000000 01000000 50557132 a4d1df51 00000000";
  uint8_t bytes[128];
  size_t size = bytes_of(text, bytes);
  PduHeader header;
  PduTrailer trailer;
  (void)state;
  assert_int_equal(pdu_read_header(bytes, size, false, &header), PDU_READ);
  assert_true(pdu_read_trailer(bytes, &header, &trailer));
  assert_int_equal(trailer.type, 10);
  assert_int_equal(trailer.level, 6);
  assert_int_equal(trailer.context_id, 1);
  assert_int_equal(trailer.stub_end, 40);
  assert_ptr_equal(trailer.value, bytes + 48);
  bytes[42] = 16; /* padding */
  assert_true(pdu_read_trailer(bytes, &header, &trailer));
  assert_int_equal(trailer.stub_end, 24);
  bytes[42] = 17; /* more than there is */
  assert_false(pdu_read_trailer(bytes, &header, &trailer));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_bind_is_written),
    cmocka_unit_test(fragments_are_what_both_take),
    cmocka_unit_test(an_answer_to_a_bind_is_written),
    cmocka_unit_test(requests_and_their_answers_are_written),
    cmocka_unit_test(headers_are_judged),
    cmocka_unit_test(a_foreign_bind_is_read),
    cmocka_unit_test(an_answer_is_read),
    cmocka_unit_test(a_trailer_is_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
