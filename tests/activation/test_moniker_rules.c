/* Monikers as on Windows, rule by rule: NULL arguments, identity, hashes, counts, composites, names, saved forms. */
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
