/* TextStream: reading, writing, encodings, lines, errors. */
#include "servers/scripting_support.h"
#include "support/scratch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static IFileSystem3 *fso;

static int setup(void **state) {
  *state = (void *)(uintptr_t)scratch_make();
  fso = make_file_system();
  return 0;
}

static int teardown(void **state) {
  (void)state;
  IFileSystem3_Release(fso);
  scratch_remove();
  texts_free();
  return 0;
}

static HRESULT try_open(const char *name, IOMode mode, bool create, Tristate format, ITextStream **stream) {
  return IFileSystem3_OpenTextFile(fso, text(scratch_path(name)), mode, create ? VARIANT_TRUE : VARIANT_FALSE, format,
                                   stream);
}

static ITextStream *open_stream(const char *name, IOMode mode, Tristate format) {
  ITextStream *stream = NULL;

  assert_hr(S_OK, try_open(name, mode, mode != ForReading, format, &stream));
  return stream;
}

static ITextStream *reading(const char *contents) {
  scratch_write("in.txt", contents);
  return open_stream("in.txt", ForReading, TristateFalse);
}

static void write_raw(const char *name, const void *bytes, size_t size) {
  FILE *file = fopen(scratch_path(name), "wb");

  assert_non_null(file);
  assert_int_equal(size, fwrite(bytes, 1, size, file));
  fclose(file);
}

static const char *read_line(ITextStream *stream) {
  BSTR line = NULL;

  assert_hr(S_OK, ITextStream_ReadLine(stream, &line));
  return taken(line);
}

/* What `characters` gives; S_FALSE says that it is less. */
static const char *read_some(ITextStream *stream, LONG characters) {
  BSTR some = NULL;
  HRESULT hr = ITextStream_Read(stream, characters, &some);

  assert_hr(SysStringLen(some) < (UINT)characters ? S_FALSE : S_OK, hr);
  return taken(some);
}

static const char *read_all(ITextStream *stream) {
  BSTR all = NULL;

  assert_hr(S_FALSE, ITextStream_ReadAll(stream, &all));
  return taken(all);
}

static bool at_end(ITextStream *stream) {
  VARIANT_BOOL end = 7;

  assert_hr(S_OK, ITextStream_get_AtEndOfStream(stream, &end));
  return end == VARIANT_TRUE;
}

static bool at_line_end(ITextStream *stream) {
  VARIANT_BOOL end = 7;

  assert_hr(S_OK, ITextStream_get_AtEndOfLine(stream, &end));
  return end == VARIANT_TRUE;
}

static void assert_position(ITextStream *stream, int line, int column) {
  LONG at_line = 0, at_column = 0;

  assert_hr(S_OK, ITextStream_get_Line(stream, &at_line));
  assert_hr(S_OK, ITextStream_get_Column(stream, &at_column));
  assert_int_equal(line, at_line);
  assert_int_equal(column, at_column);
}

static void test_read_line(void **state) {
  ITextStream *stream = reading("one\ntwo\r\n\nfour\rstill four\nlast");

  (void)state;
  assert_position(stream, 1, 1);
  assert_string_equal("one", read_line(stream));
  assert_position(stream, 2, 1);
  assert_string_equal("two", read_line(stream));
  assert_string_equal("", read_line(stream));
  assert_string_equal("four\rstill four", read_line(stream));
  assert_false(at_end(stream));
  assert_string_equal("last", read_line(stream));
  assert_position(stream, 5, 5);
  assert_true(at_end(stream));
  ITextStream_Release(stream);
}

static void test_read_past_the_end(void **state) {
  ITextStream *stream = reading("x");
  BSTR result = NULL;

  (void)state;
  assert_string_equal("x", read_all(stream));
  assert_hr(0x800A003E, ITextStream_ReadAll(stream, &result));
  assert_string_equal("Input past end of file", error_text());
  assert_hr(0x800A003E, ITextStream_ReadLine(stream, &result));
  assert_hr(0x800A003E, ITextStream_Read(stream, 1, &result));
  assert_hr(0x800A003E, ITextStream_SkipLine(stream));
  assert_hr(0x800A003E, ITextStream_Skip(stream, 1));
  assert_string_equal("", read_some(stream, 0));
  assert_null(result);
  ITextStream_Release(stream);
  stream = reading("");
  assert_true(at_end(stream));
  assert_true(at_line_end(stream));
  assert_hr(0x800A003E, ITextStream_ReadAll(stream, &result));
  ITextStream_Release(stream);
}

