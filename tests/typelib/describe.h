/* describe.h - everything that a library says, as a text: two libraries that say the same have equal texts. */
#ifndef OLEANDER_TESTS_TYPELIB_DESCRIBE_H
#define OLEANDER_TESTS_TYPELIB_DESCRIBE_H

#include <oaidl.h>
#include <oleauto.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Description {
  char *text;
  size_t size, room;
} Description;

static inline void tell_format(Description *to, const char *format, ...) {
  char line[512];
  va_list arguments;

  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  size_t size = length < 0 ? 0 : (size_t)length < sizeof line ? (size_t)length : sizeof line - 1;
  if (to->size + size + 1 > to->room) {
    size_t room = 2 * to->room + size + 1024;
    char *text = realloc(to->text, room);
    if (!text)
      abort();
    to->text = text;
    to->room = room;
  }
  memcpy(to->text + to->size, line, size + 1);
  to->size += size;
}

static inline void tell_text(Description *to, BSTR text) {
  tell_format(to, " \"");
  for (UINT index = 0; index < SysStringLen(text); index++)
    tell_format(to, text[index] < 0x7F && text[index] >= 0x20 ? "%c" : "<%x>", text[index]);
  tell_format(to, "\"");
  SysFreeString(text);
}

static inline void tell_guid(Description *to, const GUID *guid) {
  const unsigned char *bytes = (const unsigned char *)guid;

  tell_format(to, " ");
  for (unsigned index = 0; index < sizeof *guid; index++)
    tell_format(to, "%02x", bytes[index]);
}

static inline void tell_value(Description *to, const VARIANT *value) {
  tell_format(to, " vt%u:", V_VT(value));
  if (V_VT(value) == VT_BSTR)
    tell_text(to, SysAllocStringLen(V_BSTR(value), SysStringLen(V_BSTR(value))));
  else if (V_VT(value) == VT_DECIMAL)
    tell_format(to, "%u %u %x %llx", V_DECIMAL(value).scale, V_DECIMAL(value).sign, (unsigned)V_DECIMAL(value).Hi32,
                (unsigned long long)V_DECIMAL(value).Lo64);
  else if (V_VT(value) == VT_I1 || V_VT(value) == VT_UI1)
    tell_format(to, "%x", V_UI1(value));
  else if (V_VT(value) == VT_I2 || V_VT(value) == VT_UI2 || V_VT(value) == VT_BOOL)
    tell_format(to, "%x", V_UI2(value));
  else if (V_VT(value) == VT_I8 || V_VT(value) == VT_UI8 || V_VT(value) == VT_R8 || V_VT(value) == VT_CY ||
           V_VT(value) == VT_DATE)
    tell_format(to, "%llx", (unsigned long long)V_UI8(value));
  else if (V_VT(value) != VT_EMPTY && V_VT(value) != VT_NULL && V_VT(value) != VT_UNKNOWN && V_VT(value) != VT_DISPATCH)
    tell_format(to, "%x", (unsigned)V_UI4(value));
}

static inline void tell_reference(Description *to, ITypeInfo2 *info, HREFTYPE reference) {
  ITypeInfo *target;
  ITypeLib *library;
  BSTR name = NULL;
  UINT index;

  if (FAILED(ITypeInfo2_GetRefTypeInfo(info, reference, &target))) {
    tell_format(to, " ?");
    return;
  }
  (void)ITypeInfo_GetDocumentation(target, MEMBERID_NIL, &name, NULL, NULL, NULL);
  tell_text(to, name);
  if (SUCCEEDED(ITypeInfo_GetContainingTypeLib(target, &library, &index))) {
    tell_format(to, "#%u", index);
    ITypeLib_Release(library);
  }
  ITypeInfo_Release(target);
}

static inline void tell_desc(Description *to, ITypeInfo2 *info, const TYPEDESC *desc) {
  tell_format(to, " %u", desc->vt);
  switch (desc->vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
    tell_desc(to, info, desc->lptdesc);
    break;
  case VT_CARRAY:
    for (USHORT index = 0; index < desc->lpadesc->cDims; index++)
      tell_format(to, "[%d:%u]", (int)desc->lpadesc->rgbounds[index].lLbound,
                  (unsigned)desc->lpadesc->rgbounds[index].cElements);
    tell_desc(to, info, &desc->lpadesc->tdescElem);
    break;
  case VT_USERDEFINED:
    tell_reference(to, info, desc->hreftype);
    break;
  default:
    break;
  }
}

