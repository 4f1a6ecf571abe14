/* library_register.c - registered libraries: TypeLib\{LIBID}\MAJOR.MINOR\LCID\PLATFORM in the registry store, numbers in
 * hexadecimal, and Interface\{IID} for what the automation marshaler serves. */
#include "typelib/objects/library_load.h"

#include "com/com_api.h"

#include <oleander_registry.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GUID_TEXT_SIZE 39

static void guid_text(REFGUID guid, char text[GUID_TEXT_SIZE]) {
  snprintf(text, GUID_TEXT_SIZE, "{%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}", (unsigned)guid->Data1,
           guid->Data2, guid->Data3, guid->Data4[0], guid->Data4[1], guid->Data4[2], guid->Data4[3], guid->Data4[4],
           guid->Data4[5], guid->Data4[6], guid->Data4[7]);
}

/* Finding. */

typedef struct Version {
  WORD major, minor;
} Version;

static bool parse_version(const char *name, Version *version) {
  char *end;
  unsigned long major = strtoul(name, &end, 16), minor;

  if (end == name || *end != '.')
    return false;
  name = end + 1;
  minor = strtoul(name, &end, 16);
  if (end == name || *end || major > 0xFFFF || minor > 0xFFFF)
    return false;
  version->major = (WORD)major;
  version->minor = (WORD)minor;
  return true;
}

/* 0xFFFF.0xFFFF asks for the newest; else the same major version, with the same minor one or the highest above it. */
static bool version_fits(Version version, Version wanted) {
  return (wanted.major == 0xFFFF && wanted.minor == 0xFFFF) ||
         (version.major == wanted.major && version.minor >= wanted.minor);
}

static bool version_better(Version one, Version other, Version wanted) {
  if (wanted.major == 0xFFFF && wanted.minor == 0xFFFF && one.major != other.major)
    return one.major > other.major;
  if (other.minor == wanted.minor)
    return false;
  return one.minor == wanted.minor || one.minor > other.minor;
}

static HRESULT find_version(const OleanderRegistryKey *libid, Version wanted, OleanderRegistryKey **key) {
  Version version, best = { 0, 0 };
  const char *name, *found = NULL;
  size_t index;

  for (index = 0; (name = oleander_registry_key_at(libid, index)) != NULL; index++) {
    if (!parse_version(name, &version) || !version_fits(version, wanted))
      continue;
    if (!found || version_better(version, best, wanted)) {
      best = version;
      found = name;
    }
  }
  return found ? oleander_registry_open_below(libid, found, key) : TYPE_E_LIBNOTREGISTERED;
}

static bool is_locale(const char *name) {
  char *end;

  (void)strtoul(name, &end, 16);
  return end != name && !*end;
}

/* The platforms that a 64-bit process prefers, in this order. */
static const char *const platforms[] = { "win64", "win32", "win16" };

static HRESULT find_platform(const OleanderRegistryKey *version, LCID lcid, char **path) {
  char name[32];
  size_t index;

  for (index = 0; index < sizeof platforms / sizeof platforms[0]; index++) {
    snprintf(name, sizeof name, "%x\\%s", (unsigned)lcid, platforms[index]);
    if (SUCCEEDED(oleander_registry_file(version, name, NULL, path)))
      return S_OK;
  }
  return TYPE_E_LIBNOTREGISTERED;
}

static HRESULT find_any_locale(const OleanderRegistryKey *version, char **path) {
  const char *name;

  for (size_t index = 0; (name = oleander_registry_key_at(version, index)) != NULL; index++)
    if (is_locale(name) && SUCCEEDED(find_platform(version, (LCID)strtoul(name, NULL, 16), path)))
      return S_OK;
  return TYPE_E_LIBNOTREGISTERED;
}

/* English (United States), as everywhere in Automation here. */
#define USER_LANGUAGE ((LCID)0x0409)

/* The language itself, and that language without its country. */
static HRESULT find_language(const OleanderRegistryKey *version, LCID lcid, char **path) {
  HRESULT hr = find_platform(version, lcid, path);

  return FAILED(hr) && LANGIDFROMLCID(lcid) != PRIMARYLANGID(lcid) ? find_platform(version, PRIMARYLANGID(lcid), path)
                                                                   : hr;
}

