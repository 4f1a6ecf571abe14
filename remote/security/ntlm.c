/* NTLM, version 2 only: three messages show who the client is ([MS-NLMP] 3.1.5.1.2, 3.2.5.1.2), the keys protect what follows. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "com/com_api.h"
#include "remote/security/ntlm_keys.h"
#include "remote/security/secret.h"

#define WANTED                                                                                                         \
  (NTLM_UNICODE | NTLM_REQUEST_TARGET | NTLM_SIGN | NTLM_SEAL | NTLM_NTLM | NTLM_ALWAYS_SIGN | NTLM_EXTENDED |         \
   NTLM_TARGET_INFO | NTLM_VERSION | NTLM_128 | NTLM_KEY_EXCHANGE | NTLM_56)
/* Without these nobody talks to us. */
#define NEEDED (NTLM_UNICODE | NTLM_EXTENDED | NTLM_128)

typedef enum Stage { STAGE_BEGIN, STAGE_CHALLENGED, STAGE_DONE, STAGE_FAILED } Stage;

typedef struct Ntlm {
  SecurityContext context;
  Stage stage;
  bool serves;
  uint32_t flags;
  uint8_t challenge[NTLM_CHALLENGE_SIZE];
  NtlmWriter negotiate, challenge_message; /* for the integrity check */
  NtlmDirection sends, receives;
  /* The server's. */
  const AccountsFile *accounts;
  /* The client's; the texts are UTF-16. */
  char16_t *domain, *user, *target;
  uint8_t *hash; /* of the password; in memory for secrets, until it has been used */
} Ntlm;

static Ntlm *ntlm_of(SecurityContext *context) {
  return OBJECT_CONTAINER(context, Ntlm, context);
}

static NtlmBytes bytes_of(const NtlmWriter *writer) {
  return (NtlmBytes){ writer->data, writer->size };
}

static NtlmBytes bytes_of_text(const char16_t *text) {
  return (NtlmBytes){ (const uint8_t *)text, utf16_units(text) * sizeof *text };
}

static void begin_session(Ntlm *ntlm, const uint8_t session[NTLM_KEY_SIZE]) {
  ntlm_direction_begin(&ntlm->sends, session, ntlm->flags, !ntlm->serves);
  ntlm_direction_begin(&ntlm->receives, session, ntlm->flags, ntlm->serves);
}

/* What was kept for the check is not needed any more. */
static void forget_messages(Ntlm *ntlm) {
  free(ntlm->negotiate.data);
  free(ntlm->challenge_message.data);
  ntlm->negotiate = ntlm->challenge_message = (NtlmWriter){ 0 };
}

static bool give(NtlmWriter *writer, SecurityToken *token) {
  if (writer->failed) {
    free(writer->data);
    return false;
  }
  *token = (SecurityToken){ writer->data, writer->size };
  return true;
}

static uint64_t file_time_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  FILETIME time = file_time_from_timespec(now);
  return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static void put_time(NtlmWriter *writer, uint64_t time) {
  ntlm_put_u32(writer, (uint32_t)time);
  ntlm_put_u32(writer, (uint32_t)(time >> 32));
}

/* The server */

static void put_name(NtlmWriter *writer, unsigned id, const char *name) {
  char16_t *wide = utf16_copy(name);
  if (!wide)
    writer->failed = true;
  else
    ntlm_put_pair(writer, id, wide, utf16_units(wide) * sizeof *wide);
  free(wide);
}

/* The names of the host: the first label in capitals, as NetBIOS has it, and the whole. */
static void host_names(char label[16], char host[256]) {
  if (gethostname(host, 256) != 0 || !*host)
    strcpy(host, "localhost");
  host[255] = 0;
  size_t length = strcspn(host, ".");
  if (length > 15)
    length = 15;
  for (size_t i = 0; i < length; i++)
    label[i] = (char)(host[i] >= 'a' && host[i] <= 'z' ? host[i] - 32 : host[i]);
  label[length] = 0;
}

