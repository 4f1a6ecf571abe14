/* Classes whose application is a service. The unit is started by systemctl, which speaks to the manager of the system for root, to
 * that of the user otherwise, over whichever of its sockets is there. ServiceParameters are in the environment of the manager,
 * under a name that only this unit reads. */
#include "activation/local/service_program.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activation/local/command_line.h"
#include "com/com_api.h"

#define ERROR_SOURCE "Oleander"

/* Where systemctl is; NULL: the manager does not run, or it is not there. */
static const char *find_manager(void) {
  static const char *const programs[] = { "/usr/bin/systemctl", "/bin/systemctl" };
  const char *runtime = secure_getenv("XDG_RUNTIME_DIR");
  char path[4096] = "/run/systemd/system";
  if (geteuid() != 0 && (!runtime || snprintf(path, sizeof path, "%s/systemd", runtime) >= (int)sizeof path))
    return NULL;
  if (access(path, F_OK) != 0)
    return NULL;
  for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
    if (access(programs[i], X_OK) == 0)
      return programs[i];
  }
  return NULL;
}

/* Letters that a unit may have; no option. */
static bool is_unit(const char *unit) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.@\\";
  return *unit && *unit != '-' && strlen(unit) < 240 && unit[strspn(unit, letters)] == 0;
}

/* "OLEANDER_PARAMETERS_" and the unit's letters: as lua/oleander/cli/service.lua writes it into the unit. */
static char *parameters_variable(const char *unit, const char *parameters) {
  char *variable = NULL;
  size_t size = strcspn(unit, "@");
  const char *suffix = strstr(unit, ".service");
  if (suffix && (size_t)(suffix - unit) < size)
    size = (size_t)(suffix - unit);
  if (asprintf(&variable, "OLEANDER_PARAMETERS_%.*s=%s", (int)size, unit, parameters) < 0)
    return NULL;
  for (char *at = variable; *at != '='; at++) {
    if (!isalnum((unsigned char)*at))
      *at = '_';
  }
  return variable;
}

/* The shell's $1 is systemctl, $2 its manager, $3 the unit, $4 the variable; it becomes systemctl. */
static char **make_command(const char *program, const char *unit, const char *parameters) {
  static const char script[] = "[ -z \"$4\" ] || \"$1\" $2 set-environment \"$4\" || exit; "
                               "exec \"$1\" $2 --no-ask-password start \"$3\"";
  char **arguments = calloc(9, sizeof *arguments);
  if (!arguments)
    return NULL;
  const char *const words[] = { "/bin/sh", "-c", script, "sh", program, geteuid() == 0 ? "--system" : "--user", unit };
  bool failed = false;
  for (size_t i = 0; i < 7; i++) {
    arguments[i] = strdup(words[i]);
    failed = failed || !arguments[i];
  }
  arguments[7] = *parameters ? parameters_variable(unit, parameters) : strdup("");
  if (!failed && arguments[7])
    return arguments;
  for (size_t i = 0; i < 8; i++)
    free(arguments[i]);
  free(arguments);
  return NULL;
}

static HRESULT no_manager(const OleanderRegistryKey *key, const char *unit, const char *application) {
  OleanderRegistryValue value;
  if (oleander_registry_value(key, "LocalServer32", NULL, &value) == S_OK)
    return S_FALSE;
  return error_raise(
      CO_E_SERVER_EXEC_FAILURE, ERROR_SOURCE,
      "The service %s (LocalService of AppID\\%s) cannot be started: systemd does not run here, and the class has "
      "no LocalServer32 to start instead.",
      unit, application);
}

static HRESULT command_of(const OleanderRegistryKey *key, const OleanderRegistryKey *application, const char *name,
                          char ***arguments) {
  const char *unit, *parameters = "";
  if (oleander_registry_string(application, NULL, "LocalService", &unit) != S_OK || !*unit)
    return S_FALSE;
  if (!is_unit(unit))
    return error_raise(CO_E_SERVER_EXEC_FAILURE, ERROR_SOURCE, "LocalService of AppID\\%s is no name of a service: %s",
                       name, unit);
  const char *program = find_manager();
  if (!program)
    return no_manager(key, unit, name);
  oleander_registry_string(application, NULL, "ServiceParameters", &parameters);
  *arguments = make_command(program, unit, parameters);
  return *arguments ? S_OK : E_OUTOFMEMORY;
}

HRESULT service_of_class(const OleanderRegistryKey *key, char ***arguments) {
  OleanderRegistryKey *application = NULL;
  const char *name;
  char path[sizeof "AppID\\" + GUID_TEXT_UNITS] = "AppID\\";
  *arguments = NULL;
  if (!key || oleander_registry_string(key, NULL, "AppID", &name) != S_OK || strlen(name) >= GUID_TEXT_UNITS)
    return S_FALSE;
  HRESULT status = oleander_registry_open(strcat(path, name), &application);
  if (FAILED(status))
    return status == E_OUTOFMEMORY ? status : S_FALSE;
  status = command_of(key, application, name, arguments);
  oleander_registry_close(application);
  return status;
}