/* Who asks for a language gets that or the neutral one. Who names none takes the neutral one, the user's, or what there
 * is. */
static HRESULT find_locale(const OleanderRegistryKey *version, LCID lcid, char **path) {
  bool named = lcid != LOCALE_NEUTRAL && lcid != LOCALE_USER_DEFAULT && lcid != LOCALE_SYSTEM_DEFAULT;
  HRESULT hr = named ? find_language(version, lcid, path) : TYPE_E_LIBNOTREGISTERED;

  if (FAILED(hr))
    hr = find_platform(version, LOCALE_NEUTRAL, path);
  if (FAILED(hr) && !named)
    hr = find_language(version, USER_LANGUAGE, path);
  if (FAILED(hr) && !named)
    hr = find_any_locale(version, path);
  return hr;
}

static HRESULT path_to_bstr(char *path, BSTR *text) {
  size_t bytes = strlen(path), units = utf16_length(path, bytes);
  HRESULT hr = S_OK;

  *text = units == UNICODE_INVALID ? NULL : SysAllocStringLen(NULL, (UINT)units);
  if (*text)
    utf16_from_utf8(path, bytes, *text);
  else
    hr = units == UNICODE_INVALID ? TYPE_E_LIBNOTREGISTERED : E_OUTOFMEMORY;
  CoTaskMemFree(path);
  return hr;
}

HRESULT library_registered_path(REFGUID libid, WORD major, WORD minor, LCID lcid, BSTR *result) {
  char text[GUID_TEXT_SIZE], name[GUID_TEXT_SIZE + 8], *path = NULL;
  OleanderRegistryKey *key = NULL, *version = NULL;
  HRESULT hr;

  *result = NULL;
  guid_text(libid, text);
  snprintf(name, sizeof name, "TypeLib\\%s", text);
  if (FAILED(oleander_registry_open(name, &key)))
    return TYPE_E_LIBNOTREGISTERED;
  hr = find_version(key, (Version){ major, minor }, &version);
  if (SUCCEEDED(hr))
    hr = find_locale(version, lcid, &path);
  if (SUCCEEDED(hr))
    hr = path_to_bstr(path, result);
  oleander_registry_close(version);
  oleander_registry_close(key);
  return hr;
}

/* What is built in is found without any registration, by its file's name, which library_load knows. */
static HRESULT builtin_path(REFGUID libid, WORD major, BSTR *path) {
  const OLECHAR *name = library_builtin_name(libid, major);

  if (!name)
    return TYPE_E_LIBNOTREGISTERED;
  *path = SysAllocString(name);
  return *path ? S_OK : E_OUTOFMEMORY;
}

HRESULT QueryPathOfRegTypeLib(REFGUID guid, USHORT major, USHORT minor, LCID lcid, LPBSTR path) {
  HRESULT hr;

  if (!guid || !path)
    return E_INVALIDARG;
  hr = library_registered_path(guid, major, minor, lcid, path);
  return hr == TYPE_E_LIBNOTREGISTERED ? builtin_path(guid, major, path) : hr;
}

/* A registered file may have been replaced by one of another version since. stdole 2 serves those who ask for 1. */
static bool still_fits(const TypeLibrary *library, REFGUID guid, WORD major, WORD minor) {
  return library_is_stdole(guid) ||
         version_fits((Version){ library->facts.major, library->facts.minor }, (Version){ major, minor });
}

HRESULT LoadRegTypeLib(REFGUID guid, WORD major, WORD minor, LCID lcid, ITypeLib **result) {
  TypeLibrary *library;
  BSTR path;
  HRESULT hr;

  if (!guid || !result)
    return E_INVALIDARG;
  *result = NULL;
  hr = QueryPathOfRegTypeLib(guid, major, minor, lcid, &path);
  if (FAILED(hr))
    return hr;
  hr = library_load(path, &library);
  if (FAILED(hr))
    (void)library_load_failed(hr, path);
  SysFreeString(path);
  if (SUCCEEDED(hr) && !still_fits(library, guid, major, minor)) {
    ITypeLib2_Release(&library->lib);
    hr = TYPE_E_LIBNOTREGISTERED;
  }
  if (SUCCEEDED(hr))
    *result = (ITypeLib *)&library->lib;
  return hr;
}

