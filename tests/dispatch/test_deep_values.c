/* Values nested so deep that letting go of them, or copying them, by recursion would end the stack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <objbase.h>
#include <oleauto.h>
#include <stdlib.h>
#include <string.h>

#include "com/object.h"
#include "dispatch/values/record_memory.h"
#include "support/faults.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { DEEP = 100000 };

/* What the innermost value is: an object that says how often it is held. */

static ULONG innermost_references;

static HRESULT STDMETHODCALLTYPE Innermost_QueryInterface(IUnknown *self, REFIID iid, void **result) {
  (void)iid;
  innermost_references++;
  *result = self;
  return S_OK;
}

static ULONG STDMETHODCALLTYPE Innermost_AddRef(IUnknown *self) {
  (void)self;
  return ++innermost_references;
}

static ULONG STDMETHODCALLTYPE Innermost_Release(IUnknown *self) {
  (void)self;
  return --innermost_references;
}

static const IUnknownVtbl innermost_vtable = { Innermost_QueryInterface, Innermost_AddRef, Innermost_Release };
static IUnknown innermost = { &innermost_vtable };

/* A record of one VARIANT. */

static HRESULT STDMETHODCALLTYPE Box_QueryInterface(IRecordInfo *self, REFIID iid, void **result) {
  (void)iid;
  *result = self;
  return S_OK;
}

static ULONG STDMETHODCALLTYPE Box_AddRef(IRecordInfo *self) {
  (void)self;
  return 2;
}

static ULONG STDMETHODCALLTYPE Box_Release(IRecordInfo *self) {
  (void)self;
  return 1;
}

static HRESULT STDMETHODCALLTYPE Box_RecordClear(IRecordInfo *self, PVOID record) {
  (void)self;
  return VariantClear(record);
}

static HRESULT STDMETHODCALLTYPE Box_RecordCopy(IRecordInfo *self, PVOID source, PVOID target) {
  (void)self;
  return VariantCopy(target, source);
}

static HRESULT STDMETHODCALLTYPE Box_GetSize(IRecordInfo *self, ULONG *size) {
  (void)self;
  *size = sizeof(VARIANT);
  return S_OK;
}

static const IRecordInfoVtbl box_vtable = { .QueryInterface = Box_QueryInterface,
                                            .AddRef = Box_AddRef,
                                            .Release = Box_Release,
                                            .RecordClear = Box_RecordClear,
                                            .RecordCopy = Box_RecordCopy,
                                            .GetSize = Box_GetSize };
static IRecordInfo box = { &box_vtable };

/* An object that holds a value. */

typedef struct Holder {
  IUnknown unknown;
  Object object;
  VARIANT value;
} Holder;

OBJECT_FACE(Holder, unknown, IUnknown)

static void Holder_destroy(void *self) {
  VariantClear(&((Holder *)self)->value);
}

static const IUnknownVtbl holder_vtable = { Holder_unknown_QueryInterface, Holder_unknown_AddRef,
                                            Holder_unknown_Release };
static const ObjectFace holder_faces[] = { { &IID_IUnknown, offsetof(Holder, unknown), &holder_vtable }, { 0 } };
static const ObjectType holder_type = { .name = "Holder",
                                        .size = sizeof(Holder),
                                        .object = offsetof(Holder, object),
                                        .faces = holder_faces,
                                        .destroy = Holder_destroy };

/* Memory of the caller's */

static void *kept[DEEP];
static size_t kept_count;

static void *keep(void *block) {
  assert_non_null(block);
  kept[kept_count++] = block;
  return block;
}

static void free_kept(void) {
  while (kept_count)
    free(kept[--kept_count]);
}

/* Ways to put a value into another, which then owns it. */

static SAFEARRAYBOUND three = { 3, 0 };

static void put_into(SAFEARRAY *array, VARIANT *value) {
  assert_non_null(array);
  ((VARIANT *)array->pvData)[1] = *value;
  V_VT(value) = VT_ARRAY | VT_VARIANT;
  V_ARRAY(value) = array;
}

static void in_array(VARIANT *value) {
  put_into(SafeArrayCreate(VT_VARIANT, 1, &three), value);
}

static void in_vector(VARIANT *value) {
  put_into(SafeArrayCreateVector(VT_VARIANT, 0, 3), value);
}

static void in_array_of_the_caller(VARIANT *value) {
  SAFEARRAY *array = keep(calloc(1, sizeof *array + 3 * sizeof(VARIANT)));
  *array = (SAFEARRAY){ .cDims = 1,
                        .fFeatures = FADF_STATIC | FADF_VARIANT | FADF_FIXEDSIZE,
                        .cbElements = sizeof(VARIANT),
                        .pvData = array + 1,
                        .rgsabound = { { 3, 0 } } };
  put_into(array, value);
}

static void in_record_at(void *record, VARIANT *value) {
  assert_non_null(record);
  memcpy(record, value, sizeof *value);
  V_VT(value) = VT_RECORD;
  V_RECORD(value) = record;
  V_RECORDINFO(value) = &box;
}

static void in_record(VARIANT *value) {
  in_record_at(record_memory_new(sizeof *value), value);
}

