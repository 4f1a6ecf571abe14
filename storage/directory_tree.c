/* The elements of a storage: a red-black tree of directory entries ordered by name ([MS-CFB] 2.6.4). Trees of other programs
 * may be mere lists, badly coloured or wrongly ordered: they are read as they are, and made anew before they are changed.
 * Nothing here recurs; every walk is limited by the number of entries. */
#include <stdlib.h>
#include <string.h>

#include "storage/compound_file.h"

#define TREE_DEPTH 80 /* a red-black tree of 2^32 nodes is no deeper than 64 */

/* What a walk in order has to come back to. */
typedef struct Visit {
  uint32_t sid;
  uint32_t right;
  unsigned blacks; /* black nodes from the top to here */
  bool black;
} Visit;

typedef struct Walk {
  CompoundFile *file;
  Visit *visits;
  size_t count, room;
  uint32_t left; /* nodes that may still be met */
  /* Whether the tree keeps all the rules, as far as it was walked. */
  bool strict;
  int leaf_blacks; /* black nodes to a missing child; -1: none met yet */
  Entry last;
  bool any;
} Walk;

static void check_leaf(Walk *walk, unsigned blacks) {
  if (walk->leaf_blacks < 0)
    walk->leaf_blacks = (int)blacks;
  else if (walk->leaf_blacks != (int)blacks)
    walk->strict = false;
}

/* Goes down to the left from `sid`. */
static HRESULT walk_down(Walk *walk, uint32_t sid, unsigned blacks, bool parent_black) {
  while (sid != SID_NONE) {
    Entry entry;
    HRESULT status = entry_read(walk->file, sid, &entry);

    if (FAILED(status))
      return status;
    if (!walk->left-- || (entry.type != ENTRY_STORAGE && entry.type != ENTRY_STREAM))
      return STG_E_DOCFILECORRUPT;
    if (walk->count == walk->room) {
      size_t room = walk->room * 2 + 32;
      Visit *visits = realloc(walk->visits, room * sizeof *visits);
      if (!visits)
        return E_OUTOFMEMORY;
      walk->visits = visits;
      walk->room = room;
    }
    if (!entry.black && !parent_black)
      walk->strict = false;
    blacks += entry.black;
    walk->visits[walk->count++] = (Visit){ sid, entry.right, blacks, entry.black };
    parent_black = entry.black;
    sid = entry.left;
  }
  check_leaf(walk, blacks);
  return S_OK;
}

/* All elements in the order of the tree; *strict: whether it keeps the rules. */
static HRESULT walk_all(CompoundFile *file, uint32_t top, SectorList *sids, bool *strict) {
  Walk walk = { .file = file, .left = entry_count(file), .strict = true, .leaf_blacks = -1 };
  HRESULT status = walk_down(&walk, top, 0, true);

  if (SUCCEEDED(status) && walk.count && !walk.visits[0].black)
    walk.strict = false;
  while (SUCCEEDED(status) && walk.count) {
    Visit visit = walk.visits[--walk.count];
    Entry entry;

    status = entry_read(file, visit.sid, &entry);
    if (FAILED(status))
      break;
    if (walk.any && entry_compare_names(walk.last.name, walk.last.name_units, entry.name, entry.name_units) >= 0)
      walk.strict = false;
    walk.last = entry;
    walk.any = true;
    status = sector_list_add(sids, visit.sid);
    if (SUCCEEDED(status))
      status = walk_down(&walk, visit.right, visit.blacks, visit.black);
  }
  free(walk.visits);
  *strict = walk.strict;
  return status;
}

static HRESULT read_top(CompoundFile *file, uint32_t storage, Entry *entry) {
  HRESULT status = entry_read(file, storage, entry);

  if (SUCCEEDED(status) && entry->type != ENTRY_STORAGE && entry->type != ENTRY_ROOT)
    status = STG_E_DOCFILECORRUPT;
  return status;
}

