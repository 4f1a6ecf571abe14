/* type_lookup.c - the members of one type by id and by name. */
#include "typelib/objects/type_objects.h"

#include <stdlib.h>
#include <string.h>

NameSet type_library_names(const TypeLibrary *library, const OLECHAR *name) {
  NameSet names;

  names.count =
      library->reader->methods->find_names(library->reader, name, names.ids, sizeof names.ids / sizeof names.ids[0]);
  return names;
}

bool name_set_has(const NameSet *names, NameId name) {
  unsigned index;

  for (index = 0; index < names->count; index++)
    if (names->ids[index] == name)
      return true;
  return false;
}

UINT type_own_member_count(const TypeInfo *info) {
  return (UINT)info->facts.function_count + info->facts.variable_count;
}

/* Up to so many members are looked at one after the other. */
#define SEARCHED_IN_TURN 48

/* Members in the order of their ids, those of one id as they are declared. */
typedef struct OrderedKey {
  MEMBERID memid;
  UINT index;
} OrderedKey;

static int compare_keys(const void *left, const void *right) {
  const OrderedKey *a = left, *b = right;

  if (a->memid != b->memid)
    return a->memid < b->memid ? -1 : 1;
  return a->index < b->index ? -1 : 1;
}

static bool sort_keys(MemberKeys *keys, UINT count) {
  OrderedKey *list;
  UINT index = 1;

  keys->sorted = true;
  while (index < count && keys->keys[index - 1].memid <= keys->keys[index].memid)
    index++;
  if (index >= count)
    return true;
  list = malloc(count * sizeof *list);
  if (!list)
    return false;
  for (index = 0; index < count; index++)
    list[index] = (OrderedKey){ keys->keys[index].memid, index };
  qsort(list, count, sizeof *list, compare_keys);
  keys->order = (UINT *)(void *)&keys->keys[count];
  for (index = 0; index < count; index++)
    keys->order[index] = list[index].index;
  free(list);
  return true;
}

/* The member at a place of that order. */
static UINT key_at(const MemberKeys *keys, UINT place) {
  return keys->order ? keys->order[place] : place;
}

