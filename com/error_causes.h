/* What led to an error, beyond what IErrorInfo says: it goes along with the error from process to process. */
#ifndef OLEANDER_COM_ERROR_CAUSES_H
#define OLEANDER_COM_ERROR_CAUSES_H

#include <oaidl.h>
#include <oleauto.h>

/* {3B0C6E5D-71A4-4E0F-9D28-5A4C1E90B7F2} */
static const IID IID_IOleanderErrorCauses = {
  0x3B0C6E5D, 0x71A4, 0x4E0F, { 0x9D, 0x28, 0x5A, 0x4C, 0x1E, 0x90, 0xB7, 0xF2 }
};

/* An interface of an IErrorInfo. The bytes are those of whoever has made the error; who reads them takes them for hostile. */
typedef struct IOleanderErrorCauses IOleanderErrorCauses;
typedef struct IOleanderErrorCausesVtbl {
  HRESULT(STDMETHODCALLTYPE *QueryInterface)(IOleanderErrorCauses *self, REFIID iid, void **result);
  ULONG(STDMETHODCALLTYPE *AddRef)(IOleanderErrorCauses *self);
  ULONG(STDMETHODCALLTYPE *Release)(IOleanderErrorCauses *self);
  /* A BSTR of bytes, the caller's; NULL: nothing is known. */
  HRESULT(STDMETHODCALLTYPE *GetCauses)(IOleanderErrorCauses *self, BSTR *causes);
} IOleanderErrorCausesVtbl;
struct IOleanderErrorCauses {
  const IOleanderErrorCausesVtbl *lpVtbl;
};

/* The causes of an error, or NULL. The caller frees them. */
static inline BSTR error_causes_of(IErrorInfo *info) {
  void *found = NULL;
  BSTR causes = NULL;
  if (FAILED(info->lpVtbl->QueryInterface(info, &IID_IOleanderErrorCauses, &found)) || !found)
    return NULL;
  IOleanderErrorCauses *face = found;
  if (FAILED(face->lpVtbl->GetCauses(face, &causes)))
    causes = NULL;
  face->lpVtbl->Release(face);
  return causes;
}

#endif
