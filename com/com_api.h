/* What com/ offers to the folders that stand on it, beyond the public headers. */
#ifndef OLEANDER_COM_API_H
#define OLEANDER_COM_API_H

#include "com/caseless.h"
#include "com/credentials.h"
#include "com/cursor.h"
#include "com/error_causes.h"
#include "com/ending.h"
#include "com/object.h"
#include "com/object_table.h"
#include "com/unicode.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <objbase.h>
#include <oleander_registry.h>

#include "com/apartment/apartment_api.h"

/* GUIDs (guid.c) */

#define GUID_TEXT_UNITS 39 /* "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}" and the zero */

/* Reads exactly {XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}, hexadecimal digits of either case. On failure the fields before
 * the bad character have been stored, as Windows does. */
bool guid_parse(const OLECHAR *text, GUID *guid);

/* The same from UTF-8; a failure leaves *guid alone. */
bool guid_parse_utf8(const char *text, GUID *guid);

/* Writes the 38 characters, upper case, and the zero. */
void guid_format_utf8(REFGUID guid, char out[GUID_TEXT_UNITS]);

/* Times (file_time.c) */

FILETIME file_time_from_timespec(struct timespec time);

/* Large blocks (bulk.c) */

/* As malloc and free, and each can free what the other has made; but large blocks may be kept for the next who asks. Task memory,
 * BSTRs and what calls carry come from here. */
#define BULK_LEAST ((size_t)128 << 10) /* smaller blocks are malloc's and free's */
void *bulk_alloc(size_t size);
void bulk_free(void *block);
/* Gives what is kept back. */
void bulk_forget(void);

/* Errors with a text (error_info.c) */

/* What an IErrorInfo says; all may be NULL or 0. */
typedef struct ErrorFacts {
  const IID *iid; /* of the interface whose method fails */
  const OLECHAR *source, *description, *help_file;
  DWORD help_context;
} ErrorFacts;

/* Sets the thread's IErrorInfo and returns `code`. What there is no memory for is left out. */
HRESULT error_set(HRESULT code, const ErrorFacts *facts);

/* The same with what led to it, bytes (error_causes.h); NULL: nothing. */
HRESULT error_set_with_causes(HRESULT code, const ErrorFacts *facts, BSTR causes);

/* A text for it, for free(): what is not UTF-8 is shown as "?" and not left out. NULL without memory, or for NULL. */
OLECHAR *error_text_wide(const char *text);

/* Sets the thread's IErrorInfo to a description made as by printf (UTF-8) and `source`, and returns `code`. Without
 * memory the slot is only emptied. */
HRESULT error_raise(HRESULT code, const char *source, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The registry store (registry_edit.c) */

/* Names the component that oleander_registry_edit(NULL, ...) means on this thread; NULL ends that. The text must stay
 * until then. Returns the one before. */
const char *registry_set_component(const char *component);

/* The text of a value that has one, %NAME% of a REG_EXPAND_SZ replaced from the environment; for free(). NULL: out of memory.
 * (registry.c) */
char *registry_expanded_text(const OleanderRegistryValue *value);

#endif
