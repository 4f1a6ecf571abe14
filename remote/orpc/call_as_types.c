/* ITypeInfo, ITypeLib and ITypeComp as they travel, [MS-OAUT] 3.7: descriptions go whole, and the client frees its copies
 * itself. What a caller does not ask for is said in flags. Descriptions: remote/ndr/automation.h. */
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/call_as.h"
#include "remote/ndr/automation.h"

/* Which of four texts are wanted: bits of refPtrFlags. */
enum { WANT_NAME = 1, WANT_DOC = 2, WANT_CONTEXT = 4, WANT_FILE = 8 };

static HRESULT put_nothing(NdrWriter *writer, void *const *arguments) {
  (void)arguments;
  return writer->error;
}

static void clear_argument(void *const *arguments, unsigned k) {
  void **to = ARGUMENT(void **, arguments, k);
  if (to)
    *to = NULL;
}

/* GetTypeAttr, GetFuncDesc, GetVarDesc, GetLibAttr: a description, a reserved number, the result. */

static HRESULT put_index(NdrWriter *writer, void *const *arguments) {
  ndr_put_u32(writer, ARGUMENT(uint32_t, arguments, 0));
  return writer->error;
}

/* The end of the reply, behind the description. A success without one is none. */
static HRESULT finish_reply(NdrReader *reader, const void *description) {
  ndr_get_u32(reader);
  HRESULT status = get_result(reader);
  return SUCCEEDED(status) && !description ? E_UNEXPECTED : status;
}

#define DEFINE_GET(name, Native, get, release, k)                                                                      \
  static HRESULT name(NdrReader *reader, void *const *arguments) {                                                     \
    Native *description, **to = ARGUMENT(Native **, arguments, k);                                                     \
    get(reader, &description);                                                                                         \
    HRESULT status = finish_reply(reader, description);                                                                \
    if (FAILED(status) || !to) {                                                                                       \
      release(description);                                                                                            \
      description = NULL;                                                                                              \
    }                                                                                                                  \
    if (to)                                                                                                            \
      *to = description;                                                                                               \
    return status;                                                                                                     \
  }

DEFINE_GET(get_type_attr, TYPEATTR, ndr_get_typeattr, ndr_release_typeattr, 0)
DEFINE_GET(get_func_desc, FUNCDESC, ndr_get_funcdesc, ndr_release_funcdesc, 1)
DEFINE_GET(get_var_desc, VARDESC, ndr_get_vardesc, ndr_release_vardesc, 1)
DEFINE_GET(get_lib_attr, TLIBATTR, ndr_get_tlibattr, ndr_release_tlibattr, 0)

static void clear_first(void *const *arguments) {
  clear_argument(arguments, 0);
}
static void clear_second(void *const *arguments) {
  clear_argument(arguments, 1);
}

static void finish_description(WireServe *serve, HRESULT status) {
  ndr_put_u32(serve->writer, 0);
  ndr_put_u32(serve->writer, (uint32_t)status);
}

static void serve_type_attr(WireServe *serve) {
  ITypeInfo *info = serve->object;
  TYPEATTR *attributes = NULL;
  HRESULT status = ITypeInfo_GetTypeAttr(info, &attributes);
  serve->answer(serve, status);
  ndr_put_typeattr(serve->writer, SUCCEEDED(status) ? attributes : NULL);
  if (SUCCEEDED(status))
    ITypeInfo_ReleaseTypeAttr(info, attributes);
  finish_description(serve, status);
}

static void serve_func_desc(WireServe *serve) {
  ITypeInfo *info = serve->object;
  FUNCDESC *description = NULL;
  UINT index = ndr_get_u32(serve->reader);
  if (serve->reader->error)
    return;
  HRESULT status = ITypeInfo_GetFuncDesc(info, index, &description);
  serve->answer(serve, status);
  ndr_put_funcdesc(serve->writer, SUCCEEDED(status) ? description : NULL);
  if (SUCCEEDED(status))
    ITypeInfo_ReleaseFuncDesc(info, description);
  finish_description(serve, status);
}

