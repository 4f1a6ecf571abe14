/* IDispatch::Invoke and IDispatchEx::InvokeEx as they travel, [MS-OAUT] 3.1.4.4: arguments by reference go apart from the others,
 * what the caller does not want to have is said in the flags. */
#include <dispex.h>
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/call_as.h"

enum {
  NO_RESULT = 0x20000,
  NO_EXCEPTION = 0x40000,
  NO_ARGUMENT_ERROR = 0x80000,
  ARGUMENT_LIMIT = 65535,
  ARGUMENTS_ON_STACK = 16
};

/* Writing */

static void put_variants(NdrWriter *writer, const VARIANT *values, uint32_t count) {
  ndr_put_u32(writer, count);
  for (uint32_t i = 0; i < count; i++)
    ndr_put_mark(writer);
  for (uint32_t i = 0; i < count; i++)
    ndr_put_variant_body(writer, &values[i]);
}

static bool is_reference(const VARIANT *value) {
  return (V_VT(value) & VT_BYREF) != 0;
}

/* Those by reference leave an empty place. */
static void put_arguments(NdrWriter *writer, const DISPPARAMS *params) {
  static const VARIANT empty;
  ndr_put_u32(writer, params->cArgs);
  for (UINT i = 0; i < params->cArgs; i++)
    ndr_put_mark(writer);
  for (UINT i = 0; i < params->cArgs; i++)
    ndr_put_variant_body(writer, is_reference(&params->rgvarg[i]) ? &empty : &params->rgvarg[i]);
}

static void put_params(NdrWriter *writer, const DISPPARAMS *params) {
  ndr_put_pointer(writer, params->cArgs ? params->rgvarg : NULL);
  ndr_put_pointer(writer, params->cNamedArgs ? params->rgdispidNamedArgs : NULL);
  ndr_put_u32(writer, params->cArgs);
  ndr_put_u32(writer, params->cNamedArgs);
  if (params->cArgs)
    put_arguments(writer, params);
  if (params->cNamedArgs)
    ndr_put_u32(writer, params->cNamedArgs);
  for (UINT i = 0; i < params->cNamedArgs; i++)
    ndr_put_u32(writer, (uint32_t)params->rgdispidNamedArgs[i]);
}

static uint32_t count_references(const DISPPARAMS *params) {
  uint32_t count = 0;
  for (UINT i = 0; i < params->cArgs; i++)
    count += is_reference(&params->rgvarg[i]);
  return count;
}

/* In the order in which a caller writes them, which is that of rgvarg backwards. */
static void put_references(NdrWriter *writer, const DISPPARAMS *params) {
  uint32_t count = count_references(params);
  ndr_put_u32(writer, count);
  ndr_put_u32(writer, count);
  for (UINT i = params->cArgs; i-- > 0;) {
    if (is_reference(&params->rgvarg[i]))
      ndr_put_u32(writer, i);
  }
  ndr_put_u32(writer, count);
  for (uint32_t i = 0; i < count; i++)
    ndr_put_mark(writer);
  for (UINT i = params->cArgs; i-- > 0;) {
    if (is_reference(&params->rgvarg[i]))
      ndr_put_variant_body(writer, &params->rgvarg[i]);
  }
}

static HRESULT check_params(const DISPPARAMS *params) {
  if (!params)
    return NDR_NULL_REF_POINTER;
  if (params->cArgs > ARGUMENT_LIMIT || params->cNamedArgs > params->cArgs || (params->cArgs && !params->rgvarg) ||
      (params->cNamedArgs && !params->rgdispidNamedArgs))
    return E_INVALIDARG;
  for (UINT i = 0; i < params->cArgs; i++) {
    if (is_reference(&params->rgvarg[i]) && !V_BYREF(&params->rgvarg[i]))
      return E_INVALIDARG;
  }
  return S_OK;
}

static void put_exception(NdrWriter *writer, const EXCEPINFO *exception) {
  BSTR const texts[] = { exception->bstrSource, exception->bstrDescription, exception->bstrHelpFile };
  ndr_put_u16(writer, exception->wCode);
  ndr_put_u16(writer, exception->wReserved);
  for (int i = 0; i < 3; i++) {
    if (texts[i])
      ndr_put_mark(writer);
    else
      ndr_put_u32(writer, 0);
  }
  ndr_put_u32(writer, exception->dwHelpContext);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, (uint32_t)exception->scode);
  for (int i = 0; i < 3; i++) {
    if (texts[i])
      ndr_put_bstr_body(writer, texts[i]);
  }
}

/* Reading */

