/* Building signatures: the text form, descriptions of types, kinds that no call can carry, failing allocations; and the
 * life of values in a frame. */
#include "dispatch/types/signature.h"
#include "tests/support/faults.h"

#include <objbase.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const InterfaceName interface_names[] = { { "IStream", &IID_IStream }, { NULL, NULL } };
static const RecordText record_texts[] = {
  { "Point", "i4 x, i4 y" },
  { "Person", "bstr name, r8 born, Point home, variant extra, IUnknown* owner" },
  { "Grid", "r8 cells[3]" },
  { "Either", "union i4 number, r8 real" },
  { NULL, NULL },
};
static const SignatureNames names = { interface_names, record_texts };

static const Signature *build(const char *text) {
  const Signature *signature = NULL;
  HRESULT hr = signature_from_text(text, 3, &names, NULL, &signature);
  if (hr != S_OK)
    print_error("%s\n", text);
  assert_int_equal(hr, S_OK);
  return signature;
}

/* Text */

typedef struct TypeCase {
  const char *parameter;
  const char *described;
  TypeKind kind; /* of the value */
  VARTYPE vt;    /* that a VARIANT with the value carries */
  unsigned indirection, size;
} TypeCase;

static const TypeCase type_cases[] = {
  { "i4 a", "long", TYPE_BASE, VT_I4, 0, 4 },
  { "UI1 a", "unsigned char", TYPE_BASE, VT_UI1, 0, 1 },
  { "i4* a", "long*", TYPE_BASE, VT_I4, 1, 4 },
  { "bstr** a", "BSTR**", TYPE_BASE, VT_BSTR, 2, 8 },
  { "void* a", "void*", TYPE_POINTER, VT_ILLEGAL, 0, 8 },
  { "[out] void** a", "void**", TYPE_POINTER, VT_ILLEGAL, 1, 8 },
  { "hresult a", "HRESULT", TYPE_BASE, VT_ERROR, 0, 4 },
  { "guid* a", "GUID*", TYPE_BASE, VT_ILLEGAL, 1, 16 },
  { "variant a", "VARIANT", TYPE_BASE, VT_VARIANT, 0, 24 },
  { "IDispatch* a", "IDispatch*", TYPE_INTERFACE, VT_DISPATCH, 0, 8 },
  { "IUnknown** a", "IUnknown**", TYPE_INTERFACE, VT_UNKNOWN, 1, 8 },
  { "IStream* a", "IStream*", TYPE_INTERFACE, VT_UNKNOWN, 0, 8 },
  { "safearray(bstr)* a", "SAFEARRAY(BSTR)*", TYPE_SAFEARRAY, VT_ARRAY | VT_BSTR, 1, 8 },
  { "Point a", "Point", TYPE_RECORD, VT_RECORD, 0, 8 },
  { "Person* a", "Person*", TYPE_RECORD, VT_RECORD, 1, 56 },
  { "Grid a", "Grid", TYPE_RECORD, VT_RECORD, 0, 24 },
  { "Either a", "Either", TYPE_UNION, VT_ILLEGAL, 0, 8 },
  { "i2 a[4]", "short[4]", TYPE_ARRAY, VT_ILLEGAL, 1, 8 },
  { "[in,size_is(a)] ui1* a", "unsigned char*", TYPE_POINTER, VT_ILLEGAL, 0, 8 },
  { "[in,string] ui2* a", "unsigned short*", TYPE_POINTER, VT_ILLEGAL, 0, 8 },
};

static void parameters_are_what_their_text_says(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof type_cases / sizeof type_cases[0]; i++) {
    const TypeCase *c = &type_cases[i];
    char text[80], described[80];
    snprintf(text, sizeof text, "M(%s)", c->parameter);
    const Signature *signature = build(text);
    const Parameter *parameter = &signature->parameters[0];
    type_describe(parameter->type, described, sizeof described);
    assert_string_equal(described, c->described);
    assert_int_equal(parameter->value->kind, c->kind);
    assert_int_equal(parameter->vt, c->vt);
    assert_int_equal(parameter->indirection, c->indirection);
    assert_int_equal(parameter->value->size, c->size);
    assert_memory_equal(parameter->name, u"a", 4);
    assert_null(signature->unsupported);
    signature_release(signature);
  }
}

