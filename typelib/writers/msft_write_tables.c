/* msft_write_tables.c - the tables of an MSFT file that is written: names, GUIDs, strings, and what keeps things once. */
#include "typelib/writers/msft_writer.h"

#include <stdlib.h>
#include <string.h>

#define FILLER            'W'
#define NAME_CHAIN_COUNT  128u
#define GUID_CHAIN_COUNT  32u
#define NAME_FIXED_SIZE   12u
#define NAME_LENGTH_LIMIT 255u
#define GUID_SIZE         24u
#define STRING_LIMIT      0xFFFFu
#define STRING_LEAST_SIZE 8u

/* Codes. */

static uint32_t code_place(const CodeMap *map, uint32_t key) {
  uint32_t place = (key * 0x9E3779B1u >> 5) & map->mask;

  while (map->values[place] != MSFT_NONE && map->keys[place] != key)
    place = (place + 1) & map->mask;
  return place;
}

bool code_map_find(const CodeMap *map, uint32_t key, uint32_t *value) {
  if (map->count == 0)
    return false;
  *value = map->values[code_place(map, key)];
  return *value != MSFT_NONE;
}

void code_map_free(CodeMap *map) {
  free(map->keys);
  free(map->values);
  *map = (CodeMap){ NULL, NULL, 0, 0 };
}

static HRESULT code_map_grow(CodeMap *map) {
  CodeMap grown = { NULL, NULL, map->count, map->values ? map->mask * 2 + 1 : 63 };

  if (map->values && map->count < map->mask / 4 * 3)
    return S_OK;
  grown.keys = malloc((grown.mask + 1) * sizeof *grown.keys);
  grown.values = malloc((grown.mask + 1) * sizeof *grown.values);
  if (!grown.keys || !grown.values) {
    code_map_free(&grown);
    return E_OUTOFMEMORY;
  }
  memset(grown.values, 0xFF, (grown.mask + 1) * sizeof *grown.values);
  for (uint32_t place = 0; map->values && place <= map->mask; place++) {
    if (map->values[place] == MSFT_NONE)
      continue;
    uint32_t to = code_place(&grown, map->keys[place]);
    grown.keys[to] = map->keys[place];
    grown.values[to] = map->values[place];
  }
  code_map_free(map);
  *map = grown;
  return S_OK;
}

HRESULT code_map_add(CodeMap *map, uint32_t key, uint32_t value) {
  HRESULT hr = code_map_grow(map);

  if (FAILED(hr))
    return hr;
  uint32_t place = code_place(map, key);
  map->count += map->values[place] == MSFT_NONE;
  map->keys[place] = key;
  map->values[place] = value;
  return S_OK;
}

/* Records. */

static uint32_t hash_bytes(const uint8_t *bytes, size_t size) {
  uint32_t hash = 2166136261u; /* FNV-1a */

  for (size_t index = 0; index < size; index++)
    hash = (hash ^ bytes[index]) * 16777619u;
  return hash;
}

static bool same_record(const ByteWriter *segment, uint32_t offset, const uint8_t *record, size_t size, size_t skip) {
  return size <= segment->size - offset && memcmp(segment->data + offset + skip, record + skip, size - skip) == 0;
}

/* Every slot keeps the hash of its record beside it, in the second half of the table. */
static HRESULT record_index_grow(RecordIndex *index) {
  uint32_t mask = index->slots ? index->mask * 2 + 1 : 63;

  if (index->slots && index->count < index->mask / 4 * 3)
    return S_OK;
  uint32_t *slots = calloc(2 * ((size_t)mask + 1), sizeof *slots);
  if (!slots)
    return E_OUTOFMEMORY;
  for (uint32_t place = 0; index->slots && place <= index->mask; place++) {
    if (!index->slots[place])
      continue;
    uint32_t hash = index->slots[index->mask + 1 + place], to = hash & mask;
    while (slots[to])
      to = (to + 1) & mask;
    slots[to] = index->slots[place];
    slots[mask + 1 + to] = hash;
  }
  free(index->slots);
  index->slots = slots;
  index->mask = mask;
  return S_OK;
}

