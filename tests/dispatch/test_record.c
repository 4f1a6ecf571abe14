/* IRecordInfo over type information that the test makes: layout, fields, copies, nested records, arrays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <objbase.h>
#include <oleauto.h>
#include <string.h>

#include "dispatch/dispatch_api.h"
#include "support/faults.h"
#include "support/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* type information from a table */

typedef struct FakeField {
  const OLECHAR *name;
  TYPEDESC type;
  ULONG offset;
} FakeField;

typedef struct FakeType {
  ITypeInfo info; /* lives as long as the test: references are only counted */
  LONG references;
  TYPEKIND kind;
  GUID guid;
  const OLECHAR *name;
  const FakeField *fields;
  WORD field_count;
  ULONG size;
  TYPEDESC alias;
} FakeType;

enum { REF_POINT = 4, REF_COLOR = 8, REF_OUTER = 12, REF_DISPATCH = 16, REF_ALIAS = 20, REF_NODE = 24 };

static FakeType *fake_by_reference(HREFTYPE reference);

static HRESULT STDMETHODCALLTYPE fake_query(ITypeInfo *self, REFIID iid, void **object) {
  *object = NULL;
  if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_ITypeInfo))
    return E_NOINTERFACE;
  ((FakeType *)self)->references++;
  *object = self;
  return S_OK;
}

static ULONG STDMETHODCALLTYPE fake_addref(ITypeInfo *self) {
  return (ULONG)++((FakeType *)self)->references;
}

static ULONG STDMETHODCALLTYPE fake_release(ITypeInfo *self) {
  return (ULONG)--((FakeType *)self)->references;
}

static HRESULT STDMETHODCALLTYPE fake_attributes(ITypeInfo *self, TYPEATTR **attributes) {
  FakeType *fake = (FakeType *)self;
  *attributes = CoTaskMemAlloc(sizeof **attributes);
  if (*attributes == NULL)
    return E_OUTOFMEMORY;
  memset(*attributes, 0, sizeof **attributes);
  (*attributes)->guid = fake->guid;
  (*attributes)->typekind = fake->kind;
  (*attributes)->cVars = fake->field_count;
  (*attributes)->cbSizeInstance = fake->size;
  (*attributes)->cbAlignment = 8;
  (*attributes)->tdescAlias = fake->alias;
  return S_OK;
}

static void STDMETHODCALLTYPE fake_release_attributes(ITypeInfo *self, TYPEATTR *attributes) {
  (void)self;
  CoTaskMemFree(attributes);
}

static HRESULT STDMETHODCALLTYPE fake_variable(ITypeInfo *self, UINT index, VARDESC **desc) {
  FakeType *fake = (FakeType *)self;
  if (index >= fake->field_count)
    return TYPE_E_ELEMENTNOTFOUND;
  *desc = CoTaskMemAlloc(sizeof **desc);
  if (*desc == NULL)
    return E_OUTOFMEMORY;
  memset(*desc, 0, sizeof **desc);
  (*desc)->memid = (MEMBERID)index;
  (*desc)->varkind = VAR_PERINSTANCE;
  (*desc)->oInst = fake->fields[index].offset;
  (*desc)->elemdescVar.tdesc = fake->fields[index].type;
  return S_OK;
}

static void STDMETHODCALLTYPE fake_release_variable(ITypeInfo *self, VARDESC *desc) {
  (void)self;
  CoTaskMemFree(desc);
}

