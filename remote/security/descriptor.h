/* Security descriptors: who may do what. Read from SDDL text or self-relative bytes, written as either.
 * A principal in text is a SID, two letters, or for us a name: DOMAIN\user, or a user or group of this host. */
#ifndef OLEANDER_REMOTE_SECURITY_DESCRIPTOR_H
#define OLEANDER_REMOTE_SECURITY_DESCRIPTOR_H

#include "remote/security/principal.h"

/* The rights of COM's permissions. In a launch permission *execute* is to start a program and *activate* to get an object of a
 * running one; in an access permission execute is to call, and activate means nothing. */
enum {
  RIGHT_EXECUTE = 1,
  RIGHT_EXECUTE_LOCAL = 2,
  RIGHT_EXECUTE_REMOTE = 4,
  RIGHT_ACTIVATE_LOCAL = 8,
  RIGHT_ACTIVATE_REMOTE = 16,
  RIGHT_ALL = 31
};

enum { ENTRY_INHERIT_ONLY = 8, ENTRY_LIMIT = 4096 };

typedef struct Trustee {
  Sid sid;    /* of a user or group of this host too; count 0: it has none */
  char *name; /* as it was written: "DOMAIN\name" or "name"; NULL: it was a SID */
} Trustee;

typedef struct AccessEntry {
  bool denies;
  uint8_t flags; /* inheritance */
  uint32_t rights;
  Trustee trustee;
} AccessEntry;

typedef struct Descriptor {
  Trustee owner, group; /* neither SID nor name: it has none */
  bool has_list;        /* else everyone may do everything */
  uint16_t control;     /* of the list: protected, inherited (SE_DACL_*) */
  AccessEntry *entries; /* asked in this order */
  size_t count;
} Descriptor;

enum { CONTROL_INHERIT_REQUESTED = 0x0100, CONTROL_INHERITED = 0x0400, CONTROL_PROTECTED = 0x1000 };

/* *problem says where and why it cannot be read (static text, position in bytes); may be NULL. S_OK, E_INVALIDARG, E_OUTOFMEMORY;
 * the descriptor is to be ended for S_OK only. Audits and labels (S:) are read over. */
typedef struct DescriptorProblem {
  const char *what;
  size_t position;
} DescriptorProblem;
HRESULT descriptor_from_text(const char *text, Descriptor *descriptor, DescriptorProblem *problem);
HRESULT descriptor_from_bytes(const void *bytes, size_t size, Descriptor *descriptor, DescriptorProblem *problem);

/* For free(). */
HRESULT descriptor_to_text(const Descriptor *descriptor, char **text);
/* E_INVALIDARG: a name in it has no SID. */
HRESULT descriptor_to_bytes(const Descriptor *descriptor, uint8_t **bytes, size_t *size);
void descriptor_end(Descriptor *descriptor);

/* Whether it is a permission of COM: RIGHT_EXECUTE in each entry, old ones (with that right alone) not beside new ones. What is
 * wrong, or NULL; then it grants nothing. */
const char *descriptor_objection(const Descriptor *descriptor);
/* Whether it grants the principal all of the rights. self: whose the process is that is called. */
bool descriptor_grants(const Descriptor *descriptor, const Principal *principal, uint32_t rights, uid_t self);

/* One entry more (sddl.c and descriptor_bytes.c fill it); NULL: too many, or out of memory. */
AccessEntry *descriptor_add(Descriptor *descriptor);

#endif
