/* Reads a type library through the public API and writes it again through the public API: copy_library IN OUT.tlb.
 * What the library refers to and is not there is stood in for by types of a library that is never saved. */
#include <oaidl.h>
#include <oleauto.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(call) check((call), #call, __LINE__)

static const char *at = "the library";
static char where[600];

static void check(HRESULT hr, const char *call, int line) {
  if (SUCCEEDED(hr))
    return;
  fprintf(stderr, "%s: line %d: %s: 0x%08x\n", at, line, call, (unsigned)hr);
  exit(3);
}

static void *need(void *memory) {
  if (!memory)
    exit(4);
  return memory;
}

static void say_where(BSTR name, unsigned index) {
  size_t length = 0;

  for (; name && name[length] && length < sizeof where - 20; length++)
    where[length] = name[length] < 0x80 ? (char)name[length] : '?';
  snprintf(where + length, 20, " #%u", index);
  at = where;
}

static ITypeLib *source;
static ICreateTypeLib2 *target;
static ICreateTypeInfo2 **made;
static ITypeInfo2 **given; /* of dual interfaces the interface half */
static TYPEATTR **attrs;
static UINT type_count;
static SYSKIND system_kind;

/* Stand-ins. */

static ICreateTypeLib2 *elsewhere;

static const GUID libid_elsewhere = { 0x5D1F9AB0, 0x1111, 0x4E6D, { 0x9A, 1, 2, 3, 4, 5, 6, 7 } };

static void add_slots(ICreateTypeInfo *interface_info, unsigned slots) {
  for (unsigned slot = 0; slot < slots; slot++) {
    FUNCDESC desc = {
      .memid = MEMBERID_NIL, .funckind = FUNC_PUREVIRTUAL, .invkind = INVOKE_FUNC, .callconv = CC_STDCALL
    };

    desc.elemdescFunc.tdesc.vt = VT_HRESULT;
    CHECK(ICreateTypeInfo_AddFuncDesc(interface_info, slot, &desc));
  }
}

/* An interface with so many slots, or an enumeration, that nobody will find. */
static ITypeInfo *stand_in(TYPEKIND kind, unsigned slots) {
  static unsigned number;
  ICreateTypeInfo *type;
  ITypeInfo *info;
  OLECHAR name[] = u"Missing0000";
  GUID guid = { 0x5D1F9AB1, (unsigned short)++number, 0x4E6D, { 0x9A, 1, 2, 3, 4, 5, 6, 7 } };

  for (unsigned digit = 0, rest = number; digit < 4; digit++, rest /= 10)
    name[10 - digit] = (OLECHAR)('0' + rest % 10);
  if (!elsewhere) {
    CHECK(CreateTypeLib2(system_kind, u"missing.tlb", &elsewhere));
    CHECK(ICreateTypeLib2_SetGuid(elsewhere, &libid_elsewhere));
  }
  CHECK(ICreateTypeLib2_CreateTypeInfo(elsewhere, name, kind, &type));
  CHECK(ICreateTypeInfo_SetGuid(type, &guid));
  add_slots(type, slots);
  CHECK(ICreateTypeInfo_LayOut(type));
  CHECK(ICreateTypeInfo_QueryInterface(type, &IID_ITypeInfo, (void **)&info));
  ICreateTypeInfo_Release(type);
  return info;
}

/* References. */

static HREFTYPE add_reference(UINT type, ITypeInfo *info) {
  HREFTYPE reference;

  CHECK(ICreateTypeInfo2_AddRefTypeInfo(made[type], info, &reference));
  return reference;
}

/* To what a type of the source becomes, or to one of another library. */
static HREFTYPE add_own_reference(UINT type, ITypeInfo *referred) {
  ITypeLib *library;
  HREFTYPE reference;
  ITypeInfo *ours;
  UINT index;

  CHECK(ITypeInfo_GetContainingTypeLib(referred, &library, &index));
  if (library == source) {
    CHECK(ICreateTypeInfo2_QueryInterface(made[index], &IID_ITypeInfo, (void **)&ours));
    reference = add_reference(type, ours);
    ITypeInfo_Release(ours);
  } else {
    reference = add_reference(type, referred);
  }
  ITypeLib_Release(library);
  return reference;
}

