/* What a process tells the service manager that has started it: sd_notify(3), over the socket that it names. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "activation/activation_api.h"

void service_notify(const char *state) {
  const char *path = secure_getenv("NOTIFY_SOCKET");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  size_t size = path ? strlen(path) : 0;
  if (size < 2 || size >= sizeof address.sun_path || (*path != '/' && *path != '@'))
    return;
  memcpy(address.sun_path, path, size);
  if (*path == '@')
    address.sun_path[0] = 0;
  int channel = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (channel < 0)
    return;
  (void)!sendto(channel, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
                (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size));
  close(channel);
}
