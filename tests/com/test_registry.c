/* The registry store: layers, masks, freshness, reading and writing. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <oleander_registry.h>

#include "com/com_api.h"
#include "support/faults.h"
#include "support/scratch.h"

#define HEAD "Windows Registry Editor Version 5.00\n\n"

static int setup(void **state) {
  *state = (void *)(uintptr_t)scratch_make();
  unsetenv("XDG_DATA_HOME");
  unsetenv("XDG_DATA_DIRS");
  setenv("OLEANDER_CLASSES", scratch_path("only"), 1);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  unsetenv("OLEANDER_CLASSES");
  scratch_remove();
  return 0;
}

static void use_layers(void) {
  char dirs[512];

  unsetenv("OLEANDER_CLASSES");
  setenv("XDG_DATA_HOME", scratch_path("home"), 1);
  snprintf(dirs, sizeof dirs, "%s:relative:", scratch_path("first"));
  strcat(dirs, scratch_path("second"));
  setenv("XDG_DATA_DIRS", dirs, 1);
}

/* The string value, as "(missing)" where there is none. */
static const char *text_at(const char *path, const char *name) {
  static char copy[512];
  OleanderRegistryKey *key;
  const char *text;

  strcpy(copy, "(missing)");
  if (SUCCEEDED(oleander_registry_open(path, &key))) {
    if (SUCCEEDED(oleander_registry_string(key, NULL, name, &text)))
      snprintf(copy, sizeof copy, "%s", text);
    oleander_registry_close(key);
  }
  return copy;
}

static bool key_exists(const char *path) {
  OleanderRegistryKey *key;
  HRESULT result = oleander_registry_open(path, &key);

  if (result == S_OK)
    oleander_registry_close(key);
  else
    assert_int_equal(result, REGDB_E_KEYMISSING);
  return result == S_OK;
}

static void layers_merge_value_by_value(void **state) {
  (void)state;
  use_layers();
  scratch_write("second/oleander/classes/a.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"second\"\n\"low\"=\"second\"\n"
                                                      "[HKEY_CLASSES_ROOT\\Only\\Second]\n@=\"x\"\n");
  scratch_write("first/oleander/classes/z.reg", HEAD "[HKEY_CLASSES_ROOT\\k]\n@=\"first\"\n\"mid\"=\"first\"\n");
  scratch_write("home/oleander/classes/0.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"home\"\n");
  assert_string_equal(text_at("K", NULL), "home");
  assert_string_equal(text_at("K", "mid"), "first");
  assert_string_equal(text_at("K", "LOW"), "second");
  assert_string_equal(text_at("only\\second", ""), "x");
  assert_string_equal(text_at("HKEY_CLASSES_ROOT\\K", NULL), "home");
  assert_string_equal(text_at("HKEY_LOCAL_MACHINE\\Software\\Classes\\K", NULL), "home");
  assert_false(key_exists("HKEY_LOCAL_MACHINE\\Software"));
  assert_false(key_exists("Kk"));
}

static void in_one_directory_the_later_name_wins(void **state) {
  (void)state;
  scratch_write("only/b.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"b\"\n");
  scratch_write("only/B.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"B\"\n\"own\"=\"B\"\n");
  scratch_write("only/\xc3\xa4.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"umlaut\"\n");
  scratch_write("only/.hidden.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"hidden\"\n");
  scratch_write("only/z.regx", HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"other suffix\"\n");
  assert_string_equal(text_at("K", NULL), "umlaut");
  assert_string_equal(text_at("K", "own"), "B");
}

static void masks_hide_what_is_lower_and_earlier(void **state) {
  (void)state;
  use_layers();
  scratch_write("second/oleander/classes/a.reg",
                HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"low\"\n\"v\"=\"low\"\n[HKEY_CLASSES_ROOT\\K\\Sub]\n@=\"low\"\n"
                     "[HKEY_CLASSES_ROOT\\New]\n\"old\"=\"low\"\n");
  scratch_write("first/oleander/classes/a.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n\"v\"=-\n[-HKEY_CLASSES_ROOT\\K\\Sub]\n"
                                                     "[-HKEY_CLASSES_ROOT\\New]\n[HKEY_CLASSES_ROOT\\New]\n@=\"n\"\n"
                                                     "[-HKEY_CLASSES_ROOT\\Never\\Was]\n");
  assert_string_equal(text_at("K", NULL), "low");
  assert_string_equal(text_at("K", "v"), "(missing)");
  assert_false(key_exists("K\\Sub"));
  assert_string_equal(text_at("New", "old"), "(missing)");
  assert_string_equal(text_at("New", NULL), "n");
  assert_false(key_exists("Never"));
  scratch_write("home/oleander/classes/a.reg", HEAD "[HKEY_CLASSES_ROOT\\K\\Sub]\n@=\"high\"\n");
  assert_string_equal(text_at("K\\Sub", NULL), "high");
}