static void in_record_of_the_caller(VARIANT *value) {
  in_record_at(keep(malloc(sizeof *value)), value);
}

static void in_array_of_records(VARIANT *value) {
  SAFEARRAY *array = SafeArrayCreateEx(VT_RECORD, 1, &three, &box);
  put_into(array, value);
  V_VT(value) = VT_ARRAY | VT_RECORD;
}

static void in_object(VARIANT *value) {
  Holder *holder = object_create(&holder_type);
  assert_non_null(holder);
  holder->value = *value;
  V_VT(value) = VT_UNKNOWN;
  V_UNKNOWN(value) = &holder->unknown;
}

typedef void Wrap(VARIANT *value);

static const struct {
  const char *name;
  Wrap *wraps[4]; /* in turn */
} shapes[] = {
  { "arrays", { in_array } },
  { "vectors", { in_vector } },
  { "arrays in memory of the caller", { in_array_of_the_caller } },
  { "records", { in_record } },
  { "records in memory of the caller", { in_record_of_the_caller } },
  { "arrays of records", { in_array_of_records } },
  { "objects", { in_object } },
  { "all of it", { in_array, in_record, in_object, in_array_of_records } },
};

static void nest(VARIANT *value, Wrap *const wraps[4], int depth) {
  int count = 0;
  while (count < 4 && wraps[count])
    count++;
  V_VT(value) = VT_UNKNOWN;
  V_UNKNOWN(value) = &innermost;
  IUnknown_AddRef(&innermost);
  for (int i = 0; i < depth; i++)
    wraps[i % count](value);
}

static void values_of_any_depth_are_cleared(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(shapes); i++) {
    VARIANT value;
    nest(&value, shapes[i].wraps, DEEP);
    assert_int_equal(innermost_references, 1);
    assert_int_equal(VariantClear(&value), S_OK);
    if (innermost_references)
      fail_msg("%s: not all was let go", shapes[i].name);
    assert_int_equal(V_VT(&value), VT_EMPTY);
    free_kept();
  }
}

static void every_way_to_end_an_array_ends_what_is_nested(void **state) {
  (void)state;
  for (int way = 0; way < 5; way++) {
    VARIANT value, empty = { 0 };
    SAFEARRAYBOUND none = { 0, 0 };
    SAFEARRAY *other = SafeArrayCreate(VT_VARIANT, 1, &three);
    LONG index = 1;
    nest(&value, shapes[0].wraps, DEEP);
    SAFEARRAY *array = V_ARRAY(&value);
    assert_int_equal(way == 0   ? SafeArrayDestroyData(array)
                     : way == 1 ? SafeArrayRedim(array, &none)
                     : way == 2 ? SafeArrayPutElement(array, &index, &empty)
                     : way == 3 ? SafeArrayCopyData(other, array)
                                : SafeArrayDestroy(array),
                     S_OK);
    assert_int_equal(innermost_references, 0);
    if (way < 4)
      SafeArrayDestroy(array);
    SafeArrayDestroy(other);
  }
}

/* Up to some depth things go in the order in which they stand. */
static char went[8];

static ULONG STDMETHODCALLTYPE Mark_Release(IUnknown *self);

static const IUnknownVtbl mark_vtable = { Innermost_QueryInterface, Innermost_AddRef, Mark_Release };
static IUnknown marks[3] = { { &mark_vtable }, { &mark_vtable }, { &mark_vtable } };

static ULONG STDMETHODCALLTYPE Mark_Release(IUnknown *self) {
  size_t length = strlen(went);
  went[length] = (char)('0' + (self - marks));
  return 0;
}

static void mark(SAFEARRAY *array, int at, int number) {
  VARIANT *element = &((VARIANT *)array->pvData)[at];
  V_VT(element) = VT_UNKNOWN;
  V_UNKNOWN(element) = &marks[number];
}

static void what_is_not_deep_goes_in_order(void **state) {
  (void)state;
  VARIANT value = { 0 };
  in_array(&value);
  mark(V_ARRAY(&value), 1, 1);
  in_array(&value);
  mark(V_ARRAY(&value), 0, 0);
  mark(V_ARRAY(&value), 2, 2);
  memset(went, 0, sizeof went);
  assert_int_equal(VariantClear(&value), S_OK);
  assert_string_equal(went, "012");
}

/* The depth of arrays in one another; what is inside must be the innermost object. */
static int depth_of(const VARIANT *value) {
  int depth = 0;
  while (V_VT(value) == (VT_ARRAY | VT_VARIANT)) {
    const VARIANT *elements = V_ARRAY(value)->pvData;
    assert_int_equal(V_ARRAY(value)->cLocks, 0);
    assert_int_equal(V_VT(&elements[0]), VT_EMPTY);
    assert_int_equal(V_VT(&elements[2]), VT_EMPTY);
    value = &elements[1];
    depth++;
  }
  assert_int_equal(V_VT(value), VT_UNKNOWN);
  assert_ptr_equal(V_UNKNOWN(value), &innermost);
  return depth;
}

