/* Every public header. */
#include <comcat.h>
#include <dispex.h>
#include <initguid.h>
#include <objsafe.h>
#include <ole2.h>
#include <oleauto.h>
#include <olectl.h>
#include <propidl.h>
#include <rpcproxy.h>
#include <unknwn.h>