static void test_read_and_skip(void **state) {
  ITextStream *stream = reading("abc\r\ndef\nghi");

  (void)state;
  assert_string_equal("ab", read_some(stream, 2));
  assert_position(stream, 1, 3);
  assert_false(at_line_end(stream));
  assert_string_equal("c", read_some(stream, 1));
  assert_true(at_line_end(stream));
  assert_string_equal("\r\n", read_some(stream, 2));
  assert_position(stream, 2, 1);
  assert_hr(S_OK, ITextStream_Skip(stream, 2));
  assert_string_equal("f\nghi", read_some(stream, 100)); /* less than was asked for */
  assert_true(at_end(stream));
  ITextStream_Release(stream);

  stream = reading("one\ntwo\nthree");
  assert_hr(S_OK, ITextStream_SkipLine(stream));
  assert_position(stream, 2, 1);
  assert_string_equal("two", read_line(stream));
  assert_hr(S_OK, ITextStream_Skip(stream, 100));
  assert_true(at_end(stream));
  assert_hr(E_INVALIDARG, ITextStream_Skip(stream, -1));
  ITextStream_Release(stream);
}

static void test_utf8(void **state) {
  ITextStream *stream = reading("\xEF\xBB\xBFÄ€\U0001F600z");
  BSTR result = NULL;

  (void)state;
  /* Characters are UTF-16 units, as in the BSTR; the mark at the beginning is none. */
  assert_hr(S_OK, ITextStream_Read(stream, 3, &result));
  assert_int_equal(3, SysStringLen(result));
  assert_int_equal(0xC4, result[0]);
  assert_int_equal(0x20AC, result[1]);
  assert_int_equal(0xD83D, result[2]);
  SysFreeString(result);
  assert_hr(S_OK, ITextStream_Read(stream, 2, &result));
  assert_int_equal(0xDE00, result[0]);
  assert_int_equal('z', result[1]);
  SysFreeString(result);
  ITextStream_Release(stream);
}

/* What is not UTF-8 survives a trip through the streams unchanged. */
static void test_bytes_that_are_no_utf8(void **state) {
  static const char bytes[] = "a\xFF\xC0\x80 \xED\xA0\x80 \xF5 \xE2\x82 \xC4\n\xF0\x9F\x98";
  ITextStream *in, *out;
  BSTR all = NULL;
  char *copy;

  (void)state;
  in = reading(bytes);
  assert_hr(S_FALSE, ITextStream_ReadAll(in, &all));
  assert_int_equal('a', all[0]);
  assert_int_equal(0xDCFF, all[1]);
  out = open_stream("out.txt", ForWriting, TristateFalse);
  assert_hr(S_OK, ITextStream_Write(out, all));
  assert_hr(S_OK, ITextStream_Close(out));
  copy = scratch_read("out.txt");
  assert_string_equal(bytes, copy);
  free(copy);
  SysFreeString(all);
  ITextStream_Release(in);
  ITextStream_Release(out);
}

