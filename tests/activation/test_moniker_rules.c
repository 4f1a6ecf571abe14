/* Monikers as on Windows, rule by rule: NULL arguments, identity, hashes, counts, composites, names. */
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

static void a_missing_argument_is_invalid_for_every_kind(void **state) {
  IBindCtx *context = new_context();
  IMoniker *other = make("i:other");

  (void)state;
  for (size_t i = 0; i < COUNT(every_kind); i++) {
    IMoniker *moniker = make(every_kind[i]);
    IMoniker *result = NOTHING;
    void *object = NOTHING;
    ULONG eaten;

    assert_int_equal(IMoniker_IsEqual(moniker, NULL), E_INVALIDARG);
    assert_int_equal(IMoniker_CommonPrefixWith(moniker, other, NULL), E_INVALIDARG);
    assert_int_equal(IMoniker_CommonPrefixWith(moniker, NULL, &result), E_INVALIDARG);
    assert_null(result);
    result = NOTHING;
    assert_int_equal(IMoniker_RelativePathTo(moniker, other, NULL), E_INVALIDARG);
    assert_int_equal(IMoniker_RelativePathTo(moniker, NULL, &result), E_INVALIDARG);
    assert_null(result);
    assert_int_equal(IMoniker_Reduce(moniker, context, MKRREDUCE_ALL, NULL, NULL), E_INVALIDARG);
    assert_int_equal(IMoniker_Inverse(moniker, NULL), E_INVALIDARG);
    assert_int_equal(IMoniker_Enum(moniker, TRUE, NULL), E_INVALIDARG);
    assert_int_equal(IMoniker_GetDisplayName(moniker, context, NULL, NULL), E_INVALIDARG);
    assert_int_equal(IMoniker_Hash(moniker, NULL), E_INVALIDARG);
    assert_int_equal(IMoniker_GetClassID(moniker, NULL), E_INVALIDARG);
    assert_int_equal(IMoniker_GetSizeMax(moniker, NULL), E_INVALIDARG);
    if (every_kind[i][0] != 'p' && every_kind[i][0] != 'a')
      assert_int_equal(IMoniker_ParseDisplayName(moniker, context, NULL, NULL, &eaten, &result), E_INVALIDARG);
    if (every_kind[i][0] != 'p')
      assert_int_equal(IMoniker_Save(moniker, NULL, FALSE), E_INVALIDARG);
    if (every_kind[i][0] == 'f' || every_kind[i][0] == 'i')
      assert_int_equal(IMoniker_BindToObject(moniker, NULL, NULL, &IID_IUnknown, &object), E_INVALIDARG);
    IMoniker_Release(moniker);
  }
  assert_int_equal(MonikerRelativePathTo(other, NULL, NULL, TRUE), E_INVALIDARG);
  assert_int_equal(MonikerCommonPrefixWith(other, other, NULL), E_INVALIDARG);
  IMoniker_Release(other);
  IBindCtx_Release(context);
}

/* The codes of methods without a bind context. */
static void some_kinds_need_a_context(void **state) {
  static const struct {
    const char *text;
    HRESULT reduce, name, running;
  } cases[] = {
    { "f:/a", E_INVALIDARG, S_OK, E_INVALIDARG },       { "i:x", MK_S_REDUCED_TO_SELF, S_OK, E_INVALIDARG },
    { "c:", MK_S_REDUCED_TO_SELF, S_OK, E_NOTIMPL },    { "a:", MK_S_REDUCED_TO_SELF, S_OK, E_INVALIDARG },
    { "p:", MK_S_REDUCED_TO_SELF, E_INVALIDARG, S_OK }, { "f:/a|i:x", E_INVALIDARG, E_INVALIDARG, E_INVALIDARG },
  };

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *moniker = make(cases[i].text);
    IMoniker *reduced = NOTHING;
    LPOLESTR name = (LPOLESTR)NOTHING;
    FILETIME time;

    assert_int_equal(IMoniker_Reduce(moniker, NULL, MKRREDUCE_ALL, NULL, &reduced), cases[i].reduce);
    assert_ptr_equal(reduced, SUCCEEDED(cases[i].reduce) ? moniker : NULL);
    drop(reduced);
    assert_int_equal(IMoniker_GetDisplayName(moniker, NULL, NULL, &name), cases[i].name);
    if (FAILED(cases[i].name))
      assert_null(name);
    CoTaskMemFree(name);
    assert_int_equal(IMoniker_IsRunning(moniker, NULL, NULL, NULL), cases[i].running);
    if (strchr(cases[i].text, '|'))
      assert_int_equal(IMoniker_GetTimeOfLastChange(moniker, NULL, NULL, &time), E_INVALIDARG);
    IMoniker_Release(moniker);
  }
}