static void put_pairs(NtlmWriter *writer, const char *label, const char *host) {
  uint64_t now = file_time_now();
  put_name(writer, PAIR_DOMAIN, label);
  put_name(writer, PAIR_COMPUTER, label);
  put_name(writer, PAIR_DNS_DOMAIN, "");
  put_name(writer, PAIR_DNS_COMPUTER, host);
  ntlm_put_u16(writer, PAIR_TIME);
  ntlm_put_u16(writer, 8);
  put_time(writer, now);
  ntlm_put_pair(writer, PAIR_END, "", 0);
}

static void put_challenge(Ntlm *ntlm, NtlmWriter *writer) {
  char label[16], host[256];
  NtlmWriter pairs = { 0 };
  host_names(label, host);
  put_pairs(&pairs, label, host);
  char16_t *name = utf16_copy(label);
  size_t name_size = name ? utf16_units(name) * sizeof *name : 0;
  size_t offset = 48 + NTLM_VERSION_SIZE;
  writer->failed = !name || pairs.failed;
  ntlm_put_begin(writer, 2);
  ntlm_put_field(writer, name_size, &offset);
  ntlm_put_u32(writer, ntlm->flags | NTLM_TARGET_SERVER | NTLM_TARGET_INFO);
  ntlm_put(writer, ntlm->challenge, sizeof ntlm->challenge);
  ntlm_put_zeros(writer, 8);
  ntlm_put_field(writer, pairs.size, &offset);
  ntlm_put_version(writer);
  ntlm_put(writer, name, name_size);
  ntlm_put(writer, pairs.data, pairs.size);
  free(pairs.data);
  free(name);
}

static SecurityProgress take_negotiate(Ntlm *ntlm, const uint8_t *token, size_t size, SecurityToken *answer) {
  NtlmNegotiate negotiate;
  NtlmWriter copy = { 0 };
  if (!ntlm_read_negotiate(token, size, &negotiate) || (negotiate.flags & NEEDED) != NEEDED ||
      !secret_random(ntlm->challenge, sizeof ntlm->challenge))
    return SECURITY_FAILED;
  ntlm->flags = negotiate.flags & (WANTED | NTLM_IDENTIFY);
  ntlm_put(&ntlm->negotiate, token, size);
  put_challenge(ntlm, &ntlm->challenge_message);
  ntlm_put(&copy, ntlm->challenge_message.data, ntlm->challenge_message.size);
  if (ntlm->negotiate.failed || ntlm->challenge_message.failed) {
    free(copy.data);
    return SECURITY_FAILED;
  }
  return give(&copy, answer) ? SECURITY_MORE : SECURITY_FAILED;
}

static char *utf8_of(NtlmBytes text) {
  size_t units = text.size / 2;
  char16_t *copy = calloc(units + 1, sizeof *copy); /* aligned, and with an end */
  if (!copy)
    return NULL;
  memcpy(copy, text.data, units * sizeof *copy);
  char *made = utf16_units(copy) == units ? utf8_copy(copy) : NULL;
  free(copy);
  return made;
}

/* The account is looked for by the names as they came; the peer is called as the account is. */
static bool find_account(Ntlm *ntlm, const NtlmAuthenticate *message, Account *account) {
  char *domain = utf8_of(message->domain), *user = utf8_of(message->user);
  bool found = domain && user && *user && ntlm->accounts && accounts_file_find(ntlm->accounts, domain, user, account);
  if (found) {
    ntlm->context.domain = strdup(*account->domain ? account->domain : domain);
    ntlm->context.user = strdup(account->user);
    found = ntlm->context.domain && ntlm->context.user;
  }
  free(domain);
  free(user);
  return found;
}

