/* The .reg text format: what is read, what is refused and where, and that what we write is read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <oleander_registry.h>

#include "com/registry/registry_internal.h"
#include "com/registry/reg_parser.h"
#include "support/faults.h"

#define HEAD "Windows Registry Editor Version 5.00\n\n"
#define KEY  HEAD "[HKEY_CLASSES_ROOT\\K]\n"

static RegistrySource source = { (char *)(uintptr_t) "test.reg", (char *)(uintptr_t) "." };

static HRESULT parse(const void *text, size_t size, RegistryNode **tree, RegProblem *problem) {
  HRESULT result;

  *tree = registry_tree_create();
  if (!*tree)
    return E_OUTOFMEMORY;
  result = reg_parse(text, size, &source, *tree, problem);
  if (FAILED(result)) {
    registry_tree_free(*tree);
    *tree = NULL;
  }
  return result;
}

static RegistryNode *parse_good(const char *text) {
  RegistryNode *tree;
  RegProblem problem;

  if (FAILED(parse(text, strlen(text), &tree, &problem)))
    fail_msg("line %u: %s\n%s", problem.line, problem.text, text);
  return tree;
}

static RegistryValue *value_in(const RegistryNode *tree, const char *path, const char *name) {
  RegistryNode *node = registry_tree_find(tree, path, strlen(path));

  return node ? registry_node_value(node, name, strlen(name)) : NULL;
}

static void every_kind_of_value_is_read(void **state) {
  static const struct {
    const char *line;
    uint32_t type;
    const char *data;
    size_t size;
  } cases[] = {
    { "\"v\"=\"text\"", REG_SZ, "text", 4 },
    { "\"v\"=\"\"", REG_SZ, "", 0 },
    { "\"v\" = \"spaces\" ; and a comment", REG_SZ, "spaces", 6 },
    { "\"v\"=\"a \\\"quoted\\\" C:\\\\path\"", REG_SZ, "a \"quoted\" C:\\path", 18 },
    { "\"v\"=\"two\nlines\"", REG_SZ, "two\nlines", 9 },
    { "\"v\"=\"gr\u00fc\u00df\"", REG_SZ, "gr\u00fc\u00df", 6 },
    { "\"v\"=dword:0000002a", REG_DWORD, "\x2a\0\0\0", 4 },
    { "\"v\"=dword:FFFFFFFE", REG_DWORD, "\xfe\xff\xff\xff", 4 },
    { "\"v\"=dword:7", REG_DWORD, "\7\0\0\0", 4 },
    { "\"v\"=DWORD:00000010;x", REG_DWORD, "\x10\0\0\0", 4 },
    { "\"v\"=hex:", REG_BINARY, "", 0 },
    { "\"v\"=hex:00,Ff,7", REG_BINARY, "\0\xff\7", 3 },
    { "\"v\"=hex:01,\\\n  02,\\\r\n\t03", REG_BINARY, "\1\2\3", 3 },
    { "\"v\"=hex:01\\\n  ,02", REG_BINARY, "\1\2", 2 },
    { "\"v\"=hex:01,02,", REG_BINARY, "\1\2", 2 },
    { "\"v\"=hex(0):01", REG_NONE, "\1", 1 },
    { "\"v\"=hex(1):41,00,fc,00,00,00", REG_SZ, "A\u00fc", 3 },
    { "\"v\"=hex(1):41,00,fc,00", REG_SZ, "A\u00fc", 3 },
    { "\"v\"=hex(1):41,00,00,00,42,00,00,00", REG_SZ, "A", 1 },
    { "\"v\"=hex(1):41,00,00,d8,00,00", REG_SZ, "A\xed\xa0\x80", 4 },
    { "\"v\"=hex(1):41,00,42", REG_SZ, "A", 1 },
    { "\"v\"=hex(2):25,00,41,00,25,00,00,00", REG_EXPAND_SZ, "%A%", 3 },
    { "\"v\"=hex(4):01,02,03,04", REG_DWORD, "\1\2\3\4", 4 },
    { "\"v\"=hex(5):01,02,03,04", REG_DWORD_BIG_ENDIAN, "\1\2\3\4", 4 },
    { "\"v\"=hex(7):61,00,00,00,62,00,63,00,00,00,00,00", REG_MULTI_SZ, "a\0bc\0", 5 },
    { "\"v\"=hex(7):61,00,00,00,62,00", REG_MULTI_SZ, "a\0b\0", 4 },
    { "\"v\"=hex(7):00,00", REG_MULTI_SZ, "", 0 },
    { "\"v\"=hex(7):", REG_MULTI_SZ, "", 0 },
    { "\"v\"=hex(b):01,02,03,04,05,06,07,08", REG_QWORD, "\1\2\3\4\5\6\7\10", 8 },
    { "\"v\"=hex(ffff1234):aa", 0xffff1234, "\xaa", 1 },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char text[512];
    RegistryNode *tree;
    RegistryValue *value;

    snprintf(text, sizeof text, "%s%s\n\"after\"=dword:1\n", KEY, cases[i].line);
    tree = parse_good(text);
    value = value_in(tree, "K", "v");
    assert_non_null(value);
    if (value->type != cases[i].type || value->size != cases[i].size ||
        memcmp(value->data, cases[i].data, value->size) != 0)
      fail_msg("%s: type %u, %zu bytes", cases[i].line, value->type, value->size);
    assert_int_equal(value->line, 4);
    assert_non_null(value_in(tree, "K", "after"));
    registry_tree_free(tree);
  }
}

static void ansi_files_have_narrow_text_in_hex(void **state) {
  RegistryNode *tree = parse_good("REGEDIT4\n[HKEY_CLASSES_ROOT\\K]\n\"v\"=hex(2):41,42,00\n@=\"d\"\n");

  (void)state;
  assert_string_equal((char *)value_in(tree, "K", "v")->data, "AB");
  assert_string_equal((char *)value_in(tree, "k", "")->data, "d");
  registry_tree_free(tree);
}

static void roots_are_one_tree_and_others_are_passed_over(void **state) {
  RegistryNode *tree = parse_good(HEAD "[HKEY_CLASSES_ROOT\\a]\n@=\"1\"\n"
                                       "[hkey_current_user\\software\\CLASSES\\b]\n@=\"2\"\n"
                                       "[HKEY_LOCAL_MACHINE\\Software\\Classes\\c\\d]\n@=\"3\"\n"
                                       "[HKCR\\e]\n@=\"4\"\n"
                                       "[HKEY_LOCAL_MACHINE\\Software\\Other]\n@=\"5\"\n"
                                       "[-HKEY_USERS\\x]\n"
                                       "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Ole]\n\"EnableDCOM\"=\"Y\"\n"
                                       "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\OleX]\n\"EnableDCOM\"=\"N\"\n"
                                       "[HKEY_CURRENT_USER\\SOFTWARE\\Microsoft\\Ole]\n\"EnableDCOM\"=\"N\"\n"
                                       "[HKEY_CURRENT_USER\\Software\\ClassesX]\n@=\"6\"\n"
                                       "[HKEY_CLASSES_ROOT]\n\"root\"=\"7\"\n");

  (void)state;
  assert_int_equal(tree->child_count, 5);
  assert_string_equal((char *)value_in(tree, "SOFTWARE\\Microsoft\\Ole", "EnableDCOM")->data, "Y");
  assert_string_equal((char *)value_in(tree, "A", "")->data, "1");
  assert_string_equal((char *)value_in(tree, "b", "")->data, "2");
  assert_string_equal((char *)value_in(tree, "C\\D", "")->data, "3");
  assert_string_equal((char *)value_in(tree, "e", "")->data, "4");
  assert_string_equal((char *)value_in(tree, "", "ROOT")->data, "7");
  registry_tree_free(tree);
}

static void later_lines_win_and_deletions_mask(void **state) {
  RegistryNode *tree = parse_good(KEY "\"v\"=\"1\"\n\"V\"=\"2\"\n\"gone\"=\"3\"\n\"GONE\"=-\n"
                                      "[HKEY_CLASSES_ROOT\\D\\E]\n@=\"x\"\n[-HKEY_CLASSES_ROOT\\D]\n"
                                      "[-HKEY_CLASSES_ROOT\\R]\n[HKEY_CLASSES_ROOT\\R\\S]\n@=\"y\"\n"
                                      "; comment\n\n   ; another\n[HKEY_CLASSES_ROOT\\odd]name] ; [comment]\n");
  RegistryNode *node;

  (void)state;
  assert_string_equal((char *)value_in(tree, "K", "v")->data, "2");
  assert_true(value_in(tree, "K", "gone")->masked);
  node = registry_tree_find(tree, "D", 1);
  assert_true(node->masked && !node->present && node->child_count == 0);
  node = registry_tree_find(tree, "R", 1);
  assert_true(node->masked && node->present && node->child_count == 1);
  assert_non_null(registry_tree_find(tree, "odd]name", 8));
  registry_tree_free(tree);
}

static void encodings_are_recognized(void **state) {
  static const char utf8[] = "\xEF\xBB\xBF" KEY "@=\"\u00e9\"\n";
  static const char16_t utf16[] = u"\uFEFFWindows Registry Editor Version 5.00\r\n\r\n"
                                  u"[HKEY_CLASSES_ROOT\\K]\r\n@=\"\u00e9\"\r\n";
  RegistryNode *tree;
  RegProblem problem;

  (void)state;
  assert_int_equal(parse(utf8, sizeof utf8 - 1, &tree, &problem), S_OK);
  assert_string_equal((char *)value_in(tree, "K", "")->data, "\u00e9");
  registry_tree_free(tree);
  assert_int_equal(parse(utf16, sizeof utf16 - 2, &tree, &problem), S_OK);
  assert_string_equal((char *)value_in(tree, "K", "")->data, "\u00e9");
  registry_tree_free(tree);
  assert_int_equal(parse(utf16, sizeof utf16 - 3, &tree, &problem), E_INVALIDARG);
  assert_int_equal(problem.line, 0);
  assert_int_equal(parse("\xFE\xFF", 2, &tree, &problem), E_INVALIDARG);
  assert_int_equal(problem.line, 0);
}

static void bad_text_is_refused_with_its_line(void **state) {
  static const struct {
    const char *text;
    unsigned line;
  } cases[] = {
    { "", 1 },
    { "\n" HEAD, 1 },
    { "Windows Registry Editor Version 4.00\n", 1 },
    { "REGEDIT4 x\n", 1 },
    { HEAD "@=\"before any key\"\n", 3 },
    { HEAD "rubbish\n", 3 },
    { HEAD "[HKEY_CLASSES_ROOT\\K\n", 3 },
    { HEAD "[HKEY_CLASSES_ROOT\\K] rubbish\n", 3 },
    { HEAD "[CLSID\\K]\n", 3 },
    { HEAD "[HKEY_CLASSES_ROOTS\\K]\n", 3 },
    { HEAD "[]\n", 3 },
    { HEAD "[-]\n", 3 },
    { HEAD "[-HKEY_CLASSES_ROOT]\n", 3 },
    { HEAD "[HKEY_CLASSES_ROOT\\]\n", 3 },
    { HEAD "[HKEY_CLASSES_ROOT\\a\\\\b]\n", 3 },
    { HEAD "[-HKEY_CLASSES_ROOT\\K]\n@=\"x\"\n", 4 },
    { KEY "v=\"unquoted name\"\n", 4 },
    { KEY "\"v\"\n", 4 },
    { KEY "\"v\"=\n", 4 },
    { KEY "\"v\"=text\n", 4 },
    { KEY "\"v\"=\"open\n\n\n", 4 },
    { KEY "\"v\n\"=\"x\"\n", 5 },
    { KEY "\"v\"=\"C:\\path\"\n", 4 },
    { KEY "\"v\"=\"x\\", 4 },
    { KEY "\"v\"=\"x\" y\n", 4 },
    { KEY "\"v\"=dword:\n", 4 },
    { KEY "\"v\"=dword:123456789\n", 4 },
    { KEY "\"v\"=dword:12 34\n", 4 },
    { KEY "\"v\"=hex\n", 4 },
    { KEY "\"v\"=hex(:00\n", 4 },
    { KEY "\"v\"=hex(123456789):00\n", 4 },
    { KEY "\"v\"=hex(2:00\n", 4 },
    { KEY "\"v\"=hex:0x\n", 4 },
    { KEY "\"v\"=hex:001\n", 4 },
    { KEY "\"v\"=hex:00 01\n", 4 },
    { KEY "\"v\"=hex:00,,01\n", 4 },
    { KEY "\"v\"=hex:00,\\ 01\n", 4 },
    { KEY "\"v\"=hex:00,\\", 4 },
    { KEY "\"v\"=- x\n", 4 },
    { KEY "\n\"v\"=\"\xff\"\n", 5 },
    { KEY "\"v\"=\"\xed\xa0\x80\xed\xb0\x80\"\n", 4 },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    RegistryNode *tree;
    RegProblem problem;
    HRESULT result = parse(cases[i].text, strlen(cases[i].text), &tree, &problem);

    if (result != E_INVALIDARG || problem.line != cases[i].line || !problem.text)
      fail_msg("case %zu: 0x%X at line %u (%s), expected line %u:\n%s", i, (unsigned)result, problem.line,
               problem.text ? problem.text : "", cases[i].line, cases[i].text);
  }
}

static void a_zero_in_the_text_is_refused(void **state) {
  static const char text[] = KEY "\"v\"=\"a\0b\"\n";
  RegistryNode *tree;
  RegProblem problem;

  (void)state;
  assert_int_equal(parse(text, sizeof text - 1, &tree, &problem), E_INVALIDARG);
  assert_int_equal(problem.line, 4);
}

/* head, then `count` times `piece`, then tail */
static char *repeat(const char *head, const char *piece, size_t count, const char *tail) {
  size_t size = strlen(head) + strlen(piece) * count + strlen(tail) + 1;
  char *text = malloc(size);
  char *end = text;

  assert_non_null(text);
  end = stpcpy(end, head);
  while (count-- > 0)
    end = stpcpy(end, piece);
  strcpy(end, tail);
  return text;
}

