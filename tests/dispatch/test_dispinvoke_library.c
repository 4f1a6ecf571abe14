/* ITypeInfo::Invoke over a type library that an independent compiler made (wine-tmarshal-64.tlb of the corpus): a C object
 * with the vtable of its dual interface IWidget, called by member id. */
#include "dispatch/types/signature.h"

#include "com/unicode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { SLOTS = 59 };

typedef struct Widget {
  void (**vtable)(void);
  LONG references;
} Widget;

static void (*widget_vtable[SLOTS])(void);
static Widget widget = { widget_vtable, 1 };
static ITypeInfo *widget_info;

/* The object: each method checks what it gets */

/* What the object says of its errors: nothing at all, or by ISupportErrorInfo. */
static HRESULT supports_error_info = E_NOINTERFACE;

static HRESULT Support_answer(ISupportErrorInfo *self, REFIID iid) {
  (void)self;
  (void)iid;
  return supports_error_info;
}
static HRESULT Support_QueryInterface(ISupportErrorInfo *self, REFIID iid, void **object) {
  (void)self;
  (void)iid;
  *object = NULL;
  return E_NOINTERFACE;
}
static ULONG Support_count(ISupportErrorInfo *self) {
  (void)self;
  return 1;
}
static const ISupportErrorInfoVtbl support_vtable = { Support_QueryInterface, Support_count, Support_count,
                                                      Support_answer };
static ISupportErrorInfo support = { (ISupportErrorInfoVtbl *)(uintptr_t)&support_vtable };

static HRESULT Widget_QueryInterface(Widget *self, REFIID iid, void **object) {
  if (IsEqualIID(iid, &IID_ISupportErrorInfo) && SUCCEEDED(supports_error_info)) {
    *object = &support;
    return S_OK;
  }
  *object = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IDispatch) ? self : NULL;
  self->references += *object != NULL;
  return *object ? S_OK : E_NOINTERFACE;
}
static ULONG Widget_AddRef(Widget *self) {
  return (ULONG)++self->references;
}
static ULONG Widget_Release(Widget *self) {
  return (ULONG)--self->references;
}

static HRESULT put_name(Widget *self, BSTR name) {
  (void)self;
  assert_memory_equal(name, u"my name", 16);
  return S_OK;
}
static HRESULT get_name(Widget *self, BSTR *name) {
  (void)self;
  *name = SysAllocString(u"the name");
  return S_OK;
}

static VARTYPE expected_optional;

