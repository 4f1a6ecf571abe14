/* What a security descriptor says, for people. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remote/security/security_api.h"

static void put_entry(FILE *out, const AccessEntry *entry) {
  char sid[SID_TEXT];
  const Trustee *trustee = &entry->trustee;
  bool unknown = trustee->name && !trustee->sid.count && !strchr(trustee->name, '\\');
  sid_to_text(&trustee->sid, sid);
  fprintf(out, "%s\t%u\t%s\t%s\n", entry->denies ? "deny" : "allow", (unsigned)entry->rights,
          trustee->name ? trustee->name : sid, unknown ? "unknown" : "");
}

static HRESULT put_problem(FILE *out, const char *what, size_t position, bool is_text) {
  fprintf(out, "%s\n%zu", what, is_text ? position + 1 : 0);
  return S_FALSE;
}

static HRESULT describe(FILE *out, const void *bytes, size_t size, bool is_text) {
  Descriptor descriptor;
  DescriptorProblem problem = { "", 0 };
  char *sddl;
  HRESULT status = is_text ? descriptor_from_text(bytes, &descriptor, &problem)
                           : descriptor_from_bytes(bytes, size, &descriptor, &problem);
  if (status == E_INVALIDARG)
    return put_problem(out, problem.what, problem.position, is_text);
  if (FAILED(status))
    return status;
  const char *objection = descriptor_objection(&descriptor);
  if (objection)
    status = put_problem(out, objection, 0, false);
  else
    status = descriptor_to_text(&descriptor, &sddl);
  if (status == S_OK) {
    fprintf(out, "%s\n", sddl);
    free(sddl);
    for (size_t i = 0; i < descriptor.count; i++)
      put_entry(out, &descriptor.entries[i]);
  }
  descriptor_end(&descriptor);
  return status;
}

HRESULT security_describe(const void *bytes, size_t size, bool is_text, char **text) {
  size_t written;
  *text = NULL;
  FILE *out = open_memstream(text, &written);
  if (!out)
    return E_OUTOFMEMORY;
  HRESULT status = describe(out, bytes, size, is_text);
  if (ferror(out) | fclose(out))
    status = E_OUTOFMEMORY;
  if (FAILED(status)) {
    free(*text);
    *text = NULL;
  }
  return status;
}
