/* Classes whose application is a service (AppID\LocalService): what starts its unit. */
#ifndef OLEANDER_ACTIVATION_SERVICE_PROGRAM_H
#define OLEANDER_ACTIVATION_SERVICE_PROGRAM_H

#include <oleander_registry.h>

/* The command that has the service manager start the unit and waits until it is ready, for command_line_free. S_FALSE and NULL: the
 * class has no service, or systemd does not run here and the class has a LocalServer32 to start instead.
 * CO_E_SERVER_EXEC_FAILURE: nor has it that. */
HRESULT service_of_class(const OleanderRegistryKey *key, char ***arguments);

#endif
