/* What the registry store permits whom. */
#include "remote/security/permission.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <oleander_registry.h>

static const char *const names[][5] = {
  { "", "MachineLaunchRestriction", "LaunchPermission", "DefaultLaunchPermission", "CoInitializeSecurity" },
  { "", "MachineLaunchRestriction", "LaunchPermission", "DefaultLaunchPermission", "CoInitializeSecurity" },
  { "", "MachineAccessRestriction", "AccessPermission", "DefaultAccessPermission", "CoInitializeSecurity" },
};

const char *permission_setting_name(Permission permission, PermissionSetting setting) {
  return names[permission][setting];
}

/* Reading */

static HRESULT read_descriptor(const OleanderRegistryValue *value, struct PermissionRule *rule) {
  DescriptorProblem problem = { "it is neither text nor binary", 0 };
  HRESULT status = E_INVALIDARG;
  if (value->text)
    status = descriptor_from_text(value->text, &rule->descriptor, &problem);
  else if (value->type == REG_BINARY)
    status = descriptor_from_bytes(value->data, value->size, &rule->descriptor, &problem);
  if (status == E_OUTOFMEMORY)
    return status;
  rule->problem = FAILED(status) ? problem.what : descriptor_objection(&rule->descriptor);
  return S_OK;
}

/* S_FALSE: nothing is said. */
static HRESULT read_rule(const OleanderRegistryKey *key, Permission permission, PermissionSetting setting,
                         struct PermissionRule *rule) {
  OleanderRegistryValue value;
  HRESULT status = oleander_registry_value(key, NULL, permission_setting_name(permission, setting), &value);
  if (FAILED(status))
    return status == E_OUTOFMEMORY ? status : S_FALSE;
  rule->setting = setting;
  return read_descriptor(&value, rule);
}

static HRESULT read_application(Permission permission, PermissionRules *rules) {
  OleanderRegistryKey *key = NULL;
  char path[sizeof "AppID\\" + sizeof rules->application];
  strcat(strcpy(path, "AppID\\"), rules->application);
  HRESULT status = *rules->application ? oleander_registry_open(path, &key) : REGDB_E_KEYMISSING;
  status = SUCCEEDED(status)         ? read_rule(key, permission, SETTING_APPLICATION, &rules->own)
           : status == E_OUTOFMEMORY ? status
                                     : S_FALSE;
  oleander_registry_close(key);
  return status;
}

static HRESULT read_machine(Permission permission, PermissionRules *rules) {
  OleanderRegistryKey *key = NULL;
  HRESULT status = oleander_registry_open(MACHINE_KEY, &key);
  if (FAILED(status))
    return status == E_OUTOFMEMORY ? status : S_OK;
  status = read_rule(key, permission, SETTING_LIMIT, &rules->limit);
  if (SUCCEEDED(status) && !rules->own.setting)
    status = read_rule(key, permission, SETTING_DEFAULT, &rules->own);
  oleander_registry_close(key);
  return status;
}

HRESULT permission_read(Permission permission, const char *application, PermissionRules *rules) {
  *rules = (PermissionRules){ 0 };
  if (application && strlen(application) < sizeof rules->application)
    strcpy(rules->application, application);
  HRESULT status = read_application(permission, rules);
  if (SUCCEEDED(status))
    status = read_machine(permission, rules);
  if (SUCCEEDED(status))
    return S_OK;
  permission_end(rules);
  return status;
}

void permission_end(PermissionRules *rules) {
  descriptor_end(&rules->limit.descriptor);
  descriptor_end(&rules->own.descriptor);
  *rules = (PermissionRules){ 0 };
}

/* Asking */

static uint32_t rights_for(Permission permission, bool remote) {
  if (permission == PERMISSION_ACTIVATE)
    return remote ? RIGHT_ACTIVATE_REMOTE : RIGHT_ACTIVATE_LOCAL;
  return remote ? RIGHT_EXECUTE_REMOTE : RIGHT_EXECUTE_LOCAL;
}

static bool rule_grants(const struct PermissionRule *rule, Permission permission, const Principal *principal,
                        uid_t self) {
  if (!rule->setting)
    return true;
  return !rule->problem &&
         descriptor_grants(&rule->descriptor, principal, rights_for(permission, principal->remote), self);
}

PermissionSetting permission_refused_by(const PermissionRules *rules, Permission permission, const Principal *principal,
                                        uid_t self) {
  static const Principal nobody = { .remote = true, .domain = (char *)"", .name = (char *)"" };
  const Principal *caller = principal ? principal : &nobody;
  if (!rule_grants(&rules->limit, permission, caller, self))
    return SETTING_LIMIT;
  if (rules->own.setting)
    return rule_grants(&rules->own, permission, caller, self) ? SETTING_NONE : rules->own.setting;
  return principal && !principal->authenticated ? SETTING_DEFAULT : SETTING_NONE;
}

static char *refusal(Permission permission, const PermissionRules *rules, PermissionSetting setting,
                     const Principal *principal) {
  static const char *const what[] = { "start the program of the class", "have objects of the running program",
                                      "call objects" };
  const struct PermissionRule *rule = setting == SETTING_LIMIT ? &rules->limit : &rules->own;
  bool own = setting == SETTING_APPLICATION;
  char *who = principal ? principal_text(principal) : NULL, *text = NULL;
  int length = asprintf(&text, "%s may not %s by calls from %s: %s of %s%s %s%s.", who ? who : "The caller",
                        what[permission], principal && !principal->remote ? "this host" : "other hosts",
                        permission_setting_name(permission, setting), own ? "AppID\\" : MACHINE_KEY,
                        own ? rules->application : "",
                        rule->problem    ? "cannot be used, and grants nothing: "
                        : !rule->setting ? "is not set, and grants it to authenticated callers only"
                                         : "does not grant it",
                        rule->problem ? rule->problem : "");
  free(who);
  return length < 0 ? NULL : text;
}

bool permission_is_said(const PermissionRules *rules) {
  return rules->limit.setting || rules->own.setting;
}

HRESULT permission_judge(const PermissionRules *rules, Permission permission, const Principal *principal, uid_t self,
                         char **text) {
  PermissionSetting setting = permission_refused_by(rules, permission, principal, self);
  *text = setting == SETTING_NONE ? NULL : refusal(permission, rules, setting, principal);
  return setting == SETTING_NONE ? S_OK : E_ACCESSDENIED;
}

HRESULT permission_check(Permission permission, const char *application, const Principal *principal, uid_t self,
                         char **text) {
  PermissionRules rules;
  *text = NULL;
  HRESULT status = permission_read(permission, application, &rules);
  if (FAILED(status))
    return status;
  status = permission_judge(&rules, permission, principal, self, text);
  permission_end(&rules);
  return status;
}

bool permission_application_of(REFCLSID clsid, char application[64]) {
  OleanderRegistryKey *key;
  const char *text;
  char path[sizeof "CLSID\\" + GUID_TEXT_UNITS] = "CLSID\\";
  guid_format_utf8(clsid, path + 6);
  *application = 0;
  if (FAILED(oleander_registry_open(path, &key)))
    return false;
  if (oleander_registry_string(key, NULL, "AppID", &text) == S_OK && strlen(text) < 64)
    strcpy(application, text);
  oleander_registry_close(key);
  return *application;
}
