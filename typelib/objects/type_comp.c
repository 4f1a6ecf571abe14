/* type_comp.c - ITypeComp of libraries and types, and the look-up of names in a whole library. */
#include "typelib/objects/type_objects.h"

/* What Bind gives out, while it is being found. */
typedef struct Binding {
  ITypeInfo *info;
  DESCKIND kind;
  BINDPTR result;
} Binding;

static void binding_release(Binding *binding) {
  if (binding->kind == DESCKIND_FUNCDESC)
    ITypeInfo_ReleaseFuncDesc(binding->info, binding->result.lpfuncdesc);
  else if (binding->kind == DESCKIND_VARDESC || binding->kind == DESCKIND_IMPLICITAPPOBJ)
    ITypeInfo_ReleaseVarDesc(binding->info, binding->result.lpvardesc);
  else if (binding->kind == DESCKIND_TYPECOMP)
    ITypeComp_Release(binding->result.lptcomp);
  if (binding->info)
    ITypeInfo_Release(binding->info);
  binding->info = NULL;
  binding->kind = DESCKIND_NONE;
}

static void bind_info(TypeInfo *info, DESCKIND kind, Binding *binding) {
  binding->info = (ITypeInfo *)&info->info;
  binding->kind = kind;
  ITypeInfo2_AddRef(&info->info);
}

static HRESULT bind_function(TypeInfo *self, UINT index, Binding *binding) {
  HRESULT hr = TypeInfo_GetFuncDesc(&self->info, type_inherited_functions(self) + index, &binding->result.lpfuncdesc);

  if (SUCCEEDED(hr))
    bind_info(self, DESCKIND_FUNCDESC, binding);
  return hr;
}

static HRESULT bind_variable(TypeInfo *self, UINT index, Binding *binding) {
  HRESULT hr = TypeInfo_GetVarDesc(&self->info, index, &binding->result.lpvardesc);

  if (SUCCEEDED(hr))
    bind_info(self, DESCKIND_VARDESC, binding);
  return hr;
}

static HRESULT invkind_of(TypeInfo *self, UINT index, INVOKEKIND *invkind) {
  const LibraryReader *reader = self->library->reader;
  FunctionFacts facts;
  HRESULT hr = reader->methods->read_function(reader, self->index, index, &facts);

  *invkind = facts.invkind;
  return hr;
}

/* S_OK with DESCKIND_NONE: no such member. TYPE_E_TYPEMISMATCH: there is one, but of none of the wanted kinds. */
static HRESULT bind_own(TypeInfo *self, const OLECHAR *name, WORD flags, Binding *binding) {
  NameSet names = type_library_names(self->library, name);
  UINT functions = self->facts.function_count, index;
  const MemberKey *keys;
  INVOKEKIND invkind;
  HRESULT hr, nothing = S_OK;

  if (names.count == 0)
    return S_OK;
  hr = type_keys(self, &keys);
  for (index = 0; SUCCEEDED(hr) && index < type_own_member_count(self); index++) {
    if (!name_set_has(&names, keys[index].name))
      continue;
    if (index >= functions)
      return bind_variable(self, index - functions, binding);
    hr = invkind_of(self, index, &invkind);
    if (SUCCEEDED(hr) && (flags == 0 || invkind & flags))
      return bind_function(self, index, binding);
    nothing = TYPE_E_TYPEMISMATCH;
  }
  return FAILED(hr) ? hr : nothing;
}

static HRESULT bind_at_level(TypeInfo *self, const OLECHAR *name, WORD flags, unsigned level, Binding *binding) {
  TypeInfo *base;
  HRESULT hr = bind_own(self, name, flags, binding);

  if (hr != S_OK || binding->kind != DESCKIND_NONE || level >= BASE_LIMIT || FAILED(type_base(self, &base)))
    return hr;
  hr = bind_at_level(base, name, flags, level + 1, binding);
  type_info_release(base);
  return hr;
}