HRESULT record_index_put(RecordIndex *index, ByteWriter *segment, const uint8_t *record, size_t size, size_t skip,
                         uint32_t *offset, bool *added) {
  HRESULT hr = record_index_grow(index);

  *added = false;
  if (FAILED(hr))
    return hr;
  uint32_t hash = hash_bytes(record + skip, size - skip), place = hash & index->mask;
  for (; index->slots[place]; place = (place + 1) & index->mask) {
    *offset = index->slots[place] - 1;
    if (index->slots[index->mask + 1 + place] == hash && same_record(segment, *offset, record, size, skip))
      return S_OK;
  }
  *offset = (uint32_t)segment->size;
  byte_writer_bytes(segment, record, size);
  if (segment->failed)
    return E_OUTOFMEMORY;
  index->slots[place] = *offset + 1;
  index->slots[index->mask + 1 + place] = hash;
  index->count++;
  *added = true;
  return S_OK;
}

/* Text. */

static HRESULT unpacked(MsftWriter *writer, LibraryText text, BSTR *wide) {
  return text.packed && text.bytes ? writer->reader->methods->unpack(writer->reader, text, wide)
                                   : library_text_to_bstr(text, wide);
}

static uint8_t octet_of(OLECHAR unit) {
  int octet = library_text_octet(unit);

  return (uint8_t)(octet < 0 ? '?' : octet);
}

HRESULT msft_text_bytes(MsftWriter *writer, LibraryText text, uint8_t **bytes, uint32_t *size) {
  BSTR wide = NULL;

  *bytes = NULL;
  *size = 0;
  if (!text.bytes)
    return S_OK;
  HRESULT hr = unpacked(writer, text, &wide);
  if (FAILED(hr))
    return hr;
  uint32_t length = SysStringLen(wide);
  *bytes = malloc(length + 1);
  for (uint32_t index = 0; *bytes && index < length; index++)
    (*bytes)[index] = octet_of(wide[index]);
  SysFreeString(wide);
  *size = *bytes ? length : 0;
  return *bytes ? S_OK : E_OUTOFMEMORY;
}

/* Strings: the length in a word, the bytes, filled up to a multiple of four and to eight at least. */

static HRESULT put_string_bytes(MsftWriter *writer, const uint8_t *bytes, uint32_t size, uint32_t *offset) {
  ByteWriter record = { NULL, 0, 0, false };
  bool added;

  byte_writer_u16(&record, (uint16_t)size);
  byte_writer_bytes(&record, bytes, size);
  byte_writer_align(&record, 4, FILLER);
  if (record.size < STRING_LEAST_SIZE)
    byte_writer_align(&record, STRING_LEAST_SIZE, FILLER);
  HRESULT hr = record.failed ? E_OUTOFMEMORY
                             : record_index_put(&writer->strings, &writer->segments[MSFT_STRINGS], record.data,
                                                record.size, 0, offset, &added);
  byte_writer_free(&record);
  return hr;
}

HRESULT msft_put_string(MsftWriter *writer, LibraryText text, uint32_t *offset) {
  uint8_t *bytes;
  uint32_t size;
  HRESULT hr = msft_text_bytes(writer, text, &bytes, &size);

  *offset = MSFT_NONE;
  if (SUCCEEDED(hr) && size > STRING_LIMIT)
    hr = TYPE_E_SIZETOOBIG;
  if (SUCCEEDED(hr) && size > 0)
    hr = put_string_bytes(writer, bytes, size, offset);
  free(bytes);
  return hr;
}

/* Chains of the hash tables: new records go in front. */

static HRESULT begin_chains(ByteWriter *table, uint32_t count) {
  uint8_t *heads = byte_writer_take(table, 4 * (size_t)count);

  if (!heads)
    return E_OUTOFMEMORY;
  memset(heads, 0xFF, 4 * (size_t)count);
  return S_OK;
}