static void serve_var_desc(WireServe *serve) {
  ITypeInfo *info = serve->object;
  VARDESC *description = NULL;
  UINT index = ndr_get_u32(serve->reader);
  if (serve->reader->error)
    return;
  HRESULT status = ITypeInfo_GetVarDesc(info, index, &description);
  serve->answer(serve, status);
  ndr_put_vardesc(serve->writer, SUCCEEDED(status) ? description : NULL);
  if (SUCCEEDED(status))
    ITypeInfo_ReleaseVarDesc(info, description);
  finish_description(serve, status);
}

static void serve_lib_attr(WireServe *serve) {
  ITypeLib *library = serve->object;
  TLIBATTR *attributes = NULL;
  HRESULT status = ITypeLib_GetLibAttr(library, &attributes);
  serve->answer(serve, status);
  ndr_put_tlibattr(serve->writer, SUCCEEDED(status) ? attributes : NULL);
  if (SUCCEEDED(status))
    ITypeLib_ReleaseTLibAttr(library, attributes);
  finish_description(serve, status);
}

/* ReleaseTypeAttr and its like never leave. */
static void release_type_attr(const ClosureCall *call) {
  ndr_release_typeattr(ARGUMENT(TYPEATTR *, call->arguments, 0));
}
static void release_func_desc(const ClosureCall *call) {
  ndr_release_funcdesc(ARGUMENT(FUNCDESC *, call->arguments, 0));
}
static void release_var_desc(const ClosureCall *call) {
  ndr_release_vardesc(ARGUMENT(VARDESC *, call->arguments, 0));
}
static void release_lib_attr(const ClosureCall *call) {
  ndr_release_tlibattr(ARGUMENT(TLIBATTR *, call->arguments, 0));
}

static void refuse(const ClosureCall *call) {
  *(HRESULT *)call->result = E_NOTIMPL;
}

/* GetDocumentation(member, name, doc, context, file) */

static HRESULT put_documentation(NdrWriter *writer, void *const *arguments) {
  uint32_t flags = 0;
  for (unsigned k = 1; k <= 4; k++) {
    if (ARGUMENT(void *, arguments, k))
      flags |= 1u << (k - 1);
  }
  ndr_put_u32(writer, ARGUMENT(uint32_t, arguments, 0));
  ndr_put_u32(writer, flags);
  return writer->error;
}

static HRESULT get_documentation(NdrReader *reader, void *const *arguments) {
  BSTR name = NULL, doc = NULL, file = NULL;
  ndr_get_bstr(reader, &name);
  ndr_get_bstr(reader, &doc);
  uint32_t context = ndr_get_u32(reader);
  ndr_get_bstr(reader, &file);
  HRESULT status = get_result(reader);
  store_bstr(arguments, 1, name);
  store_bstr(arguments, 2, doc);
  store_u32(arguments, 3, context);
  store_bstr(arguments, 4, file);
  return status;
}

static void clear_documentation(void *const *arguments) {
  clear_argument(arguments, 1);
  clear_argument(arguments, 2);
  store_u32(arguments, 3, 0);
  clear_argument(arguments, 4);
}

typedef struct Documentation {
  BSTR name, doc, file;
  DWORD context;
} Documentation;

static void answer_documentation(WireServe *serve, HRESULT status, Documentation *texts) {
  serve->answer(serve, status);
  ndr_put_bstr(serve->writer, texts->name);
  ndr_put_bstr(serve->writer, texts->doc);
  ndr_put_u32(serve->writer, texts->context);
  ndr_put_bstr(serve->writer, texts->file);
  ndr_put_u32(serve->writer, (uint32_t)status);
}

static void documentation_end(void *state) {
  Documentation *texts = state;
  SysFreeString(texts->name);
  SysFreeString(texts->doc);
  SysFreeString(texts->file);
}

