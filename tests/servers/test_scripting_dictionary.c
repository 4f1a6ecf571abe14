/* Scripting.Dictionary, with expectations from its documentation. */
#include "servers/scripting_support.h"
#include "support/faults.h"

#include <math.h>
#include <pthread.h>

static int setup(void **state) {
  *state = make_dictionary();
  return 0;
}

static int teardown(void **state) {
  IDictionary_Release((IDictionary *)*state);
  texts_free();
  return 0;
}

static HRESULT add(IDictionary *dictionary, VARIANT key, VARIANT item) {
  return IDictionary_Add(dictionary, &key, &item);
}

static HRESULT put(IDictionary *dictionary, VARIANT key, VARIANT item) {
  return IDictionary_put_Item(dictionary, &key, &item);
}

static const char *get(IDictionary *dictionary, VARIANT key) {
  VARIANT item;

  assert_hr(S_OK, IDictionary_get_Item(dictionary, &key, &item));
  return shown(item);
}

static bool has(IDictionary *dictionary, VARIANT key) {
  VARIANT_BOOL exists = 7;

  assert_hr(S_OK, IDictionary_Exists(dictionary, &key, &exists));
  assert_true(exists == VARIANT_TRUE || exists == VARIANT_FALSE);
  return exists == VARIANT_TRUE;
}

static int count(IDictionary *dictionary) {
  LONG number = -1;

  assert_hr(S_OK, IDictionary_get_Count(dictionary, &number));
  return number;
}

/* "k1,k2,..." of an array of VARIANTs from 0. */
static const char *joined(VARIANT array) {
  static char out[8192];
  LONG low, high, i;
  VARIANT value;

  assert_int_equal(VT_ARRAY | VT_VARIANT, V_VT(&array));
  assert_hr(S_OK, SafeArrayGetLBound(V_ARRAY(&array), 1, &low));
  assert_hr(S_OK, SafeArrayGetUBound(V_ARRAY(&array), 1, &high));
  assert_int_equal(0, low);
  *out = 0;
  for (i = low; i <= high; i++) {
    assert_hr(S_OK, SafeArrayGetElement(V_ARRAY(&array), &i, &value));
    strcat(out, i > low ? "," : "");
    strcat(out, shown(value));
  }
  VariantClear(&array);
  return out;
}

static const char *keys(IDictionary *dictionary) {
  VARIANT array;

  assert_hr(S_OK, IDictionary_Keys(dictionary, &array));
  return joined(array);
}

static const char *items(IDictionary *dictionary) {
  VARIANT array;

  assert_hr(S_OK, IDictionary_Items(dictionary, &array));
  return joined(array);
}

static void test_add_get_count(void **state) {
  IDictionary *d = *state;

  assert_int_equal(0, count(d));
  assert_hr(S_OK, add(d, v_text("a"), v_i4(1)));
  assert_hr(S_OK, add(d, v_text("b"), v_text("two")));
  assert_int_equal(2, count(d));
  assert_string_equal("i4 1", get(d, v_text("a")));
  assert_string_equal("str two", get(d, v_text("b")));
  assert_true(has(d, v_text("a")));
  assert_false(has(d, v_text("A")));
  assert_hr(0x800A01C9, add(d, v_text("a"), v_i4(2)));
  assert_string_equal("This key is already associated with an element of this collection", error_text());
  assert_string_equal("i4 1", get(d, v_text("a")));
}

static void test_item_of_unknown_key(void **state) {
  IDictionary *d = *state;

  assert_string_equal("empty", get(d, v_text("x")));
  assert_int_equal(1, count(d));
  assert_true(has(d, v_text("x")));
  assert_hr(S_OK, put(d, v_text("y"), v_i4(5)));
  assert_string_equal("i4 5", get(d, v_text("y")));
  assert_hr(S_OK, put(d, v_text("y"), v_i4(6)));
  assert_string_equal("i4 6", get(d, v_text("y")));
  assert_int_equal(2, count(d));
}

