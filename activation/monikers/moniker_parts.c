/* Monikers as lists of parts, seen through IMoniker alone, so that composites of every implementation are alike. */
#include <stdlib.h>

#include "activation/monikers/moniker_internal.h"

void moniker_parts_free(IMoniker **parts, size_t count) {
  for (size_t i = 0; i < count; i++)
    IMoniker_Release(parts[i]);
  free(parts);
}

IMoniker **moniker_parts_copy(IMoniker **parts, size_t count) {
  IMoniker **copy = malloc((count + 1) * sizeof(IMoniker *));

  for (size_t i = 0; copy && i < count; i++)
    moniker_share(parts[i], &copy[i]);
  return copy;
}

/* Makes room for one more part behind `count` of them; the room doubles. */
static HRESULT grow(IMoniker ***parts, size_t count) {
  if (count & (count - 1) || (count && count < 4))
    return S_OK;
  IMoniker **bigger = realloc(*parts, (count ? count * 2 : 4) * sizeof(IMoniker *));
  if (!bigger)
    return E_OUTOFMEMORY;
  *parts = bigger;
  return S_OK;
}

/* No more than MONIKER_PARTS_LIMIT squared: a foreign enumerator need not come to an end. */
static HRESULT enumerate(IEnumMoniker *list, IMoniker ***parts, size_t *count) {
  HRESULT status = S_OK;
  IMoniker *part = NULL;

  while (SUCCEEDED(status) && IEnumMoniker_Next(list, 1, &part, NULL) == S_OK && part) {
    status = *count == MONIKER_PARTS_LIMIT * MONIKER_PARTS_LIMIT ? E_UNEXPECTED : grow(parts, *count);
    if (SUCCEEDED(status))
      (*parts)[(*count)++] = part;
    else
      IMoniker_Release(part);
    part = NULL;
  }
  return status;
}

HRESULT moniker_parts(IMoniker *moniker, IMoniker ***parts, size_t *count) {
  *parts = NULL;
  *count = 0;
  if (moniker_kind_of(moniker) != MKSYS_GENERICCOMPOSITE) {
    *count = 1;
    *parts = moniker_parts_copy(&moniker, 1);
    return *parts ? S_OK : E_OUTOFMEMORY;
  }
  IEnumMoniker *list = NULL;
  HRESULT status = IMoniker_Enum(moniker, TRUE, &list);
  if (FAILED(status) || !list)
    return FAILED(status) ? status : E_UNEXPECTED;
  status = enumerate(list, parts, count);
  IEnumMoniker_Release(list);
  if (FAILED(status)) {
    moniker_parts_free(*parts, *count);
    *parts = NULL;
    *count = 0;
  }
  return status;
}

HRESULT moniker_append(IMoniker **whole, IMoniker *part) {
  if (!*whole) {
    moniker_share(part, whole);
    return S_OK;
  }
  IMoniker *joined = NULL;
  HRESULT status = IMoniker_ComposeWith(*whole, part, FALSE, &joined);
  if (FAILED(status))
    return status;
  IMoniker_Release(*whole);
  *whole = joined;
  return S_OK;
}
