/* A client in C, without Lua: binds to the object that a name means, holds on to it and calls what it reads.
 *
 *   ./client /tmp/counter              the running object of that name; "new:Story.Counter" makes one
 *   Add 2 3                            a method with numbers
 *   Total                              a property */
#define COBJMACROS
#include <objbase.h>
#include <oleauto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARGUMENTS = 8 };

static void widen(const char *text, OLECHAR *wide, size_t size) {
  size_t i;

  for (i = 0; text[i] != 0 && i < size - 1; i++)
    wide[i] = (unsigned char)text[i];
  wide[i] = 0;
}

static void print_text(BSTR text) {
  for (UINT i = 0; i < SysStringLen(text); i++)
    putchar((int)text[i]);
}

static HRESULT bind(const char *name, IDispatch **object) {
  OLECHAR wide[1024];
  IBindCtx *context = NULL;
  IMoniker *moniker = NULL;
  ULONG eaten = 0;

  widen(name, wide, sizeof wide / sizeof *wide);
  HRESULT status = CreateBindCtx(0, &context);
  if (SUCCEEDED(status))
    status = MkParseDisplayName(context, wide, &eaten, &moniker);
  if (SUCCEEDED(status))
    status = IMoniker_BindToObject(moniker, context, NULL, &IID_IDispatch, (void **)object);
  if (moniker)
    IMoniker_Release(moniker);
  if (context)
    IBindCtx_Release(context);
  return status;
}

/* One line: the name of a member and numbers. */
static void call(IDispatch *object, char *line) {
  OLECHAR wide[128], *name = wide;
  VARIANT arguments[ARGUMENTS], result;
  EXCEPINFO exception;
  DISPID id = DISPID_UNKNOWN;
  UINT count = 0;
  char *word = strtok(line, " \n");

  if (!word)
    return;
  widen(word, wide, sizeof wide / sizeof *wide);
  while (count < ARGUMENTS && (word = strtok(NULL, " \n")) != NULL) {
    count++;
    memmove(arguments + 1, arguments, (count - 1) * sizeof *arguments); /* they stand in reverse order */
    V_VT(&arguments[0]) = VT_R8;
    V_R8(&arguments[0]) = strtod(word, NULL);
  }
  DISPPARAMS parameters = { arguments, NULL, count, 0 };
  memset(&exception, 0, sizeof exception);
  VariantInit(&result);
  HRESULT status = IDispatch_GetIDsOfNames(object, &IID_NULL, &name, 1, LOCALE_USER_DEFAULT, &id);
  if (SUCCEEDED(status))
    status = IDispatch_Invoke(object, id, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD | DISPATCH_PROPERTYGET,
                              &parameters, &result, &exception, NULL);
  if (SUCCEEDED(status) && SUCCEEDED(VariantChangeType(&result, &result, 0, VT_BSTR)))
    print_text(V_BSTR(&result));
  else if (status == DISP_E_EXCEPTION)
    printf("error 0x%08X ", (unsigned)exception.scode), print_text(exception.bstrDescription);
  else
    printf("error 0x%08X", (unsigned)status);
  putchar('\n');
  fflush(stdout);
  VariantClear(&result);
  SysFreeString(exception.bstrSource);
  SysFreeString(exception.bstrDescription);
  SysFreeString(exception.bstrHelpFile);
}

int main(int count, char **words) {
  IDispatch *object = NULL;
  char line[256];

  if (count != 2) {
    fprintf(stderr, "usage: client NAME\n");
    return 2;
  }
  HRESULT status = CoInitializeEx(NULL, COINIT_MULTITHREADED);
  if (SUCCEEDED(status))
    status = bind(words[1], &object);
  if (FAILED(status)) {
    fprintf(stderr, "%s: 0x%08X\n", words[1], (unsigned)status);
    return 1;
  }
  while (fgets(line, sizeof line, stdin))
    call(object, line);
  IDispatch_Release(object);
  CoUninitialize();
  return 0;
}
