/* What processes have of each other through the COM service: the room's functions. */
#ifndef OLEANDER_ACTIVATION_LOCAL_H
#define OLEANDER_ACTIVATION_LOCAL_H

#include "activation/activation_internal.h"
#include "activation/local/broker_api.h"
#include "remote/rpc/rpc_api.h"

/* The way to the service (broker_client.c): a connection for each apartment, made when it is needed. */

typedef struct BrokerReply {
  RpcBuffer *buffer;
  Cursor body; /* behind the HRESULT */
} BrokerReply;

/* Asks from the calling thread's apartment, which serves others meanwhile. start: the service is started where there is none;
 * else that is RPC_S_SERVER_UNAVAILABLE as HRESULT. Errors come with IErrorInfo. `body` is freed; the reply, which is set only
 * for success, with broker_reply_free. seconds: until it is given up. */
HRESULT broker_ask(BrokerCall what, BrokerWriter *body, bool start, double seconds, BrokerReply *reply);
/* Finds the service, or starts it, for the calling thread's apartment. */
HRESULT broker_reach(void);
/* Starts a call to the service, which must have been reached, from the calling thread's apartment. False: it is gone. */
bool broker_start_call(RpcCall *call);
/* Asks where the HRESULT is all. */
HRESULT broker_tell(BrokerCall what, BrokerWriter *body, bool start);
void broker_reply_free(BrokerReply *reply);

/* Has the process tell what it does when somebody asks the service (local_facts.c), until the connection ends. */
void broker_answer_questions(RpcChannel *channel);

/* The body of an answer, for free(), to a question without one (local_status.c). S_FALSE: no service runs. */
HRESULT local_ask(BrokerCall what, uint8_t **bytes, size_t *size);

/* Registers again what an apartment has registered: the service that knew it has gone. On a thread of the apartment. */
typedef void BrokerRestore(uint64_t apartment);
/* To be called before the caller adds a hook for the end of apartments, in which it may then still tell the service. */
void broker_add_restore(BrokerRestore *restore);

/* Starts the service (broker_start.c); S_OK where one runs. */
HRESULT broker_start(void);
/* The path of a program that comes with the library, for free(); NULL: it is not there. */
char *program_beside_library(const char *name);

/* References for tables (references.c), as bytes for free(). */

HRESULT reference_marshal(IUnknown *object, REFIID iid, bool strong, uint8_t **bytes, size_t *size);
HRESULT reference_unmarshal(const uint8_t *bytes, size_t size, REFIID iid, void **result);
/* The table lets go of it. Frees the bytes. */
void reference_end(uint8_t *bytes, size_t size);

/* Class objects that others may have (local_classes.c). */

typedef struct LocalClass {
  uint8_t *reference;
  size_t size;
  uint32_t cookie; /* of the service */
} LocalClass;

/* Makes the class object known to other processes; REGCLS flags. token: its number in this process, which class_object_used gets
 * when a REGCLS_SINGLEUSE one has been given away. */
HRESULT local_class_register(REFCLSID clsid, IUnknown *object, DWORD flags, DWORD token, LocalClass *registered);
/* Again, to a service that does not know it. */
HRESULT local_class_restore(REFCLSID clsid, DWORD flags, DWORD token, LocalClass *registered);
/* class_objects.c */
void class_object_used(DWORD token);
void local_class_revoke(LocalClass *registered);
void local_classes_suspend(bool suspend);

/* Running objects (local_running.c). */

typedef struct LocalRunning {
  uint8_t *reference; /* NULL: no other process knows it */
  size_t size;
  uint32_t cookie; /* of the service */
} LocalRunning;

typedef struct RunningFacts {
  const BYTE *key; /* the comparison data */
  ULONG key_size;
  IMoniker *moniker;
  FILETIME changed;
} RunningFacts;

/* Makes it known to other processes. MK_S_MONIKERALREADYREGISTERED: another one with that key is. */
HRESULT local_running_register(const RunningFacts *facts, IUnknown *object, bool strong, LocalRunning *running);
HRESULT local_running_restore(const RunningFacts *facts, LocalRunning *running);
void local_running_revoke(LocalRunning *running);
void local_running_change(const LocalRunning *running, const FILETIME *time);
/* What other processes have: S_OK with the object and time where these are wanted, or S_FALSE. */
HRESULT local_running_get(const BYTE *key, ULONG size, IUnknown **object, FILETIME *time);
/* Their monikers, as an array for free(), each with a reference. */
HRESULT local_running_enum(IMoniker ***monikers, size_t *count);

extern const Activator local_activator; /* local_server.c */
/* Activates a class that the program registers, which is started for it. application: the AppID whose surrogate it is; "". */
HRESULT local_activate_program(const ActivationRequest *request, char *const *arguments, const char *application);

/* Surrogates (surrogate.c): the program for an in-process class, by the application's DllSurrogate, as arguments for
 * command_line_free; S_FALSE and NULL: the class has no surrogate. */
HRESULT surrogate_of_class(const OleanderRegistryKey *key, REFCLSID clsid, char ***arguments, const char **application);

/* Has classes loaded as the service asks for them, on a thread of the calling thread's apartment, as long as that lives
 * (surrogate_loads.c). E_OUTOFMEMORY, or why the service cannot be reached. */
typedef HRESULT SurrogateLoad(void *context, REFCLSID clsid);
HRESULT surrogate_await_loads(SurrogateLoad *load, void *context);

#endif