static void limits_hold(void **state) {
  static const struct {
    const char *head, *piece, *tail;
    size_t good, bad;
  } cases[] = {
    { HEAD "[HKEY_CLASSES_ROOT", "\\a", "]\n", REGISTRY_DEPTH_LIMIT, REGISTRY_DEPTH_LIMIT + 1 },
    { HEAD "[HKEY_CLASSES_ROOT\\", "a", "]\n", REGISTRY_KEY_NAME_LIMIT, REGISTRY_KEY_NAME_LIMIT * 3 + 1 },
    { KEY "\"", "a", "\"=\"x\"\n", REGISTRY_VALUE_NAME_LIMIT, REGISTRY_VALUE_NAME_LIMIT + 1 },
    { KEY "@=\"", "a", "\"\n", REG_VALUE_LIMIT, REG_VALUE_LIMIT + 1 },
    { KEY, "@=-\n", "", REG_ENTRY_LIMIT - 2, REG_ENTRY_LIMIT },
    { HEAD, ";aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", "", (REG_FILE_LIMIT - 64) / 32, REG_FILE_LIMIT / 32 },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char *good = repeat(cases[i].head, cases[i].piece, cases[i].good, cases[i].tail);
    char *bad = repeat(cases[i].head, cases[i].piece, cases[i].bad, cases[i].tail);
    RegistryNode *tree;
    RegProblem problem;

    if (FAILED(parse(good, strlen(good), &tree, &problem)))
      fail_msg("limit %zu: %s", i, problem.text);
    registry_tree_free(tree);
    if (parse(bad, strlen(bad), &tree, &problem) != E_INVALIDARG)
      fail_msg("limit %zu does not hold", i);
    free(good);
    free(bad);
  }
}

