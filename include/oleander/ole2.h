/* Everything of COM and Automation, under the name that old sources include. */
#ifndef OLEANDER_OLE2_H
#define OLEANDER_OLE2_H

#include <objbase.h>
#include <oleauto.h>
#include <oleidl.h>

#endif