static void get_exception(NdrReader *reader, EXCEPINFO *exception) {
  bool marks[3];
  BSTR texts[3] = { NULL, NULL, NULL };
  exception->wCode = ndr_get_u16(reader);
  exception->wReserved = ndr_get_u16(reader);
  for (int i = 0; i < 3; i++)
    marks[i] = ndr_get_u32(reader) != 0;
  exception->dwHelpContext = ndr_get_u32(reader);
  ndr_get_u32(reader);
  ndr_get_u32(reader);
  exception->scode = (SCODE)ndr_get_u32(reader);
  for (int i = 0; i < 3; i++) {
    if (marks[i])
      ndr_get_bstr_body(reader, &texts[i]);
  }
  exception->bstrSource = texts[0];
  exception->bstrDescription = texts[1];
  exception->bstrHelpFile = texts[2];
}

/* Marks, then values, into memory that is zeroed. */
static void get_variants(NdrReader *reader, VARIANT *values, uint32_t count) {
  size_t marks = reader->position;
  ndr_get_bytes(reader, 4 * (size_t)count);
  NdrReader mark = *reader;
  mark.position = marks;
  for (uint32_t i = 0; i < count && !reader->error; i++) {
    if (ndr_get_u32(&mark))
      ndr_get_variant_body(reader, &values[i]);
  }
}

/* The client's side */

/* What the two methods differ in: where their arguments stand. */
typedef struct InvokeShape {
  uint8_t lcid, flags, params, result, exception, argument_error, caller;
  bool has_iid;
} InvokeShape;

static const InvokeShape invoke_shape = { 2, 3, 4, 5, 6, 7, 0, true };
static const InvokeShape invoke_ex_shape = { 1, 2, 3, 4, 5, 0, 6, false };

static HRESULT put_invoke(const InvokeShape *shape, NdrWriter *writer, void *const *arguments) {
  const DISPPARAMS *params = ARGUMENT(DISPPARAMS *, arguments, shape->params);
  uint32_t flags = ARGUMENT(uint16_t, arguments, shape->flags);
  HRESULT status = check_params(params);
  if (FAILED(status))
    return status;
  if (!ARGUMENT(void *, arguments, shape->result))
    flags |= NO_RESULT;
  if (!ARGUMENT(void *, arguments, shape->exception))
    flags |= NO_EXCEPTION;
  if (shape->argument_error && !ARGUMENT(void *, arguments, shape->argument_error))
    flags |= NO_ARGUMENT_ERROR;
  ndr_put_u32(writer, ARGUMENT(uint32_t, arguments, 0));
  if (shape->has_iid)
    ndr_put_guid(writer, ARGUMENT(GUID *, arguments, 1) ? ARGUMENT(GUID *, arguments, 1) : &GUID_NULL);
  ndr_put_u32(writer, ARGUMENT(uint32_t, arguments, shape->lcid));
  ndr_put_u32(writer, flags);
  put_params(writer, params);
  if (shape->caller)
    ndr_put_interface(writer, &IID_IServiceProvider, ARGUMENT(IUnknown *, arguments, shape->caller));
  put_references(writer, params);
  return writer->error;
}

/* What came back takes the place of what the reference leads to; for another type than that nothing is stored. */
static void store_reference(VARIANT *reference, VARIANT *value) {
  VARTYPE vt = V_VT(reference) & ~VT_BYREF;
  if (vt == VT_VARIANT) {
    VariantClear(V_VARIANTREF(reference));
    *V_VARIANTREF(reference) = *value;
    V_VT(value) = VT_EMPTY;
    return;
  }
  const BaseType *base = base_type(vt & VT_ARRAY ? VT_SAFEARRAY : vt);
  if (V_VT(value) != vt || !base || vt == VT_RECORD)
    return;
  if (vt == VT_DECIMAL) {
    *V_DECIMALREF(reference) = V_DECIMAL(value);
    V_DECIMALREF(reference)->wReserved = 0;
    return;
  }
  const Type *type = type_of_vartype(vt & VT_ARRAY ? VT_SAFEARRAY : vt);
  if (vt & VT_ARRAY) {
    SafeArrayDestroy(*V_ARRAYREF(reference));
    *V_ARRAYREF(reference) = V_ARRAY(value);
  } else {
    type_clear(type, V_BYREF(reference));
    memcpy(V_BYREF(reference), &V_NONE(value), base->size);
  }
  V_VT(value) = VT_EMPTY;
}

static void store_references(const DISPPARAMS *params, VARIANT *values) {
  uint32_t next = 0;
  for (UINT i = params->cArgs; i-- > 0;) {
    if (is_reference(&params->rgvarg[i]))
      store_reference(&params->rgvarg[i], &values[next++]);
  }
}

