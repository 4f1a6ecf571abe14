/* Every pair of VARTYPEs, with random values: VariantChangeType and all operators end, leave their operands alone, put
 * only what they promise into the result, and keep no reference. */
#include "support/values.h"

enum { EN_US = 0x0409, BASE_TYPES = VT_CLSID + 2, FLAG_SETS = 16, MARK = 1231 };

/* Random values, the same in every run */

static uint64_t random_state = 0x9E3779B97F4A7C15;

static uint64_t random_bits(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

static int64_t random_integer(void) {
  static const int64_t edges[] = { 0,         1,          -1,        7,          INT8_MIN,  UINT8_MAX,
                                   INT16_MIN, UINT16_MAX, INT32_MIN, UINT32_MAX, INT64_MIN, INT64_MAX };
  uint64_t bits = random_bits();
  return bits % 4 == 0 ? (int64_t)(random_bits() >> bits % 61) : edges[bits / 4 % COUNT_OF(edges)];
}

static double random_real(void) {
  static const double edges[] = { 0, -0.0, 0.5, -1, 1e-320, 1e38, 3.5e38, -1e308, 922337203685477.5, 2958466, -657435 };
  uint64_t bits = random_bits();
  double value;
  if (bits % 3 != 0) {
    return edges[bits / 3 % COUNT_OF(edges)];
  }
  bits = random_bits(); /* NaN and infinity too */
  memcpy(&value, &bits, sizeof value);
  return value;
}

static BSTR random_text(void) {
  static const OLECHAR *const texts[] = { u"",       u"0",    u"-1",     u"1.5",   u"1e999",  u"&HFFFFFFFF", u"True",
                                          u"#TRUE#", u"text", u"1/2/70", u"12:30", u"$1,000", u"(1" };
  uint64_t bits = random_bits();
  return bits % 16 == 0 ? NULL : SysAllocString(texts[bits / 16 % COUNT_OF(texts)]);
}

/* An object that answers with a random value, or not at all */

typedef struct Answerer {
  IDispatch dispatch;
  LONG references;
} Answerer;

static HRESULT STDMETHODCALLTYPE answerer_query(IDispatch *self, REFIID iid, void **object) {
  bool known = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IDispatch);
  *object = known ? self : NULL;
  ((Answerer *)self)->references += known;
  return known ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE answerer_addref(IDispatch *self) {
  return (ULONG)++((Answerer *)self)->references;
}

static ULONG STDMETHODCALLTYPE answerer_release(IDispatch *self) {
  return (ULONG)--((Answerer *)self)->references;
}

static HRESULT STDMETHODCALLTYPE answerer_invoke(IDispatch *self, DISPID id, REFIID iid, LCID lcid, WORD kind,
                                                 DISPPARAMS *parameters, VARIANT *result, EXCEPINFO *exception,
                                                 UINT *argument) {
  (void)id, (void)iid, (void)lcid, (void)kind, (void)parameters, (void)exception, (void)argument;
  switch (random_bits() % 6) {
  case 0:
    *result = I4(random_integer());
    return S_OK;
  case 1:
    *result = make_integer(VT_BSTR, 0);
    result->bstrVal = random_text();
    return S_OK;
  case 2:
    *result = UI4(random_integer());
    return S_OK;
  case 3:
    *result = make_integer(VT_DISPATCH, 0);
    result->pdispVal = self;
    self->lpVtbl->AddRef(self);
    return S_OK;
  case 4:
    *result = make_integer(VT_ERROR, 5);
    return S_OK;
  default:
    return DISP_E_MEMBERNOTFOUND;
  }
}

static const IDispatchVtbl answerer_vtable = {
  .QueryInterface = answerer_query, .AddRef = answerer_addref, .Release = answerer_release, .Invoke = answerer_invoke
};
static Answerer answerer = { { &answerer_vtable }, 1 };

/* Values of a type */

/* A value and what a reference in it refers to; both own what they hold. */
typedef struct Sample {
  VARIANT value;
  VARIANT referent;
} Sample;

static VARIANT plain_value(VARTYPE base) {
  VARIANT value = make_integer(base, random_integer());
  switch (base) {
  case VT_R4:
    value.fltVal = (float)random_real();
    break;
  case VT_R8:
  case VT_DATE:
    value.dblVal = random_real();
    break;
  case VT_DECIMAL:
    value = make_decimal(random_integer(), (int)(random_bits() % 32)); /* 29 and more are no scale */
    value.decVal.Hi32 = (ULONG)(random_bits() % 3 == 0 ? random_bits() : 0);
    break;
  case VT_BSTR:
    value.bstrVal = random_text();
    break;
  case VT_DISPATCH:
  case VT_UNKNOWN:
    value.pdispVal = random_bits() % 4 == 0 ? NULL : &answerer.dispatch;
    answerer.references += value.pdispVal != NULL;
    break;
  case VT_RECORD:
  case VT_LPSTR:
  case VT_LPWSTR:
    value.pvRecord = NULL;
    value.pRecInfo = NULL;
    break;
  default:
    break;
  }
  return value;
}

/* Flags make a reference or an array; those that mean neither go with junk, which nobody may look at. */
static Sample sample_of(VARTYPE vt) {
  VARTYPE base = vt & VT_TYPEMASK;
  Sample sample = { EMPTY, EMPTY };
  bool holder = base <= VT_UINT && base != VT_VARIANT;
  if (vt & VT_ARRAY) {
    sample.referent = make_integer(VT_ARRAY, 0);
    sample.referent.parray = random_bits() % 4 == 0 ? NULL : SafeArrayCreateVector(base, 0, 3);
    sample.referent.vt = sample.referent.parray ? (VARTYPE)(VT_ARRAY | base) : VT_EMPTY;
  } else if (vt & VT_BYREF) {
    sample.referent = holder ? plain_value(base) : I4(5);
  }
  if (vt & VT_BYREF) {
    sample.value.byref = base == VT_VARIANT && !(vt & VT_ARRAY) ? (void *)&sample.referent : &sample.referent.byref;
    if (base == VT_DECIMAL && !(vt & VT_ARRAY)) {
      sample.value.byref = &sample.referent;
    }
    if (random_bits() % 8 == 0) {
      sample.value.byref = NULL;
    }
  } else if (vt & VT_ARRAY) {
    sample.value.parray = sample.referent.parray;
  } else if ((vt & ~(VT_TYPEMASK | VT_RESERVED)) == 0 && (holder || base == VT_RECORD)) {
    sample.value = plain_value(base);
  } else {
    sample.value.llVal = random_integer();
  }
  sample.value.vt = vt;
  return sample;
}

/* A reference inside has to follow the sample to where it is kept. */
static void sample_make(Sample *sample, VARTYPE vt) {
  Sample made = sample_of(vt);
  *sample = made;
  if ((vt & VT_BYREF) && made.value.byref != NULL) {
    VARTYPE base = vt & VT_TYPEMASK;
    bool whole = (base == VT_VARIANT || base == VT_DECIMAL) && !(vt & VT_ARRAY);
    sample->value.byref = whole ? (void *)&sample->referent : &sample->referent.byref;
  }
}

static void sample_free(Sample *sample) {
  sample->value.vt &= (VARTYPE)~VT_RESERVED; /* which VarCmp alone allows */
  if ((sample->value.vt & ~VT_TYPEMASK) == 0 && sample->value.vt <= VT_UINT && sample->value.vt != VT_VARIANT) {
    VariantClear(&sample->value);
  }
  if (sample->referent.vt & VT_ARRAY) { /* of a type that no VARIANT may have, too */
    SafeArrayDestroy(sample->referent.parray);
  } else {
    VariantClear(&sample->referent);
  }
}

/* What has to hold */

typedef HRESULT Binary(LPVARIANT left, LPVARIANT right, LPVARIANT result);
typedef HRESULT Unary(LPVARIANT value, LPVARIANT result);

static Binary *const binaries[] = { VarAdd, VarSub, VarMul, VarDiv, VarIdiv, VarMod, VarPow,
                                    VarAnd, VarOr,  VarXor, VarEqv, VarImp,  VarCat };
static Unary *const unaries[] = { VarNeg, VarAbs, VarFix, VarInt, VarNot };

static void check_change(const VARIANT *source, VARTYPE vt) {
  static const USHORT flag_sets[] = { 0, VARIANT_NOVALUEPROP, VARIANT_ALPHABOOL, VARIANT_LOCALBOOL, VARIANT_USE_NLS };
  VARIANT before = *source;
  VARIANT result = I4(MARK);
  HRESULT hr = VariantChangeTypeEx(&result, source, EN_US, flag_sets[random_bits() % COUNT_OF(flag_sets)], vt);
  bool right = memcmp(&before, source, sizeof before) == 0;
  right = right && (SUCCEEDED(hr) ? result.vt == vt : result.vt == VT_I4 && result.lVal == MARK);
  if (!right) {
    fail_msg("change of %04X to %04X: 0x%08X, result of %04X", before.vt, vt, (unsigned)hr, result.vt);
  }
  assert_int_equal(VariantClear(&result), S_OK);
}

static void check_binary(size_t function, VARIANT *left, VARIANT *right) {
  VARIANT before[] = { *left, *right };
  VARIANT result = I4(MARK);
  HRESULT hr = binaries[function](left, right, &result);
  bool good = memcmp(&before[0], left, sizeof *left) == 0 && memcmp(&before[1], right, sizeof *right) == 0;
  good = good && (SUCCEEDED(hr) ? result.vt <= VT_UINT : result.vt == VT_EMPTY && result.lVal == MARK);
  if (!good) {
    fail_msg("operator %zu on %04X and %04X: 0x%08X, result of %04X", function, left->vt, right->vt, (unsigned)hr,
             result.vt);
  }
  assert_int_equal(VariantClear(&result), S_OK);
}

static void check_unary(size_t function, VARIANT *value) {
  VARIANT before = *value;
  VARIANT result = I4(MARK);
  HRESULT hr = unaries[function](value, &result);
  bool good = memcmp(&before, value, sizeof before) == 0;
  good = good && (SUCCEEDED(hr) ? result.vt <= VT_UINT : result.vt == VT_I4 && result.lVal == MARK);
  if (!good) {
    fail_msg("function %zu on %04X: 0x%08X, result of %04X", function, value->vt, (unsigned)hr, result.vt);
  }
  assert_int_equal(VariantClear(&result), S_OK);
}

static void check_order(VARIANT *left, VARIANT *right) {
  HRESULT hr = VarCmp(left, right, EN_US, 0);
  bool order = hr >= VARCMP_LT && hr <= VARCMP_NULL;
  assert_true(order || FAILED(hr));
}

static void check_pair(VARTYPE first, VARTYPE second) {
  Sample left;
  Sample right;
  sample_make(&left, first);
  sample_make(&right, second);
  check_change(&left.value, second);
  check_order(&left.value, &right.value);
  for (size_t f = 0; f < COUNT_OF(binaries); f++) {
    check_binary(f, &left.value, &right.value);
  }
  sample_free(&left);
  sample_free(&right);
}

static void every_pair_of_plain_types(void **state) {
  (void)state;
  for (int round = 0; round < 6; round++) {
    for (VARTYPE first = 0; first < BASE_TYPES; first++) {
      for (VARTYPE second = 0; second < BASE_TYPES; second++) {
        check_pair(first, second);
      }
    }
  }
  assert_int_equal(answerer.references, 1);
}

static VARTYPE random_type(void) {
  uint64_t bits = random_bits();
  VARTYPE base = (VARTYPE)(bits % 8 == 0 ? bits >> 8 & VT_TYPEMASK : (bits >> 8) % BASE_TYPES);
  return (VARTYPE)(base | ((bits >> 32) % FLAG_SETS) << 12);
}

static void pairs_with_flags(void **state) {
  (void)state;
  for (int i = 0; i < 40000; i++) {
    check_pair(random_type(), random_bits() % 2 ? random_type() : (VARTYPE)(random_bits() % BASE_TYPES));
  }
  assert_int_equal(answerer.references, 1);
}

static void every_type_alone(void **state) {
  (void)state;
  for (unsigned vt = 0; vt <= 0xFFFF; vt++) {
    Sample sample;
    sample_make(&sample, (VARTYPE)vt);
    for (size_t f = 0; f < COUNT_OF(unaries); f++) {
      check_unary(f, &sample.value);
    }
    check_change(&sample.value, VT_BSTR);
    check_change(&sample.value, VT_I4);
    sample_free(&sample);
    VARIANT one = I4(1);
    check_change(&one, (VARTYPE)vt);
  }
  assert_int_equal(answerer.references, 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_pair_of_plain_types),
    cmocka_unit_test(pairs_with_flags),
    cmocka_unit_test(every_type_alone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