static void counts_and_indices_are_derived(void **state) {
  (void)state;
  const Signature *signature = build("Read([in] i4 a, [in,optional] variant b, [in,out] i4* c, [in,lcid] ui4 locale, "
                                     "[in,defaultvalue(7)] i4 d, [out] bstr* e, [out,retval] i4* f)");
  assert_int_equal(signature->count, 7);
  assert_int_equal(signature->arguments, 4);
  assert_int_equal(signature->required, 2);
  assert_int_equal(signature->results, 3);
  assert_int_equal(signature->lcid, 3);
  assert_int_equal(signature->retval, 6);
  assert_int_equal(signature->vararg, -1);
  assert_true(signature->flags & SIGNATURE_HRESULT);
  assert_int_equal(V_I4(signature->parameters[4].default_value), 7);
  assert_int_equal(signature_find_parameter(signature, u"LOCALE"), 3);
  assert_int_equal(signature_find_parameter(signature, u"nobody"), -1);
  assert_int_equal(signature->vtable_offset, 3 * sizeof(void *));
  signature_release(signature);
  signature = build("[vararg,propput,id(12)] Read([in,size_is(n),length_is(done)] ui1* data, ui4 n, ui4* done, "
                    "[in,iid_is(n)] IUnknown* object, safearray(variant) rest)");
  assert_int_equal(signature->memid, 12);
  assert_int_equal(signature->invkind, INVOKE_PROPERTYPUT);
  assert_int_equal(signature->vararg, 4);
  assert_int_equal(signature->parameters[0].size_is, 1);
  assert_int_equal(signature->parameters[0].length_is, 2);
  assert_int_equal(signature->parameters[3].iid_is, 1);
  signature_release(signature);
}

static const char *const wrong_texts[] = {
  "",
  "M",
  "M(",
  "M(i4 a",
  "M(i4 a,)",
  "M(i4 a) trailing",
  "M(i99 a)",
  "M(IStream a)",
  "M(IDispatch a)",
  "M([strange] i4 a)",
  "M([in i4 a)",
  "M([size_is(nobody)] i4* a)",
  "M(safearray(i4 a)",
  "M(i4 a[)",
  "[sideways] M()",
  "[vararg] M()",
};

static void errors_in_a_text_are_found(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof wrong_texts / sizeof wrong_texts[0]; i++) {
    const Signature *signature = (const Signature *)1;
    HRESULT hr = signature_from_text(wrong_texts[i], 3, &names, NULL, &signature);
    if (hr != E_INVALIDARG)
      print_error("\"%s\"\n", wrong_texts[i]);
    assert_int_equal(hr, E_INVALIDARG);
    assert_null(signature);
  }
}

static void extra_slots_shift_the_vtable(void **state) {
  (void)state;
  SignatureAbi abi = { .extra_slots = 2, .extra_position = 3 };
  const Signature *signature = NULL;
  assert_int_equal(signature_from_text("M()", 3, NULL, &abi, &signature), S_OK);
  assert_int_equal(signature->vtable_offset, 5 * sizeof(void *));
  signature_release(signature);
  assert_int_equal(signature_from_text("M()", 2, NULL, &abi, &signature), S_OK);
  assert_int_equal(signature->vtable_offset, 2 * sizeof(void *));
  signature_release(signature);
}

/* What no call can carry */

static METHODDATA none_data;
static INTERFACEDATA no_members = { &none_data, 0 };

static TYPEDESC base_desc(VARTYPE vt) {
  TYPEDESC desc;
  memset(&desc, 0, sizeof desc);
  desc.vt = vt;
  return desc;
}

/* Builds a function with this one parameter. */
static const Signature *build_with(const TYPEDESC *desc) {
  ITypeInfo *info = NULL;
  ELEMDESC parameter;
  FUNCDESC function;
  BSTR function_names[2] = { SysAllocString(u"Method"), SysAllocString(u"thing") };
  const Signature *signature = NULL;
  memset(&parameter, 0, sizeof parameter);
  memset(&function, 0, sizeof function);
  parameter.tdesc = *desc;
  function.cParams = 1;
  function.lprgelemdescParam = &parameter;
  function.elemdescFunc.tdesc = base_desc(VT_HRESULT);
  function.funckind = FUNC_PUREVIRTUAL;
  function.oVft = 3 * sizeof(void *);
  assert_int_equal(CreateDispTypeInfo(&no_members, 0, &info), S_OK);
  assert_int_equal(signature_from_funcdesc(info, &function, function_names, 2, NULL, &signature), S_OK);
  SysFreeString(function_names[0]);
  SysFreeString(function_names[1]);
  ITypeInfo_Release(info);
  return signature;
}

