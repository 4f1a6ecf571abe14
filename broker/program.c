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
#include "remote/rpc/rpc_api.h"

static const char usage[] =
    "Usage: oleanderd [--foreground] [--listen ADDRESS [--port N] [--users FILE]]\n"
    "\n"
    "The COM service of a user: it knows which classes and objects run in which process, and starts the programs of\n"
    "local servers. Programs start it when they need it; it leaves when nobody has been connected for a while.\n"
    "\n"
    "  --foreground      stay in the foreground, and tell on stderr what happens\n"
    "  --listen ADDRESS  serve other hosts, too, on this address of this one (* is all of them), for good\n"
    "  --port N          the port there (135, which clients expect)\n"
    "  --users FILE      the accounts that may call from there: DOMAIN:user:password in lines of a file of mode 600\n"
    "  --help            this text\n"
    "  --version         the version\n"
    "\n"
    "What other hosts may do says the registry: EnableDCOM and its neighbours in Microsoft/Ole of the machine.\n"
    "\n"
    "Environment:\n"
    "  OLEANDER_RUNTIME         the folder of the sockets (else $XDG_RUNTIME_DIR/oleander, else /tmp/oleander-UID)\n"
    "  OLEANDER_IDLE_TIMEOUT    seconds without clients after which it leaves (60); negative: never\n"
    "  OLEANDER_PING_PERIOD     seconds between two pings of a client on another host (120); after three it is gone\n";

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

/* Where it takes an argument, "--name ARGUMENT" or "--name=ARGUMENT"; NULL: it is another option. *argument NULL: it is missing. */
static bool take_option(const char *name, int argc, char **argv, int *index, const char **argument) {
  size_t size = strlen(name);
  if (strncmp(argv[*index], name, size) != 0 || (argv[*index][size] && argv[*index][size] != '='))
    return false;
  if (argv[*index][size] == '=')
    *argument = argv[*index] + size + 1;
  else
    *argument = *index + 1 < argc ? argv[++*index] : NULL;
  return true;
}

static int refuse(const char *text, const char *what) {
  fprintf(stderr, "oleanderd: %s%s\n%s", text, what, usage);
  return STATUS_USAGE;
}

static bool parse_port(const char *text, uint16_t *port) {
  char *end;
  unsigned long number = strtoul(text, &end, 10);
  *port = (uint16_t)number;
  return *text >= '0' && *text <= '9' && !*end && number > 0 && number <= UINT16_MAX;
}

/* STATUS_GOOD: to be run. -1: done. */
static int parse_options(int argc, char **argv, BrokerOptions *options) {
  const char *argument, *users = NULL;
  bool has_port = false;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--foreground") == 0) {
      options->foreground = true;
    } else if (strcmp(argv[i], "--help") == 0) {
      fputs(usage, stdout);
      return -1;
    } else if (strcmp(argv[i], "--version") == 0) {
      printf("oleanderd %s\n", OLEANDER_VERSION);
      return -1;
    } else if (take_option("--listen", argc, argv, &i, &argument)) {
      if (!argument || !*argument)
        return refuse("--listen needs an address", "");
      options->listen = strcmp(argument, "*") == 0 ? "" : argument;
    } else if (take_option("--port", argc, argv, &i, &argument)) {
      if (!argument || !parse_port(argument, &options->port))
        return refuse("--port needs a number from 1 to 65535", "");
      has_port = true;
    } else if (take_option("--users", argc, argv, &i, &users)) {
      if (!users || !*users)
        return refuse("--users needs a file", "");
    } else {
      return refuse("unknown option ", argv[i]);
    }
  }
  if (users && !options->listen)
    return refuse("--users is of no use without --listen", "");
  if (users && FAILED(rpc_use_accounts(users)))
    return refuse("no file of accounts, or one that others can read, or a line that is not DOMAIN:user:password: ",
                  users);
  return has_port && !options->listen ? refuse("--port is of no use without --listen", "") : STATUS_GOOD;
}

int oleander_broker_main(int argc, char **argv) {
  BrokerOptions options = { .socket = -1, .idle_seconds = idle_seconds(), .port = RPC_PORT_RESOLVER };
  int status = parse_options(argc, argv, &options);
  if (status != STATUS_GOOD)
    return status < 0 ? STATUS_GOOD : status;
  if (options.listen)
    options.idle_seconds = -1;
  return options.foreground ? run_in_foreground(&options) : run_in_background(&options);
}
