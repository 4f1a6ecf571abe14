/* How far two names are from each other, for errors that say what may have been meant. */
#ifndef OLEANDER_DISPATCH_NEAR_NAME_H
#define OLEANDER_DISPATCH_NEAR_NAME_H

#include <stdint.h>

#include <oaidl.h>

/* The mistakes between two names without case: units that are missing, added or others, and neighbours that changed places.
 * More than `most`, or names that are very long: most + 1. */
unsigned near_name_distance(const OLECHAR *first, const OLECHAR *second, unsigned most);

/* How many are taken for a slip in a name: two, one in a short name. */
unsigned near_name_most(const OLECHAR *name);

#endif
