/* BSTR_UserMarshal and its kind: values of Automation in buffers that somebody else has made. Buffers are aligned by their
 * addresses; how long they are nobody says. */
#include "remote/ndr/automation.h"
#include "remote/ndr/ndr_internal.h"

#include <stdatomic.h>
#include <string.h>

enum { ALIGNMENT = 8 };

/* What is read cannot be more than a stub. */
static const size_t LONGEST_VALUE = 0x7FFFFFFF;

static NdrInterfacesFor *_Atomic user_interfaces;

void ndr_set_user_interfaces(NdrInterfacesFor *find) {
  atomic_store(&user_interfaces, find);
}

static NdrInterfaces *interfaces_for(const ULONG *flags) {
  NdrInterfacesFor *find = atomic_load(&user_interfaces);
  return find ? find(flags ? *flags & 0xFFFF : MSHCTX_LOCAL) : NULL;
}

/* One kind of value. */
typedef struct UserType {
  void (*put)(NdrWriter *writer, const void *value);
  void (*get)(NdrReader *reader, void *value); /* into what is empty */
  void (*replace)(void *old, void *fresh);     /* *fresh is taken over; it may be empty */
} UserType;

static void put_bstr(NdrWriter *writer, const void *value) {
  ndr_put_bstr_body(writer, *(BSTR const *)value);
}

static void get_bstr(NdrReader *reader, void *value) {
  ndr_get_bstr_body(reader, value);
}

static void replace_bstr(void *old, void *fresh) {
  SysFreeString(*(BSTR *)old);
  *(BSTR *)old = *(BSTR *)fresh;
}

static void put_variant(NdrWriter *writer, const void *value) {
  ndr_put_variant_body(writer, value);
}

static void get_variant(NdrReader *reader, void *value) {
  reader->task_references = true;
  ndr_get_variant_body(reader, value);
}

static void free_variant(VARIANT *value);

static void free_reference(VARIANT *value) {
  VARTYPE vt = V_VT(value) & (VARTYPE)~VT_BYREF;
  if (!V_BYREF(value))
    return;
  if (vt == VT_VARIANT)
    free_variant(V_VARIANTREF(value));
  else
    type_clear(type_of_vartype(vt & VT_ARRAY ? VT_SAFEARRAY : vt), V_BYREF(value));
  CoTaskMemFree(V_BYREF(value));
}

/* Also what it refers to: memory of UserUnmarshal. */
static void free_variant(VARIANT *value) {
  if (V_VT(value) == (VT_BYREF | VT_RECORD))
    V_VT(value) = VT_RECORD;
  else if (V_VT(value) & VT_BYREF)
    free_reference(value);
  VariantClear(value);
}

static bool refer_alike(const VARIANT *a, const VARIANT *b) {
  VARTYPE vt = V_VT(a);
  return vt & VT_BYREF && vt == V_VT(b) && V_BYREF(a) && V_BYREF(b) && vt != (VT_BYREF | VT_RECORD);
}

/* A variable that is there already gets what came for it. */
static void replace_variant(void *place, void *fresh) {
  VARIANT *old = place, *value = fresh;
  if (refer_alike(old, value)) {
    VARTYPE vt = V_VT(old) & (VARTYPE)~VT_BYREF;
    const Type *type = type_of_vartype(vt & VT_ARRAY ? VT_SAFEARRAY : vt);
    type_clear(type, V_BYREF(old));
    memcpy(V_BYREF(old), V_BYREF(value), type->size);
    CoTaskMemFree(V_BYREF(value));
    return;
  }
  VariantClear(old);
  *old = *value;
}

static void put_array(NdrWriter *writer, const void *value) {
  SAFEARRAY *array = *(SAFEARRAY *const *)value;
  ndr_put_pointer(writer, array);
  if (array)
    ndr_put_safearray_body(writer, array);
}

static void get_array(NdrReader *reader, void *value) {
  if (ndr_get_pointer(reader))
    ndr_get_safearray_body(reader, NULL, value);
}

static void replace_array(void *old, void *fresh) {
  SafeArrayDestroy(*(SAFEARRAY **)old);
  *(SAFEARRAY **)old = *(SAFEARRAY **)fresh;
}

