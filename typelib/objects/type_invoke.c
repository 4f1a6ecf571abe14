/* type_invoke.c - what a type does: call its members, hand out their signatures, find DLL entries, make objects. */
#include "typelib/objects/type_objects.h"
#include "typelib/typelib_api.h"

#include "com/unicode.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* ---- signatures ----------------------------------------------------------------------------------------------------------- */

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

/* Own function `own_index` as its vtable has it: made once, kept with the type. */
static HRESULT own_signature(TypeInfo *self, UINT own_index, const Signature **signature) {
  _Atomic(const Signature *) *places;
  const Signature *none = NULL;
  FUNCDESC *desc;
  HRESULT hr = signature_places(self, &places);

  if (FAILED(hr))
    return hr;
  *signature = places[own_index];
  if (!*signature) {
    hr = describe_function(self, own_index, 0, &desc);
    if (FAILED(hr))
      return hr;
    hr = make_signature(self, own_index, self, desc, signature);
    desc_block_free(desc_block_of(desc));
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
    hr = own_signature(owner, own_index, signature);
  } else { /* the dispatch view shows its functions with other parameters than the vtable has */
    hr = TypeInfo_GetFuncDesc(&self->info, index, &desc);
    if (SUCCEEDED(hr)) {
      hr = make_signature(owner, own_index, self, desc, signature);
      TypeInfo_ReleaseFuncDesc(&self->info, desc);
    }
  }
  return hr;
}

/* Which functions a search is for. */
typedef struct Wanted {
  MEMBERID memid;
  UINT invkinds;
  bool callable; /* not the restricted ones, but for those with a standard id: For Each calls a restricted _NewEnum */
} Wanted;

#define ANY_INVKIND (INVOKE_FUNC | INVOKE_PROPERTYGET | INVOKE_PROPERTYPUT | INVOKE_PROPERTYPUTREF)

/* The signature of a function that was made before; it lives as long as the type. NULL: not yet. */
static const Signature *known_signature(TypeInfo *self, UINT own_index) {
  _Atomic(const Signature *) *places = self->signature_cache;

  return places ? places[own_index] : NULL;
}

/* How a function is called and whether it is restricted: from its signature where that is known, so that a call that was
 * made before reads nothing of the file. */
