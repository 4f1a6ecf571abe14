/* A COM-style module as a stranger writes it: nothing of Oleander is in it. It is built several times, each with another ABI:
 *
 *   FOREIGN_SLOTS n      slots behind Release that no description has (a virtual destructor)
 *   FOREIGN_WIDE         characters are wchar_t of four bytes, else of two
 *   FOREIGN_SMALL        variants have 16 bytes, else 24
 *   FOREIGN_MS           Microsoft's calling convention
 *   FOREIGN_BIG          GUIDs in memory in the order of their text
 *   FOREIGN_CODES        results are codes of its own: 1 means no, 2 and 3 are failures, -1 no interface */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef FOREIGN_MS
#define METHOD __attribute__((ms_abi))
#else
#define METHOD
#endif
#define ENTRY __attribute__((visibility("default"))) METHOD
#ifndef FOREIGN_SLOTS
#define FOREIGN_SLOTS 0
#endif
#ifdef FOREIGN_WIDE
typedef uint32_t wide;
#else
typedef uint16_t wide;
#endif
#ifdef FOREIGN_SMALL
enum { VARIANT_PAD = 0 };
#else
enum { VARIANT_PAD = 8 };
#endif

typedef int32_t result;
#ifdef FOREIGN_CODES
enum { OK = 0, NO = 1, BAD = 2, NO_INTERFACE = -1 };
#else
enum { OK = 0, NO = 1, BAD = (int32_t)0x80070057, NO_INTERFACE = (int32_t)0x80004002 };
#endif

/* {C0FFEE01-1234-5678-9ABC-DEF0123456NN}, and IUnknown */
typedef unsigned char guid[16];
#ifdef FOREIGN_BIG
#define PROBE_GUID(n)                                                                                                  \
  { 0xC0, 0xFF, 0xEE, 0x01, 0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC, 0xDE, 0xF0, 0x12, 0x34, 0x56, n }
#else
#define PROBE_GUID(n)                                                                                                  \
  { 0x01, 0xEE, 0xFF, 0xC0, 0x34, 0x12, 0x78, 0x56, 0x9A, 0xBC, 0xDE, 0xF0, 0x12, 0x34, 0x56, n }
#endif
static const guid iid_probe = PROBE_GUID(0x01), iid_extra = PROBE_GUID(0x03),
                  iid_unknown = { 0, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46 };

/* strings, in memory that nobody else has */

static _Atomic int strings, objects;

ENTRY void *ProbeAllocText(const void *text, uint32_t units) {
  uint32_t *block = calloc(1, 16 + ((size_t)units + 1) * sizeof(wide));
  if (!block)
    return NULL;
  atomic_fetch_add(&strings, 1);
  block[3] = units * (uint32_t)sizeof(wide);
  if (text)
    memcpy(block + 4, text, units * sizeof(wide));
  return block + 4;
}

ENTRY void ProbeFreeText(void *text) {
  if (!text)
    return;
  atomic_fetch_sub(&strings, 1);
  free((uint32_t *)text - 4);
}

static void *text_of(const char *ascii) {
  wide buffer[64];
  uint32_t length = 0;
  for (; ascii[length]; length++)
    buffer[length] = (wide)(unsigned char)ascii[length];
  return ProbeAllocText(buffer, length);
}

typedef struct variant {
  uint16_t vt, reserved[3];
  union {
    int16_t boolean;
    int32_t i4;
    uint64_t ui8;
    void *text;
  };
#ifndef FOREIGN_SMALL
  uint64_t more;
#endif
} variant;

ENTRY result ProbeClear(variant *v) {
  if (v->vt == 8)
    ProbeFreeText(v->text);
  memset(v, 0, sizeof *v);
  return OK;
}

/* objects */

typedef struct probe probe;
struct probe {
  const void *const *vtable;
  _Atomic int references;
  int32_t value;
  probe *peer;
};
static const void *const probe_vtable[];

static probe *new_probe(int32_t value) {
  probe *p = calloc(1, sizeof *p);
  p->vtable = probe_vtable;
  p->references = 1;
  p->value = value;
  atomic_fetch_add(&objects, 1);
  return p;
}

static METHOD result query(probe *self, const guid *iid, void **face) {
  *face = NULL;
  if (memcmp(iid, iid_probe, sizeof *iid) != 0 && memcmp(iid, iid_unknown, sizeof *iid) != 0)
    return NO_INTERFACE;
  atomic_fetch_add(&self->references, 1);
  *face = self;
  return OK;
}

static METHOD uint32_t addref(probe *self) {
  return (uint32_t)atomic_fetch_add(&self->references, 1) + 1;
}

static METHOD uint32_t release(probe *self) {
  int left = atomic_fetch_sub(&self->references, 1) - 1;
  if (left == 0) {
    if (self->peer)
      release(self->peer);
    atomic_fetch_sub(&objects, 1);
    free(self);
  }
  return (uint32_t)left;
}

