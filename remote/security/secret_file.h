/* Files with secrets: they must be their owner's alone. */
#ifndef OLEANDER_REMOTE_SECURITY_SECRET_FILE_H
#define OLEANDER_REMOTE_SECURITY_SECRET_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <objbase.h>

/* The whole of a file of lines; `what` it is, for the errors ("file of accounts"). *text is for secret_release. E_ACCESSDENIED: others may
 * read or write it, or it is neither ours nor root's. */
HRESULT secret_file_read(const char *path, const char *what, char **text, size_t *size);

/* Its lines one after another, without those that are empty or begin with #. */
typedef struct SecretLines {
  const char *text;
  size_t size, at;
  unsigned number; /* of the line, from 1 */
} SecretLines;
bool secret_lines_next(SecretLines *lines, const char **line, size_t *length);

/* DOMAIN:user:password, in place; the domain may be empty. False: the line is none of these. */
typedef struct LoginLine {
  const char *domain, *user, *password;
  size_t domain_size, user_size, password_size;
} LoginLine;
bool login_line_read(const char *line, size_t length, LoginLine *login);

#endif
