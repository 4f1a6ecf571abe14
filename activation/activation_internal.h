/* What the files of activation/ share among themselves. */
#ifndef OLEANDER_ACTIVATION_INTERNAL_H
#define OLEANDER_ACTIVATION_INTERNAL_H

#include <oleander_registry.h>

#include "activation/activation_api.h"
#include "com/com_api.h"

#define ERROR_SOURCE "Oleander"

/* Loaded modules (modules.c) */

typedef struct Module Module;

/* Opens the module, or finds it among those that are open; release it after use. Errors come with IErrorInfo. */
HRESULT module_open(const char *path, Module **module);
void module_release(Module *module);

/* The entry point `name` of the module itself (not of a library that it links), or NULL. */
void *module_entry(const Module *module, const char *name);
const char *module_path(const Module *module);

/* Whether all that are loaded say that nobody needs them (DllCanUnloadNow). */
bool modules_can_unload(void);

/* Calls DllGetClassObject. */
HRESULT module_class_object(Module *module, REFCLSID clsid, REFIID iid, void **result);

/* Activators, in the order in which they are asked */

extern const Activator class_object_activator; /* class_objects.c */
extern const Activator builtin_activator;      /* builtin_classes.c */
extern const Activator inproc_activator;       /* inproc.c */
extern const Activator remote_activator;       /* remote_server.c */

/* Activation in another apartment (apartment_visit.c) */

/* Has body(request, context) carried out in the apartment, as an activator would, and gives the results to the caller: proxies,
 * where it is not the caller's own. */
HRESULT activation_in_apartment(Apartment *apartment, const ActivationRequest *request,
                                HRESULT (*body)(const ActivationRequest *request, void *context), void *context);

/* Whether the object may be called from every apartment as it is: it says so, or aggregates the free-threaded marshaler
 * (agile_reference.c). */
bool object_is_agile(IUnknown *object, REFIID iid);

/* Other hosts (local/hosts.c), as remote/ asks for it */

struct HostSettings;
void hosts_settings(struct HostSettings *settings);
HRESULT hosts_announce_exporter(uint64_t oxid, uint16_t port, uint32_t level);
bool hosts_ask_pings(const uint64_t *oids, uint32_t count, uint32_t *ages);

/* The class of a class object that this process has registered, by its number from 0; false: there are no more (class_objects.c). */
bool class_object_class(unsigned index, CLSID *clsid);

/* Classes in the registry (class_registry.c) */

/* The class that stands in for `clsid`, following TreatAs, and its key CLSID\{...}: NULL when it has none, else to be closed. */
HRESULT class_registry_resolve(REFCLSID clsid, CLSID *result, OleanderRegistryKey **key);

#endif