#define WANTED(flag, place) (flags & (flag) ? (place) : NULL)

static void serve_documentation(WireServe *serve) {
  Documentation *texts = serve->state;
  MEMBERID member = (MEMBERID)ndr_get_u32(serve->reader);
  uint32_t flags = ndr_get_u32(serve->reader);
  if (serve->reader->error)
    return;
  HRESULT status = ITypeInfo_GetDocumentation((ITypeInfo *)serve->object, member, WANTED(WANT_NAME, &texts->name),
                                              WANTED(WANT_DOC, &texts->doc), WANTED(WANT_CONTEXT, &texts->context),
                                              WANTED(WANT_FILE, &texts->file));
  answer_documentation(serve, status, texts);
}

static void serve_library_documentation(WireServe *serve) {
  Documentation *texts = serve->state;
  INT index = (INT)ndr_get_u32(serve->reader);
  uint32_t flags = ndr_get_u32(serve->reader);
  if (serve->reader->error)
    return;
  HRESULT status = ITypeLib_GetDocumentation((ITypeLib *)serve->object, index, WANTED(WANT_NAME, &texts->name),
                                             WANTED(WANT_DOC, &texts->doc), WANTED(WANT_CONTEXT, &texts->context),
                                             WANTED(WANT_FILE, &texts->file));
  answer_documentation(serve, status, texts);
}

/* GetDllEntry(member, kind, dll, name, ordinal) */

static HRESULT put_dll_entry(NdrWriter *writer, void *const *arguments) {
  uint32_t flags = 0;
  for (unsigned k = 2; k <= 4; k++) {
    if (ARGUMENT(void *, arguments, k))
      flags |= 1u << (k - 2);
  }
  ndr_put_u32(writer, ARGUMENT(uint32_t, arguments, 0));
  ndr_put_u32(writer, ARGUMENT(uint32_t, arguments, 1));
  ndr_put_u32(writer, flags);
  return writer->error;
}

static HRESULT get_dll_entry(NdrReader *reader, void *const *arguments) {
  BSTR dll = NULL, name = NULL;
  ndr_get_bstr(reader, &dll);
  ndr_get_bstr(reader, &name);
  uint16_t ordinal = ndr_get_u16(reader);
  HRESULT status = get_result(reader);
  WORD *to = ARGUMENT(WORD *, arguments, 4);
  store_bstr(arguments, 2, dll);
  store_bstr(arguments, 3, name);
  if (to)
    *to = ordinal;
  return status;
}

static void clear_dll_entry(void *const *arguments) {
  clear_argument(arguments, 2);
  clear_argument(arguments, 3);
}

static void serve_dll_entry(WireServe *serve) {
  Documentation *texts = serve->state;
  WORD ordinal = 0;
  MEMBERID member = (MEMBERID)ndr_get_u32(serve->reader);
  INVOKEKIND kind = (INVOKEKIND)ndr_get_u32(serve->reader);
  uint32_t flags = ndr_get_u32(serve->reader);
  if (serve->reader->error)
    return;
  HRESULT status = ITypeInfo_GetDllEntry((ITypeInfo *)serve->object, member, kind, WANTED(1, &texts->name),
                                         WANTED(2, &texts->doc), WANTED(4, &ordinal));
  serve->answer(serve, status);
  ndr_put_bstr(serve->writer, texts->name);
  ndr_put_bstr(serve->writer, texts->doc);
  ndr_put_u16(serve->writer, ordinal);
  ndr_put_u32(serve->writer, (uint32_t)status);
}

/* ITypeLib::GetTypeInfoCount: its result is the number */

static HRESULT get_type_count(NdrReader *reader, void *const *arguments, void *result) {
  (void)arguments;
  uint32_t count = ndr_get_u32(reader);
  HRESULT status = get_result(reader);
  *(UINT *)result = SUCCEEDED(status) ? count : 0;
  return status;
}