static HRESULT give(HRESULT hr, const Binding *binding, ITypeInfo **info, DESCKIND *kind, BINDPTR *result) {
  *kind = SUCCEEDED(hr) ? binding->kind : DESCKIND_NONE;
  *info = SUCCEEDED(hr) ? binding->info : NULL;
  result->lpfuncdesc = NULL;
  if (SUCCEEDED(hr))
    *result = binding->result;
  return hr;
}

HRESULT TypeInfo_Bind(ITypeComp *face, LPOLESTR name, ULONG hash, WORD flags, ITypeInfo **info, DESCKIND *kind,
                      BINDPTR *result) {
  Binding binding = { NULL, DESCKIND_NONE, { NULL } };

  (void)hash;
  if (!name || !info || !kind || !result)
    return E_INVALIDARG;
  return give(bind_at_level(OBJECT_CONTAINER(face, TypeInfo, comp), name, flags, 0, &binding), &binding, info, kind,
              result);
}

/* The types of a type: none. */
HRESULT TypeInfo_BindType(ITypeComp *face, LPOLESTR name, ULONG hash, ITypeInfo **info, ITypeComp **comp) {
  (void)face;
  (void)hash;
  if (!name || !info || !comp)
    return E_INVALIDARG;
  *info = NULL;
  *comp = NULL;
  return S_OK;
}

/* A whole library. */

/* Members of these stand in the library's own scope. */
static bool is_open_scope(TYPEKIND kind) {
  return kind == TKIND_ENUM || kind == TKIND_MODULE;
}

static HRESULT bind_in_scope(TypeLibrary *self, UINT index, const NameSet *names, const OLECHAR *name, WORD flags,
                             Binding *binding) {
  TypeInfo *type;
  HRESULT hr = type_library_open_type(self, index, false, &type);

  if (FAILED(hr))
    return hr;
  if (name_set_has(names, type->facts.name)) {
    binding->kind = DESCKIND_TYPECOMP;
    binding->result.lptcomp = &type->comp;
    ITypeComp_AddRef(&type->comp);
  } else {
    hr = bind_own(type, name, flags, binding);
  }
  type_info_release(type);
  return hr;
}

#define DEFAULT_INSTANCE ((MEMBERID)-2)

/* The variable that stands for the application object: a static one of the coclass's type. */
static HRESULT describe_appobj(TypeInfo *coclass, Binding *binding) {
  DescBlock *block = desc_block_create(sizeof(VARDESC), sizeof(TYPEDESC));
  VARDESC *desc;
  TYPEDESC *target;

  if (!block)
    return E_OUTOFMEMORY;
  desc = desc_block_description(block);
  target = desc_block_take(block, sizeof *target);
  if (!target) {
    desc_block_free(block);
    return E_OUTOFMEMORY;
  }
  target->vt = VT_USERDEFINED;
  target->hreftype = REFERENCE_SELF;
  desc->memid = DEFAULT_INSTANCE;
  desc->varkind = VAR_STATIC;
  desc->elemdescVar.tdesc.vt = VT_PTR;
  desc->elemdescVar.tdesc.lptdesc = target;
  binding->result.lpvardesc = desc;
  bind_info(coclass, DESCKIND_IMPLICITAPPOBJ, binding);
  return S_OK;
}

/* The first interface that is not a source: the one whose members other readers of libraries put in scope. */
static HRESULT first_interface(TypeInfo *coclass, TypeInfo **main_interface) {
  const LibraryReader *reader = coclass->library->reader;
  ImplementedFacts facts;
  UINT index;

  for (index = 0; index < coclass->facts.implemented_count; index++) {
    HRESULT hr = reader->methods->read_implemented(reader, coclass->index, index, &facts);

    if (FAILED(hr))
      return hr;
    if (!(facts.flags & IMPLTYPEFLAG_FSOURCE))
      return type_resolve_reference(coclass, facts.reference, main_interface);
  }
  return TYPE_E_ELEMENTNOTFOUND;
}

