/* The TYPELIB resource of a PE module, 32 or 64 bit (Microsoft PE and COFF specification: "Optional Header", ".rsrc"). */
#include "typelib/containers/container_internal.h"

#include <string.h>

#include <winerror.h>

enum { PE_MAGIC_32 = 0x10b, PE_MAGIC_64 = 0x20b, PE_DIRECTORY_RESOURCES = 2, PE_SECTION_SIZE = 40 };

typedef struct PeFile {
  Cursor file;
  size_t sections;
  unsigned section_count;
  uint32_t resources; /* RVA of the root of the resource tree */
} PeFile;

/* Reads the headers; `file` stands at the signature. S_FALSE: no resources. */
static HRESULT read_headers(PeFile *pe) {
  Cursor *file = &pe->file;
  uint16_t optional_size;
  uint16_t magic;
  uint32_t directories;
  size_t optional;

  if (cursor_u32(file) != 0x00004550)
    return TYPE_E_UNSUPFORMAT;
  cursor_skip(file, 2);
  pe->section_count = cursor_u16(file);
  cursor_skip(file, 12);
  optional_size = cursor_u16(file);
  cursor_skip(file, 2);
  optional = file->position;
  pe->sections = optional + optional_size;
  magic = cursor_u16(file);
  if (file->failed || (magic != PE_MAGIC_32 && magic != PE_MAGIC_64))
    return TYPE_E_UNSUPFORMAT;
  cursor_seek(file, optional + (magic == PE_MAGIC_32 ? 92 : 108));
  directories = cursor_u32(file);
  cursor_skip(file, 8 * PE_DIRECTORY_RESOURCES);
  pe->resources = cursor_u32(file);
  if (file->failed || file->position > pe->sections || directories <= PE_DIRECTORY_RESOURCES || pe->resources == 0)
    return S_FALSE;
  return S_OK;
}

/* Translates [rva, rva + size) to a place in the file. */
static bool find_rva(const PeFile *pe, uint32_t rva, uint32_t size, size_t *offset) {
  Cursor file = pe->file;
  unsigned i;

  file.failed = false;
  cursor_seek(&file, pe->sections);
  for (i = 0; i < pe->section_count && !file.failed; i++) {
    uint32_t address, raw_size, raw;

    cursor_skip(&file, 12);
    address = cursor_u32(&file);
    raw_size = cursor_u32(&file);
    raw = cursor_u32(&file);
    cursor_skip(&file, PE_SECTION_SIZE - 24);
    if (file.failed)
      return false;
    if (rva >= address && rva - address < raw_size && size <= raw_size - (rva - address)) {
      *offset = (size_t)raw + (rva - address);
      return *offset <= file.size && size <= file.size - *offset;
    }
  }
  return false;
}

/* The tree of resources: every offset in it is relative to its root. The root's section is as long as it is. */
typedef struct ResourceTree {
  Cursor bytes;
} ResourceTree;

/* Whether the name at `offset` (a count and UTF-16 units) is TYPELIB; resource names are upper case, others tolerated. */
static bool is_typelib_name(const ResourceTree *tree, uint32_t offset) {
  static const char name[] = "TYPELIB";
  Cursor bytes = tree->bytes;
  size_t i;

  cursor_seek(&bytes, offset);
  if (cursor_u16(&bytes) != sizeof name - 1)
    return false;
  for (i = 0; i < sizeof name - 1; i++) {
    uint16_t unit = cursor_u16(&bytes);

    if ((unit & 0xffdf) != name[i])
      return false;
  }
  return !bytes.failed;
}

/* Which entry of a directory is wanted. */
typedef enum WantedEntry { ENTRY_TYPELIB, ENTRY_NUMBER, ENTRY_FIRST } WantedEntry;

/* Finds an entry of the directory at `offset`; gives its second dword (high bit: a directory). */
static bool find_entry(const ResourceTree *tree, uint32_t offset, WantedEntry wanted, uint32_t number, uint32_t *data) {
  Cursor bytes = tree->bytes;
  unsigned count;
  unsigned i;

  cursor_seek(&bytes, offset);
  cursor_skip(&bytes, 12);
  count = cursor_u16(&bytes);
  count += cursor_u16(&bytes);
  for (i = 0; i < count && !bytes.failed; i++) {
    uint32_t id = cursor_u32(&bytes);
    uint32_t target = cursor_u32(&bytes);

    if (bytes.failed)
      return false;
    if (wanted == ENTRY_FIRST || (wanted == ENTRY_NUMBER && id == number) ||
        (wanted == ENTRY_TYPELIB && id >> 31 && is_typelib_name(tree, id & 0x7fffffff))) {
      *data = target;
      return true;
    }
  }
  return false;
}

/* Three levels: type, name, language. Gives the offset of the data entry. */
static bool find_resource(const ResourceTree *tree, unsigned index, uint32_t *entry) {
  const uint32_t directory = 0x80000000;
  uint32_t type, name, language;

  if (!find_entry(tree, 0, ENTRY_TYPELIB, 0, &type) || !(type & directory))
    return false;
  type &= ~directory;
  if (!find_entry(tree, type, ENTRY_NUMBER, index, &name) &&
      (index > 1 || !find_entry(tree, type, ENTRY_FIRST, 0, &name)))
    return false;
  if (!(name & directory) || !find_entry(tree, name & ~directory, ENTRY_FIRST, 0, &language))
    return false;
  *entry = language;
  return !(language & directory);
}

HRESULT container_find_pe(const Cursor *file, unsigned index, ContainerPlace *place) {
  PeFile pe = { *file, 0, 0, 0 };
  ResourceTree tree;
  size_t root;
  uint32_t entry, rva, size;
  HRESULT hr = read_headers(&pe);

  if (hr != S_OK)
    return TYPE_E_UNSUPFORMAT;
  if (!find_rva(&pe, pe.resources, 16, &root))
    return TYPE_E_INVDATAREAD;
  tree.bytes = cursor_slice(&pe.file, root, pe.file.size - root);
  if (!find_resource(&tree, index, &entry))
    return TYPE_E_UNSUPFORMAT;
  cursor_seek(&tree.bytes, entry);
  rva = cursor_u32(&tree.bytes);
  size = cursor_u32(&tree.bytes);
  if (tree.bytes.failed || !find_rva(&pe, rva, size, &place->offset))
    return TYPE_E_INVDATAREAD;
  place->size = size;
  return S_OK;
}