static HRESULT STDMETHODCALLTYPE fake_names(ITypeInfo *self, MEMBERID memid, BSTR *names, UINT most, UINT *count) {
  FakeType *fake = (FakeType *)self;
  *count = 0;
  if (memid < 0 || memid >= fake->field_count || most == 0)
    return TYPE_E_ELEMENTNOTFOUND;
  names[0] = SysAllocString(fake->fields[memid].name);
  if (names[0] == NULL)
    return E_OUTOFMEMORY;
  *count = 1;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE fake_documentation(ITypeInfo *self, MEMBERID memid, BSTR *name, BSTR *text,
                                                    DWORD *context, BSTR *file) {
  FakeType *fake = (FakeType *)self;
  if (text != NULL)
    *text = NULL;
  if (context != NULL)
    *context = 0;
  if (file != NULL)
    *file = NULL;
  if (name == NULL)
    return S_OK;
  *name = SysAllocString(memid == MEMBERID_NIL ? fake->name : fake->fields[memid].name);
  return *name != NULL ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE fake_reference(ITypeInfo *self, HREFTYPE reference, ITypeInfo **info) {
  FakeType *fake = fake_by_reference(reference);
  (void)self;
  *info = NULL;
  if (fake == NULL)
    return TYPE_E_ELEMENTNOTFOUND;
  fake->references++;
  *info = &fake->info;
  return S_OK;
}

static ULONG STDMETHODCALLTYPE fake_library_count(ITypeLib *self) {
  (void)self;
  return 1;
}

static HRESULT STDMETHODCALLTYPE fake_library_attributes(ITypeLib *self, TLIBATTR **attributes) {
  static TLIBATTR fixed = { .syskind = SYS_WIN64 };
  (void)self;
  *attributes = &fixed;
  return S_OK;
}

static void STDMETHODCALLTYPE fake_library_release_attributes(ITypeLib *self, TLIBATTR *attributes) {
  (void)self;
  (void)attributes;
}

static const ITypeLibVtbl fake_library_vtable = { .AddRef = fake_library_count,
                                                  .Release = fake_library_count,
                                                  .GetLibAttr = fake_library_attributes,
                                                  .ReleaseTLibAttr = fake_library_release_attributes };
static ITypeLib the_library = { &fake_library_vtable };

/* Only what refers to itself must be recognised, by its place in a library. */
static HRESULT STDMETHODCALLTYPE fake_library(ITypeInfo *self, ITypeLib **library, UINT *index) {
  bool has_library = self == &fake_by_reference(REF_NODE)->info;
  *library = has_library ? &the_library : NULL;
  *index = 0;
  return has_library ? S_OK : TYPE_E_CANTLOADLIBRARY;
}

static HRESULT STDMETHODCALLTYPE fake_implemented(ITypeInfo *self, UINT index, HREFTYPE *reference) {
  (void)self;
  (void)index;
  *reference = 0;
  return TYPE_E_ELEMENTNOTFOUND;
}

static const ITypeInfoVtbl fake_vtable = { .QueryInterface = fake_query,
                                           .AddRef = fake_addref,
                                           .Release = fake_release,
                                           .GetTypeAttr = fake_attributes,
                                           .ReleaseTypeAttr = fake_release_attributes,
                                           .GetVarDesc = fake_variable,
                                           .ReleaseVarDesc = fake_release_variable,
                                           .GetNames = fake_names,
                                           .GetDocumentation = fake_documentation,
                                           .GetRefTypeInfo = fake_reference,
                                           .GetRefTypeOfImplType = fake_implemented,
                                           .GetContainingTypeLib = fake_library };

/* struct Point { long x; double y; BSTR name; } */
typedef struct Point {
  LONG x;
  double y;
  BSTR name;
} Point;

/* What the second record of the tests looks like in C. */
typedef struct Outer {
  BYTE flag;
  Point point;
  VARIANT any;
  IUnknown *object;
  LONG grid[2][3];
  Point pair[2];
  SAFEARRAY *array; /* of long */
  LONG color;
  DECIMAL decimal;
  VARIANT_BOOL truth;
  CY money;
} Outer;

/* long[2][3]; the second bound lies in what the structure has as padding. */
static ARRAYDESC *grid_desc(void) {
  static union {
    ARRAYDESC desc;
    char room[sizeof(ARRAYDESC) + sizeof(SAFEARRAYBOUND)];
  } grid;
  static const SAFEARRAYBOUND bounds[] = { { 2, 0 }, { 3, 0 } };
  grid.desc.tdescElem.vt = VT_I4;
  grid.desc.cDims = 2;
  memcpy(grid.room + offsetof(ARRAYDESC, rgbounds), bounds, sizeof bounds);
  return &grid.desc;
}

static ARRAYDESC pair_desc = { { .vt = VT_USERDEFINED }, 1, { { 2, 5 } } };
static TYPEDESC pointer_to_dispatch = { .vt = VT_USERDEFINED };
static TYPEDESC element_long = { .vt = VT_I4 };

static const FakeField point_fields[] = {
  { u"x", { .vt = VT_I4 }, offsetof(Point, x) },
  { u"y", { .vt = VT_R8 }, offsetof(Point, y) },
  { u"Name", { .vt = VT_BSTR }, offsetof(Point, name) },
};

static FakeField outer_fields[] = {
  { u"flag", { .vt = VT_UI1 }, offsetof(Outer, flag) },
  { u"point", { .vt = VT_USERDEFINED }, offsetof(Outer, point) },
  { u"any", { .vt = VT_VARIANT }, offsetof(Outer, any) },
  { u"object", { .vt = VT_UNKNOWN }, offsetof(Outer, object) },
  { u"grid", { .vt = VT_CARRAY }, offsetof(Outer, grid) },
  { u"pair", { .vt = VT_CARRAY }, offsetof(Outer, pair) },
  { u"array", { .vt = VT_SAFEARRAY }, offsetof(Outer, array) },
  { u"color", { .vt = VT_USERDEFINED }, offsetof(Outer, color) },
  { u"decimal", { .vt = VT_DECIMAL }, offsetof(Outer, decimal) },
  { u"truth", { .vt = VT_BOOL }, offsetof(Outer, truth) },
  { u"money", { .vt = VT_CY }, offsetof(Outer, money) },
};

static FakeType point_type = {
  { &fake_vtable },  1, TKIND_RECORD, { .Data1 = 1 }, u"Point", point_fields, COUNT(point_fields), sizeof(Point),
  { .vt = VT_EMPTY }
};
static FakeType color_type = {
  { &fake_vtable }, 1, TKIND_ENUM, { .Data1 = 2 }, u"Color", NULL, 0, 4, { .vt = VT_EMPTY }
};
static FakeType outer_type = {
  { &fake_vtable },  1, TKIND_RECORD, { .Data1 = 3 }, u"Outer", outer_fields, COUNT(outer_fields), sizeof(Outer),
  { .vt = VT_EMPTY }
};
static FakeType alias_type = { { &fake_vtable },        1, TKIND_ALIAS, { .Data1 = 4 }, u"Spot", NULL, 0, sizeof(Point),
                               { .vt = VT_USERDEFINED } };
static FakeType other_type = {
  { &fake_vtable },  1, TKIND_RECORD, { .Data1 = 5 }, u"Other", point_fields, COUNT(point_fields), sizeof(Point),
  { .vt = VT_EMPTY }
};

/* A list behind pointers, which may be of any length. */
typedef struct Node {
  struct Node *next;
  VARIANT value;
} Node;

static TYPEDESC node_desc = { .vt = VT_USERDEFINED };
static const FakeField node_fields[] = {
  { u"next", { .vt = VT_PTR, .lptdesc = &node_desc }, offsetof(Node, next) },
  { u"value", { .vt = VT_VARIANT }, offsetof(Node, value) },
};
static FakeType node_type = { { &fake_vtable },  1,           TKIND_RECORD,       { .Data1 = 6 },
                              u"Node",           node_fields, COUNT(node_fields), sizeof(Node),
                              { .vt = VT_EMPTY } };

static FakeType *fake_by_reference(HREFTYPE reference) {
  switch (reference) {
  case REF_POINT:
    return &point_type;
  case REF_COLOR:
    return &color_type;
  case REF_OUTER:
    return &outer_type;
  case REF_ALIAS:
    return &alias_type;
  case REF_NODE:
    return &node_type;
  default:
    return NULL;
  }
}

static int fill_descriptions(void **state) {
  (void)state;
  alias_type.alias.hreftype = REF_POINT;
  node_desc.hreftype = REF_NODE;
  pair_desc.tdescElem.hreftype = REF_POINT;
  pointer_to_dispatch.hreftype = REF_DISPATCH;
  outer_fields[1].type.hreftype = REF_POINT;
  outer_fields[4].type.lpadesc = grid_desc();
  outer_fields[5].type.lpadesc = &pair_desc;
  outer_fields[6].type.lptdesc = &element_long;
  outer_fields[7].type.hreftype = REF_COLOR;
  return 0;
}

/* an object to count */

typedef struct Counted {
  IUnknown unknown;
  LONG references;
} Counted;

static HRESULT STDMETHODCALLTYPE counted_query(IUnknown *self, REFIID iid, void **object) {
  *object = NULL;
  if (!IsEqualIID(iid, &IID_IUnknown))
    return E_NOINTERFACE;
  ((Counted *)self)->references++;
  *object = self;
  return S_OK;
}

static ULONG STDMETHODCALLTYPE counted_addref(IUnknown *self) {
  return (ULONG)++((Counted *)self)->references;
}

static ULONG STDMETHODCALLTYPE counted_release(IUnknown *self) {
  return (ULONG)--((Counted *)self)->references;
}

static const IUnknownVtbl counted_vtable = { counted_query, counted_addref, counted_release };

static IRecordInfo *record_info(FakeType *type) {
  IRecordInfo *info = NULL;
  assert_int_equal(GetRecordInfoFromTypeInfo(&type->info, &info), S_OK);
  assert_non_null(info);
  return info;
}

/* what it says of itself */

static void information_of_a_record(void **state) {
  (void)state;
  IRecordInfo *info = record_info(&point_type);
  GUID guid;
  BSTR name = NULL;
  ULONG size = 0;
  ITypeInfo *type = NULL;
  assert_int_equal(IRecordInfo_GetGuid(info, &guid), S_OK);
  assert_memory_equal(&guid, &point_type.guid, sizeof guid);
  assert_int_equal(IRecordInfo_GetName(info, &name), S_OK);
  assert_true(text_equals(name, u"Point"));
  SysFreeString(name);
  assert_int_equal(IRecordInfo_GetSize(info, &size), S_OK);
  assert_int_equal(size, sizeof(Point));
  assert_int_equal(IRecordInfo_GetTypeInfo(info, &type), S_OK);
  assert_ptr_equal(type, &point_type.info);
  ITypeInfo_Release(type);

  BSTR names[4] = { NULL };
  ULONG count = 99;
  assert_int_equal(IRecordInfo_GetFieldNames(info, &count, NULL), S_OK);
  assert_int_equal(count, 3);
  count = 2;
  assert_int_equal(IRecordInfo_GetFieldNames(info, &count, names), S_OK);
  assert_int_equal(count, 2);
  assert_null(names[2]);
  assert_true(text_equals(names[1], u"y"));
  SysFreeString(names[0]);
  SysFreeString(names[1]);
  count = 4;
  assert_int_equal(IRecordInfo_GetFieldNames(info, &count, names), S_OK);
  assert_int_equal(count, 3);
  assert_true(text_equals(names[2], u"Name"));
  for (int i = 0; i < 3; i++)
    SysFreeString(names[i]);
  assert_int_equal(IRecordInfo_Release(info), 0);
  assert_int_equal(point_type.references, 1);

  info = record_info(&outer_type);
  assert_int_equal(IRecordInfo_GetSize(info, &size), S_OK);
  assert_int_equal(size, sizeof(Outer));
  IRecordInfo_Release(info);
  info = record_info(&alias_type); /* an alias stands for its record */
  assert_int_equal(IRecordInfo_GetName(info, &name), S_OK);
  assert_true(text_equals(name, u"Point"));
  SysFreeString(name);
  IRecordInfo_Release(info);
}

static void what_has_no_record_information(void **state) {
  (void)state;
  IRecordInfo *info = NULL;
  assert_int_equal(GetRecordInfoFromTypeInfo(NULL, &info), E_INVALIDARG);
  assert_int_equal(GetRecordInfoFromTypeInfo(&point_type.info, NULL), E_INVALIDARG);
  assert_int_equal(GetRecordInfoFromTypeInfo(&color_type.info, &info), E_INVALIDARG);
  assert_null(info);
  assert_int_equal(GetRecordInfoFromGuids(NULL, 1, 0, 0, &point_type.guid, &info), E_INVALIDARG);
  assert_int_equal(GetRecordInfoFromGuids(&point_type.guid, 1, 0, 0, NULL, &info), E_INVALIDARG);
  assert_int_equal(GetRecordInfoFromGuids(&point_type.guid, 1, 0, 0, &point_type.guid, NULL), E_INVALIDARG);
}

static HRESULT load_type(REFGUID libid, WORD major, WORD minor, LCID lcid, REFGUID type, ITypeInfo **info) {
  assert_int_equal(libid->Data1, 77);
  assert_int_equal(major, 1);
  assert_int_equal(minor, 2);
  assert_int_equal(lcid, 0x409);
  if (!IsEqualGUID(type, &point_type.guid))
    return TYPE_E_ELEMENTNOTFOUND;
  point_type.references++;
  *info = &point_type.info;
  return S_OK;
}

static void record_information_by_guids(void **state) {
  (void)state;
  IRecordInfo *info = NULL;
  GUID library = { .Data1 = 77 };
  GUID unknown = { .Data1 = 78 };
  dispatch_set_type_loader(load_type);
  assert_int_equal(GetRecordInfoFromGuids(&library, 1, 2, 0x409, &point_type.guid, &info), S_OK);
  IRecordInfo_Release(info);
  assert_int_equal(GetRecordInfoFromGuids(&library, 1, 2, 0x409, &unknown, &info), TYPE_E_ELEMENTNOTFOUND);
  assert_null(info);
  dispatch_set_type_loader(NULL);
  assert_int_equal(GetRecordInfoFromGuids(&library, 1, 2, 0x409, &point_type.guid, &info), TYPE_E_LIBNOTREGISTERED);
  assert_int_equal(point_type.references, 1);
}

static void matching_types(void **state) {
  (void)state;
  IRecordInfo *point = record_info(&point_type);
  IRecordInfo *same = record_info(&alias_type);
  IRecordInfo *other = record_info(&other_type);
  assert_true(IRecordInfo_IsMatchingType(point, point));
  assert_true(IRecordInfo_IsMatchingType(point, same));
  assert_false(IRecordInfo_IsMatchingType(point, other));
  assert_false(IRecordInfo_IsMatchingType(point, NULL));
  IRecordInfo_Release(point);
  IRecordInfo_Release(same);
  IRecordInfo_Release(other);
}

/* records */

static void records_are_made_copied_and_cleared(void **state) {
  (void)state;
  IRecordInfo *info = record_info(&point_type);
  Point point = { 1, 2.5, NULL };
  Point copy;
  Point *made;
  void *second = NULL;
  memset(&copy, 0xFF, sizeof copy);
  assert_int_equal(IRecordInfo_RecordInit(info, &copy), S_OK);
  assert_int_equal(copy.x, 0);
  assert_null(copy.name);
  point.name = SysAllocString(u"one");
  copy.name = SysAllocString(u"old"); /* let go by the copy */
  assert_int_equal(IRecordInfo_RecordCopy(info, &point, &copy), S_OK);
  assert_int_equal(copy.x, 1);
  assert_true(copy.y == 2.5);
  assert_ptr_not_equal(copy.name, point.name);
  assert_true(text_equals(copy.name, u"one"));
  assert_int_equal(IRecordInfo_RecordClear(info, &copy), S_OK);
  assert_null(copy.name);
  made = IRecordInfo_RecordCreate(info);
  assert_non_null(made);
  assert_int_equal(made->x, 0);
  assert_null(made->name);
  assert_int_equal(IRecordInfo_RecordDestroy(info, made), S_OK);
  assert_int_equal(IRecordInfo_RecordCreateCopy(info, &point, &second), S_OK);
  assert_true(text_equals(((Point *)second)->name, u"one"));
  assert_int_equal(IRecordInfo_RecordDestroy(info, second), S_OK);
  assert_int_equal(IRecordInfo_RecordClear(info, &point), S_OK);
  assert_int_equal(IRecordInfo_RecordInit(info, NULL), E_INVALIDARG);
  assert_int_equal(IRecordInfo_RecordClear(info, NULL), E_INVALIDARG);
  assert_int_equal(IRecordInfo_RecordCopy(info, NULL, &copy), E_INVALIDARG);
  assert_int_equal(IRecordInfo_RecordCopy(info, &copy, NULL), E_INVALIDARG);
  assert_int_equal(IRecordInfo_RecordCreateCopy(info, NULL, &second), E_INVALIDARG);
  assert_int_equal(IRecordInfo_RecordCreateCopy(info, &copy, NULL), E_INVALIDARG);
  assert_int_equal(IRecordInfo_RecordDestroy(info, NULL), E_INVALIDARG);
  IRecordInfo_Release(info);
}

static void fields_by_name(void **state) {
  (void)state;
  IRecordInfo *info = record_info(&point_type);
  Point point = { 7, 2.5, NULL };
  VARIANT value;
  void *array = &point;
  VariantInit(&value);
  point.name = SysAllocString(u"one");
  assert_int_equal(IRecordInfo_GetField(info, &point, u"x", &value), S_OK);
  assert_int_equal(V_VT(&value), VT_I4);
  assert_int_equal(V_I4(&value), 7);
  assert_int_equal(IRecordInfo_GetField(info, &point, u"NAME", &value), S_OK);
  assert_int_equal(V_VT(&value), VT_BSTR);
  assert_ptr_not_equal(V_BSTR(&value), point.name);
  assert_true(text_equals(V_BSTR(&value), u"one"));
  VariantClear(&value);
  assert_int_equal(IRecordInfo_GetFieldNoCopy(info, &point, u"Name", &value, &array), S_OK);
  assert_int_equal(V_VT(&value), VT_BYREF | VT_BSTR);
  assert_ptr_equal(V_BSTRREF(&value), &point.name);
  assert_null(array);
  assert_int_equal(IRecordInfo_GetField(info, &point, u"z", &value), TYPE_E_FIELDNOTFOUND);
  assert_int_equal(IRecordInfo_GetField(info, &point, u"", &value), TYPE_E_FIELDNOTFOUND);
  assert_int_equal(IRecordInfo_GetField(info, NULL, u"x", &value), E_INVALIDARG);
  assert_int_equal(IRecordInfo_GetField(info, &point, NULL, &value), E_INVALIDARG);
  assert_int_equal(IRecordInfo_GetField(info, &point, u"x", NULL), E_INVALIDARG);

  V_VT(&value) = VT_BSTR;
  V_BSTR(&value) = SysAllocString(u"42");
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, &point, u"x", &value), S_OK); /* converted */
  assert_int_equal(point.x, 42);
  assert_int_equal(V_VT(&value), VT_BSTR); /* still the caller's */
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUTREF, &point, u"x", &value), DISP_E_TYPEMISMATCH);
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, &point, u"name", &value), S_OK);
  assert_ptr_not_equal(point.name, V_BSTR(&value));
  assert_true(text_equals(point.name, u"42"));
  BSTR own = V_BSTR(&value);
  assert_int_equal(IRecordInfo_PutFieldNoCopy(info, INVOKE_PROPERTYPUTREF, &point, u"name", &value), S_OK);
  assert_ptr_equal(point.name, own);
  V_VT(&value) = VT_BSTR;
  V_BSTR(&value) = SysAllocString(u"no number");
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, &point, u"x", &value), DISP_E_TYPEMISMATCH);
  assert_int_equal(point.x, 42);
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYGET, &point, u"x", &value), E_INVALIDARG);
  assert_int_equal(IRecordInfo_PutField(info, 0, &point, u"x", &value), E_INVALIDARG);
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, NULL, u"x", &value), E_INVALIDARG);
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, &point, NULL, &value), E_INVALIDARG);
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, &point, u"x", NULL), E_INVALIDARG);
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, &point, u"zz", &value), TYPE_E_FIELDNOTFOUND);
  VariantClear(&value);
  IRecordInfo_RecordClear(info, &point);
  IRecordInfo_Release(info);
}

