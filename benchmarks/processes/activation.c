#include "activation.h"

#include <fcntl.h>
#include <ole2.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "measured.h"

extern char **environ;

/* How long a server may take to leave, between two rounds. */
enum { PAUSE = 400000 };

static IMeasured *kept;

static void paths(const char *folder, char classes[256], char file[256]) {
  snprintf(classes, 256, "%s/classes", folder);
  snprintf(file, 256, "%s/classes/measured.reg", folder);
}

bool activation_register(const char *folder) {
  char classes[256], path[256];
  paths(folder, classes, path);
  if (mkdir(classes, 0700))
    return false;
  setenv("OLEANDER_CLASSES", classes, 1);
  FILE *file = fopen(path, "w");
  if (!file)
    return false;
  fprintf(file, "Windows Registry Editor Version 5.00\n\n"
                "[HKEY_CLASSES_ROOT\\CLSID\\{5D6E8B20-4F0C-4E0A-8D55-7A3C9E1B6002}\\LocalServer32]\n"
                "@=\"" MEASURED_PROGRAM "\"\n");
  return fclose(file) == 0;
}

void activation_unregister(const char *folder) {
  char classes[256], path[256];
  paths(folder, classes, path);
  unlink(path);
  rmdir(classes);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static IMeasured *make(void) {
  IMeasured *object = NULL;
  CoCreateInstance(&CLSID_MeasuredObject, NULL, CLSCTX_LOCAL_SERVER, &IID_IMeasured, (void **)&object);
  return object;
}

double activation_first(void) {
  double start = now();
  IMeasured *object = make();
  double taken = now() - start;
  if (!object)
    return -1;
  IMeasured_Release(object);
  usleep(PAUSE);
  return taken;
}

double activation_of_program_alone(void) {
  char *arguments[] = { (char *)(uintptr_t)MEASURED_PROGRAM, (char *)(uintptr_t) "--help", NULL };
  posix_spawn_file_actions_t actions;
  pid_t child;
  int status = 0;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  double start = now();
  if (posix_spawn(&child, arguments[0], &actions, NULL, arguments, environ) || waitpid(child, &status, 0) < 0)
    status = 1;
  double taken = now() - start;
  posix_spawn_file_actions_destroy(&actions);
  return status ? -1 : taken;
}

void activation_later(int times) {
  for (int i = 0; i < times; i++) {
    IMeasured *object = make();
    if (object)
      IMeasured_Release(object);
  }
}

bool activation_keep(bool keep) {
  if (keep)
    return (kept = make()) != NULL;
  if (kept)
    IMeasured_Release(kept);
  kept = NULL;
  return true;
}
