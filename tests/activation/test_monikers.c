/* Monikers: names, equality, composition, relations, streams, parsing, binding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ole2.h>

#include "activation/monikers.h"
#include "com/object.h"
#include "support/faults.h"
#include "support/scratch.h"

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

static void every_kind_names_itself(void **state) {
  static const struct {
    const char *text, *name;
    DWORD kind;
    const CLSID *clsid;
  } cases[] = {
    { "f:/tmp/a.txt", "/tmp/a.txt", MKSYS_FILEMONIKER, &CLSID_FileMoniker },
    { "i:Test", "!Test", MKSYS_ITEMMONIKER, &CLSID_ItemMoniker },
    { "a:", "\\..", MKSYS_ANTIMONIKER, &CLSID_AntiMoniker },
    { "c:", "clsid:11223344-5566-7788-99AA-BBCCDDEEFF00:", MKSYS_CLASSMONIKER, &CLSID_ClassMoniker },
    { "f:/a|i:b|i:c", "/a!b!c", MKSYS_GENERICCOMPOSITE, &CLSID_CompositeMoniker },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IMoniker *moniker = make(cases[i].text);
    IMoniker *other;
    IMoniker *again = make(cases[i].text);
    IEnumMoniker *parts;
    CLSID clsid;
    DWORD number;
    DWORD second;
    IBindCtx *context;

    assert_string_equal(name_of(moniker), cases[i].name);
    assert_int_equal(IMoniker_IsSystemMoniker(moniker, &number), S_OK);
    assert_int_equal(number, cases[i].kind);
    assert_int_equal(IMoniker_IsSystemMoniker(moniker, NULL), E_POINTER);
    assert_int_equal(IMoniker_GetClassID(moniker, &clsid), S_OK);
    assert_true(IsEqualCLSID(&clsid, cases[i].clsid));
    assert_int_equal(IMoniker_IsDirty(moniker), S_FALSE);
    assert_int_equal(IMoniker_IsEqual(moniker, again), S_OK);
    assert_int_equal(IMoniker_IsEqual(moniker, NULL), E_INVALIDARG);
    assert_int_equal(IMoniker_Hash(moniker, &number), S_OK);
    assert_int_equal(IMoniker_Hash(again, &second), S_OK);
    assert_int_equal(number, second);
    assert_int_equal(CreateBindCtx(0, &context), S_OK);
    assert_int_equal(IMoniker_Reduce(moniker, context, MKRREDUCE_ALL, NULL, &other), MK_S_REDUCED_TO_SELF);
    assert_ptr_equal(other, moniker);
    IMoniker_Release(other);
    IBindCtx_Release(context);
    assert_int_equal(IMoniker_Enum(moniker, TRUE, &parts), S_OK);
    assert_int_equal(parts != NULL, cases[i].kind == MKSYS_GENERICCOMPOSITE);
    if (parts)
      IEnumMoniker_Release(parts);
    IMoniker_Release(again);
    assert_int_equal(IMoniker_Release(moniker), 0);
  }
}

static void different_monikers_are_not_equal(void **state) {
  static const char *const texts[] = { "f:/a", "f:/A", "f:/b", "i:a", "i:b", "c:", "a:", "f:/a|i:a", "f:/a|i:b" };
  IMoniker *moniker;
  size_t i;
  size_t k;

  (void)state;
  for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
    for (k = 0; k < sizeof texts / sizeof texts[0]; k++) {
      IMoniker *other = make(texts[k]);

      moniker = make(texts[i]);
      assert_int_equal(IMoniker_IsEqual(moniker, other), i == k ? S_OK : S_FALSE);
      IMoniker_Release(moniker);
      IMoniker_Release(other);
    }
  {
    IMoniker *lower = make("i:item");
    IMoniker *upper = make("i:ITEM");

    assert_int_equal(IMoniker_IsEqual(lower, upper), S_OK); /* items compare without case */
    IMoniker_Release(lower);
    IMoniker_Release(upper);
  }
}

