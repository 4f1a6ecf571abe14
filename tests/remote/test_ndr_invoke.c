/* IDispatch::Invoke and the descriptions of type information on the wire. */
#include "remote/ndr/automation.h"
#include "tests/remote/ndr_test.h"

#include "support/faults.h"

/* What stands in front of everything: a header of 8-aligned size. */
static void begin(NdrWriter *writer) {
  ndr_writer_begin(writer, NULL);
}

#define EMPTY_RESULT "55736572 00000000 03000000 00000000 00000000 00000000 00000000 "

typedef struct InvokeCase {
  const char *label, *request;
  DISPID member;
  uint32_t flags;
  VARIANT arguments[2];
  DISPID named[1];
  UINT count, named_count;
} InvokeCase;

static LONG one = 1, two = 2;

static const InvokeCase invokes[] = {
  { "Add(2, 40)",
    "01000000 00000000 00000000 00000000 00000000 09040000 01000000"
    "04000200 00000000 02000000 00000000 02000000 55736572 55736572"
    "03000000 00000000 03000000 00000000 03000000 28000000 03000000 00000000 03000000 00000000 03000000 02000000"
    "00000000 00000000 00000000",
    1,
    DISPATCH_METHOD,
    { { .vt = VT_I4, .lVal = 40 }, { .vt = VT_I4, .lVal = 2 } },
    { 0 },
    2,
    0 },
  { "a property",
    "07000000 00000000 00000000 00000000 00000000 09040000 04000000"
    "04000200 08000200 01000000 01000000 01000000 55736572 00000000"
    "03000000 00000000 03000000 00000000 03000000 05000000 01000000 fdffffff"
    "00000000 00000000 00000000",
    7,
    DISPATCH_PROPERTYPUT,
    { { .vt = VT_I4, .lVal = 5 } },
    { DISPID_PROPERTYPUT },
    1,
    1 },
  { "Swap(&1, &2)",
    "02000000 00000000 00000000 00000000 00000000 09040000 01000000"
    "04000200 00000000 02000000 00000000 02000000 55736572 55736572"
    "03000000 00000000 00000000 00000000 00000000 00000000 03000000 00000000 00000000 00000000 00000000"
    "02000000 02000000 01000000 00000000 02000000 55736572 55736572"
    "04000000 00000000 03400000 00000000 03400000 08000200 01000000 00000000"
    "04000000 00000000 03400000 00000000 03400000 0c000200 02000000",
    2,
    DISPATCH_METHOD,
    { { .vt = VT_BYREF | VT_I4, .plVal = &two }, { .vt = VT_BYREF | VT_I4, .plVal = &one } },
    { 0 },
    2,
    0 },
  { "nothing",
    "03000000 00000000 00000000 00000000 00000000 09040000 03000000"
    "00000000 00000000 00000000 00000000 00000000 00000000 00000000",
    3,
    DISPATCH_METHOD | DISPATCH_PROPERTYGET,
    { { .vt = VT_EMPTY } },
    { 0 },
    0,
    0 },
};

static DISPPARAMS params_of(const InvokeCase *row) {
  return (DISPPARAMS){ (VARIANT *)row->arguments, (DISPID *)row->named, row->count, row->named_count };
}

static void test_requests(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof invokes / sizeof *invokes; i++) {
    const InvokeCase *row = &invokes[i];
    DISPPARAMS params = params_of(row);
    NdrWriter writer;
    NdrReader reader;
    NdrInvoke invoke;
    size_t size;
    begin(&writer);
    ndr_put_invoke(&writer, row->member, NULL, 0x409, row->flags, &params);
    check_stub(row->label, &writer, row->request);
    uint8_t *stub = stub_of(&writer, &size);
    ndr_reader_begin(&reader, stub, size, NULL);
    assert_int_equal(ndr_get_invoke(&reader, &invoke), S_OK);
    assert_int_equal(ndr_left(&reader), 0);
    assert_int_equal(invoke.member, row->member);
    assert_int_equal(invoke.lcid, 0x409);
    assert_int_equal(invoke.flags, row->flags);
    assert_int_equal(invoke.params.cArgs, row->count);
    assert_int_equal(invoke.params.cNamedArgs, row->named_count);
    for (UINT k = 0; k < row->count; k++) {
      const VARIANT *sent = &row->arguments[k], *came = &invoke.params.rgvarg[k];
      assert_int_equal(V_VT(came), V_VT(sent));
      if (V_VT(sent) & VT_BYREF)
        assert_int_equal(*V_I4REF(came), *V_I4REF(sent));
      else
        assert_int_equal(V_I4(came), V_I4(sent));
    }
    ndr_invoke_clear(&invoke);
    for (size_t shorter = 0; shorter < size; shorter++) {
      ndr_reader_begin(&reader, stub, shorter, NULL);
      assert_int_equal(ndr_get_invoke(&reader, &invoke), (HRESULT)0x800706F7);
    }
    test_free(stub);
    ndr_writer_end(&writer, true);
  }
}

