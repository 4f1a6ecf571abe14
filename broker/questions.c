/* Who asks what all processes do: each process has left a question with the service, which is answered then; what they tell is
 * gathered for a moment. */
#include <stdlib.h>

#include "broker/broker.h"

/* How long they have: one that does not wait for anything does not answer. */
#define TELL_SECONDS 0.5

typedef struct Inquiry Inquiry;
struct Inquiry {
  Inquiry *next;
  uint32_t number;
  BrokerClient *client; /* who asks */
  RpcRequest *request;
  ApartmentTimer timer;
  BrokerWriter facts;
  unsigned asked, told;
};

static Inquiry *inquiries;
static uint32_t last_number;

static void answer(Inquiry *inquiry, HRESULT code) {
  Inquiry **link = &inquiries;
  while (*link != inquiry)
    link = &(*link)->next;
  *link = inquiry->next;
  queue_stop_timer(&inquiry->timer);
  if (FAILED(code) || inquiry->facts.failed) {
    broker_answer_code(inquiry->request, FAILED(code) ? code : E_OUTOFMEMORY);
  } else {
    BrokerWriter writer = { 0 };
    broker_put_u32(&writer, S_OK);
    broker_put_u32(&writer, inquiry->told);
    broker_put_bytes(&writer, inquiry->facts.data, inquiry->facts.size);
    broker_answer(inquiry->request, &writer);
  }
  free(inquiry->facts.data);
  free(inquiry);
}

static void run_timer(ApartmentTimer *timer) {
  answer(OBJECT_CONTAINER(timer, Inquiry, timer), S_OK);
}

void questions_await(BrokerClient *client, RpcRequest *request) {
  if (client->question)
    broker_answer_code(request, E_UNEXPECTED);
  else
    client->question = request;
}

/* A process has a connection for each of its apartments: whichever answers first speaks for it. */
void questions_ask_all(BrokerClient *client, RpcRequest *request) {
  Inquiry *inquiry = calloc(1, sizeof *inquiry);
  if (!inquiry) {
    broker_answer_code(request, E_OUTOFMEMORY);
    return;
  }
  *inquiry = (Inquiry){
    .next = inquiries, .number = ++last_number, .client = client, .request = request, .timer.run = run_timer
  };
  inquiries = inquiry;
  for (BrokerClient *other = broker_clients(); other; other = other->next) {
    RpcRequest *question = other->question;
    other->asked = 0;
    if (!question)
      continue;
    other->question = NULL;
    other->asked = inquiry->number;
    inquiry->asked++;
    BrokerWriter writer = { 0 };
    broker_put_u32(&writer, S_OK);
    broker_put_u32(&writer, inquiry->number);
    broker_answer(question, &writer);
  }
  queue_start_timer(queue_of_thread(), &inquiry->timer, apartment_after(inquiry->asked ? TELL_SECONDS : 0));
}

static Inquiry *find(uint32_t number) {
  Inquiry *inquiry = inquiries;
  while (inquiry && inquiry->number != number)
    inquiry = inquiry->next;
  return inquiry;
}

static bool has_told(const BrokerClient *client) {
  for (const BrokerClient *other = broker_clients(); other; other = other->next) {
    if (other != client && other->pid == client->pid && other->told == client->asked)
      return true;
  }
  return false;
}

/* One that was expected less. */
static void settle(Inquiry *inquiry) {
  if (--inquiry->asked == 0)
    answer(inquiry, S_OK);
}

void questions_tell(BrokerClient *client, RpcRequest *request, Cursor *body) {
  uint32_t number = cursor_u32(body);
  size_t size;
  const uint8_t *facts = broker_get_blob(body, &size);
  bool expected = !body->failed && number && number == client->asked;
  Inquiry *inquiry = expected ? find(number) : NULL;
  if (inquiry && !has_told(client)) {
    inquiry->told++;
    broker_put_u32(&inquiry->facts, (uint32_t)client->pid);
    broker_put_blob(&inquiry->facts, facts, size);
  }
  if (expected) {
    client->told = number;
    client->asked = 0;
  }
  broker_answer_code(request, S_OK);
  if (inquiry)
    settle(inquiry);
}

void questions_leave(BrokerClient *client) {
  if (client->question)
    broker_answer_code(client->question, E_ABORT);
  client->question = NULL;
  Inquiry *owed = client->asked ? find(client->asked) : NULL;
  for (Inquiry *inquiry = inquiries, *next; inquiry; inquiry = next) {
    next = inquiry->next;
    if (inquiry->client != client)
      continue;
    owed = owed == inquiry ? NULL : owed;
    answer(inquiry, E_ABORT);
  }
  if (owed)
    settle(owed);
}