HRESULT msft_begin_tables(MsftWriter *writer) {
  HRESULT hr = begin_chains(&writer->segments[MSFT_GUID_HASH], GUID_CHAIN_COUNT);

  return SUCCEEDED(hr) ? begin_chains(&writer->segments[MSFT_NAME_HASH], NAME_CHAIN_COUNT) : hr;
}

static uint32_t chain_head(const ByteWriter *table, uint32_t chain) {
  return little_u32(table->data + 4 * (size_t)chain);
}

/* GUIDs: the GUID, its owner, the next of the chain. */

static uint32_t guid_chain(const uint8_t *guid) {
  uint32_t sum = 0;

  for (unsigned word = 0; word < 8; word++)
    sum ^= little_u16(guid + 2 * word);
  return sum % GUID_CHAIN_COUNT;
}

static void guid_bytes(REFGUID guid, uint8_t bytes[16]) {
  little_put_u32(bytes, (uint32_t)guid->Data1);
  little_put_u16(bytes + 4, guid->Data2);
  little_put_u16(bytes + 6, guid->Data3);
  memcpy(bytes + 8, guid->Data4, 8);
}

HRESULT msft_put_guid(MsftWriter *writer, REFGUID guid, uint32_t owner, uint32_t *offset) {
  ByteWriter *table = &writer->segments[MSFT_GUID_HASH], *guids = &writer->segments[MSFT_GUIDS];
  uint8_t record[GUID_SIZE];

  *offset = MSFT_NONE;
  if (IsEqualGUID(guid, &GUID_NULL))
    return S_OK;
  guid_bytes(guid, record);
  uint32_t chain = guid_chain(record), head = chain_head(table, chain);
  for (uint32_t at = head; at != MSFT_NONE; at = little_u32(guids->data + at + 20)) {
    if (memcmp(guids->data + at, record, 16) == 0) {
      *offset = at;
      return S_OK;
    }
  }
  little_put_u32(record + 16, owner);
  little_put_u32(record + 20, head);
  *offset = (uint32_t)guids->size;
  byte_writer_bytes(guids, record, sizeof record);
  byte_writer_set_u32(table, 4 * (size_t)chain, *offset);
  return guids->failed ? E_OUTOFMEMORY : S_OK;
}

/* Names. */

/* Bits of a name's flags. */
enum {
  NAME_IS_TYPE = 0x08,
  NAME_IS_NO_MEMBER = 0x10, /* no function, property or parameter has it */
  NAME_IS_GLOBAL = 0x20,    /* known in the whole library */
  NAME_IS_MEMBER = 0x01     /* while the table is made */
};

static uint8_t flags_of(NameUse use) {
  static const uint8_t flags[] = {
    [NAME_OF_LIBRARY] = 0,
    [NAME_OF_TYPE] = NAME_IS_TYPE | NAME_IS_NO_MEMBER | NAME_IS_GLOBAL,
    [NAME_OF_MEMBER] = NAME_IS_MEMBER,
    [NAME_OF_FIELD] = NAME_IS_NO_MEMBER,
    [NAME_OF_CONSTANT] = NAME_IS_NO_MEMBER | NAME_IS_GLOBAL,
  };

  return flags[use];
}

static void use_name(MsftWriter *writer, uint32_t offset, NameUse use, uint32_t type) {
  uint8_t *entry = writer->segments[MSFT_NAMES].data + offset;

  entry[9] = (uint8_t)(entry[9] | flags_of(use));
  if (use == NAME_OF_TYPE && little_u32(entry) == NAME_NO_TYPE)
    little_put_u32(entry, type);
}

void msft_finish_names(MsftWriter *writer) {
  ByteWriter *names = &writer->segments[MSFT_NAMES];

  for (size_t offset = 0; offset < names->size; offset += NAME_FIXED_SIZE + ((names->data[offset + 8] + 3u) & ~3u)) {
    uint8_t *flags = &names->data[offset + 9];

    if (*flags & NAME_IS_MEMBER)
      *flags &= (uint8_t) ~(NAME_IS_MEMBER | NAME_IS_NO_MEMBER);
  }
}