static HRESULT do_something(Widget *self, double number, BSTR *text, BSTR given, VARIANT *optional) {
  (void)self;
  assert_true(number == 3.141);
  assert_null(*text);
  *text = SysAllocString(u"Hello");
  assert_true(given == NULL || SysStringLen(given) == 0);
  assert_int_equal(V_VT(optional), expected_optional);
  if (expected_optional == VT_ERROR)
    assert_int_equal(V_ERROR(optional), DISP_E_PARAMNOTFOUND);
  return S_OK;
}
static HRESULT get_state(Widget *self, int *state) {
  (void)self;
  *state = 1;
  return S_OK;
}
static HRESULT put_state(Widget *self, int state) {
  (void)self;
  assert_int_equal(state, 0);
  return S_OK;
}
static HRESULT set_colour(Widget *self, ULONG colour) {
  (void)self;
  assert_int_equal(colour, 0x8000000Fu);
  return S_OK;
}
static HRESULT clone(Widget *self, IDispatch **copy) {
  *copy = (IDispatch *)self;
  self->references++;
  return S_OK;
}
static HRESULT value(Widget *self, VARIANT *given, VARIANT *result) {
  (void)self;
  V_VT(result) = VT_I4;
  V_I4(result) = V_VT(given);
  return S_OK;
}
static HRESULT var_arg(Widget *self, int expected, SAFEARRAY *values) {
  LONG upper = 0;
  (void)self;
  assert_int_equal(SafeArrayGetUBound(values, 1, &upper), S_OK);
  assert_int_equal(upper + 1, expected);
  return S_OK;
}
static HRESULT error(Widget *self) {
  ICreateErrorInfo *create = NULL;
  IErrorInfo *info = NULL;
  (void)self;
  assert_int_equal(CreateErrorInfo(&create), S_OK);
  ICreateErrorInfo_SetDescription(create, (LPOLESTR)u"it broke");
  assert_int_equal(ICreateErrorInfo_QueryInterface(create, &IID_IErrorInfo, (void **)&info), S_OK);
  SetErrorInfo(0, info);
  IErrorInfo_Release(info);
  ICreateErrorInfo_Release(create);
  return E_NOTIMPL;
}
static HRESULT put_with_lcid(Widget *self, LONG lcid, int number) {
  (void)self;
  assert_int_equal(lcid, 0);
  assert_int_equal(number, 0xcafe);
  return S_OK;
}
static HRESULT get_with_lcid(Widget *self, LONG lcid, int *number) {
  (void)self;
  *number = lcid;
  return S_OK;
}
static HRESULT get_number(Widget *self, int *number) {
  (void)self;
  *number = -13;
  return S_OK;
}
static HRESULT by_reference(Widget *self, UINT *number) {
  (void)self;
  *number = 42;
  return S_OK;
}
static HRESULT put_optional(Widget *self, int optional, int number) {
  (void)self;
  (void)optional;
  assert_int_equal(number, 0xcafe);
  return S_OK;
}
static HRESULT unexpected(Widget *self) {
  (void)self;
  fail_msg("called");
  return E_UNEXPECTED;
}
static HRESULT restricted(Widget *self, int *number) {
  (void)self;
  *number = 666;
  return S_OK;
}
static HRESULT run(Widget *self, BSTR name, SAFEARRAY **parameters, VARIANT *result) {
  VARIANT *values = NULL;
  (void)self;
  assert_memory_equal(name, u"name", 10);
  assert_int_equal(SafeArrayAccessData(*parameters, (void **)&values), S_OK);
  assert_int_equal(V_VT(&values[0]), VT_I4);
  V_VT(result) = VT_I4;
  V_I4(result) = V_I4(&values[0]);
  SafeArrayUnaccessData(*parameters);
  return S_OK;
}
static HRESULT basetypes_in(Widget *self, signed char c, short s, int l, int64_t h, unsigned char uc, unsigned short us,
                            unsigned int ul, uint64_t uh, float f, double d, int st) {
  (void)self;
  assert_int_equal(c, 5);
  assert_int_equal(s, -123);
  assert_int_equal(l, -100000);
  assert_true(h == -100000000000000);
  assert_int_equal(uc, 0);
  assert_int_equal(us, 456);
  assert_int_equal(ul, 0xdeadbeef);
  assert_true(uh == 1234567890123456789u);
  assert_true(f == 1.5f);
  assert_true(d == 2.25);
  assert_int_equal(st, 2);
  return S_OK;
}
static HRESULT basetypes_out(Widget *self, signed char *c, short *s, int *l, int64_t *h, unsigned char *uc,
                             unsigned short *us, unsigned int *ul, uint64_t *uh, float *f, double *d, int *st) {
  (void)self;
  *c = 10;
  *s = -321;
  *l = -200000;
  *h = -200000000000000;
  *uc = 254;
  *us = 256;
  *ul = 0xf00dfade;
  *uh = 0xabcdef0123456789;
  *f = 20.0f;
  *d = 20.5;
  *st = 1;
  return S_OK;
}
static HRESULT float_abi(Widget *self, float f, double d, int i, float f2, double d2) {
  (void)self;
  assert_true(f == 1.0f && d == 2.0 && i == 3 && f2 == 4.0f && d2 == 5.0);
  return S_OK;
}

#define SLOT(offset, function) widget_vtable[(offset) / 8] = (void (*)(void))(function)

static void fill_vtable(void) {
  for (int i = 0; i < SLOTS; i++)
    widget_vtable[i] = (void (*)(void))unexpected;
  SLOT(0, Widget_QueryInterface);
  SLOT(8, Widget_AddRef);
  SLOT(16, Widget_Release);
  SLOT(56, put_name);
  SLOT(64, get_name);
  SLOT(72, do_something);
  SLOT(80, get_state);
  SLOT(88, put_state);
  SLOT(104, set_colour);
  SLOT(120, clone);
  SLOT(136, clone);
  SLOT(144, value);
  SLOT(160, var_arg);
  SLOT(168, error);
  SLOT(176, clone);
  SLOT(184, put_with_lcid);
  SLOT(192, get_with_lcid);
  SLOT(200, get_number);
  SLOT(208, get_number);
  SLOT(216, by_reference);
  SLOT(224, put_optional);
  SLOT(248, restricted);
  SLOT(264, run);
  SLOT(272, basetypes_in);
  SLOT(280, basetypes_out);
  SLOT(288, float_abi);
}

