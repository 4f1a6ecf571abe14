/* create_layout_size.c - sizes and alignments in the system that a created library is for, whatever system this is. */
#include "typelib/objects/create_objects.h"

/* What is asked: where a pointer has so many bytes. */
typedef struct Measure {
  unsigned pointer;
  unsigned depth;
} Measure;

static HRESULT measure_desc(TypeInfo *info, const TYPEDESC *desc, Measure measure, CreatedLayout *layout);

static CreatedLayout pointer_layout(Measure measure) {
  return (CreatedLayout){ measure.pointer, (WORD)measure.pointer };
}

/* A VARIANT has two pointers behind its first eight bytes. */
static HRESULT measure_base(VARTYPE vt, Measure measure, CreatedLayout *layout) {
  const BaseType *base;

  switch (vt) {
  case VT_BSTR:
  case VT_LPSTR:
  case VT_LPWSTR:
  case VT_DISPATCH:
  case VT_UNKNOWN:
  case VT_INT_PTR:
  case VT_UINT_PTR:
    *layout = pointer_layout(measure);
    return S_OK;
  case VT_VARIANT:
    *layout = (CreatedLayout){ 8 + 2 * (uint64_t)measure.pointer, 8 };
    return S_OK;
  case VT_FILETIME:
    *layout = (CreatedLayout){ 8, 4 };
    return S_OK;
  case VT_CLSID:
    *layout = (CreatedLayout){ 16, 4 };
    return S_OK;
  default:
    base = base_type(vt);
    if (!base || base->size == 0)
      return TYPE_E_UNDEFINEDTYPE;
    *layout = (CreatedLayout){ base->size, base->alignment };
    return S_OK;
  }
}

static HRESULT measure_array(TypeInfo *info, const ARRAYDESC *array, Measure measure, CreatedLayout *layout) {
  HRESULT hr = measure_desc(info, &array->tdescElem, measure, layout);

  for (USHORT index = 0; SUCCEEDED(hr) && index < array->cDims; index++) {
    layout->size *= array->rgbounds[index].cElements;
    if (layout->size > UINT32_MAX)
      hr = TYPE_E_SIZETOOBIG;
  }
  return hr;
}

static HRESULT measure_code(TypeInfo *info, TypeCode code, Measure measure, CreatedLayout *layout) {
  const LibraryReader *reader = info->library->reader;
  DescBlock *block = desc_block_create(sizeof(TYPEDESC), 2 * sizeof(TYPEDESC));

  if (!block)
    return E_OUTOFMEMORY;
  TYPEDESC *desc = desc_block_description(block);
  HRESULT hr = reader->methods->read_typedesc(reader, info->index, code, block, desc);
  if (SUCCEEDED(hr))
    hr = measure_desc(info, desc, measure, layout);
  desc_block_free(block);
  return hr;
}

static HRESULT lay_out_first(TypeInfo *info) {
  if (info->library->info_type != &created_type_object || info->vtable_view)
    return S_OK;
  return created_type_lay_out(OBJECT_CONTAINER(info, CreatedType, type));
}

/* Records of libraries for other systems stay as they are stored there. */
static HRESULT measure_type(TypeInfo *info, Measure measure, CreatedLayout *layout) {
  HRESULT hr;

  switch (info->facts.kind) {
  case TKIND_INTERFACE:
  case TKIND_DISPATCH:
  case TKIND_COCLASS:
    *layout = pointer_layout(measure);
    return S_OK;
  case TKIND_ENUM:
    *layout = (CreatedLayout){ 4, 4 };
    return S_OK;
  case TKIND_ALIAS:
    return measure_code(info, info->facts.alias, measure, layout);
  default:
    hr = lay_out_first(info);
    *layout = (CreatedLayout){ info->facts.instance_size, info->facts.alignment ? info->facts.alignment : 1 };
    return hr;
  }
}

static HRESULT measure_desc(TypeInfo *info, const TYPEDESC *desc, Measure measure, CreatedLayout *layout) {
  TypeInfo *target;

  if (measure.depth++ > TYPE_DEPTH_LIMIT)
    return TYPE_E_CIRCULARTYPE;
  switch (desc->vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
    *layout = pointer_layout(measure);
    return S_OK;
  case VT_CARRAY:
    return measure_array(info, desc->lpadesc, measure, layout);
  case VT_USERDEFINED: {
    HRESULT hr = type_resolve_reference(info, desc->hreftype, &target);
    if (FAILED(hr))
      return hr == E_OUTOFMEMORY ? hr : TYPE_E_UNDEFINEDTYPE;
    hr = measure_type(target, measure, layout);
    type_info_release(target);
    return hr;
  }
  default:
    return measure_base(desc->vt, measure, layout);
  }
}

HRESULT created_code_layout(CreatedType *self, TypeCode code, CreatedLayout *layout) {
  Measure measure = { created_pointer_size(created_library_of(self)), 0 };

  return measure_code(&self->type, code, measure, layout);
}
