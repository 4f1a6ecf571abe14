/* Property sets of a storage: IPropertySetStorage, the names of their streams ([MS-OLEPS] 2.24), StgCreatePropStg and its
 * like. Two sets share one stream: DocumentSummaryInformation and the properties that a user defined. */
#include <stdlib.h>
#include <string.h>

#include <oleander_enumerator.h>

#include "storage/property_internal.h"

#define SET_FLAGS (PROPSETFLAG_NONSIMPLE | PROPSETFLAG_ANSI | PROPSETFLAG_UNBUFFERED | PROPSETFLAG_CASE_SENSITIVE)

static const char16_t digits[] = u"abcdefghijklmnopqrstuvwxyz012345";

/* Five bits a letter, from the lowest of the first byte on. */
HRESULT FmtIdToPropStgName(const FMTID *fmtid, LPOLESTR name) {
  const uint8_t *bytes = (const uint8_t *)fmtid;

  if (!fmtid || !name)
    return E_INVALIDARG;
  *name++ = 5;
  if (IsEqualGUID(fmtid, &FMTID_SummaryInformation)) {
    memcpy(name, u"SummaryInformation", sizeof u"SummaryInformation");
    return S_OK;
  }
  if (IsEqualGUID(fmtid, &FMTID_DocSummaryInformation) || IsEqualGUID(fmtid, &FMTID_UserDefinedProperties)) {
    memcpy(name, u"DocumentSummaryInformation", sizeof u"DocumentSummaryInformation");
    return S_OK;
  }
  for (unsigned bit = 0; bit < 128; bit += 5) {
    unsigned pair = bytes[bit / 8] | (bit / 8 + 1 < 16 ? (unsigned)bytes[bit / 8 + 1] << 8 : 0);
    *name++ = digits[pair >> bit % 8 & 31];
  }
  *name = 0;
  return S_OK;
}

static unsigned digit_of(OLECHAR unit) {
  unsigned value = 0;

  while (value < 32 && digits[value] != unit && digits[value] != (unit | 0x20))
    value++;
  return value;
}

HRESULT PropStgNameToFmtId(const LPOLESTR name, FMTID *fmtid) {
  uint8_t bytes[17] = { 0 };
  unsigned bit = 0;

  if (!name || !fmtid)
    return E_INVALIDARG;
  if (*name != 5)
    return STG_E_INVALIDNAME;
  if (caseless_equal(name + 1, u"SummaryInformation")) {
    *fmtid = FMTID_SummaryInformation;
    return S_OK;
  }
  if (caseless_equal(name + 1, u"DocumentSummaryInformation")) {
    *fmtid = FMTID_DocSummaryInformation;
    return S_OK;
  }
  for (const OLECHAR *at = name + 1; *at; at++, bit += 5) {
    unsigned value = digit_of(*at);
    if (value == 32 || bit >= 130)
      return STG_E_INVALIDNAME;
    bytes[bit / 8] |= (uint8_t)(value << bit % 8);
    if (bit / 8 + 1 < sizeof bytes)
      bytes[bit / 8 + 1] |= (uint8_t)(value << bit % 8 >> 8);
  }
  if (bit != 130 || bytes[16])
    return STG_E_INVALIDNAME;
  memcpy(fmtid, bytes, sizeof *fmtid);
  return S_OK;
}

static HRESULT check_flags(DWORD flags) {
  if (flags & ~(DWORD)SET_FLAGS)
    return STG_E_INVALIDFLAG;
  return flags & PROPSETFLAG_NONSIMPLE ? STG_E_INVALIDFUNCTION : S_OK;
}

static HRESULT check_mode(DWORD mode) {
  if ((mode & 0x70) != STGM_SHARE_EXCLUSIVE)
    return STG_E_INVALIDFLAG;
  return mode & (STGM_TRANSACTED | STGM_PRIORITY | STGM_DELETEONRELEASE) ? STG_E_INVALIDFUNCTION : S_OK;
}

