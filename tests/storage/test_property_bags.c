/* Property bags over JSON and over the registry store: what texts say, what values become, what is refused; an object that is
 * saved to both and loaded from them. */
#include "storage/storage_tests.h"

#include <math.h>
#include <stdbool.h>
#include <unistd.h>

#include <oleander_object.h>
#include <oleander_property_bag.h>
#include <ocidl.h>

#include "support/scratch.h"

#define KEY "CLSID\\{5C1E2B5A-9B1E-4D3B-9C55-0C9E3F0E7A77}\\Settings"

static IPropertyBag *json(const char *text) {
  IPropertyBag *bag;

  OK(oleander_property_bag_json(text, &bag));
  return bag;
}

static IPropertyBag *registry(void) {
  IPropertyBag *bag;

  OK(oleander_property_bag_registry("settings", KEY, &bag));
  return bag;
}

static void expect_text(IPropertyBag *bag, const char *expected, int line) {
  char *text;

  ok(oleander_property_bag_json_text((IUnknown *)bag, &text), line);
  if (strcmp(text, expected) != 0)
    fail_msg("line %d: %s", line, text);
  CoTaskMemFree(text);
}
#define EXPECT_TEXT(bag, text) expect_text((bag), (text), __LINE__)

static void texts_there_and_back(void **state) {
  static const struct {
    const char *text, *again;
  } rows[] = {
    { NULL, "{}\n" },
    { "{}", "{}\n" },
    { " { \"a\" : 1 } ", "{\n  \"a\": 1\n}\n" },
    { "{\"a\":-1,\"b\":2147483648,\"c\":18446744073709551615,\"d\":1.5,\"e\":1e3,\"f\":-0}",
      "{\n  \"a\": -1,\n  \"b\": 2147483648,\n  \"c\": 18446744073709551615,\n  \"d\": 1.5,\n  \"e\": 1000.0,\n  "
      "\"f\": -0.0\n}\n" },
    { "{\"a\":[true,false,null,\"x\",[],{\"b\":[1]}]}",
      "{\n  \"a\": [true, false, null, \"x\", [], {\n      \"b\": [1]\n    }]\n}\n" },
    { "{\"\\u0041\\n\\\"\\\\\\/\":\"\\ud83d\\ude00 \xC3\xA4\"}",
      "{\n  \"A\\u000a\\\"\\\\/\": \"\xF0\x9F\x98\x80 \xC3\xA4\"\n}\n" },
    { "{\"a\":1,\"a\":{\"b\":2}}", "{\n  \"a\": {\n    \"b\": 2\n  }\n}\n" },
    { "{\"a\":\"\\ud800\"}", "{\n  \"a\": \"\\ud800\"\n}\n" },
    { "{\"a\":0.30000000000000004,\"b\":1e-320,\"c\":1.7976931348623157e308}",
      "{\n  \"a\": 0.30000000000000004,\n  \"b\": 9.99988867182683e-321,\n  \"c\": 1.7976931348623157e+308\n}\n" },
    { "{\"a\":0.1,\"b\":123456789012345678901234567890}", "{\n  \"a\": 0.1,\n  \"b\": 1.2345678901234568e+29\n}\n" },
  };

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    IPropertyBag *bag = json(rows[i].text);
    char *text;

    OK(oleander_property_bag_json_text((IUnknown *)bag, &text));
    if (strcmp(text, rows[i].again) != 0)
      fail_msg("row %zu: %s", i, text);
    IPropertyBag *second = json(text);
    EXPECT_TEXT(second, text);
    CoTaskMemFree(text);
    IPropertyBag_Release(second);
    IPropertyBag_Release(bag);
  }
}