static inline void tell_custom(Description *to, HRESULT hr, CUSTDATA *data) {
  if (FAILED(hr)) {
    tell_format(to, " custom %x", (unsigned)hr);
    return;
  }
  for (DWORD index = 0; index < data->cCustData; index++) {
    tell_guid(to, &data->prgCustData[index].guid);
    tell_value(to, &data->prgCustData[index].varValue);
  }
  ClearCustData(data);
}

static inline void tell_help(Description *to, ITypeInfo2 *info, MEMBERID memid) {
  BSTR name = NULL, help = NULL, file = NULL, dll = NULL;
  DWORD context = 0, string_context = 0;

  HRESULT hr = ITypeInfo2_GetDocumentation(info, memid, &name, &help, &context, &file);
  tell_format(to, "\n  doc %x", (unsigned)hr);
  tell_text(to, name);
  tell_text(to, help);
  tell_text(to, file);
  (void)ITypeInfo2_GetDocumentation2(info, memid, 0, NULL, &string_context, &dll);
  tell_text(to, dll);
  tell_format(to, " %u %u", (unsigned)context, (unsigned)string_context);
}

static inline void tell_names(Description *to, ITypeInfo2 *info, MEMBERID memid) {
  BSTR names[64] = { NULL };
  UINT count = 0;

  HRESULT hr = ITypeInfo2_GetNames(info, memid, names, 64, &count);
  tell_format(to, "\n  names %x", (unsigned)hr);
  for (UINT index = 0; SUCCEEDED(hr) && index < count; index++)
    tell_text(to, names[index]);
}

static inline void tell_function(Description *to, ITypeInfo2 *info, UINT index, TYPEKIND kind) {
  CUSTDATA data = { 0, NULL };
  FUNCDESC *desc;

  HRESULT hr = ITypeInfo2_GetFuncDesc(info, index, &desc);
  tell_format(to, "\n function %u %x", index, (unsigned)hr);
  if (FAILED(hr))
    return;
  tell_format(to, " %x %d %d %d %d %d %d %x", (unsigned)desc->memid, desc->funckind, desc->invkind, desc->callconv,
              desc->cParams, desc->cParamsOpt, desc->oVft, desc->wFuncFlags);
  tell_desc(to, info, &desc->elemdescFunc.tdesc);
  for (SHORT k = 0; k < desc->cParams; k++) {
    const ELEMDESC *element = &desc->lprgelemdescParam[k];

    tell_format(to, "\n  parameter %x", element->paramdesc.wParamFlags);
    tell_desc(to, info, &element->tdesc);
    if (element->paramdesc.wParamFlags & PARAMFLAG_FHASDEFAULT)
      tell_value(to, &element->paramdesc.pparamdescex->varDefaultValue);
    tell_custom(to, ITypeInfo2_GetAllParamCustData(info, index, (UINT)k, &data), &data);
  }
  tell_names(to, info, desc->memid);
  tell_help(to, info, desc->memid);
  tell_custom(to, ITypeInfo2_GetAllFuncCustData(info, index, &data), &data);
  if (kind == TKIND_MODULE) {
    BSTR dll = NULL, entry = NULL;
    WORD ordinal = 0;

    hr = ITypeInfo2_GetDllEntry(info, desc->memid, desc->invkind, &dll, &entry, &ordinal);
    tell_format(to, "\n  entry %x %u", (unsigned)hr, ordinal);
    tell_text(to, dll);
    tell_text(to, entry);
  }
  ITypeInfo2_ReleaseFuncDesc(info, desc);
}

static inline void tell_variable(Description *to, ITypeInfo2 *info, UINT index) {
  CUSTDATA data = { 0, NULL };
  VARDESC *desc;

  HRESULT hr = ITypeInfo2_GetVarDesc(info, index, &desc);
  tell_format(to, "\n variable %u %x", index, (unsigned)hr);
  if (FAILED(hr))
    return;
  tell_format(to, " %x %d %x", (unsigned)desc->memid, desc->varkind, desc->wVarFlags);
  tell_desc(to, info, &desc->elemdescVar.tdesc);
  if (desc->varkind == VAR_CONST)
    tell_value(to, desc->lpvarValue);
  else
    tell_format(to, " at %u", (unsigned)desc->oInst);
  tell_names(to, info, desc->memid);
  tell_help(to, info, desc->memid);
  tell_custom(to, ITypeInfo2_GetAllVarCustData(info, index, &data), &data);
  ITypeInfo2_ReleaseVarDesc(info, desc);
}

