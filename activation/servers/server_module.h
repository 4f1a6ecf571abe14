/* What the files of oleander_server.h share: server_*.c. */
#ifndef OLEANDER_ACTIVATION_SERVER_MODULE_H
#define OLEANDER_ACTIVATION_SERVER_MODULE_H

#include <stdbool.h>

#include <oleander_server.h>

/* The absolute path of the module, or of the program that it is part of, on the heap (free); NULL when it cannot be told. */
char *server_module_path(const OleanderModule *module);

/* How many objects and locks there have been since the process began, of all its modules. (server_module.c) */
unsigned server_arrivals(void);

/* Where clients get the objects of its classes; NULL: not there. */
typedef struct ServerPlaces {
  const char *inproc;      /* path of the module */
  const char *program;     /* path of the program */
  bool no_threading_model; /* whatever the classes say */
} ServerPlaces;

/* Writes the keys of the classes, and of the library in the file at `path`. (server_register.c) */
HRESULT server_module_register(OleanderModule *module, const char *path, const ServerPlaces *places);

/* The type library that the module carries, with a reference. */
HRESULT server_module_library(OleanderModule *module, ITypeLib **library);

/* The coclass of a class: out of that library, else made of what the class says of its events. (server_class_info.c) */
HRESULT server_class_info(OleanderClass *type, ITypeInfo **info);

/* The DISPID of an event by name, from the class's own table or from the library. (server_class_info.c) */
HRESULT server_event_id(OleanderClass *type, const OleanderSource *source, const char *name, DISPID *id);

/* The faces of a class with vtables that have no holes: NULL without memory. (server_vtable.c) */
const OleanderFace *server_complete_faces(OleanderClass *type);
void server_completed_free(OleanderClass *type);

/* A dispinterface without a vtable of its own, and its Invoke: the face has the functions of its members in the order of
 * the library. (server_dispatch.c) */
bool server_is_dispinterface(ITypeInfo *info);
HRESULT server_invoke_dispinterface(ITypeInfo *info, void *face, DISPID id, LCID lcid, WORD flags, DISPPARAMS *params,
                                    VARIANT *result, EXCEPINFO *exception, UINT *bad_argument);

/* IConnectionPointContainer of every object, and letting go of its listeners. (server_events.c) */
extern const IConnectionPointContainerVtbl server_points_vtable;
void server_events_end(OleanderObject *object);

#endif
