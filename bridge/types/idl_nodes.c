/* idl_nodes.c - the nodes of declarations of the most common shapes: what the parser in Lua makes of their tokens. */
#include "bridge/types/idl_shapes.h"

#include <string.h>

/* Each function takes pieces from `next` on and leaves one value on the stack; false means that nothing is left there, and that the
 * declaration is for the parser. */

static IdlPiece take(IdlBuilder *builder) {
  return builder->reader->pieces[builder->next++];
}

static void push_piece(IdlBuilder *builder, IdlPiece piece) {
  lua_pushlstring(builder->L, piece.from, (size_t)(piece.to - piece.from));
}

static void set_place(IdlBuilder *builder, const char *at) {
  lua_pushinteger(builder->L, builder->reader->base + (at - builder->reader->text) + 1);
  lua_setfield(builder->L, -2, "place");
}

static void set_piece(IdlBuilder *builder, const char *key, IdlPiece piece) {
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
static bool is_special(IdlBuilder *builder, IdlPiece piece) {
  push_piece(builder, piece);
  bool special = lua_rawget(builder->L, IDL_SPECIAL) != LUA_TNIL;
  lua_pop(builder->L, 1);
  return special;
}

static bool push_type(IdlBuilder *builder, bool is_const) {
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

static bool push_specifier(IdlBuilder *builder) {
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
static bool push_number(IdlBuilder *builder, IdlPiece digits, const char *place) {
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

static bool push_value(IdlBuilder *builder, IdlPiece piece) {
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
static bool set_attributes(IdlBuilder *builder) {
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

static bool push_attributes(IdlBuilder *builder) {
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
static bool push_parameter(IdlBuilder *builder) {
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
static bool set_name(IdlBuilder *builder, IdlPiece piece) {
  set_piece(builder, "name", piece);
  set_place(builder, piece.from);
  return !is_special(builder, piece);
}

static bool set_parameters(IdlBuilder *builder) {
  lua_State *L = builder->L;
  lua_Integer count = 0;
  lua_newtable(L);
  while (builder->next < builder->reader->count) {
    if (++count > IDL_LIST_LIMIT || !push_parameter(builder)) {
      lua_pop(L, 1);
      return false;
    }
    lua_rawseti(L, -2, count);
  }
  lua_setfield(L, -2, "parameters");
  return true;
}

/* The builders fill the table on the top. */

bool idl_build_method(IdlBuilder *builder) {
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

bool idl_build_constant(IdlBuilder *builder) {
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

bool idl_build_forward(IdlBuilder *builder) {
  lua_State *L = builder->L;
  set_text(L, "k", "interface");
  set_copy(L, "attributes", IDL_NONE);
  lua_pushboolean(L, true);
  lua_setfield(L, -2, "forward");
  return set_name(builder, take(builder));
}

/* Without the backslashes before other characters. */
static void push_unescaped(lua_State *L, IdlPiece piece) {
  luaL_Buffer buffer;
  char *out = luaL_buffinitsize(L, &buffer, (size_t)(piece.to - piece.from));
  size_t count = 0;
  for (const char *at = piece.from; at < piece.to; at++) {
    if (*at == '\\')
      at++;
    out[count++] = *at;
  }
  luaL_pushresultsize(&buffer, count);
}

bool idl_build_quote(IdlBuilder *builder) {
  set_text(builder->L, "k", "quote");
  set_place(builder, take(builder).from);
  IdlPiece value = take(builder);
  IdlPiece inner = { value.from + 1, value.to - 1 };
  if (memchr(inner.from, '\\', (size_t)(inner.to - inner.from))) {
    push_unescaped(builder->L, inner);
    lua_setfield(builder->L, -2, "text");
  } else {
    set_piece(builder, "text", inner);
  }
  return true;
}

/* Begins the table of an enum or a record on the top; gives the place of its word. */
static const char *begin_kind(IdlBuilder *builder, const char *k, const char *spelled_word) {
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
static bool build_typedef(IdlBuilder *builder, const char *begin) {
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

static bool push_constant(IdlBuilder *builder, lua_Integer index) {
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

bool idl_build_enum(IdlBuilder *builder) {
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

static bool push_field(IdlBuilder *builder) {
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

bool idl_build_record(IdlBuilder *builder) {
  lua_State *L = builder->L;
  const char *begin = begin_kind(builder, "record", "struct");
  lua_newtable(L);
  bool good = true;
  lua_Integer count = 0;
  /* A field begins with a piece that may be nothing, so the end of the list is known by the number of pieces. */
  while (good && builder->next + 2 < builder->reader->count) {
    good = ++count <= IDL_LIST_LIMIT && push_field(builder);
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
