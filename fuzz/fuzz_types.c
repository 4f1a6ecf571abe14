/* Type information that says what the bytes say: builds signatures, records and chains from it and uses them. The bytes repeat
 * without end, so that a walk that does not limit its own work runs into the limit of this target. */
#ifndef COBJMACROS
#define COBJMACROS
#endif
#include "dispatch/dispatch_api.h"
#include "dispatch/types/signature.h"
#include "dispatch/types/typeinfo_read.h"
#include "fuzz/work_limit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes */

static const uint8_t *bytes;
static size_t byte_count, position;
static long balance; /* references and descriptions that were not given back */

static unsigned next(void) {
  return byte_count ? bytes[position++ % byte_count] : 0;
}

static unsigned next_word(void) {
  unsigned low = next();
  return low | next() << 8;
}

/* A description and what hangs on it, freed together */

typedef struct Block {
  union {
    TYPEATTR attributes;
    FUNCDESC function;
    VARDESC variable;
    TLIBATTR library;
  } head; /* first: callers know only this */
  TYPEDESC descs[64];
  ARRAYDESC arrays[8];
  ELEMDESC elements[16];
  PARAMDESCEX value;
  VARIANT constant;
  unsigned desc_count, array_count;
} Block;

static Block *block_new(void) {
  balance++;
  return calloc(1, sizeof(Block));
}

static void block_free(void *head) {
  balance--;
  free(head);
}

static void fill_desc(Block *block, TYPEDESC *desc, int depth);

static TYPEDESC *new_desc(Block *block, int depth) {
  if (block->desc_count == 64)
    return block->descs; /* back to where it began: a cycle, perhaps */
  TYPEDESC *desc = &block->descs[block->desc_count++];
  fill_desc(block, desc, depth + 1);
  return desc;
}

static void fill_desc(Block *block, TYPEDESC *desc, int depth) {
  unsigned kind = next();
  switch (kind % 8) {
  case 0:
  case 1:
    desc->vt = kind & 8 ? VT_SAFEARRAY : VT_PTR;
    desc->lptdesc = kind & 16 && kind & 32 ? NULL : depth < 50 ? new_desc(block, depth) : desc;
    return;
  case 2:
    desc->vt = VT_CARRAY;
    if (block->array_count < 8) {
      ARRAYDESC *array = &block->arrays[block->array_count++];
      array->cDims = kind & 16 ? (USHORT)next_word() : 1;
      array->rgbounds[0].cElements = kind & 32 ? next_word() * 65537u : next();
      if (array->cDims > 1)
        array->cDims = array->cDims % 2 ? 0 : 65; /* the bounds behind the first are not there */
      fill_desc(block, &array->tdescElem, depth + 1);
      desc->lpadesc = array;
    }
    return;
  case 3:
  case 4:
  case 5:
    desc->vt = VT_USERDEFINED;
    desc->hreftype = kind;
    return;
  default:
    desc->vt = (VARTYPE)(kind & 16 ? next_word() : next() % 73);
    if (desc->vt == VT_PTR || desc->vt == VT_SAFEARRAY || desc->vt == VT_CARRAY)
      desc->lptdesc = NULL;
    return;
  }
}

/* The type information: one object that is every type */

static ITypeInfo type;
static ITypeLib library;

static ULONG STDMETHODCALLTYPE Any_AddRef(void *self) {
  (void)self;
  balance++;
  return 2;
}

static ULONG STDMETHODCALLTYPE Any_Release(void *self) {
  (void)self;
  balance--;
  return 1;
}

static HRESULT STDMETHODCALLTYPE Any_QueryInterface(void *self, REFIID iid, void **object) {
  (void)self;
  (void)iid;
  *object = NULL;
  return next() == 255 ? S_OK : E_NOINTERFACE;
}

/* Sometimes nothing, with or without an error. */
static bool refuses(HRESULT *hr) {
  unsigned how = next();
  *hr = how == 254 ? TYPE_E_CANTLOADLIBRARY : S_OK;
  return how >= 254;
}

