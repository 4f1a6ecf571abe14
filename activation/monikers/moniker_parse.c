/* From names to monikers: MkParseDisplayName. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "activation/monikers/file_path.h"
#include "activation/monikers/moniker_internal.h"
#include "com/com_api.h"

#define SESSION_UNITS 8 /* "Session:" */
#define CONSOLE_UNITS 7 /* "Console" */

static bool begins_with(const OLECHAR *name, const OLECHAR *prefix) {
  while (*prefix && caseless_upper(*name) == caseless_upper(*prefix)) {
    name++;
    prefix++;
  }
  return !*prefix;
}

/* "@ProgID": as many units as a ProgID may have, which are letters, digits and few signs. */
static size_t marked_progid(const OLECHAR *start) {
  size_t units = 0;

  while (start[units] >= 0x80 || start[units] == '.' || start[units] == '_' || start[units] == '-' ||
         (start[units] >= '0' && start[units] <= '9') ||
         (caseless_upper(start[units]) >= 'A' && caseless_upper(start[units]) <= 'Z'))
    units++;
  return units;
}

/* "ProgID:rest": what stands before the colon. One letter is a drive. */
static size_t leading_progid(const OLECHAR *start) {
  size_t units = 0;

  while (start[units] && start[units] != ':' && start[units] != '/' && start[units] != '\\')
    units++;
  return start[units] == ':' && units > 1 ? units : 0;
}

/* The class that a name begins with. S_FALSE when it does not look so, or there is no such class. */
static HRESULT class_of_name(const OLECHAR *name, CLSID *clsid) {
  bool marked = *name == '@';
  const OLECHAR *start = name + marked;
  size_t units = marked ? marked_progid(start) : leading_progid(start);

  if (!units)
    return S_FALSE;
  OLECHAR *progid = wide_copy(start, units);
  if (!progid)
    return E_OUTOFMEMORY;
  HRESULT status = CLSIDFromProgID(progid, clsid);
  free(progid);
  return SUCCEEDED(status) || status == E_OUTOFMEMORY ? status : S_FALSE;
}

/* The class parses the whole name: its class object, or else an instance. */
static HRESULT parse_by_class(IBindCtx *context, LPOLESTR name, ULONG *eaten, IMoniker **result) {
  IParseDisplayName *parser;
  CLSID clsid;
  HRESULT status = class_of_name(name, &clsid);

  if (status != S_OK)
    return status;
  status = CoGetClassObject(&clsid, CLSCTX_ALL, NULL, &IID_IParseDisplayName, (void **)&parser);
  if (FAILED(status) && status != E_OUTOFMEMORY)
    status = CoCreateInstance(&clsid, NULL, CLSCTX_ALL, &IID_IParseDisplayName, (void **)&parser);
  if (FAILED(status))
    return status;
  status = IParseDisplayName_ParseDisplayName(parser, context, name, eaten, result);
  IParseDisplayName_Release(parser);
  return SUCCEEDED(status) ? S_OK : status;
}

/* Whether there is such a file; `whole` allows a folder too. */
static bool file_exists(const OLECHAR *path, bool whole) {
  struct stat status;
  char *narrow = utf8_copy(path);
  bool exists = narrow && stat(narrow, &status) == 0 && (whole || !S_ISDIR(status.st_mode));

  free(narrow);
  return exists;
}

/* The file moniker for path, from the root on, when it exists or runs; else MK_E_CANTOPENFILE. */
static HRESULT existing_file(IBindCtx *context, const OLECHAR *path, bool whole, IMoniker **result) {
  IMoniker *moniker = NULL;
  OLECHAR *from_root = path_from_root(path);
  HRESULT status = from_root ? CreateFileMoniker(from_root, &moniker) : E_OUTOFMEMORY;

  free(from_root);
  if (FAILED(status))
    return status;
  if (file_exists(path, whole) || running_has(context, moniker) == S_OK) {
    *result = moniker;
    return S_OK;
  }
  IMoniker_Release(moniker);
  return MK_E_CANTOPENFILE;
}

