// An automation server in C++, outside the tree.
#include <initguid.h>
#include <oleander_server.h>
#include "outside.h"

namespace {

class Counter : public oleander::Object<Counter, ICounter> {
public:
  HRESULT STDMETHODCALLTYPE get_Value(LONG *result) override {
    if (!result)
      return E_POINTER;
    *result = value;
    return S_OK;
  }
  HRESULT STDMETHODCALLTYPE put_Value(LONG given) override {
    if (given < 0)
      return fail(E_INVALIDARG, "The value can't be negative");
    value = given;
    return S_OK;
  }
  HRESULT STDMETHODCALLTYPE Add(LONG amount, LONG *result) override {
    if (!result)
      return E_POINTER;
    *result = value += amount;
    return S_OK;
  }
  HRESULT STDMETHODCALLTYPE Describe(BSTR unit, BSTR *text) override {
    return text ? VarBstrCat(unit, unit, text) : E_POINTER;
  }

private:
  LONG value = 0;
};

} // namespace

extern OleanderModule outside_module;
static OleanderClass counter_class =
    oleander::class_of<Counter>(outside_module, CLSID_CounterCpp, "Outside.CounterCpp", 1, "A counter in C++");
static OleanderClass *const classes[] = { &counter_class, nullptr };
OleanderModule outside_module = { "outside_cpp", classes, nullptr, 0 };

OLEANDER_MODULE(outside_module)
