/* ITypeInfo2 of types from a file: attributes, functions, variables, names, references, the halves of dual interfaces. */
#include "sample.h"

#include "dispatch/types/signature.h"
#include "tests/support/faults.h"
#include "typelib/typelib_api.h"

#include <oleander_typelib.h>

#include <math.h>
#include <stdio.h>

/* TYPEATTR. */

static const struct {
  UINT type;
  ULONG size;
  WORD alignment, functions, variables, implemented, vtable, flags;
} attributes[] = {
  { SAMPLE_ISHAPE, 8, 8, 12, 0, 1, 56, TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE },
  { SAMPLE_ICIRCLE, 8, 8, 14, 0, 1, 56, TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE },
  { SAMPLE_COLOUR, 4, 4, 0, 4, 0, 0, 0 },
  { SAMPLE_POINT, 48, 8, 0, 4, 0, 0, 0 },
  { SAMPLE_DISTANCE, 4, 4, 0, 0, 0, 0, 0 },
  { SAMPLE_EITHER, 8, 8, 0, 2, 0, 0, 0 },
  { SAMPLE_IPLAIN, 8, 8, 2, 0, 1, 40, 0 },
  { SAMPLE_DEVENTS, 8, 8, 2, 1, 1, 56, TYPEFLAG_FDISPATCHABLE },
  { SAMPLE_DPLAIN, 8, 8, 5, 0, 1, 56, TYPEFLAG_FDISPATCHABLE },
  { SAMPLE_CIRCLE, 8, 4, 0, 0, 3, 0, TYPEFLAG_FAPPOBJECT | TYPEFLAG_FCANCREATE },
};

static void attributes_of_each_kind_of_type(void **state) {
  ITypeLib *library = sample_open();
  TYPEATTR *attr;
  size_t index;

  (void)state;
  for (index = 0; index < sizeof attributes / sizeof attributes[0]; index++) {
    ITypeInfo2 *info = sample_type(library, attributes[index].type);

    assert_ok(ITypeInfo2_GetTypeAttr(info, &attr));
    assert_int_equal(attr->cbSizeInstance, attributes[index].size);
    assert_int_equal(attr->cbAlignment, attributes[index].alignment);
    assert_int_equal(attr->cFuncs, attributes[index].functions);
    assert_int_equal(attr->cVars, attributes[index].variables);
    assert_int_equal(attr->cImplTypes, attributes[index].implemented);
    assert_int_equal(attr->cbSizeVft, attributes[index].vtable);
    assert_int_equal(attr->wTypeFlags, attributes[index].flags);
    assert_int_equal(attr->memidConstructor, MEMBERID_NIL);
    ITypeInfo2_ReleaseTypeAttr(info, attr);
    assert_hr(ITypeInfo2_GetTypeAttr(info, NULL), E_INVALIDARG);
    ITypeInfo2_Release(info);
  }
  ITypeLib_Release(library);
}

