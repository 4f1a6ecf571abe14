/* Memory for secrets: it stays out of core dumps and, as far as the system lets it, out of the swap, and is wiped when it goes. */
#ifndef OLEANDER_REMOTE_SECURITY_SECRET_H
#define OLEANDER_REMOTE_SECURITY_SECRET_H

#include <stddef.h>

/* Zeroed, whole pages for each; NULL: no memory. */
void *secret_alloc(size_t size);
void secret_release(void *memory); /* NULL is allowed */
/* Text of that length, with a zero behind it, for secret_release. */
char *secret_text(const char *text, size_t size);

#endif
