/* The accounts that a host lets in by name and password: a file of lines DOMAIN:user:password, which must be its owner's alone. Of the
 * passwords only what NTLM needs is kept. */
#ifndef OLEANDER_REMOTE_SECURITY_ACCOUNTS_FILE_H
#define OLEANDER_REMOTE_SECURITY_ACCOUNTS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <objbase.h>

typedef struct AccountsFile AccountsFile;

/* Empty lines and those that begin with # are skipped. E_ACCESSDENIED: others may read or write it, or it is not ours; E_INVALIDARG
 * with the number of the line that is wrong; the error never has a word of the file. */
HRESULT accounts_file_open(const char *path, AccountsFile **accounts);
/* The same from text; *line (may be NULL): the one that is wrong. */
HRESULT accounts_file_parse(const char *text, size_t size, AccountsFile **accounts, unsigned *line);
/* Those that this process lets in: the ones that were set (which become the process's, for good), else those of the file that
 * OLEANDER_USERS names. NULL: none. */
void accounts_set(AccountsFile *accounts);
const AccountsFile *accounts_of_process(void);
void accounts_file_close(AccountsFile *accounts); /* NULL is allowed; secrets are wiped */

/* MD4 of the account's password; users and domains are compared without case. A domain that is empty, here or there, is any, where no
 * other account of that user names the domain. *domain and *user: as the file writes them, its own.
 * False: there is none. */
typedef struct Account {
  const char *domain, *user;
  const uint8_t *hash;
} Account;
bool accounts_file_find(const AccountsFile *accounts, const char *domain, const char *user, Account *account);

/* MD4 of the password as UTF-16 ([MS-NLMP] 3.3.1, NTOWFv1). False: no UTF-8, or no memory. */
bool account_hash(const char *password, size_t size, uint8_t hash[16]);

#endif
