/* What the registry of this process says about starting a class. */
#include "activation/local/local_permission.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activation/local/hosts_api.h"
#include "com/com_api.h"
#include "remote/security/security_api.h"

static _Thread_local bool is_judged;        /* the thread activates for somebody who has been judged */
static _Thread_local const char *forbidden; /* then why he may start nothing; NULL: he may */

void local_begin_judged(const char *no_launch) {
  is_judged = true;
  forbidden = no_launch;
}

void local_end_judged(void) {
  is_judged = false;
  forbidden = NULL;
}

static HRESULT judge(const PermissionRules *rules, bool starts, LocalPermission *permission) {
  char *activation = NULL;
  Principal *principal = principal_of_user(geteuid(), getegid());
  if (!principal)
    return E_OUTOFMEMORY;
  HRESULT activates = permission_judge(rules, PERMISSION_ACTIVATE, principal, geteuid(), &activation);
  HRESULT launches = permission_judge(rules, PERMISSION_LAUNCH, principal, geteuid(), &permission->refusal);
  HRESULT status = S_OK;
  if (FAILED(launches) && FAILED(activates)) {
    const char *text = starts ? permission->refusal : activation;
    status = text ? error_raise(E_ACCESSDENIED, ERROR_SOURCE, "%s", text) : E_OUTOFMEMORY;
    free(permission->refusal);
    permission->refusal = NULL;
  }
  free(activation);
  principal_release(principal);
  return status;
}

HRESULT local_permission_read(const ActivationRequest *request, bool starts, LocalPermission *permission) {
  const char *application = NULL;
  PermissionRules rules;
  *permission = (LocalPermission){ NULL };
  if (is_judged) {
    permission->refusal = forbidden ? strdup(forbidden) : NULL;
    return forbidden && !permission->refusal ? E_OUTOFMEMORY : S_OK;
  }
  if (request->key && oleander_registry_string(request->key, NULL, "AppID", &application) != S_OK)
    application = NULL;
  HRESULT status = permission_read(PERMISSION_LAUNCH, application, &rules);
  if (FAILED(status))
    return status;
  if (permission_is_said(&rules))
    status = judge(&rules, starts, permission);
  permission_end(&rules);
  return status;
}

HRESULT local_permission_end(LocalPermission *permission, HRESULT status) {
  if (permission->refusal && status == REGDB_E_CLASSNOTREG)
    status = error_raise(E_ACCESSDENIED, ERROR_SOURCE, "%s", permission->refusal);
  free(permission->refusal);
  permission->refusal = NULL;
  return status;
}
