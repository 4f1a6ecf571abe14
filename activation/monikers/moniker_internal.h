/* What the kinds of monikers share. */
#ifndef OLEANDER_MONIKER_INTERNAL_H
#define OLEANDER_MONIKER_INTERNAL_H

#include <oleauto.h>
#include <oleidl.h>
#include <ole2.h>

#include "activation/activation_internal.h"
#include "activation/running_objects.h"
#include "com/com_api.h"

#define MONIKER_TEXT_LIMIT  32767     /* units of a path or an item: what Windows allows for a path */
#define MONIKER_NAME_LIMIT  (1 << 24) /* units of a display name that is put together */
#define MONIKER_PARTS_LIMIT 1024      /* components of a composite that is read from a stream */

/* The beginning of every kind: its faces and its identity. */
typedef struct Moniker {
  IMoniker moniker;
  IROTData rot;
  IMarshal marshal;
  Object object;
} Moniker;

/* The faces of a kind whose struct begins with a Moniker: its own class names the object itself. Where the kind has
 * comparison data, MONIKER_FACE_ROT follows. */
#define MONIKER_FACES(clsid, vtable, marshal_vtable)                                                                   \
  { &IID_IMoniker, offsetof(Moniker, moniker), &(vtable) },                                                            \
      { &IID_IPersistStream, offsetof(Moniker, moniker), &(vtable) },                                                  \
      { &IID_IPersist, offsetof(Moniker, moniker), &(vtable) }, { &(clsid), offsetof(Moniker, moniker), &(vtable) }, { \
    &IID_IMarshal, offsetof(Moniker, marshal), &(marshal_vtable)                                                       \
  }
#define MONIKER_FACE_ROT(vtable)                                                                                       \
  { &IID_IROTData, offsetof(Moniker, rot), &(vtable) }

/* moniker.c: IUnknown, and methods that most kinds have alike */

HRESULT STDMETHODCALLTYPE Moniker_QueryInterface(IMoniker *face, REFIID iid, void **result);
ULONG STDMETHODCALLTYPE Moniker_AddRef(IMoniker *face);
ULONG STDMETHODCALLTYPE Moniker_Release(IMoniker *face);
HRESULT STDMETHODCALLTYPE MonikerRot_QueryInterface(IROTData *face, REFIID iid, void **result);
ULONG STDMETHODCALLTYPE MonikerRot_AddRef(IROTData *face);
ULONG STDMETHODCALLTYPE MonikerRot_Release(IROTData *face);