static void serve_type_count(WireServe *serve) {
  UINT count = ITypeLib_GetTypeInfoCount((ITypeLib *)serve->object);
  serve->answer(serve, S_OK);
  ndr_put_u32(serve->writer, count);
  ndr_put_u32(serve->writer, S_OK);
}

/* IsName(text, hash, found) and FindName(text, hash, infos, members, count): the library's spelling takes the place of the
 * caller's, whose room is as long as that. */

static HRESULT put_name(NdrWriter *writer, void *const *arguments) {
  const OLECHAR *text = ARGUMENT(const OLECHAR *, arguments, 0);
  size_t length = 0;
  if (!text)
    return E_INVALIDARG;
  while (text[length])
    length++;
  ndr_put_pointer(writer, text);
  ndr_put_text(writer, text, sizeof *text, (uint32_t)length + 1);
  ndr_put_u32(writer, ARGUMENT(uint32_t, arguments, 1));
  return writer->error;
}

static void store_spelling(void *const *arguments, BSTR spelling) {
  OLECHAR *text = ARGUMENT(OLECHAR *, arguments, 0);
  size_t length = 0;
  while (text[length])
    length++;
  if (spelling && SysStringLen(spelling) == length)
    memcpy(text, spelling, length * sizeof *text);
  SysFreeString(spelling);
}

static HRESULT get_is_name(NdrReader *reader, void *const *arguments) {
  BSTR spelling = NULL;
  BOOL found = (BOOL)ndr_get_u32(reader);
  ndr_get_bstr(reader, &spelling);
  HRESULT status = get_result(reader);
  BOOL *to = ARGUMENT(BOOL *, arguments, 2);
  if (to)
    *to = found;
  if (found && SUCCEEDED(status))
    store_spelling(arguments, spelling);
  else
    SysFreeString(spelling);
  return status;
}

/* A copy that the object may write to; NULL: failed. */
static OLECHAR *get_name(NdrReader *reader) {
  uint32_t count;
  if (!ndr_get_pointer(reader)) {
    ndr_fail(reader, NDR_BAD_STUB_DATA);
    return NULL;
  }
  const uint8_t *text = ndr_get_text(reader, sizeof(OLECHAR), &count);
  OLECHAR *copy = text ? malloc(count * sizeof *copy) : NULL;
  if (copy)
    memcpy(copy, text, count * sizeof *copy);
  else
    ndr_fail(reader, E_OUTOFMEMORY);
  return copy;
}

static void serve_is_name(WireServe *serve) {
  OLECHAR *name = get_name(serve->reader);
  ULONG hash = ndr_get_u32(serve->reader);
  BOOL found = FALSE;
  if (!serve->reader->error) {
    HRESULT status = ITypeLib_IsName((ITypeLib *)serve->object, name, hash, &found);
    BSTR spelling = found ? SysAllocString(name) : NULL;
    serve->answer(serve, status);
    ndr_put_u32(serve->writer, (uint32_t)found);
    ndr_put_bstr(serve->writer, spelling);
    ndr_put_u32(serve->writer, (uint32_t)status);
    SysFreeString(spelling);
  }
  free(name);
}

static HRESULT put_find_name(NdrWriter *writer, void *const *arguments) {
  const USHORT *count = ARGUMENT(USHORT *, arguments, 4);
  if (!count || !ARGUMENT(void *, arguments, 2) || !ARGUMENT(void *, arguments, 3))
    return E_INVALIDARG;
  HRESULT status = put_name(writer, arguments);
  ndr_put_u16(writer, *count);
  return FAILED(status) ? status : writer->error;
}

/* Both arrays are as long as was asked for, of which so many elements came. */
static uint32_t get_extent(NdrReader *reader, uint32_t most) {
  ndr_get_u32(reader);
  ndr_get_u32(reader);
  uint32_t count = ndr_get_count(reader, 4);
  if (count > most)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  return reader->error ? 0 : count;
}

