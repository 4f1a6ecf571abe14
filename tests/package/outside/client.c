/* A client in C, outside the tree: creates each class that the command line names, late bound; behind --local in another process. */
#define COBJMACROS
#include <oleander.h>
#include <oleauto.h>

#include <stdio.h>
#include <string.h>
#include <uchar.h>

static HRESULT call(IDispatch *object, const char16_t *name, WORD flags, LONG *argument, VARIANT *result) {
  DISPID put = DISPID_PROPERTYPUT;
  DISPPARAMS params = { NULL, NULL, 0, 0 };
  OLECHAR *names = (OLECHAR *)name;
  VARIANT value;
  DISPID id;
  HRESULT hr = IDispatch_GetIDsOfNames(object, &IID_NULL, &names, 1, LOCALE_USER_DEFAULT, &id);

  if (FAILED(hr))
    return hr;
  if (argument) {
    V_VT(&value) = VT_I4;
    V_I4(&value) = *argument;
    params.rgvarg = &value;
    params.cArgs = 1;
  }
  if (flags & DISPATCH_PROPERTYPUT) {
    params.rgdispidNamedArgs = &put;
    params.cNamedArgs = 1;
  }
  return IDispatch_Invoke(object, id, &IID_NULL, LOCALE_USER_DEFAULT, flags, &params, result, NULL, NULL);
}

static int use(const char *progid, DWORD context) {
  OLECHAR wide[64];
  IDispatch *object = NULL;
  LONG forty = 40, two = 2, negative = -1;
  VARIANT result;
  CLSID clsid;
  HRESULT hr;
  size_t i;

  for (i = 0; i < 63 && progid[i]; i++)
    wide[i] = (OLECHAR)progid[i];
  wide[i] = 0;
  hr = CLSIDFromProgID(wide, &clsid);
  if (SUCCEEDED(hr))
    hr = CoCreateInstance(&clsid, NULL, context, &IID_IDispatch, (void **)&object);
  if (FAILED(hr)) {
    fprintf(stderr, "%s: %s\n", progid, oleander_hresult_name(hr));
    return 1;
  }
  VariantInit(&result);
  hr = call(object, u"Value", DISPATCH_PROPERTYPUT, &forty, NULL);
  if (SUCCEEDED(hr))
    hr = call(object, u"Add", DISPATCH_METHOD, &two, &result);
  if (SUCCEEDED(hr) && call(object, u"Value", DISPATCH_PROPERTYPUT, &negative, NULL) != DISP_E_EXCEPTION &&
      call(object, u"Value", DISPATCH_PROPERTYPUT, &negative, NULL) != E_INVALIDARG)
    hr = E_UNEXPECTED;
  IDispatch_Release(object);
  if (FAILED(hr) || V_VT(&result) != VT_I4) {
    fprintf(stderr, "%s: %s\n", progid, oleander_hresult_name(hr));
    return 1;
  }
  printf("%s %d\n", progid, V_I4(&result));
  return 0;
}

int main(int argc, char **argv) {
  DWORD context = CLSCTX_INPROC_SERVER;
  int failures = 0;
  int i;

  if (FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
    return 2;
  for (i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--local") == 0)
      context = CLSCTX_LOCAL_SERVER;
    else
      failures += use(argv[i], context);
  }
  CoUninitialize();
  return failures != 0;
}