static void test_utf16(void **state) {
  ITextStream *stream = open_stream("wide.txt", ForWriting, TristateTrue);
  static const unsigned char expected[] = { 0xFF, 0xFE, 'a', 0, 0xAC, 0x20, '\n', 0, 'b', 0, '\n', 0 };
  struct stat status;
  char *raw;

  (void)state;
  assert_hr(S_OK, ITextStream_WriteLine(stream, text("a€")));
  ITextStream_Release(stream);
  stream = open_stream("wide.txt", ForAppending, TristateTrue); /* no second mark */
  assert_hr(S_OK, ITextStream_WriteLine(stream, text("b")));
  ITextStream_Release(stream);
  assert_int_equal(0, stat(scratch_path("wide.txt"), &status));
  assert_int_equal(sizeof expected, status.st_size);
  raw = scratch_read("wide.txt");
  assert_memory_equal(expected, raw, sizeof expected);
  free(raw);
  stream = open_stream("wide.txt", ForReading, TristateTrue);
  assert_string_equal("a€", read_line(stream));
  assert_string_equal("b", read_line(stream));
  assert_true(at_end(stream));
  ITextStream_Release(stream);
  stream = open_stream("wide.txt", ForReading, TristateUseDefault); /* the mark tells */
  assert_string_equal("a€\nb\n", read_all(stream));
  ITextStream_Release(stream);
  write_raw("odd.txt",
            "\xFF\xFE"
            "a\0b",
            5);
  stream = open_stream("odd.txt", ForReading, TristateTrue);
  assert_string_equal("a", read_all(stream)); /* half a unit is no character */
  assert_true(at_end(stream));
  ITextStream_Release(stream);
}

/* A UTF-16 stream counts whole units. */
static void test_utf16_ends(void **state) {
  static const struct {
    const char *bytes;
    size_t size;
    const char *text; /* NULL: the end at once */
  } cases[] = {
    { "\x41", 1, NULL }, { "abc", 3, "\xE6\x89\xA1" }, { "\xFF\xFE", 2, NULL }, { "\xFF\xFE\x41", 3, NULL },
    { "", 0, NULL },
  };
  BSTR result;
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    write_raw("odd.txt", cases[i].bytes, cases[i].size);
    ITextStream *stream = open_stream("odd.txt", ForReading, TristateTrue);
    if (cases[i].text)
      assert_string_equal(cases[i].text, read_some(stream, 500));
    assert_hr(0x800A003E, ITextStream_Read(stream, 500, &result));
    assert_null(result);
    assert_hr(0x800A003E, ITextStream_ReadAll(stream, &result));
    assert_null(result);
    ITextStream_Release(stream);
  }
}

/* The mark of a file decides how text is appended, unless the caller does. */
static void test_append_follows_the_mark(void **state) {
  static const struct {
    const char *bytes;
    size_t size;
    Tristate format;
    off_t expected;
  } cases[] = {
    { "\xFF\xFE", 2, TristateUseDefault, 18 }, { "ab", 2, TristateUseDefault, 10 },  { "", 0, TristateUseDefault, 8 },
    { "\xFF\xFE", 2, TristateFalse, 10 },      { "\xFF", 1, TristateUseDefault, 9 }, { "", 0, TristateTrue, 18 },
  };
  struct stat status;
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    write_raw("marked.txt", cases[i].bytes, cases[i].size);
    ITextStream *stream = open_stream("marked.txt", ForAppending, cases[i].format);
    assert_hr(S_OK, ITextStream_Write(stream, text("test.txt")));
    ITextStream_Release(stream);
    assert_int_equal(0, stat(scratch_path("marked.txt"), &status));
    assert_int_equal(cases[i].expected, status.st_size);
  }
}

static void test_write(void **state) {
  ITextStream *stream = open_stream("out.txt", ForWriting, TristateFalse);
  BSTR half = SysAllocStringLen(u"\xD83D", 1), other = SysAllocStringLen(u"\xDE00", 1);
  char *contents;

  (void)state;
  assert_position(stream, 1, 1);
  assert_hr(S_OK, ITextStream_Write(stream, text("ab")));
  assert_position(stream, 1, 3);
  assert_hr(S_OK, ITextStream_WriteLine(stream, text("c")));
  assert_position(stream, 2, 1);
  assert_hr(S_OK, ITextStream_WriteLine(stream, NULL));
  assert_hr(S_OK, ITextStream_WriteBlankLines(stream, 20));
  assert_position(stream, 23, 1);
  assert_hr(S_OK, ITextStream_WriteBlankLines(stream, 0));
  assert_hr(E_INVALIDARG, ITextStream_WriteBlankLines(stream, -1));
  assert_hr(S_OK, ITextStream_Write(stream, half)); /* a pair in two calls */
  assert_hr(S_OK, ITextStream_Write(stream, other));
  assert_hr(S_OK, ITextStream_Write(stream, half)); /* and one that stays alone */
  assert_hr(S_OK, ITextStream_Write(stream, text("Z")));
  assert_hr(S_OK, ITextStream_Close(stream));
  contents = scratch_read("out.txt");
  assert_string_equal("abc\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\U0001F600\xEF\xBF\xBDZ", contents);
  free(contents);
  ITextStream_Release(stream);
  SysFreeString(half);
  SysFreeString(other);
}

