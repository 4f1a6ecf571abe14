/* Property sets: opens the bytes as a stream, reads every property and name, changes one, writes the set and reads it again. */
#include "fuzz/work_limit.h"

#include <coml2api.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(IPropertyStorage *properties) {
  IEnumSTATPROPSTG *all;
  STATPROPSTG stat;

  if (FAILED(IPropertyStorage_Enum(properties, &all)))
    return;
  while (IEnumSTATPROPSTG_Next(all, 1, &stat, NULL) == S_OK) {
    PROPSPEC spec = { .ulKind = PRSPEC_PROPID, .propid = stat.propid };
    PROPVARIANT value;
    PROPVARIANT copy;

    if (SUCCEEDED(IPropertyStorage_ReadMultiple(properties, 1, &spec, &value))) {
      if (SUCCEEDED(PropVariantCopy(&copy, &value)))
        PropVariantClear(&copy);
      IPropertyStorage_WriteMultiple(properties, 1, &spec, &value, 2);
      PropVariantClear(&value);
    }
    CoTaskMemFree(stat.lpwstrName);
  }
  IEnumSTATPROPSTG_Release(all);
}

static void open_set(IStream *stream, const FMTID *fmtid) {
  PROPSPEC spec = { .ulKind = PRSPEC_LPWSTR, .lpwstr = (LPOLESTR)u"fuzz" };
  PROPVARIANT value = { .vt = VT_I4, .lVal = 1 };
  IPropertyStorage *properties;

  if (FAILED(StgOpenPropStg((IUnknown *)stream, fmtid, 0, 0, &properties)))
    return;
  read_all(properties);
  IPropertyStorage_WriteMultiple(properties, 1, &spec, &value, 2);
  IPropertyStorage_Release(properties);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double begin = work_seconds();
  IStream *stream;
  FMTID fmtids[2] = { { 0 } };

  if (size > 1 << 18 || FAILED(CreateStreamOnHGlobal(NULL, TRUE, &stream)))
    return 0;
  for (size_t i = 0; i < 2 && 28 + i * 20 + sizeof(FMTID) <= size; i++)
    memcpy(&fmtids[i], data + 28 + i * 20, sizeof(FMTID));
  IStream_Write(stream, data, (ULONG)size, NULL);
  for (size_t i = 0; i < 4; i++)
    open_set(stream, &fmtids[i % 2]);
  IStream_Release(stream);
  work_check(begin, "reading and writing the set");
  return 0;
}
