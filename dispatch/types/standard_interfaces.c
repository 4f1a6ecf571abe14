/* The standard interfaces: their methods as lines of text. Made by interfaces/generate.lua; do not edit. */
/* clang-format off */
#include "dispatch/types/standard_interfaces.h"

#include <unknwnbase.h>
#include <objidlbase.h>
#include <oaidl.h>
#include <objidl.h>
#include <servprov.h>
#include <propidlbase.h>
#include <oleidl.h>
#include <ocidl.h>
#include <olectl.h>
#include <dispex.h>
#include <objsafe.h>
#include <comcat.h>

static const StandardMethod IUnknown_methods[] = {
  { "QueryInterface([in] guid* riid, [out,iid_is(riid)] IUnknown** ppvObject)",
    NULL },
  { "ui4 AddRef()",
    NULL },
  { "ui4 Release()",
    NULL },
};
static const StandardMethod IClassFactory_methods[] = {
  { "CreateInstance([in] IUnknown* pUnkOuter, [in] guid* riid, [out,iid_is(riid)] IUnknown** ppvObject)",
    "RemoteCreateInstance([in] guid* riid, [out,iid_is(riid)] IUnknown** ppvObject)" },
  { "LockServer([in] i4 fLock)",
    "RemoteLockServer([in] i4 fLock)" },
};
static const StandardMethod AsyncIUnknown_methods[] = {
  { "Begin_QueryInterface([in] guid* riid)",
    NULL },
  { "Finish_QueryInterface([out] void** ppvObject)",
    NULL },
  { "Begin_AddRef()",
    NULL },
  { "ui4 Finish_AddRef()",
    NULL },
  { "Begin_Release()",
    NULL },
  { "ui4 Finish_Release()",
    NULL },
};
static const StandardMethod IMalloc_methods[] = {
  { "void* Alloc([in] uint_ptr cb)",
    NULL },
  { "void* Realloc([in] void* pv, [in] uint_ptr cb)",
    NULL },
  { "void Free([in] void* pv)",
    NULL },
  { "uint_ptr GetSize([in] void* pv)",
    NULL },
  { "i4 DidAlloc([in] void* pv)",
    NULL },
  { "void HeapMinimize()",
    NULL },
};
static const StandardMethod IMallocSpy_methods[] = {
  { "uint_ptr PreAlloc([in] uint_ptr cbRequest)",
    NULL },
  { "void* PostAlloc([in] void* pActual)",
    NULL },
  { "void* PreFree([in] void* pRequest, [in] i4 fSpyed)",
    NULL },
  { "void PostFree([in] i4 fSpyed)",
    NULL },
  { "uint_ptr PreRealloc([in] void* pRequest, [in] uint_ptr cbRequest, [out] void** ppNewRequest, [in] "
    "i4 fSpyed)",
    NULL },
  { "void* PostRealloc([in] void* pActual, [in] i4 fSpyed)",
    NULL },
  { "void* PreGetSize([in] void* pRequest, [in] i4 fSpyed)",
    NULL },
  { "uint_ptr PostGetSize([in] uint_ptr cbActual, [in] i4 fSpyed)",
    NULL },
  { "void* PreDidAlloc([in] void* pRequest, [in] i4 fSpyed)",
    NULL },
  { "i4 PostDidAlloc([in] void* pRequest, [in] i4 fSpyed, [in] i4 fActual)",
    NULL },
  { "void PreHeapMinimize()",
    NULL },
  { "void PostHeapMinimize()",
    NULL },
};
static const StandardMethod IEnumUnknown_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] IUnknown** rgelt, [out,unique] ui4* "
    "pceltFetched)",
    "RemoteNext([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] IUnknown** rgelt, [out] ui4* "
    "pceltFetched)" },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumUnknown** ppenum)",
    NULL },
};
static const StandardMethod IEnumString_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] lpwstr* rgelt, [out,unique] ui4* "
    "pceltFetched)",
    "RemoteNext([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] lpwstr* rgelt, [out] ui4* "
    "pceltFetched)" },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumString** ppenum)",
    NULL },
};
static const StandardMethod ISequentialStream_methods[] = {
  { "Read([out,size_is(cb),length_is(pcbRead)] ui1* pv, [in] ui4 cb, [out,unique] ui4* pcbRead)",
    "RemoteRead([out,size_is(cb),length_is(pcbRead)] ui1* pv, [in] ui4 cb, [out] ui4* pcbRead)" },
  { "Write([in,size_is(cb)] ui1* pv, [in] ui4 cb, [out,unique] ui4* pcbWritten)",
    "RemoteWrite([in,size_is(cb)] ui1* pv, [in] ui4 cb, [out] ui4* pcbWritten)" },
};
static const StandardMethod IStream_methods[] = {
  { "Seek([in] i8 dlibMove, [in] ui4 dwOrigin, [out,unique] ui8* plibNewPosition)",
    "RemoteSeek([in] i8 dlibMove, [in] ui4 dwOrigin, [out] ui8* plibNewPosition)" },
  { "SetSize([in] ui8 libNewSize)",
    NULL },
  { "CopyTo([in] IStream* pstm, [in] ui8 cb, [out,unique] ui8* pcbRead, [out,unique] ui8* pcbWritten)",
    "RemoteCopyTo([in] IStream* pstm, [in] ui8 cb, [out] ui8* pcbRead, [out] ui8* pcbWritten)" },
  { "Commit([in] ui4 grfCommitFlags)",
    NULL },
  { "Revert()",
    NULL },
  { "LockRegion([in] ui8 libOffset, [in] ui8 cb, [in] ui4 dwLockType)",
    NULL },
  { "UnlockRegion([in] ui8 libOffset, [in] ui8 cb, [in] ui4 dwLockType)",
    NULL },
  { "Stat([out] STATSTG* pstatstg, [in] ui4 grfStatFlag)",
    NULL },
  { "Clone([out] IStream** ppstm)",
    NULL },
};
static const StandardMethod IMarshal_methods[] = {
  { "GetUnmarshalClass([in] guid* riid, [in] void* pv, [in] ui4 dwDestContext, [in] void* pvDestContext, "
    "[in] ui4 mshlflags, [out] guid* pCid)",
    NULL },
  { "GetMarshalSizeMax([in] guid* riid, [in] void* pv, [in] ui4 dwDestContext, [in] void* pvDestContext, "
    "[in] ui4 mshlflags, [out] ui4* pSize)",
    NULL },
  { "MarshalInterface([in] IStream* pStm, [in] guid* riid, [in] void* pv, [in] ui4 dwDestContext, [in] "
    "void* pvDestContext, [in] ui4 mshlflags)",
    NULL },
  { "UnmarshalInterface([in] IStream* pStm, [in] guid* riid, [out,iid_is(riid)] IUnknown** ppv)",
    NULL },
  { "ReleaseMarshalData([in] IStream* pStm)",
    NULL },
  { "DisconnectObject([in] ui4 dwReserved)",
    NULL },
};
static const StandardMethod IAgileReference_methods[] = {
  { "Resolve([in] guid* riid, [out,iid_is(riid)] IUnknown** ppvObjectReference)",
    NULL },
};
static const StandardMethod IActivationFilter_methods[] = {
  { "HandleActivation([in] ui4 dwActivationType, [in] guid* rclsid, [out] guid* pReplacementClsId)",
    NULL },
};
static const StandardMethod IStdMarshalInfo_methods[] = {
  { "GetClassForHandler([in] ui4 dwDestContext, [in] void* pvDestContext, [out] guid* pClsid)",
    NULL },
};
static const StandardMethod IExternalConnection_methods[] = {
  { "ui4 AddConnection([in] ui4 extconn, [in] ui4 reserved)",
    NULL },
  { "ui4 ReleaseConnection([in] ui4 extconn, [in] ui4 reserved, [in] i4 fLastReleaseCloses)",
    NULL },
};
static const StandardMethod IMultiQI_methods[] = {
  { "QueryMultipleInterfaces([in] ui4 cMQIs, [in,out,size_is(cMQIs)] ui1* pMQIs)",
    NULL },
};
static const StandardMethod AsyncIMultiQI_methods[] = {
  { "Begin_QueryMultipleInterfaces([in] ui4 cMQIs, [in,out] void* pMQIs)",
    NULL },
  { "Finish_QueryMultipleInterfaces([in,out] void* pMQIs)",
    NULL },
};
static const StandardMethod IInternalUnknown_methods[] = {
  { "QueryInternalInterface([in] guid* riid, [out,iid_is(riid)] IUnknown** ppv)",
    NULL },
};
static const StandardMethod IRpcChannelBuffer_methods[] = {
  { "GetBuffer([in,out] void* pMessage, [in] guid* riid)",
    NULL },
  { "SendReceive([in,out] void* pMessage, [out] ui4* pStatus)",
    NULL },
  { "FreeBuffer([in,out] void* pMessage)",
    NULL },
  { "GetDestCtx([out] ui4* pdwDestContext, [out] void** ppvDestContext)",
    NULL },
  { "IsConnected()",
    NULL },
};
static const StandardMethod IRpcChannelBuffer2_methods[] = {
  { "GetProtocolVersion([out] ui4* pdwVersion)",
    NULL },
};
static const StandardMethod IAsyncRpcChannelBuffer_methods[] = {
  { "Send([in,out] void* pMsg, [in] ISynchronize* pSync, [out] ui4* pulStatus)",
    NULL },
  { "Receive([in,out] void* pMsg, [out] ui4* pulStatus)",
    NULL },
  { "GetDestCtxEx([in] void* pMsg, [out] ui4* pdwDestContext, [out] void** ppvDestContext)",
    NULL },
};
static const StandardMethod IRpcChannelBuffer3_methods[] = {
  { "Send([in,out] void* pMsg, [out] ui4* pulStatus)",
    NULL },
  { "Receive([in,out] void* pMsg, [in] ui4 ulSize, [out] ui4* pulStatus)",
    NULL },
  { "Cancel([in,out] void* pMsg)",
    NULL },
  { "GetCallContext([in] void* pMsg, [in] guid* riid, [out,iid_is(riid)] IUnknown** pInterface)",
    NULL },
  { "GetDestCtxEx([in] void* pMsg, [out] ui4* pdwDestContext, [out] void** ppvDestContext)",
    NULL },
  { "GetState([in] void* pMsg, [out] ui4* pState)",
    NULL },
  { "RegisterAsync([in,out] void* pMsg, [in] IAsyncManager* pAsyncMgr)",
    NULL },
};
static const StandardMethod IRpcProxyBuffer_methods[] = {
  { "Connect([in] IRpcChannelBuffer* pRpcChannelBuffer)",
    NULL },
  { "void Disconnect()",
    NULL },
};
static const StandardMethod IRpcStubBuffer_methods[] = {
  { "Connect([in] IUnknown* pUnkServer)",
    NULL },
  { "void Disconnect()",
    NULL },
  { "Invoke([in,out] void* _prpcmsg, [in] IRpcChannelBuffer* _pRpcChannelBuffer)",
    NULL },
  { "IRpcStubBuffer* IsIIDSupported([in] guid* riid)",
    NULL },
  { "ui4 CountRefs()",
    NULL },
  { "DebugServerQueryInterface([out] void** ppv)",
    NULL },
  { "void DebugServerRelease([in] void* pv)",
    NULL },
};
static const StandardMethod IPSFactoryBuffer_methods[] = {
  { "CreateProxy([in] IUnknown* pUnkOuter, [in] guid* riid, [out] IRpcProxyBuffer** ppProxy, "
    "[out,iid_is(riid)] IUnknown** ppv)",
    NULL },
  { "CreateStub([in] guid* riid, [in] IUnknown* pUnkServer, [out] IRpcStubBuffer** ppStub)",
    NULL },
};
static const StandardMethod IChannelHook_methods[] = {
  { "void ClientGetSize([in] guid* uExtent, [in] guid* riid, [out] ui4* pDataSize)",
    NULL },
  { "void ClientFillBuffer([in] guid* uExtent, [in] guid* riid, [in,out] ui4* pDataSize, [in] void* "
    "pDataBuffer)",
    NULL },
  { "void ClientNotify([in] guid* uExtent, [in] guid* riid, [in] ui4 cbDataSize, [in] void* pDataBuffer, "
    "[in] ui4 lDataRep, [in] hresult hrFault)",
    NULL },
  { "void ServerNotify([in] guid* uExtent, [in] guid* riid, [in] ui4 cbDataSize, [in] void* pDataBuffer, "
    "[in] ui4 lDataRep)",
    NULL },
  { "void ServerGetSize([in] guid* uExtent, [in] guid* riid, [in] hresult hrFault, [out] ui4* pDataSize)",
    NULL },
  { "void ServerFillBuffer([in] guid* uExtent, [in] guid* riid, [in,out] ui4* pDataSize, [in] void* "
    "pDataBuffer, [in] hresult hrFault)",
    NULL },
};
static const StandardMethod IClientSecurity_methods[] = {
  { "QueryBlanket([in] IUnknown* pProxy, [out] ui4* pAuthnSvc, [out] ui4* pAuthzSvc, [out] lpwstr* "
    "pServerPrincName, [out] ui4* pAuthnLevel, [out] ui4* pImpLevel, [out] void** pAuthInfo, [out] ui4* "
    "pCapabilites)",
    NULL },
  { "SetBlanket([in] IUnknown* pProxy, [in] ui4 dwAuthnSvc, [in] ui4 dwAuthzSvc, [in] lpwstr "
    "pServerPrincName, [in] ui4 dwAuthnLevel, [in] ui4 dwImpLevel, [in] void* pAuthInfo, [in] ui4 "
    "dwCapabilities)",
    NULL },
  { "CopyProxy([in] IUnknown* pProxy, [out] IUnknown** ppCopy)",
    NULL },
};
static const StandardMethod IServerSecurity_methods[] = {
  { "QueryBlanket([out] ui4* pAuthnSvc, [out] ui4* pAuthzSvc, [out] lpwstr* pServerPrincName, [out] ui4* "
    "pAuthnLevel, [out] ui4* pImpLevel, [out] void** pPrivs, [in,out] ui4* pCapabilities)",
    NULL },
  { "ImpersonateClient()",
    NULL },
  { "RevertToSelf()",
    NULL },
  { "i4 IsImpersonating()",
    NULL },
};
static const StandardMethod IRpcOptions_methods[] = {
  { "Set([in] IUnknown* pPrx, [in] i4 dwProperty, [in] uint_ptr dwValue)",
    NULL },
  { "Query([in] IUnknown* pPrx, [in] i4 dwProperty, [out] uint_ptr* pdwValue)",
    NULL },
};
static const StandardMethod IGlobalOptions_methods[] = {
  { "Set([in] i4 dwProperty, [in] uint_ptr dwValue)",
    NULL },
  { "Query([in] i4 dwProperty, [out] uint_ptr* pdwValue)",
    NULL },
};
static const StandardMethod ISurrogate_methods[] = {
  { "LoadDllServer([in] guid* Clsid)",
    NULL },
  { "FreeSurrogate()",
    NULL },
};
static const StandardMethod IGlobalInterfaceTable_methods[] = {
  { "RegisterInterfaceInGlobal([in] IUnknown* pUnk, [in] guid* riid, [out] ui4* pdwCookie)",
    NULL },
  { "RevokeInterfaceFromGlobal([in] ui4 dwCookie)",
    NULL },
  { "GetInterfaceFromGlobal([in] ui4 dwCookie, [in] guid* riid, [out,iid_is(riid)] IUnknown** ppv)",
    NULL },
};
static const StandardMethod ISynchronize_methods[] = {
  { "Wait([in] ui4 dwFlags, [in] ui4 dwMilliseconds)",
    NULL },
  { "Signal()",
    NULL },
  { "Reset()",
    NULL },
};
static const StandardMethod ISynchronizeHandle_methods[] = {
  { "GetHandle([out] uint_ptr* ph)",
    NULL },
};
static const StandardMethod ISynchronizeEvent_methods[] = {
  { "SetEventHandle([in] uint_ptr* ph)",
    NULL },
};
static const StandardMethod ISynchronizeContainer_methods[] = {
  { "AddSynchronize([in] ISynchronize* pSync)",
    NULL },
  { "WaitMultiple([in] ui4 dwFlags, [in] ui4 dwTimeOut, [out] ISynchronize** ppSync)",
    NULL },
};
static const StandardMethod ISynchronizeMutex_methods[] = {
  { "ReleaseMutex()",
    NULL },
};
static const StandardMethod ICancelMethodCalls_methods[] = {
  { "Cancel([in] ui4 ulSeconds)",
    NULL },
  { "TestCancel()",
    NULL },
};
static const StandardMethod IAsyncManager_methods[] = {
  { "CompleteCall([in] hresult Result)",
    NULL },
  { "GetCallContext([in] guid* riid, [out,iid_is(riid)] IUnknown** pInterface)",
    NULL },
  { "GetState([out] ui4* pulStateFlags)",
    NULL },
};
static const StandardMethod ICallFactory_methods[] = {
  { "CreateCall([in] guid* riid, [in] IUnknown* pCtrlUnk, [in] guid* riid2, [out,iid_is(riid2)] "
    "IUnknown** ppv)",
    NULL },
};
static const StandardMethod IEnumContextProps_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] ContextProperty* "
    "pContextProperties, [out] ui4* pceltFetched)",
    NULL },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumContextProps** ppEnumContextProps)",
    NULL },
  { "Count([out] ui4* pcelt)",
    NULL },
};
static const StandardMethod IContext_methods[] = {
  { "SetProperty([in] guid* rpolicyId, [in] ui4 flags, [in] IUnknown* pUnk)",
    NULL },
  { "RemoveProperty([in] guid* rPolicyId)",
    NULL },
  { "GetProperty([in] guid* rGuid, [out] ui4* pFlags, [out] IUnknown** ppUnk)",
    NULL },
  { "EnumContextProps([out] IEnumContextProps** ppEnumContextProps)",
    NULL },
};
static const StandardMethod IObjContext_methods[] = {
  { "void Reserved1()",
    NULL },
  { "void Reserved2()",
    NULL },
  { "void Reserved3()",
    NULL },
  { "void Reserved4()",
    NULL },
  { "void Reserved5()",
    NULL },
  { "void Reserved6()",
    NULL },
  { "void Reserved7()",
    NULL },
};
static const StandardMethod IContextCallback_methods[] = {
  { "ContextCallback([in] uint_ptr pfnCallback, [in] void* pParam, [in] guid* riid, [in] i4 iMethod, "
    "[in] IUnknown* pUnk)",
    NULL },
};
static const StandardMethod IComThreadingInfo_methods[] = {
  { "GetCurrentApartmentType([out] i4* pAptType)",
    NULL },
  { "GetCurrentThreadType([out] i4* pThreadType)",
    NULL },
  { "GetCurrentLogicalThreadId([out] guid* pguidLogicalThreadId)",
    NULL },
  { "SetCurrentLogicalThreadId([in] guid* rguid)",
    NULL },
};
static const StandardMethod IProcessInitControl_methods[] = {
  { "ResetInitializerTimeout([in] ui4 dwSecondsRemaining)",
    NULL },
};
static const StandardMethod IDispatch_methods[] = {
  { "GetTypeInfoCount([out] ui4* pctinfo)",
    NULL },
  { "GetTypeInfo([in] ui4 iTInfo, [in] ui4 lcid, [out] ITypeInfo** ppTInfo)",
    NULL },
  { "GetIDsOfNames([in] guid* riid, [in,size_is(cNames)] lpwstr* rgszNames, [in] ui4 cNames, [in] ui4 "
    "lcid, [out,size_is(cNames)] i4* rgDispId)",
    NULL },
  { "Invoke([in] i4 dispIdMember, [in] guid* riid, [in] ui4 lcid, [in] ui2 wFlags, [in,out] void* "
    "pDispParams, [out,unique] variant* pVarResult, [out,unique] void* pExcepInfo, [out,unique] ui4* "
    "puArgErr)",
    "RemoteInvoke([in] i4 dispIdMember, [in] guid* riid, [in] ui4 lcid, [in] ui4 dwFlags, [in] void* "
    "pDispParams, [out] variant* pVarResult, [out] void* pExcepInfo, [out] ui4* pArgErr, [in] ui4 "
    "cVarRef, [in,size_is(cVarRef)] ui4* rgVarRefIdx, [in,out,size_is(cVarRef)] variant* rgVarRef)" },
};
static const StandardMethod IEnumVARIANT_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pCeltFetched)] variant* rgVar, [out,unique] ui4* "
    "pCeltFetched)",
    "RemoteNext([in] ui4 celt, [out,size_is(celt),length_is(pCeltFetched)] variant* rgVar, [out] ui4* "
    "pCeltFetched)" },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumVARIANT** ppEnum)",
    NULL },
};
static const StandardMethod ITypeComp_methods[] = {
  { "Bind([in] lpwstr szName, [in] ui4 lHashVal, [in] ui2 wFlags, [out] ITypeInfo** ppTInfo, [out] i4* "
    "pDescKind, [out] void* pBindPtr)",
    NULL },
  { "BindType([in] lpwstr szName, [in] ui4 lHashVal, [out] ITypeInfo** ppTInfo, [out] ITypeComp** "
    "ppTComp)",
    "RemoteBindType([in] lpwstr szName, [in] ui4 lHashVal, [out] ITypeInfo** ppTInfo)" },
};
static const StandardMethod ITypeInfo_methods[] = {
  { "GetTypeAttr([out] void** ppTypeAttr)",
    NULL },
  { "GetTypeComp([out] ITypeComp** ppTComp)",
    NULL },
  { "GetFuncDesc([in] ui4 index, [out] void** ppFuncDesc)",
    NULL },
  { "GetVarDesc([in] ui4 index, [out] void** ppVarDesc)",
    NULL },
  { "GetNames([in] i4 memid, [out,size_is(cMaxNames),length_is(pcNames)] bstr* rgBstrNames, [in] ui4 "
    "cMaxNames, [out] ui4* pcNames)",
    "RemoteGetNames([in] i4 memid, [out,size_is(cMaxNames),length_is(pcNames)] bstr* rgBstrNames, [in] "
    "ui4 cMaxNames, [out] ui4* pcNames)" },
  { "GetRefTypeOfImplType([in] ui4 index, [out] ui4* pRefType)",
    NULL },
  { "GetImplTypeFlags([in] ui4 index, [out] i4* pImplTypeFlags)",
    NULL },
  { "GetIDsOfNames([in,size_is(cNames)] lpwstr* rgszNames, [in] ui4 cNames, [out,size_is(cNames)] i4* "
    "pMemId)",
    NULL },
  { "Invoke([in] void* pvInstance, [in] i4 memid, [in] ui2 wFlags, [in] void* pDispParams, [out] "
    "variant* pVarResult, [out] void* pExcepInfo, [out] ui4* puArgErr)",
    NULL },
  { "GetDocumentation([in] i4 memid, [out,unique] bstr* pBstrName, [out,unique] bstr* pBstrDocString, "
    "[out,unique] ui4* pdwHelpContext, [out,unique] bstr* pBstrHelpFile)",
    "RemoteGetDocumentation([in] i4 memid, [in] ui4 refPtrFlags, [out] bstr* pBstrName, [out] bstr* "
    "pBstrDocString, [out] ui4* pdwHelpContext, [out] bstr* pBstrHelpFile)" },
  { "GetDllEntry([in] i4 memid, [in] i4 invKind, [out,unique] bstr* pBstrDllName, [out,unique] bstr* "
    "pBstrName, [out,unique] ui2* pwOrdinal)",
    "RemoteGetDllEntry([in] i4 memid, [in] i4 invKind, [in] ui4 refPtrFlags, [out] bstr* pBstrDllName, "
    "[out] bstr* pBstrName, [out] ui2* pwOrdinal)" },
  { "GetRefTypeInfo([in] ui4 hRefType, [out] ITypeInfo** ppTInfo)",
    NULL },
  { "AddressOfMember([in] i4 memid, [in] i4 invKind, [out] void** ppv)",
    NULL },
  { "CreateInstance([in] IUnknown* pUnkOuter, [in] guid* riid, [out,iid_is(riid)] IUnknown** ppvObj)",
    "RemoteCreateInstance([in] guid* riid, [out,iid_is(riid)] IUnknown** ppvObj)" },
  { "GetMops([in] i4 memid, [out] bstr* pBstrMops)",
    NULL },
  { "GetContainingTypeLib([out,unique] ITypeLib** ppTLib, [out,unique] ui4* pIndex)",
    "RemoteGetContainingTypeLib([out] ITypeLib** ppTLib, [out] ui4* pIndex)" },
  { "void ReleaseTypeAttr([in] void* pTypeAttr)",
    NULL },
  { "void ReleaseFuncDesc([in] void* pFuncDesc)",
    NULL },
  { "void ReleaseVarDesc([in] void* pVarDesc)",
    NULL },
};
static const StandardMethod ITypeInfo2_methods[] = {
  { "GetTypeKind([out] i4* pTypeKind)",
    NULL },
  { "GetTypeFlags([out] ui4* pTypeFlags)",
    NULL },
  { "GetFuncIndexOfMemId([in] i4 memid, [in] i4 invKind, [out] ui4* pFuncIndex)",
    NULL },
  { "GetVarIndexOfMemId([in] i4 memid, [out] ui4* pVarIndex)",
    NULL },
  { "GetCustData([in] guid* guid, [out] variant* pVarVal)",
    NULL },
  { "GetFuncCustData([in] ui4 index, [in] guid* guid, [out] variant* pVarVal)",
    NULL },
  { "GetParamCustData([in] ui4 indexFunc, [in] ui4 indexParam, [in] guid* guid, [out] variant* pVarVal)",
    NULL },
  { "GetVarCustData([in] ui4 index, [in] guid* guid, [out] variant* pVarVal)",
    NULL },
  { "GetImplTypeCustData([in] ui4 index, [in] guid* guid, [out] variant* pVarVal)",
    NULL },
  { "GetDocumentation2([in] i4 memid, [in] ui4 lcid, [out] bstr* pbstrHelpString, [out] ui4* "
    "pdwHelpStringContext, [out] bstr* pbstrHelpStringDll)",
    NULL },
  { "GetAllCustData([out] CUSTDATA* pCustData)",
    NULL },
  { "GetAllFuncCustData([in] ui4 index, [out] CUSTDATA* pCustData)",
    NULL },
  { "GetAllParamCustData([in] ui4 indexFunc, [in] ui4 indexParam, [out] CUSTDATA* pCustData)",
    NULL },
  { "GetAllVarCustData([in] ui4 index, [out] CUSTDATA* pCustData)",
    NULL },
  { "GetAllImplTypeCustData([in] ui4 index, [out] CUSTDATA* pCustData)",
    NULL },
};
static const StandardMethod ITypeLib_methods[] = {
  { "ui4 GetTypeInfoCount()",
    "RemoteGetTypeInfoCount([out] ui4* pcTInfo)" },
  { "GetTypeInfo([in] ui4 index, [out] ITypeInfo** ppTInfo)",
    NULL },
  { "GetTypeInfoType([in] ui4 index, [out] i4* pTKind)",
    NULL },
  { "GetTypeInfoOfGuid([in] guid* guid, [out] ITypeInfo** ppTinfo)",
    NULL },
  { "GetLibAttr([out] void** ppTLibAttr)",
    NULL },
  { "GetTypeComp([out] ITypeComp** ppTComp)",
    NULL },
  { "GetDocumentation([in] i4 index, [out,unique] bstr* pBstrName, [out,unique] bstr* pBstrDocString, "
    "[out,unique] ui4* pdwHelpContext, [out,unique] bstr* pBstrHelpFile)",
    "RemoteGetDocumentation([in] i4 index, [in] ui4 refPtrFlags, [out] bstr* pBstrName, [out] bstr* "
    "pBstrDocString, [out] ui4* pdwHelpContext, [out] bstr* pBstrHelpFile)" },
  { "IsName([in,out,string] ui2* szNameBuf, [in] ui4 lHashVal, [out] i4* pfName)",
    "RemoteIsName([in] lpwstr szNameBuf, [in] ui4 lHashVal, [out] i4* pfName, [out] bstr* pBstrLibName)" },
  { "FindName([in,out,string] ui2* szNameBuf, [in] ui4 lHashVal, "
    "[out,size_is(pcFound),length_is(pcFound)] ITypeInfo** ppTInfo, "
    "[out,size_is(pcFound),length_is(pcFound)] i4* rgMemId, [in,out] ui2* pcFound)",
    "RemoteFindName([in] lpwstr szNameBuf, [in] ui4 lHashVal, [out,size_is(pcFound),length_is(pcFound)] "
    "ITypeInfo** ppTInfo, [out,size_is(pcFound),length_is(pcFound)] i4* rgMemId, [in,out] ui2* pcFound, "
    "[out] bstr* pBstrLibName)" },
  { "void ReleaseTLibAttr([in] void* pTLibAttr)",
    NULL },
};
static const StandardMethod ITypeLib2_methods[] = {
  { "GetCustData([in] guid* guid, [out] variant* pVarVal)",
    NULL },
  { "GetLibStatistics([out,unique] ui4* pcUniqueNames, [out] ui4* pcchUniqueNames)",
    "RemoteGetLibStatistics([out] ui4* pcUniqueNames, [out] ui4* pcchUniqueNames)" },
  { "GetDocumentation2([in] i4 index, [in] ui4 lcid, [out] bstr* pbstrHelpString, [out] ui4* "
    "pdwHelpStringContext, [out] bstr* pbstrHelpStringDll)",
    NULL },
  { "GetAllCustData([out] CUSTDATA* pCustData)",
    NULL },
};
static const StandardMethod ICreateTypeInfo_methods[] = {
  { "SetGuid([in] guid* guid)",
    NULL },
  { "SetTypeFlags([in] ui4 uTypeFlags)",
    NULL },
  { "SetDocString([in] lpwstr pStrDoc)",
    NULL },
  { "SetHelpContext([in] ui4 dwHelpContext)",
    NULL },
  { "SetVersion([in] ui2 wMajorVerNum, [in] ui2 wMinorVerNum)",
    NULL },
  { "AddRefTypeInfo([in] ITypeInfo* pTInfo, [in] ui4* phRefType)",
    NULL },
  { "AddFuncDesc([in] ui4 index, [in] void* pFuncDesc)",
    NULL },
  { "AddImplType([in] ui4 index, [in] ui4 hRefType)",
    NULL },
  { "SetImplTypeFlags([in] ui4 index, [in] i4 implTypeFlags)",
    NULL },
  { "SetAlignment([in] ui2 cbAlignment)",
    NULL },
  { "SetSchema([in] lpwstr pStrSchema)",
    NULL },
  { "AddVarDesc([in] ui4 index, [in] void* pVarDesc)",
    NULL },
  { "SetFuncAndParamNames([in] ui4 index, [in] lpwstr* rgszNames, [in] ui4 cNames)",
    NULL },
  { "SetVarName([in] ui4 index, [in] lpwstr szName)",
    NULL },
  { "SetTypeDescAlias([in] void* pTDescAlias)",
    NULL },
  { "DefineFuncAsDllEntry([in] ui4 index, [in] lpwstr szDllName, [in] lpwstr szProcName)",
    NULL },
  { "SetFuncDocString([in] ui4 index, [in] lpwstr szDocString)",
    NULL },
  { "SetVarDocString([in] ui4 index, [in] lpwstr szDocString)",
    NULL },
  { "SetFuncHelpContext([in] ui4 index, [in] ui4 dwHelpContext)",
    NULL },
  { "SetVarHelpContext([in] ui4 index, [in] ui4 dwHelpContext)",
    NULL },
  { "SetMops([in] ui4 index, [in] bstr bstrMops)",
    NULL },
  { "SetTypeIdldesc([in] IDLDESC* pIdlDesc)",
    NULL },
  { "LayOut()",
    NULL },
};
static const StandardMethod ICreateTypeInfo2_methods[] = {
  { "DeleteFuncDesc([in] ui4 index)",
    NULL },
  { "DeleteFuncDescByMemId([in] i4 memid, [in] i4 invKind)",
    NULL },
  { "DeleteVarDesc([in] ui4 index)",
    NULL },
  { "DeleteVarDescByMemId([in] i4 memid)",
    NULL },
  { "DeleteImplType([in] ui4 index)",
    NULL },
  { "SetCustData([in] guid* guid, [in] variant* pVarVal)",
    NULL },
  { "SetFuncCustData([in] ui4 index, [in] guid* guid, [in] variant* pVarVal)",
    NULL },
  { "SetParamCustData([in] ui4 indexFunc, [in] ui4 indexParam, [in] guid* guid, [in] variant* pVarVal)",
    NULL },
  { "SetVarCustData([in] ui4 index, [in] guid* guid, [in] variant* pVarVal)",
    NULL },
  { "SetImplTypeCustData([in] ui4 index, [in] guid* guid, [in] variant* pVarVal)",
    NULL },
  { "SetHelpStringContext([in] ui4 dwHelpStringContext)",
    NULL },
  { "SetFuncHelpStringContext([in] ui4 index, [in] ui4 dwHelpStringContext)",
    NULL },
  { "SetVarHelpStringContext([in] ui4 index, [in] ui4 dwHelpStringContext)",
    NULL },
  { "Invalidate()",
    NULL },
  { "SetName([in] lpwstr szName)",
    NULL },
};
static const StandardMethod ICreateTypeLib_methods[] = {
  { "CreateTypeInfo([in] lpwstr szName, [in] i4 tkind, [out] ICreateTypeInfo** ppCTInfo)",
    NULL },
  { "SetName([in] lpwstr szName)",
    NULL },
  { "SetVersion([in] ui2 wMajorVerNum, [in] ui2 wMinorVerNum)",
    NULL },
  { "SetGuid([in] guid* guid)",
    NULL },
  { "SetDocString([in] lpwstr szDoc)",
    NULL },
  { "SetHelpFileName([in] lpwstr szHelpFileName)",
    NULL },
  { "SetHelpContext([in] ui4 dwHelpContext)",
    NULL },
  { "SetLcid([in] ui4 lcid)",
    NULL },
  { "SetLibFlags([in] ui4 uLibFlags)",
    NULL },
  { "SaveAllChanges()",
    NULL },
};
static const StandardMethod ICreateTypeLib2_methods[] = {
  { "DeleteTypeInfo([in] lpwstr szName)",
    NULL },
  { "SetCustData([in] guid* guid, [in] variant* pVarVal)",
    NULL },
  { "SetHelpStringContext([in] ui4 dwHelpStringContext)",
    NULL },
  { "SetHelpStringDll([in] lpwstr szFileName)",
    NULL },
};
static const StandardMethod ITypeChangeEvents_methods[] = {
  { "RequestTypeChange([in] i4 changeKind, [in] ITypeInfo* pTInfoBefore, [in] lpwstr pStrName, [out] i4* "
    "pfCancel)",
    NULL },
  { "AfterTypeChange([in] i4 changeKind, [in] ITypeInfo* pTInfoAfter, [in] lpwstr pStrName)",
    NULL },
};
static const StandardMethod ITypeFactory_methods[] = {
  { "CreateFromTypeInfo([in] ITypeInfo* pTypeInfo, [in] guid* riid, [out] IUnknown** ppv)",
    NULL },
};
static const StandardMethod ITypeMarshal_methods[] = {
  { "Size([in] void* pvType, [in] ui4 dwDestContext, [in] void* pvDestContext, [out] ui4* pSize)",
    NULL },
  { "Marshal([in] void* pvType, [in] ui4 dwDestContext, [in] void* pvDestContext, [in] ui4 "
    "cbBufferLength, [out] ui1* pBuffer, [out] ui4* pcbWritten)",
    NULL },
  { "Unmarshal([out] void* pvType, [in] ui4 dwFlags, [in] ui4 cbBufferLength, [in] ui1* pBuffer, [out] "
    "ui4* pcbRead)",
    NULL },
  { "Free([in] void* pvType)",
    NULL },
};
static const StandardMethod IRecordInfo_methods[] = {
  { "RecordInit([out] void* pvNew)",
    NULL },
  { "RecordClear([in] void* pvExisting)",
    NULL },
  { "RecordCopy([in] void* pvExisting, [out] void* pvNew)",
    NULL },
  { "GetGuid([out] guid* pguid)",
    NULL },
  { "GetName([out] bstr* pbstrName)",
    NULL },
  { "GetSize([out] ui4* pcbSize)",
    NULL },
  { "GetTypeInfo([out] ITypeInfo** ppTypeInfo)",
    NULL },
  { "GetField([in] void* pvData, [in] lpwstr szFieldName, [out] variant* pvarField)",
    NULL },
  { "GetFieldNoCopy([in] void* pvData, [in] lpwstr szFieldName, [out] variant* pvarField, [out] void** "
    "ppvDataCArray)",
    NULL },
  { "PutField([in] ui4 wFlags, [in,out] void* pvData, [in] lpwstr szFieldName, [in] variant* pvarField)",
    NULL },
  { "PutFieldNoCopy([in] ui4 wFlags, [in,out] void* pvData, [in] lpwstr szFieldName, [in] variant* "
    "pvarField)",
    NULL },
  { "GetFieldNames([in,out] ui4* pcNames, [out,size_is(pcNames),length_is(pcNames)] bstr* rgBstrNames)",
    NULL },
  { "i4 IsMatchingType([in] IRecordInfo* pRecordInfo)",
    NULL },
  { "void* RecordCreate()",
    NULL },
  { "RecordCreateCopy([in] void* pvSource, [out] void** ppvDest)",
    NULL },
  { "RecordDestroy([in] void* pvRecord)",
    NULL },
};
static const StandardMethod IErrorInfo_methods[] = {
  { "GetGUID([out] guid* pGUID)",
    NULL },
  { "GetSource([out] bstr* pBstrSource)",
    NULL },
  { "GetDescription([out] bstr* pBstrDescription)",
    NULL },
  { "GetHelpFile([out] bstr* pBstrHelpFile)",
    NULL },
  { "GetHelpContext([out] ui4* pdwHelpContext)",
    NULL },
};
static const StandardMethod ICreateErrorInfo_methods[] = {
  { "SetGUID([in] guid* rguid)",
    NULL },
  { "SetSource([in] lpwstr szSource)",
    NULL },
  { "SetDescription([in] lpwstr szDescription)",
    NULL },
  { "SetHelpFile([in] lpwstr szHelpFile)",
    NULL },
  { "SetHelpContext([in] ui4 dwHelpContext)",
    NULL },
};
static const StandardMethod ISupportErrorInfo_methods[] = {
  { "InterfaceSupportsErrorInfo([in] guid* riid)",
    NULL },
};
static const StandardMethod IErrorLog_methods[] = {
  { "AddError([in] lpwstr pszPropName, [in] void* pExcepInfo)",
    NULL },
};
static const StandardMethod IPropertyBag_methods[] = {
  { "Read([in] lpwstr pszPropName, [in,out] variant* pVar, [in] IErrorLog* pErrorLog)",
    "RemoteRead([in] lpwstr pszPropName, [out] variant* pVar, [in] IErrorLog* pErrorLog, [in] ui4 "
    "varType, [in] IUnknown* pUnkObj)" },
  { "Write([in] lpwstr pszPropName, [in] variant* pVar)",
    NULL },
};
static const StandardMethod IBindCtx_methods[] = {
  { "RegisterObjectBound([in] IUnknown* punk)",
    NULL },
  { "RevokeObjectBound([in] IUnknown* punk)",
    NULL },
  { "ReleaseBoundObjects()",
    NULL },
  { "SetBindOptions([in] BIND_OPTS* pbindopts)",
    "RemoteSetBindOptions([in] void* pbindopts)" },
  { "GetBindOptions([in,out] BIND_OPTS* pbindopts)",
    "RemoteGetBindOptions([in,out] void* pbindopts)" },
  { "GetRunningObjectTable([out] IRunningObjectTable** pprot)",
    NULL },
  { "RegisterObjectParam([in] lpwstr pszKey, [in] IUnknown* punk)",
    NULL },
  { "GetObjectParam([in] lpwstr pszKey, [out] IUnknown** ppunk)",
    NULL },
  { "EnumObjectParam([out] IEnumString** ppenum)",
    NULL },
  { "RevokeObjectParam([in] lpwstr pszKey)",
    NULL },
};
static const StandardMethod IEnumMoniker_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] IMoniker** rgelt, [out,unique] ui4* "
    "pceltFetched)",
    "RemoteNext([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] IMoniker** rgelt, [out] ui4* "
    "pceltFetched)" },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumMoniker** ppenum)",
    NULL },
};
static const StandardMethod IRunningObjectTable_methods[] = {
  { "Register([in] ui4 grfFlags, [in] IUnknown* punkObject, [in] IMoniker* pmkObjectName, [out] ui4* "
    "pdwRegister)",
    NULL },
  { "Revoke([in] ui4 dwRegister)",
    NULL },
  { "IsRunning([in] IMoniker* pmkObjectName)",
    NULL },
  { "GetObject([in] IMoniker* pmkObjectName, [out] IUnknown** ppunkObject)",
    NULL },
  { "NoteChangeTime([in] ui4 dwRegister, [in] filetime* pfiletime)",
    NULL },
  { "GetTimeOfLastChange([in] IMoniker* pmkObjectName, [out] filetime* pfiletime)",
    NULL },
  { "EnumRunning([out] IEnumMoniker** ppenumMoniker)",
    NULL },
};
static const StandardMethod IPersist_methods[] = {
  { "GetClassID([out] guid* pClassID)",
    NULL },
};
static const StandardMethod IPersistStream_methods[] = {
  { "IsDirty()",
    NULL },
  { "Load([in] IStream* pStm)",
    NULL },
  { "Save([in] IStream* pStm, [in] i4 fClearDirty)",
    NULL },
  { "GetSizeMax([out] ui8* pcbSize)",
    NULL },
};
static const StandardMethod IPersistFile_methods[] = {
  { "IsDirty()",
    NULL },
  { "Load([in] lpwstr pszFileName, [in] ui4 dwMode)",
    NULL },
  { "Save([in,unique] lpwstr pszFileName, [in] i4 fRemember)",
    NULL },
  { "SaveCompleted([in,unique] lpwstr pszFileName)",
    NULL },
  { "GetCurFile([out] lpwstr* ppszFileName)",
    NULL },
};
static const StandardMethod IPersistStorage_methods[] = {
  { "IsDirty()",
    NULL },
  { "InitNew([in] IStorage* pStg)",
    NULL },
  { "Load([in] IStorage* pStg)",
    NULL },
  { "Save([in] IStorage* pStgSave, [in] i4 fSameAsLoad)",
    NULL },
  { "SaveCompleted([in] IStorage* pStgNew)",
    NULL },
  { "HandsOffStorage()",
    NULL },
};
static const StandardMethod IMoniker_methods[] = {
  { "BindToObject([in] IBindCtx* pbc, [in] IMoniker* pmkToLeft, [in] guid* riidResult, "
    "[out,iid_is(riidResult)] IUnknown** ppvResult)",
    "RemoteBindToObject([in] IBindCtx* pbc, [in] IMoniker* pmkToLeft, [in] guid* riidResult, "
    "[out,iid_is(riidResult)] IUnknown** ppvResult)" },
  { "BindToStorage([in] IBindCtx* pbc, [in] IMoniker* pmkToLeft, [in] guid* riid, [out,iid_is(riid)] "
    "IUnknown** ppvObj)",
    "RemoteBindToStorage([in] IBindCtx* pbc, [in] IMoniker* pmkToLeft, [in] guid* riid, "
    "[out,iid_is(riid)] IUnknown** ppvObj)" },
  { "Reduce([in] IBindCtx* pbc, [in] ui4 dwReduceHowFar, [in,out] IMoniker** ppmkToLeft, [out] "
    "IMoniker** ppmkReduced)",
    NULL },
  { "ComposeWith([in] IMoniker* pmkRight, [in] i4 fOnlyIfNotGeneric, [out] IMoniker** ppmkComposite)",
    NULL },
  { "Enum([in] i4 fForward, [out] IEnumMoniker** ppenumMoniker)",
    NULL },
  { "IsEqual([in] IMoniker* pmkOtherMoniker)",
    NULL },
  { "Hash([out] ui4* pdwHash)",
    NULL },
  { "IsRunning([in] IBindCtx* pbc, [in] IMoniker* pmkToLeft, [in] IMoniker* pmkNewlyRunning)",
    NULL },
  { "GetTimeOfLastChange([in] IBindCtx* pbc, [in] IMoniker* pmkToLeft, [out] filetime* pFileTime)",
    NULL },
  { "Inverse([out] IMoniker** ppmk)",
    NULL },
  { "CommonPrefixWith([in] IMoniker* pmkOther, [out] IMoniker** ppmkPrefix)",
    NULL },
  { "RelativePathTo([in] IMoniker* pmkOther, [out] IMoniker** ppmkRelPath)",
    NULL },
  { "GetDisplayName([in] IBindCtx* pbc, [in] IMoniker* pmkToLeft, [out] lpwstr* ppszDisplayName)",
    NULL },
  { "ParseDisplayName([in] IBindCtx* pbc, [in] IMoniker* pmkToLeft, [in] lpwstr pszDisplayName, [out] "
    "ui4* pchEaten, [out] IMoniker** ppmkOut)",
    NULL },
  { "IsSystemMoniker([out] ui4* pdwMksys)",
    NULL },
};
static const StandardMethod IROTData_methods[] = {
  { "GetComparisonData([out,size_is(cbMax)] ui1* pbData, [in] ui4 cbMax, [out] ui4* pcbData)",
    NULL },
};
static const StandardMethod IEnumSTATSTG_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] STATSTG* rgelt, [out,unique] ui4* "
    "pceltFetched)",
    "RemoteNext([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] STATSTG* rgelt, [out] ui4* "
    "pceltFetched)" },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumSTATSTG** ppenum)",
    NULL },
};
static const StandardMethod IStorage_methods[] = {
  { "CreateStream([in] lpwstr pwcsName, [in] ui4 grfMode, [in] ui4 reserved1, [in] ui4 reserved2, [out] "
    "IStream** ppstm)",
    NULL },
  { "OpenStream([in] lpwstr pwcsName, [in] void* reserved1, [in] ui4 grfMode, [in] ui4 reserved2, [out] "
    "IStream** ppstm)",
    "RemoteOpenStream([in] lpwstr pwcsName, [in] ui4 cbReserved1, [in,unique,size_is(cbReserved1)] ui1* "
    "reserved1, [in] ui4 grfMode, [in] ui4 reserved2, [out] IStream** ppstm)" },
  { "CreateStorage([in] lpwstr pwcsName, [in] ui4 grfMode, [in] ui4 reserved1, [in] ui4 reserved2, [out] "
    "IStorage** ppstg)",
    NULL },
  { "OpenStorage([in] lpwstr pwcsName, [in] IStorage* pstgPriority, [in] ui4 grfMode, [in] void* "
    "snbExclude, [in] ui4 reserved, [out] IStorage** ppstg)",
    NULL },
  { "CopyTo([in] ui4 ciidExclude, [in,unique,size_is(ciidExclude)] guid* rgiidExclude, [in] void* "
    "snbExclude, [in] IStorage* pstgDest)",
    NULL },
  { "MoveElementTo([in] lpwstr pwcsName, [in] IStorage* pstgDest, [in] lpwstr pwcsNewName, [in] ui4 "
    "grfFlags)",
    NULL },
  { "Commit([in] ui4 grfCommitFlags)",
    NULL },
  { "Revert()",
    NULL },
  { "EnumElements([in] ui4 reserved1, [in] void* reserved2, [in] ui4 reserved3, [out] IEnumSTATSTG** "
    "ppenum)",
    "RemoteEnumElements([in] ui4 reserved1, [in] ui4 cbReserved2, [in,unique,size_is(cbReserved2)] ui1* "
    "reserved2, [in] ui4 reserved3, [out] IEnumSTATSTG** ppenum)" },
  { "DestroyElement([in] lpwstr pwcsName)",
    NULL },
  { "RenameElement([in] lpwstr pwcsOldName, [in] lpwstr pwcsNewName)",
    NULL },
  { "SetElementTimes([in,unique] lpwstr pwcsName, [in,unique] filetime* pctime, [in,unique] filetime* "
    "patime, [in,unique] filetime* pmtime)",
    NULL },
  { "SetClass([in] guid* clsid)",
    NULL },
  { "SetStateBits([in] ui4 grfStateBits, [in] ui4 grfMask)",
    NULL },
  { "Stat([out] STATSTG* pstatstg, [in] ui4 grfStatFlag)",
    NULL },
};
static const StandardMethod IRootStorage_methods[] = {
  { "SwitchToFile([in] lpwstr pszFile)",
    NULL },
};
static const StandardMethod ILockBytes_methods[] = {
  { "ReadAt([in] ui8 ulOffset, [out,size_is(cb),length_is(pcbRead)] ui1* pv, [in] ui4 cb, [out,unique] "
    "ui4* pcbRead)",
    "RemoteReadAt([in] ui8 ulOffset, [out,size_is(cb),length_is(pcbRead)] ui1* pv, [in] ui4 cb, [out] "
    "ui4* pcbRead)" },
  { "WriteAt([in] ui8 ulOffset, [in,size_is(cb)] ui1* pv, [in] ui4 cb, [out,unique] ui4* pcbWritten)",
    "RemoteWriteAt([in] ui8 ulOffset, [in,size_is(cb)] ui1* pv, [in] ui4 cb, [out] ui4* pcbWritten)" },
  { "Flush()",
    NULL },
  { "SetSize([in] ui8 cb)",
    NULL },
  { "LockRegion([in] ui8 libOffset, [in] ui8 cb, [in] ui4 dwLockType)",
    NULL },
  { "UnlockRegion([in] ui8 libOffset, [in] ui8 cb, [in] ui4 dwLockType)",
    NULL },
  { "Stat([out] STATSTG* pstatstg, [in] ui4 grfStatFlag)",
    NULL },
};
static const StandardMethod IMessageFilter_methods[] = {
  { "ui4 HandleInComingCall([in] ui4 dwCallType, [in] uint_ptr htaskCaller, [in] ui4 dwTickCount, [in] "
    "INTERFACEINFO* lpInterfaceInfo)",
    NULL },
  { "ui4 RetryRejectedCall([in] uint_ptr htaskCallee, [in] ui4 dwTickCount, [in] ui4 dwRejectType)",
    NULL },
  { "ui4 MessagePending([in] uint_ptr htaskCallee, [in] ui4 dwTickCount, [in] ui4 dwPendingType)",
    NULL },
};
static const StandardMethod IEnumFORMATETC_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] ui1* rgelt, [out,unique] ui4* "
    "pceltFetched)",
    "RemoteNext([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] ui1* rgelt, [out] ui4* "
    "pceltFetched)" },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumFORMATETC** ppenum)",
    NULL },
};
static const StandardMethod IEnumSTATDATA_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] ui1* rgelt, [out,unique] ui4* "
    "pceltFetched)",
    "RemoteNext([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] ui1* rgelt, [out] ui4* "
    "pceltFetched)" },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumSTATDATA** ppenum)",
    NULL },
};
static const StandardMethod IAdviseSink_methods[] = {
  { "void OnDataChange([in] void* pFormatetc, [in] void* pStgmed)",
    NULL },
  { "void OnViewChange([in] ui4 dwAspect, [in] i4 lindex)",
    NULL },
  { "void OnRename([in] IMoniker* pmk)",
    NULL },
  { "void OnSave()",
    NULL },
  { "void OnClose()",
    NULL },
};
static const StandardMethod IAdviseSink2_methods[] = {
  { "void OnLinkSrcChange([in] IMoniker* pmk)",
    NULL },
};
static const StandardMethod IDataObject_methods[] = {
  { "GetData([in] void* pformatetcIn, [out] void* pmedium)",
    NULL },
  { "GetDataHere([in] void* pformatetc, [in,out] void* pmedium)",
    NULL },
  { "QueryGetData([in] void* pformatetc)",
    NULL },
  { "GetCanonicalFormatEtc([in] void* pformatectIn, [out] void* pformatetcOut)",
    NULL },
  { "SetData([in] void* pformatetc, [in] void* pmedium, [in] i4 fRelease)",
    NULL },
  { "EnumFormatEtc([in] ui4 dwDirection, [out] IEnumFORMATETC** ppenumFormatEtc)",
    NULL },
  { "DAdvise([in] void* pformatetc, [in] ui4 advf, [in] IAdviseSink* pAdvSink, [out] ui4* pdwConnection)",
    NULL },
  { "DUnadvise([in] ui4 dwConnection)",
    NULL },
  { "EnumDAdvise([out] IEnumSTATDATA** ppenumAdvise)",
    NULL },
};
static const StandardMethod IDataAdviseHolder_methods[] = {
  { "Advise([in] IDataObject* pDataObject, [in] void* pFetc, [in] ui4 advf, [in] IAdviseSink* pAdvise, "
    "[out] ui4* pdwConnection)",
    NULL },
  { "Unadvise([in] ui4 dwConnection)",
    NULL },
  { "EnumAdvise([out] IEnumSTATDATA** ppenumAdvise)",
    NULL },
  { "SendOnDataChange([in] IDataObject* pDataObject, [in] ui4 dwReserved, [in] ui4 advf)",
    NULL },
};
static const StandardMethod IInitializeSpy_methods[] = {
  { "PreInitialize([in] ui4 dwCoInit, [in] ui4 dwCurThreadAptRefs)",
    NULL },
  { "PostInitialize([in] hresult hrCoInit, [in] ui4 dwCoInit, [in] ui4 dwNewThreadAptRefs)",
    NULL },
  { "PreUninitialize([in] ui4 dwCurThreadAptRefs)",
    NULL },
  { "PostUninitialize([in] ui4 dwNewThreadAptRefs)",
    NULL },
};
static const StandardMethod IClassActivator_methods[] = {
  { "GetClassObject([in] guid* rclsid, [in] ui4 dwClassContext, [in] ui4 locale, [in] guid* riid, "
    "[out,iid_is(riid)] IUnknown** ppv)",
    NULL },
};
static const StandardMethod IProgressNotify_methods[] = {
  { "OnProgress([in] ui4 dwProgressCurrent, [in] ui4 dwProgressMaximum, [in] i4 fAccurate, [in] i4 "
    "fOwner)",
    NULL },
};
static const StandardMethod IBlockingLock_methods[] = {
  { "Lock([in] ui4 dwTimeout)",
    NULL },
  { "Unlock()",
    NULL },
};
static const StandardMethod IServiceProvider_methods[] = {
  { "QueryService([in] guid* guidService, [in] guid* riid, [out,iid_is(riid)] IUnknown** ppvObject)",
    NULL },
};
static const StandardMethod IEnumSTATPROPSTG_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] STATPROPSTG* rgelt, [out,unique] "
    "ui4* pceltFetched)",
    "RemoteNext([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] STATPROPSTG* rgelt, [out] "
    "ui4* pceltFetched)" },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumSTATPROPSTG** ppenum)",
    NULL },
};
static const StandardMethod IEnumSTATPROPSETSTG_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] STATPROPSETSTG* rgelt, [out,unique] "
    "ui4* pceltFetched)",
    "RemoteNext([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] STATPROPSETSTG* rgelt, [out] "
    "ui4* pceltFetched)" },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumSTATPROPSETSTG** ppenum)",
    NULL },
};
static const StandardMethod IPropertyStorage_methods[] = {
  { "ReadMultiple([in] ui4 cpspec, [in,size_is(cpspec)] ui1* rgpspec, [out,size_is(cpspec)] ui1* "
    "rgpropvar)",
    NULL },
  { "WriteMultiple([in] ui4 cpspec, [in,size_is(cpspec)] ui1* rgpspec, [in,size_is(cpspec)] ui1* "
    "rgpropvar, [in] ui4 propidNameFirst)",
    NULL },
  { "DeleteMultiple([in] ui4 cpspec, [in,size_is(cpspec)] ui1* rgpspec)",
    NULL },
  { "ReadPropertyNames([in] ui4 cpropid, [in,size_is(cpropid)] ui4* rgpropid, [out,size_is(cpropid)] "
    "lpwstr* rglpwstrName)",
    NULL },
  { "WritePropertyNames([in] ui4 cpropid, [in,size_is(cpropid)] ui4* rgpropid, [in,size_is(cpropid)] "
    "lpwstr* rglpwstrName)",
    NULL },
  { "DeletePropertyNames([in] ui4 cpropid, [in,size_is(cpropid)] ui4* rgpropid)",
    NULL },
  { "Commit([in] ui4 grfCommitFlags)",
    NULL },
  { "Revert()",
    NULL },
  { "Enum([out] IEnumSTATPROPSTG** ppenum)",
    NULL },
  { "SetTimes([in,unique] filetime* pctime, [in,unique] filetime* patime, [in,unique] filetime* pmtime)",
    NULL },
  { "SetClass([in] guid* clsid)",
    NULL },
  { "Stat([out] STATPROPSETSTG* pstatpsstg)",
    NULL },
};
static const StandardMethod IPropertySetStorage_methods[] = {
  { "Create([in] guid* rfmtid, [in,unique] guid* pclsid, [in] ui4 grfFlags, [in] ui4 grfMode, [out] "
    "IPropertyStorage** ppprstg)",
    NULL },
  { "Open([in] guid* rfmtid, [in] ui4 grfMode, [out] IPropertyStorage** ppprstg)",
    NULL },
  { "Delete([in] guid* rfmtid)",
    NULL },
  { "Enum([out] IEnumSTATPROPSETSTG** ppenum)",
    NULL },
};
static const StandardMethod IOleAdviseHolder_methods[] = {
  { "Advise([in] IAdviseSink* pAdvise, [out] ui4* pdwConnection)",
    NULL },
  { "Unadvise([in] ui4 dwConnection)",
    NULL },
  { "EnumAdvise([out] IEnumSTATDATA** ppenumAdvise)",
    NULL },
  { "SendOnRename([in] IMoniker* pmk)",
    NULL },
  { "SendOnSave()",
    NULL },
  { "SendOnClose()",
    NULL },
};
static const StandardMethod IOleCache_methods[] = {
  { "Cache([in] void* pformatetc, [in] ui4 advf, [out] ui4* pdwConnection)",
    NULL },
  { "Uncache([in] ui4 dwConnection)",
    NULL },
  { "EnumCache([out] IEnumSTATDATA** ppenumSTATDATA)",
    NULL },
  { "InitCache([in] IDataObject* pDataObject)",
    NULL },
  { "SetData([in] void* pformatetc, [in] void* pmedium, [in] i4 fRelease)",
    NULL },
};
static const StandardMethod IOleCache2_methods[] = {
  { "UpdateCache([in] IDataObject* pDataObject, [in] ui4 grfUpdf, [in] void* pReserved)",
    NULL },
  { "DiscardCache([in] ui4 dwDiscardOptions)",
    NULL },
};
static const StandardMethod IOleCacheControl_methods[] = {
  { "OnRun([in] IDataObject* pDataObject)",
    NULL },
  { "OnStop()",
    NULL },
};
static const StandardMethod IParseDisplayName_methods[] = {
  { "ParseDisplayName([in] IBindCtx* pbc, [in] lpwstr pszDisplayName, [out] ui4* pchEaten, [out] "
    "IMoniker** ppmkOut)",
    NULL },
};
static const StandardMethod IOleContainer_methods[] = {
  { "EnumObjects([in] ui4 grfFlags, [out] IEnumUnknown** ppenum)",
    NULL },
  { "LockContainer([in] i4 fLock)",
    NULL },
};
static const StandardMethod IOleClientSite_methods[] = {
  { "SaveObject()",
    NULL },
  { "GetMoniker([in] ui4 dwAssign, [in] ui4 dwWhichMoniker, [out] IMoniker** ppmk)",
    NULL },
  { "GetContainer([out] IOleContainer** ppContainer)",
    NULL },
  { "ShowObject()",
    NULL },
  { "OnShowWindow([in] i4 fShow)",
    NULL },
  { "RequestNewObjectLayout()",
    NULL },
};
static const StandardMethod IOleObject_methods[] = {
  { "SetClientSite([in] IOleClientSite* pClientSite)",
    NULL },
  { "GetClientSite([out] IOleClientSite** ppClientSite)",
    NULL },
  { "SetHostNames([in] lpwstr szContainerApp, [in] lpwstr szContainerObj)",
    NULL },
  { "Close([in] ui4 dwSaveOption)",
    NULL },
  { "SetMoniker([in] ui4 dwWhichMoniker, [in] IMoniker* pmk)",
    NULL },
  { "GetMoniker([in] ui4 dwAssign, [in] ui4 dwWhichMoniker, [out] IMoniker** ppmk)",
    NULL },
  { "InitFromData([in] IDataObject* pDataObject, [in] i4 fCreation, [in] ui4 dwReserved)",
    NULL },
  { "GetClipboardData([in] ui4 dwReserved, [out] IDataObject** ppDataObject)",
    NULL },
  { "DoVerb([in] i4 iVerb, [in] void* lpmsg, [in] IOleClientSite* pActiveSite, [in] i4 lindex, [in] "
    "uint_ptr hwndParent, [in] RECT* lprcPosRect)",
    NULL },
  { "EnumVerbs([out] IEnumOLEVERB** ppEnumOleVerb)",
    NULL },
  { "Update()",
    NULL },
  { "IsUpToDate()",
    NULL },
  { "GetUserClassID([out] guid* pClsid)",
    NULL },
  { "GetUserType([in] ui4 dwFormOfType, [out] lpwstr* pszUserType)",
    NULL },
  { "SetExtent([in] ui4 dwDrawAspect, [in] SIZEL* psizel)",
    NULL },
  { "GetExtent([in] ui4 dwDrawAspect, [out] SIZEL* psizel)",
    NULL },
  { "Advise([in] IAdviseSink* pAdvSink, [out] ui4* pdwConnection)",
    NULL },
  { "Unadvise([in] ui4 dwConnection)",
    NULL },
  { "EnumAdvise([out] IEnumSTATDATA** ppenumAdvise)",
    NULL },
  { "GetMiscStatus([in] ui4 dwAspect, [out] ui4* pdwStatus)",
    NULL },
  { "SetColorScheme([in] void* pLogpal)",
    NULL },
};
static const StandardMethod IOleWindow_methods[] = {
  { "GetWindow([out] uint_ptr* phwnd)",
    NULL },
  { "ContextSensitiveHelp([in] i4 fEnterMode)",
    NULL },
};
static const StandardMethod IOleLink_methods[] = {
  { "SetUpdateOptions([in] ui4 dwUpdateOpt)",
    NULL },
  { "GetUpdateOptions([out] ui4* pdwUpdateOpt)",
    NULL },
  { "SetSourceMoniker([in] IMoniker* pmk, [in] guid* rclsid)",
    NULL },
  { "GetSourceMoniker([out] IMoniker** ppmk)",
    NULL },
  { "SetSourceDisplayName([in] lpwstr pszStatusText)",
    NULL },
  { "GetSourceDisplayName([out] lpwstr* ppszDisplayName)",
    NULL },
  { "BindToSource([in] ui4 bindflags, [in] IBindCtx* pbc)",
    NULL },
  { "BindIfRunning()",
    NULL },
  { "GetBoundSource([out] IUnknown** ppunk)",
    NULL },
  { "UnbindSource()",
    NULL },
  { "Update([in] IBindCtx* pbc)",
    NULL },
};
static const StandardMethod IOleItemContainer_methods[] = {
  { "GetObject([in] lpwstr pszItem, [in] ui4 dwSpeedNeeded, [in] IBindCtx* pbc, [in] guid* riid, "
    "[out,iid_is(riid)] IUnknown** ppvObject)",
    NULL },
  { "GetObjectStorage([in] lpwstr pszItem, [in] IBindCtx* pbc, [in] guid* riid, [out,iid_is(riid)] "
    "IUnknown** ppvStorage)",
    NULL },
  { "IsRunning([in] lpwstr pszItem)",
    NULL },
};
static const StandardMethod IOleInPlaceUIWindow_methods[] = {
  { "GetBorder([out] RECT* lprectBorder)",
    NULL },
  { "RequestBorderSpace([in] RECT* pborderwidths)",
    NULL },
  { "SetBorderSpace([in] RECT* pborderwidths)",
    NULL },
  { "SetActiveObject([in] IOleInPlaceActiveObject* pActiveObject, [in] lpwstr pszObjName)",
    NULL },
};
static const StandardMethod IOleInPlaceActiveObject_methods[] = {
  { "TranslateAccelerator([in] void* lpmsg)",
    NULL },
  { "OnFrameWindowActivate([in] i4 fActivate)",
    NULL },
  { "OnDocWindowActivate([in] i4 fActivate)",
    NULL },
  { "ResizeBorder([in] RECT* prcBorder, [in] IOleInPlaceUIWindow* pUIWindow, [in] i4 fFrameWindow)",
    NULL },
  { "EnableModeless([in] i4 fEnable)",
    NULL },
};
static const StandardMethod IOleInPlaceFrame_methods[] = {
  { "InsertMenus([in] uint_ptr hmenuShared, [in,out] void* lpMenuWidths)",
    NULL },
  { "SetMenu([in] uint_ptr hmenuShared, [in] uint_ptr holemenu, [in] uint_ptr hwndActiveObject)",
    NULL },
  { "RemoveMenus([in] uint_ptr hmenuShared)",
    NULL },
  { "SetStatusText([in] lpwstr pszStatusText)",
    NULL },
  { "EnableModeless([in] i4 fEnable)",
    NULL },
  { "TranslateAccelerator([in] void* lpmsg, [in] ui2 wID)",
    NULL },
};
static const StandardMethod IOleInPlaceObject_methods[] = {
  { "InPlaceDeactivate()",
    NULL },
  { "UIDeactivate()",
    NULL },
  { "SetObjectRects([in] RECT* lprcPosRect, [in] RECT* lprcClipRect)",
    NULL },
  { "ReactivateAndUndo()",
    NULL },
};
static const StandardMethod IOleInPlaceSite_methods[] = {
  { "CanInPlaceActivate()",
    NULL },
  { "OnInPlaceActivate()",
    NULL },
  { "OnUIActivate()",
    NULL },
  { "GetWindowContext([out] IOleInPlaceFrame** ppFrame, [out] IOleInPlaceUIWindow** ppDoc, [out] RECT* "
    "lprcPosRect, [out] RECT* lprcClipRect, [in,out] void* lpFrameInfo)",
    NULL },
  { "Scroll([in] SIZE scrollExtant)",
    NULL },
  { "OnUIDeactivate([in] i4 fUndoable)",
    NULL },
  { "OnInPlaceDeactivate()",
    NULL },
  { "DiscardUndoState()",
    NULL },
  { "DeactivateAndUndo()",
    NULL },
  { "OnPosRectChange([in] RECT* lprcPosRect)",
    NULL },
};
static const StandardMethod IContinue_methods[] = {
  { "FContinue()",
    NULL },
};
static const StandardMethod IViewObject_methods[] = {
  { "Draw([in] ui4 dwDrawAspect, [in] i4 lindex, [in] void* pvAspect, [in] void* ptd, [in] uint_ptr "
    "hdcTargetDev, [in] uint_ptr hdcDraw, [in] RECTL* lprcBounds, [in] RECTL* lprcWBounds, [in] uint_ptr "
    "pfnContinue, [in] uint_ptr dwContinue)",
    NULL },
  { "GetColorSet([in] ui4 dwDrawAspect, [in] i4 lindex, [in] void* pvAspect, [in] void* ptd, [in] "
    "uint_ptr hicTargetDev, [out] void** ppColorSet)",
    NULL },
  { "Freeze([in] ui4 dwDrawAspect, [in] i4 lindex, [in] void* pvAspect, [out] ui4* pdwFreeze)",
    NULL },
  { "Unfreeze([in] ui4 dwFreeze)",
    NULL },
  { "SetAdvise([in] ui4 aspects, [in] ui4 advf, [in] IAdviseSink* pAdvSink)",
    NULL },
  { "GetAdvise([out] ui4* pAspects, [out] ui4* pAdvf, [out] IAdviseSink** ppAdvSink)",
    NULL },
};
static const StandardMethod IViewObject2_methods[] = {
  { "GetExtent([in] ui4 dwDrawAspect, [in] i4 lindex, [in] void* ptd, [out] void* lpsizel)",
    NULL },
};
static const StandardMethod IDropSource_methods[] = {
  { "QueryContinueDrag([in] i4 fEscapePressed, [in] ui4 grfKeyState)",
    NULL },
  { "GiveFeedback([in] ui4 dwEffect)",
    NULL },
};
static const StandardMethod IDropTarget_methods[] = {
  { "DragEnter([in] IDataObject* pDataObj, [in] ui4 grfKeyState, [in] POINTL pt, [in,out] ui4* pdwEffect)",
    NULL },
  { "DragOver([in] ui4 grfKeyState, [in] POINTL pt, [in,out] ui4* pdwEffect)",
    NULL },
  { "DragLeave()",
    NULL },
  { "Drop([in] IDataObject* pDataObj, [in] ui4 grfKeyState, [in] POINTL pt, [in,out] ui4* pdwEffect)",
    NULL },
};
static const StandardMethod IEnumOLEVERB_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] OLEVERB* rgelt, [out,unique] ui4* "
    "pceltFetched)",
    "RemoteNext([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] OLEVERB* rgelt, [out] ui4* "
    "pceltFetched)" },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumOLEVERB** ppenum)",
    NULL },
};
static const StandardMethod IRunnableObject_methods[] = {
  { "GetRunningClass([out] void* lpClsid)",
    NULL },
  { "Run([in] IBindCtx* pbc)",
    NULL },
  { "i4 IsRunning()",
    NULL },
  { "LockRunning([in] i4 fLock, [in] i4 fLastUnlockCloses)",
    NULL },
  { "SetContainedObject([in] i4 fContained)",
    NULL },
};
static const StandardMethod IEnumConnections_methods[] = {
  { "Next([in] ui4 cConnections, [out,size_is(cConnections),length_is(pcFetched)] CONNECTDATA* rgcd, "
    "[out,unique] ui4* pcFetched)",
    "RemoteNext([in] ui4 cConnections, [out,size_is(cConnections),length_is(pcFetched)] CONNECTDATA* "
    "rgcd, [out] ui4* pcFetched)" },
  { "Skip([in] ui4 cConnections)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumConnections** ppEnum)",
    NULL },
};
static const StandardMethod IConnectionPoint_methods[] = {
  { "GetConnectionInterface([out] guid* pIID)",
    NULL },
  { "GetConnectionPointContainer([out] IConnectionPointContainer** ppCPC)",
    NULL },
  { "Advise([in] IUnknown* pUnkSink, [out] ui4* pdwCookie)",
    NULL },
  { "Unadvise([in] ui4 dwCookie)",
    NULL },
  { "EnumConnections([out] IEnumConnections** ppEnum)",
    NULL },
};
static const StandardMethod IEnumConnectionPoints_methods[] = {
  { "Next([in] ui4 cConnections, [out,size_is(cConnections),length_is(pcFetched)] IConnectionPoint** "
    "ppCP, [out,unique] ui4* pcFetched)",
    "RemoteNext([in] ui4 cConnections, [out,size_is(cConnections),length_is(pcFetched)] "
    "IConnectionPoint** ppCP, [out] ui4* pcFetched)" },
  { "Skip([in] ui4 cConnections)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumConnectionPoints** ppEnum)",
    NULL },
};
static const StandardMethod IConnectionPointContainer_methods[] = {
  { "EnumConnectionPoints([out] IEnumConnectionPoints** ppEnum)",
    NULL },
  { "FindConnectionPoint([in] guid* riid, [out] IConnectionPoint** ppCP)",
    NULL },
};
static const StandardMethod IClassFactory2_methods[] = {
  { "GetLicInfo([in,out] LICINFO* pLicInfo)",
    NULL },
  { "RequestLicKey([in] ui4 dwReserved, [out] bstr* pBstrKey)",
    NULL },
  { "CreateInstanceLic([in] IUnknown* pUnkOuter, [in] IUnknown* pUnkReserved, [in] guid* riid, [in] bstr "
    "bstrKey, [out,iid_is(riid)] IUnknown** ppvObj)",
    "RemoteCreateInstanceLic([in] guid* riid, [in] bstr bstrKey, [out,iid_is(riid)] IUnknown** ppvObj)" },
};
static const StandardMethod IProvideClassInfo_methods[] = {
  { "GetClassInfo([out] ITypeInfo** ppTI)",
    NULL },
};
static const StandardMethod IProvideClassInfo2_methods[] = {
  { "GetGUID([in] ui4 dwGuidKind, [out] guid* pGUID)",
    NULL },
};
static const StandardMethod IProvideMultipleClassInfo_methods[] = {
  { "GetMultiTypeInfoCount([out] ui4* pcti)",
    NULL },
  { "GetInfoOfIndex([in] ui4 iti, [in] ui4 dwFlags, [out,unique] ITypeInfo** pptiCoClass, [out,unique] "
    "ui4* pdwTIFlags, [out,unique] ui4* pcdispidReserved, [out,unique] guid* piidPrimary, [out,unique] "
    "guid* piidSource)",
    NULL },
};
static const StandardMethod IPersistStreamInit_methods[] = {
  { "IsDirty()",
    NULL },
  { "Load([in] IStream* pStm)",
    NULL },
  { "Save([in] IStream* pStm, [in] i4 fClearDirty)",
    NULL },
  { "GetSizeMax([out] ui8* pCbSize)",
    NULL },
  { "InitNew()",
    NULL },
};
static const StandardMethod IPersistMemory_methods[] = {
  { "IsDirty()",
    NULL },
  { "Load([in,size_is(cbSize)] ui1* pMem, [in] ui4 cbSize)",
    "RemoteLoad([in,size_is(cbSize)] ui1* pMem, [in] ui4 cbSize)" },
  { "Save([out,size_is(cbSize)] ui1* pMem, [in] i4 fClearDirty, [in] ui4 cbSize)",
    "RemoteSave([out,size_is(cbSize)] ui1* pMem, [in] i4 fClearDirty, [in] ui4 cbSize)" },
  { "GetSizeMax([out] ui4* pCbSize)",
    NULL },
  { "InitNew()",
    NULL },
};
static const StandardMethod IPersistPropertyBag_methods[] = {
  { "InitNew()",
    NULL },
  { "Load([in] IPropertyBag* pPropBag, [in] IErrorLog* pErrorLog)",
    NULL },
  { "Save([in] IPropertyBag* pPropBag, [in] i4 fClearDirty, [in] i4 fSaveAllProperties)",
    NULL },
};
static const StandardMethod IPropertyBag2_methods[] = {
  { "Read([in] ui4 cProperties, [in,size_is(cProperties)] PROPBAG2* pPropBag, [in] IErrorLog* pErrLog, "
    "[out,size_is(cProperties)] variant* pvarValue, [in,out,unique,size_is(cProperties)] hresult* "
    "phrError)",
    NULL },
  { "Write([in] ui4 cProperties, [in,size_is(cProperties)] PROPBAG2* pPropBag, [in,size_is(cProperties)] "
    "variant* pvarValue)",
    NULL },
  { "CountProperties([out] ui4* pcProperties)",
    NULL },
  { "GetPropertyInfo([in] ui4 iProperty, [in] ui4 cProperties, "
    "[out,size_is(cProperties),length_is(pcProperties)] PROPBAG2* pPropBag, [out] ui4* pcProperties)",
    NULL },
  { "LoadObject([in] lpwstr pstrName, [in] ui4 dwHint, [in] IUnknown* pUnkObject, [in] IErrorLog* "
    "pErrLog)",
    NULL },
};
static const StandardMethod IPersistPropertyBag2_methods[] = {
  { "InitNew()",
    NULL },
  { "Load([in] IPropertyBag2* pPropBag, [in] IErrorLog* pErrLog)",
    NULL },
  { "Save([in] IPropertyBag2* pPropBag, [in] i4 fClearDirty, [in] i4 fSaveAllProperties)",
    NULL },
  { "IsDirty()",
    NULL },
};
static const StandardMethod IObjectWithSite_methods[] = {
  { "SetSite([in] IUnknown* pUnkSite)",
    NULL },
  { "GetSite([in] guid* riid, [out,iid_is(riid)] IUnknown** ppvSite)",
    NULL },
};
static const StandardMethod IPropertyNotifySink_methods[] = {
  { "OnChanged([in] i4 dispID)",
    NULL },
  { "OnRequestEdit([in] i4 dispID)",
    NULL },
};
static const StandardMethod ISpecifyPropertyPages_methods[] = {
  { "GetPages([out] CAUUID* pPages)",
    NULL },
};
static const StandardMethod IPerPropertyBrowsing_methods[] = {
  { "GetDisplayString([in] i4 dispID, [out] bstr* pBstr)",
    NULL },
  { "MapPropertyToPage([in] i4 dispID, [out] guid* pClsid)",
    NULL },
  { "GetPredefinedStrings([in] i4 dispID, [out] CALPOLESTR* pCaStringsOut, [out] CADWORD* pCaCookiesOut)",
    NULL },
  { "GetPredefinedValue([in] i4 dispID, [in] ui4 dwCookie, [out] variant* pVarOut)",
    NULL },
};
static const StandardMethod IPropertyPage_methods[] = {
  { "SetPageSite([in] IPropertyPageSite* pPageSite)",
    NULL },
  { "Activate([in] uint_ptr hWndParent, [in] RECT* pRect, [in] i4 bModal)",
    NULL },
  { "Deactivate()",
    NULL },
  { "GetPageInfo([out] PROPPAGEINFO* pPageInfo)",
    NULL },
  { "SetObjects([in] ui4 cObjects, [in,size_is(cObjects)] IUnknown** ppUnk)",
    NULL },
  { "Show([in] ui4 nCmdShow)",
    NULL },
  { "Move([in] RECT* pRect)",
    NULL },
  { "IsPageDirty()",
    NULL },
  { "Apply()",
    NULL },
  { "Help([in] lpwstr pszHelpDir)",
    NULL },
  { "TranslateAccelerator([in] MSG* pMsg)",
    NULL },
};
static const StandardMethod IPropertyPage2_methods[] = {
  { "EditProperty([in] i4 dispID)",
    NULL },
};
static const StandardMethod IPropertyPageSite_methods[] = {
  { "OnStatusChange([in] ui4 dwFlags)",
    NULL },
  { "GetLocaleID([out] ui4* pLocaleID)",
    NULL },
  { "GetPageContainer([out] IUnknown** ppUnk)",
    NULL },
  { "TranslateAccelerator([in] MSG* pMsg)",
    NULL },
};
static const StandardMethod IOleControl_methods[] = {
  { "GetControlInfo([out] CONTROLINFO* pCI)",
    NULL },
  { "OnMnemonic([in] MSG* pMsg)",
    NULL },
  { "OnAmbientPropertyChange([in] i4 dispID)",
    NULL },
  { "FreezeEvents([in] i4 bFreeze)",
    NULL },
};
static const StandardMethod IOleControlSite_methods[] = {
  { "OnControlInfoChanged()",
    NULL },
  { "LockInPlaceActive([in] i4 fLock)",
    NULL },
  { "GetExtendedControl([out] IDispatch** ppDisp)",
    NULL },
  { "TransformCoords([in,out] POINTL* pPtlHimetric, [in,out] POINTF* pPtfContainer, [in] ui4 dwFlags)",
    NULL },
  { "TranslateAccelerator([in] MSG* pMsg, [in] ui4 grfModifiers)",
    NULL },
  { "OnFocus([in] i4 fGotFocus)",
    NULL },
  { "ShowPropertyFrame()",
    NULL },
};
static const StandardMethod ISimpleFrameSite_methods[] = {
  { "PreMessageFilter([in] uint_ptr hWnd, [in] ui4 msg, [in] uint_ptr wp, [in] int_ptr lp, [out] "
    "int_ptr* plResult, [out] ui4* pdwCookie)",
    NULL },
  { "PostMessageFilter([in] uint_ptr hWnd, [in] ui4 msg, [in] uint_ptr wp, [in] int_ptr lp, [out] "
    "int_ptr* plResult, [in] ui4 dwCookie)",
    NULL },
};
static const StandardMethod IFont_methods[] = {
  { "get_Name([out] bstr* pName)",
    NULL },
  { "put_Name([in] bstr name)",
    NULL },
  { "get_Size([out] cy* pSize)",
    NULL },
  { "put_Size([in] cy size)",
    NULL },
  { "get_Bold([out] i4* pBold)",
    NULL },
  { "put_Bold([in] i4 bold)",
    NULL },
  { "get_Italic([out] i4* pItalic)",
    NULL },
  { "put_Italic([in] i4 italic)",
    NULL },
  { "get_Underline([out] i4* pUnderline)",
    NULL },
  { "put_Underline([in] i4 underline)",
    NULL },
  { "get_Strikethrough([out] i4* pStrikethrough)",
    NULL },
  { "put_Strikethrough([in] i4 strikethrough)",
    NULL },
  { "get_Weight([out] i2* pWeight)",
    NULL },
  { "put_Weight([in] i2 weight)",
    NULL },
  { "get_Charset([out] i2* pCharset)",
    NULL },
  { "put_Charset([in] i2 charset)",
    NULL },
  { "get_hFont([out] uint_ptr* phFont)",
    NULL },
  { "Clone([out] IFont** ppFont)",
    NULL },
  { "IsEqual([in] IFont* pFontOther)",
    NULL },
  { "SetRatio([in] i4 cyLogical, [in] i4 cyHimetric)",
    NULL },
  { "QueryTextMetrics([out] void* pTM)",
    NULL },
  { "AddRefHfont([in] uint_ptr hFont)",
    NULL },
  { "ReleaseHfont([in] uint_ptr hFont)",
    NULL },
  { "SetHdc([in] uint_ptr hDC)",
    NULL },
};
static const StandardMethod IPicture_methods[] = {
  { "get_Handle([out] ui4* pHandle)",
    NULL },
  { "get_hPal([out] ui4* phPal)",
    NULL },
  { "get_Type([out] i2* pType)",
    NULL },
  { "get_Width([out] i4* pWidth)",
    NULL },
  { "get_Height([out] i4* pHeight)",
    NULL },
  { "Render([in] uint_ptr hDC, [in] i4 x, [in] i4 y, [in] i4 cx, [in] i4 cy, [in] i4 xSrc, [in] i4 ySrc, "
    "[in] i4 cxSrc, [in] i4 cySrc, [in] RECT* pRcWBounds)",
    NULL },
  { "set_hPal([in] ui4 hPal)",
    NULL },
  { "get_CurDC([out] uint_ptr* phDC)",
    NULL },
  { "SelectPicture([in] uint_ptr hDCIn, [out] uint_ptr* phDCOut, [out] ui4* phBmpOut)",
    NULL },
  { "get_KeepOriginalFormat([out] i4* pKeep)",
    NULL },
  { "put_KeepOriginalFormat([in] i4 keep)",
    NULL },
  { "PictureChanged()",
    NULL },
  { "SaveAsFile([in] IStream* pStream, [in] i4 fSaveMemCopy, [out] i4* pCbSize)",
    NULL },
  { "get_Attributes([out] ui4* pDwAttr)",
    NULL },
};
static const StandardMethod IDispatchEx_methods[] = {
  { "GetDispID([in] bstr bstrName, [in] ui4 grfdex, [out] i4* pid)",
    NULL },
  { "InvokeEx([in] i4 id, [in] ui4 lcid, [in] ui2 wFlags, [in] void* pdp, [out,unique] variant* pvarRes, "
    "[out,unique] void* pei, [in] IServiceProvider* pspCaller)",
    "RemoteInvokeEx([in] i4 id, [in] ui4 lcid, [in] ui4 dwFlags, [in] void* pdp, [out] variant* pvarRes, "
    "[out] void* pei, [in] IServiceProvider* pspCaller, [in] ui4 cvarRefArg, [in,size_is(cvarRefArg)] "
    "ui4* rgiRefArg, [in,out,size_is(cvarRefArg)] variant* rgvarRefArg)" },
  { "DeleteMemberByName([in] bstr bstrName, [in] ui4 grfdex)",
    NULL },
  { "DeleteMemberByDispID([in] i4 id)",
    NULL },
  { "GetMemberProperties([in] i4 id, [in] ui4 grfdexFetch, [out] ui4* pgrfdex)",
    NULL },
  { "GetMemberName([in] i4 id, [out] bstr* pbstrName)",
    NULL },
  { "GetNextDispID([in] ui4 grfdex, [in] i4 id, [out] i4* pid)",
    NULL },
  { "GetNameSpaceParent([out] IUnknown** ppunk)",
    NULL },
};
static const StandardMethod IDispError_methods[] = {
  { "QueryErrorInfo([in] guid guidErrorType, [out] IDispError** ppde)",
    NULL },
  { "GetNext([out] IDispError** ppde)",
    NULL },
  { "GetHresult([out] hresult* phr)",
    NULL },
  { "GetSource([out] bstr* pbstrSource)",
    NULL },
  { "GetHelpInfo([out] bstr* pbstrFileName, [out] ui4* pdwContext)",
    NULL },
  { "GetDescription([out] bstr* pbstrDescription)",
    NULL },
};
static const StandardMethod IVariantChangeType_methods[] = {
  { "ChangeType([in,out] variant* pvarDst, [in] variant* pvarSrc, [in] ui4 lcid, [in] ui2 vtNew)",
    NULL },
};
static const StandardMethod IObjectIdentity_methods[] = {
  { "IsEqualObject([in] IUnknown* punk)",
    NULL },
};
static const StandardMethod ICanHandleException_methods[] = {
  { "CanHandleException([in,out] void* pExcepInfo, [in] variant* pvar)",
    NULL },
};
static const StandardMethod IProvideRuntimeContext_methods[] = {
  { "GetCurrentSourceContext([out] uint_ptr* pdwContext, [out] bool* pfExecutingGlobalCode)",
    NULL },
};
static const StandardMethod IObjectSafety_methods[] = {
  { "GetInterfaceSafetyOptions([in] guid* riid, [out] ui4* pdwSupportedOptions, [out] ui4* "
    "pdwEnabledOptions)",
    NULL },
  { "SetInterfaceSafetyOptions([in] guid* riid, [in] ui4 dwOptionSetMask, [in] ui4 dwEnabledOptions)",
    NULL },
};
static const StandardMethod IEnumGUID_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] guid* rgelt, [out] ui4* "
    "pceltFetched)",
    NULL },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumGUID** ppenum)",
    NULL },
};
static const StandardMethod IEnumCATEGORYINFO_methods[] = {
  { "Next([in] ui4 celt, [out,size_is(celt),length_is(pceltFetched)] CATEGORYINFO* rgelt, [out] ui4* "
    "pceltFetched)",
    NULL },
  { "Skip([in] ui4 celt)",
    NULL },
  { "Reset()",
    NULL },
  { "Clone([out] IEnumCATEGORYINFO** ppenum)",
    NULL },
};
static const StandardMethod ICatRegister_methods[] = {
  { "RegisterCategories([in] ui4 cCategories, [in,size_is(cCategories)] CATEGORYINFO* rgCategoryInfo)",
    NULL },
  { "UnRegisterCategories([in] ui4 cCategories, [in,size_is(cCategories)] guid* rgcatid)",
    NULL },
  { "RegisterClassImplCategories([in] guid* rclsid, [in] ui4 cCategories, [in,size_is(cCategories)] "
    "guid* rgcatid)",
    NULL },
  { "UnRegisterClassImplCategories([in] guid* rclsid, [in] ui4 cCategories, [in,size_is(cCategories)] "
    "guid* rgcatid)",
    NULL },
  { "RegisterClassReqCategories([in] guid* rclsid, [in] ui4 cCategories, [in,size_is(cCategories)] guid* "
    "rgcatid)",
    NULL },
  { "UnRegisterClassReqCategories([in] guid* rclsid, [in] ui4 cCategories, [in,size_is(cCategories)] "
    "guid* rgcatid)",
    NULL },
};
static const StandardMethod ICatInformation_methods[] = {
  { "EnumCategories([in] ui4 lcid, [out] IEnumCATEGORYINFO** ppenumCategoryInfo)",
    NULL },
  { "GetCategoryDesc([in] guid* rcatid, [in] ui4 lcid, [out] lpwstr* pszDesc)",
    NULL },
  { "EnumClassesOfCategories([in] ui4 cImplemented, [in,size_is(cImplemented)] guid* rgcatidImpl, [in] "
    "ui4 cRequired, [in,size_is(cRequired)] guid* rgcatidReq, [out] IEnumGUID** ppenumClsid)",
    NULL },
  { "IsClassOfCategories([in] guid* rclsid, [in] ui4 cImplemented, [in,size_is(cImplemented)] guid* "
    "rgcatidImpl, [in] ui4 cRequired, [in,size_is(cRequired)] guid* rgcatidReq)",
    NULL },
  { "EnumImplCategoriesOfClass([in] guid* rclsid, [out] IEnumGUID** ppenumCatid)",
    NULL },
  { "EnumReqCategoriesOfClass([in] guid* rclsid, [out] IEnumGUID** ppenumCatid)",
    NULL },
};