static HRESULT call_kind(TypeInfo *self, UINT own_index, UINT *invkind, bool *restricted) {
  const LibraryReader *reader = self->library->reader;
  const Signature *known = known_signature(self, own_index);
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

static HRESULT find_own(TypeInfo *self, const Wanted *wanted, UINT *own_index) {
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

/* Where a member is declared: in the type itself or in a base. The caller releases *owner. */
static HRESULT find_declaration(TypeInfo *self, const Wanted *wanted, unsigned level, TypeInfo **owner,
                                UINT *own_index) {
  TypeInfo *base;
  HRESULT hr = find_own(self, wanted, own_index), missing;

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
  hr = find_declaration(base, wanted, level + 1, owner, own_index);
  type_info_release(base);
  return hr;
}

HRESULT TypeInfo_FindSignature(IOleanderTypeInfo *face, MEMBERID memid, UINT invkinds, const Signature **signature,
                               ITypeInfo **owner) {
  TypeInfo *self = OBJECT_CONTAINER(face, TypeInfo, signatures), *declaring;
  Wanted wanted = { memid, invkinds ? invkinds : ANY_INVKIND, false };
  UINT own_index;
  HRESULT hr;

  if (!signature)
    return E_POINTER;
  *signature = NULL;
  if (owner)
    *owner = NULL;
  hr = find_declaration(self, &wanted, 0, &declaring, &own_index);
  if (FAILED(hr))
    return hr;
  hr = own_signature(declaring, own_index, signature);
  if (SUCCEEDED(hr) && owner)
    *owner = (ITypeInfo *)&declaring->info;
  else
    type_info_release(declaring);
  return hr;
}

/* ---- Invoke --------------------------------------------------------------------------------------------------------------- */

static HRESULT invoke_on_dispatch(PVOID instance, MEMBERID memid, WORD flags, DISPPARAMS *params, VARIANT *result,
                                  EXCEPINFO *exception, UINT *bad_argument) {
  return IDispatch_Invoke((IDispatch *)instance, memid, &IID_NULL, LOCALE_USER_DEFAULT, flags, params, result,
                          exception, bad_argument);
}

static HRESULT invoke_constant(TypeInfo *self, UINT index, VARIANT *result) {
  VARDESC *desc;
  HRESULT hr = TypeInfo_GetVarDesc(&self->info, index, &desc);

  if (FAILED(hr))
    return hr;
  if (result)
    VariantInit(result); /* as for the results of functions: nothing is read of it */
  hr = desc->varkind != VAR_CONST ? DISP_E_MEMBERNOTFOUND : result ? VariantCopy(result, desc->lpvarValue) : S_OK;
  TypeInfo_ReleaseVarDesc(&self->info, desc);
  return hr;
}

static HRESULT invoke_variable(TypeInfo *self, PVOID instance, MEMBERID memid, WORD flags, DISPPARAMS *params,
                               VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  UINT index;

  if (FAILED(TypeInfo_GetVarIndexOfMemId(&self->info, memid, &index)))
    return DISP_E_MEMBERNOTFOUND;
  if (type_is_dispatch_view(self)) /* a property of a dispinterface */
    return !instance ? E_INVALIDARG
                     : invoke_on_dispatch(instance, memid, flags, params, result, exception, bad_argument);
  return flags & DISPATCH_PROPERTYGET ? invoke_constant(self, index, result) : DISP_E_MEMBERNOTFOUND;
}

static HRESULT function_kind(TypeInfo *declaring, UINT own_index, FUNCKIND *kind) {
  const LibraryReader *reader = declaring->library->reader;
  const Signature *known = known_signature(declaring, own_index);
  FunctionFacts facts = { 0 };
  HRESULT hr;

  if (known) {
    *kind = known->flags & SIGNATURE_DISPATCH ? FUNC_DISPATCH
            : known->flags & SIGNATURE_STATIC ? FUNC_STATIC
                                              : FUNC_PUREVIRTUAL;
    return S_OK;
  }
  hr = reader->methods->read_function(reader, declaring->index, own_index, &facts);
  *kind = facts.kind;
  return hr;
}

/* A function of a module needs no instance: its address comes from the shared object. */
static HRESULT invoke_static(TypeInfo *declaring, const Signature *signature, WORD flags, DISPPARAMS *params,
                             VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  void (*function)(void);
  void *address;
  HRESULT hr = TypeInfo_AddressOfMember(&declaring->info, signature->memid, signature->invkind, &address);

  if (FAILED(hr))
    return hr;
  memcpy(&function, &address, sizeof function);
  return signature_dispinvoke_function(signature, (ITypeInfo *)&declaring->info, function, flags,
                                       declaring->library->facts.lcid, params, result, exception, bad_argument);
}

static HRESULT invoke_function(TypeInfo *declaring, UINT own_index, MEMBERID memid, PVOID instance, WORD flags,
                               DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  const Signature *signature;
  FUNCKIND kind;
  HRESULT hr = function_kind(declaring, own_index, &kind);

  if (FAILED(hr))
    return hr;
  if (!instance && kind != FUNC_STATIC)
    return E_INVALIDARG;
  if (kind == FUNC_DISPATCH)
    return invoke_on_dispatch(instance, memid, flags, params, result, exception, bad_argument);
  hr = own_signature(declaring, own_index, &signature);
  if (FAILED(hr))
    return hr;
  /* Invoke has no locale of its own: a [lcid] parameter gets that of the library. */
  if (kind == FUNC_STATIC)
    hr = invoke_static(declaring, signature, flags, params, result, exception, bad_argument);
  else
    hr = signature_dispinvoke(signature, (ITypeInfo *)&declaring->info, instance, flags, declaring->library->facts.lcid,
                              params, result, exception, bad_argument);
  signature_release(signature);
  return hr;
}

HRESULT TypeInfo_Invoke(ITypeInfo2 *face, PVOID instance, MEMBERID memid, WORD flags, DISPPARAMS *params,
                        VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  TypeInfo *self = type_info_from(face), *declaring;
  Wanted wanted = { memid, flags, true };
  UINT own_index;
  HRESULT hr;

  if (self->facts.flags & TYPEFLAG_FRESTRICTED)
    return DISP_E_MEMBERNOTFOUND;
  if (!params || params->cNamedArgs > params->cArgs)
    return E_INVALIDARG;
  hr = find_declaration(self, &wanted, 0, &declaring, &own_index);
  if (hr == TYPE_E_ELEMENTNOTFOUND)
    return invoke_variable(self, instance, memid, flags, params, result, exception, bad_argument);
  if (FAILED(hr))
    return hr;
  hr = invoke_function(declaring, own_index, memid, instance, flags, params, result, exception, bad_argument);
  type_info_release(declaring);
  return hr;
}

/* ---- modules -------------------------------------------------------------------------------------------------------------- */

static HRESULT find_entry(TypeInfo *self, MEMBERID memid, INVOKEKIND invkind, FunctionFacts *facts) {
  const LibraryReader *reader = self->library->reader;
  UINT index;
  HRESULT hr;

  if (self->facts.kind != TKIND_MODULE)
    return TYPE_E_BADMODULEKIND;
  hr = type_find_function_memid(self, memid, (UINT)invkind, &index);
  return FAILED(hr) ? hr : reader->methods->read_function(reader, self->index, index, facts);
}

#define ENTRY_BY_NAME ((WORD)-1) /* the ordinal of an entry that has a name */

HRESULT TypeInfo_GetDllEntry(ITypeInfo2 *face, MEMBERID memid, INVOKEKIND invkind, BSTR *dll, BSTR *name,
                             WORD *ordinal) {
  TypeInfo *self = type_info_from(face);
  FunctionFacts facts;
  HRESULT hr;

  if (dll)
    *dll = NULL;
  if (name)
    *name = NULL;
  if (ordinal)
    *ordinal = 0;
  hr = find_entry(self, memid, invkind, &facts);
  if (SUCCEEDED(hr) && dll)
    hr = library_text_to_bstr(self->facts.dll, dll);
  if (SUCCEEDED(hr) && name)
    hr = library_text_to_bstr(facts.entry, name);
  if (SUCCEEDED(hr) && ordinal)
    *ordinal = facts.entry.bytes ? ENTRY_BY_NAME : facts.ordinal;
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
  FunctionFacts facts;
  char *dll, *entry;
  void *module;
  HRESULT hr;

  if (!address)
    return E_INVALIDARG;
  *address = NULL;
  hr = find_entry(self, memid, invkind, &facts);
  if (FAILED(hr))
    return hr;
  dll = text_utf8(self->facts.dll);
  entry = text_utf8(facts.entry);
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

/* ---- coclasses ------------------------------------------------------------------------------------------------------------ */

static TypelibActivator *activator;

void typelib_set_activator(TypelibActivator *function) {
  activator = function;
}

HRESULT TypeInfo_CreateInstance(ITypeInfo2 *face, IUnknown *outer, REFIID iid, PVOID *object) {
  TypeInfo *self = type_info_from(face);

  if (!object)
    return E_INVALIDARG;
  *object = NULL;
  if (self->facts.kind != TKIND_COCLASS)
    return TYPE_E_WRONGTYPEKIND;
  if (!(self->facts.flags & TYPEFLAG_FCANCREATE))
    return TYPE_E_WRONGTYPEKIND;
  if (!activator)
    return REGDB_E_CLASSNOTREG;
  return activator(&self->facts.guid, (self->facts.flags & TYPEFLAG_FAPPOBJECT) != 0, outer, iid, object);
}