static void test_order_of_keys_and_items(void **state) {
  IDictionary *d = *state;
  VARIANT key = v_text("b");

  assert_string_equal("", keys(d));
  add(d, v_text("a"), v_i4(1));
  add(d, v_text("b"), v_i4(2));
  add(d, v_text("c"), v_i4(3));
  assert_string_equal("str a,str b,str c", keys(d));
  assert_string_equal("i4 1,i4 2,i4 3", items(d));
  assert_hr(S_OK, IDictionary_Remove(d, &key));
  assert_string_equal("str a,str c", keys(d));
  add(d, v_text("b"), v_i4(4));
  assert_string_equal("str a,str c,str b", keys(d));
  assert_string_equal("i4 1,i4 3,i4 4", items(d));
}

static void test_remove(void **state) {
  IDictionary *d = *state;
  VARIANT key = v_text("a");

  add(d, key, v_i4(1));
  assert_hr(S_OK, IDictionary_Remove(d, &key));
  assert_int_equal(0, count(d));
  assert_hr(0x800A802B, IDictionary_Remove(d, &key));
  assert_string_equal("Element not found", error_text());
  add(d, key, v_i4(1));
  add(d, v_text("b"), v_i4(1));
  assert_hr(S_OK, IDictionary_RemoveAll(d));
  assert_int_equal(0, count(d));
  assert_hr(S_OK, IDictionary_RemoveAll(d));
}

static void test_change_of_a_key(void **state) {
  IDictionary *d = *state;
  VARIANT a = v_text("a"), b = v_text("b"), c = v_text("c"), five = v_i4(5);

  add(d, a, v_i4(1));
  add(d, b, v_i4(2));
  assert_hr(S_OK, IDictionary_put_Key(d, &a, &c));
  assert_string_equal("str c,str b", keys(d));
  assert_string_equal("i4 1", get(d, c));
  assert_false(has(d, a));
  assert_hr(0x800A01C9, IDictionary_put_Key(d, &c, &b));
  assert_hr(0x800A802B, IDictionary_put_Key(d, &a, &five));
  assert_hr(S_OK, IDictionary_put_Key(d, &c, &five));
  assert_string_equal("i4 5,str b", keys(d));
  assert_string_equal("i4 1,i4 2", items(d));
}

static void test_equal_numbers_are_one_key(void **state) {
  IDictionary *d = *state;
  const struct {
    VARIANT first, second;
    bool same;
  } cases[] = {
    { v_i2(5), v_i4(5), true },
    { v_i4(5), v_r8(5.0), true },
    { v_r4(0.5f), v_r8(0.5), true },
    { v_r8(5.5), v_i4(5), false },
    { v_i8(5), v_ui8(5), true },
    { v_cy(50000), v_i2(5), true },
    { v_cy(55000), v_r8(5.5), true },
    { v_decimal(5, 0, false), v_i4(5), true },
    { v_decimal(500, 2, false), v_i4(5), true },
    { v_decimal(55, 1, true), v_r8(-5.5), true },
    { v_decimal(0, 3, true), v_i4(0), true },
    { v_date(36526.0), v_i4(36526), true },
    { v_bool(true), v_i4(-1), true },
    { v_bool(false), v_i2(0), true },
    { v_r8(-0.0), v_r8(0.0), true },
    { v_i8(9007199254740993), v_r8(9007199254740992.0), false }, /* a double cannot tell, the integer can */
    { v_i8(-1), v_ui8(UINT64_MAX), false },
    { v_ui8(UINT64_MAX), v_r8(18446744073709551616.0), false },
    { v_i8(INT64_MIN), v_r8(-9223372036854775808.0), true },
    { v_i4(5), v_text("5"), false },
    { v_text(""), v_i4(0), false },
    { v_i4(0), v_empty(), true },
    { v_empty(), v_i4(0), true },
    { v_empty(), v_bool(false), true },
    { v_empty(), v_date(0), true },
    { v_cy(0), v_empty(), true },
    { v_empty(), v_i4(1), false },
    { v_text(""), v_empty(), true },
    { v_empty(), v_text(""), true },
    { v_empty(), v_text("0"), false },
    { v_empty(), v_null(), false },
    { v_text(""), v_null(), false },
    { v_i4(0), v_null(), false },
    { v_r4(0.1f), v_r8(0.1), true }, /* beside a Single: in single precision */
    { v_r8(0.1), v_r4(0.1f), true },
    { v_r8(12345.6789101112), v_r4(12345.6789101112f), true },
    { v_i4(16777217), v_r4(16777216.0f), true },
    { v_r8(0.1), v_r8((double)0.1f), false },
    { v_r4(0.1f), v_r8(0.1001), false },
    { v_r4(1.5f), v_r8(1.5), true },
    { v_empty(), v_empty(), true },
    { v_null(), v_null(), true },
  };
  size_t i;

  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    IDictionary_RemoveAll(d);
    assert_hr(S_OK, add(d, cases[i].first, v_i4((int)i)));
    if (has(d, cases[i].second) != cases[i].same)
      fail_msg("case %zu", i);
    assert_hr(cases[i].same ? 0x800A01C9 : S_OK, add(d, cases[i].second, v_empty()));
  }
}

