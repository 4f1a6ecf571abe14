/* What a process says of its security as a whole, once (CoInitializeSecurity), before anything is marshaled. */
#ifndef OLEANDER_REMOTE_SECURITY_PROCESS_SECURITY_H
#define OLEANDER_REMOTE_SECURITY_PROCESS_SECURITY_H

#include <stdbool.h>
#include <stdint.h>

/* 0: nothing is settled; then by the process, or because something was marshaled. */
typedef enum ProcessSecurity { SECURITY_OPEN, SECURITY_SAID, SECURITY_IMPLIED } ProcessSecurity;
extern _Atomic uint32_t process_security;

void process_security_imply(void);
/* Something is marshaled or unmarshaled: from now on it is too late. */
static inline void process_security_use(void) {
  if (__builtin_expect(!process_security, 0))
    process_security_imply();
}
/* The least level (RPC_C_AUTHN_LEVEL_...) of calls from other hosts: the process's own, else the one that the settings say. */
uint32_t process_security_level(uint32_t settings);
/* Whether references may unmarshal themselves by classes of theirs (EOAC_NO_CUSTOM_MARSHAL). */
bool process_security_takes_custom(void);

#endif
