/* Kerberos through GSSAPI (kerberos.h). Tickets come from the credential cache of the process or from a password, keys from its keytab; the
 * library looks after replay and order. */
#include "remote/security/kerberos.h"

#include <oleander_registry.h>

#include "com/com_api.h"
#include "remote/security/gss.h"
#include "remote/security/permission.h"
#include "remote/security/secret.h"

#define ERROR_SOURCE "Oleander"

#ifdef OLEANDER_GSSAPI

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gss_OID_desc krb5_mechanism = { 9, (void *)"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02" };
static gss_OID_set_desc krb5_mechanisms = { 1, &krb5_mechanism };
static gss_OID_desc name_type_user = { 10, (void *)"\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x01" };
static gss_OID_desc name_type_principal = { 10, (void *)"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01" };

typedef enum Stage { STAGE_BEGIN, STAGE_DONE, STAGE_FAILED } Stage;

typedef struct Kerberos {
  SecurityContext context;
  Stage stage;
  bool serves;
  gss_ctx_id_t handle;
  gss_cred_id_t credentials;
  gss_name_t target;
  OM_uint32 wanted;
} Kerberos;

static Kerberos *kerberos_of(SecurityContext *context) {
  return OBJECT_CONTAINER(context, Kerberos, context);
}

/* Names */

static bool import_name(const char *text, gss_OID type, gss_name_t *name) {
  OM_uint32 minor;
  gss_buffer_desc buffer = { strlen(text), (void *)(uintptr_t)text };
  return gss.gss_import_name(&minor, &buffer, type, name) == GSS_S_COMPLETE;
}

/* The domain of accounts of the realm: the setting KerberosDomain of the machine, which may be empty, else the realm's first label. */
static char *domain_of(const char *realm) {
  OleanderRegistryKey *key;
  const char *said;
  char *domain = NULL;
  if (oleander_registry_open(MACHINE_KEY, &key) == S_OK) {
    if (oleander_registry_string(key, NULL, "KerberosDomain", &said) == S_OK)
      domain = strdup(said);
    oleander_registry_close(key);
  }
  return domain ? domain : strndup(realm, strcspn(realm, "."));
}

/* "user@REALM"; a service or a host has a slash, which is part of its name. */
static bool take_name(Kerberos *kerberos, gss_name_t name) {
  OM_uint32 minor;
  gss_buffer_desc text = { 0, NULL };
  if (gss.gss_display_name(&minor, name, &text, NULL) != GSS_S_COMPLETE)
    return false;
  char *whole = strndup(text.value, text.length);
  gss.gss_release_buffer(&minor, &text);
  char *at = whole ? strrchr(whole, '@') : NULL;
  if (at && at != whole && strlen(whole) == (size_t)(at - whole) + 1 + strlen(at + 1)) {
    kerberos->context.user = strndup(whole, (size_t)(at - whole));
    kerberos->context.domain = domain_of(at + 1);
  }
  free(whole);
  return kerberos->context.user && kerberos->context.domain;
}

/* Credentials */

static bool have_tickets(void) {
  OM_uint32 minor, seconds = 0;
  gss_cred_id_t credentials = GSS_C_NO_CREDENTIAL;
  bool found = gss.gss_acquire_cred(&minor, GSS_C_NO_NAME, 0, &krb5_mechanisms, GSS_C_INITIATE, &credentials, NULL,
                                    &seconds) == GSS_S_COMPLETE;
  if (credentials)
    gss.gss_release_cred(&minor, &credentials);
  return found && seconds > 0;
}

HRESULT kerberos_check_client(const Identity *identity) {
  if (!gss_ready())
    return error_raise(HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_SERVICE), ERROR_SOURCE, "%s", gss_missing());
  return identity || have_tickets() ? S_OK : SEC_E_NO_CREDENTIALS;
}

/* Asked once: a keytab that comes later needs a new process. */
static void find_keys(bool *found) {
  OM_uint32 minor;
  gss_cred_id_t credentials = GSS_C_NO_CREDENTIAL;
  *found = gss_ready() && gss.gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &krb5_mechanisms, GSS_C_ACCEPT,
                                               &credentials, NULL, NULL) == GSS_S_COMPLETE;
  if (credentials)
    gss.gss_release_cred(&minor, &credentials);
}

static bool has_keys;

static void find_own_keys(void) {
  find_keys(&has_keys);
}

bool kerberos_serves(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, find_own_keys);
  return has_keys;
}

/* A realm is written in capitals by rule. */
static char *principal_of(const SecurityLogin *login) {
  char *text = NULL;
  int size = *login->domain ? asprintf(&text, "%s@%s", login->user, login->domain) : asprintf(&text, "%s", login->user);
  for (char *c = size >= 0 && *login->domain ? text + strlen(login->user) : NULL; c && *c; c++)
    *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
  return size < 0 ? NULL : text;
}

