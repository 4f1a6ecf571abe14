/* Names of hosts to addresses (tcp_resolve.h): a name server may take its time, so a thread of its own asks, which is left alone
 * when nobody waits for it any more. */
#include "remote/rpc/tcp_resolve.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "com/com_api.h"

typedef struct Question {
  _Atomic unsigned references; /* who asks, and the thread */
  _Atomic bool answered;
  int event; /* readable when it is answered */
  int error; /* of getaddrinfo */
  struct addrinfo *addresses;
  char port[8];
  char host[];
} Question;

static int look_up(const char *host, const char *port, int flags, struct addrinfo **addresses) {
  struct addrinfo wanted = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV };
  *addresses = NULL;
  return getaddrinfo(host, port, &wanted, addresses);
}

static void question_release(Question *question) {
  if (atomic_fetch_sub(&question->references, 1) != 1)
    return;
  if (question->addresses)
    freeaddrinfo(question->addresses);
  close(question->event);
  free(question);
}

static void *ask(void *context) {
  Question *question = context;
  question->error = look_up(question->host, question->port, AI_ADDRCONFIG, &question->addresses);
  if (question->error == EAI_NONAME || question->error == EAI_ADDRFAMILY)
    question->error = look_up(question->host, question->port, 0, &question->addresses); /* the loopback's only */
  atomic_store(&question->answered, true);
  (void)!write(question->event, &(uint64_t){ 1 }, sizeof(uint64_t));
  question_release(question);
  return NULL;
}

static bool is_answered(void *question) {
  return atomic_load(&((Question *)question)->answered);
}

static Question *question_begin(const char *host, const char *port) {
  Question *question = calloc(1, sizeof *question + strlen(host) + 1);
  pthread_attr_t attributes;
  pthread_t thread;
  if (!question)
    return NULL;
  strcpy(question->host, host);
  snprintf(question->port, sizeof question->port, "%s", port);
  question->references = 2;
  question->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  Credentials *aside = credentials_put_aside();
  bool begun = question->event >= 0 && pthread_create(&thread, &attributes, ask, question) == 0;
  credentials_take_back(aside);
  pthread_attr_destroy(&attributes);
  if (begun)
    return question;
  if (question->event >= 0)
    close(question->event);
  free(question);
  return NULL;
}

static HRESULT raise_unknown(const char *host, int error) {
  return error_raise(HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE), "Oleander", "The host %s is not known: %s", host,
                     gai_strerror(error));
}

HRESULT tcp_resolve(const char *host, uint16_t port, int64_t deadline, struct addrinfo **addresses) {
  char text[8];
  snprintf(text, sizeof text, "%u", port);
  if (look_up(host, text, AI_NUMERICHOST, addresses) == 0)
    return S_OK;
  Question *question = question_begin(host, text);
  if (!question)
    return E_OUTOFMEMORY;
  struct pollfd beside = { .fd = question->event, .events = POLLIN };
  HRESULT status = S_OK;
  if (!apartment_wait_beside(&beside, 1, is_answered, question, deadline)) {
    status = error_raise(RPC_E_TIMEOUT, "Oleander", "The name of the host %s was not found in time", host);
  } else if (question->error) {
    status = raise_unknown(host, question->error);
  } else {
    *addresses = question->addresses;
    question->addresses = NULL;
  }
  question_release(question);
  return status;
}