/* A place that is none, that has a value, or that is taken twice. */
static void test_bad_places(void **state) {
  (void)state;
  static const struct {
    size_t at;
    uint8_t value;
  } damages[] = { { 0x70, 2 }, { 0x70, 1 }, { 0x6c, 0 }, { 0x68, 3 } };
  uint8_t stub[256];
  for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
    size_t size = bytes_of(invokes[2].request, stub, sizeof stub);
    NdrReader reader;
    NdrInvoke invoke;
    stub[damages[i].at] = damages[i].value;
    ndr_reader_begin(&reader, stub, size, NULL);
    assert_int_equal(ndr_get_invoke(&reader, &invoke), (HRESULT)0x800706F7);
  }
}

static void test_replies(void **state) {
  (void)state;
  NdrWriter writer;
  NdrReader reader;
  NdrInvoke invoke = { 0 };
  VARIANT result = { .vt = VT_I4, .lVal = 42 }, back;
  EXCEPINFO exception = { .bstrSource = SysAllocString(u"S"),
                          .bstrDescription = SysAllocString(u"no"),
                          .scode = (SCODE)0x80040207 },
            exception_back;
  DISPPARAMS none = { 0 };
  HRESULT answer;
  UINT bad;
  size_t size;
  begin(&writer);
  ndr_put_invoke_reply(&writer, &invoke, &result, NULL, 0, S_OK);
  check_stub("result", &writer,
             "55736572 00000000 03000000 00000000 03000000 00000000 03000000 2a000000"
             "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000");
  ndr_writer_end(&writer, true);
  begin(&writer);
  ndr_put_invoke_reply(&writer, &invoke, NULL, &exception, 0, DISP_E_EXCEPTION);
  check_stub("exception", &writer,
             EMPTY_RESULT "00000000 55736572 55736572 00000000 00000000 00000000 00000000 07020480"
                          "01000000 02000000 01000000 53000000 02000000 04000000 02000000 6e006f00"
                          "00000000 00000000 09000280");
  uint8_t *stub = stub_of(&writer, &size);
  ndr_writer_end(&writer, true);
  ndr_reader_begin(&reader, stub, size, NULL);
  assert_int_equal(ndr_get_invoke_reply(&reader, &none, &back, &exception_back, &bad, &answer), S_OK);
  assert_int_equal(answer, DISP_E_EXCEPTION);
  assert_int_equal(V_VT(&back), VT_EMPTY);
  assert_int_equal(SysStringLen(exception_back.bstrDescription), 2);
  assert_int_equal(exception_back.scode, (SCODE)0x80040207);
  exception_clear(&exception_back);
  for (size_t shorter = 0; shorter < size; shorter++) {
    ndr_reader_begin(&reader, stub, shorter, NULL);
    assert_int_equal(ndr_get_invoke_reply(&reader, &none, &back, &exception_back, &bad, &answer), (HRESULT)0x800706F7);
    assert_null(exception_back.bstrSource);
  }
  exception_clear(&exception);
  test_free(stub);
}

