/* A Kerberos of the test's own: realm EXAMPLE.TEST on the loopback, accounts ann (password "secret") and bob ("other"), and the service
 * host/localhost with its keys in a keytab. KRB5_CONFIG, KRB5_KTNAME and KRB5CCNAME lead there. */
#ifndef OLEANDER_TESTS_KDC_H
#define OLEANDER_TESTS_KDC_H

#include <stdbool.h>

/* In a folder that is there. False: the packages krb5-kdc, krb5-admin-server or krb5-user are missing, or it cannot begin; *why says it. */
bool kdc_start(const char *folder, const char **why);
/* Tickets for that account, in place of those that there are. */
bool kdc_login(const char *user, const char *password);
/* No tickets. */
void kdc_logout(void);
void kdc_stop(void);

#endif
