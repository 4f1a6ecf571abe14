/* What a security descriptor says of a principal: [MS-DTYP] 2.5.3.2, and the rules for COM's permissions. */
#include "remote/security/descriptor.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

AccessEntry *descriptor_add(Descriptor *descriptor) {
  size_t count = descriptor->count;
  if (count >= ENTRY_LIMIT)
    return NULL;
  if (!(count & (count - 1))) { /* full: the room is the next power of two */
    AccessEntry *larger = realloc(descriptor->entries, (count ? 2 * count : 1) * sizeof *larger);
    if (!larger)
      return NULL;
    descriptor->entries = larger;
  }
  descriptor->entries[count] = (AccessEntry){ 0 };
  descriptor->count++;
  return &descriptor->entries[count];
}

void descriptor_end(Descriptor *descriptor) {
  for (size_t i = 0; i < descriptor->count; i++)
    free(descriptor->entries[i].trustee.name);
  free(descriptor->entries);
  free(descriptor->owner.name);
  free(descriptor->group.name);
  *descriptor = (Descriptor){ 0 };
}

const char *descriptor_objection(const Descriptor *descriptor) {
  bool old = false, new = false;
  for (size_t i = 0; i < descriptor->count; i++) {
    uint32_t rights = descriptor->entries[i].rights & RIGHT_ALL;
    if (!(rights & RIGHT_EXECUTE))
      return "an entry lacks the right EXECUTE (CC, 0x1), which each must have";
    old = old || rights == RIGHT_EXECUTE;
    new = new || rights != RIGHT_EXECUTE;
  }
  return old && new ? "entries with EXECUTE alone stand beside entries with local and remote rights" : NULL;
}

static bool is_account(const char *written, const Principal *principal) {
  const char *slash = strchr(written, '\\');
  size_t domain = slash ? (size_t)(slash - written) : 0;
  return strlen(principal->domain) == domain && strncasecmp(principal->domain, written, domain) == 0 &&
         strcasecmp(principal->name, slash ? slash + 1 : written) == 0;
}

static bool is_trustee(const Trustee *trustee, const Principal *principal, uid_t self) {
  if (trustee->sid.count && principal_has(principal, &trustee->sid, self))
    return true;
  /* A plain name of this host means its user, or group, whatever accounts are called. */
  bool named = trustee->name && (!trustee->sid.count || strchr(trustee->name, '\\'));
  return named && principal->authenticated && is_account(trustee->name, principal);
}

bool descriptor_grants(const Descriptor *descriptor, const Principal *principal, uint32_t rights, uid_t self) {
  uint32_t left = rights;
  if (!descriptor->has_list)
    return true;
  if (descriptor_objection(descriptor))
    return false;
  for (size_t i = 0; i < descriptor->count && left; i++) {
    const AccessEntry *entry = &descriptor->entries[i];
    uint32_t said = (entry->rights & RIGHT_ALL) == RIGHT_EXECUTE ? RIGHT_ALL : entry->rights;
    if ((entry->flags & ENTRY_INHERIT_ONLY) || !(said & left) || !is_trustee(&entry->trustee, principal, self))
      continue;
    if (entry->denies)
      return false;
    left &= ~said;
  }
  return !left;
}
