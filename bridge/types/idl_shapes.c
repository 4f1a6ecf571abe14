/* idl_shapes.c - declarations of the most common shapes, read in one step: what long IDL files are made of. A node is what the parser
 * makes of the tokens of the declaration; whatever has another shape, or may be wrong, is no match. Each function here is one pattern of
 * lua/oleander/idl/quick.lua, and reads as that does: in order, without going back into a choice. */
#include "bridge/types/idl_scan.h"

#include <string.h>

/* Longer lists are for the parser to refuse. */
#define LIST_LIMIT 1000

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

static const char *quote(IdlReader *reader, const char *at, const char *begin) {
  put(reader, begin, NULL);
  at = sign(reader, at, '(');
  const char *stop = at ? text(reader, at) : NULL;
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

/* Nodes. Each function takes pieces from `next` on and leaves one value on the stack; false means that nothing is left there, and that
 * the declaration is for the parser. */

typedef struct Builder {
  IdlReader *reader;
  lua_State *L;
  size_t next;
} Builder;

static IdlPiece take(Builder *builder) {
  return builder->reader->pieces[builder->next++];
}

static void push_piece(Builder *builder, IdlPiece piece) {
  lua_pushlstring(builder->L, piece.from, (size_t)(piece.to - piece.from));
}

static void set_place(Builder *builder, const char *at) {
  lua_pushinteger(builder->L, builder->reader->base + (at - builder->reader->text) + 1);
  lua_setfield(builder->L, -2, "place");
}

static void set_piece(Builder *builder, const char *key, IdlPiece piece) {
  push_piece(builder, piece);
  lua_setfield(builder->L, -2, key);
}

static void set_text(lua_State *L, const char *key, const char *value) {
  lua_pushstring(L, value);
  lua_setfield(L, -2, key);
}

static void set_copy(lua_State *L, const char *key, int index) {
  lua_pushvalue(L, index);
  lua_setfield(L, -2, key);
}

/* The value of a table under the string on the top, or what the function makes of it and keeps there; takes the place of the string. */
static void look_up(lua_State *L, int table, int make) {
  lua_pushvalue(L, -1);
  if (lua_rawget(L, table) != LUA_TNIL) {
    lua_remove(L, -2);
    return;
  }
  lua_pop(L, 1);
  lua_pushvalue(L, make);
  lua_insert(L, -2);
  lua_call(L, 1, 1);
}

/* Whether a name means more than itself. */
static bool is_special(Builder *builder, IdlPiece piece) {
  push_piece(builder, piece);
  bool special = lua_rawget(builder->L, IDL_SPECIAL) != LUA_TNIL;
  lua_pop(builder->L, 1);
  return special;
}

static bool push_type(Builder *builder, bool is_const) {
  lua_State *L = builder->L;
  IdlPiece specified = take(builder), stars = take(builder);
  push_piece(builder, specified);
  look_up(L, IDL_BASE_TYPES, IDL_BASE_TYPE);
  if (lua_rawequal(L, -1, IDL_NO_TYPE)) {
    lua_pop(L, 1);
    return false;
  }
  if (!lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    push_piece(builder, specified);
    lua_pushvalue(L, -1);
    lua_rawget(L, IDL_SPECIAL);
    bool special = lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (special) {
      lua_pop(L, 1);
      return false;
    }
    lua_createtable(L, 0, 3);
    set_text(L, "k", "name");
    lua_insert(L, -2);
    lua_setfield(L, -2, "name");
    set_place(builder, specified.from);
  }
  if (is_const) {
    lua_createtable(L, 0, 2);
    set_text(L, "k", "const");
    lua_insert(L, -2);
    lua_setfield(L, -2, "of");
  }
  for (const char *star = stars.from; star < stars.to; star++) {
    lua_createtable(L, 0, 2);
    set_text(L, "k", "pointer");
    lua_insert(L, -2);
    lua_setfield(L, -2, "to");
  }
  return true;
}

static bool push_specifier(Builder *builder) {
  return push_type(builder, take(builder).from != NULL);
}

/* Plain numbers; all others are for the function in Lua. */
static bool plain_number(IdlPiece piece, lua_Integer *value) {
  size_t length = (size_t)(piece.to - piece.from);
  const char *at = piece.from;
  uint64_t sum = 0;
  if (length > 2 && at[0] == '0') {
    if (at[1] != 'x' && at[1] != 'X')
      return false;
    if (length > 18)
      return false;
    for (at += 2; at < piece.to; at++) {
      int c = (unsigned char)*at | 32;
      sum = sum << 4 | (uint64_t)(c >= 'a' ? c - 'a' + 10 : c - '0');
    }
  } else {
    if (length > 18 || (length > 1 && at[0] == '0'))
      return false;
    for (; at < piece.to; at++)
      sum = sum * 10 + (uint64_t)(*at - '0');
  }
  *value = (lua_Integer)sum;
  return true;
}

/* The tree of a number without its minus. */
static bool push_number(Builder *builder, IdlPiece digits, const char *place) {
  lua_State *L = builder->L;
  lua_Integer value;
  if (plain_number(digits, &value)) {
    lua_pushinteger(L, value);
    lua_pushliteral(L, "");
  } else {
    lua_pushvalue(L, IDL_NUMBER);
    push_piece(builder, digits);
    lua_call(L, 1, 2);
    if (lua_isnil(L, -2)) {
      lua_pop(L, 2);
      return false;
    }
  }
  lua_createtable(L, 0, 5);
  set_text(L, "k", "number");
  lua_insert(L, -3);
  lua_setfield(L, -3, "suffix");
  lua_setfield(L, -2, "value");
  set_piece(builder, "text", digits);
  set_place(builder, place);
  return true;
}

static bool push_value(Builder *builder, IdlPiece piece) {
  lua_State *L = builder->L;
  if (*piece.from == '"') {
    lua_createtable(L, 0, 4);
    set_text(L, "k", "text");
    set_piece(builder, "value", (IdlPiece){ piece.from + 1, piece.to - 1 });
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "wide");
    set_place(builder, piece.from);
    return true;
  }
  bool negative = *piece.from == '-';
  if (!push_number(builder, (IdlPiece){ piece.from + negative, piece.to }, piece.from))
    return false;
  if (!negative)
    return true;
  lua_createtable(L, 0, 4);
  set_text(L, "k", "unary");
  set_text(L, "sign", "-");
  lua_insert(L, -2);
  lua_setfield(L, -2, "operand");
  set_place(builder, piece.from);
  return true;
}