static HREFTYPE copy_reference(UINT type, ITypeInfo2 *info, HREFTYPE from, TYPEKIND missing, unsigned slots) {
  ITypeInfo *referred;
  HREFTYPE reference;

  if (FAILED(ITypeInfo2_GetRefTypeInfo(info, from, &referred))) {
    referred = stand_in(missing, slots);
    reference = add_reference(type, referred);
  } else {
    reference = add_own_reference(type, referred);
  }
  ITypeInfo_Release(referred);
  return reference;
}

static void copy_desc(UINT type, ITypeInfo2 *info, const TYPEDESC *from, TYPEDESC *to, TYPEKIND missing) {
  *to = *from;
  switch (from->vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
    to->lptdesc = need(calloc(1, sizeof *to->lptdesc));
    copy_desc(type, info, from->lptdesc, to->lptdesc, TKIND_INTERFACE);
    break;
  case VT_CARRAY:
    to->lpadesc = need(calloc(1, sizeof(ARRAYDESC) + from->lpadesc->cDims * sizeof(SAFEARRAYBOUND)));
    to->lpadesc->cDims = from->lpadesc->cDims;
    memcpy(to->lpadesc->rgbounds, from->lpadesc->rgbounds, from->lpadesc->cDims * sizeof(SAFEARRAYBOUND));
    copy_desc(type, info, &from->lpadesc->tdescElem, &to->lpadesc->tdescElem, missing);
    break;
  case VT_USERDEFINED:
    to->hreftype = copy_reference(type, info, from->hreftype, missing, 0);
    break;
  default:
    break;
  }
}

static void free_desc(TYPEDESC *desc) {
  if (desc->vt == VT_PTR || desc->vt == VT_SAFEARRAY) {
    free_desc(desc->lptdesc);
    free(desc->lptdesc);
  } else if (desc->vt == VT_CARRAY) {
    free_desc(&desc->lpadesc->tdescElem);
    free(desc->lpadesc);
  }
}

/* Custom data: each place has a getter and a setter of its own shape. */

#define COPY_CUSTOM(get, set)                                                                                          \
  do {                                                                                                                 \
    CUSTDATA data = { 0, NULL };                                                                                       \
    CHECK(get);                                                                                                        \
    for (DWORD item = 0; item < data.cCustData; item++)                                                                \
      CHECK(set);                                                                                                      \
    ClearCustData(&data);                                                                                              \
  } while (0)
#define ITEM_GUID  &data.prgCustData[item].guid
#define ITEM_VALUE &data.prgCustData[item].varValue

/* Members. */

static bool bind_owner(UINT type, MEMBERID memid, INVOKEKIND invkind, ITypeInfo **owner) {
  DESCKIND kind = DESCKIND_NONE;
  BINDPTR bound;
  ITypeComp *comp;
  BSTR name;
  UINT count;

  if (FAILED(ITypeInfo2_GetNames(given[type], memid, &name, 1, &count)))
    return false;
  CHECK(ITypeInfo2_GetTypeComp(given[type], &comp));
  HRESULT hr = ITypeComp_Bind(comp, name, LHashValOfNameSys(system_kind, 0, name), (WORD)invkind, owner, &kind, &bound);
  ITypeComp_Release(comp);
  SysFreeString(name);
  if (SUCCEEDED(hr) && kind == DESCKIND_FUNCDESC)
    ITypeInfo_ReleaseFuncDesc(*owner, bound.lpfuncdesc);
  return SUCCEEDED(hr) && kind == DESCKIND_FUNCDESC;
}

static bool is_itself(UINT type, ITypeInfo *info) {
  ITypeLib *library;
  UINT index;

  CHECK(ITypeInfo_GetContainingTypeLib(info, &library, &index));
  ITypeLib_Release(library);
  return library == source && index == type;
}

/* `dispinterface { interface X; }` shows the members of X, those of IUnknown first. Binding the last one by name tells
 * whose it is. */
