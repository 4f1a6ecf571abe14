#include "other_host.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH = 256, PORTS = 20000 };

static char place[PATH - 32];
static pid_t service;

static const char *path_of(const char *name, char path[PATH]) {
  snprintf(path, PATH, "%s/%s", place, name);
  return path;
}

bool other_host_set_level(unsigned level) {
  char path[PATH];
  FILE *file = fopen(path_of("classes/measured.reg", path), "w");
  if (!file)
    return false;
  fprintf(file,
          "Windows Registry Editor Version 5.00\n\n"
          "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Ole]\n"
          "\"EnableDCOM\"=\"Y\"\n\"LegacyAuthenticationLevel\"=dword:%u\n"
          "\"DefaultLaunchPermission\"=\"O:BAG:BAD:(A;;0x1f;;;WD)(A;;0x1f;;;AN)\"\n"
          "\"DefaultAccessPermission\"=\"O:BAG:BAD:(A;;0x7;;;WD)(A;;0x7;;;AN)\"\n\n"
          "[HKEY_CLASSES_ROOT\\CLSID\\{5D6E8B20-4F0C-4E0A-8D55-7A3C9E1B6002}\\LocalServer32]\n"
          "@=\"" MEASURED_PROGRAM "\"\n",
          level);
  return fclose(file) == 0;
}

static bool write_accounts(void) {
  char path[PATH];
  int file = open(path_of("users", path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool written = file >= 0 && dprintf(file, "%s:%s:%s\n", OTHER_HOST_DOMAIN, OTHER_HOST_USER, OTHER_HOST_PASSWORD) > 0;
  close(file);
  return written;
}

static void run(uint16_t port) {
  char runtime[PATH], classes[PATH], users[PATH], number[8], log[PATH];
  setenv("OLEANDER_RUNTIME", path_of("run", runtime), 1);
  setenv("OLEANDER_CLASSES", path_of("classes", classes), 1);
  snprintf(number, sizeof number, "%u", port);
  int file = open(path_of("log", log), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(file, STDERR_FILENO);
  execl(OLEANDERD, "oleanderd", "--foreground", "--listen", "127.0.0.1", "--port", number, "--users",
        path_of("users", users), (char *)NULL);
  _exit(127);
}

static bool answers(uint16_t port) {
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons(port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  int wire = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool connected = connect(wire, (struct sockaddr *)&address, sizeof address) == 0;
  close(wire);
  return connected;
}

bool other_host_start(const char *folder, uint16_t *port) {
  char path[PATH];
  snprintf(place, sizeof place, "%s/there", folder);
  *port = (uint16_t)(PORTS + getpid() % PORTS);
  if (mkdir(place, 0700) || mkdir(path_of("classes", path), 0700) || !write_accounts() || !other_host_set_level(1))
    return false;
  service = fork();
  if (service == 0)
    run(*port);
  for (int tries = 0; tries < 500; tries++) {
    if (answers(*port))
      return service > 0;
    usleep(10000);
  }
  return false;
}

void other_host_stop(void) {
  char command[PATH];
  kill(service, SIGTERM);
  waitpid(service, NULL, 0);
  snprintf(command, sizeof command, "rm -rf '%s'", place);
  if (system(command) != 0)
    fprintf(stderr, "%s: it cannot be removed\n", place);
}
