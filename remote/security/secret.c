/* Memory for secrets (secret.h). */
#include "remote/security/secret.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

/* Before what the caller gets; keeps its alignment. */
typedef struct SecretHead {
  _Alignas(16) size_t size; /* of the whole */
} SecretHead;

void *secret_alloc(size_t size) {
  if (size > SIZE_MAX - sizeof(SecretHead))
    return NULL;
  size += sizeof(SecretHead);
  SecretHead *head = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (head == MAP_FAILED)
    return NULL;
  madvise(head, size, MADV_DONTDUMP);
  mlock(head, size); /* where the limit is used up it may be swapped */
  head->size = size;
  return head + 1;
}

void secret_release(void *memory) {
  if (!memory)
    return;
  SecretHead *head = (SecretHead *)memory - 1;
  size_t size = head->size;
  explicit_bzero(head, size);
  munmap(head, size);
}

char *secret_text(const char *text, size_t size) {
  char *copy = secret_alloc(size + 1);
  if (copy)
    memcpy(copy, text, size);
  return copy;
}
