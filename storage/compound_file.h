/*
 * The engine of compound files [MS-CFB]: sectors, the tables that chain them (FAT, mini FAT, DIFAT), and the directory.
 * It knows nothing of COM but the ILockBytes under it, and takes no locks: whoever holds a CompoundFile serialises.
 *
 * Two states are kept. What the header in the file says is the *committed* state; what the tables in memory and in the
 * cache say is the *working* state. In direct mode they are one and everything is changed in place. In a transaction
 * (`held` tells which sectors the committed state uses) no held sector is ever written: what changes goes to sectors
 * behind the committed end of the file, together with the pages of the tables that lead to it, and the file is cut back
 * when nothing is committed. A commit moves that into the holes of the file, syncs, and then writes one header.
 */
#ifndef OLEANDER_STORAGE_COMPOUND_FILE_H
#define OLEANDER_STORAGE_COMPOUND_FILE_H

#include "com/com_api.h"

#include <objidl.h>

#include "storage/mapped_bytes.h"

#define SECTOR_LAST      0xFFFFFFF9u /* the greatest number of a sector */
#define SECTOR_DIFAT     0xFFFFFFFCu
#define SECTOR_FAT       0xFFFFFFFDu
#define SECTOR_END       0xFFFFFFFEu
#define SECTOR_FREE      0xFFFFFFFFu
#define SID_NONE         0xFFFFFFFFu
#define SID_ROOT         0u

#define SECTOR_SIZE_MAX  4096u
#define MINI_SIZE        64u
#define MINI_CUTOFF      4096u
#define HEADER_SIZE      512u
#define HEADER_DIFAT     109u /* places of FAT sectors in the header */
#define ENTRY_SIZE       128u
#define ENTRY_NAME_UNITS 31u
#define CACHE_PAGES      128u
#define CHAIN_MARKS      64u    /* of a short chain */
#define LONG_MARKS       16384u /* of a long one, as long as it has a table */
#define MARK_TABLES      4u
#define WINDOW_SIZE      65536u

/* A list of sector numbers that grows. */
typedef struct SectorList {
  uint32_t *sectors;
  uint32_t count, room;
} SectorList;

/* One bit a sector; beyond its end all are clear. */
typedef struct SectorSet {
  uint64_t *words;
  size_t room; /* words */
} SectorSet;

/* What a header says. */
typedef struct FileState {
  uint32_t directory_start, mini_fat_start, mini_fat_count;
  uint32_t transaction;
  SectorList fat;   /* where the pages of the FAT are */
  SectorList difat; /* the sectors that list those from the 110th on */
} FileState;

typedef struct Page {
  uint8_t *data;
  uint32_t sector; /* SECTOR_FREE: nothing is in it */
  uint32_t next;   /* of the same bucket; CACHE_PAGES: none */
  bool dirty, recent;
} Page;

/* Marks of a long chain. They are the file's and few, so that memory does not grow with the number of streams. */
typedef struct MarkTable {
  uint32_t owner; /* the number that the chain got with it; 0: nobody's */
  uint32_t *marks;
} MarkTable;

/* A chain of sectors. Where its parts are is found from the start, and from places met before: every 2^shift th one. */
typedef struct Chain {
  uint32_t start, count;  /* count: sectors */
  uint32_t at, at_sector; /* the place found last, and the one before it */
  uint32_t before_sector;
  bool at_known, before_known;
  uint32_t generation; /* of the file, when that was found */
  unsigned shift;
  uint32_t mark_count;
  uint32_t marks[CHAIN_MARKS];
  uint32_t owner; /* of table `table`, where it is still the chain's: the marks are there then */
  unsigned table;
} Chain;

typedef struct CompoundFile {
  ILockBytes *bytes;
  unsigned version; /* 3 or 4 */
  uint32_t sector_size, sector_shift;
  bool writable, transacted;
  bool low; /* a commit runs: allocate the lowest free sectors */

  FileState working, committed;
  uint64_t committed_size; /* bytes of the file in the committed state */
  uint32_t committed_end;  /* sectors of it, a last one in part counts */
  uint32_t end;            /* sectors that the file has or will have */
  SectorSet used, held;    /* made when the file is first changed */
  bool sets_ready;
  uint32_t low_hint, high_hint; /* nothing is free below */
  uint32_t difat_changed;       /* that many DIFAT sectors, from the first, are not as they should be */
  bool header_changed;
  bool changed;     /* since the last flush or commit */
  bool locked;      /* nobody else begins a transaction */
  uint64_t changes; /* counts them */
  uint32_t generation;

  Chain directory, mini_fat, mini_stream;
  uint64_t mini_size;      /* bytes of the mini stream */
  uint32_t entry_hint;     /* no directory entry is free below */
  uint32_t mini_hint;      /* no mini sector is free below */
  uint32_t strict_storage; /* whose tree is known to keep the rules */
  bool strict_known;

  uint32_t *pending;   /* changes of the FAT that wait: pairs of sector and value */
  size_t pending_room; /* pairs */

  Page pages[CACHE_PAGES];
  uint32_t buckets[CACHE_PAGES];
  uint32_t clock;
  uint8_t *page_memory;
  uint8_t *window; /* what lies around short reads, so that scattered sectors cost fewer of them */
  uint64_t window_at;
  size_t window_size;  /* bytes in it */
  uint64_t last_short; /* where the last short read ended */
  MappedBytes map;     /* for short reads all over the file */
  bool map_kept;       /* somebody has pointers into it */
  uint32_t far_reads;  /* of those, how many since the map was made or was of use */
  MarkTable mark_tables[MARK_TABLES];
  uint32_t mark_owners;        /* counts them */
  uint8_t header[HEADER_SIZE]; /* as it was read or written last */
} CompoundFile;

