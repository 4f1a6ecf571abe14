#include "crowd.h"

#include <fcntl.h>
#include <ole2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measured.h"

enum { REFERENCE = 4096, PATH = 256 };

static int go[2], done[2], end[2];
static pid_t *members;
static int member_count;

static IMeasured *object_of(const char *file) {
  char bytes[REFERENCE];
  IStream *stream;
  IMeasured *object = NULL;
  int descriptor = open(file, O_RDONLY | O_CLOEXEC);
  ssize_t size = descriptor < 0 ? -1 : read(descriptor, bytes, sizeof bytes);
  close(descriptor);
  if (size <= 0 || FAILED(CreateStreamOnHGlobal(NULL, TRUE, &stream)))
    return NULL;
  IStream_Write(stream, bytes, (ULONG)size, NULL);
  IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL);
  CoUnmarshalInterface(stream, &IID_IMeasured, (void **)&object);
  IStream_Release(stream);
  return object;
}

static void live(void) {
  char file[PATH];
  char answer = 0;
  close(go[1]);
  close(end[1]);
  if (read(go[0], file, sizeof file) != sizeof file)
    _exit(0);
  IMeasured *object = SUCCEEDED(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED)) ? object_of(file) : NULL;
  LONG sum = 0;
  if (object && SUCCEEDED(IMeasured_Add(object, 20, 22, &sum)) && sum == 42)
    answer = 1;
  if (write(done[1], &answer, 1) != 1 || read(end[0], &answer, 1) < 0)
    _exit(1);
  _exit(0);
}

bool crowd_start(int count) {
  members = calloc((size_t)count, sizeof *members);
  if (!members || pipe2(go, O_CLOEXEC | O_DIRECT) || pipe2(done, O_CLOEXEC) || pipe2(end, O_CLOEXEC))
    return false;
  for (member_count = 0; member_count < count; member_count++) {
    pid_t member = fork();
    if (member == 0)
      live();
    if (member < 0)
      return false;
    members[member_count] = member;
  }
  return true;
}

int crowd_come(const char *file, bool (*prepare)(const char *file)) {
  char name[PATH] = { 0 };
  int answered = 0;
  snprintf(name, sizeof name, "%s", file);
  for (int i = 0; i < member_count; i++) {
    char answer = 0;
    if ((prepare && !prepare(file)) || write(go[1], name, sizeof name) != sizeof name || read(done[0], &answer, 1) != 1)
      return answered;
    answered += answer;
  }
  return answered;
}

void crowd_leave(void) {
  close(end[1]);
  close(go[1]);
  for (int i = 0; i < member_count; i++)
    waitpid(members[i], NULL, 0);
  free(members);
}
