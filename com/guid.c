/* GUIDs as text and new ones, over libuuid. The text form is the one of [MS-DTYP] 2.3.4.3, in braces. */
#include "com/com_api.h"

#include <string.h>

#include <uuid/uuid.h>

#include "com/unicode.h"

/* A uuid_t is the big-endian form of the same sixteen bytes. */
static void to_uuid(REFGUID guid, uuid_t uuid) {
  uuid[0] = (unsigned char)(guid->Data1 >> 24);
  uuid[1] = (unsigned char)(guid->Data1 >> 16);
  uuid[2] = (unsigned char)(guid->Data1 >> 8);
  uuid[3] = (unsigned char)guid->Data1;
  uuid[4] = (unsigned char)(guid->Data2 >> 8);
  uuid[5] = (unsigned char)guid->Data2;
  uuid[6] = (unsigned char)(guid->Data3 >> 8);
  uuid[7] = (unsigned char)guid->Data3;
  memcpy(uuid + 8, guid->Data4, 8);
}

static void from_uuid(const uuid_t uuid, GUID *guid) {
  guid->Data1 = (uint32_t)uuid[0] << 24 | (uint32_t)uuid[1] << 16 | (uint32_t)uuid[2] << 8 | uuid[3];
  guid->Data2 = (uint16_t)(uuid[4] << 8 | uuid[5]);
  guid->Data3 = (uint16_t)(uuid[6] << 8 | uuid[7]);
  memcpy(guid->Data4, uuid + 8, 8);
}

void guid_format_utf8(REFGUID guid, char out[GUID_TEXT_UNITS]) {
  uuid_t uuid;

  to_uuid(guid, uuid);
  out[0] = '{';
  uuid_unparse_upper(uuid, out + 1);
  out[37] = '}';
  out[38] = '\0';
}

static int hex_digit(OLECHAR c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return -1;
}

/* Reads `digits` digits at *text; what was read before a bad character is stored all the same. */
static bool read_hex(const OLECHAR **text, int digits, uint32_t *value) {
  *value = 0;
  for (; digits > 0; digits--, (*text)++) {
    int digit = hex_digit(**text);

    if (digit < 0)
      return false;
    *value = *value << 4 | (uint32_t)digit;
  }
  return true;
}

static bool read_u16(const OLECHAR **text, uint16_t *field) {
  uint32_t value;
  bool good = read_hex(text, 4, &value);

  *field = (uint16_t)value;
  return good;
}

bool guid_parse(const OLECHAR *text, GUID *guid) {
  uint32_t value;

  if (*text++ != '{')
    return false;
  if (!read_hex(&text, 8, &guid->Data1) || *text++ != '-' || !read_u16(&text, &guid->Data2) || *text++ != '-' ||
      !read_u16(&text, &guid->Data3) || *text++ != '-')
    return false;
  for (int i = 0; i < 8; i++) {
    bool good = read_hex(&text, 2, &value);

    guid->Data4[i] = (uint8_t)value;
    if (!good || (i == 1 && *text++ != '-'))
      return false;
  }
  return text[0] == '}' && text[1] == 0;
}

bool guid_parse_utf8(const char *text, GUID *guid) {
  char plain[UUID_STR_LEN];
  uuid_t uuid;

  if (strlen(text) != GUID_TEXT_UNITS - 1 || text[0] != '{' || text[37] != '}')
    return false;
  memcpy(plain, text + 1, UUID_STR_LEN - 1);
  plain[UUID_STR_LEN - 1] = '\0';
  if (uuid_parse(plain, uuid) != 0)
    return false;
  from_uuid(uuid, guid);
  return true;
}

HRESULT CoCreateGuid(GUID *guid) {
  uuid_t uuid;

  if (!guid)
    return E_INVALIDARG;
  uuid_generate_random(uuid);
  from_uuid(uuid, guid);
  return S_OK;
}

int StringFromGUID2(REFGUID guid, LPOLESTR text, int room) {
  char plain[GUID_TEXT_UNITS];

  if (!guid || !text || room < GUID_TEXT_UNITS)
    return 0;
  guid_format_utf8(guid, plain);
  for (int i = 0; i < GUID_TEXT_UNITS; i++)
    text[i] = (OLECHAR)plain[i];
  return GUID_TEXT_UNITS;
}

HRESULT StringFromCLSID(REFCLSID clsid, LPOLESTR *text) {
  if (!clsid || !text)
    return E_INVALIDARG;
  *text = CoTaskMemAlloc(GUID_TEXT_UNITS * sizeof(OLECHAR));
  if (!*text)
    return E_OUTOFMEMORY;
  StringFromGUID2(clsid, *text, GUID_TEXT_UNITS);
  return S_OK;
}

HRESULT StringFromIID(REFIID iid, LPOLESTR *text) {
  return StringFromCLSID(iid, text);
}

HRESULT IIDFromString(LPCOLESTR text, LPIID iid) {
  if (!iid)
    return E_INVALIDARG;
  if (!text) {
    *iid = IID_NULL;
    return S_OK;
  }
  if (utf16_units(text) != GUID_TEXT_UNITS - 1)
    return E_INVALIDARG;
  return guid_parse(text, iid) ? S_OK : CO_E_IIDSTRING;
}
