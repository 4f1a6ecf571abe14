/* Starting the programs of local servers: one for all who ask at the same time, watched until it ends. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/broker.h"

enum {
  TAIL_SIZE = 4096, /* of what a program has said last */
  WORDS_SIZE = 1000 /* what an error repeats of it */
};

/* How long a program has to end after SIGTERM. */
#define END_SECONDS 5.0

struct Launch {
  Launch *next;
  char *scope;
  CLSID clsid;
  char *path;
  char *application;  /* of a surrogate; else empty */
  RpcRequest *loader; /* of the surrogate, which waits for a class to load; NULL */
  bool loads;         /* it does that */
  bool service;       /* the program starts the server elsewhere, and may end before that has registered */
  pid_t pid;
  bool failed; /* it is being ended */
  bool ready;  /* a service: the manager has started it, and nothing of it is ours to end */
  bool served; /* its class was there */
  uint32_t seconds;
  ApartmentWatch exit, output; /* -1: none */
  ApartmentTimer timer;
  Waiting *waiting; /* in their order */
  size_t tail_size;
  char tail[TAIL_SIZE];
};

static Launch *launches;

static void launch_anew(Waiting *rest);

static void launch_unlink(Launch *launch) {
  Launch **link = &launches;
  while (*link != launch)
    link = &(*link)->next;
  *link = launch->next;
}

static void close_watch(ApartmentWatch *watch) {
  queue_unwatch(watch);
  if (watch->descriptor >= 0)
    close(watch->descriptor);
  watch->descriptor = -1;
}

static void launch_free(Launch *launch) {
  queue_stop_timer(&launch->timer);
  close_watch(&launch->exit);
  close_watch(&launch->output);
  if (launch->loader)
    broker_answer_code(launch->loader, E_ABORT);
  free(launch->scope);
  free(launch->path);
  free(launch->application);
  free(launch);
}

/* What it says */

static void keep_tail(Launch *launch, const char *bytes, size_t size) {
  if (broker_is_foreground())
    (void)!write(STDERR_FILENO, bytes, size);
  if (size > TAIL_SIZE)
    bytes += size - TAIL_SIZE, size = TAIL_SIZE;
  size_t kept = launch->tail_size + size > TAIL_SIZE ? TAIL_SIZE - size : launch->tail_size;
  memmove(launch->tail, launch->tail + launch->tail_size - kept, kept);
  memcpy(launch->tail + kept, bytes, size);
  launch->tail_size = kept + size;
}

static void read_output(Launch *launch) {
  char bytes[TAIL_SIZE];
  ssize_t size = 1;
  for (int reads = 0; launch->output.descriptor >= 0 && size > 0 && reads < 64; reads++) {
    size = read(launch->output.descriptor, bytes, sizeof bytes);
    if (size > 0)
      keep_tail(launch, bytes, (size_t)size);
  }
  if (size == 0)
    close_watch(&launch->output);
}

static void run_output(ApartmentWatch *watch, uint32_t events) {
  (void)events;
  read_output(OBJECT_CONTAINER(watch, Launch, output));
}

/* The last lines, whole ones as far as possible, as printable UTF-8 or not at all. */
static void last_words(const Launch *launch, char words[WORDS_SIZE + 1]) {
  size_t size = launch->tail_size, begin = size > WORDS_SIZE ? size - WORDS_SIZE : 0;
  const char *line = begin ? memchr(launch->tail + begin, '\n', size - begin - 1) : NULL;
  if (line)
    begin = (size_t)(line + 1 - launch->tail);
  size = size - begin;
  memcpy(words, launch->tail + begin, size);
  while (size && (words[size - 1] == '\n' || words[size - 1] == '\r'))
    size--;
  for (size_t i = 0; i < size; i++) {
    if ((unsigned char)words[i] < ' ' && words[i] != '\n' && words[i] != '\t')
      words[i] = '?';
  }
  words[size] = 0;
}

/* How it goes */

static void fail_one(Waiting *waiting, const char *text) {
  broker_answer_error(waiting->request, CO_E_SERVER_EXEC_FAILURE, text);
  waiting_free(waiting);
}

