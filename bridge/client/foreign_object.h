/* foreign_object.h - interface pointers of modules: whether they can be what they are said to be, and an IUnknown for those
 * whose own is called in another way. */
#ifndef OLEANDER_BRIDGE_FOREIGN_OBJECT_H
#define OLEANDER_BRIDGE_FOREIGN_OBJECT_H

#include "bridge/values/values.h"

typedef enum ForeignCheck {
  FOREIGN_BAD,      /* `problem` says what is wrong */
  FOREIGN_GOOD,     /* its vtable lies in a loaded module */
  FOREIGN_ELSEWHERE /* its vtable is made at run time: it may be one of ours, too */
} ForeignCheck;

/* Whether the pointer leads to a vtable of so many logical slots, with the code of a loaded module behind each. Nothing is
 * called. */
ForeignCheck foreign_check(const SignatureAbi *abi, const void *object, unsigned slots, char *problem, size_t size);

/* Reads a word where there may be no memory. */
bool foreign_read(const void *from, uintptr_t *word);

/* An IUnknown of ours that passes on to the object what it is asked, in its ABI; the same one for the same pointer. Takes over
 * the reference. NULL: out of memory, and the reference is released. */
IUnknown *foreign_wrap(const SignatureAbi *abi, void *object);
/* The pointer behind it; NULL: it is none of ours. No reference. */
void *foreign_unwrap(IUnknown *face);

#endif
