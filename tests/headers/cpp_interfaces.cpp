// The same tables seen from C++: slots of virtual functions, layouts, and the C++ face of the headers.
#include "headers/all_headers.h"
#include "headers/slots.h"

#include <cstddef>
#include <cstdio>
#include <cstring>
#include <type_traits>

#define SIZE(type, bytes, alignment)                                                                                   \
  static_assert(sizeof(type) == (bytes), "size of " #type);                                                            \
  static_assert(alignof(type) == (alignment), "alignment of " #type);
#define OFFSET(type, member, bytes) static_assert(offsetof(type, member) == (bytes), "offset of " #type "." #member);
#include "headers/layout.def"
#undef SIZE
#undef OFFSET

enum Flags { FlagA = 1, FlagB = 2 };
DEFINE_ENUM_FLAG_OPERATORS(Flags)

namespace {

int failures = 0;

void check(bool condition, const char *what) {
  if (!condition) {
    std::fprintf(stderr, "failed: %s\n", what);
    ++failures;
  }
}

// In the Itanium C++ ABI a pointer to a virtual member function is one more than the offset of its slot.
template <typename Member> std::size_t slot_of(Member member) {
  std::ptrdiff_t raw[2];
  static_assert(sizeof(raw) == sizeof(member), "pointer to member function");
  std::memcpy(raw, &member, sizeof(raw));
  return static_cast<std::size_t>(raw[0] - 1) / sizeof(void *);
}

struct SlotCase {
  const char *name;
  std::size_t expected;
  std::size_t actual;
};

#define SLOT_CASE(iface, slot, method)              SlotCase{ #iface "." #method, (slot), slot_of(&iface::method) },
#define INTERFACE(iface, base, iid, first, methods) EACH_SLOT(SLOT_CASE, iface, first, methods)
#define INTERFACE_EMPTY(iface, base, iid, first)
const SlotCase slots[] = {
#include "headers/interfaces.def"
};
#undef INTERFACE
#undef INTERFACE_EMPTY

struct NONE {};
#define INTERFACE(iface, base, iid, first, methods) INTERFACE_EMPTY(iface, base, iid, first)
#define INTERFACE_EMPTY(iface, base, iid, first)                                                                       \
  static_assert(std::is_abstract<iface>::value, #iface);                                                               \
  static_assert(!std::has_virtual_destructor<iface>::value, #iface);                                                   \
  static_assert(sizeof(iface) == sizeof(void *), #iface);                                                              \
  static_assert(std::is_same<base, NONE>::value || std::is_base_of<base, iface>::value, #iface);
#include "headers/interfaces.def"
#undef INTERFACE
#undef INTERFACE_EMPTY

void uuids_match() {
#define INTERFACE(iface, base, iid, first, methods) INTERFACE_EMPTY(iface, base, iid, first)
#define INTERFACE_EMPTY(iface, base, iid, first)    check(__uuidof(iface) == IID_##iface, "__uuidof(" #iface ")");
#include "headers/interfaces.def"
}

// A class written in C++ is called through the vtable that C sees.
class Counter final : public IClassFactory {
public:
  STDMETHODIMP QueryInterface(REFIID riid, void **out) override {
    if (riid == IID_IUnknown || riid == __uuidof(IClassFactory)) {
      *out = static_cast<IClassFactory *>(this);
      AddRef();
      return S_OK;
    }
    *out = nullptr;
    return E_NOINTERFACE;
  }
  STDMETHODIMP_(ULONG) AddRef() override {
    return ++references;
  }
  STDMETHODIMP_(ULONG) Release() override {
    return --references;
  }
  STDMETHODIMP CreateInstance(IUnknown *, REFIID, void **out) override {
    *out = nullptr;
    return CLASS_E_CLASSNOTAVAILABLE;
  }
  STDMETHODIMP LockServer(BOOL lock) override {
    return lock ? S_OK : S_FALSE;
  }

private:
  ULONG references = 1;
};

void classes_answer_through_their_vtable() {
  Counter counter;
  IUnknown *unknown = &counter;
  IClassFactory *factory = nullptr;
  check(unknown->QueryInterface(IID_PPV_ARGS(&factory)) == S_OK, "IID_PPV_ARGS");
  check(factory == &counter, "the interface asked for");
  using Lock = HRESULT (*)(void *, BOOL);
  void **table = nullptr;
  std::memcpy(&table, static_cast<void *>(factory), sizeof(table));
  Lock lock = nullptr;
  std::memcpy(&lock, &table[4], sizeof(lock));
  check(lock(factory, FALSE) == S_FALSE, "slot 4 is LockServer");
  check(factory->Release() == 1, "references");
}

} // namespace

int main() {
  for (const SlotCase &row : slots) {
    check(row.expected == row.actual, row.name);
  }
  uuids_match();
  classes_answer_through_their_vtable();
  check((FlagA | FlagB) == 3 && (~FlagA & FlagB) == FlagB, "flag operators");
  const OLECHAR text[] = OLESTR("x");
  check(sizeof(text) == 4, "OLESTR");
  return failures == 0 ? 0 : 1;
}
