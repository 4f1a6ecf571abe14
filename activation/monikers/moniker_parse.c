/* From names to monikers and objects: MkParseDisplayName, BindMoniker, CoGetObject, GetClassFile, CoGetInstanceFromFile. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <oleander_registry.h>

#include "activation/monikers/moniker_internal.h"
#include "com/unicode.h"

#define PATTERN_LIMIT 256 /* bytes of a FileType pattern */

/* --- The class of a file --- */

/* Whether there is such a file; `whole` allows a folder too. */
static bool file_exists(const OLECHAR *path, bool whole) {
  char *narrow = utf8_copy(path);
  struct stat status;
  bool exists = narrow && stat(narrow, &status) == 0 && (whole || !S_ISDIR(status.st_mode));

  free(narrow);
  return exists;
}

static size_t read_hex(const char *text, uint8_t *bytes, size_t room) {
  size_t count = 0;
  char pair[3] = "";

  while (count < room && text[0] && text[1] && text[0] != ',' && text[0] != ' ') {
    char *end;

    pair[0] = text[0];
    pair[1] = text[1];
    bytes[count++] = (uint8_t)strtoul(pair, &end, 16);
    if (*end)
      return 0;
    text += 2;
  }
  return count;
}

/* Whether the bytes of the file fit "offset, count, mask, value": a negative offset counts from the end, an empty mask is
 * all ones. */
static bool pattern_matches(int descriptor, const char *pattern) {
  uint8_t mask[PATTERN_LIMIT];
  uint8_t value[PATTERN_LIMIT];
  uint8_t seen[PATTERN_LIMIT];
  const char *parts[4];
  char *end;
  long offset;
  long count;
  size_t i;

  parts[0] = pattern;
  for (i = 1; i < 4; i++) {
    const char *comma = strchr(parts[i - 1], ',');

    if (!comma)
      return false;
    parts[i] = comma + 1 + strspn(comma + 1, " ");
  }
  offset = strtol(parts[0], &end, 10);
  count = strtol(parts[1], &end, 10);
  if (count <= 0 || count > PATTERN_LIMIT || read_hex(parts[3], value, sizeof value) < (size_t)count)
    return false;
  if (*parts[2] == ',')
    memset(mask, 0xFF, sizeof mask);
  else if (read_hex(parts[2], mask, sizeof mask) < (size_t)count)
    return false;
  if (lseek(descriptor, offset, offset < 0 ? SEEK_END : SEEK_SET) < 0 || read(descriptor, seen, (size_t)count) != count)
    return false;
  for (i = 0; i < (size_t)count; i++)
    if ((seen[i] & mask[i]) != value[i])
      return false;
  return true;
}

/* The FileType key has one key for each class, with a list of patterns. */
static HRESULT class_by_pattern(const char *path, CLSID *clsid) {
  OleanderRegistryKey *types;
  const char *name;
  HRESULT status = oleander_registry_open("FileType", &types);
  HRESULT result = S_FALSE;
  int descriptor;
  size_t i;

  if (FAILED(status))
    return status == E_OUTOFMEMORY ? status : S_FALSE;
  descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  for (i = 0; descriptor >= 0 && result == S_FALSE && (name = oleander_registry_key_at(types, i)) != NULL; i++) {
    OleanderRegistryKey *type;
    const char *number;
    const char *pattern;
    size_t k;

    if (!guid_parse_utf8(name, clsid) || FAILED(oleander_registry_open_below(types, name, &type)))
      continue;
    for (k = 0; result == S_FALSE && (number = oleander_registry_key_at(type, k)) != NULL; k++)
      if (SUCCEEDED(oleander_registry_string(type, number, NULL, &pattern)) && pattern_matches(descriptor, pattern))
        result = S_OK;
    oleander_registry_close(type);
  }
  if (descriptor >= 0)
    close(descriptor);
  oleander_registry_close(types);
  return result;
}

/* .ext names a ProgID, and that a class. */
static HRESULT class_by_extension(const char *path, CLSID *clsid) {
  const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
  const char *extension = strrchr(name, '.');
  OleanderRegistryKey *key;
  const char *progid;
  OLECHAR *wide = NULL;
  HRESULT status;

  if (!extension || extension == name)
    return MK_E_INVALIDEXTENSION;
  status = oleander_registry_open(extension, &key);
  if (FAILED(status))
    return status == E_OUTOFMEMORY ? status : MK_E_INVALIDEXTENSION;
  status = oleander_registry_string(key, NULL, NULL, &progid);
  if (SUCCEEDED(status)) {
    wide = utf16_copy(progid);
    status = wide ? CLSIDFromProgID(wide, clsid) : E_OUTOFMEMORY;
  }
  free(wide);
  oleander_registry_close(key);
  return SUCCEEDED(status) || status == E_OUTOFMEMORY ? status : MK_E_INVALIDEXTENSION;
}