/* Registering. */

/* Marshalers that serve an interface by its type information, and plain dispinterfaces by IDispatch. */
#define AUTOMATION_PROXY "{00020424-0000-0000-C000-000000000046}"
#define DISPATCH_PROXY   "{00020420-0000-0000-C000-000000000046}"

/* An edit of the component's file, and the texts that most of its lines need. */
typedef struct Registration {
  OleanderRegistryEdit *edit;
  char libid[GUID_TEXT_SIZE];
  char version[16];
  HRESULT hr; /* the first failure; later lines are then left out */
} Registration;

/* Inside DllRegisterServer the lines go to the module's own file, else to one named after the library. */
static HRESULT registration_begin(Registration *registration, REFGUID libid, WORD major, WORD minor) {
  guid_text(libid, registration->libid);
  snprintf(registration->version, sizeof registration->version, "%x.%x", major, minor);
  registration->hr = S_OK;
  if (SUCCEEDED(oleander_registry_edit(NULL, &registration->edit)))
    return S_OK;
  return oleander_registry_edit(registration->libid, &registration->edit);
}

static HRESULT registration_end(Registration *registration) {
  if (SUCCEEDED(registration->hr))
    return oleander_registry_commit(registration->edit);
  oleander_registry_cancel(registration->edit);
  return registration->hr;
}

static void set(Registration *registration, const char *path, const char *name, const char *text) {
  if (SUCCEEDED(registration->hr))
    registration->hr = oleander_registry_set_string(registration->edit, path, name, text);
}

static void set_wide(Registration *registration, const char *path, const OLECHAR *text) {
  char *narrow = utf8_copy(text ? text : u"");

  if (!narrow)
    registration->hr = E_OUTOFMEMORY;
  else
    set(registration, path, NULL, narrow);
  free(narrow);
}

static void delete_key(Registration *registration, const char *path) {
  if (SUCCEEDED(registration->hr))
    registration->hr = oleander_registry_delete_key(registration->edit, path);
}

static const char *platform_of(SYSKIND syskind) {
  return syskind == SYS_WIN64 ? "win64" : syskind == SYS_WIN16 ? "win16" : "win32";
}

static void write_library(Registration *registration, ITypeLib *library, const TLIBATTR *attr, const OLECHAR *path,
                          const OLECHAR *help_folder) {
  char key[128], number[16];
  BSTR name = NULL, title = NULL;

  registration->hr = ITypeLib_GetDocumentation(library, -1, &name, &title, NULL, NULL);
  snprintf(key, sizeof key, "TypeLib\\%s\\%s", registration->libid, registration->version);
  set_wide(registration, key, SysStringLen(title) ? title : name);
  snprintf(key, sizeof key, "TypeLib\\%s\\%s\\FLAGS", registration->libid, registration->version);
  /* That it lies on a disk is a fact about the loaded library, not about the registered one. */
  snprintf(number, sizeof number, "%u", attr->wLibFlags & ~(unsigned)LIBFLAG_FHASDISKIMAGE);
  set(registration, key, NULL, number);
  snprintf(key, sizeof key, "TypeLib\\%s\\%s\\HELPDIR", registration->libid, registration->version);
  set_wide(registration, key, help_folder);
  snprintf(key, sizeof key, "TypeLib\\%s\\%s\\%x\\%s", registration->libid, registration->version, (unsigned)attr->lcid,
           platform_of(attr->syskind));
  set_wide(registration, key, path);
  SysFreeString(name);
  SysFreeString(title);
}