static void every_truncation_is_survived(void **state) {
  static const char text[] = KEY "@=\"a\\\\b\"\n\"v\"=hex(7):61,00,\\\n 00,00,00,00\n\"w\"=dword:01\n\"x\"=-\n"
                                 "[-HKEY_CLASSES_ROOT\\L] ; c\n";
  size_t size;

  (void)state;
  for (size = 0; size < sizeof text; size++) {
    char *copy = malloc(size + 1); /* so that a read past the end is seen */
    RegistryNode *tree;
    RegProblem problem;

    memcpy(copy, text, size);
    if (SUCCEEDED(parse(copy, size, &tree, &problem)))
      registry_tree_free(tree);
    else
      assert_non_null(problem.text);
    free(copy);
  }
}

static const char written[] =
    "Windows Registry Editor Version 5.00\n"
    "\n[HKEY_CLASSES_ROOT]\n\"root\"=\"r\"\n"
    "\n[-HKEY_CLASSES_ROOT\\gone]\n"
    "\n[HKEY_CLASSES_ROOT\\K]\n@=\"d \\\"q\\\" \\\\ \u00fc\"\n"
    "\"bin\"=hex:00,01,02,03,04,05,06,07,08,09,0a,0b,0c,0d,0e,0f,10,11,12,13,14,15,16,17,18,\\\n"
    "  19,1a\n"
    "\"dword\"=dword:89abcdef\n"
    "\"expand\"=hex(2):25,00,41,00,25,00,00,00\n"
    "\"line\"=hex(1):61,00,0a,00,62,00,00,00\n"
    "\"masked\"=-\n"
    "\"multi\"=hex(7):61,00,00,00,62,00,00,00,00,00\n"
    "\"odd\"=hex(00000100):ff\n"
    "\"q\\\"uote\"=\"\"\n"
    "\n[HKEY_CLASSES_ROOT\\K\\empty]\n"
    "\n[-HKEY_CLASSES_ROOT\\renewed]\n"
    "\n[HKEY_CLASSES_ROOT\\renewed]\n@=\"new\"\n";