static void a_moniker_answers_for_its_own_class(void **state) {
  static const struct {
    const char *text;
    const CLSID *clsid;
    HRESULT nowhere; /* QueryInterface without a place for the result */
  } cases[] = {
    { "f:/a", &CLSID_FileMoniker, E_POINTER },     { "i:x", &CLSID_ItemMoniker, E_POINTER },
    { "c:", &CLSID_ClassMoniker, E_POINTER },      { "a:", &CLSID_AntiMoniker, E_POINTER },
    { "p:", &CLSID_PointerMoniker, E_INVALIDARG }, { "f:/a|i:x", &CLSID_CompositeMoniker, E_POINTER },
  };

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *moniker = make(cases[i].text);
    IUnknown *self;

    for (size_t k = 0; k < COUNT(cases); k++) {
      HRESULT status = IMoniker_QueryInterface(moniker, cases[k].clsid, (void **)&self);

      assert_int_equal(status, i == k ? S_OK : E_NOINTERFACE);
      assert_ptr_equal(self, i == k ? moniker : NULL);
      if (self)
        IUnknown_Release(self);
    }
    assert_int_equal(IMoniker_QueryInterface(moniker, &IID_IMoniker, NULL), cases[i].nowhere);
    assert_int_equal(IMoniker_Release(moniker), 0);
  }
}

static void hashes_are_the_published_ones(void **state) {
  static const struct {
    const char *text;
    DWORD hash;
  } cases[] = {
    { "i:", 0 },
    { "i:T", 0x54 },
    { "i:Test", 0x73C },
    { "i:tEST", 0x73C },
    { "n:Test", 0x73C },
    { "i:T|i:Test", 0x54 ^ 0x73C },
    { "i:Test|i:Test", 0 },
    { "a:", 0x80000001 },
    { "a:0", 0x80000000 },
    { "a:0xfffff", 0x800FFFFF },
    { "i:T|a:", 0 },
    { "c:", 0x11223344 },
    { "c:;options", 0x11223344 },
  };

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *moniker = make(cases[i].text);
    DWORD hash = 0;

    if (moniker) {
      assert_int_equal(IMoniker_Hash(moniker, &hash), S_OK);
      if (hash != cases[i].hash)
        fail_msg("%s: 0x%X", cases[i].text, (unsigned)hash);
      IMoniker_Release(moniker);
    }
  }
  IMoniker *target = make("i:x");
  IMoniker *pointer;
  DWORD hash;
  assert_int_equal(CreatePointerMoniker((IUnknown *)target, &pointer), S_OK);
  assert_int_equal(IMoniker_Hash(pointer, &hash), S_OK);
  assert_int_equal(hash, (DWORD)(uintptr_t)target);
  IMoniker_Release(pointer);
  IMoniker_Release(target);
}

static void equality_looks_at_what_counts(void **state) {
  static const struct {
    const char *first, *second;
    HRESULT expected;
  } cases[] = {
    { "n:Item1", "i:ITEM1", S_OK },   { "i:Item1", "n:Item2", S_FALSE },
    { "n:\u00e4", "i:\u00c4", S_OK }, { "a:0", "a:1", S_FALSE },
    { "a:0", "a:0", S_OK },           { "a:", "a:1", S_OK },
    { "a:2", "a:", S_FALSE },         { "a:0", "i:x", S_FALSE },
    { "c:;one", "c:", S_OK },         { "c:;one", "c:;two", S_OK },
  };

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *first = make(cases[i].first);
    IMoniker *second = make(cases[i].second);

    if (IMoniker_IsEqual(first, second) != cases[i].expected || IMoniker_IsEqual(second, first) != cases[i].expected)
      fail_msg("%s, %s", cases[i].first, cases[i].second);
    IMoniker_Release(first);
    IMoniker_Release(second);
  }
}