static void fail_all(Launch *launch, const char *what) {
  char words[WORDS_SIZE + 1], text[8192], clsid[GUID_TEXT_UNITS];
  last_words(launch, words);
  guid_format_utf8(&launch->clsid, clsid);
  snprintf(text, sizeof text, "The server of class %s, %.4096s, %s%s%s", clsid, launch->path, what,
           *words ? ". It said: " : "", words);
  broker_log("%s", text);
  while (launch->waiting) {
    Waiting *waiting = launch->waiting;
    launch->waiting = waiting->next;
    fail_one(waiting, text);
  }
}

static void describe_end(int status, char *text, size_t size) {
  if (WIFSIGNALED(status))
    snprintf(text, size, "was ended by signal %d (%s) before it registered its class object", WTERMSIG(status),
             strsignal(WTERMSIG(status)));
  else
    snprintf(text, size, "ended with exit status %d before it registered its class object", WEXITSTATUS(status));
}

static void run_exit(ApartmentWatch *watch, uint32_t events) {
  Launch *launch = OBJECT_CONTAINER(watch, Launch, exit);
  char what[128];
  int status = 0;
  (void)events;
  if (waitpid(launch->pid, &status, WNOHANG) != launch->pid)
    return;
  launch->pid = 0;
  read_output(launch);
  if (launch->service && status == 0 && launch->waiting) {
    close_watch(&launch->exit);
    launch->ready = true;
    return;
  }
  launch_unlink(launch);
  describe_end(status, what, sizeof what);
  Waiting *late = launch->served ? launch->waiting : NULL; /* came when the surrogate was about to end */
  if (late)
    launch->waiting = NULL;
  fail_all(launch, what);
  launch_free(launch);
  launch_anew(late);
  broker_activity();
}

static void run_timer(ApartmentTimer *timer) {
  Launch *launch = OBJECT_CONTAINER(timer, Launch, timer);
  char what[128];
  if (launch->ready) {
    snprintf(what, sizeof what, "is started, and has not registered its class object within %u seconds",
             launch->seconds);
    launch_unlink(launch);
    if (launch->waiting)
      fail_all(launch, what);
    launch_free(launch);
    broker_activity();
    return;
  }
  if (launch->failed) {
    kill(launch->pid, SIGKILL);
    return;
  }
  launch->failed = true;
  snprintf(what, sizeof what, "has not registered its class object within %u seconds", launch->seconds);
  read_output(launch);
  fail_all(launch, what);
  if (launch->served) { /* a surrogate has not loaded a further class */
    launch->failed = false;
    return;
  }
  kill(launch->pid, SIGTERM);
  queue_start_timer(queue_of_thread(), &launch->timer, apartment_after(END_SECONDS));
}

/* Starting */

static char **with_embedding(char *const *arguments, bool wanted) {
  size_t count = 0;
  while (arguments[count])
    count++;
  char **all = calloc(count + 2, sizeof *all);
  if (!all)
    return NULL;
  memcpy(all, arguments, count * sizeof *all);
  if (wanted)
    all[count] = (char *)(uintptr_t) "-Embedding";
  return all;
}

/* In a session of its own, with nothing of ours but what it writes to stderr. 0, or errno. */
static int spawn(Launch *launch, const Waiting *waiting, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  char **arguments = with_embedding(waiting->arguments, !launch->service);
  if (!arguments)
    return ENOMEM;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  int error = posix_spawn(&launch->pid, arguments[0], &actions, &attributes, arguments, waiting->variables);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  free(arguments);
  return error;
}

static int begin(Launch *launch, const Waiting *waiting) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return errno;
  int error = spawn(launch, waiting, ends[1]);
  close(ends[1]);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  launch->output.descriptor = ends[0];
  if (error)
    return error;
  launch->exit.descriptor = pidfd_open(launch->pid, 0);
  if (launch->exit.descriptor >= 0 && SUCCEEDED(queue_watch(queue_of_thread(), &launch->exit)) &&
      SUCCEEDED(queue_watch(queue_of_thread(), &launch->output)))
    return 0;
  error = launch->exit.descriptor < 0 ? errno : ENOMEM;
  kill(launch->pid, SIGKILL);
  waitpid(launch->pid, NULL, 0);
  return error;
}

