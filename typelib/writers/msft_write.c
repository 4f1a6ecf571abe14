/* msft_write.c - an MSFT file: its header, its directory, and how it gets where it belongs. */
#include "typelib/writers/msft_writer.h"
#include "typelib/writers/writers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MSFT_MAGIC           0x5446534Du /* "MSFT" */
#define MSFT_VERSION         0x00010002u
#define HEADER_SIZE          0x54u
#define DIRECTORY_ENTRY_SIZE 16u
#define FILE_LIMIT           0x7FFFFFFFu

/* Bits of the header's variable flags; the low four are the SYSKIND. */
enum { HEADER_ALWAYS = 0x40, HEADER_HAS_HELP_FILE = 0x10, HEADER_HAS_HELP_DLL = 0x100 };

/* The order in which segments stand in a file. */
static const MsftSegment order[] = {
  MSFT_TYPES, MSFT_GUID_HASH, MSFT_GUIDS,      MSFT_REFERENCES,  MSFT_IMPORTS,     MSFT_FILES,        MSFT_NAME_HASH,
  MSFT_NAMES, MSFT_STRINGS,   MSFT_TYPE_DESCS, MSFT_ARRAY_DESCS, MSFT_CUSTOM_DATA, MSFT_CUSTOM_GUIDS,
};
#define ORDER_COUNT (sizeof order / sizeof *order)

/* Where what the library says of itself is. */
typedef struct LibraryPlaces {
  uint32_t guid, name, help_string, help_file, help_dll, custom;
} LibraryPlaces;

static HRESULT put_library(MsftWriter *writer, LibraryPlaces *places) {
  const LibraryFacts *facts = &writer->facts;
  HRESULT hr = msft_put_guid(writer, &facts->guid, GUID_OF_LIBRARY, &places->guid);

  if (SUCCEEDED(hr))
    hr = msft_put_name(writer, facts->name, NAME_OF_LIBRARY, NAME_NO_TYPE, &places->name);
  if (SUCCEEDED(hr))
    hr = msft_put_string(writer, facts->documentation.help_string, &places->help_string);
  if (SUCCEEDED(hr))
    hr = msft_put_string(writer, facts->help_file, &places->help_file);
  if (SUCCEEDED(hr))
    hr = msft_put_string(writer, facts->help_dll, &places->help_dll);
  return SUCCEEDED(hr) ? msft_put_custom(writer, facts->custom, &places->custom) : hr;
}

/* The reference to IDispatch that all dispinterfaces imply: one for the file. A library that declares it means its own. */
static HRESULT put_dispatch(MsftWriter *writer) {
  const LibraryReader *reader = writer->reader;
  bool needed = false;
  UINT own;
  HRESULT hr = S_OK;

  for (UINT type = 0; SUCCEEDED(hr) && !needed && type < writer->facts.type_count; type++) {
    TYPEKIND kind;

    hr = reader->methods->read_kind(reader, type, &kind);
    needed = kind == TKIND_DISPATCH;
  }
  if (FAILED(hr) || !needed || writer->facts.dispatch == NO_REFERENCE)
    return hr;
  if (SUCCEEDED(reader->methods->find_guid(reader, &IID_IDispatch, &own))) {
    writer->dispatch = own * MSFT_TYPE_SIZE;
    return S_OK;
  }
  return msft_put_reference(writer, 0, writer->facts.dispatch, &writer->dispatch);
}

static HRESULT fill(MsftWriter *writer, LibraryPlaces *places) {
  HRESULT hr = writer->reader->methods->read_library(writer->reader, &writer->facts);

  writer->dispatch = MSFT_NONE;
  if (SUCCEEDED(hr))
    hr = msft_begin_tables(writer);
  if (SUCCEEDED(hr))
    hr = put_library(writer, places);
  if (SUCCEEDED(hr))
    hr = put_dispatch(writer);
  if (SUCCEEDED(hr))
    hr = msft_put_types(writer);
  if (SUCCEEDED(hr))
    msft_finish_names(writer);
  return hr;
}

/* The header. */

static uint32_t variable_flags(const MsftWriter *writer, const LibraryPlaces *places) {
  uint32_t flags = HEADER_ALWAYS | ((uint32_t)writer->facts.syskind & 0x0F);

  if (places->help_file != MSFT_NONE)
    flags |= HEADER_HAS_HELP_FILE;
  return places->help_dll != MSFT_NONE ? flags | HEADER_HAS_HELP_DLL : flags;
}