static bool find_shown(UINT type, ITypeInfo **shown) {
  static const MEMBERID first_of_iunknown = 0x60000000;
  FUNCDESC *desc;

  if (attrs[type]->typekind != TKIND_DISPATCH || attrs[type]->cFuncs == 0)
    return false;
  if (FAILED(ITypeInfo2_GetFuncDesc(given[type], 0, &desc)))
    return false;
  bool inherits = desc->memid == first_of_iunknown;
  ITypeInfo2_ReleaseFuncDesc(given[type], desc);
  if (!inherits || FAILED(ITypeInfo2_GetFuncDesc(given[type], attrs[type]->cFuncs - 1u, &desc)))
    return false;
  bool found = bind_owner(type, desc->memid, desc->invkind, shown);
  if (found && is_itself(type, *shown)) {
    ITypeInfo_Release(*shown);
    found = false;
  }
  ITypeInfo2_ReleaseFuncDesc(given[type], desc);
  return found;
}

static void copy_names(UINT type, UINT index, const FUNCDESC *desc) {
  BSTR names[300] = { NULL };
  UINT count = 0, limit = (UINT)desc->cParams + 1;

  if (desc->invkind == INVOKE_PROPERTYPUT || desc->invkind == INVOKE_PROPERTYPUTREF)
    limit--;
  if (FAILED(ITypeInfo2_GetNames(given[type], desc->memid, names, 300, &count)) || count == 0)
    return;
  if (limit == 0)
    limit = 1;
  CHECK(ICreateTypeInfo2_SetFuncAndParamNames(made[type], index, names, count < limit ? count : limit));
  for (UINT name = 0; name < count; name++)
    SysFreeString(names[name]);
}

static void copy_function_help(UINT type, UINT index, MEMBERID memid) {
  BSTR help = NULL, dll = NULL;
  DWORD context = 0;

  CHECK(ITypeInfo2_GetDocumentation(given[type], memid, NULL, &help, &context, NULL));
  if (help)
    CHECK(ICreateTypeInfo2_SetFuncDocString(made[type], index, help));
  if (context)
    CHECK(ICreateTypeInfo2_SetFuncHelpContext(made[type], index, context));
  SysFreeString(help);
  context = 0;
  CHECK(ITypeInfo2_GetDocumentation2(given[type], memid, 0, NULL, &context, &dll));
  if (context)
    CHECK(ICreateTypeInfo2_SetFuncHelpStringContext(made[type], index, context));
  SysFreeString(dll);
}

static void copy_entry(UINT type, UINT index, const FUNCDESC *desc) {
  BSTR dll = NULL, entry = NULL;
  WORD ordinal = 0;

  if (attrs[type]->typekind != TKIND_MODULE)
    return;
  CHECK(ITypeInfo2_GetDllEntry(given[type], desc->memid, desc->invkind, &dll, &entry, &ordinal));
  CHECK(ICreateTypeInfo2_DefineFuncAsDllEntry(made[type], index, dll ? dll : (OLECHAR[]){ 0 },
                                              entry ? entry : (OLECHAR *)(uintptr_t)ordinal));
  SysFreeString(dll);
  SysFreeString(entry);
}

static void copy_function(UINT type, UINT index) {
  ITypeInfo2 *info = given[type];
  FUNCDESC *desc, copy;

  CHECK(ITypeInfo2_GetFuncDesc(info, index, &desc));
  copy = *desc;
  copy.lprgelemdescParam = need(calloc((size_t)desc->cParams + 1, sizeof(ELEMDESC)));
  copy_desc(type, info, &desc->elemdescFunc.tdesc, &copy.elemdescFunc.tdesc, TKIND_INTERFACE);
  for (SHORT k = 0; k < desc->cParams; k++) {
    copy.lprgelemdescParam[k].paramdesc = desc->lprgelemdescParam[k].paramdesc;
    copy_desc(type, info, &desc->lprgelemdescParam[k].tdesc, &copy.lprgelemdescParam[k].tdesc, TKIND_ENUM);
  }
  CHECK(ICreateTypeInfo2_AddFuncDesc(made[type], index, &copy));
  copy_names(type, index, desc);
  copy_function_help(type, index, desc->memid);
  copy_entry(type, index, desc);
  COPY_CUSTOM(ITypeInfo2_GetAllFuncCustData(info, index, &data),
              ICreateTypeInfo2_SetFuncCustData(made[type], index, ITEM_GUID, ITEM_VALUE));
  for (SHORT k = 0; k < desc->cParams; k++) {
    COPY_CUSTOM(ITypeInfo2_GetAllParamCustData(info, index, (UINT)k, &data),
                ICreateTypeInfo2_SetParamCustData(made[type], index, (UINT)k, ITEM_GUID, ITEM_VALUE));
    free_desc(&copy.lprgelemdescParam[k].tdesc);
  }
  free_desc(&copy.elemdescFunc.tdesc);
  free(copy.lprgelemdescParam);
  ITypeInfo2_ReleaseFuncDesc(info, desc);
}

