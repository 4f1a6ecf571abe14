/* A client in C, without Lua: makes an object of the class in calc.lua by its ProgID, and keeps calling it while its methods
 * are replaced.
 *
 *   lua5.4 calc.lua --register
 *   ./lua_client better.lua */
#include <oleauto.h>
#include <objbase.h>

#include <stdio.h>
#include <string.h>

/* Calls a method with two numbers, or reads a property (count 0). */
static HRESULT call(IDispatch *object, LPOLESTR name, WORD kind, VARIANT *arguments, UINT count, VARIANT *result,
                    EXCEPINFO *exception) {
  DISPID id;
  HRESULT status = IDispatch_GetIDsOfNames(object, &IID_NULL, &name, 1, LOCALE_USER_DEFAULT, &id);
  if (FAILED(status))
    return status;
  DISPPARAMS parameters = { arguments, NULL, count, 0 };
  memset(exception, 0, sizeof *exception);
  VariantInit(result);
  return IDispatch_Invoke(object, id, &IID_NULL, LOCALE_USER_DEFAULT, kind, &parameters, result, exception, NULL);
}

static void show(const char *what, HRESULT status, VARIANT *result, EXCEPINFO *exception) {
  if (SUCCEEDED(status) && SUCCEEDED(VariantChangeType(result, result, 0, VT_R8))) {
    printf("%s = %g\n", what, V_R8(result));
  } else if (status == DISP_E_EXCEPTION) {
    printf("%s fails: 0x%08X ", what, (unsigned)exception->scode);
    for (UINT i = 0; i < SysStringLen(exception->bstrDescription); i++)
      putchar((int)exception->bstrDescription[i]);
    putchar('\n');
  } else {
    printf("%s fails: 0x%08X\n", what, (unsigned)status);
  }
  VariantClear(result);
  SysFreeString(exception->bstrDescription);
  SysFreeString(exception->bstrSource);
  SysFreeString(exception->bstrHelpFile);
}

/* Arguments stand in reverse order. */
static void compute(IDispatch *object, const char *what, LPOLESTR name, double a, double b) {
  VARIANT arguments[2] = { { .vt = VT_R8, .dblVal = b }, { .vt = VT_R8, .dblVal = a } }, result;
  EXCEPINFO exception;
  HRESULT status = call(object, name, DISPATCH_METHOD, arguments, 2, &result, &exception);
  show(what, status, &result, &exception);
}

static void reload(IDispatch *object, const char *path) {
  OLECHAR wide[1024];
  size_t length = strlen(path) < 1023 ? strlen(path) : 1023;
  for (size_t i = 0; i < length; i++)
    wide[i] = (unsigned char)path[i];
  wide[length] = 0;
  VARIANT argument = { .vt = VT_BSTR, .bstrVal = SysAllocString(wide) }, result;
  EXCEPINFO exception;
  HRESULT status = call(object, u"Reload", DISPATCH_METHOD, &argument, 1, &result, &exception);
  VariantClear(&argument);
  if (FAILED(status))
    show("Reload", status, &result, &exception);
}

int main(int argc, char **argv) {
  CLSID clsid;
  IDispatch *calc = NULL;
  VARIANT result;
  EXCEPINFO exception;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  HRESULT status = CLSIDFromProgID(u"Example.LuaCalc", &clsid);
  if (SUCCEEDED(status))
    status = CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IDispatch, (void **)&calc);
  if (FAILED(status)) {
    fprintf(stderr, "Example.LuaCalc cannot be made: 0x%08X\n", (unsigned)status);
    return 1;
  }
  compute(calc, "Add(2, 3)", u"Add", 2, 3);
  compute(calc, "Divide(1, 8)", u"Divide", 1, 8);
  compute(calc, "Divide(1, 0)", u"Divide", 1, 0);
  if (argc > 1)
    reload(calc, argv[1]);
  compute(calc, "Add(2, 3)", u"Add", 2, 3);
  status = call(calc, u"Count", DISPATCH_PROPERTYGET, NULL, 0, &result, &exception);
  show("Count", status, &result, &exception);
  IDispatch_Release(calc);
  CoUninitialize();
  return 0;
}
