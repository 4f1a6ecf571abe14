/* Monikers as bytes: saved forms, streams of other writers, limits, marshaled pointers; and no memory for any of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ole2.h>

#include "activation/monikers.h"
#include "com/object.h"
#include "support/faults.h"
#include "support/scratch.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define NOTHING      ((IMoniker *)1)

static int setup(void **state) {
  *state = (void *)(uintptr_t)scratch_make();
  setenv("OLEANDER_CLASSES", scratch_path("classes"), 1);
  return CoInitialize(NULL) == S_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  SetErrorInfo(0, NULL);
  CoUninitialize();
  scratch_remove();
  return 0;
}

static IBindCtx *new_context(void) {
  IBindCtx *context;

  assert_int_equal(CreateBindCtx(0, &context), S_OK);
  return context;
}

static const char *const every_kind[] = { "f:/a", "i:x", "c:", "a:", "p:", "f:/a|i:x" };

#define BYTES(text) (text), sizeof(text) - 1
#define CLASS_BYTES "\x44\x33\x22\x11\x66\x55\x88\x77\x99\xaa\xbb\xcc\xdd\xee\xff\0"

/* Saved and loaded again, the same bytes and an equal moniker. `size_max` 0: not told. */
static void saved_forms(void **state) {
  static const struct {
    const char *text, *bytes;
    size_t size;
    ULONG size_max;
  } cases[] = {
    { "n:Test", BYTES("\0\0\0\0\5\0\0\0Test\0"), 46 },
    { "i:Test", BYTES("\2\0\0\0!\0\5\0\0\0Test\0"), 54 },
    { "n:", BYTES("\0\0\0\0\1\0\0\0\0"), 30 },
    { "a:0", BYTES("\0\0\0\0"), 20 },
    { "a:0xfffff", BYTES("\xff\xff\x0f\0"), 20 },
    { "c:", BYTES(CLASS_BYTES "\0\0\0\0"), 20 },
    { "c:;abc", BYTES(CLASS_BYTES "\xa\0\0\0;\0a\0b\0c\0\0\0"), 30 },
    { "c:\u00e4", BYTES(CLASS_BYTES "\4\0\0\0\xe4\0\0\0"), 24 },
  };

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *moniker = make(cases[i].text);
    IMoniker *loaded;
    IStream *stream = stream_of(NULL, 0);
    static const LARGE_INTEGER start;
    ULARGE_INTEGER size;
    STATSTG status;
    HGLOBAL block;

    assert_int_equal(IMoniker_Save(moniker, stream, FALSE), S_OK);
    assert_int_equal(IStream_Stat(stream, &status, STATFLAG_NONAME), S_OK);
    assert_int_equal(status.cbSize.QuadPart, cases[i].size);
    assert_int_equal(GetHGlobalFromStream(stream, &block), S_OK);
    assert_memory_equal(block, cases[i].bytes, cases[i].size);
    assert_int_equal(IMoniker_GetSizeMax(moniker, &size), S_OK);
    assert_int_equal(size.QuadPart, cases[i].size_max);
    IStream_Release(stream);
    stream = stream_of(NULL, 0);
    assert_int_equal(OleSaveToStream((IPersistStream *)moniker, stream), S_OK);
    assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
    assert_int_equal(OleLoadFromStream(stream, &IID_IMoniker, (void **)&loaded), S_OK);
    assert_int_equal(IMoniker_IsEqual(moniker, loaded), S_OK);
    char name[512];
    snprintf(name, sizeof name, "%s", name_of(moniker));
    assert_string_equal(name_of(loaded), name);
    IStream_Release(stream);
    IMoniker_Release(loaded);
    IMoniker_Release(moniker);
  }
}

