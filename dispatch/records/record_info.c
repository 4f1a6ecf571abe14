/*
 * IRecordInfo over type information: records are laid out natively from their field types (DESIGN.md, section 2).
 * Memory from RecordCreate is remembered by record_memory.c, so that VariantClear may free it.
 */
#include "dispatch/dispatch_api.h"
#include "dispatch/records/record_field.h"
#include "dispatch/values/record_memory.h"

#include "com/com_api.h"

#include <combaseapi.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct RecordInfo {
  IRecordInfo record_info;
  Object object;
  TypeSet *types;
  const Type *type;                   /* TYPE_RECORD */
  ITypeInfo *owner;                   /* what the references of `types` are relative to */
  ITypeInfo *info;                    /* of this record */
  struct RecordInfo *_Atomic *nested; /* for each field that is or contains records: made on demand, kept */
} RecordInfo;

OBJECT_FACE(RecordInfo, record_info, IRecordInfo)

static void RecordInfo_destroy(void *object) {
  RecordInfo *self = object;

  for (uint32_t i = 0; self->nested && i < self->type->count; i++) {
    RecordInfo *nested = atomic_load(&self->nested[i]);
    if (nested)
      IRecordInfo_Release(&nested->record_info);
  }
  free(self->nested);
  if (self->info)
    ITypeInfo_Release(self->info);
  if (self->owner)
    ITypeInfo_Release(self->owner);
  if (self->types)
    type_set_release(self->types);
}

static const ObjectFace record_info_faces[] = { { &IID_IRecordInfo, offsetof(RecordInfo, record_info), NULL }, { 0 } };

static const ObjectType record_info_type = { .name = "RecordInfo",
                                             .size = sizeof(RecordInfo),
                                             .object = offsetof(RecordInfo, object),
                                             .faces = record_info_faces,
                                             .destroy = RecordInfo_destroy };

static RecordInfo *from_face(IRecordInfo *face) {
  return OBJECT_CONTAINER(face, RecordInfo, record_info);
}

static HRESULT record_info_new(TypeSet *types, const Type *type, ITypeInfo *owner, RecordInfo **result);

/* fields */

/* Index of the field with that name, without case as everywhere in Automation; -1. */
static int find_field(const Type *type, const OLECHAR *name) {
  for (uint32_t i = 0; i < type->count; i++)
    if (caseless_equal(type->fields[i].name, name))
      return (int)i;
  return -1;
}

/* The record type in a field: its own, or that of the elements of a fixed array. NULL: none. */
static const Type *field_record(const Type *type) {
  type = type_resolve(type);
  if (type->kind == TYPE_ARRAY)
    type = type_resolve(type->target);
  return type->kind == TYPE_RECORD ? type : NULL;
}

/* The information of a nested record, not counted: it lives as long as `self`. */
static HRESULT nested_info(RecordInfo *self, int index, IRecordInfo **result) {
  const Type *type = field_record(self->type->fields[index].type);
  RecordInfo *nested = atomic_load(&self->nested[index]);
  RecordInfo *none = NULL;

  *result = NULL;
  if (!type)
    return S_OK;
  if (!nested) {
    HRESULT hr = record_info_new(self->types, type, self->owner, &nested);
    if (FAILED(hr))
      return hr;
    if (!atomic_compare_exchange_strong(&self->nested[index], &none, nested)) {
      IRecordInfo_Release(&nested->record_info);
      nested = none;
    }
  }
  *result = &nested->record_info;
  return S_OK;
}

typedef struct FieldPlace {
  const Type *type;
  void *data;
  IRecordInfo *nested;
} FieldPlace;

static HRESULT find_place(RecordInfo *self, void *record, const OLECHAR *name, FieldPlace *place) {
  int index = find_field(self->type, name);

  if (index < 0)
    return TYPE_E_FIELDNOTFOUND;
  place->type = self->type->fields[index].type;
  place->data = (char *)record + self->type->fields[index].offset;
  return nested_info(self, index, &place->nested);
}

/* IRecordInfo */

