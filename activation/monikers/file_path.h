/* Paths as file monikers see them: elements between slashes. Backslashes separate too, for monikers that come from Windows. */
#ifndef OLEANDER_FILE_PATH_H
#define OLEANDER_FILE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include <objbase.h>

bool path_is_separator(OLECHAR unit);

/* Begins with a separator, or with a drive. */
bool path_is_absolute(const OLECHAR *path);

/* The path from the root of the file system, on the C heap, or NULL when out of memory. One that begins there stays as it is; of
 * a relative one the steps up at its start are taken off the current folder, whose path has no links. */
OLECHAR *path_from_root(const OLECHAR *path);

/* Steps up ("..") at the start; *rest is set behind them. */
size_t path_steps_up(const OLECHAR *path, const OLECHAR **rest);

/* Where path is equal to other up to the end of an element of both: the number of units, the separator not counted. */
size_t path_common(const OLECHAR *path, const OLECHAR *other);

/* Elements in the path. */
size_t path_elements(const OLECHAR *path);

/* `left` followed by the relative `right`, steps up taken off `left`; on the C heap, or NULL when out of memory. */
OLECHAR *path_join(const OLECHAR *left, const OLECHAR *right);

/* The path that leads `up` elements up and then along `rest`; likewise. */
OLECHAR *path_relative(size_t up, const OLECHAR *rest);

#endif
