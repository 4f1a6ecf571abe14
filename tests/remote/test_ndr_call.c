/* Whole calls: bytes of requests and replies, who owns what afterwards, and what is refused. */
#include "tests/remote/ndr_travel.h"

#include "support/faults.h"

#include <ocidl.h>

/* Scalars */

static HRESULT STDMETHODCALLTYPE add(void *self, LONG a, LONG b, LONG *sum) {
  (void)self;
  if (a == 13)
    return E_FAIL;
  *sum = a + b;
  return S_OK;
}

static void test_add(void **state) {
  (void)state;
  Travel travel = travel_begin("Add([in] i4 a, [in] i4 b, [out,retval] i4* sum)", NULL, FUNCTION(add));
  LONG a = 2, b = 40, sum = 5, *sum_place = &sum;
  HRESULT result = E_UNEXPECTED;
  void *arguments[] = { &a, &b, &sum_place };
  travel.request = "02000000 28000000";
  travel.reply = "2a000000 00000000";
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(result, S_OK);
  assert_int_equal(sum, 42);
  travel.request = NULL;
  travel.reply = "00000000 05400080";
  a = 13;
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(result, E_FAIL);
  assert_int_equal(sum, 0);
  sum_place = NULL;
  assert_int_equal(travel_call(&travel, arguments, &result), (HRESULT)0x800706F4);
  travel_end(&travel);
}

static HRESULT STDMETHODCALLTYPE mixed(void *self, signed char a, double b, USHORT c, float d, int64_t e, LONG *f,
                                       USHORT *g, double *h) {
  (void)self;
  *f = a;
  *g = c;
  *h = b + d + (double)e;
  return S_FALSE;
}

static void test_mixed_scalars(void **state) {
  (void)state;
  Travel travel = travel_begin(
      "Mixed([in] i1 a, [in] r8 b, [in] ui2 c, [in] r4 d, [in] i8 e, [out] i4* f, [out] ui2* g, [out] r8* h)", NULL,
      FUNCTION(mixed));
  signed char a = -3;
  double b = 2.5, h = 0, *h_place = &h;
  USHORT c = 0xFFFE, g = 0, *g_place = &g;
  float d = 1.5f;
  int64_t e = -2;
  LONG f = 0, *f_place = &f;
  HRESULT result;
  void *arguments[] = { &a, &b, &c, &d, &e, &f_place, &g_place, &h_place };
  travel.request = "fd000000 00000000 00000000 00000440 feff0000 0000c03f feffffff ffffffff";
  travel.reply = "fdffffff feff0000 00000000 00000040 01000000";
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(result, S_FALSE);
  assert_int_equal(f, -3);
  assert_int_equal(g, 0xFFFE);
  assert_true(h == 2.0);
  travel_end(&travel);
}

/* Automation */

static HRESULT STDMETHODCALLTYPE texts(void *self, BSTR in, BSTR *both, BSTR *out) {
  (void)self;
  UINT length = SysStringLen(in) + SysStringLen(*both);
  *out = SysAllocStringLen(NULL, length);
  memcpy(*out, in, SysStringByteLen(in));
  memcpy(*out + SysStringLen(in), *both, SysStringByteLen(*both));
  SysFreeString(*both);
  *both = SysAllocString(u"new");
  return S_OK;
}

static void test_texts(void **state) {
  (void)state;
  Travel travel = travel_begin("Texts([in] bstr a, [in,out] bstr* b, [out,retval] bstr* c)", NULL, FUNCTION(texts));
  BSTR in = SysAllocString(u"Ab"), both = SysAllocString(u"old"), out = (BSTR)1, *both_place = &both, *out_place = &out;
  HRESULT result;
  void *arguments[] = { &in, &both_place, &out_place };
  travel.request = "55736572 02000000 04000000 02000000 41006200 55736572 03000000 06000000 03000000 6f006c006400";
  travel.reply = "55736572 03000000 06000000 03000000 6e0065007700 0000"
                 "55736572 05000000 0a000000 05000000 41006200 6f006c006400 0000 00000000";
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(SysStringByteLen(both), 6);
  assert_memory_equal(both, u"new", 6);
  assert_int_equal(SysStringLen(out), 5);
  SysFreeString(in);
  SysFreeString(both);
  SysFreeString(out);
  travel_end(&travel);
}

