/* The file of logins (login.h). It is read each time: what it says may change while the process runs. */
#include "remote/security/login.h"

#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"
#include "remote/security/secret.h"
#include "remote/security/secret_file.h"

#define ERROR_SOURCE "Oleander"

static bool part_equal(const char *part, size_t size, const char *text) {
  char *copy = strndup(part, size);
  bool equal = copy && caseless_equal_utf8(copy, text);
  free(copy);
  return equal;
}

/* How well a line answers the question: 0, not at all. */
static unsigned fitness(const LoginLine *line, const char *domain, const char *user) {
  if (!*user)
    return 1;
  if (!part_equal(line->user, line->user_size, user))
    return 0;
  if (part_equal(line->domain, line->domain_size, domain))
    return 2;
  return !*domain || !line->domain_size ? 1 : 0;
}

static HRESULT identity_of(const LoginLine *line, const char *domain, Identity **identity) {
  char *own = line->domain_size ? strndup(line->domain, line->domain_size) : strdup(domain);
  char *user = strndup(line->user, line->user_size);
  char *password = secret_text(line->password, line->password_size);
  *identity = own && user && password ? identity_create(own, user, password) : NULL;
  free(own);
  free(user);
  secret_release(password);
  return *identity ? S_OK : E_OUTOFMEMORY;
}

static HRESULT find(const char *path, const char *text, size_t size, const char *domain, const char *user,
                    Identity **identity) {
  SecretLines lines = { .text = text, .size = size };
  LoginLine best = { 0 };
  unsigned best_fitness = 0;
  const char *line;
  size_t length;
  while (secret_lines_next(&lines, &line, &length)) {
    LoginLine login;
    if (!login_line_read(line, length, &login))
      return error_raise(E_INVALIDARG, ERROR_SOURCE,
                         "The file of logins %s (OLEANDER_LOGIN), line %u: DOMAIN:user:password is expected", path,
                         lines.number);
    unsigned fits = fitness(&login, domain, user);
    if (fits > best_fitness) {
      best = login;
      best_fitness = fits;
    }
  }
  return best_fitness ? identity_of(&best, domain, identity) : S_FALSE;
}

HRESULT login_find(const char *domain, const char *user, Identity **identity) {
  const char *path = secure_getenv("OLEANDER_LOGIN");
  char *text;
  size_t size;
  *identity = NULL;
  if (!path || !*path)
    return S_FALSE;
  HRESULT status = secret_file_read(path, "file of logins (OLEANDER_LOGIN)", &text, &size);
  if (FAILED(status))
    return status;
  status = find(path, text, size, domain, user, identity);
  secret_release(text);
  return status;
}
