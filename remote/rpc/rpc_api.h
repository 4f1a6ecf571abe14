/* What remote/rpc/ shows to the folders above: channels of their own, beside those that carry the calls of objects. */
#ifndef OLEANDER_REMOTE_RPC_API_H
#define OLEANDER_REMOTE_RPC_API_H

#include "remote/rpc/channel.h"
#include "remote/rpc/runtime_directory.h"

#endif
