/* The .reg parser on arbitrary bytes. What it accepts is written and read again, and must then be written the same; entries
 * and time are bounded by the bytes. */
#include <stdlib.h>
#include <string.h>

#include "com/registry/registry_internal.h"
#include "com/registry/reg_parser.h"
#include "fuzz/work_limit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static RegistrySource source = { (char *)(uintptr_t) "fuzz.reg", (char *)(uintptr_t) "." };

static RegistryNode *parse(const void *data, size_t size) {
  RegistryNode *tree = registry_tree_create();
  RegProblem problem;

  if (tree && FAILED(reg_parse(data, size, &source, tree, &problem))) {
    registry_tree_free(tree);
    tree = NULL;
  }
  return tree;
}

static char *write_tree(const RegistryNode *tree, size_t *size) {
  char *text = NULL;

  if (FAILED(reg_write(tree, &text, size)))
    abort();
  return text;
}

static size_t count_entries(const RegistryNode *node) {
  size_t count = node->value_count;

  for (size_t i = 0; i < node->child_count; i++)
    count += 1 + count_entries(node->children[i]);
  return count;
}

/* The tree as text, read again, must be written the same. */
static void check_writing(const RegistryNode *tree, size_t size) {
  size_t first_size;
  size_t second_size;
  char *first = write_tree(tree, &first_size);
  RegistryNode *again = parse(first, first_size);

  /* A value may take more bytes written than read, and then be too large: that is no difference. */
  if (again) {
    char *second = write_tree(again, &second_size);

    if (first_size != second_size || memcmp(first, second, first_size) != 0)
      abort();
    free(second);
  } else if (size < 65536) {
    abort();
  }
  registry_tree_free(again);
  free(first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double begin = work_seconds();
  RegistryNode *tree = parse(data, size);

  if (tree) {
    RegistryNode *merged = registry_tree_create();

    /* A name in a key line takes two bytes, a value three. */
    if (count_entries(tree) > size / 2 || count_entries(tree) > REG_ENTRY_LIMIT)
      abort();
    if (merged && FAILED(registry_tree_overlay(merged, tree)))
      abort();
    registry_tree_prune(tree, merged);
    check_writing(tree, size);
    registry_tree_free(merged);
    registry_tree_free(tree);
  }
  work_check(begin, "the input");
  return 0;
}