const StandardInterface standard_interfaces[] = {
  { "IUnknown", &IID_IUnknown, NULL, IUnknown_methods, 0, 3 },
  { "IClassFactory", &IID_IClassFactory, "IUnknown", IClassFactory_methods, 3, 2 },
  { "AsyncIUnknown", &IID_AsyncIUnknown, "IUnknown", AsyncIUnknown_methods, 3, 6 },
  { "IMalloc", &IID_IMalloc, "IUnknown", IMalloc_methods, 3, 6 },
  { "IMallocSpy", &IID_IMallocSpy, "IUnknown", IMallocSpy_methods, 3, 12 },
  { "IEnumUnknown", &IID_IEnumUnknown, "IUnknown", IEnumUnknown_methods, 3, 4 },
  { "IEnumString", &IID_IEnumString, "IUnknown", IEnumString_methods, 3, 4 },
  { "ISequentialStream", &IID_ISequentialStream, "IUnknown", ISequentialStream_methods, 3, 2 },
  { "IStream", &IID_IStream, "ISequentialStream", IStream_methods, 5, 9 },
  { "IMarshal", &IID_IMarshal, "IUnknown", IMarshal_methods, 3, 6 },
  { "IMarshal2", &IID_IMarshal2, "IMarshal", NULL, 9, 0 },
  { "INoMarshal", &IID_INoMarshal, "IUnknown", NULL, 3, 0 },
  { "IAgileObject", &IID_IAgileObject, "IUnknown", NULL, 3, 0 },
  { "IAgileReference", &IID_IAgileReference, "IUnknown", IAgileReference_methods, 3, 1 },
  { "IActivationFilter", &IID_IActivationFilter, "IUnknown", IActivationFilter_methods, 3, 1 },
  { "IStdMarshalInfo", &IID_IStdMarshalInfo, "IUnknown", IStdMarshalInfo_methods, 3, 1 },
  { "IExternalConnection", &IID_IExternalConnection, "IUnknown", IExternalConnection_methods, 3, 2 },
  { "IMultiQI", &IID_IMultiQI, "IUnknown", IMultiQI_methods, 3, 1 },
  { "AsyncIMultiQI", &IID_AsyncIMultiQI, "IUnknown", AsyncIMultiQI_methods, 3, 2 },
  { "IInternalUnknown", &IID_IInternalUnknown, "IUnknown", IInternalUnknown_methods, 3, 1 },
  { "IRpcChannelBuffer", &IID_IRpcChannelBuffer, "IUnknown", IRpcChannelBuffer_methods, 3, 5 },
  { "IRpcChannelBuffer2", &IID_IRpcChannelBuffer2, "IRpcChannelBuffer", IRpcChannelBuffer2_methods, 8, 1 },
  { "IAsyncRpcChannelBuffer", &IID_IAsyncRpcChannelBuffer, "IRpcChannelBuffer2", IAsyncRpcChannelBuffer_methods, 9, 3 },
  { "IRpcChannelBuffer3", &IID_IRpcChannelBuffer3, "IRpcChannelBuffer2", IRpcChannelBuffer3_methods, 9, 7 },
  { "IRpcProxyBuffer", &IID_IRpcProxyBuffer, "IUnknown", IRpcProxyBuffer_methods, 3, 2 },
  { "IRpcStubBuffer", &IID_IRpcStubBuffer, "IUnknown", IRpcStubBuffer_methods, 3, 7 },
  { "IPSFactoryBuffer", &IID_IPSFactoryBuffer, "IUnknown", IPSFactoryBuffer_methods, 3, 2 },
  { "IChannelHook", &IID_IChannelHook, "IUnknown", IChannelHook_methods, 3, 6 },
  { "IClientSecurity", &IID_IClientSecurity, "IUnknown", IClientSecurity_methods, 3, 3 },
  { "IServerSecurity", &IID_IServerSecurity, "IUnknown", IServerSecurity_methods, 3, 4 },
  { "IRpcOptions", &IID_IRpcOptions, "IUnknown", IRpcOptions_methods, 3, 2 },
  { "IGlobalOptions", &IID_IGlobalOptions, "IUnknown", IGlobalOptions_methods, 3, 2 },
  { "ISurrogate", &IID_ISurrogate, "IUnknown", ISurrogate_methods, 3, 2 },
  { "IGlobalInterfaceTable", &IID_IGlobalInterfaceTable, "IUnknown", IGlobalInterfaceTable_methods, 3, 3 },
  { "ISynchronize", &IID_ISynchronize, "IUnknown", ISynchronize_methods, 3, 3 },
  { "ISynchronizeHandle", &IID_ISynchronizeHandle, "IUnknown", ISynchronizeHandle_methods, 3, 1 },
  { "ISynchronizeEvent", &IID_ISynchronizeEvent, "ISynchronizeHandle", ISynchronizeEvent_methods, 4, 1 },
  { "ISynchronizeContainer", &IID_ISynchronizeContainer, "IUnknown", ISynchronizeContainer_methods, 3, 2 },
  { "ISynchronizeMutex", &IID_ISynchronizeMutex, "ISynchronize", ISynchronizeMutex_methods, 6, 1 },
  { "ICancelMethodCalls", &IID_ICancelMethodCalls, "IUnknown", ICancelMethodCalls_methods, 3, 2 },
  { "IAsyncManager", &IID_IAsyncManager, "IUnknown", IAsyncManager_methods, 3, 3 },
  { "ICallFactory", &IID_ICallFactory, "IUnknown", ICallFactory_methods, 3, 1 },
  { "IEnumContextProps", &IID_IEnumContextProps, "IUnknown", IEnumContextProps_methods, 3, 5 },
  { "IContext", &IID_IContext, "IUnknown", IContext_methods, 3, 4 },
  { "IObjContext", &IID_IObjContext, "IContext", IObjContext_methods, 7, 7 },
  { "IContextCallback", &IID_IContextCallback, "IUnknown", IContextCallback_methods, 3, 1 },
  { "IComThreadingInfo", &IID_IComThreadingInfo, "IUnknown", IComThreadingInfo_methods, 3, 4 },
  { "IProcessInitControl", &IID_IProcessInitControl, "IUnknown", IProcessInitControl_methods, 3, 1 },
  { "IFastRundown", &IID_IFastRundown, "IUnknown", NULL, 3, 0 },
  { "IDispatch", &IID_IDispatch, "IUnknown", IDispatch_methods, 3, 4 },
  { "IEnumVARIANT", &IID_IEnumVARIANT, "IUnknown", IEnumVARIANT_methods, 3, 4 },
  { "ITypeComp", &IID_ITypeComp, "IUnknown", ITypeComp_methods, 3, 2 },
  { "ITypeInfo", &IID_ITypeInfo, "IUnknown", ITypeInfo_methods, 3, 19 },
  { "ITypeInfo2", &IID_ITypeInfo2, "ITypeInfo", ITypeInfo2_methods, 22, 15 },
  { "ITypeLib", &IID_ITypeLib, "IUnknown", ITypeLib_methods, 3, 10 },
  { "ITypeLib2", &IID_ITypeLib2, "ITypeLib", ITypeLib2_methods, 13, 4 },
  { "ICreateTypeInfo", &IID_ICreateTypeInfo, "IUnknown", ICreateTypeInfo_methods, 3, 23 },
  { "ICreateTypeInfo2", &IID_ICreateTypeInfo2, "ICreateTypeInfo", ICreateTypeInfo2_methods, 26, 15 },
  { "ICreateTypeLib", &IID_ICreateTypeLib, "IUnknown", ICreateTypeLib_methods, 3, 10 },
  { "ICreateTypeLib2", &IID_ICreateTypeLib2, "ICreateTypeLib", ICreateTypeLib2_methods, 13, 4 },
  { "ITypeChangeEvents", &IID_ITypeChangeEvents, "IUnknown", ITypeChangeEvents_methods, 3, 2 },
  { "ITypeFactory", &IID_ITypeFactory, "IUnknown", ITypeFactory_methods, 3, 1 },
  { "ITypeMarshal", &IID_ITypeMarshal, "IUnknown", ITypeMarshal_methods, 3, 4 },
  { "IRecordInfo", &IID_IRecordInfo, "IUnknown", IRecordInfo_methods, 3, 16 },
  { "IErrorInfo", &IID_IErrorInfo, "IUnknown", IErrorInfo_methods, 3, 5 },
  { "ICreateErrorInfo", &IID_ICreateErrorInfo, "IUnknown", ICreateErrorInfo_methods, 3, 5 },
  { "ISupportErrorInfo", &IID_ISupportErrorInfo, "IUnknown", ISupportErrorInfo_methods, 3, 1 },
  { "IErrorLog", &IID_IErrorLog, "IUnknown", IErrorLog_methods, 3, 1 },
  { "IPropertyBag", &IID_IPropertyBag, "IUnknown", IPropertyBag_methods, 3, 2 },
  { "IBindCtx", &IID_IBindCtx, "IUnknown", IBindCtx_methods, 3, 10 },
  { "IEnumMoniker", &IID_IEnumMoniker, "IUnknown", IEnumMoniker_methods, 3, 4 },
  { "IRunningObjectTable", &IID_IRunningObjectTable, "IUnknown", IRunningObjectTable_methods, 3, 7 },
  { "IPersist", &IID_IPersist, "IUnknown", IPersist_methods, 3, 1 },
  { "IPersistStream", &IID_IPersistStream, "IPersist", IPersistStream_methods, 4, 4 },
  { "IPersistFile", &IID_IPersistFile, "IPersist", IPersistFile_methods, 4, 5 },
  { "IPersistStorage", &IID_IPersistStorage, "IPersist", IPersistStorage_methods, 4, 6 },
  { "IMoniker", &IID_IMoniker, "IPersistStream", IMoniker_methods, 8, 15 },
  { "IROTData", &IID_IROTData, "IUnknown", IROTData_methods, 3, 1 },
  { "IEnumSTATSTG", &IID_IEnumSTATSTG, "IUnknown", IEnumSTATSTG_methods, 3, 4 },
  { "IStorage", &IID_IStorage, "IUnknown", IStorage_methods, 3, 15 },
  { "IRootStorage", &IID_IRootStorage, "IUnknown", IRootStorage_methods, 3, 1 },
  { "ILockBytes", &IID_ILockBytes, "IUnknown", ILockBytes_methods, 3, 7 },
  { "IMessageFilter", &IID_IMessageFilter, "IUnknown", IMessageFilter_methods, 3, 3 },
  { "IEnumFORMATETC", &IID_IEnumFORMATETC, "IUnknown", IEnumFORMATETC_methods, 3, 4 },
  { "IEnumSTATDATA", &IID_IEnumSTATDATA, "IUnknown", IEnumSTATDATA_methods, 3, 4 },
  { "IAdviseSink", &IID_IAdviseSink, "IUnknown", IAdviseSink_methods, 3, 5 },
  { "IAdviseSink2", &IID_IAdviseSink2, "IAdviseSink", IAdviseSink2_methods, 8, 1 },
  { "IDataObject", &IID_IDataObject, "IUnknown", IDataObject_methods, 3, 9 },
  { "IDataAdviseHolder", &IID_IDataAdviseHolder, "IUnknown", IDataAdviseHolder_methods, 3, 4 },
  { "IInitializeSpy", &IID_IInitializeSpy, "IUnknown", IInitializeSpy_methods, 3, 4 },
  { "IClassActivator", &IID_IClassActivator, "IUnknown", IClassActivator_methods, 3, 1 },
  { "IProgressNotify", &IID_IProgressNotify, "IUnknown", IProgressNotify_methods, 3, 1 },
  { "IBlockingLock", &IID_IBlockingLock, "IUnknown", IBlockingLock_methods, 3, 2 },
  { "IServiceProvider", &IID_IServiceProvider, "IUnknown", IServiceProvider_methods, 3, 1 },
  { "IEnumSTATPROPSTG", &IID_IEnumSTATPROPSTG, "IUnknown", IEnumSTATPROPSTG_methods, 3, 4 },
  { "IEnumSTATPROPSETSTG", &IID_IEnumSTATPROPSETSTG, "IUnknown", IEnumSTATPROPSETSTG_methods, 3, 4 },
  { "IPropertyStorage", &IID_IPropertyStorage, "IUnknown", IPropertyStorage_methods, 3, 12 },
  { "IPropertySetStorage", &IID_IPropertySetStorage, "IUnknown", IPropertySetStorage_methods, 3, 4 },
  { "IOleAdviseHolder", &IID_IOleAdviseHolder, "IUnknown", IOleAdviseHolder_methods, 3, 6 },
  { "IOleCache", &IID_IOleCache, "IUnknown", IOleCache_methods, 3, 5 },
  { "IOleCache2", &IID_IOleCache2, "IOleCache", IOleCache2_methods, 8, 2 },
  { "IOleCacheControl", &IID_IOleCacheControl, "IUnknown", IOleCacheControl_methods, 3, 2 },
  { "IParseDisplayName", &IID_IParseDisplayName, "IUnknown", IParseDisplayName_methods, 3, 1 },
  { "IOleContainer", &IID_IOleContainer, "IParseDisplayName", IOleContainer_methods, 4, 2 },
  { "IOleClientSite", &IID_IOleClientSite, "IUnknown", IOleClientSite_methods, 3, 6 },
  { "IOleObject", &IID_IOleObject, "IUnknown", IOleObject_methods, 3, 21 },
  { "IOleWindow", &IID_IOleWindow, "IUnknown", IOleWindow_methods, 3, 2 },
  { "IOleLink", &IID_IOleLink, "IUnknown", IOleLink_methods, 3, 11 },
  { "IOleItemContainer", &IID_IOleItemContainer, "IOleContainer", IOleItemContainer_methods, 6, 3 },
  { "IOleInPlaceUIWindow", &IID_IOleInPlaceUIWindow, "IOleWindow", IOleInPlaceUIWindow_methods, 5, 4 },
  { "IOleInPlaceActiveObject", &IID_IOleInPlaceActiveObject, "IOleWindow", IOleInPlaceActiveObject_methods, 5, 5 },
  { "IOleInPlaceFrame", &IID_IOleInPlaceFrame, "IOleInPlaceUIWindow", IOleInPlaceFrame_methods, 9, 6 },
  { "IOleInPlaceObject", &IID_IOleInPlaceObject, "IOleWindow", IOleInPlaceObject_methods, 5, 4 },
  { "IOleInPlaceSite", &IID_IOleInPlaceSite, "IOleWindow", IOleInPlaceSite_methods, 5, 10 },
  { "IContinue", &IID_IContinue, "IUnknown", IContinue_methods, 3, 1 },
  { "IViewObject", &IID_IViewObject, "IUnknown", IViewObject_methods, 3, 6 },
  { "IViewObject2", &IID_IViewObject2, "IViewObject", IViewObject2_methods, 9, 1 },
  { "IDropSource", &IID_IDropSource, "IUnknown", IDropSource_methods, 3, 2 },
  { "IDropTarget", &IID_IDropTarget, "IUnknown", IDropTarget_methods, 3, 4 },
  { "IEnumOLEVERB", &IID_IEnumOLEVERB, "IUnknown", IEnumOLEVERB_methods, 3, 4 },
  { "IRunnableObject", &IID_IRunnableObject, "IUnknown", IRunnableObject_methods, 3, 5 },
  { "IEnumConnections", &IID_IEnumConnections, "IUnknown", IEnumConnections_methods, 3, 4 },
  { "IConnectionPoint", &IID_IConnectionPoint, "IUnknown", IConnectionPoint_methods, 3, 5 },
  { "IEnumConnectionPoints", &IID_IEnumConnectionPoints, "IUnknown", IEnumConnectionPoints_methods, 3, 4 },
  { "IConnectionPointContainer", &IID_IConnectionPointContainer, "IUnknown", IConnectionPointContainer_methods, 3, 2 },
  { "IClassFactory2", &IID_IClassFactory2, "IClassFactory", IClassFactory2_methods, 5, 3 },
  { "IProvideClassInfo", &IID_IProvideClassInfo, "IUnknown", IProvideClassInfo_methods, 3, 1 },
  { "IProvideClassInfo2", &IID_IProvideClassInfo2, "IProvideClassInfo", IProvideClassInfo2_methods, 4, 1 },
  { "IProvideMultipleClassInfo", &IID_IProvideMultipleClassInfo, "IProvideClassInfo2", IProvideMultipleClassInfo_methods, 5, 2 },
  { "IPersistStreamInit", &IID_IPersistStreamInit, "IPersist", IPersistStreamInit_methods, 4, 5 },
  { "IPersistMemory", &IID_IPersistMemory, "IPersist", IPersistMemory_methods, 4, 5 },
  { "IPersistPropertyBag", &IID_IPersistPropertyBag, "IPersist", IPersistPropertyBag_methods, 4, 3 },
  { "IPropertyBag2", &IID_IPropertyBag2, "IUnknown", IPropertyBag2_methods, 3, 5 },
  { "IPersistPropertyBag2", &IID_IPersistPropertyBag2, "IPersist", IPersistPropertyBag2_methods, 4, 4 },
  { "IObjectWithSite", &IID_IObjectWithSite, "IUnknown", IObjectWithSite_methods, 3, 2 },
  { "IPropertyNotifySink", &IID_IPropertyNotifySink, "IUnknown", IPropertyNotifySink_methods, 3, 2 },
  { "ISpecifyPropertyPages", &IID_ISpecifyPropertyPages, "IUnknown", ISpecifyPropertyPages_methods, 3, 1 },
  { "IPerPropertyBrowsing", &IID_IPerPropertyBrowsing, "IUnknown", IPerPropertyBrowsing_methods, 3, 4 },
  { "IPropertyPage", &IID_IPropertyPage, "IUnknown", IPropertyPage_methods, 3, 11 },
  { "IPropertyPage2", &IID_IPropertyPage2, "IPropertyPage", IPropertyPage2_methods, 14, 1 },
  { "IPropertyPageSite", &IID_IPropertyPageSite, "IUnknown", IPropertyPageSite_methods, 3, 4 },
  { "IOleControl", &IID_IOleControl, "IUnknown", IOleControl_methods, 3, 4 },
  { "IOleControlSite", &IID_IOleControlSite, "IUnknown", IOleControlSite_methods, 3, 7 },
  { "ISimpleFrameSite", &IID_ISimpleFrameSite, "IUnknown", ISimpleFrameSite_methods, 3, 2 },
  { "IFont", &IID_IFont, "IUnknown", IFont_methods, 3, 24 },
  { "IPicture", &IID_IPicture, "IUnknown", IPicture_methods, 3, 14 },
  { "IFontEventsDisp", &IID_IFontEventsDisp, "IDispatch", NULL, 7, 0 },
  { "IFontDisp", &IID_IFontDisp, "IDispatch", NULL, 7, 0 },
  { "IPictureDisp", &IID_IPictureDisp, "IDispatch", NULL, 7, 0 },
  { "IDispatchEx", &IID_IDispatchEx, "IDispatch", IDispatchEx_methods, 7, 8 },
  { "IDispError", &IID_IDispError, "IUnknown", IDispError_methods, 3, 6 },
  { "IVariantChangeType", &IID_IVariantChangeType, "IUnknown", IVariantChangeType_methods, 3, 1 },
  { "IObjectIdentity", &IID_IObjectIdentity, "IUnknown", IObjectIdentity_methods, 3, 1 },
  { "ICanHandleException", &IID_ICanHandleException, "IUnknown", ICanHandleException_methods, 3, 1 },
  { "IProvideRuntimeContext", &IID_IProvideRuntimeContext, "IUnknown", IProvideRuntimeContext_methods, 3, 1 },
  { "IObjectSafety", &IID_IObjectSafety, "IUnknown", IObjectSafety_methods, 3, 2 },
  { "IEnumGUID", &IID_IEnumGUID, "IUnknown", IEnumGUID_methods, 3, 4 },
  { "IEnumCATEGORYINFO", &IID_IEnumCATEGORYINFO, "IUnknown", IEnumCATEGORYINFO_methods, 3, 4 },
  { "ICatRegister", &IID_ICatRegister, "IUnknown", ICatRegister_methods, 3, 6 },
  { "ICatInformation", &IID_ICatInformation, "IUnknown", ICatInformation_methods, 3, 6 },
};
const unsigned standard_interface_count = sizeof standard_interfaces / sizeof standard_interfaces[0];