/* Of the response of version 2: the pairs of its blob. */
static bool check_blob(NtlmBytes blob, NtlmBytes *pairs, bool *checked) {
  NtlmBytes flags;
  if (blob.size < NTLM_BLOB_HEAD || blob.data[0] != 1 || blob.data[1] != 1)
    return false;
  *pairs = (NtlmBytes){ blob.data + NTLM_BLOB_HEAD, blob.size - NTLM_BLOB_HEAD };
  if (!ntlm_find_pair(*pairs, PAIR_FLAGS, &flags))
    return false;
  *checked = flags.data && flags.size == 4 && little_u32(flags.data) & PAIR_FLAG_CHECKED;
  return true;
}

/* The session key, out of the proof and what the client has chosen. */
static bool accept_key(const NtlmAuthenticate *message, uint8_t session[NTLM_KEY_SIZE]) {
  if (!(message->flags & NTLM_KEY_EXCHANGE))
    return true;
  if (message->key.size != NTLM_KEY_SIZE)
    return false;
  Stream stream;
  uint8_t chosen[NTLM_KEY_SIZE];
  stream_set_key(&stream, session, NTLM_KEY_SIZE);
  memcpy(chosen, message->key.data, sizeof chosen);
  stream_apply(&stream, chosen, sizeof chosen);
  memcpy(session, chosen, sizeof chosen);
  secret_wipe(&stream, sizeof stream);
  secret_wipe(chosen, sizeof chosen);
  return true;
}

/* The same work for an account that is none: time does not tell which there are. */
static bool prove(Ntlm *ntlm, const NtlmAuthenticate *message, NtlmBytes blob, uint8_t session[NTLM_KEY_SIZE]) {
  static const uint8_t nobody[16];
  Account account = { .hash = nobody };
  uint8_t key[NTLM_KEY_SIZE], proof[NTLM_PROOF_SIZE];
  bool known = find_account(ntlm, message, &account);
  if (!ntlm_response_key(account.hash, message->user, message->domain, key))
    return false;
  ntlm_proof(key, ntlm->challenge, blob, proof);
  bool proven = secret_equal(proof, message->nt.data, sizeof proof) && known;
  ntlm_session_key(key, proof, session);
  secret_wipe(key, sizeof key);
  return proven;
}

static SecurityProgress take_authenticate(Ntlm *ntlm, const uint8_t *token, size_t size) {
  NtlmAuthenticate message;
  NtlmBytes pairs;
  uint8_t session[NTLM_KEY_SIZE], check[NTLM_CHECK_SIZE];
  bool checked;
  if (!ntlm_read_authenticate(token, size, &message) || message.nt.size <= 24 || (message.flags & NEEDED) != NEEDED)
    return SECURITY_FAILED;
  NtlmBytes blob = { message.nt.data + NTLM_PROOF_SIZE, message.nt.size - NTLM_PROOF_SIZE };
  if (!check_blob(blob, &pairs, &checked) || (checked && !message.has_check))
    return SECURITY_FAILED;
  bool proven = prove(ntlm, &message, blob, session) && accept_key(&message, session);
  if (proven && checked) {
    ntlm_check(session, bytes_of(&ntlm->negotiate), bytes_of(&ntlm->challenge_message), (NtlmBytes){ token, size },
               check);
    proven = secret_equal(check, token + NTLM_CHECK_OFFSET, sizeof check);
  }
  if (proven) {
    ntlm->context.impersonation =
        (message.flags | ntlm->flags) & NTLM_IDENTIFY ? RPC_C_IMP_LEVEL_IDENTIFY : RPC_C_IMP_LEVEL_IMPERSONATE;
    ntlm->flags = message.flags;
    begin_session(ntlm, session);
  }
  secret_wipe(session, sizeof session);
  return proven ? SECURITY_DONE : SECURITY_FAILED;
}

static SecurityProgress step_server(SecurityContext *context, const uint8_t *token, size_t size,
                                    SecurityToken *answer) {
  Ntlm *ntlm = ntlm_of(context);
  SecurityProgress progress = SECURITY_FAILED;
  *answer = (SecurityToken){ 0 };
  if (ntlm->stage == STAGE_BEGIN)
    progress = take_negotiate(ntlm, token, size, answer);
  else if (ntlm->stage == STAGE_CHALLENGED)
    progress = take_authenticate(ntlm, token, size);
  ntlm->stage = progress == SECURITY_DONE ? STAGE_DONE : progress == SECURITY_MORE ? STAGE_CHALLENGED : STAGE_FAILED;
  if (progress != SECURITY_MORE)
    forget_messages(ntlm);
  return progress;
}

