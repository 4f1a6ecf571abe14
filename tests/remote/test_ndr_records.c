/* Records in VARIANTs and SAFEARRAYs: [MS-OAUT] 2.2.28.2.1 (_wireBRECORD), 2.2.29.2, 2.2.30.6, with bytes by hand. The type is in no
 * registered library, so its reference is one to an ITypeInfo; here the address of it. */
#include "ndr_test.h"

#include <oleauto.h>

#include "typelib/typelib_api.h"

typedef struct Point {
  LONG a;
  SHORT b;
  double c;
} Point;

static HRESULT address_of(NdrInterfaces *self, REFIID iid, IUnknown *pointer, uint8_t **bytes, uint32_t *size) {
  (void)self;
  assert_true(IsEqualIID(iid, &IID_ITypeInfo));
  *size = sizeof pointer;
  *bytes = CoTaskMemAlloc(*size);
  memcpy(*bytes, &pointer, sizeof pointer);
  return S_OK;
}

static HRESULT object_at(NdrInterfaces *self, const uint8_t *bytes, uint32_t size, REFIID iid, void **result) {
  IUnknown *pointer;
  (void)self;
  assert_int_equal(size, sizeof pointer);
  memcpy(&pointer, bytes, sizeof pointer);
  return IUnknown_QueryInterface(pointer, iid, result);
}

static void nothing(NdrInterfaces *self, const uint8_t *bytes, uint32_t size) {
  (void)self;
  (void)bytes;
  (void)size;
}

static NdrInterfaces addresses = { address_of, object_at, nothing, MSHCTX_LOCAL };

static ITypeInfo *type;
static IRecordInfo *info;

static int begin(void **state) {
  static const MemoryVariable fields[] = {
    { .name = u"a", .memid = 0x40000000, .kind = VAR_PERINSTANCE, .type = { .vt = VT_I4 }, .offset = 0 },
    { .name = u"b", .memid = 0x40000001, .kind = VAR_PERINSTANCE, .type = { .vt = VT_I2 }, .offset = 4 },
    { .name = u"c", .memid = 0x40000002, .kind = VAR_PERINSTANCE, .type = { .vt = VT_R8 }, .offset = 8 },
  };
  const MemoryType types[] = { { .name = u"Point",
                                 .kind = TKIND_RECORD,
                                 .guid = { 0x51A7C0DE, 0x0101, 0x4A11, { 1 } },
                                 .variables = fields,
                                 .variable_count = 3 } };
  const MemoryLibrary description = { .name = u"Points", .types = types, .type_count = 1 };
  ITypeLib *library;
  (void)state;
  if (FAILED(memory_library_create(&description, &library)) || FAILED(ITypeLib_GetTypeInfo(library, 0, &type)))
    return -1;
  ITypeLib_Release(library);
  return FAILED(GetRecordInfoFromTypeInfo(type, &info));
}

static int end(void **state) {
  (void)state;
  IRecordInfo_Release(info);
  ITypeInfo_Release(type);
  return 0;
}

/* "TTTT..." is the address of the type, "pp" any byte of a referent, "??" any byte at all. */
static void expect_stub(const uint8_t *stub, size_t size, const char *text) {
  size_t at = 0;
  unsigned reference = 0;
  while (*text) {
    if (*text == ' ' || *text == '|') {
      text++;
      continue;
    }
    assert_true(at < size);
    if (*text == 'T') {
      assert_int_equal(stub[at], ((const uint8_t *)&type)[reference++]);
    } else if (*text == 'p') {
      ; /* of four, one is not zero */
    } else if (*text != '?') {
      char digits[3] = { text[0], text[1], 0 };
      if (stub[at] != strtoul(digits, NULL, 16))
        fail_msg("byte %zu is %02x and not %s", at, stub[at], digits);
    }
    text += 2;
    at++;
  }
  assert_int_equal(at, size);
}

