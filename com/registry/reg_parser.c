/* The .reg text format, as the documentation of Registry Editor gives it ("How to add, modify, or delete registry
 * subkeys and values by using a .reg file"): a header line, [keys], "values"=data, and deletions of both. */
#include "com/registry/reg_parser.h"

#include <stdlib.h>
#include <string.h>

#include <oleander_registry.h>

#include "com/caseless.h"
#include "com/unicode.h"

typedef enum KeyState { KEY_NONE, KEY_OPEN, KEY_ELSEWHERE, KEY_DELETED } KeyState;

typedef struct RegParser {
  const char *at;
  const char *end;
  unsigned line;
  bool ansi; /* REGEDIT4: text kinds in hex are bytes, not UTF-16 */
  const RegistrySource *source;
  RegistryNode *tree;
  RegistryNode *key;
  KeyState state;
  size_t entries;
  char *buffer; /* the data of the value being read */
  size_t size, room;
  RegProblem *problem;
} RegParser;

static HRESULT fail(RegParser *parser, const char *text) {
  parser->problem->line = parser->line;
  parser->problem->text = text;
  return E_INVALIDARG;
}

static bool at_end(const RegParser *parser) {
  return parser->at == parser->end;
}

/* The character here; '\n' stands for every kind of line end, and for the end of the text. */
static char peek(const RegParser *parser) {
  if (at_end(parser))
    return '\n';
  if (*parser->at == '\r' && (parser->at + 1 == parser->end || parser->at[1] == '\n'))
    return '\n';
  return *parser->at;
}

static void next_line(RegParser *parser) {
  if (!at_end(parser) && *parser->at == '\r')
    parser->at++;
  if (!at_end(parser) && *parser->at == '\n')
    parser->at++;
  parser->line++;
}

static void skip_blanks(RegParser *parser) {
  while (peek(parser) == ' ' || peek(parser) == '\t')
    parser->at++;
}

static void skip_to_line_end(RegParser *parser) {
  while (peek(parser) != '\n')
    parser->at++;
}

static bool accept(RegParser *parser, const char *word) {
  size_t size = strlen(word);

  if ((size_t)(parser->end - parser->at) < size || caseless_compare_utf8(parser->at, size, word, size) != 0)
    return false;
  parser->at += size;
  return true;
}

/* Only blanks and a comment may follow on this line. */
static HRESULT finish_line(RegParser *parser) {
  skip_blanks(parser);
  if (peek(parser) == ';')
    skip_to_line_end(parser);
  if (peek(parser) != '\n')
    return fail(parser, "unexpected text at the end of the line");
  next_line(parser);
  return S_OK;
}

static HRESULT put_byte(RegParser *parser, char c) {
  if (parser->size == REG_VALUE_LIMIT)
    return fail(parser, "the value is too large");
  if (parser->size == parser->room) {
    size_t room = parser->room ? parser->room * 2 : 256;
    char *bigger = realloc(parser->buffer, room);

    if (!bigger)
      return E_OUTOFMEMORY;
    parser->buffer = bigger;
    parser->room = room;
  }
  parser->buffer[parser->size++] = c;
  return S_OK;
}

