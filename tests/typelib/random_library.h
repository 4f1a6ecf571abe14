/* random_library.h - a library made by calls that bytes choose: of every method, in any order, with arguments that are
 * right more often than not. Bytes that ran out are zeros. */
#ifndef OLEANDER_TESTS_TYPELIB_RANDOM_LIBRARY_H
#define OLEANDER_TESTS_TYPELIB_RANDOM_LIBRARY_H

#include <oaidl.h>
#include <oleauto.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define RANDOM_TYPES 24
#define RANDOM_CALLS 600

typedef struct RandomLibrary {
  const uint8_t *data;
  size_t size, position;
  ICreateTypeLib2 *library;
  ICreateTypeInfo2 *types[RANDOM_TYPES];
  UINT count;
  ITypeLib *stdole;
} RandomLibrary;

static inline unsigned random_byte(RandomLibrary *self) {
  return self->position < self->size ? self->data[self->position++] : 0;
}

static inline unsigned random_below(RandomLibrary *self, unsigned limit) {
  return random_byte(self) % limit;
}

static inline OLECHAR *random_name(RandomLibrary *self) {
  static OLECHAR *const names[] = { u"Apple", u"apple", u"Pear",  u"Plum",  u"Quince", u"Value",  u"value",   u"Count",
                                    u"Item",  u"x",     u"y",     u"naïve", u"Fig",    u"Grape",  u"Lime",    u"Mango",
                                    u"Nut",   u"Olive", u"Peach", u"Rose",  u"Sorrel", u"Tomato", u"Unknown", u"Vine" };

  return names[random_below(self, sizeof names / sizeof *names)];
}

static inline OLECHAR *random_text(RandomLibrary *self) {
  static OLECHAR *const texts[] = { u"", u"Helps", u"Hilft, süß", u"€ 5", u"a longer text that says very little" };

  return texts[random_below(self, sizeof texts / sizeof *texts)];
}

static inline GUID random_guid(RandomLibrary *self) {
  GUID guid = { random_below(self, 12), 2, 3, { 4, 5, 6, 7, 8, 9, 10, 11 } };

  return guid;
}

/* To be cleared. */
static inline VARIANT random_value(RandomLibrary *self) {
  static const VARTYPE kinds[] = { VT_EMPTY, VT_NULL, VT_I1, VT_UI1, VT_I2,    VT_UI2,  VT_BOOL,     VT_I4,      VT_UI4,
                                   VT_INT,   VT_UINT, VT_R4, VT_I8,  VT_ERROR, VT_BSTR, VT_R8,       VT_HRESULT, VT_CY,
                                   VT_DATE,  VT_UI8,  VT_I4, VT_I4,  VT_BSTR,  VT_I2,   VT_DISPATCH, VT_DECIMAL };
  VARIANT value;

  memset(&value, 0, sizeof value);
  VARTYPE kind = kinds[random_below(self, sizeof kinds / sizeof *kinds)];
  if (kind == VT_DECIMAL) {
    V_DECIMAL(&value).scale = (BYTE)random_below(self, 29);
    V_DECIMAL(&value).Hi32 = random_byte(self);
    V_DECIMAL(&value).Lo64 = random_byte(self) * UINT64_C(0x0101010101010101);
  } else if (kind == VT_BSTR) {
    V_BSTR(&value) = random_below(self, 5) ? SysAllocString(random_text(self)) : NULL;
  } else if (kind != VT_DISPATCH) {
    for (unsigned index = 0; index < 8; index++)
      V_UI8(&value) = V_UI8(&value) << 8 | random_byte(self);
  }
  V_VT(&value) = kind;
  return value;
}

/* References, to types of the library and of stdole; now and then one that is wrong. */
static inline HREFTYPE random_reference(RandomLibrary *self, ICreateTypeInfo2 *type) {
  HREFTYPE reference = random_byte(self);
  ITypeInfo *info = NULL;
  unsigned choice = random_below(self, 8);

  if (choice == 0)
    return reference;
  if (choice < 3 || self->count == 0)
    (void)ITypeLib_GetTypeInfo(self->stdole, reference % ITypeLib_GetTypeInfoCount(self->stdole), &info);
  else
    (void)ICreateTypeInfo2_QueryInterface(self->types[reference % self->count], &IID_ITypeInfo, (void **)&info);
  if (info) {
    (void)ICreateTypeInfo2_AddRefTypeInfo(type, info, &reference);
    ITypeInfo_Release(info);
  }
  return reference;
}

/* Types, in memory that stays until the next one is made. */
typedef struct RandomDesc {
  TYPEDESC levels[8];
  struct {
    ARRAYDESC array;
    SAFEARRAYBOUND more[3];
  } arrays[8];
} RandomDesc;