HRESULT tree_list(CompoundFile *file, uint32_t storage, SectorList *sids) {
  Entry entry;
  bool strict;
  HRESULT status = read_top(file, storage, &entry);

  memset(sids, 0, sizeof *sids);
  if (SUCCEEDED(status))
    status = walk_all(file, entry.child, sids, &strict);
  if (FAILED(status)) {
    free(sids->sectors);
    memset(sids, 0, sizeof *sids);
  }
  return status;
}

/* In trees that are not in order an element is found by looking at all of them. */
static HRESULT find_anywhere(CompoundFile *file, uint32_t storage, uint32_t top, const char16_t *name, size_t units,
                             uint32_t *sid) {
  SectorList sids = { 0 };
  bool strict;
  HRESULT status = walk_all(file, top, &sids, &strict);

  *sid = SID_NONE;
  if (SUCCEEDED(status) && strict) {
    file->strict_known = true;
    file->strict_storage = storage;
  }
  for (uint32_t i = 0; SUCCEEDED(status) && !strict && i < sids.count && *sid == SID_NONE; i++) {
    Entry entry;

    status = entry_read(file, sids.sectors[i], &entry);
    if (SUCCEEDED(status) && entry_compare_names(name, units, entry.name, entry.name_units) == 0)
      *sid = sids.sectors[i];
  }
  free(sids.sectors);
  return SUCCEEDED(status) && *sid == SID_NONE ? STG_E_FILENOTFOUND : status;
}

HRESULT tree_find(CompoundFile *file, uint32_t storage, const char16_t *name, size_t units, uint32_t *sid) {
  Entry entry;
  uint32_t at;
  HRESULT status = read_top(file, storage, &entry);

  if (FAILED(status))
    return status;
  at = entry.child;
  uint32_t top = at;
  for (unsigned depth = 0; at != SID_NONE && depth < TREE_DEPTH; depth++) {
    status = entry_read(file, at, &entry);
    if (FAILED(status))
      return status;
    if (entry.type != ENTRY_STORAGE && entry.type != ENTRY_STREAM)
      return STG_E_DOCFILECORRUPT;
    int order = entry_compare_names(name, units, entry.name, entry.name_units);
    if (order == 0) {
      *sid = at;
      return S_OK;
    }
    at = order < 0 ? entry.left : entry.right;
  }
  if (file->strict_storage == storage && file->strict_known)
    return STG_E_FILENOTFOUND;
  return find_anywhere(file, storage, top, name, units, sid);
}

typedef struct Range {
  uint32_t from, to, depth;
} Range;

/* Links the elements, which are in order, as a tree of which all levels but the last are full; that one is red. */
static HRESULT link_balanced(CompoundFile *file, const uint32_t *sids, uint32_t count, uint32_t *top) {
  Range ranges[TREE_DEPTH];
  unsigned red_depth = 0;
  size_t waiting = 0;
  HRESULT status = S_OK;

  *top = count ? sids[count / 2] : SID_NONE;
  while (((uint64_t)2 << red_depth) - 1 < count)
    red_depth++; /* the depth of the last level: full levels above it hold 2^depth - 1 */
  if (count)
    ranges[waiting++] = (Range){ 0, count, 0 };
  while (waiting && SUCCEEDED(status)) {
    Range range = ranges[--waiting];
    uint32_t middle = range.from + (range.to - range.from) / 2;
    Entry entry;

    status = entry_read(file, sids[middle], &entry);
    if (FAILED(status))
      break;
    uint32_t left = middle - range.from;
    uint32_t right = range.to - middle - 1;
    entry.left = left ? sids[range.from + left / 2] : SID_NONE;
    entry.right = right ? sids[middle + 1 + right / 2] : SID_NONE;
    entry.black = range.depth != red_depth || range.depth == 0;
    status = entry_write(file, sids[middle], &entry);
    if (right)
      ranges[waiting++] = (Range){ middle + 1, range.to, range.depth + 1 };
    if (left)
      ranges[waiting++] = (Range){ range.from, middle, range.depth + 1 };
  }
  return status;
}