static const InterfaceName names[] = {
  { "IClassFactory", &IID_IClassFactory },
  { "AsyncIUnknown", &IID_AsyncIUnknown },
  { "IMalloc", &IID_IMalloc },
  { "IMallocSpy", &IID_IMallocSpy },
  { "IEnumUnknown", &IID_IEnumUnknown },
  { "IEnumString", &IID_IEnumString },
  { "ISequentialStream", &IID_ISequentialStream },
  { "IStream", &IID_IStream },
  { "IMarshal", &IID_IMarshal },
  { "IMarshal2", &IID_IMarshal2 },
  { "INoMarshal", &IID_INoMarshal },
  { "IAgileObject", &IID_IAgileObject },
  { "IAgileReference", &IID_IAgileReference },
  { "IActivationFilter", &IID_IActivationFilter },
  { "IStdMarshalInfo", &IID_IStdMarshalInfo },
  { "IExternalConnection", &IID_IExternalConnection },
  { "IMultiQI", &IID_IMultiQI },
  { "AsyncIMultiQI", &IID_AsyncIMultiQI },
  { "IInternalUnknown", &IID_IInternalUnknown },
  { "IRpcChannelBuffer", &IID_IRpcChannelBuffer },
  { "IRpcChannelBuffer2", &IID_IRpcChannelBuffer2 },
  { "IAsyncRpcChannelBuffer", &IID_IAsyncRpcChannelBuffer },
  { "IRpcChannelBuffer3", &IID_IRpcChannelBuffer3 },
  { "IRpcProxyBuffer", &IID_IRpcProxyBuffer },
  { "IRpcStubBuffer", &IID_IRpcStubBuffer },
  { "IPSFactoryBuffer", &IID_IPSFactoryBuffer },
  { "IChannelHook", &IID_IChannelHook },
  { "IClientSecurity", &IID_IClientSecurity },
  { "IServerSecurity", &IID_IServerSecurity },
  { "IRpcOptions", &IID_IRpcOptions },
  { "IGlobalOptions", &IID_IGlobalOptions },
  { "ISurrogate", &IID_ISurrogate },
  { "IGlobalInterfaceTable", &IID_IGlobalInterfaceTable },
  { "ISynchronize", &IID_ISynchronize },
  { "ISynchronizeHandle", &IID_ISynchronizeHandle },
  { "ISynchronizeEvent", &IID_ISynchronizeEvent },
  { "ISynchronizeContainer", &IID_ISynchronizeContainer },
  { "ISynchronizeMutex", &IID_ISynchronizeMutex },
  { "ICancelMethodCalls", &IID_ICancelMethodCalls },
  { "IAsyncManager", &IID_IAsyncManager },
  { "ICallFactory", &IID_ICallFactory },
  { "IEnumContextProps", &IID_IEnumContextProps },
  { "IContext", &IID_IContext },
  { "IObjContext", &IID_IObjContext },
  { "IContextCallback", &IID_IContextCallback },
  { "IComThreadingInfo", &IID_IComThreadingInfo },
  { "IProcessInitControl", &IID_IProcessInitControl },
  { "IFastRundown", &IID_IFastRundown },
  { "IEnumVARIANT", &IID_IEnumVARIANT },
  { "ITypeComp", &IID_ITypeComp },
  { "ITypeInfo", &IID_ITypeInfo },
  { "ITypeInfo2", &IID_ITypeInfo2 },
  { "ITypeLib", &IID_ITypeLib },
  { "ITypeLib2", &IID_ITypeLib2 },
  { "ICreateTypeInfo", &IID_ICreateTypeInfo },
  { "ICreateTypeInfo2", &IID_ICreateTypeInfo2 },
  { "ICreateTypeLib", &IID_ICreateTypeLib },
  { "ICreateTypeLib2", &IID_ICreateTypeLib2 },
  { "ITypeChangeEvents", &IID_ITypeChangeEvents },
  { "ITypeFactory", &IID_ITypeFactory },
  { "ITypeMarshal", &IID_ITypeMarshal },
  { "IRecordInfo", &IID_IRecordInfo },
  { "IErrorInfo", &IID_IErrorInfo },
  { "ICreateErrorInfo", &IID_ICreateErrorInfo },
  { "ISupportErrorInfo", &IID_ISupportErrorInfo },
  { "IErrorLog", &IID_IErrorLog },
  { "IPropertyBag", &IID_IPropertyBag },
  { "IBindCtx", &IID_IBindCtx },
  { "IEnumMoniker", &IID_IEnumMoniker },
  { "IRunningObjectTable", &IID_IRunningObjectTable },
  { "IPersist", &IID_IPersist },
  { "IPersistStream", &IID_IPersistStream },
  { "IPersistFile", &IID_IPersistFile },
  { "IPersistStorage", &IID_IPersistStorage },
  { "IMoniker", &IID_IMoniker },
  { "IROTData", &IID_IROTData },
  { "IEnumSTATSTG", &IID_IEnumSTATSTG },
  { "IStorage", &IID_IStorage },
  { "IRootStorage", &IID_IRootStorage },
  { "ILockBytes", &IID_ILockBytes },
  { "IMessageFilter", &IID_IMessageFilter },
  { "IEnumFORMATETC", &IID_IEnumFORMATETC },
  { "IEnumSTATDATA", &IID_IEnumSTATDATA },
  { "IAdviseSink", &IID_IAdviseSink },
  { "IAdviseSink2", &IID_IAdviseSink2 },
  { "IDataObject", &IID_IDataObject },
  { "IDataAdviseHolder", &IID_IDataAdviseHolder },
  { "IInitializeSpy", &IID_IInitializeSpy },
  { "IClassActivator", &IID_IClassActivator },
  { "IProgressNotify", &IID_IProgressNotify },
  { "IBlockingLock", &IID_IBlockingLock },
  { "IServiceProvider", &IID_IServiceProvider },
  { "IEnumSTATPROPSTG", &IID_IEnumSTATPROPSTG },
  { "IEnumSTATPROPSETSTG", &IID_IEnumSTATPROPSETSTG },
  { "IPropertyStorage", &IID_IPropertyStorage },
  { "IPropertySetStorage", &IID_IPropertySetStorage },
  { "IOleAdviseHolder", &IID_IOleAdviseHolder },
  { "IOleCache", &IID_IOleCache },
  { "IOleCache2", &IID_IOleCache2 },
  { "IOleCacheControl", &IID_IOleCacheControl },
  { "IParseDisplayName", &IID_IParseDisplayName },
  { "IOleContainer", &IID_IOleContainer },
  { "IOleClientSite", &IID_IOleClientSite },
  { "IOleObject", &IID_IOleObject },
  { "IOleWindow", &IID_IOleWindow },
  { "IOleLink", &IID_IOleLink },
  { "IOleItemContainer", &IID_IOleItemContainer },
  { "IOleInPlaceUIWindow", &IID_IOleInPlaceUIWindow },
  { "IOleInPlaceActiveObject", &IID_IOleInPlaceActiveObject },
  { "IOleInPlaceFrame", &IID_IOleInPlaceFrame },
  { "IOleInPlaceObject", &IID_IOleInPlaceObject },
  { "IOleInPlaceSite", &IID_IOleInPlaceSite },
  { "IContinue", &IID_IContinue },
  { "IViewObject", &IID_IViewObject },
  { "IViewObject2", &IID_IViewObject2 },
  { "IDropSource", &IID_IDropSource },
  { "IDropTarget", &IID_IDropTarget },
  { "IEnumOLEVERB", &IID_IEnumOLEVERB },
  { "IRunnableObject", &IID_IRunnableObject },
  { "IEnumConnections", &IID_IEnumConnections },
  { "IConnectionPoint", &IID_IConnectionPoint },
  { "IEnumConnectionPoints", &IID_IEnumConnectionPoints },
  { "IConnectionPointContainer", &IID_IConnectionPointContainer },
  { "IClassFactory2", &IID_IClassFactory2 },
  { "IProvideClassInfo", &IID_IProvideClassInfo },
  { "IProvideClassInfo2", &IID_IProvideClassInfo2 },
  { "IProvideMultipleClassInfo", &IID_IProvideMultipleClassInfo },
  { "IPersistStreamInit", &IID_IPersistStreamInit },
  { "IPersistMemory", &IID_IPersistMemory },
  { "IPersistPropertyBag", &IID_IPersistPropertyBag },
  { "IPropertyBag2", &IID_IPropertyBag2 },
  { "IPersistPropertyBag2", &IID_IPersistPropertyBag2 },
  { "IObjectWithSite", &IID_IObjectWithSite },
  { "IPropertyNotifySink", &IID_IPropertyNotifySink },
  { "ISpecifyPropertyPages", &IID_ISpecifyPropertyPages },
  { "IPerPropertyBrowsing", &IID_IPerPropertyBrowsing },
  { "IPropertyPage", &IID_IPropertyPage },
  { "IPropertyPage2", &IID_IPropertyPage2 },
  { "IPropertyPageSite", &IID_IPropertyPageSite },
  { "IOleControl", &IID_IOleControl },
  { "IOleControlSite", &IID_IOleControlSite },
  { "ISimpleFrameSite", &IID_ISimpleFrameSite },
  { "IFont", &IID_IFont },
  { "IPicture", &IID_IPicture },
  { "IFontEventsDisp", &IID_IFontEventsDisp },
  { "IFontDisp", &IID_IFontDisp },
  { "IPictureDisp", &IID_IPictureDisp },
  { "IDispatchEx", &IID_IDispatchEx },
  { "IDispError", &IID_IDispError },
  { "IVariantChangeType", &IID_IVariantChangeType },
  { "IObjectIdentity", &IID_IObjectIdentity },
  { "ICanHandleException", &IID_ICanHandleException },
  { "IProvideRuntimeContext", &IID_IProvideRuntimeContext },
  { "IObjectSafety", &IID_IObjectSafety },
  { "IEnumGUID", &IID_IEnumGUID },
  { "IEnumCATEGORYINFO", &IID_IEnumCATEGORYINFO },
  { "ICatRegister", &IID_ICatRegister },
  { "ICatInformation", &IID_ICatInformation },
  { NULL, NULL },
};