static void test_keys_keep_their_type(void **state) {
  IDictionary *d = *state;

  add(d, v_i2(1), v_empty());
  add(d, v_r8(2), v_empty());
  add(d, v_bool(true), v_empty());
  assert_string_equal("i2 1,r8 2,true", keys(d));
}

static void test_keys_by_reference(void **state) {
  IDictionary *d = *state;
  VARIANT inner = v_text("k"), by_reference = v_empty(), key = v_text("k");
  LONG number = 7;

  V_VT(&by_reference) = VT_BYREF | VT_VARIANT;
  V_VARIANTREF(&by_reference) = &inner;
  assert_hr(S_OK, add(d, by_reference, v_i4(1)));
  assert_true(has(d, key));
  assert_string_equal("str k", keys(d));
  V_VT(&by_reference) = VT_BYREF | VT_I4;
  V_I4REF(&by_reference) = &number;
  assert_hr(S_OK, put(d, v_text("item"), by_reference));
  number = 8;
  assert_string_equal("i4 7", get(d, v_text("item")));
  assert_false(has(d, by_reference));
  assert_hr(S_OK, put(d, v_i4(8), v_empty()));
  assert_true(has(d, by_reference));
}

static void test_objects_are_keys_by_identity(void **state) {
  IDictionary *d = *state, *one = make_dictionary(), *two = make_dictionary();
  IUnknown *unknown = NULL;
  VARIANT other;

  assert_hr(S_OK, add(d, v_object(one), v_i4(1)));
  assert_true(has(d, v_object(one)));
  assert_false(has(d, v_object(two)));
  IDictionary_QueryInterface(one, &IID_IUnknown, (void **)&unknown);
  other = v_object(unknown);
  V_VT(&other) = VT_UNKNOWN;
  assert_true(has(d, other));
  IUnknown_Release(unknown);
  assert_false(has(d, v_object(NULL)));
  assert_hr(S_OK, add(d, v_object(NULL), v_i4(2)));
  assert_string_equal("i4 2", get(d, v_object(NULL)));
  assert_int_equal(0, IDictionary_Release(two));
  assert_int_not_equal(0, IDictionary_Release(one)); /* the dictionary holds it */
}

static void test_items_may_be_objects(void **state) {
  IDictionary *d = *state, *object = make_dictionary();
  VARIANT key = v_text("o"), item = v_object(object), got;

  assert_hr(S_OK, IDictionary_putref_Item(d, &key, &item));
  assert_hr(S_OK, IDictionary_get_Item(d, &key, &got));
  assert_int_equal(VT_DISPATCH, V_VT(&got));
  assert_ptr_equal(object, V_DISPATCH(&got));
  VariantClear(&got);
  assert_hr(S_OK, put(d, v_text("p"), item));
  assert_int_equal(2, (IDictionary_AddRef(object), IDictionary_Release(object)) - 1);
  IDictionary_RemoveAll(d);
  assert_int_equal(0, IDictionary_Release(object));
}

static void test_arrays_are_no_keys(void **state) {
  IDictionary *d = *state;
  VARIANT array = v_empty(), result;
  VARIANT_BOOL exists;

  V_VT(&array) = VT_ARRAY | VT_VARIANT;
  V_ARRAY(&array) = SafeArrayCreateVector(VT_VARIANT, 0, 1);
  assert_hr(0x800A0005, add(d, array, v_i4(1)));
  assert_string_equal("Invalid procedure call or argument", error_text());
  assert_hr(0x800A0005, put(d, array, v_i4(1)));
  assert_hr(0x800A0005, IDictionary_get_Item(d, &array, &result));
  assert_hr(0x800A0005, IDictionary_Exists(d, &array, &exists));
  assert_hr(0x800A0005, IDictionary_Remove(d, &array));
  assert_int_equal(0, count(d));
  assert_hr(S_OK, add(d, v_text("item"), array)); /* as an item it is welcome */
  VariantClear(&array);
}