/* Puts the value and reads it back into *value, which the caller owns. */
static void put_and_get(IRecordInfo *info, Outer *outer, const OLECHAR *name, VARIANT *value) {
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, outer, name, value), S_OK);
  VariantClear(value);
  assert_int_equal(IRecordInfo_GetField(info, outer, name, value), S_OK);
}

static void fields_of_every_kind(void **state) {
  (void)state;
  IRecordInfo *info = record_info(&outer_type);
  Counted object = { { &counted_vtable }, 1 };
  VARIANT value = { 0 };
  Outer outer, copy;
  IRecordInfo_RecordInit(info, &outer);
  IRecordInfo_RecordInit(info, &copy);

  V_VT(&value) = VT_I4;
  V_I4(&value) = 300;
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, &outer, u"flag", &value), DISP_E_OVERFLOW);
  V_I4(&value) = 200;
  put_and_get(info, &outer, u"flag", &value);
  assert_int_equal(V_VT(&value), VT_UI1);
  assert_int_equal(outer.flag, 200);
  V_VT(&value) = VT_I4;
  V_I4(&value) = 2;
  put_and_get(info, &outer, u"color", &value);
  assert_int_equal(V_VT(&value), VT_I4);
  assert_int_equal(outer.color, 2);
  V_VT(&value) = VT_BOOL;
  V_BOOL(&value) = VARIANT_TRUE;
  put_and_get(info, &outer, u"truth", &value);
  assert_int_equal(outer.truth, VARIANT_TRUE);
  V_VT(&value) = VT_I4;
  V_I4(&value) = -3;
  put_and_get(info, &outer, u"money", &value);
  assert_int_equal(V_VT(&value), VT_CY);
  assert_int_equal(outer.money.int64, -30000);
  V_VT(&value) = VT_I4;
  V_I4(&value) = 12;
  put_and_get(info, &outer, u"decimal", &value);
  assert_int_equal(V_VT(&value), VT_DECIMAL);
  assert_int_equal(outer.decimal.Lo64, 12);
  assert_int_equal(outer.decimal.wReserved, 0);

  V_VT(&value) = VT_UNKNOWN;
  V_UNKNOWN(&value) = &object.unknown;
  object.references++;
  put_and_get(info, &outer, u"object", &value);
  assert_ptr_equal(outer.object, &object.unknown);
  assert_int_equal(object.references, 3);
  put_and_get(info, &outer, u"any", &value);
  assert_int_equal(V_VT(&outer.any), VT_UNKNOWN);
  assert_int_equal(object.references, 4);
  VariantClear(&value);

  V_VT(&value) = VT_ARRAY | VT_I4;
  V_ARRAY(&value) = SafeArrayCreateVector(VT_I4, 0, 3);
  put_and_get(info, &outer, u"array", &value);
  assert_int_equal(V_VT(&value), VT_ARRAY | VT_I4);
  assert_ptr_not_equal(V_ARRAY(&value), outer.array);
  VariantClear(&value);

  assert_int_equal(IRecordInfo_RecordCopy(info, &outer, &copy), S_OK);
  assert_int_equal(object.references, 5);
  assert_ptr_not_equal(copy.array, outer.array);
  assert_int_equal(IRecordInfo_RecordClear(info, &copy), S_OK);
  assert_int_equal(IRecordInfo_RecordClear(info, &outer), S_OK);
  assert_int_equal(object.references, 1);
  assert_int_equal(V_VT(&outer.any), VT_EMPTY);
  assert_null(outer.array);
  IRecordInfo_Release(info);
  assert_int_equal(outer_type.references, 1);
  assert_int_equal(point_type.references, 1);
}