/* What an attribute is without a value. */
static bool takes_nothing(lua_State *L) {
  lua_pushvalue(L, -1);
  lua_rawget(L, IDL_TAKES);
  const char *kind = lua_tostring(L, -1);
  bool none = kind && strcmp(kind, "none") == 0;
  lua_pop(L, 1);
  return none && strcmp(lua_tostring(L, -1), "inout") != 0;
}

/* The attributes in a list, set in the table on the top. */
static bool set_attributes(Builder *builder) {
  lua_State *L = builder->L;
  for (IdlPiece piece = take(builder); piece.from; piece = take(builder)) {
    IdlPiece value = take(builder);
    push_piece(builder, piece);
    lua_createtable(L, 0, value.from ? 2 : 1);
    set_place(builder, piece.from);
    bool good = true;
    if (!value.from) {
      lua_pushvalue(L, -2);
      good = takes_nothing(L);
      lua_pop(L, 1);
    } else if (*value.from == '"' && *piece.from != 'd') { /* not defaultvalue, which is an expression */
      set_piece(builder, "value", (IdlPiece){ value.from + 1, value.to - 1 });
    } else {
      good = push_value(builder, value);
      if (good)
        lua_setfield(L, -2, "tree");
    }
    if (!good) {
      lua_pop(L, 2);
      return false;
    }
    lua_rawset(L, -3);
  }
  return true;
}

static bool push_attributes(Builder *builder) {
  lua_State *L = builder->L;
  IdlPiece piece = take(builder);
  if (!piece.from) {
    lua_pushvalue(L, IDL_NONE);
    return true;
  }
  if (piece.to) {
    push_piece(builder, piece);
    look_up(L, IDL_LISTS, IDL_LIST);
    bool good = lua_toboolean(L, -1);
    if (!good)
      lua_pop(L, 1);
    return good;
  }
  lua_createtable(L, 0, 4);
  set_place(builder, piece.from);
  if (set_attributes(builder))
    return true;
  lua_pop(L, 1);
  return false;
}

