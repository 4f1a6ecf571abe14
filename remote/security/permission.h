/* What the registry store permits: the limits and defaults of the machine (HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Ole), and what an
 * application says (AppID\{...}). A value is SDDL text, or a self-relative descriptor in binary. */
#ifndef OLEANDER_REMOTE_SECURITY_PERMISSION_H
#define OLEANDER_REMOTE_SECURITY_PERMISSION_H

#include "remote/security/descriptor.h"

#define MACHINE_KEY "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Ole"

typedef enum Permission {
  PERMISSION_LAUNCH,   /* to start the program of a class */
  PERMISSION_ACTIVATE, /* to get an object of one that runs */
  PERMISSION_ACCESS    /* to call objects */
} Permission;

/* Which setting decides. */
typedef enum PermissionSetting {
  SETTING_NONE,
  SETTING_LIMIT,       /* MachineLaunchRestriction, MachineAccessRestriction */
  SETTING_APPLICATION, /* LaunchPermission, AccessPermission */
  SETTING_DEFAULT,     /* DefaultLaunchPermission, DefaultAccessPermission */
  SETTING_PROCESS      /* what the process has said itself (CoInitializeSecurity) */
} PermissionSetting;

/* The settings that hold for an application: its own, else the default; and the limit. */
typedef struct PermissionRules {
  struct PermissionRule {
    PermissionSetting setting; /* SETTING_NONE: nothing is said */
    Descriptor descriptor;
    const char *problem; /* it cannot be read, and grants nothing; NULL */
  } limit, own;
  char application[64]; /* AppID; "" */
} PermissionRules;

/* application: an AppID, NULL or "": none. E_OUTOFMEMORY. For permission_end. */
HRESULT permission_read(Permission permission, const char *application, PermissionRules *rules);
void permission_end(PermissionRules *rules);

/* The setting that refuses, or SETTING_NONE: it is granted. principal NULL: nobody has said who calls, from another host. Where
 * nothing is said, everybody is granted it but the anonymous. */
PermissionSetting permission_refused_by(const PermissionRules *rules, Permission permission, const Principal *principal,
                                        uid_t self);
/* "MachineLaunchRestriction", "LaunchPermission" ...; "CoInitializeSecurity". */
const char *permission_setting_name(Permission permission, PermissionSetting setting);

/* Whether anything is said, so that it matters who asks. */
bool permission_is_said(const PermissionRules *rules);
/* S_OK, or E_ACCESSDENIED with what was refused and which setting decides, for free(). */
HRESULT permission_judge(const PermissionRules *rules, Permission permission, const Principal *principal, uid_t self,
                         char **text);
/* Reads and judges, for one request. */
HRESULT permission_check(Permission permission, const char *application, const Principal *principal, uid_t self,
                         char **text);
/* The AppID of a class, as the registry store says it; false: it has none. */
bool permission_application_of(REFCLSID clsid, char application[64]);

#endif