static const RecordText records[] = {
  { "BIND_OPTS",
    "ui4 cbStruct, ui4 grfFlags, ui4 grfMode, ui4 dwTickCountDeadline" },
  { "CADWORD",
    "ui4 cElems, [size_is(cElems)] ui4* pElems" },
  { "CALPOLESTR",
    "ui4 cElems, [size_is(cElems)] lpwstr* pElems" },
  { "CATEGORYINFO",
    "guid catid, ui4 lcid, ui2 szDescription[128]" },
  { "CAUUID",
    "ui4 cElems, [size_is(cElems)] guid* pElems" },
  { "CONNECTDATA",
    "IUnknown* pUnk, ui4 dwCookie" },
  { "CONTROLINFO",
    "ui4 cb, uint_ptr hAccel, ui2 cAccel, ui4 dwFlags" },
  { "CUSTDATA",
    "ui4 cCustData, [size_is(cCustData)] CUSTDATAITEM* prgCustData" },
  { "CUSTDATAITEM",
    "guid guid, variant varValue" },
  { "ContextProperty",
    "guid policyId, ui4 flags, IUnknown* pUnk" },
  { "IDLDESC",
    "uint_ptr dwReserved, ui2 wIDLFlags" },
  { "INTERFACEINFO",
    "IUnknown* pUnk, guid iid, ui2 wMethod" },
  { "LICINFO",
    "i4 cbLicInfo, i4 fRuntimeKeyAvail, i4 fLicVerified" },
  { "MSG",
    "uint_ptr hwnd, ui4 message, uint_ptr wParam, int_ptr lParam, ui4 time, POINT pt" },
  { "OLEVERB",
    "i4 lVerb, lpwstr lpszVerbName, ui4 fuFlags, ui4 grfAttribs" },
  { "POINT",
    "i4 x, i4 y" },
  { "POINTF",
    "r4 x, r4 y" },
  { "POINTL",
    "i4 x, i4 y" },
  { "PROPBAG2",
    "ui4 dwType, ui2 vt, ui2 cfType, ui4 dwHint, lpwstr pstrName, guid clsid" },
  { "PROPPAGEINFO",
    "ui4 cb, lpwstr pszTitle, SIZE size, lpwstr pszDocString, lpwstr pszHelpFile, ui4 dwHelpContext" },
  { "RECT",
    "i4 left, i4 top, i4 right, i4 bottom" },
  { "RECTL",
    "i4 left, i4 top, i4 right, i4 bottom" },
  { "SIZE",
    "i4 cx, i4 cy" },
  { "SIZEL",
    "i4 cx, i4 cy" },
  { "STATPROPSETSTG",
    "guid fmtid, guid clsid, ui4 grfFlags, filetime mtime, filetime ctime, filetime atime, ui4 "
    "dwOSVersion" },
  { "STATPROPSTG",
    "lpwstr lpwstrName, ui4 propid, ui2 vt" },
  { "STATSTG",
    "lpwstr pwcsName, ui4 type, ui8 cbSize, filetime mtime, filetime ctime, filetime atime, ui4 grfMode, "
    "ui4 grfLocksSupported, guid clsid, ui4 grfStateBits, ui4 reserved" },
  { NULL, NULL },
};

const SignatureNames standard_names = { names, records };
