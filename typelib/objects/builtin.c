/* builtin.c - libraries that are there without a file: what the IDL compiler makes of include/oleander/stdole2.idl and
 * oleandertypes.idl, kept in this module. */
#include "typelib/objects/library_load.h"
#include "typelib/objects/oleandertypes_bytes.h"
#include "typelib/objects/stdole_bytes.h"

#include "com/com_api.h"

#include <pthread.h>

/* {6F1B1C5A-3D0E-4E5B-9A57-0C4F2B7E61D4} */
static const GUID oleandertypes = { 0x6f1b1c5a, 0x3d0e, 0x4e5b, { 0x9a, 0x57, 0x0c, 0x4f, 0x2b, 0x7e, 0x61, 0xd4 } };
static const GUID stdole = { 0x00020430, 0, 0, { 0xc0, 0, 0, 0, 0, 0, 0, 0x46 } };

typedef struct Builtin {
  const GUID *libid;
  const OLECHAR *name, *other_name; /* of the file that there is not */
  const unsigned char *bytes;
  size_t size;
  WORD first_version, last_version;
  UINT often_used[2]; /* types that nearly every other library refers to: kept open */
  UINT often_count;
  TypeLibrary *library; /* one reference is kept for good */
} Builtin;

static Builtin builtins[] = {
  { &stdole, u"stdole2.tlb", u"stdole32.tlb", stdole_library, sizeof stdole_library, 1, 2, { 3, 4 }, 2, NULL },
  { &oleandertypes,
    u"oleandertypes.tlb",
    NULL,
    oleandertypes_library,
    sizeof oleandertypes_library,
    1,
    1,
    { 0 },
    0,
    NULL },
};

enum { BUILTIN_COUNT = sizeof builtins / sizeof builtins[0] };

static Builtin *find(REFGUID libid) {
  for (size_t i = 0; i < BUILTIN_COUNT; i++)
    if (IsEqualGUID(builtins[i].libid, libid))
      return &builtins[i];
  return NULL;
}

static HRESULT open_for_good(Builtin *builtin) {
  TypelibBytes bytes = { builtin->bytes, builtin->size, NULL, NULL, 0 };
  TypeInfo *type;
  HRESULT hr = library_load_bytes(&bytes, &builtin->library);

  for (UINT i = 0; SUCCEEDED(hr) && i < builtin->often_count; i++)
    (void)type_library_open_type(builtin->library, builtin->often_used[i], false, &type);
  return hr;
}

static HRESULT open_builtin(Builtin *builtin, TypeLibrary **library) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  HRESULT hr = S_OK;

  pthread_mutex_lock(&lock);
  if (!builtin->library)
    hr = open_for_good(builtin);
  if (SUCCEEDED(hr)) {
    ITypeLib2_AddRef(&builtin->library->lib);
    *library = builtin->library;
  }
  pthread_mutex_unlock(&lock);
  return hr;
}

HRESULT library_stdole(TypeLibrary **library) {
  return open_builtin(&builtins[0], library);
}

HRESULT library_builtin(REFGUID libid, TypeLibrary **library) {
  Builtin *builtin = find(libid);

  return builtin ? open_builtin(builtin, library) : TYPE_E_LIBNOTREGISTERED;
}

HRESULT library_builtin_named(const OLECHAR *name, TypeLibrary **library) {
  for (size_t i = 0; i < BUILTIN_COUNT; i++)
    if (caseless_equal(name, builtins[i].name) ||
        (builtins[i].other_name && caseless_equal(name, builtins[i].other_name)))
      return open_builtin(&builtins[i], library);
  return TYPE_E_CANTLOADLIBRARY;
}

const OLECHAR *library_builtin_name(REFGUID libid, WORD major) {
  const Builtin *builtin = find(libid);
  bool fits = builtin && (major == 0xFFFF || (major >= builtin->first_version && major <= builtin->last_version));

  return fits ? builtin->name : NULL;
}
