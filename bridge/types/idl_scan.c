/* idl_scan.c - cuts IDL text into tokens: names and signs as they are, numbers, strings and characters as written, a GUID as one token,
 * a directive of the preprocessor with its whole line; declarations of common shapes come as one node (idl_shapes.c). The grammar of
 * tokens in LPeg is lua/oleander/idl/lexical.lua, and each function here is one of its patterns. */
#include "bridge/types/idl_scan.h"

#include <string.h>

/* More tokens than any IDL has: the memory that hostile input can take. */
#define TOKEN_LIMIT 3000000

/* Braces in braces; deeper ones hold no shapes. */
#define DEPTH_LIMIT 64

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '$';
}

/* NUL and Ctrl-Z stand at the end of files from elsewhere. */
static bool is_skipped(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0' || c == '\x1A';
}

/* Patterns: the place behind what they read at `at`, or NULL. */

static const char *newline(const char *at, const char *end) {
  if (at < end && *at == '\r')
    at++;
  return at < end && *at == '\n' ? at + 1 : NULL;
}

static const char *continuation(const char *at, const char *end) {
  return at < end && *at == '\\' ? newline(at + 1, end) : NULL;
}

static const char *block_comment(const char *at, const char *end) {
  if (end - at < 4 || at[0] != '/' || at[1] != '*')
    return NULL;
  for (at += 2; (at = memchr(at, '*', (size_t)(end - at))); at++)
    if (at + 1 < end && at[1] == '/')
      return at + 2;
  return NULL;
}

static const char *line_comment(const char *at, const char *end) {
  if (end - at < 2 || at[0] != '/' || at[1] != '/')
    return NULL;
  at += 2;
  while (at < end) {
    const char *next = continuation(at, end);
    if (!next && (*at == '\r' || *at == '\n'))
      break;
    at = next ? next : at + 1;
  }
  return at;
}

static const char *guid(const char *at, const char *end) {
  static const unsigned char groups[] = { 8, 4, 4, 4, 12 };
  if (end - at < 36)
    return NULL;
  for (int i = 0; i < 5; i++) {
    if (i > 0 && *at++ != '-')
      return NULL;
    for (int j = 0; j < groups[i]; j++)
      if (!is_hex(*at++))
        return NULL;
  }
  return at < end && (is_letter(*at) || is_digit(*at)) ? NULL : at;
}

static const char *digits(const char *at, const char *end) {
  while (at < end && is_digit(*at))
    at++;
  return at;
}

static const char *exponent(const char *at, const char *end) {
  if (at == end || (*at != 'e' && *at != 'E'))
    return NULL;
  at++;
  if (at < end && (*at == '+' || *at == '-'))
    at++;
  return at < end && is_digit(*at) ? digits(at, end) : NULL;
}

static const char *float_suffix(const char *at, const char *end) {
  return at < end && *at && strchr("fFlL", *at) ? at + 1 : at;
}

static const char *letters_and_digits(const char *at, const char *end) {
  while (at < end && (is_letter(*at) || is_digit(*at)))
    at++;
  return at;
}

/* With a point or an exponent; `at` is behind the digits before it. */
static const char *fraction(const char *at, const char *end) {
  const char *behind = exponent(digits(at, end), end);
  return float_suffix(behind ? behind : digits(at, end), end);
}