static bool acquire_by_password(Kerberos *kerberos, const SecurityLogin *login) {
  OM_uint32 minor;
  gss_name_t name = GSS_C_NO_NAME;
  char *principal = principal_of(login);
  gss_buffer_desc password = { strlen(login->password), (void *)(uintptr_t)login->password };
  bool acquired = principal && import_name(principal, &name_type_user, &name) &&
                  gss.gss_acquire_cred_with_password(&minor, name, &password, 0, &krb5_mechanisms, GSS_C_INITIATE,
                                                     &kerberos->credentials, NULL, NULL) == GSS_S_COMPLETE;
  if (name)
    gss.gss_release_name(&minor, &name);
  free(principal);
  return acquired;
}

/* The legs */

/* A token in the frame of a GSSAPI mechanism, as some give it: what is within ([RFC 4121] 4.1, with the mark of an AP-REQ). */
static void unframe(gss_buffer_desc *token) {
  static const uint8_t inner[] = { 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02, 0x01, 0x00 };
  const uint8_t *bytes = token->value;
  if (token->length < 2 || bytes[0] != 0x60)
    return;
  size_t head = 2 + (bytes[1] & 0x80 ? bytes[1] & 0x7Fu : 0);
  if (head > 6 || token->length < head + sizeof inner || memcmp(bytes + head, inner, sizeof inner) != 0)
    return;
  token->value = (void *)(uintptr_t)(bytes + head + sizeof inner);
  token->length -= head + sizeof inner;
}

static bool give(gss_buffer_desc *from, SecurityToken *answer) {
  OM_uint32 minor;
  bool copied = true;
  *answer = (SecurityToken){ 0 };
  if (from->length) {
    answer->data = malloc(from->length);
    copied = answer->data;
    answer->size = copied ? from->length : 0;
    if (copied)
      memcpy(answer->data, from->value, from->length);
  }
  gss.gss_release_buffer(&minor, from);
  return copied;
}

/* How long a signature is: the same for all PDUs, as nothing is padded in DCE style. */
static bool find_signature_size(Kerberos *kerberos) {
  OM_uint32 minor, status;
  uint8_t stub[16] = { 0 };
  bool seals = kerberos->context.seals;
  gss_iov_buffer_desc parts[] = { { seals ? GSS_IOV_BUFFER_TYPE_HEADER : GSS_IOV_BUFFER_TYPE_MIC_TOKEN, { 0, NULL } },
                                  { GSS_IOV_BUFFER_TYPE_DATA, { sizeof stub, stub } } };
  status = seals ? gss.gss_wrap_iov_length(&minor, kerberos->handle, 1, GSS_C_QOP_DEFAULT, NULL, parts, 2)
                 : gss.gss_get_mic_iov_length(&minor, kerberos->handle, GSS_C_QOP_DEFAULT, parts, 2);
  kerberos->context.signature_size = parts[0].buffer.length;
  return status == GSS_S_COMPLETE && kerberos->context.signature_size <= SECURITY_SIGNATURE_LIMIT;
}

static SecurityProgress end_step(Kerberos *kerberos, OM_uint32 status, OM_uint32 got, gss_buffer_desc *output,
                                 SecurityToken *answer) {
  const OM_uint32 needed =
      GSS_C_DCE_STYLE | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG;
  bool given = give(output, answer), done = status == GSS_S_COMPLETE;
  bool good = given && (done || status == GSS_S_CONTINUE_NEEDED);
  if (good && done)
    good = (got & needed) == needed && find_signature_size(kerberos);
  if (!good) {
    free(answer->data);
    *answer = (SecurityToken){ 0 };
    kerberos->stage = STAGE_FAILED;
    return SECURITY_FAILED;
  }
  if (done)
    kerberos->stage = STAGE_DONE;
  return done ? SECURITY_DONE : SECURITY_MORE;
}

static SecurityProgress step_client(SecurityContext *context, const uint8_t *token, size_t size,
                                    SecurityToken *answer) {
  Kerberos *kerberos = kerberos_of(context);
  OM_uint32 minor, got = 0;
  gss_buffer_desc input = { size, (void *)(uintptr_t)token }, output = { 0, NULL };
  *answer = (SecurityToken){ 0 };
  if (kerberos->stage != STAGE_BEGIN || !token != !kerberos->handle)
    return SECURITY_FAILED;
  OM_uint32 status = gss.gss_init_sec_context(&minor, kerberos->credentials, &kerberos->handle, kerberos->target,
                                              &krb5_mechanism, kerberos->wanted, 0, GSS_C_NO_CHANNEL_BINDINGS,
                                              token ? &input : GSS_C_NO_BUFFER, NULL, &output, &got, NULL);
  return end_step(kerberos, status, got, &output, answer);
}