/* Reads "..." with its two escapes into the buffer. Text may go over several lines, as exports of such values do. */
static HRESULT read_quoted(RegParser *parser) {
  unsigned first_line = parser->line;
  HRESULT result = S_OK;

  parser->size = 0;
  parser->at++;
  while (SUCCEEDED(result)) {
    char c;

    if (at_end(parser)) {
      parser->line = first_line;
      return fail(parser, "the text in quotes does not end");
    }
    c = *parser->at++;
    if (c == '"')
      return S_OK;
    if (c == '\n')
      parser->line++;
    if (c == '\\') {
      if (at_end(parser) || (*parser->at != '\\' && *parser->at != '"'))
        return fail(parser, "unknown escape in quotes: a backslash is written \\\\");
      c = *parser->at++;
    }
    result = put_byte(parser, c);
  }
  return result;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/* One to `digits` hexadecimal digits. */
static bool read_hex(RegParser *parser, int digits, uint32_t *value) {
  bool any = false;

  *value = 0;
  while (digits-- > 0 && !at_end(parser) && hex_digit(*parser->at) >= 0) {
    *value = *value << 4 | (uint32_t)hex_digit(*parser->at++);
    any = true;
  }
  return any && (at_end(parser) || hex_digit(*parser->at) < 0);
}

/* Blanks, and a backslash that continues the value on the next line. */
static HRESULT skip_continuation(RegParser *parser) {
  skip_blanks(parser);
  while (peek(parser) == '\\') {
    parser->at++;
    skip_blanks(parser);
    if (peek(parser) != '\n' || at_end(parser))
      return fail(parser, "a backslash may only end the line here");
    next_line(parser);
    skip_blanks(parser);
  }
  return S_OK;
}

/* aa,bb,cc with continuation lines; a comma may end the list. */
static HRESULT read_bytes(RegParser *parser) {
  HRESULT result;
  uint32_t number;

  parser->size = 0;
  for (;;) {
    result = skip_continuation(parser);
    if (FAILED(result))
      return result;
    if (peek(parser) == '\n' || peek(parser) == ';')
      return S_OK;
    if (!read_hex(parser, 2, &number))
      return fail(parser, "expected two hexadecimal digits");
    result = put_byte(parser, (char)number);
    if (FAILED(result))
      return result;
    result = skip_continuation(parser);
    if (FAILED(result))
      return result;
    if (peek(parser) == '\n' || peek(parser) == ';')
      return S_OK;
    if (peek(parser) != ',')
      return fail(parser, "expected a comma between bytes");
    parser->at++;
  }
}

/* Cuts the zeros that end a string, or of a list of strings the one that ends the list. */
static size_t text_size(const char *text, size_t size, uint32_t type) {
  const char *zero;

  if (type != REG_MULTI_SZ) {
    zero = memchr(text, 0, size);
    return zero ? (size_t)(zero - text) : size;
  }
  while (size >= 2 && text[size - 1] == 0 && text[size - 2] == 0)
    size--;
  return size == 1 && text[0] == 0 ? 0 : size;
}

/* Cuts what ends the text, and ends the last string of a list that lacks its zero. */
static HRESULT trim_text(RegParser *parser, uint32_t type) {
  parser->size = parser->size ? text_size(parser->buffer, parser->size, type) : 0;
  if (type == REG_MULTI_SZ && parser->size && parser->buffer[parser->size - 1] != 0)
    return put_byte(parser, 0);
  return S_OK;
}

/* Turns UTF-16LE in the buffer into UTF-8. */
static HRESULT narrow_buffer(RegParser *parser) {
  size_t units = parser->size / 2;
  char16_t *wide = malloc((units + 1) * sizeof *wide);
  char *text = malloc(units * 3 + 1);

  if (!wide || !text) {
    free(wide);
    free(text);
    return E_OUTOFMEMORY;
  }
  for (size_t i = 0; i < units; i++)
    wide[i] = (char16_t)((uint8_t)parser->buffer[2 * i] | (uint8_t)parser->buffer[2 * i + 1] << 8);
  parser->size = utf8_from_utf16(wide, units, text);
  free(wide);
  free(parser->buffer);
  parser->buffer = text;
  parser->room = units * 3 + 1;
  return S_OK;
}

/* Turns the bytes of a text kind written in hex into UTF-8, in the buffer. */
static HRESULT bytes_to_text(RegParser *parser, uint32_t type) {
  HRESULT result = S_OK;

  if (!parser->ansi)
    result = narrow_buffer(parser);
  else if (parser->size && utf16_length(parser->buffer, parser->size) == UNICODE_INVALID)
    return fail(parser, "the text is not UTF-8");
  return SUCCEEDED(result) ? trim_text(parser, type) : result;
}

static bool is_text(uint32_t type) {
  return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_LINK || type == REG_MULTI_SZ;
}

/* hex:, hex(n): and what follows; "hex" has been read. */
static HRESULT read_hex_kind(RegParser *parser, uint32_t *type) {
  *type = REG_BINARY;
  if (accept(parser, "(")) {
    if (!read_hex(parser, 8, type) || !accept(parser, ")"))
      return fail(parser, "malformed type in hex(...)");
  }
  if (!accept(parser, ":"))
    return fail(parser, "expected a colon after hex");
  HRESULT result = read_bytes(parser);
  return SUCCEEDED(result) && is_text(*type) ? bytes_to_text(parser, *type) : result;
}

static HRESULT read_dword(RegParser *parser, uint32_t *type) {
  uint32_t number;
  HRESULT result = S_OK;

  *type = REG_DWORD;
  skip_blanks(parser);
  if (!read_hex(parser, 8, &number))
    return fail(parser, "a dword has one to eight hexadecimal digits");
  parser->size = 0;
  for (int i = 0; i < 4 && SUCCEEDED(result); i++)
    result = put_byte(parser, (char)(number >> (8 * i)));
  return result;
}

static HRESULT read_data(RegParser *parser, uint32_t *type) {
  if (peek(parser) == '"') {
    *type = REG_SZ;
    return read_quoted(parser);
  }
  if (accept(parser, "dword:"))
    return read_dword(parser, type);
  if (accept(parser, "hex"))
    return read_hex_kind(parser, type);
  return fail(parser, "unknown kind of value");
}

static HRESULT count_entries(RegParser *parser, size_t more) {
  parser->entries += more;
  return parser->entries > REG_ENTRY_LIMIT ? fail(parser, "the file has too many keys and values") : S_OK;
}

/* What stands behind the equals sign, for the value `name` of the open key. */
static HRESULT parse_assignment(RegParser *parser, const char *name, size_t name_size) {
  RegistryDatum datum = { .source = parser->source, .line = parser->line };
  HRESULT result;

  skip_blanks(parser);
  if (peek(parser) != '=')
    return fail(parser, "expected = after the name");
  parser->at++;
  skip_blanks(parser);
  if (accept(parser, "-")) {
    if (parser->state == KEY_OPEN && FAILED(result = registry_node_mask_value(parser->key, name, name_size)))
      return result;
    return finish_line(parser);
  }
  result = read_data(parser, &datum.type);
  if (FAILED(result))
    return result;
  datum.data = parser->buffer;
  datum.size = parser->size;
  if (parser->state == KEY_OPEN && FAILED(result = registry_node_set(parser->key, name, name_size, &datum)))
    return result;
  return finish_line(parser);
}

static HRESULT parse_value(RegParser *parser) {
  char *name = NULL;
  size_t name_size = 0;
  HRESULT result = count_entries(parser, 1);

  if (FAILED(result))
    return result;
  if (parser->state == KEY_NONE)
    return fail(parser, "a value before the first key");
  if (parser->state == KEY_DELETED)
    return fail(parser, "a value in a key that is being deleted");
  if (!accept(parser, "@")) {
    result = read_quoted(parser);
    if (FAILED(result))
      return result;
    if (parser->size > REGISTRY_VALUE_NAME_LIMIT)
      return fail(parser, "the name of the value is too long");
    if (parser->size && memchr(parser->buffer, '\n', parser->size))
      return fail(parser, "a line break in the name of a value");
    name_size = parser->size;
    name = malloc(name_size + 1);
    if (!name)
      return E_OUTOFMEMORY;
    if (name_size)
      memcpy(name, parser->buffer, name_size);
  }
  result = parse_assignment(parser, name ? name : "", name_size);
  free(name);
  return result;
}

static const char classes[] = "Software\\Classes", machine_settings[] = "Software\\Microsoft\\Ole";
static const struct {
  const char *name;
  RegRoot root;
  bool below;   /* the classes are in its key Software\Classes */
  bool machine; /* and the settings of COM in its key Software\Microsoft\Ole */
} roots[] = {
  { "HKEY_CLASSES_ROOT", REG_ROOT_CLASSES, false, false },
  { "HKEY_CURRENT_USER", REG_ROOT_OTHER, true, false },
  { "HKEY_LOCAL_MACHINE", REG_ROOT_OTHER, true, true },
  { "HKEY_USERS", REG_ROOT_OTHER, false, false },
  { "HKEY_CURRENT_CONFIG", REG_ROOT_OTHER, false, false },
  { "HKCR", REG_ROOT_CLASSES, false, false },
  { "HKCU", REG_ROOT_OTHER, true, false },
  { "HKLM", REG_ROOT_OTHER, true, true },
};

/* Moves behind `name` when the path begins with that key. */
static bool path_accept(const char **path, size_t *size, const char *name) {
  size_t name_size = strlen(name);

  if (*size < name_size || caseless_compare_utf8(*path, name_size, name, name_size) != 0)
    return false;
  if (*size > name_size && (*path)[name_size] != '\\')
    return false;
  name_size += *size > name_size + 1 ? 1 : 0; /* a slash that nothing follows stays, and is an error */
  *path += name_size;
  *size -= name_size;
  return true;
}

/* What COM has of a machine beside its classes lies in the same store, under its own name. */
static bool is_machine_settings(const char *path, size_t size) {
  return path_accept(&path, &size, machine_settings);
}

RegRoot reg_root(const char **path, size_t *size) {
  for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
    if (!path_accept(path, size, roots[i].name))
      continue;
    if (roots[i].machine && is_machine_settings(*path, *size))
      return REG_ROOT_CLASSES;
    return roots[i].below && path_accept(path, size, classes) ? REG_ROOT_CLASSES : roots[i].root;
  }
  return REG_ROOT_UNKNOWN;
}

