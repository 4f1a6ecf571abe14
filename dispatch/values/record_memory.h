/* Memory of records that VARIANTs own. VariantClear cannot know from a VT_RECORD alone whether its record is memory
 * that Automation allocated or a variable of the caller, so the blocks that Automation made are remembered. */
#ifndef OLEANDER_DISPATCH_RECORD_MEMORY_H
#define OLEANDER_DISPATCH_RECORD_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed task memory of at least one byte, remembered; NULL when out of memory. */
void *record_memory_new(size_t size);

/* Forgets a block that record_memory_new made: it is task memory of the caller now. False for anything else. */
bool record_memory_detach(void *record);

/* Frees a block that record_memory_new made. Anything else is left alone, and the answer is false. */
bool record_memory_free(void *record);

#endif
