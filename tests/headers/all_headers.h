/* Every public header. */
#include <comcat.h>
#include <coml2api.h>
#include <dispex.h>
#include <initguid.h>
#include <objsafe.h>
#include <ole2.h>
#include <oleauto.h>
#include <olectl.h>
#include <propidl.h>
#include <rpcproxy.h>
#include <shlwapi.h>
#include <unknwn.h>