/* What CommonPrefixWith answers and, where that is one of the two, which one. */
static void prefixes_are_given_as_they_are(void **state) {
  static const struct {
    const char *first, *second;
    HRESULT expected;
    int which; /* 1, 2: that very moniker; 0: nothing */
  } cases[] = {
    { "a:0", "a:1", MK_S_ME, 1 },       { "a:10", "a:5", MK_S_HIM, 2 },       { "a:5", "a:10", MK_S_ME, 1 },
    { "a:7", "a:7", MK_S_US, 1 },       { "n:Item1", "i:ITEM1", MK_S_US, 1 }, { "i:x", "i:y", MK_E_NOPREFIX, 0 },
    { "p:", "p:", MK_S_US, 1 },         { "p:", "i:x", MK_E_NOPREFIX, 0 },    { "c:;one", "c:;two", MK_S_US, 1 },
    { "a:", "f:/a", MK_E_NOPREFIX, 0 },
  };

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *first = make(cases[i].first);
    IMoniker *second = make(cases[i].second);
    IMoniker *prefix = NOTHING;
    HRESULT status = IMoniker_CommonPrefixWith(first, second, &prefix);

    if (status != cases[i].expected || prefix != (cases[i].which == 1 ? first : cases[i].which ? second : NULL))
      fail_msg("%s, %s: 0x%X", cases[i].first, cases[i].second, (unsigned)status);
    drop(prefix);
    IMoniker_Release(first);
    IMoniker_Release(second);
  }
}

static void the_function_for_prefixes_knows_composites(void **state) {
  static const struct {
    const char *first, *second;
    HRESULT expected;
    const char *name;
  } cases[] = {
    { "", "i:x", MK_E_NOPREFIX, "(null)" },
    { "i:x", "", MK_E_NOPREFIX, "(null)" },
    { "i:x", "i:x", MK_E_NOPREFIX, "(null)" },
    { "f:/a", "f:/a", MK_E_NOPREFIX, "(null)" },
    { "f:/a", "f:/a/b", MK_E_NOPREFIX, "(null)" },
    { "f:/a", "f:/a|i:x", MK_S_ME, "/a" },
    { "f:/a|i:x", "f:/a", MK_S_HIM, "/a" },
    { "f:/a", "f:/a/b|i:x", MK_S_ME, "/a" },
    { "f:/a/b|i:x", "f:/a/c|i:x", S_OK, "/a" },
    { "f:/a/b|i:x", "f:/a", MK_S_HIM, "/a" },
    { "i:x|i:y", "i:x|i:y", MK_S_US, "!x!y" },
    { "i:x|i:y", "i:x|i:z", S_OK, "!x" },
    { "i:x|i:y", "i:y|i:x", MK_E_NOPREFIX, "(null)" },
  };

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *first = make(cases[i].first);
    IMoniker *second = make(cases[i].second);
    IMoniker *prefix = NOTHING;
    HRESULT status = MonikerCommonPrefixWith(first, second, &prefix);

    if (status != cases[i].expected || strcmp(name_of(prefix), cases[i].name) != 0)
      fail_msg("%s, %s: 0x%X %s", cases[i].first, cases[i].second, (unsigned)status, name_of(prefix));
    drop(prefix);
    drop(first);
    drop(second);
  }
}

