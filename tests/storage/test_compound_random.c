/* Random trees against a model, in all modes; every state that is written keeps all rules of the format. */
#include "storage/storage_tests.h"

#include <unistd.h>

enum { NAMES = 12, STORAGES = 4 };

/* One storage of the model: streams by number. Storages hang in a row: 0 is the root, each other is in the one before it. */
typedef struct ModelStream {
  int present;
  size_t size;
  uint8_t *bytes;
} ModelStream;

typedef struct Model {
  ModelStream streams[STORAGES][NAMES];
  int depth; /* storages that there are */
} Model;

static uint32_t seed;

static uint32_t random_below(uint32_t limit) {
  seed = seed * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)(seed >> 8) * limit) >> 24);
}

static void name_of(int number, OLECHAR name[16]) {
  /* Names of several lengths, of which some differ in case only from what is sorted beside them. */
  static const char16_t letters[] = u"bAcZyéÉ\u03b1";
  int length = 1 + number % 4;

  for (int i = 0; i < length; i++)
    name[i] = letters[(number + i) % 3];
  name[length] = (OLECHAR)(u'P' + number);
  name[length + 1] = number % 5 == 0 ? letters[7] : 0;
  name[length + 2] = 0;
}

static size_t random_size(void) {
  static const size_t sizes[] = { 0, 1, 63, 64, 65, 4095, 4096, 4097, 512, 100, 9000, 20000, 70000 };

  return random_below(3) ? sizes[random_below(sizeof sizes / sizeof sizes[0])] : random_below(12000);
}

static void model_clear(Model *model) {
  for (int i = 0; i < STORAGES; i++) {
    for (int j = 0; j < NAMES; j++)
      free(model->streams[i][j].bytes);
  }
  memset(model, 0, sizeof *model);
}

static void model_copy(Model *to, const Model *from) {
  model_clear(to);
  *to = *from;
  for (int i = 0; i < STORAGES; i++) {
    for (int j = 0; j < NAMES; j++) {
      if (!from->streams[i][j].bytes)
        continue;
      to->streams[i][j].bytes = malloc(from->streams[i][j].size + 1);
      memcpy(to->streams[i][j].bytes, from->streams[i][j].bytes, from->streams[i][j].size);
    }
  }
}

static IStorage *open_level(IStorage *root, int level, DWORD mode, IStorage *chain[STORAGES]) {
  IStorage *at = root;

  for (int i = 1; i <= level; i++) {
    IStorage *below;
    OK(IStorage_OpenStorage(at, u"sub", NULL, mode, NULL, 0, &below));
    chain[i] = at = below;
  }
  return at;
}

static void close_level(int level, IStorage *chain[STORAGES]) {
  for (int i = level; i > 0; i--)
    IStorage_Release(chain[i]);
}

static void write_somewhere(IStorage *storage, ModelStream *model, const OLECHAR *name) {
  IStream *stream;
  size_t at = random_below((uint32_t)model->size + 200);
  size_t size = 1 + random_size();
  uint8_t *bytes = pattern(size, seed);

  OK(IStorage_OpenStream(storage, name, NULL, RW, 0, &stream));
  OK(IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = (LONGLONG)at }, STREAM_SEEK_SET, NULL));
  OK(IStream_Write(stream, bytes, (ULONG)size, NULL));
  IStream_Release(stream);
  if (at + size > model->size) {
    model->bytes = realloc(model->bytes, at + size + 1);
    if (at > model->size)
      memset(model->bytes + model->size, 0, at - model->size);
    model->size = at + size;
  }
  memcpy(model->bytes + at, bytes, size);
  free(bytes);
}

static void resize(IStorage *storage, ModelStream *model, const OLECHAR *name) {
  IStream *stream;
  size_t size = random_size();

  OK(IStorage_OpenStream(storage, name, NULL, RW, 0, &stream));
  OK(IStream_SetSize(stream, (ULARGE_INTEGER){ .QuadPart = size }));
  IStream_Release(stream);
  model->bytes = realloc(model->bytes, size + 1);
  if (size > model->size)
    memset(model->bytes + model->size, 0, size - model->size);
  model->size = size;
}

static void rename_one(IStorage *storage, Model *model, int level, int number) {
  OLECHAR from[16];
  OLECHAR to[16];
  int other = (int)random_below(NAMES);

  if (model->streams[level][other].present)
    return;
  name_of(number, from);
  name_of(other, to);
  OK(IStorage_RenameElement(storage, from, to));
  model->streams[level][other] = model->streams[level][number];
  memset(&model->streams[level][number], 0, sizeof model->streams[level][number]);
}

