/* What remote/ shows to the folders above it, beside the public functions (CoMarshalInterface ...). */
#ifndef OLEANDER_REMOTE_API_H
#define OLEANDER_REMOTE_API_H

#include <stdbool.h>
#include <stdint.h>

#include <objbase.h>

#include "com/com_api.h"

/* What this host lets others have (activation/hosts/). */
typedef struct HostSettings {
  bool enabled;     /* EnableDCOM */
  char address[48]; /* to listen on, as the COM service does; "": on all */
  uint16_t
      resolver_port; /* where the COM service listens; 0: it does not, and exporters resolve their OXIDs themselves */
  uint16_t first_port, last_port; /* for the objects of this process; 0: any */
  uint32_t level;                 /* the least RPC_C_AUTHN_LEVEL of calls from other hosts */
} HostSettings;

/* What remote/ needs of activation/, which registers it. */
typedef struct RemoteActivation {
  /* The object that unmarshals what a class's IMarshal has written. */
  HRESULT (*create_unmarshaler)(REFCLSID clsid, REFIID iid, void **result);
  /* A module that makes proxies and stubs of the interface itself; S_FALSE: the interface travels by its description. Where the
   * registry is not to be looked at only what the process has said (CoRegisterPSClsid) counts. */
  HRESULT (*proxy_factory)(REFIID iid, bool look_in_registry, IPSFactoryBuffer **factory);
  /* An object of a handler class, aggregated into `outer`. */
  HRESULT (*create_handler)(REFCLSID clsid, IUnknown *outer, IUnknown **inner);
  /* Asks the registry, and the COM service where one runs: may wait. */
  void (*host_settings)(HostSettings *settings);
  /* Tells the COM service where other hosts reach an exporter, as long as the calling thread's apartment lives. */
  HRESULT (*announce_exporter)(uint64_t oxid, uint16_t port, uint32_t level);
  /* Milliseconds since the last ping of each object at the COM service; UINT32_MAX: nobody holds it. False: nobody could be asked. */
  bool (*ask_pings)(const uint64_t *oids, uint32_t count, uint32_t *ages);
} RemoteActivation;

void remote_set_activation(const RemoteActivation *activation);

/* CoUnmarshalInterface for a stream that nobody reads again: a reference that cannot be taken is given back. */
HRESULT remote_unmarshal_last(IStream *stream, REFIID iid, void **result);

/* Takes a reference that an answer has brought through a channel to another host; objects there are called as calls through it are. */
struct RpcChannel;
HRESULT remote_unmarshal_answer(const uint8_t *bytes, uint32_t size, struct RpcChannel *through, REFIID iid,
                                void **result);

/* Security */

/* In whose name objects of other hosts are made and called: what a COSERVERINFO points to. Counted; the password lies in memory for
 * secrets. Texts are UTF-8 and copied; user NULL: whoever the process is; password NULL: of the file of logins. Numbers as in COM, 0: as
 * is usual. NULL: out of memory. */
typedef struct RemoteLogin RemoteLogin;
OLEANDER_API(RemoteLogin *, remote_login_create,
             (DWORD level, DWORD impersonation, const char *domain, const char *user, const char *password));
OLEANDER_API(RemoteLogin *, remote_login_addref, (RemoteLogin * login));
OLEANDER_API(void, remote_login_release, (RemoteLogin * login)); /* NULL is allowed, here and below */
OLEANDER_API(COAUTHINFO *, remote_login_info, (RemoteLogin * login));

/* References to other hosts that the thread takes from now on are called as the login says, where no call has brought them; NULL: as the
 * process calls. Undone by another call, with what it was before. */
typedef struct RemoteLoginUse {
  void *blanket, *before;
} RemoteLoginUse;
OLEANDER_API(HRESULT, remote_use_login, (RemoteLogin * login, RemoteLoginUse *use));
OLEANDER_API(void, remote_leave_login, (RemoteLoginUse * use));

/* How all calls to an object elsewhere are made from now on, those by interfaces that come later too. Within this host it is only kept.
 * S_FALSE: the object is no proxy. */
OLEANDER_API(HRESULT, remote_set_blanket, (IUnknown * object, RemoteLogin *login));

/* Who calls, in a call from elsewhere that the thread carries out. S_FALSE: it is in none. */
typedef struct RemoteCaller {
  char *user;    /* for free(); NULL: nobody knows */
  char host[48]; /* address of another host; "" */
  int pid;       /* of a process of this host; 0 */
  DWORD level;   /* RPC_C_AUTHN_LEVEL_... */
} RemoteCaller;
OLEANDER_API(HRESULT, remote_caller, (RemoteCaller * caller));

/* What the process says of its security, once, as CoInitializeSecurity does. access: SDDL of who may call its objects; NULL: as the
 * registry says. Levels as there, 0: as is usual. E_INVALIDARG, RPC_E_TOO_LATE; IErrorInfo says more. */