static void texts_that_are_none(void **state) {
  static const char *const rows[] = {
    "",
    "[]",
    "1",
    "{",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{a:1}",
    "{\"a\":01}",
    "{\"a\":1.}",
    "{\"a\":.5}",
    "{\"a\":1e}",
    "{\"a\":-}",
    "{\"a\":tru}",
    "{\"a\":\"",
    "{\"a\":[1",
    "{\"a\":[1,]}",
    "{} x",
    "{\"a\":\"\\x\"}",
    "{\"a\":\"\\u12\"}",
    "{\"a\":\"\1\"}",
    "{\"a\":\"\xFF\"}",
    "{\"a\":1e999}",
    "{\"a\":+1}",
    "{\"a\" 1}",
    "{\"a\":nul",
    "{\"a\":\"\\",
    "{,}",
  };
  char deep[1024];
  IPropertyBag *bag;

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    bag = (IPropertyBag *)1;
    if (oleander_property_bag_json(rows[i], &bag) != E_INVALIDARG)
      fail_msg("row %zu: %s", i, rows[i]);
    assert_null(bag);
  }
  memset(deep, '[', sizeof deep);
  memcpy(deep, "{\"a\":", 5);
  deep[sizeof deep - 1] = 0;
  IS(oleander_property_bag_json(deep, &bag), E_INVALIDARG);
  IErrorInfo *info;
  BSTR text;
  IS(oleander_property_bag_json("{\n\"a\": x}", &bag), E_INVALIDARG);
  OK(GetErrorInfo(0, &info));
  OK(IErrorInfo_GetDescription(info, &text));
  assert_memory_equal(text, u"line 2", 12);
  SysFreeString(text);
  IErrorInfo_Release(info);
  IS(oleander_property_bag_json("{}", NULL), E_POINTER);
  IS(oleander_property_bag_registry("x", NULL, &bag), E_POINTER);
}

static HRESULT write_text(IPropertyBag *bag, const OLECHAR *name, const OLECHAR *text) {
  VARIANT value = { .vt = VT_BSTR, .bstrVal = SysAllocString(text) };
  HRESULT status = IPropertyBag_Write(bag, name, &value);

  VariantClear(&value);
  return status;
}

/* One value written and read as a type; both kinds of bags. */
static void values_of_all_types(void **state) {
  const struct {
    VARIANT value;
    VARTYPE as;
    HRESULT expected; /* of reading */
    double number;
  } rows[] = {
    { { .vt = VT_I4, .lVal = -5 }, VT_EMPTY, S_OK, -5 },
    { { .vt = VT_I1, .cVal = -5 }, VT_I1, S_OK, -5 },
    { { .vt = VT_UI1, .bVal = 200 }, VT_UI1, S_OK, 200 },
    { { .vt = VT_I2, .iVal = -300 }, VT_R8, S_OK, -300 },
    { { .vt = VT_UI4, .ulVal = 4000000000u }, VT_UI4, S_OK, 4e9 },
    { { .vt = VT_I8, .llVal = -5000000000 }, VT_I8, S_OK, -5e9 },
    { { .vt = VT_UI8, .ullVal = 1u << 31 }, VT_UI8, S_OK, 2147483648.0 },
    { { .vt = VT_R8, .dblVal = 0.1 }, VT_R8, S_OK, 0.1 },
    { { .vt = VT_R4, .fltVal = 2.5f }, VT_R4, S_OK, 2.5 },
    { { .vt = VT_BOOL, .boolVal = VARIANT_TRUE }, VT_BOOL, S_OK, -1 },
    { { .vt = VT_DATE, .date = 45351.5 }, VT_DATE, S_OK, 45351.5 },
    { { .vt = VT_CY, .cyVal.int64 = 12345 }, VT_CY, S_OK, 1.2345 },
    { { .vt = VT_I4, .lVal = 300 }, VT_UI1, DISP_E_OVERFLOW, 0 },
    { { .vt = VT_DATE, .date = 45351.5 }, VT_I4, DISP_E_TYPEMISMATCH, 0 },
    { { .vt = VT_I4, .lVal = 3 }, VT_ARRAY | VT_I4, DISP_E_TYPEMISMATCH, 0 },
  };

  (void)state;
  for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
    IPropertyBag *bag = i % 2 ? registry() : json(NULL);
    VARIANT value = { .vt = rows[i / 2].as }, number;

    OK(IPropertyBag_Write(bag, u"value", (VARIANT *)&rows[i / 2].value));
    if (!(i % 2)) { /* by way of the text */
      char *text;
      OK(oleander_property_bag_json_text((IUnknown *)bag, &text));
      IPropertyBag_Release(bag);
      bag = json(text);
      CoTaskMemFree(text);
    }
    HRESULT status = IPropertyBag_Read(bag, u"value", &value, NULL);
    if (status != rows[i / 2].expected)
      fail_msg("row %zu: %08X", i, (unsigned)status);
    if (SUCCEEDED(status)) {
      if (rows[i / 2].as)
        assert_int_equal(value.vt, rows[i / 2].as);
      VariantInit(&number);
      OK(VariantChangeType(&number, &value, 0, VT_R8));
      if (fabs(number.dblVal - rows[i / 2].number) > 1e-9)
        fail_msg("row %zu: %g", i, number.dblVal);
    }
    IPropertyBag_Release(bag);
  }
}