static void changes_show_at_the_next_opening(void **state) {
  OleanderRegistryKey *old;
  const char *text;
  int i;

  (void)state;
  assert_false(key_exists("K"));
  scratch_write("only/a.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"1\"\n");
  assert_string_equal(text_at("K", NULL), "1");
  assert_int_equal(oleander_registry_open("K", &old), S_OK);
  /* Same size, in place, many within one tick of the clock. */
  for (i = 2; i < 10; i++) {
    char body[128];
    char wanted[2] = { (char)('0' + i), '\0' };

    snprintf(body, sizeof body, HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"%d\"\n", i);
    scratch_write("only/a.reg", body);
    assert_string_equal(text_at("K", NULL), wanted);
  }
  scratch_write("only/b.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"b\"\n");
  assert_string_equal(text_at("K", NULL), "b");
  unlink(scratch_path("only/b.reg"));
  assert_string_equal(text_at("K", NULL), "9");
  unlink(scratch_path("only/a.reg"));
  assert_false(key_exists("K"));
  assert_int_equal(oleander_registry_string(old, NULL, NULL, &text), S_OK); /* the key keeps its state */
  assert_string_equal(text, "1");
  oleander_registry_close(old);

  setenv("OLEANDER_CLASSES", scratch_path("elsewhere"), 1);
  scratch_write("elsewhere/a.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"elsewhere\"\n");
  assert_string_equal(text_at("K", NULL), "elsewhere");
}

static void a_settled_file_that_changes_is_seen(void **state) {
  (void)state;
  scratch_write("only/a.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"1\"\n");
  usleep(120000);
  assert_string_equal(text_at("K", NULL), "1");
  assert_string_equal(text_at("K", NULL), "1");
  scratch_write("only/a.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n@=\"2\"\n");
  assert_string_equal(text_at("K", NULL), "2");
}

static void a_damaged_file_hurts_only_itself(void **state) {
  char *problems;

  (void)state;
  scratch_write("only/a.reg", HEAD "[HKEY_CLASSES_ROOT\\Good]\n@=\"a\"\n");
  assert_int_equal(oleander_registry_problems(&problems), S_FALSE);
  assert_null(problems);
  scratch_write("only/b.reg", HEAD "[HKEY_CLASSES_ROOT\\Good]\n@=\"b\"\nnonsense\n");
  scratch_write("only/c.reg", "not a registry file\n");
  mkdir(scratch_path("only/d.reg"), 0755);
  mkfifo(scratch_path("only/e.reg"), 0644);
  assert_int_equal(symlink("nowhere", scratch_path("only/f.reg")), 0);
  assert_string_equal(text_at("Good", NULL), "a");
  assert_int_equal(oleander_registry_problems(&problems), S_OK);
  assert_non_null(strstr(problems, "/only/b.reg:5: neither"));
  assert_non_null(strstr(problems, "/only/c.reg:1: the first line"));
  assert_non_null(strstr(problems, "/only/d.reg: not a regular file"));
  assert_non_null(strstr(problems, "/only/e.reg: not a regular file"));
  CoTaskMemFree(problems);
}

