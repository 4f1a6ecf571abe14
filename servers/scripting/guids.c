/* The identifiers of the Scripting library, defined once. */
#include <initguid.h>

#include "scripting_internal.h"