static bool same_name(const uint8_t *entry, const OLECHAR *name) {
  LibraryText text = { entry + NAME_FIXED_SIZE, entry[8], false, false };

  return library_text_equals(text, name);
}

static uint32_t caseless_hash(const OLECHAR *name) {
  uint32_t hash = 2166136261u; /* FNV-1a */

  for (; *name; name++)
    hash = (hash ^ caseless_upper(*name)) * 16777619u;
  return hash;
}

static HRESULT add_name(MsftWriter *writer, const OLECHAR *name, uint32_t length, uint16_t hash, uint32_t *offset) {
  ByteWriter *table = &writer->segments[MSFT_NAME_HASH], *names = &writer->segments[MSFT_NAMES];
  uint32_t chain = hash % NAME_CHAIN_COUNT;

  *offset = (uint32_t)names->size;
  byte_writer_u32(names, NAME_NO_TYPE);
  byte_writer_u32(names, chain_head(table, chain));
  byte_writer_u32(names, length | (uint32_t)hash << 16);
  for (uint32_t index = 0; index < length; index++)
    byte_writer_u8(names, octet_of(name[index]));
  byte_writer_align(names, 4, FILLER);
  if (names->failed)
    return E_OUTOFMEMORY;
  byte_writer_set_u32(table, 4 * (size_t)chain, *offset);
  writer->name_count++;
  writer->name_characters += length;
  return S_OK;
}

/* The chains of the file are too long to look for every name in them. */
static HRESULT find_or_add_name(MsftWriter *writer, const OLECHAR *name, uint32_t length, uint32_t *offset) {
  RecordIndex *index = &writer->name_index;
  HRESULT hr = record_index_grow(index);

  if (FAILED(hr))
    return hr;
  uint32_t hash = caseless_hash(name), place = hash & index->mask;
  for (; index->slots[place]; place = (place + 1) & index->mask) {
    *offset = index->slots[place] - 1;
    if (index->slots[index->mask + 1 + place] == hash && same_name(writer->segments[MSFT_NAMES].data + *offset, name))
      return S_OK;
  }
  uint16_t stored = (uint16_t)LHashValOfNameSys(writer->facts.syskind, writer->facts.name_lcid, name);
  hr = add_name(writer, name, length, stored, offset);
  if (FAILED(hr))
    return hr;
  index->slots[place] = *offset + 1;
  index->slots[index->mask + 1 + place] = hash;
  index->count++;
  return S_OK;
}

static HRESULT put_new_name(MsftWriter *writer, NameId name, uint32_t *offset) {
  const LibraryReader *reader = writer->reader;
  BSTR text = NULL;
  HRESULT hr = library_text_to_bstr(reader->methods->name_text(reader, name), &text);

  if (SUCCEEDED(hr) && SysStringLen(text) > NAME_LENGTH_LIMIT)
    hr = TYPE_E_SIZETOOBIG;
  if (SUCCEEDED(hr) && SysStringLen(text) > 0)
    hr = find_or_add_name(writer, text, SysStringLen(text), offset);
  SysFreeString(text);
  return hr;
}

HRESULT msft_put_name(MsftWriter *writer, NameId name, NameUse use, uint32_t type, uint32_t *offset) {
  *offset = MSFT_NONE;
  if (name == NO_NAME)
    return S_OK;
  HRESULT hr = S_OK;
  if (!code_map_find(&writer->names, name, offset)) {
    *offset = MSFT_NONE;
    hr = put_new_name(writer, name, offset);
    if (SUCCEEDED(hr) && *offset != MSFT_NONE)
      hr = code_map_add(&writer->names, name, *offset);
  }
  if (SUCCEEDED(hr) && *offset != MSFT_NONE)
    use_name(writer, *offset, use, type);
  return hr;
}