static HRESULT copy_by_reference(VARIANT *copy, VARIANT *value) {
  VARIANT reference;
  V_VT(&reference) = VT_VARIANT | VT_BYREF;
  V_VARIANTREF(&reference) = value;
  return VariantCopyInd(copy, &reference);
}

static HRESULT copy_to_itself(VARIANT *copy, VARIANT *value) {
  return VariantChangeType(copy, value, 0, VT_ARRAY | VT_VARIANT);
}

static HRESULT copy_an_array(VARIANT *copy, VARIANT *value) {
  V_VT(copy) = V_VT(value);
  return SafeArrayCopy(V_ARRAY(value), &V_ARRAY(copy));
}

static HRESULT copy_data(VARIANT *copy, VARIANT *value) {
  in_array(copy);
  return SafeArrayCopyData(V_ARRAY(value), V_ARRAY(copy));
}

static HRESULT copy(VARIANT *copy, VARIANT *value) {
  return VariantCopy(copy, value);
}

static void arrays_of_any_depth_are_copied(void **state) {
  static HRESULT (*const ways[])(VARIANT *, VARIANT *) = { copy, copy_by_reference, copy_to_itself, copy_an_array,
                                                           copy_data };
  (void)state;
  for (size_t i = 0; i < COUNT(ways); i++) {
    VARIANT value, result = { 0 };
    nest(&value, shapes[0].wraps, DEEP);
    assert_int_equal(ways[i](&result, &value), S_OK);
    assert_int_equal(innermost_references, 2);
    assert_int_equal(depth_of(&result), DEEP);
    assert_int_equal(depth_of(&value), DEEP);
    VariantClear(&value);
    assert_int_equal(innermost_references, 1);
    VariantClear(&result);
    assert_int_equal(innermost_references, 0);
  }
}

/* Anybody's IRecordInfo copies a record: that is recursion, and too much of it is an error that loses nothing. */
static void records_are_copied_to_a_depth(void **state) {
  static const struct {
    int shape, depth;
    HRESULT status;
  } cases[] = { { 3, 150, S_OK }, { 3, DEEP, E_INVALIDARG }, { 5, 150, S_OK }, { 5, DEEP, E_INVALIDARG } };
  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    VARIANT value, result = { 0 };
    nest(&value, shapes[cases[i].shape].wraps, cases[i].depth);
    assert_int_equal(VariantCopy(&result, &value), cases[i].status);
    assert_int_equal(innermost_references, SUCCEEDED(cases[i].status) ? 2 : 1);
    VariantClear(&result);
    assert_int_equal(innermost_references, 1);
    VariantClear(&value);
    assert_int_equal(innermost_references, 0);
  }
}

/* What cannot be copied leaves source and target as they were, and no lock behind. */
static void a_copy_that_fails_leaves_nothing_behind(void **state) {
  (void)state;
  VARIANT value, result = { .vt = VT_I4 };
  nest(&value, shapes[0].wraps, 40);
  VARIANT *inner = &((VARIANT *)V_ARRAY(&value)->pvData)[1];
  VARIANT bad = { .vt = VT_VECTOR };
  ((VARIANT *)V_ARRAY(inner)->pvData)[2] = bad;
  assert_int_equal(VariantCopy(&result, &value), DISP_E_BADVARTYPE);
  assert_int_equal(V_VT(&result), VT_I4);
  VariantInit(&((VARIANT *)V_ARRAY(inner)->pvData)[2]);
  assert_int_equal(depth_of(&value), 40);
  assert_int_equal(innermost_references, 1);
  VariantClear(&value);
}

static int copy_without_memory(void *context) {
  VARIANT result = { 0 };
  HRESULT hr = VariantCopy(&result, context);
  VariantClear(&result);
  depth_of(context);
  return innermost_references != 1 || (FAILED(hr) && hr != E_OUTOFMEMORY);
}

static void a_copy_without_memory_leaves_nothing_behind(void **state) {
  (void)state;
  VARIANT value;
  nest(&value, shapes[0].wraps, 10);
  faults_each(copy_without_memory, &value);
  VariantClear(&value);
}

/* Deep things for which there is no memory to wait in go by recursion: it is no leak. */
static int clear_without_memory(void *context) {
  const size_t *shape = context;
  VARIANT value;
  faults_off();
  nest(&value, shapes[*shape].wraps, 60);
  faults_fail_at(1);
  VariantClear(&value);
  faults_off();
  free_kept();
  return innermost_references != 0;
}

static void clearing_needs_no_memory(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(shapes); i++)
    assert_int_equal(clear_without_memory(&i), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_of_any_depth_are_cleared),
    cmocka_unit_test(every_way_to_end_an_array_ends_what_is_nested),
    cmocka_unit_test(what_is_not_deep_goes_in_order),
    cmocka_unit_test(arrays_of_any_depth_are_copied),
    cmocka_unit_test(records_are_copied_to_a_depth),
    cmocka_unit_test(a_copy_that_fails_leaves_nothing_behind),
    cmocka_unit_test(a_copy_without_memory_leaves_nothing_behind),
    cmocka_unit_test(clearing_needs_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
