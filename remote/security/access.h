/* Who may call the objects of this process: its application's AccessPermission, else the machine's default, both below the limit of
 * the machine; or what the process has said itself. Read when the first call comes, and once. */
#ifndef OLEANDER_REMOTE_SECURITY_ACCESS_H
#define OLEANDER_REMOTE_SECURITY_ACCESS_H

#include "remote/security/permission.h"

/* Whoever was let in under this number need not be asked again; another number follows where the rules change. Never 0. */
extern _Atomic uint32_t access_generation;

/* SETTING_NONE: it may. principal NULL: nobody has said who calls from another host. */
PermissionSetting access_refused_by(const Principal *principal);
/* The same for a user of this host. */
PermissionSetting access_refused_to_user(uid_t uid);

/* The first application that the process serves is whose it is; "" is none. */
void access_set_application(const char *application);
/* What the process itself says, instead of its application; takes the descriptor over. */
void access_set_descriptor(Descriptor *descriptor);

#endif
