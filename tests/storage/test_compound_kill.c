/* A process that commits without end is killed at any moment: the file it leaves is whole, with the last commit or the one
 * before. OLEANDER_KILL_ROUNDS=5000 goes further. */
#include "storage/storage_tests.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/scratch.h"

enum { MOST = 40000, PER_COMMIT = 3, NAMES = 5 };

static OLECHAR path[512];

static const OLECHAR *name_of(unsigned number, unsigned which) {
  static OLECHAR name[2];

  name[0] = (OLECHAR)(u'a' + (number + which) % NAMES);
  return name;
}

static unsigned size_of(unsigned number, unsigned which) {
  return 4 + (number * 7919 + which * 1237) % MOST;
}

/* The streams of commit `number`; each begins with that number. */
static HRESULT write_commit(IStorage *root, unsigned number) {
  static uint8_t bytes[4 + MOST];
  HRESULT status = S_OK;

  memset(bytes, (int)number, sizeof bytes);
  memcpy(bytes, &number, 4);
  for (unsigned i = 0; i < PER_COMMIT && SUCCEEDED(status); i++)
    status = put_stream(root, name_of(number, i), bytes, size_of(number, i));
  if (SUCCEEDED(status))
    status = put_stream(root, u"number", &number, 4);
  return SUCCEEDED(status) ? IStorage_Commit(root, STGC_DANGEROUSLYCOMMITMERELYTODISKCACHE) : status;
}

static void commit_until_killed(unsigned number) {
  IStorage *root;

  if (FAILED(StgOpenStorage(path, NULL, RWT, NULL, 0, &root)))
    _exit(2);
  while (SUCCEEDED(write_commit(root, number)))
    number++;
  _exit(3);
}

/* Reads back what the last commit was. */
static unsigned check_file(void) {
  IStorage *root;
  size_t size;
  unsigned number;

  OK(StgOpenStorage(path, NULL, RO, NULL, 0, &root));
  uint8_t *bytes = get_stream(root, u"number", &size);
  assert_int_equal(size, 4);
  memcpy(&number, bytes, 4);
  free(bytes);
  for (unsigned i = 0; i < PER_COMMIT; i++) {
    bytes = get_stream(root, name_of(number, i), &size);
    assert_int_equal(size, size_of(number, i));
    assert_memory_equal(bytes, &number, 4);
    for (size_t at = 4; at < size; at++)
      assert_int_equal(bytes[at], number & 0xFF);
    free(bytes);
  }
  IStorage_Release(root);
  return number;
}

static void killed_at_any_moment(void **state) {
  const char *wanted = getenv("OLEANDER_KILL_ROUNDS");
  int rounds = wanted ? atoi(wanted) : 40;
  unsigned number = 1;
  IStorage *root;

  (void)state;
  OK(StgCreateDocfile(path, RWT | STGM_CREATE, 0, &root));
  OK(write_commit(root, number));
  IStorage_Release(root);
  for (int i = 0; i < rounds; i++) {
    struct timespec pause = { 0, 3000000 + i * 997L % 37 * 1000000 };
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (!child)
      commit_until_killed(number + 1);
    nanosleep(&pause, NULL);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    unsigned now = check_file();
    assert_true(now >= number);
    number = now;
  }
  OK(StgOpenStorage(path, NULL, RWT, NULL, 0, &root));
  OK(write_commit(root, number + 1));
  IStorage_Release(root);
  FILE *file = fopen(scratch_path("killed.cfb"), "rb");
  uint8_t *bytes = malloc(1 << 22);
  size_t size = fread(bytes, 1, 1 << 22, file);
  fclose(file);
  const char *text = compound_check(bytes, size);
  free(bytes);
  if (text)
    fail_msg("%s", text);
}

static int begin(void **state) {
  (void)state;
  scratch_make();
  const OLECHAR *wide = scratch_wide("killed.cfb");
  for (size_t i = 0; i == 0 || wide[i - 1]; i++)
    path[i] = wide[i];
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(killed_at_any_moment) };

  return cmocka_run_group_tests(tests, begin, scratch_end);
}
