/* Writes a tree with masks as .reg text: UTF-8, the form that reg_parser.c reads back to the same tree. */
#include <stdlib.h>
#include <string.h>

#include <oleander_registry.h>

#include "com/registry/registry_internal.h"
#include "com/unicode.h"

#define BYTES_PER_LINE 25

typedef struct Text {
  char *data;
  size_t size, room;
  bool failed; /* out of memory; stays */
} Text;

/* The path of the key being written: `size` bytes. */
typedef struct Path {
  char data[REGISTRY_DEPTH_LIMIT * (REGISTRY_KEY_NAME_LIMIT * 3 + 1) + 1];
  size_t size;
} Path;

static void put(Text *text, const char *data, size_t size) {
  if (!text->failed && size > text->room - text->size) {
    size_t room = (text->size + size) * 2;
    char *bigger = realloc(text->data, room);

    if (bigger) {
      text->data = bigger;
      text->room = room;
    } else {
      text->failed = true;
    }
  }
  if (text->failed)
    return;
  memcpy(text->data + text->size, data, size);
  text->size += size;
}

static void put_text(Text *text, const char *data) {
  put(text, data, strlen(data));
}

static void put_quoted(Text *text, const char *data) {
  put(text, "\"", 1);
  for (; *data; data++) {
    if (*data == '"' || *data == '\\')
      put(text, "\\", 1);
    put(text, data, 1);
  }
  put(text, "\"", 1);
}

static void put_hex(Text *text, uint32_t number, int digits) {
  static const char hex[] = "0123456789abcdef";

  while (digits-- > 0)
    put(text, &hex[number >> (4 * digits) & 0xF], 1);
}

/* One byte of a list; `index` counts them, for commas and line breaks. */
static void put_byte(Text *text, uint8_t number, size_t index) {
  if (index && index % BYTES_PER_LINE == 0)
    put_text(text, ",\\\n  ");
  else if (index)
    put(text, ",", 1);
  put_hex(text, number, 2);
}

/* Text kinds as UTF-16 with their closing zeros. */
static void put_wide(Text *text, const RegistryValue *value) {
  size_t units = utf16_length((const char *)value->data, value->size);
  char16_t *wide = units == UNICODE_INVALID ? NULL : calloc(units + 1, sizeof *wide);

  if (!wide) {
    text->failed = true;
    return;
  }
  utf16_from_utf8((const char *)value->data, value->size, wide);
  for (size_t i = 0; i <= units; i++) {
    put_byte(text, (uint8_t)wide[i], 2 * i);
    put_byte(text, (uint8_t)(wide[i] >> 8), 2 * i + 1);
  }
  free(wide);
}

static bool is_plain(const RegistryValue *value) {
  for (size_t i = 0; i < value->size; i++)
    if (value->data[i] < 0x20 || value->data[i] == 0x7F)
      return false;
  return true;
}

static void put_data(Text *text, const RegistryValue *value) {
  uint32_t type = value->type;
  size_t i;

  if (value->masked) {
    put_text(text, "-");
  } else if (type == REG_SZ && is_plain(value)) {
    put_quoted(text, (const char *)value->data);
  } else if (type == REG_DWORD && value->size == 4) {
    put_text(text, "dword:");
    for (i = 4; i-- > 0;)
      put_hex(text, value->data[i], 2);
  } else {
    put_text(text, type == REG_BINARY ? "hex" : "hex(");
    if (type != REG_BINARY) {
      put_hex(text, type, type < 0x10 ? 1 : 8);
      put(text, ")", 1);
    }
    put(text, ":", 1);
    if (type == REG_SZ || type == REG_EXPAND_SZ || type == REG_LINK || type == REG_MULTI_SZ)
      put_wide(text, value);
    else
      for (i = 0; i < value->size; i++)
        put_byte(text, value->data[i], i);
  }
}

static void put_key(Text *text, const char *start, const Path *path) {
  put_text(text, start);
  put(text, path->data, path->size);
  put_text(text, "]\n");
}

static void put_node(Text *text, const RegistryNode *node, Path *path) {
  size_t size = path->size;

  if (node->masked) {
    put(text, "\n", 1);
    put_key(text, "[-HKEY_CLASSES_ROOT", path);
  }
  if ((node->named && size) || node->value_count) {
    put(text, "\n", 1);
    put_key(text, "[HKEY_CLASSES_ROOT", path);
  }
  for (size_t i = 0; i < node->value_count; i++) {
    if (*node->values[i]->name)
      put_quoted(text, node->values[i]->name);
    else
      put(text, "@", 1);
    put(text, "=", 1);
    put_data(text, node->values[i]);
    put(text, "\n", 1);
  }
  for (size_t i = 0; i < node->child_count; i++) {
    const char *name = node->children[i]->name;

    if (size + 1 + strlen(name) > sizeof path->data)
      continue;
    path->data[size] = '\\';
    memcpy(path->data + size + 1, name, strlen(name));
    path->size = size + 1 + strlen(name);
    put_node(text, node->children[i], path);
    path->size = size;
  }
}

HRESULT reg_write(const RegistryNode *tree, char **result, size_t *size) {
  Text text = { NULL, 0, 0, false };
  Path *path = calloc(1, sizeof *path);

  if (!path)
    return E_OUTOFMEMORY;
  put_text(&text, "Windows Registry Editor Version 5.00\n");
  put_node(&text, tree, path);
  free(path);
  if (text.failed) {
    free(text.data);
    return E_OUTOFMEMORY;
  }
  *result = text.data;
  *size = text.size;
  return S_OK;
}