static void nested_records(void **state) {
  (void)state;
  IRecordInfo *info = record_info(&outer_type);
  IRecordInfo *point_info = record_info(&point_type);
  Point point = { 1, 2, NULL };
  Outer outer;
  VARIANT value = { 0 };
  IRecordInfo_RecordInit(info, &outer);
  point.name = SysAllocString(u"inner");
  V_VT(&value) = VT_RECORD | VT_BYREF;
  V_RECORD(&value) = &point;
  V_RECORDINFO(&value) = point_info;
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, &outer, u"point", &value), S_OK);
  assert_int_equal(outer.point.x, 1);
  assert_true(text_equals(outer.point.name, u"inner"));
  assert_ptr_not_equal(outer.point.name, point.name);
  VariantInit(&value);
  assert_int_equal(IRecordInfo_GetField(info, &outer, u"point", &value), S_OK);
  assert_int_equal(V_VT(&value), VT_RECORD);
  assert_ptr_not_equal(V_RECORD(&value), &outer.point);
  assert_true(text_equals(((Point *)V_RECORD(&value))->name, u"inner"));
  VariantClear(&value);
  assert_int_equal(IRecordInfo_GetFieldNoCopy(info, &outer, u"point", &value, NULL), S_OK);
  assert_int_equal(V_VT(&value), VT_RECORD | VT_BYREF);
  assert_ptr_equal(V_RECORD(&value), &outer.point);
  V_VT(&value) = VT_I4;
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, &outer, u"point", &value), DISP_E_TYPEMISMATCH);
  IRecordInfo_RecordClear(info, &outer);
  IRecordInfo_RecordClear(point_info, &point);
  IRecordInfo_Release(point_info);
  IRecordInfo_Release(info);
  assert_int_equal(point_type.references, 1);
}