static void test_append_and_truncate(void **state) {
  ITextStream *stream;
  char *contents;

  (void)state;
  scratch_write("log.txt", "old\n");
  stream = open_stream("log.txt", ForAppending, TristateFalse);
  assert_hr(S_OK, ITextStream_Write(stream, text("new")));
  ITextStream_Release(stream); /* closes */
  contents = scratch_read("log.txt");
  assert_string_equal("old\nnew", contents);
  free(contents);
  stream = open_stream("log.txt", ForWriting, TristateFalse);
  ITextStream_Release(stream);
  contents = scratch_read("log.txt");
  assert_string_equal("", contents);
  free(contents);
}

static void test_wrong_mode_and_closed(void **state) {
  ITextStream *stream = reading("x");
  VARIANT_BOOL end;
  BSTR result;
  LONG line;

  (void)state;
  assert_hr(0x800A0036, ITextStream_Write(stream, text("y")));
  assert_string_equal("Bad file mode", error_text());
  assert_hr(0x800A0036, ITextStream_WriteLine(stream, text("y")));
  assert_hr(0x800A0036, ITextStream_WriteBlankLines(stream, 1));
  assert_hr(S_OK, ITextStream_Close(stream));
  assert_hr(S_FALSE, ITextStream_Close(stream));
  assert_hr(0x800A005B, ITextStream_ReadLine(stream, &result));
  assert_hr(0x800A005B, ITextStream_get_Line(stream, &line));
  ITextStream_Release(stream);
  stream = open_stream("w.txt", ForWriting, TristateFalse);
  assert_hr(0x800A0036, ITextStream_ReadLine(stream, &result));
  assert_hr(0x800A0036, ITextStream_ReadAll(stream, &result));
  assert_hr(0x800A0036, ITextStream_Read(stream, 1, &result));
  assert_hr(0x800A0036, ITextStream_Skip(stream, 1));
  assert_hr(0x800A0036, ITextStream_SkipLine(stream));
  assert_hr(0x800A0036, ITextStream_get_AtEndOfStream(stream, &end));
  assert_int_equal(VARIANT_TRUE, end);
  assert_hr(0x800A0036, ITextStream_get_AtEndOfLine(stream, &end));
  ITextStream_Release(stream);
}

static void test_opening(void **state) {
  ITextStream *stream = NULL;

  (void)state;
  scratch_write("there.txt", "x");
  mkdir(scratch_path("folder"), 0755);
  assert_hr(0x800A0035, try_open("none.txt", ForReading, false, TristateFalse, &stream));
  assert_string_equal("File not found", error_text());
  assert_hr(0x800A0035, try_open("none.txt", ForWriting, false, TristateFalse, &stream));
  assert_hr(0x800A0035, try_open("none.txt", ForAppending, false, TristateFalse, &stream));
  assert_hr(0x800A004C, try_open("none/none.txt", ForReading, false, TristateFalse, &stream));
  assert_hr(0x800A004C, try_open("none/none.txt", ForWriting, true, TristateFalse, &stream));
  assert_hr(0x800A004C, try_open("there.txt/x", ForReading, false, TristateFalse, &stream));
  assert_hr(0x800A0046, try_open("folder", ForReading, false, TristateFalse, &stream));
  assert_hr(0x800A0046, try_open("folder", ForWriting, true, TristateFalse, &stream));
  assert_hr(E_INVALIDARG, try_open("there.txt", (IOMode)0, false, TristateFalse, &stream));
  assert_hr(E_INVALIDARG, try_open("there.txt", (IOMode)3, false, TristateFalse, &stream));
  assert_hr(E_INVALIDARG, try_open("there.txt", ForReading, false, (Tristate)1, &stream));
  assert_null(stream);
  assert_hr(E_INVALIDARG, try_open("there.txt", (IOMode)(ForWriting | ForAppending), false, TristateFalse, &stream));
  assert_hr(0x800A0034, IFileSystem3_OpenTextFile(fso, text(""), ForReading, VARIANT_FALSE, TristateFalse, &stream));
  assert_hr(E_INVALIDARG, IFileSystem3_OpenTextFile(fso, NULL, ForReading, VARIANT_FALSE, TristateFalse, &stream));
  assert_hr(S_OK, try_open("made.txt", ForReading, true, TristateFalse, &stream));
  assert_true(at_end(stream));
  ITextStream_Release(stream);
}