/* Tests */

static HRESULT invoke(MEMBERID id, WORD flags, VARIANTARG *args, UINT count, VARIANT *result) {
  DISPID put = DISPID_PROPERTYPUT;
  DISPPARAMS params = { args, NULL, count, 0 };
  UINT bad = 99;
  if (flags & DISPATCH_PROPERTYPUT) {
    params.rgdispidNamedArgs = &put;
    params.cNamedArgs = 1;
  }
  return ITypeInfo_Invoke(widget_info, &widget, id, flags, &params, result, NULL, &bad);
}

static VARIANT number(VARTYPE vt, LONGLONG bits) {
  VARIANT v;
  VariantInit(&v);
  V_VT(&v) = vt;
  V_I8(&v) = bits;
  return v;
}

static VARIANT text(const OLECHAR *characters) {
  VARIANT v = number(VT_BSTR, 0);
  V_BSTR(&v) = SysAllocString(characters);
  return v;
}

static void properties_are_read_and_written(void **state) {
  VARIANT args[2] = { 0 }, result;
  if (!*state)
    skip();
  args[0] = text(u"my name");
  result = number(VT_I2, 5);
  assert_int_equal(invoke(1, DISPATCH_PROPERTYPUT, args, 1, &result), S_OK);
  assert_int_equal(V_VT(&result), VT_I2); /* of a put it is ignored */
  assert_int_equal(invoke(1, DISPATCH_PROPERTYPUT, args, 1, NULL), S_OK);
  VariantClear(&args[0]);
  assert_int_equal(invoke(1, DISPATCH_PROPERTYGET, NULL, 0, &result), S_OK);
  assert_int_equal(V_VT(&result), VT_BSTR);
  assert_memory_equal(V_BSTR(&result), u"the name", 18);
  VariantClear(&result);
  assert_int_equal(invoke(3, DISPATCH_PROPERTYGET, NULL, 0, &result), S_OK);
  assert_int_equal(V_VT(&result), VT_I4); /* an enum */
  args[0] = number(VT_I4, 0);
  result = number(VT_I2, 5);
  assert_int_equal(invoke(3, DISPATCH_PROPERTYPUT, args, 1, &result), S_OK);
  assert_int_equal(V_VT(&result), VT_I2);
  assert_int_equal(invoke(17, DISPATCH_PROPERTYGET, NULL, 0, &result), S_OK);
  assert_int_equal(V_VT(&result), VT_I4); /* an int */
  assert_int_equal(V_I4(&result), -13);
  assert_int_equal(invoke(18, DISPATCH_PROPERTYGET, NULL, 0, &result), S_OK);
  assert_int_equal(V_VT(&result), VT_UI4);
  assert_int_equal(invoke(16, DISPATCH_PROPERTYGET, NULL, 0, &result), S_OK);
  assert_int_equal(V_I4(&result), 0); /* the library's locale */
  args[0] = number(VT_I4, 0xcafe);
  assert_int_equal(invoke(16, DISPATCH_PROPERTYPUT, args, 1, NULL), S_OK);
  assert_int_equal(invoke(20, DISPATCH_PROPERTYPUT, args, 1, NULL), S_OK);
  assert_int_equal(invoke(21, DISPATCH_PROPERTYPUT, args, 1, NULL), DISP_E_BADPARAMCOUNT);
  assert_int_equal(invoke(1, DISPATCH_METHOD, NULL, 0, NULL), DISP_E_MEMBERNOTFOUND);
}

static void optional_arguments_may_be_left_out(void **state) {
  BSTR out = NULL;
  VARIANT args[4];
  if (!*state)
    skip();
  args[3] = number(VT_R8, 0);
  V_R8(&args[3]) = 3.141;
  args[2] = number(VT_BYREF | VT_BSTR, 0);
  V_BSTRREF(&args[2]) = &out;
  args[1] = number(VT_ERROR, DISP_E_PARAMNOTFOUND);
  args[0] = number(VT_ERROR, DISP_E_PARAMNOTFOUND);
  expected_optional = VT_ERROR;
  assert_int_equal(invoke(2, DISPATCH_METHOD, args + 2, 2, NULL), S_OK);
  assert_memory_equal(out, u"Hello", 12);
  assert_int_equal(invoke(2, DISPATCH_METHOD, args, 4, NULL), S_OK); /* the old text is let go */
  args[0] = number(VT_EMPTY, 0);
  expected_optional = VT_EMPTY;
  assert_int_equal(invoke(2, DISPATCH_METHOD, args, 4, NULL), S_OK);
  SysFreeString(out);
}