static void bags_in_bags(void **state) {
  (void)state;
  for (int which = 0; which < 2; which++) {
    IPropertyBag *bag = which ? registry() : json(NULL);
    IPropertyBag *source = json("{\"x\":1,\"inner\":{\"y\":\"two\"},\"list\":[\"a\",\"b\"]}");
    VARIANT value = { .vt = VT_UNKNOWN, .punkVal = (IUnknown *)source };
    IPropertyBag *inner;
    IPropertyBag2 *second;
    ULONG count;

    IS(IPropertyBag_Write(bag, u"back\\slash", &value), which ? E_INVALIDARG : S_OK);
    OK(IPropertyBag_Write(bag, u"deep", &value));
    OK(IPropertyBag_Write(source, u"deep", &value)); /* a copy: no bag holds itself */
    value.vt = VT_EMPTY;
    OK(IPropertyBag_Read(bag, u"deep", &value, NULL));
    assert_int_equal(value.vt, VT_UNKNOWN);
    OK(IUnknown_QueryInterface(value.punkVal, &IID_IPropertyBag, (void **)&inner));
    VariantClear(&value);
    EXPECT_TEXT(inner,
                which ? "{\n  \"list\": [\"a\", \"b\"],\n  \"x\": 1,\n  \"inner\": {\n    \"y\": \"two\"\n  }\n}\n"
                      : "{\n  \"x\": 1,\n  \"inner\": {\n    \"y\": \"two\"\n  },\n  \"list\": [\"a\", \"b\"]\n}\n");
    OK(write_text(inner, u"x", u"changed"));
    IPropertyBag_Release(inner);
    value.vt = VT_EMPTY;
    OK(IPropertyBag_Read(bag, u"deep", &value, NULL)); /* the same bag */
    OK(IUnknown_QueryInterface(value.punkVal, &IID_IPropertyBag2, (void **)&second));
    VariantClear(&value);
    OK(IPropertyBag2_CountProperties(second, &count));
    assert_int_equal(count, 3);
    PROPBAG2 properties[4];
    VARIANT values[4];
    HRESULT errors[4];
    OK(IPropertyBag2_GetPropertyInfo(second, 0, 4, properties, &count));
    assert_int_equal(count, 3);
    unsigned objects = 0;
    for (ULONG i = 0; i < count; i++) {
      objects += properties[i].dwType == PROPBAG2_TYPE_OBJECT;
      properties[i].vt = VT_EMPTY;
    }
    assert_int_equal(objects, 1);
    properties[3] = (PROPBAG2){ .pstrName = (LPOLESTR)u"none" };
    IS(IPropertyBag2_Read(second, 4, properties, NULL, values, errors), E_INVALIDARG);
    for (ULONG i = 0; i < 4; i++) {
      assert_int_equal(errors[i], i == 3 ? E_INVALIDARG : S_OK);
      VariantClear(&values[i]);
      if (i < 3)
        CoTaskMemFree(properties[i].pstrName);
    }
    IPropertyBag2_Release(second);
    OK(write_text(bag, u"deep", u"no more a bag"));
    value.vt = VT_BSTR;
    OK(IPropertyBag_Read(bag, u"deep", &value, NULL));
    assert_int_equal(SysStringLen(value.bstrVal), 13);
    VariantClear(&value);
    IPropertyBag_Release(source);
    IPropertyBag_Release(bag);
  }
}

