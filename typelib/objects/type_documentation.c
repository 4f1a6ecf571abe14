/* type_documentation.c - names, help strings, help contexts and help files of libraries, types and members. */
#include "typelib/objects/type_objects.h"

/* What is known of one thing; the help file and the help DLL are always the library's. */
typedef struct Described {
  TypeLibrary *library;
  NameId name;
  Documentation documentation;
} Described;

static HRESULT give_text(const LibraryReader *reader, LibraryText text, BSTR *out) {
  if (!out)
    return S_OK;
  return text.packed && text.bytes ? reader->methods->unpack(reader, text, out) : library_text_to_bstr(text, out);
}

static void free_text(BSTR *text) {
  if (text) {
    SysFreeString(*text);
    *text = NULL;
  }
}

static HRESULT give(const Described *described, BSTR *name, BSTR *help, DWORD *context, BSTR *file) {
  const LibraryReader *reader = described->library->reader;
  HRESULT hr = give_text(reader, reader->methods->name_text(reader, described->name), name);

  if (SUCCEEDED(hr))
    hr = give_text(reader, described->documentation.help_string, help);
  if (SUCCEEDED(hr))
    hr = give_text(reader, described->library->facts.help_file, file);
  if (FAILED(hr)) {
    free_text(name);
    free_text(help);
    return hr;
  }
  if (context)
    *context = described->documentation.help_context;
  return S_OK;
}

/* The text for a help string context stands in a DLL of the maker's, for the machine that it was made for; only what the
 * library itself stores can be given here. */
static HRESULT give2(const Described *described, BSTR *help, DWORD *context, BSTR *dll) {
  const LibraryReader *reader = described->library->reader;
  HRESULT hr = give_text(reader, described->documentation.help_string, help);

  if (SUCCEEDED(hr))
    hr = give_text(reader, described->library->facts.help_dll, dll);
  if (FAILED(hr)) {
    free_text(help);
    return hr;
  }
  if (context)
    *context = described->documentation.help_string_context;
  return S_OK;
}

static void clear(BSTR *one, BSTR *two, BSTR *three, DWORD *context) {
  if (one)
    *one = NULL;
  if (two)
    *two = NULL;
  if (three)
    *three = NULL;
  if (context)
    *context = 0;
}

static HRESULT describe_own_member(TypeInfo *self, UINT index, Described *described) {
  const LibraryReader *reader = self->library->reader;
  FunctionDetails function;
  VariableFacts variable;
  const MemberKey *keys;
  HRESULT hr = type_keys(self, &keys);

  if (FAILED(hr))
    return hr;
  described->library = self->library;
  described->name = keys[index].name;
  if (index < self->facts.function_count) {
    hr = reader->methods->read_function_details(reader, self->index, index, &function);
    described->documentation = function.documentation;
  } else {
    hr = reader->methods->read_variable(reader, self->index, index - self->facts.function_count, &variable);
    described->documentation = variable.documentation;
  }
  return hr;
}

/* On success *owner holds the library that `described` points into. */
static HRESULT describe_member(TypeInfo *self, MEMBERID memid, unsigned level, Described *described, TypeInfo **owner) {
  TypeInfo *base;
  UINT index;
  HRESULT hr;

  if (memid == MEMBERID_NIL) {
    described->library = self->library;
    described->name = self->facts.name;
    described->documentation = self->facts.documentation;
    hr = S_OK;
  } else {
    hr = type_find_memid(self, memid, &index);
    if (SUCCEEDED(hr))
      hr = describe_own_member(self, index, described);
  }
  if (SUCCEEDED(hr)) {
    ITypeInfo2_AddRef(&self->info);
    *owner = self;
    return S_OK;
  }
  if (hr != TYPE_E_ELEMENTNOTFOUND || level >= BASE_LIMIT || FAILED(type_next_scope(self, &base)))
    return hr;
  hr = describe_member(base, memid, level + 1, described, owner);
  type_info_release(base);
  return hr;
}

HRESULT TypeInfo_GetDocumentation(ITypeInfo2 *face, MEMBERID memid, BSTR *name, BSTR *help, DWORD *context,
                                  BSTR *file) {
  Described described;
  TypeInfo *owner;
  HRESULT hr;

  clear(name, help, file, context);
  hr = describe_member(type_info_from(face), memid, 0, &described, &owner);
  if (FAILED(hr))
    return hr;
  hr = give(&described, name, help, context, file);
  type_info_release(owner);
  return hr;
}

HRESULT TypeInfo_GetDocumentation2(ITypeInfo2 *face, MEMBERID memid, LCID lcid, BSTR *help, DWORD *context, BSTR *dll) {
  Described described;
  TypeInfo *owner;
  HRESULT hr;

  (void)lcid;
  clear(help, dll, NULL, context);
  hr = describe_member(type_info_from(face), memid, 0, &described, &owner);
  if (FAILED(hr))
    return hr;
  hr = give2(&described, help, context, dll);
  type_info_release(owner);
  return hr;
}

static HRESULT describe_library_item(TypeLibrary *self, INT index, Described *described) {
  const LibraryReader *reader = self->reader;
  TypeFacts facts;
  HRESULT hr;

  described->library = self;
  if (index < 0) {
    described->name = self->facts.name;
    described->documentation = self->facts.documentation;
    return S_OK;
  }
  if ((UINT)index >= self->facts.type_count)
    return TYPE_E_ELEMENTNOTFOUND;
  hr = reader->methods->read_type(reader, (UINT)index, &facts);
  described->name = facts.name;
  described->documentation = facts.documentation;
  return hr;
}

HRESULT TypeLibrary_GetDocumentation(ITypeLib2 *face, INT index, BSTR *name, BSTR *help, DWORD *context, BSTR *file) {
  Described described;
  HRESULT hr;

  clear(name, help, file, context);
  hr = describe_library_item(type_library_from(face), index, &described);
  return FAILED(hr) ? hr : give(&described, name, help, context, file);
}

HRESULT TypeLibrary_GetDocumentation2(ITypeLib2 *face, INT index, LCID lcid, BSTR *help, DWORD *context, BSTR *dll) {
  Described described;
  HRESULT hr;

  (void)lcid;
  clear(help, dll, NULL, context);
  hr = describe_library_item(type_library_from(face), index, &described);
  return FAILED(hr) ? hr : give2(&described, help, context, dll);
}