static void unsupported_kinds_name_parameter_and_type(void **state) {
  (void)state;
  enum { DEEP = 40 };
  static TYPEDESC deep[DEEP];
  static ARRAYDESC large = { .cDims = 1, .rgbounds = { { 0x7FFFFFFF, 0 } } }, flat = { .cDims = 0 },
                   wide = { .cDims = 1, .rgbounds = { { 100000, 0 } } };
  for (int i = 0; i < DEEP; i++) {
    deep[i].vt = VT_PTR;
    deep[i].lptdesc = i ? &deep[i - 1] : NULL;
  }
  deep[0] = base_desc(VT_I4);
  large.tdescElem = flat.tdescElem = wide.tdescElem = base_desc(VT_I4);
  struct {
    TYPEDESC desc;
    const char *message;
  } cases[] = {
    { base_desc(200), "parameter 1 'thing': VARTYPE 200" },
    { base_desc(VT_RECORD), "parameter 1 'thing': VARTYPE 36" },
    { base_desc(VT_VOID), "parameter 1 'thing' of type void: nothing can't be passed by value" },
    { base_desc(VT_USERDEFINED), "parameter 1 'thing': a type that can't be loaded" },
    { base_desc(VT_PTR), "parameter 1 'thing': a pointer to nothing" },
    { base_desc(VT_SAFEARRAY), "parameter 1 'thing': a pointer to nothing" },
    { deep[DEEP - 1], "parameter 1 'thing': types nested too deep" },
    { base_desc(VT_CARRAY), "parameter 1 'thing': an array that is too large" },
    { base_desc(VT_CARRAY), "parameter 1 'thing': an array without dimensions" },
    { base_desc(VT_CARRAY), "result: the arguments are too large for a call" },
  };
  cases[3].desc.hreftype = 12345;
  cases[7].desc.lpadesc = &large;
  cases[8].desc.lpadesc = &flat;
  cases[9].desc.lpadesc = &wide;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const Signature *signature = build_with(&cases[i].desc);
    assert_non_null(signature->unsupported);
    if (strncmp(signature->unsupported, cases[i].message, strlen(cases[i].message)) != 0)
      assert_string_equal(signature->unsupported, cases[i].message);
    assert_true(signature->frame_size <= SIGNATURE_FRAME_LIMIT);
    signature_release(signature);
  }
}

static void an_interface_without_its_pointer_is_one(void **state) {
  (void)state;
  TYPEDESC desc = base_desc(VT_USERDEFINED); /* the type information itself is an interface */
  const Signature *signature = build_with(&desc);
  assert_null(signature->unsupported);
  assert_int_equal(signature->parameters[0].value->kind, TYPE_INTERFACE);
  assert_int_equal(signature->parameters[0].indirection, 0);
  assert_int_equal(signature->parameters[0].type->size, sizeof(void *));
  signature_release(signature);
}

/* Flags that contradict their types */

typedef struct FlagCase {
  const char *parameters;
  unsigned k, flags;
  int retval, lcid, arguments, results;
} FlagCase;