static void add_or_drop_storage(IStorage *root, Model *model, DWORD mode) {
  IStorage *chain[STORAGES] = { root };
  int level = (int)random_below((uint32_t)model->depth);
  IStorage *at = open_level(root, level, mode, chain);

  if (level + 1 < model->depth) {
    OK(IStorage_DestroyElement(at, u"sub"));
    for (int i = level + 1; i < STORAGES; i++) {
      for (int j = 0; j < NAMES; j++)
        free(model->streams[i][j].bytes);
      memset(model->streams[i], 0, sizeof model->streams[i]);
    }
    model->depth = level + 1;
  } else if (model->depth < STORAGES) {
    IStorage *below;
    OK(IStorage_CreateStorage(at, u"sub", mode, 0, 0, &below));
    IStorage_Release(below);
    model->depth++;
  }
  close_level(level, chain);
}

static void change_one(IStorage *root, Model *model) {
  IStorage *chain[STORAGES] = { root };
  int level = (int)random_below((uint32_t)model->depth);
  int number = (int)random_below(NAMES);
  OLECHAR name[16];

  if (random_below(12) == 0) {
    add_or_drop_storage(root, model, RW);
    return;
  }
  IStorage *storage = open_level(root, level, RW, chain);
  ModelStream *stream = &model->streams[level][number];
  name_of(number, name);
  if (!stream->present) {
    stream->size = random_size();
    stream->bytes = pattern(stream->size, seed);
    stream->present = 1;
    OK(put_stream(storage, name, stream->bytes, stream->size));
  } else {
    switch (random_below(4)) {
    case 0:
      OK(IStorage_DestroyElement(storage, name));
      free(stream->bytes);
      memset(stream, 0, sizeof *stream);
      break;
    case 1:
      rename_one(storage, model, level, number);
      break;
    case 2:
      resize(storage, stream, name);
      break;
    default:
      write_somewhere(storage, stream, name);
    }
  }
  close_level(level, chain);
}

static void compare(IStorage *root, const Model *model) {
  for (int level = 0; level < model->depth; level++) {
    IStorage *chain[STORAGES] = { root };
    IStorage *storage = open_level(root, level, RO, chain);

    for (int i = 0; i < NAMES; i++) {
      OLECHAR name[16];
      IStream *stream;

      name_of(i, name);
      if (model->streams[level][i].present)
        EXPECT_STREAM(storage, name, model->streams[level][i].bytes, model->streams[level][i].size);
      else
        IS(IStorage_OpenStream(storage, name, NULL, RO, 0, &stream), STG_E_FILENOTFOUND);
    }
    close_level(level, chain);
  }
}

static ILockBytes *new_file(unsigned version, Model *model) {
  ILockBytes *bytes = new_bytes();
  IStorage *root;

  if (version == 3) {
    OK(StgCreateDocfileOnILockBytes(bytes, STGM_CREATE | RW, 0, &root));
    IStorage_Release(root);
  } else {
    char path[] = "/tmp/oleander-random-XXXXXX";
    STGOPTIONS options = { .usVersion = 1, .ulSectorSize = 4096 };
    OLECHAR wide[64];
    uint8_t buffer[16384];
    ULONG done;

    close(mkstemp(path));
    for (size_t i = 0; i <= strlen(path); i++)
      wide[i] = (OLECHAR)path[i];
    OK(StgCreateStorageEx(wide, STGM_CREATE | RW, STGFMT_DOCFILE, 0, &options, NULL, &IID_IStorage, (void **)&root));
    IStorage_Release(root);
    FILE *file = fopen(path, "rb");
    size_t size = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    remove(path);
    OK(ILockBytes_WriteAt(bytes, (ULARGE_INTEGER){ .QuadPart = 0 }, buffer, (ULONG)size, &done));
  }
  model_clear(model);
  model->depth = 1;
  return bytes;
}