/* A call that changes its arguments by reference, of several types. */
static void test_references_come_back(void **state) {
  (void)state;
  LONG number = 1;
  BSTR text = SysAllocString(u"old");
  VARIANT any = { .vt = VT_I4, .lVal = 5 };
  DECIMAL decimal = { .Lo64 = 3 };
  VARIANT arguments[] = { { .vt = VT_BYREF | VT_I4, .plVal = &number },
                          { .vt = VT_I4, .lVal = 9 },
                          { .vt = VT_BYREF | VT_BSTR, .pbstrVal = &text },
                          { .vt = VT_BYREF | VT_VARIANT, .pvarVal = &any },
                          { .vt = VT_BYREF | VT_DECIMAL, .pdecVal = &decimal } };
  DISPPARAMS params = { arguments, NULL, 5, 0 };
  NdrWriter writer;
  NdrReader reader;
  NdrInvoke invoke;
  size_t size;
  HRESULT answer;
  begin(&writer);
  ndr_put_invoke(&writer, 1, NULL, 0, DISPATCH_METHOD, &params);
  uint8_t *stub = stub_of(&writer, &size);
  ndr_writer_end(&writer, true);
  ndr_reader_begin(&reader, stub, size, NULL);
  assert_int_equal(ndr_get_invoke(&reader, &invoke), S_OK);
  test_free(stub);
  *V_I4REF(&invoke.params.rgvarg[0]) = 100;
  SysFreeString(*V_BSTRREF(&invoke.params.rgvarg[2]));
  *V_BSTRREF(&invoke.params.rgvarg[2]) = SysAllocString(u"newer");
  V_VT(V_VARIANTREF(&invoke.params.rgvarg[3])) = VT_BSTR;
  V_BSTR(V_VARIANTREF(&invoke.params.rgvarg[3])) = SysAllocString(u"any");
  V_DECIMALREF(&invoke.params.rgvarg[4])->Lo64 = 77;
  begin(&writer);
  ndr_put_invoke_reply(&writer, &invoke, NULL, NULL, 0, S_OK);
  stub = stub_of(&writer, &size);
  ndr_writer_end(&writer, true);
  ndr_invoke_clear(&invoke);
  ndr_reader_begin(&reader, stub, size, NULL);
  assert_int_equal(ndr_get_invoke_reply(&reader, &params, NULL, NULL, NULL, &answer), S_OK);
  assert_int_equal(number, 100);
  assert_int_equal(SysStringLen(text), 5);
  assert_int_equal(V_VT(&any), VT_BSTR);
  assert_int_equal(decimal.Lo64, 77);
  SysFreeString(text);
  VariantClear(&any);
  test_free(stub);
}

/* InvokeEx: no IID, a caller (here none) in front of the references, no argument error in the reply. More arguments than lie
 * within the request. */
static void test_invoke_ex(void **state) {
  (void)state;
  enum { COUNT = NDR_INVOKE_ROOM + 1 };
  LONG number = 1;
  VARIANT arguments[COUNT] = { { .vt = VT_BYREF | VT_I4, .plVal = &number } };
  for (int i = 1; i < COUNT; i++)
    arguments[i] = (VARIANT){ .vt = VT_I4, .lVal = i };
  DISPPARAMS params = { arguments, NULL, COUNT, 0 };
  NdrWriter writer;
  NdrReader reader;
  NdrInvoke invoke;
  size_t size;
  HRESULT answer;
  begin(&writer);
  ndr_put_invoke_ex(&writer, 7, 0x409, DISPATCH_METHOD | NDR_INVOKE_NO_EXCEPTION, &params, NULL);
  uint8_t *stub = stub_of(&writer, &size);
  ndr_writer_end(&writer, true);
  assert_memory_equal(stub, "\x07\0\0\0\x09\x04\0\0\x01\0\x04\0", 12);
  ndr_reader_begin(&reader, stub, size, NULL);
  assert_int_equal(ndr_get_invoke_ex(&reader, &invoke), S_OK);
  assert_int_equal(ndr_left(&reader), 0);
  test_free(stub);
  assert_int_equal(invoke.member, 7);
  assert_int_equal(invoke.params.cArgs, COUNT);
  assert_int_equal(V_I4(&invoke.params.rgvarg[COUNT - 1]), COUNT - 1);
  assert_null(invoke.caller);
  *V_I4REF(&invoke.params.rgvarg[0]) = 100;
  VARIANT result = { .vt = VT_I4, .lVal = 42 };
  begin(&writer);
  ndr_put_invoke_reply(&writer, &invoke, &result, NULL, 5, S_OK);
  stub = stub_of(&writer, &size);
  ndr_writer_end(&writer, true);
  ndr_invoke_clear(&invoke);
  ndr_reader_begin(&reader, stub, size, NULL);
  assert_int_equal(ndr_get_invoke_ex_reply(&reader, &params, &result, NULL, &answer), S_OK);
  assert_int_equal(ndr_left(&reader), 0);
  assert_int_equal(answer, S_OK);
  assert_int_equal(number, 100);
  assert_int_equal(V_I4(&result), 42);
  test_free(stub);
}

