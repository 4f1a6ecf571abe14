/* Security descriptors as text: SDDL ([MS-DTYP] 2.5.1.1), and names of principals beside its SIDs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remote/security/accounts.h"
#include "remote/security/descriptor.h"

typedef struct SddlReader {
  const char *text, *at;
  const char *problem;
  bool memory; /* has run out */
} SddlReader;

typedef struct LetterValue {
  char letters[3];
  uint32_t value;
} LetterValue;

/* The rights that have letters, the lowest bit first. Those of files and keys stand for several bits. */
static const LetterValue rights[] = {
  { "CC", 1 },          { "DC", 2 },          { "LC", 4 },        { "SW", 8 },          { "RP", 0x10 },
  { "WP", 0x20 },       { "DT", 0x40 },       { "LO", 0x80 },     { "CR", 0x100 },      { "SD", 0x10000 },
  { "RC", 0x20000 },    { "WD", 0x40000 },    { "WO", 0x80000 },  { "GA", 0x10000000 }, { "GX", 0x20000000 },
  { "GW", 0x40000000 }, { "GR", 0x80000000 }, { "FA", 0x1f01ff }, { "FR", 0x120089 },   { "FW", 0x120116 },
  { "FX", 0x1200a0 },   { "KA", 0xf003f },    { "KR", 0x20019 },  { "KW", 0x20006 },    { "KX", 0x20019 },
};
enum { SINGLE_RIGHTS = 17 };

static const LetterValue entry_flags[] = {
  { "OI", 1 }, { "CI", 2 }, { "NP", 4 }, { "IO", 8 }, { "ID", 0x10 }, { "SA", 0x40 }, { "FA", 0x80 },
};

static const LetterValue list_flags[] = {
  { "P", CONTROL_PROTECTED },
  { "AR", CONTROL_INHERIT_REQUESTED },
  { "AI", CONTROL_INHERITED },
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* Reading */

static void fail(SddlReader *reader, const char *problem) {
  if (!reader->problem)
    reader->problem = problem;
}

static void skip_blanks(SddlReader *reader) {
  reader->at += strspn(reader->at, " \t\r\n");
}

static bool take(SddlReader *reader, char wanted) {
  skip_blanks(reader);
  bool is = *reader->at == wanted;
  reader->at += is;
  return is;
}

static void expect(SddlReader *reader, char wanted, const char *problem) {
  if (!reader->problem && !take(reader, wanted))
    fail(reader, problem);
}

/* Letters of a list, up to what is none of them. */
static uint32_t take_letters(SddlReader *reader, const LetterValue *list, size_t count) {
  uint32_t value = 0;
  for (size_t i = 0; i < count;) {
    size_t size = strlen(list[i].letters);
    skip_blanks(reader);
    if (strncmp(reader->at, list[i].letters, size) != 0) {
      i++;
      continue;
    }
    value |= list[i].value;
    reader->at += size;
    i = 0;
  }
  return value;
}

static uint32_t take_rights(SddlReader *reader) {
  skip_blanks(reader);
  if (*reader->at < '0' || *reader->at > '9')
    return take_letters(reader, rights, COUNT(rights));
  char *end;
  unsigned long long value = strtoull(reader->at, &end, 0);
  if (value > UINT32_MAX)
    fail(reader, "the rights are no number of 32 bits");
  else
    reader->at = end;
  return (uint32_t)value;
}

/* A user of this host before a group: users have groups of their name, in which others may be. */
static void resolve(Trustee *trustee) {
  uid_t uid;
  gid_t gid;
  if (account_find_user(trustee->name, &uid, &gid))
    trustee->sid = sid_of_user(uid);
  else if (account_find_group(trustee->name, &gid))
    trustee->sid = sid_of_group(gid);
}

static bool is_sid_like(const char *text) {
  return strncmp(text, "S-1-", 4) == 0 || strncmp(text, "s-1-", 4) == 0;
}

/* Up to `ends`, a set of characters. */
static void take_trustee(SddlReader *reader, const char *ends, Trustee *trustee) {
  skip_blanks(reader);
  const char *begin = reader->at;
  size_t size = strcspn(begin, ends);
  while (size && (begin[size - 1] == ' ' || begin[size - 1] == '\t'))
    size--;
  if (reader->problem)
    return;
  if (!size || (begin[0] == '\\' || begin[size - 1] == '\\')) {
    fail(reader, "a principal is missing");
    return;
  }
  if (!sid_from_text(begin, size, &trustee->sid)) {
    if (is_sid_like(begin)) {
      fail(reader, "this is no SID");
      return;
    }
    trustee->name = strndup(begin, size);
    if (trustee->name)
      resolve(trustee);
    else
      reader->memory = true;
  }
  reader->at = begin + size;
}

/* O: and G: end where the next part begins; a name may have letters like those, and no colon. */
static void take_owner(SddlReader *reader, Trustee *trustee) {
  const char *begin = reader->at;
  size_t size = strcspn(begin, ":");
  char part[256];
  if (begin[size] == ':')
    size--; /* the letter before it */
  if (size >= sizeof part) {
    fail(reader, "the principal is too long");
    return;
  }
  if (trustee->sid.count || trustee->name) {
    fail(reader, "it has two owners, or two groups");
    return;
  }
  memcpy(part, begin, size);
  part[size] = 0;
  SddlReader within = { part, part, NULL, false };
  take_trustee(&within, "", trustee);
  reader->memory = reader->memory || within.memory;
  if (within.problem)
    fail(reader, within.problem);
  else
    reader->at += size;
}

static void take_entry(SddlReader *reader, AccessEntry *entry) {
  skip_blanks(reader);
  if (*reader->at != 'A' && *reader->at != 'D') {
    fail(reader, "an entry is of another kind than A (allow) and D (deny)");
    return;
  }
  entry->denies = *reader->at++ == 'D';
  expect(reader, ';', "an entry is of another kind than A (allow) and D (deny)");
  entry->flags = (uint8_t)take_letters(reader, entry_flags, COUNT(entry_flags));
  expect(reader, ';', "a flag of an entry is unknown");
  if (!reader->problem)
    entry->rights = take_rights(reader);
  expect(reader, ';', "a right is unknown");
  expect(reader, ';', "an entry has an object, which permissions of COM do not");
  expect(reader, ';', "an entry has an object, which permissions of COM do not");
  take_trustee(reader, "();", &entry->trustee);
  expect(reader, ')', "an entry does not end behind its principal");
}

static void take_list(SddlReader *reader, Descriptor *descriptor) {
  static const char none[] = "NO_ACCESS_CONTROL";
  if (descriptor->has_list) {
    fail(reader, "it has two lists");
    return;
  }
  descriptor->has_list = true;
  descriptor->control = (uint16_t)take_letters(reader, list_flags, COUNT(list_flags));
  if (strncmp(reader->at, none, sizeof none - 1) == 0) {
    reader->at += sizeof none - 1;
    descriptor->has_list = false;
  }
  while (!reader->problem && !reader->memory && take(reader, '(')) {
    AccessEntry *entry = descriptor_add(descriptor);
    if (entry)
      take_entry(reader, entry);
    else if (descriptor->count >= ENTRY_LIMIT)
      fail(reader, "there are too many entries");
    else
      reader->memory = true;
  }
  if (!descriptor->has_list && descriptor->count)
    fail(reader, "entries follow where there is no access control");
}

/* Audits and labels mean nothing here. */
static void skip_system_list(SddlReader *reader) {
  take_letters(reader, list_flags, COUNT(list_flags));
  while (take(reader, '(')) {
    reader->at += strcspn(reader->at, "()");
    expect(reader, ')', "an entry does not end");
  }
}

static void take_part(SddlReader *reader, Descriptor *descriptor) {
  char kind = *reader->at;
  if (!kind || reader->at[1] != ':' || !strchr("OGDS", kind)) {
    fail(reader, "here O:, G:, D: or S: should begin");
    return;
  }
  reader->at += 2;
  if (kind == 'O' || kind == 'G')
    take_owner(reader, kind == 'O' ? &descriptor->owner : &descriptor->group);
  else if (kind == 'D')
    take_list(reader, descriptor);
  else
    skip_system_list(reader);
}

HRESULT descriptor_from_text(const char *text, Descriptor *descriptor, DescriptorProblem *problem) {
  SddlReader reader = { text, text, NULL, false };
  *descriptor = (Descriptor){ 0 };
  skip_blanks(&reader);
  if (!*reader.at)
    fail(&reader, "it is empty");
  while (*reader.at && !reader.problem && !reader.memory) {
    take_part(&reader, descriptor);
    skip_blanks(&reader);
  }
  if (!reader.problem && !reader.memory)
    return S_OK;
  if (problem)
    *problem = (DescriptorProblem){ reader.problem, (size_t)(reader.at - text) };
  descriptor_end(descriptor);
  return reader.memory ? E_OUTOFMEMORY : E_INVALIDARG;
}

/* Writing */

static void put_letters(FILE *out, uint32_t value, const LetterValue *list, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if ((value & list[i].value) == list[i].value)
      fputs(list[i].letters, out);
  }
}

