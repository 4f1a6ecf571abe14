/* Other programs as second opinion: python3-olefile and libgsf's gsf read what is written here, and the reverse. */
#include "storage/storage_tests.h"

#include <unistd.h>

#include "support/scratch.h"

#define PYTHON "/usr/bin/python3"

/* What a command prints, at most `size` bytes; NULL when it fails. */
static const char *output_of(const char *command) {
  static char text[65536];
  FILE *pipe;

  unsetenv("LD_PRELOAD");
  pipe = popen(command, "r");
  assert_non_null(pipe);
  size_t size = fread(text, 1, sizeof text - 1, pipe);
  text[size] = 0;
  return pclose(pipe) == 0 ? text : NULL;
}

static int is_there(const char *command, const char *what) {
  if (output_of(command))
    return 1;
  print_message("SKIPPED: %s is not installed\n", what);
  return 0;
}

enum { STREAMS = 40 };

static size_t size_of_stream(int number) {
  static const size_t sizes[] = { 0, 1, 64, 4095, 4096, 4097, 100000 };

  return sizes[number % 7] + (size_t)number;
}

static void make(const char *name, unsigned sector, DWORD mode) {
  STGOPTIONS options = { .usVersion = 1, .ulSectorSize = sector };
  IStorage *root;
  IStorage *below;

  OK(StgCreateStorageEx(scratch_wide(name), STGM_CREATE | mode, STGFMT_DOCFILE, 0, &options, NULL, &IID_IStorage,
                        (void **)&root));
  OK(IStorage_CreateStorage(root, u"inner", RW, 0, 0, &below));
  for (int i = 0; i < STREAMS; i++) {
    OLECHAR stream[] = { u's', (OLECHAR)(u'0' + i / 10), (OLECHAR)(u'0' + i % 10), 0 };
    uint8_t *bytes = pattern(size_of_stream(i), (unsigned)i);
    OK(put_stream(i % 2 ? below : root, stream, bytes, size_of_stream(i)));
    free(bytes);
  }
  IStorage_Release(below);
  if (mode & STGM_TRANSACTED)
    OK(IStorage_Commit(root, STGC_DEFAULT));
  IStorage_Release(root);
}

static void olefile_reads_ours(void **state) {
  static const struct {
    unsigned sector;
    DWORD mode;
  } files[] = { { 512, RW }, { 4096, RW }, { 512, RWT }, { 4096, RWT } };
  static const char program[] = "import olefile, sys\n"
                                "f = olefile.OleFileIO(sys.argv[1], raise_defects=olefile.DEFECT_INCORRECT)\n"
                                "issues = [i for i in f.parsing_issues if 'transaction_signature' not in str(i)]\n"
                                "assert not issues, issues\n"
                                "def pattern(n, seed):\n"
                                "  s = (seed * 2654435761 + 1) & 0xFFFFFFFF\n"
                                "  out = bytearray()\n"
                                "  for i in range(n):\n"
                                "    s = (s * 1664525 + 1013904223) & 0xFFFFFFFF\n"
                                "    out.append(s >> 24)\n"
                                "  return bytes(out)\n"
                                "sizes = [0, 1, 64, 4095, 4096, 4097, 100000]\n"
                                "names = f.listdir()\n"
                                "assert len(names) == 40, names\n"
                                "for i in range(40):\n"
                                "  name = ('inner/' if i % 2 else '') + 's%02d' % i\n"
                                "  assert f.openstream(name).read() == pattern(sizes[i % 7] + i, i), name\n"
                                "print('fine')\n";
  char command[1200];

  (void)state;
  if (!is_there(PYTHON " -c 'import olefile' 2>/dev/null", "python3-olefile"))
    skip();
  scratch_write("read.py", program);
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    make("ours", files[i].sector, files[i].mode);
    char script[512];
    snprintf(script, sizeof script, "%s", scratch_path("read.py"));
    snprintf(command, sizeof command, PYTHON " '%s' '%s'", script, scratch_path("ours"));
    const char *text = output_of(command);
    if (!text || strcmp(text, "fine\n") != 0)
      fail_msg("file %zu", i);
  }
}

static void gsf_reads_ours(void **state) {
  char command[1200];

  (void)state;
  if (!is_there("gsf --version", "libgsf-bin"))
    skip();
  for (unsigned sector = 512; sector <= 4096; sector *= 8) {
    make("ours", sector, RW);
    for (int i = 1; i < STREAMS; i += 3) {
      uint8_t *bytes = pattern(size_of_stream(i), (unsigned)i);
      snprintf(command, sizeof command, "gsf cat '%s' %ss%02d | cksum", scratch_path("ours"), i % 2 ? "inner/" : "", i);
      char *found = strdup(output_of(command));
      FILE *file = fopen(scratch_path("expected"), "wb");
      fwrite(bytes, 1, size_of_stream(i), file);
      fclose(file);
      snprintf(command, sizeof command, "cksum <'%s'", scratch_path("expected"));
      assert_string_equal(output_of(command), found);
      free(found);
      free(bytes);
    }
  }
}

static void ours_reads_and_changes_what_gsf_wrote(void **state) {
  char command[1200];
  char big[512];
  char text[512];
  IStorage *root;
  uint8_t *bytes = pattern(50000, 7);

  (void)state;
  if (!is_there("gsf --version", "libgsf-bin")) {
    free(bytes);
    skip();
  }
  snprintf(text, sizeof text, "%s", scratch_write("small", "some text"));
  snprintf(big, sizeof big, "%s", scratch_path("big"));
  FILE *file = fopen(big, "wb");
  fwrite(bytes, 1, 50000, file);
  fclose(file);
  snprintf(command, sizeof command, "gsf createole '%s' '%s' '%s'", scratch_path("theirs"), text, big);
  assert_non_null(output_of(command));
  for (int transacted = 0; transacted < 2; transacted++) {
    OK(StgOpenStorage(scratch_wide("theirs"), NULL, transacted ? RWT : RW, NULL, 0, &root));
    EXPECT_STREAM(root, u"small", "some text", 9);
    EXPECT_STREAM(root, u"big", bytes, 50000);
    OK(put_stream(root, u"added", bytes, 10000));
    OK(put_stream(root, u"small", "some text", 9));
    OK(IStorage_Commit(root, STGC_DEFAULT));
    IStorage_Release(root);
    snprintf(command, sizeof command, "gsf list '%s'", scratch_path("theirs"));
    assert_non_null(strstr(output_of(command), "added"));
  }
  free(bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(olefile_reads_ours),
    cmocka_unit_test(gsf_reads_ours),
    cmocka_unit_test(ours_reads_and_changes_what_gsf_wrote),
  };

  return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