static void bytes_and_lists(void **state) {
  (void)state;
  for (int which = 0; which < 2; which++) {
    IPropertyBag *bag = which ? registry() : json(NULL);
    SAFEARRAY *array = SafeArrayCreateVector(VT_UI1, 0, 3);
    VARIANT value = { .vt = VT_ARRAY | VT_UI1, .parray = array };

    memcpy(array->pvData, "\0\1\xFF", 3);
    OK(IPropertyBag_Write(bag, u"bytes", &value));
    VariantClear(&value);
    value.vt = VT_ARRAY | VT_UI1;
    value.parray = NULL;
    OK(IPropertyBag_Read(bag, u"bytes", &value, NULL));
    assert_int_equal(value.vt, VT_ARRAY | VT_UI1);
    assert_memory_equal(value.parray->pvData, "\0\1\xFF", 3);
    VariantClear(&value);
    IPropertyBag_Release(bag);
  }
  IPropertyBag *bag = json("{\"list\":[1,2,3],\"mixed\":[1,\"x\"]}");
  VARIANT value = { .vt = VT_ARRAY | VT_I4 };
  OK(IPropertyBag_Read(bag, u"list", &value, NULL));
  assert_int_equal(((LONG *)value.parray->pvData)[2], 3);
  VariantClear(&value);
  value.vt = VT_ARRAY | VT_I4;
  IS(IPropertyBag_Read(bag, u"mixed", &value, NULL), DISP_E_TYPEMISMATCH);
  assert_int_equal(value.vt, VT_ARRAY | VT_I4);
  value.vt = VT_EMPTY;
  IS(IPropertyBag_Read(bag, u"LIST", &value, NULL), E_INVALIDARG);
  IS(IPropertyBag_Read(bag, NULL, &value, NULL), E_POINTER);
  IS(IPropertyBag_Write(bag, u"x", NULL), E_POINTER);
  value = (VARIANT){ .vt = VT_R8, .dblVal = NAN };
  OK(IPropertyBag_Write(bag, u"not a number", &value));
  char *text;
  IS(oleander_property_bag_json_text((IUnknown *)bag, &text), DISP_E_TYPEMISMATCH);
  IPropertyBag_Release(bag);
  OK(oleander_property_bag_registry(NULL, KEY, &bag)); /* only to be read */
  IS(write_text(bag, u"x", u"y"), E_ACCESSDENIED);
  IPropertyBag_Release(bag);
}

/* An object that lasts, in C. */
typedef struct Point {
  IPersistPropertyBag persist;
  OleanderUnknown object;
  LONG x, y;
} Point;

OLEANDER_UNKNOWN_FACE(Point, persist, IPersistPropertyBag)

static Point *point_of(IPersistPropertyBag *face) {
  return OLEANDER_SELF(face, Point, persist);
}