static void what_we_write_is_read_back(void **state) {
  RegistryNode *tree = parse_good(written);
  char *text;
  size_t size;

  (void)state;
  assert_int_equal(reg_write(tree, &text, &size), S_OK);
  assert_int_equal(size, sizeof written - 1);
  assert_memory_equal(text, written, size);
  free(text);
  registry_tree_free(tree);
}

static int parse_and_write(void *context) {
  RegistryNode *tree;
  RegProblem problem;
  HRESULT result = parse(written, sizeof written - 1, &tree, &problem);
  char *text;
  size_t size;

  (void)context;
  if (SUCCEEDED(result)) {
    result = reg_write(tree, &text, &size);
    if (SUCCEEDED(result))
      free(text);
    registry_tree_free(tree);
  }
  return result != S_OK && result != E_OUTOFMEMORY;
}

static int parse_wide(void *context) {
  static const char16_t wide[] = u"\uFEFFREGEDIT4\r\n[HKEY_CLASSES_ROOT\\K]\r\n@=\"\u00e9\"\r\n";
  RegistryNode *tree;
  RegProblem problem;
  HRESULT result = parse(wide, sizeof wide - 2, &tree, &problem);

  (void)context;
  registry_tree_free(tree);
  return result != S_OK && result != E_OUTOFMEMORY;
}