static HRESULT get_find_name(NdrReader *reader, void *const *arguments) {
  USHORT *asked = ARGUMENT(USHORT *, arguments, 4);
  ITypeInfo **infos = ARGUMENT(ITypeInfo **, arguments, 2);
  MEMBERID *members = ARGUMENT(MEMBERID *, arguments, 3);
  BSTR spelling = NULL;
  uint32_t count = get_extent(reader, *asked), present = 0;
  const uint8_t *marks = ndr_get_bytes(reader, 4 * (size_t)count);
  memset(infos, 0, *asked * sizeof *infos);
  for (; present < count && !reader->error; present++) {
    if (little_u32(marks + 4 * (size_t)present))
      ndr_get_interface_body(reader, &IID_ITypeInfo, (void **)&infos[present]);
  }
  uint32_t numbers = get_extent(reader, *asked);
  for (uint32_t i = 0; i < numbers; i++)
    members[i] = (MEMBERID)ndr_get_u32(reader);
  uint16_t found = ndr_get_u16(reader);
  ndr_get_bstr(reader, &spelling);
  HRESULT status = get_result(reader);
  for (uint32_t i = 0; reader->error && i < present; i++) {
    if (infos[i])
      ITypeInfo_Release(infos[i]);
    infos[i] = NULL;
  }
  if (SUCCEEDED(status) && found)
    store_spelling(arguments, spelling);
  else
    SysFreeString(spelling);
  *asked = reader->error ? 0 : (USHORT)(found < count ? found : count);
  return status;
}

static void serve_find_name(WireServe *serve) {
  enum { FOUND_LIMIT = 4096 };
  OLECHAR *name = get_name(serve->reader);
  ULONG hash = ndr_get_u32(serve->reader);
  USHORT count = ndr_get_u16(serve->reader), asked = count;
  if (count > FOUND_LIMIT)
    ndr_fail(serve->reader, NDR_BAD_STUB_DATA);
  ITypeInfo **infos = serve->reader->error ? NULL : calloc(count + (size_t)1, sizeof *infos);
  MEMBERID *members = serve->reader->error ? NULL : calloc(count + (size_t)1, sizeof *members);
  if (!serve->reader->error && (!infos || !members))
    ndr_fail(serve->reader, E_OUTOFMEMORY);
  if (!serve->reader->error) {
    HRESULT status = ITypeLib_FindName((ITypeLib *)serve->object, name, hash, infos, members, &count);
    if (FAILED(status) || count > asked)
      count = FAILED(status) ? 0 : asked;
    BSTR spelling = count ? SysAllocString(name) : NULL;
    serve->answer(serve, status);
    ndr_put_u32(serve->writer, asked);
    ndr_put_u32(serve->writer, 0);
    ndr_put_u32(serve->writer, count);
    for (USHORT i = 0; i < count; i++)
      ndr_put_pointer(serve->writer, infos[i]);
    for (USHORT i = 0; i < count; i++) {
      if (infos[i])
        ndr_put_interface_body(serve->writer, &IID_ITypeInfo, (IUnknown *)infos[i]);
    }
    ndr_put_u32(serve->writer, asked);
    ndr_put_u32(serve->writer, 0);
    ndr_put_u32(serve->writer, count);
    for (USHORT i = 0; i < count; i++)
      ndr_put_u32(serve->writer, (uint32_t)members[i]);
    ndr_put_u16(serve->writer, count);
    ndr_put_bstr(serve->writer, spelling);
    ndr_put_u32(serve->writer, (uint32_t)status);
    SysFreeString(spelling);
    for (USHORT i = 0; i < asked; i++) {
      if (infos[i])
        ITypeInfo_Release(infos[i]);
    }
  }
  free(infos);
  free(members);
  free(name);
}

/* ITypeComp::Bind(name, hash, flags, info, kind, pointer): what is found stands in one of four forms. */

