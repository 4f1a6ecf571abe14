/* Who a client says it is (blanket.h). */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"
#include "remote/security/crypto.h"
#include "remote/security/login.h"
#include "remote/security/secret.h"

#define ERROR_SOURCE "Oleander"

enum { AUTH_IDENTITY_ANSI = 1, AUTH_IDENTITY_UNICODE = 2 }; /* SEC_WINNT_AUTH_IDENTITY_... */

Identity *identity_create(const char *domain, const char *user, const char *password) {
  const char *slash = *domain ? NULL : strchr(user, '\\');
  size_t domain_size = slash ? (size_t)(slash - user) : strlen(domain);
  const char *name = slash ? slash + 1 : user;
  size_t name_size = strlen(name), password_size = strlen(password);
  Identity *identity = secret_alloc(sizeof *identity + domain_size + name_size + password_size + 3);
  if (!identity)
    return NULL;
  char *own = (char *)(identity + 1), *own_name = own + domain_size + 1, *own_password = own_name + name_size + 1;
  memcpy(own, slash ? user : domain, domain_size);
  memcpy(own_name, name, name_size);
  memcpy(own_password, password, password_size);
  identity->references = 1;
  identity->domain = own;
  identity->user = own_name;
  identity->password = own_password;
  return identity;
}

Identity *identity_addref(Identity *identity) {
  if (identity)
    atomic_fetch_add_explicit(&identity->references, 1, memory_order_relaxed);
  return identity;
}

void identity_release(Identity *identity) {
  if (identity && atomic_fetch_sub(&identity->references, 1) == 1)
    secret_release(identity);
}

bool identity_equal(const Identity *first, const Identity *second) {
  if (first == second)
    return true;
  if (!first || !second || !caseless_equal_utf8(first->domain, second->domain) ||
      !caseless_equal_utf8(first->user, second->user))
    return false;
  size_t size = strlen(first->password);
  return size == strlen(second->password) && secret_equal(first->password, second->password, size);
}

/* COAUTHIDENTITY */

/* Characters of either kind as UTF-8 in memory for secrets; no characters are no text. A zero would end it early. */
static HRESULT text_of(const void *characters, size_t count, bool wide, char **text) {
  *text = NULL;
  if (!characters)
    return S_OK;
  size_t size = wide ? utf8_length(characters, count) : count;
  *text = secret_alloc(size + 1);
  if (!*text)
    return E_OUTOFMEMORY;
  if (wide)
    utf8_from_utf16(characters, count, *text);
  else
    memcpy(*text, characters, size);
  return utf16_length(*text, size) != UNICODE_INVALID && strlen(*text) == size
             ? S_OK
             : error_raise(E_INVALIDARG, ERROR_SOURCE, "the COAUTHIDENTITY has what is no text: a zero, or no UTF-8");
}

typedef struct Texts {
  char *user, *domain, *password;
} Texts;

static HRESULT read_texts(const COAUTHIDENTITY *given, Texts *texts) {
  bool wide = given->Flags & AUTH_IDENTITY_UNICODE;
  HRESULT status = text_of(given->User, given->UserLength, wide, &texts->user);
  if (SUCCEEDED(status))
    status = text_of(given->Domain, given->DomainLength, wide, &texts->domain);
  if (SUCCEEDED(status))
    status = text_of(given->Password, given->PasswordLength, wide, &texts->password);
  return status;
}

static HRESULT find_login(const char *domain, const char *user, Identity **identity) {
  const char *slash = *domain ? NULL : strchr(user, '\\');
  char *own = slash ? strndup(user, (size_t)(slash - user)) : strdup(domain);
  HRESULT status = own ? login_find(own, slash ? slash + 1 : user, identity) : E_OUTOFMEMORY;
  free(own);
  if (status == S_FALSE)
    return error_raise(SEC_E_NO_CREDENTIALS, ERROR_SOURCE,
                       "the user %s is named without a password, and the file of logins that OLEANDER_LOGIN names "
                       "(lines DOMAIN:user:password) has none for him",
                       user);
  return status;
}

static HRESULT make(const Texts *texts, Identity **identity) {
  const char *domain = texts->domain ? texts->domain : "";
  if (!texts->user || !*texts->user)
    return S_FALSE;
  if (!texts->password)
    return find_login(domain, texts->user, identity);
  *identity = identity_create(domain, texts->user, texts->password);
  return *identity ? S_OK : E_OUTOFMEMORY;
}

HRESULT identity_from_auth_identity(const COAUTHIDENTITY *given, Identity **identity) {
  Texts texts = { 0 };
  ULONG kind = given ? given->Flags & (AUTH_IDENTITY_ANSI | AUTH_IDENTITY_UNICODE) : 0;
  *identity = NULL;
  if (!given)
    return S_FALSE;
  if (kind != AUTH_IDENTITY_ANSI && kind != AUTH_IDENTITY_UNICODE)
    return error_raise(E_INVALIDARG, ERROR_SOURCE,
                       "the Flags of a COAUTHIDENTITY are SEC_WINNT_AUTH_IDENTITY_ANSI (1) or _UNICODE (2)");
  HRESULT status = read_texts(given, &texts);
  if (SUCCEEDED(status))
    status = make(&texts, identity);
  secret_release(texts.user);
  secret_release(texts.domain);
  secret_release(texts.password);
  return status;
}
