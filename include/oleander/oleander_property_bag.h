/*
 * Property bags (IPropertyBag, IPropertyBag2) over JSON and over the registry store, for objects that are saved to bags
 * (IPersistPropertyBag). Names differ by case in JSON, and not in the registry. A value that is not there is E_INVALIDARG;
 * one that is not of the type asked for (pVar->vt, or PROPBAG2::vt; VT_EMPTY: any) is converted as VariantChangeType does,
 * with the texts of English (United States), or is DISP_E_TYPEMISMATCH.
 *
 * A bag within a bag is a value of VT_UNKNOWN. To read one into an object, hand the object over in pVar (or use
 * IPropertyBag2::LoadObject). An object that is written is asked to save itself to a bag of its own, or is a bag that is
 * copied; the class of an object is not kept.
 */
#ifndef OLEANDER_OLEANDER_PROPERTY_BAG_H
#define OLEANDER_OLEANDER_PROPERTY_BAG_H

#include <oaidl.h>
#include <oleander_api.h>

/* A bag in memory with what the JSON object `text` says (UTF-8; NULL: nothing). null is VT_NULL, a number VT_I4, VT_I8,
 * VT_UI8 or VT_R8, the first that holds it, an array VT_ARRAY | VT_VARIANT, an object a bag. E_INVALIDARG: it is no JSON
 * object, with IErrorInfo saying where. */
OLEANDER_EXPORT HRESULT oleander_property_bag_json(const char *text, IPropertyBag **bag);

/* What any bag that is an IPropertyBag2 holds, as JSON; the caller frees *text with CoTaskMemFree. Dates are texts
 * (2024-02-29T12:00:00), currency and decimals too, bytes an array of numbers. DISP_E_TYPEMISMATCH: JSON has no words for a
 * value. */
OLEANDER_EXPORT HRESULT oleander_property_bag_json_text(IUnknown *bag, char **text);

/* A bag over the key at `path` of the registry store (oleander_registry.h), which may not be there yet. Each Write is
 * committed at once, to the file of `component`; NULL: the bag is only read, and Write is E_ACCESSDENIED. Texts are REG_SZ,
 * integers and booleans REG_DWORD or REG_QWORD, bytes REG_BINARY, arrays of texts REG_MULTI_SZ, bags keys below, all else
 * text; reading gives VT_BSTR, VT_I4, VT_I8, VT_ARRAY | VT_UI1, VT_ARRAY | VT_BSTR and bags. */
OLEANDER_EXPORT HRESULT oleander_property_bag_registry(const char *component, const char *path, IPropertyBag **bag);

#endif