static SecurityProgress step_server(SecurityContext *context, const uint8_t *token, size_t size,
                                    SecurityToken *answer) {
  Kerberos *kerberos = kerberos_of(context);
  OM_uint32 minor, got = 0;
  gss_name_t name = GSS_C_NO_NAME;
  gss_buffer_desc input = { size, (void *)(uintptr_t)token }, output = { 0, NULL };
  *answer = (SecurityToken){ 0 };
  if (kerberos->stage != STAGE_BEGIN || !token)
    return SECURITY_FAILED;
  if (kerberos->handle == GSS_C_NO_CONTEXT)
    unframe(&input);
  OM_uint32 status = gss.gss_accept_sec_context(&minor, &kerberos->handle, kerberos->credentials, &input,
                                                GSS_C_NO_CHANNEL_BINDINGS, &name, NULL, &output, &got, NULL, NULL);
  SecurityProgress progress = end_step(kerberos, status, got, &output, answer);
  if (progress == SECURITY_DONE) {
    context->impersonation = got & GSS_C_DELEG_FLAG      ? RPC_C_IMP_LEVEL_DELEGATE
                             : got & GSS_C_IDENTIFY_FLAG ? RPC_C_IMP_LEVEL_IDENTIFY
                                                         : RPC_C_IMP_LEVEL_IMPERSONATE;
    if (!take_name(kerberos, name)) {
      kerberos->stage = STAGE_FAILED;
      progress = SECURITY_FAILED;
    }
  }
  if (name)
    gss.gss_release_name(&minor, &name);
  return progress;
}

/* PDUs */

enum { PARTS = 4 };

/* What is only signed goes along where both ends sign headers. */
static int lay_parts(const Kerberos *kerberos, const SecurityPdu *pdu, uint8_t *signature, size_t size,
                     gss_iov_buffer_desc parts[PARTS]) {
  bool headers = kerberos->context.header_signing;
  uint8_t *stub = pdu->data + pdu->head;
  int count = 0;
  parts[count++] = (gss_iov_buffer_desc){ GSS_IOV_BUFFER_TYPE_HEADER, { size, signature } };
  if (headers)
    parts[count++] = (gss_iov_buffer_desc){ GSS_IOV_BUFFER_TYPE_SIGN_ONLY, { pdu->head, pdu->data } };
  parts[count++] = (gss_iov_buffer_desc){ GSS_IOV_BUFFER_TYPE_DATA, { pdu->stub, stub } };
  if (headers)
    parts[count++] = (gss_iov_buffer_desc){ GSS_IOV_BUFFER_TYPE_SIGN_ONLY, { pdu->trailer, stub + pdu->stub } };
  return count;
}

static gss_buffer_desc signed_part(const Kerberos *kerberos, const SecurityPdu *pdu) {
  if (!kerberos->context.header_signing)
    return (gss_buffer_desc){ pdu->stub, pdu->data + pdu->head };
  return (gss_buffer_desc){ pdu->head + pdu->stub + pdu->trailer, pdu->data };
}

static bool sign(Kerberos *kerberos, gss_buffer_desc text, uint8_t *signature, size_t *size) {
  OM_uint32 minor;
  gss_buffer_desc mic = { 0, NULL };
  if (gss.gss_get_mic(&minor, kerberos->handle, GSS_C_QOP_DEFAULT, &text, &mic) != GSS_S_COMPLETE)
    return false;
  bool fits = mic.length <= SECURITY_SIGNATURE_LIMIT;
  *size = fits ? mic.length : 0;
  memcpy(signature, mic.value, *size);
  gss.gss_release_buffer(&minor, &mic);
  return fits;
}

static bool protect(SecurityContext *context, const SecurityPdu *pdu, uint8_t *signature, size_t *size) {
  Kerberos *kerberos = kerberos_of(context);
  OM_uint32 minor;
  int sealed = 0;
  if (kerberos->stage != STAGE_DONE)
    return false;
  if (!pdu->seal)
    return sign(kerberos, signed_part(kerberos, pdu), signature, size);
  gss_iov_buffer_desc parts[PARTS];
  int count = lay_parts(kerberos, pdu, signature, context->signature_size, parts);
  *size = context->signature_size;
  return gss.gss_wrap_iov(&minor, kerberos->handle, 1, GSS_C_QOP_DEFAULT, &sealed, parts, count) == GSS_S_COMPLETE &&
         sealed && parts[0].buffer.length == context->signature_size;
}

