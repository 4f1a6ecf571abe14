/* idl_shapes.c - declarations of the most common shapes, read in one step: what long IDL files are made of. A node is what the parser
 * makes of the tokens of the declaration; whatever has another shape, or may be wrong, is no match. Each function here is one pattern of
 * lua/oleander/idl/quick.lua, and reads as that does: in order, without going back into a choice. */
#include "bridge/types/idl_shapes.h"

#include <string.h>

enum { NAME_FIRST = 1, NAME_CHAR = 2, OTHER = 4, DIGIT = 8, HEX = 16, SPACE = 32 };

static unsigned char classes[256];

static void make_classes(void) {
  if (classes['a'])
    return;
  for (int c = 0; c < 256; c++) {
    unsigned char bits = 0;
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'), digit = c >= '0' && c <= '9';
    if (letter || c == '_')
      bits |= NAME_FIRST | NAME_CHAR;
    if (digit)
      bits |= NAME_CHAR | DIGIT | HEX;
    if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
      bits |= HEX;
    if (c >= 0x80 || c == '$')
      bits |= OTHER;
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
      bits |= SPACE;
    classes[c] = bits;
  }
}

/* Behind the last character of a text of Lua there is a zero, which belongs to no class. */
static bool is(const char *at, int bits) {
  return classes[(unsigned char)*at] & bits;
}

const char *idl_skip_space(const char *at, const char *end) {
  for (;;) {
    while (is(at, SPACE))
      at++;
    if (*at != '/')
      return at;
    if (at[1] == '*') {
      const char *star = at + 2;
      while ((star = memchr(star, '*', (size_t)(end - star))) && star[1] != '/')
        star++;
      if (!star)
        return at;
      at = star + 2;
    } else if (at[1] == '/') {
      const char *stop = at + 2;
      while (stop < end && *stop != '\r' && *stop != '\n' && *stop != '\\')
        stop++;
      if (stop == end || *stop == '\\')
        return at;
      at = stop + 1;
    } else {
      return at;
    }
  }
}

static const char *space(const IdlReader *reader, const char *at) {
  return idl_skip_space(at, reader->end);
}

/* Pieces that were read. */

static void put(IdlReader *reader, const char *from, const char *to) {
  if (reader->count == reader->room) {
    size_t room = reader->room ? reader->room * 2 : 256;
    IdlPiece *pieces = lua_newuserdatauv(reader->L, room * sizeof *pieces, 0);
    if (reader->count)
      memcpy(pieces, reader->pieces, reader->count * sizeof *pieces);
    lua_replace(reader->L, IDL_BUFFER);
    reader->pieces = pieces;
    reader->room = room;
  }
  reader->pieces[reader->count++] = (IdlPiece){ from, to };
}

static void put_nothing(IdlReader *reader) {
  put(reader, NULL, NULL);
}

/* Patterns: the place behind what they read, or NULL. */

static const char *word(const char *at, const char *literal) {
  size_t length = strlen(literal);
  if (strncmp(at, literal, length) != 0 || is(at + length, NAME_CHAR | OTHER))
    return NULL;
  return at + length;
}

static const char *name(const char *at) {
  if (!is(at, NAME_FIRST))
    return NULL;
  while (is(at, NAME_CHAR))
    at++;
  return is(at, OTHER) ? NULL : at;
}

/* ws sign ws */
static const char *sign(const IdlReader *reader, const char *at, char literal) {
  at = space(reader, at);
  return *at == literal ? space(reader, at + 1) : NULL;
}

static const char *number(const char *at) {
  if (*at == '-')
    at++;
  if (*at == '0' && (at[1] == 'x' || at[1] == 'X') && is(at + 2, HEX)) {
    at += 2;
    while (is(at, HEX))
      at++;
  } else {
    if (!is(at, DIGIT))
      return NULL;
    while (is(at, DIGIT))
      at++;
  }
  return is(at, NAME_CHAR | OTHER) || *at == '.' ? NULL : at;
}

static const char *text(const IdlReader *reader, const char *at) {
  if (*at++ != '"')
    return NULL;
  while (at < reader->end && *at != '"' && *at != '\\' && *at != '\r' && *at != '\n')
    at++;
  return at < reader->end && *at == '"' ? at + 1 : NULL;
}

static const char *base_word(const char *at) {
  static const char *const words[] = { "unsigned", "signed", "long",    "short", "int",   "char",    "hyper",  "double",
                                       "float",    "byte",   "boolean", "void",  "small", "wchar_t", "__int64" };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    const char *stop = *at == *words[i] ? word(at, words[i]) : NULL;
    if (stop)
      return stop;
  }
  return NULL;
}