static void test_create_text_file(void **state) {
  ITextStream *stream = NULL;
  char *contents;

  (void)state;
  scratch_write("there.txt", "x");
  assert_hr(0x800A003A,
            IFileSystem3_CreateTextFile(fso, text(scratch_path("there.txt")), VARIANT_FALSE, VARIANT_FALSE, &stream));
  assert_string_equal("File already exists", error_text());
  assert_hr(S_OK,
            IFileSystem3_CreateTextFile(fso, text(scratch_path("there.txt")), VARIANT_TRUE, VARIANT_FALSE, &stream));
  assert_hr(S_OK, ITextStream_Write(stream, text("new")));
  ITextStream_Release(stream);
  contents = scratch_read("there.txt");
  assert_string_equal("new", contents);
  free(contents);
  assert_hr(S_OK,
            IFileSystem3_CreateTextFile(fso, text(scratch_path("wide.txt")), VARIANT_FALSE, VARIANT_TRUE, &stream));
  ITextStream_Release(stream);
  contents = scratch_read("wide.txt");
  assert_string_equal("\xFF\xFE", contents);
  free(contents);
}

/* Lines and characters that cross the borders of the buffers. */
static void test_big(void **state) {
  const int lines = 30000;
  ITextStream *stream = open_stream("big.txt", ForWriting, TristateFalse);
  char line[64];
  BSTR all = NULL;
  int i;

  (void)state;
  for (i = 0; i < lines; i++) {
    snprintf(line, sizeof line, "line %d äöü€\U0001F600\r", i);
    assert_hr(S_OK, ITextStream_WriteLine(stream, text(line)));
    if (i % 1000 == 0)
      texts_free();
  }
  ITextStream_Release(stream);
  stream = open_stream("big.txt", ForReading, TristateFalse);
  for (i = 0; i < lines; i++) {
    snprintf(line, sizeof line, "line %d äöü€\U0001F600", i);
    assert_string_equal(line, read_line(stream));
  }
  assert_true(at_end(stream));
  ITextStream_Release(stream);
  stream = open_stream("big.txt", ForReading, TristateFalse);
  assert_hr(S_FALSE, ITextStream_ReadAll(stream, &all));
  assert_position(stream, lines + 1, 1);
  SysFreeString(all);
  ITextStream_Release(stream);
}

static void test_one_huge_line(void **state) {
  size_t size = 3000001;
  char *bytes = malloc(size);
  ITextStream *stream;
  BSTR line = NULL;

  (void)state;
  memset(bytes, 'x', size);
  write_raw("huge.txt", bytes, size);
  free(bytes);
  stream = open_stream("huge.txt", ForReading, TristateFalse);
  assert_hr(S_OK, ITextStream_ReadLine(stream, &line));
  assert_int_equal(size, SysStringLen(line));
  SysFreeString(line);
  assert_position(stream, 1, (int)size + 1);
  ITextStream_Release(stream);
  stream = open_stream("huge.txt", ForReading, TristateFalse);
  assert_hr(S_FALSE, ITextStream_Read(stream, INT32_MAX, &line));
  assert_int_equal(size, SysStringLen(line));
  SysFreeString(line);
  ITextStream_Release(stream);
}

