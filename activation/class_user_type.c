/* What the registry says of classes for people and containers: OleRegGetUserType, OleRegGetMiscStatus. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ole2.h>
#include <oleander_registry.h>

#include "activation/activation_internal.h"
#include "com/com_api.h"

static HRESULT open_class(REFCLSID clsid, OleanderRegistryKey **key) {
  char path[sizeof "CLSID\\" + GUID_TEXT_UNITS] = "CLSID\\";

  guid_format_utf8(clsid, path + strlen(path));
  HRESULT status = oleander_registry_open(path, key);
  return status == REGDB_E_KEYMISSING ? REGDB_E_CLASSNOTREG : status;
}

static HRESULT task_text(const char *text, LPOLESTR *result) {
  size_t bytes = strlen(text);
  size_t units = utf16_length(text, bytes);

  if (units == UNICODE_INVALID)
    return REGDB_E_INVALIDVALUE;
  *result = CoTaskMemAlloc((units + 1) * sizeof(OLECHAR));
  if (!*result)
    return E_OUTOFMEMORY;
  (*result)[utf16_from_utf8(text, bytes, *result)] = 0;
  return S_OK;
}

/* The short name and the application's stand below AuxUserType; where they do not, the full name has to do. */
static HRESULT user_type(const OleanderRegistryKey *key, DWORD form, const char **text) {
  char path[] = "AuxUserType\\0";

  path[sizeof path - 2] = (char)('0' + form);
  if (form != USERCLASSTYPE_FULL && SUCCEEDED(oleander_registry_string(key, path, NULL, text)) && **text)
    return S_OK;
  HRESULT status = oleander_registry_string(key, NULL, NULL, text);
  return status == REGDB_E_KEYMISSING ? REGDB_E_READREGDB : status;
}

HRESULT OleRegGetUserType(REFCLSID clsid, DWORD form, LPOLESTR *result) {
  OleanderRegistryKey *key;
  const char *text;

  if (result)
    *result = NULL;
  if (!result || !clsid || form < USERCLASSTYPE_FULL || form > USERCLASSTYPE_APPNAME)
    return E_INVALIDARG;
  HRESULT status = open_class(clsid, &key);
  if (FAILED(status))
    return status;
  status = user_type(key, form, &text);
  if (SUCCEEDED(status))
    status = task_text(text, result);
  oleander_registry_close(key);
  return status;
}

/* A number in text, as documented, or one that is stored as such. */
static bool read_number(const OleanderRegistryKey *key, const char *path, DWORD *number) {
  const char *text;

  if (SUCCEEDED(oleander_registry_dword(key, path, NULL, number)))
    return true;
  if (FAILED(oleander_registry_string(key, path, NULL, &text)))
    return false;
  *number = (DWORD)strtoul(text, NULL, 10);
  return true;
}

HRESULT OleRegGetMiscStatus(REFCLSID clsid, DWORD aspect, DWORD *result) {
  OleanderRegistryKey *key;
  char path[sizeof "MiscStatus\\4294967295"];

  if (result)
    *result = 0;
  if (!result || !clsid)
    return E_INVALIDARG;
  HRESULT status = open_class(clsid, &key);
  if (FAILED(status))
    return status;
  snprintf(path, sizeof path, "MiscStatus\\%u", (unsigned)aspect);
  /* What is said of the aspect comes before what is said of all; where nothing is said, nothing is set. */
  if (!read_number(key, path, result) && !read_number(key, "MiscStatus", result))
    *result = 0;
  oleander_registry_close(key);
  return S_OK;
}
