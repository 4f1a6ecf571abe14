/* SPNEGO ([RFC 4178]): the ends agree on Kerberos or NTLM, which then does the work. What was negotiated is signed in the end, where the
 * agreement is not what the client likes best, or where either end signs it of itself: nobody in between can have taken something out. */
#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"
#include "remote/security/accounts_file.h"
#include "remote/security/crypto.h"
#include "remote/security/kerberos.h"
#include "remote/security/spnego_messages.h"

#define ERROR_SOURCE "Oleander"

typedef enum Stage { STAGE_BEGIN, STAGE_INNER, STAGE_CHECK, STAGE_DONE, STAGE_FAILED } Stage;

typedef struct Spnego {
  SecurityContext context;
  Stage stage;
  SecurityContext *inner; /* NULL: nothing is agreed on yet */
  SecurityToken list;     /* of mechanisms, as the client has sent it */
  SpnegoMechanism mechanism;
  bool inner_done, needs_mic; /* what was negotiated must be signed */
  bool mic_checked, mic_sent, answered;
  /* The client's. */
  SecurityContext *second; /* NTLM, where Kerberos is tried first; NULL */
  bool kerberos_first;
} Spnego;

static Spnego *spnego_of(SecurityContext *context) {
  return OBJECT_CONTAINER(context, Spnego, context);
}

static SpnegoBytes bytes_of(const SecurityToken *token) {
  return (SpnegoBytes){ token->size ? token->data : NULL, token->size };
}

static bool is_kerberos(SpnegoMechanism mechanism) {
  return mechanism == MECHANISM_KERBEROS || mechanism == MECHANISM_KERBEROS_MS;
}

static SecurityProgress step_inner(Spnego *spnego, const uint8_t *token, size_t size, SecurityToken *answer) {
  SecurityContext *inner = spnego->inner;
  *answer = (SecurityToken){ 0 };
  inner->header_signing = spnego->context.header_signing;
  inner->seals = spnego->context.seals;
  SecurityProgress progress = inner->methods->step(inner, token, size, answer);
  if (progress == SECURITY_DONE) {
    spnego->inner_done = true;
    spnego->context.signature_size = inner->signature_size;
  }
  return progress;
}

static bool put_mic(Spnego *spnego, uint8_t room[SECURITY_SIGNATURE_LIMIT], SpnegoBytes *mic) {
  size_t size = 0;
  if (!spnego->inner->methods->make_mic(spnego->inner, spnego->list.data, spnego->list.size, room, &size))
    return false;
  *mic = (SpnegoBytes){ room, size };
  spnego->mic_sent = true;
  return true;
}

static bool check_mic(Spnego *spnego, SpnegoBytes mic) {
  spnego->mic_checked =
      spnego->inner->methods->check_mic(spnego->inner, spnego->list.data, spnego->list.size, mic.data, mic.size);
  return spnego->mic_checked;
}

/* The server */

static SecurityContext *serve_by(SpnegoMechanism mechanism) {
  if (is_kerberos(mechanism))
    return kerberos_server_create();
  return mechanism == MECHANISM_NTLM && accounts_of_process() ? ntlm_server_create(accounts_of_process()) : NULL;
}

/* The first of the client's that there are keys or accounts for; gives which. */
static unsigned choose(Spnego *spnego, const SpnegoInit *init) {
  unsigned i = 0;
  while (i < init->count && !(spnego->inner = serve_by(init->mechanisms[i])))
    i++;
  if (spnego->inner)
    spnego->mechanism = init->mechanisms[i];
  return i;
}

/* The peer is whom the inner one says. */
static bool know_peer(Spnego *spnego) {
  const SecurityContext *inner = spnego->inner;
  spnego->context.user = strdup(inner->user);
  spnego->context.domain = strdup(inner->domain);
  spnego->context.impersonation = inner->impersonation;
  spnego->context.listed = inner->listed;
  return spnego->context.user && spnego->context.domain;
}

static SecurityProgress respond(Spnego *spnego, SecurityProgress progress, const SecurityToken *token,
                                SecurityToken *answer) {
  uint8_t room[SECURITY_SIGNATURE_LIMIT];
  SpnegoResponse response = { .state = progress == SECURITY_DONE ? SPNEGO_COMPLETED : SPNEGO_INCOMPLETE,
                              .mechanism = spnego->mechanism,
                              .has_mechanism = !spnego->answered,
                              .token = bytes_of(token) };
  if (progress == SECURITY_MORE && !spnego->answered && spnego->needs_mic)
    response.state = SPNEGO_REQUEST_MIC;
  if (progress == SECURITY_DONE && spnego->mic_checked && !put_mic(spnego, room, &response.mic))
    return SECURITY_FAILED;
  spnego->answered = true;
  return spnego_write_response(&response, answer) ? progress : SECURITY_FAILED;
}