/* The bracket that closes the key: the first one that ends the line or stands before a comment, since names of keys may
 * hold brackets. */
static const char *find_bracket(const RegParser *parser) {
  RegParser probe = *parser;

  for (; peek(&probe) != '\n'; probe.at++) {
    if (*probe.at == ']') {
      RegParser rest = probe;

      rest.at++;
      skip_blanks(&rest);
      if (peek(&rest) == '\n' || peek(&rest) == ';')
        return probe.at;
    }
  }
  return NULL;
}

static HRESULT open_key(RegParser *parser, const char *path, size_t size, bool delete) {
  RegRoot root = reg_root(&path, &size);

  parser->key = NULL;
  parser->state = delete ? KEY_DELETED : KEY_ELSEWHERE;
  if (root == REG_ROOT_UNKNOWN)
    return fail(parser, "the key does not begin with a known root, as in HKEY_CLASSES_ROOT");
  if (!registry_path_valid(path, size))
    return fail(parser, "malformed name of a key");
  if (root == REG_ROOT_OTHER)
    return S_OK;
  if (delete)
    return size ? registry_tree_mask_key(parser->tree, path, size) : fail(parser, "a root key cannot be deleted");
  parser->key = registry_tree_make(parser->tree, path, size);
  parser->state = KEY_OPEN;
  return parser->key ? S_OK : E_OUTOFMEMORY;
}

