/* Requests and replies of methods of all shapes, IDispatch::Invoke and descriptions of types, out of bytes: the first says of
 * which method, the second what of it. What is read is written again and let go; references to objects must balance. */
#include "remote/ndr/automation.h"
#include "fuzz/work_limit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const RecordText records[] = {
  { "POINT", "i4 x, i2 y" },
  { "ITEM", "lpwstr path, i4 active, ui4 size, [size_is(size)] ui1* blob, variant value, bstr text" },
  { "TREE", "POINT* here, ui4 count, [size_is(count)] ITEM* items, [unique,string] ui2* name, i8 wide[2], enum kind" },
  { "TABLE", "ui4 most, ui4 count, [size_is(most),length_is(count)] variant* cells, safearray(bstr) texts" },
  { "EITHER", "union [case(0,1)] i8 number, [case(2)] bstr text, [case(3)] ITEM item, [default] void none" },
  { "TAGGED", "ui1 kind, [switch_is(kind)] EITHER value, i2 last" },
  { NULL, NULL },
};

static const SignatureNames names = { NULL, records };

static const char *const methods[] = {
  "Add([in] i4 a, [in] i4 b, [out,retval] i4* sum)",
  "Mixed([in] i1 a, [in] r8 b, [in] ui2 c, [in] r4 d, [in] enum e, [in] uint_ptr f, [out] i4* g, [out] r8* h)",
  "Texts([in] bstr a, [in] lpwstr b, [in,unique] lpstr c, [in,string] ui2* d, [in,out] bstr* e, [out] lpwstr* f)",
  "Variants([in] variant a, [in,out] variant* b, [in,unique] variant* c, [out] variant* d)",
  "Arrays([in] safearray(i4) a, [in,out] safearray(bstr)* b, [in] safearray(variant) c, [out] safearray(r8)* d)",
  "Objects([in] guid* iid, [in,iid_is(iid)] IUnknown* a, [in,out] IDispatch** b, [out,iid_is(iid)] IUnknown** c)",
  "Buffers([in] ui4 n, [in,size_is(n)] i8* a, [in,out,size_is(n)] i2* b, [out,size_is(n)] ui1* c)",
  ("Varying([in] ui4 n, [in,size_is(n),length_is(m)] bstr* a, [in,out] ui4* m, [out,size_is(n),length_is(*m)] "
   "IUnknown** b)"),
  "Made([in] ui4 n, [out,size_is(,n)] ITEM** a, [out] ui4* m, [out,size_is(,*m)] lpwstr** b)",
  "Records([in] POINT p, [in] TREE* t, [in,out] TABLE* b, [in,unique] TREE* u, [out] TREE* o, [out] TABLE** q)",
  "Tagged([in] TAGGED a, [in,out] TAGGED* b, [in] ui4 n, [in,size_is(n)] TAGGED* c, [out,size_is(,n)] TAGGED** d)",
  "Deep([in] i4*** a, [in,out] bstr** b, [in] POINT c[2], [out] i8 d[3], [in] ui4 n, [in,size_is(n/2)] guid* e)",
};

enum { METHODS = sizeof methods / sizeof *methods, MOST_DATA = 1 << 16 };

static const NdrMethod *prepared[METHODS];

/* Objects */

static long references;

static HRESULT STDMETHODCALLTYPE Thing_QueryInterface(IUnknown *self, REFIID iid, void **object) {
  (void)iid;
  references++;
  *object = self;
  return S_OK;
}

static ULONG STDMETHODCALLTYPE Thing_AddRef(IUnknown *self) {
  (void)self;
  return (ULONG)++references;
}

static ULONG STDMETHODCALLTYPE Thing_Release(IUnknown *self) {
  (void)self;
  return (ULONG)--references;
}

static const IUnknownVtbl thing_vtable = { Thing_QueryInterface, Thing_AddRef, Thing_Release };
static IUnknown thing = { (IUnknownVtbl *)&thing_vtable };

static HRESULT marshal(NdrInterfaces *self, REFIID iid, IUnknown *pointer, uint8_t **bytes, uint32_t *size) {
  (void)self;
  (void)iid;
  (void)pointer;
  *size = 3;
  *bytes = CoTaskMemAlloc(*size);
  memset(*bytes, 1, *size);
  references++;
  return S_OK;
}

