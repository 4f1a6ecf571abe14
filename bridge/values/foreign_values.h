/* foreign_values.h - values of modules that know nothing of Oleander (Type.abi; dispatch/types/foreign.h), from Lua and to Lua:
 * texts, GUIDs, variants and interfaces (foreign_text.c, foreign_values.c), records and unions as tables, fixed arrays
 * (foreign_record.c), pointers and the elements behind them (foreign_pointer.c). They never raise on the way from Lua, as all
 * conversions. */
#ifndef OLEANDER_BRIDGE_FOREIGN_VALUES_H
#define OLEANDER_BRIDGE_FOREIGN_VALUES_H

#include "bridge/values/arena.h"
#include "bridge/values/values.h"

typedef HRESULT ForeignTaker(Converting *converting, int index, const Type *type, void *storage);
typedef void ForeignGiver(lua_State *L, const Giving *giving, const Type *type, void *storage);

ForeignTaker take_foreign_bstr, take_foreign_wide, take_foreign_narrow, take_foreign_guid, take_foreign_variant,
    take_foreign_interface, take_foreign_record, take_foreign_union, take_foreign_pointer, take_foreign_array;
ForeignGiver give_foreign_bstr, give_foreign_wide, give_foreign_guid, give_foreign_variant, give_foreign_interface,
    give_foreign_record, give_foreign_union, give_foreign_pointer, give_foreign_array;

/* Memory that the call needs; it must be given back by the module where there is no arena. NULL: out of memory. */
void *foreign_memory(Converting *converting, const Type *type, size_t size, size_t count);

/* foreign_text.c. Units of one, two or four bytes; S_FALSE: it is not UTF-8. The caller frees *units. */
HRESULT units_from_utf8(const char *text, size_t length, uint32_t width, void **units, size_t *count);
/* Pushes what the units say in UTF-8, or their bytes where they are no characters. */
void units_push(lua_State *L, const void *units, size_t bytes, uint32_t width);
size_t units_length(const void *units, uint32_t width, size_t limit); /* before the zero */

/* foreign_values.c. The GUID at `index`: in braces, 16 bytes in the order of the module, or the name of an interface or a class
 * of the library; in our order. S_FALSE: it is none. */
HRESULT foreign_guid_at(Converting *converting, int index, const SignatureAbi *abi, GUID *guid);
/* The type information of an interface in the library of `owner`, with a reference; NULL. */
ITypeInfo *library_interface(ITypeInfo *owner, REFIID iid);

/* foreign_pointer.c. How many elements the value at `index` makes: of a table, or of bytes. S_FALSE: it makes none. */
HRESULT elements_count(Converting *converting, int index, const Type *element, size_t *count);
/* Takes so many of them into zeroed memory; a problem names the element. */
HRESULT elements_take(Converting *converting, int index, const Type *element, void *memory, size_t count);
/* Pushes them: bytes as a string, others as a table. */
void elements_push(lua_State *L, const Giving *giving, const Type *element, void *memory, size_t count);
/* The memory behind com.buffer, a light userdata or a module's handle. False: it is none of them. */
bool memory_at(lua_State *L, int index, void **memory, size_t *size);

extern const luaL_Reg core_memory_functions[];
void memory_open_type(lua_State *L);

#endif