/* The marshaler that an interface of this library is registered with; NULL: none. */
static const char *proxy_of(const TYPEATTR *attr, TYPEKIND kind) {
  if (kind == TKIND_DISPATCH)
    return attr->wTypeFlags & TYPEFLAG_FDUAL ? AUTOMATION_PROXY : DISPATCH_PROXY;
  return kind == TKIND_INTERFACE && attr->wTypeFlags & TYPEFLAG_FOLEAUTOMATION ? AUTOMATION_PROXY : NULL;
}

static void write_interface(Registration *registration, REFGUID iid, const OLECHAR *name, const char *proxy) {
  char key[96], text[GUID_TEXT_SIZE];

  guid_text(iid, text);
  snprintf(key, sizeof key, "Interface\\%s", text);
  set_wide(registration, key, name);
  snprintf(key, sizeof key, "Interface\\%s\\ProxyStubClsid", text);
  set(registration, key, NULL, proxy);
  snprintf(key, sizeof key, "Interface\\%s\\ProxyStubClsid32", text);
  set(registration, key, NULL, proxy);
  snprintf(key, sizeof key, "Interface\\%s\\TypeLib", text);
  set(registration, key, NULL, registration->libid);
  set(registration, key, "Version", registration->version);
}

static void erase_interface(Registration *registration, REFGUID iid, const OLECHAR *name, const char *proxy) {
  char key[64], text[GUID_TEXT_SIZE];

  (void)name;
  (void)proxy;
  guid_text(iid, text);
  snprintf(key, sizeof key, "Interface\\%s", text);
  delete_key(registration, key);
}

typedef void InterfaceAction(Registration *registration, REFGUID iid, const OLECHAR *name, const char *proxy);

static void for_interface(Registration *registration, ITypeInfo *info, TYPEKIND kind, InterfaceAction *action) {
  TYPEATTR *attr;
  const char *proxy;
  BSTR name = NULL;

  if (FAILED(ITypeInfo_GetTypeAttr(info, &attr)))
    return;
  proxy = proxy_of(attr, kind);
  if (proxy && SUCCEEDED(ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &name, NULL, NULL, NULL)))
    action(registration, &attr->guid, name, proxy);
  SysFreeString(name);
  ITypeInfo_ReleaseTypeAttr(info, attr);
}

static void for_interfaces(Registration *registration, ITypeLib *library, InterfaceAction *action) {
  UINT count = ITypeLib_GetTypeInfoCount(library), index;
  ITypeInfo *info;
  TYPEKIND kind;

  for (index = 0; index < count; index++) {
    if (FAILED(ITypeLib_GetTypeInfoType(library, index, &kind)) ||
        (kind != TKIND_DISPATCH && kind != TKIND_INTERFACE) || FAILED(ITypeLib_GetTypeInfo(library, index, &info)))
      continue;
    for_interface(registration, info, kind, action);
    ITypeInfo_Release(info);
  }
}

HRESULT RegisterTypeLib(ITypeLib *library, LPCOLESTR path, LPCOLESTR help_folder) {
  Registration registration;
  TLIBATTR *attr;
  HRESULT hr;

  if (!library || !path)
    return E_INVALIDARG;
  hr = ITypeLib_GetLibAttr(library, &attr);
  if (FAILED(hr))
    return hr;
  hr = registration_begin(&registration, &attr->guid, attr->wMajorVerNum, attr->wMinorVerNum);
  if (SUCCEEDED(hr)) {
    write_library(&registration, library, attr, path, help_folder);
    for_interfaces(&registration, library, write_interface);
    hr = registration_end(&registration);
  }
  ITypeLib_ReleaseTLibAttr(library, attr);
  return FAILED(hr) && hr != E_OUTOFMEMORY ? TYPE_E_REGISTRYACCESS : hr;
}

/* The whole store belongs to the user. */
HRESULT RegisterTypeLibForUser(ITypeLib *library, OLECHAR *path, OLECHAR *help_folder) {
  return RegisterTypeLib(library, path, help_folder);
}

/* Unregistering. */

