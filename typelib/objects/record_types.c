/* Gives dispatch/ the way to a registered record type, for GetRecordInfoFromGuids. */
#include "dispatch/dispatch_api.h"

static HRESULT load_record_type(REFGUID libid, WORD major, WORD minor, LCID lcid, REFGUID type, ITypeInfo **info) {
  ITypeLib *library = NULL;
  HRESULT hr = LoadRegTypeLib(libid, major, minor, lcid, &library);

  if (FAILED(hr))
    return hr;
  hr = ITypeLib_GetTypeInfoOfGuid(library, type, info);
  ITypeLib_Release(library);
  return hr;
}

__attribute__((constructor)) static void register_record_types(void) {
  dispatch_set_type_loader(load_record_type);
}