static METHOD result add(probe *self, int32_t a, int32_t b, int32_t *sum) {
  (void)self;
  *sum = a + b;
  return OK;
}

static METHOD result status(probe *self, int32_t code, int32_t *value) {
  *value = self->value;
  return code;
}

static METHOD result read_bytes(probe *self, unsigned char *data, uint32_t size, uint32_t *done) {
  (void)self;
  *done = size < 10 ? size : 10;
  for (uint32_t i = 0; i < *done; i++)
    data[i] = (unsigned char)(250 + i);
  return *done < size ? NO : OK;
}

static METHOD result sum(probe *self, const int32_t *values, uint32_t count, int64_t *total) {
  (void)self;
  *total = values ? 0 : -(int64_t)count;
  for (uint32_t i = 0; values && i < count; i++)
    *total += values[i];
  return OK;
}

static METHOD result invert(probe *self, unsigned char *data, uint32_t size) {
  (void)self;
  for (uint32_t i = 0; i < size; i++)
    data[i] ^= 0xFF;
  return OK;
}

static METHOD result join(probe *self, const wide *const *names, uint32_t count, void **text) {
  wide buffer[256];
  uint32_t length = 0;
  (void)self;
  for (uint32_t i = 0; i < count; i++) {
    for (const wide *at = names[i]; *at && length < 255; at++)
      buffer[length++] = *at;
    if (length < 255)
      buffer[length++] = '+';
  }
  *text = ProbeAllocText(buffer, length);
  return OK;
}

typedef struct item {
  int32_t count;
  double weight;
} item;

static METHOD result weigh(probe *self, const item *items, uint32_t count, double *total) {
  (void)self;
  *total = 0;
  for (uint32_t i = 0; i < count; i++)
    *total += items[i].count * items[i].weight;
  return OK;
}

typedef struct shape {
  int32_t kind; /* 1: circle, 2: box */
  union {
    struct {
      double radius;
    } circle;
    struct {
      double width, height;
    } box;
  } u;
  double area;
  uint32_t points;
  const int32_t *list;
  char name[16];
  unsigned char bytes[4];
} shape;

static METHOD result measure(probe *self, shape *s) {
  (void)self;
  if (s->kind == 1)
    s->area = s->u.circle.radius * s->u.circle.radius * 3;
  else if (s->kind == 2)
    s->area = s->u.box.width * s->u.box.height;
  else
    return BAD;
  for (uint32_t i = 0; i < s->points; i++)
    s->area += s->list[i];
  strcat(s->name, "!");
  s->bytes[3] = 7;
  return OK;
}

static METHOD result value(probe *self, int32_t which, variant *v) {
  static const unsigned char binary[16] = { 1, 2, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 9, 9, 9, 0xFF };
  memset(v, 0, sizeof *v);
  switch (which) {
  case 0:
    return OK;
  case 1:
    v->vt = 3;
    v->i4 = -5;
    return OK;
  case 2:
    v->vt = 8;
    v->text = text_of("text");
    return OK;
  case 3:
    v->vt = 8;
    v->text = ProbeAllocText(NULL, 16 / sizeof(wide));
    memcpy(v->text, binary, sizeof binary);
    return OK;
  case 4: /* reserved words say how exact it is */
    v->vt = 64;
    v->reserved[0] = 23;
    v->reserved[1] = 5;
    v->ui8 = 132539328000000000u;
    return OK;
  case 5:
    v->vt = 11;
    v->boolean = -1;
    return OK;
  case 6:
    v->vt = 21;
    v->ui8 = (uint64_t)self->value << 33;
    return OK;
  default:
    return BAD;
  }
}

/* The kinds and the words of several, as a number. */
static METHOD result store(probe *self, const variant *values, uint32_t count, int64_t *total) {
  (void)self;
  *total = 0;
  for (uint32_t i = 0; i < count; i++)
    *total = *total * 1000 + values[i].vt + (values[i].vt == 19 ? values[i].i4 : 0);
  return OK;
}

/* callbacks */

typedef struct visitor {
  const void *const *vtable;
} visitor;
enum { OWN = 3 + FOREIGN_SLOTS };
typedef METHOD result query_function(void *, const guid *, void **);
typedef METHOD uint32_t count_function(void *);
typedef METHOD result visit_function(void *, int32_t, const wide *, int32_t *);
typedef METHOD result fill_function(void *, unsigned char *, uint32_t, uint32_t *);
typedef METHOD result word_function(void *, void **);

typedef struct work {
  visitor *to;
  int32_t count, swallow;
  result last;
  int32_t total;
} work;