static void copy_variable(UINT type, UINT index) {
  ITypeInfo2 *info = given[type];
  VARDESC *desc, copy;
  BSTR name = NULL, help = NULL, dll = NULL;
  DWORD context = 0;
  UINT count;

  CHECK(ITypeInfo2_GetVarDesc(info, index, &desc));
  copy = *desc;
  copy_desc(type, info, &desc->elemdescVar.tdesc, &copy.elemdescVar.tdesc, TKIND_ENUM);
  CHECK(ICreateTypeInfo2_AddVarDesc(made[type], index, &copy));
  if (SUCCEEDED(ITypeInfo2_GetNames(info, desc->memid, &name, 1, &count)) && count > 0)
    CHECK(ICreateTypeInfo2_SetVarName(made[type], index, name));
  CHECK(ITypeInfo2_GetDocumentation(info, desc->memid, NULL, &help, &context, NULL));
  if (help)
    CHECK(ICreateTypeInfo2_SetVarDocString(made[type], index, help));
  CHECK(ICreateTypeInfo2_SetVarHelpContext(made[type], index, context));
  CHECK(ITypeInfo2_GetDocumentation2(info, desc->memid, 0, NULL, &context, &dll));
  CHECK(ICreateTypeInfo2_SetVarHelpStringContext(made[type], index, context));
  COPY_CUSTOM(ITypeInfo2_GetAllVarCustData(info, index, &data),
              ICreateTypeInfo2_SetVarCustData(made[type], index, ITEM_GUID, ITEM_VALUE));
  SysFreeString(name);
  SysFreeString(help);
  SysFreeString(dll);
  free_desc(&copy.elemdescVar.tdesc);
  ITypeInfo2_ReleaseVarDesc(info, desc);
}

/* Types. */

/* How many slots stand before its own. */
static unsigned base_slots(UINT type) {
  unsigned pointer = system_kind == SYS_WIN64 ? 8 : 4;
  FUNCDESC *desc;

  if (attrs[type]->cFuncs == 0)
    return attrs[type]->cbSizeVft / pointer;
  CHECK(ITypeInfo2_GetFuncDesc(given[type], 0, &desc));
  unsigned slots = (unsigned)desc->oVft / (unsigned)sizeof(void *);
  ITypeInfo2_ReleaseFuncDesc(given[type], desc);
  return slots;
}

static void copy_implemented(UINT type) {
  const TYPEATTR *attr = attrs[type];

  for (UINT index = 0; index < attr->cImplTypes; index++) {
    HREFTYPE from, to;
    INT flags;

    CHECK(ITypeInfo2_GetRefTypeOfImplType(given[type], index, &from));
    to = copy_reference(type, given[type], from, TKIND_INTERFACE,
                        attr->typekind == TKIND_INTERFACE ? base_slots(type) : 0);
    CHECK(ICreateTypeInfo2_AddImplType(made[type], index, to));
    if (attr->typekind != TKIND_COCLASS)
      continue;
    CHECK(ITypeInfo2_GetImplTypeFlags(given[type], index, &flags));
    CHECK(ICreateTypeInfo2_SetImplTypeFlags(made[type], index, flags));
    COPY_CUSTOM(ITypeInfo2_GetAllImplTypeCustData(given[type], index, &data),
                ICreateTypeInfo2_SetImplTypeCustData(made[type], index, ITEM_GUID, ITEM_VALUE));
  }
}

static void copy_alias(UINT type) {
  TYPEDESC copy;

  if (attrs[type]->typekind != TKIND_ALIAS)
    return;
  copy_desc(type, given[type], &attrs[type]->tdescAlias, &copy, TKIND_ENUM);
  CHECK(ICreateTypeInfo2_SetTypeDescAlias(made[type], &copy));
  free_desc(&copy);
}

