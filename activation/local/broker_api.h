/* What processes and the COM service (broker/) say to each other: plain calls on a private interface, over the socket "broker" of
 * the runtime directory. Numbers are little endian; a blob is its size and its bytes, padded to 4; a text is a blob of UTF-8.
 * Every answer begins with an HRESULT; where that is an error a text follows, else what stands beside the call.
 *
 * A registration lasts as long as the connection it came over: each apartment has its own. */
#ifndef OLEANDER_ACTIVATION_BROKER_API_H
#define OLEANDER_ACTIVATION_BROKER_API_H

#include "com/com_api.h"

#define BROKER_SOCKET "broker"

extern const IID IID_OleanderBroker;

/* `scope` says whose classes are meant: those of the registry with these layers. References are marshaled for a table. */
typedef enum BrokerCall {
  BROKER_HELLO,           /* scope: text, program: text -> version. The first call of a connection */
  BROKER_REGISTER_CLASS,  /* clsid, REGCLS flags, reference: blob, token (0: none) -> cookie */
  BROKER_REVOKE_CLASS,    /* cookie */
  BROKER_SUSPEND_CLASSES, /* all of the process, and those to come: no further clients */
  BROKER_RESUME_CLASSES,  /* all of the process */
  BROKER_GET_CLASS_OBJECT, /* clsid, BrokerLaunch, AppID: text (of a surrogate, else empty) -> reference: blob, pid, cookie */
  BROKER_CLASS_IS_GONE, /* cookie: its server does not answer; so that nobody else is sent there */
  BROKER_REGISTER_RUNNING, /* key: blob, moniker: blob, reference: blob, time: 2 numbers -> cookie, whether there was one */
  BROKER_REVOKE_RUNNING, /* cookie */
  BROKER_CHANGE_TIME,    /* cookie, time */
  BROKER_GET_RUNNING,    /* key: blob -> reference: blob, time; MK_E_UNAVAILABLE */
  BROKER_ENUM_RUNNING,   /* -> count, count times (moniker: blob, pid); none of the caller's own */
  BROKER_STATUS, /* -> three lists with their counts: processes (pid, program, scope), classes (clsid, pid, flags, 1 if
                              suspended), running objects (moniker: blob, pid) */
  BROKER_AWAIT_QUESTION, /* -> number; answered when somebody wants to know what the process does */
  BROKER_TELL,           /* number, facts: blob; to that question. One way */
  BROKER_ASK_ALL,        /* -> count, count times (pid, facts: blob), of those who have answered in a moment */
  BROKER_AWAIT_USE, /* token; answered when the class object that is registered with it next has been given away for good
                            (REGCLS_SINGLEUSE): before the client has it, so that whoever kills the service comes too late */
  BROKER_AWAIT_LOAD, /* HRESULT and clsid of what it has loaded last (GUID_NULL: nothing) -> clsid; of a surrogate, answered when
                            a client wants a class of its application. E_INVALIDARG: the service has not started it */
  BROKER_HOST, /* -> port on which it listens for other hosts (0: it does not), address: text (empty: all) */
  BROKER_ANNOUNCE, /* OXID (2 numbers), port, level: other hosts reach that exporter there, as long as the connection lasts */
  BROKER_PINGS /* OIDs: blob -> for each the milliseconds since it was last pinged (0xFFFFFFFF: nobody holds it) */
} BrokerCall;

/* Facts: objects, interfaces, references (2 numbers), clients; calls under way: count, count times (1 if the peer waits, else 0;
 * pid of the peer, interface: GUID, method). */

#define BROKER_VERSION 1

/* Instead of an AppID: the program has the service manager start the server, and ends when that is ready. */
#define BROKER_SERVICE "service"

/* BrokerLaunch: what to start where nobody has the class: seconds to wait, count of arguments (0: nothing can be started),
 * arguments: texts, count of variables, variables: texts NAME=VALUE. */

typedef struct BrokerWriter {
  uint8_t *data; /* for free() */
  size_t size, capacity;
  bool failed; /* out of memory */
} BrokerWriter;

void broker_put_u64(BrokerWriter *writer, uint64_t value); /* 2 numbers */
void broker_put_u32(BrokerWriter *writer, uint32_t value);
void broker_put_guid(BrokerWriter *writer, REFGUID guid);
void broker_put_bytes(BrokerWriter *writer, const void *bytes, size_t size); /* and nothing else */
void broker_put_blob(BrokerWriter *writer, const void *bytes, size_t size);
void broker_put_text(BrokerWriter *writer, const char *text);

/* A blob in place; *size 0 and the cursor failed where it is damaged. */
const uint8_t *broker_get_blob(Cursor *cursor, size_t *size);
/* A copy for free(); NULL: damaged (with a zero in it), or out of memory, and the cursor has failed. */
char *broker_get_text(Cursor *cursor);

#endif
