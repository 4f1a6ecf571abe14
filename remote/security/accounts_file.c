/* The accounts of a host (accounts_file.h). */
#include "remote/security/accounts_file.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"
#include "remote/security/crypto.h"
#include "remote/security/secret.h"
#include "remote/security/secret_file.h"

#define ERROR_SOURCE "Oleander"

typedef struct Line {
  char *domain, *user;
} Line;

typedef uint8_t Hash[16];

/* Only the hashes lie in memory for secrets: there nobody who looks for leaks would see pointers. */
struct AccountsFile {
  Line *lines;
  Hash *hashes; /* of the lines */
  size_t count, capacity;
};

bool account_hash(const char *password, size_t size, uint8_t hash[16]) {
  size_t units = utf16_length(password, size);
  char16_t *wide = units == UNICODE_INVALID ? NULL : malloc((units + 1) * sizeof *wide);
  if (!wide)
    return false;
  utf16_from_utf8(password, size, wide);
  crypto_md4(wide, units * sizeof *wide, hash);
  secret_wipe(wide, units * sizeof *wide);
  free(wide);
  return true;
}

static HRESULT grow(AccountsFile *accounts) {
  size_t capacity = accounts->capacity ? accounts->capacity * 2 : 8;
  Line *lines = realloc(accounts->lines, capacity * sizeof *lines);
  if (!lines)
    return E_OUTOFMEMORY;
  accounts->lines = lines;
  Hash *hashes = secret_alloc(capacity * sizeof *hashes);
  if (!hashes)
    return E_OUTOFMEMORY;
  if (accounts->count)
    memcpy(hashes, accounts->hashes, accounts->count * sizeof *hashes);
  secret_release(accounts->hashes);
  accounts->hashes = hashes;
  accounts->capacity = capacity;
  return S_OK;
}

static HRESULT add(AccountsFile *accounts, const char *text, size_t size) {
  LoginLine login;
  if (!login_line_read(text, size, &login))
    return E_INVALIDARG;
  if (accounts->count == accounts->capacity && FAILED(grow(accounts)))
    return E_OUTOFMEMORY;
  uint8_t *hash = accounts->hashes[accounts->count];
  Line *line = &accounts->lines[accounts->count++];
  *line = (Line){ .domain = strndup(login.domain, login.domain_size), .user = strndup(login.user, login.user_size) };
  bool good = line->domain && line->user && account_hash(login.password, login.password_size, hash);
  return good ? S_OK : E_OUTOFMEMORY;
}

void accounts_file_close(AccountsFile *accounts) {
  if (!accounts)
    return;
  for (size_t i = 0; i < accounts->count; i++) {
    free(accounts->lines[i].domain);
    free(accounts->lines[i].user);
  }
  free(accounts->lines);
  secret_release(accounts->hashes);
  free(accounts);
}

HRESULT accounts_file_parse(const char *text, size_t size, AccountsFile **accounts, unsigned *line) {
  AccountsFile *made = calloc(1, sizeof *made);
  HRESULT status = made ? S_OK : E_OUTOFMEMORY;
  SecretLines lines = { .text = text, .size = size };
  const char *begin;
  size_t length;
  *accounts = NULL;
  while (SUCCEEDED(status) && secret_lines_next(&lines, &begin, &length))
    status = add(made, begin, length);
  if (line)
    *line = lines.number;
  if (FAILED(status))
    accounts_file_close(made);
  else
    *accounts = made;
  return status;
}

HRESULT accounts_file_open(const char *path, AccountsFile **accounts) {
  char *text;
  size_t size;
  unsigned line = 0;
  *accounts = NULL;
  if (!crypto_ready())
    return error_raise(HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_SERVICE), ERROR_SOURCE, "%s", crypto_missing());
  HRESULT status = secret_file_read(path, "file of accounts", &text, &size);
  if (SUCCEEDED(status)) {
    status = accounts_file_parse(text, size, accounts, &line);
    if (status == E_INVALIDARG)
      error_raise(status, ERROR_SOURCE, "The file of accounts %s, line %u: DOMAIN:user:password is expected", path,
                  line);
  }
  secret_release(text);
  return status;
}

bool accounts_file_find(const AccountsFile *accounts, const char *domain, const char *user, Account *account) {
  const Line *found = NULL;
  for (size_t i = 0; i < accounts->count; i++) {
    const Line *line = &accounts->lines[i];
    if (!caseless_equal_utf8(line->user, user))
      continue;
    bool same = caseless_equal_utf8(line->domain, domain);
    if (same || (!found && (!*domain || !*line->domain)))
      found = line;
    if (same)
      break;
  }
  if (found)
    *account = (Account){ found->domain, found->user, accounts->hashes[found - accounts->lines] };
  return found;
}

/* Of the process */

static AccountsFile *_Atomic of_process;

void accounts_set(AccountsFile *accounts) {
  atomic_store(&of_process, accounts); /* contexts may still use those before */
}

static void open_named(void) {
  const char *path = secure_getenv("OLEANDER_USERS");
  AccountsFile *accounts = NULL;
  if (!path || !*path || atomic_load(&of_process))
    return;
  if (SUCCEEDED(accounts_file_open(path, &accounts)))
    atomic_store(&of_process, accounts);
  else
    SetErrorInfo(0, NULL);
}

const AccountsFile *accounts_of_process(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_named);
  return atomic_load(&of_process);
}