static HRESULT put_bind(NdrWriter *writer, void *const *arguments) {
  HRESULT status = put_name(writer, arguments);
  ndr_put_u16(writer, ARGUMENT(uint16_t, arguments, 2));
  return FAILED(status) ? status : writer->error;
}

static HRESULT get_bind(NdrReader *reader, void *const *arguments) {
  ITypeInfo *info = NULL;
  ITypeComp *comp = NULL;
  DESCKIND kind;
  ndr_get_interface(reader, &IID_ITypeInfo, (void **)&info);
  kind = (DESCKIND)ndr_get_u32(reader);
  FUNCDESC *function;
  VARDESC *variable;
  ndr_get_funcdesc(reader, &function);
  ndr_get_vardesc(reader, &variable);
  ndr_get_interface(reader, &IID_ITypeComp, (void **)&comp);
  ndr_get_u32(reader);
  HRESULT status = get_result(reader);
  BINDPTR *pointer = ARGUMENT(BINDPTR *, arguments, 5);
  DESCKIND *kind_to = ARGUMENT(DESCKIND *, arguments, 4);
  bool whole = SUCCEEDED(status) && pointer && kind_to;
  if (pointer)
    memset(pointer, 0, sizeof *pointer);
  if (whole && kind == DESCKIND_FUNCDESC)
    pointer->lpfuncdesc = function, function = NULL;
  else if (whole && (kind == DESCKIND_VARDESC || kind == DESCKIND_IMPLICITAPPOBJ))
    pointer->lpvardesc = variable, variable = NULL;
  else if (whole && kind == DESCKIND_TYPECOMP)
    pointer->lptcomp = comp, comp = NULL;
  if (kind_to)
    *kind_to = whole ? kind : DESCKIND_NONE;
  ndr_release_funcdesc(function);
  ndr_release_vardesc(variable);
  if (comp)
    ITypeComp_Release(comp);
  if (!whole && info) {
    ITypeInfo_Release(info);
    info = NULL;
  }
  store_interface(arguments, 3, (IUnknown *)info);
  return status;
}

static void clear_bind(void *const *arguments) {
  BINDPTR *pointer = ARGUMENT(BINDPTR *, arguments, 5);
  clear_argument(arguments, 3);
  store_u32(arguments, 4, DESCKIND_NONE);
  if (pointer)
    memset(pointer, 0, sizeof *pointer);
}

static void serve_bind(WireServe *serve) {
  OLECHAR *name = get_name(serve->reader);
  ULONG hash = ndr_get_u32(serve->reader);
  WORD flags = ndr_get_u16(serve->reader);
  ITypeInfo *info = NULL;
  DESCKIND kind = DESCKIND_NONE;
  BINDPTR found = { 0 };
  if (serve->reader->error) {
    free(name);
    return;
  }
  NdrWriter *writer = serve->writer;
  HRESULT status = ITypeComp_Bind((ITypeComp *)serve->object, name, hash, flags, &info, &kind, &found);
  bool function = kind == DESCKIND_FUNCDESC, variable = kind == DESCKIND_VARDESC || kind == DESCKIND_IMPLICITAPPOBJ;
  serve->answer(serve, status);
  ndr_put_interface(writer, &IID_ITypeInfo, (IUnknown *)info);
  ndr_put_u32(writer, (uint32_t)kind);
  ndr_put_funcdesc(writer, function ? found.lpfuncdesc : NULL);
  ndr_put_vardesc(writer, variable ? found.lpvardesc : NULL);
  ndr_put_interface(writer, &IID_ITypeComp, kind == DESCKIND_TYPECOMP ? (IUnknown *)found.lptcomp : NULL);
  finish_description(serve, status);
  if (function)
    ITypeInfo_ReleaseFuncDesc(info, found.lpfuncdesc);
  if (variable)
    ITypeInfo_ReleaseVarDesc(info, found.lpvardesc);
  if (kind == DESCKIND_TYPECOMP)
    ITypeComp_Release(found.lptcomp);
  if (info)
    ITypeInfo_Release(info);
  free(name);
}