/* The inner one is done, and so is all where what was negotiated is signed, or need not be. */
static SecurityProgress conclude(Spnego *spnego, SpnegoBytes mic) {
  if (mic.data && !check_mic(spnego, mic))
    return SECURITY_FAILED;
  if (spnego->needs_mic && !spnego->mic_checked)
    return SECURITY_MORE;
  return know_peer(spnego) ? SECURITY_DONE : SECURITY_FAILED;
}

static SecurityProgress take_init(Spnego *spnego, const uint8_t *bytes, size_t size, SecurityToken *answer) {
  SpnegoInit init;
  SecurityToken token = { 0 };
  if (!spnego_read_init(bytes, size, &init))
    return SECURITY_FAILED;
  unsigned chosen = choose(spnego, &init);
  spnego->list.data = malloc(init.list.size);
  if (!spnego->inner || !spnego->list.data)
    return SECURITY_FAILED;
  memcpy(spnego->list.data, init.list.data, init.list.size);
  spnego->list.size = init.list.size;
  spnego->needs_mic = chosen > 0;
  SecurityProgress progress = SECURITY_MORE;
  if (!chosen && init.token.data) /* else it is for one that was not chosen */
    progress = step_inner(spnego, init.token.data, init.token.size, &token);
  if (progress == SECURITY_DONE)
    progress = conclude(spnego, (SpnegoBytes){ NULL, 0 });
  if (progress != SECURITY_FAILED)
    progress = respond(spnego, progress, &token, answer);
  free(token.data);
  return progress;
}

static SecurityProgress take_response(Spnego *spnego, const uint8_t *bytes, size_t size, SecurityToken *answer) {
  SpnegoResponse response;
  SecurityToken token = { 0 };
  SecurityProgress progress = SECURITY_MORE;
  if (!spnego_read_response(bytes, size, &response) || response.state == SPNEGO_REJECT ||
      (!response.token.data && !response.mic.data) || (response.token.data && spnego->inner_done))
    return SECURITY_FAILED;
  if (response.token.data)
    progress = step_inner(spnego, response.token.data, response.token.size, &token);
  if (progress != SECURITY_FAILED && spnego->inner_done)
    progress = conclude(spnego, response.mic);
  if (progress != SECURITY_FAILED)
    progress = respond(spnego, progress, &token, answer);
  free(token.data);
  return progress;
}

static SecurityProgress end_step(Spnego *spnego, SecurityProgress progress, SecurityToken *answer) {
  if (progress == SECURITY_FAILED) {
    free(answer->data);
    *answer = (SecurityToken){ 0 };
    spnego->stage = STAGE_FAILED;
  } else {
    spnego->stage = progress == SECURITY_DONE ? STAGE_DONE : STAGE_INNER;
  }
  return progress;
}

static SecurityProgress step_server(SecurityContext *context, const uint8_t *token, size_t size,
                                    SecurityToken *answer) {
  Spnego *spnego = spnego_of(context);
  SecurityProgress progress = SECURITY_FAILED;
  *answer = (SecurityToken){ 0 };
  if (spnego->stage == STAGE_BEGIN)
    progress = take_init(spnego, token, size, answer);
  else if (spnego->stage == STAGE_INNER)
    progress = take_response(spnego, token, size, answer);
  return end_step(spnego, progress, answer);
}

/* The client */

static SecurityProgress put_init(Spnego *spnego, SecurityToken *answer) {
  SpnegoMechanism list[3];
  unsigned count = 0;
  SecurityToken token = { 0 };
  if (spnego->kerberos_first) {
    list[count++] = MECHANISM_KERBEROS_MS;
    list[count++] = MECHANISM_KERBEROS;
  }
  if (!spnego->kerberos_first || spnego->second)
    list[count++] = MECHANISM_NTLM;
  spnego->mechanism = list[0];
  SecurityProgress progress = step_inner(spnego, NULL, 0, &token);
  if (progress == SECURITY_FAILED && spnego->second) { /* no ticket: NTLM alone is offered */
    spnego->inner->methods->destroy(spnego->inner);
    spnego->inner = spnego->second;
    spnego->second = NULL;
    spnego->kerberos_first = false;
    return put_init(spnego, answer);
  }
  bool written = progress == SECURITY_MORE && spnego_write_init(list, count, bytes_of(&token), answer, &spnego->list);
  free(token.data);
  return written ? SECURITY_MORE : SECURITY_FAILED;
}

/* The server has chosen. False: what was not offered. */
static bool take_choice(Spnego *spnego, const SpnegoResponse *response) {
  if (!response->has_mechanism || response->mechanism == spnego->mechanism)
    return true;
  if (is_kerberos(response->mechanism) && is_kerberos(spnego->mechanism)) {
    spnego->mechanism = response->mechanism; /* the same by its other number */
    return true;
  }
  if (response->mechanism != MECHANISM_NTLM || !spnego->second || response->token.data)
    return false;
  spnego->inner->methods->destroy(spnego->inner);
  spnego->inner = spnego->second;
  spnego->second = NULL;
  spnego->mechanism = MECHANISM_NTLM;
  spnego->needs_mic = true;
  return true;
}

