/* type_inherit.c - bases, and the functions that the dispatch view of an interface shows before its own. */
#include "typelib/objects/type_objects.h"

#include "dispatch/dispatch_api.h"

HRESULT type_resolve_base(TypeInfo *info, TypeInfo **base) {
  const LibraryReader *reader = info->library->reader;
  ImplementedFacts implemented;
  HRESULT hr;

  if ((info->facts.kind != TKIND_INTERFACE && info->facts.kind != TKIND_DISPATCH) || info->facts.implemented_count == 0)
    return TYPE_E_ELEMENTNOTFOUND;
  hr = reader->methods->read_implemented(reader, info->index, 0, &implemented);
  if (FAILED(hr))
    return hr;
  if (implemented.reference == NO_REFERENCE)
    return TYPE_E_ELEMENTNOTFOUND;
  return type_resolve_reference(info, implemented.reference | REFERENCE_TO_BASE, base);
}

/* A type holds its base once the whole line above it is known to end: a library in which it goes round would hold itself
 * for ever. *complete tells whether it ends well. */
static HRESULT base_at_depth(TypeInfo *info, unsigned depth, TypeInfo **base, bool *complete) {
  TypeInfo *none = NULL, *above;
  HRESULT hr;

  *base = info->base;
  *complete = true;
  if (*base) {
    ITypeInfo2_AddRef(&(*base)->info);
    return S_OK;
  }
  hr = type_resolve_base(info, base);
  if (FAILED(hr) || depth >= BASE_LIMIT) {
    *complete = hr == TYPE_E_ELEMENTNOTFOUND;
    return hr;
  }
  if (SUCCEEDED(base_at_depth(*base, depth + 1, &above, complete)))
    type_info_release(above);
  if (*complete && atomic_compare_exchange_strong(&info->base, &none, *base)) {
    ITypeInfo2_AddRef(&(*base)->info);
    if (info->library->changing)
      info->library->bases_known = true;
  }
  return S_OK;
}

HRESULT type_base(TypeInfo *info, TypeInfo **base) {
  bool complete;

  *base = NULL;
  return base_at_depth(info, 0, base, &complete);
}

/* References of our types lead to our types. */
static HRESULT default_interface(TypeInfo *coclass, TypeInfo **interface_info) {
  ITypeInfo *info;
  HRESULT hr = coclass_default_interface((ITypeInfo *)&coclass->info, 0, &info);

  if (SUCCEEDED(hr))
    *interface_info = type_info_from((ITypeInfo2 *)info);
  return hr;
}

HRESULT type_next_scope(TypeInfo *info, TypeInfo **next) {
  *next = NULL;
  return info->facts.kind == TKIND_COCLASS ? default_interface(info, next) : type_base(info, next);
}

/* The bases of a type, nearest first, as far as its line is known to end; they are held by each other and in the end by
 * the type. TYPE_E_CANTLOADLIBRARY, TYPE_E_CIRCULARTYPE ...: the line does not end well. */
typedef struct BaseLine {
  TypeInfo *bases[BASE_LIMIT];
  unsigned count;
} BaseLine;

static HRESULT trace_line(TypeInfo *info, BaseLine *line) {
  TypeInfo *base;
  HRESULT hr;

  for (line->count = 0; line->count < BASE_LIMIT; info = line->bases[line->count++]) {
    if (!info->base) {
      hr = type_base(info, &base);
      if (hr == TYPE_E_ELEMENTNOTFOUND)
        return S_OK;
      if (FAILED(hr))
        return hr;
      type_info_release(base);
      if (!info->base)
        return TYPE_E_CANTLOADLIBRARY;
    }
    line->bases[line->count] = info->base;
  }
  return TYPE_E_CIRCULARTYPE;
}

UINT type_inherited_functions(TypeInfo *info) {
  int known = info->inherited;
  BaseLine line;
  unsigned level;

  if (!type_is_dispatch_view(info))
    return 0;
  if (known >= 0)
    return (UINT)known;
  known = 0;
  if (FAILED(trace_line(info, &line)))
    known = info->facts.inherited_function_count;
  else
    for (level = 0; level < line.count; level++)
      known += line.bases[level]->facts.function_count;
  if (!info->library->changing)
    info->inherited = known;
  return (UINT)known;
}

/* The size of the vtable tells how many functions there are together, inherited and reserved ones included. */
UINT type_function_total(TypeInfo *info) {
  if (!type_is_dispatch_view(info))
    return info->facts.function_count;
  return info->facts.vtable_size / info->library->facts.pointer_size;
}

/* The same as find_in_line for a line whose bases know each other already, which is nearly always so. */
static bool find_in_known_line(TypeInfo *info, UINT index, TypeInfo **owner, UINT *own_index, unsigned *level) {
  UINT before = type_inherited_functions(info);
  TypeInfo *base = info->base;

  for (*level = 1; base && base->facts.function_count <= before && *level <= BASE_LIMIT; ++*level) {
    before -= base->facts.function_count;
    if (index >= before) {
      *owner = base;
      *own_index = index - before;
      return true;
    }
    base = base->base;
  }
  return false;
}

/* The outermost base comes first. */
static HRESULT find_in_line(TypeInfo *info, UINT index, TypeInfo **owner, UINT *own_index, unsigned *level) {
  BaseLine line;
  HRESULT hr = trace_line(info, &line);

  if (FAILED(hr))
    return hr;
  for (*level = line.count; *level > 0; --*level) {
    TypeInfo *base = line.bases[*level - 1];

    if (index < base->facts.function_count) {
      *owner = base;
      *own_index = index;
      return S_OK;
    }
    index -= base->facts.function_count;
  }
  return TYPE_E_ELEMENTNOTFOUND;
}

HRESULT type_find_function(TypeInfo *info, UINT index, TypeInfo **owner, UINT *own_index, unsigned *level) {
  UINT inherited = type_inherited_functions(info);

  *owner = NULL;
  if (index < inherited)
    return find_in_known_line(info, index, owner, own_index, level)
               ? S_OK
               : find_in_line(info, index, owner, own_index, level);
  *own_index = index - inherited;
  *level = 0;
  if (*own_index >= info->facts.function_count)
    return TYPE_E_ELEMENTNOTFOUND;
  *owner = info;
  return S_OK;
}