/* One element of the directory. */
typedef struct Entry {
  char16_t name[ENTRY_NAME_UNITS + 1];
  uint32_t name_units;
  uint8_t type; /* ENTRY_* */
  bool black;
  uint32_t left, right, child;
  CLSID clsid;
  uint32_t state;
  FILETIME created, modified;
  uint32_t start;
  uint64_t size;
} Entry;

#define ENTRY_EMPTY   0
#define ENTRY_STORAGE 1
#define ENTRY_STREAM  2
#define ENTRY_ROOT    5

/* compound_file.c: a file as a whole. The file holds a reference to `bytes` until compound_file_close. */
HRESULT compound_file_create(ILockBytes *bytes, unsigned version, bool transacted, CompoundFile **result);
HRESULT compound_file_open(ILockBytes *bytes, bool writable, bool transacted, CompoundFile **result);
void compound_file_close(CompoundFile *file);
/* Whether the bytes begin as a compound file does: S_OK, S_FALSE, or the error of reading. */
HRESULT compound_file_is(ILockBytes *bytes);
/* Brings the working state back to the committed one. */
HRESULT compound_file_revert(CompoundFile *file);
HRESULT compound_file_load(CompoundFile *file, const uint8_t header[HEADER_SIZE]);
void compound_file_format_header(const CompoundFile *file, uint8_t header[HEADER_SIZE]);
HRESULT bytes_read(ILockBytes *bytes, uint64_t offset, void *buffer, size_t size);
HRESULT bytes_write(ILockBytes *bytes, uint64_t offset, const void *buffer, size_t size);
HRESULT bytes_size(ILockBytes *bytes, uint64_t *size);
HRESULT bytes_resize(ILockBytes *bytes, uint64_t size);

/* compound_commit.c */
/* Direct mode: writes what is in the cache and the header. */
HRESULT compound_file_flush(CompoundFile *file, bool sync);
HRESULT compound_file_commit(CompoundFile *file, DWORD flags);
/* A transaction is the only one of its file, and upon the state that is committed now. */
HRESULT transaction_begin(CompoundFile *file);
void transaction_end(CompoundFile *file);
bool transaction_is_current(CompoundFile *file);

/* sector_pages.c: sectors through the cache. A pointer holds until the next call that names another sector. */
HRESULT page_read(CompoundFile *file, uint32_t sector, uint8_t **data);
HRESULT page_change(CompoundFile *file, uint32_t sector, uint8_t **data); /* the same, to be changed */
HRESULT page_fresh(CompoundFile *file, uint32_t sector, uint8_t **data);  /* without what was there */
HRESULT page_copy(CompoundFile *file, uint32_t from, uint32_t to);
HRESULT page_move(CompoundFile *file, uint32_t from, uint32_t to); /* `from` is no longer needed */
void page_forget(CompoundFile *file, uint32_t sector);
bool page_present(const CompoundFile *file, uint32_t sector);
/* What is in a sector, to be read, if it is in the cache or mapped; else NULL. */
const uint8_t *sector_look(CompoundFile *file, uint32_t sector);
/* Sectors that lie together, past the cache: what is in that is not seen. */
HRESULT sectors_read(CompoundFile *file, uint32_t sector, void *buffer, size_t size);
HRESULT sectors_write(CompoundFile *file, uint32_t sector, const void *buffer, size_t size);
/* How many of `count` sectors from there on, of which the first is not in the cache, come before one that is. */
uint32_t pages_absent(const CompoundFile *file, uint32_t sector, uint32_t count);
void pages_forget(CompoundFile *file);
HRESULT pages_write(CompoundFile *file);
HRESULT pages_open(CompoundFile *file);
void pages_close(CompoundFile *file);
/* file_bytes.c: maps a part of a file (mapped_bytes.h), if the bytes are one. */
bool file_bytes_map(ILockBytes *bytes, uint64_t at, size_t size, MappedBytes *map);

static inline uint64_t sector_offset(const CompoundFile *file, uint32_t sector) {
  return ((uint64_t)sector + 1) << file->sector_shift;
}