static HRESULT STDMETHODCALLTYPE Point_GetClassID(IPersistPropertyBag *face, CLSID *clsid) {
  (void)face;
  *clsid = IID_IPersist;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_InitNew(IPersistPropertyBag *face) {
  (void)face;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_Load(IPersistPropertyBag *face, IPropertyBag *bag, IErrorLog *log) {
  VARIANT x = { .vt = VT_I4 }, y = { .vt = VT_I4 };
  HRESULT status = IPropertyBag_Read(bag, u"x", &x, log);

  if (SUCCEEDED(status))
    status = IPropertyBag_Read(bag, u"y", &y, log);
  if (FAILED(status))
    return status;
  point_of(face)->x = x.lVal;
  point_of(face)->y = y.lVal;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_Save(IPersistPropertyBag *face, IPropertyBag *bag, BOOL clear, BOOL all) {
  VARIANT x = { .vt = VT_I4, .lVal = point_of(face)->x }, y = { .vt = VT_I4, .lVal = point_of(face)->y };
  HRESULT status = IPropertyBag_Write(bag, u"x", &x);

  (void)clear;
  (void)all;
  return SUCCEEDED(status) ? IPropertyBag_Write(bag, u"y", &y) : status;
}

static const IPersistPropertyBagVtbl point_vtable = {
  OLEANDER_FACE_SLOTS(Point, persist), Point_GetClassID, Point_InitNew, Point_Load, Point_Save,
};
static const OleanderFace point_faces[] = { { &IID_IPersistPropertyBag, offsetof(Point, persist), &point_vtable },
                                            { 0 } };
static const OleanderType point_type = { "Point", sizeof(Point), offsetof(Point, object), point_faces, NULL, NULL };

static void objects_in_bags(void **state) {
  (void)state;
  for (int which = 0; which < 2; which++) {
    IPropertyBag *bag = which ? registry() : json(NULL);
    Point *point = oleander_unknown_create(&point_type, NULL);
    VARIANT value = { .vt = VT_UNKNOWN, .punkVal = (IUnknown *)&point->persist };
    IPropertyBag2 *second;

    point->x = 3;
    point->y = 4;
    OK(IPropertyBag_Write(bag, u"point", &value));
    point->x = point->y = 0;
    OK(IPropertyBag_Read(bag, u"point", &value, NULL)); /* into the object that is there */
    assert_int_equal(point->x * 10 + point->y, 34);
    assert_ptr_equal(value.punkVal, &point->persist);
    point->x = 0;
    OK(IPropertyBag_QueryInterface(bag, &IID_IPropertyBag2, (void **)&second));
    OK(IPropertyBag2_LoadObject(second, u"point", 0, (IUnknown *)&point->persist, NULL));
    assert_int_equal(point->x, 3);
    IS(IPropertyBag2_LoadObject(second, u"none", 0, (IUnknown *)&point->persist, NULL), E_INVALIDARG);
    IPropertyBag2_Release(second);
    if (!which)
      EXPECT_TEXT(bag, "{\n  \"point\": {\n    \"x\": 3,\n    \"y\": 4\n  }\n}\n");
    IPersistPropertyBag_Release(&point->persist);
    IPropertyBag_Release(bag);
  }
}

static int there_and_back(void *context) {
  static const char text[] = "{\"a\":[1,\"x\",{\"b\":2}],\"c\":{\"d\":1.5}}";
  IPropertyBag *bag = NULL;
  char *again = NULL;
  HRESULT status = oleander_property_bag_json(text, &bag);

  (void)context;
  if (SUCCEEDED(status))
    status = oleander_property_bag_json_text((IUnknown *)bag, &again);
  CoTaskMemFree(again);
  if (bag)
    IPropertyBag_Release(bag);
  return status == S_OK || status == E_OUTOFMEMORY ? 0 : 1;
}

static void memory_may_run_out(void **state) {
  (void)state;
  faults_each(there_and_back, NULL);
}

static int begin(void **state) {
  (void)state;
  scratch_make();
  setenv("OLEANDER_CLASSES", scratch_path("classes"), 1);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(texts_there_and_back), cmocka_unit_test(texts_that_are_none),
    cmocka_unit_test(values_of_all_types),  cmocka_unit_test(bags_in_bags),
    cmocka_unit_test(bytes_and_lists),      cmocka_unit_test(objects_in_bags),
    cmocka_unit_test(memory_may_run_out),
  };

  return cmocka_run_group_tests(tests, begin, scratch_end);
}
