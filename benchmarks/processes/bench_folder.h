/* A runtime directory of a benchmark's own. */
#ifndef BENCH_FOLDER_H
#define BENCH_FOLDER_H

#include <stdbool.h>

/* Makes it, and has this process and what it starts use it: their COM service is another one than the user's, and leaves a second
 * after the last of them. NULL: it cannot be made. */
const char *bench_folder_make(void);

/* Waits for the service and the servers to leave, and removes it. False: something is still there after five seconds; said. */
bool bench_folder_remove(void);

#endif
