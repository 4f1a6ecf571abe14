/* type_entry.c - the functions of modules: their entries in a DLL, and their addresses in a shared object. */
#include "typelib/objects/type_objects.h"

#include "com/com_api.h"

#include <dlfcn.h>
#include <stdlib.h>

static HRESULT find_entry(TypeInfo *self, MEMBERID memid, INVOKEKIND invkind, FunctionDetails *details) {
  const LibraryReader *reader = self->library->reader;
  UINT index;
  HRESULT hr;

  if (self->facts.kind != TKIND_MODULE)
    return TYPE_E_BADMODULEKIND;
  hr = type_find_function_memid(self, memid, (UINT)invkind, &index);
  return FAILED(hr) ? hr : reader->methods->read_function_details(reader, self->index, index, details);
}

#define ENTRY_BY_NAME ((WORD)-1) /* the ordinal of an entry that has a name */

HRESULT TypeInfo_GetDllEntry(ITypeInfo2 *face, MEMBERID memid, INVOKEKIND invkind, BSTR *dll, BSTR *name,
                             WORD *ordinal) {
  TypeInfo *self = type_info_from(face);
  FunctionDetails details;
  HRESULT hr;

  if (dll)
    *dll = NULL;
  if (name)
    *name = NULL;
  if (ordinal)
    *ordinal = 0;
  hr = find_entry(self, memid, invkind, &details);
  if (SUCCEEDED(hr) && dll)
    hr = library_text_to_bstr(self->facts.dll, dll);
  if (SUCCEEDED(hr) && name)
    hr = library_text_to_bstr(details.entry, name);
  if (SUCCEEDED(hr) && ordinal)
    *ordinal = details.entry.bytes ? ENTRY_BY_NAME : details.ordinal;
  if (FAILED(hr) && dll) {
    SysFreeString(*dll);
    *dll = NULL;
  }
  return hr;
}

static char *text_utf8(LibraryText text) {
  BSTR wide;
  char *narrow = NULL;

  if (text.bytes && SUCCEEDED(library_text_to_bstr(text, &wide))) {
    narrow = utf8_copy(wide);
    SysFreeString(wide);
  }
  return narrow;
}

/* The module stays loaded: its address was given out. Shared objects have no ordinals. */
HRESULT TypeInfo_AddressOfMember(ITypeInfo2 *face, MEMBERID memid, INVOKEKIND invkind, PVOID *address) {
  TypeInfo *self = type_info_from(face);
  FunctionDetails details;
  char *dll, *entry;
  void *module;
  HRESULT hr;

  if (!address)
    return E_INVALIDARG;
  *address = NULL;
  hr = find_entry(self, memid, invkind, &details);
  if (FAILED(hr))
    return hr;
  dll = text_utf8(self->facts.dll);
  entry = text_utf8(details.entry);
  module = dll ? dlopen(dll, RTLD_NOW | RTLD_LOCAL) : NULL;
  hr = module ? TYPE_E_DLLFUNCTIONNOTFOUND : TYPE_E_CANTLOADLIBRARY;
  if (module && entry) {
    *address = dlsym(module, entry);
    if (*address)
      hr = S_OK;
  }
  if (module && FAILED(hr))
    dlclose(module);
  free(dll);
  free(entry);
  return hr;
}