HRESULT GetClassFile(LPCOLESTR name, CLSID *clsid) {
  char *path;
  HRESULT status;

  if (!name || !clsid)
    return E_INVALIDARG;
  *clsid = CLSID_NULL;
  path = utf8_copy(name);
  if (!path)
    return E_OUTOFMEMORY;
  if (access(path, F_OK) != 0) {
    status = MK_E_CANTOPENFILE;
  } else {
    status = class_by_pattern(path, clsid);
    if (status == S_FALSE)
      status = class_by_extension(path, clsid);
  }
  if (FAILED(status))
    *clsid = CLSID_NULL;
  free(path);
  return status;
}

/* --- Parsing --- */

static bool begins_with(const OLECHAR *name, const OLECHAR *prefix) {
  while (*prefix && wide_upper(*name) == wide_upper(*prefix)) {
    name++;
    prefix++;
  }
  return !*prefix;
}

/* "ProgID:rest" and "@ProgID!rest": the class of that name parses it all. S_FALSE when it does not look so, or there is no
 * such class. */
static HRESULT parse_by_class(IBindCtx *context, LPOLESTR name, ULONG *eaten, IMoniker **result) {
  bool at = name[0] == '@';
  const OLECHAR *start = name + at;
  const OLECHAR *end = start;
  IParseDisplayName *parser;
  OLECHAR *progid;
  CLSID clsid;
  HRESULT status;

  while (*end && *end != (at ? '!' : ':') && *end != '/' && *end != '\\')
    end++;
  if (*end != (at ? '!' : ':') || end - start < 2)
    return S_FALSE;
  progid = wide_copy(start, (size_t)(end - start));
  if (!progid)
    return E_OUTOFMEMORY;
  status = CLSIDFromProgID(progid, &clsid);
  free(progid);
  if (FAILED(status))
    return status == E_OUTOFMEMORY ? status : S_FALSE;
  status = CoGetClassObject(&clsid, CLSCTX_ALL, NULL, &IID_IParseDisplayName, (void **)&parser);
  if (FAILED(status) && status != E_OUTOFMEMORY)
    status = CoCreateInstance(&clsid, NULL, CLSCTX_ALL, &IID_IParseDisplayName, (void **)&parser);
  if (FAILED(status))
    return status;
  status = IParseDisplayName_ParseDisplayName(parser, context, name, eaten, result);
  IParseDisplayName_Release(parser);
  return SUCCEEDED(status) ? S_OK : status;
}

/* The longest beginning of the name that is a running file moniker or an existing file. */
static HRESULT parse_file(IBindCtx *context, const OLECHAR *name, ULONG *eaten, IMoniker **result) {
  size_t units = utf16_units(name);
  OLECHAR *path = wide_copy(name, units);
  HRESULT status = path ? MK_E_CANTOPENFILE : E_OUTOFMEMORY;

  while (status == MK_E_CANTOPENFILE && units) {
    IMoniker *moniker;

    path[units] = 0;
    status = CreateFileMoniker(path, &moniker);
    if (SUCCEEDED(status) &&
        (file_exists(path, !name[units]) || moniker_is_running_in_table(context, moniker) == S_OK)) {
      *result = moniker;
      *eaten = (ULONG)units;
    } else if (SUCCEEDED(status)) {
      IMoniker_Release(moniker);
      status = MK_E_CANTOPENFILE;
    }
    if (status == MK_E_CANTOPENFILE)
      do
        units--;
      while (units && name[units] != '!' && name[units] != '/' && name[units] != ':');
  }
  free(path);
  return status;
}

/* "!Item" at the start: an item alone, as RegisterActiveObject and publishing in the running object table make them. */
static HRESULT parse_item(const OLECHAR *name, ULONG *eaten, IMoniker **result) {
  size_t units = 1;
  OLECHAR *item;
  HRESULT status;

  while (name[units] && name[units] != '!')
    units++;
  if (units == 1)
    return MK_E_SYNTAX;
  item = wide_copy(name + 1, units - 1);
  if (!item)
    return E_OUTOFMEMORY;
  status = CreateItemMoniker(u"!", item, result);
  free(item);
  *eaten = (ULONG)units;
  return status;
}

static HRESULT parse_start(IBindCtx *context, LPOLESTR name, ULONG *eaten, IMoniker **result) {
  const OLECHAR *unit;
  HRESULT status;

  if (begins_with(name, u"clsid:"))
    return class_moniker_parse(name, eaten, result);
  if (name[0] == '!')
    return parse_item(name, eaten, result);
  status = parse_by_class(context, name, eaten, result);
  if (status != S_FALSE)
    return status;
  status = parse_file(context, name, eaten, result);
  if (status != MK_E_CANTOPENFILE)
    return status;
  /* What looks like a class name that nobody knows is a matter of syntax, not of files. */
  for (unit = name; *unit && *unit != '/' && *unit != '\\'; unit++)
    if (*unit == ':' && unit - name > 1)
      return MK_E_SYNTAX;
  return status;
}

