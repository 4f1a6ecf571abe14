/* msft_write_types.c - the records of types in an MSFT file that is written. */
#include "typelib/writers/msft_writer.h"

#define MADE_FLAG       0x20u /* set in every record */
#define SHOWS_INTERFACE 0x10u /* a dual interface, or `dispinterface { interface X; }` */
#define DEFAULT_PACKING 8u
#define FIELD_LIMIT     0x1Fu /* five bits */
#define REFERENCE_SIZE  16u

/* The dwords of a record. */
enum {
  TYPE_KIND,
  TYPE_MEMBERS,
  TYPE_COUNTS = 6,
  TYPE_GUID = 11,
  TYPE_FLAGS,
  TYPE_NAME,
  TYPE_VERSION,
  TYPE_HELP_STRING,
  TYPE_HELP_STRING_CONTEXT,
  TYPE_HELP_CONTEXT,
  TYPE_CUSTOM_DATA,
  TYPE_IMPLEMENTED,
  TYPE_SIZE,
  TYPE_DATA,
  TYPE_INHERITED,
  TYPE_DWORDS = 25
};

static void set(MsftWriter *writer, UINT type, unsigned field, uint32_t value) {
  byte_writer_set_u32(&writer->segments[MSFT_TYPES], type * MSFT_TYPE_SIZE + 4 * (size_t)field, value);
}

/* All records are there before anything refers to one. */
static HRESULT begin_records(MsftWriter *writer) {
  ByteWriter *types = &writer->segments[MSFT_TYPES];

  for (size_t dword = 0; dword < (size_t)writer->facts.type_count * TYPE_DWORDS; dword++)
    byte_writer_u32(types, 0);
  return types->failed ? E_OUTOFMEMORY : S_OK;
}

/* What is known by name and GUID in the whole library is put in first, in the order of the types. */
static HRESULT put_identity(MsftWriter *writer, UINT type) {
  uint32_t name, guid, place = type * MSFT_TYPE_SIZE;
  TypeFacts facts;
  HRESULT hr = writer->reader->methods->read_type(writer->reader, type, &facts);

  if (SUCCEEDED(hr))
    hr = msft_put_name(writer, facts.name, NAME_OF_TYPE, place, &name);
  if (SUCCEEDED(hr))
    hr = msft_put_guid(writer, &facts.guid, place, &guid);
  if (FAILED(hr))
    return hr;
  set(writer, type, TYPE_NAME, name);
  set(writer, type, TYPE_GUID, guid);
  return S_OK;
}

/* A coclass's chain: reference, flags, custom data, next. Its records stay together. */
static HRESULT put_chain_link(MsftWriter *writer, UINT type, UINT index, bool last) {
  ByteWriter *chain = &writer->segments[MSFT_REFERENCES];
  ImplementedFacts facts;
  uint32_t reference, custom;
  HRESULT hr = writer->reader->methods->read_implemented(writer->reader, type, index, &facts);

  if (SUCCEEDED(hr))
    hr = msft_put_reference(writer, type, facts.reference, &reference);
  if (SUCCEEDED(hr))
    hr = msft_put_custom(writer, facts.custom, &custom);
  if (FAILED(hr))
    return hr;
  byte_writer_u32(chain, reference);
  byte_writer_u32(chain, (uint32_t)facts.flags);
  byte_writer_u32(chain, custom);
  byte_writer_u32(chain, last ? MSFT_NONE : (uint32_t)chain->size + 4);
  return chain->failed ? E_OUTOFMEMORY : S_OK;
}

static HRESULT put_chain(MsftWriter *writer, UINT type, UINT count, uint32_t *data) {
  HRESULT hr = S_OK;

  *data = count > 0 ? (uint32_t)writer->segments[MSFT_REFERENCES].size : MSFT_NONE;
  for (UINT index = 0; SUCCEEDED(hr) && index < count; index++)
    hr = put_chain_link(writer, type, index, index + 1 == count);
  return hr;
}

static HRESULT put_base(MsftWriter *writer, UINT type, UINT count, uint32_t *data) {
  ImplementedFacts facts;

  *data = MSFT_NONE;
  if (count == 0)
    return S_OK;
  HRESULT hr = writer->reader->methods->read_implemented(writer->reader, type, 0, &facts);
  return SUCCEEDED(hr) && facts.reference != NO_REFERENCE ? msft_put_reference(writer, type, facts.reference, data)
                                                          : hr;
}