static void objects_come_as_what_they_are_declared(void **state) {
  static const MEMBERID members[] = { 7, 9, 14 }; /* IWidget*, a coclass, an interface that derives from IDispatch */
  VARIANT result;
  if (!*state)
    skip();
  for (int i = 0; i < 3; i++) {
    assert_int_equal(invoke(members[i], DISPATCH_PROPERTYGET, NULL, 0, &result), S_OK);
    assert_int_equal(V_VT(&result), VT_DISPATCH);
    VariantClear(&result);
  }
  assert_int_equal(widget.references, 1);
}

static void variants_and_references_pass(void **state) {
  VARIANT args[2], result;
  if (!*state)
    skip();
  args[0] = number(VT_EMPTY, 0);
  assert_int_equal(invoke(0, DISPATCH_PROPERTYGET, args, 1, &result), S_OK);
  assert_int_equal(V_I4(&result), VT_EMPTY);
  args[1] = number(VT_I4, 1);
  args[0] = number(VT_BYREF | VT_VARIANT, 0);
  V_VARIANTREF(&args[0]) = &args[1];
  assert_int_equal(invoke(0, DISPATCH_PROPERTYGET, args, 1, &result), S_OK);
  assert_int_equal(V_I4(&result), VT_I4);
  args[1] = number(VT_UI4, 0);
  assert_int_equal(invoke(19, DISPATCH_METHOD, args, 1, &result), S_OK);
  assert_int_equal(V_VT(&args[1]), VT_UI4);
  assert_int_equal(V_UI4(&args[1]), 42);
  args[0] = number(VT_I4, (LONG)0x8000000F); /* a system colour, as VB has it */
  assert_int_equal(invoke(5, DISPATCH_METHOD, args, 1, NULL), S_OK);
}

static void further_arguments_are_collected(void **state) {
  VARIANT args[3], result;
  DISPID id = 0;
  if (!*state)
    skip();
  args[2] = number(VT_I4, 2);
  args[1] = number(VT_R8, 0);
  args[0] = number(VT_I2, 8);
  assert_int_equal(invoke(12, DISPATCH_METHOD, args, 3, NULL), S_OK);
  DISPPARAMS named = { args + 2, &id, 1, 1 };
  assert_int_equal(ITypeInfo_Invoke(widget_info, &widget, 12, DISPATCH_METHOD, &named, NULL, NULL, NULL),
                   DISP_E_NONAMEDARGS);
  args[1] = text(u"name");
  args[0] = number(VT_I4, 77);
  assert_int_equal(invoke(25, DISPATCH_METHOD | DISPATCH_PROPERTYGET, args, 2, &result), S_OK);
  assert_int_equal(V_I4(&result), 77);
  VariantClear(&args[1]);
}

static void failures_and_restrictions_are_told(void **state) {
  DISPPARAMS none = { NULL, NULL, 0, 0 };
  EXCEPINFO exception;
  VARIANT result;
  if (!*state)
    skip();
  memset(&exception, 0xAA, sizeof exception);
  assert_int_equal(ITypeInfo_Invoke(widget_info, &widget, 13, DISPATCH_METHOD, &none, NULL, &exception, NULL),
                   DISP_E_EXCEPTION);
  assert_int_equal(exception.wCode, 0);
  assert_int_equal(exception.scode, E_NOTIMPL);
  assert_memory_equal(exception.bstrDescription, u"it broke", 18);
  exception_clear(&exception);
  for (supports_error_info = S_OK; supports_error_info <= S_FALSE; supports_error_info++) {
    assert_int_equal(ITypeInfo_Invoke(widget_info, &widget, 13, DISPATCH_METHOD, &none, NULL, &exception, NULL),
                     DISP_E_EXCEPTION);
    assert_int_equal(exception.scode, E_NOTIMPL);
    assert_int_equal(exception.bstrDescription != NULL, supports_error_info == S_OK);
    exception_clear(&exception);
  }
  supports_error_info = E_NOINTERFACE;
  SetErrorInfo(0, NULL);
  assert_int_equal(invoke(13, DISPATCH_METHOD, NULL, 0, NULL), DISP_E_EXCEPTION);
  SetErrorInfo(0, NULL);
  assert_int_equal(invoke(22, DISPATCH_METHOD, NULL, 0, &result), DISP_E_MEMBERNOTFOUND); /* restricted */
  assert_int_equal(invoke(-26, DISPATCH_METHOD, NULL, 0, &result), S_OK);                 /* a standard id is called */
  assert_int_equal(V_I4(&result), 666);
  assert_int_equal(invoke(0x1234, DISPATCH_METHOD, NULL, 0, &result), DISP_E_MEMBERNOTFOUND);
}