static void relative_paths_of_composites(void **state) {
  static const struct {
    const char *source, *target;
    HRESULT expected;
    const char *name;
  } cases[] = {
    { "i:1|i:2", "i:2|i:3", MK_E_NOTBINDABLE, "(null)" },
    { "i:1|i:2", "f:/a|i:3", MK_E_NOTBINDABLE, "(null)" },
    { "i:1|i:2", "i:1|i:3", S_OK, "\\..!3" },
    { "i:1|i:2", "i:1", S_OK, "\\.." },
    { "f:/a/b|i:x", "f:/a/c|i:y", S_OK, "\\..../c!y" },
    { "f:/a|i:x", "c:", MK_S_HIM, "clsid:11223344-5566-7788-99AA-BBCCDDEEFF00:" },
  };

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *source = make(cases[i].source);
    IMoniker *target = make(cases[i].target);
    IMoniker *path = NOTHING;
    HRESULT status = IMoniker_RelativePathTo(source, target, &path);

    if (status != cases[i].expected || strcmp(name_of(path), cases[i].name) != 0)
      fail_msg("%s, %s: 0x%X %s", cases[i].source, cases[i].target, (unsigned)status, name_of(path));
    if (status == S_OK) {
      IMoniker *whole;

      assert_int_equal(CreateGenericComposite(source, path, &whole), S_OK);
      assert_int_equal(IMoniker_IsEqual(whole, target), S_OK);
      IMoniker_Release(whole);
    }
    drop(path);
    IMoniker_Release(source);
    IMoniker_Release(target);
  }
}

static void composing_with_nothing(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(every_kind); i++) {
    IMoniker *moniker = make(every_kind[i]);
    bool composite = strchr(every_kind[i], '|') != NULL;
    IMoniker *result = NOTHING;

    assert_int_equal(IMoniker_ComposeWith(moniker, NULL, FALSE, &result), composite ? S_OK : E_INVALIDARG);
    assert_ptr_equal(result, composite ? moniker : NULL);
    drop(result);
    result = NOTHING;
    assert_int_equal(IMoniker_ComposeWith(moniker, NULL, TRUE, &result), composite ? MK_E_NEEDGENERIC : E_INVALIDARG);
    assert_null(result);
    IMoniker_Release(moniker);
  }
}

static void several_anti_monikers_take_several_parts(void **state) {
  static const struct {
    const char *left, *right, *name;
  } cases[] = {
    { "f:/a", "a:2", "\\.." },     { "i:x", "a:3", "\\..\\.." },    { "c:", "a:2", "(null)" },
    { "c:", "a:", "(null)" },      { "f:/a|i:x", "a:2", "(null)" }, { "f:/a|i:x|i:y", "a:2", "/a" },
    { "f:/a|i:x", "a:3", "\\.." },
  };

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *left = make(cases[i].left);
    IMoniker *right = make(cases[i].right);
    IMoniker *whole = NOTHING;

    assert_int_equal(IMoniker_ComposeWith(left, right, FALSE, &whole), S_OK);
    if (strcmp(name_of(whole), cases[i].name) != 0)
      fail_msg("%s + %s: %s", cases[i].left, cases[i].right, name_of(whole));
    drop(whole);
    IMoniker_Release(left);
    IMoniker_Release(right);
  }
}

static void the_count_of_an_anti_moniker_is_limited(void **state) {
  static const struct {
    DWORD count;
    HRESULT expected;
  } cases[] = {
    { 0, S_OK }, { 1, S_OK }, { 0xFFFFF, S_OK }, { 0x100000, E_INVALIDARG }, { 0xFFFFFFFF, E_INVALIDARG },
  };
  IMoniker *none = make("a:0");

  (void)state;
  assert_string_equal(name_of(none), "");
  IMoniker_Release(none);
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *moniker = make("a:7");
    IStream *stream = stream_of(&cases[i].count, sizeof(DWORD));
    DWORD hash;

    assert_int_equal(IMoniker_Load(moniker, stream), cases[i].expected);
    assert_int_equal(IMoniker_Hash(moniker, &hash), S_OK);
    assert_int_equal(hash, 0x80000000 | (cases[i].expected == S_OK ? cases[i].count : 7));
    IStream_Release(stream);
    IMoniker_Release(moniker);
  }
}