typedef struct Named {
  uint32_t sid;
  uint32_t units;
  char16_t name[ENTRY_NAME_UNITS + 1];
} Named;

static int compare_named(const void *first, const void *second) {
  const Named *one = first;
  const Named *other = second;
  int order = entry_compare_names(one->name, one->units, other->name, other->units);

  return order ? order : one->sid < other->sid ? -1 : one->sid > other->sid;
}

/* Makes a tree of another program anew by the rules. Elements of one name stay, beside one another. */
static HRESULT rebuild(CompoundFile *file, uint32_t storage, SectorList *sids) {
  Named *named = malloc((size_t)sids->count * sizeof *named + 1);
  Entry entry;
  HRESULT status = named ? S_OK : E_OUTOFMEMORY;

  for (uint32_t i = 0; i < sids->count && SUCCEEDED(status); i++) {
    status = entry_read(file, sids->sectors[i], &entry);
    if (FAILED(status))
      break;
    named[i] = (Named){ .sid = sids->sectors[i], .units = entry.name_units };
    memcpy(named[i].name, entry.name, sizeof entry.name);
  }
  if (SUCCEEDED(status)) {
    qsort(named, sids->count, sizeof *named, compare_named);
    for (uint32_t i = 0; i < sids->count; i++)
      sids->sectors[i] = named[i].sid;
  }
  free(named);
  uint32_t top;
  if (SUCCEEDED(status))
    status = link_balanced(file, sids->sectors, sids->count, &top);
  if (SUCCEEDED(status))
    status = entry_read(file, storage, &entry);
  if (FAILED(status))
    return status;
  entry.child = top;
  return entry_write(file, storage, &entry);
}

/* Before a change: the tree keeps the rules. What was found is remembered for the storage changed last. */
static HRESULT make_strict(CompoundFile *file, uint32_t storage) {
  SectorList sids = { 0 };
  Entry entry;
  bool strict = true;

  if (file->strict_known && file->strict_storage == storage)
    return S_OK;
  HRESULT status = read_top(file, storage, &entry);
  if (SUCCEEDED(status))
    status = walk_all(file, entry.child, &sids, &strict);
  if (SUCCEEDED(status) && !strict)
    status = rebuild(file, storage, &sids);
  free(sids.sectors);
  file->strict_known = SUCCEEDED(status);
  file->strict_storage = storage;
  return status;
}

/* The links of one node, as they are changed. */
static HRESULT set_child(CompoundFile *file, uint32_t sid, bool right, uint32_t child) {
  Entry entry;
  HRESULT status = entry_read(file, sid, &entry);

  if (FAILED(status))
    return status;
  if (right)
    entry.right = child;
  else
    entry.left = child;
  return entry_write(file, sid, &entry);
}

static HRESULT set_black(CompoundFile *file, uint32_t sid, bool black) {
  Entry entry;

  HRESULT status = entry_read(file, sid, &entry);
  if (FAILED(status) || entry.black == black)
    return status;
  entry.black = black;
  return entry_write(file, sid, &entry);
}

static HRESULT child_of(CompoundFile *file, uint32_t sid, bool right, uint32_t *child) {
  Entry entry;
  HRESULT status = entry_read(file, sid, &entry);

  *child = right ? entry.right : entry.left;
  return status;
}

static HRESULT is_black(CompoundFile *file, uint32_t sid, bool *black) {
  Entry entry;

  *black = true;
  if (sid == SID_NONE)
    return S_OK;
  HRESULT status = entry_read(file, sid, &entry);
  *black = entry.black;
  return status;
}

/* The nodes from the top down, and to which side each was left. */
typedef struct Path {
  CompoundFile *file;
  uint32_t storage;
  unsigned depth;
  uint32_t sids[TREE_DEPTH];
  bool right[TREE_DEPTH];
} Path;