/* Descriptions */

static void test_funcdesc(void **state) {
  (void)state;
  TYPEDESC text = { .vt = VT_BSTR };
  PARAMDESCEX value = { sizeof value, { .vt = VT_I4, .lVal = 7 } };
  ELEMDESC parameters[] = {
    { .tdesc = { .vt = VT_I4 }, .paramdesc = { &value, PARAMFLAG_FIN | PARAMFLAG_FOPT | PARAMFLAG_FHASDEFAULT } },
    { .tdesc = { .vt = VT_PTR, .lptdesc = &text }, .paramdesc = { NULL, PARAMFLAG_FOUT | PARAMFLAG_FRETVAL } },
  };
  FUNCDESC function = { .memid = 3,
                        .lprgelemdescParam = parameters,
                        .funckind = FUNC_DISPATCH,
                        .invkind = INVOKE_FUNC,
                        .callconv = CC_STDCALL,
                        .cParams = 2,
                        .oVft = 56,
                        .elemdescFunc = { .tdesc = { .vt = VT_HRESULT } } },
           *back;
  NdrWriter writer;
  NdrReader reader;
  size_t size;
  begin(&writer);
  ndr_put_funcdesc(&writer, &function);
  check_stub("FUNCDESC", &writer,
             "04000200 03000000 00000000 08000200 04000000 01000000 04000000 0200 0000 3800 0000"
             "1900 1900 00000000 0000 0000"
             "02000000 0300 0300 0c000200 3100 0000 1a00 0000 10000200 1a00 0000 00000000 0a00 0000"
             "20000000 55736572 00000000 03000000 00000000 03000000 00000000 03000000 07000000 0800 0800");
  uint8_t *stub = stub_of(&writer, &size);
  ndr_writer_end(&writer, true);
  ndr_reader_begin(&reader, stub, size, NULL);
  assert_int_equal(ndr_get_funcdesc(&reader, &back), S_OK);
  assert_int_equal(back->cParams, 2);
  assert_int_equal(back->oVft, 56);
  assert_int_equal(back->lprgelemdescParam[1].tdesc.lptdesc->vt, VT_BSTR);
  assert_int_equal(V_I4(&back->lprgelemdescParam[0].paramdesc.pparamdescex->varDefaultValue), 7);
  ndr_release_funcdesc(back);
  for (size_t shorter = 0; shorter < size; shorter++) {
    ndr_reader_begin(&reader, stub, shorter, NULL);
    assert_int_equal(ndr_get_funcdesc(&reader, &back), (HRESULT)0x800706F7);
    assert_null(back);
  }
  test_free(stub);
}

static void test_vardesc(void **state) {
  (void)state;
  VARIANT value = { .vt = VT_BSTR, .bstrVal = SysAllocString(u"v") };
  ARRAYDESC *table = test_calloc(2, sizeof *table);
  *table = (ARRAYDESC){ { .vt = VT_I2 }, 2, { { 2, 0 } } };
  table->rgbounds[1] = (SAFEARRAYBOUND){ 3, 1 };
  VARDESC constant = {
    .memid = 9, .lpvarValue = &value, .elemdescVar = { .tdesc = { .vt = VT_BSTR } }, .varkind = VAR_CONST
  };
  VARDESC field = { .memid = 1,
                    .oInst = 16,
                    .elemdescVar = { .tdesc = { .vt = VT_CARRAY, .lpadesc = table } },
                    .varkind = VAR_PERINSTANCE },
          *back;
  NdrWriter writer;
  NdrReader reader;
  size_t size;
  begin(&writer);
  ndr_put_vardesc(&writer, &constant);
  ndr_put_vardesc(&writer, &field);
  assert_int_equal(writer.error, S_OK);
  uint8_t *stub = stub_of(&writer, &size);
  ndr_writer_end(&writer, true);
  ndr_reader_begin(&reader, stub, size, NULL);
  assert_int_equal(ndr_get_vardesc(&reader, &back), S_OK);
  assert_int_equal(SysStringLen(V_BSTR(back->lpvarValue)), 1);
  ndr_release_vardesc(back);
  assert_int_equal(ndr_get_vardesc(&reader, &back), S_OK);
  assert_int_equal(back->oInst, 16);
  assert_int_equal(back->elemdescVar.tdesc.lpadesc->cDims, 2);
  assert_int_equal(back->elemdescVar.tdesc.lpadesc->rgbounds[1].cElements, 3);
  assert_int_equal(back->elemdescVar.tdesc.lpadesc->tdescElem.vt, VT_I2);
  ndr_release_vardesc(back);
  VariantClear(&value);
  test_free(stub);
  test_free(table);
}

