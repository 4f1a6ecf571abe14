/* foreign_object.c - interface pointers of modules; see foreign_object.h. */
#include "bridge/client/foreign_object.h"

#include <oleander_object.h>

#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* Checks */

bool foreign_read(const void *from, uintptr_t *word) {
  struct iovec local = { word, sizeof *word }, remote = { (void *)(uintptr_t)from, sizeof *word };
  return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)sizeof *word;
}

typedef struct Segment {
  uintptr_t address, begin, end;
  unsigned flags; /* PF_ */
  const char *module;
} Segment;

static int find_segment(struct dl_phdr_info *info, size_t size, void *context) {
  Segment *wanted = context;
  (void)size;
  for (unsigned i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[i];
    uintptr_t begin = info->dlpi_addr + header->p_vaddr;
    if (header->p_type != PT_LOAD || wanted->address < begin || wanted->address - begin >= header->p_memsz)
      continue;
    wanted->begin = begin;
    wanted->end = begin + header->p_memsz;
    wanted->flags = header->p_flags;
    wanted->module = info->dlpi_name;
    return 1;
  }
  return 0;
}

static bool segment_of(uintptr_t address, Segment *segment) {
  *segment = (Segment){ .address = address };
  return dl_iterate_phdr(find_segment, segment) != 0;
}

/* Vtables that were good, by their address; the number of slots is in the low bits that no address has. */
enum { KNOWN_VTABLES = 256 };
static _Atomic uintptr_t known_vtables[KNOWN_VTABLES];
static _Atomic uint32_t known_slots[KNOWN_VTABLES];

static bool is_known(uintptr_t vtable, unsigned slots) {
  unsigned place = (unsigned)(vtable >> 4) % KNOWN_VTABLES;
  return atomic_load(&known_vtables[place]) == vtable && atomic_load(&known_slots[place]) >= slots;
}

static void remember(uintptr_t vtable, unsigned slots) {
  unsigned place = (unsigned)(vtable >> 4) % KNOWN_VTABLES;
  atomic_store(&known_slots[place], 0);
  atomic_store(&known_vtables[place], vtable);
  atomic_store(&known_slots[place], slots);
}

static bool check_slots(const uintptr_t *functions, unsigned slots, char *problem, size_t size) {
  for (unsigned i = 0; i < slots; i++) {
    Segment code;
    if (segment_of(functions[i], &code) && code.flags & PF_X)
      continue;
    snprintf(problem, size, "no code is behind slot %u of %u of its vtable: the interface is not the described one", i,
             slots);
    return false;
  }
  return true;
}

/* Objects of modules written in C may have their vtable in themselves: it is read as memory that may not be there. */
static bool check_elsewhere(uintptr_t vtable, unsigned slots, char *problem, size_t size) {
  enum { MOST = 1024 };
  uintptr_t functions[MOST];
  slots = slots < MOST ? slots : MOST;
  for (unsigned i = 0; i < slots; i++) {
    if (!foreign_read((const void *)(vtable + i * sizeof(void *)), &functions[i])) {
      snprintf(problem, size, "its vtable at %p is no memory", (void *)vtable);
      return false;
    }
  }
  return check_slots(functions, slots, problem, size);
}

ForeignCheck foreign_check(const SignatureAbi *abi, const void *object, unsigned slots, char *problem, size_t size) {
  uintptr_t vtable = 0;
  Segment segment;
  unsigned physical = slots > abi->extra_position ? slots + abi->extra_slots : slots;
  if ((uintptr_t)object % sizeof(void *) != 0 || !foreign_read(object, &vtable) || vtable % sizeof(void *) != 0) {
    snprintf(problem, size, "the pointer %p leads to no object", object);
    return FOREIGN_BAD;
  }
  if (is_known(vtable, physical))
    return FOREIGN_GOOD;
  if (!segment_of(vtable, &segment))
    return check_elsewhere(vtable, physical, problem, size) ? FOREIGN_ELSEWHERE : FOREIGN_BAD;
  if ((segment.end - vtable) / sizeof(void *) < physical) {
    snprintf(problem, size, "its vtable ends before slot %u", physical);
    return FOREIGN_BAD;
  }
  if (!check_slots((const uintptr_t *)vtable, physical, problem, size))
    return FOREIGN_BAD;
  remember(vtable, physical);
  return FOREIGN_GOOD;
}

/* IUnknown of other ABIs */

typedef struct ForeignUnknown {
  IUnknown face;
  _Atomic uint32_t references;
  const SignatureAbi *abi;
  void *object;
  struct ForeignUnknown *next;
} ForeignUnknown;

enum { BUCKETS = 64 };
static pthread_mutex_t wrapped_lock = PTHREAD_MUTEX_INITIALIZER;
static ForeignUnknown *wrapped[BUCKETS];

static ForeignUnknown **bucket_of(const void *object) {
  return &wrapped[((uintptr_t)object >> 4) % BUCKETS];
}

static ULONG STDMETHODCALLTYPE ForeignUnknown_AddRef(IUnknown *face) {
  return atomic_fetch_add(&((ForeignUnknown *)face)->references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE ForeignUnknown_Release(IUnknown *face) {
  ForeignUnknown *self = (ForeignUnknown *)face;
  pthread_mutex_lock(&wrapped_lock); /* nobody finds it at its end */
  uint32_t left = atomic_fetch_sub(&self->references, 1) - 1;
  if (left == 0) {
    ForeignUnknown **place = bucket_of(self->object);
    while (*place != self)
      place = &(*place)->next;
    *place = self->next;
  }
  pthread_mutex_unlock(&wrapped_lock);
  if (left != 0)
    return left;
  foreign_release(self->abi, self->object);
  free(self);
  return 0;
}

static HRESULT STDMETHODCALLTYPE ForeignUnknown_QueryInterface(IUnknown *face, REFIID iid, void **result) {
  const ForeignUnknown *self = (ForeignUnknown *)face;
  if (!result)
    return E_POINTER;
  HRESULT hr = foreign_query(self->abi, self->object, iid, result);
  if (FAILED(hr))
    return hr;
  *result = foreign_wrap(self->abi, *result);
  return *result ? S_OK : E_OUTOFMEMORY;
}

static const IUnknownVtbl foreign_unknown_vtable = { ForeignUnknown_QueryInterface, ForeignUnknown_AddRef,
                                                     ForeignUnknown_Release };

IUnknown *foreign_wrap(const SignatureAbi *abi, void *object) {
  ForeignUnknown *fresh = calloc(1, sizeof *fresh), *found = NULL;
  pthread_mutex_lock(&wrapped_lock);
  for (found = *bucket_of(object); found && (found->object != object || found->abi != abi); found = found->next) {
  }
  if (found) {
    atomic_fetch_add(&found->references, 1);
  } else if (fresh) {
    *fresh =
        (ForeignUnknown){ { (IUnknownVtbl *)(uintptr_t)&foreign_unknown_vtable }, 1, abi, object, *bucket_of(object) };
    *bucket_of(object) = fresh;
  }
  pthread_mutex_unlock(&wrapped_lock);
  if (found || !fresh) {
    free(fresh);
    foreign_release(abi, object);
  }
  return found ? &found->face : fresh ? &fresh->face : NULL;
}

void *foreign_unwrap(IUnknown *face) {
  return face->lpVtbl == &foreign_unknown_vtable ? ((ForeignUnknown *)face)->object : NULL;
}
