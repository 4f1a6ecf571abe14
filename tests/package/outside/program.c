/* The server in C as a program: its classes live in a process of their own. */
#include <oleander_server.h>

OLEANDER_PROGRAM(outside_module)
