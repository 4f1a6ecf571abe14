/* interface_table.c - look-ups in the table of standard interfaces. */
#include "dispatch/types/standard_interfaces.h"

#include <string.h>

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

HRESULT standard_interface_signature(const StandardInterface *standard, unsigned slot, bool wire,
                                     const Signature **signature) {
  *signature = NULL;
  while (standard && slot < standard->first_slot)
    standard = standard_interface_named(standard->base);
  if (!standard || slot - standard->first_slot >= standard->method_count)
    return TYPE_E_ELEMENTNOTFOUND;
  const StandardMethod *method = &standard->methods[slot - standard->first_slot];
  return signature_from_text(wire && method->wire ? method->wire : method->text, slot, &standard_names, NULL,
                             signature);
}