/* What Load of a kind takes, and what name that gives; NULL: it is refused, and the moniker stays as it was. */
static void streams_of_other_writers(void **state) {
  static const struct {
    const char *kind, *bytes;
    size_t size;
    const char *name;
  } cases[] = {
    { "i:x", BYTES("\0\0\0\0\2\0\0\0a\0"), "a" },
    { "i:x", BYTES("\1\0\0\0\0\2\0\0\0a\0"), "a" },
    { "i:x", BYTES("\2\0\0\0!\0\0\0\0\0"), "!" },
    { "i:x", BYTES("\2\0\0\0!\0\5\0\0\0?\0\xe4\0\0"), "!\u00e4" },
    { "i:x", BYTES("\2\0\0\0!\0\5\0\0\0ab"), NULL },
    { "i:x", BYTES("\xff\xff\xff\xff!"), NULL },
    { "f:/x", BYTES("\1\0\2\0\0\0a\0\1\2\3\4reserved bytes of any"), NULL },
    { "f:/x", BYTES("\1\0\2\0\0\0a\0\1\2\3\4twenty reserved bytes.\0\0\0\0"), NULL },
    { "f:/x", BYTES("\1\0\2\0\0\0a\0\1\2\3\4twenty reserved byte\0\0\0\0"), "../a" },
    { "f:/x", BYTES("\0\0\2\0\0\0?\0\1\2\3\4twenty reserved byte\x8\0\0\0\2\0\0\0\3\0\xe4\0"), "\u00e4" },
    { "f:/x", BYTES("\0\0\2\0\0\0?\0\1\2\3\4twenty reserved byte\x8\0\0\0\2\0\0\0\4\0\xe4\0"), NULL },
    { "f:/x", BYTES("\0\0\2\0\0\0?\0\1\2\3\4twenty reserved byte\x9\0\0\0\2\0\0\0\3\0\xe4\0"), NULL },
    { "f:/x", BYTES("\0\0\2\0\0\0\xff\0\1\2\3\4twenty reserved byte\0\0\0\0"), NULL },
    { "c:", BYTES(CLASS_BYTES "\3\0\0\0;\0x"), "clsid:11223344-5566-7788-99AA-BBCCDDEEFF00;x:" },
    { "c:", BYTES(CLASS_BYTES "\4\0\0\0;"), NULL },
    { "c:", BYTES(CLASS_BYTES "\xff\xff\xff\xff;"), NULL },
  };

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *moniker = make(cases[i].kind);
    IMoniker *before = make(cases[i].kind);
    IStream *stream = stream_of(cases[i].bytes, cases[i].size);
    HRESULT status = IMoniker_Load(moniker, stream);

    if (SUCCEEDED(status) != (cases[i].name != NULL) ||
        (cases[i].name ? strcmp(name_of(moniker), cases[i].name) != 0 : IMoniker_IsEqual(moniker, before) != S_OK))
      fail_msg("case %zu: 0x%X %s", i, (unsigned)status, name_of(moniker));
    IStream_Release(stream);
    IMoniker_Release(before);
    IMoniker_Release(moniker);
  }
}

static void any_number_of_steps_up_is_loaded(void **state) {
  static const char *const bytes = "\xff\xff\2\0\0\0a\0\1\2\3\4twenty reserved byte\0\0\0\0";
  IMoniker *moniker = make("f:/x");
  IStream *stream = stream_of(bytes, 36);
  IBindCtx *context = new_context();
  LPOLESTR name;
  HGLOBAL block;

  (void)state;
  assert_int_equal(IMoniker_Load(moniker, stream), S_OK);
  assert_int_equal(IMoniker_GetDisplayName(moniker, context, NULL, &name), S_OK);
  assert_int_equal(utf16_units(name), 3 * 0xFFFF + 1);
  CoTaskMemFree(name);
  IStream_Release(stream);
  stream = stream_of(NULL, 0);
  assert_int_equal(IMoniker_Save(moniker, stream, FALSE), S_OK);
  assert_int_equal(GetHGlobalFromStream(stream, &block), S_OK);
  assert_memory_equal(block, bytes, 8);
  IStream_Release(stream);
  IBindCtx_Release(context);
  IMoniker_Release(moniker);
}