static void test_full_disk(void **state) {
  ITextStream *stream = NULL;

  (void)state;
  if (access("/dev/full", W_OK) < 0) {
    print_message("no /dev/full here: not tested\n");
    skip();
  }
  assert_hr(S_OK, IFileSystem3_OpenTextFile(fso, text("/dev/full"), ForWriting, VARIANT_FALSE, TristateFalse, &stream));
  assert_hr(S_OK, ITextStream_WriteLine(stream, text("x"))); /* buffered */
  assert_hr(0x800A003D, ITextStream_Close(stream));
  assert_string_equal("Disk full", error_text());
  ITextStream_Release(stream);
}

static void test_standard_streams(void **state) {
  ITextStream *stream = NULL;
  int pipes[2], saved = dup(STDOUT_FILENO), saved_in = dup(STDIN_FILENO);
  char got[16] = "";

  (void)state;
  assert_int_equal(0, pipe(pipes));
  fflush(stdout);
  dup2(pipes[1], STDOUT_FILENO);
  assert_hr(S_OK, IFileSystem3_GetStandardStream(fso, StdOut, VARIANT_FALSE, &stream));
  assert_hr(S_OK, ITextStream_WriteLine(stream, text("hällo"))); /* at once: nothing is left in a buffer */
  dup2(saved, STDOUT_FILENO);
  assert_int_equal(7, read(pipes[0], got, sizeof got));
  assert_string_equal("hällo\n", got);
  assert_hr(S_OK, ITextStream_Close(stream));
  assert_hr(0x800A005B, ITextStream_Write(stream, text("x")));
  ITextStream_Release(stream);
  assert_true(fcntl(STDOUT_FILENO, F_GETFD) >= 0); /* the process keeps its own */

  assert_int_equal(3, write(pipes[1], "in\n", 3));
  close(pipes[1]);
  dup2(pipes[0], STDIN_FILENO);
  assert_hr(S_OK, IFileSystem3_GetStandardStream(fso, StdIn, VARIANT_FALSE, &stream));
  assert_string_equal("in", read_line(stream));
  assert_true(at_end(stream));
  ITextStream_Release(stream);
  dup2(saved_in, STDIN_FILENO);
  close(pipes[0]);
  close(saved);
  close(saved_in);
  assert_hr(E_INVALIDARG, IFileSystem3_GetStandardStream(fso, (StandardStreamTypes)3, VARIANT_FALSE, &stream));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_read_line, setup, teardown),
    cmocka_unit_test_setup_teardown(test_read_past_the_end, setup, teardown),
    cmocka_unit_test_setup_teardown(test_read_and_skip, setup, teardown),
    cmocka_unit_test_setup_teardown(test_utf8, setup, teardown),
    cmocka_unit_test_setup_teardown(test_bytes_that_are_no_utf8, setup, teardown),
    cmocka_unit_test_setup_teardown(test_utf16, setup, teardown),
    cmocka_unit_test_setup_teardown(test_utf16_ends, setup, teardown),
    cmocka_unit_test_setup_teardown(test_append_follows_the_mark, setup, teardown),
    cmocka_unit_test_setup_teardown(test_write, setup, teardown),
    cmocka_unit_test_setup_teardown(test_append_and_truncate, setup, teardown),
    cmocka_unit_test_setup_teardown(test_wrong_mode_and_closed, setup, teardown),
    cmocka_unit_test_setup_teardown(test_opening, setup, teardown),
    cmocka_unit_test_setup_teardown(test_create_text_file, setup, teardown),
    cmocka_unit_test_setup_teardown(test_big, setup, teardown),
    cmocka_unit_test_setup_teardown(test_one_huge_line, setup, teardown),
    cmocka_unit_test_setup_teardown(test_full_disk, setup, teardown),
    cmocka_unit_test_setup_teardown(test_standard_streams, setup, teardown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
