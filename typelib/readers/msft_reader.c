/* msft_reader.c - an MSFT file: its header, its directory, its GUIDs and strings. */
#include "typelib/readers/msft_reader.h"

#include <stdlib.h>
#include <string.h>

#define MSFT_MAGIC           0x5446534Du /* "MSFT" */
#define MSFT_VERSION         0x00010002u
#define HEADER_SIZE          0x54u
#define DIRECTORY_ENTRY_SIZE 16u

/* Bits of the header's variable flags; the low four are the SYSKIND. */
#define HAS_HELP_DLL 0x0100u

/* Offsets of the header's fields. */
enum {
  HEADER_VERSION_MAGIC = 0x04,
  HEADER_GUID = 0x08,
  HEADER_HASH_LCID = 0x0C,
  HEADER_LCID = 0x10,
  HEADER_VAR_FLAGS = 0x14,
  HEADER_VERSION = 0x18,
  HEADER_FLAGS = 0x1C,
  HEADER_TYPE_COUNT = 0x20,
  HEADER_HELP_STRING = 0x24,
  HEADER_HELP_STRING_CONTEXT = 0x28,
  HEADER_HELP_CONTEXT = 0x2C,
  HEADER_NAME_COUNT = 0x30,
  HEADER_NAME_CHARACTERS = 0x34,
  HEADER_NAME = 0x38,
  HEADER_HELP_FILE = 0x3C,
  HEADER_CUSTOM_DATA = 0x40,
  HEADER_DISPATCH = 0x4C,
  HEADER_HELP_DLL = 0x54 /* only with HAS_HELP_DLL */
};

static uint32_t header_u32(const MsftReader *msft, uint32_t offset) {
  Cursor at = msft->file;

  cursor_seek(&at, offset);
  return cursor_u32(&at);
}

static unsigned syskind_pointer_size(SYSKIND syskind) {
  return syskind == SYS_WIN64 ? 8 : 4;
}

GUID msft_guid(const MsftReader *msft, uint32_t offset) {
  Cursor at = msft_segment_at(msft, MSFT_GUIDS, offset);

  return cursor_guid(&at);
}

LibraryText msft_string(const MsftReader *msft, uint32_t offset) {
  LibraryText text = { NULL, 0, false, false };
  const uint8_t *length = offset == MSFT_NONE ? NULL : msft_record(msft, MSFT_STRINGS, offset, 2);

  if (!length || little_u16(length) == 0)
    return text;
  text.size = little_u16(length);
  text.bytes = msft_record(msft, MSFT_STRINGS, offset + 2, text.size);
  return text;
}

static HRESULT msft_read_library(const LibraryReader *reader, LibraryFacts *facts) {
  const MsftReader *msft = msft_from(reader);
  uint32_t version = header_u32(msft, HEADER_VERSION);
  uint32_t dispatch = header_u32(msft, HEADER_DISPATCH);

  memset(facts, 0, sizeof *facts);
  facts->guid = msft_guid(msft, header_u32(msft, HEADER_GUID));
  facts->lcid = header_u32(msft, HEADER_LCID);
  facts->name_lcid = msft->hash_lcid;
  facts->syskind = msft->syskind;
  facts->pointer_size = syskind_pointer_size(msft->syskind);
  facts->major = (WORD)version;
  facts->minor = (WORD)(version >> 16);
  facts->flags = (WORD)header_u32(msft, HEADER_FLAGS);
  facts->type_count = msft->type_count;
  facts->name = header_u32(msft, HEADER_NAME);
  facts->documentation.help_string = msft_string(msft, header_u32(msft, HEADER_HELP_STRING));
  facts->documentation.help_context = header_u32(msft, HEADER_HELP_CONTEXT);
  facts->documentation.help_string_context = header_u32(msft, HEADER_HELP_STRING_CONTEXT);
  facts->help_file = msft_string(msft, header_u32(msft, HEADER_HELP_FILE));
  if (header_u32(msft, HEADER_VAR_FLAGS) & HAS_HELP_DLL)
    facts->help_dll = msft_string(msft, header_u32(msft, HEADER_HELP_DLL));
  facts->custom = header_u32(msft, HEADER_CUSTOM_DATA);
  facts->name_count = header_u32(msft, HEADER_NAME_COUNT);
  facts->name_characters = header_u32(msft, HEADER_NAME_CHARACTERS);
  facts->dispatch = dispatch < 0x01000000u ? dispatch : NO_REFERENCE;
  return S_OK;
}

