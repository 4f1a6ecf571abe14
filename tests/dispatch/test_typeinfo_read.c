/* Reading type information that lies: each lie is an error or is cut to what is true, and everything is released once. */
#ifndef COBJMACROS
#define COBJMACROS
#endif
#include "dispatch/types/typeinfo_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A type that gives copies of what it was told to, or lies. */
typedef struct Liar {
  ITypeInfo info;
  int references, given; /* descriptions that were not given back yet */
  bool empty;            /* S_OK without a result */
  TYPEATTR attributes;
  FUNCDESC function;
  VARDESC variable;
  UINT names, claimed; /* written, said to be written */
  ITypeInfo *next;     /* every reference leads here; NULL: S_OK without a result */
} Liar;

static Liar *liar(ITypeInfo *info) {
  return (Liar *)(void *)info;
}

static HRESULT give(ITypeInfo *info, const void *what, size_t size, void **result) {
  *result = NULL;
  if (liar(info)->empty)
    return S_OK;
  *result = malloc(size);
  memcpy(*result, what, size);
  liar(info)->given++;
  return S_OK;
}

static void take_back(ITypeInfo *info, void *what) {
  assert_non_null(what);
  free(what);
  liar(info)->given--;
}

static ULONG STDMETHODCALLTYPE Liar_AddRef(ITypeInfo *info) {
  return (ULONG)++liar(info)->references;
}

static ULONG STDMETHODCALLTYPE Liar_Release(ITypeInfo *info) {
  return (ULONG)--liar(info)->references;
}

static HRESULT STDMETHODCALLTYPE Liar_GetTypeAttr(ITypeInfo *info, TYPEATTR **result) {
  return give(info, &liar(info)->attributes, sizeof(TYPEATTR), (void **)result);
}

static HRESULT STDMETHODCALLTYPE Liar_GetFuncDesc(ITypeInfo *info, UINT index, FUNCDESC **result) {
  (void)index;
  return give(info, &liar(info)->function, sizeof(FUNCDESC), (void **)result);
}

static HRESULT STDMETHODCALLTYPE Liar_GetVarDesc(ITypeInfo *info, UINT index, VARDESC **result) {
  (void)index;
  return give(info, &liar(info)->variable, sizeof(VARDESC), (void **)result);
}