/* What node `depth` of the path was is now `sid` for the node above it, or for the storage. */
static HRESULT path_replace(Path *path, unsigned depth, uint32_t sid) {
  Entry entry;

  if (depth)
    return set_child(path->file, path->sids[depth - 1], path->right[depth - 1], sid);
  HRESULT status = entry_read(path->file, path->storage, &entry);
  if (FAILED(status))
    return status;
  entry.child = sid;
  return entry_write(path->file, path->storage, &entry);
}

static HRESULT path_push(Path *path, uint32_t sid, bool right) {
  if (path->depth == TREE_DEPTH)
    return STG_E_DOCFILECORRUPT;
  path->sids[path->depth] = sid;
  path->right[path->depth++] = right;
  return S_OK;
}

/* Turns the child of node `depth` on that side up into its place; gives the child. */
static HRESULT rotate(Path *path, unsigned depth, bool right, uint32_t *risen) {
  CompoundFile *file = path->file;
  uint32_t inner;
  HRESULT status = child_of(file, path->sids[depth], right, risen);

  if (SUCCEEDED(status))
    status = child_of(file, *risen, !right, &inner);
  if (SUCCEEDED(status))
    status = set_child(file, path->sids[depth], right, inner);
  if (SUCCEEDED(status))
    status = set_child(file, *risen, !right, path->sids[depth]);
  return SUCCEEDED(status) ? path_replace(path, depth, *risen) : status;
}

/* The red node below the path's end has a red parent, perhaps. */
static HRESULT insert_balance(Path *path) {
  CompoundFile *file = path->file;
  HRESULT status = S_OK;

  while (path->depth >= 2 && SUCCEEDED(status)) {
    unsigned parent = path->depth - 1;
    unsigned grand = path->depth - 2;
    bool side = path->right[grand];
    bool black;
    uint32_t uncle;

    status = is_black(file, path->sids[parent], &black);
    if (FAILED(status) || black)
      return status;
    status = child_of(file, path->sids[grand], !side, &uncle);
    if (SUCCEEDED(status))
      status = is_black(file, uncle, &black);
    if (FAILED(status))
      return status;
    if (!black) {
      status = set_black(file, path->sids[parent], true);
      if (SUCCEEDED(status))
        status = set_black(file, uncle, true);
      if (SUCCEEDED(status) && grand)
        status = set_black(file, path->sids[grand], false);
      path->depth -= 2;
      continue;
    }
    uint32_t risen = path->sids[parent];
    if (path->right[parent] != side)
      status = rotate(path, parent, path->right[parent], &risen);
    if (SUCCEEDED(status))
      status = rotate(path, grand, side, &risen);
    if (SUCCEEDED(status))
      status = set_black(file, risen, true);
    return SUCCEEDED(status) ? set_black(file, path->sids[grand], false) : status;
  }
  return status;
}

HRESULT tree_insert(CompoundFile *file, uint32_t storage, uint32_t sid) {
  Path path = { .file = file, .storage = storage };
  Entry added;
  Entry entry;
  HRESULT status = make_strict(file, storage);

  if (SUCCEEDED(status))
    status = entry_read(file, sid, &added);
  if (SUCCEEDED(status))
    status = entry_read(file, storage, &entry);
  if (FAILED(status))
    return status;
  for (uint32_t at = entry.child; at != SID_NONE;) {
    status = entry_read(file, at, &entry);
    if (FAILED(status))
      return status;
    int order = entry_compare_names(added.name, added.name_units, entry.name, entry.name_units);
    if (order == 0)
      return STG_E_FILEALREADYEXISTS;
    status = path_push(&path, at, order > 0);
    if (FAILED(status))
      return status;
    at = order < 0 ? entry.left : entry.right;
  }
  added.left = added.right = SID_NONE;
  added.black = path.depth == 0;
  status = entry_write(file, sid, &added);
  if (SUCCEEDED(status))
    status = path_replace(&path, path.depth, sid);
  return SUCCEEDED(status) ? insert_balance(&path) : status;
}

