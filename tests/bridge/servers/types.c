/* Types: every type there and back. */
#include "automation_internal.h"

typedef struct Types {
  ITypes types;
  OleanderObject object;
} Types;

OLEANDER_DUAL(Types, types, ITypes)

#define ECHO(name, type)                                                                                               \
  static HRESULT STDMETHODCALLTYPE Types_##name(ITypes *face, type value, type *result) {                              \
    (void)face;                                                                                                        \
    ARRIVED();                                                                                                         \
    *result = value;                                                                                                   \
    return S_OK;                                                                                                       \
  }

ECHO(I1, signed char)
ECHO(UI1, unsigned char)
ECHO(I2, short)
ECHO(UI2, unsigned short)
ECHO(I4, LONG)
ECHO(UI4, ULONG)
ECHO(I8, hyper)
ECHO(UI8, MIDL_uhyper)
ECHO(INT, int)
ECHO(UINT, unsigned int)
ECHO(R4, float)
ECHO(R8, double)
ECHO(Bool, VARIANT_BOOL)
ECHO(Cy, CURRENCY)
ECHO(Date, DATE)
ECHO(Decimal, DECIMAL)

static HRESULT STDMETHODCALLTYPE Types_Status(ITypes *face, HRESULT value, SCODE *result) {
  (void)face;
  *result = value;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Types_Bstr(ITypes *face, BSTR value, BSTR *result) {
  (void)face;
  *result = SysAllocStringByteLen((const char *)value, SysStringByteLen(value));
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Types_Variant(ITypes *face, VARIANT value, VARIANT *result) {
  (void)face;
  VariantInit(result);
  return VariantCopyInd(result, &value);
}

static HRESULT STDMETHODCALLTYPE Types_Object(ITypes *face, IDispatch *value, IDispatch **result) {
  (void)face;
  *result = value;
  if (value != NULL)
    IDispatch_AddRef(value);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Types_Unknown(ITypes *face, IUnknown *value, IUnknown **result) {
  (void)face;
  *result = value;
  if (value != NULL)
    IUnknown_AddRef(value);
  return S_OK;
}

#define ECHO_ARRAY(name)                                                                                               \
  static HRESULT STDMETHODCALLTYPE Types_##name(ITypes *face, SAFEARRAY *value, SAFEARRAY **result) {                  \
    (void)face;                                                                                                        \
    *result = NULL;                                                                                                    \
    return value != NULL ? SafeArrayCopy(value, result) : S_OK;                                                        \
  }

ECHO_ARRAY(Doubles)
ECHO_ARRAY(Strings)
ECHO_ARRAY(Bytes)
ECHO_ARRAY(Variants)

/* [-1..1][10..11], element (i, j) is 100 i + j */
static HRESULT STDMETHODCALLTYPE Types_Matrix(ITypes *face, SAFEARRAY **result) {
  SAFEARRAYBOUND bounds[2] = { { 3, -1 }, { 2, 10 } };
  LONG at[2];
  (void)face;
  *result = SafeArrayCreate(VT_I4, 2, bounds);
  if (*result == NULL)
    return E_OUTOFMEMORY;
  for (at[0] = -1; at[0] <= 1; at[0]++) {
    for (at[1] = 10; at[1] <= 11; at[1]++) {
      LONG value = 100 * at[0] + at[1];
      HRESULT hr = SafeArrayPutElement(*result, at, &value);
      if (FAILED(hr))
        return hr;
    }
  }
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Types_I4Ref(ITypes *face, LONG *value) {
  (void)face;
  *value += 1;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Types_R8Ref(ITypes *face, double *value) {
  (void)face;
  *value *= 2;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Types_BoolRef(ITypes *face, VARIANT_BOOL *value) {
  (void)face;
  *value = *value != VARIANT_FALSE ? VARIANT_FALSE : VARIANT_TRUE;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Types_BstrRef(ITypes *face, BSTR *value) {
  BSTR twice = NULL;
  (void)face;
  HRESULT hr = VarBstrCat(*value, *value, &twice);
  if (FAILED(hr))
    return hr;
  SysFreeString(*value);
  *value = twice;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Types_VariantRef(ITypes *face, VARIANT *value) {
  LONG was = V_VT(value);
  (void)face;
  VariantClear(value);
  V_VT(value) = VT_I4;
  V_I4(value) = was;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Types_ObjectRef(ITypes *face, IDispatch **value) {
  (void)face;
  if (*value != NULL) {
    IDispatch_Release(*value);
    *value = NULL;
    return S_OK;
  }
  return make_object(&calc_class, &IID_IDispatch, (void **)value);
}

static HRESULT STDMETHODCALLTYPE Types_DoublesRef(ITypes *face, SAFEARRAY **value) {
  SAFEARRAYBOUND bound;
  (void)face;
  if (*value == NULL) {
    *value = SafeArrayCreateVector(VT_R8, 1, 2);
    return *value != NULL ? S_OK : E_OUTOFMEMORY;
  }
  bound = (*value)->rgsabound[0];
  bound.cElements += 1;
  return SafeArrayRedim(*value, &bound);
}

static HRESULT STDMETHODCALLTYPE Types_Place(ITypes *face, Point *value, Point *result) {
  (void)face;
  result->x = value->x + 1;
  result->y = value->y * 2;
  result->name = SysAllocStringByteLen((const char *)value->name, SysStringByteLen(value->name));
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Types_UI1Ref(ITypes *face, unsigned char *value) {
  (void)face;
  *value = (unsigned char)(*value + 1);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Types_CyRef(ITypes *face, CURRENCY *value) {
  (void)face;
  value->int64 += 1;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Types_DecimalRef(ITypes *face, DECIMAL *value) {
  (void)face;
  DECIMAL one, sum;
  VarDecFromI4(1, &one);
  HRESULT hr = VarDecAdd(value, &one, &sum);
  if (SUCCEEDED(hr))
    *value = sum;
  return hr;
}

static const ITypesVtbl types_vtable = { OLEANDER_DUAL_SLOTS(Types, types),
                                         Types_I1,
                                         Types_UI1,
                                         Types_I2,
                                         Types_UI2,
                                         Types_I4,
                                         Types_UI4,
                                         Types_I8,
                                         Types_UI8,
                                         Types_INT,
                                         Types_UINT,
                                         Types_R4,
                                         Types_R8,
                                         Types_Bool,
                                         Types_Bstr,
                                         Types_Cy,
                                         Types_Date,
                                         Types_Decimal,
                                         Types_Variant,
                                         Types_Status,
                                         Types_Object,
                                         Types_Unknown,
                                         Types_Doubles,
                                         Types_Strings,
                                         Types_Bytes,
                                         Types_Variants,
                                         Types_Matrix,
                                         Types_I4Ref,
                                         Types_R8Ref,
                                         Types_BoolRef,
                                         Types_BstrRef,
                                         Types_VariantRef,
                                         Types_ObjectRef,
                                         Types_DoublesRef,
                                         Types_Place,
                                         Types_UI1Ref,
                                         Types_CyRef,
                                         Types_DecimalRef };

static const OleanderFace faces[] = { { &IID_ITypes, offsetof(Types, types), &types_vtable }, { NULL, 0, NULL } };

OleanderClass types_class = { .module = &automation_module,
                              .clsid = &CLSID_Types,
                              .progid = "BridgeTest.Types",
                              .title = "Every type",
                              .size = sizeof(Types),
                              .object = offsetof(Types, object),
                              .faces = faces,
                              .construct = count_birth,
                              .destroy = count_death };