static const UserType bstr_type = { put_bstr, get_bstr, replace_bstr };
static const UserType variant_type = { put_variant, get_variant, replace_variant };
static const UserType array_type = { put_array, get_array, replace_array };

/* A writer that counts alignment as the buffer lies. */
static size_t begin(NdrWriter *writer, const ULONG *flags, size_t place) {
  size_t before = place & (ALIGNMENT - 1);
  ndr_writer_begin(writer, interfaces_for(flags));
  writer->origin = ALIGNMENT - before;
  return before;
}

static ULONG user_size(const UserType *type, const ULONG *flags, ULONG start, const void *value) {
  NdrWriter writer;
  begin(&writer, flags, start);
  type->put(&writer, value);
  ULONG end = SUCCEEDED(writer.error) ? start + (ULONG)writer.length : 0;
  ndr_writer_end(&writer, false);
  return end;
}

static unsigned char *user_marshal(const UserType *type, const ULONG *flags, unsigned char *buffer, const void *value) {
  NdrWriter writer;
  begin(&writer, flags, (uintptr_t)buffer);
  type->put(&writer, value);
  bool written = SUCCEEDED(writer.error);
  size_t from = 0;
  for (unsigned i = 0; written && i < writer.piece_count; i++) {
    memcpy(buffer, writer.data + from, writer.pieces[i].at - from);
    buffer += writer.pieces[i].at - from;
    memcpy(buffer, writer.pieces[i].data, writer.pieces[i].size);
    buffer += writer.pieces[i].size;
    from = writer.pieces[i].at;
  }
  if (written) {
    memcpy(buffer, writer.data + from, writer.size - from);
    buffer += writer.size - from;
  }
  ndr_writer_end(&writer, written);
  return written ? buffer : NULL;
}

static unsigned char *user_unmarshal(const UserType *type, const ULONG *flags, unsigned char *buffer, void *value) {
  VARIANT fresh = { .vt = VT_EMPTY }; /* the largest of them; zeroed it is each of them, empty */
  size_t before = (uintptr_t)buffer & (ALIGNMENT - 1);
  NdrReader reader;
  ndr_reader_begin(&reader, buffer - before, LONGEST_VALUE, interfaces_for(flags));
  reader.position = before;
  type->get(&reader, &fresh);
  if (FAILED(reader.error))
    memset(&fresh, 0, sizeof fresh);
  type->replace(value, &fresh);
  return SUCCEEDED(reader.error) ? buffer - before + reader.position : NULL;
}

#define DEFINE_USER(name, Native, type, suffix, free_value)                                                            \
  ULONG name##_UserSize##suffix(ULONG *flags, ULONG start, Native *value) {                                            \
    return user_size(&(type), flags, start, value);                                                                    \
  }                                                                                                                    \
  unsigned char *name##_UserMarshal##suffix(ULONG *flags, unsigned char *buffer, Native *value) {                      \
    return user_marshal(&(type), flags, buffer, value);                                                                \
  }                                                                                                                    \
  unsigned char *name##_UserUnmarshal##suffix(ULONG *flags, unsigned char *buffer, Native *value) {                    \
    return user_unmarshal(&(type), flags, buffer, value);                                                              \
  }                                                                                                                    \
  void name##_UserFree##suffix(ULONG *flags, Native *value) {                                                          \
    (void)flags;                                                                                                       \
    free_value;                                                                                                        \
  }

#define FREE_BSTR  SysFreeString(*value), *value = NULL
#define FREE_ARRAY SafeArrayDestroy(*value), *value = NULL

DEFINE_USER(BSTR, BSTR, bstr_type, , FREE_BSTR)
DEFINE_USER(BSTR, BSTR, bstr_type, 64, FREE_BSTR)
DEFINE_USER(VARIANT, VARIANT, variant_type, , free_variant(value))
DEFINE_USER(VARIANT, VARIANT, variant_type, 64, free_variant(value))
DEFINE_USER(LPSAFEARRAY, LPSAFEARRAY, array_type, , FREE_ARRAY)
DEFINE_USER(LPSAFEARRAY, LPSAFEARRAY, array_type, 64, FREE_ARRAY)