/* The place below the path's end has one black node too few. */
static HRESULT remove_balance(Path *path, uint32_t top) {
  CompoundFile *file = path->file;
  HRESULT status = S_OK;

  for (;;) {
    bool black;

    status = is_black(file, top, &black);
    if (FAILED(status))
      return status;
    if (!black)
      return set_black(file, top, true);
    if (!path->depth)
      return S_OK;
    unsigned depth = path->depth - 1;
    uint32_t parent = path->sids[depth];
    bool side = path->right[depth];
    uint32_t sibling;
    status = child_of(file, parent, !side, &sibling);
    if (SUCCEEDED(status))
      status = is_black(file, sibling, &black);
    if (FAILED(status))
      return status;
    if (!black) { /* turn the red sibling up: the next one is black */
      status = rotate(path, depth, !side, &sibling);
      if (SUCCEEDED(status))
        status = set_black(file, sibling, true);
      if (SUCCEEDED(status))
        status = set_black(file, parent, false);
      if (FAILED(status))
        return status;
      path->sids[depth] = sibling;
      path->right[depth] = side;
      status = path_push(path, parent, side);
      if (FAILED(status))
        return status;
      continue;
    }
    uint32_t near;
    uint32_t far;
    bool near_black;
    bool far_black;
    status = child_of(file, sibling, side, &near);
    if (SUCCEEDED(status))
      status = child_of(file, sibling, !side, &far);
    if (SUCCEEDED(status))
      status = is_black(file, near, &near_black);
    if (SUCCEEDED(status))
      status = is_black(file, far, &far_black);
    if (FAILED(status))
      return status;
    if (near_black && far_black) {
      status = set_black(file, sibling, false);
      if (FAILED(status))
        return status;
      top = parent;
      path->depth--;
      continue;
    }
    if (far_black) { /* the near child comes up between them */
      Path below = *path;
      below.sids[depth] = parent;
      below.right[depth] = !side;
      status = path_push(&below, sibling, side);
      if (SUCCEEDED(status))
        status = rotate(&below, depth + 1, side, &near);
      if (SUCCEEDED(status))
        status = set_black(file, near, true);
      if (SUCCEEDED(status))
        status = set_black(file, sibling, false);
      if (FAILED(status))
        return status;
      far = sibling;
    }
    bool parent_black;
    status = is_black(file, parent, &parent_black);
    if (SUCCEEDED(status))
      status = rotate(path, depth, !side, &sibling);
    if (SUCCEEDED(status))
      status = set_black(file, sibling, parent_black);
    if (SUCCEEDED(status))
      status = set_black(file, parent, true);
    return SUCCEEDED(status) ? set_black(file, far, true) : status;
  }
}

/* Finds the element with the way to it. */
static HRESULT path_to(Path *path, uint32_t sid, Entry *entry) {
  Entry wanted;
  HRESULT status = entry_read(path->file, sid, &wanted);

  if (SUCCEEDED(status))
    status = entry_read(path->file, path->storage, entry);
  if (FAILED(status))
    return status;
  for (uint32_t at = entry->child; at != SID_NONE;) {
    status = entry_read(path->file, at, entry);
    if (FAILED(status))
      return status;
    int order = entry_compare_names(wanted.name, wanted.name_units, entry->name, entry->name_units);
    if (at == sid)
      return S_OK;
    if (order == 0) /* two elements of one name: as rebuild puts them */
      order = sid < at ? -1 : 1;
    status = path_push(path, at, order > 0);
    if (FAILED(status))
      return status;
    at = order < 0 ? entry->left : entry->right;
  }
  return STG_E_DOCFILECORRUPT;
}

