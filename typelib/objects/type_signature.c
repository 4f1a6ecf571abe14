/* type_signature.c - the signatures of a type's functions: made when they are first asked for, kept with the type. */
#include "typelib/objects/type_objects.h"

#include <stdlib.h>

static HRESULT own_names(TypeInfo *self, UINT own_index, BSTR **names, UINT *count) {
  const LibraryReader *reader = self->library->reader;
  FunctionFacts facts;
  ParameterFacts parameter;
  UINT index;
  HRESULT hr = reader->methods->read_function(reader, self->index, own_index, &facts);

  if (FAILED(hr))
    return hr;
  *names = calloc(facts.parameter_count + 1u, sizeof **names);
  if (!*names)
    return E_OUTOFMEMORY;
  *count = facts.parameter_count + 1u;
  hr = library_text_to_bstr(reader->methods->name_text(reader, facts.name), &(*names)[0]);
  for (index = 0; SUCCEEDED(hr) && index < facts.parameter_count; index++) {
    hr = reader->methods->read_parameter(reader, self->index, &facts, index, &parameter);
    if (SUCCEEDED(hr) && parameter.name != NO_NAME)
      hr = library_text_to_bstr(reader->methods->name_text(reader, parameter.name), &(*names)[index + 1]);
  }
  return hr;
}

static void free_names(BSTR *names, UINT count) {
  UINT index;

  for (index = 0; index < count; index++)
    SysFreeString(names[index]);
  free(names);
}

/* relative: the type to which the references in desc belong; it differs from self in a dispatch view. */
static HRESULT make_signature(TypeInfo *self, UINT own_index, TypeInfo *relative, const FUNCDESC *desc,
                              const Signature **signature) {
  BSTR *names = NULL;
  UINT count = 0;
  HRESULT hr = own_names(self, own_index, &names, &count);

  if (SUCCEEDED(hr))
    hr = signature_from_funcdesc((ITypeInfo *)&relative->info, desc, names, count, NULL, signature);
  free_names(names, count);
  return hr;
}

static HRESULT signature_places(TypeInfo *self, _Atomic(const Signature *) **places) {
  _Atomic(const Signature *) *none = NULL, *made;

  *places = self->signature_cache;
  if (*places)
    return S_OK;
  made = calloc(self->facts.function_count, sizeof *made);
  if (!made)
    return E_OUTOFMEMORY;
  if (atomic_compare_exchange_strong(&self->signature_cache, &none, made)) {
    *places = made;
  } else {
    free(made);
    *places = none;
  }
  return S_OK;
}

void type_signatures_release(TypeInfo *info) {
  _Atomic(const Signature *) *places = info->signature_cache;
  UINT index;

  for (index = 0; places && index < info->facts.function_count; index++)
    if (places[index])
      signature_release(places[index]);
  free(places);
}

static HRESULT new_signature(TypeInfo *self, UINT own_index, const Signature **signature) {
  FUNCDESC *desc;

  if (self->library->make_signature)
    return self->library->make_signature(self, own_index, signature);
  HRESULT hr = describe_function(self, own_index, 0, &desc);
  if (FAILED(hr))
    return hr;
  hr = make_signature(self, own_index, self, desc, signature);
  desc_block_free(desc_block_of(desc));
  return hr;
}

/* Made once, kept with the type. */
HRESULT type_own_signature(TypeInfo *self, UINT own_index, const Signature **signature) {
  _Atomic(const Signature *) *places;
  const Signature *none = NULL;
  HRESULT hr = signature_places(self, &places);

  if (FAILED(hr))
    return hr;
  *signature = places[own_index];
  if (!*signature) {
    hr = new_signature(self, own_index, signature);
    if (FAILED(hr))
      return hr;
    if (!atomic_compare_exchange_strong(&places[own_index], &none, *signature)) {
      signature_release(*signature);
      *signature = none;
    }
  }
  signature_addref(*signature);
  return S_OK;
}