static bool unprotect(SecurityContext *context, const SecurityPdu *pdu, const uint8_t *signature, size_t size) {
  Kerberos *kerberos = kerberos_of(context);
  OM_uint32 minor, status;
  uint8_t copy[SECURITY_SIGNATURE_LIMIT];
  int sealed = 0;
  if (kerberos->stage != STAGE_DONE || size > sizeof copy)
    return false;
  memcpy(copy, signature, size);
  if (pdu->seal) {
    gss_iov_buffer_desc parts[PARTS];
    int count = lay_parts(kerberos, pdu, copy, size, parts);
    status = gss.gss_unwrap_iov(&minor, kerberos->handle, &sealed, NULL, parts, count);
    if (status == GSS_S_COMPLETE && sealed)
      return true;
  } else {
    gss_buffer_desc text = signed_part(kerberos, pdu), mic = { size, copy };
    status = gss.gss_verify_mic(&minor, kerberos->handle, &text, &mic, NULL);
    if (status == GSS_S_COMPLETE)
      return true;
  }
  kerberos->stage = STAGE_FAILED; /* also what comes twice, or not in its turn */
  return false;
}

static bool make_mic(SecurityContext *context, const void *data, size_t size, uint8_t *mic, size_t *mic_size) {
  Kerberos *kerberos = kerberos_of(context);
  return kerberos->stage == STAGE_DONE &&
         sign(kerberos, (gss_buffer_desc){ size, (void *)(uintptr_t)data }, mic, mic_size);
}

static bool check_mic(SecurityContext *context, const void *data, size_t size, const uint8_t *mic, size_t mic_size) {
  Kerberos *kerberos = kerberos_of(context);
  OM_uint32 minor;
  gss_buffer_desc text = { size, (void *)(uintptr_t)data }, given = { mic_size, (void *)(uintptr_t)mic };
  return kerberos->stage == STAGE_DONE &&
         gss.gss_verify_mic(&minor, kerberos->handle, &text, &given, NULL) == GSS_S_COMPLETE;
}

static void destroy(SecurityContext *context) {
  Kerberos *kerberos = kerberos_of(context);
  OM_uint32 minor;
  if (kerberos->handle)
    gss.gss_delete_sec_context(&minor, &kerberos->handle, GSS_C_NO_BUFFER);
  if (kerberos->credentials)
    gss.gss_release_cred(&minor, &kerberos->credentials);
  if (kerberos->target)
    gss.gss_release_name(&minor, &kerberos->target);
  free(context->domain);
  free(context->user);
  free(kerberos);
}

static const SecurityMethods client_methods = { step_client, protect, unprotect, make_mic, check_mic, destroy };
static const SecurityMethods server_methods = { step_server, protect, unprotect, make_mic, check_mic, destroy };

SecurityContext *kerberos_client_create(const SecurityLogin *login) {
  Kerberos *kerberos = gss_ready() ? calloc(1, sizeof *kerberos) : NULL;
  if (!kerberos)
    return NULL;
  kerberos->context.methods = &client_methods;
  kerberos->context.impersonation = login->impersonation;
  kerberos->wanted = GSS_C_DCE_STYLE | GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_INTEG_FLAG |
                     GSS_C_CONF_FLAG;
  if (login->impersonation == RPC_C_IMP_LEVEL_DELEGATE)
    kerberos->wanted |= GSS_C_DELEG_FLAG;
  else if (login->impersonation < RPC_C_IMP_LEVEL_IMPERSONATE)
    kerberos->wanted |= GSS_C_IDENTIFY_FLAG;
  bool made = *login->target && import_name(login->target, &name_type_principal, &kerberos->target) &&
              (!login->user || acquire_by_password(kerberos, login));
  if (made)
    return &kerberos->context;
  destroy(&kerberos->context);
  return NULL;
}

SecurityContext *kerberos_server_create(void) {
  OM_uint32 minor;
  Kerberos *kerberos = kerberos_serves() ? calloc(1, sizeof *kerberos) : NULL;
  if (!kerberos)
    return NULL;
  kerberos->context.methods = &server_methods;
  kerberos->serves = true;
  if (gss.gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &krb5_mechanisms, GSS_C_ACCEPT,
                           &kerberos->credentials, NULL, NULL) == GSS_S_COMPLETE)
    return &kerberos->context;
  destroy(&kerberos->context);
  return NULL;
}

#else

HRESULT kerberos_check_client(const Identity *identity) {
  (void)identity;
  return error_raise(HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_SERVICE), ERROR_SOURCE, "%s", gss_missing());
}

bool kerberos_serves(void) {
  return false;
}

SecurityContext *kerberos_client_create(const SecurityLogin *login) {
  (void)login;
  return NULL;
}

SecurityContext *kerberos_server_create(void) {
  return NULL;
}

#endif