/* Parses what is left, a piece at a time, with the moniker made so far. */
static HRESULT parse_rest(IBindCtx *context, LPOLESTR name, ULONG *eaten, IMoniker **moniker) {
  HRESULT status = S_OK;

  while (SUCCEEDED(status) && name[*eaten]) {
    IMoniker *next = NULL;
    IMoniker *joined = NULL;
    ULONG more = 0;

    status = IMoniker_ParseDisplayName(*moniker, context, NULL, name + *eaten, &more, &next);
    if (SUCCEEDED(status) && (!next || !more || more > utf16_units(name + *eaten)))
      status = MK_E_SYNTAX; /* a parser that makes no progress */
    if (SUCCEEDED(status))
      status = CreateGenericComposite(*moniker, next, &joined);
    if (next)
      IMoniker_Release(next);
    if (SUCCEEDED(status)) {
      IMoniker_Release(*moniker);
      *moniker = joined;
      *eaten += more;
      if (!joined)
        return MK_E_SYNTAX;
    }
  }
  return status;
}

HRESULT MkParseDisplayName(IBindCtx *context, LPCOLESTR text, ULONG *eaten, IMoniker **result) {
  LPOLESTR name = (LPOLESTR)(uintptr_t)text; /* the interfaces take text that they do not change as if they might */
  IMoniker *moniker = NULL;
  HRESULT status;

  if (!context || !text || !eaten || !result)
    return E_INVALIDARG;
  *eaten = 0;
  *result = NULL;
  if (!*text)
    return MK_E_SYNTAX;
  status = parse_start(context, name, eaten, &moniker);
  if (SUCCEEDED(status) && (!moniker || *eaten > utf16_units(text)))
    status = MK_E_SYNTAX;
  if (SUCCEEDED(status))
    status = parse_rest(context, name, eaten, &moniker);
  if (SUCCEEDED(status))
    *result = moniker;
  else if (moniker)
    IMoniker_Release(moniker);
  return SUCCEEDED(status) ? S_OK : status;
}

/* --- Binding --- */

HRESULT BindMoniker(IMoniker *moniker, DWORD options, REFIID iid, LPVOID *result) {
  IBindCtx *context;
  HRESULT status;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!moniker || options)
    return E_INVALIDARG;
  status = CreateBindCtx(0, &context);
  if (FAILED(status))
    return status;
  status = IMoniker_BindToObject(moniker, context, NULL, iid, result);
  IBindCtx_Release(context);
  return status;
}

HRESULT CoGetObject(LPCWSTR name, BIND_OPTS *options, REFIID iid, void **result) {
  IBindCtx *context;
  IMoniker *moniker;
  ULONG eaten;
  HRESULT status;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!name)
    return E_INVALIDARG;
  status = CreateBindCtx(0, &context);
  if (FAILED(status))
    return status;
  if (options)
    status = IBindCtx_SetBindOptions(context, options);
  if (SUCCEEDED(status))
    status = MkParseDisplayName(context, name, &eaten, &moniker);
  if (SUCCEEDED(status)) {
    status = IMoniker_BindToObject(moniker, context, NULL, iid, result);
    IMoniker_Release(moniker);
  }
  IBindCtx_Release(context);
  return status;
}

/* Asks the object for all results; the summary is that of CoCreateInstanceEx. */
static HRESULT query_all(IUnknown *object, DWORD count, MULTI_QI *results) {
  DWORD good = 0;
  DWORD i;

  for (i = 0; i < count; i++) {
    results[i].hr = IUnknown_QueryInterface(object, results[i].pIID, (void **)&results[i].pItf);
    good += SUCCEEDED(results[i].hr);
  }
  return good == count ? S_OK : good ? CO_S_NOTALLINTERFACES : E_NOINTERFACE;
}

static HRESULT load_file(IUnknown *object, LPCOLESTR name, DWORD mode) {
  IPersistFile *file;
  HRESULT status = IUnknown_QueryInterface(object, &IID_IPersistFile, (void **)&file);

  if (FAILED(status))
    return status;
  status = IPersistFile_Load(file, name, mode);
  IPersistFile_Release(file);
  return status;
}

HRESULT CoGetInstanceFromFile(COSERVERINFO *server, CLSID *clsid, IUnknown *outer, DWORD class_context, DWORD mode,
                              OLECHAR *name, DWORD count, MULTI_QI *results) {
  MULTI_QI object = { &IID_IUnknown, NULL, S_OK };
  CLSID of_file;
  HRESULT status = S_OK;
  DWORD i;

  if (!name || !count || !results)
    return E_INVALIDARG;
  for (i = 0; i < count; i++) {
    if (!results[i].pIID)
      return E_INVALIDARG;
    results[i].pItf = NULL;
    results[i].hr = E_NOINTERFACE;
  }
  if (!clsid) {
    clsid = &of_file;
    status = GetClassFile(name, clsid);
  }
  if (SUCCEEDED(status))
    status = CoCreateInstanceEx(clsid, outer, class_context, server, 1, &object);
  if (FAILED(status))
    return status;
  status = load_file(object.pItf, name, mode);
  if (SUCCEEDED(status))
    status = query_all(object.pItf, count, results);
  IUnknown_Release(object.pItf);
  return status;
}
