/* Many processes that hold an object of a server: the company in which a call is measured. */
#ifndef OLEANDER_BENCHMARKS_CROWD_H
#define OLEANDER_BENCHMARKS_CROWD_H

#include <objidl.h>
#include <stdbool.h>

/* Forks `count` processes that wait. Before threads are made. */
bool crowd_start(int count);

/* Each unmarshals the reference in the file, calls the object once and keeps it, one after another; `prepare` (NULL: nobody) puts
 * the reference of each there. Gives how many did. */
int crowd_come(const char *file, bool (*prepare)(const char *file));

/* Ends them and waits for their end. */
void crowd_leave(void);

#endif