static const char *number(const char *at, const char *end) {
  if (end - at > 2 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X') && is_hex(at[2]))
    return letters_and_digits(at + 2, end);
  const char *behind = digits(at, end);
  if (behind == at)
    return end - at > 1 && at[0] == '.' && is_digit(at[1]) ? fraction(at + 1, end) : NULL;
  if (behind < end && *behind == '.' && !(behind + 1 < end && behind[1] == '.'))
    return fraction(behind + 1, end);
  if (exponent(behind, end))
    return float_suffix(exponent(behind, end), end);
  return letters_and_digits(behind, end);
}

/* What is not closed reaches to the end of the line; the parser says so. */
static const char *quoted(const char *at, const char *end) {
  if (*at == 'L')
    at++;
  char mark = *at++;
  while (at < end && *at != mark && *at != '\r' && *at != '\n') {
    if (*at != '\\') {
      at++;
      continue;
    }
    const char *next = continuation(at, end);
    if (!next && at + 1 < end && at[1] != '\r' && at[1] != '\n')
      next = at + 2;
    if (!next)
      return at;
    at = next;
  }
  return at < end && *at == mark ? at + 1 : at;
}

/* A text in a directive, which the line ends in any case. */
static const char *quoted_in_directive(const char *at, const char *end) {
  at++;
  while (at < end && *at != '"' && *at != '\r' && *at != '\n') {
    if (*at != '\\')
      at++;
    else if (at + 1 < end && at[1] != '\r' && at[1] != '\n')
      at += 2;
    else
      break;
  }
  return at < end && *at == '"' ? at + 1 : at;
}

static const char *directive(const char *at, const char *end) {
  at++;
  while (at < end) {
    const char *next = continuation(at, end);
    if (!next)
      next = block_comment(at, end);
    if (!next && *at == '"')
      next = quoted_in_directive(at, end);
    if (!next && (*at == '\r' || *at == '\n'))
      break;
    at = next ? next : at + 1;
  }
  return at;
}

static const char *sign_end(const char *at, const char *end) {
  if (end - at >= 3 && memcmp(at, "...", 3) == 0)
    return at + 3;
  static const char *const pairs[] = { "##", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "::", "->" };
  for (size_t i = 0; end - at >= 2 && i < sizeof pairs / sizeof *pairs; i++)
    if (at[0] == pairs[i][0] && at[1] == pairs[i][1])
      return at + 2;
  return at + 1;
}

/* The scan. */

typedef struct Scan {
  IdlReader reader;
  bool in_line; /* the rest of a directive: # and ## are signs */
  bool shapes;
  lua_Integer count, directives;
  IdlPiece recent[5]; /* the last tokens, the newest first; a node has no text */
  enum IdlContext context, contexts[DEPTH_LIMIT];
  size_t depth;
  bool too_many;
} Scan;

enum { TOKENS = IDL_LAST + 1, OFFSETS, DIRECTIVES };

static void note(Scan *scan, const char *from, const char *to, const char *place) {
  lua_State *L = scan->reader.L; /* the token is on the top */
  scan->count++;
  lua_rawseti(L, TOKENS, scan->count);
  lua_pushinteger(L, scan->reader.base + (place - scan->reader.text) + 1);
  lua_rawseti(L, OFFSETS, scan->count);
  memmove(scan->recent + 1, scan->recent, sizeof scan->recent - sizeof *scan->recent);
  scan->recent[0] = (IdlPiece){ from, to };
}

static void add(Scan *scan, const char *from, const char *to) {
  lua_pushlstring(scan->reader.L, from, (size_t)(to - from));
  note(scan, from, to, from);
}

static bool was(const Scan *scan, int back, const char *word) {
  IdlPiece piece = scan->recent[back];
  size_t length = strlen(word);
  return piece.from && (size_t)(piece.to - piece.from) == length && memcmp(piece.from, word, length) == 0;
}

/* What may stand between the braces that begin at the last token; nothing of use in records, enums and all else. */
static enum IdlContext context_of(const Scan *scan) {
  if (was(scan, 2, "library"))
    return IDL_DECLARATIONS;
  if (was(scan, 2, "interface") || was(scan, 2, "dispinterface") || was(scan, 2, "module"))
    return IDL_MEMBERS;
  return was(scan, 2, ":") && (was(scan, 4, "interface") || was(scan, 4, "dispinterface")) ? IDL_MEMBERS : IDL_OTHER;
}

/* Behind a sign that ends a declaration: takes those that follow and have a common shape. Gives the place behind them. */
static const char *take_shapes(Scan *scan, const char *at) {
  lua_State *L = scan->reader.L;
  while (scan->context != IDL_OTHER) {
    const char *start, *stop = idl_shape(&scan->reader, at, scan->context, &start);
    if (!stop)
      break;
    lua_pushinteger(L, stop - scan->reader.text + 1);
    lua_setfield(L, -2, "stop");
    note(scan, NULL, NULL, start);
    at = stop;
  }
  return at;
}

/* Which signs end a declaration, or begin those in braces: then others may follow. */
static const char *take_after(Scan *scan, char sign, const char *at) {
  if (!scan->shapes || (sign != ';' && sign != '{' && sign != '}'))
    return at;
  if (sign == '{') {
    if (scan->depth < DEPTH_LIMIT)
      scan->contexts[scan->depth] = scan->context;
    scan->depth++;
    scan->context = scan->depth <= DEPTH_LIMIT ? context_of(scan) : IDL_OTHER;
  } else if (sign == '}' && scan->depth > 0) {
    scan->depth--;
    scan->context = scan->depth < DEPTH_LIMIT ? scan->contexts[scan->depth] : IDL_OTHER;
  }
  return take_shapes(scan, at);
}

/* A name, or what begins as one: a number, a GUID, a wide text. */
static const char *read_word(Scan *scan, const char *at) {
  const char *end = scan->reader.end, *stop = at, *other = NULL;
  while (stop < end && is_word(*stop))
    stop++;
  char sign = stop < end ? *stop : '\0';
  if (sign == '-' && stop - at == 8)
    other = guid(at, end);
  else if ((sign == '"' || sign == '\'') && stop - at == 1 && *at == 'L')
    other = quoted(at, end);
  if (!other && is_digit(*at) && (sign == '.' || sign == '+' || sign == '-'))
    other = number(at, end);
  if (other)
    stop = other;
  add(scan, at, stop);
  return stop;
}

static const char *read_sign(Scan *scan, const char *at) {
  const char *end = scan->reader.end, *stop;
  switch (*at) {
  case '"':
  case '\'':
    stop = quoted(at, end);
    break;
  case '/':
  case '\\':
    stop = block_comment(at, end);
    if (!stop)
      stop = line_comment(at, end);
    if (!stop)
      stop = continuation(at, end);
    if (stop)
      return stop;
    stop = end - at > 1 && at[0] == '/' && at[1] == '*' ? end : at + 1;
    break;
  case '#':
    stop = scan->in_line ? sign_end(at, end) : directive(at, end);
    break;
  case '.':
    stop = number(at, end);
    if (!stop)
      stop = sign_end(at, end);
    break;
  default:
    stop = sign_end(at, end);
  }
  add(scan, at, stop);
  if (*at == '#' && !scan->in_line) {
    lua_pushinteger(scan->reader.L, scan->count);
    lua_rawseti(scan->reader.L, DIRECTIVES, ++scan->directives);
  }
  return take_after(scan, *at, stop);
}

/* scan(text, places or nil, in_line): the tokens, their offsets (with `places` added), their number, the indexes of directives, whether there are too many.
 * With `places` declarations come as nodes. */
static int scan_text(lua_State *L) {
  size_t length;
  const char *text = luaL_checklstring(L, 1, &length);
  Scan scan = { .shapes = lua_isinteger(L, 2), .in_line = lua_toboolean(L, 3), .context = IDL_DECLARATIONS };
  scan.reader = (IdlReader){ .L = L, .text = text, .end = text + length, .base = lua_tointeger(L, 2) };
  lua_settop(L, 3);
  luaL_checkstack(L, 40, "IDL");
  for (int i = IDL_NONE; i < IDL_BUFFER; i++)
    lua_pushvalue(L, lua_upvalueindex(i - IDL_NONE + 1));
  lua_pushnil(L); /* IDL_BUFFER */
  lua_newtable(L);
  lua_newtable(L);
  lua_newtable(L);
  const char *at = scan.shapes ? take_shapes(&scan, text) : text;
  while (at < scan.reader.end) {
    if (is_word(*at))
      at = read_word(&scan, at);
    else if (is_skipped(*at))
      at++;
    else
      at = read_sign(&scan, at);
    if (scan.count > TOKEN_LIMIT) {
      scan.too_many = true;
      break;
    }
  }
  lua_pushvalue(L, TOKENS);
  lua_pushvalue(L, OFFSETS);
  lua_pushinteger(L, scan.count);
  lua_pushvalue(L, DIRECTIVES);
  if (scan.too_many)
    lua_pushboolean(L, true);
  else
    lua_pushnil(L);
  return 5;
}

/* idl_mentions(text, from, to, set): the offsets, in order, at which words of [from, to) begin that the set has as keys; nil when there
 * are none. */
static int core_idl_mentions(lua_State *L) {
  size_t length;
  const char *text = luaL_checklstring(L, 1, &length);
  lua_Integer from = luaL_checkinteger(L, 2), to = luaL_checkinteger(L, 3);
  luaL_checktype(L, 4, LUA_TTABLE);
  luaL_argcheck(L, from >= 1 && from <= (lua_Integer)length + 1, 2, "no offset in the text");
  luaL_argcheck(L, to >= from && to <= (lua_Integer)length + 1, 3, "no offset in the text");
  lua_settop(L, 4);
  /* Most words differ from all names in their length or their last character. */
  uint64_t lengths = 0;
  bool last[256] = { false };
  for (lua_pushnil(L); lua_next(L, 4); lua_pop(L, 1)) {
    size_t size = 0;
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &size) : NULL;
    if (size > 0) {
      lengths |= (uint64_t)1 << (size < 63 ? size : 63);
      last[(unsigned char)name[size - 1]] = true;
    }
  }
  if (lengths == 0)
    return 0;
  lua_pushnil(L); /* the list */
  lua_Integer count = 0;
  const char *end = text + to - 1;
  for (const char *at = text + from - 1; at < end;) {
    const char *word = at;
    while (at < end && is_word(*at))
      at++;
    size_t size = (size_t)(at - word);
    if (size > 0 && (lengths >> (size < 63 ? size : 63) & 1) && last[(unsigned char)at[-1]]) {
      lua_pushlstring(L, word, size);
      bool found = lua_rawget(L, 4) != LUA_TNIL;
      lua_pop(L, 1);
      if (found && count == 0) {
        lua_newtable(L);
        lua_replace(L, 5);
      }
      if (found) {
        lua_pushinteger(L, word - text + 1);
        lua_rawseti(L, 5, ++count);
      }
    }
    if (size == 0)
      at++;
  }
  return 1;
}

/* idl_scanner(language): the function scan_text with what the grammar knows (enum IdlLanguage). */
static int core_idl_scanner(lua_State *L) {
  static const char *const names[] = { "none",      "token",   "special", "takes", "base_types",
                                       "base_type", "no_type", "lists",   "list",  "number" };
  luaL_checktype(L, 1, LUA_TTABLE);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    lua_getfield(L, 1, names[i]);
  lua_pushcclosure(L, scan_text, (int)(sizeof names / sizeof *names));
  return 1;
}

const luaL_Reg core_idl_functions[] = { { "idl_scanner", core_idl_scanner },
                                        { "idl_mentions", core_idl_mentions },
                                        { NULL, NULL } };
