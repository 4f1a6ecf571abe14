/* The collection of drives: the file systems that are mounted now. */
#include "scripting_internal.h"

#include <stdlib.h>

typedef struct Drives {
  IDriveCollection drives;
  OleanderObject object;
} Drives;

OLEANDER_DUAL(Drives, drives, IDriveCollection)

static HRESULT report(HRESULT hr) {
  return scripting_report(hr, &IID_IDriveCollection, "Scripting.Drives");
}

static HRESULT STDMETHODCALLTYPE Drives_get_Item(IDriveCollection *face, VARIANT key, IDrive **drive) {
  VARIANT holder;
  char *point;
  BSTR text;
  HRESULT hr;

  (void)face;
  if (!drive)
    return E_POINTER;
  *drive = NULL;
  hr = key_text(key, &text, &holder);
  if (FAILED(hr))
    return report(hr);
  hr = path_absolute_from_bstr(text, &point);
  VariantClear(&holder);
  if (SUCCEEDED(hr)) {
    hr = drive_open(point, drive);
    free(point);
  }
  return report(hr == RUNTIME_BAD_FILE_NAME ? E_INVALIDARG : hr);
}

/* what an enumerator walks over: the mounts at its beginning */

typedef struct MountSnapshot {
  LONG references;
  MountList list;
} MountSnapshot;

static void snapshot_addref(void *source) {
  __atomic_add_fetch(&((MountSnapshot *)source)->references, 1, __ATOMIC_RELAXED);
}

static void snapshot_release(void *source) {
  MountSnapshot *snapshot = source;

  if (__atomic_sub_fetch(&snapshot->references, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  mounts_free(&snapshot->list);
  free(snapshot);
}

static HRESULT snapshot_next(void *source, uint64_t *position, VARIANT *item) {
  const MountSnapshot *snapshot = source;

  while (*position < snapshot->list.count) {
    const Mount *mount = &snapshot->list.mounts[*position];
    IDrive *drive;
    HRESULT hr;

    ++*position;
    if (!item)
      return S_OK;
    hr = drive_open(mount->point, &drive);
    if (hr == RUNTIME_DEVICE_MISSING)
      continue; /* unmounted meanwhile */
    if (SUCCEEDED(hr)) {
      V_VT(item) = VT_DISPATCH;
      V_DISPATCH(item) = (IDispatch *)drive;
    }
    return hr;
  }
  return S_FALSE;
}

static const EnumeratorSource snapshot_source = { snapshot_next, snapshot_addref, snapshot_release };

static HRESULT STDMETHODCALLTYPE Drives_get__NewEnum(IDriveCollection *face, IUnknown **result) {
  MountSnapshot *snapshot;
  HRESULT hr;

  (void)face;
  if (!result)
    return E_POINTER;
  *result = NULL;
  snapshot = calloc(1, sizeof *snapshot);
  if (!snapshot)
    return E_OUTOFMEMORY;
  snapshot->references = 1;
  hr = mounts_read(&snapshot->list);
  if (SUCCEEDED(hr))
    hr = enumerator_create(&snapshot_source, snapshot, result);
  snapshot_release(snapshot);
  return report(hr);
}

static HRESULT STDMETHODCALLTYPE Drives_get_Count(IDriveCollection *face, LONG *count) {
  MountList list;
  HRESULT hr;

  (void)face;
  if (!count)
    return E_POINTER;
  *count = 0;
  hr = mounts_read(&list);
  if (SUCCEEDED(hr)) {
    *count = (LONG)list.count;
    mounts_free(&list);
  }
  return report(hr);
}

static const IDriveCollectionVtbl drives_vtable = { OLEANDER_DUAL_SLOTS(Drives, drives), Drives_get_Item,
                                                    Drives_get__NewEnum, Drives_get_Count };

static const OleanderFace drives_faces[] = { { &IID_IDriveCollection, offsetof(Drives, drives), &drives_vtable },
                                             { 0 } };

OleanderClass drives_class = { .module = &scripting_module,
                               .clsid = &CLSID_Drives,
                               .title = "Scripting.Drives",
                               .size = sizeof(Drives),
                               .object = offsetof(Drives, object),
                               .faces = drives_faces };

HRESULT drives_create(IDriveCollection **drives) {
  void *made;
  HRESULT hr = oleander_object_create(&drives_class, NULL, &made);

  *drives = SUCCEEDED(hr) ? &((Drives *)made)->drives : NULL;
  return hr;
}