static VARIANT *variants_new(NdrReader *reader, uint32_t count) {
  VARIANT *values = calloc(count ? count : 1, sizeof *values);
  if (!values)
    ndr_fail(reader, E_OUTOFMEMORY);
  return values;
}

static void variants_free(VARIANT *values, uint32_t count) {
  for (uint32_t i = 0; values && i < count; i++)
    VariantClear(&values[i]);
  free(values);
}

static HRESULT get_invoke(const InvokeShape *shape, NdrReader *reader, void *const *arguments) {
  DISPPARAMS *params = ARGUMENT(DISPPARAMS *, arguments, shape->params);
  VARIANT *result = ARGUMENT(VARIANT *, arguments, shape->result), came;
  EXCEPINFO *exception = ARGUMENT(EXCEPINFO *, arguments, shape->exception), raised = { 0 };
  uint32_t count = count_references(params), argument_error = 0;
  VARIANT *values = NULL;
  VariantInit(&came);
  ndr_get_variant(reader, &came);
  get_exception(reader, &raised);
  if (shape->argument_error)
    argument_error = ndr_get_u32(reader);
  if (ndr_get_count(reader, 4) != count)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (count && !reader->error) {
    values = variants_new(reader, count);
    if (values)
      get_variants(reader, values, count);
  }
  HRESULT status = get_result(reader);
  if (!reader->error) {
    if (count)
      store_references(params, values);
    if (result) {
      *result = came;
      V_VT(&came) = VT_EMPTY;
    }
    if (exception) {
      *exception = raised;
      memset(&raised, 0, sizeof raised);
    }
    if (shape->argument_error)
      store_u32(arguments, shape->argument_error, argument_error);
  }
  VariantClear(&came);
  exception_clear(&raised);
  variants_free(values, count);
  return status;
}

static void clear_invoke(const InvokeShape *shape, void *const *arguments) {
  VARIANT *result = ARGUMENT(VARIANT *, arguments, shape->result);
  EXCEPINFO *exception = ARGUMENT(EXCEPINFO *, arguments, shape->exception);
  if (result)
    VariantInit(result);
  if (exception)
    memset(exception, 0, sizeof *exception);
}

/* The server's side */

typedef struct InvokeCall {
  int32_t id;
  GUID iid;
  uint32_t lcid, flags;
  DISPPARAMS params;
  IServiceProvider *caller;
  VARIANT *references; /* by reference, to cells */
  uint32_t reference_count;
  const uint8_t *places; /* their indexes in rgvarg */
  NdrCell *cells;
  VARIANT room[ARGUMENTS_ON_STACK];
  DISPID named_room[ARGUMENTS_ON_STACK];
  VARIANT result;
  EXCEPINFO exception;
  UINT argument_error;
} InvokeCall;

static void get_params(NdrReader *reader, InvokeCall *call) {
  DISPPARAMS *params = &call->params;
  bool has_arguments = ndr_get_pointer(reader), has_names = ndr_get_pointer(reader);
  uint32_t count = ndr_get_u32(reader), named = ndr_get_u32(reader);
  if (count > ARGUMENT_LIMIT || named > count || (count && !has_arguments) || (named && !has_names))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (has_arguments && ndr_get_count(reader, 4) != count)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (reader->error)
    return;
  params->rgvarg = count <= ARGUMENTS_ON_STACK ? call->room : calloc(count, sizeof *params->rgvarg);
  params->rgdispidNamedArgs = named <= ARGUMENTS_ON_STACK ? call->named_room : calloc(named, sizeof(DISPID));
  if (!params->rgvarg || !params->rgdispidNamedArgs) {
    ndr_fail(reader, E_OUTOFMEMORY);
    return;
  }
  params->cArgs = count;
  params->cNamedArgs = named;
  get_variants(reader, params->rgvarg, count);
  if (has_names && ndr_get_count(reader, 4) != named)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  for (uint32_t i = 0; i < named; i++)
    params->rgdispidNamedArgs[i] = (DISPID)ndr_get_u32(reader);
}

static void get_references(NdrReader *reader, InvokeCall *call) {
  uint32_t count = ndr_get_u32(reader);
  if (ndr_get_count(reader, 4) != count || count > call->params.cArgs)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  call->places = ndr_get_bytes(reader, 4 * (size_t)count);
  if (ndr_get_count(reader, 4) != count)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (reader->error || !count)
    return;
  call->references = variants_new(reader, count);
  if (!call->references)
    return;
  call->reference_count = count;
  get_variants(reader, call->references, count);
}