static const FlagCase flag_cases[] = {
  { "[in,lcid] i4 a", 0, PARAMETER_IN | PARAMETER_LCID, -1, 0, 0, 0 },
  { "[in,lcid] ui4 a", 0, PARAMETER_IN | PARAMETER_LCID, -1, 0, 0, 0 },
  { "[in,lcid] variant a", 0, PARAMETER_IN, -1, -1, 1, 0 },
  { "[in,lcid] Person a", 0, PARAMETER_IN, -1, -1, 1, 0 },
  { "[in,lcid] i8 a", 0, PARAMETER_IN | PARAMETER_DIRECT, -1, -1, 1, 0 },
  { "[in,lcid] r4 a", 0, PARAMETER_IN | PARAMETER_DIRECT, -1, -1, 1, 0 },
  { "[in,out,lcid] i4 a", 0, PARAMETER_IN | PARAMETER_LCID, -1, 0, 0, 0 },
  { "[in,out,lcid] i4* a", 0, PARAMETER_IN | PARAMETER_OUT, -1, -1, 1, 1 },
  { "[out,retval] i4* a", 0, PARAMETER_OUT | PARAMETER_RETVAL, 0, -1, 0, 1 },
  { "[retval] i4* a", 0, PARAMETER_OUT | PARAMETER_RETVAL, 0, -1, 0, 1 },
  { "[in,retval] i4* a", 0, PARAMETER_IN, -1, -1, 1, 0 },
  { "[in,out,retval] i4* a", 0, PARAMETER_IN | PARAMETER_OUT, -1, -1, 1, 1 },
  { "[out,retval] i4 a", 0, PARAMETER_IN | PARAMETER_DIRECT, -1, -1, 1, 0 },
  { "[out,retval] i4* a, i4 b", 0, PARAMETER_OUT, -1, -1, 1, 1 },
  { "[out,retval] i4* a, [out,retval] i4* b", 1, PARAMETER_OUT | PARAMETER_RETVAL, 1, -1, 0, 2 },
  { "[out,retval,optional] i4* a", 0, PARAMETER_OUT | PARAMETER_RETVAL, 0, -1, 0, 1 },
  { "[out,retval,lcid] i4* a", 0, PARAMETER_OUT | PARAMETER_RETVAL, 0, -1, 0, 1 },
  { "[out] r8 a", 0, PARAMETER_IN | PARAMETER_DIRECT, -1, -1, 1, 0 },
  { "[out] variant a", 0, PARAMETER_IN, -1, -1, 1, 0 },
  { "[out] i4 a[4]", 0, PARAMETER_OUT, -1, -1, 0, 1 },
};

static void flags_follow_types_and_places(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof flag_cases / sizeof flag_cases[0]; i++) {
    const FlagCase *flags = &flag_cases[i];
    char text[128];
    snprintf(text, sizeof text, "M(%s)", flags->parameters);
    const Signature *signature = build(text);
    assert_int_equal(signature->parameters[flags->k].flags, flags->flags);
    assert_int_equal(signature->retval, flags->retval);
    assert_int_equal(signature->lcid, flags->lcid);
    assert_int_equal(signature->arguments, flags->arguments);
    assert_int_equal(signature->results, flags->results);
    signature_release(signature);
  }
}

/* Lines of text have no limits of their own */

static void long_lines_and_defaults_of_every_kind(void **state) {
  static const struct {
    const char *text;
    VARTYPE vt;
    double number;
  } defaults[] = {
    { "5", VT_I4, 5 },         { "-1", VT_I4, -1 },    { "0x7FFFFFFF", VT_I4, 2147483647 },
    { "2.5", VT_R8, 2.5 },     { "1e3", VT_R8, 1000 }, { "4294967296", VT_I8, 4294967296.0 },
    { "\"a)b\"", VT_BSTR, 3 },
  };
  static const char *const wrong[] = { "", "x", "5x", "\"open", "1.5.2" };
  char text[4096], fields[4096];
  const Signature *signature = NULL;
  (void)state;
  for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
    snprintf(text, sizeof text, "M([in,defaultvalue(%s)] variant a)", defaults[i].text);
    signature = build(text);
    const VARIANT *value = signature->parameters[0].default_value;
    assert_int_equal(V_VT(value), defaults[i].vt);
    double number = V_VT(value) == VT_I4   ? V_I4(value)
                    : V_VT(value) == VT_I8 ? (double)V_I8(value)
                    : V_VT(value) == VT_R8 ? V_R8(value)
                                           : SysStringLen(V_BSTR(value));
    assert_true(number == defaults[i].number);
    signature_release(signature);
  }
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    snprintf(text, sizeof text, "M([in,defaultvalue(%s)] variant a)", wrong[i]);
    assert_int_equal(signature_from_text(text, 3, NULL, NULL, &signature), E_INVALIDARG);
  }
  strcpy(text, "M(Long p");
  strcpy(fields, "i4 f");
  for (int i = 1; i < 100; i++) {
    snprintf(text + strlen(text), 32, ", i4 p%d", i);
    snprintf(fields + strlen(fields), 32, ", i4 f%d", i);
  }
  strcat(text, ")");
  const RecordText records[] = { { "Long", fields }, { NULL, NULL } };
  SignatureNames context = { NULL, records };
  assert_int_equal(signature_from_text(text, 3, &context, NULL, &signature), S_OK);
  assert_int_equal(signature->count, 100);
  assert_int_equal(signature->parameters[0].value->count, 100);
  signature_release(signature);
}

