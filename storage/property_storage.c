/* IPropertyStorage over a section of a property set's stream. The set is in memory; Commit writes it, and so does the last
 * Release. */
#include <stdlib.h>
#include <string.h>
#include <pthread.h>

#include <oleander_enumerator.h>

#include "storage/property_internal.h"

typedef struct PropertyStorage {
  IPropertyStorage properties;
  Object object;
  pthread_mutex_t lock;
  IStream *stream;
  IStorage *storage; /* of a set that is one (PROPSETFLAG_NONSIMPLE), or NULL */
  PropertySet set;
  FMTID fmtid;
  DWORD flags, mode;
  bool dirty;
} PropertyStorage;

OBJECT_FACE(PropertyStorage, properties, IPropertyStorage)

static PropertyStorage *of(IPropertyStorage *face) {
  return OBJECT_CONTAINER(face, PropertyStorage, properties);
}

static PropertySection *section_of(PropertyStorage *self) {
  return property_set_section(&self->set, &self->fmtid);
}

static bool writes(const PropertyStorage *self) {
  return (self->mode & 3) != STGM_READ;
}

static HRESULT flush(PropertyStorage *self) {
  HRESULT status = self->dirty ? property_set_write(self->stream, &self->set) : S_OK;

  if (SUCCEEDED(status))
    self->dirty = false;
  return status;
}

static void property_storage_destroy(void *object) {
  PropertyStorage *self = object;

  if (self->stream) {
    if (!(self->mode & STGM_TRANSACTED))
      flush(self);
    IStream_Release(self->stream);
  }
  if (self->storage)
    IStorage_Release(self->storage);
  property_set_clear(&self->set);
  pthread_mutex_destroy(&self->lock);
}

#define FIRST_RESERVED 0x80000000u /* from here on numbers are the format's own */

/* The number that a specification means; S_FALSE: there is none of that name. */
static HRESULT id_of(PropertySection *section, const PROPSPEC *spec, PROPID *id) {
  if (spec->ulKind == PRSPEC_PROPID) {
    *id = spec->propid;
    return S_OK;
  }
  if (spec->ulKind != PRSPEC_LPWSTR || !spec->lpwstr)
    return STG_E_INVALIDPARAMETER;
  const PropertyName *name = section_find_name(section, spec->lpwstr);
  if (!name)
    return S_FALSE;
  *id = name->id;
  return S_OK;
}

static HRESULT read_one(PropertyStorage *self, PropertySection *section, PROPID id, PROPVARIANT *value) {
  Property *property = section_find(section, id);

  memset(value, 0, sizeof *value);
  if (id == PID_CODEPAGE) {
    value->vt = VT_I2;
    value->iVal = (SHORT)section->code_page;
    return section->code_page == CODE_PAGE_NONE ? S_FALSE : S_OK;
  }
  if (!property)
    return S_FALSE;
  if (self->storage && property->size >= 4 && property_is_indirect(little_u16(property->bytes)))
    return property_indirect_read(self->storage, property, section->code_page, self->mode, value);
  return property_decode(property->bytes, property->size, section->code_page, section_is_tight(&section->fmtid), value);
}

static HRESULT STDMETHODCALLTYPE PropertyStorage_ReadMultiple(IPropertyStorage *face, ULONG count,
                                                              const PROPSPEC *specs, PROPVARIANT *values) {
  PropertyStorage *self = of(face);
  HRESULT status = S_OK;
  ULONG found = 0;

  if (count && (!specs || !values))
    return E_INVALIDARG;
  memset(values, 0, count * sizeof *values);
  pthread_mutex_lock(&self->lock);
  PropertySection *section = section_of(self);
  for (ULONG i = 0; i < count && SUCCEEDED(status); i++) {
    PROPID id = 0;

    status = section ? id_of(section, &specs[i], &id) : STG_E_REVERTED;
    if (status == S_OK)
      status = read_one(self, section, id, &values[i]);
    if (status == S_FALSE)
      memset(&values[i], 0, sizeof values[i]);
    found += status == S_OK;
  }
  pthread_mutex_unlock(&self->lock);
  if (FAILED(status)) {
    FreePropVariantArray(count, values);
    return status;
  }
  return count && !found ? S_FALSE : S_OK;
}

