/* What the benchmarks of calls between processes call: methods that do next to nothing. */
#include <initguid.h>
#include <oleander_server.h>

#include "measured.h"

#include <stdio.h>
#include <unistd.h>

typedef struct Measured {
  IMeasured measured;
  OleanderObject object;
} Measured;

OLEANDER_DUAL(Measured, measured, IMeasured)

extern OleanderModule measured_module;
static OleanderClass measured_class;

static HRESULT STDMETHODCALLTYPE Measured_Add(IMeasured *face, LONG left, LONG right, LONG *sum) {
  (void)face;
  *sum = left + right;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Measured_Echo(IMeasured *face, BSTR text, BSTR *same) {
  (void)face;
  *same = SysAllocStringLen(text, SysStringLen(text));
  return *same ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE Measured_Bytes(IMeasured *face, SAFEARRAY *bytes, SAFEARRAY **same) {
  (void)face;
  return SafeArrayCopy(bytes, same);
}

static HRESULT STDMETHODCALLTYPE Measured_Another(IMeasured *face, IMeasured **object) {
  Measured *made;
  (void)face;
  *object = NULL;
  HRESULT status = oleander_object_create(&measured_class, NULL, (void **)&made);
  if (SUCCEEDED(status))
    *object = &made->measured;
  return status;
}

static HRESULT STDMETHODCALLTYPE Measured_Memory(IMeasured *face, LONGLONG *bytes) {
  long total = 0, resident = 0;
  (void)face;
  *bytes = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file)
    return E_FAIL;
  int read = fscanf(file, "%ld %ld", &total, &resident);
  fclose(file);
  *bytes = (LONGLONG)resident * sysconf(_SC_PAGESIZE);
  return read == 2 ? S_OK : E_FAIL;
}

static const IMeasuredVtbl measured_vtable = { OLEANDER_DUAL_SLOTS(Measured, measured),
                                               Measured_Add,
                                               Measured_Echo,
                                               Measured_Bytes,
                                               Measured_Another,
                                               Measured_Memory };

static const OleanderFace faces[] = {
  { &IID_IMeasured, offsetof(Measured, measured), &measured_vtable },
  { 0 },
};

static OleanderClass measured_class = {
  .module = &measured_module,
  .clsid = &CLSID_MeasuredObject,
  .progid = "Benchmarks.Measured",
  .size = sizeof(Measured),
  .object = offsetof(Measured, object),
  .faces = faces,
};

static OleanderClass *const classes[] = { &measured_class, NULL };

OleanderModule measured_module = { .component = "measured", .classes = classes };

OLEANDER_MODULE(measured_module)