/* What errors call it: its program, or the unit of a service. */
static size_t name_of(const Waiting *waiting) {
  const size_t unit = 6; /* of service_of_class() */
  size_t count = 0;
  while (waiting->arguments[count])
    count++;
  return strcmp(waiting->application, BROKER_SERVICE) == 0 && count > unit ? unit : 0;
}

static Launch *launch_create(const Waiting *waiting) {
  Launch *launch = calloc(1, sizeof *launch);
  if (!launch)
    return NULL;
  launch->service = strcmp(waiting->application, BROKER_SERVICE) == 0;
  launch->scope = strdup(waiting->client->scope);
  launch->path = strdup(waiting->arguments[name_of(waiting)]);
  launch->application = strdup(launch->service ? "" : waiting->application);
  launch->clsid = waiting->clsid;
  launch->seconds = waiting->seconds;
  launch->exit = (ApartmentWatch){ .run = run_exit, .descriptor = -1, .events = EPOLLIN };
  launch->output = (ApartmentWatch){ .run = run_output, .descriptor = -1, .events = EPOLLIN };
  launch->timer.run = run_timer;
  if (launch->scope && launch->path && launch->application)
    return launch;
  launch_free(launch);
  return NULL;
}

static Launch *find_launch(const Waiting *waiting) {
  Launch *launch = launches;
  while (launch && (launch->served || launch->failed || !IsEqualGUID(&launch->clsid, &waiting->clsid) ||
                    strcmp(launch->scope, waiting->client->scope) != 0))
    launch = launch->next;
  return launch;
}

/* The surrogate of its application, which can be told to load the class; one that begins may say that it does. */
static Launch *find_surrogate(const Waiting *waiting) {
  bool surrogate = *waiting->application && strcmp(waiting->application, BROKER_SERVICE) != 0;
  Launch *launch = surrogate ? launches : NULL;
  while (launch &&
         (launch->failed || (launch->served && !launch->loads) ||
          strcmp(launch->application, waiting->application) != 0 || strcmp(launch->scope, waiting->client->scope) != 0))
    launch = launch->next;
  return launch;
}

/* Tells the surrogate the next class that is wanted of it. */
static void ask_to_load(Launch *launch) {
  Waiting *wanted = launch->loader ? launch->waiting : NULL;
  while (wanted && wanted->asked)
    wanted = wanted->next;
  if (!wanted)
    return;
  CLSID clsid = wanted->clsid;
  for (Waiting *same = wanted; same; same = same->next)
    same->asked = same->asked || IsEqualGUID(&same->clsid, &clsid);
  BrokerWriter writer = { 0 };
  broker_put_u32(&writer, S_OK);
  broker_put_guid(&writer, &clsid);
  broker_answer(launch->loader, &writer);
  launch->loader = NULL;
}

/* Those whose class could not be loaded. */
static void fail_load(Launch *launch, REFCLSID clsid, HRESULT code) {
  for (Waiting **link = &launch->waiting; *link;) {
    Waiting *waiting = *link;
    if (!IsEqualGUID(&waiting->clsid, clsid)) {
      link = &waiting->next;
      continue;
    }
    *link = waiting->next;
    broker_answer_error(waiting->request, code, "The surrogate cannot load the class.");
    waiting_free(waiting);
  }
}

void launch_await_load(BrokerClient *client, RpcRequest *request, Cursor *body) {
  HRESULT code = (HRESULT)cursor_u32(body);
  CLSID clsid = cursor_guid(body);
  Launch *launch = body->failed ? NULL : launches;
  while (launch && (launch->pid != client->pid || launch->loader || !*launch->application))
    launch = launch->next;
  if (!launch) {
    broker_answer_code(request, E_INVALIDARG);
    return;
  }
  launch->loader = request;
  launch->loads = true;
  launch_look_again();
  if (FAILED(code))
    fail_load(launch, &clsid, code);
  ask_to_load(launch);
}

/* The request goes with its connection. */
static void drop_loader(const BrokerClient *client) {
  for (Launch *launch = launches; launch; launch = launch->next) {
    if (!launch->loader || launch->loader->channel != client->channel)
      continue;
    broker_answer_code(launch->loader, E_ABORT);
    launch->loader = NULL;
  }
}

