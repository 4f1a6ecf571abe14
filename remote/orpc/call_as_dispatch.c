/* IDispatch::Invoke and IDispatchEx::InvokeEx as they travel (remote/ndr/automation.h): what the caller does not want to have is
 * said in the flags. */
#include <dispex.h>
#include <string.h>

#include "remote/ndr/automation.h"
#include "remote/orpc/call_as.h"

/* The client's side */

/* What the two methods differ in: where their arguments stand. */
enum { INVOKE_IID = 1, INVOKE_LCID, INVOKE_FLAGS, INVOKE_PARAMS, INVOKE_RESULT, INVOKE_EXCEPTION, INVOKE_ARGUMENT };
enum { EX_LCID = 1, EX_FLAGS, EX_PARAMS, EX_RESULT, EX_EXCEPTION, EX_CALLER };

static uint32_t flags_of(void *const *arguments, unsigned flags, unsigned result, unsigned exception) {
  return ARGUMENT(uint16_t, arguments, flags) | (ARGUMENT(void *, arguments, result) ? 0 : NDR_INVOKE_NO_RESULT) |
         (ARGUMENT(void *, arguments, exception) ? 0 : NDR_INVOKE_NO_EXCEPTION);
}

static HRESULT put_dispatch(NdrWriter *writer, void *const *arguments) {
  const DISPPARAMS *params = ARGUMENT(DISPPARAMS *, arguments, INVOKE_PARAMS);
  uint32_t flags = flags_of(arguments, INVOKE_FLAGS, INVOKE_RESULT, INVOKE_EXCEPTION);
  if (!params)
    return NDR_NULL_REF_POINTER;
  if (!ARGUMENT(void *, arguments, INVOKE_ARGUMENT))
    flags |= NDR_INVOKE_NO_ARGUMENT;
  ndr_put_invoke(writer, ARGUMENT(DISPID, arguments, 0), ARGUMENT(IID *, arguments, INVOKE_IID),
                 ARGUMENT(LCID, arguments, INVOKE_LCID), flags, params);
  return writer->error;
}

static HRESULT put_dispatch_ex(NdrWriter *writer, void *const *arguments) {
  const DISPPARAMS *params = ARGUMENT(DISPPARAMS *, arguments, EX_PARAMS);
  if (!params)
    return NDR_NULL_REF_POINTER;
  ndr_put_invoke_ex(writer, ARGUMENT(DISPID, arguments, 0), ARGUMENT(LCID, arguments, EX_LCID),
                    flags_of(arguments, EX_FLAGS, EX_RESULT, EX_EXCEPTION), params,
                    ARGUMENT(IUnknown *, arguments, EX_CALLER));
  return writer->error;
}

static HRESULT get_dispatch(NdrReader *reader, void *const *arguments) {
  HRESULT answer;
  ndr_get_invoke_reply(
      reader, ARGUMENT(DISPPARAMS *, arguments, INVOKE_PARAMS), ARGUMENT(VARIANT *, arguments, INVOKE_RESULT),
      ARGUMENT(EXCEPINFO *, arguments, INVOKE_EXCEPTION), ARGUMENT(UINT *, arguments, INVOKE_ARGUMENT), &answer);
  return answer;
}

static HRESULT get_dispatch_ex(NdrReader *reader, void *const *arguments) {
  HRESULT answer;
  ndr_get_invoke_ex_reply(reader, ARGUMENT(DISPPARAMS *, arguments, EX_PARAMS),
                          ARGUMENT(VARIANT *, arguments, EX_RESULT), ARGUMENT(EXCEPINFO *, arguments, EX_EXCEPTION),
                          &answer);
  return answer;
}

static void clear_results(VARIANT *result, EXCEPINFO *exception) {
  if (result)
    VariantInit(result);
  if (exception)
    memset(exception, 0, sizeof *exception);
}

static void clear_dispatch(void *const *arguments) {
  clear_results(ARGUMENT(VARIANT *, arguments, INVOKE_RESULT), ARGUMENT(EXCEPINFO *, arguments, INVOKE_EXCEPTION));
}

static void clear_dispatch_ex(void *const *arguments) {
  clear_results(ARGUMENT(VARIANT *, arguments, EX_RESULT), ARGUMENT(EXCEPINFO *, arguments, EX_EXCEPTION));
}

/* The server's side */

typedef struct InvokeCall {
  NdrInvoke request;
  VARIANT result;
  EXCEPINFO exception;
} InvokeCall;

static void end_request(void *state) {
  InvokeCall *call = state;
  ndr_invoke_clear(&call->request);
  VariantClear(&call->result);
  exception_clear(&call->exception);
}

static void serve(WireServe *serve, HRESULT (*get)(NdrReader *reader, NdrInvoke *request)) {
  InvokeCall *call = serve->state;
  NdrInvoke *request = &call->request;
  if (FAILED(get(serve->reader, request)))
    return;
  VARIANT *result = request->flags & NDR_INVOKE_NO_RESULT ? NULL : &call->result;
  EXCEPINFO *exception = request->flags & NDR_INVOKE_NO_EXCEPTION ? NULL : &call->exception;
  UINT argument = 0, *bad_argument = request->flags & NDR_INVOKE_NO_ARGUMENT ? NULL : &argument;
  WORD flags = (WORD)request->flags;
  HRESULT status = request->extended
                       ? IDispatchEx_InvokeEx((IDispatchEx *)serve->object, request->member, request->lcid, flags,
                                              &request->params, result, exception, request->caller)
                       : IDispatch_Invoke((IDispatch *)serve->object, request->member, &request->iid, request->lcid,
                                          flags, &request->params, result, exception, bad_argument);
  serve->answer(serve, status);
  ndr_put_invoke_reply(serve->writer, request, SUCCEEDED(status) ? result : NULL,
                       status == DISP_E_EXCEPTION ? exception : NULL, argument, status);
}

static void serve_dispatch(WireServe *call) {
  serve(call, ndr_get_invoke);
}

static void serve_dispatch_ex(WireServe *call) {
  serve(call, ndr_get_invoke_ex);
}

/* The tables */

const CallAs call_as_dispatch[] = {
  { .iid = &IID_IDispatch,
    .slot = 6,
    .put = put_dispatch,
    .get = get_dispatch,
    .clear = clear_dispatch,
    .serve = serve_dispatch,
    .state_size = sizeof(InvokeCall),
    .end = end_request },
  { .iid = &IID_IDispatchEx,
    .slot = 8,
    .put = put_dispatch_ex,
    .get = get_dispatch_ex,
    .clear = clear_dispatch_ex,
    .serve = serve_dispatch_ex,
    .state_size = sizeof(InvokeCall),
    .end = end_request },
  { 0 },
};
