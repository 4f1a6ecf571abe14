/* What the registry of this process says about starting a class: the service has layers of its own, which may be others. */
#ifndef OLEANDER_ACTIVATION_LOCAL_PERMISSION_H
#define OLEANDER_ACTIVATION_LOCAL_PERMISSION_H

#include "activation/activation_internal.h"

typedef struct LocalPermission {
  char *refusal; /* why no program may be started; an object of one that runs may be had all the same. NULL: it may */
} LocalPermission;

/* E_ACCESSDENIED, raised: neither. Also what RunAs says against a start. */
HRESULT local_permission_read(const ActivationRequest *request, bool starts, LocalPermission *permission);
/* Gives the status; raises the refusal where nothing ran. */
HRESULT local_permission_end(LocalPermission *permission, HRESULT status);

#endif