static void keys_and_values_are_listed(void **state) {
  OleanderRegistryKey *key;
  OleanderRegistryKey *below;
  OleanderRegistryValue value;
  DWORD number;
  const char *text;

  (void)state;
  scratch_write("only/a.reg", HEAD "[HKEY_CLASSES_ROOT\\K\\b]\n[HKEY_CLASSES_ROOT\\K\\A\\x]\n@=\"deep\"\n"
                                   "[HKEY_CLASSES_ROOT\\K]\n\"n\"=dword:0000002a\n\"big\"=hex(5):00,00,00,2a\n"
                                   "@=\"d\"\n\"e\"=hex(2):61,00,00,00\n\"m\"=hex(7):61,00,00,00,00,00\n");
  assert_int_equal(oleander_registry_open("K", &key), S_OK);
  assert_string_equal(oleander_registry_key_at(key, 0), "A");
  assert_string_equal(oleander_registry_key_at(key, 1), "b");
  assert_null(oleander_registry_key_at(key, 2));
  assert_int_equal(oleander_registry_value_at(key, 0, &value), S_OK);
  assert_string_equal(value.name, "");
  assert_string_equal(value.text, "d");
  assert_int_equal(value.type, REG_SZ);
  assert_int_equal(value.line, 9);
  assert_string_equal(value.file, scratch_path("only/a.reg"));
  assert_int_equal(oleander_registry_value_at(key, 3, &value), S_OK);
  assert_string_equal(value.name, "m");
  assert_null(value.text);
  assert_int_equal(value.size, 2);
  assert_int_equal(oleander_registry_value_at(key, 5, &value), S_FALSE);

  assert_int_equal(oleander_registry_dword(key, NULL, "n", &number), S_OK);
  assert_int_equal(number, 42);
  assert_int_equal(oleander_registry_dword(key, "", "big", &number), S_OK);
  assert_int_equal(number, 42);
  assert_int_equal(oleander_registry_dword(key, NULL, NULL, &number), REGDB_E_INVALIDVALUE);
  assert_int_equal(oleander_registry_string(key, NULL, "n", &text), REGDB_E_INVALIDVALUE);
  assert_int_equal(oleander_registry_string(key, NULL, "none", &text), REGDB_E_KEYMISSING);
  assert_int_equal(oleander_registry_string(key, "none", NULL, &text), REGDB_E_KEYMISSING);
  assert_int_equal(oleander_registry_string(key, "a\\X", NULL, &text), S_OK);
  assert_string_equal(text, "deep");
  assert_int_equal(oleander_registry_open_below(key, "a", &below), S_OK);
  oleander_registry_close(key);
  assert_int_equal(oleander_registry_string(below, "x", NULL, &text), S_OK);
  assert_int_equal(oleander_registry_open_below(below, "y", &key), REGDB_E_KEYMISSING);
  assert_null(key);
  oleander_registry_close(below);

  assert_int_equal(oleander_registry_open("", &key), S_OK);
  assert_string_equal(oleander_registry_key_at(key, 0), "K");
  oleander_registry_close(key);
  assert_int_equal(oleander_registry_open(NULL, &key), E_INVALIDARG);
}

static void expect_file(const char *name, const char *expected) {
  OleanderRegistryKey *key;
  char *file;

  assert_int_equal(oleander_registry_open("K", &key), S_OK);
  assert_int_equal(oleander_registry_file(key, NULL, name, &file), S_OK);
  assert_string_equal(file, expected);
  CoTaskMemFree(file);
  oleander_registry_close(key);
}

static void paths_resolve_against_their_file(void **state) {
  char expected[256];

  (void)state;
  setenv("SERVERS", "/opt/servers", 1);
  unsetenv("NO_SUCH");
  scratch_write("only/a.reg",
                HEAD "[HKEY_CLASSES_ROOT\\K]\n\"abs\"=\"/usr/lib/x.so\"\n\"rel\"=\"../lib/x.so\"\n"
                     "\"quoted\"=\"\\\"/a b/x.so\\\"\"\n"
                     "\"env\"=hex(2):25,00,53,00,45,00,52,00,56,00,45,00,52,00,53,00,25,00,2f,00,78,00,"
                     "00,00\n"
                     "\"plain\"=\"/%SERVERS%/x\"\n"
                     "\"noenv\"=hex(2):2f,00,25,00,4e,00,4f,00,5f,00,53,00,55,00,43,00,48,00,25,00,00,00\n");
  expect_file("abs", "/usr/lib/x.so");
  snprintf(expected, sizeof expected, "%s/../lib/x.so", scratch_path("only"));
  expect_file("rel", expected);
  expect_file("quoted", "/a b/x.so");
  expect_file("env", "/opt/servers/x");
  expect_file("plain", "/%SERVERS%/x");
  expect_file("noenv", "/%NO_SUCH%");
}

static OleanderRegistryEdit *edit_of(const char *component) {
  OleanderRegistryEdit *edit;

  assert_int_equal(oleander_registry_edit(component, &edit), S_OK);
  return edit;
}