static HRESULT new_section(PropertySet *set, REFFMTID fmtid, DWORD flags) {
  HRESULT status = property_set_add(set, fmtid);

  if (FAILED(status) || !(flags & PROPSETFLAG_CASE_SENSITIVE))
    return status;
  PropertySection *section = &set->sections[set->count - 1];
  PROPVARIANT behavior = { .vt = VT_UI4, .ulVal = 1 };
  section->case_sensitive = true;
  return section_put(section, PID_BEHAVIOR, &behavior);
}

/* The stream of a set with what is in it; an empty one where there is none. */
static HRESULT open_stream(IStorage *storage, const OLECHAR *name, DWORD mode, IStream **stream, PropertySet *set) {
  HRESULT status = IStorage_OpenStream(storage, name, NULL, mode & ~(DWORD)STGM_CREATE, 0, stream);

  memset(set, 0, sizeof *set);
  if (SUCCEEDED(status))
    status = property_set_read(*stream, set);
  if (FAILED(status) && *stream) {
    IStream_Release(*stream);
    *stream = NULL;
  }
  return status;
}

static HRESULT finish(HRESULT status, IStream *stream, PropertySet *set, REFFMTID fmtid, DWORD flags, DWORD mode,
                      bool dirty, IPropertyStorage **result) {
  if (SUCCEEDED(status))
    status = property_storage_create(stream, set, fmtid, flags, mode, dirty, result);
  if (FAILED(status)) {
    property_set_clear(set);
    if (stream)
      IStream_Release(stream);
  }
  return status;
}

HRESULT property_sets_create(IStorage *storage, REFFMTID fmtid, const CLSID *clsid, DWORD flags, DWORD mode,
                             IPropertyStorage **result) {
  OLECHAR name[CWCSTORAGENAME];
  IStream *stream = NULL;
  PropertySet set = { 0 };

  if (!fmtid || !result)
    return E_INVALIDARG;
  *result = NULL;
  HRESULT status = check_flags(flags);
  if (SUCCEEDED(status))
    status = check_mode(mode);
  if (SUCCEEDED(status) && (mode & 3) == STGM_READ)
    status = STG_E_ACCESSDENIED;
  if (FAILED(status))
    return status;
  FmtIdToPropStgName(fmtid, name);
  bool shared = IsEqualGUID(fmtid, &FMTID_UserDefinedProperties);
  status = shared ? open_stream(storage, name, mode, &stream, &set) : STG_E_FILENOTFOUND;
  PropertySection *old = SUCCEEDED(status) ? property_set_section(&set, fmtid) : NULL;
  if (old && !(mode & STGM_CREATE))
    status = STG_E_FILEALREADYEXISTS;
  else if (old)
    property_set_drop(&set, old);
  if (status == STG_E_FILENOTFOUND) {
    status = IStorage_CreateStream(storage, name, mode, 0, 0, &stream);
    set.system = 0x00020006;         /* as Windows numbers itself */
    if (SUCCEEDED(status) && shared) /* the second section is the user's */
      status = new_section(&set, &FMTID_DocSummaryInformation, 0);
  }
  if (SUCCEEDED(status))
    status = new_section(&set, fmtid, flags);
  if (SUCCEEDED(status) && clsid)
    set.clsid = *clsid;
  if (SUCCEEDED(status))
    status = property_set_write(stream, &set);
  return finish(status, stream, &set, fmtid, flags, mode, false, result);
}

HRESULT property_sets_open(IStorage *storage, REFFMTID fmtid, DWORD mode, IPropertyStorage **result) {
  OLECHAR name[CWCSTORAGENAME];
  IStream *stream = NULL;
  PropertySet set = { 0 };

  if (!fmtid || !result)
    return E_INVALIDARG;
  *result = NULL;
  HRESULT status = mode & STGM_CREATE ? STG_E_INVALIDFLAG : check_mode(mode);
  if (FAILED(status))
    return status;
  FmtIdToPropStgName(fmtid, name);
  status = open_stream(storage, name, mode, &stream, &set);
  if (SUCCEEDED(status) && !property_set_section(&set, fmtid))
    status = STG_E_FILENOTFOUND;
  return finish(status, stream, &set, fmtid, 0, mode, false, result);
}