/* One entry of a list of parameters, on the top. */
static bool push_parameter(Builder *builder) {
  lua_State *L = builder->L;
  lua_createtable(L, 0, 4);
  if (push_attributes(builder)) {
    lua_setfield(L, -2, "attributes");
    const char *type_place = builder->reader->pieces[builder->next + 1].from;
    if (push_specifier(builder)) {
      lua_setfield(L, -2, "type");
      IdlPiece spelled = take(builder);
      if (spelled.from)
        set_piece(builder, "name", spelled);
      set_place(builder, spelled.from ? spelled.from : type_place);
      if (!spelled.from || !is_special(builder, spelled))
        return true;
    }
  }
  lua_pop(L, 1);
  return false;
}

/* The name of a node that was read; false for one that is special. */
static bool set_name(Builder *builder, IdlPiece piece) {
  set_piece(builder, "name", piece);
  set_place(builder, piece.from);
  return !is_special(builder, piece);
}

static bool set_parameters(Builder *builder) {
  lua_State *L = builder->L;
  lua_Integer count = 0;
  lua_newtable(L);
  while (builder->next < builder->reader->count) {
    if (++count > LIST_LIMIT || !push_parameter(builder)) {
      lua_pop(L, 1);
      return false;
    }
    lua_rawseti(L, -2, count);
  }
  lua_setfield(L, -2, "parameters");
  return true;
}

/* The builders fill the table on the top. */

static bool build_method(Builder *builder) {
  lua_State *L = builder->L;
  set_text(L, "k", "method");
  if (!push_attributes(builder))
    return false;
  lua_setfield(L, -2, "attributes");
  lua_createtable(L, 0, 3);
  set_text(L, "k", "function");
  bool good = push_specifier(builder);
  if (good)
    lua_setfield(L, -2, "result");
  IdlPiece spelled = good ? take(builder) : (IdlPiece){ NULL, NULL };
  good = good && set_parameters(builder);
  lua_setfield(L, -2, "type");
  return good && set_name(builder, spelled);
}

static bool build_constant(Builder *builder) {
  lua_State *L = builder->L;
  set_text(L, "k", "const");
  set_copy(L, "attributes", IDL_NONE);
  if (!push_type(builder, true))
    return false;
  lua_setfield(L, -2, "type");
  IdlPiece spelled = take(builder);
  if (!push_value(builder, take(builder)))
    return false;
  lua_setfield(L, -2, "tree");
  return set_name(builder, spelled);
}

static bool build_forward(Builder *builder) {
  lua_State *L = builder->L;
  set_text(L, "k", "interface");
  set_copy(L, "attributes", IDL_NONE);
  lua_pushboolean(L, true);
  lua_setfield(L, -2, "forward");
  return set_name(builder, take(builder));
}

static bool build_quote(Builder *builder) {
  set_text(builder->L, "k", "quote");
  set_place(builder, take(builder).from);
  IdlPiece value = take(builder);
  set_piece(builder, "text", (IdlPiece){ value.from + 1, value.to - 1 });
  return true;
}

/* Begins the table of an enum or a record on the top; gives the place of its word. */
static const char *begin_kind(Builder *builder, const char *k, const char *spelled_word) {
  lua_State *L = builder->L;
  const char *begin = take(builder).from;
  IdlPiece tag = take(builder);
  lua_createtable(L, 0, 8);
  set_text(L, "k", k);
  set_text(L, "word", spelled_word);
  if (tag.from)
    set_piece(builder, "tag", tag);
  set_place(builder, tag.from ? tag.from : begin);
  return begin;
}

/* A typedef of one name: the type on the top becomes that of the statement below it. */
static bool build_typedef(Builder *builder, const char *begin) {
  lua_State *L = builder->L; /* statement, type */
  IdlPiece spelled = take(builder);
  lua_createtable(L, 0, 7); /* statement, type, typedef */
  set_text(L, "k", "typedef");
  bool good = set_name(builder, spelled);
  lua_pushvalue(L, -2);
  lua_setfield(L, -2, "type");
  set_copy(L, "attributes", IDL_NONE);
  lua_pushboolean(L, true);
  lua_setfield(L, -2, "first");
  lua_pushvalue(L, -3);
  lua_setfield(L, -2, "statement");
  lua_rawseti(L, -3, 1);
  lua_setfield(L, -2, "type");
  set_text(L, "k", "typedefs");
  set_place(builder, begin);
  set_copy(L, "attributes", IDL_NONE);
  return good;
}

