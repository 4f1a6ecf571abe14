/* What LocalServer32 says, as arguments. */
#ifndef OLEANDER_ACTIVATION_COMMAND_LINE_H
#define OLEANDER_ACTIVATION_COMMAND_LINE_H

#include <oleander_registry.h>

/* The arguments of the class's LocalServer32, ended by NULL, the program as an absolute path; for command_line_free. S_FALSE and
 * NULL: the class has none. */
HRESULT command_line_of_class(const OleanderRegistryKey *key, char ***arguments);
/* The parts of a text: blanks separate, quotes hold together, \" is a quote. NULL: out of memory. */
char **command_line_split(const char *text);
void command_line_free(char **arguments);

#endif