static HRESULT parse_key(RegParser *parser) {
  const char *c;
  size_t names = 1;

  parser->at++;
  bool delete = accept(parser, "-");
  const char *start = parser->at;
  const char *bracket = find_bracket(parser);
  if (!bracket)
    return fail(parser, "the key has no closing bracket");
  for (c = start; c < bracket; c++)
    names += *c == '\\';
  HRESULT result = count_entries(parser, names);
  if (SUCCEEDED(result))
    result = open_key(parser, start, (size_t)(bracket - start), delete);
  if (FAILED(result))
    return result;
  parser->at = bracket + 1;
  return finish_line(parser);
}

static HRESULT parse_header(RegParser *parser) {
  parser->ansi = accept(parser, "REGEDIT4");
  if (!parser->ansi && !accept(parser, "Windows Registry Editor Version 5.00"))
    return fail(parser, "the first line must be \"Windows Registry Editor Version 5.00\" or \"REGEDIT4\"");
  return finish_line(parser);
}

static HRESULT parse_text(RegParser *parser) {
  HRESULT result = parse_header(parser);

  while (SUCCEEDED(result) && !at_end(parser)) {
    skip_blanks(parser);
    switch (peek(parser)) {
    case '\n':
    case ';':
      result = finish_line(parser);
      break;
    case '[':
      result = parse_key(parser);
      break;
    case '@':
    case '"':
      result = parse_value(parser);
      break;
    default:
      result = fail(parser, "neither a key nor a value nor a comment");
    }
  }
  return result;
}