/* Enters for a change; the lock is held when that succeeds. */
static HRESULT enter_to_write(PropertyStorage *self, PropertySection **section) {
  if (!writes(self))
    return STG_E_ACCESSDENIED;
  pthread_mutex_lock(&self->lock);
  *section = section_of(self);
  if (*section)
    return S_OK;
  pthread_mutex_unlock(&self->lock);
  return STG_E_REVERTED;
}

/* A number that no property has, from `first` on. */
static HRESULT free_id(PropertySection *section, PROPID first, PROPID *id) {
  if (first < PID_FIRST_USABLE)
    return STG_E_INVALIDPARAMETER;
  for (*id = first; *id < FIRST_RESERVED; ++*id) {
    if (!section_find(section, *id) && !section_name_of(section, *id))
      return S_OK;
  }
  return STG_E_INVALIDPARAMETER;
}

static HRESULT put_code_page(PropertySection *section, const PROPVARIANT *value) {
  if (value->vt != VT_I2)
    return STG_E_INVALIDPARAMETER;
  if (section->count || section->name_count)
    return (uint16_t)value->iVal == section->code_page ? S_OK : STG_E_INVALIDPARAMETER;
  section->code_page = (uint16_t)value->iVal;
  return S_OK;
}

static HRESULT put_behavior(PropertySection *section, const PROPVARIANT *value) {
  if (value->vt != VT_UI4 || value->ulVal > 1)
    return STG_E_INVALIDPARAMETER;
  if (section->count || section->name_count)
    return STG_E_INVALIDPARAMETER;
  section->case_sensitive = value->ulVal == 1;
  return section_put(section, PID_BEHAVIOR, value);
}

/* A value in the place of another, which may be an element of the storage. */
static HRESULT put_value(PropertyStorage *self, PropertySection *section, PROPID id, const PROPVARIANT *value) {
  if (self->storage)
    return property_indirect_put(self->storage, section, id, value);
  return property_is_indirect(value->vt) ? STG_E_PROPSETMISMATCHED : section_put(section, id, value);
}

static HRESULT write_one(PropertyStorage *self, PropertySection *section, PROPID id, const PROPVARIANT *value) {
  if (id == PID_DICTIONARY)
    return STG_E_INVALIDPARAMETER;
  if (id == PID_CODEPAGE)
    return put_code_page(section, value);
  if (id == PID_BEHAVIOR)
    return put_behavior(section, value);
  if (id == PID_LOCALE && value->vt != VT_UI4)
    return STG_E_INVALIDPARAMETER;
  if (id >= FIRST_RESERVED && id != PID_LOCALE)
    return id <= 0xBFFFFFFF ? S_OK : STG_E_INVALIDPARAMETER; /* read only, and so left alone */
  return put_value(self, section, id, value);
}

static HRESULT write_spec(PropertyStorage *self, PropertySection *section, const PROPSPEC *spec,
                          const PROPVARIANT *value, PROPID first) {
  PROPID id = 0;
  HRESULT status = id_of(section, spec, &id);

  if (status == S_OK)
    return write_one(self, section, id, value);
  if (status != S_FALSE)
    return status;
  status = free_id(section, first, &id);
  if (SUCCEEDED(status))
    status = put_value(self, section, id, value);
  if (SUCCEEDED(status)) {
    status = section_set_name(section, id, spec->lpwstr);
    if (FAILED(status))
      section_drop(section, id);
  }
  return status;
}

