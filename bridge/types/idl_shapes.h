/* idl_shapes.h - declarations of the most common shapes on their way: the pieces that idl_shapes.c read of one become a node in
 * idl_nodes.c. */
#ifndef OLEANDER_BRIDGE_IDL_SHAPES_H
#define OLEANDER_BRIDGE_IDL_SHAPES_H

#include "bridge/types/idl_scan.h"

/* Longer lists are for the parser to refuse. */
#define IDL_LIST_LIMIT 1000

/* Takes the pieces from `next` on. */
typedef struct IdlBuilder {
  IdlReader *reader;
  lua_State *L;
  size_t next;
} IdlBuilder;

/* Each fills the table on the top of the stack. False: the declaration is for the parser. Raises what Lua raises. */
typedef bool IdlBuild(IdlBuilder *builder);
bool idl_build_method(IdlBuilder *builder);
bool idl_build_constant(IdlBuilder *builder);
bool idl_build_forward(IdlBuilder *builder);
bool idl_build_quote(IdlBuilder *builder);
bool idl_build_enum(IdlBuilder *builder);
bool idl_build_record(IdlBuilder *builder);

#endif
