/* The same as a local server, whose start is measured. */
#include <oleander_server.h>

extern OleanderModule measured_module;

OLEANDER_PROGRAM(measured_module)
