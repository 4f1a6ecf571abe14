/* How two monikers relate: MonikerCommonPrefixWith and MonikerRelativePathTo, over the parts of both. */
#include "activation/monikers/moniker_internal.h"

typedef struct Pair {
  IMoniker **first;
  size_t first_count;
  IMoniker **second;
  size_t second_count;
  size_t common; /* equal parts at the start */
} Pair;

static HRESULT pair_open(Pair *pair, IMoniker *first, IMoniker *second) {
  HRESULT status = moniker_parts(first, &pair->first, &pair->first_count);

  if (FAILED(status))
    return status;
  status = moniker_parts(second, &pair->second, &pair->second_count);
  if (FAILED(status)) {
    moniker_parts_free(pair->first, pair->first_count);
    return status;
  }
  pair->common = 0;
  while (pair->common < pair->first_count && pair->common < pair->second_count &&
         IMoniker_IsEqual(pair->first[pair->common], pair->second[pair->common]) == S_OK)
    pair->common++;
  return S_OK;
}

static void pair_close(Pair *pair) {
  moniker_parts_free(pair->first, pair->first_count);
  moniker_parts_free(pair->second, pair->second_count);
}

/* Whether the part is a file moniker, of which two may share a part of their paths. */
static bool is_file(IMoniker *moniker) {
  DWORD kind;

  return IMoniker_IsSystemMoniker(moniker, &kind) == S_OK && kind == MKSYS_FILEMONIKER;
}

/* The common parts, and the common part of two differing file monikers behind them. */
static HRESULT common_prefix(Pair *pair, IMoniker **prefix) {
  IMoniker *files = NULL;
  IMoniker *parts = NULL;
  HRESULT kind = S_OK;
  HRESULT status;

  if (pair->common < pair->first_count && pair->common < pair->second_count && is_file(pair->first[pair->common]) &&
      is_file(pair->second[pair->common])) {
    kind = IMoniker_CommonPrefixWith(pair->first[pair->common], pair->second[pair->common], &files);
    if (FAILED(kind))
      files = NULL;
  }
  if (!pair->common && !files)
    return MK_E_NOPREFIX;
  status = moniker_from_parts(pair->first, pair->common, &parts);
  if (SUCCEEDED(status))
    status = CreateGenericComposite(parts, files, prefix);
  if (parts)
    IMoniker_Release(parts);
  if (!files) {
    if (SUCCEEDED(status) && pair->common == pair->first_count)
      status = pair->common == pair->second_count ? MK_S_US : MK_S_ME;
    else if (SUCCEEDED(status) && pair->common == pair->second_count)
      status = MK_S_HIM;
    return status;
  }
  IMoniker_Release(files);
  /* A file that is all of one side makes that side the prefix. */
  if (SUCCEEDED(status) && kind == MK_S_ME && pair->common + 1 == pair->first_count)
    status = MK_S_ME;
  else if (SUCCEEDED(status) && kind == MK_S_HIM && pair->common + 1 == pair->second_count)
    status = MK_S_HIM;
  return status;
}

HRESULT MonikerCommonPrefixWith(IMoniker *first, IMoniker *second, IMoniker **prefix) {
  Pair pair;
  HRESULT status;

  if (!prefix)
    return E_POINTER;
  *prefix = NULL;
  if (!first || !second)
    return E_INVALIDARG;
  status = pair_open(&pair, first, second);
  if (FAILED(status))
    return status;
  status = common_prefix(&pair, prefix);
  pair_close(&pair);
  return status;
}

/* Back over what only the source has, then along what only the target has. */
static HRESULT relative_path(Pair *pair, IMoniker **path) {
  IMoniker *source = NULL;
  IMoniker *target = NULL;
  IMoniker *back = NULL;
  HRESULT status = moniker_from_parts(pair->first + pair->common, pair->first_count - pair->common, &source);

  if (SUCCEEDED(status) && source)
    status = IMoniker_Inverse(source, &back);
  if (SUCCEEDED(status))
    status = moniker_from_parts(pair->second + pair->common, pair->second_count - pair->common, &target);
  if (SUCCEEDED(status))
    status = CreateGenericComposite(back, target, path);
  if (source)
    IMoniker_Release(source);
  if (back)
    IMoniker_Release(back);
  if (target)
    IMoniker_Release(target);
  return status;
}

HRESULT MonikerRelativePathTo(IMoniker *source, IMoniker *target, IMoniker **path, BOOL reserved) {
  Pair pair;
  HRESULT status;

  (void)reserved;
  if (!path)
    return E_POINTER;
  *path = NULL;
  if (!source || !target)
    return E_INVALIDARG;
  status = pair_open(&pair, source, target);
  if (FAILED(status))
    return status;
  if (pair.common) {
    status = relative_path(&pair, path);
  } else {
    IMoniker_AddRef(target);
    *path = target;
    status = MK_S_HIM;
  }
  pair_close(&pair);
  return status;
}