static void a_component_writes_and_removes_its_file(void **state) {
  OleanderRegistryEdit *edit = edit_of("calc");
  struct stat status;
  char *text;

  (void)state;
  assert_int_equal(oleander_registry_set_string(edit, "Calc.1\\CLSID", NULL, "{X}"), S_OK);
  assert_int_equal(oleander_registry_set_dword(edit, "HKEY_CLASSES_ROOT\\Calc.1", "n", 0x12345678), S_OK);
  assert_int_equal(oleander_registry_create_key(edit, "CLSID\\{X}\\Programmable"), S_OK);
  assert_int_equal(oleander_registry_set_value(edit, "Calc.1", "raw", REG_BINARY, "\1\2", 2), S_OK);
  assert_false(key_exists("Calc.1")); /* not before the commit */
  assert_int_equal(oleander_registry_commit(edit), S_OK);
  assert_string_equal(text_at("Calc.1\\CLSID", NULL), "{X}");
  assert_true(key_exists("CLSID\\{X}\\Programmable"));
  text = scratch_read("only/calc.reg");
  assert_string_equal(text, HEAD "[HKEY_CLASSES_ROOT\\Calc.1]\n\"n\"=dword:12345678\n\"raw\"=hex:01,02\n\n"
                                 "[HKEY_CLASSES_ROOT\\Calc.1\\CLSID]\n@=\"{X}\"\n\n"
                                 "[HKEY_CLASSES_ROOT\\CLSID\\{X}\\Programmable]\n");
  free(text);
  assert_int_equal(stat(scratch_path("only/.calc.reg.new"), &status), -1);

  edit = edit_of("calc");
  assert_int_equal(oleander_registry_delete_value(edit, "Calc.1", "n"), S_OK);
  assert_int_equal(oleander_registry_set_string(edit, "Calc.1\\CLSID", NULL, "{Y}"), S_OK);
  assert_int_equal(oleander_registry_delete_value(edit, "Calc.1", "never"), S_OK);
  assert_int_equal(oleander_registry_delete_key(edit, "Never\\Was"), S_OK);
  assert_int_equal(oleander_registry_commit(edit), S_OK);
  text = scratch_read("only/calc.reg");
  assert_string_equal(text, HEAD "[HKEY_CLASSES_ROOT\\Calc.1]\n\"raw\"=hex:01,02\n\n"
                                 "[HKEY_CLASSES_ROOT\\Calc.1\\CLSID]\n@=\"{Y}\"\n\n"
                                 "[HKEY_CLASSES_ROOT\\CLSID\\{X}\\Programmable]\n");
  free(text);

  edit = edit_of("calc");
  assert_int_equal(oleander_registry_delete_key(edit, "calc.1"), S_OK);
  assert_int_equal(oleander_registry_delete_key(edit, "CLSID\\{x}"), S_OK);
  assert_int_equal(oleander_registry_commit(edit), S_OK);
  assert_false(key_exists("Calc.1"));
  assert_false(key_exists("CLSID"));
  assert_int_equal(stat(scratch_path("only/calc.reg"), &status), -1);
}

static void unregistering_what_a_package_brings_writes_a_mask(void **state) {
  OleanderRegistryEdit *edit;
  struct stat status;
  char *text;

  (void)state;
  use_layers();
  scratch_write("first/oleander/classes/calc.reg",
                HEAD "[HKEY_CLASSES_ROOT\\Calc]\n@=\"packaged\"\n\"keep\"=\"k\"\n[HKEY_CLASSES_ROOT\\Calc\\Sub]\n");
  edit = edit_of("calc");
  assert_int_equal(oleander_registry_delete_key(edit, "Calc\\Sub"), S_OK);
  assert_int_equal(oleander_registry_delete_value(edit, "Calc", NULL), S_OK);
  assert_int_equal(oleander_registry_commit(edit), S_OK);
  assert_false(key_exists("Calc\\Sub"));
  assert_string_equal(text_at("Calc", NULL), "(missing)");
  assert_string_equal(text_at("Calc", "keep"), "k");

  edit = edit_of("calc");
  assert_int_equal(oleander_registry_delete_key(edit, "Calc"), S_OK);
  assert_int_equal(oleander_registry_commit(edit), S_OK);
  assert_false(key_exists("Calc"));
  text = scratch_read("home/oleander/classes/calc.reg");
  assert_string_equal(text, HEAD "[-HKEY_CLASSES_ROOT\\Calc]\n");
  free(text);

  /* Registered again, it is the user's own; without the package there is nothing left to mask. */
  edit = edit_of("calc");
  assert_int_equal(oleander_registry_set_string(edit, "Calc", NULL, "own"), S_OK);
  assert_int_equal(oleander_registry_commit(edit), S_OK);
  assert_string_equal(text_at("Calc", NULL), "own");
  assert_string_equal(text_at("Calc", "keep"), "(missing)");
  unlink(scratch_path("first/oleander/classes/calc.reg"));
  edit = edit_of("calc");
  assert_int_equal(oleander_registry_delete_key(edit, "Calc"), S_OK);
  assert_int_equal(oleander_registry_commit(edit), S_OK);
  assert_int_equal(stat(scratch_path("home/oleander/classes/calc.reg"), &status), -1);
}