static void test_compare_mode(void **state) {
  IDictionary *d = *state;
  const struct {
    LONG mode;
    const char *first, *second;
    bool same;
  } cases[] = {
    { 0, "abc", "ABC", false }, { 1, "abc", "ABC", true }, { 1, "ÄÖ", "äö", true },
    { 1, "a", "ä", false },     { 2, "abc", "ABC", true }, { 1033, "Maße", "MASSE", true },
    { 1, "İ", "i", false },     { 1055, "I", "i", false }, { 1055, "I", "ı", true },
    { 1055, "İ", "i", true },   { 1033, "I", "i", true },  { 1, "Δέλτα", "ΔΈΛΤΑ", true },
    { 0, "a", "a", true },
  };
  CompareMethod mode = 9;
  size_t i;

  assert_hr(S_OK, IDictionary_get_CompareMode(d, &mode));
  assert_int_equal(0, mode);
  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    IDictionary_RemoveAll(d);
    assert_hr(S_OK, IDictionary_put_CompareMode(d, (CompareMethod)cases[i].mode));
    assert_hr(S_OK, add(d, v_text(cases[i].first), v_empty()));
    if (has(d, v_text(cases[i].second)) != cases[i].same)
      fail_msg("mode %d: %s, %s", cases[i].mode, cases[i].first, cases[i].second);
  }
}

static void test_compare_mode_is_fixed_once_filled(void **state) {
  IDictionary *d = *state;
  CompareMethod mode = 9;

  add(d, v_text("a"), v_empty());
  assert_hr(0x800A0005, IDictionary_put_CompareMode(d, TextCompare));
  assert_hr(S_OK, IDictionary_get_CompareMode(d, &mode));
  assert_int_equal(BinaryCompare, mode);
  IDictionary_RemoveAll(d);
  assert_hr(S_OK, IDictionary_put_CompareMode(d, TextCompare));
  assert_hr(0x800A0005, IDictionary_put_CompareMode(d, (CompareMethod)-1));
  assert_hr(S_OK, IDictionary_get_CompareMode(d, &mode));
  assert_int_equal(TextCompare, mode);
}

static void test_texts_with_zeros_and_surrogates(void **state) {
  IDictionary *d = *state;
  BSTR one = SysAllocStringLen(u"a\0b", 3), two = SysAllocStringLen(u"a\0c", 3);
  VARIANT key = v_empty();

  V_VT(&key) = VT_BSTR;
  V_BSTR(&key) = one;
  assert_hr(S_OK, add(d, key, v_i4(1)));
  V_BSTR(&key) = two;
  assert_false(has(d, key));
  V_BSTR(&key) = NULL; /* a null BSTR is the empty text */
  assert_hr(S_OK, add(d, key, v_i4(2)));
  assert_true(has(d, v_text("")));
  SysFreeString(one);
  SysFreeString(two);
}

static IEnumVARIANT *enumerate(IDictionary *d) {
  IUnknown *unknown = NULL;
  IEnumVARIANT *values = NULL;

  assert_hr(S_OK, IDictionary__NewEnum(d, &unknown));
  assert_hr(S_OK, IUnknown_QueryInterface(unknown, &IID_IEnumVARIANT, (void **)&values));
  IUnknown_Release(unknown);
  return values;
}

static const char *next(IEnumVARIANT *values) {
  ULONG fetched = 9;
  VARIANT value;
  HRESULT hr = IEnumVARIANT_Next(values, 1, &value, &fetched);

  assert_int_equal(hr == S_OK ? 1 : 0, fetched);
  return hr == S_OK ? shown(value) : "end";
}

static void test_enumerator(void **state) {
  IDictionary *d = *state;
  IEnumVARIANT *values, *clone;
  VARIANT three[3];
  ULONG fetched;

  add(d, v_text("a"), v_i4(1));
  add(d, v_text("b"), v_i4(2));
  values = enumerate(d);
  assert_string_equal("str a", next(values));
  assert_hr(S_OK, IEnumVARIANT_Clone(values, &clone));
  assert_string_equal("str b", next(clone));
  assert_string_equal("end", next(clone));
  IEnumVARIANT_Release(clone);
  assert_hr(S_OK, IEnumVARIANT_Reset(values));
  assert_hr(S_OK, IEnumVARIANT_Skip(values, 1));
  assert_hr(S_FALSE, IEnumVARIANT_Next(values, 3, three, &fetched));
  assert_int_equal(1, fetched);
  assert_string_equal("str b", shown(three[0]));
  assert_hr(S_FALSE, IEnumVARIANT_Skip(values, 1));
  assert_hr(S_OK, IEnumVARIANT_Next(values, 0, NULL, NULL));
  IEnumVARIANT_Release(values);
}

