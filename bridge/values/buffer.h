/* buffer.h - memory whose elements another parameter counts ([size_is], [length_is]): in Lua a string of bytes, or a list; and
 * interfaces whose IID another parameter tells ([iid_is]). */
#ifndef OLEANDER_BRIDGE_BUFFER_H
#define OLEANDER_BRIDGE_BUFFER_H

#include "bridge/values/values.h"

/* The native arguments of a call, each as declared: arguments[k] points to argument k. */
typedef struct CallArguments {
  const Signature *signature;
  void *const *arguments;
} CallArguments;

/* How many elements are behind the buffer k, or with `valid` how many of them mean something. False: nothing says it. */
bool buffer_count(const CallArguments *call, unsigned k, bool valid, uint32_t *count);

/* The type of the elements; of `void *` it is the byte. */
const Type *buffer_element(const Parameter *parameter);

/* The elements that the Lua value at `index` has. DISP_E_TYPEMISMATCH: it is none that can be one. */
HRESULT buffer_length(Converting *converting, int index, const Parameter *parameter, uint32_t *length);

/* Writes the elements of the value into zeroed memory that has room for them. */
HRESULT buffer_fill(Converting *converting, int index, const Parameter *parameter, void *memory);

/* The characters and the zero of memory that is marked as text. 0: it is none. */
uint32_t buffer_text_length(const Parameter *parameter, const void *memory);

/* Lets go of what the elements own. */
void buffer_clear(const Parameter *parameter, void *memory, uint32_t count);

/* Pushes elements: bytes as a string, text that is marked so as its text, others as a list. `lend`: they belong to somebody
 * else, and what would be moved out is copied first. Raises. */
void buffer_push(lua_State *L, const Giving *giving, const Parameter *parameter, void *memory, uint32_t count,
                 bool lend);

/* The type of parameter k with the IID that the call tells for it; `told` is the room for it. */
const Type *told_interface(const CallArguments *call, unsigned k, Type *told);

/* Pushes the interface of parameter k that lies at `storage`, from where it is moved. Raises. */
void told_push(lua_State *L, const Giving *giving, const CallArguments *call, unsigned k, void *storage);

/* Whether the parameter's value is memory of the caller's with elements in it. */
static inline bool is_buffer(const Parameter *parameter) {
  return (parameter->flags & (PARAMETER_BUFFER | PARAMETER_STRING)) != 0 && parameter->value->kind == TYPE_POINTER;
}

/* Whether the callee makes the memory with the elements ([out, size_is(, n)] T **), which is the caller's to free then. */
static inline bool is_allocated(const Parameter *parameter) {
  return (parameter->flags & PARAMETER_OUT) && parameter->cell != parameter->value &&
         type_resolve(parameter->cell)->kind == TYPE_POINTER && type_resolve(parameter->cell)->extent != NULL;
}
/* The parameter as one whose value is that memory, for the functions above. */
Parameter allocated_buffer(const Parameter *parameter);
/* As buffer_count. */
bool allocated_count(const CallArguments *call, unsigned k, bool valid, uint32_t *count);

#endif
