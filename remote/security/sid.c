/* Security identifiers: [MS-DTYP] 2.4.2.1 (text), 2.4.2.2 (bytes), 2.5.1.1 (two letters). */
#include "remote/security/sid.h"

#include <stdio.h>
#include <string.h>

#define NT(...)                                                                                                        \
  {                                                                                                                    \
    5, sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t), {                                                       \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }

const Sid SID_EVERYONE = { 1, 1, { 0 } }, SID_ANONYMOUS = NT(7), SID_NETWORK = NT(2), SID_INTERACTIVE = NT(4),
          SID_AUTHENTICATED = NT(11), SID_SELF = NT(10), SID_SYSTEM = NT(18), SID_ADMINISTRATORS = NT(32, 544),
          SID_USERS = NT(32, 545), SID_DCOM_USERS = NT(32, 562);

/* Those of a domain (DA, DU, LA ...) are missing: which domain is meant, nobody has said. */
static const struct {
  char letters[3];
  Sid sid;
} letters[] = {
  { "WD", { 1, 1, { 0 } } },
  { "CO", { 3, 1, { 0 } } },
  { "CG", { 3, 1, { 1 } } },
  { "OW", { 3, 1, { 4 } } },
  { "NU", NT(2) },
  { "IU", NT(4) },
  { "SU", NT(6) },
  { "AN", NT(7) },
  { "ED", NT(9) },
  { "PS", NT(10) },
  { "AU", NT(11) },
  { "RC", NT(12) },
  { "SY", NT(18) },
  { "LS", NT(19) },
  { "NS", NT(20) },
  { "WR", NT(33) },
  { "BA", NT(32, 544) },
  { "BU", NT(32, 545) },
  { "BG", NT(32, 546) },
  { "PU", NT(32, 547) },
  { "AO", NT(32, 548) },
  { "SO", NT(32, 549) },
  { "PO", NT(32, 550) },
  { "BO", NT(32, 551) },
  { "RE", NT(32, 552) },
  { "RU", NT(32, 554) },
  { "RD", NT(32, 555) },
  { "NO", NT(32, 556) },
  { "MU", NT(32, 558) },
  { "LU", NT(32, 559) },
  { "IS", NT(32, 568) },
  { "CY", NT(32, 569) },
  { "ER", NT(32, 573) },
  { "CD", NT(32, 574) },
  { "HA", NT(32, 578) },
  { "AA", NT(32, 579) },
  { "RM", NT(32, 580) },
  { "AC", { 15, 2, { 2, 1 } } },
  { "LW", { 16, 1, { 4096 } } },
  { "ME", { 16, 1, { 8192 } } },
  { "MP", { 16, 1, { 8448 } } },
  { "HI", { 16, 1, { 12288 } } },
  { "SI", { 16, 1, { 16384 } } },
};

bool sid_equal(const Sid *a, const Sid *b) {
  return a->authority == b->authority && a->count == b->count &&
         memcmp(a->parts, b->parts, a->count * sizeof a->parts[0]) == 0;
}

/* Text */

typedef struct Digits {
  const char *at, *end;
} Digits;

static int digit_of(char c, unsigned base) {
  int value = c >= '0' && c <= '9'   ? c - '0'
              : c >= 'a' && c <= 'f' ? c - 'a' + 10
              : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                     : 16;
  return value < (int)base ? value : -1;
}

/* Decimal, or hexadecimal behind 0x; within the limit. */
static bool take_number(Digits *digits, uint64_t limit, uint64_t *number) {
  unsigned base = 10;
  if (digits->end - digits->at > 2 && digits->at[0] == '0' && (digits->at[1] | 0x20) == 'x') {
    base = 16;
    digits->at += 2;
  }
  const char *begin = digits->at;
  for (*number = 0; digits->at < digits->end && digit_of(*digits->at, base) >= 0; digits->at++) {
    *number = *number * base + (unsigned)digit_of(*digits->at, base);
    if (*number > limit)
      return false;
  }
  return digits->at > begin;
}

static bool take_dash(Digits *digits) {
  bool is = digits->at < digits->end && *digits->at == '-';
  digits->at += is;
  return is;
}

bool sid_from_text(const char *text, size_t size, Sid *sid) {
  Digits digits = { text + 4, text + size };
  uint64_t number;
  *sid = (Sid){ 0 };
  for (size_t i = 0; size == 2 && i < sizeof letters / sizeof letters[0]; i++) {
    if (memcmp(text, letters[i].letters, 2) == 0) {
      *sid = letters[i].sid;
      return true;
    }
  }
  if (size < 5 || (text[0] | 0x20) != 's' || memcmp(text + 1, "-1-", 3) != 0)
    return false;
  if (!take_number(&digits, 0xffffffffffff, &sid->authority))
    return false;
  while (digits.at < digits.end) {
    if (sid->count == SID_PARTS || !take_dash(&digits) || !take_number(&digits, UINT32_MAX, &number))
      return false;
    sid->parts[sid->count++] = (uint32_t)number;
  }
  return sid->count > 0;
}

void sid_to_text(const Sid *sid, char *text) {
  for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
    if (sid_equal(sid, &letters[i].sid)) {
      strcpy(text, letters[i].letters);
      return;
    }
  }
  const char *form = sid->authority >> 32 ? "S-1-0x%012llx" : "S-1-%llu";
  int length = snprintf(text, SID_TEXT, form, (unsigned long long)sid->authority);
  for (unsigned i = 0; i < sid->count; i++)
    length += snprintf(text + length, SID_TEXT - (size_t)length, "-%u", (unsigned)sid->parts[i]);
}

/* Bytes */

void sid_read(Cursor *cursor, Sid *sid) {
  *sid = (Sid){ 0 };
  uint8_t revision = cursor_u8(cursor), count = cursor_u8(cursor);
  const uint8_t *authority = cursor_bytes(cursor, 6);
  if (!authority || revision != 1 || count > SID_PARTS) {
    cursor->failed = true;
    return;
  }
  for (unsigned i = 0; i < 6; i++)
    sid->authority = sid->authority << 8 | authority[i];
  sid->count = count;
  for (unsigned i = 0; i < count; i++)
    sid->parts[i] = cursor_u32(cursor);
}

void sid_write(const Sid *sid, uint8_t *bytes) {
  bytes[0] = 1;
  bytes[1] = sid->count;
  for (unsigned i = 0; i < 6; i++)
    bytes[2 + i] = (uint8_t)(sid->authority >> 8 * (5 - i));
  for (unsigned i = 0; i < 4u * sid->count; i++)
    bytes[8 + i] = (uint8_t)(sid->parts[i / 4] >> 8 * (i % 4));
}

Sid sid_of_user(uint32_t uid) {
  return (Sid){ 22, 2, { 1, uid } };
}

Sid sid_of_group(uint32_t gid) {
  return (Sid){ 22, 2, { 2, gid } };
}