static void wrong_edits_are_refused(void **state) {
  static const char *const components[] = { "", ".hidden", "a/b", "..", "a\nb", "\xff" };
  static const char *const paths[] = { "a\\", "\\a", "a\\\\b", "a\nb", "HKEY_LOCAL_MACHINE\\Software\\X" };
  OleanderRegistryEdit *edit;
  size_t i;

  (void)state;
  for (i = 0; i < sizeof components / sizeof components[0]; i++)
    assert_int_equal(oleander_registry_edit(components[i], &edit), E_INVALIDARG);
  assert_int_equal(oleander_registry_edit(NULL, &edit), E_INVALIDARG);
  registry_set_component("module");
  assert_int_equal(oleander_registry_edit(NULL, &edit), S_OK);
  registry_set_component(NULL);
  for (i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    assert_int_equal(oleander_registry_set_string(edit, paths[i], NULL, "x"), E_INVALIDARG);
    assert_int_equal(oleander_registry_delete_key(edit, paths[i]), E_INVALIDARG);
  }
  assert_int_equal(oleander_registry_delete_key(edit, ""), E_INVALIDARG);
  assert_int_equal(oleander_registry_set_string(edit, "a", "n\n", "x"), E_INVALIDARG);
  assert_int_equal(oleander_registry_set_string(edit, "a", NULL, "\xff"), E_INVALIDARG);
  assert_int_equal(oleander_registry_set_string(edit, "a", NULL, NULL), E_INVALIDARG);
  assert_int_equal(oleander_registry_set_value(edit, "a", NULL, REG_SZ, "a\0b", 3), E_INVALIDARG);
  assert_int_equal(oleander_registry_set_value(edit, "a", NULL, REG_BINARY, NULL, 1), E_INVALIDARG);
  oleander_registry_cancel(edit);
  oleander_registry_cancel(NULL);
  assert_int_equal(oleander_registry_commit(NULL), E_INVALIDARG);
}

static void a_damaged_own_file_is_not_overwritten(void **state) {
  OleanderRegistryEdit *edit = edit_of("calc");
  char *text;

  (void)state;
  scratch_write("only/calc.reg", HEAD "my notes\n");
  assert_int_equal(oleander_registry_set_string(edit, "K", NULL, "x"), S_OK);
  assert_int_equal(oleander_registry_commit(edit), REGDB_E_READREGDB);
  text = scratch_read("only/calc.reg");
  assert_string_equal(text, HEAD "my notes\n");
  free(text);
}

static void what_cannot_be_written_is_an_error(void **state) {
  OleanderRegistryEdit *edit;

  (void)state;
  scratch_write("file", "");
  setenv("OLEANDER_CLASSES", scratch_path("file/below"), 1);
  edit = edit_of("calc");
  assert_int_equal(oleander_registry_set_string(edit, "K", NULL, "x"), S_OK);
  assert_int_equal(oleander_registry_commit(edit), REGDB_E_WRITEREGDB);
}

static void *write_many(void *component) {
  int i;

  for (i = 0; i < 20; i++) {
    OleanderRegistryEdit *edit;
    char path[32];

    snprintf(path, sizeof path, "Shared\\%s%d", (char *)component, i);
    if (oleander_registry_edit("shared", &edit) != S_OK ||
        oleander_registry_set_string(edit, path, NULL, "x") != S_OK || oleander_registry_commit(edit) != S_OK ||
        strcmp(path, "") == 0)
      return component;
  }
  return NULL;
}

static void writers_do_not_lose_each_others_changes(void **state) {
  static const char *const names[] = { "a", "b", "c", "d" };
  pthread_t threads[4];
  int i;
  int k;

  (void)state;
  for (i = 0; i < 4; i++)
    pthread_create(&threads[i], NULL, write_many, (void *)(uintptr_t)names[i]);
  for (i = 0; i < 4; i++) {
    void *failed;

    pthread_join(threads[i], &failed);
    assert_null(failed);
  }
  for (i = 0; i < 4; i++)
    for (k = 0; k < 20; k++) {
      char path[32];

      snprintf(path, sizeof path, "Shared\\%s%d", names[i], k);
      assert_string_equal(text_at(path, NULL), "x");
    }
}