static void fixed_arrays(void **state) {
  (void)state;
  IRecordInfo *info = record_info(&outer_type);
  VARIANT value = { 0 };
  Outer outer;
  void *data = NULL;
  IRecordInfo_RecordInit(info, &outer);
  for (LONG i = 0; i < 2; i++)
    for (LONG j = 0; j < 3; j++)
      outer.grid[i][j] = 10 * i + j;
  assert_int_equal(IRecordInfo_GetField(info, &outer, u"grid", &value), S_OK);
  assert_int_equal(V_VT(&value), VT_ARRAY | VT_I4);
  assert_int_equal(SafeArrayGetDim(V_ARRAY(&value)), 2);
  for (LONG i = 0; i < 2; i++)
    for (LONG j = 0; j < 3; j++) {
      LONG indices[] = { i, j };
      LONG cell = -1;
      assert_int_equal(SafeArrayGetElement(V_ARRAY(&value), indices, &cell), S_OK);
      assert_int_equal(cell, 10 * i + j);
    }
  memset(outer.grid, 0, sizeof outer.grid);
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, &outer, u"grid", &value), S_OK);
  assert_int_equal(outer.grid[1][2], 12);
  assert_int_equal(outer.grid[0][1], 1);
  VariantClear(&value);
  assert_int_equal(IRecordInfo_GetFieldNoCopy(info, &outer, u"grid", &value, &data), S_OK);
  assert_ptr_equal(data, outer.grid);
  V_VT(&value) = VT_ARRAY | VT_I4;
  V_ARRAY(&value) = SafeArrayCreateVector(VT_I4, 0, 6);
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, &outer, u"grid", &value), DISP_E_TYPEMISMATCH);
  VariantClear(&value);

  outer.pair[1].name = SysAllocString(u"second");
  assert_int_equal(IRecordInfo_GetField(info, &outer, u"pair", &value), S_OK);
  assert_int_equal(V_VT(&value), VT_ARRAY | VT_RECORD);
  assert_int_equal(V_ARRAY(&value)->rgsabound[0].lLbound, 5);
  assert_true(text_equals(((Point *)V_ARRAY(&value)->pvData)[1].name, u"second"));
  IRecordInfo_RecordClear(info, &outer);
  assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, &outer, u"pair", &value), S_OK);
  assert_true(text_equals(outer.pair[1].name, u"second"));
  VariantClear(&value);
  IRecordInfo_RecordClear(info, &outer);
  IRecordInfo_Release(info);
  assert_int_equal(point_type.references, 1);
}