static HRESULT unmarshal(NdrInterfaces *self, const uint8_t *bytes, uint32_t size, REFIID iid, void **result) {
  uint8_t sum = 0;
  (void)self;
  for (uint32_t i = 0; i < size; i++)
    sum = (uint8_t)(sum + bytes[i]);
  *result = NULL;
  if (sum == 7 || IsEqualIID(iid, &IID_ITypeInfo))
    return E_NOINTERFACE;
  references++;
  *result = &thing;
  return S_OK;
}

static void discard(NdrInterfaces *self, const uint8_t *bytes, uint32_t size) {
  (void)self;
  (void)bytes;
  (void)size;
  references--;
}

static NdrInterfaces interfaces = { marshal, unmarshal, discard, MSHCTX_LOCAL };

static void prepare(void) {
  for (size_t i = 0; i < METHODS && !prepared[METHODS - 1]; i++) {
    const Signature *signature;
    if (FAILED(signature_from_text(methods[i], 3, &names, NULL, &signature)) ||
        FAILED(ndr_method_create(signature, &prepared[i]))) {
      fprintf(stderr, "%s\n", methods[i]);
      abort();
    }
    signature_release(signature);
  }
}

/* A server that has read a request answers with what it has. */
static void serve(const NdrMethod *method, NdrReader *reader) {
  NdrCall *call = aligned_alloc(16, (ndr_call_size(method) + 15) & ~(size_t)15);
  NdrWriter writer;
  ndr_writer_begin(&writer, &interfaces);
  if (SUCCEEDED(ndr_call_begin(call, method, reader))) {
    *(HRESULT *)ndr_call_result(call) = reader->size & 1 ? E_FAIL : S_OK;
    ndr_put_reply(call, &writer);
  }
  ndr_writer_end(&writer, false);
  ndr_call_end(call);
  free(call);
}

/* A caller reads a reply into the arguments of a request that was read: the two directions want the same memory. */
static void answer(const NdrMethod *method, NdrReader *request, NdrReader *reply) {
  NdrCall *call = aligned_alloc(16, (ndr_call_size(method) + 15) & ~(size_t)15);
  HRESULT result;
  if (SUCCEEDED(ndr_call_begin(call, method, request)))
    ndr_get_reply(method, reply, ndr_call_arguments(call), &result);
  ndr_call_end(call);
  free(call);
}

static void invoke(NdrReader *reader) {
  NdrInvoke request;
  NdrWriter writer;
  if (FAILED(ndr_get_invoke(reader, &request)))
    return;
  ndr_writer_begin(&writer, &interfaces);
  ndr_put_invoke(&writer, request.member, NULL, request.lcid, request.flags, &request.params);
  ndr_put_invoke_reply(&writer, &request, NULL, NULL, 0, S_OK);
  ndr_writer_end(&writer, false);
  VARIANT result;
  EXCEPINFO exception;
  HRESULT hr;
  ndr_get_invoke_reply(reader, &request.params, &result, &exception, NULL, &hr);
  VariantClear(&result);
  exception_clear(&exception);
  ndr_invoke_clear(&request);
}

static void describe(NdrReader *reader) {
  FUNCDESC *function;
  VARDESC *variable;
  TYPEATTR *type;
  NdrWriter writer;
  ndr_writer_begin(&writer, &interfaces);
  ndr_get_funcdesc(reader, &function);
  ndr_put_funcdesc(&writer, function);
  ndr_release_funcdesc(function);
  ndr_get_vardesc(reader, &variable);
  ndr_put_vardesc(&writer, variable);
  ndr_release_vardesc(variable);
  ndr_get_typeattr(reader, &type);
  ndr_put_typeattr(&writer, type);
  ndr_release_typeattr(type);
  ndr_writer_end(&writer, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2 || size > MOST_DATA)
    return 0;
  prepare();
  double begin = work_seconds();
  const NdrMethod *method = prepared[data[0] % METHODS];
  unsigned what = data[1] % 4;
  /* 8-aligned, as the bytes of a channel are, and of exactly their size. */
  size_t left = size - 2, first = what == 1 ? left / 2 : left;
  uint8_t *stub = aligned_alloc(16, (left + 16) & ~(size_t)15);
  memcpy(stub, data + 2, left);
  NdrReader reader, reply;
  ndr_reader_begin(&reader, stub, first, &interfaces);
  ndr_reader_begin(&reply, stub + first, left - first, &interfaces);
  if (what == 0)
    serve(method, &reader);
  else if (what == 1)
    answer(method, &reader, &reply);
  else if (what == 2)
    invoke(&reader);
  else
    describe(&reader);
  free(stub);
  if (references) {
    fprintf(stderr, "%ld references are left over\n", references);
    abort();
  }
  work_check(begin, "a call");
  return 0;
}