static void composition_simplifies(void **state) {
  static const struct {
    const char *left, *right, *name;
  } cases[] = {
    { "", "", "(null)" },
    { "f:/a", "", "/a" },
    { "", "i:x", "!x" },
    { "f:/a", "i:x", "/a!x" },
    { "f:/a", "a:", "(null)" },
    { "f:/a|i:x", "a:", "/a" },
    { "f:/a|i:x", "a:|a:", "(null)" },
    { "f:/a|i:x", "a:|i:y", "/a!y" },
    { "f:/a", "a:|a:", "\\.." },
    { "a:", "i:x", "\\..!x" },
    { "f:/work", "f:data/x", "/work/data/x" },
    { "f:/work/", "f:x", "/work/x" },
    { "f:/work/art", "f:../docs", "/work/docs" },
    { "f:/work/art", "f:../../docs", "/docs" },
    { "f:/work", "f:../../docs", "/docs" },
    { "f:work", "f:../docs", "docs" },
    { "f:work", "f:../../docs", "../docs" },
    { "f:../work", "f:../x", "../x" },
    { "f:work", "f:..", "" },
    { "f:c:\\work", "f:..\\backup\\sales.xls", "c:\\backup\\sales.xls" },
    { "f:/a|i:x", "i:y|i:z", "/a!x!y!z" },
    { "c:", "i:x", "clsid:11223344-5566-7788-99AA-BBCCDDEEFF00:!x" },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IMoniker *left = make(cases[i].left);
    IMoniker *right = make(cases[i].right);
    IMoniker *whole = (IMoniker *)1;
    HRESULT status = CreateGenericComposite(left, right, &whole);

    if (status != S_OK || strcmp(name_of(whole), cases[i].name) != 0)
      fail_msg("%s + %s: 0x%X %s, expected %s", cases[i].left, cases[i].right, (unsigned)status, name_of(whole),
               cases[i].name);
    drop(whole);
    drop(left);
    drop(right);
  }
}

static void what_does_not_compose_says_so(void **state) {
  static const char *const texts[] = { "f:/a", "i:x", "c:", "a:", "f:/a|i:x" };
  IMoniker *item = make("i:x");
  IMoniker *file = make("f:/a");
  IMoniker *absolute = make("f:/b");
  IMoniker *result;
  size_t i;

  (void)state;
  for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    IMoniker *moniker = make(texts[i]);

    result = (IMoniker *)1;
    assert_int_equal(IMoniker_ComposeWith(moniker, item, TRUE, &result), MK_E_NEEDGENERIC);
    assert_null(result);
    assert_int_equal(IMoniker_ComposeWith(moniker, item, FALSE, NULL), E_POINTER);
    IMoniker_Release(moniker);
  }
  assert_int_equal(IMoniker_ComposeWith(file, absolute, FALSE, &result), MK_E_SYNTAX);
  assert_null(result);
  assert_int_equal(CreateGenericComposite(file, absolute, &result), MK_E_SYNTAX);
  assert_null(result);
  assert_int_equal(CreateGenericComposite(file, item, NULL), E_POINTER);
  IMoniker_Release(item);
  IMoniker_Release(file);
  IMoniker_Release(absolute);
}

static void an_inverse_undoes(void **state) {
  static const char *const texts[] = { "f:/a", "i:x", "c:", "f:/a|i:x", "f:/a|i:x|i:y" };
  IMoniker *anti = make("a:");
  IMoniker *result = (IMoniker *)1;
  size_t i;

  (void)state;
  for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    IMoniker *moniker = make(texts[i]);
    IMoniker *inverse;
    IMoniker *whole;

    assert_int_equal(IMoniker_Inverse(moniker, &inverse), S_OK);
    assert_int_equal(CreateGenericComposite(moniker, inverse, &whole), S_OK);
    assert_null(whole);
    IMoniker_Release(inverse);
    IMoniker_Release(moniker);
  }
  assert_int_equal(IMoniker_Inverse(anti, &result), MK_E_NOINVERSE);
  assert_null(result);
  IMoniker_Release(anti);
}

