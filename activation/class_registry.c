/* What the registry says of classes: CLSID\{...}, ProgIDs, TreatAs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <oleander_registry.h>

#include "activation/activation_internal.h"
#include "com/com_api.h"

#define CHAIN_LIMIT     16 /* steps along TreatAs or CurVer */

#define CLASS_PATH_SIZE (sizeof "CLSID\\" + GUID_TEXT_UNITS)

static void class_path(REFCLSID clsid, char path[CLASS_PATH_SIZE]) {
  memcpy(path, "CLSID\\", 6);
  guid_format_utf8(clsid, path + 6);
}

static HRESULT open_class(REFCLSID clsid, OleanderRegistryKey **key) {
  char path[CLASS_PATH_SIZE];

  class_path(clsid, path);
  HRESULT status = oleander_registry_open(path, key);
  return status == REGDB_E_KEYMISSING ? REGDB_E_CLASSNOTREG : status;
}

/* Reads a value that is a class; S_FALSE when there is none or it is no class. */
static HRESULT read_class(const OleanderRegistryKey *key, const char *path, CLSID *clsid) {
  const char *text;
  HRESULT status = oleander_registry_string(key, path, NULL, &text);

  return SUCCEEDED(status) && guid_parse_utf8(text, clsid) ? S_OK : S_FALSE;
}

/* One step along TreatAs: S_FALSE and the same class when there is none. */
static HRESULT treat_as_step(REFCLSID clsid, CLSID *result) {
  OleanderRegistryKey *key;
  HRESULT status = open_class(clsid, &key);

  *result = *clsid;
  if (status == REGDB_E_CLASSNOTREG)
    return S_FALSE;
  if (FAILED(status))
    return status;
  status = read_class(key, "TreatAs", result);
  oleander_registry_close(key);
  return status;
}

/* Follows TreatAs from the open key of the class *clsid; `root` is in the same state of the store. */
static HRESULT follow_treat_as(const OleanderRegistryKey *root, CLSID *clsid, OleanderRegistryKey **key) {
  char path[CLASS_PATH_SIZE];
  HRESULT status;

  for (int i = 0; i < CHAIN_LIMIT; i++) {
    class_path(clsid, path);
    status = oleander_registry_open_below(root, path, key);
    if (FAILED(status))
      return status == REGDB_E_KEYMISSING ? S_OK : status;
    if (read_class(*key, "TreatAs", clsid) != S_OK)
      return S_OK;
    oleander_registry_close(*key);
    *key = NULL;
  }
  return REGDB_E_INVALIDVALUE;
}

HRESULT class_registry_resolve(REFCLSID clsid, CLSID *result, OleanderRegistryKey **key) {
  OleanderRegistryKey *root;
  char text[GUID_TEXT_UNITS];
  HRESULT status = oleander_registry_open("", &root);

  *result = *clsid;
  *key = NULL;
  if (FAILED(status))
    return status;
  status = follow_treat_as(root, result, key);
  oleander_registry_close(root);
  if (status != REGDB_E_INVALIDVALUE)
    return status;
  guid_format_utf8(clsid, text);
  return error_raise(status, ERROR_SOURCE, "class %s: TreatAs does not come to an end", text);
}

HRESULT CoGetTreatAsClass(REFCLSID clsid, LPCLSID result) {
  if (!clsid || !result)
    return E_INVALIDARG;
  return treat_as_step(clsid, result);
}

