/* model_desc.c - the types in a LibraryModel: each is kept once, whatever uses it. */
#include "typelib/model/library_model_internal.h"

#include <stdlib.h>
#include <string.h>

static uint32_t mix(uint32_t hash, uint32_t value) {
  hash = (hash ^ value) * 0x9E3779B1u;
  return hash ^ hash >> 15;
}

static uint32_t desc_hash(const TYPEDESC *desc) {
  uint32_t hash = 0;

  for (;;) {
    hash = mix(hash, desc->vt);
    switch (desc->vt) {
    case VT_PTR:
    case VT_SAFEARRAY:
      desc = desc->lptdesc;
      break;
    case VT_CARRAY:
      for (USHORT index = 0; index < desc->lpadesc->cDims; index++)
        hash =
            mix(mix(hash, desc->lpadesc->rgbounds[index].cElements), (uint32_t)desc->lpadesc->rgbounds[index].lLbound);
      desc = &desc->lpadesc->tdescElem;
      break;
    case VT_USERDEFINED:
      return mix(hash, desc->hreftype);
    default:
      return hash;
    }
  }
}

static bool same_bounds(const ARRAYDESC *one, const ARRAYDESC *other) {
  return one->cDims == other->cDims && memcmp(one->rgbounds, other->rgbounds, one->cDims * sizeof(SAFEARRAYBOUND)) == 0;
}

static bool same_desc(const TYPEDESC *one, const TYPEDESC *other) {
  for (;;) {
    if (one->vt != other->vt)
      return false;
    switch (one->vt) {
    case VT_PTR:
    case VT_SAFEARRAY:
      one = one->lptdesc;
      other = other->lptdesc;
      break;
    case VT_CARRAY:
      if (!same_bounds(one->lpadesc, other->lpadesc))
        return false;
      one = &one->lpadesc->tdescElem;
      other = &other->lpadesc->tdescElem;
      break;
    case VT_USERDEFINED:
      return one->hreftype == other->hreftype;
    default:
      return true;
    }
  }
}

/* The same conditions as model_copy_desc has: what passes can be walked. */
static bool can_be(const TYPEDESC *desc) {
  for (unsigned depth = 0; depth <= TYPE_DEPTH_LIMIT; depth++) {
    switch (desc->vt) {
    case VT_PTR:
    case VT_SAFEARRAY:
      desc = desc->lptdesc;
      break;
    case VT_CARRAY:
      desc = desc->lpadesc ? &desc->lpadesc->tdescElem : NULL;
      break;
    case VT_USERDEFINED:
      return desc->hreftype <= MODEL_REFERENCE_LIMIT;
    default:
      return true;
    }
    if (!desc)
      return false;
  }
  return false;
}

static uint32_t *desc_slot(const LibraryModel *model, const TYPEDESC *desc) {
  const TYPEDESC *descs = model->descs.items;
  uint32_t *slots = model->desc_slots.items, mask = model->desc_slots.capacity - 1;
  uint32_t place = desc_hash(desc) & mask;

  while (slots[place] && !same_desc(&descs[slots[place] - 1], desc))
    place = (place + 1) & mask;
  return &slots[place];
}

/* At least every second slot is free. */
static HRESULT grow_desc_slots(LibraryModel *model) {
  Table *table = &model->desc_slots;
  const TYPEDESC *descs = model->descs.items;

  if (model->descs.count < table->capacity / 2)
    return S_OK;
  uint32_t capacity = table->capacity ? table->capacity * 2 : 64, *slots = calloc(capacity, sizeof *slots);
  if (!slots)
    return E_OUTOFMEMORY;
  free(table->items);
  table->items = slots;
  table->capacity = capacity;
  for (TypeCode code = 0; code < model->descs.count; code++)
    *desc_slot(model, &descs[code]) = code + 1;
  return S_OK;
}

HRESULT library_model_desc(LibraryModel *model, const TYPEDESC *desc, TypeCode *code) {
  TYPEDESC copy;

  if (!can_be(desc))
    return E_INVALIDARG;
  HRESULT hr = grow_desc_slots(model);
  if (FAILED(hr))
    return hr;
  uint32_t *slot = desc_slot(model, desc);
  if (!*slot) {
    hr = model_copy_desc(desc, model->block, &copy, 0);
    if (SUCCEEDED(hr))
      hr = model_reserve(&model->descs, sizeof copy, 1);
    if (FAILED(hr))
      return hr;
    ((TYPEDESC *)model->descs.items)[model->descs.count] = copy;
    *slot = ++model->descs.count;
  }
  *code = *slot - 1;
  return S_OK;
}
