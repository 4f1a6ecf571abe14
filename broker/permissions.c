/* Whether clients may have objects of classes, and have programs started: by the permissions in the service's registry. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <oleander_registry.h>

#include "broker/broker.h"

static HRESULT judge(Waiting *waiting, Permission permission, const char *application, char **text) {
  PermissionRules rules;
  BrokerClient *client = waiting->client;
  uid_t uid = client->channel->peer.uid;
  HRESULT status = permission_read(permission, application, &rules);
  if (FAILED(status))
    return status;
  if (permission_is_said(&rules) && !client->principal)
    client->principal = principal_of_user(uid, account_primary_group(uid));
  if (permission_is_said(&rules))
    status =
        client->principal ? permission_judge(&rules, permission, client->principal, geteuid(), text) : E_OUTOFMEMORY;
  permission_end(&rules);
  return status;
}

/* RunAs: the service starts programs as its own user, and no other. */
static HRESULT judge_account(const char *application, char **text) {
  OleanderRegistryKey *key = NULL;
  char path[sizeof "AppID\\" + 64];
  const char *account = NULL;
  uid_t uid;
  gid_t gid;
  strcat(strcpy(path, "AppID\\"), application);
  if (!*application || FAILED(oleander_registry_open(path, &key)))
    return S_OK;
  HRESULT status = S_OK;
  if (oleander_registry_string(key, NULL, "RunAs", &account) == S_OK && *account &&
      strcasecmp(account, "Interactive User") != 0 && (!account_find_user(account, &uid, &gid) || uid != geteuid())) {
    char *own = account_user_name(geteuid());
    status = CO_E_RUNAS_LOGON_FAILURE;
    if (asprintf(
            text,
            "The program of the class is to run as %s (RunAs of AppID\\%s), and this COM service starts programs as %s "
            "only. Have it run as a service of that user (LocalService).",
            account, application, own ? own : "its own user") < 0)
      *text = NULL;
    free(own);
  }
  oleander_registry_close(key);
  return status;
}

/* What this process itself asks for is for callers of other hosts, who have been judged. */
bool broker_permits(Waiting *waiting, Permission permission) {
  char application[64], *text = NULL;
  permission_application_of(&waiting->clsid, application);
  bool judged = waiting->client->pid == getpid();
  HRESULT status = judged ? S_OK : judge(waiting, permission, application, &text);
  if (SUCCEEDED(status) && permission == PERMISSION_LAUNCH)
    status = judge_account(application, &text);
  if (FAILED(status)) {
    broker_log("refused process %d: %s", (int)waiting->client->pid, text ? text : "out of memory");
    broker_answer_error(waiting->request, status, text ? text : "");
    waiting_free(waiting);
  }
  free(text);
  return SUCCEEDED(status);
}