#define MONIKER_ROT_VTABLE(Kind)                                                                                       \
  { MonikerRot_QueryInterface, MonikerRot_AddRef, MonikerRot_Release, Kind##_GetComparisonData }

HRESULT STDMETHODCALLTYPE Moniker_IsDirty(IMoniker *face);
HRESULT STDMETHODCALLTYPE Moniker_Reduce(IMoniker *face, IBindCtx *context, DWORD how_far, IMoniker **to_left,
                                         IMoniker **reduced);
HRESULT STDMETHODCALLTYPE Moniker_Enum(IMoniker *face, BOOL forward, IEnumMoniker **result);
HRESULT STDMETHODCALLTYPE Moniker_CommonPrefixWith(IMoniker *face, IMoniker *other, IMoniker **prefix);
HRESULT STDMETHODCALLTYPE Moniker_RelativePathTo(IMoniker *face, IMoniker *other, IMoniker **path);

/* GetClassID and IsSystemMoniker of a kind. */
HRESULT moniker_class(CLSID *out, REFCLSID clsid);
HRESULT moniker_kind(DWORD *out, DWORD kind);

/* Which system moniker it is, or MKSYS_NONE. */
DWORD moniker_kind_of(IMoniker *moniker);

/* Hands out one more reference to `moniker` through *result. */
void moniker_share(IMoniker *moniker, IMoniker **result);

/* GetComparisonData for a kind whose data is its class and `size` bytes. */
HRESULT moniker_comparison_data(REFCLSID clsid, const void *data, size_t size, BYTE *out, ULONG room, ULONG *needed);

/* A moniker parser asked through an object: binds `moniker` to IParseDisplayName and lets it parse. */
HRESULT moniker_parse_by_object(IMoniker *moniker, IBindCtx *context, IMoniker *left, LPOLESTR name, ULONG *eaten,
                                IMoniker **result);

/* The options of the context, at least as far as BIND_OPTS2. */
void bind_options(IBindCtx *context, BIND_OPTS3 *options);

/* moniker_bind.c */

/* Lets a new object load what is in a file: by IPersistFile, or by IPersistStorage where it has only that. */
HRESULT object_load_file(IUnknown *object, LPCOLESTR name, DWORD mode);
/* By IPersistStorage; E_NOINTERFACE without that. */
HRESULT object_load_storage(IUnknown *object, IStorage *storage);
/* STGM_* with a share mode: where there is none, others may not write what is read, and not open what is written. */
DWORD storage_mode(DWORD mode);

/* moniker_classes.c: makes the kinds built-in classes, once */
void moniker_classes_add(void);

/* moniker_marshal.c */

extern const IMarshalVtbl moniker_marshal_vtable; /* a copy of the moniker, made by Save and Load */
extern const IMarshalVtbl pointer_marshal_vtable; /* a pointer moniker, with its object marshaled */

/* The object of a pointer moniker: set once, by unmarshaling, in one that has none. */
IUnknown *pointer_moniker_target(IMoniker *moniker);
HRESULT pointer_moniker_set_target(IMoniker *moniker, IUnknown *target);

/* moniker_parts.c: monikers as lists of parts, whoever made them */

/* The parts of a composite from left to right, or the moniker itself: an array for free(), each part with a reference. */
HRESULT moniker_parts(IMoniker *moniker, IMoniker ***parts, size_t *count);
void moniker_parts_free(IMoniker **parts, size_t count);

/* A new array with references of its own, or NULL. */
IMoniker **moniker_parts_copy(IMoniker **parts, size_t count);

/* Puts `part` behind *whole (NULL: nothing yet), as ComposeWith of *whole does it. */
HRESULT moniker_append(IMoniker **whole, IMoniker *part);

/* moniker_anti.c */

/* What most kinds do with what stands right of them: an anti-moniker takes them away, all else needs a composite. */
HRESULT STDMETHODCALLTYPE Moniker_ComposeWith(IMoniker *face, IMoniker *right, BOOL only_if_not_generic,
                                              IMoniker **composite);
HRESULT STDMETHODCALLTYPE Moniker_Inverse(IMoniker *face, IMoniker **inverse);

/* persist_stream.c */

/* Reads exactly `size` bytes, else STG_E_READFAULT. */
HRESULT stream_read(IStream *stream, void *buffer, size_t size);
HRESULT stream_write(IStream *stream, const void *buffer, size_t size);

/* Reads `size` bytes, which the stream only claims to have, into a new block for free(), with zeros behind them that end
 * text. Memory grows with what comes. E_INVALIDARG when size is above the limit. */
HRESULT stream_read_block(IStream *stream, size_t size, size_t limit, void **block);

/* Around what loads several objects from one stream; they share what they may take beyond the bytes that stand there. */
void load_begin(void);
void load_end(void);
/* STG_E_DOCFILECORRUPT when that is used up. */
HRESULT load_grow(size_t bytes);

/* An 8-bit text of `units` characters and its zero; what is no ASCII becomes a question mark. */
HRESULT stream_write_narrow(IStream *stream, const OLECHAR *text, size_t units);

/* Text: on the C heap, which is task memory too. NULL when out of memory. */
OLECHAR *wide_copy(const OLECHAR *text, size_t units);

/* Kinds */

/* Empty monikers, to be loaded. */
HRESULT file_moniker_new(IMoniker **result);
HRESULT item_moniker_new(IMoniker **result);
HRESULT class_moniker_new(IMoniker **result);
HRESULT composite_moniker_new(IMoniker **result);
HRESULT pointer_moniker_new(IMoniker **result);

HRESULT new_moniker_new(IMoniker **result);
extern const CLSID CLSID_NewMoniker;
HRESULT objref_moniker_new(IMoniker **result);
extern const CLSID CLSID_ObjrefMoniker;

/* Parse "clsid:XXXXXXXX-...:", "new:..." and "objref:...:" at the start of a display name. */
HRESULT class_moniker_parse(LPCOLESTR name, ULONG *eaten, IMoniker **result);
HRESULT new_moniker_parse(LPCOLESTR name, ULONG *eaten, IMoniker **result);
HRESULT objref_moniker_parse(LPCOLESTR name, ULONG *eaten, IMoniker **result);

/* Reads a GUID with or without its braces; the units read, or 0. */
size_t moniker_read_guid(const OLECHAR *start, CLSID *clsid);

/* The display name: prefix, class, options (NULL: none), a colon. */
HRESULT moniker_class_name(const OLECHAR *prefix, REFCLSID clsid, const OLECHAR *options, LPOLESTR *name);

#endif