/* sector_table.c: which sectors are used, and what follows each. */
bool sector_set_has(const SectorSet *set, uint32_t sector);
HRESULT sector_list_reserve(SectorList *list, uint32_t count);
HRESULT sector_list_add(SectorList *list, uint32_t sector);
HRESULT sectors_begin(CompoundFile *file);        /* before the first change */
HRESULT sectors_hold(CompoundFile *file);         /* what is used now is the committed state */
HRESULT sectors_hold_reserve(CompoundFile *file); /* room for that, so that it cannot fail */
HRESULT fat_get(CompoundFile *file, uint32_t sector, uint32_t *next);
/* How many sectors follow one another from there on, `limit` at most. */
HRESULT fat_run(CompoundFile *file, uint32_t sector, uint32_t limit, uint32_t *count);
HRESULT fat_set(CompoundFile *file, uint32_t sector, uint32_t next);
HRESULT sector_take(CompoundFile *file, uint32_t *sector); /* its entry in the FAT is the caller's */
void sector_give(CompoundFile *file, uint32_t sector);     /* likewise */
/* The lowest sector that neither state uses and is below `limit`, or SECTOR_FREE. */
uint32_t sector_hole(CompoundFile *file, uint32_t limit);
void sector_use(CompoundFile *file, uint32_t sector);
static inline bool sector_held(const CompoundFile *file, uint32_t sector) {
  return file->transacted && sector_set_has(&file->held, sector);
}
uint32_t sectors_used_end(const CompoundFile *file); /* behind the last one that is used */
uint64_t sectors_used_count(const CompoundFile *file);
HRESULT fat_trim(CompoundFile *file);

/* sector_chain.c */
void chain_begin(Chain *chain, uint32_t start, uint32_t count);
HRESULT chain_measure(CompoundFile *file, Chain *chain); /* finds count */
HRESULT chain_find(CompoundFile *file, Chain *chain, uint32_t index, uint32_t *sector);
/* The same for a sector that will be changed; keep: what is in it matters. May change chain->start. */
HRESULT chain_change(CompoundFile *file, Chain *chain, uint32_t index, bool keep, uint32_t *sector);
/* New sectors hold anything. May change chain->start. */
HRESULT chain_resize(CompoundFile *file, Chain *chain, uint32_t count);
HRESULT chain_read(CompoundFile *file, Chain *chain, uint64_t offset, void *buffer, size_t size);
HRESULT chain_write(CompoundFile *file, Chain *chain, uint64_t offset, const void *buffer, size_t size);

/* mini_stream.c: the streams below the cutoff. */
HRESULT mini_find(CompoundFile *file, Chain *chain, uint32_t index, uint32_t *sector);
HRESULT mini_resize(CompoundFile *file, Chain *chain, uint32_t count);
HRESULT mini_read(CompoundFile *file, Chain *chain, uint64_t offset, void *buffer, size_t size);
HRESULT mini_write(CompoundFile *file, Chain *chain, uint64_t offset, const void *buffer, size_t size);

/* directory.c */
HRESULT entry_read(CompoundFile *file, uint32_t sid, Entry *entry);
HRESULT entry_write(CompoundFile *file, uint32_t sid, const Entry *entry);
HRESULT entry_allocate(CompoundFile *file, uint32_t *sid);
HRESULT entry_free(CompoundFile *file, uint32_t sid);
uint32_t entry_count(const CompoundFile *file); /* places, also empty ones */
int entry_compare_names(const char16_t *first, size_t first_units, const char16_t *second, size_t second_units);

/* directory_tree.c: the elements of one storage. Names are checked by the caller. */
HRESULT tree_find(CompoundFile *file, uint32_t storage, const char16_t *name, size_t units, uint32_t *sid);
HRESULT tree_insert(CompoundFile *file, uint32_t storage, uint32_t sid);
HRESULT tree_remove(CompoundFile *file, uint32_t storage, uint32_t sid);
/* All elements in order; the caller frees the list. */
HRESULT tree_list(CompoundFile *file, uint32_t storage, SectorList *sids);
/* Frees a stream's sectors, or all that is in a storage, and the entries; the element itself is in no tree. */
HRESULT tree_destroy(CompoundFile *file, uint32_t sid);

/* content.c: the bytes of one stream. */
typedef struct Content {
  uint32_t sid;
  uint32_t generation; /* of the file, when this was read from the entry */
  uint64_t size;
  Chain chain;
} Content;

HRESULT content_open(CompoundFile *file, uint32_t sid, Content *content);
HRESULT content_read(CompoundFile *file, Content *content, uint64_t offset, void *buffer, size_t size, size_t *done);
HRESULT content_write(CompoundFile *file, Content *content, uint64_t offset, const void *buffer, size_t size,
                      size_t *done);
HRESULT content_resize(CompoundFile *file, Content *content, uint64_t size);

#endif
