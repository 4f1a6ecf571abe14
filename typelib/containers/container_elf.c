/*
 * The type library inside an ELF module: section .oleander.typelib (.2, .3 ... for further ones) or, when the section
 * headers are gone, the note "Oleander" whose type is the library's number and whose descriptor is two quads: the distance
 * from the first quad to the library, as virtual addresses, and its length. System V ABI, "Object Files".
 */
#include "typelib/containers/container_internal.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

#include <winerror.h>

#define ELF_SECTION ".oleander.typelib"
#define ELF_NOTE    "Oleander"

typedef struct ElfFile {
  Cursor file;
  bool wide; /* ELFCLASS64 */
  uint64_t program_headers, section_headers;
  unsigned program_size, program_count, section_size, section_count, names;
} ElfFile;

typedef struct ElfRange {
  uint32_t name_or_type;
  uint64_t address;
  uint64_t offset;
  uint64_t size; /* in the file */
} ElfRange;

static uint64_t word(Cursor *file, bool wide) {
  return wide ? cursor_u64(file) : cursor_u32(file);
}

static bool seek64(Cursor *file, uint64_t position) {
  if (position > file->size)
    file->failed = true;
  return !file->failed && cursor_seek(file, (size_t)position);
}

static HRESULT read_header(ElfFile *elf) {
  Cursor *file = &elf->file;
  const uint8_t *ident = cursor_bytes(file, EI_NIDENT);

  if (!ident || ident[EI_DATA] != ELFDATA2LSB || (ident[EI_CLASS] != ELFCLASS64 && ident[EI_CLASS] != ELFCLASS32))
    return TYPE_E_UNSUPFORMAT;
  elf->wide = ident[EI_CLASS] == ELFCLASS64;
  cursor_skip(file, 8);
  word(file, elf->wide);
  elf->program_headers = word(file, elf->wide);
  elf->section_headers = word(file, elf->wide);
  cursor_skip(file, 6);
  elf->program_size = cursor_u16(file);
  elf->program_count = cursor_u16(file);
  elf->section_size = cursor_u16(file);
  elf->section_count = cursor_u16(file);
  elf->names = cursor_u16(file);
  return file->failed ? TYPE_E_UNSUPFORMAT : S_OK;
}

static bool read_section(const ElfFile *elf, unsigned index, ElfRange *section) {
  Cursor file = elf->file;

  seek64(&file, elf->section_headers + (uint64_t)index * elf->section_size);
  section->name_or_type = cursor_u32(&file);
  cursor_skip(&file, 4);
  word(&file, elf->wide);
  section->address = word(&file, elf->wide);
  section->offset = word(&file, elf->wide);
  section->size = word(&file, elf->wide);
  return !file.failed;
}

static bool read_segment(const ElfFile *elf, unsigned index, ElfRange *segment) {
  Cursor file = elf->file;

  seek64(&file, elf->program_headers + (uint64_t)index * elf->program_size);
  segment->name_or_type = cursor_u32(&file);
  if (elf->wide)
    cursor_skip(&file, 4);
  segment->offset = word(&file, elf->wide);
  segment->address = word(&file, elf->wide);
  word(&file, elf->wide);
  segment->size = word(&file, elf->wide);
  return !file.failed;
}

static bool section_is_named(const ElfFile *elf, const ElfRange *names, uint32_t name, const char *wanted) {
  size_t size = strlen(wanted) + 1;
  Cursor file = elf->file;
  const uint8_t *text;

  if (name > names->size || size > names->size - name)
    return false;
  seek64(&file, names->offset);
  cursor_skip(&file, name);
  text = cursor_bytes(&file, size);
  return text && memcmp(text, wanted, size) == 0;
}

static bool within(const ElfFile *elf, uint64_t offset, uint64_t size, ContainerPlace *place) {
  if (offset > elf->file.size || size > elf->file.size - offset)
    return false;
  place->offset = (size_t)offset;
  place->size = (size_t)size;
  return true;
}

static bool find_section(const ElfFile *elf, unsigned index, ContainerPlace *place) {
  char wanted[sizeof ELF_SECTION + 12];
  ElfRange names, section;
  unsigned i;

  if (!elf->section_headers || elf->names >= elf->section_count || !read_section(elf, elf->names, &names))
    return false;
  snprintf(wanted, sizeof wanted, index > 1 ? ELF_SECTION ".%u" : ELF_SECTION, index);
  for (i = 0; i < elf->section_count; i++) {
    if (!read_section(elf, i, &section))
      return false;
    if (section_is_named(elf, &names, section.name_or_type, wanted))
      return within(elf, section.offset, section.size, place);
  }
  return false;
}

/* The place in the file of a virtual address. */
static bool find_address(const ElfFile *elf, uint64_t address, uint64_t size, ContainerPlace *place) {
  ElfRange segment;
  unsigned i;

  for (i = 0; i < elf->program_count && read_segment(elf, i, &segment); i++) {
    if (segment.name_or_type == PT_LOAD && address >= segment.address && address - segment.address <= segment.size &&
        size <= segment.size - (address - segment.address))
      return within(elf, segment.offset + (address - segment.address), size, place);
  }
  return false;
}

/* Looks through one PT_NOTE segment: size of the name, size of the descriptor, type, then both padded to 4. */
static bool find_note(const ElfFile *elf, const ElfRange *segment, unsigned index, ContainerPlace *place) {
  Cursor file = elf->file;
  uint64_t end = segment->offset + segment->size;

  seek64(&file, segment->offset);
  while (!file.failed && file.position + 12 <= end) {
    uint32_t name_size = cursor_u32(&file);
    uint32_t size = cursor_u32(&file);
    uint32_t type = cursor_u32(&file);
    const uint8_t *name = cursor_bytes(&file, ((size_t)name_size + 3) & ~(size_t)3);
    uint64_t here = segment->address + (file.position - segment->offset);

    if (name && name_size == sizeof ELF_NOTE && memcmp(name, ELF_NOTE, sizeof ELF_NOTE) == 0 && size == 16 &&
        type == index) {
      uint64_t distance = cursor_u64(&file);
      uint64_t length = cursor_u64(&file);

      return !file.failed && find_address(elf, here + distance, length, place);
    }
    cursor_skip(&file, ((size_t)size + 3) & ~(size_t)3);
  }
  return false;
}

static bool find_by_note(const ElfFile *elf, unsigned index, ContainerPlace *place) {
  ElfRange segment;
  unsigned i;

  for (i = 0; i < elf->program_count && read_segment(elf, i, &segment); i++) {
    if (segment.name_or_type == PT_NOTE && find_note(elf, &segment, index, place))
      return true;
  }
  return false;
}

HRESULT container_find_elf(const Cursor *file, unsigned index, ContainerPlace *place) {
  ElfFile elf = { *file, false, 0, 0, 0, 0, 0, 0, 0 };
  HRESULT hr = read_header(&elf);

  if (FAILED(hr))
    return hr;
  if (index == 0)
    index = 1;
  return find_section(&elf, index, place) || find_by_note(&elf, index, place) ? S_OK : TYPE_E_UNSUPFORMAT;
}