HRESULT property_sets_delete(IStorage *storage, REFFMTID fmtid) {
  OLECHAR name[CWCSTORAGENAME];
  IStream *stream = NULL;
  PropertySet set;

  if (!fmtid)
    return E_INVALIDARG;
  FmtIdToPropStgName(fmtid, name);
  if (!IsEqualGUID(fmtid, &FMTID_UserDefinedProperties))
    return IStorage_DestroyElement(storage, name);
  HRESULT status = open_stream(storage, name, STGM_READWRITE | STGM_SHARE_EXCLUSIVE, &stream, &set);
  if (FAILED(status))
    return status;
  PropertySection *section = property_set_section(&set, fmtid);
  if (section)
    property_set_drop(&set, section);
  status = section ? property_set_write(stream, &set) : STG_E_FILENOTFOUND;
  property_set_clear(&set);
  IStream_Release(stream);
  return status;
}

static const OleanderElements set_elements = { sizeof(STATPROPSETSTG), NULL, NULL, 0 };

/* What an element that looks like a set says of it; sets that cannot be read are listed by their name alone. */
static bool stat_set(IStorage *storage, const STATSTG *element, STATPROPSETSTG *result) {
  IStream *stream;
  PropertySet set;

  memset(result, 0, sizeof *result);
  if (element->type != STGTY_STREAM || FAILED(PropStgNameToFmtId(element->pwcsName, &result->fmtid)))
    return false;
  result->mtime = element->mtime;
  result->ctime = element->ctime;
  if (SUCCEEDED(open_stream(storage, element->pwcsName, STGM_READ | STGM_SHARE_EXCLUSIVE, &stream, &set))) {
    result->clsid = set.clsid;
    result->dwOSVersion = set.system;
    if (set.count && set.sections[0].code_page != CODE_PAGE_UTF16)
      result->grfFlags = PROPSETFLAG_ANSI;
    property_set_clear(&set);
    IStream_Release(stream);
  }
  return true;
}

HRESULT property_sets_enum(IStorage *storage, IEnumSTATPROPSETSTG **result) {
  IEnumSTATSTG *elements;
  STATPROPSETSTG *sets = NULL;
  size_t count = 0;
  STATSTG element;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  HRESULT status = IStorage_EnumElements(storage, 0, NULL, 0, &elements);
  if (FAILED(status))
    return status;
  while (SUCCEEDED(status) && IEnumSTATSTG_Next(elements, 1, &element, NULL) == S_OK) {
    STATPROPSETSTG *more = realloc(sets, (count + 1) * sizeof *sets);

    if (more) {
      sets = more;
      count += stat_set(storage, &element, &sets[count]);
    } else {
      status = E_OUTOFMEMORY;
    }
    CoTaskMemFree(element.pwcsName);
  }
  IEnumSTATSTG_Release(elements);
  if (SUCCEEDED(status))
    status = oleander_enumerator_create(&IID_IEnumSTATPROPSETSTG, &set_elements, sets, count, (void **)result);
  free(sets);
  return status;
}

/* Over any storage, or any stream */

typedef struct PropertySets {
  IPropertySetStorage sets;
  Object object;
  IStorage *storage;
} PropertySets;

OBJECT_FACE(PropertySets, sets, IPropertySetStorage)

static IStorage *storage_of(IPropertySetStorage *face) {
  return OBJECT_CONTAINER(face, PropertySets, sets)->storage;
}

static void property_sets_destroy(void *self) {
  IStorage_Release(((PropertySets *)self)->storage);
}