static bool push_constant(Builder *builder, lua_Integer index) {
  lua_State *L = builder->L; /* type, constants, the one before or nil */
  IdlPiece spelled = take(builder), value = take(builder);
  lua_createtable(L, 0, 9);
  set_text(L, "k", "constant");
  set_copy(L, "attributes", IDL_NONE);
  set_copy(L, "enum", -4);
  if (index > 0)
    set_copy(L, "before", -2);
  lua_pushinteger(L, index);
  lua_setfield(L, -2, "index");
  bool good = set_name(builder, spelled);
  if (good && value.from) {
    good = push_value(builder, value);
    if (good)
      lua_setfield(L, -2, "tree");
  }
  return good;
}

static bool build_enum(Builder *builder) {
  lua_State *L = builder->L;
  const char *begin = begin_kind(builder, "enum", "enum");
  lua_newtable(L);
  lua_pushnil(L);
  bool good = true;
  for (lua_Integer i = 0; good && builder->reader->pieces[builder->next].from; i++) {
    good = push_constant(builder, i);
    if (good) {
      lua_pushvalue(L, -1);
      lua_rawseti(L, -4, i + 1);
    }
    lua_remove(L, -2);
  }
  lua_pop(L, 1);
  lua_setfield(L, -2, "constants");
  builder->next++;
  if (good)
    return build_typedef(builder, begin);
  lua_pop(L, 1);
  return false;
}

static bool push_field(Builder *builder) {
  lua_State *L = builder->L;
  lua_createtable(L, 0, 4);
  set_copy(L, "attributes", IDL_NONE);
  if (push_specifier(builder)) {
    lua_setfield(L, -2, "type");
    if (set_name(builder, take(builder)))
      return true;
  }
  lua_pop(L, 1);
  return false;
}

static bool build_record(Builder *builder) {
  lua_State *L = builder->L;
  const char *begin = begin_kind(builder, "record", "struct");
  lua_newtable(L);
  bool good = true;
  lua_Integer count = 0;
  /* A field begins with a piece that may be nothing, so the end of the list is known by the number of pieces. */
  while (good && builder->next + 2 < builder->reader->count) {
    good = ++count <= LIST_LIMIT && push_field(builder);
    if (good)
      lua_rawseti(L, -2, count);
  }
  lua_setfield(L, -2, "fields");
  builder->next++;
  if (good)
    return build_typedef(builder, begin);
  lua_pop(L, 1);
  return false;
}

typedef bool Build(Builder *builder);

/* Reads the pieces of a declaration; *build is what makes the node of them. */
static const char *declaration(IdlReader *reader, const char *at, enum IdlContext context, Build **build) {
  const char *behind;
  if (*at == 'c' && (behind = word(at, "cpp_quote"))) {
    *build = build_quote;
    return quote(reader, behind, at);
  }
  if (context == IDL_MEMBERS) {
    *build = build_method;
    return method(reader, at);
  }
  if (*at == 'c' && (behind = word(at, "const"))) {
    *build = build_constant;
    return constant(reader, space(reader, behind));
  }
  if (*at == 'i' && (behind = word(at, "interface"))) {
    *build = build_forward;
    return forward(reader, space(reader, behind));
  }
  if (*at != 't' || !(behind = word(at, "typedef")))
    return NULL;
  const char *begin = space(reader, behind);
  if ((behind = word(begin, "enum"))) {
    *build = build_enum;
    return definition(reader, behind, begin, entries);
  }
  if ((behind = word(begin, "struct"))) {
    *build = build_record;
    return definition(reader, behind, begin, fields);
  }
  return NULL;
}

const char *idl_shape(IdlReader *reader, const char *at, enum IdlContext context, const char **start) {
  lua_State *L = reader->L;
  make_classes();
  *start = space(reader, at);
  reader->count = 0;
  Build *build = NULL;
  const char *stop = declaration(reader, *start, context, &build);
  if (!stop)
    return NULL;
  luaL_checkstack(L, 20, "IDL");
  int top = lua_gettop(L);
  Builder builder = { reader, L, 0 };
  lua_createtable(L, 0, 8);
  if (!build(&builder)) {
    lua_settop(L, top);
    return NULL;
  }
  lua_pushvalue(L, IDL_TOKEN);
  lua_setmetatable(L, -2);
  return stop;
}