/* arrays of records */

static void arrays_of_records(void **state) {
  (void)state;
  IRecordInfo *info = record_info(&point_type);
  IRecordInfo *again = NULL;
  SAFEARRAYBOUND bound = { 2, 0 };
  SAFEARRAYBOUND less = { 1, 0 };
  SAFEARRAY *copy = NULL;
  LONG index = 1;
  Point point = { 5, 6, NULL };
  Point back = { 0 };
  VARTYPE vt;
  point.name = SysAllocString(u"element");
  SAFEARRAY *array = SafeArrayCreateEx(VT_RECORD, 1, &bound, info);
  assert_non_null(array);
  assert_int_equal(array->fFeatures, FADF_RECORD);
  assert_int_equal(array->cbElements, sizeof(Point));
  assert_int_equal(SafeArrayGetVartype(array, &vt), S_OK);
  assert_int_equal(vt, VT_RECORD);
  assert_int_equal(SafeArrayGetRecordInfo(array, &again), S_OK);
  assert_ptr_equal(again, info);
  IRecordInfo_Release(again);
  assert_int_equal(SafeArrayPutElement(array, &index, &point), S_OK);
  assert_int_equal(SafeArrayPutElement(array, &index, &point), S_OK);
  assert_int_equal(SafeArrayGetElement(array, &index, &back), S_OK);
  assert_int_equal(back.x, 5);
  assert_true(text_equals(back.name, u"element"));
  assert_int_equal(SafeArrayCopy(array, &copy), S_OK);
  assert_true(text_equals(((Point *)copy->pvData)[1].name, u"element"));
  assert_int_equal(SafeArrayCopyData(array, copy), S_OK);
  assert_int_equal(SafeArrayRedim(copy, &less), S_OK);
  assert_int_equal(SafeArrayDestroy(copy), S_OK);
  assert_int_equal(SafeArrayDestroy(array), S_OK);
  array = SafeArrayCreateVectorEx(VT_RECORD, 0, 2, info);
  assert_non_null(array);
  assert_int_equal(SafeArrayPutElement(array, &index, &point), S_OK);
  assert_int_equal(SafeArrayDestroy(array), S_OK);
  IRecordInfo_RecordClear(info, &back);
  IRecordInfo_RecordClear(info, &point);
  assert_int_equal(IRecordInfo_Release(info), 0);
}

