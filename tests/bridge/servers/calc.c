/* Calc: methods, properties of every kind, errors. */
#include "automation_internal.h"

#include <stdio.h>

#define ITEMS 32

typedef struct Calc {
  ICalc calc;
  OleanderObject object;
  LONG value;
  BSTR text, label, cells[10][10];
  IDispatch *other;
  ICalc *friend;
  VARIANT keys[ITEMS], values[ITEMS];
  unsigned items;
} Calc;

OLEANDER_DUAL(Calc, calc, ICalc)

static Calc *self_of(ICalc *face) {
  ARRIVED();
  return OLEANDER_SELF(face, Calc, calc);
}

static HRESULT fail(HRESULT code, const char *text) {
  return oleander_object_fail(code, &IID_ICalc, "BridgeTest.Calc", text);
}

static HRESULT STDMETHODCALLTYPE Calc_Add(ICalc *face, LONG a, LONG b, LONG *sum) {
  self_of(face);
  *sum = (LONG)((ULONG)a + (ULONG)b);
  return S_OK;
}

static BSTR copy_text(BSTR text) {
  return SysAllocStringByteLen((const char *)text, SysStringByteLen(text));
}

static HRESULT STDMETHODCALLTYPE Calc_Echo(ICalc *face, BSTR text, BSTR *result) {
  self_of(face);
  *result = copy_text(text);
  return *result != NULL ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE Calc_get_Value(ICalc *face, LONG *value) {
  *value = self_of(face)->value;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_put_Value(ICalc *face, LONG value) {
  self_of(face)->value = value;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_get_Text(ICalc *face, BSTR *text) {
  *text = copy_text(self_of(face)->text);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_put_Text(ICalc *face, BSTR text) {
  Calc *self = self_of(face);
  SysFreeString(self->text);
  self->text = copy_text(text);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_get_ReadOnly(ICalc *face, double *value) {
  self_of(face);
  *value = 2.5;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_put_WriteOnly(ICalc *face, LONG value) {
  self_of(face)->value = value;
  return S_OK;
}

static bool same_key(const VARIANT *a, const VARIANT *b) {
  return VarCmp((VARIANT *)a, (VARIANT *)b, LOCALE_USER_DEFAULT, 0) == VARCMP_EQ;
}

static HRESULT STDMETHODCALLTYPE Calc_get_Item(ICalc *face, VARIANT key, VARIANT *value) {
  Calc *self = self_of(face);
  VariantInit(value);
  for (unsigned i = 0; i < self->items; i++) {
    if (same_key(&self->keys[i], &key))
      return VariantCopy(value, &self->values[i]);
  }
  return fail(DISP_E_BADINDEX, "there is no such item");
}

static HRESULT STDMETHODCALLTYPE Calc_put_Item(ICalc *face, VARIANT key, VARIANT value) {
  Calc *self = self_of(face);
  for (unsigned i = 0; i < self->items; i++) {
    if (same_key(&self->keys[i], &key))
      return VariantCopy(&self->values[i], &value);
  }
  if (self->items == ITEMS)
    return fail(E_OUTOFMEMORY, "too many items");
  VariantInit(&self->keys[self->items]);
  VariantInit(&self->values[self->items]);
  HRESULT result = VariantCopy(&self->keys[self->items], &key);
  if (SUCCEEDED(result))
    result = VariantCopy(&self->values[self->items++], &value);
  return result;
}

static HRESULT STDMETHODCALLTYPE Calc_get_Cells(ICalc *face, LONG row, LONG column, BSTR *text) {
  Calc *self = self_of(face);
  if (row < 0 || row > 9 || column < 0 || column > 9)
    return fail(DISP_E_BADINDEX, "there is no such cell");
  *text = copy_text(self->cells[row][column]);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_put_Cells(ICalc *face, LONG row, LONG column, BSTR text) {
  Calc *self = self_of(face);
  if (row < 0 || row > 9 || column < 0 || column > 9)
    return fail(DISP_E_BADINDEX, "there is no such cell");
  SysFreeString(self->cells[row][column]);
  self->cells[row][column] = copy_text(text);
  return S_OK;
}

static bool is_missing(const VARIANT *value) {
  return V_VT(value) == VT_ERROR && V_ERROR(value) == DISP_E_PARAMNOTFOUND;
}

static HRESULT STDMETHODCALLTYPE Calc_get_Label(ICalc *face, VARIANT index, BSTR *text) {
  Calc *self = self_of(face);
  char numbered[40];
  if (is_missing(&index)) {
    *text = copy_text(self->label);
    return S_OK;
  }
  snprintf(numbered, sizeof numbered, "label %ld", (long)V_I4(&index));
  *text = text_of(numbered);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_put_Label(ICalc *face, VARIANT index, BSTR text) {
  Calc *self = self_of(face);
  if (!is_missing(&index))
    return fail(E_INVALIDARG, "only the label without a number can be written");
  SysFreeString(self->label);
  self->label = copy_text(text);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_get_Other(ICalc *face, IDispatch **object) {
  *object = self_of(face)->other;
  if (*object != NULL)
    IDispatch_AddRef(*object);
  return S_OK;
}

static HRESULT set_other(Calc *self, IDispatch *object, LONG kind) {
  if (object != NULL)
    IDispatch_AddRef(object);
  if (self->other != NULL)
    IDispatch_Release(self->other);
  self->other = object;
  self->value = kind;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_put_Other(ICalc *face, IDispatch *object) {
  return set_other(self_of(face), object, 1001);
}

static HRESULT STDMETHODCALLTYPE Calc_putref_Other(ICalc *face, IDispatch *object) {
  return set_other(self_of(face), object, 1002);
}

static HRESULT STDMETHODCALLTYPE Calc_get_Friend(ICalc *face, ICalc **object) {
  *object = self_of(face)->friend;
  if (*object != NULL)
    ICalc_AddRef(*object);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_putref_Friend(ICalc *face, ICalc *object) {
  Calc *self = self_of(face);
  if (object != NULL)
    ICalc_AddRef(object);
  if (self->friend != NULL)
    ICalc_Release(self->friend);
  self->friend = object;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Divide(ICalc *face, LONG a, LONG b, LONG *remainder, LONG *quotient) {
  self_of(face);
  if (b == 0)
    return fail(DISP_E_DIVBYZERO, "division by zero");
  *quotient = a / b;
  *remainder = a % b;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Swap(ICalc *face, LONG *a, BSTR *b) {
  char text[24];
  self_of(face);
  snprintf(text, sizeof text, "%ld", (long)*a);
  *a = (LONG)SysStringLen(*b);
  SysFreeString(*b);
  *b = text_of(text);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Outs(ICalc *face, LONG *a, BSTR *b, VARIANT *c) {
  self_of(face);
  *a = 7;
  *b = text_of("seven");
  V_VT(c) = VT_BSTR;
  V_BSTR(c) = text_of("VII");
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Nothing(ICalc *face) {
  self_of(face);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Greet(ICalc *face, VARIANT name, BSTR word, BSTR *text) {
  BSTR start = NULL, space = text_of(", ");
  self_of(face);
  VarBstrCat(word, space, &start);
  SysFreeString(space);
  if (is_missing(&name)) {
    BSTR nobody = text_of("nobody");
    VarBstrCat(start, nobody, text);
    SysFreeString(nobody);
  } else if (V_VT(&name) == VT_BSTR) {
    VarBstrCat(start, V_BSTR(&name), text);
  } else {
    char type[24];
    snprintf(type, sizeof type, "VT %d", V_VT(&name));
    BSTR other = text_of(type);
    VarBstrCat(start, other, text);
    SysFreeString(other);
  }
  SysFreeString(start);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Scale(ICalc *face, double value, LONG factor, double *result) {
  self_of(face);
  *result = value * factor;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Locale(ICalc *face, LONG tag, LONG lcid, LONG *result) {
  self_of(face);
  (void)lcid;
  *result = tag;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Sum(ICalc *face, SAFEARRAY *values, double *sum) {
  VARIANT number;
  self_of(face);
  *sum = 0;
  for (ULONG i = 0; values != NULL && i < values->rgsabound[0].cElements; i++) {
    VariantInit(&number);
    HRESULT result = VariantChangeType(&number, (VARIANT *)values->pvData + i, 0, VT_R8);
    if (FAILED(result))
      return fail(result, "all arguments must be numbers");
    *sum += V_R8(&number);
  }
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Mix(ICalc *face, Color a, Color b, Color *mixed) {
  self_of(face);
  *mixed = (Color)((int)a | (int)b);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Fail(ICalc *face, HRESULT code, BSTR description) {
  self_of(face);
  if (SysStringLen(description) == 0)
    return code;
  ICreateErrorInfo *create = NULL;
  IErrorInfo *info = NULL;
  BSTR source = text_of("BridgeTest.Calc"), file = text_of("calc.hlp");
  if (SUCCEEDED(CreateErrorInfo(&create))) {
    ICreateErrorInfo_SetGUID(create, &IID_ICalc);
    ICreateErrorInfo_SetDescription(create, description);
    ICreateErrorInfo_SetSource(create, source);
    ICreateErrorInfo_SetHelpFile(create, file);
    ICreateErrorInfo_SetHelpContext(create, 17);
    if (SUCCEEDED(ICreateErrorInfo_QueryInterface(create, &IID_IErrorInfo, (void **)&info))) {
      SetErrorInfo(0, info);
      IErrorInfo_Release(info);
    }
    ICreateErrorInfo_Release(create);
  }
  SysFreeString(source);
  SysFreeString(file);
  return code;
}

static HRESULT STDMETHODCALLTYPE Calc_Status(ICalc *face, LONG code, LONG *result) {
  self_of(face);
  *result = 5;
  return (HRESULT)code;
}

static HRESULT STDMETHODCALLTYPE Calc_Same(ICalc *face, ICalc *other, VARIANT_BOOL *same) {
  self_of(face);
  *same = face == other ? VARIANT_TRUE : VARIANT_FALSE;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Describe(ICalc *face, VARIANT value, BSTR *text) {
  char described[80];
  self_of(face);
  if (V_VT(&value) & VT_ARRAY)
    snprintf(described, sizeof described, "array %d of %u", V_VT(&value) & VT_TYPEMASK,
             (unsigned)V_ARRAY(&value)->cDims);
  else
    snprintf(described, sizeof described, "vt %d", V_VT(&value));
  *text = text_of(described);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Make(ICalc *face, BSTR what, IDispatch **object) {
  static const struct {
    const OLECHAR *name;
    OleanderClass *type;
  } known[] = { { OLESTR("Calc"), &calc_class },
                { OLESTR("Types"), &types_class },
                { OLESTR("Collection"), &collection_class },
                { OLESTR("Hostile"), &hostile_class } };
  self_of(face);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    const OLECHAR *a = what != NULL ? what : OLESTR(""), *b = known[i].name;
    while (*a != 0 && *a == *b) {
      a++;
      b++;
    }
    if (*a == *b)
      return make_object(known[i].type, &IID_IDispatch, (void **)object);
  }
  HRESULT result = make_odd(what, object);
  return SUCCEEDED(result) ? result : fail(result, "there is no such class");
}

static HRESULT STDMETHODCALLTYPE Calc_MakeUnknown(ICalc *face, IUnknown **object) {
  self_of(face);
  return make_object(&collection_class, &IID_IUnknown, (void **)object);
}

static HRESULT STDMETHODCALLTYPE Calc_MakeCustom(ICalc *face, ICustom **object) {
  self_of(face);
  return make_object(&custom_class, &IID_ICustom, (void **)object);
}

static HRESULT STDMETHODCALLTYPE Calc_End(ICalc *face, LONG *value) {
  self_of(face);
  *value = 28;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Calls(ICalc *face, LONG *count) {
  (void)face;
  *count = calls_arrived;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Live(ICalc *face, LONG *count) {
  (void)face;
  *count = live_objects;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_Types(ICalc *face, ITypes **object) {
  self_of(face);
  return make_object(&types_class, &IID_ITypes, (void **)object);
}

static HRESULT STDMETHODCALLTYPE Calc_Take(ICalc *face, IUnknown *object, VARIANT_BOOL *is_null) {
  self_of(face);
  *is_null = object == NULL ? VARIANT_TRUE : VARIANT_FALSE;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calc_AddTwice(ICalc *face, LONG *a, LONG *b, LONG *sum) {
  self_of(face);
  *sum = 2 * (*a + *b);
  return S_OK;
}

static const ICalcVtbl calc_vtable = { OLEANDER_DUAL_SLOTS(Calc, calc),
                                       Calc_Add,
                                       Calc_Echo,
                                       Calc_get_Value,
                                       Calc_put_Value,
                                       Calc_get_Text,
                                       Calc_put_Text,
                                       Calc_get_ReadOnly,
                                       Calc_put_WriteOnly,
                                       Calc_get_Item,
                                       Calc_put_Item,
                                       Calc_get_Cells,
                                       Calc_put_Cells,
                                       Calc_get_Label,
                                       Calc_put_Label,
                                       Calc_get_Other,
                                       Calc_put_Other,
                                       Calc_putref_Other,
                                       Calc_get_Friend,
                                       Calc_putref_Friend,
                                       Calc_Divide,
                                       Calc_Swap,
                                       Calc_Outs,
                                       Calc_Nothing,
                                       Calc_Greet,
                                       Calc_Scale,
                                       Calc_Locale,
                                       Calc_Sum,
                                       Calc_Mix,
                                       Calc_Fail,
                                       Calc_Status,
                                       Calc_Same,
                                       Calc_Describe,
                                       Calc_Make,
                                       Calc_MakeUnknown,
                                       Calc_MakeCustom,
                                       Calc_End,
                                       Calc_Calls,
                                       Calc_Live,
                                       Calc_Types,
                                       Calc_Take,
                                       Calc_AddTwice };

static void destroy(void *pointer) {
  Calc *self = pointer;
  SysFreeString(self->text);
  SysFreeString(self->label);
  for (unsigned i = 0; i < 100; i++)
    SysFreeString(self->cells[i / 10][i % 10]);
  if (self->other != NULL)
    IDispatch_Release(self->other);
  if (self->friend != NULL)
    ICalc_Release(self->friend);
  for (unsigned i = 0; i < self->items; i++) {
    VariantClear(&self->keys[i]);
    VariantClear(&self->values[i]);
  }
  count_death(self);
}

static const OleanderFace faces[] = { { &IID_ICalc, offsetof(Calc, calc), &calc_vtable }, { NULL, 0, NULL } };

OleanderClass calc_class = { .module = &automation_module,
                             .clsid = &CLSID_Calc,
                             .progid = "BridgeTest.Calc",
                             .title = "The calculator of the bridge's tests",
                             .size = sizeof(Calc),
                             .object = offsetof(Calc, object),
                             .faces = faces,
                             .construct = count_birth,
                             .destroy = destroy };