/* Base words, or a name. */
static const char *base_or_name(const char *at) {
  const char *stop = base_word(at);
  if (!stop)
    return name(at);
  for (;;) {
    const char *next = stop;
    while (is(next, SPACE))
      next++;
    const char *more = next > stop ? base_word(next) : NULL;
    if (!more)
      return stop;
    stop = more;
  }
}

/* The type and the stars; three pieces behind the one that says const. */
static const char *type_and_stars(IdlReader *reader, const char *at) {
  const char *stop = base_or_name(at);
  if (!stop)
    return NULL;
  put(reader, at, stop);
  at = space(reader, stop);
  stop = at;
  while (*stop == '*')
    stop++;
  put(reader, at, stop);
  return space(reader, stop);
}

static const char *specifier(IdlReader *reader, const char *at) {
  const char *behind = word(at, "const");
  if (behind)
    put(reader, at, NULL);
  else
    put_nothing(reader);
  return type_and_stars(reader, behind ? space(reader, behind) : at);
}

/* Plain words in brackets: one piece. */
static const char *plain_attributes(IdlReader *reader, const char *at) {
  const char *begin = at;
  at = space(reader, at + 1);
  for (;;) {
    const char *stop = name(at);
    if (!stop)
      return NULL;
    at = space(reader, stop);
    if (*at != ',')
      break;
    at = space(reader, at + 1);
  }
  if (*at != ']')
    return NULL;
  put(reader, begin, at + 1);
  return at + 1;
}

/* One attribute: its name and its value. */
static const char *valued(IdlReader *reader, const char *at) {
  static const struct {
    const char *name;
    bool number, text;
  } kinds[] = { { "id", true, false },
                { "helpcontext", true, false },
                { "defaultvalue", true, true },
                { "helpstring", false, true },
                { "annotation", false, true } };
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    const char *stop = word(at, kinds[i].name);
    const char *value = stop ? sign(reader, stop, '(') : NULL;
    if (!value)
      continue;
    const char *behind = kinds[i].number ? number(value) : NULL;
    if (!behind && kinds[i].text)
      behind = text(reader, value);
    const char *close = behind ? space(reader, behind) : NULL;
    if (!close || *close != ')')
      continue;
    put(reader, at, stop);
    put(reader, value, behind);
    return close + 1;
  }
  const char *stop = name(at);
  if (!stop)
    return NULL;
  put(reader, at, stop);
  put_nothing(reader);
  return stop;
}

static const char *valued_attributes(IdlReader *reader, const char *at) {
  put(reader, at, NULL);
  at = space(reader, at + 1);
  for (;;) {
    at = valued(reader, at);
    if (!at)
      return NULL;
    at = space(reader, at);
    if (*at != ',')
      break;
    at = space(reader, at + 1);
  }
  if (*at != ']')
    return NULL;
  put_nothing(reader);
  return at + 1;
}

/* Attributes, if there are: a piece of plain ones; a place, names and values, nothing; nothing. */
static const char *given(IdlReader *reader, const char *at) {
  if (*at != '[') {
    put_nothing(reader);
    return at;
  }
  size_t count = reader->count;
  const char *stop = plain_attributes(reader, at);
  if (!stop) {
    reader->count = count;
    stop = valued_attributes(reader, at);
  }
  if (!stop)
    return NULL;
  stop = space(reader, stop);
  return *stop == '[' ? NULL : stop;
}

static const char *parameter(IdlReader *reader, const char *at) {
  at = given(reader, at);
  at = at ? specifier(reader, at) : NULL;
  if (!at)
    return NULL;
  const char *stop = name(at);
  if (stop)
    put(reader, at, stop);
  else
    put_nothing(reader);
  return space(reader, stop ? stop : at);
}

static const char *parameters(IdlReader *reader, const char *at) {
  if (*at == ')')
    return at;
  const char *none = word(at, "void");
  none = none ? space(reader, none) : NULL;
  if (none && *none == ')')
    return none;
  for (;;) {
    at = parameter(reader, at);
    if (!at || *at != ',')
      return at;
    at = space(reader, at + 1);
  }
}

static const char *end_of_statement(const IdlReader *reader, const char *at) {
  at = space(reader, at);
  return *at == ';' ? at + 1 : NULL;
}

static const char *method(IdlReader *reader, const char *at) {
  at = given(reader, at);
  at = at ? specifier(reader, at) : NULL;
  const char *stop = at ? name(at) : NULL;
  if (!stop)
    return NULL;
  put(reader, at, stop);
  at = sign(reader, stop, '(');
  at = at ? parameters(reader, at) : NULL;
  return at && *at == ')' ? end_of_statement(reader, at + 1) : NULL;
}

static const char *constant(IdlReader *reader, const char *at) {
  at = type_and_stars(reader, at);
  const char *stop = at ? name(at) : NULL;
  if (!stop)
    return NULL;
  put(reader, at, stop);
  at = sign(reader, stop, '=');
  stop = at ? number(at) : NULL;
  if (!stop)
    return NULL;
  put(reader, at, stop);
  return end_of_statement(reader, stop);
}