/* A list of so many nodes, each with an object in it. */
static Node *new_list(int length, Counted *object) {
  Node *list = NULL;
  for (int i = 0; i < length; i++) {
    Node *node = CoTaskMemAlloc(sizeof *node);
    assert_non_null(node);
    *node = (Node){ .next = list, .value = { .vt = VT_UNKNOWN } };
    V_UNKNOWN(&node->value) = &object->unknown;
    object->references++;
    list = node;
  }
  return list;
}

static void lists_behind_pointers(void **state) {
  static const struct {
    int length;
    HRESULT copied; /* too long to be copied: an error that loses nothing */
  } cases[] = { { 1, S_OK }, { 33, S_OK }, { 500, S_OK }, { 100000, E_INVALIDARG } };
  (void)state;
  IRecordInfo *info = record_info(&node_type);
  for (size_t i = 0; i < COUNT(cases); i++) {
    Counted object = { { &counted_vtable }, 1 };
    Node head = { .next = new_list(cases[i].length, &object) }, copy = { 0 };
    assert_int_equal(IRecordInfo_RecordCopy(info, &head, &copy), cases[i].copied);
    assert_int_equal(object.references, 1 + cases[i].length * (cases[i].copied == S_OK ? 2 : 1));
    assert_int_equal(IRecordInfo_RecordClear(info, &copy), S_OK);
    assert_int_equal(object.references, 1 + cases[i].length);
    assert_int_equal(IRecordInfo_RecordClear(info, &head), S_OK);
    assert_null(head.next);
    assert_int_equal(object.references, 1);
  }
  IRecordInfo_Release(info);
}

