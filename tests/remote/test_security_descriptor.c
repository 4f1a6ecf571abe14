/* Security descriptors: SDDL and bytes, against [MS-DTYP] 2.4 and 2.5.1, and what they say of a principal. */
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "remote/security/descriptor.h"

static void assert_written(const char *text, const char *expected) {
  Descriptor descriptor;
  DescriptorProblem problem = { "", 0 };
  char *written;
  if (FAILED(descriptor_from_text(text, &descriptor, &problem)))
    fail_msg("%s: %s at %zu", text, problem.what, problem.position);
  assert_int_equal(descriptor_to_text(&descriptor, &written), S_OK);
  assert_string_equal(written, expected);
  free(written);
  descriptor_end(&descriptor);
}

static void text_is_read_and_written(void **state) {
  static const char *const cases[][2] = {
    { "O:BAG:BAD:(A;;0x1f;;;BA)(A;;0xb;;;WD)", "O:BAG:BAD:(A;;CCDCLCSWRP;;;BA)(A;;CCDCSW;;;WD)" },
    { "D:(A;;CCDCLCSWRP;;;S-1-5-32-544)", "D:(A;;CCDCLCSWRP;;;BA)" },
    { "D:", "D:" },
    { "O:SY", "O:SYD:NO_ACCESS_CONTROL" },
    { "D:NO_ACCESS_CONTROL", "D:NO_ACCESS_CONTROL" },
    { "D:PAIAR(D;OICI;31;;;AN)", "D:PARAI(D;OICI;CCDCLCSWRP;;;AN)" },
    { " O:BA G:SY D: (A; ; 037 ; ; ; WD )\n", "O:BAG:SYD:(A;;CCDCLCSWRP;;;WD)" },
    { "D:(A;;0x1;;;S-1-5-21-1-2-3-1001)S:(ML;;NX;;;LW)", "D:(A;;CC;;;S-1-5-21-1-2-3-1001)" },
    { "D:(A;;GA;;;WD)(A;;0x2000001;;;WD)", "D:(A;;GA;;;WD)(A;;0x2000001;;;WD)" },
    { "D:(A;;CC;;;S-1-0x1000000000a-5)", "D:(A;;CC;;;S-1-0x01000000000a-5)" },
    { "D:(A;;0x1f;;;DOMAIN\\some user)(D;;0x1f;;;no-such-name-here)",
      "D:(A;;CCDCLCSWRP;;;DOMAIN\\some user)(D;;CCDCLCSWRP;;;no-such-name-here)" },
    { "O:DOMAIN\\guestG:BAD:", "O:DOMAIN\\guestG:BAD:" },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_written(cases[i][0], cases[i][1]);
    assert_written(cases[i][1], cases[i][1]);
  }
}

static void bad_text_is_refused(void **state) {
  static const char *const cases[] = {
    "",
    " ",
    "x",
    "D",
    "D:(",
    "D:(A",
    "D:(A;;",
    "D:(A;;0x1f;;;",
    "D:(A;;0x1f;;;)",
    "D:(A;;0x1f;;;BA",
    "D:(A;;0x1f;;BA)",
    "D:(A;;ZZ;;;BA)",
    "D:(A;QQ;CC;;;BA)",
    "D:(X;;CC;;;BA)",
    "D:(A;;0x1ffffffff;;;BA)",
    "D:(A;;-1;;;BA)",
    "D:(A;;CC;;;S-1-5-)",
    "D:(A;;CC;;;S-1-5-4294967296)",
    "D:(A;;CC;;;S-1-5)",
    "D:(A;;CC;;;S-1-5-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1)",
    "D:D:",
    "O:O:BA",
    "O:BAO:BA",
    "O:D:",
    "D:NO_ACCESS_CONTROL(A;;CC;;;BA)",
    "D:(A;;CC;;;BA)garbage",
    "D:(OA;;CC;;;BA)",
    "D:(A;;CC;00000000-0000-0000-0000-000000000000;;BA)",
    "D:(A;;CC;;;DOMAIN\\)",
    "D:(A;;CC;;;\\user)",
    "S:(ML;;NX;;;LW",
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    Descriptor descriptor;
    DescriptorProblem problem = { NULL, 0 };
    if (descriptor_from_text(cases[i], &descriptor, &problem) != E_INVALIDARG)
      fail_msg("accepted: %s", cases[i]);
    assert_non_null(problem.what);
    assert_in_range(problem.position, 0, strlen(cases[i]));
    assert_null(descriptor.entries);
  }
}