static HRESULT STDMETHODCALLTYPE PropertySets_Create(IPropertySetStorage *face, REFFMTID fmtid, const CLSID *clsid,
                                                     DWORD flags, DWORD mode, IPropertyStorage **result) {
  return property_sets_create(storage_of(face), fmtid, clsid, flags, mode, result);
}

static HRESULT STDMETHODCALLTYPE PropertySets_Open(IPropertySetStorage *face, REFFMTID fmtid, DWORD mode,
                                                   IPropertyStorage **result) {
  return property_sets_open(storage_of(face), fmtid, mode, result);
}

static HRESULT STDMETHODCALLTYPE PropertySets_Delete(IPropertySetStorage *face, REFFMTID fmtid) {
  return property_sets_delete(storage_of(face), fmtid);
}

static HRESULT STDMETHODCALLTYPE PropertySets_Enum(IPropertySetStorage *face, IEnumSTATPROPSETSTG **result) {
  return property_sets_enum(storage_of(face), result);
}

static const IPropertySetStorageVtbl sets_vtable = {
  OLEANDER_FACE_SLOTS(PropertySets, sets),
  PropertySets_Create,
  PropertySets_Open,
  PropertySets_Delete,
  PropertySets_Enum,
};
static const ObjectFace sets_faces[] = {
  { &IID_IPropertySetStorage, offsetof(PropertySets, sets), &sets_vtable },
  { 0 },
};
static const ObjectType sets_type = {
  "PropertySets", sizeof(PropertySets), offsetof(PropertySets, object), sets_faces, property_sets_destroy, NULL,
};

HRESULT StgCreatePropSetStg(IStorage *storage, DWORD reserved, IPropertySetStorage **result) {
  if (!storage || !result)
    return E_INVALIDARG;
  *result = NULL;
  if (reserved)
    return STG_E_INVALIDPARAMETER;
  PropertySets *self = object_create(&sets_type);
  if (!self)
    return E_OUTOFMEMORY;
  self->storage = storage;
  IStorage_AddRef(storage);
  *result = &self->sets;
  return S_OK;
}

static HRESULT stream_from(IUnknown *object, DWORD flags, DWORD reserved, IStream **stream) {
  if (reserved)
    return STG_E_INVALIDPARAMETER;
  HRESULT status = check_flags(flags);
  return SUCCEEDED(status) ? IUnknown_QueryInterface(object, &IID_IStream, (void **)stream) : status;
}

HRESULT StgCreatePropStg(IUnknown *object, REFFMTID fmtid, const CLSID *clsid, DWORD flags, DWORD reserved,
                         IPropertyStorage **result) {
  PropertySet set = { .system = 0x00020006 };
  IStream *stream = NULL;

  if (!object || !fmtid || !result)
    return E_INVALIDARG;
  *result = NULL;
  HRESULT status = stream_from(object, flags, reserved, &stream);
  if (FAILED(status))
    return status;
  status = new_section(&set, fmtid, flags);
  if (SUCCEEDED(status) && clsid)
    set.clsid = *clsid;
  if (SUCCEEDED(status))
    status = property_set_write(stream, &set);
  return finish(status, stream, &set, fmtid, flags, STGM_READWRITE, false, result);
}

HRESULT StgOpenPropStg(IUnknown *object, REFFMTID fmtid, DWORD flags, DWORD reserved, IPropertyStorage **result) {
  PropertySet set = { 0 };
  IStream *stream = NULL;

  if (!object || !fmtid || !result)
    return E_INVALIDARG;
  *result = NULL;
  HRESULT status = stream_from(object, flags, reserved, &stream);
  if (FAILED(status))
    return status;
  status = property_set_read(stream, &set);
  if (SUCCEEDED(status) && !property_set_section(&set, fmtid))
    status = STG_E_FILENOTFOUND;
  return finish(status, stream, &set, fmtid, flags, STGM_READWRITE, false, result);
}
