/* A Kerberos of the test's own (kdc.h). */
#include "support/kdc.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t kdc;
static char place[512];

static bool run(const char *format, const char *first, const char *second) {
  char command[2048];
  snprintf(command, sizeof command, format, first, second);
  strncat(command, " >/dev/null 2>&1", sizeof command - strlen(command) - 1);
  return system(command) == 0;
}

static bool write_file(const char *name, const char *text) {
  char path[600];
  snprintf(path, sizeof path, "%s/%s", place, name);
  FILE *file = fopen(path, "w");
  bool written = file && fputs(text, file) >= 0;
  return (!file || fclose(file) == 0) && written;
}

static unsigned free_port(void) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  int socket_ = socket(AF_INET, SOCK_DGRAM, 0);
  bind(socket_, (struct sockaddr *)&address, size);
  getsockname(socket_, (struct sockaddr *)&address, &size);
  close(socket_);
  return ntohs(address.sin_port);
}

static bool write_settings(unsigned port) {
  char text[2048];
  snprintf(text, sizeof text,
           "[libdefaults]\n default_realm = EXAMPLE.TEST\n dns_lookup_kdc = false\n dns_lookup_realm = false\n"
           " dns_canonicalize_hostname = false\n rdns = false\n kdc_timeout = 5\n max_retries = 2\n"
           "[realms]\n EXAMPLE.TEST = {\n  kdc = 127.0.0.1:%u\n }\n[domain_realm]\n localhost = EXAMPLE.TEST\n",
           port);
  if (!write_file("krb5.conf", text))
    return false;
  snprintf(text, sizeof text,
           "[kdcdefaults]\n kdc_listen = 127.0.0.1:%u\n kdc_tcp_listen = 127.0.0.1:%u\n"
           "[realms]\n EXAMPLE.TEST = {\n  database_name = %s/principal\n  key_stash_file = %s/stash\n"
           "  max_life = 1h\n  max_renewable_life = 1h\n }\n[logging]\n kdc = FILE:%s/kdc.log\n",
           port, port, place, place, place);
  return write_file("kdc.conf", text);
}

static void set_variable(const char *name, const char *prefix, const char *file) {
  char value[600];
  snprintf(value, sizeof value, "%s%s/%s", prefix, place, file);
  setenv(name, value, 1);
}

static bool fill(void) {
  return run("kdb5_util create -s -r %s -P master%s", "EXAMPLE.TEST", "") &&
         run("kadmin.local -r EXAMPLE.TEST -q 'addprinc -pw %s %s'", "secret", "ann") &&
         run("kadmin.local -r EXAMPLE.TEST -q 'addprinc -pw %s %s'", "other", "bob") &&
         run("kadmin.local -r EXAMPLE.TEST -q 'addprinc -randkey %s%s'", "host/localhost", "") &&
         run("kadmin.local -r EXAMPLE.TEST -q 'ktadd -k %s/keytab %s'", place, "host/localhost");
}

static bool answers(void) {
  for (int i = 0; i < 100; i++) {
    if (kdc_login("ann", "secret"))
      return true;
    usleep(50000);
  }
  return false;
}

bool kdc_start(const char *folder, const char **why) {
  snprintf(place, sizeof place, "%s", folder);
  char *path = getenv("PATH"), wider[4096];
  snprintf(wider, sizeof wider, "%s:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin");
  setenv("PATH", wider, 1);
  *why = "the packages krb5-kdc, krb5-admin-server and krb5-user are not installed";
  if (!run("command -v kdb5_util && command -v %s && command -v krb5kdc && command -v %s", "kadmin.local", "kinit"))
    return false;
  *why = "the KDC cannot be set up";
  set_variable("KRB5_CONFIG", "", "krb5.conf");
  set_variable("KRB5_KDC_PROFILE", "", "kdc.conf");
  set_variable("KRB5_KTNAME", "FILE:", "keytab");
  set_variable("KRB5CCNAME", "FILE:", "tickets");
  set_variable("KRB5RCACHENAME", "dfl:", "replay");
  setenv("KRB5RCACHEDIR", place, 1);
  unsetenv("KRB5RCACHENAME");
  if (!write_settings(free_port()) || !fill())
    return false;
  kdc = fork();
  if (!kdc) {
    if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
      _exit(1);
    execlp("krb5kdc", "krb5kdc", "-n", "-r", "EXAMPLE.TEST", (char *)NULL);
    _exit(1);
  }
  *why = "the KDC does not answer";
  return kdc > 0 && answers();
}

bool kdc_login(const char *user, const char *password) {
  return run("echo %s | kinit %s", password, user);
}

void kdc_logout(void) {
  run("kdestroy -q%s%s", "", "");
}

void kdc_stop(void) {
  if (kdc <= 0)
    return;
  kill(kdc, SIGTERM);
  waitpid(kdc, NULL, 0);
  kdc = 0;
}