static inline void tell_implemented(Description *to, ITypeInfo2 *info, UINT index) {
  CUSTDATA data = { 0, NULL };
  HREFTYPE reference = 0;
  INT flags = 0;

  HRESULT hr = ITypeInfo2_GetRefTypeOfImplType(info, index, &reference);
  tell_format(to, "\n implements %u %x", index, (unsigned)hr);
  if (SUCCEEDED(hr))
    tell_reference(to, info, reference);
  (void)ITypeInfo2_GetImplTypeFlags(info, index, &flags);
  tell_format(to, " %x", (unsigned)flags);
  tell_custom(to, ITypeInfo2_GetAllImplTypeCustData(info, index, &data), &data);
}

static inline void tell_type(Description *to, ITypeInfo2 *info, int half) {
  CUSTDATA data = { 0, NULL };
  TYPEATTR *attr;
  HREFTYPE reference;
  ITypeInfo *other;

  HRESULT hr = ITypeInfo2_GetTypeAttr(info, &attr);
  if (FAILED(hr)) {
    tell_format(to, "\ntype %x", (unsigned)hr);
    return;
  }
  tell_format(to, "\ntype %d size %u align %u vft %u flags %x version %u.%u counts %u %u %u", attr->typekind,
              (unsigned)attr->cbSizeInstance, attr->cbAlignment, attr->cbSizeVft, attr->wTypeFlags, attr->wMajorVerNum,
              attr->wMinorVerNum, attr->cFuncs, attr->cVars, attr->cImplTypes);
  tell_guid(to, &attr->guid);
  if (attr->typekind == TKIND_ALIAS)
    tell_desc(to, info, &attr->tdescAlias);
  tell_help(to, info, MEMBERID_NIL);
  tell_custom(to, ITypeInfo2_GetAllCustData(info, &data), &data);
  for (UINT index = 0; index < attr->cImplTypes; index++)
    tell_implemented(to, info, index);
  for (UINT index = 0; index < attr->cFuncs; index++)
    tell_function(to, info, index, attr->typekind);
  for (UINT index = 0; index < attr->cVars; index++)
    tell_variable(to, info, index);
  if (!half && SUCCEEDED(ITypeInfo2_GetRefTypeOfImplType(info, (UINT)-1, &reference)) &&
      SUCCEEDED(ITypeInfo2_GetRefTypeInfo(info, reference, &other))) {
    tell_type(to, (ITypeInfo2 *)other, 1);
    ITypeInfo_Release(other);
  }
  ITypeInfo2_ReleaseTypeAttr(info, attr);
}

static inline void tell_library(Description *to, ITypeLib *library) {
  BSTR name = NULL, help = NULL, file = NULL;
  CUSTDATA data = { 0, NULL };
  DWORD context = 0;
  TLIBATTR *attr;
  ITypeInfo *info;

  if (FAILED(ITypeLib_GetLibAttr(library, &attr)))
    return;
  tell_format(to, "library %u.%u %x %d %x", attr->wMajorVerNum, attr->wMinorVerNum, (unsigned)attr->lcid, attr->syskind,
              attr->wLibFlags & ~LIBFLAG_FHASDISKIMAGE);
  tell_guid(to, &attr->guid);
  ITypeLib_ReleaseTLibAttr(library, attr);
  (void)ITypeLib_GetDocumentation(library, -1, &name, &help, &context, &file);
  tell_text(to, name);
  tell_text(to, help);
  tell_text(to, file);
  tell_format(to, " %u", (unsigned)context);
  tell_custom(to, ITypeLib2_GetAllCustData((ITypeLib2 *)library, &data), &data);
  for (UINT index = 0; index < ITypeLib_GetTypeInfoCount(library); index++) {
    if (FAILED(ITypeLib_GetTypeInfo(library, index, &info)))
      continue;
    tell_type(to, (ITypeInfo2 *)info, 0);
    ITypeInfo_Release(info);
  }
}

#endif
