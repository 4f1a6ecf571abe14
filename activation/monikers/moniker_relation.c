/* How two monikers relate: MonikerCommonPrefixWith and MonikerRelativePathTo, over the parts of both, seen through IMoniker
 * alone. */
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

/* Whether the first parts that differ are both files, of which two may share a part of their paths. */
static bool files_differ(const Pair *pair) {
  return pair->common < pair->first_count && pair->common < pair->second_count &&
         moniker_kind_of(pair->first[pair->common]) == MKSYS_FILEMONIKER &&
         moniker_kind_of(pair->second[pair->common]) == MKSYS_FILEMONIKER;
}

/* Which side is the prefix when `first` and `second` parts of the two belong to it. */
static HRESULT side(const Pair *pair, size_t first, size_t second) {
  if (first == pair->first_count)
    return second == pair->second_count ? MK_S_US : MK_S_ME;
  return second == pair->second_count ? MK_S_HIM : S_OK;
}

static HRESULT append_all(IMoniker **whole, IMoniker **parts, size_t count) {
  HRESULT status = S_OK;

  for (size_t i = 0; i < count && SUCCEEDED(status); i++)
    status = moniker_append(whole, parts[i]);
  return status;
}

static void release(IMoniker **moniker) {
  if (*moniker)
    IMoniker_Release(*moniker);
  *moniker = NULL;
}

/* The common parts, and the common part of two differing file monikers behind them. */
static HRESULT common_prefix(Pair *pair, IMoniker **prefix) {
  size_t common = pair->common;
  IMoniker *files = NULL;
  HRESULT kind =
      files_differ(pair) ? IMoniker_CommonPrefixWith(pair->first[common], pair->second[common], &files) : MK_E_NOPREFIX;

  if (FAILED(kind))
    files = NULL;
  if (!common && !files)
    return kind == E_OUTOFMEMORY ? kind : MK_E_NOPREFIX;
  HRESULT status = append_all(prefix, pair->first, common);
  if (SUCCEEDED(status) && files)
    status = moniker_append(prefix, files);
  if (FAILED(status))
    release(prefix);
  else if (files) /* a file that is all of one side's last part makes that side the prefix */
    status = side(pair, common + (kind == MK_S_ME), common + (kind == MK_S_HIM));
  else
    status = side(pair, common, common);
  release(&files);
  return status;
}

HRESULT MonikerCommonPrefixWith(IMoniker *first, IMoniker *second, IMoniker **prefix) {
  Pair pair;

  if (!prefix)
    return E_INVALIDARG;
  *prefix = NULL;
  /* Two simple monikers know themselves what they have in common, and say it in CommonPrefixWith. */
  if (!first || !second ||
      (moniker_kind_of(first) != MKSYS_GENERICCOMPOSITE && moniker_kind_of(second) != MKSYS_GENERICCOMPOSITE))
    return MK_E_NOPREFIX;
  HRESULT status = pair_open(&pair, first, second);
  if (FAILED(status))
    return status;
  status = common_prefix(&pair, prefix);
  pair_close(&pair);
  return status;
}

/* Back over what only the source has, then along what only the target has. */
static HRESULT relative_path(Pair *pair, IMoniker *between, IMoniker **path) {
  size_t skip = pair->common + (between != NULL);
  HRESULT status = S_OK;

  for (size_t i = pair->first_count; i-- > skip && SUCCEEDED(status);) {
    IMoniker *back = NULL;

    status = IMoniker_Inverse(pair->first[i], &back);
    if (SUCCEEDED(status) && back)
      status = moniker_append(path, back);
    release(&back);
  }
  if (SUCCEEDED(status) && between)
    status = moniker_append(path, between);
  if (SUCCEEDED(status))
    status = append_all(path, pair->second + skip, pair->second_count - skip);
  if (FAILED(status))
    release(path);
  return status;
}

/* Without anything in common the target is the path, unless the source is only relative itself. */
static HRESULT path_of_strangers(const Pair *pair, IMoniker *target, IMoniker **path) {
  if (pair->first_count > 1 && pair->second_count && moniker_kind_of(pair->first[0]) != MKSYS_GENERICCOMPOSITE) {
    IMoniker *ignored = NULL;
    HRESULT status = IMoniker_RelativePathTo(pair->first[0], pair->second[0], &ignored);

    if (SUCCEEDED(status))
      release(&ignored);
    if (status == MK_E_NOTBINDABLE)
      return status;
  }
  moniker_share(target, path);
  return MK_S_HIM;
}

/* When two files in composites begin the same way: the relative path from one to the other; else NULL. */
static HRESULT path_of_files(const Pair *pair, IMoniker **between) {
  IMoniker *path = NULL;

  *between = NULL;
  if (!files_differ(pair) || (pair->first_count == 1 && pair->second_count == 1))
    return S_OK;
  HRESULT status = IMoniker_RelativePathTo(pair->first[pair->common], pair->second[pair->common], &path);
  if (status == S_OK)
    *between = path;
  else if (SUCCEEDED(status))
    release(&path);
  return status == E_OUTOFMEMORY ? status : S_OK;
}

HRESULT MonikerRelativePathTo(IMoniker *source, IMoniker *target, IMoniker **path, BOOL reserved) {
  Pair pair;
  IMoniker *between;

  (void)reserved;
  if (path)
    *path = NULL;
  if (!path || !source || !target)
    return E_INVALIDARG;
  HRESULT status = pair_open(&pair, source, target);
  if (FAILED(status))
    return status;
  status = path_of_files(&pair, &between);
  if (SUCCEEDED(status))
    status = pair.common || between ? relative_path(&pair, between, path) : path_of_strangers(&pair, target, path);
  release(&between);
  pair_close(&pair);
  return status;
}
