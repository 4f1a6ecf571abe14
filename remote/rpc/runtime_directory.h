/* The folder of the user's sockets: $OLEANDER_RUNTIME, else $XDG_RUNTIME_DIR/oleander, else /tmp/oleander-UID. It is ours alone:
 * who can put a socket there can speak for any server. */
#ifndef OLEANDER_REMOTE_RPC_RUNTIME_DIRECTORY_H
#define OLEANDER_REMOTE_RPC_RUNTIME_DIRECTORY_H

#include <limits.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <objbase.h>

/* Its path. False: a variable says what cannot be a path; the error is set. */
HRESULT runtime_directory_path(char path[PATH_MAX]);

/* Opens it (O_PATH), made where it is missing, its owner and mode checked. What is wrong is set as the error. */
HRESULT runtime_directory_open(int *directory);

/* The address of a socket in it: by its path, or through the descriptor where that is too long. The descriptor must stay open
 * until the address has been used. */
HRESULT runtime_directory_address(int directory, const char *name, struct sockaddr_un *address, socklen_t *size);

/* Waits, for `seconds` at most, until nobody else has the lock of that name; gives a descriptor to close. -1: errno. */
int runtime_directory_lock(int directory, const char *name, int seconds);

/* Removes sockets whose names begin so and that nobody listens on: of processes that were killed. */
void runtime_directory_sweep(int directory, const char *prefix);

/* Sets the error for what the system has said, and gives the code for it. `doing`: "connect to", "listen on". */
HRESULT runtime_error(int error, const char *doing, const char *name);

#endif
