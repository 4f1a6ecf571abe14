/* Activation in another apartment than the caller's: a thread of that one does it, and what it gets travels back as references. */
#include "activation/activation_internal.h"

#include <oleauto.h>

typedef struct Visit {
  const ActivationRequest *request;
  HRESULT (*body)(const ActivationRequest *request, void *context);
  void *context;
  IStream *references; /* to the results that came, one behind the other */
  BSTR source, description, help_file;
  DWORD help_context;
} Visit;

static const LARGE_INTEGER beginning;

/* What the failed activation said stays with the thread; the caller hears the same. */
static void take_error(Visit *visit) {
  IErrorInfo *info;
  if (GetErrorInfo(0, &info) != S_OK)
    return;
  IErrorInfo_GetSource(info, &visit->source);
  IErrorInfo_GetDescription(info, &visit->description);
  IErrorInfo_GetHelpFile(info, &visit->help_file);
  IErrorInfo_GetHelpContext(info, &visit->help_context);
  IErrorInfo_Release(info);
}

static void give_error(Visit *visit, HRESULT status) {
  ErrorFacts facts = { .source = visit->source,
                       .description = visit->description,
                       .help_file = visit->help_file,
                       .help_context = visit->help_context };
  if (visit->description)
    error_set(status, &facts);
  SysFreeString(visit->source);
  SysFreeString(visit->description);
  SysFreeString(visit->help_file);
}

/* In the other apartment. */
static HRESULT make_and_marshal(void *context) {
  Visit *visit = context;
  const ActivationRequest *request = visit->request;
  SetErrorInfo(0, NULL);
  HRESULT status = visit->body(request, visit->context);
  for (ULONG i = 0; status == S_OK && i < request->count; i++) {
    MULTI_QI *result = &request->results[i];
    if (!result->pItf)
      continue;
    result->hr =
        CoMarshalInterface(visit->references, result->pIID, result->pItf, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL);
    IUnknown_Release(result->pItf);
    result->pItf = NULL;
  }
  if (FAILED(status) || (request->count == 1 && FAILED(request->results[0].hr)))
    take_error(visit);
  return status;
}

static void unmarshal(const Visit *visit) {
  const ActivationRequest *request = visit->request;
  IStream_Seek(visit->references, beginning, STREAM_SEEK_SET, NULL);
  for (ULONG i = 0; i < request->count; i++) {
    MULTI_QI *result = &request->results[i];
    if (FAILED(result->hr))
      continue;
    result->hr = CoUnmarshalInterface(visit->references, result->pIID, (void **)&result->pItf);
    if (FAILED(result->hr))
      result->pItf = NULL;
  }
}

HRESULT activation_in_apartment(Apartment *apartment, const ActivationRequest *request,
                                HRESULT (*body)(const ActivationRequest *request, void *context), void *context) {
  Visit visit = { .request = request, .body = body, .context = context };
  if (apartment_number(apartment) == apartment_current())
    return body(request, context);
  /* The outer object and the inner one must be of one apartment. */
  if (request->outer)
    return CLASS_E_NOAGGREGATION;
  HRESULT status = CreateStreamOnHGlobal(NULL, TRUE, &visit.references);
  if (FAILED(status))
    return status;
  status = apartment_run(apartment, make_and_marshal, &visit);
  if (status == S_OK)
    unmarshal(&visit);
  bool failed = FAILED(status) || (request->count == 1 && FAILED(request->results[0].hr));
  give_error(&visit, !failed ? S_OK : FAILED(status) ? status : request->results[0].hr);
  IStream_Release(visit.references);
  return status;
}