/* The client */

static SecurityProgress put_negotiate(Ntlm *ntlm, SecurityToken *answer) {
  NtlmWriter copy = { 0 };
  ntlm->flags = WANTED | (ntlm->context.impersonation < RPC_C_IMP_LEVEL_IMPERSONATE ? NTLM_IDENTIFY : 0);
  ntlm_put_begin(&ntlm->negotiate, 1);
  ntlm_put_u32(&ntlm->negotiate, ntlm->flags);
  ntlm_put_zeros(&ntlm->negotiate, 16); /* domain and workstation: none */
  ntlm_put_version(&ntlm->negotiate);
  ntlm_put(&copy, ntlm->negotiate.data, ntlm->negotiate.size);
  copy.failed = copy.failed || ntlm->negotiate.failed;
  return give(&copy, answer) ? SECURITY_MORE : SECURITY_FAILED;
}

/* The server's pairs as they are, and what we add; behind the head of the blob. */
static bool put_blob(const Ntlm *ntlm, const NtlmChallenge *challenge, NtlmWriter *blob) {
  static const uint8_t no_channel[16], head[8] = { 1, 1 };
  uint8_t nonce[8];
  NtlmBytes time;
  Cursor pairs = cursor_over(challenge->pairs.data, challenge->pairs.size);
  if (!ntlm_find_pair(challenge->pairs, PAIR_TIME, &time) || !secret_random(nonce, sizeof nonce))
    return false;
  ntlm_put(blob, head, sizeof head);
  if (time.data && time.size == 8)
    ntlm_put(blob, time.data, 8);
  else
    put_time(blob, file_time_now());
  ntlm_put(blob, nonce, sizeof nonce);
  ntlm_put_zeros(blob, 4);
  for (unsigned id; (id = cursor_u16(&pairs)) != PAIR_END;) {
    size_t size = cursor_u16(&pairs);
    const uint8_t *value = cursor_bytes(&pairs, size);
    if (id != PAIR_FLAGS && id != PAIR_TARGET && id != PAIR_CHANNEL)
      ntlm_put_pair(blob, id, value, size);
  }
  ntlm_put_pair(blob, PAIR_FLAGS, (const uint8_t[4]){ PAIR_FLAG_CHECKED }, 4);
  ntlm_put_pair(blob, PAIR_CHANNEL, no_channel, sizeof no_channel);
  NtlmBytes target = bytes_of_text(ntlm->target);
  ntlm_put_pair(blob, PAIR_TARGET, target.data, target.size);
  ntlm_put_pair(blob, PAIR_END, "", 0);
  ntlm_put_zeros(blob, 4);
  return !blob->failed;
}

static void put_authenticate(const Ntlm *ntlm, const uint8_t proof[NTLM_PROOF_SIZE], const NtlmWriter *blob,
                             const uint8_t key[NTLM_KEY_SIZE], NtlmWriter *writer) {
  NtlmBytes domain = bytes_of_text(ntlm->domain), user = bytes_of_text(ntlm->user);
  size_t offset = NTLM_CHECK_OFFSET + NTLM_CHECK_SIZE, domain_at = offset, user_at = domain_at + domain.size;
  size_t lm_at = user_at + user.size, nt_at = lm_at + 24, key_at = nt_at + NTLM_PROOF_SIZE + blob->size;
  ntlm_put_begin(writer, 3);
  ntlm_put_field(writer, 24, &lm_at);
  ntlm_put_field(writer, NTLM_PROOF_SIZE + blob->size, &nt_at);
  ntlm_put_field(writer, domain.size, &domain_at);
  ntlm_put_field(writer, user.size, &user_at);
  ntlm_put_field(writer, 0, &offset);
  ntlm_put_field(writer, NTLM_KEY_SIZE, &key_at);
  ntlm_put_u32(writer, ntlm->flags);
  ntlm_put_version(writer);
  ntlm_put_zeros(writer, NTLM_CHECK_SIZE);
  ntlm_put(writer, domain.data, domain.size);
  ntlm_put(writer, user.data, user.size);
  ntlm_put_zeros(writer, 24); /* the old response: nothing, as there is a better one */
  ntlm_put(writer, proof, NTLM_PROOF_SIZE);
  ntlm_put(writer, blob->data, blob->size);
  ntlm_put(writer, key, NTLM_KEY_SIZE);
}