OLEANDER_API(HRESULT, remote_say_security, (const char *access, DWORD level, DWORD impersonation));

/* Calls */

/* Until when outgoing calls of this thread may last (apartment_after); APARTMENT_NEVER: as long as they take. Returns the moment
 * before. A call that lasts longer fails with RPC_E_TIMEOUT. */
OLEANDER_API(int64_t, remote_set_deadline, (int64_t moment));

/* Gives up the call that this thread waits for (RPC_E_CALL_CANCELED), whether or not it may be cancelled by others. False: it waits
 * for none. For a handler of signals on that thread. */
OLEANDER_API(bool, remote_interrupt, (void));

/* apartment_wait for something that is no call of a proxy, and ends as such calls do: S_OK: done; RPC_E_TIMEOUT: at the moment, or
 * where the calls of the thread are to end; RPC_E_CALL_CANCELED: by CoCancelCall or remote_interrupt. */
HRESULT remote_wait(bool (*done)(void *context), void *context, int64_t deadline);

/* A call that nobody waits for: it is begun, and ended when its answer is there. For callers that have other things to do
 * meanwhile. One that the other side's message filter refuses is not tried again: RPC_E_CALL_REJECTED. */
typedef struct RemoteCall RemoteCall;

/* Begins a call of the method in `slot` of a proxy. arguments[k] is where argument k lies as declared, as in ClosureCall; they
 * must stay until the call has ended. `done` runs once, on a thread of the calling apartment, from within apartment_wait or from
 * within remote_call_cancel; not for a call that could not be begun. S_FALSE: the object is no proxy, or the method is carried out
 * here: to be called as usual. */
OLEANDER_API(HRESULT, remote_call_begin,
             (IUnknown * proxy, unsigned slot, void *const *arguments, void (*done)(void *context), void *context,
              RemoteCall **call));
/* Likewise asks the object for interfaces, so that a QueryInterface for one of them, behind the call, asks nobody. At most eight.
 * S_FALSE: it would ask nobody now, or the object is no proxy. */
OLEANDER_API(HRESULT, remote_query_begin,
             (IUnknown * proxy, const IID *iids, unsigned count, void (*done)(void *context), void *context,
              RemoteCall **call));
/* Behind `done`: takes the results as the method would have given them, and the call is gone. `result` as in ClosureCall. */
OLEANDER_API(void, remote_call_finish, (RemoteCall * call, void *const *arguments, void *result));
/* Gives it up: `done` runs within unless it has, and the result is `reason` unless an answer has come. */
OLEANDER_API(void, remote_call_cancel, (RemoteCall * call, HRESULT reason));

/* Where an object lives. */
typedef struct RemotePlace {
  bool proxy;   /* in another apartment */
  bool process; /* in another process, of this host or another */
  bool host;    /* on another host */
  pid_t pid;    /* 0: not known */
  uint64_t oxid, oid;
  char name[48]; /* the address of the other host; "" */
} RemotePlace;
OLEANDER_API(void, remote_place, (IUnknown * object, RemotePlace *place));

/* Who wants to hear that the process of an object has gone. The structure is the caller's until `gone` has run or the watch was
 * ended; it keeps the connection, not the object. */
typedef struct RemoteWatch RemoteWatch;
struct RemoteWatch {
  void (*gone)(RemoteWatch *watch); /* once, on any thread; must not wait */
  /* Of the importer. */
  RemoteWatch *next;
  void *home;
};
/* S_FALSE: it has gone already; E_INVALIDARG: it is not in another process. Neither is watched. */
OLEANDER_API(HRESULT, remote_watch, (IUnknown * object, RemoteWatch *watch));
/* False: `gone` has run, or is just running. */
OLEANDER_API(bool, remote_unwatch, (RemoteWatch * watch));

/* Whether others have references to objects of this process, or are calling them. Table marshals do not count: a class object
 * that is merely registered has no clients. Neither does type information. */
bool remote_has_clients(void);

/* For a server that is about to end: from here on nobody gets references to what is exported already, and is told
 * RPC_E_INVALID_OBJECT, so that he looks for another process. False: there are clients, and all is as it was. */
bool remote_close(void);

/* The server goes on after all. */
void remote_open(void);

/* A reference for the other end of a channel from another host, as task memory, and what its exporter is known by there. */
struct HostEndpoint;
HRESULT remote_export_for_host(IUnknown *object, REFIID iid, struct RpcChannel *channel, uint8_t **bytes,
                               uint32_t *size, uint64_t *oxid, struct HostEndpoint *endpoint);

/* What of this process others can reach. */
typedef struct RemoteFacts {
  uint32_t objects, interfaces; /* that are known outside of their apartments */
  uint64_t references;          /* to them */
  uint32_t clients;             /* processes that are connected to an apartment, each counted for each */
} RemoteFacts;
void remote_facts(RemoteFacts *facts);

#endif
