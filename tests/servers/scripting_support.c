/* Short ways to make and look at values; see scripting_support.h. */
#include "servers/scripting_support.h"

#include "com/unicode.h"

#include <inttypes.h>

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, LPVOID *result);

static void *make(REFCLSID clsid, REFIID iid) {
  IClassFactory *factory = NULL;
  void *object = NULL;

  assert_hr(S_OK, DllGetClassObject(clsid, &IID_IClassFactory, (void **)&factory));
  assert_hr(S_OK, IClassFactory_CreateInstance(factory, NULL, iid, &object));
  IClassFactory_Release(factory);
  return object;
}

IDictionary *make_dictionary(void) {
  return make(&CLSID_Dictionary, &IID_IDictionary);
}

IFileSystem3 *make_file_system(void) {
  return make(&CLSID_FileSystemObject, &IID_IFileSystem3);
}

static BSTR texts[4096];
static size_t text_count;

BSTR text(const char *utf8) {
  OLECHAR units[4096];
  size_t used, count = text_decode(utf8, strlen(utf8), true, units, &used);

  assert_true(text_count < sizeof texts / sizeof *texts);
  texts[text_count] = SysAllocStringLen(units, (UINT)count);
  assert_non_null(texts[text_count]);
  return texts[text_count++];
}

void texts_free(void) {
  while (text_count > 0)
    SysFreeString(texts[--text_count]);
}

static VARIANT blank(VARTYPE type) {
  VARIANT value;

  memset(&value, 0, sizeof value);
  V_VT(&value) = type;
  return value;
}

VARIANT v_empty(void) {
  return blank(VT_EMPTY);
}

VARIANT v_null(void) {
  return blank(VT_NULL);
}

#define MAKE(name, type, code, field)                                                                                  \
  VARIANT name(type given) {                                                                                           \
    VARIANT value = blank(code);                                                                                       \
    field(&value) = given;                                                                                             \
    return value;                                                                                                      \
  }

MAKE(v_i4, int, VT_I4, V_I4)
MAKE(v_i8, int64_t, VT_I8, V_I8)
MAKE(v_ui8, uint64_t, VT_UI8, V_UI8)
MAKE(v_r4, float, VT_R4, V_R4)
MAKE(v_r8, double, VT_R8, V_R8)
MAKE(v_date, double, VT_DATE, V_DATE)

VARIANT v_text(const char *utf8) {
  VARIANT value = blank(VT_BSTR);

  V_BSTR(&value) = text(utf8);
  return value;
}

VARIANT v_i2(int given) {
  VARIANT value = blank(VT_I2);

  V_I2(&value) = (SHORT)given;
  return value;
}

VARIANT v_bool(bool given) {
  VARIANT value = blank(VT_BOOL);

  V_BOOL(&value) = given ? VARIANT_TRUE : VARIANT_FALSE;
  return value;
}

VARIANT v_cy(int64_t given) {
  VARIANT value = blank(VT_CY);

  V_CY(&value).int64 = given;
  return value;
}

VARIANT v_decimal(uint64_t given, int scale, bool negative) {
  VARIANT value = blank(VT_DECIMAL);

  V_DECIMAL(&value).Lo64 = given;
  V_DECIMAL(&value).scale = (BYTE)scale;
  V_DECIMAL(&value).sign = negative ? DECIMAL_NEG : 0;
  V_VT(&value) = VT_DECIMAL;
  return value;
}

VARIANT v_object(void *object) {
  VARIANT value = blank(VT_DISPATCH);

  V_DISPATCH(&value) = object;
  return value;
}

static char shelves[4][4096];
static size_t shelf;

const char *taken(BSTR given) {
  char *out = shelves[shelf++ % 4];
  size_t units = SysStringLen(given);

  assert_true(units * 3 < sizeof *shelves);
  out[text_encode(given, units, out)] = 0;
  SysFreeString(given);
  return out;
}

const char *shown(VARIANT value) {
  char *out = shelves[shelf++ % 4];
  char copy[4000];

  switch (V_VT(&value)) {
  case VT_EMPTY:
    return "empty";
  case VT_NULL:
    return "null";
  case VT_I2:
    snprintf(out, sizeof *shelves, "i2 %d", V_I2(&value));
    break;
  case VT_I4:
    snprintf(out, sizeof *shelves, "i4 %d", V_I4(&value));
    break;
  case VT_I8:
    snprintf(out, sizeof *shelves, "i8 %" PRId64, V_I8(&value));
    break;
  case VT_R8:
    snprintf(out, sizeof *shelves, "r8 %.17g", V_R8(&value));
    break;
  case VT_BOOL:
    return V_BOOL(&value) ? "true" : "false";
  case VT_BSTR:
    snprintf(copy, sizeof copy, "%s", taken(V_BSTR(&value)));
    snprintf(out, sizeof *shelves, "str %s", copy);
    V_VT(&value) = VT_EMPTY;
    break;
  case VT_DISPATCH:
    VariantClear(&value);
    return "object";
  default:
    snprintf(out, sizeof *shelves, "vt %d", V_VT(&value));
    break;
  }
  VariantClear(&value);
  return out;
}

const char *error_text(void) {
  IErrorInfo *error = NULL;
  BSTR description = NULL;

  if (GetErrorInfo(0, &error) != S_OK)
    return "(none)";
  IErrorInfo_GetDescription(error, &description);
  IErrorInfo_Release(error);
  return taken(description);
}
