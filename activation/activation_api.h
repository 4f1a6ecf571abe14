/* What activation/ offers to the bridge, and to the folders that add ways to activate. */
#ifndef OLEANDER_ACTIVATION_API_H
#define OLEANDER_ACTIVATION_API_H

#include <stdbool.h>
#include <stdint.h>

#include <objbase.h>
#include <oleander_registry.h>

#include "activation/servers/connection_points.h"

/* One request to make an object, or to give the class object of a class. */
typedef struct ActivationRequest {
  CLSID clsid;                    /* TreatAs already followed */
  const OleanderRegistryKey *key; /* CLSID\{...} of that class, or NULL when the registry does not know it */
  DWORD context;
  COSERVERINFO *server; /* another host, or NULL */
  IUnknown *outer;      /* the controlling IUnknown of an aggregate, or NULL */
  bool class_object;    /* the results are interfaces of the class object, not of an instance */
  MULTI_QI *results;    /* pIID given; pItf and hr are filled, each with its own result */
  ULONG count;
} ActivationRequest;

/* What an activator answers for a class that it knows nothing of: the next one is asked. */
#define ACTIVATOR_PASS S_FALSE

/* A way to activate. `activate` answers ACTIVATOR_PASS, or S_OK with all results filled, or an error that ends it. */
typedef struct Activator {
  const char *name;
  DWORD contexts; /* asked only for a request with one of these */
  HRESULT (*activate)(const ActivationRequest *request);
} Activator;

/* Adds an activator behind the others, for the rest of the process; it must stay where it is. */
HRESULT activation_add(const Activator *activator);

/* The one operation in which every way to create ends. S_OK, CO_S_NOTALLINTERFACES, or an error (E_NOINTERFACE when the
 * object has none of the interfaces); IErrorInfo says more. The results are filled also then. */
HRESULT activate(REFCLSID clsid, DWORD context, COSERVERINFO *server, IUnknown *outer, bool class_object,
                 MULTI_QI *results, ULONG count);

/* For activators that have the class object in hand: fills the results from it. */
HRESULT activation_from_class_object(const ActivationRequest *request, IUnknown *class_object);

/* Codes that promise that nothing has been done: the server was about to leave. Another try finds another one. */
OLEANDER_API(bool, activation_has_left, (HRESULT status));

/* What the COM service knows, as it answers BROKER_STATUS (activation/local/broker_api.h), behind the HRESULT; for free().
 * S_FALSE: none runs. */
OLEANDER_API(HRESULT, local_status, (uint8_t * *bytes, size_t *size));

/* What the processes say of themselves, as it answers BROKER_ASK_ALL; of this process alone where no service runs. For free(). */
OLEANDER_API(HRESULT, local_facts, (uint8_t * *bytes, size_t *size));

/* Tells the service manager that has started this process (sd_notify): "READY=1", "STOPPING=1". Nothing where there is none. */
OLEANDER_API(void, service_notify, (const char *state));

#endif
