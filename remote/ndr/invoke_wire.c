/* IDispatch::Invoke and IDispatchEx::InvokeEx, [MS-OAUT] 3.1.4.4: arguments by reference leave VT_EMPTY in their places and travel
 * in an array of their own, with the places beside; that array comes back. */
#include "remote/ndr/automation.h"
#include "remote/ndr/ndr_internal.h"

#include <stdlib.h>
#include <string.h>

static bool is_reference(const VARIANT *value) {
  return (V_VT(value) & VT_BYREF) != 0;
}

static uint32_t count_references(const DISPPARAMS *params) {
  uint32_t count = 0;
  for (UINT i = 0; i < params->cArgs; i++)
    count += is_reference(&params->rgvarg[i]);
  return count;
}

/* Marks, and the bodies behind them. */
static void put_arguments(NdrWriter *writer, const DISPPARAMS *params) {
  static const VARIANT nothing;
  ndr_put_u32(writer, params->cArgs);
  for (UINT i = 0; i < params->cArgs; i++)
    ndr_put_mark(writer);
  for (UINT i = 0; i < params->cArgs && SUCCEEDED(writer->error); i++)
    ndr_put_variant_body(writer, is_reference(&params->rgvarg[i]) ? &nothing : &params->rgvarg[i]);
}

/* In the order in which a caller writes them, from the last in rgvarg on. */
static void put_references(NdrWriter *writer, const DISPPARAMS *params, uint32_t count) {
  ndr_put_u32(writer, count);
  ndr_put_u32(writer, count);
  for (UINT i = params->cArgs; i-- > 0;)
    if (is_reference(&params->rgvarg[i]))
      ndr_put_u32(writer, i);
  ndr_put_u32(writer, count);
  for (uint32_t i = 0; i < count; i++)
    ndr_put_mark(writer);
  for (UINT i = params->cArgs; i-- > 0 && SUCCEEDED(writer->error);)
    if (is_reference(&params->rgvarg[i]))
      ndr_put_variant_body(writer, &params->rgvarg[i]);
}

static bool is_whole(const DISPPARAMS *params) {
  if ((params->cArgs && !params->rgvarg) || (params->cNamedArgs && !params->rgdispidNamedArgs) ||
      params->cNamedArgs > params->cArgs)
    return false;
  for (UINT i = 0; i < params->cArgs; i++)
    if (is_reference(&params->rgvarg[i]) && !V_BYREF(&params->rgvarg[i]))
      return false;
  return true;
}

static void put_params(NdrWriter *writer, const DISPPARAMS *params) {
  ndr_put_pointer(writer, params->cArgs ? params->rgvarg : NULL);
  ndr_put_pointer(writer, params->cNamedArgs ? params->rgdispidNamedArgs : NULL);
  ndr_put_u32(writer, params->cArgs);
  ndr_put_u32(writer, params->cNamedArgs);
  if (params->cArgs)
    put_arguments(writer, params);
  if (!params->cNamedArgs)
    return;
  ndr_put_u32(writer, params->cNamedArgs);
  ndr_put_bulk(writer, params->rgdispidNamedArgs, params->cNamedArgs * sizeof(DISPID));
}

void ndr_put_invoke(NdrWriter *writer, DISPID member, const IID *iid, LCID lcid, uint32_t flags,
                    const DISPPARAMS *params) {
  if (!is_whole(params)) {
    ndr_writer_fail(writer, E_INVALIDARG);
    return;
  }
  ndr_put_u32(writer, (uint32_t)member);
  ndr_put_guid(writer, iid ? iid : &GUID_NULL);
  ndr_put_u32(writer, lcid);
  ndr_put_u32(writer, flags);
  put_params(writer, params);
  put_references(writer, params, count_references(params));
}

void ndr_put_invoke_ex(NdrWriter *writer, DISPID member, LCID lcid, uint32_t flags, const DISPPARAMS *params,
                       IUnknown *caller) {
  if (!is_whole(params)) {
    ndr_writer_fail(writer, E_INVALIDARG);
    return;
  }
  ndr_put_u32(writer, (uint32_t)member);
  ndr_put_u32(writer, lcid);
  ndr_put_u32(writer, flags);
  put_params(writer, params);
  ndr_put_interface(writer, &IID_IServiceProvider, caller);
  put_references(writer, params, count_references(params));
}