static int overlay(void *context) {
  RegistryNode *into = registry_tree_create();
  RegistryNode *tree;
  RegProblem problem;
  HRESULT result = into ? parse(written, sizeof written - 1, &tree, &problem) : E_OUTOFMEMORY;

  (void)context;
  if (SUCCEEDED(result)) {
    result = registry_tree_overlay(into, tree);
    if (SUCCEEDED(result))
      result = registry_tree_amend(tree, into);
    registry_tree_free(tree);
  }
  registry_tree_free(into);
  return result != S_OK && result != E_OUTOFMEMORY;
}

static void no_allocation_failure_leaks(void **state) {
  (void)state;
  faults_each(parse_and_write, NULL);
  faults_each(parse_wide, NULL);
  faults_each(overlay, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_kind_of_value_is_read),
    cmocka_unit_test(ansi_files_have_narrow_text_in_hex),
    cmocka_unit_test(roots_are_one_tree_and_others_are_passed_over),
    cmocka_unit_test(later_lines_win_and_deletions_mask),
    cmocka_unit_test(encodings_are_recognized),
    cmocka_unit_test(bad_text_is_refused_with_its_line),
    cmocka_unit_test(a_zero_in_the_text_is_refused),
    cmocka_unit_test(limits_hold),
    cmocka_unit_test(every_truncation_is_survived),
    cmocka_unit_test(what_we_write_is_read_back),
    cmocka_unit_test(no_allocation_failure_leaks),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
