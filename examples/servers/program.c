/* The calculator as a local server: a program of its own. */
#include <oleander_server.h>

OLEANDER_PROGRAM(calculator_module)