static void composites_within_composites_are_one(void **state) {
  static const char bytes[] = "\2\0\0\0" /* two parts: an item, and a composite of two items */
                              "\4\3\0\0\0\0\0\0\xC0\0\0\0\0\0\0\x46\0\0\0\0\2\0\0\0a\0"
                              "\x9\3\0\0\0\0\0\0\xC0\0\0\0\0\0\0\x46\2\0\0\0"
                              "\4\3\0\0\0\0\0\0\xC0\0\0\0\0\0\0\x46\0\0\0\0\2\0\0\0b\0"
                              "\4\3\0\0\0\0\0\0\xC0\0\0\0\0\0\0\x46\0\0\0\0\2\0\0\0c\0";
  IMoniker *moniker = make("e:");
  IMoniker *flat = make("n:a|n:b|n:c");
  IStream *stream = stream_of(bytes, sizeof bytes - 1);

  (void)state;
  assert_int_equal(IMoniker_Load(moniker, stream), S_OK);
  assert_int_equal(IMoniker_IsEqual(moniker, flat), S_OK);
  assert_string_equal(name_of(moniker), "abc");
  IStream_Release(stream);
  IMoniker_Release(moniker);
  IMoniker_Release(flat);
}

/* Each part of the composite stands for a path of 400,000 bytes in a few. */
static void what_all_parts_of_a_stream_become_is_limited(void **state) {
  static const struct {
    char count;
    HRESULT result;
  } cases[] = { { 10, S_OK }, { 100, STG_E_DOCFILECORRUPT }, { 10, S_OK } };
  static const char part[] =
      "\3\3\0\0\0\0\0\0\xC0\0\0\0\0\0\0\x46\xff\xff\2\0\0\0a\0\1\2\3\4twenty reserved byte\0\0\0\0";

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *moniker = make("e:");
    char bytes[4 + 100 * (sizeof part - 1)] = { cases[i].count, 0, 0, 0 };

    for (size_t k = 0; k < 100; k++)
      memcpy(bytes + 4 + k * (sizeof part - 1), part, sizeof part - 1);
    IStream *stream = stream_of(bytes, sizeof bytes);
    assert_int_equal(IMoniker_Load(moniker, stream), cases[i].result);
    IStream_Release(stream);
    IMoniker_Release(moniker);
  }
}

static IMarshal *marshal_of(IMoniker *moniker) {
  IMarshal *marshal;

  assert_int_equal(IMoniker_QueryInterface(moniker, &IID_IMarshal, (void **)&marshal), S_OK);
  return marshal;
}

static void every_kind_marshals_itself(void **state) {
  static const LARGE_INTEGER start;

  (void)state;
  for (size_t i = 0; i < COUNT(every_kind); i++) {
    IMoniker *moniker = make(every_kind[i]);
    IMoniker *copy;
    IMoniker *arrived;
    IMarshal *marshal;
    IStream *stream = stream_of(NULL, 0);
    CLSID clsid;
    CLSID own;
    DWORD room;
    STATSTG status;

    if (every_kind[i][0] == 'p') {
      IMoniker_Release(moniker);
      moniker = make("i:target");
      assert_int_equal(CreatePointerMoniker((IUnknown *)moniker, &copy), S_OK);
      IMoniker_Release(moniker);
      moniker = copy;
    }
    marshal = marshal_of(moniker);
    assert_int_equal(IMarshal_GetUnmarshalClass(marshal, &IID_IMoniker, moniker, MSHCTX_INPROC, NULL, 0, &clsid), S_OK);
    assert_int_equal(IMoniker_GetClassID(moniker, &own), S_OK);
    assert_true(IsEqualCLSID(&clsid, &own));
    assert_int_equal(IMarshal_GetMarshalSizeMax(marshal, &IID_IMoniker, moniker, MSHCTX_INPROC, NULL, 0, &room), S_OK);
    assert_int_equal(IMarshal_MarshalInterface(marshal, stream, &IID_IMoniker, moniker, MSHCTX_INPROC, NULL, 0), S_OK);
    assert_int_equal(IStream_Stat(stream, &status, STATFLAG_NONAME), S_OK);
    assert_true(status.cbSize.QuadPart <= room);
    IMarshal_Release(marshal);

    assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
    assert_int_equal(CoCreateInstance(&clsid, NULL, CLSCTX_ALL, &IID_IMarshal, (void **)&marshal), S_OK);
    assert_int_equal(IMarshal_UnmarshalInterface(marshal, stream, &IID_IMoniker, (void **)&arrived), S_OK);
    assert_int_equal(IMoniker_IsEqual(moniker, arrived), S_OK);
    assert_int_equal(IMarshal_DisconnectObject(marshal, 0), S_OK);
    IMarshal_Release(marshal);
    IMoniker_Release(arrived);
    IStream_Release(stream);
    assert_int_equal(IMoniker_Release(moniker), 0);
  }
}