/* Members of the application object's main interface are in scope, too. */
static HRESULT bind_in_appobj(TypeLibrary *self, UINT index, const OLECHAR *name, WORD flags, Binding *binding) {
  TypeInfo *coclass, *main_interface;
  HRESULT hr = type_library_open_type(self, index, false, &coclass);

  if (FAILED(hr))
    return S_OK;
  if (coclass->facts.flags & TYPEFLAG_FAPPOBJECT && SUCCEEDED(first_interface(coclass, &main_interface))) {
    hr = bind_at_level(main_interface, name, flags, 0, binding);
    if (SUCCEEDED(hr) && binding->kind != DESCKIND_NONE) {
      binding_release(binding);
      hr = describe_appobj(coclass, binding);
    }
    type_info_release(main_interface);
  }
  type_info_release(coclass);
  return hr;
}

static HRESULT bind_in_library(TypeLibrary *self, const OLECHAR *name, WORD flags, Binding *binding) {
  const LibraryReader *reader = self->reader;
  NameSet names = type_library_names(self, name);
  HRESULT hr = S_OK, nothing = S_OK;
  TYPEKIND kind;
  UINT index;

  for (index = 0; names.count > 0 && index < self->facts.type_count; index++) {
    if (FAILED(reader->methods->read_kind(reader, index, &kind)) || !is_open_scope(kind))
      continue;
    hr = bind_in_scope(self, index, &names, name, flags, binding);
    if (SUCCEEDED(hr) && binding->kind != DESCKIND_NONE)
      return hr;
    if (hr == TYPE_E_TYPEMISMATCH)
      nothing = hr;
  }
  for (index = 0; index < self->facts.type_count; index++) {
    if (FAILED(reader->methods->read_kind(reader, index, &kind)) || kind != TKIND_COCLASS)
      continue;
    hr = bind_in_appobj(self, index, name, flags, binding);
    if (SUCCEEDED(hr) && binding->kind != DESCKIND_NONE)
      return hr;
    if (hr == TYPE_E_TYPEMISMATCH)
      nothing = hr;
  }
  return nothing;
}

HRESULT TypeLibrary_Bind(ITypeComp *face, LPOLESTR name, ULONG hash, WORD flags, ITypeInfo **info, DESCKIND *kind,
                         BINDPTR *result) {
  Binding binding = { NULL, DESCKIND_NONE, { NULL } };

  (void)hash;
  if (!name || !info || !kind || !result)
    return E_INVALIDARG;
  return give(bind_in_library(OBJECT_CONTAINER(face, TypeLibrary, comp), name, flags, &binding), &binding, info, kind,
              result);
}

static HRESULT type_name_at(TypeLibrary *self, UINT index, NameId *name) {
  TypeFacts facts;
  HRESULT hr = self->reader->methods->read_type(self->reader, index, &facts);

  *name = facts.name;
  return hr;
}

HRESULT TypeLibrary_BindType(ITypeComp *face, LPOLESTR name, ULONG hash, ITypeInfo **info, ITypeComp **comp) {
  TypeLibrary *self = OBJECT_CONTAINER(face, TypeLibrary, comp);
  NameSet names;
  NameId type_name;
  TypeInfo *type;
  UINT index;

  (void)hash;
  if (!name || !info || !comp)
    return E_INVALIDARG;
  *info = NULL;
  *comp = NULL;
  names = type_library_names(self, name);
  for (index = 0; names.count > 0 && index < self->facts.type_count; index++) {
    if (FAILED(type_name_at(self, index, &type_name)) || !name_set_has(&names, type_name))
      continue;
    if (SUCCEEDED(type_library_open_type(self, index, false, &type)))
      *info = (ITypeInfo *)&type->info;
    return S_OK; /* the second result is reserved: always NULL */
  }
  return S_OK;
}

/* IsName, FindName. */

/* Gives the spelling that the library uses back to the caller, whose buffer it fits: it differs only in case. */
static void correct_spelling(const TypeLibrary *self, NameId id, OLECHAR *name) {
  BSTR text;
  UINT index;

  if (FAILED(library_text_to_bstr(self->reader->methods->name_text(self->reader, id), &text)))
    return;
  for (index = 0; index < SysStringLen(text) && name[index]; index++)
    name[index] = text[index];
  SysFreeString(text);
}

#define KEYS_AT_ONCE 64u