static void test_attributes(void **state) {
  (void)state;
  TYPEATTR type = { .guid = IID_IDispatch,
                    .lcid = 0x409,
                    .memidConstructor = -1,
                    .memidDestructor = -1,
                    .cbSizeInstance = 8,
                    .typekind = TKIND_DISPATCH,
                    .cFuncs = 3,
                    .cVars = 1,
                    .cImplTypes = 1,
                    .cbSizeVft = 56,
                    .cbAlignment = 8,
                    .wTypeFlags = 0x40,
                    .wMajorVerNum = 1,
                    .wMinorVerNum = 2 },
           *type_back;
  TLIBATTR library = { IID_IUnknown, 0, SYS_WIN64, 3, 4, 8 }, *library_back;
  NdrWriter writer;
  NdrReader reader;
  size_t size;
  begin(&writer);
  ndr_put_typeattr(&writer, &type);
  check_stub(
      "TYPEATTR", &writer,
      "04000200 00040200 00000000 c0000000 00000046 09040000 00000000 ffffffff ffffffff 00000000 08000000 04000000"
      "0300 0100 0100 3800 0800 4000 0100 0200 0000 0000 00000000 0000");
  ndr_put_tlibattr(&writer, &library);
  uint8_t *stub = stub_of(&writer, &size);
  ndr_writer_end(&writer, true);
  ndr_reader_begin(&reader, stub, size, NULL);
  assert_int_equal(ndr_get_typeattr(&reader, &type_back), S_OK);
  assert_memory_equal(type_back, &type, sizeof type);
  assert_int_equal(ndr_get_tlibattr(&reader, &library_back), S_OK);
  assert_memory_equal(library_back, &library, sizeof library);
  ndr_release_typeattr(type_back);
  ndr_release_tlibattr(library_back);
  test_free(stub);
}

/* Memory */

static int request_without_memory(void *context) {
  const InvokeCase *row = context;
  DISPPARAMS params = params_of(row);
  NdrWriter writer;
  NdrReader reader;
  NdrInvoke invoke;
  uint8_t stub[256];
  size_t size = bytes_of(row->request, stub, sizeof stub);
  begin(&writer);
  ndr_put_invoke(&writer, row->member, NULL, 0, row->flags, &params);
  HRESULT hr = writer.error;
  ndr_writer_end(&writer, false);
  if (FAILED(hr))
    return hr != E_OUTOFMEMORY;
  ndr_reader_begin(&reader, stub, size, NULL);
  hr = ndr_get_invoke(&reader, &invoke);
  if (SUCCEEDED(hr))
    ndr_invoke_clear(&invoke);
  return hr != S_OK && hr != E_OUTOFMEMORY;
}

static void test_memory(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof invokes / sizeof *invokes; i++)
    faults_each(request_without_memory, (void *)&invokes[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_requests),  cmocka_unit_test(test_bad_places),
    cmocka_unit_test(test_replies),   cmocka_unit_test(test_references_come_back),
    cmocka_unit_test(test_invoke_ex), cmocka_unit_test(test_funcdesc),
    cmocka_unit_test(test_vardesc),   cmocka_unit_test(test_attributes),
    cmocka_unit_test(test_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