static void test_enumerator_survives_changes(void **state) {
  IDictionary *d = *state;
  IEnumVARIANT *values;
  VARIANT key;
  char name[16];
  int i;

  for (i = 0; i < 6; i++) {
    snprintf(name, sizeof name, "%d", i);
    add(d, v_text(name), v_i4(i));
  }
  values = enumerate(d);
  assert_string_equal("str 0", next(values));
  key = v_text("0");
  IDictionary_Remove(d, &key); /* the one that was just given */
  key = v_text("2");
  IDictionary_Remove(d, &key); /* one that was to come */
  assert_string_equal("str 1", next(values));
  for (i = 100; i < 200; i++) { /* the table grows and moves */
    snprintf(name, sizeof name, "%d", i);
    add(d, v_text(name), v_i4(i));
  }
  assert_string_equal("str 3", next(values));
  IDictionary_RemoveAll(d);
  assert_string_equal("end", next(values));
  add(d, v_text("late"), v_empty());
  assert_string_equal("end", next(values)); /* what has said its end stays there */
  assert_hr(S_OK, IEnumVARIANT_Reset(values));
  assert_string_equal("str late", next(values));
  assert_string_equal("end", next(values));
  IEnumVARIANT_Release(values);
}

/* Empty meets "" and 0, which are two keys: the older one answers. */
static void test_empty_meets_the_older_key(void **state) {
  IDictionary *d = *state;
  VARIANT key;

  assert_hr(S_OK, add(d, v_i4(0), v_text("number")));
  assert_hr(S_OK, add(d, v_text(""), v_text("text")));
  assert_string_equal("str number", get(d, v_empty()));
  key = v_i4(0);
  assert_hr(S_OK, IDictionary_Remove(d, &key));
  assert_string_equal("str text", get(d, v_empty()));
  key = v_empty();
  assert_hr(S_OK, IDictionary_Remove(d, &key));
  assert_int_equal(0, count(d));
  /* The keys of a Single are counted through every change. */
  VARIANT single = v_r4(0.1f), fine = v_r8(0.1), other = v_text("x");
  assert_hr(S_OK, add(d, single, v_i4(1)));
  assert_true(has(d, fine));
  assert_hr(S_OK, IDictionary_put_Key(d, &fine, &other));
  assert_false(has(d, fine));
  assert_hr(S_OK, IDictionary_put_Key(d, &other, &fine));
  assert_true(has(d, single));
  assert_hr(S_OK, IDictionary_Remove(d, &single));
  assert_int_equal(0, count(d));
}

/* NaN of every type is no key. */
static void test_no_number_is_no_key(void **state) {
  IDictionary *d = *state;
  VARIANT cases[] = { v_r4(NAN), v_r8(NAN), v_date(NAN), v_r8(-NAN) }, result,
          endless[] = { v_r8(INFINITY), v_r4(-INFINITY) };
  size_t i;

  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_hr(0x800A0005, add(d, cases[i], v_empty()));
    assert_hr(0x800A0005, IDictionary_get_HashVal(d, &cases[i], &result));
    assert_int_equal(VT_I4, V_VT(&result));
    assert_int_equal(-1, V_I4(&result));
    VARIANT reference;
    V_VT(&reference) = VT_BYREF | VT_VARIANT;
    V_VARIANTREF(&reference) = &cases[i];
    assert_hr(0x800A0005, IDictionary_get_HashVal(d, &reference, &result));
    assert_int_equal(-1, V_I4(&result));
  }
  for (i = 0; i < sizeof endless / sizeof *endless; i++) {
    assert_hr(S_OK, IDictionary_get_HashVal(d, &endless[i], &result));
    assert_int_equal(0, V_I4(&result));
  }
  assert_int_equal(0, count(d));
}