/* Chooses the session key, and wraps it for the server. */
static bool choose_key(const uint8_t base[NTLM_KEY_SIZE], uint8_t session[NTLM_KEY_SIZE],
                       uint8_t wrapped[NTLM_KEY_SIZE]) {
  Stream stream;
  if (!secret_random(session, NTLM_KEY_SIZE))
    return false;
  memcpy(wrapped, session, NTLM_KEY_SIZE);
  stream_set_key(&stream, base, NTLM_KEY_SIZE);
  stream_apply(&stream, wrapped, NTLM_KEY_SIZE);
  secret_wipe(&stream, sizeof stream);
  return true;
}

static SecurityProgress take_challenge(Ntlm *ntlm, const uint8_t *token, size_t size, SecurityToken *answer) {
  const uint32_t needed = NEEDED | NTLM_KEY_EXCHANGE | NTLM_SIGN | NTLM_SEAL | NTLM_TARGET_INFO;
  NtlmChallenge challenge;
  NtlmWriter blob = { 0 }, writer = { 0 };
  uint8_t key[NTLM_KEY_SIZE], proof[NTLM_PROOF_SIZE], base[NTLM_KEY_SIZE], session[NTLM_KEY_SIZE];
  uint8_t wrapped[NTLM_KEY_SIZE], check[NTLM_CHECK_SIZE];
  if (!ntlm_read_challenge(token, size, &challenge) || (challenge.flags & needed) != needed)
    return SECURITY_FAILED;
  ntlm->flags = (WANTED & challenge.flags) | (ntlm->flags & NTLM_IDENTIFY);
  bool made = put_blob(ntlm, &challenge, &blob) &&
              ntlm_response_key(ntlm->hash, bytes_of_text(ntlm->user), bytes_of_text(ntlm->domain), key);
  if (made) {
    ntlm_proof(key, challenge.challenge, bytes_of(&blob), proof);
    ntlm_session_key(key, proof, base);
    made = choose_key(base, session, wrapped);
  }
  if (made) {
    put_authenticate(ntlm, proof, &blob, wrapped, &writer);
    made = !writer.failed;
  }
  if (made) {
    ntlm_check(session, bytes_of(&ntlm->negotiate), (NtlmBytes){ token, size }, bytes_of(&writer), check);
    memcpy(writer.data + NTLM_CHECK_OFFSET, check, sizeof check);
    begin_session(ntlm, session);
  }
  secret_wipe(key, sizeof key);
  secret_wipe(base, sizeof base);
  secret_wipe(session, sizeof session);
  secret_release(ntlm->hash);
  ntlm->hash = NULL;
  free(blob.data);
  if (!made) {
    free(writer.data);
    return SECURITY_FAILED;
  }
  return give(&writer, answer) ? SECURITY_DONE : SECURITY_FAILED;
}

static SecurityProgress step_client(SecurityContext *context, const uint8_t *token, size_t size,
                                    SecurityToken *answer) {
  Ntlm *ntlm = ntlm_of(context);
  SecurityProgress progress = SECURITY_FAILED;
  *answer = (SecurityToken){ 0 };
  if (ntlm->stage == STAGE_BEGIN && !token)
    progress = put_negotiate(ntlm, answer);
  else if (ntlm->stage == STAGE_CHALLENGED && token)
    progress = take_challenge(ntlm, token, size, answer);
  ntlm->stage = progress == SECURITY_DONE ? STAGE_DONE : progress == SECURITY_MORE ? STAGE_CHALLENGED : STAGE_FAILED;
  if (progress != SECURITY_MORE)
    forget_messages(ntlm);
  return progress;
}