static HRESULT STDMETHODCALLTYPE RecordInfo_RecordInit(IRecordInfo *face, PVOID pvNew) {
  if (!pvNew)
    return E_INVALIDARG;
  memset(pvNew, 0, from_face(face)->type->size);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE RecordInfo_RecordClear(IRecordInfo *face, PVOID pvExisting) {
  const Type *type = from_face(face)->type;

  if (!pvExisting)
    return E_INVALIDARG;
  if (type->owner != OWNS_NOTHING)
    type_clear(type, pvExisting);
  return S_OK;
}

/* The target is a valid record: what it holds is let go once the copy has been made. */
static HRESULT STDMETHODCALLTYPE RecordInfo_RecordCopy(IRecordInfo *face, PVOID pvExisting, PVOID pvNew) {
  const Type *type = from_face(face)->type;

  if (!pvExisting || !pvNew)
    return E_INVALIDARG;
  if (pvExisting == pvNew)
    return S_OK;
  if (type->owner == OWNS_NOTHING) {
    memcpy(pvNew, pvExisting, type->size);
    return S_OK;
  }
  void *copy = CoTaskMemAlloc(type->size);
  if (!copy)
    return E_OUTOFMEMORY;
  HRESULT hr = type_copy(type, copy, pvExisting);
  if (SUCCEEDED(hr)) {
    type_clear(type, pvNew);
    memcpy(pvNew, copy, type->size);
  }
  CoTaskMemFree(copy);
  return hr;
}

static HRESULT STDMETHODCALLTYPE RecordInfo_GetGuid(IRecordInfo *face, GUID *pguid) {
  if (!pguid)
    return E_INVALIDARG;
  *pguid = from_face(face)->type->guid;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE RecordInfo_GetName(IRecordInfo *face, BSTR *pbstrName) {
  const Type *type = from_face(face)->type;

  if (!pbstrName)
    return E_INVALIDARG;
  *pbstrName = SysAllocString(type->name ? type->name : u"");
  return *pbstrName ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE RecordInfo_GetSize(IRecordInfo *face, ULONG *pcbSize) {
  if (!pcbSize)
    return E_INVALIDARG;
  *pcbSize = from_face(face)->type->size;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE RecordInfo_GetTypeInfo(IRecordInfo *face, ITypeInfo **ppTypeInfo) {
  if (!ppTypeInfo)
    return E_INVALIDARG;
  *ppTypeInfo = from_face(face)->info;
  ITypeInfo_AddRef(*ppTypeInfo);
  return S_OK;
}

static HRESULT get_array(const FieldPlace *place, VARIANT *value) {
  SAFEARRAY *array = NULL;
  HRESULT hr = record_field_array(place->type, place->data, place->nested, &array);

  if (FAILED(hr))
    return hr;
  VariantClear(value);
  V_VT(value) = record_field_vartype(place->type);
  V_ARRAY(value) = array;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE RecordInfo_GetField(IRecordInfo *face, PVOID pvData, LPCOLESTR szFieldName,
                                                     VARIANT *pvarField) {
  FieldPlace place;
  VARIANT reference;

  if (!pvData || !szFieldName || !pvarField)
    return E_INVALIDARG;
  HRESULT hr = find_place(from_face(face), pvData, szFieldName, &place);
  if (SUCCEEDED(hr) && type_resolve(place.type)->kind == TYPE_ARRAY)
    return get_array(&place, pvarField);
  if (SUCCEEDED(hr))
    hr = record_field_reference(place.type, place.data, place.nested, &reference);
  return SUCCEEDED(hr) ? VariantCopyInd(pvarField, &reference) : hr;
}

static HRESULT STDMETHODCALLTYPE RecordInfo_GetFieldNoCopy(IRecordInfo *face, PVOID pvData, LPCOLESTR szFieldName,
                                                           VARIANT *pvarField, PVOID *ppvDataCArray) {
  FieldPlace place;
  VARIANT reference;

  if (!pvData || !szFieldName || !pvarField)
    return E_INVALIDARG;
  HRESULT hr = find_place(from_face(face), pvData, szFieldName, &place);
  if (SUCCEEDED(hr))
    hr = record_field_reference(place.type, place.data, place.nested, &reference);
  if (FAILED(hr))
    return hr;
  VariantClear(pvarField);
  *pvarField = reference;
  if (ppvDataCArray)
    *ppvDataCArray = type_resolve(place.type)->kind == TYPE_ARRAY ? place.data : NULL;
  return S_OK;
}

static HRESULT put_field(IRecordInfo *face, ULONG flags, void *record, const OLECHAR *name, VARIANT *value, BOOL copy) {
  FieldPlace place;
  VARIANT own;

  if (!record || !name || !value || (flags != INVOKE_PROPERTYPUT && flags != INVOKE_PROPERTYPUTREF))
    return E_INVALIDARG;
  HRESULT hr = find_place(from_face(face), record, name, &place);
  if (FAILED(hr))
    return hr;
  BOOL convert = flags == INVOKE_PROPERTYPUT;
  if (!copy && !(V_VT(value) & VT_BYREF))
    return record_field_put(place.type, place.data, place.nested, value, convert);
  VariantInit(&own);
  hr = VariantCopyInd(&own, value);
  if (SUCCEEDED(hr))
    hr = record_field_put(place.type, place.data, place.nested, &own, convert);
  VariantClear(&own);
  return hr;
}

static HRESULT STDMETHODCALLTYPE RecordInfo_PutField(IRecordInfo *face, ULONG wFlags, PVOID pvData,
                                                     LPCOLESTR szFieldName, VARIANT *pvarField) {
  return put_field(face, wFlags, pvData, szFieldName, pvarField, TRUE);
}

static HRESULT STDMETHODCALLTYPE RecordInfo_PutFieldNoCopy(IRecordInfo *face, ULONG wFlags, PVOID pvData,
                                                           LPCOLESTR szFieldName, VARIANT *pvarField) {
  return put_field(face, wFlags, pvData, szFieldName, pvarField, FALSE);
}

static HRESULT STDMETHODCALLTYPE RecordInfo_GetFieldNames(IRecordInfo *face, ULONG *pcNames, BSTR *rgBstrNames) {
  const Type *type = from_face(face)->type;

  if (!pcNames)
    return E_INVALIDARG;
  if (!rgBstrNames) {
    *pcNames = type->count;
    return S_OK;
  }
  ULONG count = *pcNames < type->count ? *pcNames : type->count;
  for (ULONG i = 0; i < count; i++) {
    rgBstrNames[i] = SysAllocString(type->fields[i].name);
    if (rgBstrNames[i])
      continue;
    while (i > 0) {
      SysFreeString(rgBstrNames[--i]);
      rgBstrNames[i] = NULL;
    }
    return E_OUTOFMEMORY;
  }
  *pcNames = count;
  return S_OK;
}

/* Types without a GUID match by their names and sizes. */
static BOOL same_name(IRecordInfo *one, IRecordInfo *other) {
  BSTR names[2] = { NULL, NULL };
  ULONG sizes[2] = { 0, 0 };
  BOOL same = SUCCEEDED(IRecordInfo_GetName(one, &names[0])) && SUCCEEDED(IRecordInfo_GetName(other, &names[1])) &&
              SUCCEEDED(IRecordInfo_GetSize(one, &sizes[0])) && SUCCEEDED(IRecordInfo_GetSize(other, &sizes[1])) &&
              sizes[0] == sizes[1] && SysStringByteLen(names[0]) == SysStringByteLen(names[1]) &&
              memcmp(names[0], names[1], SysStringByteLen(names[0])) == 0;

  SysFreeString(names[0]);
  SysFreeString(names[1]);
  return same;
}

static BOOL STDMETHODCALLTYPE RecordInfo_IsMatchingType(IRecordInfo *face, IRecordInfo *pRecordInfo) {
  GUID other;

  if (!pRecordInfo)
    return FALSE;
  if (pRecordInfo == face)
    return TRUE;
  if (FAILED(IRecordInfo_GetGuid(pRecordInfo, &other)) || !IsEqualGUID(&other, &from_face(face)->type->guid))
    return FALSE;
  return !IsEqualGUID(&other, &GUID_NULL) || same_name(face, pRecordInfo);
}

static PVOID STDMETHODCALLTYPE RecordInfo_RecordCreate(IRecordInfo *face) {
  return record_memory_new(from_face(face)->type->size); /* zeroed, as RecordInit leaves it */
}

static HRESULT STDMETHODCALLTYPE RecordInfo_RecordCreateCopy(IRecordInfo *face, PVOID pvSource, PVOID *ppvDest) {
  if (!pvSource || !ppvDest)
    return E_INVALIDARG;
  *ppvDest = NULL;
  void *record = RecordInfo_RecordCreate(face);
  if (!record)
    return E_OUTOFMEMORY;
  HRESULT hr = RecordInfo_RecordCopy(face, pvSource, record);
  if (FAILED(hr))
    record_memory_free(record);
  else
    *ppvDest = record;
  return hr;
}

static HRESULT STDMETHODCALLTYPE RecordInfo_RecordDestroy(IRecordInfo *face, PVOID pvRecord) {
  HRESULT hr = RecordInfo_RecordClear(face, pvRecord);

  if (SUCCEEDED(hr))
    record_memory_free(pvRecord);
  return hr;
}

static const IRecordInfoVtbl record_info_vtable = { RecordInfo_record_info_QueryInterface,
                                                    RecordInfo_record_info_AddRef,
                                                    RecordInfo_record_info_Release,
                                                    RecordInfo_RecordInit,
                                                    RecordInfo_RecordClear,
                                                    RecordInfo_RecordCopy,
                                                    RecordInfo_GetGuid,
                                                    RecordInfo_GetName,
                                                    RecordInfo_GetSize,
                                                    RecordInfo_GetTypeInfo,
                                                    RecordInfo_GetField,
                                                    RecordInfo_GetFieldNoCopy,
                                                    RecordInfo_PutField,
                                                    RecordInfo_PutFieldNoCopy,
                                                    RecordInfo_GetFieldNames,
                                                    RecordInfo_IsMatchingType,
                                                    RecordInfo_RecordCreate,
                                                    RecordInfo_RecordCreateCopy,
                                                    RecordInfo_RecordDestroy };

/* making */

/* `type` is a node of `types`, whose references are relative to `owner`; both gain a reference. */
static HRESULT record_info_new(TypeSet *types, const Type *type, ITypeInfo *owner, RecordInfo **result) {
  RecordInfo *self = object_create(&record_info_type);

  if (!self)
    return E_OUTOFMEMORY;
  self->record_info.lpVtbl = &record_info_vtable;
  self->types = type_set_addref(types);
  self->type = type;
  self->owner = owner;
  ITypeInfo_AddRef(owner);
  self->nested = calloc(type->count + 1, sizeof *self->nested);
  HRESULT hr = self->nested ? type_info(type, owner, &self->info) : E_OUTOFMEMORY;
  if (FAILED(hr))
    IRecordInfo_Release(&self->record_info);
  else
    *result = self;
  return hr;
}

HRESULT GetRecordInfoFromTypeInfo(ITypeInfo *pTypeInfo, IRecordInfo **ppRecInfo) {
  TypeSet *types = NULL;
  const Type *type = NULL;
  RecordInfo *self = NULL;

  if (!pTypeInfo || !ppRecInfo)
    return E_INVALIDARG;
  *ppRecInfo = NULL;
  HRESULT hr = type_set_create(&types);
  if (FAILED(hr))
    return hr;
  hr = type_from_typeinfo(types, pTypeInfo, &type, NULL, 0);
  if (SUCCEEDED(hr)) {
    type = type_resolve(type);
    hr = type->kind == TYPE_RECORD ? record_info_new(types, type, pTypeInfo, &self) : E_INVALIDARG;
  }
  if (SUCCEEDED(hr))
    *ppRecInfo = &self->record_info;
  type_set_release(types);
  return hr;
}

static HRESULT describe_stranger(IRecordInfo *info, TypeSet **set, const Type **type) {
  ITypeInfo *type_information = NULL;
  ULONG size = 0;
  HRESULT hr = IRecordInfo_GetTypeInfo(info, &type_information);
  if (SUCCEEDED(hr))
    hr = type_set_create(set);
  if (SUCCEEDED(hr))
    hr = type_from_typeinfo(*set, type_information, type, NULL, 0);
  if (SUCCEEDED(hr)) {
    *type = type_resolve(*type);
    hr = (*type)->kind == TYPE_RECORD && SUCCEEDED(IRecordInfo_GetSize(info, &size)) && size == (*type)->size
             ? S_OK
             : E_INVALIDARG;
  }
  if (type_information)
    ITypeInfo_Release(type_information);
  return hr;
}

HRESULT record_info_describe(IRecordInfo *info, TypeSet **set, const Type **type) {
  *set = NULL;
  *type = NULL;
  if (info->lpVtbl == &record_info_vtable) {
    *set = type_set_addref(from_face(info)->types);
    *type = from_face(info)->type;
    return S_OK;
  }
  HRESULT hr = describe_stranger(info, set, type);
  if (FAILED(hr)) {
    type_set_release(*set);
    *set = NULL;
  }
  return hr;
}

static DispatchTypeLoader *_Atomic type_loader;

void dispatch_set_type_loader(DispatchTypeLoader *loader) {
  atomic_store(&type_loader, loader);
}

HRESULT GetRecordInfoFromGuids(REFGUID rGuidTypeLib, ULONG uVerMajor, ULONG uVerMinor, LCID lcid, REFGUID rGuidTypeInfo,
                               IRecordInfo **ppRecInfo) {
  DispatchTypeLoader *loader = atomic_load(&type_loader);
  ITypeInfo *info = NULL;

  if (!rGuidTypeLib || !rGuidTypeInfo || !ppRecInfo)
    return E_INVALIDARG;
  *ppRecInfo = NULL;
  if (!loader || uVerMajor > UINT16_MAX || uVerMinor > UINT16_MAX)
    return TYPE_E_LIBNOTREGISTERED;
  HRESULT hr = loader(rGuidTypeLib, (WORD)uVerMajor, (WORD)uVerMinor, lcid, rGuidTypeInfo, &info);
  if (FAILED(hr))
    return hr;
  hr = GetRecordInfoFromTypeInfo(info, ppRecInfo);
  ITypeInfo_Release(info);
  return hr;
}
