/* A program without Lua in which eight threads make objects of a Lua class, and then call one object together. */
#include <objbase.h>
#include <oleauto.h>

#include <pthread.h>
#include <stdio.h>

#define THREADS 8
#define CALLS   200

static IDispatch *shared;

static IDispatch *make(void) {
  CLSID clsid;
  IDispatch *object = NULL;
  if (SUCCEEDED(CLSIDFromProgID(u"Example.LuaCalc", &clsid)))
    CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IDispatch, (void **)&object);
  return object;
}

static int add(IDispatch *object, double a, double b) {
  DISPID id;
  LPOLESTR name = (LPOLESTR)u"Add";
  VARIANT arguments[2] = { { .vt = VT_R8, .dblVal = b }, { .vt = VT_R8, .dblVal = a } }, result;
  DISPPARAMS parameters = { arguments, NULL, 2, 0 };
  VariantInit(&result);
  HRESULT status = IDispatch_GetIDsOfNames(object, &IID_NULL, &name, 1, LOCALE_USER_DEFAULT, &id);
  if (SUCCEEDED(status))
    status =
        IDispatch_Invoke(object, id, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, &parameters, &result, NULL, NULL);
  int good = status == S_OK && V_VT(&result) == VT_R8 && V_R8(&result) == a + b;
  VariantClear(&result);
  return good;
}

static void *work(void *given) {
  int *good = given;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  IDispatch *own = make();
  for (int i = 0; i < CALLS; i++)
    *good += (own != NULL && add(own, i, 0.5)) + add(shared, i, 1);
  if (own != NULL)
    IDispatch_Release(own);
  CoUninitialize();
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  int good[THREADS] = { 0 }, all = 0;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  shared = make();
  if (shared == NULL) {
    puts("the class cannot be made");
    return 1;
  }
  for (int i = 0; i < THREADS; i++)
    pthread_create(&threads[i], NULL, work, &good[i]);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    all += good[i];
  }
  VARIANT count;
  DISPID id;
  LPOLESTR name = (LPOLESTR)u"Count";
  DISPPARAMS none = { NULL, NULL, 0, 0 };
  VariantInit(&count);
  IDispatch_GetIDsOfNames(shared, &IID_NULL, &name, 1, LOCALE_USER_DEFAULT, &id);
  IDispatch_Invoke(shared, id, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_PROPERTYGET, &none, &count, NULL, NULL);
  printf("%d good, %d counted\n", all, (int)V_I4(&count));
  IDispatch_Release(shared);
  CoUninitialize();
  return 0;
}