/* Records are packed as their alignment says; of other types it counts where it is not what they always have. */
static void copy_alignment(UINT type) {
  const TYPEATTR *attr = attrs[type];
  bool by_pointer = attr->typekind == TKIND_INTERFACE || attr->typekind == TKIND_DISPATCH ||
                    attr->typekind == TKIND_COCLASS || attr->typekind == TKIND_ALIAS;

  if (!by_pointer || system_kind == SYS_WIN64)
    CHECK(ICreateTypeInfo2_SetAlignment(made[type], attr->cbAlignment));
}

static void copy_facts(UINT type) {
  const TYPEATTR *attr = attrs[type];
  BSTR help = NULL, dll = NULL;
  DWORD context = 0;

  CHECK(ICreateTypeInfo2_SetGuid(made[type], &attr->guid));
  CHECK(ICreateTypeInfo2_SetTypeFlags(made[type], attr->wTypeFlags));
  CHECK(ICreateTypeInfo2_SetVersion(made[type], attr->wMajorVerNum, attr->wMinorVerNum));
  CHECK(ITypeInfo2_GetDocumentation(given[type], MEMBERID_NIL, NULL, &help, &context, NULL));
  if (help)
    CHECK(ICreateTypeInfo2_SetDocString(made[type], help));
  CHECK(ICreateTypeInfo2_SetHelpContext(made[type], context));
  CHECK(ITypeInfo2_GetDocumentation2(given[type], MEMBERID_NIL, 0, NULL, &context, &dll));
  CHECK(ICreateTypeInfo2_SetHelpStringContext(made[type], context));
  COPY_CUSTOM(ITypeInfo2_GetAllCustData(given[type], &data),
              ICreateTypeInfo2_SetCustData(made[type], ITEM_GUID, ITEM_VALUE));
  SysFreeString(help);
  SysFreeString(dll);
}

/* A dual interface is made as an interface. */
static void create_type(UINT type) {
  ITypeInfo *info, *half;
  TYPEATTR *attr;
  HREFTYPE reference;
  BSTR name;

  CHECK(ITypeLib_GetTypeInfo(source, type, &info));
  CHECK(ITypeInfo_GetTypeAttr(info, &attr));
  if (attr->typekind == TKIND_DISPATCH && attr->wTypeFlags & TYPEFLAG_FDUAL) {
    CHECK(ITypeInfo_GetRefTypeOfImplType(info, (UINT)-1, &reference));
    CHECK(ITypeInfo_GetRefTypeInfo(info, reference, &half));
    ITypeInfo_ReleaseTypeAttr(info, attr);
    ITypeInfo_Release(info);
    info = half;
    CHECK(ITypeInfo_GetTypeAttr(info, &attr));
  }
  CHECK(ITypeInfo_QueryInterface(info, &IID_ITypeInfo2, (void **)&given[type]));
  attrs[type] = attr;
  CHECK(ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &name, NULL, NULL, NULL));
  say_where(name, type);
  CHECK(ICreateTypeLib2_CreateTypeInfo(target, name, attr->typekind, (ICreateTypeInfo **)&made[type]));
  SysFreeString(name);
  ITypeInfo_Release(info);
}

static void show_interface(UINT type, ITypeInfo *shown) {
  CHECK(ICreateTypeInfo2_AddImplType(made[type], 1, add_own_reference(type, shown)));
  ITypeInfo_Release(shown);
}

static void copy_type(UINT type) {
  BSTR name = NULL;
  ITypeInfo *shown;

  CHECK(ITypeInfo2_GetDocumentation(given[type], MEMBERID_NIL, &name, NULL, NULL, NULL));
  say_where(name, type);
  SysFreeString(name);
  copy_facts(type);
  copy_implemented(type);
  copy_alias(type);
  copy_alignment(type);
  if (find_shown(type, &shown))
    show_interface(type, shown);
  else
    for (UINT index = 0; index < attrs[type]->cFuncs; index++)
      copy_function(type, index);
  for (UINT index = 0; index < attrs[type]->cVars; index++)
    copy_variable(type, index);
}