static inline TYPEDESC random_desc(RandomLibrary *self, ICreateTypeInfo2 *type, RandomDesc *room, unsigned depth) {
  static const VARTYPE simple[] = { VT_I2,       VT_I4,      VT_R4,    VT_R8,      VT_CY,      VT_DATE,    VT_BSTR,
                                    VT_DISPATCH, VT_ERROR,   VT_BOOL,  VT_VARIANT, VT_UNKNOWN, VT_DECIMAL, VT_I1,
                                    VT_UI1,      VT_UI2,     VT_UI4,   VT_I8,      VT_UI8,     VT_INT,     VT_UINT,
                                    VT_VOID,     VT_HRESULT, VT_LPSTR, VT_LPWSTR };
  TYPEDESC desc = { .vt = VT_I4 };
  unsigned choice = random_below(self, 10);

  if (choice < 5 || depth >= 7) {
    desc.vt = simple[random_below(self, sizeof simple / sizeof *simple)];
  } else if (choice < 7) {
    desc.vt = choice == 5 ? VT_PTR : VT_SAFEARRAY;
    room->levels[depth] = random_desc(self, type, room, depth + 1);
    desc.lptdesc = &room->levels[depth];
  } else if (choice == 7) {
    ARRAYDESC *array = &room->arrays[depth].array;

    desc.vt = VT_CARRAY;
    desc.lpadesc = array;
    array->cDims = (USHORT)(1 + random_below(self, 3));
    for (USHORT index = 0; index < array->cDims; index++) {
      SAFEARRAYBOUND bound = { random_below(self, 9), (LONG)random_below(self, 3) - 1 };
      memcpy((char *)array->rgbounds + index * sizeof bound, &bound, sizeof bound);
    }
    array->tdescElem = random_desc(self, type, room, depth + 1);
  } else {
    desc.vt = VT_USERDEFINED;
    desc.hreftype = random_reference(self, type);
  }
  return desc;
}

static inline void random_function(RandomLibrary *self, ICreateTypeInfo2 *type) {
  static const INVOKEKIND kinds[] = { INVOKE_FUNC, INVOKE_FUNC, INVOKE_PROPERTYGET, INVOKE_PROPERTYPUT,
                                      INVOKE_PROPERTYPUTREF };
  RandomDesc rooms[5];
  PARAMDESCEX extras[4];
  ELEMDESC parameters[4];
  FUNCDESC desc;

  memset(&desc, 0, sizeof desc);
  memset(parameters, 0, sizeof parameters);
  desc.cParams = (SHORT)random_below(self, 5);
  desc.lprgelemdescParam = parameters;
  desc.memid = random_below(self, 3) ? MEMBERID_NIL : (MEMBERID)random_below(self, 6);
  desc.funckind = random_below(self, 6) ? FUNC_PUREVIRTUAL : (FUNCKIND)random_below(self, 5);
  if (random_below(self, 3) == 0)
    desc.funckind = random_below(self, 2) ? FUNC_DISPATCH : FUNC_STATIC;
  desc.invkind = kinds[random_below(self, 5)];
  desc.callconv = (CALLCONV)random_below(self, 10);
  desc.cParamsOpt = (SHORT)(random_below(self, 4) - 1);
  desc.oVft = random_below(self, 4) ? 0 : (SHORT)(8 * random_below(self, 40));
  desc.wFuncFlags = (WORD)(random_byte(self) << 5 | random_below(self, 32));
  desc.elemdescFunc.tdesc = random_desc(self, type, &rooms[4], 0);
  for (SHORT index = 0; index < desc.cParams; index++) {
    parameters[index].tdesc = random_desc(self, type, &rooms[index], 0);
    parameters[index].paramdesc.wParamFlags = (USHORT)random_below(self, 0x40);
    extras[index].cBytes = sizeof extras[index];
    extras[index].varDefaultValue = random_value(self);
    parameters[index].paramdesc.pparamdescex = &extras[index];
  }
  (void)ICreateTypeInfo2_AddFuncDesc(type, random_below(self, 4), &desc);
  for (SHORT index = 0; index < desc.cParams; index++)
    VariantClear(&extras[index].varDefaultValue);
}

static inline void random_variable(RandomLibrary *self, ICreateTypeInfo2 *type) {
  RandomDesc room;
  VARDESC desc;
  VARIANT value = random_value(self);

  memset(&desc, 0, sizeof desc);
  desc.varkind = (VARKIND)random_below(self, 4);
  desc.memid = random_below(self, 2) ? MEMBERID_NIL : (MEMBERID)random_below(self, 9);
  desc.wVarFlags = (WORD)random_byte(self);
  desc.elemdescVar.tdesc = random_desc(self, type, &room, 0);
  if (desc.varkind == VAR_CONST)
    desc.lpvarValue = &value;
  (void)ICreateTypeInfo2_AddVarDesc(type, random_below(self, 4), &desc);
  VariantClear(&value);
}