static void common_prefixes_are_found(void **state) {
  static const struct {
    const char *first, *second;
    HRESULT expected;
    const char *name;
  } cases[] = {
    { "f:/a/b", "f:/a/b", MK_S_US, "/a/b" },
    { "f:/a", "f:/a/b", MK_S_ME, "/a" },
    { "f:/a/b", "f:/a", MK_S_HIM, "/a" },
    { "f:/a/b", "f:/a/c", S_OK, "/a" },
    { "f:/a/bc", "f:/a/bd", S_OK, "/a" },
    { "f:/a", "f:/b", S_OK, "/" },
    { "f:a", "f:b", MK_E_NOPREFIX, "(null)" },
    { "i:x", "i:X", MK_S_US, "!x" },
    { "i:x", "i:y", MK_E_NOPREFIX, "(null)" },
    { "i:x", "f:x", MK_E_NOPREFIX, "(null)" },
    { "c:", "c:", MK_S_US, "clsid:11223344-5566-7788-99AA-BBCCDDEEFF00:" },
    { "c:", "i:x", MK_E_NOPREFIX, "(null)" },
    { "f:/a|i:x", "f:/a|i:x", MK_S_US, "/a!x" },
    { "f:/a|i:x", "f:/a|i:y", S_OK, "/a" },
    { "f:/a", "f:/a|i:y", MK_S_ME, "/a" },
    { "f:/a|i:x|i:y", "f:/a|i:x", MK_S_HIM, "/a!x" },
    { "i:x|i:y", "i:z|i:y", MK_E_NOPREFIX, "(null)" },
    { "a:", "a:", MK_S_US, "\\.." },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IMoniker *first = make(cases[i].first);
    IMoniker *second = make(cases[i].second);
    IMoniker *prefix = (IMoniker *)1;
    HRESULT status = IMoniker_CommonPrefixWith(first, second, &prefix);

    if (status != cases[i].expected || strcmp(name_of(prefix), cases[i].name) != 0)
      fail_msg("%s, %s: 0x%X %s", cases[i].first, cases[i].second, (unsigned)status, name_of(prefix));
    drop(prefix);
    IMoniker_Release(first);
    IMoniker_Release(second);
  }
}

static void relative_paths_lead_there(void **state) {
  static const struct {
    const char *source, *target;
    HRESULT expected;
    const char *name;
  } cases[] = {
    { "f:/work/art", "f:/docs/books", S_OK, "../../docs/books" },
    { "f:/work", "f:/work/x", S_OK, "x" },
    { "f:/work/x", "f:/work", S_OK, ".." },
    { "f:a", "f:b", MK_S_HIM, "b" },
    { "i:x", "i:y", MK_E_NOTBINDABLE, "(null)" },
    { "f:/a|i:x", "f:/a|i:y", S_OK, "\\..!y" },
    { "f:/a|i:x", "i:y", MK_S_HIM, "!y" },
    { "a:", "i:y", MK_S_HIM, "!y" },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IMoniker *source = make(cases[i].source);
    IMoniker *target = make(cases[i].target);
    IMoniker *path = (IMoniker *)1;
    HRESULT status = IMoniker_RelativePathTo(source, target, &path);

    if (status != cases[i].expected || strcmp(name_of(path), cases[i].name) != 0)
      fail_msg("%s, %s: 0x%X %s", cases[i].source, cases[i].target, (unsigned)status, name_of(path));
    drop(path);
    IMoniker_Release(source);
    IMoniker_Release(target);
  }
}

#define BYTES(text) (text), sizeof(text) - 1