static void an_alias_says_what_it_stands_for(void **state) {
  ITypeLib *library = sample_open();
  ITypeInfo2 *info = sample_type(library, SAMPLE_DISTANCE);
  TYPEATTR *attr;

  (void)state;
  assert_ok(ITypeInfo2_GetTypeAttr(info, &attr));
  assert_int_equal(attr->typekind, TKIND_ALIAS);
  assert_int_equal(attr->tdescAlias.vt, VT_I4);
  ITypeInfo2_ReleaseTypeAttr(info, attr);
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

/* The two halves of a dual interface. */

static ITypeInfo2 *other_half(ITypeInfo2 *info) {
  HREFTYPE reference = 0;
  ITypeInfo *other = NULL;

  assert_ok(ITypeInfo2_GetRefTypeOfImplType(info, (UINT)-1, &reference));
  assert_int_equal((int)reference, -2);
  assert_ok(ITypeInfo2_GetRefTypeInfo(info, reference, &other));
  return (ITypeInfo2 *)other;
}

static void a_dual_interface_has_two_halves_that_lead_to_each_other(void **state) {
  ITypeLib *library = sample_open(), *containing;
  ITypeInfo2 *dispatch = sample_type(library, SAMPLE_ISHAPE), *half = other_half(dispatch), *back = other_half(half);
  ITypeInfo2 *plain = sample_type(library, SAMPLE_IPLAIN);
  HREFTYPE reference;
  ITypeInfo *info;
  TYPEKIND kind;
  UINT index = 99;

  (void)state;
  assert_ptr_equal(back, dispatch);
  assert_ok(ITypeInfo2_GetTypeKind(half, &kind));
  assert_int_equal(kind, TKIND_INTERFACE);
  assert_ok(ITypeInfo2_GetContainingTypeLib(half, &containing, &index));
  assert_ptr_equal(containing, library);
  assert_int_equal(index, SAMPLE_ISHAPE);
  ITypeLib_Release(containing);
  assert_hr(ITypeInfo2_GetRefTypeOfImplType(plain, (UINT)-1, &reference), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ITypeInfo2_GetRefTypeInfo(plain, (HREFTYPE)-2, &info), TYPE_E_ELEMENTNOTFOUND);
  ITypeInfo2_Release(half);
  ITypeInfo2_Release(back);
  ITypeInfo2_Release(plain);
  ITypeInfo2_Release(dispatch);
  ITypeLib_Release(library);
}

static void the_halves_show_one_function_in_two_ways(void **state) {
  ITypeLib *library = sample_open();
  ITypeInfo2 *dispatch = sample_type(library, SAMPLE_ISHAPE), *half = other_half(dispatch);
  FUNCDESC *shown, *real;

  (void)state;
  assert_ok(ITypeInfo2_GetFuncDesc(dispatch, 9, &shown)); /* seven of IDispatch, two of Name, then Move */
  assert_ok(ITypeInfo2_GetFuncDesc(half, 2, &real));
  assert_int_equal(shown->memid, 2);
  assert_int_equal(real->memid, 2);
  assert_int_equal(shown->funckind, FUNC_DISPATCH);
  assert_int_equal(real->funckind, FUNC_PUREVIRTUAL);
  assert_int_equal(shown->oVft, 9 * 8);
  assert_int_equal(real->oVft, 9 * 8);
  assert_int_equal(shown->cParams, 3); /* without [lcid] and [retval] */
  assert_int_equal(real->cParams, 5);
  assert_int_equal(shown->elemdescFunc.tdesc.vt, VT_I4);
  assert_int_equal(real->elemdescFunc.tdesc.vt, VT_HRESULT);
  assert_int_equal(real->cParamsOpt, 1);
  assert_int_equal(real->lprgelemdescParam[1].paramdesc.wParamFlags,
                   PARAMFLAG_FIN | PARAMFLAG_FOPT | PARAMFLAG_FHASDEFAULT);
  assert_int_equal(V_VT(&real->lprgelemdescParam[1].paramdesc.pparamdescex->varDefaultValue), VT_I4);
  assert_int_equal(V_I4(&real->lprgelemdescParam[1].paramdesc.pparamdescex->varDefaultValue), 1);
  ITypeInfo2_ReleaseFuncDesc(dispatch, shown);
  ITypeInfo2_ReleaseFuncDesc(half, real);
  assert_ok(ITypeInfo2_GetFuncDesc(dispatch, 8, &shown)); /* put: no result at all */
  assert_int_equal(shown->invkind, INVOKE_PROPERTYPUT);
  assert_int_equal(shown->elemdescFunc.tdesc.vt, VT_VOID);
  ITypeInfo2_ReleaseFuncDesc(dispatch, shown);
  ITypeInfo2_Release(half);
  ITypeInfo2_Release(dispatch);
  ITypeLib_Release(library);
}

static void a_dispinterface_shows_all_inherited_functions_first(void **state) {
  static const char *const expected[] = { "QueryInterface", "AddRef",        "Release", "GetTypeInfoCount",
                                          "GetTypeInfo",    "GetIDsOfNames", "Invoke",  "Name",
                                          "Name",           "Move",          "Draw",    "_NewEnum",
                                          "Centre",         "Fill" };
  ITypeLib *library = sample_open();
  ITypeInfo2 *info = sample_type(library, SAMPLE_ICIRCLE);
  FUNCDESC *desc;
  BSTR name;
  UINT index, count;

  (void)state;
  for (index = 0; index < sizeof expected / sizeof expected[0]; index++) {
    assert_ok(ITypeInfo2_GetFuncDesc(info, index, &desc));
    assert_int_equal(desc->funckind, FUNC_DISPATCH);
    assert_int_equal(desc->oVft, index * 8);
    assert_ok(ITypeInfo2_GetNames(info, desc->memid, &name, 1, &count));
    assert_int_equal(count, 1);
    assert_bstr(name, expected[index]);
    ITypeInfo2_ReleaseFuncDesc(info, desc);
  }
  assert_hr(ITypeInfo2_GetFuncDesc(info, index, &desc), TYPE_E_ELEMENTNOTFOUND);
  assert_null(desc);
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

static void references_in_inherited_functions_resolve_from_the_heir(void **state) {
  ITypeLib *library = sample_open();
  ITypeInfo2 *info = sample_type(library, SAMPLE_ICIRCLE);
  ITypeInfo *target;
  FUNCDESC *desc;
  BSTR name;

  (void)state;
  assert_ok(ITypeInfo2_GetFuncDesc(info, 0, &desc)); /* QueryInterface of stdole's IUnknown: GUID* */
  assert_int_equal(desc->lprgelemdescParam[0].tdesc.vt, VT_PTR);
  assert_int_equal(desc->lprgelemdescParam[0].tdesc.lptdesc->vt, VT_USERDEFINED);
  assert_ok(ITypeInfo2_GetRefTypeInfo(info, desc->lprgelemdescParam[0].tdesc.lptdesc->hreftype, &target));
  assert_ok(ITypeInfo_GetDocumentation(target, MEMBERID_NIL, &name, NULL, NULL, NULL));
  assert_bstr(name, "GUID");
  ITypeInfo_Release(target);
  ITypeInfo2_ReleaseFuncDesc(info, desc);
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

static void bases_are_interfaces_and_every_dispinterface_has_idispatch(void **state) {
  ITypeLib *library = sample_open();
  ITypeInfo2 *dispatch = sample_type(library, SAMPLE_ICIRCLE), *half = other_half(dispatch), *shape;
  ITypeInfo *base;
  HREFTYPE reference;
  TYPEATTR *attr;
  INT flags = 9;

  (void)state;
  assert_ok(ITypeInfo2_GetRefTypeOfImplType(dispatch, 0, &reference));
  assert_ok(ITypeInfo2_GetRefTypeInfo(dispatch, reference, &base));
  assert_ok(ITypeInfo_GetTypeAttr(base, &attr));
  assert_true(IsEqualGUID(&attr->guid, &IID_IDispatch));
  ITypeInfo_ReleaseTypeAttr(base, attr);
  ITypeInfo_Release(base);
  assert_ok(ITypeInfo2_GetImplTypeFlags(dispatch, 0, &flags));
  assert_int_equal(flags, 0);
  assert_ok(ITypeInfo2_GetRefTypeOfImplType(half, 0, &reference));
  assert_ok(ITypeInfo2_GetRefTypeInfo(half, reference, &base));
  shape = sample_type(library, SAMPLE_ISHAPE);
  ITypeInfo2_Release(half);
  half = other_half(shape);
  assert_ptr_equal(base, half);
  assert_hr(ITypeInfo2_GetRefTypeOfImplType(dispatch, 1, &reference), TYPE_E_ELEMENTNOTFOUND);
  ITypeInfo_Release(base);
  ITypeInfo2_Release(half);
  ITypeInfo2_Release(shape);
  ITypeInfo2_Release(dispatch);
  ITypeLib_Release(library);
}

static void a_coclass_lists_its_interfaces_with_flags(void **state) {
  static const struct {
    UINT type;
    INT flags;
  } expected[] = { { SAMPLE_ICIRCLE, IMPLTYPEFLAG_FDEFAULT },
                   { SAMPLE_IPLAIN, 0 },
                   { SAMPLE_DEVENTS, IMPLTYPEFLAG_FDEFAULT | IMPLTYPEFLAG_FSOURCE } };
  ITypeLib *library = sample_open();
  ITypeInfo2 *info = sample_type(library, SAMPLE_CIRCLE), *wanted;
  ITypeInfo *target;
  HREFTYPE reference;
  INT flags;
  UINT index;

  (void)state;
  for (index = 0; index < 3; index++) {
    assert_ok(ITypeInfo2_GetRefTypeOfImplType(info, index, &reference));
    assert_ok(ITypeInfo2_GetImplTypeFlags(info, index, &flags));
    assert_int_equal(flags, expected[index].flags);
    assert_ok(ITypeInfo2_GetRefTypeInfo(info, reference, &target));
    wanted = sample_type(library, expected[index].type);
    assert_ptr_equal(target, wanted);
    ITypeInfo_Release(target);
    ITypeInfo2_Release(wanted);
  }
  assert_hr(ITypeInfo2_GetRefTypeOfImplType(info, 3, &reference), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ITypeInfo2_GetImplTypeFlags(info, 3, &flags), TYPE_E_ELEMENTNOTFOUND);
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

/* Names and ids. */

static void names_of_a_function_and_its_parameters(void **state) {
  ITypeLib *library = sample_open();
  ITypeInfo2 *dispatch = sample_type(library, SAMPLE_ISHAPE), *half = other_half(dispatch);
  BSTR names[8];
  UINT count;

  (void)state;
  assert_ok(ITypeInfo2_GetNames(half, 2, names, 8, &count));
  assert_int_equal(count, 6);
  assert_bstr(names[0], "Move");
  assert_bstr(names[1], "dx");
  assert_bstr(names[2], "steps");
  assert_bstr(names[3], "how");
  assert_bstr(names[4], "locale");
  assert_bstr(names[5], "moved");
  assert_null(names[6]);
  assert_ok(ITypeInfo2_GetNames(dispatch, 2, names, 8, &count));
  assert_int_equal(count, 4);
  while (count > 0)
    SysFreeString(names[--count]);
  assert_ok(ITypeInfo2_GetNames(half, 2, names, 2, &count));
  assert_int_equal(count, 2);
  SysFreeString(names[0]);
  SysFreeString(names[1]);
  assert_hr(ITypeInfo2_GetNames(half, 4711, names, 8, &count), TYPE_E_ELEMENTNOTFOUND);
  assert_int_equal(count, 0);
  assert_hr(ITypeInfo2_GetNames(half, 2, NULL, 8, &count), E_INVALIDARG);
  assert_hr(ITypeInfo2_GetNames(half, 2, names, 8, NULL), E_INVALIDARG);
  ITypeInfo2_Release(half);
  ITypeInfo2_Release(dispatch);
  ITypeLib_Release(library);
}

static void ids_of_names_and_parameters(void **state) {
  ITypeLib *library = sample_open();
  ITypeInfo2 *circle = sample_type(library, SAMPLE_ICIRCLE);
  LPOLESTR move[] = { (LPOLESTR)u"move", (LPOLESTR)u"HOW", (LPOLESTR)u"dx" };
  LPOLESTR wrong[] = { (LPOLESTR)u"move", (LPOLESTR)u"nothing", (LPOLESTR)u"dx" };
  LPOLESTR fill[] = { (LPOLESTR)u"Fill" }, nowhere[] = { (LPOLESTR)u"nowhere" };
  MEMBERID ids[3];

  (void)state;
  assert_ok(ITypeInfo2_GetIDsOfNames(circle, fill, 1, ids));
  assert_int_equal(ids[0], 11);
  assert_ok(ITypeInfo2_GetIDsOfNames(circle, move, 3, ids)); /* inherited */
  assert_int_equal(ids[0], 2);
  assert_int_equal(ids[1], 2);
  assert_int_equal(ids[2], 0);
  assert_hr(ITypeInfo2_GetIDsOfNames(circle, wrong, 3, ids), DISP_E_UNKNOWNNAME);
  assert_int_equal(ids[0], 2);
  assert_int_equal(ids[1], MEMBERID_NIL);
  assert_int_equal(ids[2], 0);
  assert_hr(ITypeInfo2_GetIDsOfNames(circle, nowhere, 1, ids), DISP_E_UNKNOWNNAME);
  assert_int_equal(ids[0], MEMBERID_NIL);
  assert_hr(ITypeInfo2_GetIDsOfNames(circle, fill, 0, ids), E_INVALIDARG);
  assert_hr(ITypeInfo2_GetIDsOfNames(circle, NULL, 1, ids), E_INVALIDARG);
  assert_hr(ITypeInfo2_GetIDsOfNames(circle, fill, 1, NULL), E_INVALIDARG);
  ITypeInfo2_Release(circle);
  ITypeLib_Release(library);
}

static void indexes_of_members(void **state) {
  ITypeLib *library = sample_open();
  ITypeInfo2 *shape = sample_type(library, SAMPLE_ISHAPE), *half = other_half(shape),
             *colour = sample_type(library, SAMPLE_COLOUR);
  UINT index;

  (void)state;
  assert_ok(ITypeInfo2_GetFuncIndexOfMemId(half, 1, INVOKE_PROPERTYGET, &index));
  assert_int_equal(index, 0);
  assert_ok(ITypeInfo2_GetFuncIndexOfMemId(half, 1, INVOKE_PROPERTYPUT, &index));
  assert_int_equal(index, 1);
  assert_ok(ITypeInfo2_GetFuncIndexOfMemId(shape, 1, INVOKE_PROPERTYPUT, &index));
  assert_int_equal(index, 8); /* as GetFuncDesc counts */
  assert_hr(ITypeInfo2_GetFuncIndexOfMemId(half, 1, INVOKE_FUNC, &index), TYPE_E_ELEMENTNOTFOUND);
  assert_ok(ITypeInfo2_GetVarIndexOfMemId(colour, 0x40000002, &index));
  assert_int_equal(index, 2);
  assert_hr(ITypeInfo2_GetVarIndexOfMemId(colour, 0x40000004, &index), TYPE_E_ELEMENTNOTFOUND);
  ITypeInfo2_Release(colour);
  ITypeInfo2_Release(half);
  ITypeInfo2_Release(shape);
  ITypeLib_Release(library);
}

static void binding_a_name_in_a_type(void **state) {
  ITypeLib *library = sample_open();
  ITypeInfo2 *circle = sample_type(library, SAMPLE_ICIRCLE), *half = other_half(circle);
  OLECHAR name[] = u"NAME", nothing[] = u"nothing";
  ITypeInfo *info;
  ITypeComp *comp;
  DESCKIND kind;
  BINDPTR result;

  (void)state;
  assert_ok(ITypeInfo2_GetTypeComp(circle, &comp));
  assert_ok(ITypeComp_Bind(comp, name, 0, INVOKE_PROPERTYPUT, &info, &kind, &result));
  assert_int_equal(kind, DESCKIND_FUNCDESC);
  assert_int_equal(result.lpfuncdesc->invkind, INVOKE_PROPERTYPUT);
  ITypeInfo_ReleaseFuncDesc(info, result.lpfuncdesc);
  ITypeInfo_Release(info);
  assert_hr(ITypeComp_Bind(comp, name, 0, INVOKE_FUNC, &info, &kind, &result), TYPE_E_TYPEMISMATCH);
  assert_int_equal(kind, DESCKIND_NONE);
  assert_null(info);
  assert_ok(ITypeComp_Bind(comp, nothing, 0, 0, &info, &kind, &result));
  assert_int_equal(kind, DESCKIND_NONE);
  ITypeComp_Release(comp);
  ITypeInfo2_Release(half);
  ITypeInfo2_Release(circle);
  ITypeLib_Release(library);
}

/* Variables, documentation, custom data. */

static void fields_with_offsets_and_arrays(void **state) {
  ITypeLib *library = sample_open();
  ITypeInfo2 *info = sample_type(library, SAMPLE_POINT);
  VARDESC *desc;

  (void)state;
  assert_ok(ITypeInfo2_GetVarDesc(info, 2, &desc));
  assert_int_equal(desc->varkind, VAR_PERINSTANCE);
  assert_int_equal(desc->oInst, 16);
  assert_int_equal(desc->elemdescVar.tdesc.vt, VT_CARRAY);
  assert_int_equal(desc->elemdescVar.tdesc.lpadesc->cDims, 2);
  assert_int_equal(desc->elemdescVar.tdesc.lpadesc->rgbounds[0].cElements, 3);
  assert_int_equal(desc->elemdescVar.tdesc.lpadesc->rgbounds[1].cElements, 2);
  assert_int_equal(desc->elemdescVar.tdesc.lpadesc->tdescElem.vt, VT_I4);
  ITypeInfo2_ReleaseVarDesc(info, desc);
  assert_hr(ITypeInfo2_GetVarDesc(info, 4, &desc), TYPE_E_ELEMENTNOTFOUND);
  assert_null(desc);
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

static void constants_of_an_enumeration(void **state) {
  static const LONG values[] = { 0, 1, 0x7FFFFFFF, -5 };
  ITypeLib *library = sample_open();
  ITypeInfo2 *info = sample_type(library, SAMPLE_COLOUR);
  VARDESC *desc;
  UINT index;

  (void)state;
  for (index = 0; index < 4; index++) {
    assert_ok(ITypeInfo2_GetVarDesc(info, index, &desc));
    assert_int_equal(desc->varkind, VAR_CONST);
    assert_int_equal(V_VT(desc->lpvarValue), VT_I4);
    assert_int_equal(V_I4(desc->lpvarValue), values[index]);
    ITypeInfo2_ReleaseVarDesc(info, desc);
  }
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

static void documentation_of_members(void **state) {
  ITypeLib *library = sample_open();
  ITypeInfo2 *circle = sample_type(library, SAMPLE_ICIRCLE);
  BSTR name, help, file;
  DWORD context;

  (void)state;
  assert_ok(ITypeInfo2_GetDocumentation(circle, 1, &name, &help, &context, &file)); /* inherited */
  assert_bstr(name, "Name");
  assert_bstr(help, "Its name");
  assert_bstr(file, "sample.chm");
  assert_int_equal(context, 101);
  assert_ok(ITypeInfo2_GetDocumentation2(circle, 1, 0, &help, &context, &file));
  assert_bstr(help, "Its name");
  assert_bstr(file, "sample_help.dll");
  assert_hr(ITypeInfo2_GetDocumentation(circle, 4711, &name, NULL, NULL, NULL), TYPE_E_ELEMENTNOTFOUND);
  assert_null(name);
  ITypeInfo2_Release(circle);
  ITypeLib_Release(library);
}

static void custom_data_of_types_and_functions(void **state) {
  GUID type = { 0x7A4E2C00, 0x53D1, 0x4B0A, { 0x9C, 0x7B, 0x1F, 0x0E, 0x55, 0xAA, 0x00, 0xC1 } };
  GUID function = { 0x7A4E2C00, 0x53D1, 0x4B0A, { 0x9C, 0x7B, 0x1F, 0x0E, 0x55, 0xAA, 0x00, 0xC2 } };
  ITypeLib *library = sample_open();
  ITypeInfo2 *shape = sample_type(library, SAMPLE_ISHAPE);
  CUSTDATA all;
  VARIANT value;

  (void)state;
  assert_ok(ITypeInfo2_GetCustData(shape, &type, &value));
  assert_int_equal(V_VT(&value), VT_I4);
  assert_int_equal(V_I4(&value), 12);
  assert_ok(ITypeInfo2_GetFuncCustData(shape, 9, &function, &value));
  assert_int_equal(V_VT(&value), VT_BSTR);
  VariantClear(&value);
  assert_ok(ITypeInfo2_GetAllFuncCustData(shape, 9, &all));
  assert_int_equal(all.cCustData, 1);
  ClearCustData(&all);
  assert_ok(ITypeInfo2_GetAllParamCustData(shape, 9, 0, &all));
  assert_int_equal(all.cCustData, 0);
  assert_hr(ITypeInfo2_GetAllParamCustData(shape, 9, 5, &all), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ITypeInfo2_GetAllFuncCustData(shape, 12, &all), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ITypeInfo2_GetAllVarCustData(shape, 0, &all), TYPE_E_ELEMENTNOTFOUND);
  assert_ok(ITypeInfo2_GetAllImplTypeCustData(shape, 0, &all));
  assert_int_equal(all.cCustData, 0);
  ITypeInfo2_Release(shape);
  ITypeLib_Release(library);
}

/* Modules and coclasses. */

/* widl stores "#" as the name of every entry: put the name there that the IDL gives the first. */
static ITypeLib *open_with_entry_name(void) {
  static const char stored[] = "\x01\0#WWWWW", wanted[] = "\x03\0cosWWW";
  FILE *file = fopen(SAMPLE_PATH, "rb");
  char bytes[65536], *place;
  ITypeLib *library;
  size_t size;

  assert_non_null(file);
  size = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  place = memmem(bytes, size, stored, 8);
  assert_non_null(place);
  memcpy(place, wanted, 8);
  assert_ok(oleander_load_typelib_from_memory(bytes, size, &library));
  return library;
}

static void entries_of_a_module(void **state) {
  ITypeLib *library = open_with_entry_name();
  ITypeInfo2 *module = sample_type(library, SAMPLE_MATHEMATICS);
  double (*cosine)(double);
  BSTR dll, name;
  void *address;
  WORD ordinal;

  (void)state;
  assert_ok(ITypeInfo2_GetDllEntry(module, 0x60000000, INVOKE_FUNC, &dll, &name, &ordinal));
  assert_bstr(dll, "libm.so.6");
  assert_bstr(name, "cos");
  assert_ok(ITypeInfo2_GetDllEntry(module, 0x60000001, INVOKE_FUNC, NULL, &name, &ordinal));
  assert_null(name);
  assert_int_equal(ordinal, 9);
  assert_hr(ITypeInfo2_GetDllEntry(module, 4711, INVOKE_FUNC, &dll, &name, &ordinal), TYPE_E_ELEMENTNOTFOUND);
  assert_ok(ITypeInfo2_AddressOfMember(module, 0x60000000, INVOKE_FUNC, &address));
  memcpy(&cosine, &address, sizeof cosine);
  assert_true(cosine(0) == 1.0);
  assert_hr(ITypeInfo2_AddressOfMember(module, 0x60000001, INVOKE_FUNC, &address), TYPE_E_DLLFUNCTIONNOTFOUND);
  assert_null(address);
  ITypeInfo2_Release(module);
  module = sample_type(library, SAMPLE_ISHAPE);
  assert_hr(ITypeInfo2_GetDllEntry(module, 2, INVOKE_FUNC, &dll, &name, &ordinal), TYPE_E_BADMODULEKIND);
  ITypeInfo2_Release(module);
  ITypeLib_Release(library);
}

static void functions_of_a_module_are_called(void **state) {
  ITypeLib *library = open_with_entry_name();
  ITypeInfo2 *module = sample_type(library, SAMPLE_MATHEMATICS);
  VARIANTARG angle = { .vt = VT_I4, .lVal = 0 }, text = { .vt = VT_BSTR, .bstrVal = SysAllocString(u"x") };
  DISPPARAMS params = { &angle, NULL, 1, 0 }, none = { NULL, NULL, 0, 0 }, bad = { &text, NULL, 1, 0 };
  VARIANT result = { .vt = VT_EMPTY };
  UINT position = 99;

  (void)state;
  assert_ok(ITypeInfo2_Invoke(module, NULL, 0x60000000, DISPATCH_METHOD, &params, &result, NULL, NULL));
  assert_int_equal(result.vt, VT_R8);
  assert_true(result.dblVal == 1.0);
  assert_ok(ITypeInfo2_Invoke(module, library, 0x60000000, DISPATCH_METHOD, &params, NULL, NULL, NULL));
  assert_hr(ITypeInfo2_Invoke(module, NULL, 0x60000000, DISPATCH_METHOD, &none, &result, NULL, NULL),
            DISP_E_BADPARAMCOUNT);
  assert_hr(ITypeInfo2_Invoke(module, NULL, 0x60000000, DISPATCH_METHOD, &bad, &result, NULL, &position),
            DISP_E_TYPEMISMATCH);
  assert_int_equal(position, 0);
  assert_hr(ITypeInfo2_Invoke(module, NULL, 0x60000001, DISPATCH_METHOD, &none, &result, NULL, NULL),
            TYPE_E_DLLFUNCTIONNOTFOUND);
  assert_hr(ITypeInfo2_Invoke(module, NULL, 0x60000000, DISPATCH_PROPERTYPUT, &params, &result, NULL, NULL),
            DISP_E_MEMBERNOTFOUND);
  SysFreeString(text.bstrVal);
  ITypeInfo2_Release(module);
  ITypeLib_Release(library);
}

static HRESULT remember_activation(REFCLSID clsid, bool appobject, IUnknown *outer, REFIID iid, void **object) {
  (void)outer;
  (void)iid;
  *object = NULL;
  return clsid->Data4[7] == 0x30 && appobject ? S_FALSE : E_FAIL;
}

static void create_instance_asks_activation(void **state) {
  ITypeLib *library = sample_open();
  ITypeInfo2 *coclass = sample_type(library, SAMPLE_CIRCLE), *shape = sample_type(library, SAMPLE_ISHAPE);
  void *object;

  (void)state;
  typelib_set_activator(remember_activation);
  assert_hr(ITypeInfo2_CreateInstance(coclass, NULL, &IID_IUnknown, &object), S_FALSE);
  assert_hr(ITypeInfo2_CreateInstance(shape, NULL, &IID_IUnknown, &object), TYPE_E_WRONGTYPEKIND);
  assert_hr(ITypeInfo2_CreateInstance(coclass, NULL, &IID_IUnknown, NULL), E_INVALIDARG);
  typelib_set_activator(NULL);
  ITypeInfo2_Release(shape);
  ITypeInfo2_Release(coclass);
  ITypeLib_Release(library);
}

/* Signatures. */

static void signatures_are_made_once(void **state) {
  ITypeLib *library = sample_open();
  ITypeInfo2 *circle = sample_type(library, SAMPLE_ICIRCLE);
  const Signature *one, *two;
  IOleanderTypeInfo *own;
  ITypeInfo *owner;

  (void)state;
  assert_ok(ITypeInfo2_QueryInterface(circle, &IID_IOleanderTypeInfo, (void **)&own));
  assert_ok(own->lpVtbl->FindSignature(own, 2, INVOKE_FUNC, &one, &owner));
  assert_int_equal(one->memid, 2);
  assert_int_equal(one->count, 5);
  ITypeInfo_Release(owner);
  assert_ok(own->lpVtbl->FindSignature(own, 2, INVOKE_FUNC, &two, NULL));
  assert_ptr_equal(one, two);
  signature_release(one);
  signature_release(two);
  assert_hr(own->lpVtbl->FindSignature(own, 4711, INVOKE_FUNC, &one, NULL), TYPE_E_ELEMENTNOTFOUND);
  assert_null(one);
  own->lpVtbl->Release(own);
  ITypeInfo2_Release(circle);
  ITypeLib_Release(library);
}

/* Memory runs out. */

static HRESULT walk_members(ITypeInfo2 *info) {
  FUNCDESC *function;
  BSTR names[8];
  UINT index, count = 0;
  HRESULT hr = S_OK;

  for (index = 7; SUCCEEDED(hr) && index < 12; index++) {
    hr = ITypeInfo2_GetFuncDesc(info, index, &function);
    if (FAILED(hr))
      return hr;
    hr = ITypeInfo2_GetNames(info, function->memid, names, 8, &count);
    ITypeInfo2_ReleaseFuncDesc(info, function);
    while (count > 0)
      SysFreeString(names[--count]);
  }
  return hr;
}

static int open_and_walk(void *context) {
  char16_t *path = context;
  ITypeLib *library;
  ITypeInfo *info;
  HRESULT hr = LoadTypeLib(path, &library);

  if (SUCCEEDED(hr)) {
    hr = ITypeLib_GetTypeInfo(library, SAMPLE_ISHAPE, &info);
    if (SUCCEEDED(hr)) {
      hr = walk_members((ITypeInfo2 *)info);
      ITypeInfo_Release(info);
    }
    ITypeLib_Release(library);
  }
  return hr == S_OK || hr == E_OUTOFMEMORY || hr == TYPE_E_CANTLOADLIBRARY ? 0 : 1;
}

static void every_allocation_may_fail(void **state) {
  ITypeLib *library = sample_open(); /* stdole is opened for good: not in the runs that count */
  ITypeInfo2 *info = sample_type(library, SAMPLE_ISHAPE);
  char16_t *path = utf16_copy(SAMPLE_PATH);

  (void)state;
  assert_ok(walk_members(info));
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
  faults_each(open_and_walk, path);
  free(path);
}

/* The default of IShape::Move's `steps`, between those of its neighbours, which have none. */
static const uint8_t stored_default[12] = { 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0x8C, 0xFF, 0xFF, 0xFF, 0xFF };

/* The sample library with another default there. */
static ITypeLib *open_with_default(uint32_t code) {
  uint8_t *bytes = malloc(65536), *place;
  FILE *file = fopen(SAMPLE_PATH, "rb");
  size_t size = fread(bytes, 1, 65536, file);
  ITypeLib *library;

  fclose(file);
  place = memmem(bytes, size, stored_default, sizeof stored_default);
  assert_non_null(place);
  memcpy(place + 4, &code, sizeof code);
  assert_ok(oleander_load_typelib_from_memory(bytes, size, &library));
  free(bytes);
  return library;
}

/* Real libraries have defaults that their writers could not store, and integers under the name of a VARIANT. */
static void a_default_that_cannot_be_read_is_none(void **state) {
  static const struct {
    uint32_t code;
    bool there;
    VARTYPE vt;
    LONG value;
  } cases[] = {
    { 0x8C000001, true, VT_I4, 1 },
    { 0xFFFFFFFF, false, VT_EMPTY, 0 },
    { 0xB0000007, true, VT_VARIANT, 7 },
  };

  (void)state;
  for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
    ITypeLib *library = open_with_default(cases[index].code);
    ITypeInfo2 *info = sample_type(library, SAMPLE_ISHAPE);
    IOleanderTypeInfo *signatures;
    const Signature *signature;
    FUNCDESC *desc;

    assert_ok(ITypeInfo2_GetFuncDesc(info, 9, &desc));
    const PARAMDESC *steps = &desc->lprgelemdescParam[1].paramdesc;
    assert_int_equal((steps->wParamFlags & PARAMFLAG_FHASDEFAULT) != 0, cases[index].there);
    assert_int_equal(steps->pparamdescex != NULL, cases[index].there);
    if (cases[index].there) {
      assert_int_equal(V_VT(&steps->pparamdescex->varDefaultValue), cases[index].vt);
      assert_int_equal(V_I4(&steps->pparamdescex->varDefaultValue), cases[index].value);
    }
    ITypeInfo2_ReleaseFuncDesc(info, desc);
    assert_ok(ITypeInfo2_QueryInterface(info, &IID_IOleanderTypeInfo, (void **)&signatures));
    assert_ok(signatures->lpVtbl->GetSignature(signatures, 9, &signature));
    const VARIANT *value = signature->parameters[1].default_value;
    assert_int_equal(value != NULL, cases[index].there);
    if (value)
      assert_int_equal(V_I4(value), cases[index].value);
    signature_release(signature);
    signatures->lpVtbl->Release(signatures);
    ITypeInfo2_Release(info);
    ITypeLib_Release(library);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(attributes_of_each_kind_of_type),
    cmocka_unit_test(an_alias_says_what_it_stands_for),
    cmocka_unit_test(a_dual_interface_has_two_halves_that_lead_to_each_other),
    cmocka_unit_test(the_halves_show_one_function_in_two_ways),
    cmocka_unit_test(a_dispinterface_shows_all_inherited_functions_first),
    cmocka_unit_test(references_in_inherited_functions_resolve_from_the_heir),
    cmocka_unit_test(bases_are_interfaces_and_every_dispinterface_has_idispatch),
    cmocka_unit_test(a_coclass_lists_its_interfaces_with_flags),
    cmocka_unit_test(names_of_a_function_and_its_parameters),
    cmocka_unit_test(ids_of_names_and_parameters),
    cmocka_unit_test(indexes_of_members),
    cmocka_unit_test(binding_a_name_in_a_type),
    cmocka_unit_test(fields_with_offsets_and_arrays),
    cmocka_unit_test(constants_of_an_enumeration),
    cmocka_unit_test(documentation_of_members),
    cmocka_unit_test(custom_data_of_types_and_functions),
    cmocka_unit_test(entries_of_a_module),
    cmocka_unit_test(functions_of_a_module_are_called),
    cmocka_unit_test(create_instance_asks_activation),
    cmocka_unit_test(signatures_are_made_once),
    cmocka_unit_test(a_default_that_cannot_be_read_is_none),
    cmocka_unit_test(every_allocation_may_fail),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