/* Work: levels that multiply, elements without size */

static void nested_types_cost_what_they_hold(void **state) {
  static const RecordText deep[] = {
    { "R0", "void x" },
    { "R1", "R0 a[4096]" },
    { "R2", "R1 a[4096]" },
    { "R3", "R2 a[4096], i4 x" },
    { "U1", "union ui1 a, ui1 b, ui1 c, ui1 d, ui1 e, ui1 f, ui1 g, ui1 h" },
    { "U2", "union U1 a, U1 b, U1 c, U1 d, U1 e, U1 f, U1 g, U1 h" },
    { "U3", "union U2 a, U2 b, U2 c, U2 d, U2 e, U2 f, U2 g, U2 h" },
    { "N0", "bstr x[0]" },
    { "N1", "N0 a[4096], i4 y" },
    { NULL, NULL },
  };
  SignatureNames context = { NULL, deep };
  const Signature *signature = NULL;
  (void)state;
  assert_int_equal(signature_from_text("M(R3 v)", 3, &context, NULL, &signature), E_NOTIMPL);
  assert_int_equal(signature_from_text("M(R1 v[5000])", 3, &context, NULL, &signature), E_NOTIMPL);
  assert_int_equal(signature_from_text("M(U3 u)", 3, &context, NULL, &signature), S_OK);
  assert_int_equal(signature->parameters[0].type->size, 1);
  assert_int_equal(signature->parameters[0].type->work, 1 + 8 * (1 + 8 * (1 + 8)));
  signature_release(signature);
  assert_int_equal(signature_from_text("M(N1 n)", 3, &context, NULL, &signature), S_OK);
  assert_int_equal(signature->parameters[0].type->owner, OWNS_NOTHING); /* no elements, nothing to own */
  signature_release(signature);
}

/* Sizes as a library for 32-bit pointers has them are kept with the node. */
static void foreign_layout_is_kept(void **state) {
  static const struct {
    const char *type;
    uint32_t size, size_32, alignment_32;
  } cases[] = {
    { "i4", 4, 4, 4 },        { "bstr", 8, 4, 4 }, { "variant", 24, 16, 8 }, { "int_ptr", 8, 4, 4 },
    { "decimal", 16, 16, 8 }, { "i4*", 8, 4, 4 },  { "IStream*", 8, 4, 4 },  { "Person", 56, 48, 8 },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char text[64];
    snprintf(text, sizeof text, "M(%s v)", cases[i].type);
    const Signature *signature = build(text);
    const Type *type = signature->parameters[0].type;
    assert_int_equal(type->size, cases[i].size);
    assert_int_equal(type->size_32, cases[i].size_32);
    assert_int_equal(type->alignment_32, cases[i].alignment_32);
    signature_release(signature);
  }
}

/* Values in a frame */

static HRESULT fill(void *self, BSTR *text, VARIANT *value, SAFEARRAY **array, BSTR **list) {
  (void)self;
  *text = SysAllocString(u"text");
  V_VT(value) = VT_BSTR;
  V_BSTR(value) = SysAllocString(u"value");
  *array = SafeArrayCreateVector(VT_BSTR, 0, 2);
  *list = CoTaskMemAlloc(sizeof **list);
  **list = SysAllocString(u"behind");
  return S_OK;
}

static void finish_clears_what_came_out_and_what_is_owned(void **state) {
  (void)state;
  void (*vtable[])(void) = { NULL, NULL, NULL, (void (*)(void))fill };
  void *object = vtable;
  const Signature *signature = build("Fill([out] bstr* a, [out] variant* b, [out] safearray(bstr)* c, [out] bstr** d)");
  CallFrame *frame = CALL_FRAME(signature);
  signature_prepare(signature, frame);
  assert_int_equal(signature_invoke(signature, &object, frame), S_OK);
  assert_memory_equal(*(BSTR *)frame_value(signature, frame, 0), u"text", 10);
  signature_finish(signature, frame); /* leak checkers see the rest */
  signature_prepare(signature, frame);
  signature_finish(signature, frame);
  signature_release(signature);
  signature = build("Take(bstr a, bstr b, Person* p)");
  frame = CALL_FRAME(signature);
  signature_prepare(signature, frame);
  BSTR borrowed = SysAllocString(u"borrowed");
  *(BSTR *)frame_value(signature, frame, 0) = borrowed;
  *(BSTR *)frame_value(signature, frame, 1) = SysAllocString(u"given");
  frame_own(signature, frame, 1);
  *(BSTR *)frame_value(signature, frame, 2) = SysAllocString(u"name");
  frame_own(signature, frame, 2);
  signature_finish(signature, frame);
  assert_memory_equal(borrowed, u"borrowed", 18);
  SysFreeString(borrowed);
  signature_release(signature);
}