static inline void random_names(RandomLibrary *self, ICreateTypeInfo2 *type) {
  OLECHAR *names[6];
  UINT count = random_below(self, 6);

  for (UINT index = 0; index < 6; index++)
    names[index] = index > 0 && random_below(self, 9) == 0 ? NULL : random_name(self);
  (void)ICreateTypeInfo2_SetFuncAndParamNames(type, random_below(self, 5), names, count);
}

static inline void random_custom(RandomLibrary *self, ICreateTypeInfo2 *type) {
  VARIANT value = random_value(self);
  GUID guid = random_guid(self);
  UINT index = random_below(self, 4);

  switch (random_below(self, 6)) {
  case 0:
    (void)ICreateTypeInfo2_SetCustData(type, &guid, &value);
    break;
  case 1:
    (void)ICreateTypeInfo2_SetFuncCustData(type, index, &guid, &value);
    break;
  case 2:
    (void)ICreateTypeInfo2_SetParamCustData(type, index, random_below(self, 4), &guid, &value);
    break;
  case 3:
    (void)ICreateTypeInfo2_SetVarCustData(type, index, &guid, &value);
    break;
  case 4:
    (void)ICreateTypeInfo2_SetImplTypeCustData(type, index, &guid, &value);
    break;
  default:
    (void)ICreateTypeLib2_SetCustData(self->library, &guid, &value);
    break;
  }
  VariantClear(&value);
}

static inline void random_details(RandomLibrary *self, ICreateTypeInfo2 *type) {
  UINT index = random_below(self, 4);
  DWORD number = random_byte(self);

  switch (random_below(self, 10)) {
  case 0:
    (void)ICreateTypeInfo2_SetFuncDocString(type, index, random_text(self));
    break;
  case 1:
    (void)ICreateTypeInfo2_SetVarDocString(type, index, random_text(self));
    break;
  case 2:
    (void)ICreateTypeInfo2_SetFuncHelpContext(type, index, number);
    break;
  case 3:
    (void)ICreateTypeInfo2_SetVarHelpContext(type, index, number);
    break;
  case 4:
    (void)ICreateTypeInfo2_SetFuncHelpStringContext(type, index, number);
    break;
  case 5:
    (void)ICreateTypeInfo2_SetVarHelpStringContext(type, index, number);
    break;
  case 6:
    (void)ICreateTypeInfo2_DefineFuncAsDllEntry(type, index, random_name(self),
                                                number % 2 ? random_name(self) : (OLECHAR *)(uintptr_t)number);
    break;
  case 7:
    (void)ICreateTypeInfo2_SetVarName(type, index, random_name(self));
    break;
  case 8:
    (void)ICreateTypeInfo2_SetImplTypeFlags(type, index, (INT)random_below(self, 16));
    break;
  default:
    (void)ICreateTypeInfo2_SetMops(type, index, NULL);
    break;
  }
}

static inline void random_facts(RandomLibrary *self, ICreateTypeInfo2 *type) {
  static const UINT flags[] = { 0, TYPEFLAG_FDUAL | TYPEFLAG_FOLEAUTOMATION, TYPEFLAG_FHIDDEN, TYPEFLAG_FCANCREATE,
                                TYPEFLAG_FDUAL };
  GUID guid = random_guid(self);

  switch (random_below(self, 8)) {
  case 0:
    (void)ICreateTypeInfo2_SetGuid(type, &guid);
    break;
  case 1:
    (void)ICreateTypeInfo2_SetTypeFlags(type, flags[random_below(self, 5)]);
    break;
  case 2:
    (void)ICreateTypeInfo2_SetDocString(type, random_text(self));
    break;
  case 3:
    (void)ICreateTypeInfo2_SetHelpContext(type, random_byte(self));
    break;
  case 4:
    (void)ICreateTypeInfo2_SetVersion(type, (WORD)random_byte(self), (WORD)random_byte(self));
    break;
  case 5:
    (void)ICreateTypeInfo2_SetAlignment(type, (WORD)(1u << random_below(self, 5)));
    break;
  case 6:
    (void)ICreateTypeInfo2_SetName(type, random_name(self));
    break;
  default:
    (void)ICreateTypeInfo2_SetHelpStringContext(type, random_byte(self));
    break;
  }
}