/* BindType(name, hash, info, comp): the comp is what the info gives. */

static HRESULT get_bind_type(NdrReader *reader, void *const *arguments) {
  ITypeInfo *info = NULL;
  ndr_get_interface(reader, &IID_ITypeInfo, (void **)&info);
  HRESULT status = get_result(reader);
  if (reader->error && info) {
    ITypeInfo_Release(info);
    info = NULL;
  }
  clear_argument(arguments, 3);
  store_interface(arguments, 2, (IUnknown *)info);
  return status;
}

static void clear_bind_type(void *const *arguments) {
  clear_argument(arguments, 2);
  clear_argument(arguments, 3);
}

static void serve_bind_type(WireServe *serve) {
  OLECHAR *name = get_name(serve->reader);
  ULONG hash = ndr_get_u32(serve->reader);
  ITypeInfo *info = NULL;
  ITypeComp *comp = NULL;
  if (!serve->reader->error) {
    HRESULT status = ITypeComp_BindType((ITypeComp *)serve->object, name, hash, &info, &comp);
    serve->answer(serve, status);
    ndr_put_interface(serve->writer, &IID_ITypeInfo, (IUnknown *)info);
    ndr_put_u32(serve->writer, (uint32_t)status);
    if (info)
      ITypeInfo_Release(info);
    if (comp)
      ITypeComp_Release(comp);
  }
  free(name);
}

#define DESCRIBED(interface, number, ask, take, zero, give)                                                            \
  { .iid = &IID_##interface, .slot = number, .put = ask, .get = take, .clear = zero, .serve = give }
#define WITH_TEXTS(interface, number, ask, take, zero, give)                                                           \
  {                                                                                                                    \
    .iid = &IID_##interface, .slot = number, .put = ask, .get = take, .clear = zero, .serve = give,                    \
    .state_size = sizeof(Documentation), .end = documentation_end                                                      \
  }

const CallAs call_as_types[] = {
  DESCRIBED(ITypeInfo, 3, put_nothing, get_type_attr, clear_first, serve_type_attr),
  DESCRIBED(ITypeInfo, 5, put_index, get_func_desc, clear_second, serve_func_desc),
  DESCRIBED(ITypeInfo, 6, put_index, get_var_desc, clear_second, serve_var_desc),
  { .iid = &IID_ITypeInfo, .slot = 11, .local = refuse },
  WITH_TEXTS(ITypeInfo, 12, put_documentation, get_documentation, clear_documentation, serve_documentation),
  WITH_TEXTS(ITypeInfo, 13, put_dll_entry, get_dll_entry, clear_dll_entry, serve_dll_entry),
  { .iid = &IID_ITypeInfo, .slot = 15, .local = refuse },
  { .iid = &IID_ITypeInfo, .slot = 19, .local = release_type_attr },
  { .iid = &IID_ITypeInfo, .slot = 20, .local = release_func_desc },
  { .iid = &IID_ITypeInfo, .slot = 21, .local = release_var_desc },
  { .iid = &IID_ITypeLib, .slot = 3, .put = put_nothing, .get_number = get_type_count, .serve = serve_type_count },
  DESCRIBED(ITypeLib, 7, put_nothing, get_lib_attr, clear_first, serve_lib_attr),
  WITH_TEXTS(ITypeLib, 9, put_documentation, get_documentation, clear_documentation, serve_library_documentation),
  DESCRIBED(ITypeLib, 10, put_name, get_is_name, NULL, serve_is_name),
  DESCRIBED(ITypeLib, 11, put_find_name, get_find_name, NULL, serve_find_name),
  { .iid = &IID_ITypeLib, .slot = 12, .local = release_lib_attr },
  DESCRIBED(ITypeComp, 3, put_bind, get_bind, clear_bind, serve_bind),
  DESCRIBED(ITypeComp, 4, put_name, get_bind_type, clear_bind_type, serve_bind_type),
  { 0 },
};
