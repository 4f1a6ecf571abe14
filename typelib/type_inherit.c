/* type_inherit.c - bases, and the functions that the dispatch view of an interface shows before its own. */
#include "typelib/type_objects.h"

static HRESULT resolve_base(TypeInfo *info, TypeInfo **base) {
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
  hr = resolve_base(info, base);
  if (FAILED(hr) || depth >= BASE_LIMIT) {
    *complete = hr == TYPE_E_ELEMENTNOTFOUND;
    return hr;
  }
  if (SUCCEEDED(base_at_depth(*base, depth + 1, &above, complete)))
    type_info_release(above);
  if (*complete && atomic_compare_exchange_strong(&info->base, &none, *base))
    ITypeInfo2_AddRef(&(*base)->info);
  return S_OK;
}

HRESULT type_base(TypeInfo *info, TypeInfo **base) {
  bool complete;

  *base = NULL;
  return base_at_depth(info, 0, base, &complete);
}

static HRESULT default_interface(TypeInfo *coclass, TypeInfo **interface_info) {
  const LibraryReader *reader = coclass->library->reader;
  HREFTYPE first = NO_REFERENCE;
  ImplementedFacts facts;
  UINT index;

  for (index = 0; index < coclass->facts.implemented_count; index++) {
    HRESULT hr = reader->methods->read_implemented(reader, coclass->index, index, &facts);

    if (FAILED(hr))
      return hr;
    if (facts.flags & IMPLTYPEFLAG_FSOURCE)
      continue;
    if (facts.flags & IMPLTYPEFLAG_FDEFAULT)
      return type_resolve_reference(coclass, facts.reference, interface_info);
    if (first == NO_REFERENCE)
      first = facts.reference;
  }
  return type_resolve_reference(coclass, first, interface_info);
}

HRESULT type_next_scope(TypeInfo *info, TypeInfo **next) {
  *next = NULL;
  return info->facts.kind == TKIND_COCLASS ? default_interface(info, next) : type_base(info, next);
}

/* bases[0] is `info`, bases[1] its base and so on; *count is how many. Each is released by chain_release. */
typedef struct BaseChain {
  TypeInfo *types[BASE_LIMIT];
  unsigned count;
  HRESULT end; /* why it ends: TYPE_E_ELEMENTNOTFOUND when all is well */
} BaseChain;

static void chain_collect(TypeInfo *info, BaseChain *chain) {
  chain->count = 1;
  chain->types[0] = info;
  ITypeInfo2_AddRef(&info->info);
  do {
    chain->end = type_base(chain->types[chain->count - 1], &chain->types[chain->count]);
    if (FAILED(chain->end))
      return;
    chain->count++;
  } while (chain->count < BASE_LIMIT);
  chain->end = TYPE_E_CIRCULARTYPE;
}

static void chain_release(BaseChain *chain) {
  while (chain->count > 0)
    type_info_release(chain->types[--chain->count]);
}

static UINT chain_functions(const BaseChain *chain) {
  UINT total = 0;
  unsigned level;

  for (level = 1; level < chain->count; level++)
    total += chain->types[level]->facts.function_count;
  return total;
}

UINT type_inherited_functions(TypeInfo *info) {
  int known = info->inherited;
  BaseChain chain;

  if (!type_is_dispatch_view(info))
    return 0;
  if (known < 0) {
    chain_collect(info, &chain);
    known = chain.end == TYPE_E_ELEMENTNOTFOUND ? (int)chain_functions(&chain) : info->facts.inherited_function_count;
    chain_release(&chain);
    info->inherited = known;
  }
  return (UINT)known;
}

/* The size of the vtable tells how many functions there are together, inherited and reserved ones included. */
UINT type_function_total(TypeInfo *info) {
  if (!type_is_dispatch_view(info))
    return info->facts.function_count;
  return info->facts.vtable_size / info->library->facts.pointer_size;
}

HRESULT type_find_function(TypeInfo *info, UINT index, TypeInfo **owner, UINT *own_index, unsigned *level) {
  UINT inherited = type_inherited_functions(info);
  BaseChain chain;
  HRESULT hr;

  *owner = NULL;
  if (index >= inherited) {
    *own_index = index - inherited;
    *level = 0;
    if (*own_index >= info->facts.function_count)
      return TYPE_E_ELEMENTNOTFOUND;
    ITypeInfo2_AddRef(&info->info);
    *owner = info;
    return S_OK;
  }
  chain_collect(info, &chain);
  hr = chain.end == TYPE_E_ELEMENTNOTFOUND ? TYPE_E_ELEMENTNOTFOUND : chain.end;
  /* the outermost base comes first */
  for (*level = chain.count - 1; chain.end == TYPE_E_ELEMENTNOTFOUND && *level > 0; --*level) {
    TypeInfo *base = chain.types[*level];

    if (index < base->facts.function_count) {
      ITypeInfo2_AddRef(&base->info);
      *owner = base;
      *own_index = index;
      hr = S_OK;
      break;
    }
    index -= base->facts.function_count;
  }
  chain_release(&chain);
  return hr;
}