static inline void random_removal(RandomLibrary *self, ICreateTypeInfo2 *type) {
  UINT index = random_below(self, 4);

  switch (random_below(self, 8)) {
  case 0:
    (void)ICreateTypeInfo2_DeleteFuncDesc(type, index);
    break;
  case 1:
    (void)ICreateTypeInfo2_DeleteFuncDescByMemId(type, (MEMBERID)index, INVOKE_FUNC);
    break;
  case 2:
    (void)ICreateTypeInfo2_DeleteVarDesc(type, index);
    break;
  case 3:
    (void)ICreateTypeInfo2_DeleteVarDescByMemId(type, 0x40000000 + (MEMBERID)index);
    break;
  case 4:
    (void)ICreateTypeInfo2_DeleteImplType(type, index);
    break;
  case 5:
    (void)ICreateTypeLib2_DeleteTypeInfo(self->library, random_name(self));
    break;
  default:
    (void)ICreateTypeInfo2_LayOut(type);
    break;
  }
}

static inline void random_library_facts(RandomLibrary *self) {
  GUID guid = random_guid(self);

  guid.Data2 = 77; /* not the one of a type */
  switch (random_below(self, 9)) {
  case 0:
    (void)ICreateTypeLib2_SetName(self->library, random_name(self));
    break;
  case 1:
    (void)ICreateTypeLib2_SetVersion(self->library, (WORD)random_byte(self), (WORD)random_byte(self));
    break;
  case 2:
    (void)ICreateTypeLib2_SetDocString(self->library, random_text(self));
    break;
  case 3:
    (void)ICreateTypeLib2_SetHelpFileName(self->library, random_text(self));
    break;
  case 4:
    (void)ICreateTypeLib2_SetHelpContext(self->library, random_byte(self));
    break;
  case 5:
    (void)ICreateTypeLib2_SetLcid(self->library, random_below(self, 2) ? 0x407 : 0x419);
    break;
  case 6:
    (void)ICreateTypeLib2_SetLibFlags(self->library, random_below(self, 8));
    break;
  case 7:
    (void)ICreateTypeLib2_SetHelpStringDll(self->library, random_text(self));
    break;
  default:
    (void)ICreateTypeLib2_SetGuid(self->library, &guid);
    break;
  }
}

static inline void random_new_type(RandomLibrary *self) {
  TYPEKIND kind = (TYPEKIND)random_below(self, TKIND_MAX);
  ICreateTypeInfo *type;

  if (self->count == RANDOM_TYPES)
    return;
  if (SUCCEEDED(ICreateTypeLib2_CreateTypeInfo(self->library, random_name(self), kind, &type)))
    self->types[self->count++] = (ICreateTypeInfo2 *)type;
}

static inline void random_alias(RandomLibrary *self, ICreateTypeInfo2 *type) {
  RandomDesc room;
  TYPEDESC desc = random_desc(self, type, &room, 0);

  (void)ICreateTypeInfo2_SetTypeDescAlias(type, &desc);
}

static inline void random_call(RandomLibrary *self) {
  unsigned choice = random_below(self, 24);

  if (choice < 4 || self->count == 0) {
    random_new_type(self);
    return;
  }
  ICreateTypeInfo2 *type = self->types[random_below(self, self->count)];
  if (choice < 9)
    random_function(self, type);
  else if (choice < 12)
    random_variable(self, type);
  else if (choice < 15)
    random_names(self, type);
  else if (choice < 16)
    random_custom(self, type);
  else if (choice < 18)
    random_details(self, type);
  else if (choice < 19)
    random_facts(self, type);
  else if (choice < 20)
    random_removal(self, type);
  else if (choice < 21)
    random_library_facts(self);
  else if (choice < 22)
    random_alias(self, type);
  else
    (void)ICreateTypeInfo2_AddImplType(type, random_below(self, 3), random_reference(self, type));
}

/* The library is the caller's; random_library_release gives the types back. */
static inline bool random_library_make(RandomLibrary *self, const uint8_t *data, size_t size) {
  static const GUID libid = { 0x77777777, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

  memset(self, 0, sizeof *self);
  self->data = data;
  self->size = size;
  if (FAILED(LoadTypeLib(u"stdole2.tlb", &self->stdole)))
    return false;
  if (FAILED(CreateTypeLib2((SYSKIND)random_below(self, 4), u"random.tlb", &self->library))) {
    ITypeLib_Release(self->stdole);
    return false;
  }
  (void)ICreateTypeLib2_SetGuid(self->library, &libid);
  for (unsigned call = 0; call < RANDOM_CALLS && self->position < size; call++)
    random_call(self);
  return true;
}

static inline HRESULT random_library_lay_out(RandomLibrary *self) {
  HRESULT hr = S_OK;

  for (UINT index = 0; SUCCEEDED(hr) && index < self->count; index++)
    hr = ICreateTypeInfo2_LayOut(self->types[index]);
  return hr;
}

static inline void random_library_release(RandomLibrary *self) {
  for (UINT index = 0; index < self->count; index++)
    ICreateTypeInfo2_Release(self->types[index]);
  ICreateTypeLib2_Release(self->library);
  ITypeLib_Release(self->stdole);
}

#endif