static int read_and_write(void *context) {
  OleanderRegistryKey *key;
  OleanderRegistryEdit *edit;
  char *file;
  char *problems = NULL;
  HRESULT result;

  (void)context;
  result = oleander_registry_edit("calc", &edit);
  if (SUCCEEDED(result)) {
    result = oleander_registry_set_string(edit, "K\\L", "v", "x");
    if (SUCCEEDED(result))
      result = oleander_registry_delete_value(edit, "Packaged", "gone");
    if (FAILED(result))
      oleander_registry_cancel(edit);
    else
      result = oleander_registry_commit(edit);
  }
  if (SUCCEEDED(result))
    result = oleander_registry_problems(&problems);
  if (SUCCEEDED(result))
    CoTaskMemFree(problems);
  if (SUCCEEDED(result))
    result = oleander_registry_open("K", &key);
  if (SUCCEEDED(result)) {
    result = oleander_registry_file(key, "L", "v", &file);
    if (SUCCEEDED(result))
      CoTaskMemFree(file);
    oleander_registry_close(key);
  }
  return result != S_OK && result != E_OUTOFMEMORY;
}

static void no_allocation_failure_leaks_or_confuses(void **state) {
  (void)state;
  scratch_write("only/b.reg", HEAD "[HKEY_CLASSES_ROOT\\Packaged]\n\"gone\"=\"x\"\n");
  scratch_write("only/bad.reg", "bad");
  usleep(120000);                                       /* the files settle, */
  assert_string_equal(text_at("K", NULL), "(missing)"); /* and the environment is known: all runs do the same */
  faults_each(read_and_write, NULL);
  assert_string_equal(text_at("K\\L", "v"), "x");
}

static void set_value(const char *component, const char *value) {
  OleanderRegistryEdit *edit;

  assert_int_equal(oleander_registry_edit(component, &edit), S_OK);
  assert_int_equal(oleander_registry_set_string(edit, "K", "v", value), S_OK);
  assert_int_equal(oleander_registry_commit(edit), S_OK);
}

static mode_t mode_of(const char *path) {
  struct stat status;

  assert_int_equal(stat(path, &status), 0);
  return status.st_mode & 07777;
}

static void a_file_keeps_its_mode(void **state) {
  static const mode_t modes[] = { 0600, 0640, 0644, 0660, 0755 };

  (void)state;
  set_value("calc", "first");
  for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
    char value[16];

    assert_int_equal(chmod(scratch_path("only/calc.reg"), modes[i]), 0);
    snprintf(value, sizeof value, "%zu", i);
    set_value("calc", value);
    assert_string_equal(text_at("K", "v"), value);
    assert_int_equal(mode_of(scratch_path("only/calc.reg")), modes[i]);
  }
}

static void a_link_stays_a_link(void **state) {
  char real[512];
  struct stat status;

  (void)state;
  scratch_write("kept/real.reg", HEAD "[HKEY_CLASSES_ROOT\\K]\n\"v\"=\"old\"\n");
  scratch_write("only/other.reg", HEAD);
  snprintf(real, sizeof real, "%s", scratch_path("kept/real.reg"));
  assert_int_equal(symlink(real, scratch_path("only/calc.reg")), 0);
  set_value("calc", "new");
  assert_string_equal(text_at("K", "v"), "new");
  assert_int_equal(lstat(scratch_path("only/calc.reg"), &status), 0);
  assert_true(S_ISLNK(status.st_mode));
  assert_int_equal(lstat(real, &status), 0);
  assert_true(S_ISREG(status.st_mode));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(layers_merge_value_by_value),
    TEST(in_one_directory_the_later_name_wins),
    TEST(masks_hide_what_is_lower_and_earlier),
    TEST(changes_show_at_the_next_opening),
    TEST(a_settled_file_that_changes_is_seen),
    TEST(a_damaged_file_hurts_only_itself),
    TEST(keys_and_values_are_listed),
    TEST(paths_resolve_against_their_file),
    TEST(a_component_writes_and_removes_its_file),
    TEST(unregistering_what_a_package_brings_writes_a_mask),
    TEST(wrong_edits_are_refused),
    TEST(a_damaged_own_file_is_not_overwritten),
    TEST(what_cannot_be_written_is_an_error),
    TEST(a_file_keeps_its_mode),
    TEST(a_link_stays_a_link),
    TEST(writers_do_not_lose_each_others_changes),
    TEST(no_allocation_failure_leaks_or_confuses),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