/* The server */

/* Memory of the request that ends with it. */
static void *take_memory(NdrReader *reader, uint32_t count, size_t size) {
  return ndr_cell_memory(reader, count * size);
}

static VARIANT *get_variants(NdrReader *reader, uint32_t count) {
  VARIANT *values = take_memory(reader, count, sizeof *values);
  if (values)
    ndr_get_elements(reader, type_of_vartype(VT_VARIANT), values, count, NULL);
  return values;
}

/* Few arguments need no memory of their own. */
static void get_params(NdrReader *reader, NdrInvoke *invoke) {
  DISPPARAMS *params = &invoke->params;
  bool arguments = ndr_get_pointer(reader), named = ndr_get_pointer(reader);
  uint32_t count = ndr_get_count(reader, arguments ? sizeof(uint32_t) : SIZE_MAX);
  uint32_t named_count = ndr_get_count(reader, named ? sizeof(uint32_t) : SIZE_MAX);
  if (arguments && ndr_get_u32(reader) != count)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (arguments && SUCCEEDED(reader->error)) {
    params->rgvarg = count <= NDR_INVOKE_ROOM ? invoke->room : take_memory(reader, count, sizeof(VARIANT));
    params->cArgs = params->rgvarg ? count : 0;
    ndr_get_elements(reader, type_of_vartype(VT_VARIANT), params->rgvarg, params->cArgs, NULL);
  }
  if (named && (ndr_get_u32(reader) != named_count || named_count > count))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (named && SUCCEEDED(reader->error)) {
    params->rgdispidNamedArgs =
        named_count <= NDR_INVOKE_ROOM ? invoke->named_room : take_memory(reader, named_count, sizeof(DISPID));
    params->cNamedArgs = params->rgdispidNamedArgs ? named_count : 0;
    ndr_get_elements(reader, type_of_vartype(VT_I4), params->rgdispidNamedArgs, params->cNamedArgs, NULL);
  }
}

static void get_references(NdrReader *reader, NdrInvoke *invoke) {
  uint32_t count = ndr_get_count(reader, sizeof(uint32_t));
  if (ndr_get_u32(reader) != count || count > invoke->params.cArgs) {
    ndr_fail(reader, NDR_BAD_STUB_DATA);
    return;
  }
  uint32_t *places = take_memory(reader, count, sizeof *places);
  if (places)
    ndr_get_elements(reader, type_of_vartype(VT_UI4), places, count, NULL);
  if (ndr_get_u32(reader) != count)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (FAILED(reader->error))
    return;
  invoke->places = places;
  invoke->references = get_variants(reader, count);
  invoke->reference_count = invoke->references ? count : 0;
}

/* A place that has a value of its own, or is taken twice, is none. */
static void place_references(NdrReader *reader, NdrInvoke *invoke) {
  for (uint32_t i = 0; i < invoke->reference_count && SUCCEEDED(reader->error); i++) {
    uint32_t place = invoke->places[i];
    if (place >= invoke->params.cArgs || V_VT(&invoke->params.rgvarg[place]) != VT_EMPTY ||
        !is_reference(&invoke->references[i]))
      ndr_fail(reader, NDR_BAD_STUB_DATA);
    else
      invoke->params.rgvarg[place] = invoke->references[i];
  }
}

static HRESULT get_request(NdrReader *reader, NdrInvoke *invoke, bool extended) {
  NdrCell **cells = reader->cells;
  memset(invoke, 0, sizeof *invoke);
  invoke->extended = extended;
  reader->cells = &invoke->cells;
  invoke->member = (DISPID)ndr_get_u32(reader);
  if (!extended)
    invoke->iid = ndr_get_guid(reader);
  invoke->lcid = ndr_get_u32(reader);
  invoke->flags = ndr_get_u32(reader);
  get_params(reader, invoke);
  if (extended)
    ndr_get_interface(reader, &IID_IServiceProvider, (void **)&invoke->caller);
  get_references(reader, invoke);
  place_references(reader, invoke);
  reader->cells = cells;
  if (FAILED(reader->error))
    ndr_invoke_clear(invoke);
  return reader->error;
}