static const char *forward(IdlReader *reader, const char *at) {
  const char *stop = name(at);
  if (!stop)
    return NULL;
  put(reader, at, stop);
  return end_of_statement(reader, stop);
}

/* A text in which quotes and backslashes may stand behind a backslash. */
static const char *quoted(const IdlReader *reader, const char *at) {
  if (*at != '"')
    return NULL;
  for (at++; at < reader->end && *at != '"' && *at != '\r' && *at != '\n'; at++) {
    if (*at == '\\' && *++at != '"' && *at != '\\')
      return NULL;
  }
  return at < reader->end && *at == '"' ? at + 1 : NULL;
}

static const char *quote(IdlReader *reader, const char *at, const char *begin) {
  put(reader, begin, NULL);
  at = sign(reader, at, '(');
  const char *stop = at ? quoted(reader, at) : NULL;
  if (!stop)
    return NULL;
  put(reader, at, stop);
  at = space(reader, stop);
  if (*at != ')')
    return NULL;
  stop = end_of_statement(reader, at + 1);
  return stop ? stop : at + 1;
}

static const char *entries(IdlReader *reader, const char *at) {
  for (;;) {
    const char *stop = name(at);
    if (!stop)
      return NULL;
    put(reader, at, stop);
    at = space(reader, stop);
    if (*at == '=') {
      at = space(reader, at + 1);
      stop = number(at);
      if (!stop)
        return NULL;
      put(reader, at, stop);
      at = space(reader, stop);
    } else {
      put_nothing(reader);
    }
    if (*at != ',')
      return at;
    at = space(reader, at + 1);
    if (!is(at, NAME_FIRST))
      return at;
  }
}

static const char *fields(IdlReader *reader, const char *at) {
  for (;;) {
    at = specifier(reader, at);
    const char *stop = at ? name(at) : NULL;
    if (!stop)
      return NULL;
    put(reader, at, stop);
    at = end_of_statement(reader, stop);
    if (!at)
      return NULL;
    at = space(reader, at);
    if (*at == '}')
      return at;
  }
}

/* Behind `enum` or `struct`, which stands at `begin`: the tag, the body, the name. */
static const char *definition(IdlReader *reader, const char *at, const char *begin,
                              const char *(*body)(IdlReader *, const char *)) {
  put(reader, begin, NULL);
  at = space(reader, at);
  const char *stop = name(at);
  if (stop)
    put(reader, at, stop);
  else
    put_nothing(reader);
  at = sign(reader, stop ? stop : at, '{');
  at = at ? body(reader, at) : NULL;
  if (!at || *at != '}')
    return NULL;
  put_nothing(reader);
  at = space(reader, at + 1);
  stop = name(at);
  if (!stop)
    return NULL;
  put(reader, at, stop);
  return end_of_statement(reader, stop);
}

/* Reads the pieces of a declaration; *build is what makes the node of them. */
static const char *declaration(IdlReader *reader, const char *at, enum IdlContext context, IdlBuild **build) {
  const char *behind;
  if (*at == 'c' && (behind = word(at, "cpp_quote"))) {
    *build = idl_build_quote;
    return quote(reader, behind, at);
  }
  if (context == IDL_MEMBERS) {
    *build = idl_build_method;
    return method(reader, at);
  }
  if (*at == 'c' && (behind = word(at, "const"))) {
    *build = idl_build_constant;
    return constant(reader, space(reader, behind));
  }
  if (*at == 'i' && (behind = word(at, "interface"))) {
    *build = idl_build_forward;
    return forward(reader, space(reader, behind));
  }
  if (*at != 't' || !(behind = word(at, "typedef")))
    return NULL;
  const char *begin = space(reader, behind);
  if ((behind = word(begin, "enum"))) {
    *build = idl_build_enum;
    return definition(reader, behind, begin, entries);
  }
  if ((behind = word(begin, "struct"))) {
    *build = idl_build_record;
    return definition(reader, behind, begin, fields);
  }
  return NULL;
}

const char *idl_shape(IdlReader *reader, const char *at, enum IdlContext context, const char **start) {
  lua_State *L = reader->L;
  make_classes();
  *start = space(reader, at);
  reader->count = 0;
  IdlBuild *build = NULL;
  const char *stop = declaration(reader, *start, context, &build);
  if (!stop)
    return NULL;
  luaL_checkstack(L, 20, "IDL");
  int top = lua_gettop(L);
  IdlBuilder builder = { reader, L, 0 };
  lua_createtable(L, 0, 8);
  if (!build(&builder)) {
    lua_settop(L, top);
    return NULL;
  }
  lua_pushvalue(L, IDL_TOKEN);
  lua_setmetatable(L, -2);
  return stop;
}
