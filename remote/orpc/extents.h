/* Extensions of ORPCTHIS and ORPCTHAT ([MS-DCOM] 2.2.21): blocks of data by GUID that go along with a call. */
#ifndef OLEANDER_REMOTE_EXTENTS_H
#define OLEANDER_REMOTE_EXTENTS_H

#include "remote/ndr/ndr.h"

typedef struct Extent {
  GUID id;
  const uint8_t *data;
  uint32_t size;
} Extent;

enum { EXTENT_LIMIT = 32 };

/* The pointer to the extensions and what it leads to. */
void extents_write(NdrWriter *writer, const Extent *extents, unsigned count);
/* In place. Of more than EXTENT_LIMIT only the first are kept. */
unsigned extents_read(NdrReader *reader, Extent extents[EXTENT_LIMIT]);

/* The thread's error information, which is taken, as the data of an extension; NULL: there is none, or no memory. For free().
 * *causes: what led to it, the data of another; NULL, or for SysFreeString. */
uint8_t *error_extent_make(REFIID iid, uint32_t *size, BSTR *causes);
/* Sets the thread's error information. causes may be NULL. */
void error_extent_take(const uint8_t *data, uint32_t size, const uint8_t *causes, uint32_t causes_size);
extern const GUID error_extent_id, causes_extent_id;

/* Channel hooks (channel_hooks.c) */

typedef struct HookExtents {
  Extent extents[EXTENT_LIMIT];
  unsigned count;
} HookExtents;

bool channel_hooks_any(void);
/* What the hooks have to say: of a request, or of an answer with that result. The data is theirs to free. */
void channel_hooks_client(HookExtents *extents, REFIID iid);
void channel_hooks_server(HookExtents *extents, REFIID iid, HRESULT result);
void channel_hooks_free(HookExtents *extents);
/* What has come. */
void channel_hooks_tell_server(const Extent *extents, unsigned count, REFIID iid);
void channel_hooks_tell_client(const Extent *extents, unsigned count, REFIID iid, HRESULT result);

#endif
