/* PROPVARIANT and property sets, under the classic name. */
#ifndef OLEANDER_PROPIDL_H
#define OLEANDER_PROPIDL_H

#include <propidlbase.h>

#endif
