/* IUnknown and IClassFactory, under the classic name. */
#ifndef OLEANDER_UNKNWN_H
#define OLEANDER_UNKNWN_H

#include <unknwnbase.h>
#include <wtypes.h>

#endif