/* Whether the version has another language or platform than the one that goes. */
static bool others_remain(const OleanderRegistryKey *version, LCID lcid, const char *platform) {
  OleanderRegistryKey *below;
  const char *name, *under;
  size_t index, inner;
  bool remain = false;

  for (index = 0; !remain && (name = oleander_registry_key_at(version, index)) != NULL; index++) {
    if (!is_locale(name) || FAILED(oleander_registry_open_below(version, name, &below)))
      continue;
    for (inner = 0; (under = oleander_registry_key_at(below, inner)) != NULL; inner++)
      if (strtoul(name, NULL, 16) != lcid || strcmp(under, platform) != 0)
        remain = true;
    oleander_registry_close(below);
  }
  return remain;
}

static bool other_versions(const OleanderRegistryKey *libid, const char *version) {
  const char *name;
  size_t index;

  for (index = 0; (name = oleander_registry_key_at(libid, index)) != NULL; index++)
    if (strcmp(name, version) != 0)
      return true;
  return false;
}

/* Deletes as much of the branch as nobody else needs. */
static void erase_library(Registration *registration, const OleanderRegistryKey *libid,
                          const OleanderRegistryKey *version, LCID lcid, const char *platform) {
  char key[128];

  if (others_remain(version, lcid, platform))
    snprintf(key, sizeof key, "TypeLib\\%s\\%s\\%x\\%s", registration->libid, registration->version, (unsigned)lcid,
             platform);
  else if (other_versions(libid, registration->version))
    snprintf(key, sizeof key, "TypeLib\\%s\\%s", registration->libid, registration->version);
  else
    snprintf(key, sizeof key, "TypeLib\\%s", registration->libid);
  delete_key(registration, key);
}

static HRESULT registered_file(const OleanderRegistryKey *version, LCID lcid, const char *platform, BSTR *path) {
  char name[32], *file;

  snprintf(name, sizeof name, "%x\\%s", (unsigned)lcid, platform);
  if (FAILED(oleander_registry_file(version, name, NULL, &file)))
    return TYPE_E_REGISTRYACCESS;
  return path_to_bstr(file, path);
}

static HRESULT unregister_from(const OleanderRegistryKey *libid, const OleanderRegistryKey *version,
                               Registration *registration, LCID lcid, SYSKIND syskind) {
  const char *platform = platform_of(syskind);
  TypeLibrary *library;
  BSTR path;
  HRESULT hr = registered_file(version, lcid, platform, &path);

  if (FAILED(hr)) {
    oleander_registry_cancel(registration->edit);
    return hr;
  }
  if (SUCCEEDED(library_load(path, &library))) {
    for_interfaces(registration, (ITypeLib *)&library->lib, erase_interface);
    ITypeLib2_Release(&library->lib);
  }
  SysFreeString(path);
  erase_library(registration, libid, version, lcid, platform);
  return registration_end(registration);
}

HRESULT UnRegisterTypeLib(REFGUID guid, WORD major, WORD minor, LCID lcid, SYSKIND syskind) {
  OleanderRegistryKey *libid = NULL, *version = NULL;
  Registration registration;
  char key[64];
  HRESULT hr;

  if (!guid)
    return E_INVALIDARG;
  guid_text(guid, registration.libid);
  snprintf(registration.version, sizeof registration.version, "%x.%x", major, minor);
  snprintf(key, sizeof key, "TypeLib\\%s", registration.libid);
  if (FAILED(oleander_registry_open(key, &libid)))
    return TYPE_E_REGISTRYACCESS;
  hr = oleander_registry_open_below(libid, registration.version, &version);
  if (SUCCEEDED(hr))
    hr = registration_begin(&registration, guid, major, minor);
  if (SUCCEEDED(hr))
    hr = unregister_from(libid, version, &registration, lcid, syskind);
  oleander_registry_close(version);
  oleander_registry_close(libid);
  return FAILED(hr) && hr != E_OUTOFMEMORY ? TYPE_E_REGISTRYACCESS : hr;
}

HRESULT UnRegisterTypeLibForUser(REFGUID guid, WORD major, WORD minor, LCID lcid, SYSKIND syskind) {
  return UnRegisterTypeLib(guid, major, minor, lcid, syskind);
}
