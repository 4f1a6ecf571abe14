/* What the files of dispatch/ share about VARIANTs. */
#ifndef OLEANDER_DISPATCH_VARIANT_H
#define OLEANDER_DISPATCH_VARIANT_H

#include <stdbool.h>

#include <oleauto.h>

/* Whether a VARTYPE with its flags may be the type of a VARIANT; nothing else of a VARIANT is read before this. */
bool variant_type_is_valid(VARTYPE vt);

/* The type without its flags. */
static inline VARTYPE variant_base_type(const VARIANT *value) {
  return (VARTYPE)(value->vt & VT_TYPEMASK);
}

/* The value itself, with every reference followed (one level of VARIANT in VARIANT). The result owns nothing and is
 * good as long as the source is left alone. E_INVALIDARG: no value behind the reference. */
HRESULT variant_borrow(const VARIANT *source, VARIANT *value);

/* IRecordInfo::RecordCopy for a record in a VARIANT or an array: these may hold records again. E_INVALIDARG: too deep. */
HRESULT variant_copy_record(IRecordInfo *info, void *source, void *target);

/* Clears *target and puts *value there, which is taken over (and cleared when the target cannot be cleared). */
HRESULT variant_replace(VARIANT *target, VARIANT *value);

/* The default member of an object. NULL has none: DISP_E_BADVARTYPE. The caller clears *value. */
HRESULT object_default_value(IDispatch *object, LCID lcid, VARIANT *value);

/* The same for a conversion, for which an object that does not answer is a type mismatch. */
HRESULT object_value_to_convert(IDispatch *object, LCID lcid, VARIANT *value);

/* The flags of VarXFromStr and VarBstrFromX that stand for the VARIANT_ flags of VariantChangeType. */
ULONG variant_text_flags(USHORT flags);

/* A value that owns or borrows nothing of interest to the caller, converted to vt into *result, which the caller
 * clears. Neither is by reference or an array. */
HRESULT variant_coerce(const VARIANT *value, LCID lcid, USHORT flags, VARTYPE vt, VARIANT *result);

#endif