static void *visit_all(void *context) {
  static const wide name[] = { 'n', 0xE4, 0 };
  work *w = context;
  for (int32_t i = 0; i < w->count; i++) {
    int32_t again = 1000;
    result r = ((visit_function *)w->to->vtable[OWN])(w->to, i, name, &again);
    if (r != OK)
      w->last = r;
    w->total += again;
    if (r < 0 && !w->swallow)
      break;
  }
  return NULL;
}

/* on a thread of the module's own */
static METHOD result each(probe *self, visitor *to, int32_t count, int32_t threads, int32_t swallow, int32_t *total) {
  work works[4] = { { to, count, swallow, OK, 0 },
                    { to, count, swallow, OK, 0 },
                    { to, count, swallow, OK, 0 },
                    { to, count, swallow, OK, 0 } };
  pthread_t ids[4];
  result last = OK;
  (void)self;
  *total = 0;
  for (int i = 0; i < threads && i < 4; i++)
    pthread_create(&ids[i], NULL, visit_all, &works[i]);
  for (int i = 0; i < threads && i < 4; i++) {
    pthread_join(ids[i], NULL);
    *total += works[i].total;
    last = works[i].last != OK ? works[i].last : last;
  }
  if (threads == 0) {
    visit_all(&works[0]);
    *total = works[0].total;
    last = works[0].last;
  }
  return swallow ? OK : last;
}

/* What another interface of the visitor gives: bytes into a buffer of eight, and a word. */
static METHOD result ask(probe *self, visitor *to, void **word, uint32_t *sum) {
  visitor *extra = NULL;
  unsigned char buffer[8] = { 0 };
  uint32_t done = 99;
  (void)self;
  *word = NULL;
  *sum = 0;
  if (((query_function *)to->vtable[0])(to, &iid_extra, (void **)&extra) != OK)
    return NO;
  result r = ((fill_function *)extra->vtable[OWN])(extra, buffer, 8, &done);
  for (int i = 0; i < 8; i++)
    *sum += buffer[i];
  *sum += done * 1000;
  if (r == OK)
    r = ((word_function *)extra->vtable[OWN + 1])(extra, word);
  ((count_function *)extra->vtable[2])(extra);
  return r;
}

static METHOD result clone(probe *self, probe **other) {
  *other = new_probe(self->value + 1);
  return OK;
}

/* borrowed: it stays the object's */
static METHOD probe *peer(probe *self) {
  if (!self->peer)
    self->peer = new_probe(self->value + 100);
  return self->peer;
}

static METHOD probe *fresh(probe *self) {
  return new_probe(self->value + 200);
}

static METHOD uint32_t count(probe *self) {
  return 0xFFFFFFF0u + (uint32_t)self->value;
}

static METHOD double half(probe *self, double number) {
  (void)self;
  return number / 2;
}

static METHOD void set(probe *self, int32_t number) {
  self->value = number;
}

static METHOD size_t size(probe *self) {
  return (size_t)self->value << 40;
}

static METHOD unsigned char small(probe *self) {
  (void)self;
  return 200;
}

static METHOD void *pointer(probe *self) {
  return &self->value;
}

#ifdef FOREIGN_MS
/* A record as the result of a method: its address comes behind the object's. */
static METHOD item *record(probe *self, item *place) {
  *place = (item){ self->value, 2.5 };
  return place;
}
#else
static item record(probe *self) {
  return (item){ self->value, 2.5 };
}
#endif

static METHOD void unused(void) {
}

static const void *const probe_vtable[] = {
  (void *)query,  (void *)addref,  (void *)release,
#if FOREIGN_SLOTS >= 1
  (void *)unused,
#endif
#if FOREIGN_SLOTS >= 2
  (void *)unused,
#endif
  (void *)add,    (void *)status,  (void *)read_bytes, (void *)sum,    (void *)invert, (void *)join,
  (void *)weigh,  (void *)measure, (void *)value,      (void *)store,  (void *)each,   (void *)ask,
  (void *)clone,  (void *)peer,    (void *)fresh,      (void *)count,  (void *)half,   (void *)set,
  (void *)size,   (void *)small,   (void *)pointer,    (void *)record, (void *)unused,
};

/* functions */

ENTRY result ProbeCreate(const guid *iid, void **object) {
  probe *p = new_probe(1);
  result r = query(p, iid, object);
  release(p);
  return r;
}

ENTRY uint32_t ProbeObjects(void) {
  return (uint32_t)atomic_load(&objects);
}

ENTRY uint32_t ProbeStrings(void) {
  return (uint32_t)atomic_load(&strings);
}

ENTRY void *ProbeHandle(void *handle) {
  return handle;
}

/* An object that is none. */
ENTRY result ProbeBroken(int32_t how, void **object) {
  static void *nothing[4];
  static const void *const short_vtable[4] = { (void *)query, (void *)addref, (void *)release, NULL };
  static const void *const *few = short_vtable;
  *object = how == 0 ? (void *)(uintptr_t)0x10 : how == 1 ? (void *)nothing : (void *)&few;
  return OK;
}