static HRESULT STDMETHODCALLTYPE PropertyStorage_WriteMultiple(IPropertyStorage *face, ULONG count,
                                                               const PROPSPEC *specs, const PROPVARIANT *values,
                                                               PROPID first) {
  PropertyStorage *self = of(face);
  PropertySection *section;

  if (count && (!specs || !values))
    return E_INVALIDARG;
  HRESULT status = enter_to_write(self, &section);
  if (FAILED(status))
    return status;
  for (ULONG i = 0; i < count && SUCCEEDED(status); i++) {
    status = write_spec(self, section, &specs[i], &values[i], first);
    self->dirty = self->dirty || SUCCEEDED(status);
  }
  if (SUCCEEDED(status) && self->flags & PROPSETFLAG_UNBUFFERED)
    status = flush(self);
  pthread_mutex_unlock(&self->lock);
  return status;
}

static HRESULT STDMETHODCALLTYPE PropertyStorage_DeleteMultiple(IPropertyStorage *face, ULONG count,
                                                                const PROPSPEC *specs) {
  PropertyStorage *self = of(face);
  PropertySection *section;

  if (count && !specs)
    return E_INVALIDARG;
  HRESULT status = enter_to_write(self, &section);
  if (FAILED(status))
    return status;
  for (ULONG i = 0; i < count && SUCCEEDED(status); i++) {
    PROPID id = 0;

    status = id_of(section, &specs[i], &id);
    if (status == S_FALSE)
      continue;
    if (SUCCEEDED(status) && id < PID_FIRST_USABLE)
      status = STG_E_INVALIDPARAMETER;
    if (SUCCEEDED(status) && self->storage)
      status = property_indirect_drop(self->storage, section_find(section, id), section->code_page);
    if (FAILED(status))
      break;
    section_drop(section, id);
    section_set_name(section, id, NULL);
    self->dirty = true;
  }
  pthread_mutex_unlock(&self->lock);
  return FAILED(status) ? status : S_OK;
}

