/* What remote/ shows to those who speak with other hosts beside calling objects there: the COM service and activation. */
#ifndef OLEANDER_REMOTE_HOSTS_API_H
#define OLEANDER_REMOTE_HOSTS_API_H

#include "remote/ndr/ndr.h"
#include "remote/orpc/activation_blob.h"
#include "remote/orpc/host_line.h"
#include "remote/orpc/native_call.h"
#include "remote/orpc/resolver.h"

#endif