static void test_enumerator_outlives_its_dictionary(void **state) {
  IDictionary *d = make_dictionary();
  IEnumVARIANT *values;

  (void)state;
  add(d, v_text("a"), v_i4(1));
  values = enumerate(d);
  IDictionary_Release(d);
  assert_string_equal("str a", next(values));
  IEnumVARIANT_Release(values);
}

static void test_hash_value(void **state) {
  IDictionary *d = *state;
  VARIANT one = v_i4(5), two = v_r8(5.0), a = v_text("a"), result, other;

  assert_hr(S_OK, IDictionary_get_HashVal(d, &one, &result));
  assert_hr(S_OK, IDictionary_get_HashVal(d, &two, &other));
  assert_int_equal(VT_I4, V_VT(&result));
  assert_int_equal(V_I4(&result), V_I4(&other));
  assert_hr(S_OK, IDictionary_get_HashVal(d, &a, &result));
  assert_int_equal('a', V_I4(&result));
  assert_true(V_I4(&result) >= 0 && V_I4(&result) < 1201);
}

static void test_many(void **state) {
  IDictionary *d = *state;
  const int many = 100000;
  VARIANT key;
  int i;

  for (i = 0; i < many; i++)
    assert_hr(S_OK, add(d, v_i4(i * 7), v_i4(i)));
  for (i = 0; i < many; i += 2) {
    key = v_i4(i * 7);
    assert_hr(S_OK, IDictionary_Remove(d, &key));
  }
  assert_int_equal(many / 2, count(d));
  for (i = 0; i < many; i++)
    assert_int_equal(i % 2, has(d, v_i4(i * 7)));
  for (i = 0; i < many; i += 2)
    assert_hr(S_OK, put(d, v_i4(i * 7), v_i4(i)));
  assert_int_equal(many, count(d));
}

static void test_null_pointers(void **state) {
  IDictionary *d = *state;
  VARIANT key = v_i4(1);

  assert_hr(E_POINTER, IDictionary_Add(d, NULL, &key));
  assert_hr(E_POINTER, IDictionary_Add(d, &key, NULL));
  assert_hr(E_POINTER, IDictionary_get_Item(d, &key, NULL));
  assert_hr(E_POINTER, IDictionary_get_Count(d, NULL));
  assert_hr(0x800A0005, IDictionary_Exists(d, &key, NULL));
  assert_hr(S_OK, IDictionary_Keys(d, NULL));
  assert_hr(S_OK, IDictionary_Items(d, NULL));
  assert_hr(E_POINTER, IDictionary__NewEnum(d, NULL));
  assert_hr(E_POINTER, IDictionary_QueryInterface(d, &IID_IUnknown, NULL));
}

/* Releasing an item calls back into the dictionary: it must not be locked then. */
static void test_release_of_an_item_may_call_back(void **state) {
  IDictionary *d = *state, *inner = make_dictionary();

  assert_hr(S_OK, put(inner, v_text("self"), v_object(inner)));
  assert_hr(S_OK, put(d, v_text("inner"), v_object(inner)));
  assert_hr(S_OK, put(d, v_text("inner"), v_i4(1)));
  assert_hr(S_OK, IDictionary_RemoveAll(inner));
  assert_int_equal(0, IDictionary_Release(inner));
}

static void *hammer(void *context) {
  IDictionary *d = context;
  VARIANT key, item, result;
  VARIANT_BOOL exists;
  HRESULT hr = S_OK;
  int i;

  for (i = 0; i < 20000 && SUCCEEDED(hr); i++) {
    key = v_i4(i % 50);
    item = v_i4(i);
    hr = IDictionary_put_Item(d, &key, &item);
    if (SUCCEEDED(hr))
      hr = IDictionary_Exists(d, &key, &exists);
    if (SUCCEEDED(hr) && i % 7 == 0 && IDictionary_Remove(d, &key) == RUNTIME_INVALID_CALL)
      hr = E_UNEXPECTED;
    if (SUCCEEDED(hr) && i % 1000 == 0) {
      hr = IDictionary_Keys(d, &result);
      VariantClear(&result);
    }
    if (i % 5000 == 0)
      IDictionary_RemoveAll(d);
  }
  SetErrorInfo(0, NULL);
  return SUCCEEDED(hr) ? NULL : context;
}