static void an_empty_composite_says_that_it_is_empty(void **state) {
  IMoniker *moniker = make("e:");
  IBindCtx *context = new_context();
  IStream *stream = stream_of(NULL, 0);
  LPOLESTR name = (LPOLESTR)NOTHING;
  DWORD hash = 77;

  (void)state;
  assert_true(FAILED(IMoniker_Save(moniker, stream, FALSE)));
  assert_int_equal(IMoniker_Hash(moniker, &hash), E_UNEXPECTED);
  assert_int_equal(hash, 77);
  assert_int_equal(IMoniker_GetDisplayName(moniker, context, NULL, &name), E_INVALIDARG);
  assert_null(name);
  assert_true(FAILED(IMoniker_BindToObject(moniker, context, NULL, &IID_IUnknown, (void **)&name)));
  IStream_Release(stream);
  IBindCtx_Release(context);
  IMoniker_Release(moniker);
}

static void nothing_is_fetched_when_nothing_is_asked(void **state) {
  IMoniker *moniker = make("f:/a|i:x");
  IMoniker *pointer = make("p:");
  IMoniker *part = NOTHING;
  IEnumMoniker *list;
  ULONG fetched = 7;

  (void)state;
  assert_int_equal(IMoniker_Enum(moniker, TRUE, &list), S_OK);
  assert_int_equal(IEnumMoniker_Next(list, 0, &part, &fetched), S_OK);
  assert_null(part);
  assert_int_equal(fetched, 0);
  IEnumMoniker_Release(list);
  list = (IEnumMoniker *)NOTHING;
  assert_int_equal(IMoniker_Enum(pointer, TRUE, &list), E_NOTIMPL);
  assert_null(list);
  IMoniker_Release(pointer);
  IMoniker_Release(moniker);
}

static void nobody_running_is_no_error(void **state) {
  static const struct {
    const char *text, *left;
    HRESULT expected;
  } cases[] = {
    { "f:/no/such", "", S_FALSE },        { "i:x", "", S_FALSE },
    { "f:/no/such|i:x", "", S_FALSE },    { "i:x|i:y", "", S_FALSE },
    { "i:x", "f:/no/such", S_FALSE },     { "i:x", "a:", S_FALSE },
    { "i:x", "c:", E_NOTIMPL },           { "i:y", "p:", E_UNEXPECTED },
    { "i:x|i:y", "f:/no/such", S_FALSE }, { "f:/no/such|i:x|i:y", "", S_FALSE },
  };
  IBindCtx *context = new_context();

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    IMoniker *moniker = make(cases[i].text);
    IMoniker *left = make(cases[i].left);
    HRESULT status = IMoniker_IsRunning(moniker, context, left, NULL);

    if (status != cases[i].expected)
      fail_msg("%s after %s: 0x%X", cases[i].text, cases[i].left, (unsigned)status);
    drop(left);
    IMoniker_Release(moniker);
  }
  IBindCtx_Release(context);
}

#define GUID_TEXT "11223344-5566-7788-99AA-BBCCDDEEFF00"