/* The values by reference at their places, which must be free. */
static void place_references(NdrReader *reader, InvokeCall *call) {
  for (uint32_t i = 0; i < call->reference_count && !reader->error; i++) {
    uint32_t place = little_u32(call->places + 4 * (size_t)i);
    if (place >= call->params.cArgs || V_VT(&call->params.rgvarg[place]) != VT_EMPTY ||
        !is_reference(&call->references[i])) {
      ndr_fail(reader, NDR_BAD_STUB_DATA);
      return;
    }
    call->params.rgvarg[place] = call->references[i];
  }
}

static void get_request(const InvokeShape *shape, NdrReader *reader, InvokeCall *call) {
  NdrCell **cells = reader->cells;
  reader->cells = &call->cells;
  call->id = (int32_t)ndr_get_u32(reader);
  if (shape->has_iid)
    call->iid = ndr_get_guid(reader);
  call->lcid = ndr_get_u32(reader);
  call->flags = ndr_get_u32(reader);
  get_params(reader, call);
  if (shape->caller)
    ndr_get_interface(reader, &IID_IServiceProvider, (void **)&call->caller);
  get_references(reader, call);
  place_references(reader, call);
  reader->cells = cells;
}

static void end_request(void *state) {
  InvokeCall *call = state;
  DISPPARAMS *params = &call->params;
  for (UINT i = 0; i < params->cArgs; i++)
    VariantClear(&params->rgvarg[i]);
  if (params->rgvarg && params->rgvarg != call->room)
    free(params->rgvarg);
  if (params->rgdispidNamedArgs && params->rgdispidNamedArgs != call->named_room)
    free(params->rgdispidNamedArgs);
  variants_free(call->references, call->reference_count);
  ndr_cells_free(call->cells);
  if (call->caller)
    IServiceProvider_Release(call->caller);
  VariantClear(&call->result);
  exception_clear(&call->exception);
}

static HRESULT invoke(const InvokeShape *shape, void *object, InvokeCall *call) {
  VARIANT *result = call->flags & NO_RESULT ? NULL : &call->result;
  EXCEPINFO *exception = call->flags & NO_EXCEPTION ? NULL : &call->exception;
  UINT *argument_error = call->flags & NO_ARGUMENT_ERROR ? NULL : &call->argument_error;
  WORD flags = (WORD)call->flags;
  HRESULT status;
  if (shape->has_iid)
    status = IDispatch_Invoke((IDispatch *)object, call->id, &call->iid, call->lcid, flags, &call->params, result,
                              exception, argument_error);
  else
    status = IDispatchEx_InvokeEx((IDispatchEx *)object, call->id, call->lcid, flags, &call->params, result, exception,
                                  call->caller);
  if (status == DISP_E_EXCEPTION && exception)
    exception_complete(exception);
  return status;
}

static void put_answer(const InvokeShape *shape, NdrWriter *writer, const InvokeCall *call, HRESULT status) {
  static const EXCEPINFO none;
  static const VARIANT empty;
  ndr_put_variant(writer, SUCCEEDED(status) ? &call->result : &empty);
  put_exception(writer, status == DISP_E_EXCEPTION ? &call->exception : &none);
  if (shape->argument_error)
    ndr_put_u32(writer, call->argument_error);
  put_variants(writer, call->references, call->reference_count);
  ndr_put_u32(writer, (uint32_t)status);
}

static void serve_invoke(const InvokeShape *shape, WireServe *serve) {
  InvokeCall *call = serve->state;
  get_request(shape, serve->reader, call);
  if (serve->reader->error)
    return;
  HRESULT status = invoke(shape, serve->object, call);
  serve->answer(serve, status);
  put_answer(shape, serve->writer, call, status);
}

/* The tables */

static HRESULT put_dispatch(NdrWriter *writer, void *const *arguments) {
  return put_invoke(&invoke_shape, writer, arguments);
}
static HRESULT get_dispatch(NdrReader *reader, void *const *arguments) {
  return get_invoke(&invoke_shape, reader, arguments);
}
static void clear_dispatch(void *const *arguments) {
  clear_invoke(&invoke_shape, arguments);
}
static void serve_dispatch(WireServe *serve) {
  serve_invoke(&invoke_shape, serve);
}
static HRESULT put_dispatch_ex(NdrWriter *writer, void *const *arguments) {
  return put_invoke(&invoke_ex_shape, writer, arguments);
}
static HRESULT get_dispatch_ex(NdrReader *reader, void *const *arguments) {
  return get_invoke(&invoke_ex_shape, reader, arguments);
}
static void clear_dispatch_ex(void *const *arguments) {
  clear_invoke(&invoke_ex_shape, arguments);
}
static void serve_dispatch_ex(WireServe *serve) {
  serve_invoke(&invoke_ex_shape, serve);
}

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