/* S_FALSE: no member has such a name. */
static HRESULT find_member(const LibraryReader *reader, UINT type, UINT count, const NameSet *names, MemberKey *found) {
  MemberKey keys[KEYS_AT_ONCE];
  UINT first, index, some;
  HRESULT hr;

  for (first = 0; first < count; first += some) {
    some = count - first < KEYS_AT_ONCE ? count - first : KEYS_AT_ONCE;
    hr = reader->methods->read_members(reader, type, first, some, keys);
    if (FAILED(hr))
      return hr;
    for (index = 0; index < some; index++) {
      if (name_set_has(names, keys[index].name)) {
        *found = keys[index];
        return S_OK;
      }
    }
  }
  return S_FALSE;
}

/* The type itself (MEMBERID_NIL) or one of its members. */
static HRESULT find_in_type(TypeLibrary *self, UINT type, const NameSet *names, MemberKey *found) {
  const LibraryReader *reader = self->reader;
  TypeFacts facts;
  HRESULT hr = reader->methods->read_type(reader, type, &facts);

  if (FAILED(hr))
    return hr;
  if (name_set_has(names, facts.name)) {
    *found = (MemberKey){ MEMBERID_NIL, facts.name };
    return S_OK;
  }
  return find_member(reader, type, (UINT)facts.function_count + facts.variable_count, names, found);
}

HRESULT TypeLibrary_FindName(ITypeLib2 *face, LPOLESTR name, ULONG hash, ITypeInfo **infos, MEMBERID *memids,
                             USHORT *count) {
  TypeLibrary *self = type_library_from(face);
  NameSet names;
  USHORT capacity, found = 0;
  MemberKey key = { MEMBERID_NIL, NO_NAME };
  TypeInfo *type;
  UINT index;

  (void)hash;
  if (!name || !infos || !memids || !count || *count == 0)
    return E_INVALIDARG;
  capacity = *count;
  names = type_library_names(self, name);
  for (index = 0; names.count > 0 && index < self->facts.type_count && found < capacity; index++) {
    if (find_in_type(self, index, &names, &key) != S_OK || FAILED(type_library_open_type(self, index, false, &type)))
      continue;
    memids[found] = key.memid;
    infos[found++] = (ITypeInfo *)&type->info;
  }
  *count = found;
  if (found > 0)
    correct_spelling(self, key.name, name);
  return S_OK;
}

/* More parameters than any library has: a damaged one can claim that many again and again. */
#define PARAMETER_LIMIT 4000000u

static bool is_parameter_name(const LibraryReader *reader, UINT type, const NameSet *names, UINT *left, NameId *found) {
  ParameterFacts parameter;
  FunctionFacts function;
  TypeFacts facts;
  UINT index, position;

  if (FAILED(reader->methods->read_type(reader, type, &facts)))
    return false;
  for (index = 0; index<facts.function_count && * left> 0; index++) {
    if (FAILED(reader->methods->read_function(reader, type, index, &function)))
      return false;
    for (position = 0; position<function.parameter_count && * left> 0; position++, --*left) {
      if (FAILED(reader->methods->read_parameter(reader, type, &function, position, &parameter)))
        return false;
      if (name_set_has(names, parameter.name)) {
        *found = parameter.name;
        return true;
      }
    }
  }
  return false;
}

/* Names of parameters count here, though FindName does not find them. */
HRESULT TypeLibrary_IsName(ITypeLib2 *face, LPOLESTR name, ULONG hash, BOOL *found) {
  TypeLibrary *self = type_library_from(face);
  NameSet names;
  MemberKey key = { MEMBERID_NIL, NO_NAME };
  UINT index, left = PARAMETER_LIMIT;

  (void)hash;
  if (!name || !found)
    return E_INVALIDARG;
  *found = FALSE;
  names = type_library_names(self, name);
  for (index = 0; names.count > 0 && index < self->facts.type_count && !*found; index++)
    *found = find_in_type(self, index, &names, &key) == S_OK ||
             is_parameter_name(self->reader, index, &names, &left, &key.name);
  if (*found)
    correct_spelling(self, key.name, name);
  return S_OK;
}