static void lay_out(void) {
  for (UINT type = 0; type < type_count; type++) {
    BSTR name = NULL;

    CHECK(ITypeInfo2_GetDocumentation(given[type], MEMBERID_NIL, &name, NULL, NULL, NULL));
    say_where(name, type);
    SysFreeString(name);
    CHECK(ICreateTypeInfo2_LayOut(made[type]));
  }
}

/* The library. */

static void copy_library_texts(ITypeLib2 *library) {
  BSTR name = NULL, help = NULL, file = NULL, dll = NULL;
  DWORD context = 0;

  CHECK(ITypeLib2_GetDocumentation(library, -1, &name, &help, &context, &file));
  if (name && *name)
    CHECK(ICreateTypeLib2_SetName(target, name));
  if (help)
    CHECK(ICreateTypeLib2_SetDocString(target, help));
  if (file)
    CHECK(ICreateTypeLib2_SetHelpFileName(target, file));
  CHECK(ICreateTypeLib2_SetHelpContext(target, context));
  CHECK(ITypeLib2_GetDocumentation2(library, -1, 0, NULL, &context, &dll));
  CHECK(ICreateTypeLib2_SetHelpStringContext(target, context));
  if (dll)
    CHECK(ICreateTypeLib2_SetHelpStringDll(target, dll));
  SysFreeString(name);
  SysFreeString(help);
  SysFreeString(file);
  SysFreeString(dll);
}

static void copy_library_facts(const TLIBATTR *attr) {
  ITypeLib2 *library;

  CHECK(ICreateTypeLib2_SetGuid(target, &attr->guid));
  CHECK(ICreateTypeLib2_SetVersion(target, attr->wMajorVerNum, attr->wMinorVerNum));
  CHECK(ICreateTypeLib2_SetLcid(target, attr->lcid));
  CHECK(ICreateTypeLib2_SetLibFlags(target, attr->wLibFlags & ~(UINT)LIBFLAG_FHASDISKIMAGE));
  CHECK(ITypeLib_QueryInterface(source, &IID_ITypeLib2, (void **)&library));
  copy_library_texts(library);
  COPY_CUSTOM(ITypeLib2_GetAllCustData(library, &data), ICreateTypeLib2_SetCustData(target, ITEM_GUID, ITEM_VALUE));
  ITypeLib2_Release(library);
}

static OLECHAR *wide(const char *path) {
  size_t length = strlen(path);
  OLECHAR *text = need(calloc(length + 1, sizeof *text));

  for (size_t index = 0; index < length; index++)
    text[index] = (unsigned char)path[index];
  return text;
}

static void release_all(void) {
  for (UINT type = 0; type < type_count; type++) {
    ITypeInfo2_ReleaseTypeAttr(given[type], attrs[type]);
    ITypeInfo2_Release(given[type]);
    ICreateTypeInfo2_Release(made[type]);
  }
  free(given);
  free(attrs);
  free(made);
  ICreateTypeLib2_Release(target);
  ITypeLib_Release(source);
  if (elsewhere)
    ICreateTypeLib2_Release(elsewhere);
}

int main(int argc, char **argv) {
  TLIBATTR *attr;

  if (argc != 3)
    return 2;
  OLECHAR *from = wide(argv[1]), *to = wide(argv[2]);
  CHECK(LoadTypeLibEx(from, REGKIND_NONE, &source));
  CHECK(ITypeLib_GetLibAttr(source, &attr));
  system_kind = attr->syskind;
  CHECK(CreateTypeLib2(system_kind, to, &target));
  copy_library_facts(attr);
  ITypeLib_ReleaseTLibAttr(source, attr);
  type_count = ITypeLib_GetTypeInfoCount(source);
  made = need(calloc(type_count + 1, sizeof(*made)));
  given = need(calloc(type_count + 1, sizeof(*given)));
  attrs = need(calloc(type_count + 1, sizeof(*attrs)));
  for (UINT type = 0; type < type_count; type++)
    create_type(type);
  for (UINT type = 0; type < type_count; type++)
    copy_type(type);
  lay_out();
  at = "saving";
  CHECK(ICreateTypeLib2_SaveAllChanges(target));
  release_all();
  free(from);
  free(to);
  return 0;
}