/* The first place whose member has no smaller id; `count`: there is none. */
static UINT first_place(const MemberKeys *keys, UINT count, MEMBERID memid) {
  UINT low = 0, high = count, middle;

  while (low < high) {
    middle = low + (high - low) / 2;
    if (keys->keys[key_at(keys, middle)].memid < memid)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The next place from `place` on whose member has the id; `count`: there is none. */
static UINT place_of(const MemberKeys *keys, UINT count, MEMBERID memid, UINT place) {
  if (!keys->sorted) {
    while (place < count && keys->keys[place].memid != memid)
      place++;
    return place;
  }
  if (place == 0)
    place = first_place(keys, count, memid);
  return place < count && keys->keys[key_at(keys, place)].memid == memid ? place : count;
}

static HRESULT read_keys(TypeInfo *info, UINT count, MemberKeys **result) {
  const LibraryReader *reader = info->library->reader;
  MemberKeys *made = malloc(sizeof *made + count * (sizeof made->keys[0] + sizeof made->order[0]));
  HRESULT hr = S_OK;

  if (!made)
    return E_OUTOFMEMORY;
  made->order = NULL;
  made->sorted = false;
  if (count > 0) /* a type without members may have no block for them */
    hr = reader->methods->read_members(reader, info->index, 0, count, made->keys);
  if (FAILED(hr)) {
    free(made);
    return hr;
  }
  if (count > SEARCHED_IN_TURN && !sort_keys(made, count)) {
    free(made);
    return E_OUTOFMEMORY;
  }
  *result = made;
  return S_OK;
}

static HRESULT known_keys(TypeInfo *info, const MemberKeys **keys) {
  MemberKeys *known = info->keys, *made;
  HRESULT hr;

  *keys = known;
  if (known)
    return S_OK;
  hr = read_keys(info, type_own_member_count(info), &made);
  if (FAILED(hr))
    return hr;
  if (atomic_compare_exchange_strong(&info->keys, &known, made)) {
    *keys = made;
  } else { /* another thread was faster */
    free(made);
    *keys = known;
  }
  return S_OK;
}

HRESULT type_keys(TypeInfo *info, const MemberKey **keys) {
  const MemberKeys *known;
  HRESULT hr = known_keys(info, &known);

  *keys = SUCCEEDED(hr) ? known->keys : NULL;
  return hr;
}

HRESULT type_find_memid(TypeInfo *info, MEMBERID memid, UINT *index) {
  UINT count = type_own_member_count(info), place;
  const MemberKeys *known;
  HRESULT hr = known_keys(info, &known);

  if (FAILED(hr))
    return hr;
  place = place_of(known, count, memid, 0);
  if (place == count)
    return TYPE_E_ELEMENTNOTFOUND;
  *index = key_at(known, place);
  return S_OK;
}

HRESULT type_find_function_memid(TypeInfo *info, MEMBERID memid, UINT invkinds, UINT *index) {
  const LibraryReader *reader = info->library->reader;
  UINT count = type_own_member_count(info), place, candidate;
  const MemberKeys *known;
  FunctionFacts facts;
  HRESULT hr = known_keys(info, &known);

  if (FAILED(hr))
    return hr;
  for (place = place_of(known, count, memid, 0); place < count; place = place_of(known, count, memid, place + 1)) {
    candidate = key_at(known, place);
    if (candidate >= info->facts.function_count)
      break; /* variables come behind the functions */
    hr = reader->methods->read_function(reader, info->index, candidate, &facts);
    if (FAILED(hr))
      return hr;
    if (invkinds == 0 || facts.invkind & invkinds) {
      *index = candidate;
      return S_OK;
    }
  }
  return TYPE_E_ELEMENTNOTFOUND;
}

HRESULT TypeInfo_GetFuncIndexOfMemId(ITypeInfo2 *face, MEMBERID memid, INVOKEKIND invkind, UINT *index) {
  TypeInfo *self = type_info_from(face);
  UINT own;
  HRESULT hr;

  if (!index)
    return E_INVALIDARG;
  hr = type_find_function_memid(self, memid, invkind, &own);
  if (SUCCEEDED(hr))
    *index = type_inherited_functions(self) + own;
  return hr;
}

HRESULT TypeInfo_GetVarIndexOfMemId(ITypeInfo2 *face, MEMBERID memid, UINT *index) {
  TypeInfo *self = type_info_from(face);
  UINT functions = self->facts.function_count, count = type_own_member_count(self), place, candidate;
  const MemberKeys *known;
  HRESULT hr;

  if (!index)
    return E_INVALIDARG;
  hr = known_keys(self, &known);
  if (FAILED(hr))
    return hr;
  for (place = place_of(known, count, memid, 0); place < count; place = place_of(known, count, memid, place + 1)) {
    candidate = key_at(known, place);
    if (candidate >= functions) {
      *index = candidate - functions;
      return S_OK;
    }
  }
  return TYPE_E_ELEMENTNOTFOUND;
}

/* Names of a member. */

/* Never NULL: callers take what GetNames counts for names. One that a damaged library lost is empty. */
static HRESULT name_bstr(const TypeInfo *info, NameId name, BSTR *text) {
  const LibraryReader *reader = info->library->reader;
  HRESULT hr = library_text_to_bstr(reader->methods->name_text(reader, name), text);

  if (FAILED(hr) || *text)
    return hr;
  *text = SysAllocStringLen(NULL, 0);
  return *text ? S_OK : E_OUTOFMEMORY;
}

/* A dispinterface shows neither the [retval] parameter of a vtable function nor an [lcid] that comes last. */
static HRESULT shown_parameters(TypeInfo *info, UINT index, bool as_dispatch, FunctionFacts *facts, UINT *count) {
  static const WORD hidden[] = { PARAMFLAG_FRETVAL, PARAMFLAG_FLCID };
  const LibraryReader *reader = info->library->reader;
  HRESULT hr = reader->methods->read_function(reader, info->index, index, facts);
  ParameterFacts last;
  unsigned step;

  if (FAILED(hr))
    return hr;
  *count = facts->parameter_count;
  for (step = 0; step < 2 && as_dispatch && facts->kind != FUNC_DISPATCH && *count > 0; step++) {
    hr = reader->methods->read_parameter(reader, info->index, facts, *count - 1, &last);
    if (FAILED(hr))
      return hr;
    if (last.flags & hidden[step])
      --*count;
  }
  return S_OK;
}

/* The nameless parameter of a put ends the list. */
static HRESULT function_names(TypeInfo *info, UINT index, bool as_dispatch, BSTR *names, UINT capacity, UINT *count) {
  const LibraryReader *reader = info->library->reader;
  ParameterFacts parameter;
  FunctionFacts facts;
  UINT parameters, position;
  HRESULT hr = shown_parameters(info, index, as_dispatch, &facts, &parameters);

  for (position = 0; SUCCEEDED(hr) && position < parameters && *count < capacity; position++) {
    hr = reader->methods->read_parameter(reader, info->index, &facts, position, &parameter);
    if (FAILED(hr) || parameter.name == NO_NAME)
      break;
    hr = name_bstr(info, parameter.name, &names[*count]);
    if (SUCCEEDED(hr))
      ++*count;
  }
  return hr;
}

static HRESULT own_names(TypeInfo *self, UINT index, bool as_dispatch, BSTR *names, UINT capacity, UINT *count) {
  const MemberKey *keys;
  HRESULT hr = type_keys(self, &keys);

  if (FAILED(hr) || capacity == 0)
    return hr;
  hr = name_bstr(self, keys[index].name, &names[0]);
  if (FAILED(hr))
    return hr;
  *count = 1;
  if (index < self->facts.function_count)
    hr = function_names(self, index, as_dispatch, names, capacity, count);
  if (FAILED(hr)) {
    while (*count > 0) {
      SysFreeString(names[--*count]);
      names[*count] = NULL;
    }
  }
  return hr;
}

static HRESULT names_at_level(TypeInfo *self, MEMBERID memid, bool as_dispatch, BSTR *names, UINT capacity, UINT *count,
                              unsigned level) {
  TypeInfo *base;
  UINT index;
  HRESULT hr = type_find_memid(self, memid, &index);

  if (SUCCEEDED(hr))
    return own_names(self, index, as_dispatch, names, capacity, count);
  if (hr != TYPE_E_ELEMENTNOTFOUND || level >= BASE_LIMIT)
    return hr;
  base = self->base; /* held by the type, once it is known */
  if (base)
    return names_at_level(base, memid, as_dispatch, names, capacity, count, level + 1);
  if (FAILED(type_next_scope(self, &base)))
    return hr;
  hr = names_at_level(base, memid, as_dispatch, names, capacity, count, level + 1);
  type_info_release(base);
  return hr;
}

HRESULT TypeInfo_GetNames(ITypeInfo2 *face, MEMBERID memid, BSTR *names, UINT capacity, UINT *count) {
  TypeInfo *self = type_info_from(face);

  if (!names || !count)
    return E_INVALIDARG;
  *count = 0;
  memset(names, 0, capacity * sizeof *names);
  return names_at_level(self, memid, type_is_dispatch_view(self), names, capacity, count, 0);
}

/* Ids of names. */

/* A parameter's id is its position. */
static HRESULT parameter_ids(TypeInfo *info, UINT function, LPOLESTR *names, UINT count, MEMBERID *ids) {
  const LibraryReader *reader = info->library->reader;
  ParameterFacts parameter;
  FunctionFacts facts;
  UINT name, position;
  HRESULT hr = reader->methods->read_function(reader, info->index, function, &facts), found = S_OK;

  for (name = 0; SUCCEEDED(hr) && name < count; name++) {
    NameSet set = { { 0 }, 0 };

    ids[name] = MEMBERID_NIL;
    if (names[name])
      set = type_library_names(info->library, names[name]);
    for (position = 0; set.count > 0 && position < facts.parameter_count && ids[name] == MEMBERID_NIL; position++) {
      hr = reader->methods->read_parameter(reader, info->index, &facts, position, &parameter);
      if (FAILED(hr))
        break;
      if (name_set_has(&set, parameter.name))
        ids[name] = (MEMBERID)position;
    }
    if (ids[name] == MEMBERID_NIL)
      found = DISP_E_UNKNOWNNAME;
  }
  return FAILED(hr) ? hr : found;
}

static HRESULT own_ids(TypeInfo *self, LPOLESTR *names, UINT count, MEMBERID *ids) {
  UINT members = type_own_member_count(self), index;
  NameSet set = type_library_names(self->library, names[0]);
  const MemberKey *keys;
  HRESULT hr;

  if (set.count == 0)
    return DISP_E_UNKNOWNNAME;
  hr = type_keys(self, &keys);
  if (FAILED(hr))
    return hr;
  for (index = 0; index < members; index++) {
    if (!name_set_has(&set, keys[index].name))
      continue;
    ids[0] = keys[index].memid;
    if (count == 1)
      return S_OK;
    if (index < self->facts.function_count)
      return parameter_ids(self, index, names + 1, count - 1, ids + 1);
    return DISP_E_UNKNOWNNAME;
  }
  return DISP_E_UNKNOWNNAME;
}

static HRESULT ids_at_level(TypeInfo *self, LPOLESTR *names, UINT count, MEMBERID *ids, unsigned level) {
  TypeInfo *base;
  HRESULT hr = own_ids(self, names, count, ids);

  if (hr != DISP_E_UNKNOWNNAME || ids[0] != MEMBERID_NIL || level >= BASE_LIMIT || FAILED(type_next_scope(self, &base)))
    return hr;
  hr = ids_at_level(base, names, count, ids, level + 1);
  type_info_release(base);
  return hr;
}

HRESULT TypeInfo_GetIDsOfNames(ITypeInfo2 *face, LPOLESTR *names, UINT count, MEMBERID *ids) {
  UINT index;

  if (!names || !ids || count == 0 || !names[0])
    return E_INVALIDARG;
  for (index = 0; index < count; index++)
    ids[index] = MEMBERID_NIL;
  return ids_at_level(type_info_from(face), names, count, ids, 0);
}
