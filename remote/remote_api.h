/* What remote/ shows to the folders above it, beside the public functions (CoMarshalInterface ...). */
#ifndef OLEANDER_REMOTE_API_H
#define OLEANDER_REMOTE_API_H

#include <stdbool.h>
#include <stdint.h>

#include <objbase.h>

#include "com/com_api.h"

/* What remote/ needs of activation/, which registers it. */
typedef struct RemoteActivation {
  /* The object that unmarshals what a class's IMarshal has written. */
  HRESULT (*create_unmarshaler)(REFCLSID clsid, REFIID iid, void **result);
  /* A module that makes proxies and stubs of the interface itself; S_FALSE: the interface travels by its description. Where the
   * registry is not to be looked at only what the process has said (CoRegisterPSClsid) counts. */
  HRESULT (*proxy_factory)(REFIID iid, bool look_in_registry, IPSFactoryBuffer **factory);
} RemoteActivation;

void remote_set_activation(const RemoteActivation *activation);

/* Calls */

/* Until when outgoing calls of this thread may last (apartment_after); APARTMENT_NEVER: as long as they take. Returns the moment
 * before. A call that lasts longer fails with RPC_E_TIMEOUT. */
OLEANDER_API(int64_t, remote_set_deadline, (int64_t moment));

/* Where an object lives. */
typedef struct RemotePlace {
  bool proxy;   /* in another apartment */
  bool process; /* in another process of this host */
  bool host;    /* on another host */
  pid_t pid;    /* 0: not known */
  uint64_t oxid, oid;
} RemotePlace;
OLEANDER_API(void, remote_place, (IUnknown * object, RemotePlace *place));

#endif
