/* Security descriptors as programs hand them over: the structure with pointers, or one block of bytes. */
#ifndef OLEANDER_REMOTE_SECURITY_DESCRIPTOR_MEMORY_H
#define OLEANDER_REMOTE_SECURITY_DESCRIPTOR_MEMORY_H

#include "remote/security/descriptor.h"

/* Of the program's own memory, whose parts say how long they are. E_INVALIDARG with IErrorInfo, E_OUTOFMEMORY. For descriptor_end. */
HRESULT descriptor_from_memory(const void *memory, Descriptor *descriptor);

#endif
