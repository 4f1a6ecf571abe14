/* What the two halves of a server module share: server_module.c and server_register.c. */
#ifndef OLEANDER_ACTIVATION_SERVER_MODULE_H
#define OLEANDER_ACTIVATION_SERVER_MODULE_H

#include <oleander_server.h>

/* The module's absolute path, on the heap (free); NULL when it cannot be told. */
char *server_module_path(const OleanderModule *module);

/* The type library that the module carries, with a reference. */
HRESULT server_module_library(OleanderModule *module, ITypeLib **library);

#endif
