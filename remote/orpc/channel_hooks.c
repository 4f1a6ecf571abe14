/* Channel hooks (CoRegisterChannelHook): data of a program's own that goes along with every call. They stay for the rest of the
 * process. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <rpcndr.h>

#include "remote/orpc/extents.h"
#include "remote/orpc/orpc_internal.h"

enum { HOOKS = 16, DATA_LIMIT = 1 << 20 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct ChannelHook {
  GUID id;
  IChannelHook *hook;
} hooks[HOOKS];
static _Atomic unsigned hook_count; /* those before it never change */

HRESULT CoRegisterChannelHook(REFGUID id, IChannelHook *hook) {
  HRESULT status = S_OK;
  if (!id || !hook)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  pthread_mutex_lock(&lock);
  if (hook_count < HOOKS) {
    IChannelHook_AddRef(hook);
    hooks[hook_count] = (struct ChannelHook){ *id, hook };
    hook_count++;
  } else {
    status = E_OUTOFMEMORY;
  }
  pthread_mutex_unlock(&lock);
  return status;
}

bool channel_hooks_any(void) {
  return atomic_load_explicit(&hook_count, memory_order_acquire) > 0;
}

/* Room for what a hook wants to write; NULL: nothing, or too much. */
static uint8_t *room_for(ULONG size) {
  return size && size <= DATA_LIMIT ? calloc(1, size) : NULL;
}

/* A hook says afterwards how much it wrote. */
static void keep(HookExtents *extents, REFGUID id, uint8_t *data, ULONG room, ULONG size) {
  if (size && size <= room)
    extents->extents[extents->count++] = (Extent){ *id, data, size };
  else
    free(data);
}

void channel_hooks_client(HookExtents *extents, REFIID iid) {
  unsigned count = hook_count;
  extents->count = 0;
  for (unsigned i = 0; i < count; i++) {
    ULONG size = 0;
    IChannelHook_ClientGetSize(hooks[i].hook, &hooks[i].id, iid, &size);
    uint8_t *data = room_for(size);
    ULONG room = size;
    if (!data)
      continue;
    IChannelHook_ClientFillBuffer(hooks[i].hook, &hooks[i].id, iid, &size, data);
    keep(extents, &hooks[i].id, data, room, size);
  }
}

void channel_hooks_server(HookExtents *extents, REFIID iid, HRESULT result) {
  unsigned count = hook_count;
  extents->count = 0;
  for (unsigned i = 0; i < count; i++) {
    ULONG size = 0;
    IChannelHook_ServerGetSize(hooks[i].hook, &hooks[i].id, iid, result, &size);
    uint8_t *data = room_for(size);
    ULONG room = size;
    if (!data)
      continue;
    IChannelHook_ServerFillBuffer(hooks[i].hook, &hooks[i].id, iid, &size, data, result);
    keep(extents, &hooks[i].id, data, room, size);
  }
}

void channel_hooks_free(HookExtents *extents) {
  for (unsigned i = 0; i < extents->count; i++)
    free((void *)(uintptr_t)extents->extents[i].data);
}

static const Extent *find(const Extent *extents, unsigned count, REFGUID id) {
  static const Extent none;
  for (unsigned i = 0; i < count; i++) {
    if (IsEqualGUID(&extents[i].id, id))
      return &extents[i];
  }
  return &none;
}

static void *data_of(const Extent *extent) {
  return (void *)(uintptr_t)extent->data;
}

void channel_hooks_tell_server(const Extent *extents, unsigned count, REFIID iid) {
  for (unsigned i = 0; i < hook_count; i++) {
    const Extent *extent = find(extents, count, &hooks[i].id);
    IChannelHook_ServerNotify(hooks[i].hook, &hooks[i].id, iid, extent->size, data_of(extent),
                              NDR_LOCAL_DATA_REPRESENTATION);
  }
}

void channel_hooks_tell_client(const Extent *extents, unsigned count, REFIID iid, HRESULT result) {
  for (unsigned i = 0; i < hook_count; i++) {
    const Extent *extent = find(extents, count, &hooks[i].id);
    IChannelHook_ClientNotify(hooks[i].hook, &hooks[i].id, iid, extent->size, data_of(extent),
                              NDR_LOCAL_DATA_REPRESENTATION, result);
  }
}