static void put_header(const MsftWriter *writer, const LibraryPlaces *places, ByteWriter *head) {
  const LibraryFacts *facts = &writer->facts;

  byte_writer_u32(head, MSFT_MAGIC);
  byte_writer_u32(head, MSFT_VERSION);
  byte_writer_u32(head, places->guid);
  byte_writer_u32(head, facts->name_lcid);
  byte_writer_u32(head, facts->lcid);
  byte_writer_u32(head, variable_flags(writer, places));
  byte_writer_u32(head, facts->major | (uint32_t)facts->minor << 16);
  byte_writer_u32(head, facts->flags);
  byte_writer_u32(head, facts->type_count);
  byte_writer_u32(head, places->help_string);
  byte_writer_u32(head, facts->documentation.help_string_context);
  byte_writer_u32(head, facts->documentation.help_context);
  byte_writer_u32(head, writer->name_count);
  byte_writer_u32(head, writer->name_characters);
  byte_writer_u32(head, places->name);
  byte_writer_u32(head, places->help_file);
  byte_writer_u32(head, places->custom);
  byte_writer_u32(head, 0x20);
  byte_writer_u32(head, 0x80);
  byte_writer_u32(head, writer->dispatch);
  byte_writer_u32(head, (uint32_t)(writer->segments[MSFT_IMPORTS].size / MSFT_IMPORT_SIZE));
  if (places->help_dll != MSFT_NONE)
    byte_writer_u32(head, places->help_dll);
  for (UINT type = 0; type < facts->type_count; type++)
    byte_writer_u32(head, type * MSFT_TYPE_SIZE);
}

static void put_directory(ByteWriter *head, const uint32_t offsets[], const MsftWriter *writer) {
  for (unsigned segment = 0; segment < MSFT_SEGMENT_COUNT; segment++) {
    size_t size = writer->segments[segment].size;

    byte_writer_u32(head, size > 0 ? offsets[segment] : MSFT_NONE);
    byte_writer_u32(head, (uint32_t)size);
    byte_writer_u32(head, MSFT_NONE);
    byte_writer_u32(head, 15);
  }
}

/* The blocks of members were counted from the first one; in the file they are counted from its begin. */
static void move_members(MsftWriter *writer, uint32_t begin) {
  uint8_t *types = writer->segments[MSFT_TYPES].data;

  for (UINT type = 0; type < writer->facts.type_count; type++) {
    uint8_t *place = types + type * MSFT_TYPE_SIZE + 4;

    little_put_u32(place, little_u32(place) + begin);
  }
}

static HRESULT make_head(MsftWriter *writer, const LibraryPlaces *places, ByteWriter *head) {
  uint32_t offsets[MSFT_SEGMENT_COUNT] = { 0 };

  put_header(writer, places, head);
  uint64_t position = head->size + MSFT_SEGMENT_COUNT * (uint64_t)DIRECTORY_ENTRY_SIZE;
  for (unsigned index = 0; index < ORDER_COUNT; index++) {
    offsets[order[index]] = (uint32_t)position;
    position += writer->segments[order[index]].size;
  }
  if (position + writer->members.size > FILE_LIMIT)
    return TYPE_E_SIZETOOBIG;
  put_directory(head, offsets, writer);
  move_members(writer, (uint32_t)position);
  return head->failed ? E_OUTOFMEMORY : S_OK;
}

/* The whole. */

/* The parts of a file, in their order. */
#define PART_COUNT (ORDER_COUNT + 2)
typedef struct WholeFile {
  MsftWriter writer;
  ByteWriter head;
  const ByteWriter *parts[PART_COUNT];
} WholeFile;

static HRESULT make_whole(const LibraryReader *reader, WholeFile *whole) {
  LibraryPlaces places;

  whole->writer.reader = reader;
  whole->writer.stable_codes = strcmp(reader->methods->format, "SLTG") != 0; /* there they count within a type */
  HRESULT hr = fill(&whole->writer, &places);
  if (SUCCEEDED(hr))
    hr = make_head(&whole->writer, &places, &whole->head);
  whole->parts[0] = &whole->head;
  for (unsigned index = 0; index < ORDER_COUNT; index++)
    whole->parts[index + 1] = &whole->writer.segments[order[index]];
  whole->parts[PART_COUNT - 1] = &whole->writer.members;
  return hr;
}