static void records_are_copied_deeply(void **state) {
  (void)state;
  struct {
    BSTR name;
    double born;
    int32_t x, y;
    VARIANT extra;
    IUnknown *owner;
  } person = { .name = SysAllocString(u"Ada"), .born = 1815, .x = 1, .y = 2 }, copy;
  const Signature *signature = build("Take(Person* p)");
  const Type *type = signature->parameters[0].value;
  assert_int_equal(type->size, sizeof person);
  V_VT(&person.extra) = VT_BSTR;
  V_BSTR(&person.extra) = SysAllocString(u"extra");
  assert_int_equal(type_copy(type, &copy, &person), S_OK);
  assert_ptr_not_equal(copy.name, person.name);
  assert_memory_equal(copy.name, u"Ada", 8);
  assert_ptr_not_equal(V_BSTR(&copy.extra), V_BSTR(&person.extra));
  type_clear(type, &copy);
  assert_null(copy.name);
  for (size_t n = 1; n <= 2; n++) { /* either of the two texts can't be had */
    memset(&copy, 0xAA, sizeof copy);
    faults_fail_at(n);
    HRESULT hr = type_copy(type, &copy, &person);
    int reached = faults_reached();
    faults_off();
    if (reached) {
      assert_int_equal(hr, E_OUTOFMEMORY);
      assert_null(copy.name);
    } else {
      type_clear(type, &copy);
    }
  }
  type_clear(type, &person);
  signature_release(signature);
}

/* Failing allocations, threads */

static void do_nothing(const ClosureCall *call) {
  *(HRESULT *)call->result = S_OK;
}

static int build_everything(void *context) {
  const Signature *signature = NULL;
  (void)context;
  HRESULT hr = signature_from_text("M([in] Person p, [out] bstr* b, safearray(i4) c, IStream* d, [in] i4 e[7])", 3,
                                   &names, NULL, &signature);
  if (hr == E_OUTOFMEMORY)
    return signature != NULL;
  if (hr != S_OK)
    return 1;
  VtableSlot slots[4] = { { (void (*)(void))abort, NULL },
                          { (void (*)(void))abort, NULL },
                          { (void (*)(void))abort, NULL },
                          { NULL, signature } };
  const VtableTemplate *vtable = NULL;
  hr = vtable_template_create(slots, 4, do_nothing, NULL, NULL, &vtable);
  signature_release(signature);
  return hr != S_OK && hr != E_OUTOFMEMORY;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  faults_each(build_everything, NULL);
}

static void add_numbers(const ClosureCall *call) {
  LONG a = *(LONG *)call->arguments[0], b = *(LONG *)call->arguments[1];
  **(LONG **)call->arguments[2] = a + b;
  *(HRESULT *)call->result = call->slot == 3 && call->context == &names ? S_FALSE : E_FAIL;
}

static void *call_often(void *object) {
  typedef HRESULT (*Add)(void *self, LONG a, LONG b, LONG *sum);
  Add add = (*(Add **)object)[3];
  for (LONG i = 0; i < 20000; i++) {
    LONG sum = 0;
    if (add(object, i, 5, &sum) != S_FALSE || sum != i + 5)
      return object;
  }
  return NULL;
}