HRESULT CoTreatAsClass(REFCLSID clsid, REFCLSID other) {
  char path[CLASS_PATH_SIZE + sizeof "\\TreatAs"];
  char other_text[GUID_TEXT_UNITS];
  OleanderRegistryKey *key;
  OleanderRegistryEdit *edit;

  if (!clsid || !other)
    return E_INVALIDARG;
  HRESULT status = open_class(clsid, &key);
  if (FAILED(status))
    return status;
  bool remove = IsEqualCLSID(clsid, other) || IsEqualCLSID(other, &CLSID_NULL);
  /* Going back to the class itself means to its AutoTreatAs where it has one. */
  CLSID instead = *other;
  if (IsEqualCLSID(clsid, other) && read_class(key, "AutoTreatAs", &instead) == S_OK)
    remove = false;
  /* Going back where there is nothing to go back from is an error, taking a stand-in off by CLSID_NULL is not. */
  if (remove && IsEqualCLSID(clsid, other) && read_class(key, "TreatAs", &instead) != S_OK) {
    oleander_registry_close(key);
    return REGDB_E_WRITEREGDB;
  }
  oleander_registry_close(key);
  class_path(clsid, path);
  strcat(path, "\\TreatAs");
  guid_format_utf8(&instead, other_text);
  status = oleander_registry_edit("treat-as", &edit);
  if (FAILED(status))
    return status;
  status =
      remove ? oleander_registry_delete_key(edit, path) : oleander_registry_set_string(edit, path, NULL, other_text);
  if (FAILED(status)) {
    oleander_registry_cancel(edit);
    return status;
  }
  return oleander_registry_commit(edit);
}

/* Looks a ProgID up, by way of CurVer where it names no class itself. */
static HRESULT find_progid(const OLECHAR *progid, CLSID *clsid) {
  OleanderRegistryKey *key = NULL;
  char *name = utf8_copy(progid);
  const char *next;
  HRESULT status = name ? oleander_registry_open(name, &key) : E_OUTOFMEMORY;

  free(name);
  for (int i = 0; i < CHAIN_LIMIT && SUCCEEDED(status); i++) {
    OleanderRegistryKey *current = key;

    if (read_class(current, "CLSID", clsid) == S_OK) {
      oleander_registry_close(current);
      return S_OK;
    }
    status = oleander_registry_string(current, "CurVer", NULL, &next);
    if (SUCCEEDED(status))
      status = oleander_registry_open(next, &key);
    oleander_registry_close(current);
  }
  if (SUCCEEDED(status))
    oleander_registry_close(key);
  return status == E_OUTOFMEMORY ? status : CO_E_CLASSSTRING;
}

HRESULT CLSIDFromProgID(LPCOLESTR progid, LPCLSID clsid) {
  if (!progid || !clsid)
    return E_INVALIDARG;
  HRESULT status = *progid ? find_progid(progid, clsid) : CO_E_CLASSSTRING;
  if (FAILED(status))
    *clsid = CLSID_NULL;
  return status;
}

HRESULT CLSIDFromProgIDEx(LPCOLESTR progid, LPCLSID clsid) {
  return CLSIDFromProgID(progid, clsid);
}

HRESULT CLSIDFromString(LPCOLESTR text, LPCLSID clsid) {
  if (!clsid)
    return E_INVALIDARG;
  if (!text) {
    *clsid = CLSID_NULL;
    return S_OK;
  }
  if (*text == '{')
    return guid_parse(text, clsid) ? S_OK : CO_E_CLASSSTRING;
  return CLSIDFromProgID(text, clsid);
}

HRESULT ProgIDFromCLSID(REFCLSID clsid, LPOLESTR *result) {
  OleanderRegistryKey *key;
  const char *text;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!clsid)
    return E_INVALIDARG;
  HRESULT status = open_class(clsid, &key);
  if (FAILED(status))
    return status;
  status = oleander_registry_string(key, "ProgID", NULL, &text);
  if (SUCCEEDED(status)) {
    size_t units = utf16_length(text, strlen(text));

    *result = CoTaskMemAlloc((units + 1) * sizeof(OLECHAR));
    if (*result)
      (*result)[utf16_from_utf8(text, strlen(text), *result)] = 0;
    else
      status = E_OUTOFMEMORY;
  }
  oleander_registry_close(key);
  return status == REGDB_E_KEYMISSING || status == REGDB_E_INVALIDVALUE ? REGDB_E_CLASSNOTREG : status;
}
