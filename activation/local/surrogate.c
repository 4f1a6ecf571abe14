/* In-process classes in a process of their own: which program hosts a class, and isolating one without any registration. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <oleander.h>

#include "activation/local/command_line.h"
#include "activation/local/local.h"

enum { ARGUMENTS = 16 };

static const char PROGRAM[] = "oleander-surrogate";

static HRESULT own_program(char **path) {
  *path = program_beside_library(PROGRAM);
  return *path ? S_OK
               : error_raise(CO_E_SERVER_EXEC_FAILURE, ERROR_SOURCE,
                             "The program %s is not installed beside the library.", PROGRAM);
}

static void copy_argument(char **arguments, const char *text, bool *failed) {
  while (*arguments)
    arguments++;
  *arguments = strdup(text);
  *failed = *failed || !*arguments;
}

/* DllSurrogate of the application: empty: our program. */
static HRESULT program_of_application(const char *application, char **program) {
  OleanderRegistryKey *key = NULL;
  char path[64 + GUID_TEXT_UNITS], *file = NULL;
  const char *text = NULL;
  *program = NULL;
  if (strlen(application) >= GUID_TEXT_UNITS)
    return S_FALSE;
  HRESULT status = oleander_registry_open(strcat(strcpy(path, "AppID\\"), application), &key);
  if (status == S_OK)
    status = oleander_registry_string(key, NULL, "DllSurrogate", &text);
  if (status == S_OK && *text)
    status = oleander_registry_file(key, NULL, "DllSurrogate", &file);
  if (status == S_OK && file)
    *program = strdup(file);
  else if (status == S_OK)
    status = own_program(program);
  CoTaskMemFree(file);
  oleander_registry_close(key);
  if (status == S_OK)
    return *program ? S_OK : E_OUTOFMEMORY;
  return status == REGDB_E_KEYMISSING ? S_FALSE : status;
}

HRESULT surrogate_of_class(const OleanderRegistryKey *key, REFCLSID clsid, char ***arguments,
                           const char **application) {
  OleanderRegistryValue server;
  char *program, text[GUID_TEXT_UNITS];
  *arguments = NULL;
  if (!key || oleander_registry_string(key, NULL, "AppID", application) != S_OK ||
      oleander_registry_value(key, "InprocServer32", NULL, &server) != S_OK)
    return S_FALSE;
  HRESULT status = program_of_application(*application, &program);
  if (status != S_OK)
    return status;
  bool failed = false;
  char **made = calloc(3, sizeof *made);
  guid_format_utf8(clsid, text);
  if (made) {
    made[0] = program;
    copy_argument(made, text, &failed);
  }
  if (!made)
    free(program);
  if (!made || failed) {
    command_line_free(made);
    return E_OUTOFMEMORY;
  }
  *arguments = made;
  return S_OK;
}

/* Isolating */

static char **isolated_arguments(char *program, const OleanderIsolation *isolation, REFCLSID clsid, REFCLSID token) {
  char **arguments = calloc(ARGUMENTS, sizeof *arguments), text[64];
  bool failed = false;
  if (!arguments)
    return NULL;
  arguments[0] = program;
  guid_format_utf8(clsid, text);
  copy_argument(arguments, text, &failed);
  guid_format_utf8(token, text);
  copy_argument(arguments, "--as", &failed);
  copy_argument(arguments, text, &failed);
  if (isolation->module) {
    copy_argument(arguments, "--module", &failed);
    copy_argument(arguments, isolation->module, &failed);
  }
  if (isolation->memory) {
    snprintf(text, sizeof text, "--memory=%llu", (unsigned long long)isolation->memory);
    copy_argument(arguments, text, &failed);
  }
  if (isolation->processor_seconds) {
    snprintf(text, sizeof text, "--cpu=%u", (unsigned)isolation->processor_seconds);
    copy_argument(arguments, text, &failed);
  }
  if (isolation->no_network)
    copy_argument(arguments, "--no-network", &failed);
  if (!failed)
    return arguments;
  arguments[0] = NULL; /* still the caller's */
  for (int i = 1; i < ARGUMENTS; i++)
    free(arguments[i]);
  free(arguments);
  return NULL;
}

/* The program registers the class under a name that is made up for this one object: nobody else can get at it. */
HRESULT oleander_create_isolated(REFCLSID clsid, const OleanderIsolation *isolation, REFIID iid, void **result) {
  static const OleanderIsolation nothing;
  MULTI_QI query = { .pIID = iid };
  ActivationRequest request = { .context = CLSCTX_LOCAL_SERVER, .results = &query, .count = 1 };
  char *program;
  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!clsid || !iid)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  HRESULT status = CoCreateGuid(&request.clsid);
  if (SUCCEEDED(status))
    status = own_program(&program);
  if (FAILED(status))
    return status;
  char **arguments = isolated_arguments(program, isolation ? isolation : &nothing, clsid, &request.clsid);
  if (!arguments) {
    free(program);
    return E_OUTOFMEMORY;
  }
  status = local_activate_program(&request, arguments, "");
  command_line_free(arguments);
  if (SUCCEEDED(status))
    status = query.hr;
  *result = SUCCEEDED(status) ? query.pItf : NULL;
  return status;
}