static HRESULT task_copy(const char16_t *text, LPOLESTR *copy) {
  size_t size = (utf16_units(text) + 1) * sizeof *text;

  *copy = CoTaskMemAlloc(size);
  if (!*copy)
    return E_OUTOFMEMORY;
  memcpy(*copy, text, size);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE PropertyStorage_ReadPropertyNames(IPropertyStorage *face, ULONG count,
                                                                   const PROPID *ids, LPOLESTR *names) {
  PropertyStorage *self = of(face);
  HRESULT status = S_OK;
  ULONG found = 0;

  if (count && (!ids || !names))
    return E_INVALIDARG;
  memset(names, 0, count * sizeof *names);
  pthread_mutex_lock(&self->lock);
  PropertySection *section = section_of(self);
  for (ULONG i = 0; section && i < count && SUCCEEDED(status); i++) {
    const PropertyName *name = section_name_of(section, ids[i]);

    if (!name)
      continue;
    status = task_copy(name->name, &names[i]);
    found++;
  }
  pthread_mutex_unlock(&self->lock);
  for (ULONG i = 0; FAILED(status) && i < count; i++) {
    CoTaskMemFree(names[i]);
    names[i] = NULL;
  }
  return FAILED(status) ? status : count && !found ? S_FALSE : S_OK;
}

static HRESULT STDMETHODCALLTYPE PropertyStorage_WritePropertyNames(IPropertyStorage *face, ULONG count,
                                                                    const PROPID *ids, const LPOLESTR *names) {
  PropertyStorage *self = of(face);
  PropertySection *section;

  if (count && (!ids || !names))
    return E_INVALIDARG;
  HRESULT status = enter_to_write(self, &section);
  if (FAILED(status))
    return status;
  for (ULONG i = 0; i < count && SUCCEEDED(status); i++) {
    if (!names[i] || !*names[i] || ids[i] < PID_FIRST_USABLE || ids[i] >= FIRST_RESERVED)
      status = STG_E_INVALIDPARAMETER;
    else
      status = section_set_name(section, ids[i], names[i]);
    self->dirty = self->dirty || SUCCEEDED(status);
  }
  pthread_mutex_unlock(&self->lock);
  return status;
}

static HRESULT STDMETHODCALLTYPE PropertyStorage_DeletePropertyNames(IPropertyStorage *face, ULONG count,
                                                                     const PROPID *ids) {
  PropertyStorage *self = of(face);
  PropertySection *section;

  if (count && !ids)
    return E_INVALIDARG;
  HRESULT status = enter_to_write(self, &section);
  if (FAILED(status))
    return status;
  for (ULONG i = 0; i < count; i++)
    section_set_name(section, ids[i], NULL);
  self->dirty = self->dirty || count;
  pthread_mutex_unlock(&self->lock);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE PropertyStorage_Commit(IPropertyStorage *face, DWORD flags) {
  PropertyStorage *self = of(face);

  pthread_mutex_lock(&self->lock);
  HRESULT status = flush(self);
  if (SUCCEEDED(status))
    status = self->storage ? IStorage_Commit(self->storage, flags) : IStream_Commit(self->stream, flags);
  pthread_mutex_unlock(&self->lock);
  return status;
}

/* The set as it was committed; what was read of it before is dead, as after IStorage::Revert. */
static HRESULT revert(PropertyStorage *self) {
  PropertySet set = { 0 };
  IStream *stream = NULL;
  HRESULT status = IStorage_Revert(self->storage);

  if (SUCCEEDED(status))
    status = IStorage_OpenStream(self->storage, PROPERTY_CONTENTS, NULL, (self->mode & 3) | STGM_SHARE_EXCLUSIVE, 0,
                                 &stream);
  if (SUCCEEDED(status))
    status = property_set_read(stream, &set);
  if (FAILED(status)) {
    if (stream)
      IStream_Release(stream);
    return status;
  }
  property_set_clear(&self->set);
  IStream_Release(self->stream);
  self->set = set;
  self->stream = stream;
  self->dirty = false;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE PropertyStorage_Revert(IPropertyStorage *face) {
  PropertyStorage *self = of(face);

  if (!self->storage || !(self->mode & STGM_TRANSACTED))
    return S_OK; /* there is nothing to go back to */
  pthread_mutex_lock(&self->lock);
  HRESULT status = revert(self);
  pthread_mutex_unlock(&self->lock);
  return status;
}

static HRESULT property_copy(void *copy, const void *from) {
  STATPROPSTG result = *(const STATPROPSTG *)from;
  HRESULT status = result.lpwstrName ? task_copy(((const STATPROPSTG *)from)->lpwstrName, &result.lpwstrName) : S_OK;

  if (SUCCEEDED(status))
    *(STATPROPSTG *)copy = result;
  return status;
}

static void property_clear(void *element) {
  CoTaskMemFree(((STATPROPSTG *)element)->lpwstrName);
}

static const OleanderElements property_elements = { sizeof(STATPROPSTG), property_copy, property_clear, 0 };

static HRESULT STDMETHODCALLTYPE PropertyStorage_Enum(IPropertyStorage *face, IEnumSTATPROPSTG **result) {
  PropertyStorage *self = of(face);
  size_t count = 0;
  HRESULT status = S_OK;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  pthread_mutex_lock(&self->lock);
  PropertySection *section = section_of(self);
  size_t most = section ? section->count : 0;
  STATPROPSTG *elements = calloc(most + 1, sizeof *elements);
  if (!elements)
    status = E_OUTOFMEMORY;
  for (size_t i = 0; i < most && SUCCEEDED(status); i++) {
    const Property *property = &section->properties[i];
    const PropertyName *name = section_name_of(section, property->id);

    if (property->id < PID_FIRST_USABLE || property->id >= FIRST_RESERVED || property->size < 4)
      continue;
    elements[count].propid = property->id;
    elements[count].vt = little_u16(property->bytes);
    elements[count++].lpwstrName = name ? name->name : NULL; /* lent: the enumerator copies it under the lock */
  }
  if (SUCCEEDED(status))
    status = oleander_enumerator_create(&IID_IEnumSTATPROPSTG, &property_elements, elements, count, (void **)result);
  pthread_mutex_unlock(&self->lock);
  free(elements);
  return status;
}

static HRESULT STDMETHODCALLTYPE PropertyStorage_SetTimes(IPropertyStorage *face, const FILETIME *created,
                                                          const FILETIME *accessed, const FILETIME *modified) {
  PropertyStorage *self = of(face);

  if (!writes(self))
    return STG_E_ACCESSDENIED;
  /* streams have no times */
  return self->storage ? IStorage_SetElementTimes(self->storage, NULL, created, accessed, modified) : S_OK;
}

static HRESULT STDMETHODCALLTYPE PropertyStorage_SetClass(IPropertyStorage *face, REFCLSID clsid) {
  PropertyStorage *self = of(face);
  PropertySection *section;

  if (!clsid)
    return E_INVALIDARG;
  HRESULT status = enter_to_write(self, &section);
  if (FAILED(status))
    return status;
  if (self->storage)
    status = IStorage_SetClass(self->storage, clsid);
  if (SUCCEEDED(status)) {
    self->set.clsid = *clsid;
    self->dirty = true;
  }
  pthread_mutex_unlock(&self->lock);
  return status;
}

static HRESULT STDMETHODCALLTYPE PropertyStorage_Stat(IPropertyStorage *face, STATPROPSETSTG *result) {
  PropertyStorage *self = of(face);

  if (!result)
    return E_INVALIDARG;
  memset(result, 0, sizeof *result);
  pthread_mutex_lock(&self->lock);
  PropertySection *section = section_of(self);
  result->fmtid = self->fmtid;
  result->clsid = self->set.clsid;
  result->grfFlags = self->flags & ~(DWORD)PROPSETFLAG_UNBUFFERED;
  if (section && section->code_page != CODE_PAGE_UTF16)
    result->grfFlags |= PROPSETFLAG_ANSI;
  if (self->storage) {
    STATSTG stat;
    if (SUCCEEDED(IStorage_Stat(self->storage, &stat, STATFLAG_NONAME))) {
      result->mtime = stat.mtime;
      result->ctime = stat.ctime;
      result->atime = stat.atime;
    }
  }
  result->dwOSVersion = self->set.system;
  pthread_mutex_unlock(&self->lock);
  return S_OK;
}

static const IPropertyStorageVtbl properties_vtable = {
  OLEANDER_FACE_SLOTS(PropertyStorage, properties),
  PropertyStorage_ReadMultiple,
  PropertyStorage_WriteMultiple,
  PropertyStorage_DeleteMultiple,
  PropertyStorage_ReadPropertyNames,
  PropertyStorage_WritePropertyNames,
  PropertyStorage_DeletePropertyNames,
  PropertyStorage_Commit,
  PropertyStorage_Revert,
  PropertyStorage_Enum,
  PropertyStorage_SetTimes,
  PropertyStorage_SetClass,
  PropertyStorage_Stat,
};
static const ObjectFace properties_faces[] = {
  { &IID_IPropertyStorage, offsetof(PropertyStorage, properties), &properties_vtable },
  { 0 },
};
static const ObjectType properties_type = {
  "PropertyStorage", sizeof(PropertyStorage),  offsetof(PropertyStorage, object),
  properties_faces,  property_storage_destroy, NULL,
};

HRESULT property_storage_create(IStream *stream, IStorage *storage, PropertySet *set, REFFMTID fmtid, DWORD flags,
                                DWORD mode, IPropertyStorage **result) {
  PropertyStorage *self = object_create(&properties_type);

  if (!self)
    return E_OUTOFMEMORY;
  pthread_mutex_init(&self->lock, NULL);
  self->stream = stream;
  self->storage = storage;
  self->set = *set;
  memset(set, 0, sizeof *set);
  self->fmtid = *fmtid;
  self->flags = flags;
  self->mode = mode;
  *result = &self->properties;
  return S_OK;
}
