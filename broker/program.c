/* The program oleanderd: options, the way into the background, sockets of a service manager. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <oleauto.h>

#include "broker/broker_run.h"
#include "com/com_api.h"

static const char usage[] =
    "Usage: oleanderd [--foreground]\n"
    "\n"
    "The COM service of a user: it knows which classes and objects run in which process, and starts the programs of\n"
    "local servers. Programs start it when they need it; it leaves when nobody has been connected for a while.\n"
    "\n"
    "  --foreground   stay in the foreground, and tell on stderr what happens\n"
    "  --help         this text\n"
    "  --version      the version\n"
    "\n"
    "Environment:\n"
    "  OLEANDER_RUNTIME         the folder of the sockets (else $XDG_RUNTIME_DIR/oleander, else /tmp/oleander-UID)\n"
    "  OLEANDER_IDLE_TIMEOUT    seconds without clients after which it leaves (60); negative: never\n";

enum { STATUS_GOOD, STATUS_FAILED, STATUS_USAGE };

static double idle_seconds(void) {
  const char *text = getenv("OLEANDER_IDLE_TIMEOUT");
  char *end;
  double seconds = text ? strtod(text, &end) : 60;
  return text && (end == text || *end) ? 60 : seconds;
}

/* The first socket that systemd hands over (sd_listen_fds(3)); -1: none. */
static int given_socket(void) {
  const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
  if (!pid || !count || atol(pid) != (long)getpid() || atoi(count) < 1)
    return -1;
  unsetenv("LISTEN_PID");
  unsetenv("LISTEN_FDS");
  unsetenv("LISTEN_FDNAMES");
  return 3;
}

static void print_error(HRESULT status) {
  IErrorInfo *error = NULL;
  BSTR text = NULL;
  char *shown = NULL;
  if (GetErrorInfo(0, &error) == S_OK) {
    IErrorInfo_GetDescription(error, &text);
    IErrorInfo_Release(error);
  }
  if (text)
    shown = utf8_copy(text);
  fprintf(stderr, "oleanderd: %s (0x%08X)\n", shown ? shown : "cannot begin", (unsigned)status);
  free(shown);
  SysFreeString(text);
}

/* Another one that listens is as good. */
static int begin(const BrokerOptions *options, bool *runs) {
  HRESULT status = broker_begin(options);
  *runs = SUCCEEDED(status);
  if (*runs || (status == HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS) && !options->foreground))
    return STATUS_GOOD;
  print_error(status);
  return STATUS_FAILED;
}

static int run_in_foreground(BrokerOptions *options) {
  bool runs;
  options->socket = given_socket();
  int status = begin(options, &runs);
  if (runs)
    broker_run();
  return status;
}

static void detach_output(void) {
  int nothing = open("/dev/null", O_RDWR);
  for (int i = 0; i <= STDERR_FILENO && nothing >= 0; i++)
    dup2(nothing, i);
  if (nothing > STDERR_FILENO)
    close(nothing);
}

/* The child that stays: tells its parent how it began, and lets go of everything that belongs to who started it. */
static int run_detached(const BrokerOptions *options, int ready) {
  bool runs;
  setsid();
  (void)!chdir("/");
  int status = begin(options, &runs);
  char told = (char)status;
  detach_output();
  (void)!write(ready, &told, 1);
  close(ready);
  if (runs)
    broker_run();
  return status;
}

static int run_in_background(const BrokerOptions *options) {
  int ends[2];
  char told = STATUS_FAILED;
  if (pipe2(ends, O_CLOEXEC) != 0) {
    perror("oleanderd");
    return STATUS_FAILED;
  }
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    return run_detached(options, ends[1]);
  }
  close(ends[1]);
  if (child < 0)
    perror("oleanderd");
  else
    (void)!read(ends[0], &told, 1);
  return told;
}

int oleander_broker_main(int argc, char **argv) {
  BrokerOptions options = { .socket = -1, .idle_seconds = idle_seconds() };
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--foreground") == 0) {
      options.foreground = true;
    } else if (strcmp(argv[i], "--help") == 0) {
      fputs(usage, stdout);
      return STATUS_GOOD;
    } else if (strcmp(argv[i], "--version") == 0) {
      printf("oleanderd %s\n", OLEANDER_VERSION);
      return STATUS_GOOD;
    } else {
      fprintf(stderr, "oleanderd: unknown option '%s'\n%s", argv[i], usage);
      return STATUS_USAGE;
    }
  }
  return options.foreground ? run_in_foreground(&options) : run_in_background(&options);
}