/* The line of the first byte that is not UTF-8, or is a zero. */
static unsigned bad_line(const char *text, size_t size) {
  unsigned line = 1;
  const char *start = text;
  const char *end = text + size;

  while (start < end) {
    const char *stop = memchr(start, '\n', (size_t)(end - start));
    size_t length = stop ? (size_t)(stop - start) : (size_t)(end - start);

    if (utf16_length(start, length) == UNICODE_INVALID || memchr(start, 0, length))
      break;
    start += length + 1;
    line++;
  }
  return line;
}

/* Makes UTF-8 from the bytes of a UTF-16LE file behind its mark. */
static HRESULT narrow(const uint8_t *bytes, size_t size, char **text, size_t *text_bytes) {
  size_t units = size / 2;
  char16_t *wide = malloc((units + 1) * sizeof *wide);

  *text = NULL;
  if (!wide)
    return E_OUTOFMEMORY;
  for (size_t i = 0; i < units; i++)
    wide[i] = (char16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8);
  *text_bytes = utf8_length(wide, units);
  *text = malloc(*text_bytes + 1);
  if (*text)
    utf8_from_utf16(wide, units, *text);
  free(wide);
  return *text ? S_OK : E_OUTOFMEMORY;
}

HRESULT reg_parse(const void *bytes, size_t size, const RegistrySource *source, RegistryNode *tree,
                  RegProblem *problem) {
  RegParser parser = { .line = 1, .source = source, .tree = tree, .problem = problem };
  const char *text = bytes;
  char *narrowed = NULL;
  HRESULT result = S_OK;

  problem->line = 0;
  problem->text = NULL;
  parser.line = 0;
  if (size > REG_FILE_LIMIT)
    return fail(&parser, "the file is too large");
  if (size >= 2 && memcmp(text, "\xFE\xFF", 2) == 0)
    return fail(&parser, "big-endian UTF-16 is not read; use UTF-8 or UTF-16LE");
  if (size >= 2 && memcmp(text, "\xFF\xFE", 2) == 0) {
    if (size % 2)
      return fail(&parser, "UTF-16 with an odd number of bytes");
    result = narrow((const uint8_t *)text + 2, size - 2, &narrowed, &size);
    if (FAILED(result))
      return result;
    text = narrowed;
  } else if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
    text += 3;
    size -= 3;
  }
  if (size && (utf16_length(text, size) == UNICODE_INVALID || memchr(text, 0, size))) {
    parser.line = bad_line(text, size);
    result = fail(&parser, "the text is not UTF-8");
  } else {
    parser.line = 1;
    parser.at = size ? text : "";
    parser.end = parser.at + size;
    result = parse_text(&parser);
  }
  free(parser.buffer);
  free(narrowed);
  return result;
}
