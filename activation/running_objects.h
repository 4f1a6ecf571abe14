/* The running object table as monikers use it. */
#ifndef OLEANDER_RUNNING_OBJECTS_H
#define OLEANDER_RUNNING_OBJECTS_H

#include <ole2.h>

/* The comparison data of any moniker, for free(): its IROTData, or else its class and its display name in upper case. The
 * context is asked for the name; NULL makes one. */
HRESULT running_key(IMoniker *moniker, IBindCtx *context, BYTE **data, ULONG *size);

/* What the table of the context (NULL: of the process) says: S_OK or S_FALSE. */
HRESULT running_has(IBindCtx *context, IMoniker *moniker);

/* The time of last change of a running object; MK_E_UNAVAILABLE. */
HRESULT running_time(IBindCtx *context, IMoniker *moniker, FILETIME *time);

/* The running object, queried; MK_E_UNAVAILABLE. */
HRESULT running_bind(IBindCtx *context, IMoniker *moniker, REFIID iid, void **result);

#endif