static void put_rights(FILE *out, uint32_t value) {
  uint32_t known = 0;
  for (size_t i = 0; i < SINGLE_RIGHTS; i++)
    known |= rights[i].value;
  if (value & ~known)
    fprintf(out, "0x%x", (unsigned)value);
  else
    put_letters(out, value, rights, SINGLE_RIGHTS);
}

static void put_trustee(FILE *out, const char *before, const Trustee *trustee) {
  char text[SID_TEXT] = "";
  if (!trustee->name && trustee->sid.count)
    sid_to_text(&trustee->sid, text);
  if (trustee->name || *text)
    fprintf(out, "%s%s", before, trustee->name ? trustee->name : text);
}

static void put_entry(FILE *out, const AccessEntry *entry) {
  fputs(entry->denies ? "(D;" : "(A;", out);
  put_letters(out, entry->flags, entry_flags, COUNT(entry_flags));
  fputc(';', out);
  put_rights(out, entry->rights);
  fputs(";;;", out);
  put_trustee(out, "", &entry->trustee);
  fputc(')', out);
}

HRESULT descriptor_to_text(const Descriptor *descriptor, char **text) {
  size_t size;
  *text = NULL;
  FILE *out = open_memstream(text, &size);
  if (!out)
    return E_OUTOFMEMORY;
  put_trustee(out, "O:", &descriptor->owner);
  put_trustee(out, "G:", &descriptor->group);
  fputs("D:", out);
  put_letters(out, descriptor->control, list_flags, COUNT(list_flags));
  if (!descriptor->has_list)
    fputs("NO_ACCESS_CONTROL", out);
  for (size_t i = 0; i < descriptor->count; i++)
    put_entry(out, &descriptor->entries[i]);
  bool failed = ferror(out);
  if (fclose(out) == 0 && !failed)
    return S_OK;
  free(*text);
  *text = NULL;
  return E_OUTOFMEMORY;
}