/* The longest beginning of the name that is a running file moniker or an existing file. */
static HRESULT parse_file(IBindCtx *context, const OLECHAR *name, ULONG *eaten, IMoniker **result) {
  size_t units = utf16_units(name);
  OLECHAR *path = wide_copy(name, units);
  HRESULT status = path ? MK_E_CANTOPENFILE : E_OUTOFMEMORY;

  while (status == MK_E_CANTOPENFILE && units) {
    path[units] = 0;
    status = existing_file(context, path, !name[units], result);
    if (SUCCEEDED(status))
      *eaten = (ULONG)units;
    else if (status == MK_E_CANTOPENFILE)
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

  while (name[units] && name[units] != '!')
    units++;
  if (units == 1)
    return MK_E_SYNTAX;
  OLECHAR *item = wide_copy(name + 1, units - 1);
  if (!item)
    return E_OUTOFMEMORY;
  HRESULT status = CreateItemMoniker(u"!", item, result);
  free(item);
  *eaten = (ULONG)units;
  return status;
}

/* "Session:Console!" and "Session:N!" with the number of the own session: all classes live in it, so what follows is parsed as
 * if it stood alone. Other sessions are out of reach. The units of the prefix, or 0. */
static size_t session_prefix(const OLECHAR *name) {
  const char *own = secure_getenv("XDG_SESSION_ID");
  const OLECHAR *session = name + SESSION_UNITS;
  bool known = begins_with(session, u"Console");
  size_t units = known ? CONSOLE_UNITS : 0;

  while (!known && own && own[units] && session[units] == (unsigned char)own[units])
    known = !own[++units];
  if (!known || session[units] != '!' || !begins_with(session + units + 1, u"clsid:"))
    return 0;
  return SESSION_UNITS + units + 1;
}

static HRESULT parse_session(LPOLESTR name, ULONG *eaten, IMoniker **result) {
  size_t prefix = session_prefix(name);
  HRESULT status = prefix ? class_moniker_parse(name + prefix, eaten, result) : MK_E_SYNTAX;

  if (SUCCEEDED(status))
    *eaten += (ULONG)prefix;
  return status;
}

static HRESULT parse_start(IBindCtx *context, LPOLESTR name, ULONG *eaten, IMoniker **result) {
  if (begins_with(name, u"clsid:"))
    return class_moniker_parse(name, eaten, result);
  if (begins_with(name, u"new:"))
    return new_moniker_parse(name, eaten, result);
  if (begins_with(name, u"objref:"))
    return objref_moniker_parse(name, eaten, result);
  if (begins_with(name, u"session:"))
    return parse_session(name, eaten, result);
  if (name[0] == '!')
    return parse_item(name, eaten, result);
  HRESULT status = parse_by_class(context, name, eaten, result);
  if (status != S_FALSE)
    return status;
  status = parse_file(context, name, eaten, result);
  if (status != MK_E_CANTOPENFILE)
    return status;
  /* What looks like a class name that nobody knows is a matter of syntax, not of files. */
  return leading_progid(name) ? MK_E_SYNTAX : status;
}

/* Parses one more piece with the moniker made so far, and puts it behind that. */
static HRESULT parse_piece(IBindCtx *context, LPOLESTR name, ULONG *eaten, IMoniker **moniker) {
  IMoniker *next = NULL;
  IMoniker *joined = NULL;
  ULONG more = 0;
  HRESULT status = IMoniker_ParseDisplayName(*moniker, context, NULL, name + *eaten, &more, &next);

  if (SUCCEEDED(status) && (!next || !more || more > utf16_units(name + *eaten)))
    status = MK_E_SYNTAX; /* a parser that makes no progress */
  if (SUCCEEDED(status))
    status = CreateGenericComposite(*moniker, next, &joined);
  if (next)
    IMoniker_Release(next);
  if (FAILED(status))
    return status;
  IMoniker_Release(*moniker);
  *moniker = joined;
  *eaten += more;
  return joined ? S_OK : MK_E_SYNTAX;
}

HRESULT MkParseDisplayName(IBindCtx *context, LPCOLESTR text, ULONG *eaten, IMoniker **result) {
  LPOLESTR name = (LPOLESTR)(uintptr_t)text; /* the interfaces take text that they do not change as if they might */
  IMoniker *moniker = NULL;

  if (!context || !text || !*text || !eaten || !result)
    return E_INVALIDARG;
  *eaten = 0;
  *result = NULL;
  HRESULT status = parse_start(context, name, eaten, &moniker);
  if (SUCCEEDED(status) && (!moniker || *eaten > utf16_units(text)))
    status = MK_E_SYNTAX;
  while (SUCCEEDED(status) && name[*eaten])
    status = parse_piece(context, name, eaten, &moniker);
  if (SUCCEEDED(status))
    *result = moniker;
  else if (moniker)
    IMoniker_Release(moniker);
  return SUCCEEDED(status) ? S_OK : status;
}