/* Records in VARIANTs in records: these are copied to a depth, and cleared at any. */
static void records_inside_records(void **state) {
  static const struct {
    int depth;
    HRESULT copied;
  } cases[] = { { 150, S_OK }, { 100000, E_INVALIDARG } };
  (void)state;
  IRecordInfo *info = record_info(&node_type);
  for (size_t i = 0; i < COUNT(cases); i++) {
    Counted object = { { &counted_vtable }, 2 };
    VARIANT value = { .vt = VT_UNKNOWN }, copy = { .vt = VT_EMPTY };
    V_UNKNOWN(&value) = &object.unknown;
    for (int k = 0; k < cases[i].depth; k++) {
      Node *node = IRecordInfo_RecordCreate(info);
      assert_non_null(node);
      node->value = value;
      V_VT(&value) = VT_RECORD;
      V_RECORD(&value) = node;
      V_RECORDINFO(&value) = info;
      IRecordInfo_AddRef(info);
    }
    assert_int_equal(VariantCopy(&copy, &value), cases[i].copied);
    assert_int_equal(object.references, cases[i].copied == S_OK ? 3 : 2);
    assert_int_equal(VariantClear(&copy), S_OK);
    assert_int_equal(object.references, 2);
    assert_int_equal(VariantClear(&value), S_OK);
    assert_int_equal(object.references, 1);
  }
  assert_int_equal(IRecordInfo_Release(info), 0);
}

/* out of memory */

static int records_without_memory(void *context) {
  IRecordInfo *info = NULL;
  (void)context;
  HRESULT hr = GetRecordInfoFromTypeInfo(&outer_type.info, &info);
  if (FAILED(hr))
    return hr != E_OUTOFMEMORY || outer_type.references != 1 || point_type.references != 1;
  VARIANT value = { 0 };
  Outer *outer = IRecordInfo_RecordCreate(info);
  void *copy = NULL;
  if (outer != NULL) {
    outer->point.name = SysAllocString(u"text");
    if (SUCCEEDED(IRecordInfo_GetField(info, outer, u"point", &value)))
      IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, outer, u"point", &value);
    VariantClear(&value);
    if (SUCCEEDED(IRecordInfo_GetField(info, outer, u"grid", &value)))
      IRecordInfo_PutField(info, INVOKE_PROPERTYPUT, outer, u"grid", &value);
    VariantClear(&value);
    if (SUCCEEDED(IRecordInfo_RecordCreateCopy(info, outer, &copy)))
      IRecordInfo_RecordDestroy(info, copy);
    IRecordInfo_RecordDestroy(info, outer);
  }
  IRecordInfo_Release(info);
  return outer_type.references != 1 || point_type.references != 1;
}

static void failing_allocations_leave_nothing_behind(void **state) {
  (void)state;
  faults_each(records_without_memory, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(information_of_a_record),
    cmocka_unit_test(what_has_no_record_information),
    cmocka_unit_test(record_information_by_guids),
    cmocka_unit_test(matching_types),
    cmocka_unit_test(records_are_made_copied_and_cleared),
    cmocka_unit_test(fields_by_name),
    cmocka_unit_test(fields_of_every_kind),
    cmocka_unit_test(nested_records),
    cmocka_unit_test(fixed_arrays),
    cmocka_unit_test(arrays_of_records),
    cmocka_unit_test(lists_behind_pointers),
    cmocka_unit_test(records_inside_records),
    cmocka_unit_test(failing_allocations_leave_nothing_behind),
  };
  return cmocka_run_group_tests(tests, fill_descriptions, NULL);
}