static void a_marshaled_pointer_can_be_given_up(void **state) {
  static const LARGE_INTEGER start;
  IMoniker *target = make("i:target");
  IMoniker *pointer;
  IMarshal *marshal;
  IStream *stream = stream_of(NULL, 0);

  (void)state;
  assert_int_equal(CreatePointerMoniker((IUnknown *)target, &pointer), S_OK);
  marshal = marshal_of(pointer);
  assert_int_equal(IMarshal_MarshalInterface(marshal, stream, &IID_IMoniker, pointer, MSHCTX_INPROC, NULL, 0), S_OK);
  assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
  assert_int_equal(IMarshal_ReleaseMarshalData(marshal, stream), S_OK);
  IMarshal_Release(marshal);
  IStream_Release(stream);
  assert_int_equal(IMoniker_Release(pointer), 0);
  assert_int_equal(IMoniker_Release(target), 0);
}

static int marshal_in_short_memory(void *text) {
  static const LARGE_INTEGER start;
  IMoniker *moniker = NULL;
  IMoniker *arrived = NULL;
  IMarshal *marshal = NULL;
  IMarshal *other = NULL;
  IStream *stream = NULL;
  CLSID clsid;
  IMoniker *item = NULL;
  HRESULT status = CreateItemMoniker(NULL, u"x\u00e4", &item);

  (void)text;
  if (SUCCEEDED(status))
    status = CreateGenericComposite(item, item, &moniker);
  if (SUCCEEDED(status))
    status = CreateStreamOnHGlobal(NULL, TRUE, &stream);
  if (SUCCEEDED(status))
    status = IMoniker_QueryInterface(moniker, &IID_IMarshal, (void **)&marshal);
  if (SUCCEEDED(status))
    status = IMarshal_GetUnmarshalClass(marshal, &IID_IMoniker, moniker, MSHCTX_INPROC, NULL, 0, &clsid);
  if (SUCCEEDED(status))
    status = IMarshal_MarshalInterface(marshal, stream, &IID_IMoniker, moniker, MSHCTX_INPROC, NULL, 0);
  if (SUCCEEDED(status)) {
    IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
    status = CoCreateInstance(&clsid, NULL, CLSCTX_ALL, &IID_IMarshal, (void **)&other);
  }
  if (SUCCEEDED(status))
    status = IMarshal_UnmarshalInterface(other, stream, &IID_IMoniker, (void **)&arrived);
  if (SUCCEEDED(status)) {
    IMoniker *path = NULL;

    status = IMoniker_RelativePathTo(moniker, item, &path);
    drop(path);
  }
  drop(arrived);
  if (other)
    IMarshal_Release(other);
  if (marshal)
    IMarshal_Release(marshal);
  if (stream)
    IStream_Release(stream);
  drop(moniker);
  drop(item);
  return FAILED(status) && status != E_OUTOFMEMORY;
}

static void no_allocation_failure_leaks(void **state) {
  (void)state;
  marshal_in_short_memory(NULL);
  faults_each(marshal_in_short_memory, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(saved_forms),
    TEST(streams_of_other_writers),
    TEST(any_number_of_steps_up_is_loaded),
    TEST(what_all_parts_of_a_stream_become_is_limited),
    TEST(composites_within_composites_are_one),
    TEST(every_kind_marshals_itself),
    TEST(a_marshaled_pointer_can_be_given_up),
    TEST(no_allocation_failure_leaks),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