static void closures_serve_many_threads_at_once(void **state) {
  (void)state;
  const Signature *signature = build("Add(i4 a, i4 b, [out,retval] i4* sum)");
  VtableSlot slots[4] = { { (void (*)(void))abort, NULL },
                          { (void (*)(void))abort, NULL },
                          { (void (*)(void))abort, NULL },
                          { NULL, signature } };
  const VtableTemplate *vtable = NULL;
  pthread_t threads[4];
  assert_int_equal(vtable_template_create(slots, 4, add_numbers, (void *)(uintptr_t)&names, NULL, &vtable), S_OK);
  const void *object[] = { vtable_template_vtable(vtable) };
  for (int i = 0; i < 4; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, call_often, object), 0);
  for (int i = 0; i < 4; i++) {
    void *failed = NULL;
    pthread_join(threads[i], &failed);
    assert_null(failed);
  }
  assert_ptr_equal(vtable_template_context(vtable), &names);
  signature_release(signature);
}

static void slots_without_signature_are_refused(void **state) {
  (void)state;
  const VtableTemplate *vtable = NULL;
  VtableSlot slots[1] = { { NULL, NULL } };
  TYPEDESC strange = base_desc(200);
  assert_int_equal(vtable_template_create(slots, 1, do_nothing, NULL, NULL, &vtable), E_NOTIMPL);
  slots[0].signature = build_with(&strange);
  assert_int_equal(vtable_template_create(slots, 1, do_nothing, NULL, NULL, &vtable), E_NOTIMPL);
  assert_null(vtable);
  signature_release(slots[0].signature);
}

static void report_slot(const ClosureCall *call) {
  *(HRESULT *)call->result = (HRESULT)call->slot;
}

static void extra_slots_and_very_large_interfaces(void **state) {
  (void)state;
  enum { LARGE = 1100 }; /* more than there are thunks */
  typedef HRESULT (*Method)(void *self);
  static VtableSlot slots[LARGE];
  const Signature *signatures[LARGE] = { NULL };
  SignatureAbi abi = { .extra_slots = 2, .extra_position = 3 };
  const VtableTemplate *vtable = NULL;
  for (UINT i = 0; i < LARGE; i++) {
    assert_int_equal(signature_from_text("M()", i, NULL, &abi, &signatures[i]), S_OK);
    slots[i].signature = signatures[i];
  }
  assert_int_equal(vtable_template_create(slots, LARGE, report_slot, NULL, &abi, &vtable), S_OK);
  const void *object[] = { vtable_template_vtable(vtable) };
  const Method *methods = object[0];
  assert_int_equal(methods[2](object), 2);
  assert_int_equal(methods[3](object), E_NOTIMPL);
  assert_int_equal(methods[4](object), E_NOTIMPL);
  assert_int_equal(methods[5](object), 3);
  assert_int_equal(methods[LARGE + 1](object), LARGE - 1);
  for (UINT i = 0; i < LARGE; i++)
    signature_release(signatures[i]);
}

static void a_single_closure_is_a_function(void **state) {
  (void)state;
  const Signature *signature = build("Add(i4 a, i4 b, [out,retval] i4* sum)");
  void (*function)(void) = NULL;
  LONG sum = 0;
  assert_int_equal(signature_closure(signature, add_numbers, (void *)(uintptr_t)&names, &function), S_OK);
  assert_int_equal(((HRESULT(*)(void *, LONG, LONG, LONG *))function)(NULL, 2, 3, &sum), S_FALSE);
  assert_int_equal(sum, 5);
  signature_release(signature);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(parameters_are_what_their_text_says),
    cmocka_unit_test(counts_and_indices_are_derived),
    cmocka_unit_test(errors_in_a_text_are_found),
    cmocka_unit_test(extra_slots_shift_the_vtable),
    cmocka_unit_test(flags_follow_types_and_places),
    cmocka_unit_test(long_lines_and_defaults_of_every_kind),
    cmocka_unit_test(nested_types_cost_what_they_hold),
    cmocka_unit_test(foreign_layout_is_kept),
    cmocka_unit_test(unsupported_kinds_name_parameter_and_type),
    cmocka_unit_test(an_interface_without_its_pointer_is_one),
    cmocka_unit_test(finish_clears_what_came_out_and_what_is_owned),
    cmocka_unit_test(records_are_copied_deeply),
    cmocka_unit_test(every_allocation_may_fail),
    cmocka_unit_test(closures_serve_many_threads_at_once),
    cmocka_unit_test(slots_without_signature_are_refused),
    cmocka_unit_test(extra_slots_and_very_large_interfaces),
    cmocka_unit_test(a_single_closure_is_a_function),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