static HRESULT STDMETHODCALLTYPE Liar_GetNames(ITypeInfo *info, MEMBERID memid, BSTR *names, UINT limit, UINT *count) {
  (void)memid;
  for (UINT i = 0; i < liar(info)->names && i < limit; i++)
    names[i] = SysAllocString(u"name");
  *count = liar(info)->claimed;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Liar_GetRefTypeOfImplType(ITypeInfo *info, UINT index, HREFTYPE *reference) {
  (void)info;
  (void)index;
  (void)reference; /* S_OK, and nothing written */
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Liar_GetDocumentation(ITypeInfo *info, MEMBERID memid, BSTR *name, BSTR *help,
                                                       DWORD *context, BSTR *file) {
  (void)info;
  (void)memid;
  (void)name;
  (void)help;
  (void)context;
  (void)file;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Liar_GetRefTypeInfo(ITypeInfo *info, HREFTYPE reference, ITypeInfo **result) {
  (void)reference;
  *result = liar(info)->next;
  if (*result)
    ITypeInfo_AddRef(*result);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Liar_GetContainingTypeLib(ITypeInfo *info, ITypeLib **library, UINT *index) {
  (void)info;
  (void)library;
  *index = 7;
  return S_OK;
}

static void STDMETHODCALLTYPE Liar_ReleaseTypeAttr(ITypeInfo *info, TYPEATTR *what) {
  take_back(info, what);
}

static void STDMETHODCALLTYPE Liar_ReleaseFuncDesc(ITypeInfo *info, FUNCDESC *what) {
  take_back(info, what);
}

static void STDMETHODCALLTYPE Liar_ReleaseVarDesc(ITypeInfo *info, VARDESC *what) {
  take_back(info, what);
}

static ITypeInfoVtbl vtable = {
  .AddRef = Liar_AddRef,
  .Release = Liar_Release,
  .GetTypeAttr = Liar_GetTypeAttr,
  .GetFuncDesc = Liar_GetFuncDesc,
  .GetVarDesc = Liar_GetVarDesc,
  .GetNames = Liar_GetNames,
  .GetRefTypeOfImplType = Liar_GetRefTypeOfImplType,
  .GetDocumentation = Liar_GetDocumentation,
  .GetRefTypeInfo = Liar_GetRefTypeInfo,
  .GetContainingTypeLib = Liar_GetContainingTypeLib,
  .ReleaseTypeAttr = Liar_ReleaseTypeAttr,
  .ReleaseFuncDesc = Liar_ReleaseFuncDesc,
  .ReleaseVarDesc = Liar_ReleaseVarDesc,
};

static TYPEDESC pointer_loop = { .lptdesc = &pointer_loop, .vt = VT_PTR };
static TYPEDESC pointer_to_nothing = { .vt = VT_PTR };
static TYPEDESC array_of_nothing = { .vt = VT_CARRAY };
static ELEMDESC elements[4];

static Liar make(TYPEKIND kind) {
  Liar made = { .info = { .lpVtbl = &vtable }, .references = 1, .attributes = { .typekind = kind, .cImplTypes = 1 } };
  made.function = (FUNCDESC){ .invkind = INVOKE_FUNC, .cParams = 4, .lprgelemdescParam = elements };
  made.function.elemdescFunc.tdesc.vt = VT_HRESULT;
  return made;
}

static void check_balance(const Liar *made) {
  assert_int_equal(made->given, 0);
  assert_int_equal(made->references, 1);
}

static void test_success_without_result(void **state) {
  Liar made = make(TKIND_INTERFACE);
  TYPEATTR *attributes = (TYPEATTR *)(uintptr_t)1, copy;
  FUNCDESC *function = (FUNCDESC *)(uintptr_t)1;
  VARDESC *variable = (VARDESC *)(uintptr_t)1;
  ITypeInfo *other = (ITypeInfo *)(uintptr_t)1;
  ITypeLib *library = (ITypeLib *)(uintptr_t)1;
  TypeDocumentation texts;
  UINT index;
  (void)state;
  made.empty = true;
  assert_int_equal(typeinfo_get_attributes(&made.info, &attributes), TYPE_E_INVDATAREAD);
  assert_null(attributes);
  assert_int_equal(typeinfo_copy_attributes(&made.info, &copy), TYPE_E_INVDATAREAD);
  assert_int_equal(copy.cFuncs, 0);
  assert_int_equal(typeinfo_get_function(&made.info, 0, &function), TYPE_E_INVDATAREAD);
  assert_null(function);
  assert_int_equal(typeinfo_get_variable(&made.info, 0, &variable), TYPE_E_INVDATAREAD);
  assert_null(variable);
  assert_int_equal(typeinfo_get_reference(&made.info, 0, &other), TYPE_E_INVDATAREAD);
  assert_null(other);
  assert_int_equal(typeinfo_get_implemented(&made.info, 0, &other), TYPE_E_INVDATAREAD);
  assert_int_equal(typeinfo_get_library(&made.info, &library, &index), TYPE_E_INVDATAREAD);
  assert_null(library);
  assert_int_equal(typeinfo_get_documentation(&made.info, 0, &texts), S_OK);
  assert_null(texts.name);
  typeinfo_release_attributes(&made.info, &attributes); /* nothing to release */
  typeinfo_release_function(&made.info, &function);
  typeinfo_release_variable(&made.info, &variable);
  check_balance(&made);
}

typedef struct FunctionLie {
  SHORT parameters, optional, codes;
  FUNCKIND funckind;
  INVOKEKIND invkind;
  CALLCONV callconv;
  bool no_elements;
  TYPEDESC *type; /* of the last parameter */
  HRESULT expected;
} FunctionLie;

static const FunctionLie function_lies[] = {
  { 4, 0, 0, FUNC_DISPATCH, INVOKE_FUNC, CC_STDCALL, false, NULL, S_OK },
  { 0, -1, 0, FUNC_STATIC, INVOKE_PROPERTYPUTREF, CC_CDECL, true, NULL, S_OK },
  { 4, 4, -1, FUNC_DISPATCH, INVOKE_FUNC, CC_STDCALL, false, NULL, S_OK },
  { -1, 0, 0, FUNC_DISPATCH, INVOKE_FUNC, CC_STDCALL, false, NULL, TYPE_E_INVDATAREAD },
  { 32767, 0, 0, FUNC_DISPATCH, INVOKE_FUNC, CC_STDCALL, false, NULL, TYPE_E_INVDATAREAD },
  { 1, 0, 0, FUNC_DISPATCH, INVOKE_FUNC, CC_STDCALL, true, NULL, TYPE_E_INVDATAREAD },
  { 4, 5, 0, FUNC_DISPATCH, INVOKE_FUNC, CC_STDCALL, false, NULL, TYPE_E_INVDATAREAD },
  { 4, -2, 0, FUNC_DISPATCH, INVOKE_FUNC, CC_STDCALL, false, NULL, TYPE_E_INVDATAREAD },
  { 4, 0, 1, FUNC_DISPATCH, INVOKE_FUNC, CC_STDCALL, false, NULL, TYPE_E_INVDATAREAD },
  { 4, 0, 0, 77, INVOKE_FUNC, CC_STDCALL, false, NULL, TYPE_E_INVDATAREAD },
  { 4, 0, 0, FUNC_DISPATCH, 99, CC_STDCALL, false, NULL, TYPE_E_INVDATAREAD },
  { 4, 0, 0, FUNC_DISPATCH, INVOKE_FUNC, 77, false, NULL, TYPE_E_INVDATAREAD },
  { 4, 0, 0, FUNC_DISPATCH, INVOKE_FUNC, CC_STDCALL, false, &pointer_loop, TYPE_E_INVDATAREAD },
  { 4, 0, 0, FUNC_DISPATCH, INVOKE_FUNC, CC_STDCALL, false, &pointer_to_nothing, TYPE_E_INVDATAREAD },
  { 4, 0, 0, FUNC_DISPATCH, INVOKE_FUNC, CC_STDCALL, false, &array_of_nothing, TYPE_E_INVDATAREAD },
};

static void test_functions(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof function_lies / sizeof *function_lies; i++) {
    const FunctionLie *lie = &function_lies[i];
    Liar made = make(TKIND_DISPATCH);
    FUNCDESC *function;
    made.function.cParams = lie->parameters;
    made.function.cParamsOpt = lie->optional;
    made.function.cScodes = lie->codes;
    made.function.funckind = lie->funckind;
    made.function.invkind = lie->invkind;
    made.function.callconv = lie->callconv;
    made.function.lprgelemdescParam = lie->no_elements ? NULL : elements;
    elements[3].tdesc = lie->type ? *lie->type : (TYPEDESC){ .vt = VT_I4 };
    assert_int_equal(typeinfo_get_function(&made.info, 0, &function), lie->expected);
    assert_true(FAILED(lie->expected) == (function == NULL));
    typeinfo_release_function(&made.info, &function);
    typeinfo_release_function(&made.info, &function); /* a second time is no time */
    check_balance(&made);
  }
}

static void test_kinds(void **state) {
  Liar made = make((TYPEKIND)99);
  TYPEATTR attributes;
  VARDESC *variable;
  (void)state;
  assert_int_equal(typeinfo_copy_attributes(&made.info, &attributes), TYPE_E_INVDATAREAD);
  made.attributes.typekind = TKIND_ALIAS;
  made.attributes.tdescAlias = pointer_loop;
  assert_int_equal(typeinfo_copy_attributes(&made.info, &attributes), TYPE_E_INVDATAREAD);
  made.variable.varkind = VAR_CONST; /* without its value */
  assert_int_equal(typeinfo_get_variable(&made.info, 0, &variable), TYPE_E_INVDATAREAD);
  made.variable.varkind = (VARKIND)9;
  assert_int_equal(typeinfo_get_variable(&made.info, 0, &variable), TYPE_E_INVDATAREAD);
  check_balance(&made);
}

static void test_names(void **state) {
  static const struct {
    UINT written, claimed, limit, count;
  } cases[] = { { 2, 2, 4, 2 }, { 1, 1000, 4, 4 }, { 4, 0xFFFFFFFF, 2, 2 }, { 3, 0, 4, 0 }, { 0, 1, 1, 1 } };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Liar made = make(TKIND_DISPATCH);
    BSTR names[4];
    UINT count = 99;
    made.names = cases[i].written;
    made.claimed = cases[i].claimed;
    assert_int_equal(typeinfo_get_names(&made.info, 1, names, cases[i].limit, &count), S_OK);
    assert_int_equal(count, cases[i].count);
    typeinfo_free_names(names, cases[i].limit);
    HRESULT hr = typeinfo_get_name(&made.info, 1, names);
    assert_int_equal(hr, cases[i].written && cases[i].claimed ? S_OK : TYPE_E_INVDATAREAD);
    assert_true(FAILED(hr) == (names[0] == NULL));
    SysFreeString(names[0]);
  }
}

static void test_chains(void **state) {
  Liar alias = make(TKIND_ALIAS), end = make(TKIND_ENUM), base = make(TKIND_INTERFACE), own = make(TKIND_INTERFACE);
  ITypeInfo *target, *levels[TYPEINFO_CHAIN_LIMIT];
  UINT count;
  (void)state;
  alias.attributes.tdescAlias.vt = VT_USERDEFINED;
  alias.next = &alias.info;
  assert_int_equal(typeinfo_resolve_alias(&alias.info, &target), TYPE_E_CIRCULARTYPE);
  assert_null(target);
  alias.next = &end.info;
  assert_int_equal(typeinfo_resolve_alias(&alias.info, &target), S_OK);
  assert_ptr_equal(target, &end.info);
  ITypeInfo_Release(target);

  base.attributes.guid = (GUID){ 1, 0, 0, { 0 } };
  base.next = &base.info; /* derives from itself */
  assert_int_equal(typeinfo_get_bases(&base.info, levels, TYPEINFO_CHAIN_LIMIT, &count), TYPE_E_CIRCULARTYPE);
  assert_int_equal(count, 1);
  typeinfo_release_bases(levels, count);
  base.attributes.guid = GUID_NULL; /* and has no name by which that shows */
  assert_int_equal(typeinfo_get_bases(&base.info, levels, TYPEINFO_CHAIN_LIMIT, &count), TYPE_E_CIRCULARTYPE);
  assert_int_equal(count, TYPEINFO_CHAIN_LIMIT);
  typeinfo_release_bases(levels, count);
  base.attributes.cImplTypes = 0;
  own.next = &base.info;
  assert_int_equal(typeinfo_get_bases(&own.info, levels, 2, &count), S_OK);
  assert_int_equal(count, 2);
  typeinfo_release_bases(levels, count);
  assert_int_equal(typeinfo_get_bases(&own.info, levels, 1, &count), TYPE_E_CIRCULARTYPE);
  typeinfo_release_bases(levels, count);
  own.next = NULL;
  assert_int_equal(typeinfo_get_bases(&own.info, levels, 2, &count), TYPE_E_INVDATAREAD);
  assert_int_equal(count, 1);
  typeinfo_release_bases(levels, count);
  check_balance(&alias);
  check_balance(&end);
  check_balance(&base);
  check_balance(&own);
}

static void test_default_values(void **state) {
  PARAMDESCEX value = { .cBytes = sizeof value };
  ELEMDESC element = { .tdesc = { .vt = VT_I4 } };
  (void)state;
  assert_null(elemdesc_default(&element));
  element.paramdesc.wParamFlags = PARAMFLAG_FHASDEFAULT;
  assert_null(elemdesc_default(&element)); /* says so, has none */
  element.paramdesc.pparamdescex = &value;
  assert_ptr_equal(elemdesc_default(&element), &value.varDefaultValue);
  element.paramdesc.wParamFlags = 0;
  assert_null(elemdesc_default(&element));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_success_without_result),
    cmocka_unit_test(test_functions),
    cmocka_unit_test(test_kinds),
    cmocka_unit_test(test_names),
    cmocka_unit_test(test_chains),

    cmocka_unit_test(test_default_values),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