/* A segment that reaches beyond the end of the file is cut there: what is missing is found out when it is asked for. */
static Cursor read_directory_entry(const MsftReader *msft, Cursor *directory) {
  uint32_t offset = cursor_u32(directory);
  uint32_t size = cursor_u32(directory);

  cursor_skip(directory, DIRECTORY_ENTRY_SIZE - 8);
  if (offset == MSFT_NONE || offset > msft->file.size)
    return cursor_over(NULL, 0);
  if (size > msft->file.size - offset)
    size = (uint32_t)(msft->file.size - offset);
  return cursor_slice(&msft->file, offset, size);
}

static HRESULT read_directory(MsftReader *msft) {
  size_t position = HEADER_SIZE + 4 * (size_t)msft->type_count;
  Cursor directory = msft->file;
  unsigned segment;

  if (header_u32(msft, HEADER_VAR_FLAGS) & HAS_HELP_DLL)
    position += 4;
  cursor_seek(&directory, position);
  for (segment = 0; segment < MSFT_SEGMENT_COUNT; segment++)
    msft->segments[segment] = read_directory_entry(msft, &directory);
  if (directory.failed || msft->segments[MSFT_TYPES].size / MSFT_TYPE_SIZE < msft->type_count)
    return TYPE_E_INVDATAREAD;
  return S_OK;
}

static void msft_close(LibraryReader *reader) {
  MsftReader *msft = (MsftReader *)reader;

  typelib_bytes_release(&msft->bytes);
  free(msft);
}

static const LibraryReaderMethods msft_methods = {
  .format = "MSFT",
  .close = msft_close,
  .read_library = msft_read_library,
  .read_type = msft_read_type,
  .read_kind = msft_read_kind,
  .read_function = msft_read_function,
  .read_function_details = msft_read_function_details,
  .read_parameter = msft_read_parameter,
  .read_variable = msft_read_variable,
  .read_implemented = msft_read_implemented,
  .read_members = msft_read_members,
  .read_reference = msft_read_reference,
  .read_typedesc = msft_read_typedesc,
  .read_value = msft_read_value,
  .next_custom = msft_next_custom,
  .name_text = msft_name_text,
  .find_names = msft_find_names,
  .find_guid = msft_find_guid,
};

HRESULT msft_open(TypelibBytes *bytes, LibraryReader **reader) {
  MsftReader *msft;
  Cursor start = cursor_over(bytes->data, bytes->size);
  HRESULT hr;

  *reader = NULL;
  if (cursor_u32(&start) != MSFT_MAGIC)
    return TYPE_E_UNSUPFORMAT;
  if (cursor_u32(&start) != MSFT_VERSION)
    return start.failed ? TYPE_E_INVDATAREAD : TYPE_E_UNSUPFORMAT;
  msft = calloc(1, sizeof *msft);
  if (!msft)
    return E_OUTOFMEMORY;
  msft->reader.methods = &msft_methods;
  msft->file = cursor_over(bytes->data, bytes->size);
  msft->type_count = header_u32(msft, HEADER_TYPE_COUNT);
  msft->hash_lcid = header_u32(msft, HEADER_HASH_LCID);
  msft->syskind = (SYSKIND)(header_u32(msft, HEADER_VAR_FLAGS) & 0x0F);
  hr = msft->type_count > bytes->size / MSFT_TYPE_SIZE ? TYPE_E_INVDATAREAD : read_directory(msft);
  if (FAILED(hr)) {
    free(msft);
    return hr;
  }
  msft->bytes = *bytes;
  memset(bytes, 0, sizeof *bytes);
  *reader = &msft->reader;
  return S_OK;
}