static void class_names_have_options(void **state) {
  static const struct {
    const char *text;
    HRESULT expected;
    ULONG eaten;
    const char *name;
    ULONG size;
  } cases[] = {
    { "clsid:" GUID_TEXT ":", S_OK, 43, "clsid:" GUID_TEXT ":", 20 },
    { "clsid:" GUID_TEXT, S_OK, 42, "clsid:" GUID_TEXT ":", 20 },
    { "CLSID:" GUID_TEXT ";extra data:", S_OK, 54, "clsid:" GUID_TEXT ";extra data:", 44 },
    { "clsid:" GUID_TEXT "}", S_OK, 43, "clsid:" GUID_TEXT "}:", 24 },
    { "clsid:" GUID_TEXT ";abc", S_OK, 46, "clsid:" GUID_TEXT ";abc:", 30 },
    { "clsid:{" GUID_TEXT "}:", S_OK, 45, "clsid:" GUID_TEXT ":", 20 },
    { "clsid:{" GUID_TEXT "}", S_OK, 44, "clsid:" GUID_TEXT ":", 20 },
    { "clsid:{" GUID_TEXT, MK_E_SYNTAX, 0, NULL, 0 },
    { "clsid:{" GUID_TEXT ":", MK_E_SYNTAX, 0, NULL, 0 },
    { "clsid:11223344", MK_E_SYNTAX, 0, NULL, 0 },
    { "clsid:", MK_E_SYNTAX, 0, NULL, 0 },
    { "clsid:x1223344-5566-7788-99AA-BBCCDDEEFF00:", MK_E_SYNTAX, 0, NULL, 0 },
  };
  IBindCtx *context = new_context();

  (void)state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    OLECHAR *wide = utf16_copy(cases[i].text);
    IMoniker *moniker = NOTHING;
    ULARGE_INTEGER size;
    ULONG eaten = 77;
    HRESULT status = MkParseDisplayName(context, wide, &eaten, &moniker);

    if (status != cases[i].expected || eaten != cases[i].eaten)
      fail_msg("%s: 0x%X, %u eaten", cases[i].text, (unsigned)status, (unsigned)eaten);
    if (SUCCEEDED(status)) {
      assert_string_equal(name_of(moniker), cases[i].name);
      assert_int_equal(IMoniker_GetSizeMax(moniker, &size), S_OK);
      assert_int_equal(size.QuadPart, cases[i].size);
      IMoniker_Release(moniker);
    } else {
      assert_null(moniker);
    }
    free(wide);
  }
  IBindCtx_Release(context);
}

static void new_and_session_names(void **state) {
  static const struct {
    const char *text;
    HRESULT expected;
    ULONG eaten;
    const char *name;
  } cases[] = {
    { "new:" GUID_TEXT, S_OK, 40, "new:" GUID_TEXT ":" },
    { "NEW:{" GUID_TEXT "}:", S_OK, 43, "new:" GUID_TEXT ":" },
    { "new:Sample.Class", S_OK, 16, "new:" GUID_TEXT ":" },
    { "new:Sample.Class:", S_OK, 17, "new:" GUID_TEXT ":" },
    { "new:", MK_E_SYNTAX, 0, NULL },
    { "new:No.Such.Class", CO_E_CLASSSTRING, 0, NULL },
    { "Session:Console!clsid:" GUID_TEXT ":", S_OK, 59, "clsid:" GUID_TEXT ":" },
    { "session:console!CLSID:" GUID_TEXT ";x", S_OK, 60, "clsid:" GUID_TEXT ";x:" },
    { "Session:7!clsid:" GUID_TEXT ":", S_OK, 53, "clsid:" GUID_TEXT ":" },
    { "Session:8!clsid:" GUID_TEXT ":", MK_E_SYNTAX, 0, NULL },
    { "Session:77!clsid:" GUID_TEXT ":", MK_E_SYNTAX, 0, NULL },
    { "Session:Console!new:" GUID_TEXT ":", MK_E_SYNTAX, 0, NULL },
    { "Session:Console", MK_E_SYNTAX, 0, NULL },
    { "Session:", MK_E_SYNTAX, 0, NULL },
  };
  IBindCtx *context = new_context();

  (void)state;
  setenv("XDG_SESSION_ID", "7", 1);
  scratch_write("classes/a.reg", "Windows Registry Editor Version 5.00\n"
                                 "[HKEY_CLASSES_ROOT\\Sample.Class\\CLSID]\n@=\"{" GUID_TEXT "}\"\n");
  for (size_t i = 0; i < COUNT(cases); i++) {
    OLECHAR *wide = utf16_copy(cases[i].text);
    IMoniker *moniker = NOTHING;
    ULONG eaten = 77;
    HRESULT status = MkParseDisplayName(context, wide, &eaten, &moniker);

    if (status != cases[i].expected || eaten != cases[i].eaten)
      fail_msg("%s: 0x%X, %u eaten", cases[i].text, (unsigned)status, (unsigned)eaten);
    if (SUCCEEDED(status)) {
      assert_string_equal(name_of(moniker), cases[i].name);
      IMoniker_Release(moniker);
    }
    free(wide);
  }
  IBindCtx_Release(context);
}

