/* One field of a record as a VARIANT and back. */
#ifndef OLEANDER_DISPATCH_RECORD_FIELD_H
#define OLEANDER_DISPATCH_RECORD_FIELD_H

#include "dispatch/types/signature.h"

/* The type of a VARIANT for a value of `type`: VT_ARRAY | element for a fixed array, VT_ILLEGAL for what no VARIANT can
 * hold (unions, pointers, GUIDs). */
VARTYPE record_field_vartype(const Type *type);

/* A reference to the native value at `data`. `nested` is the information of a record field, NULL for others. */
HRESULT record_field_reference(const Type *type, void *data, IRecordInfo *nested, VARIANT *reference);

/* Stores `value`, of which it takes over what it owns when it succeeds (then it is VT_EMPTY). With `convert` values of
 * other types are converted, else they are DISP_E_TYPEMISMATCH. */
HRESULT record_field_put(const Type *type, void *data, IRecordInfo *nested, VARIANT *value, BOOL convert);

/* A SAFEARRAY with copies of the elements of a fixed array. `nested` is the information of record elements. */
HRESULT record_field_array(const Type *type, const void *data, IRecordInfo *nested, SAFEARRAY **array);

#endif