/* Both */

static bool protect(SecurityContext *context, const SecurityPdu *pdu, uint8_t *signature, size_t *size) {
  Ntlm *ntlm = ntlm_of(context);
  if (ntlm->stage != STAGE_DONE || ntlm->sends.sequence == UINT32_MAX)
    return false;
  ntlm_sign(&ntlm->sends, pdu, signature);
  *size = NTLM_SIGNATURE_SIZE;
  return true;
}

static bool unprotect(SecurityContext *context, const SecurityPdu *pdu, const uint8_t *signature, size_t size) {
  Ntlm *ntlm = ntlm_of(context);
  if (ntlm->stage != STAGE_DONE || ntlm->receives.sequence == UINT32_MAX)
    return false;
  if (ntlm_verify(&ntlm->receives, pdu, signature, size))
    return true;
  ntlm->stage = STAGE_FAILED;
  return false;
}

/* The bytes are signed as a PDU is, and no part of a stream. */
static bool make_mic(SecurityContext *context, const void *data, size_t size, uint8_t *mic, size_t *mic_size) {
  SecurityPdu whole = { .data = (uint8_t *)(uintptr_t)data, .stub = size };
  if (!protect(context, &whole, mic, mic_size))
    return false;
  ntlm_direction_restart(&ntlm_of(context)->sends);
  return true;
}

static bool check_mic(SecurityContext *context, const void *data, size_t size, const uint8_t *mic, size_t mic_size) {
  SecurityPdu whole = { .data = (uint8_t *)(uintptr_t)data, .stub = size };
  if (!unprotect(context, &whole, mic, mic_size))
    return false;
  ntlm_direction_restart(&ntlm_of(context)->receives);
  return true;
}

static void destroy(SecurityContext *context) {
  Ntlm *ntlm = ntlm_of(context);
  forget_messages(ntlm);
  free(context->domain);
  free(context->user);
  free(ntlm->domain);
  free(ntlm->user);
  free(ntlm->target);
  secret_release(ntlm->hash);
  secret_wipe(ntlm, sizeof *ntlm);
  free(ntlm);
}

static const SecurityMethods client_methods = { step_client, protect, unprotect, make_mic, check_mic, destroy };
static const SecurityMethods server_methods = { step_server, protect, unprotect, make_mic, check_mic, destroy };

SecurityContext *ntlm_client_create(const SecurityLogin *login) {
  Ntlm *ntlm = login->user && crypto_ready() ? calloc(1, sizeof *ntlm) : NULL;
  if (!ntlm)
    return NULL;
  ntlm->context.methods = &client_methods;
  ntlm->context.impersonation = login->impersonation;
  ntlm->context.signature_size = NTLM_SIGNATURE_SIZE;
  ntlm->domain = utf16_copy(login->domain);
  ntlm->user = utf16_copy(login->user);
  ntlm->target = utf16_copy(login->target);
  ntlm->hash = secret_alloc(DIGEST_SIZE);
  if (ntlm->domain && ntlm->user && ntlm->target && ntlm->hash &&
      account_hash(login->password, strlen(login->password), ntlm->hash))
    return &ntlm->context;
  destroy(&ntlm->context);
  return NULL;
}

SecurityContext *ntlm_server_create(const AccountsFile *accounts) {
  Ntlm *ntlm = crypto_ready() ? calloc(1, sizeof *ntlm) : NULL;
  if (!ntlm)
    return NULL;
  ntlm->context.methods = &server_methods;
  ntlm->context.signature_size = NTLM_SIGNATURE_SIZE;
  ntlm->serves = true;
  ntlm->context.listed = true;
  ntlm->accounts = accounts;
  return &ntlm->context;
}
