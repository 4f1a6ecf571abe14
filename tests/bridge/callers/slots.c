/* Calls every slot of an object's dual interface with zero arguments: what the type information says is what is there. */
#include "callers_internal.h"

#include "dispatch/types/signature.h"

static HRESULT call_slot(const Signature *signature, void *face) {
  CallFrame *frame = CALL_FRAME(signature);
  signature_prepare(signature, frame);
  HRESULT result = (HRESULT)signature_invoke(signature, face, frame);
  signature_finish(signature, frame);
  return result;
}

static HRESULT call_all(ITypeInfo *half, UINT count, void *face, LONG *called) {
  for (UINT i = 0; i < count; i++) {
    const Signature *signature = NULL;
    HRESULT result = typeinfo_signature(half, i, NULL, &signature);
    if (FAILED(result))
      return result;
    if (signature->unsupported == NULL && SUCCEEDED(call_slot(signature, face)))
      ++*called;
    signature_release(signature);
  }
  return S_OK;
}

HRESULT slots_call(IDispatch *object, LONG *called) {
  ITypeInfo *info = NULL, *half = NULL;
  TYPEATTR *attributes = NULL;
  HREFTYPE reference = 0;
  void *face = NULL;
  *called = 0;
  HRESULT result = IDispatch_GetTypeInfo(object, 0, 0, &info);
  if (FAILED(result))
    return result;
  result = ITypeInfo_GetRefTypeOfImplType(info, (UINT)-1, &reference);
  if (SUCCEEDED(result))
    result = ITypeInfo_GetRefTypeInfo(info, reference, &half);
  if (SUCCEEDED(result))
    result = ITypeInfo_GetTypeAttr(half, &attributes);
  if (SUCCEEDED(result)) {
    result = IDispatch_QueryInterface(object, &attributes->guid, &face);
    if (SUCCEEDED(result)) {
      result = call_all(half, attributes->cFuncs, face, called);
      IUnknown_Release((IUnknown *)face);
    }
    ITypeInfo_ReleaseTypeAttr(half, attributes);
  }
  if (half != NULL)
    ITypeInfo_Release(half);
  ITypeInfo_Release(info);
  return result;
}
