/* What the registry of this host says of others. */
#ifndef OLEANDER_ACTIVATION_HOSTS_H
#define OLEANDER_ACTIVATION_HOSTS_H

#include <stdbool.h>
#include <stdint.h>

#include <oleander_registry.h>

#define HOSTS_SETTINGS_KEY "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Ole"

/* EnableDCOM: others may activate classes and call objects here. */
bool hosts_enabled(void);
/* LegacyAuthenticationLevel: the least level of calls from other hosts, where no application says another. */
uint32_t hosts_machine_level(void);
/* What the thread activates from now on is for somebody else, who has been judged; the user of this process is not. no_launch: why no
 * program may be started; an object of one that runs is had all the same. NULL: it may. The text stays until the end.
 * (local_permission.c) */
void local_begin_judged(const char *no_launch);
void local_end_judged(void);
/* The key AppID\\{...}, to be closed. */
bool hosts_open_application(const char *application, OleanderRegistryKey **key);
/* The key of the application (AppID) that this process is, by the classes that it has registered or by its program, to be closed.
 * False: none. */
bool hosts_application(OleanderRegistryKey **key);

#endif
