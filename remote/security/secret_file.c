/* Files with secrets (secret_file.h). */
#include "remote/security/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "com/com_api.h"
#include "remote/security/secret.h"

#define ERROR_SOURCE "Oleander"

enum { FILE_LIMIT = 16 << 20 };

static HRESULT check(const char *path, const char *what, const struct stat *facts) {
  if (!S_ISREG(facts->st_mode) || facts->st_size > FILE_LIMIT)
    return error_raise(E_INVALIDARG, ERROR_SOURCE, "%s is no %s", path, what);
  if ((facts->st_uid != geteuid() && facts->st_uid != 0) || facts->st_mode & (S_IRWXG | S_IRWXO))
    return error_raise(E_ACCESSDENIED, ERROR_SOURCE,
                       "The %s %s must be its owner's alone (chmod 600), and ours or root's", what, path);
  return S_OK;
}

static HRESULT read_whole(int file, const char *path, const char *what, char *text, size_t *size) {
  size_t room = *size;
  *size = 0;
  while (*size < room) {
    ssize_t got = read(file, text + *size, room - *size);
    if (got < 0 && errno != EINTR)
      return error_raise(E_FAIL, ERROR_SOURCE, "Cannot read the %s %s: %s", what, path, strerror(errno));
    if (got == 0)
      break;
    *size += got > 0 ? (size_t)got : 0;
  }
  return S_OK;
}

HRESULT secret_file_read(const char *path, const char *what, char **text, size_t *size) {
  struct stat facts;
  *text = NULL;
  *size = 0;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (file < 0)
    return error_raise(errno == EACCES ? E_ACCESSDENIED : HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND), ERROR_SOURCE,
                       "Cannot open the %s %s: %s", what, path, strerror(errno));
  HRESULT status = fstat(file, &facts) == 0 ? check(path, what, &facts) : E_FAIL;
  if (SUCCEEDED(status)) {
    *size = (size_t)facts.st_size;
    *text = secret_alloc(*size + 1);
    status = *text ? read_whole(file, path, what, *text, size) : E_OUTOFMEMORY;
  }
  close(file);
  if (FAILED(status)) {
    secret_release(*text);
    *text = NULL;
  }
  return status;
}

bool secret_lines_next(SecretLines *lines, const char **line, size_t *length) {
  while (lines->at < lines->size) {
    const char *begin = lines->text + lines->at, *end = memchr(begin, '\n', lines->size - lines->at);
    *length = end ? (size_t)(end - begin) : lines->size - lines->at;
    lines->at += *length + 1;
    lines->number++;
    if (*length && begin[*length - 1] == '\r')
      (*length)--;
    *line = begin;
    if (*length && *begin != '#')
      return true;
  }
  return false;
}

bool login_line_read(const char *line, size_t length, LoginLine *login) {
  const char *first = memchr(line, ':', length);
  const char *second = first ? memchr(first + 1, ':', length - (size_t)(first + 1 - line)) : NULL;
  if (!second || second == first + 1 || memchr(line, 0, length) || utf16_length(line, length) == UNICODE_INVALID)
    return false;
  *login = (LoginLine){ line,
                        first + 1,
                        second + 1,
                        (size_t)(first - line),
                        (size_t)(second - first - 1),
                        length - (size_t)(second + 1 - line) };
  return true;
}