static void direct(unsigned version, unsigned rounds) {
  Model model = { .depth = 1 };
  ILockBytes *bytes = new_file(version, &model);

  for (unsigned round = 0; round < rounds; round++) {
    IStorage *root;

    OK(StgOpenStorageOnILockBytes(bytes, NULL, RW, NULL, 0, &root));
    compare(root, &model);
    for (unsigned i = 0; i < 10 + round % 30; i++)
      change_one(root, &model);
    if (round % 2) {
      OK(IStorage_Commit(root, STGC_DEFAULT));
      CHECK(bytes);
      change_one(root, &model);
    }
    compare(root, &model);
    assert_int_equal(IStorage_Release(root), 0);
    CHECK(bytes);
  }
  model_clear(&model);
  ILockBytes_Release(bytes);
}

/* Commits and reverts by chance; what was not committed leaves no trace in the bytes. */
static void transacted(unsigned version, unsigned rounds) {
  Model model = { .depth = 1 };
  Model committed = { .depth = 1 };
  ILockBytes *bytes = new_file(version, &model);
  size_t most = 0;

  model_copy(&committed, &model);
  for (unsigned round = 0; round < rounds; round++) {
    IStorage *root;
    size_t before_size;
    uint8_t *before = bytes_copy(bytes, &before_size);

    OK(StgOpenStorageOnILockBytes(bytes, NULL, RWT, NULL, 0, &root));
    compare(root, &model);
    for (unsigned i = 0; i < 8 + round % 20; i++)
      change_one(root, &model);
    compare(root, &model);
    unsigned then = random_below(4);
    if (then == 0) {
      OK(IStorage_Revert(root));
      model_copy(&model, &committed);
    } else if (then < 3) {
      for (unsigned again = random_below(3); again < 3; again++) {
        OK(IStorage_Commit(root, random_below(3) ? STGC_DEFAULT : STGC_CONSOLIDATE));
        CHECK(bytes);
        model_copy(&committed, &model);
        compare(root, &model);
        change_one(root, &model);
      }
      OK(IStorage_Commit(root, STGC_DANGEROUSLYCOMMITMERELYTODISKCACHE));
      model_copy(&committed, &model);
    }
    IStorage_Release(root);
    model_copy(&model, &committed);
    CHECK(bytes);
    size_t size;
    uint8_t *after = bytes_copy(bytes, &size);
    if (then == 0 || then == 3) {
      assert_int_equal(size, before_size);
      assert_memory_equal(before, after, size);
    }
    size_t used;
    size_t total;
    compound_usage(after, size, &used, &total);
    if (used > 40 && total * 100 / used > most)
      most = total * 100 / used;
    free(before);
    free(after);
  }
  if (most > 300)
    fail_msg("a file of %zu %% of what is in it", most);
  model_clear(&model);
  model_clear(&committed);
  ILockBytes_Release(bytes);
}

static void direct_3(void **state) {
  (void)state;
  seed = 1;
  direct(3, 60);
}

static void direct_4(void **state) {
  (void)state;
  seed = 2;
  direct(4, 40);
}

static void transacted_3(void **state) {
  (void)state;
  seed = 3;
  transacted(3, 80);
}

static void transacted_4(void **state) {
  (void)state;
  seed = 4;
  transacted(4, 50);
}

/* A tree of many names, grown and cut down in random order, is balanced all the way. */
static void many_names(void **state) {
  enum { COUNT = 1500 };
  ILockBytes *bytes = new_bytes();
  static int there[COUNT];
  IStorage *root;

  (void)state;
  seed = 5;
  memset(there, 0, sizeof there);
  OK(StgCreateDocfileOnILockBytes(bytes, STGM_CREATE | RW, 0, &root));
  for (int i = 0; i < 6 * COUNT; i++) {
    int number = (int)random_below(COUNT);
    OLECHAR name[8];
    char text[8];

    snprintf(text, sizeof text, "n%d", number);
    for (int j = 0; j <= (int)strlen(text); j++)
      name[j] = (OLECHAR)text[j];
    if (there[number])
      OK(IStorage_DestroyElement(root, name));
    else
      OK(put_stream(root, name, text, i % 7 == 0 ? strlen(text) : 0));
    there[number] = !there[number];
    if (i % 450 == 0) {
      OK(IStorage_Commit(root, STGC_DANGEROUSLYCOMMITMERELYTODISKCACHE));
      CHECK(bytes);
    }
  }
  IStorage_Release(root);
  CHECK(bytes);
  ILockBytes_Release(bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(direct_3),     cmocka_unit_test(direct_4),   cmocka_unit_test(transacted_3),
    cmocka_unit_test(transacted_4), cmocka_unit_test(many_names),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