HRESULT TypeInfo_GetSignature(IOleanderTypeInfo *face, UINT index, const Signature **signature) {
  TypeInfo *self = OBJECT_CONTAINER(face, TypeInfo, signatures), *owner;
  FUNCDESC *desc;
  UINT own_index;
  unsigned level;
  HRESULT hr;

  if (!signature)
    return E_POINTER;
  *signature = NULL;
  hr = type_find_function(self, index, &owner, &own_index, &level);
  if (FAILED(hr))
    return hr;
  if (!type_is_dispatch_view(self)) {
    hr = type_own_signature(owner, own_index, signature);
  } else { /* the dispatch view shows its functions with other parameters than the vtable has */
    hr = TypeInfo_GetFuncDesc(&self->info, index, &desc);
    if (SUCCEEDED(hr)) {
      hr = make_signature(owner, own_index, self, desc, signature);
      TypeInfo_ReleaseFuncDesc(&self->info, desc);
    }
  }
  return hr;
}

#define ANY_INVKIND (INVOKE_FUNC | INVOKE_PROPERTYGET | INVOKE_PROPERTYPUT | INVOKE_PROPERTYPUTREF)

const Signature *type_known_signature(TypeInfo *self, UINT own_index) {
  _Atomic(const Signature *) *places = self->signature_cache;

  return places ? places[own_index] : NULL;
}

/* How a function is called and whether it is restricted: from its signature where that is known, so that a call that was
 * made before reads nothing of the file. */
static HRESULT call_kind(TypeInfo *self, UINT own_index, UINT *invkind, bool *restricted) {
  const LibraryReader *reader = self->library->reader;
  const Signature *known = type_known_signature(self, own_index);
  FunctionFacts facts;
  HRESULT hr;

  if (known) {
    *invkind = (UINT)known->invkind;
    *restricted = (known->flags & SIGNATURE_RESTRICTED) != 0;
    return S_OK;
  }
  hr = reader->methods->read_function(reader, self->index, own_index, &facts);
  if (SUCCEEDED(hr)) {
    *invkind = (UINT)facts.invkind;
    *restricted = (facts.flags & FUNCFLAG_FRESTRICTED) != 0;
  }
  return hr;
}

HRESULT type_find_own(TypeInfo *self, const WantedFunction *wanted, UINT *own_index) {
  const MemberKey *keys;
  UINT invkind;
  bool restricted;
  HRESULT hr = type_keys(self, &keys);

  for (*own_index = 0; SUCCEEDED(hr) && *own_index < self->facts.function_count; ++*own_index) {
    if (keys[*own_index].memid != wanted->memid)
      continue;
    hr = call_kind(self, *own_index, &invkind, &restricted);
    if (SUCCEEDED(hr) && invkind & wanted->invkinds && !(wanted->callable && restricted && wanted->memid >= 0))
      return S_OK;
  }
  return FAILED(hr) ? hr : TYPE_E_ELEMENTNOTFOUND;
}

HRESULT type_find_declaration(TypeInfo *self, const WantedFunction *wanted, unsigned level, TypeInfo **owner,
                              UINT *own_index) {
  TypeInfo *base;
  HRESULT hr = type_find_own(self, wanted, own_index), missing;

  if (SUCCEEDED(hr)) {
    ITypeInfo2_AddRef(&self->info);
    *owner = self;
    return S_OK;
  }
  if (hr != TYPE_E_ELEMENTNOTFOUND || level >= BASE_LIMIT)
    return hr;
  missing = type_next_scope(self, &base);
  if (FAILED(missing))
    return missing == E_OUTOFMEMORY ? missing : hr;
  hr = type_find_declaration(base, wanted, level + 1, owner, own_index);
  type_info_release(base);
  return hr;
}

HRESULT TypeInfo_FindSignature(IOleanderTypeInfo *face, MEMBERID memid, UINT invkinds, const Signature **signature,
                               ITypeInfo **owner) {
  TypeInfo *self = OBJECT_CONTAINER(face, TypeInfo, signatures), *declaring;
  WantedFunction wanted = { memid, invkinds ? invkinds : ANY_INVKIND, false };
  UINT own_index;
  HRESULT hr;

  if (!signature)
    return E_POINTER;
  *signature = NULL;
  if (owner)
    *owner = NULL;
  hr = type_find_declaration(self, &wanted, 0, &declaring, &own_index);
  if (FAILED(hr))
    return hr;
  hr = type_own_signature(declaring, own_index, signature);
  if (SUCCEEDED(hr) && owner)
    *owner = (ITypeInfo *)&declaring->info;
  else
    type_info_release(declaring);
  return hr;
}