static void streams_have_the_published_form(void **state) {
  static const struct {
    const char *text, *bytes;
    size_t size;
  } cases[] = {
    { "a:", BYTES("\1\0\0\0") },
    { "i:Test", BYTES("\2\0\0\0!\0\5\0\0\0Test\0") },
    { "i:\u00e4", BYTES("\2\0\0\0!\0\4\0\0\0?\0\xe4\0") },
    { "f:/a.b", BYTES("\0\0\5\0\0\0/a.b\0\xff\xff\xad\xde\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
    { "f:../../x", BYTES("\2\0\2\0\0\0x\0\xff\xff\xad\xde\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
    { "f:\u00e4", BYTES("\0\0\2\0\0\0?\0\xff\xff\xad\xde\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x8\0\0\0"
                        "\2\0\0\0\3\0\xe4\0") },
    { "c:", BYTES("\x44\x33\x22\x11\x66\x55\x88\x77\x99\xaa\xbb\xcc\xdd\xee\xff\0\0\0\0\0") },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IMoniker *moniker = make(cases[i].text);
    IMoniker *loaded;
    IStream *stream = stream_of("", 0);
    ULARGE_INTEGER room;
    STATSTG status;
    HGLOBAL block;
    static const LARGE_INTEGER start;

    assert_int_equal(IMoniker_Save(moniker, stream, FALSE), S_OK);
    assert_int_equal(IStream_Stat(stream, &status, STATFLAG_NONAME), S_OK);
    assert_int_equal(status.cbSize.QuadPart, cases[i].size);
    assert_int_equal(GetHGlobalFromStream(stream, &block), S_OK);
    assert_memory_equal(block, cases[i].bytes, cases[i].size);
    assert_int_equal(IMoniker_GetSizeMax(moniker, &room), S_OK);
    assert_true(room.QuadPart >= cases[i].size);
    IStream_Release(stream);

    stream = stream_of("", 0);
    assert_int_equal(OleSaveToStream((IPersistStream *)moniker, stream), S_OK);
    assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
    assert_int_equal(OleLoadFromStream(stream, &IID_IMoniker, (void **)&loaded), S_OK);
    assert_int_equal(IMoniker_IsEqual(moniker, loaded), S_OK);
    IMoniker_Release(loaded);
    IStream_Release(stream);
    IMoniker_Release(moniker);
  }
}

static void composites_survive_streams_in_every_truncation(void **state) {
  IMoniker *moniker = make("f:/a/\u00e4|i:x|c:|i:\u00fc");
  IStream *stream = stream_of("", 0);
  STATSTG status;
  HGLOBAL block;
  size_t size;

  (void)state;
  assert_int_equal(OleSaveToStream((IPersistStream *)moniker, stream), S_OK);
  assert_int_equal(IStream_Stat(stream, &status, STATFLAG_NONAME), S_OK);
  assert_int_equal(GetHGlobalFromStream(stream, &block), S_OK);
  for (size = 0; size <= status.cbSize.QuadPart; size++) {
    IStream *part = stream_of(block, size);
    IMoniker *loaded = (IMoniker *)1;
    HRESULT result = OleLoadFromStream(part, &IID_IMoniker, (void **)&loaded);

    assert_int_equal(SUCCEEDED(result), size == status.cbSize.QuadPart);
    if (SUCCEEDED(result)) {
      assert_int_equal(IMoniker_IsEqual(moniker, loaded), S_OK);
      IMoniker_Release(loaded);
    } else {
      assert_null(loaded);
    }
    IStream_Release(part);
  }
  IStream_Release(stream);
  IMoniker_Release(moniker);
}

static void hostile_streams_are_refused(void **state) {
  /* A composite whose first part is a composite whose first part ... */
  static const uint8_t level[] = { 9, 3, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46, 2, 0, 0, 0 };
  static const struct {
    const CLSID *clsid;
    const char *bytes;
    size_t size;
  } cases[] = {
    { &CLSID_AntiMoniker, BYTES("\xff\xff\xff\xff") },
    { &CLSID_ItemMoniker, BYTES("\xff\xff\xff\xff!") },
    { &CLSID_ItemMoniker, BYTES("\0\0\0\0\xff\xff\xff\x7f") },
    { &CLSID_FileMoniker, BYTES("\0\0\xff\xff\xff\xff") },
    { &CLSID_FileMoniker,
      BYTES("\0\0\1\0\0\0\0\xff\xff\xad\xde\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x8\0\0\0\3\0\0\0\3\0\0\0\0") },
    { &CLSID_CompositeMoniker, BYTES("\xff\xff\xff\xff") },
    { &CLSID_CompositeMoniker, BYTES("\1\0\0\0") },
    { &CLSID_ClassMoniker, BYTES("0123456789abcdef\xff\xff\xff\xff") },
  };
  uint8_t *nested = malloc(1000 * sizeof level);
  IMoniker *loaded;
  IStream *stream;
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IPersistStream *persist;

    stream = stream_of(cases[i].bytes, cases[i].size);
    assert_int_equal(CoCreateInstance(cases[i].clsid, NULL, CLSCTX_ALL, &IID_IPersistStream, (void **)&persist), S_OK);
    if (SUCCEEDED(IPersistStream_Load(persist, stream)))
      fail_msg("case %zu is accepted", i);
    IPersistStream_Release(persist);
    IStream_Release(stream);
  }
  for (i = 0; i < 1000; i++)
    memcpy(nested + i * sizeof level, level, sizeof level);
  stream = stream_of(nested, 1000 * sizeof level);
  assert_int_equal(OleLoadFromStream(stream, &IID_IMoniker, (void **)&loaded), STG_E_DOCFILECORRUPT);
  IStream_Release(stream);
  free(nested);
}

static void rot_data_is_as_documented(void **state) {
  static const struct {
    const char *text;
    const char *bytes;
    size_t size;
  } cases[] = {
    { "i:Test", BYTES("\4\3\0\0\0\0\0\0\xc0\0\0\0\0\0\0\x46!\0T\0E\0S\0T\0\0\0") },
    { "a:", BYTES("\5\3\0\0\0\0\0\0\xc0\0\0\0\0\0\0\x46\1\0\0\0") },
    { "f:/a", BYTES("\3\3\0\0\0\0\0\0\xc0\0\0\0\0\0\0\x46/\0a\0\0\0") },
    { "i:x|a:|i:y|i:z", BYTES("\x9\3\0\0\0\0\0\0\xc0\0\0\0\0\0\0\x46\4\3\0\0\0\0\0\0\xc0\0\0\0\0\0\0\x46!\0Y\0\0\0"
                              "\4\3\0\0\0\0\0\0\xc0\0\0\0\0\0\0\x46!\0Z\0\0\0") },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IMoniker *moniker = make(cases[i].text);
    IROTData *rot;
    BYTE data[256];
    ULONG size;

    assert_int_equal(IMoniker_QueryInterface(moniker, &IID_IROTData, (void **)&rot), S_OK);
    assert_int_equal(IROTData_GetComparisonData(rot, data, sizeof data, &size), S_OK);
    assert_int_equal(size, cases[i].size);
    assert_memory_equal(data, cases[i].bytes, size);
    assert_int_equal(IROTData_GetComparisonData(rot, data, size - 1, &size), E_OUTOFMEMORY);
    assert_int_equal(size, cases[i].size);
    IROTData_Release(rot);
    IMoniker_Release(moniker);
  }
}

static void parts_are_enumerated_both_ways(void **state) {
  IMoniker *moniker = make("f:/a|i:x|i:y");
  IEnumMoniker *list;
  IEnumMoniker *clone;
  IMoniker *parts[4];
  ULONG count;

  (void)state;
  assert_int_equal(IMoniker_Enum(moniker, FALSE, &list), S_OK);
  assert_int_equal(IEnumMoniker_Next(list, 1, parts, NULL), S_OK);
  assert_string_equal(name_of(parts[0]), "!y");
  IMoniker_Release(parts[0]);
  assert_int_equal(IEnumMoniker_Clone(list, &clone), S_OK);
  assert_int_equal(IEnumMoniker_Next(clone, 4, parts, &count), S_FALSE);
  assert_int_equal(count, 2);
  assert_string_equal(name_of(parts[1]), "/a");
  IMoniker_Release(parts[0]);
  IMoniker_Release(parts[1]);
  IEnumMoniker_Release(clone);
  assert_int_equal(IEnumMoniker_Skip(list, 2), S_OK);
  assert_int_equal(IEnumMoniker_Skip(list, 1), S_FALSE);
  assert_int_equal(IEnumMoniker_Reset(list), S_OK);
  assert_int_equal(IEnumMoniker_Next(list, 2, parts, NULL), E_INVALIDARG);
  IEnumMoniker_Release(list);
  IMoniker_Release(moniker);
}

static void pointers_are_bound_as_they_are(void **state) {
  IMoniker *target = make("i:x");
  IMoniker *pointer;
  IMoniker *same;
  IPersist *persist;
  IBindCtx *context;
  LPOLESTR name;

  (void)state;
  assert_int_equal(CreateBindCtx(0, &context), S_OK);
  assert_int_equal(CreatePointerMoniker((IUnknown *)target, &pointer), S_OK);
  assert_int_equal(CreatePointerMoniker((IUnknown *)target, &same), S_OK);
  assert_int_equal(IMoniker_IsEqual(pointer, same), S_OK);
  assert_int_equal(IMoniker_BindToObject(pointer, context, NULL, &IID_IPersist, (void **)&persist), S_OK);
  assert_ptr_equal(persist, target);
  IPersist_Release(persist);
  assert_int_equal(IMoniker_GetDisplayName(pointer, context, NULL, &name), E_NOTIMPL);
  assert_int_equal(IMoniker_IsRunning(pointer, NULL, NULL, NULL), S_OK);
  assert_int_equal(CreatePointerMoniker(NULL, NULL), E_INVALIDARG);
  IMoniker_Release(pointer);
  IMoniker_Release(same);
  assert_int_equal(CreatePointerMoniker(NULL, &pointer), S_OK);
  assert_int_equal(IMoniker_BindToObject(pointer, context, NULL, &IID_IPersist, (void **)&persist), E_UNEXPECTED);
  IMoniker_Release(pointer);
  IMoniker_Release(target);
  IBindCtx_Release(context);
}

static void display_names_are_parsed(void **state) {
  static const struct {
    const char *text; /* a leading % is the scratch folder */
    HRESULT expected;
    const char *name;
  } cases[] = {
    { "clsid:11223344-5566-7788-99aa-bbccddeeff00:", S_OK, "clsid:11223344-5566-7788-99AA-BBCCDDEEFF00:" },
    { "CLSID:11223344-5566-7788-99aa-bbccddeeff00", S_OK, "clsid:11223344-5566-7788-99AA-BBCCDDEEFF00:" },
    { "clsid:{11223344-5566-7788-99aa-bbccddeeff00}", S_OK, "clsid:11223344-5566-7788-99AA-BBCCDDEEFF00:" },
    { "clsid:11223344", MK_E_SYNTAX, NULL },
    { "!item", S_OK, "!item" },
    { "!", MK_E_SYNTAX, NULL },
    { "No.Such.Class:x", MK_E_SYNTAX, NULL },
    { "/no/such/file", MK_E_CANTOPENFILE, NULL },
    { "%/file.txt", S_OK, "%/file.txt" },
  };
  IBindCtx *context;
  size_t i;

  (void)state;
  scratch_write("file.txt", "x");
  assert_int_equal(CreateBindCtx(0, &context), S_OK);
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char text[256];
    char expected[256];
    OLECHAR *wide;
    IMoniker *moniker = (IMoniker *)1;
    ULONG eaten = 77;
    HRESULT status;

    snprintf(text, sizeof text, "%s%s", cases[i].text[0] == '%' ? scratch_path("") : "",
             cases[i].text + (cases[i].text[0] == '%'));
    wide = utf16_copy(text);
    status = MkParseDisplayName(context, wide, &eaten, &moniker);
    if (status != cases[i].expected)
      fail_msg("%s: 0x%08X", cases[i].text, (unsigned)status);
    if (SUCCEEDED(status)) {
      snprintf(expected, sizeof expected, "%s%s", cases[i].name[0] == '%' ? scratch_path("") : "",
               cases[i].name + (cases[i].name[0] == '%'));
      assert_string_equal(name_of(moniker), expected);
      assert_int_equal(eaten, strlen(text));
      IMoniker_Release(moniker);
    } else {
      assert_null(moniker);
    }
    free(wide);
  }
  IBindCtx_Release(context);
}

static void running_objects_are_got_by_name(void **state) {
  IMoniker *name = make("i:The Object");
  IMoniker *object = make("i:itself");
  IRunningObjectTable *table;
  IUnknown *found;
  DWORD cookie;

  (void)state;
  assert_int_equal(GetRunningObjectTable(0, &table), S_OK);
  assert_int_equal(IRunningObjectTable_Register(table, 0, (IUnknown *)object, name, &cookie), S_OK);
  assert_int_equal(CoGetObject(u"!the object", NULL, &IID_IMoniker, (void **)&found), S_OK);
  assert_ptr_equal(found, object);
  IUnknown_Release(found);
  assert_int_equal(BindMoniker(name, 0, &IID_IMoniker, (void **)&found), S_OK);
  IUnknown_Release(found);
  assert_int_equal(BindMoniker(name, 1, &IID_IMoniker, (void **)&found), E_INVALIDARG);
  assert_int_equal(IRunningObjectTable_Revoke(table, cookie), S_OK);
  assert_int_equal(CoGetObject(u"!the object", NULL, &IID_IMoniker, (void **)&found), E_INVALIDARG);
  assert_int_equal(
      CoGetObject(u"clsid:00000303-0000-0000-C000-000000000046:", NULL, &IID_IClassFactory, (void **)&found), S_OK);
  IUnknown_Release(found);
  assert_int_equal(
      CoGetObject(u"clsid:11223344-5566-7788-99AA-BBCCDDEEFF00:", NULL, &IID_IClassFactory, (void **)&found),
      REGDB_E_CLASSNOTREG);
  assert_null(found);
  assert_int_equal(CoGetObject(NULL, NULL, &IID_IUnknown, (void **)&found), E_INVALIDARG);
  IRunningObjectTable_Release(table);
  IMoniker_Release(name);
  assert_int_equal(IMoniker_Release(object), 0);
}

static void files_have_classes(void **state) {
  CLSID clsid;
  OLECHAR *path;
  size_t i;
  static const struct {
    const char *name, *contents;
    HRESULT expected;
  } cases[] = {
    { "a.sample", "", S_OK },
    { "b.unknown", "", MK_E_INVALIDEXTENSION },
    { "c", "", MK_E_INVALIDEXTENSION },
    { "d.bin", "xxMAGIC", S_OK },
    { "e.bin", "xxMAGIK", MK_E_INVALIDEXTENSION },
    { "f.missing", NULL, MK_E_CANTOPENFILE },
  };

  (void)state;
  scratch_write("classes/a.reg",
                "Windows Registry Editor Version 5.00\n"
                "[HKEY_CLASSES_ROOT\\.sample]\n@=\"Sample.File\"\n"
                "[HKEY_CLASSES_ROOT\\Sample.File\\CLSID]\n@=\"{11223344-5566-7788-99AA-BBCCDDEEFF00}\"\n"
                "[HKEY_CLASSES_ROOT\\FileType\\{11223344-5566-7788-99AA-BBCCDDEEFF00}\\0]\n"
                "@=\"2, 5, FFFFFFFFFF, 4D41474943\"\n");
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    if (cases[i].contents)
      scratch_write(cases[i].name, cases[i].contents);
    path = utf16_copy(scratch_path(cases[i].name));
    assert_int_equal(GetClassFile(path, &clsid), cases[i].expected);
    assert_true(IsEqualCLSID(&clsid, cases[i].expected == S_OK ? &sample : &CLSID_NULL));
    free(path);
  }
}

static int use_monikers(void *unused) {
  IBindCtx *context = NULL;
  IMoniker *file = NULL;
  IMoniker *item = NULL;
  IMoniker *whole = NULL;
  IMoniker *other = NULL;
  IStream *stream = NULL;
  LPOLESTR name;
  HRESULT status = CreateFileMoniker(u"/a", &file);

  (void)unused;
  if (SUCCEEDED(status))
    status = CreateItemMoniker(u"!", u"\u00e4", &item);
  if (SUCCEEDED(status))
    status = CreateGenericComposite(file, item, &whole);
  if (SUCCEEDED(status))
    status = CreateStreamOnHGlobal(NULL, TRUE, &stream);
  if (SUCCEEDED(status))
    status = IMoniker_Save(whole, stream, TRUE);
  if (SUCCEEDED(status))
    status = IMoniker_Inverse(whole, &other);
  if (SUCCEEDED(status)) {
    IMoniker_Release(other);
    other = NULL;
    status = IMoniker_CommonPrefixWith(whole, file, &other);
  }
  if (SUCCEEDED(status))
    status = CreateBindCtx(0, &context);
  if (SUCCEEDED(status))
    status = IMoniker_GetDisplayName(whole, context, NULL, &name);
  if (SUCCEEDED(status))
    CoTaskMemFree(name);
  if (SUCCEEDED(status))
    status = IMoniker_IsRunning(whole, context, NULL, NULL);
  if (context)
    IBindCtx_Release(context);
  if (stream)
    IStream_Release(stream);
  drop(file);
  drop(item);
  drop(whole);
  drop(other);
  return FAILED(status) && status != E_OUTOFMEMORY && status != E_INVALIDARG && status != MK_E_CANTOPENFILE;
}

static void no_allocation_failure_leaks(void **state) {
  (void)state;
  use_monikers(NULL);
  faults_each(use_monikers, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(every_kind_names_itself),
    TEST(different_monikers_are_not_equal),
    TEST(composition_simplifies),
    TEST(what_does_not_compose_says_so),
    TEST(an_inverse_undoes),
    TEST(common_prefixes_are_found),
    TEST(relative_paths_lead_there),
    TEST(streams_have_the_published_form),
    TEST(composites_survive_streams_in_every_truncation),
    TEST(hostile_streams_are_refused),
    TEST(rot_data_is_as_documented),
    TEST(parts_are_enumerated_both_ways),
    TEST(pointers_are_bound_as_they_are),
    TEST(display_names_are_parsed),
    TEST(running_objects_are_got_by_name),
    TEST(files_have_classes),
    TEST(no_allocation_failure_leaks),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