/* O:BAG:SYD:(A;;0x1f;;;BA)(D;IO;0x5;;;WD) */
static const uint8_t known[] = {
  1, 0, 4,  0x80, 20, 0, 0, 0, 36, 0, 0, 0, 0,    0, 0, 0, 48, 0, 0, 0,                /* header */
  1, 2, 0,  0,    0,  0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0,                             /* owner */
  1, 1, 0,  0,    0,  0, 0, 5, 18, 0, 0, 0,                                            /* group */
  2, 0, 52, 0,    2,  0, 0, 0,                                                         /* list */
  0, 0, 24, 0,    31, 0, 0, 0, 1,  2, 0, 0, 0,    0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0, /* BA */
  1, 8, 20, 0,    5,  0, 0, 0, 1,  1, 0, 0, 0,    0, 0, 1, 0,  0, 0, 0,                /* WD */
};

static void bytes_are_read_and_written(void **state) {
  Descriptor descriptor;
  char *text;
  uint8_t *bytes;
  size_t size;
  (void)state;
  assert_int_equal(descriptor_from_bytes(known, sizeof known, &descriptor, NULL), S_OK);
  assert_int_equal(descriptor_to_text(&descriptor, &text), S_OK);
  assert_string_equal(text, "O:BAG:SYD:(A;;CCDCLCSWRP;;;BA)(D;IO;CCLC;;;WD)");
  assert_int_equal(descriptor_to_bytes(&descriptor, &bytes, &size), S_OK);
  assert_int_equal(size, sizeof known);
  assert_memory_equal(bytes, known, size);
  free(text);
  free(bytes);
  descriptor_end(&descriptor);
  for (size_t cut = 0; cut < sizeof known; cut++) {
    uint8_t *part = malloc(cut + 1);
    memcpy(part, known, cut);
    assert_int_equal(descriptor_from_bytes(part, cut, &descriptor, NULL), E_INVALIDARG);
    free(part);
  }
}

static void a_name_without_a_sid_has_no_bytes(void **state) {
  Descriptor descriptor;
  uint8_t *bytes;
  size_t size;
  (void)state;
  assert_int_equal(descriptor_from_text("D:(A;;CC;;;NOWHERE\\nobody-here)", &descriptor, NULL), S_OK);
  assert_int_equal(descriptor_to_bytes(&descriptor, &bytes, &size), E_INVALIDARG);
  assert_null(bytes);
  descriptor_end(&descriptor);
}

/* Checks */

typedef enum Who { OWNER, ROOT, ALICE, LISTED, PLAIN, ANONYMOUS, REMOTE_ANONYMOUS } Who;

static Principal *principal_for(Who who) {
  switch (who) {
  case OWNER:
    return principal_of_user(4321, 8765);
  case ROOT:
    return principal_of_user(0, 0);
  case ALICE:
    return principal_of_account("EXAMPLE", "alice", true, false);
  case LISTED:
    return principal_of_account("EXAMPLE", "Bob", true, true);
  case PLAIN:
    return principal_of_account("", "carol-of-nowhere", true, false);
  default:
    return principal_anonymous(who == REMOTE_ANONYMOUS);
  }
}