static HRESULT STDMETHODCALLTYPE variants(void *self, VARIANT in, VARIANT *both, VARIANT *out) {
  (void)self;
  if (V_VT(&in) == (VT_BYREF | VT_I4))
    *V_I4REF(&in) = 99;
  *out = (VARIANT){ .vt = VT_R8, .dblVal = 2.5 };
  if (V_VT(both) & VT_BYREF)
    return VariantCopy(V_VARIANTREF(both), out);
  return VariantClear(both);
}

static void test_variants(void **state) {
  (void)state;
  Travel travel =
      travel_begin("Variants([in] variant a, [in,out] variant* b, [out] variant* c)", NULL, FUNCTION(variants));
  LONG number = 7;
  VARIANT text = { .vt = VT_BSTR, .bstrVal = SysAllocString(u"old") };
  VARIANT in = { .vt = VT_BYREF | VT_I4, .plVal = &number }, out, *out_place = &out;
  VARIANT both = { .vt = VT_BYREF | VT_VARIANT, .pvarVal = &text }, *both_place = &both;
  HRESULT result;
  void *arguments[] = { &in, &both_place, &out_place };
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(result, S_OK);
  assert_int_equal(number, 7); /* only in */
  assert_int_equal(V_VT(&both), VT_BYREF | VT_VARIANT);
  assert_ptr_equal(V_VARIANTREF(&both), &text);
  assert_int_equal(V_VT(&text), VT_R8);
  assert_int_equal(V_VT(&out), VT_R8);
  both_place = &text;
  text = (VARIANT){ .vt = VT_BSTR, .bstrVal = SysAllocString(u"old") };
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(V_VT(&text), VT_EMPTY);
  travel_end(&travel);
}

/* Interfaces */

static HRESULT STDMETHODCALLTYPE query(void *self, REFIID iid, IUnknown *in, IUnknown **out) {
  (void)self;
  (void)iid;
  *out = in;
  if (in)
    IUnknown_AddRef(in);
  return S_OK;
}

static void test_interfaces_by_iid(void **state) {
  (void)state;
  Travel travel =
      travel_begin("Query([in] guid* iid, [in] IUnknown* in, [out,iid_is(iid)] IUnknown** out)", NULL, FUNCTION(query));
  Counted object = counted_new();
  travel.interfaces.known[0] = &object;
  const IID *iid = &IID_IStream;
  IUnknown *in = &object.face, *out = NULL, **out_place = &out;
  HRESULT result;
  void *arguments[] = { &iid, &in, &out_place };
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_ptr_equal(out, in);
  assert_true(IsEqualIID(&travel.interfaces.last_iid, &IID_IStream));
  IUnknown_Release(out);
  assert_int_equal(object.references, 1);
  in = NULL;
  travel.request = "0c000000 00000000 c0000000 00000046 00000000";
  travel.reply = "00000000 00000000";
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_null(out);
  assert_int_equal(travel.interfaces.under_way, 0);
  travel_end(&travel);
}

/* Buffers */