static void a_new_moniker_makes_a_new_object(void **state) {
  static const LARGE_INTEGER start;
  IBindCtx *context = new_context();
  IStream *stream = stream_of(NULL, 0);
  IMoniker *moniker;
  IMoniker *loaded;
  IMoniker *first;
  IMoniker *second;
  DWORD kind;
  ULONG eaten;

  (void)state;
  assert_int_equal(MkParseDisplayName(context, u"new:{00000303-0000-0000-C000-000000000046}", &eaten, &moniker), S_OK);
  assert_int_equal(IMoniker_BindToObject(moniker, context, NULL, &IID_IMoniker, (void **)&first), S_OK);
  assert_int_equal(IMoniker_BindToObject(moniker, context, NULL, &IID_IMoniker, (void **)&second), S_OK);
  assert_ptr_not_equal(first, second);
  assert_int_equal(IMoniker_IsSystemMoniker(first, &kind), S_OK);
  assert_int_equal(kind, MKSYS_FILEMONIKER);
  assert_int_equal(IMoniker_IsSystemMoniker(moniker, &kind), S_FALSE);
  assert_int_equal(kind, MKSYS_NONE);
  assert_int_equal(IMoniker_IsRunning(moniker, context, NULL, NULL), S_FALSE);
  assert_int_equal(OleSaveToStream((IPersistStream *)moniker, stream), S_OK);
  assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
  assert_int_equal(OleLoadFromStream(stream, &IID_IMoniker, (void **)&loaded), S_OK);
  assert_int_equal(IMoniker_IsEqual(moniker, loaded), S_OK);
  IMoniker_Release(loaded);
  IMoniker_Release(second);
  /* With the class object on its left it makes what that makes. */
  loaded = make("c:");
  assert_int_equal(IMoniker_BindToObject(moniker, context, loaded, &IID_IMoniker, (void **)&second),
                   REGDB_E_CLASSNOTREG);
  IMoniker_Release(loaded);
  IMoniker_Release(first);
  IMoniker_Release(moniker);
  IStream_Release(stream);
  IBindCtx_Release(context);
}

static void the_empty_name_is_no_name(void **state) {
  IBindCtx *context = new_context();
  IMoniker *moniker = NOTHING;
  ULONG eaten = 77;

  (void)state;
  assert_int_equal(MkParseDisplayName(context, u"", &eaten, &moniker), E_INVALIDARG);
  assert_int_equal(eaten, 77);
  assert_ptr_equal(moniker, NOTHING);
  assert_int_equal(MkParseDisplayName(NULL, u"!x", &eaten, &moniker), E_INVALIDARG);
  assert_int_equal(MkParseDisplayName(context, u"!x", NULL, &moniker), E_INVALIDARG);
  assert_int_equal(MkParseDisplayName(context, u"!x", &eaten, NULL), E_INVALIDARG);
  IBindCtx_Release(context);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(a_missing_argument_is_invalid_for_every_kind),
    TEST(some_kinds_need_a_context),
    TEST(a_moniker_answers_for_its_own_class),
    TEST(hashes_are_the_published_ones),
    TEST(equality_looks_at_what_counts),
    TEST(prefixes_are_given_as_they_are),
    TEST(the_function_for_prefixes_knows_composites),
    TEST(relative_paths_of_composites),
    TEST(composing_with_nothing),
    TEST(several_anti_monikers_take_several_parts),
    TEST(the_count_of_an_anti_moniker_is_limited),
    TEST(an_empty_composite_says_that_it_is_empty),
    TEST(nothing_is_fetched_when_nothing_is_asked),
    TEST(nobody_running_is_no_error),
    TEST(class_names_have_options),
    TEST(new_and_session_names),
    TEST(a_new_moniker_makes_a_new_object),
    TEST(the_empty_name_is_no_name),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
