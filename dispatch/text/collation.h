/* Comparing text as a language sorts it: what CompareString does for VarBstrCmp and VarCmp. */
#ifndef OLEANDER_DISPATCH_COLLATION_H
#define OLEANDER_DISPATCH_COLLATION_H

#include <stddef.h>

#include <oleauto.h>

/* Writes a negative, zero or positive order. flags: NORM_IGNORECASE and its kin. Any thread. */
HRESULT collation_compare(LCID lcid, ULONG flags, const OLECHAR *left, size_t left_units, const OLECHAR *right,
                          size_t right_units, int *order);

#endif