static HRESULT STDMETHODCALLTYPE read_some(void *self, BYTE *data, ULONG size, ULONG *done) {
  (void)self;
  *done = size / 2;
  for (ULONG i = 0; i < *done; i++)
    data[i] = (BYTE)(i + 1);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE write_some(void *self, const BYTE *data, ULONG size, ULONG *done) {
  (void)self;
  *done = 0;
  for (ULONG i = 0; i < size; i++)
    *done += data[i];
  return S_OK;
}

static void test_buffers(void **state) {
  (void)state;
  Travel travel = travel_begin("RemoteRead([out,size_is(cb),length_is(*done)] ui1* data, [in] ui4 cb, [out] ui4* done)",
                               NULL, FUNCTION(read_some));
  BYTE data[7] = { 9, 9, 9, 9, 9, 9, 9 }, *data_place = data;
  ULONG size = 6, done = 0, *done_place = &done;
  HRESULT result;
  void *arguments[] = { &data_place, &size, &done_place };
  travel.request = "06000000";
  travel.reply = "06000000 00000000 03000000 01020300 03000000 00000000";
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(done, 3);
  assert_memory_equal(data, ((BYTE[]){ 1, 2, 3, 9, 9, 9, 9 }), 7);
  travel_end(&travel);

  travel =
      travel_begin("RemoteWrite([in,size_is(cb)] ui1* data, [in] ui4 cb, [out] ui4* done)", NULL, FUNCTION(write_some));
  travel.request = "06000000 01020309 0909 0000 06000000";
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(done, 1 + 2 + 3 + 9 * 3);
  travel_end(&travel);
}

/* What industrial automation has: arrays of records with texts and VARIANTs, in and out, made by the callee. */

typedef struct ItemDefinition {
  LPWSTR access_path, item;
  BOOL active;
  DWORD client;
  DWORD blob_size;
  BYTE *blob;
  VARTYPE requested;
  WORD reserved;
} ItemDefinition;

typedef struct ItemResult {
  DWORD server;
  VARTYPE type;
  WORD reserved;
  DWORD rights;
  DWORD blob_size;
  BYTE *blob;
} ItemResult;

typedef struct ItemState {
  DWORD client;
  FILETIME time;
  WORD quality, reserved;
  VARIANT value;
} ItemState;

static const RecordText opc_records[] = {
  { "ITEMDEF", "lpwstr path, lpwstr item, i4 active, ui4 client, ui4 blobsize, [size_is(blobsize)] ui1* blob, ui2 "
               "requested, ui2 reserved" },
  { "ITEMRESULT", "ui4 server, ui2 type, ui2 reserved, ui4 rights, ui4 blobsize, [size_is(blobsize)] ui1* blob" },
  { "ITEMSTATE", "ui4 client, filetime time, ui2 quality, ui2 reserved, variant value" },
  { NULL, NULL },
};

static const SignatureNames opc = { NULL, opc_records };

static HRESULT STDMETHODCALLTYPE add_items(void *self, DWORD count, ItemDefinition *items, ItemResult **results,
                                           HRESULT **errors) {
  (void)self;
  *results = CoTaskMemAlloc(count * sizeof **results);
  *errors = CoTaskMemAlloc(count * sizeof **errors);
  for (DWORD i = 0; i < count; i++) {
    (*results)[i] = (ItemResult){ items[i].client * 2, items[i].requested, 0, 3, items[i].blob_size, NULL };
    if (items[i].blob) {
      (*results)[i].blob = CoTaskMemAlloc(items[i].blob_size);
      memcpy((*results)[i].blob, items[i].blob, items[i].blob_size);
    }
    (*errors)[i] = items[i].item ? S_OK : E_INVALIDARG;
  }
  return S_FALSE;
}

static void test_add_items(void **state) {
  (void)state;
  Travel travel = travel_begin("AddItems([in] ui4 count, [in,size_is(count)] ITEMDEF* items, [out,size_is(,count)] "
                               "ITEMRESULT** results, [out,size_is(,count)] hresult** errors)",
                               &opc, FUNCTION(add_items));
  OLECHAR name[] = u"x";
  BYTE blob[] = { 1, 2, 3 };
  ItemDefinition items[] = { { NULL, name, TRUE, 5, 3, blob, VT_R8, 0 }, { NULL, NULL, FALSE, 6, 0, NULL, VT_I4, 0 } };
  ItemDefinition *items_place = items;
  DWORD count = 2;
  ItemResult *results = NULL, **results_place = &results;
  HRESULT *errors = NULL, **errors_place = &errors, result;
  void *arguments[] = { &count, &items_place, &results_place, &errors_place };
  travel.request = "02000000 02000000"
                   "00000000 04000200 01000000 05000000 03000000 08000200 05000000"
                   "00000000 00000000 00000000 06000000 00000000 00000000 03000000"
                   "02000000 00000000 02000000 78000000 03000000 010203";
  travel.reply = "04000200 02000000"
                 "0a000000 05000000 03000000 03000000 08000200"
                 "0c000000 03000000 03000000 00000000 00000000"
                 "03000000 010203 00 0c000200 02000000 00000000 57000780 01000000";
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(result, S_FALSE);
  assert_int_equal(results[0].server, 10);
  assert_memory_equal(results[0].blob, blob, 3);
  assert_null(results[1].blob);
  assert_int_equal(errors[1], E_INVALIDARG);
  CoTaskMemFree(results[0].blob);
  CoTaskMemFree(results);
  CoTaskMemFree(errors);
  travel_end(&travel);
}

static HRESULT STDMETHODCALLTYPE read_items(void *self, int source, DWORD count, DWORD *handles, ItemState **values) {
  (void)self;
  HRESULT hr = S_OK;
  *values = CoTaskMemAlloc(count * sizeof **values);
  if (!*values)
    return E_OUTOFMEMORY;
  memset(*values, 0, count * sizeof **values);
  for (DWORD i = 0; i < count; i++) {
    (*values)[i].client = handles[i] + (DWORD)source;
    (*values)[i].value = (VARIANT){ .vt = VT_BSTR, .bstrVal = SysAllocString(u"v") };
    hr = V_BSTR(&(*values)[i].value) ? hr : E_OUTOFMEMORY; /* and leaves what it has made */
  }
  return hr;
}

static const char read_text[] = "Read([in] enum source, [in] ui4 count, [in,size_is(count)] ui4* handles, "
                                "[out,size_is(,count)] ITEMSTATE** values)";

static void test_read_items(void **state) {
  (void)state;
  Travel travel = travel_begin(read_text, &opc, FUNCTION(read_items));
  int source = 2;
  DWORD count = 2, handles[] = { 7, 8 }, *handles_place = handles;
  ItemState *values = NULL, **values_place = &values;
  HRESULT result;
  void *arguments[] = { &source, &count, &handles_place, &values_place };
  travel.request = "0200 0000 02000000 02000000 07000000 08000000";
  travel.reply = "04000200 02000000"
                 "09000000 00000000 00000000 00000000 55736572"
                 "0a000000 00000000 00000000 00000000 55736572"
                 "05000000 00000000 0800 000000000000 08000000 55736572 01000000 02000000 01000000 7600 0000"
                 "05000000 00000000 0800 000000000000 08000000 55736572 01000000 02000000 01000000 7600 0000 00000000";
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(result, S_OK);
  assert_int_equal(values[1].client, 10);
  assert_int_equal(V_VT(&values[1].value), VT_BSTR);
  for (int i = 0; i < 2; i++)
    VariantClear(&values[i].value);
  CoTaskMemFree(values);
  travel_end(&travel);
}

typedef struct Memory {
  Travel travel;
  int source;
  DWORD count, handles[2], *handles_place;
} Memory;

static int read_without_memory(void *context) {
  Memory *memory = context;
  ItemState *values = (ItemState *)1, **values_place = &values;
  HRESULT result = S_OK;
  void *arguments[] = { &memory->source, &memory->count, &memory->handles_place, &values_place };
  HRESULT hr = travel_call(&memory->travel, arguments, &result);
  if (hr == E_OUTOFMEMORY || result == E_OUTOFMEMORY)
    return values ? 1 : 0;
  if (FAILED(hr) || !values)
    return 2;
  for (int i = 0; i < 2; i++)
    VariantClear(&values[i].value);
  CoTaskMemFree(values);
  return 0;
}

static void test_memory(void **state) {
  (void)state;
  Memory memory = { .travel = travel_begin(read_text, &opc, FUNCTION(read_items)), .source = 1, .count = 2 };
  memory.handles_place = memory.handles;
  faults_each(read_without_memory, &memory);
  travel_end(&memory.travel);
}

/* Standard interfaces */

static HRESULT STDMETHODCALLTYPE get_pages(void *self, CAUUID *pages) {
  (void)self;
  pages->cElems = 1;
  pages->pElems = CoTaskMemAlloc(sizeof(GUID));
  pages->pElems[0] = IID_IUnknown;
  return S_OK;
}

static void test_counted_record(void **state) {
  (void)state;
  Travel travel = travel_begin("GetPages([out] CAUUID* pPages)", &standard_names, FUNCTION(get_pages));
  CAUUID pages, *place = &pages;
  HRESULT result;
  void *arguments[] = { &place };
  travel.request = "";
  travel.reply = "01000000 04000200 01000000 00000000 00000000 c0000000 00000046 00000000";
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(pages.cElems, 1);
  assert_true(IsEqualGUID(pages.pElems, &IID_IUnknown));
  CoTaskMemFree(pages.pElems);
  travel_end(&travel);
}

/* Unions with tags */

typedef struct Tagged {
  SHORT kind;
  union {
    LONG number;
    BSTR text;
    double real;
  };
  BYTE last;
} Tagged;

static const RecordText tagged_records[] = {
  { "Either", "union [case(1,2)] i4 number, [case(3)] bstr text, [case(4)] r8 real, [default] void none" },
  { "Tagged", "i2 kind, [switch_is(kind)] Either value, ui1 last" },
  { "Alone", "i2 kind, [switch(kind)] Either value" },
  { NULL, NULL },
};

static const SignatureNames tagged_names = { NULL, tagged_records };

static HRESULT STDMETHODCALLTYPE next_kind(void *self, Tagged *value) {
  (void)self;
  if (value->kind == 3)
    SysFreeString(value->text);
  value->kind++;
  if (value->kind == 3)
    value->text = SysAllocString(u"x");
  else if (value->kind == 4)
    value->real = 2.5;
  return S_OK;
}

static void test_unions(void **state) {
  (void)state;
  static const char *const stubs[] = {
    "0100 0100 07000000 05",
    "0200 0200 07000000 05",
    "0300 0300 55736572 05 000000 01000000 02000000 01000000 7800",
    "0400 0400 00000000 00000000 00000440 05",
    "0500 0500 05",
  };
  char reply[256];
  Travel travel = travel_begin("Next([in,out] Tagged* value)", &tagged_names, FUNCTION(next_kind));
  Tagged value = { .kind = 1, .number = 7, .last = 5 }, *place = &value;
  HRESULT result;
  void *arguments[] = { &place };
  for (size_t i = 0; i + 1 < sizeof stubs / sizeof *stubs; i++) {
    size_t size = 0;
    for (const char *at = stubs[i + 1]; *at; at++)
      size += *at != ' ';
    snprintf(reply, sizeof reply, "%s%.*s00000000", stubs[i + 1], (int)(8 - size % 8) % 8, "0000000");
    travel.request = stubs[i];
    travel.reply = reply;
    assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
    assert_int_equal(value.kind, i + 2);
    assert_int_equal(value.last, 5);
  }
  assert_true(value.kind == 5);
  travel_end(&travel);
}

typedef union Either {
  LONG number;
  BSTR text;
  double real;
} Either;

static HRESULT STDMETHODCALLTYPE turn(void *self, const Either *value, LONG kind, LONG *new_kind, Either *new_value) {
  (void)self;
  if (kind == 4)
    return E_FAIL;
  *new_kind = kind == 3 ? 1 : 3;
  if (kind == 3)
    new_value->number = (LONG)SysStringLen(value->text);
  else
    new_value->text = SysAllocString(value->number == 7 ? u"x" : u"");
  return new_value->text || kind == 3 ? S_OK : E_OUTOFMEMORY;
}

/* Between parameters the number travels twice: with the union, and as the parameter that tells it. */
static void test_union_parameters(void **state) {
  (void)state;
  Travel travel = travel_begin("Turn([in,switch_is(kind)] Either* value, [in] i4 kind, [out] i4* new_kind, "
                               "[out,switch_is(*new_kind)] Either* new_value)",
                               &tagged_names, FUNCTION(turn));
  Either value = { .number = 7 }, new_value, *place = &value, *new_place = &new_value;
  LONG kind = 1, new_kind, *kind_place = &new_kind;
  HRESULT result;
  void *arguments[] = { &place, &kind, &kind_place, &new_place };
  travel.request = "01000000 07000000 01000000";
  travel.reply = "03000000 03000000 55736572 01000000 02000000 01000000 78000000 00000000";
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(new_kind, 3);
  assert_int_equal(SysStringLen(new_value.text), 1);
  value = new_value;
  kind = 3;
  travel.request = "03000000 55736572 01000000 02000000 01000000 78000000 03000000";
  travel.reply = "01000000 01000000 01000000 00000000";
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(new_kind, 1);
  assert_int_equal(new_value.number, 1);
  SysFreeString(value.text);
  value.real = 2.5;
  kind = 4;
  travel.request = "04000000 00000000 00000000 00000440 04000000";
  travel.reply = "00000000 00000000 05400080"; /* nothing is in a union of zeros, whose cases have no 0 but a default */
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(result, E_FAIL);
  assert_int_equal(new_kind, 0);
  assert_null(new_value.text);
  travel_end(&travel);
}

static HRESULT STDMETHODCALLTYPE halve(void *self, Tagged *value) {
  (void)self;
  if (value->kind == 4)
    value->real /= 2;
  return S_OK;
}

/* The number of an encapsulated union travels once. */
static void test_encapsulated_union(void **state) {
  (void)state;
  Travel travel = travel_begin("Halve([in,out] Alone* value)", &tagged_names, FUNCTION(halve));
  Tagged value = { .kind = 4, .real = 5 }, *place = &value;
  HRESULT result;
  void *arguments[] = { &place };
  travel.request = "0400 0000 00000000 00000000 00001440";
  travel.reply = "0400 0000 00000000 00000000 00000440 00000000";
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_true(value.real == 2.5);
  value.kind = 3;
  value.text = SysAllocString(u"x");
  travel.request = "0300 0000 55736572 01000000 02000000 01000000 7800";
  travel.reply = NULL;
  assert_int_equal(travel_call(&travel, arguments, &result), S_OK);
  assert_int_equal(SysStringLen(value.text), 1);
  SysFreeString(value.text);
  travel_end(&travel);
}

/* All methods of standard interfaces travel, but for those that have something only a process can have in it. */
static void test_standard_interfaces(void **state) {
  (void)state;
  unsigned travelling = 0, refused = 0;
  for (unsigned i = 0; i < standard_interface_count; i++) {
    const StandardInterface *standard = &standard_interfaces[i];
    for (unsigned k = 0; k < standard->method_count; k++) {
      const Signature *signature;
      const NdrMethod *method = NULL;
      assert_int_equal(standard_interface_signature(standard, standard->first_slot + k, true, &signature), S_OK);
      HRESULT hr = ndr_method_create(signature, &method);
      const char *text = standard->methods[k].wire ? standard->methods[k].wire : standard->methods[k].text;
      if (SUCCEEDED(hr) == (strstr(text, "void*") != NULL)) {
        print_message("%s: %s: %08x\n", standard->name, text, (unsigned)hr);
        fail();
      }
      travelling += SUCCEEDED(hr);
      refused += FAILED(hr);
      ndr_method_release(method);
      signature_release(signature);
    }
  }
  assert_true(travelling > 5 * refused);
}

static void test_refused(void **state) {
  (void)state;
  static const RecordText records[] = { { "Either", "union i4 a, r8 b" }, { "Has", "i4 tag, Either value" }, { 0 } };
  static const SignatureNames with_records = { NULL, records };
  static const struct {
    const char *text, *named;
  } rows[] = {
    { "Method([in] i4 a, [in] void* handle)", "handle" },
    { "Method([in] Either* either)", "either" },
    { "Method([in] Has* record)", "record" },
    { "Method([in,switch_is(kind)] Either* either, [out] i4* kind)", "either" },
    { "Method([in,switch_is(kind)] Either* either, [in] r8 kind)", "either" },
    { "Method([in,size_is(,kind),switch_is(kind)] Either** either, [in] i4 kind)", "either" },
    { "Method([out,string] ui2* text)", "text" },
    { "Method([out,size_is(*n)] ui1* data, [out] ui4* n)", "data" },
    { "void* Method()", "result" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const Signature *signature;
    const NdrMethod *method;
    IErrorInfo *error = NULL;
    BSTR description = NULL;
    char text[512] = "";
    assert_int_equal(signature_from_text(rows[i].text, 3, &with_records, NULL, &signature), S_OK);
    assert_int_equal(ndr_method_create(signature, &method), E_NOTIMPL);
    assert_null(method);
    assert_int_equal(GetErrorInfo(0, &error), S_OK);
    IErrorInfo_GetDescription(error, &description);
    for (UINT k = 0; k < SysStringLen(description) && k < sizeof text - 1; k++)
      text[k] = (char)description[k];
    assert_non_null(strstr(text, "Method"));
    assert_non_null(strstr(text, rows[i].named));
    SysFreeString(description);
    IErrorInfo_Release(error);
    signature_release(signature);
  }
}

/* Requests that lie about their counts. */
static void test_counts(void **state) {
  (void)state;
  static const struct {
    const char *text, *request;
  } rows[] = {
    { "M([in] ui4 n, [in,size_is(n)] ui1* a)", "05000000 04000000 01020304" },
    { "M([in,size_is(n)] ui1* a, [in] ui4 n)", "04000000 01020304 05000000" },
    { "M([in] ui4 n, [in,size_is(n)] ui1* a)", "ffffffff ffffffff 01020304" },
    { "M([in] ui4 n, [in,size_is(n),length_is(n)] ui1* a)", "04000000 04000000 00000000 05000000 01020304 05" },
    { "M([in] ui4 n, [in,size_is(n),length_is(n)] ui1* a)", "04000000 04000000 01000000 03000000 010203" },
    { "M([in] ui4 n, [in,size_is(,n)] bstr** a)", "03000000 04000200 00000000" },
    { "M([in] ui4 n, [in,size_is(,n)] i4** a)", "02000000 04000200 01000000 01000000" },
    { "M([in] ui4 n, [out,size_is(n)] variant* a)", "ffffffff" },
    { "M([in] ui4 n, [out,size_is(n)] ui1* a)", "ffffffff" },
    { "M([in] Tagged* a)", "0300 0100 41414141 05" },
    { "M([in] Tagged* a)", "0300 0300 55736572 05" },
    { "M([in,switch_is(k)] Either* a, [in] i4 k)", "03000000 55736572 00000000 00000000 00000000 01000000" },
    { "M([in,switch_is(k)] Either* a, [in] i4 k)", "01000000 07000000 03000000" },
    { "M([in] i4 k, [in,switch_is(k)] Either* a)", "01000000 03000000 07000000" },
    { "M([in] Alone* a)", "0300 0000 55736572 02000000 02000000 02000000 7800" },
    { "M([in,string] ui2* a)", "02000000 00000000 02000000 61006200" },
    { "M([in,string] ui2* a)", "00000000 00000000 00000000" },
    { "M([in] lpwstr a)", "02000000 01000000 01000000 0000" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    Travel travel = travel_begin(rows[i].text, &tagged_names, NULL);
    _Alignas(8) uint8_t stub[64];
    NdrReader reader;
    NdrCall *call = test_malloc(ndr_call_size(travel.method));
    ndr_reader_begin(&reader, stub, bytes_of(rows[i].request, stub, sizeof stub), NULL);
    if (ndr_call_begin(call, travel.method, &reader) != (HRESULT)0x800706F7) {
      print_message("%s: %08x\n", rows[i].text, (unsigned)reader.error);
      fail();
    }
    ndr_call_end(call);
    test_free(call);
    travel_end(&travel);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_add),
    cmocka_unit_test(test_mixed_scalars),
    cmocka_unit_test(test_texts),
    cmocka_unit_test(test_variants),
    cmocka_unit_test(test_buffers),
    cmocka_unit_test(test_interfaces_by_iid),
    cmocka_unit_test(test_add_items),
    cmocka_unit_test(test_read_items),
    cmocka_unit_test(test_memory),
    cmocka_unit_test(test_counted_record),
    cmocka_unit_test(test_unions),
    cmocka_unit_test(test_union_parameters),
    cmocka_unit_test(test_encapsulated_union),
    cmocka_unit_test(test_standard_interfaces),
    cmocka_unit_test(test_refused),
    cmocka_unit_test(test_counts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
