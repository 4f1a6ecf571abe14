/* The default interfaces of a coclass, also of type information that lies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <objbase.h>

#include "com/object.h"
#include "dispatch/dispatch_api.h"

/* Type information as bad as wished: a coclass with these flags. Its references lead to itself. */
typedef struct Liar {
  ITypeInfo info;
  Object object;
  TYPEATTR attributes;
  const INT *flags;
  UINT count;         /* of the flags; above them every index fails */
  bool no_attributes; /* S_OK with NULL */
  bool no_type;       /* likewise */
  HREFTYPE last;      /* what was asked for */
  unsigned calls;
} Liar;

OBJECT_FACE(Liar, info, ITypeInfo)

static Liar *liar_of(ITypeInfo *face) {
  return OBJECT_CONTAINER(face, Liar, info);
}

static HRESULT STDMETHODCALLTYPE Liar_GetTypeAttr(ITypeInfo *face, TYPEATTR **attributes) {
  *attributes = liar_of(face)->no_attributes ? NULL : &liar_of(face)->attributes;
  return S_OK;
}

static void STDMETHODCALLTYPE Liar_ReleaseTypeAttr(ITypeInfo *face, TYPEATTR *attributes) {
  (void)face;
  assert_non_null(attributes);
}

static HRESULT STDMETHODCALLTYPE Liar_GetImplTypeFlags(ITypeInfo *face, UINT index, INT *flags) {
  Liar *liar = liar_of(face);

  liar->calls++;
  if (index >= liar->count)
    return TYPE_E_ELEMENTNOTFOUND;
  *flags = liar->flags[index];
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Liar_GetRefTypeOfImplType(ITypeInfo *face, UINT index, HREFTYPE *reference) {
  (void)face;
  *reference = index;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Liar_GetRefTypeInfo(ITypeInfo *face, HREFTYPE reference, ITypeInfo **info) {
  liar_of(face)->last = reference;
  *info = liar_of(face)->no_type ? NULL : face;
  if (*info)
    ITypeInfo_AddRef(face);
  return S_OK;
}

static const ITypeInfoVtbl liar_vtable = {
  .QueryInterface = Liar_info_QueryInterface,
  .AddRef = Liar_info_AddRef,
  .Release = Liar_info_Release,
  .GetTypeAttr = Liar_GetTypeAttr,
  .ReleaseTypeAttr = Liar_ReleaseTypeAttr,
  .GetImplTypeFlags = Liar_GetImplTypeFlags,
  .GetRefTypeOfImplType = Liar_GetRefTypeOfImplType,
  .GetRefTypeInfo = Liar_GetRefTypeInfo,
};
static const ObjectFace liar_faces[] = { { &IID_ITypeInfo, offsetof(Liar, info), &liar_vtable }, { 0 } };
static const ObjectType liar_type = { "Liar", sizeof(Liar), offsetof(Liar, object), liar_faces, NULL, NULL };

#define NONE   0
#define MAIN   IMPLTYPEFLAG_FDEFAULT
#define SOURCE IMPLTYPEFLAG_FSOURCE

static Liar *new_liar(const INT *flags, UINT count) {
  Liar *liar = object_create(&liar_type);

  assert_non_null(liar);
  liar->attributes.typekind = TKIND_COCLASS;
  liar->attributes.cImplTypes = (WORD)count;
  liar->attributes.guid = IID_IPersist;
  liar->flags = flags;
  liar->count = count;
  return liar;
}

static void the_marked_one_is_meant_else_the_first(void **state) {
  static const struct {
    INT flags[4];
    UINT count;
    int implemented, source; /* -1: none */
  } cases[] = {
    { { MAIN, MAIN | SOURCE }, 2, 0, 1 },
    { { NONE, MAIN, SOURCE, MAIN | SOURCE }, 4, 1, 3 },
    { { NONE, NONE, SOURCE, SOURCE }, 4, 0, 2 },
    { { SOURCE, NONE }, 2, 1, 0 },
    { { SOURCE | MAIN }, 1, -1, 0 },
    { { MAIN }, 1, 0, -1 },
    { { NONE }, 0, -1, -1 },
  };

  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    Liar *liar = new_liar(cases[i].flags, cases[i].count);

    for (int source = 0; source < 2; source++) {
      int expected = source ? cases[i].source : cases[i].implemented;
      ITypeInfo *info = NULL;
      IID iid;
      HRESULT hr = coclass_default_interface(&liar->info, source ? SOURCE : NONE, &info);

      assert_int_equal(hr, expected < 0 ? TYPE_E_ELEMENTNOTFOUND : S_OK);
      assert_int_equal(coclass_default_iid(&liar->info, source ? SOURCE : NONE, &iid), hr);
      assert_true(IsEqualIID(&iid, expected < 0 ? &IID_NULL : &IID_IPersist));
      if (!info)
        continue;
      assert_int_equal(liar->last, expected);
      ITypeInfo_Release(info);
    }
    assert_int_equal(ITypeInfo_Release(&liar->info), 0);
  }
}

static void lies_are_errors(void **state) {
  static const INT flags[] = { MAIN };
  Liar *liar = new_liar(flags, 1);
  ITypeInfo *info = (ITypeInfo *)1;

  (void)state;
  liar->no_type = true;
  assert_int_equal(coclass_default_interface(&liar->info, 0, &info), TYPE_E_INVDATAREAD);
  assert_null(info);
  liar->no_attributes = true;
  assert_int_equal(coclass_default_interface(&liar->info, 0, &info), TYPE_E_INVDATAREAD);
  liar->no_attributes = false;
  liar->attributes.typekind = TKIND_INTERFACE;
  assert_int_equal(coclass_default_interface(&liar->info, 0, &info), TYPE_E_ELEMENTNOTFOUND);
  /* 65,535 interfaces of which none can be read are not all asked for. */
  liar->attributes.typekind = TKIND_COCLASS;
  liar->attributes.cImplTypes = 0xFFFF;
  liar->count = 0;
  liar->calls = 0;
  assert_int_equal(coclass_default_interface(&liar->info, 0, &info), TYPE_E_ELEMENTNOTFOUND);
  assert_true(liar->calls <= 1024);
  assert_int_equal(ITypeInfo_Release(&liar->info), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_marked_one_is_meant_else_the_first),
    cmocka_unit_test(lies_are_errors),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
