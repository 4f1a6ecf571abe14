/* A folder of its own for a test, and small files in it. */
#ifndef OLEANDER_TESTS_SCRATCH_H
#define OLEANDER_TESTS_SCRATCH_H

#include <wtypesbase.h>

/* Makes an empty folder below the build's temporary folder and gives its path (static). */
const char *scratch_make(void);

/* Removes it with all that is in it. */
void scratch_remove(void);

/* Writes text to the file `name` in it, making folders on the way; gives the path (static, until the next call). */
const char *scratch_write(const char *name, const char *text);

/* The path of `name` in it (static, until the next call). */
const char *scratch_path(const char *name);

/* The same in UTF-16, as the functions of COM want it. */
const OLECHAR *scratch_wide(const char *name);

/* What comes before and after a group of tests that needs no more than the folder. */
int scratch_begin(void **state);
int scratch_end(void **state);

/* The contents of the file, for free(), or NULL. */
char *scratch_read(const char *name);

#endif
