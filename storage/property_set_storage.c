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

/* The properties that a user defined share a stream with others, and a stream cannot hold elements. */
static HRESULT check_flags(REFFMTID fmtid, DWORD flags) {
  if (flags & ~(DWORD)SET_FLAGS)
    return STG_E_INVALIDFLAG;
  return flags & PROPSETFLAG_NONSIMPLE && IsEqualGUID(fmtid, &FMTID_UserDefinedProperties) ? STG_E_INVALIDFLAG : S_OK;
}

/* Only a set that is a storage can be transacted. */
static HRESULT check_mode(DWORD mode, bool storage) {
  if ((mode & 0x70) != STGM_SHARE_EXCLUSIVE)
    return STG_E_INVALIDFLAG;
  if (mode & (STGM_PRIORITY | STGM_DELETEONRELEASE) || (mode & STGM_TRANSACTED && !storage))
    return STG_E_INVALIDFUNCTION;
  return S_OK;
}

/* What a set lies in: a stream, or a storage with the stream CONTENTS. */
typedef struct Place {
  IStream *stream;
  IStorage *storage;
} Place;

static void place_release(Place *place) {
  if (place->stream)
    IStream_Release(place->stream);
  if (place->storage)
    IStorage_Release(place->storage);
  *place = (Place){ 0 };
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

#define STREAM_MODE(mode) ((mode) & (STGM_READ | STGM_WRITE | STGM_READWRITE | STGM_SHARE_EXCLUSIVE))

/* The place of a set with what is in it; nothing where there is none. */
static HRESULT open_place(IStorage *storage, const OLECHAR *name, DWORD mode, Place *place, PropertySet *set) {
  HRESULT status = IStorage_OpenStream(storage, name, NULL, STREAM_MODE(mode), 0, &place->stream);

  memset(set, 0, sizeof *set);
  if (status == STG_E_FILENOTFOUND) {
    status = IStorage_OpenStorage(storage, name, NULL, mode & ~(DWORD)STGM_CREATE, NULL, 0, &place->storage);
    if (SUCCEEDED(status))
      status = IStorage_OpenStream(place->storage, PROPERTY_CONTENTS, NULL, STREAM_MODE(mode), 0, &place->stream);
  }
  if (SUCCEEDED(status))
    status = check_mode(mode, place->storage != NULL);
  if (SUCCEEDED(status))
    status = property_set_read(place->stream, set);
  if (FAILED(status))
    place_release(place);
  return status;
}

static HRESULT create_contents(IStorage *storage, DWORD mode, IStream **stream) {
  return IStorage_CreateStream(storage, PROPERTY_CONTENTS, STREAM_MODE(mode) | STGM_CREATE, 0, 0, stream);
}

static HRESULT create_place(IStorage *storage, const OLECHAR *name, DWORD flags, DWORD mode, Place *place) {
  if (!(flags & PROPSETFLAG_NONSIMPLE))
    return IStorage_CreateStream(storage, name, mode, 0, 0, &place->stream);
  HRESULT status = IStorage_CreateStorage(storage, name, mode, 0, 0, &place->storage);
  return SUCCEEDED(status) ? create_contents(place->storage, mode, &place->stream) : status;
}

static HRESULT write_new(Place *place, PropertySet *set, const CLSID *clsid) {
  HRESULT status = S_OK;

  if (clsid)
    set->clsid = *clsid;
  if (clsid && place->storage)
    status = IStorage_SetClass(place->storage, clsid);
  return SUCCEEDED(status) ? property_set_write(place->stream, set) : status;
}

static HRESULT finish(HRESULT status, Place *place, PropertySet *set, REFFMTID fmtid, DWORD flags, DWORD mode,
                      IPropertyStorage **result) {
  flags = place->storage ? flags | PROPSETFLAG_NONSIMPLE : flags;
  if (SUCCEEDED(status))
    status = property_storage_create(place->stream, place->storage, set, fmtid, flags, mode, result);
  if (FAILED(status)) {
    property_set_clear(set);
    place_release(place);
  }
  return status;
}

HRESULT property_sets_create(IStorage *storage, REFFMTID fmtid, const CLSID *clsid, DWORD flags, DWORD mode,
                             IPropertyStorage **result) {
  OLECHAR name[CWCSTORAGENAME];
  Place place = { 0 };
  PropertySet set = { 0 };

  if (!fmtid || !result)
    return E_INVALIDARG;
  *result = NULL;
  HRESULT status = check_flags(fmtid, flags);
  if (SUCCEEDED(status))
    status = check_mode(mode, flags & PROPSETFLAG_NONSIMPLE);
  if (SUCCEEDED(status) && (mode & 3) == STGM_READ)
    status = STG_E_ACCESSDENIED;
  if (FAILED(status))
    return status;
  FmtIdToPropStgName(fmtid, name);
  bool shared = IsEqualGUID(fmtid, &FMTID_UserDefinedProperties);
  status = shared ? open_place(storage, name, mode, &place, &set) : STG_E_FILENOTFOUND;
  PropertySection *old = SUCCEEDED(status) ? property_set_section(&set, fmtid) : NULL;
  if (old && !(mode & STGM_CREATE))
    status = STG_E_FILEALREADYEXISTS;
  else if (old)
    property_set_drop(&set, old);
  if (status == STG_E_FILENOTFOUND) {
    status = create_place(storage, name, flags, mode, &place);
    set.system = 0x00020006;         /* as Windows numbers itself */
    if (SUCCEEDED(status) && shared) /* the second section is the user's */
      status = new_section(&set, &FMTID_DocSummaryInformation, 0);
  }
  if (SUCCEEDED(status))
    status = new_section(&set, fmtid, flags);
  if (SUCCEEDED(status))
    status = write_new(&place, &set, clsid);
  return finish(status, &place, &set, fmtid, flags, mode, result);
}

HRESULT property_sets_open(IStorage *storage, REFFMTID fmtid, DWORD mode, IPropertyStorage **result) {
  OLECHAR name[CWCSTORAGENAME];
  Place place = { 0 };
  PropertySet set = { 0 };

  if (!fmtid || !result)
    return E_INVALIDARG;
  *result = NULL;
  HRESULT status = mode & STGM_CREATE ? STG_E_INVALIDFLAG : check_mode(mode, true);
  if (FAILED(status))
    return status;
  FmtIdToPropStgName(fmtid, name);
  status = open_place(storage, name, mode, &place, &set);
  if (SUCCEEDED(status) && !property_set_section(&set, fmtid))
    status = STG_E_FILENOTFOUND;
  return finish(status, &place, &set, fmtid, 0, mode, result);
}

HRESULT property_sets_delete(IStorage *storage, REFFMTID fmtid) {
  OLECHAR name[CWCSTORAGENAME];
  Place place = { 0 };
  PropertySet set;

  if (!fmtid)
    return E_INVALIDARG;
  FmtIdToPropStgName(fmtid, name);
  if (!IsEqualGUID(fmtid, &FMTID_UserDefinedProperties))
    return IStorage_DestroyElement(storage, name);
  HRESULT status = open_place(storage, name, STGM_READWRITE | STGM_SHARE_EXCLUSIVE, &place, &set);
  if (FAILED(status))
    return status;
  PropertySection *section = property_set_section(&set, fmtid);
  if (section)
    property_set_drop(&set, section);
  status = section ? property_set_write(place.stream, &set) : STG_E_FILENOTFOUND;
  property_set_clear(&set);
  place_release(&place);
  return status;
}

static const OleanderElements set_elements = { sizeof(STATPROPSETSTG), NULL, NULL, 0 };

/* What an element that looks like a set says of it; sets that cannot be read are listed by their name alone. */
static bool stat_set(IStorage *storage, const STATSTG *element, STATPROPSETSTG *result) {
  Place place = { 0 };
  PropertySet set;

  memset(result, 0, sizeof *result);
  if (FAILED(PropStgNameToFmtId(element->pwcsName, &result->fmtid)))
    return false;
  result->mtime = element->mtime;
  result->ctime = element->ctime;
  if (element->type == STGTY_STORAGE)
    result->grfFlags = PROPSETFLAG_NONSIMPLE;
  if (SUCCEEDED(open_place(storage, element->pwcsName, STGM_READ | STGM_SHARE_EXCLUSIVE, &place, &set))) {
    result->clsid = set.clsid;
    result->dwOSVersion = set.system;
    if (set.count && set.sections[0].code_page != CODE_PAGE_UTF16)
      result->grfFlags |= PROPSETFLAG_ANSI;
    property_set_clear(&set);
    place_release(&place);
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

static HRESULT place_from(IUnknown *object, REFFMTID fmtid, DWORD flags, DWORD reserved, Place *place) {
  if (reserved)
    return STG_E_INVALIDPARAMETER;
  HRESULT status = check_flags(fmtid, flags);
  if (FAILED(status))
    return status;
  return flags & PROPSETFLAG_NONSIMPLE ? IUnknown_QueryInterface(object, &IID_IStorage, (void **)&place->storage)
                                       : IUnknown_QueryInterface(object, &IID_IStream, (void **)&place->stream);
}

HRESULT StgCreatePropStg(IUnknown *object, REFFMTID fmtid, const CLSID *clsid, DWORD flags, DWORD reserved,
                         IPropertyStorage **result) {
  PropertySet set = { .system = 0x00020006 };
  Place place = { 0 };

  if (!object || !fmtid || !result)
    return E_INVALIDARG;
  *result = NULL;
  HRESULT status = place_from(object, fmtid, flags, reserved, &place);
  if (SUCCEEDED(status) && place.storage)
    status = create_contents(place.storage, STGM_READWRITE | STGM_SHARE_EXCLUSIVE, &place.stream);
  if (SUCCEEDED(status))
    status = new_section(&set, fmtid, flags);
  if (SUCCEEDED(status))
    status = write_new(&place, &set, clsid);
  return finish(status, &place, &set, fmtid, flags, STGM_READWRITE, result);
}

HRESULT StgOpenPropStg(IUnknown *object, REFFMTID fmtid, DWORD flags, DWORD reserved, IPropertyStorage **result) {
  PropertySet set = { 0 };
  Place place = { 0 };
  DWORD mode = STGM_READWRITE;
  STATSTG stat;

  if (!object || !fmtid || !result)
    return E_INVALIDARG;
  *result = NULL;
  HRESULT status = place_from(object, fmtid, flags, reserved, &place);
  if (SUCCEEDED(status) && place.storage) {
    status = IStorage_Stat(place.storage, &stat, STATFLAG_NONAME);
    mode = SUCCEEDED(status) ? stat.grfMode & 3 : mode;
    if (SUCCEEDED(status))
      status =
          IStorage_OpenStream(place.storage, PROPERTY_CONTENTS, NULL, mode | STGM_SHARE_EXCLUSIVE, 0, &place.stream);
  }
  if (SUCCEEDED(status))
    status = property_set_read(place.stream, &set);
  if (SUCCEEDED(status) && !property_set_section(&set, fmtid))
    status = STG_E_FILENOTFOUND;
  return finish(status, &place, &set, fmtid, flags, mode, result);
}