static void free_whole(WholeFile *whole) {
  MsftWriter *writer = &whole->writer;
  RecordIndex *indexes[] = { &writer->name_index, &writer->strings, &writer->type_descs, &writer->array_descs,
                             &writer->values,     &writer->imports, &writer->files };

  for (unsigned segment = 0; segment < MSFT_SEGMENT_COUNT; segment++)
    byte_writer_free(&writer->segments[segment]);
  for (unsigned index = 0; index < sizeof indexes / sizeof *indexes; index++)
    free(indexes[index]->slots);
  code_map_free(&writer->names);
  code_map_free(&writer->types);
  byte_writer_free(&writer->members);
  byte_writer_free(&whole->head);
}

HRESULT msft_write_memory(const LibraryReader *reader, uint8_t **data, size_t *size) {
  WholeFile whole = { 0 };
  ByteWriter all = { NULL, 0, 0, false };
  HRESULT hr = make_whole(reader, &whole);

  *data = NULL;
  *size = 0;
  for (unsigned index = 0; SUCCEEDED(hr) && index < PART_COUNT; index++)
    byte_writer_bytes(&all, whole.parts[index]->data, whole.parts[index]->size);
  free_whole(&whole);
  if (SUCCEEDED(hr) && all.failed)
    hr = E_OUTOFMEMORY;
  if (FAILED(hr)) {
    byte_writer_free(&all);
    return hr;
  }
  *data = all.data;
  *size = all.size;
  return S_OK;
}

/* Files. */

static HRESULT write_failed(const char *path) {
  return error_raise(TYPE_E_IOERROR, "Oleander", "%s cannot be written: %s", path, strerror(errno));
}

static bool write_part(int descriptor, const uint8_t *data, size_t size) {
  while (size > 0) {
    ssize_t done = write(descriptor, data, size);

    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return false;
    data += done;
    size -= (size_t)done;
  }
  return true;
}

/* When it reaches the disk is left to the system: waiting for that takes longer than all else together, and a library can be made
 * again. */
static bool write_parts(int descriptor, const WholeFile *whole) {
  for (unsigned index = 0; index < PART_COUNT; index++)
    if (!write_part(descriptor, whole->parts[index]->data, whole->parts[index]->size))
      return false;
  return true;
}

#define NAME_ROOM  sizeof ".4294967295-4294967295.new"
#define NAME_TRIES 100u

/* A new file beside the target, with the mode of the one that is replaced where there is one. */
static int open_beside(const char *target, char *temporary, size_t size) {
  static atomic_uint number;
  struct stat old;
  int descriptor = -1;

  for (unsigned tries = 0; descriptor < 0 && tries < NAME_TRIES; tries++) {
    snprintf(temporary, size, "%s.%u-%u.new", target, (unsigned)getpid(), atomic_fetch_add(&number, 1));
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno != EEXIST)
      return -1;
  }
  if (descriptor >= 0 && stat(target, &old) == 0)
    fchmod(descriptor, old.st_mode & 07777);
  return descriptor;
}

static HRESULT write_beside(const WholeFile *whole, const char *target, char *temporary, size_t size) {
  int descriptor = open_beside(target, temporary, size);

  if (descriptor < 0)
    return write_failed(target);
  bool written = write_parts(descriptor, whole);
  written = close(descriptor) == 0 && written;
  if (written && rename(temporary, target) == 0)
    return S_OK;
  HRESULT hr = write_failed(target);
  unlink(temporary);
  return hr;
}

static HRESULT write_whole(const WholeFile *whole, const char *path) {
  char *real = realpath(path, NULL); /* a link stays, what it leads to is replaced */
  const char *target = real ? real : path;
  size_t size = strlen(target) + NAME_ROOM;
  char *temporary = malloc(size);
  HRESULT hr = E_OUTOFMEMORY;

  if (temporary)
    hr = write_beside(whole, target, temporary, size);
  free(temporary);
  free(real);
  return hr;
}

HRESULT msft_write_file(const LibraryReader *reader, const OLECHAR *path) {
  WholeFile whole = { 0 };
  char *name = utf8_copy(path);
  HRESULT hr = name ? make_whole(reader, &whole) : E_OUTOFMEMORY;

  if (SUCCEEDED(hr))
    hr = write_whole(&whole, name);
  free_whole(&whole);
  free(name);
  return hr;
}
