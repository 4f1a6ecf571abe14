/* What the kinds of monikers share. */
#ifndef OLEANDER_MONIKER_INTERNAL_H
#define OLEANDER_MONIKER_INTERNAL_H

#include <oleauto.h>
#include <oleidl.h>
#include <ole2.h>

#include "activation/activation_internal.h"
#include "com/object.h"

#define MONIKER_TEXT_LIMIT  32767 /* units of a path or an item: what Windows allows for a path */
#define MONIKER_PARTS_LIMIT 1024  /* components of a composite that is read from a stream */
#define MONIKER_DEPTH_LIMIT 32    /* composites within composites in a stream */

/* --- Methods that most kinds have alike (moniker_common.c) --- */

HRESULT STDMETHODCALLTYPE Moniker_IsDirty(IMoniker *self);
HRESULT STDMETHODCALLTYPE Moniker_Reduce(IMoniker *self, IBindCtx *context, DWORD how_far, IMoniker **to_left,
                                         IMoniker **reduced);
HRESULT STDMETHODCALLTYPE Moniker_ComposeWith(IMoniker *self, IMoniker *right, BOOL only_if_not_generic,
                                              IMoniker **composite);
HRESULT STDMETHODCALLTYPE Moniker_Enum(IMoniker *self, BOOL forward, IEnumMoniker **result);
HRESULT STDMETHODCALLTYPE Moniker_Inverse(IMoniker *self, IMoniker **inverse);

/* --- Helpers --- */

/* How many anti-monikers it is, or 0. */
DWORD moniker_anti_count(IMoniker *moniker);
HRESULT anti_moniker_create(DWORD count, IMoniker **result);

/* What is left of anything before an anti-moniker: nothing, or the rest of several. */
HRESULT moniker_annihilate(IMoniker *anti, IMoniker **result);

/* Answers of IsRunning and GetTimeOfLastChange that the running object table gives. */
HRESULT moniker_is_running_in_table(IBindCtx *context, IMoniker *moniker);
HRESULT moniker_time_from_table(IBindCtx *context, IMoniker *moniker, FILETIME *time);

/* The object for `moniker` from the running object table of the context, queried; MK_E_UNAVAILABLE. */
HRESULT moniker_bind_running(IBindCtx *context, IMoniker *moniker, REFIID iid, void **result);

/* GetComparisonData for a kind whose data is its class and `size` bytes. */
HRESULT moniker_comparison_data(REFCLSID clsid, const void *data, size_t size, BYTE *out, ULONG room, ULONG *needed);

/* The comparison data of any moniker, for free(): its IROTData, or else its class and its display name in upper case. */
HRESULT moniker_rot_key(IMoniker *moniker, BYTE **data, ULONG *size);

/* An enumerator over the monikers; it adds references. */
HRESULT enum_moniker_create(IMoniker **monikers, size_t count, IEnumMoniker **result);

/* Reads exactly `size` bytes, else STG_E_READFAULT. */
HRESULT stream_read(IStream *stream, void *buffer, size_t size);
HRESULT stream_write(IStream *stream, const void *buffer, size_t size);

/* Copies of text: on the C heap, which is task memory too. NULL when out of memory. */
OLECHAR *wide_copy(const OLECHAR *text, size_t units);

/* Simple upper case of one unit. */
OLECHAR wide_upper(OLECHAR unit);
int wide_compare_folded(const OLECHAR *first, const OLECHAR *second);

/* A moniker parser asked through an object: binds `moniker` to IParseDisplayName and lets it parse. */
HRESULT moniker_parse_by_object(IMoniker *moniker, IBindCtx *context, IMoniker *left, LPOLESTR name, ULONG *eaten,
                                IMoniker **result);

/* The options of the context, at least as far as BIND_OPTS2. */
void bind_options(IBindCtx *context, BIND_OPTS3 *options);

/* --- Kinds --- */

/* Empty monikers, to be loaded. */
HRESULT file_moniker_new(IMoniker **result);
HRESULT item_moniker_new(IMoniker **result);
HRESULT class_moniker_new(IMoniker **result);
HRESULT composite_moniker_new(IMoniker **result);

/* The parts of a composite from left to right, or the moniker itself: an array for free(), each part with a reference. */
HRESULT moniker_parts(IMoniker *moniker, IMoniker ***parts, size_t *count);
void moniker_parts_free(IMoniker **parts, size_t count);

/* The composite of parts[0..count), without simplification: NULL for none, the part itself for one. */
HRESULT moniker_from_parts(IMoniker **parts, size_t count, IMoniker **result);

/* Parses "clsid:XXXXXXXX-...:" at the start of a display name. */
HRESULT class_moniker_parse(LPCOLESTR name, ULONG *eaten, IMoniker **result);

#endif