static void principals_get_what_is_granted(void **state) {
  static const struct {
    const char *text;
    Who who;
    uint32_t rights;
    bool granted;
  } cases[] = {
    { "D:NO_ACCESS_CONTROL", REMOTE_ANONYMOUS, 31, true },
    { "D:", ROOT, 2, false },
    { "D:(A;;0xb;;;WD)", OWNER, 2, true },
    { "D:(A;;0xb;;;WD)", OWNER, 10, true },
    { "D:(A;;0xb;;;WD)", ALICE, 4, false },
    { "D:(A;;0xb;;;WD)", ANONYMOUS, 2, false },
    { "D:(A;;0xb;;;AN)", ANONYMOUS, 2, true },
    { "D:(A;;0x1f;;;AU)", ALICE, 20, true },
    { "D:(A;;1;;;AU)", ALICE, 20, true },
    { "D:(A;;1;;;AU)(A;;0xb;;;WD)", ALICE, 2, false }, /* old beside new */
    { "D:(A;;2;;;WD)", OWNER, 2, false },              /* no EXECUTE */
    { "D:(D;;2;;;AN)(A;;3;;;WD)", OWNER, 2, false },   /* likewise */
    { "D:(D;;0x5;;;WD)(A;;0x1f;;;WD)", ALICE, 4, false },
    { "D:(D;;0x5;;;WD)(A;;0x1f;;;WD)", ALICE, 2, true },
    { "D:(A;;0x1f;;;WD)(D;;0x1f;;;WD)", ALICE, 4, true }, /* asked in their order */
    { "D:(D;IO;0x1f;;;WD)(A;;0x1f;;;WD)", ALICE, 4, true },
    { "D:(A;IO;0x1f;;;WD)", ALICE, 4, false },
    { "D:(A;;3;;;WD)(A;;5;;;WD)", OWNER, 6, true }, /* from several */
    { "D:(A;;0x1f;;;IU)", OWNER, 2, true },
    { "D:(A;;0x1f;;;IU)", ALICE, 2, false },
    { "D:(A;;0x1f;;;NU)", ALICE, 2, true },
    { "D:(A;;0x1f;;;NU)", OWNER, 2, false },
    { "D:(A;;0x1f;;;PS)", OWNER, 2, true },
    { "D:(A;;0x1f;;;PS)", ROOT, 2, false },
    { "D:(A;;0x1f;;;SY)", ROOT, 2, true },
    { "D:(A;;0x1f;;;BA)", ROOT, 2, true },
    { "D:(A;;0x1f;;;BA)", OWNER, 2, false },
    { "D:(A;;0x1f;;;S-1-22-1-4321)", OWNER, 2, true },
    { "D:(A;;0x1f;;;S-1-22-1-4321)", ROOT, 2, false },
    { "D:(A;;0x1f;;;S-1-22-2-8765)", OWNER, 2, true },
    { "D:(A;;0x1f;;;root)", ROOT, 2, true },
    { "D:(A;;0x1f;;;root)", OWNER, 2, false },
    { "D:(A;;0x1f;;;EXAMPLE\\alice)", ALICE, 4, true },
    { "D:(A;;0x1f;;;example\\ALICE)", ALICE, 4, true },
    { "D:(A;;0x1f;;;alice)", ALICE, 4, false },
    { "D:(A;;0x1f;;;EXAMPLE\\bob)", LISTED, 4, true },
    { "D:(A;;0x1f;;;OTHER\\bob)", LISTED, 4, false },
    { "D:(A;;0x1f;;;S-1-5-32-562)", LISTED, 4, true },
    { "D:(A;;0x1f;;;S-1-5-32-562)", ALICE, 4, false },
    { "D:(A;;0x1f;;;carol-of-nowhere)", PLAIN, 4, true },
    { "D:(D;;0x1f;;;EXAMPLE\\alice)(A;;0x1f;;;WD)", ALICE, 4, false },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    Descriptor descriptor;
    Principal *principal = principal_for(cases[i].who);
    assert_non_null(principal);
    assert_int_equal(descriptor_from_text(cases[i].text, &descriptor, NULL), S_OK);
    if (descriptor_grants(&descriptor, principal, cases[i].rights, 4321) != cases[i].granted)
      fail_msg("case %zu: %s", i, cases[i].text);
    descriptor_end(&descriptor);
    principal_release(principal);
  }
}

static void a_local_account_is_its_user(void **state) {
  struct passwd *user = getpwuid(getuid());
  Descriptor descriptor;
  if (!user)
    skip();
  (void)state;
  Principal *here = principal_of_user(getuid(), getgid()),
            *account = principal_of_account("", user->pw_name, true, true);
  Principal *elsewhere = principal_of_account("ELSEWHERE", user->pw_name, true, true);
  char text[256];
  snprintf(text, sizeof text, "D:(A;;0x1f;;;%s)", user->pw_name);
  assert_int_equal(descriptor_from_text(text, &descriptor, NULL), S_OK);
  assert_true(descriptor_grants(&descriptor, here, 2, 0));
  assert_true(descriptor_grants(&descriptor, account, 4, 0));
  assert_false(descriptor_grants(&descriptor, elsewhere, 4, 0));
  descriptor_end(&descriptor);
  principal_release(here);
  principal_release(account);
  principal_release(elsewhere);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(text_is_read_and_written),       cmocka_unit_test(bad_text_is_refused),
    cmocka_unit_test(bytes_are_read_and_written),     cmocka_unit_test(a_name_without_a_sid_has_no_bytes),
    cmocka_unit_test(principals_get_what_is_granted), cmocka_unit_test(a_local_account_is_its_user),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