/* The same bytes with other referents, as another implementation would have them. */
static void give_referents(uint8_t *stub, const char *text) {
  size_t at = 0;
  for (; *text; text++) {
    if (*text == ' ' || *text == '|')
      continue;
    if (*text == 'p')
      stub[at] = 0x11;
    text++;
    at++;
  }
}

static void travel(const VARIANT *value, const char *text, VARIANT *back) {
  NdrWriter writer;
  NdrReader reader;
  size_t size;
  ndr_writer_begin(&writer, &addresses);
  ndr_put_variant(&writer, value);
  assert_int_equal(writer.error, S_OK);
  uint8_t *stub = stub_of(&writer, &size);
  expect_stub(stub, size, text);
  give_referents(stub, text);
  ndr_reader_begin(&reader, stub, size, &addresses);
  ndr_get_variant(&reader, back);
  assert_int_equal(reader.error, S_OK);
  assert_int_equal(ndr_left(&reader), 0);
  for (size_t i = 0; i < size; i++) { /* none of it may be missing */
    VARIANT none;
    ndr_reader_begin(&reader, stub, i, &addresses);
    ndr_get_variant(&reader, &none);
    assert_true(FAILED(reader.error));
    VariantClear(&none);
  }
  test_free(stub);
  ndr_writer_end(&writer, true);
}

static void a_record_in_a_variant(void **state) {
  (void)state;
  static const char stub[] = "55736572 00000000 |" /* the mark */
                             "0a000000 00000000 2400 000000000000 24000000 pppppppp |"
                             "01000000 14000000 pppppppp pppppppp |"
                             "08000000 08000000 TTTTTTTTTTTTTTTT |"
                             "14000000 14000000 01000000 0200 ???? 00000000 00000440";
  Point point = { 1, 2, 2.5 };
  VARIANT value = { .vt = VT_RECORD }, back;
  value.pvRecord = &point;
  value.pRecInfo = info;
  travel(&value, stub, &back);
  assert_int_equal(V_VT(&back), VT_RECORD);
  assert_true(IRecordInfo_IsMatchingType(info, back.pRecInfo));
  const Point *came = back.pvRecord;
  assert_true(came->a == 1 && came->b == 2 && came->c == 2.5);
  VariantClear(&back);
}

static void records_in_an_array(void **state) {
  (void)state;
  static const char stub[] = "55736572 00000000 |"
                             "12000000 00000000 2420 000000000000 00200000 pppppppp |"
                             "01000000 0100 ???? 10000000 0000???? 24000000 01000000 pppppppp 02000000 00000000 |"
                             "01000000 pppppppp 01000000 24000000 pppppppp pppppppp |"
                             "08000000 08000000 TTTTTTTTTTTTTTTT |"
                             "24000000 24000000 01000000 0200 ???? 00000000 00000440"
                             "03000000 0400 ???? 00000000 00000c40";
  Point points[] = { { 1, 2, 2.5 }, { 3, 4, 3.5 } };
  SAFEARRAY *array = SafeArrayCreateVectorEx(VT_RECORD, 0, 2, info);
  void *data;
  assert_non_null(array);
  assert_int_equal(SafeArrayAccessData(array, &data), S_OK);
  memcpy(data, points, sizeof points);
  SafeArrayUnaccessData(array);
  VARIANT value = { .vt = VT_ARRAY | VT_RECORD, .parray = array }, back;
  travel(&value, stub, &back);
  assert_int_equal(V_VT(&back), VT_ARRAY | VT_RECORD);
  assert_int_equal(SafeArrayAccessData(back.parray, &data), S_OK);
  const Point *came = data;
  assert_true(came[0].a == 1 && came[0].b == 2 && came[0].c == 2.5);
  assert_true(came[1].a == 3 && came[1].b == 4 && came[1].c == 3.5);
  SafeArrayUnaccessData(back.parray);
  VariantClear(&back);
  VariantClear(&value);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_record_in_a_variant),
    cmocka_unit_test(records_in_an_array),
  };
  return cmocka_run_group_tests(tests, begin, end);
}