static void test_several_threads(void **state) {
  pthread_t threads[4];
  void *failed;
  int i;

  for (i = 0; i < 4; i++)
    assert_int_equal(0, pthread_create(&threads[i], NULL, hammer, *state));
  for (i = 0; i < 4; i++) {
    assert_int_equal(0, pthread_join(threads[i], &failed));
    assert_null(failed);
  }
  assert_true(count(*state) <= 50);
}

/* What failed for want of memory changed nothing, and the rest goes on. */
static int fill(void *context) {
  VARIANT *texts = context, key, item;
  IDictionary *d;
  HRESULT hr;
  void *made;
  LONG before = 0, after;
  int i;

  hr = oleander_object_create(&dictionary_class, NULL, &made);
  if (FAILED(hr))
    return hr != E_OUTOFMEMORY;
  d = made; /* its first member */
  IDictionary_put_CompareMode(d, TextCompare);
  for (i = 0; i < 24 && SUCCEEDED(hr); i++) {
    key = i % 2 ? v_i4(i) : texts[i / 2];
    IDictionary_get_Count(d, &before);
    hr = IDictionary_Add(d, &key, &texts[0]);
    IDictionary_get_Count(d, &after);
    if (after != before + SUCCEEDED(hr))
      hr = E_UNEXPECTED;
  }
  if (SUCCEEDED(hr))
    hr = IDictionary_put_Key(d, &texts[0], &texts[12]);
  if (SUCCEEDED(hr))
    hr = IDictionary_get_Item(d, &texts[12], &item);
  if (SUCCEEDED(hr)) {
    VariantClear(&item);
    hr = IDictionary_Keys(d, &item);
  }
  if (SUCCEEDED(hr))
    VariantClear(&item);
  IDictionary_Release(d);
  return SUCCEEDED(hr) || hr == E_OUTOFMEMORY ? 0 : 1;
}

static void test_out_of_memory(void **state) {
  VARIANT keys_of[13];
  char name[24];
  int i;

  (void)state;
  for (i = 0; i < 13; i++) {
    snprintf(name, sizeof name, "Key Ö %d", i);
    keys_of[i] = v_text(name);
  }
  faults_each(fill, keys_of);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_add_get_count, setup, teardown),
    cmocka_unit_test_setup_teardown(test_item_of_unknown_key, setup, teardown),
    cmocka_unit_test_setup_teardown(test_order_of_keys_and_items, setup, teardown),
    cmocka_unit_test_setup_teardown(test_remove, setup, teardown),
    cmocka_unit_test_setup_teardown(test_change_of_a_key, setup, teardown),
    cmocka_unit_test_setup_teardown(test_equal_numbers_are_one_key, setup, teardown),
    cmocka_unit_test_setup_teardown(test_keys_keep_their_type, setup, teardown),
    cmocka_unit_test_setup_teardown(test_keys_by_reference, setup, teardown),
    cmocka_unit_test_setup_teardown(test_objects_are_keys_by_identity, setup, teardown),
    cmocka_unit_test_setup_teardown(test_items_may_be_objects, setup, teardown),
    cmocka_unit_test_setup_teardown(test_arrays_are_no_keys, setup, teardown),
    cmocka_unit_test_setup_teardown(test_compare_mode, setup, teardown),
    cmocka_unit_test_setup_teardown(test_compare_mode_is_fixed_once_filled, setup, teardown),
    cmocka_unit_test_setup_teardown(test_texts_with_zeros_and_surrogates, setup, teardown),
    cmocka_unit_test_setup_teardown(test_enumerator, setup, teardown),
    cmocka_unit_test_setup_teardown(test_enumerator_survives_changes, setup, teardown),
    cmocka_unit_test_setup_teardown(test_empty_meets_the_older_key, setup, teardown),
    cmocka_unit_test_setup_teardown(test_no_number_is_no_key, setup, teardown),
    cmocka_unit_test_setup_teardown(test_enumerator_outlives_its_dictionary, setup, teardown),
    cmocka_unit_test_setup_teardown(test_hash_value, setup, teardown),
    cmocka_unit_test_setup_teardown(test_many, setup, teardown),
    cmocka_unit_test_setup_teardown(test_null_pointers, setup, teardown),
    cmocka_unit_test_setup_teardown(test_release_of_an_item_may_call_back, setup, teardown),
    cmocka_unit_test_setup_teardown(test_several_threads, setup, teardown),
    cmocka_unit_test_setup_teardown(test_out_of_memory, setup, teardown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
