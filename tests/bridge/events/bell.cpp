// A server in C++ without a type library: its class tells its events itself.
#include <initguid.h>
#include <oleander_server.h>

DEFINE_GUID(CLSID_Bell, 0x3C0D6A21, 0x4E70, 0x4B8A, 0x8D, 0x2F, 0x10, 0xC5, 0xA7, 0xE4, 0xB1, 0x30);
DEFINE_GUID(DIID_BellEvents, 0x3C0D6A21, 0x4E70, 0x4B8A, 0x8D, 0x2F, 0x10, 0xC5, 0xA7, 0xE4, 0xB1, 0x31);

namespace {

const OleanderEvent events[] = { { "Rung", 1, "(bstr by, i4 times)" }, { "Silent", 2, nullptr }, {} };
const OleanderSource sources[] = { { &DIID_BellEvents, "_BellEvents", events }, {} };

class BellObject : public oleander::Object<BellObject, IDispatch> {
public:
  HRESULT STDMETHODCALLTYPE GetTypeInfoCount(UINT *count) override {
    *count = 0;
    return S_OK;
  }
  HRESULT STDMETHODCALLTYPE GetIDsOfNames(REFIID, LPOLESTR *names, UINT count, LCID, DISPID *ids) override {
    ids[0] = names[0][0] == u'R' ? 1 : names[0][0] == u'S' ? 2 : DISPID_UNKNOWN;
    return count == 1 && ids[0] != DISPID_UNKNOWN ? S_OK : DISP_E_UNKNOWNNAME;
  }
  /* Ring(by, times), Silence() */
  HRESULT STDMETHODCALLTYPE Invoke(DISPID id, REFIID, LCID, WORD flags, DISPPARAMS *params, VARIANT *, EXCEPINFO *,
                                   UINT *) override {
    if (!(flags & DISPATCH_METHOD))
      return DISP_E_MEMBERNOTFOUND;
    if (id == 2)
      return fire(2);
    if (id != 1 || params->cArgs != 2)
      return DISP_E_BADPARAMCOUNT;
    return fire("Rung", 2, int(VT_BSTR), V_BSTR(&params->rgvarg[1]), int(VT_I4), V_I4(&params->rgvarg[0]));
  }
};

} // namespace

extern OleanderModule bell_module;
static OleanderClass bell_class = [] {
  OleanderClass type = oleander::class_of<BellObject>(bell_module, CLSID_Bell, "Test.Bell", 0, "A bell");
  type.sources = sources;
  return type;
}();
static OleanderClass *const classes[] = { &bell_class, nullptr };
OleanderModule bell_module = { "bell", classes, nullptr, 0 };
OLEANDER_MODULE(bell_module)
