/* What Oleander adds to the standard COM API, for C programs and for the Lua bridge. */
#ifndef OLEANDER_OLEANDER_H
#define OLEANDER_OLEANDER_H

#include <stddef.h>

#include <objbase.h>

/* Error codes */

/* The name of a code of winerror.h ("DISP_E_TYPEMISMATCH", "HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND)"), or NULL.
 * Where several codes share the value, the one that winerror.h lists first. The text is static. */
OLEANDER_EXPORT const char *oleander_hresult_name(HRESULT code);

/* Its English text, without a full stop, or NULL. Static. */
OLEANDER_EXPORT const char *oleander_hresult_text(HRESULT code);

/* The code with this exact name: S_OK, or S_FALSE (*code untouched) when there is none. */
OLEANDER_EXPORT HRESULT oleander_hresult_value(const char *name, HRESULT *code);

/* The names in turn, ordered by value as unsigned numbers: name and code of entry `index`, counted from 0; NULL behind the
 * last. `code` may be NULL. */
OLEANDER_EXPORT const char *oleander_hresult_at(size_t index, HRESULT *code);

/* Modules */

/* Loads the module at `path` (UTF-8) and calls its DllRegisterServer, or DllUnregisterServer. What it writes through
 * oleander_registry_edit(NULL, ...) goes to the component named after the module. Errors of loading: CO_E_DLLNOTFOUND
 * and CO_E_ERRORINDLL (SELFREG_E_CLASS when the entry point is missing), with IErrorInfo naming file and reason; else
 * what the module answers. */
OLEANDER_EXPORT HRESULT oleander_register_module(const char *path);
OLEANDER_EXPORT HRESULT oleander_unregister_module(const char *path);

/* The class object of `clsid` straight from the module at `path` (UTF-8), without any registration. As
 * CoGetClassObject: *result is the interface `iid`, owned by the caller; errors also as above. */
OLEANDER_EXPORT HRESULT oleander_class_object_from_module(const char *path, REFCLSID clsid, REFIID iid, void **result);

/* Makes an object of the class from that module, as CoCreateInstance would. */
OLEANDER_EXPORT HRESULT oleander_create_from_module(const char *path, REFCLSID clsid, IUnknown *outer, REFIID iid,
                                                    void **result);

/* Isolation */

/* What an isolated object may use; all zeros: anything. */
typedef struct OleanderIsolation {
  const char *module;      /* path (UTF-8) of the module, instead of the registered one; NULL */
  ULONGLONG memory;        /* bytes of address space, libraries included */
  ULONG processor_seconds; /* of the process; then it is ended */
  BOOL no_network;         /* no sockets but unix ones */
} OleanderIsolation;

/* Makes an object of an in-process class in a process of its own, which ends with it: what happens there is an error of the
 * call (RPC_E_SERVER_DIED) and no more. `isolation` may be NULL. CO_E_SERVER_EXEC_FAILURE: the process could not begin, with
 * IErrorInfo saying why. */
OLEANDER_EXPORT HRESULT oleander_create_isolated(REFCLSID clsid, const OleanderIsolation *isolation, REFIID iid,
                                                 void **result);

/* Security */

/* The security descriptor of an SDDL text (UTF-8), self-relative, for CoInitializeSecurity: "O:BAG:BAD:(A;;7;;;alice)". A principal is a
 * SID, two letters of SDDL, DOMAIN\user, or a user or group of this host. *descriptor is for CoTaskMemFree; *size in bytes, may be NULL.
 * E_INVALIDARG: it is none, with IErrorInfo saying where and why; E_OUTOFMEMORY. */
OLEANDER_EXPORT HRESULT oleander_security_descriptor(const char *text, void **descriptor, size_t *size);

/* The loop of a thread */

/* Lets in what waits for the calling thread: calls to the objects of its single-threaded apartment, events, whatever COM has
 * to do there. Without any of it waits for the first, up to a time (INFINITE: as long as it takes; 0: not at all). S_OK when
 * something was let in, S_FALSE when not; CO_E_NOTINITIALIZED. The main function of a server whose apartment is
 * single-threaded is CoInitialize, CoRegisterClassObject and this in a loop. */
OLEANDER_EXPORT HRESULT oleander_pump(DWORD milliseconds);

/* For a thread with a loop of its own: a descriptor that is readable (poll, epoll) while oleander_pump(0) has something to do.
 * It is always the same for a thread, is not to be read, and closes with the thread. -1: the system gives none. */
OLEANDER_EXPORT int oleander_pump_descriptor(void);

#endif
