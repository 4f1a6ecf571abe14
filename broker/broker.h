/* The COM service: what its files share. One thread serves everything, out of its queue: no locks. */
#ifndef OLEANDER_BROKER_BROKER_H
#define OLEANDER_BROKER_BROKER_H

#include <stdio.h>

#include "activation/local/broker_api.h"
#include "com/com_api.h"
#include "remote/rpc/rpc_api.h"
#include "remote/security/security_api.h"

typedef struct BrokerClient BrokerClient;
typedef struct UseWatch UseWatch;
typedef struct ClassEntry ClassEntry;
typedef struct Launch Launch;

/* A connection. */
struct BrokerClient {
  BrokerClient *next;
  RpcChannel *channel;
  pid_t pid;
  char *scope, *program;
  bool suspended;       /* its process gives no class objects away */
  RpcRequest *question; /* answered when somebody wants to know what it does; NULL */
  UseWatch *uses;
  Principal *principal; /* whose process it is; NULL: not wanted yet */
  uint32_t asked, told; /* the question that it owes an answer to; that it has answered last */
};

/* A class object that a process has registered. */
struct ClassEntry {
  ClassEntry *next;
  uint32_t cookie;
  BrokerClient *client;
  CLSID clsid;
  uint32_t flags; /* REGCLS */
  bool suspended;
  bool used;       /* REGCLS_SINGLEUSE, and given away */
  RpcRequest *use; /* answered when it is given away for good; NULL: nobody wants to know */
  size_t size;
  uint8_t reference[];
};

/* Who wants to know of the use of a class object that he is going to register. */
struct UseWatch {
  UseWatch *next;
  uint32_t token;
  RpcRequest *request;
};

/* A client that waits for a class object. */
typedef struct Waiting Waiting;
struct Waiting {
  Waiting *next;
  RpcRequest *request;
  BrokerClient *client;
  CLSID clsid;
  uint32_t seconds;
  char **arguments, **variables; /* ended by NULL */
  char *application;             /* AppID of the surrogate; empty: a program for the class alone */
  bool asked;                    /* its surrogate has been told to load the class */
};

/* broker.c */

/* What the connections of clients are served by. */
extern RpcServer broker_server;
BrokerClient *broker_client_of(const RpcRequest *request);
BrokerClient *broker_clients(void);
/* What keeps the service from leaving has changed. */
void broker_activity(void);
void broker_log(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool broker_is_foreground(void);

/* Answers, with the HRESULT that the writer begins with. Frees the writer. */
void broker_answer(RpcRequest *request, BrokerWriter *writer);
void broker_answer_code(RpcRequest *request, HRESULT code);
void broker_answer_error(RpcRequest *request, HRESULT code, const char *text);

/* classes.c */

void classes_register(BrokerClient *client, RpcRequest *request, Cursor *body);
void classes_revoke(BrokerClient *client, RpcRequest *request, Cursor *body);
void classes_suspend(BrokerClient *client, RpcRequest *request, bool suspend);
void classes_get(BrokerClient *client, RpcRequest *request, Cursor *body);
void classes_await_use(BrokerClient *client, RpcRequest *request, Cursor *body);
void classes_gone(RpcRequest *request, Cursor *body);
void classes_leave(BrokerClient *client);
void classes_status(BrokerWriter *writer);
/* Until when requests wait for the servers of a service that has crashed to come again. */
void classes_begin(bool after_crash);
/* Whether clients of the scope can have it. */
bool classes_has(REFCLSID clsid, const char *scope);
/* Answers it if the class object is there. */
bool classes_answer(Waiting *waiting);
void waiting_free(Waiting *waiting);

/* questions.c */

void questions_await(BrokerClient *client, RpcRequest *request);
void questions_ask_all(BrokerClient *client, RpcRequest *request); /* client NULL: another host */
void questions_tell(BrokerClient *client, RpcRequest *request, Cursor *body);
void questions_leave(BrokerClient *client);

/* launch.c */

/* Takes over: answers when its program has registered the class, or has failed. */
void launch_for(Waiting *waiting);
/* A class object may have come. */
void launch_look_again(void);
/* A surrogate asks which class it shall load. */
void launch_await_load(BrokerClient *client, RpcRequest *request, Cursor *body);
void launch_leave(const BrokerClient *client);
bool launch_any(void); /* somebody waits */
void launch_end_all(void);

/* permissions.c */

/* Whether the client may have an object of the class that runs, or have its program started. If not it is answered, and freed. */
bool broker_permits(Waiting *waiting, Permission permission);

/* host_service.c */

/* Listens for other hosts. */
HRESULT host_service_begin(const char *address, uint16_t port);
void host_service_end(void);
void host_service_tell(RpcRequest *request);
void host_service_announce(BrokerClient *client, RpcRequest *request, Cursor *body);
void host_service_pings(RpcRequest *request, Cursor *body);
void host_service_leave(const BrokerClient *client);

/* remote_activation.c: activates for another host, on a thread of its own. */
void remote_activation_serve(RpcRequest *request);
bool remote_activation_is_protected(const RpcRequest *request);
/* Answers BROKER_STATUS. */
void broker_status(RpcRequest *request);

/* endpoint_mapper.c: what is reached on which port ([C706] appendix O). */
void endpoint_mapper_serve(RpcRequest *request, uint16_t port);

/* running.c */

void running_register(BrokerClient *client, RpcRequest *request, Cursor *body);
void running_revoke(BrokerClient *client, RpcRequest *request, Cursor *body);
void running_change_time(RpcRequest *request, Cursor *body);
void running_get(RpcRequest *request, Cursor *body);
void running_enum(const BrokerClient *client, RpcRequest *request);
void running_leave(const BrokerClient *client);
void running_status(BrokerWriter *writer);

#endif
