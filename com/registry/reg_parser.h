/* Reads the text of a .reg file into a RegistryNode tree with masks. */
#ifndef OLEANDER_COM_REG_PARSER_H
#define OLEANDER_COM_REG_PARSER_H

#include "com/registry/registry_tree.h"

#define REG_FILE_LIMIT  (8u << 20) /* bytes of one file */
#define REG_VALUE_LIMIT (1u << 20) /* bytes of one value */
#define REG_ENTRY_LIMIT (1u << 17) /* values, and names in key lines, of one file */

typedef struct RegProblem {
  unsigned line;    /* 0 when it concerns the whole file */
  const char *text; /* static */
} RegProblem;

/* Parses `size` bytes: UTF-8 (a byte order mark may stand first) or UTF-16LE with its mark. Keys outside of
 * HKEY_CLASSES_ROOT, its two other spellings, and the machine's settings of COM (Software\Microsoft\Ole) are passed over. E_INVALIDARG with *problem filled when the text is not
 * well-formed: the tree then holds what came before, and should be dropped. */
HRESULT reg_parse(const void *bytes, size_t size, const RegistrySource *source, RegistryNode *tree,
                  RegProblem *problem);

typedef enum RegRoot { REG_ROOT_CLASSES, REG_ROOT_OTHER, REG_ROOT_UNKNOWN } RegRoot;

/* Recognizes the root at the start of a full key name and moves *path and *size behind it. */
RegRoot reg_root(const char **path, size_t *size);

#endif