static HRESULT put_data(MsftWriter *writer, UINT type, const TypeFacts *facts, uint32_t *data) {
  switch (facts->kind) {
  case TKIND_INTERFACE:
  case TKIND_DISPATCH:
    return put_base(writer, type, facts->implemented_count, data);
  case TKIND_COCLASS:
    return put_chain(writer, type, facts->implemented_count, data);
  case TKIND_ALIAS:
    return msft_put_type(writer, type, facts->alias, data);
  case TKIND_MODULE:
    return msft_put_string(writer, facts->dll, data);
  default:
    *data = MSFT_NONE;
    return S_OK;
  }
}

static uint32_t kind_word(const TypeFacts *facts, UINT type, uint32_t data) {
  uint32_t packing = facts->packing ? facts->packing : DEFAULT_PACKING;
  uint32_t word = (uint32_t)facts->kind | MADE_FLAG | (packing & FIELD_LIMIT) << 6 |
                  (facts->alignment & FIELD_LIMIT) << 11 | (uint32_t)type << 16;

  return facts->kind == TKIND_DISPATCH && data != MSFT_NONE ? word | SHOWS_INTERFACE : word;
}

static uint32_t implemented_word(const TypeFacts *facts) {
  uint32_t count = facts->implemented_count;

  if (facts->kind == TKIND_DISPATCH)
    count = 1;
  else if (facts->kind != TKIND_INTERFACE && facts->kind != TKIND_COCLASS)
    count = 0;
  return count | (uint32_t)facts->vtable_size << 16;
}

static HRESULT put_texts(MsftWriter *writer, UINT type, const TypeFacts *facts) {
  uint32_t help, custom;
  HRESULT hr = msft_put_string(writer, facts->documentation.help_string, &help);

  if (SUCCEEDED(hr))
    hr = msft_put_custom(writer, facts->custom, &custom);
  if (FAILED(hr))
    return hr;
  set(writer, type, TYPE_HELP_STRING, help);
  set(writer, type, TYPE_HELP_STRING_CONTEXT, facts->documentation.help_string_context);
  set(writer, type, TYPE_HELP_CONTEXT, facts->documentation.help_context);
  set(writer, type, TYPE_CUSTOM_DATA, custom);
  return S_OK;
}

static HRESULT put_record(MsftWriter *writer, UINT type, const TypeFacts *facts) {
  bool derives = facts->kind == TKIND_INTERFACE || facts->kind == TKIND_DISPATCH;
  uint32_t data;
  HRESULT hr = put_data(writer, type, facts, &data);

  if (FAILED(hr))
    return hr;
  set(writer, type, TYPE_KIND, kind_word(facts, type, data));
  set(writer, type, TYPE_MEMBERS, (uint32_t)writer->members.size); /* counted from the first block */
  set(writer, type, 4, 3);
  set(writer, type, TYPE_COUNTS, facts->function_count | (uint32_t)facts->variable_count << 16);
  set(writer, type, TYPE_FLAGS, facts->flags);
  set(writer, type, TYPE_VERSION, facts->major | (uint32_t)facts->minor << 16);
  set(writer, type, TYPE_IMPLEMENTED, implemented_word(facts));
  set(writer, type, TYPE_SIZE, facts->instance_size);
  set(writer, type, TYPE_DATA, data);
  if (derives)
    set(writer, type, TYPE_INHERITED, (uint32_t)facts->inherited_function_count << 16 | facts->base_count);
  set(writer, type, TYPE_DWORDS - 1, MSFT_NONE);
  hr = put_texts(writer, type, facts);
  return SUCCEEDED(hr) ? msft_put_members(writer, type, facts) : hr;
}

HRESULT msft_put_types(MsftWriter *writer) {
  HRESULT hr = writer->facts.type_count > 0xFFFF ? TYPE_E_SIZETOOBIG : begin_records(writer);

  for (UINT type = 0; SUCCEEDED(hr) && type < writer->facts.type_count; type++)
    hr = put_identity(writer, type);
  for (UINT type = 0; SUCCEEDED(hr) && type < writer->facts.type_count; type++) {
    TypeFacts facts;

    hr = writer->reader->methods->read_type(writer->reader, type, &facts);
    if (SUCCEEDED(hr))
      hr = put_record(writer, type, &facts);
  }
  return hr;
}