static SecurityProgress answer_server(Spnego *spnego, const SecurityToken *token, SecurityToken *answer) {
  uint8_t room[SECURITY_SIGNATURE_LIMIT];
  SpnegoResponse response = { .state = SPNEGO_UNSAID, .token = bytes_of(token) };
  bool signs = spnego->inner_done && (spnego->needs_mic || spnego->mechanism == MECHANISM_NTLM);
  if (signs && !spnego->mic_sent && !put_mic(spnego, room, &response.mic))
    return SECURITY_FAILED;
  return spnego_write_response(&response, answer) ? SECURITY_MORE : SECURITY_FAILED;
}

static SecurityProgress take_answer(Spnego *spnego, const uint8_t *bytes, size_t size, SecurityToken *answer) {
  SpnegoResponse response;
  SecurityToken token = { 0 };
  SecurityProgress progress = SECURITY_MORE;
  if (!spnego_read_response(bytes, size, &response) || response.state == SPNEGO_REJECT ||
      !take_choice(spnego, &response) || (response.token.data && spnego->inner_done))
    return SECURITY_FAILED;
  if (response.state == SPNEGO_REQUEST_MIC)
    spnego->needs_mic = true;
  if (!spnego->inner_done) {
    progress = step_inner(spnego, response.token.data, response.token.size, &token);
    if (progress != SECURITY_FAILED)
      progress = answer_server(spnego, &token, answer);
    free(token.data);
    return progress;
  }
  /* The end: a list that was signed is signed back. */
  bool good = response.state == SPNEGO_COMPLETED && (response.mic.data ? check_mic(spnego, response.mic) : true) &&
              (!spnego->needs_mic || spnego->mic_checked);
  return good ? SECURITY_DONE : SECURITY_FAILED;
}

static SecurityProgress step_client(SecurityContext *context, const uint8_t *token, size_t size,
                                    SecurityToken *answer) {
  Spnego *spnego = spnego_of(context);
  SecurityProgress progress = SECURITY_FAILED;
  *answer = (SecurityToken){ 0 };
  if (spnego->stage == STAGE_BEGIN && !token)
    progress = put_init(spnego, answer);
  else if (spnego->stage == STAGE_INNER && token)
    progress = take_answer(spnego, token, size, answer);
  return end_step(spnego, progress, answer);
}

/* Both: the work is the inner one's. */

static bool protect(SecurityContext *context, const SecurityPdu *pdu, uint8_t *signature, size_t *size) {
  Spnego *spnego = spnego_of(context);
  return spnego->stage == STAGE_DONE && spnego->inner->methods->protect(spnego->inner, pdu, signature, size);
}

static bool unprotect(SecurityContext *context, const SecurityPdu *pdu, const uint8_t *signature, size_t size) {
  Spnego *spnego = spnego_of(context);
  return spnego->stage == STAGE_DONE && spnego->inner->methods->unprotect(spnego->inner, pdu, signature, size);
}

static void destroy(SecurityContext *context) {
  Spnego *spnego = spnego_of(context);
  if (spnego->inner)
    spnego->inner->methods->destroy(spnego->inner);
  if (spnego->second)
    spnego->second->methods->destroy(spnego->second);
  free(spnego->list.data);
  free(context->domain);
  free(context->user);
  free(spnego);
}

static const SecurityMethods client_methods = { step_client, protect, unprotect, NULL, NULL, destroy };
static const SecurityMethods server_methods = { step_server, protect, unprotect, NULL, NULL, destroy };

HRESULT spnego_check_client(const Identity *identity) {
  if (identity && crypto_ready())
    return S_OK;
  return kerberos_check_client(identity);
}

SecurityContext *spnego_client_create(const SecurityLogin *login) {
  Spnego *spnego = calloc(1, sizeof *spnego);
  if (!spnego)
    return NULL;
  spnego->context.methods = &client_methods;
  spnego->inner = kerberos_client_create(login);
  spnego->kerberos_first = spnego->inner;
  SecurityContext *ntlm = ntlm_client_create(login);
  if (spnego->inner)
    spnego->second = ntlm;
  else
    spnego->inner = ntlm;
  if (spnego->inner)
    return &spnego->context;
  destroy(&spnego->context);
  return NULL;
}

SecurityContext *spnego_server_create(void) {
  Spnego *spnego = calloc(1, sizeof *spnego);
  if (!spnego)
    return NULL;
  spnego->context.methods = &server_methods;
  return &spnego->context;
}