static void append(Launch *launch, Waiting *waiting) {
  Waiting **link = &launch->waiting;
  while (*link)
    link = &(*link)->next;
  waiting->next = NULL;
  *link = waiting;
}

void launch_for(Waiting *waiting) {
  Launch *launch = find_launch(waiting);
  if (launch) {
    append(launch, waiting);
    return;
  }
  launch = find_surrogate(waiting);
  if (launch) {
    append(launch, waiting);
    if (!launch->timer.queue)
      queue_start_timer(queue_of_thread(), &launch->timer, apartment_after(waiting->seconds));
    ask_to_load(launch);
    return;
  }
  launch = launch_create(waiting);
  if (!launch) {
    broker_answer_code(waiting->request, E_OUTOFMEMORY);
    waiting_free(waiting);
    return;
  }
  append(launch, waiting);
  int error = begin(launch, waiting);
  if (error) {
    char what[256];
    snprintf(what, sizeof what, "cannot be started: %s", strerror(error));
    fail_all(launch, what);
    launch_free(launch);
    return;
  }
  broker_log("started %s, process %d", launch->path, (int)launch->pid);
  queue_start_timer(queue_of_thread(), &launch->timer, apartment_after(launch->seconds));
  launch->next = launches;
  launches = launch;
  broker_activity();
}

/* Answers whom it can. Who remains, where somebody was answered, wanted an object that serves one client, or another class of a
 * surrogate that does not load it. Gives those. */
static Waiting *answer_all(Launch *launch) {
  bool any = false;
  for (Waiting **link = &launch->waiting; *link;) {
    Waiting *waiting = *link, *next = waiting->next;
    bool answered = classes_answer(waiting);
    if (answered)
      *link = next;
    else
      link = &waiting->next;
    any = any || answered;
  }
  launch->served = launch->served || any;
  if (!any || (launch->loads && launch->waiting))
    return NULL;
  Waiting *rest = launch->waiting;
  launch->waiting = NULL;
  queue_stop_timer(&launch->timer);
  if (launch->ready) /* there is nothing more to watch */
    queue_start_timer(queue_of_thread(), &launch->timer, apartment_after(0));
  return rest;
}

static void launch_anew(Waiting *rest) {
  while (rest) {
    Waiting *waiting = rest;
    rest = waiting->next;
    waiting->asked = false;
    launch_for(waiting);
  }
}

/* Its clients have gone before its class was there. */
static void note_late_class(Launch *launch) {
  if (!classes_has(&launch->clsid, launch->scope))
    return;
  launch->served = true;
  queue_stop_timer(&launch->timer);
}

void launch_look_again(void) {
  Waiting *rest = NULL;
  for (Launch *launch = launches; launch; launch = launch->next) {
    Waiting **end = &rest;
    while (*end)
      end = &(*end)->next;
    if (launch->waiting && !launch->failed)
      *end = answer_all(launch);
    else if (!launch->served && !launch->failed)
      note_late_class(launch);
  }
  launch_anew(rest);
}

void launch_leave(const BrokerClient *client) {
  drop_loader(client);
  for (Launch *launch = launches; launch; launch = launch->next) {
    for (Waiting **link = &launch->waiting; *link;) {
      Waiting *waiting = *link;
      if (waiting->client != client) {
        link = &waiting->next;
        continue;
      }
      *link = waiting->next;
      broker_answer_code(waiting->request, E_ABORT);
      waiting_free(waiting);
    }
  }
}

bool launch_any(void) {
  for (const Launch *launch = launches; launch; launch = launch->next) {
    if (launch->waiting || launch->failed)
      return true;
  }
  return false;
}

/* The service leaves; programs that are not ready are ended, the others go on by themselves. */
void launch_end_all(void) {
  while (launches) {
    Launch *launch = launches;
    launches = launch->next;
    if ((launch->waiting || launch->failed) && launch->pid)
      kill(launch->pid, SIGTERM);
    fail_all(launch, "is given up: the COM service ends");
    launch_free(launch);
  }
}
