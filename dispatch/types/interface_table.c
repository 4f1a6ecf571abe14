/* interface_table.c - look-ups in the table of standard interfaces. */
#include "dispatch/types/standard_interfaces.h"

#include <stdio.h>
#include <string.h>

#define LINE_SIZE 1024

const StandardInterface *standard_interface_find(REFIID iid) {
  for (unsigned i = 0; i < standard_interface_count; i++)
    if (IsEqualGUID(standard_interfaces[i].iid, iid))
      return &standard_interfaces[i];
  return NULL;
}

const StandardInterface *standard_interface_named(const char *name) {
  for (unsigned i = 0; name && i < standard_interface_count; i++)
    if (strcmp(standard_interfaces[i].name, name) == 0)
      return &standard_interfaces[i];
  return NULL;
}

/* A member without an id gets one from its depth below IUnknown and its place, as compilers of IDL give them. */
static unsigned member_id(const StandardInterface *standard, unsigned index) {
  unsigned depth = 0;

  for (const char *base = standard->base; base; base = standard_interface_named(base)->base)
    depth++;
  return 0x60000000u + (depth << 16) + index;
}

HRESULT standard_interface_signature(const StandardInterface *standard, unsigned slot, bool wire,
                                     const Signature **signature) {
  *signature = NULL;
  while (standard && slot < standard->first_slot)
    standard = standard_interface_named(standard->base);
  if (!standard || slot - standard->first_slot >= standard->method_count)
    return TYPE_E_ELEMENTNOTFOUND;
  const StandardMethod *method = &standard->methods[slot - standard->first_slot];
  char line[LINE_SIZE];
  int length = snprintf(line, sizeof line, "[id(%u)] %s", member_id(standard, slot - standard->first_slot),
                        wire && method->wire ? method->wire : method->text);
  if (length < 0 || length >= LINE_SIZE)
    return E_UNEXPECTED;
  return signature_from_text(line, slot, &standard_names, NULL, signature);
}