static HRESULT STDMETHODCALLTYPE Type_GetTypeAttr(ITypeInfo *self, TYPEATTR **result) {
  HRESULT hr;
  (void)self;
  *result = NULL;
  if (refuses(&hr))
    return hr;
  Block *block = block_new();
  TYPEATTR *attributes = &block->head.attributes;
  attributes->typekind = (TYPEKIND)(next() % 9);
  attributes->guid.Data1 = next() % 4;
  attributes->cFuncs = (WORD)next();
  attributes->cVars = (WORD)(next() & 0x80 ? next_word() : next() % 6);
  attributes->cImplTypes = (WORD)(next() & 0x80 ? next_word() : 1);
  attributes->wTypeFlags = (WORD)next_word();
  attributes->cbSizeInstance = next();
  fill_desc(block, &attributes->tdescAlias, 0);
  *result = attributes;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Type_GetFuncDesc(ITypeInfo *self, UINT index, FUNCDESC **result) {
  static const INVOKEKIND kinds[] = { INVOKE_FUNC, INVOKE_PROPERTYGET, INVOKE_PROPERTYPUT, INVOKE_PROPERTYPUTREF, 0 };
  HRESULT hr;
  (void)self;
  (void)index;
  *result = NULL;
  if (refuses(&hr))
    return hr;
  Block *block = block_new();
  FUNCDESC *function = &block->head.function;
  function->memid = (MEMBERID)next();
  function->funckind = (FUNCKIND)(next() % 6);
  function->invkind = kinds[next() % 5];
  function->callconv = (CALLCONV)(next() % 10);
  function->cParams = (SHORT)(next() & 0x80 ? -1 : (int)next() % 17);
  function->cParamsOpt = (SHORT)((int)next() % 20 - 2);
  function->oVft = (SHORT)next_word();
  function->lprgelemdescParam = next() == 255 ? NULL : block->elements;
  fill_desc(block, &function->elemdescFunc.tdesc, 0);
  for (SHORT k = 0; k < function->cParams && k < 16; k++) {
    ELEMDESC *element = &block->elements[k];
    fill_desc(block, &element->tdesc, 0);
    element->paramdesc.wParamFlags = (USHORT)next();
    element->paramdesc.pparamdescex = next() & 1 ? &block->value : NULL;
  }
  V_VT(&block->value.varDefaultValue) = next() % 2 ? VT_I4 : VT_VARIANT;
  *result = function;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Type_GetVarDesc(ITypeInfo *self, UINT index, VARDESC **result) {
  HRESULT hr;
  (void)self;
  (void)index;
  *result = NULL;
  if (refuses(&hr))
    return hr;
  Block *block = block_new();
  VARDESC *variable = &block->head.variable;
  variable->memid = (MEMBERID)next();
  variable->varkind = (VARKIND)(next() % 5);
  if (variable->varkind == VAR_CONST)
    variable->lpvarValue = next() == 255 ? NULL : &block->constant;
  else
    variable->oInst = next();
  V_VT(&block->constant) = VT_I4;
  fill_desc(block, &variable->elemdescVar.tdesc, 0);
  *result = variable;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Type_GetNames(ITypeInfo *self, MEMBERID memid, BSTR *names, UINT limit, UINT *count) {
  (void)self;
  (void)memid;
  unsigned written = next() % 8, claimed = next();
  for (UINT i = 0; i < written && i < limit; i++)
    names[i] = SysAllocStringByteLen("names", next() % 6);
  *count = claimed == 255 ? 0xFFFFFFFF : claimed;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Type_GetRefTypeOfImplType(ITypeInfo *self, UINT index, HREFTYPE *reference) {
  HRESULT hr;
  (void)self;
  (void)index;
  if (!refuses(&hr))
    *reference = next();
  return hr;
}

static HRESULT STDMETHODCALLTYPE Type_GetImplTypeFlags(ITypeInfo *self, UINT index, INT *flags) {
  (void)self;
  (void)index;
  *flags = (INT)next();
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Type_GetDocumentation(ITypeInfo *self, MEMBERID memid, BSTR *name, BSTR *help,
                                                       DWORD *context, BSTR *file) {
  (void)self;
  (void)memid;
  (void)help;
  (void)context;
  (void)file;
  if (name && next() < 128)
    *name = SysAllocStringByteLen("Type", next() % 5);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Type_GetRefTypeInfo(ITypeInfo *self, HREFTYPE reference, ITypeInfo **result) {
  HRESULT hr;
  (void)reference;
  *result = NULL;
  if (refuses(&hr))
    return hr;
  balance++;
  *result = self;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Type_GetContainingTypeLib(ITypeInfo *self, ITypeLib **result, UINT *index) {
  (void)self;
  unsigned place = next();
  *result = NULL;
  *index = place % 16;
  if (place >= 240)
    return S_OK;
  balance++;
  *result = &library;
  return S_OK;
}

static void STDMETHODCALLTYPE Type_ReleaseTypeAttr(ITypeInfo *self, TYPEATTR *what) {
  (void)self;
  block_free(what);
}

static void STDMETHODCALLTYPE Type_ReleaseFuncDesc(ITypeInfo *self, FUNCDESC *what) {
  (void)self;
  block_free(what);
}

static void STDMETHODCALLTYPE Type_ReleaseVarDesc(ITypeInfo *self, VARDESC *what) {
  (void)self;
  block_free(what);
}

static HRESULT STDMETHODCALLTYPE Library_GetLibAttr(ITypeLib *self, TLIBATTR **result) {
  HRESULT hr;
  (void)self;
  *result = NULL;
  if (refuses(&hr))
    return hr;
  Block *block = block_new();
  block->head.library.syskind = (SYSKIND)(next() % 4);
  *result = &block->head.library;
  return S_OK;
}

static void STDMETHODCALLTYPE Library_ReleaseTLibAttr(ITypeLib *self, TLIBATTR *what) {
  (void)self;
  block_free(what);
}

static ITypeInfoVtbl type_vtable = {
  .QueryInterface = (HRESULT(STDMETHODCALLTYPE *)(ITypeInfo *, REFIID, void **))Any_QueryInterface,
  .AddRef = (ULONG(STDMETHODCALLTYPE *)(ITypeInfo *))Any_AddRef,
  .Release = (ULONG(STDMETHODCALLTYPE *)(ITypeInfo *))Any_Release,
  .GetTypeAttr = Type_GetTypeAttr,
  .GetFuncDesc = Type_GetFuncDesc,
  .GetVarDesc = Type_GetVarDesc,
  .GetNames = Type_GetNames,
  .GetRefTypeOfImplType = Type_GetRefTypeOfImplType,
  .GetImplTypeFlags = Type_GetImplTypeFlags,
  .GetDocumentation = Type_GetDocumentation,
  .GetRefTypeInfo = Type_GetRefTypeInfo,
  .GetContainingTypeLib = Type_GetContainingTypeLib,
  .ReleaseTypeAttr = Type_ReleaseTypeAttr,
  .ReleaseFuncDesc = Type_ReleaseFuncDesc,
  .ReleaseVarDesc = Type_ReleaseVarDesc,
};

static ITypeLibVtbl library_vtable = {
  .QueryInterface = (HRESULT(STDMETHODCALLTYPE *)(ITypeLib *, REFIID, void **))Any_QueryInterface,
  .AddRef = (ULONG(STDMETHODCALLTYPE *)(ITypeLib *))Any_AddRef,
  .Release = (ULONG(STDMETHODCALLTYPE *)(ITypeLib *))Any_Release,
  .GetLibAttr = Library_GetLibAttr,
  .ReleaseTLibAttr = Library_ReleaseTLibAttr,
};

/* Uses */

/* An empty value of the type, copied and cleared. */
static void use_type(const Type *node) {
  enum { LIMIT = 1 << 16 };
  static max_align_t value[LIMIT / sizeof(max_align_t)], copy[LIMIT / sizeof(max_align_t)];
  char text[64];
  type_describe(node, text, sizeof text);
  if (node->size > LIMIT)
    return;
  memset(value, 0, node->size);
  if (SUCCEEDED(type_copy(node, copy, value)))
    type_clear(node, copy);
}

static HRESULT STDMETHODCALLTYPE method(void) {
  return E_NOTIMPL;
}

/* Called through Invoke with as many arguments as the bytes want. Functions that give records back are left out: this
 * one does not. */
static void use_signature(const Signature *signature) {
  enum { SLOTS = 8192, ARGUMENTS = 20 };
  static void (*vtable[SLOTS])(void);
  void *object = vtable;
  VARIANTARG arguments[ARGUMENTS];
  DISPPARAMS params = { arguments, NULL, next() % ARGUMENTS, 0 };
  VARIANT result;
  EXCEPINFO exception;
  UINT bad;
  for (unsigned k = 0; k < signature->count; k++)
    use_type(signature->parameters[k].type);
  if (!vtable[0])
    for (int i = 0; i < SLOTS; i++)
      vtable[i] = (void (*)(void))method;
  if (!(signature->flags & SIGNATURE_HRESULT) || signature->slot >= SLOTS)
    return;
  for (UINT i = 0; i < params.cArgs; i++) {
    V_VT(&arguments[i]) = next() % 2 ? VT_I4 : VT_EMPTY;
    V_I4(&arguments[i]) = (LONG)next();
  }
  memset(&exception, 0, sizeof exception);
  VariantInit(&result);
  signature_dispinvoke(signature, &type, &object, DISPATCH_METHOD, 0, &params, &result, &exception, &bad);
  VariantClear(&result);
  exception_clear(&exception);
}

static void use_record(void) {
  IRecordInfo *record = NULL;
  if (FAILED(GetRecordInfoFromTypeInfo(&type, &record)))
    return;
  void *value = IRecordInfo_RecordCreate(record);
  if (value)
    IRecordInfo_RecordDestroy(record, value);
  IRecordInfo_Release(record);
}

static void use_chains(void) {
  ITypeInfo *levels[TYPEINFO_CHAIN_LIMIT], *other = NULL;
  UINT count = 0;
  typeinfo_get_bases(&type, levels, TYPEINFO_CHAIN_LIMIT, &count);
  typeinfo_release_bases(levels, count);
  if (SUCCEEDED(typeinfo_resolve_alias(&type, &other)))
    ITypeInfo_Release(other);
  if (SUCCEEDED(coclass_default_interface(&type, next() % 2 ? IMPLTYPEFLAG_FSOURCE : 0, &other)))
    ITypeInfo_Release(other);
}

static void use_node(void) {
  TypeSet *set = NULL;
  const Type *node = NULL;
  BSTR name = NULL;
  if (FAILED(type_set_create(&set)))
    return;
  if (SUCCEEDED(type_from_typeinfo(set, &type, &node, NULL, 0))) {
    use_type(node);
    type_enum_name(node, &type, (LONG)next(), &name);
    SysFreeString(name);
  }
  type_set_release(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double begin = work_seconds();
  type.lpVtbl = &type_vtable;
  library.lpVtbl = &library_vtable;
  bytes = data;
  byte_count = size;
  position = 0;
  balance = 0;
  for (int i = 0; i < 4; i++) {
    const Signature *signature = NULL;
    switch (next() % 4) {
    case 0:
      if (SUCCEEDED(typeinfo_signature(&type, next(), NULL, &signature))) {
        use_signature(signature);
        signature_release(signature);
      }
      break;
    case 1:
      use_record();
      break;
    case 2:
      use_chains();
      break;
    default:
      use_node();
      break;
    }
  }
  work_check(begin, "describing types");
  if (balance != 0) {
    fprintf(stderr, "%ld references or descriptions were not given back\n", balance);
    abort();
  }
  return 0;
}