HRESULT ndr_get_invoke(NdrReader *reader, NdrInvoke *invoke) {
  return get_request(reader, invoke, false);
}

HRESULT ndr_get_invoke_ex(NdrReader *reader, NdrInvoke *invoke) {
  return get_request(reader, invoke, true);
}

void ndr_invoke_clear(NdrInvoke *invoke) {
  for (UINT i = 0; i < invoke->params.cArgs; i++)
    VariantClear(&invoke->params.rgvarg[i]); /* what is by reference is in the cells */
  for (uint32_t i = 0; i < invoke->reference_count; i++)
    VariantClear(&invoke->references[i]);
  ndr_cells_free(invoke->cells);
  if (invoke->caller)
    IServiceProvider_Release(invoke->caller);
  memset(invoke, 0, sizeof *invoke);
}

/* EXCEPINFO */

/* A text that is not there has no mark. */
static void put_text_mark(NdrWriter *writer, BSTR text) {
  ndr_put_u32(writer, text ? NDR_USER_MARK : 0);
}

void ndr_put_excepinfo(NdrWriter *writer, const EXCEPINFO *exception) {
  static const EXCEPINFO none;
  if (!exception)
    exception = &none;
  BSTR texts[] = { exception->bstrSource, exception->bstrDescription, exception->bstrHelpFile };
  ndr_align(writer, sizeof(uint32_t));
  ndr_put_u16(writer, exception->wCode);
  ndr_put_u16(writer, 0);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    put_text_mark(writer, texts[i]);
  ndr_put_u32(writer, exception->dwHelpContext);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, 0); /* a fill-in that was deferred has been run */
  ndr_put_u32(writer, (uint32_t)exception->scode);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (texts[i])
      ndr_put_bstr_body(writer, texts[i]);
}

void ndr_get_excepinfo(NdrReader *reader, EXCEPINFO *exception) {
  memset(exception, 0, sizeof *exception);
  BSTR *texts[] = { &exception->bstrSource, &exception->bstrDescription, &exception->bstrHelpFile };
  bool there[3];
  ndr_skip_to(reader, sizeof(uint32_t));
  exception->wCode = ndr_get_u16(reader);
  ndr_get_u16(reader);
  for (size_t i = 0; i < 3; i++)
    there[i] = ndr_get_pointer(reader);
  exception->dwHelpContext = ndr_get_u32(reader);
  ndr_get_u32(reader);
  ndr_get_u32(reader);
  exception->scode = (SCODE)ndr_get_u32(reader);
  for (size_t i = 0; i < 3; i++)
    if (there[i] && SUCCEEDED(reader->error))
      ndr_get_bstr_body(reader, texts[i]);
}

/* Replies */

void ndr_put_invoke_reply(NdrWriter *writer, const NdrInvoke *invoke, const VARIANT *result, EXCEPINFO *exception,
                          UINT bad_argument, HRESULT answer) {
  static const VARIANT nothing;
  if (exception)
    exception_complete(exception);
  ndr_put_variant(writer, result ? result : &nothing);
  ndr_put_excepinfo(writer, exception);
  if (!invoke->extended)
    ndr_put_u32(writer, bad_argument);
  ndr_put_u32(writer, invoke->reference_count);
  ndr_put_elements(writer, type_of_vartype(VT_VARIANT), invoke->references, invoke->reference_count, NULL);
  ndr_put_u32(writer, (uint32_t)answer);
}

static bool put_record_through(VARIANT *reference, VARIANT *value) {
  IRecordInfo *info = V_RECORDINFO(reference);
  if (V_VT(value) != VT_RECORD || !info || !V_RECORDINFO(value) || !V_RECORD(reference) || !V_RECORD(value) ||
      !IRecordInfo_IsMatchingType(info, V_RECORDINFO(value)))
    return false;
  IRecordInfo_RecordCopy(info, V_RECORD(value), V_RECORD(reference));
  VariantClear(value);
  return true;
}

