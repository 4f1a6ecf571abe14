#include "bench_folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/oleander-bench-XXXXXX";

const char *bench_folder_make(void) {
  if (!mkdtemp(folder))
    return NULL;
  setenv("OLEANDER_RUNTIME", folder, 1);
  setenv("OLEANDER_IDLE_TIMEOUT", "1", 1);
  return folder;
}

/* The service leaves these two where they are: another one may be about to lock them. */
static void remove_locks(int directory) {
  unlinkat(directory, "lock", 0);
  unlinkat(directory, "start.lock", 0);
}

bool bench_folder_remove(void) {
  int directory = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  bool there = true;
  for (int tries = 0; there && tries < 500; tries++) {
    if (faccessat(directory, "broker", F_OK, 0) != 0)
      remove_locks(directory);
    there = rmdir(folder) != 0;
    if (there)
      usleep(10000);
  }
  close(directory);
  if (there)
    fprintf(stderr, "%s: somebody is still there\n", folder);
  return !there;
}
