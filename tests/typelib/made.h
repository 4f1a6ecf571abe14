/* Libraries made in a test through ICreateTypeLib2: short forms, and a folder for them. */
#ifndef OLEANDER_TESTS_TYPELIB_MADE_H
#define OLEANDER_TESTS_TYPELIB_MADE_H

#include "sample.h"

#include "support/scratch.h"

static inline OLECHAR *made_path(const char *name) {
  return utf16_copy(scratch_path(name));
}

static inline ICreateTypeLib2 *made_library(SYSKIND system, const char *name) {
  OLECHAR *path = made_path(name);
  ICreateTypeLib2 *library = NULL;

  assert_ok(CreateTypeLib2(system, path, &library));
  free(path);
  return library;
}

static inline ICreateTypeInfo2 *made_type(ICreateTypeLib2 *library, const OLECHAR *name, TYPEKIND kind) {
  ICreateTypeInfo *type = NULL;
  ICreateTypeInfo2 *type2 = NULL;

  assert_ok(ICreateTypeLib2_CreateTypeInfo(library, (OLECHAR *)name, kind, &type));
  assert_ok(ICreateTypeInfo_QueryInterface(type, &IID_ICreateTypeInfo2, (void **)&type2));
  ICreateTypeInfo_Release(type);
  return type2;
}

static inline ITypeInfo2 *made_info(ICreateTypeInfo2 *type) {
  ITypeInfo2 *info = NULL;

  assert_ok(ICreateTypeInfo2_QueryInterface(type, &IID_ITypeInfo2, (void **)&info));
  return info;
}

static inline HREFTYPE made_reference(ICreateTypeInfo2 *type, ICreateTypeInfo2 *to) {
  ITypeInfo2 *info = made_info(to);
  HREFTYPE reference = 0;

  assert_ok(ICreateTypeInfo2_AddRefTypeInfo(type, (ITypeInfo *)info, &reference));
  ITypeInfo2_Release(info);
  return reference;
}

/* To a type of the built-in library. */
static inline HREFTYPE made_stdole_reference(ICreateTypeInfo2 *type, REFGUID guid) {
  ITypeLib *stdole = NULL;
  ITypeInfo *info = NULL;
  HREFTYPE reference = 0;

  assert_ok(LoadTypeLib(u"stdole2.tlb", &stdole));
  assert_ok(ITypeLib_GetTypeInfoOfGuid(stdole, guid, &info));
  assert_ok(ICreateTypeInfo2_AddRefTypeInfo(type, info, &reference));
  ITypeInfo_Release(info);
  ITypeLib_Release(stdole);
  return reference;
}

/* A method without parameters that returns an HRESULT. */
static inline FUNCDESC made_method(FUNCKIND kind, MEMBERID memid) {
  FUNCDESC desc = { .memid = memid, .funckind = kind, .invkind = INVOKE_FUNC, .callconv = CC_STDCALL };

  desc.elemdescFunc.tdesc.vt = VT_HRESULT;
  return desc;
}

static inline void made_add(ICreateTypeInfo2 *type, UINT index, FUNCDESC *desc, const OLECHAR *name) {
  OLECHAR *names[] = { (OLECHAR *)name };

  assert_ok(ICreateTypeInfo2_AddFuncDesc(type, index, desc));
  assert_ok(ICreateTypeInfo2_SetFuncAndParamNames(type, index, names, 1));
}

/* What was written, opened again. */
static inline ITypeLib *made_saved(ICreateTypeLib2 *library, const char *name) {
  OLECHAR *path = made_path(name);
  ITypeLib *saved = NULL;

  assert_ok(ICreateTypeLib2_SaveAllChanges(library));
  assert_ok(LoadTypeLibEx(path, REGKIND_NONE, &saved));
  free(path);
  return saved;
}

#endif