/* A node with two children: the next one in order takes its place, colour and links, and it stands where that one was. */
static HRESULT remove_inner(Path *path, uint32_t sid, const Entry *entry, uint32_t *left_over, bool *black) {
  CompoundFile *file = path->file;
  unsigned depth = path->depth;
  uint32_t next = entry->right;
  Entry successor;
  HRESULT status = path_push(path, sid, true);

  for (;;) {
    if (SUCCEEDED(status))
      status = entry_read(file, next, &successor);
    if (FAILED(status))
      return status;
    if (successor.left == SID_NONE)
      break;
    status = path_push(path, next, false);
    next = successor.left;
  }
  *left_over = successor.right;
  *black = successor.black;
  /* The successor leaves its place first; where that was the right child itself there is nothing to do but take over. */
  bool direct = path->depth == depth + 1;
  if (!direct)
    status = set_child(file, path->sids[path->depth - 1], false, successor.right);
  uint32_t right;
  if (SUCCEEDED(status))
    status = child_of(file, sid, true, &right);
  if (FAILED(status))
    return status;
  successor.left = entry->left;
  successor.right = direct ? successor.right : right;
  successor.black = entry->black;
  status = entry_write(file, next, &successor);
  if (SUCCEEDED(status))
    status = path_replace(path, depth, next);
  path->sids[depth] = next;
  return status;
}

HRESULT tree_remove(CompoundFile *file, uint32_t storage, uint32_t sid) {
  Path path = { .file = file, .storage = storage };
  uint32_t left_over;
  bool black;
  Entry entry;
  HRESULT status = make_strict(file, storage);

  if (SUCCEEDED(status))
    status = path_to(&path, sid, &entry);
  if (FAILED(status))
    return status;
  if (entry.left != SID_NONE && entry.right != SID_NONE) {
    status = remove_inner(&path, sid, &entry, &left_over, &black);
  } else {
    left_over = entry.left != SID_NONE ? entry.left : entry.right;
    black = entry.black;
    status = path_replace(&path, path.depth, left_over);
  }
  if (SUCCEEDED(status) && black)
    status = remove_balance(&path, left_over);
  return status;
}

/* Everything below is listed before anything is freed, so that damage is found while nothing has changed. */
static HRESULT list_below(CompoundFile *file, uint32_t sid, SectorList *all) {
  HRESULT status = sector_list_add(all, sid);

  for (uint32_t i = 0; i < all->count && SUCCEEDED(status); i++) {
    SectorList inside;
    Entry entry;

    status = entry_read(file, all->sectors[i], &entry);
    if (FAILED(status) || entry.type != ENTRY_STORAGE)
      continue;
    status = tree_list(file, all->sectors[i], &inside);
    for (uint32_t j = 0; SUCCEEDED(status) && j < inside.count; j++)
      status = all->count > entry_count(file) ? STG_E_DOCFILECORRUPT : sector_list_add(all, inside.sectors[j]);
    free(inside.sectors);
  }
  return status;
}

HRESULT tree_destroy(CompoundFile *file, uint32_t sid) {
  SectorList all = { 0 };
  HRESULT status = list_below(file, sid, &all);

  for (uint32_t i = 0; i < all.count && SUCCEEDED(status); i++) {
    Content content;
    Entry entry;

    status = entry_read(file, all.sectors[i], &entry);
    if (SUCCEEDED(status) && entry.type == ENTRY_STREAM) {
      /* The sectors of a damaged stream stay where they are. */
      HRESULT opened = content_open(file, all.sectors[i], &content);
      if (SUCCEEDED(opened))
        opened = content_resize(file, &content, 0);
      if (FAILED(opened) && opened != STG_E_DOCFILECORRUPT)
        status = opened;
    }
    if (SUCCEEDED(status))
      status = entry_free(file, all.sectors[i]);
    if (file->strict_storage == all.sectors[i])
      file->strict_known = false;
  }
  free(all.sectors);
  return status;
}
