/* The accounts of a host (accounts_file.h). */
#include "remote/security/accounts_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "com/com_api.h"
#include "remote/security/crypto.h"

#define ERROR_SOURCE "Oleander"

enum { FILE_LIMIT = 16 << 20 };

typedef struct Line {
  char *domain, *user;
  uint8_t hash[16];
} Line;

struct AccountsFile {
  Line *lines;
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

static HRESULT add(AccountsFile *accounts, const char *text, size_t size) {
  const char *first = memchr(text, ':', size);
  const char *second = first ? memchr(first + 1, ':', size - (size_t)(first + 1 - text)) : NULL;
  if (!second || second == first + 1 || memchr(text, 0, size))
    return E_INVALIDARG;
  if (accounts->count == accounts->capacity) {
    size_t capacity = accounts->capacity ? accounts->capacity * 2 : 8;
    Line *lines = calloc(capacity, sizeof *lines);
    if (!lines)
      return E_OUTOFMEMORY;
    if (accounts->count) {
      memcpy(lines, accounts->lines, accounts->count * sizeof *lines);
      secret_wipe(accounts->lines, accounts->count * sizeof *lines);
    }
    free(accounts->lines);
    accounts->lines = lines;
    accounts->capacity = capacity;
  }
  Line *line = &accounts->lines[accounts->count];
  size_t password = size - (size_t)(second + 1 - text);
  if (utf16_length(text, size) == UNICODE_INVALID)
    return E_INVALIDARG;
  *line = (Line){ .domain = strndup(text, (size_t)(first - text)),
                  .user = strndup(first + 1, (size_t)(second - first - 1)) };
  accounts->count++;
  return line->domain && line->user && account_hash(second + 1, password, line->hash) ? S_OK : E_OUTOFMEMORY;
}

void accounts_file_close(AccountsFile *accounts) {
  if (!accounts)
    return;
  for (size_t i = 0; i < accounts->count; i++) {
    free(accounts->lines[i].domain);
    free(accounts->lines[i].user);
  }
  if (accounts->count)
    secret_wipe(accounts->lines, accounts->count * sizeof accounts->lines[0]);
  free(accounts->lines);
  free(accounts);
}

HRESULT accounts_file_parse(const char *text, size_t size, AccountsFile **accounts, unsigned *line) {
  AccountsFile *made = calloc(1, sizeof *made);
  HRESULT status = made ? S_OK : E_OUTOFMEMORY;
  unsigned number = 0;
  *accounts = NULL;
  for (size_t at = 0; at < size && SUCCEEDED(status); number++) {
    const char *begin = text + at, *end = memchr(begin, '\n', size - at);
    size_t length = end ? (size_t)(end - begin) : size - at;
    at += length + 1;
    if (length && begin[length - 1] == '\r')
      length--;
    if (length && *begin != '#')
      status = add(made, begin, length);
  }
  if (line)
    *line = number;
  if (FAILED(status))
    accounts_file_close(made);
  else
    *accounts = made;
  return status;
}

/* The whole file; it is ours alone. */
static HRESULT read_file(const char *path, char **text, size_t *size) {
  struct stat facts;
  *text = NULL;
  *size = 0;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (file < 0)
    return error_raise(errno == EACCES ? E_ACCESSDENIED : HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND), ERROR_SOURCE,
                       "Cannot open the file of accounts %s: %s", path, strerror(errno));
  HRESULT status = S_OK;
  if (fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size > FILE_LIMIT)
    status = error_raise(E_INVALIDARG, ERROR_SOURCE, "%s is no file of accounts", path);
  else if ((facts.st_uid != geteuid() && facts.st_uid != 0) || facts.st_mode & (S_IRWXG | S_IRWXO))
    status = error_raise(E_ACCESSDENIED, ERROR_SOURCE,
                         "The file of accounts %s must be its owner's alone (chmod 600), and ours or root's", path);
  else if (!(*text = malloc((size_t)facts.st_size + 1)))
    status = E_OUTOFMEMORY;
  while (SUCCEEDED(status) && *size < (size_t)facts.st_size) {
    ssize_t got = read(file, *text + *size, (size_t)facts.st_size - *size);
    if (got < 0 && errno != EINTR)
      status = error_raise(E_FAIL, ERROR_SOURCE, "Cannot read the file of accounts %s: %s", path, strerror(errno));
    if (got == 0)
      break;
    *size += got > 0 ? (size_t)got : 0;
  }
  close(file);
  return status;
}

HRESULT accounts_file_open(const char *path, AccountsFile **accounts) {
  char *text;
  size_t size;
  unsigned line = 0;
  *accounts = NULL;
  if (!crypto_ready())
    return error_raise(HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_SERVICE), ERROR_SOURCE, "%s", crypto_missing());
  HRESULT status = read_file(path, &text, &size);
  if (SUCCEEDED(status)) {
    status = accounts_file_parse(text, size, accounts, &line);
    if (status == E_INVALIDARG)
      error_raise(status, ERROR_SOURCE, "The file of accounts %s, line %u: DOMAIN:user:password is expected", path,
                  line);
  }
  if (text)
    secret_wipe(text, size);
  free(text);
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
    *account = (Account){ found->domain, found->user, found->hash };
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
