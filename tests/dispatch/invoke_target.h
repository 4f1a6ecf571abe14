/* invoke_target.h - what the tests of IDispatch::Invoke over a signature call: a method in a vtable of its own. */
#ifndef OLEANDER_TESTS_INVOKE_TARGET_H
#define OLEANDER_TESTS_INVOKE_TARGET_H

#include "dispatch/types/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* A target: every method stands in slot 3 of a vtable of its own */

static int calls;
static void (*target_method)(void);

static inline HRESULT STDMETHODCALLTYPE no_interface(void *self, REFIID iid, void **object) {
  (void)self;
  (void)iid;
  *object = NULL;
  return E_NOINTERFACE;
}

static inline ULONG STDMETHODCALLTYPE one(void *self) {
  (void)self;
  return 1;
}

static inline HRESULT invoke(const char *text, void (*method)(void), DISPPARAMS *params, VARIANT *result,
                             EXCEPINFO *exception, UINT *bad) {
  const Signature *signature = NULL;
  void (*vtable[])(void) = { (void (*)(void))no_interface, (void (*)(void))one, (void (*)(void))one, method };
  void *object = vtable;
  assert_int_equal(signature_from_text(text, 3, NULL, NULL, &signature), S_OK);
  assert_null(signature->unsupported);
  calls = 0;
  target_method = method;
  HRESULT hr = signature_dispinvoke(signature, NULL, &object, DISPATCH_METHOD, 0x409, params, result, exception, bad);
  signature_release(signature);
  return hr;
}

#define METHOD(f) ((void (*)(void))(f))

static inline VARIANT i4(LONG value) {
  VARIANT v;
  VariantInit(&v);
  V_VT(&v) = VT_I4;
  V_I4(&v) = value;
  return v;
}

static inline VARIANT missing(void) {
  VARIANT v;
  VariantInit(&v);
  V_VT(&v) = VT_ERROR;
  V_ERROR(&v) = DISP_E_PARAMNOTFOUND;
  return v;
}

static inline VARIANT text_of(const OLECHAR *text) {
  VARIANT v;
  VariantInit(&v);
  V_VT(&v) = VT_BSTR;
  V_BSTR(&v) = SysAllocString(text);
  return v;
}

static inline VARIANT ref(VARTYPE vt, void *variable) {
  VARIANT v;
  VariantInit(&v);
  V_VT(&v) = VT_BYREF | vt;
  V_BYREF(&v) = variable;
  return v;
}

#endif
