/* idl_scan.h - the first pass over IDL text in C: tokens, and declarations of the most common shapes as nodes. What it gives is what
 * lua/oleander/idl/lexical.lua and quick.lua, the grammar in LPeg, give of the same text; the parser in Lua reads the rest. */
#ifndef OLEANDER_BRIDGE_IDL_SCAN_H
#define OLEANDER_BRIDGE_IDL_SCAN_H

#include "bridge/types/types.h"

/* What the grammar knows, by the stack index at which it stands during a scan. */
enum IdlLanguage {
  IDL_NONE = 4,   /* the attributes of what has none */
  IDL_TOKEN,      /* metatable of nodes */
  IDL_SPECIAL,    /* set of names that are no names here */
  IDL_TAKES,      /* attribute -> what it takes */
  IDL_BASE_TYPES, /* specifier -> base type, NO_TYPE, false; missing: not asked yet */
  IDL_BASE_TYPE,  /* function(specifier), which gives that */
  IDL_NO_TYPE,
  IDL_LISTS,  /* text of plain attributes -> their table, false; missing: not asked yet */
  IDL_LIST,   /* function(text), which gives that */
  IDL_NUMBER, /* function(text), expression.number */
  IDL_BUFFER, /* userdata: captures */
  IDL_LAST = IDL_BUFFER
};

typedef struct IdlPiece { /* of the text; a place alone has to == NULL, nothing has from == NULL */
  const char *from, *to;
} IdlPiece;

typedef struct IdlReader {
  lua_State *L;
  const char *text, *end;
  lua_Integer base; /* added to offsets, which count from 1 */
  IdlPiece *pieces; /* in the userdata at IDL_BUFFER */
  size_t count, room;
} IdlReader;

enum IdlContext { IDL_OTHER, IDL_DECLARATIONS, IDL_MEMBERS };

/* Spaces and comments that end. */
const char *idl_skip_space(const char *at, const char *end);

/* A declaration of a common shape: pushes its node and gives the place behind it, or pushes nothing and gives NULL. *start is where it
 * begins. Raises what Lua raises. */
const char *idl_shape(IdlReader *reader, const char *at, enum IdlContext context, const char **start);

#endif