bool ndr_put_through(VARIANT *reference, VARIANT *value) {
  VARTYPE vt = V_VT(reference) & (VARTYPE)~VT_BYREF;
  if (!(V_VT(reference) & VT_BYREF) || !V_BYREF(reference))
    return false;
  if (vt == VT_VARIANT) {
    VariantClear(V_VARIANTREF(reference));
    *V_VARIANTREF(reference) = *value;
    return true;
  }
  if (vt == VT_RECORD)
    return put_record_through(reference, value);
  const Type *type = type_of_vartype(vt & VT_ARRAY ? VT_SAFEARRAY : vt);
  if (vt != V_VT(value) || !type)
    return false;
  type_clear(type, V_BYREF(reference));
  memcpy(V_BYREF(reference), vt == VT_DECIMAL ? (void *)value : (void *)&value->llVal, type->size);
  if (vt == VT_DECIMAL)
    V_DECIMALREF(reference)->wReserved = 0;
  return true;
}

/* A reply that is read as a whole before anything of it is handed over. */
typedef struct Answer {
  VARIANT result;
  EXCEPINFO exception;
  uint32_t bad_argument, count;
  VARIANT *references;
  HRESULT answer;
} Answer;

static void answer_clear(Answer *answer) {
  VariantClear(&answer->result);
  exception_clear(&answer->exception);
  for (uint32_t i = 0; answer->references && i < answer->count; i++)
    VariantClear(&answer->references[i]);
  free(answer->references);
}

static void read_answer(NdrReader *reader, const DISPPARAMS *params, bool extended, Answer *answer) {
  ndr_get_variant(reader, &answer->result);
  ndr_get_excepinfo(reader, &answer->exception);
  if (!extended)
    answer->bad_argument = ndr_get_u32(reader);
  answer->count = ndr_get_count(reader, sizeof(uint32_t));
  if (answer->count != count_references(params))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (FAILED(reader->error))
    return;
  answer->references = calloc(answer->count + 1u, sizeof *answer->references);
  if (answer->references)
    ndr_get_elements(reader, type_of_vartype(VT_VARIANT), answer->references, answer->count, NULL);
  else
    ndr_fail(reader, E_OUTOFMEMORY);
  answer->answer = (HRESULT)ndr_get_u32(reader);
}

static void give_references(const DISPPARAMS *params, Answer *answer) {
  uint32_t next = 0;
  for (UINT i = params->cArgs; i-- > 0;)
    if (is_reference(&params->rgvarg[i]) && ndr_put_through(&params->rgvarg[i], &answer->references[next++]))
      VariantInit(&answer->references[next - 1]);
}

static HRESULT get_reply(NdrReader *reader, const DISPPARAMS *params, bool extended, VARIANT *result,
                         EXCEPINFO *exception, UINT *bad_argument, HRESULT *answer) {
  Answer came = { 0 };
  NdrCell **cells = reader->cells;
  reader->cells = NULL;
  read_answer(reader, params, extended, &came);
  reader->cells = cells;
  if (FAILED(reader->error)) {
    answer_clear(&came);
    came = (Answer){ .answer = reader->error };
  } else {
    give_references(params, &came);
  }
  if (result) {
    *result = came.result;
    VariantInit(&came.result);
  }
  if (exception) {
    *exception = came.exception;
    memset(&came.exception, 0, sizeof came.exception);
  }
  if (bad_argument)
    *bad_argument = came.bad_argument;
  *answer = came.answer;
  if (SUCCEEDED(reader->error))
    answer_clear(&came);
  return reader->error;
}

HRESULT ndr_get_invoke_reply(NdrReader *reader, const DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                             UINT *bad_argument, HRESULT *answer) {
  return get_reply(reader, params, false, result, exception, bad_argument, answer);
}

HRESULT ndr_get_invoke_ex_reply(NdrReader *reader, const DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                HRESULT *answer) {
  return get_reply(reader, params, true, result, exception, NULL, answer);
}
