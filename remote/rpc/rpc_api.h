/* What remote/rpc/ shows to the folders above: channels of their own, beside those that carry the calls of objects. */
#ifndef OLEANDER_REMOTE_RPC_API_H
#define OLEANDER_REMOTE_RPC_API_H

#include "remote/rpc/channel.h"
#include "remote/rpc/runtime_directory.h"

/* The file of accounts (remote/security/accounts_file.h) whose owners may call this process from other hosts; programs that it starts
 * with its own environment use it, too. */
HRESULT rpc_use_accounts(const char *path);

/* A call between processes that somebody waits for. */
typedef struct RpcUnderway {
  bool served; /* the peer waits for this process; else the other way round */
  pid_t peer;
  IID iid;
  uint16_t opnum;
} RpcUnderway;

/* Those of this process, as far as there is room; gives how many there are. */
size_t rpc_underway(RpcUnderway *list, size_t room);

#endif
