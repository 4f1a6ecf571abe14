/* What dispatch/ shows to the folders above it, beside the public headers: hooks through which it reaches up. */
#ifndef OLEANDER_DISPATCH_API_H
#define OLEANDER_DISPATCH_API_H

#include "dispatch/types/base_type.h"
#include "dispatch/types/foreign.h"
#include "dispatch/types/signature.h"
#include "dispatch/types/standard_interfaces.h"
#include "dispatch/types/typeinfo_read.h"
#include "dispatch/values/bstr.h"
#include "dispatch/values/record_memory.h"

#include <oaidl.h>
#include <oleauto.h>

/* Finds the type with that GUID in a registered library; typelib/ registers its function when it is loaded. Without
 * one GetRecordInfoFromGuids answers TYPE_E_LIBNOTREGISTERED. */
typedef HRESULT DispatchTypeLoader(REFGUID libid, WORD major, WORD minor, LCID lcid, REFGUID type, ITypeInfo **info);
OLEANDER_API(void, dispatch_set_type_loader, (DispatchTypeLoader * loader));

/* The type that anybody's IRecordInfo describes, in a set with a reference. E_INVALIDARG: it describes no record, or one of
 * another size than it says. */
OLEANDER_API(HRESULT, record_info_describe, (IRecordInfo * info, TypeSet **set, const Type **type));

/* The interface that a coclass means when none is named, with a reference: the one marked `default`, else the first.
 * `direction`: 0 for those that it implements, IMPLTYPEFLAG_FSOURCE for those that it calls (its events).
 * TYPE_E_ELEMENTNOTFOUND when it has none, or is no coclass. The type information may be anybody's and lie. */
OLEANDER_API(HRESULT, coclass_default_interface, (ITypeInfo * coclass, INT direction, ITypeInfo **info));

/* Its identifier. */
OLEANDER_API(HRESULT, coclass_default_iid, (ITypeInfo * coclass, INT direction, IID *iid));

/* Whether the variable behind a by-reference argument can get some value of type `vt` (VT_VARIANT: of any): asked before a
 * method runs. What is no reference takes nothing and passes. Does not compare the types of records. E_INVALIDARG: there is no
 * variable. DISP_E_BADVARTYPE: its type is none. DISP_E_TYPEMISMATCH. */
OLEANDER_API(HRESULT, variant_check_target, (const VARIANT *target, VARTYPE vt));

#endif