static void every_base_type_goes_in_and_out(void **state) {
  static const VARTYPE types[] = { VT_I1, VT_I2, VT_I4, VT_I8, VT_UI1, VT_UI2, VT_UI4, VT_UI8, VT_R4, VT_R8, VT_I4 };
  static const LONGLONG bits[] = {
    5, -123, -100000, -100000000000000, 0, 456, 0xdeadbeef, 1234567890123456789, 0x3FC00000, 0x4002000000000000, 2
  };
  static const LONGLONG expected[] = { 10,         0xFEBF,
                                       0xFFFCF2C0, -200000000000000,
                                       254,        256,
                                       0xf00dfade, (LONGLONG)0xabcdef0123456789,
                                       0x41A00000, 0x4034800000000000,
                                       1 };
  enum { COUNT = sizeof types / sizeof types[0] };
  VARIANT args[COUNT];
  LONGLONG out[COUNT] = { 0 };
  if (!*state)
    skip();
  for (int i = 0; i < COUNT; i++)
    args[COUNT - 1 - i] = number(types[i], bits[i]);
  assert_int_equal(invoke(26, DISPATCH_METHOD, args, COUNT, NULL), S_OK);
  for (int i = 0; i < COUNT; i++) {
    args[COUNT - 1 - i] = number(VT_BYREF | types[i], 0);
    V_BYREF(&args[COUNT - 1 - i]) = &out[i];
  }
  assert_int_equal(invoke(27, DISPATCH_METHOD, args, COUNT, NULL), S_OK);
  for (int i = 0; i < COUNT; i++)
    assert_true(out[i] == expected[i]);
  args[4] = number(VT_I4, 1);
  args[3] = number(VT_I4, 2);
  args[2] = number(VT_I4, 3);
  args[1] = number(VT_I4, 4);
  args[0] = number(VT_I4, 5);
  assert_int_equal(invoke(28, DISPATCH_METHOD, args, 5, NULL), S_OK);
}

/* The library */

static ITypeInfo *find_widget(const char *path) {
  char16_t *wide = utf16_copy(path);
  ITypeLib *library = NULL;
  ITypeInfo *info = NULL;
  MEMBERID id;
  USHORT found = 1;
  OLECHAR name[] = u"IWidget";
  if (wide && SUCCEEDED(LoadTypeLibEx(wide, REGKIND_NONE, &library))) {
    if (FAILED(ITypeLib_FindName(library, name, 0, &info, &id, &found)) || !found)
      info = NULL;
    ITypeLib_Release(library);
  }
  free(wide);
  return info;
}

static int load_library(void **state) {
  const char *shared = getenv("OLEANDER_SHARED");
  char path[4096];
  fill_vtable();
  snprintf(path, sizeof path, "%s/typelibs/generated/wine-tmarshal-64.tlb", shared ? shared : "");
  widget_info = shared ? find_widget(path) : NULL;
  if (!widget_info)
    print_message("%s is absent: nothing is tested\n", path);
  *state = widget_info;
  return 0;
}

static int release_library(void **state) {
  (void)state;
  if (widget_info)
    ITypeInfo_Release(widget_info);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(properties_are_read_and_written),        cmocka_unit_test(optional_arguments_may_be_left_out),
    cmocka_unit_test(objects_come_as_what_they_are_declared), cmocka_unit_test(variants_and_references_pass),
    cmocka_unit_test(further_arguments_are_collected),        cmocka_unit_test(failures_and_restrictions_are_told),
    cmocka_unit_test(every_base_type_goes_in_and_out),
  };
  return cmocka_run_group_tests(tests, load_library, release_library);
}
