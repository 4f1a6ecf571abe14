/* The thread's error object ([MS-OAUT] has none; "Error Handling Interfaces" of Automation): SetErrorInfo, GetErrorInfo,
 * and the standard object that CreateErrorInfo makes, with ICreateErrorInfo, IErrorInfo and ISupportErrorInfo. */
#include "com/com_api.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#include <oaidl.h>
#include <oleauto.h>

#include "com/object.h"
#include "com/unicode.h"

typedef struct ErrorInfo {
  IErrorInfo info;
  ICreateErrorInfo create;
  ISupportErrorInfo support;
  IOleanderErrorCauses causes;
  Object object;
  pthread_mutex_t lock;
  GUID guid;
  BSTR source;
  BSTR description;
  BSTR help_file;
  DWORD help_context;
  BSTR cause_bytes; /* stays as it is made */
} ErrorInfo;

OBJECT_FACE(ErrorInfo, info, IErrorInfo)
OBJECT_FACE(ErrorInfo, create, ICreateErrorInfo)
OBJECT_FACE(ErrorInfo, support, ISupportErrorInfo)
OBJECT_FACE(ErrorInfo, causes, IOleanderErrorCauses)

static void error_info_destroy(void *self) {
  ErrorInfo *error = self;

  SysFreeString(error->source);
  SysFreeString(error->description);
  SysFreeString(error->help_file);
  SysFreeString(error->cause_bytes);
  pthread_mutex_destroy(&error->lock);
}

/* Hands out a copy of a member: readers may be on other threads than the writer. */
static HRESULT read_text(ErrorInfo *error, const BSTR *member, BSTR *result) {
  HRESULT status = S_OK;

  if (!result)
    return E_INVALIDARG;
  pthread_mutex_lock(&error->lock);
  *result = *member ? SysAllocStringLen(*member, SysStringLen(*member)) : NULL;
  if (*member && !*result)
    status = E_OUTOFMEMORY;
  pthread_mutex_unlock(&error->lock);
  return status;
}

static HRESULT write_text(ErrorInfo *error, BSTR *member, LPCOLESTR text) {
  BSTR copy = text ? SysAllocString(text) : NULL;

  if (text && !copy)
    return E_OUTOFMEMORY;
  pthread_mutex_lock(&error->lock);
  BSTR old = *member;
  *member = copy;
  pthread_mutex_unlock(&error->lock);
  SysFreeString(old);
  return S_OK;
}

static ErrorInfo *from_info(IErrorInfo *face) {
  return OBJECT_CONTAINER(face, ErrorInfo, info);
}

static ErrorInfo *from_create(ICreateErrorInfo *face) {
  return OBJECT_CONTAINER(face, ErrorInfo, create);
}

static HRESULT STDMETHODCALLTYPE ErrorInfo_GetGUID(IErrorInfo *face, GUID *guid) {
  ErrorInfo *error = from_info(face);

  if (!guid)
    return E_INVALIDARG;
  pthread_mutex_lock(&error->lock);
  *guid = error->guid;
  pthread_mutex_unlock(&error->lock);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ErrorInfo_GetSource(IErrorInfo *face, BSTR *source) {
  return read_text(from_info(face), &from_info(face)->source, source);
}

static HRESULT STDMETHODCALLTYPE ErrorInfo_GetDescription(IErrorInfo *face, BSTR *description) {
  return read_text(from_info(face), &from_info(face)->description, description);
}

static HRESULT STDMETHODCALLTYPE ErrorInfo_GetHelpFile(IErrorInfo *face, BSTR *file) {
  return read_text(from_info(face), &from_info(face)->help_file, file);
}

static HRESULT STDMETHODCALLTYPE ErrorInfo_GetHelpContext(IErrorInfo *face, DWORD *context) {
  ErrorInfo *error = from_info(face);

  if (!context)
    return E_INVALIDARG;
  pthread_mutex_lock(&error->lock);
  *context = error->help_context;
  pthread_mutex_unlock(&error->lock);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ErrorInfo_SetGUID(ICreateErrorInfo *face, REFGUID guid) {
  ErrorInfo *error = from_create(face);

  pthread_mutex_lock(&error->lock);
  error->guid = guid ? *guid : GUID_NULL;
  pthread_mutex_unlock(&error->lock);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ErrorInfo_SetSource(ICreateErrorInfo *face, LPOLESTR source) {
  return write_text(from_create(face), &from_create(face)->source, source);
}

static HRESULT STDMETHODCALLTYPE ErrorInfo_SetDescription(ICreateErrorInfo *face, LPOLESTR description) {
  return write_text(from_create(face), &from_create(face)->description, description);
}

static HRESULT STDMETHODCALLTYPE ErrorInfo_SetHelpFile(ICreateErrorInfo *face, LPOLESTR file) {
  return write_text(from_create(face), &from_create(face)->help_file, file);
}

static HRESULT STDMETHODCALLTYPE ErrorInfo_SetHelpContext(ICreateErrorInfo *face, DWORD context) {
  ErrorInfo *error = from_create(face);

  pthread_mutex_lock(&error->lock);
  error->help_context = context;
  pthread_mutex_unlock(&error->lock);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ErrorInfo_InterfaceSupportsErrorInfo(ISupportErrorInfo *face, REFIID iid) {
  ErrorInfo *error = OBJECT_CONTAINER(face, ErrorInfo, support);

  pthread_mutex_lock(&error->lock);
  bool same = iid && IsEqualIID(iid, &error->guid);
  pthread_mutex_unlock(&error->lock);
  return same ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE ErrorInfo_GetCauses(IOleanderErrorCauses *face, BSTR *causes) {
  BSTR bytes = OBJECT_CONTAINER(face, ErrorInfo, causes)->cause_bytes;

  *causes = bytes ? SysAllocStringByteLen((const char *)bytes, SysStringByteLen(bytes)) : NULL;
  return bytes && !*causes ? E_OUTOFMEMORY : S_OK;
}

static const IErrorInfoVtbl info_vtable = {
  ErrorInfo_info_QueryInterface, ErrorInfo_info_AddRef,    ErrorInfo_info_Release, ErrorInfo_GetGUID,
  ErrorInfo_GetSource,           ErrorInfo_GetDescription, ErrorInfo_GetHelpFile,  ErrorInfo_GetHelpContext,
};
static const ICreateErrorInfoVtbl create_vtable = {
  ErrorInfo_create_QueryInterface,
  ErrorInfo_create_AddRef,
  ErrorInfo_create_Release,
  ErrorInfo_SetGUID,
  ErrorInfo_SetSource,
  ErrorInfo_SetDescription,
  ErrorInfo_SetHelpFile,
  ErrorInfo_SetHelpContext,
};
static const ISupportErrorInfoVtbl support_vtable = {
  ErrorInfo_support_QueryInterface,
  ErrorInfo_support_AddRef,
  ErrorInfo_support_Release,
  ErrorInfo_InterfaceSupportsErrorInfo,
};
static const IOleanderErrorCausesVtbl causes_vtable = {
  ErrorInfo_causes_QueryInterface,
  ErrorInfo_causes_AddRef,
  ErrorInfo_causes_Release,
  ErrorInfo_GetCauses,
};

static const ObjectFace error_info_faces[] = {
  { &IID_IErrorInfo, offsetof(ErrorInfo, info), &info_vtable },
  { &IID_ICreateErrorInfo, offsetof(ErrorInfo, create), &create_vtable },
  { &IID_ISupportErrorInfo, offsetof(ErrorInfo, support), &support_vtable },
  { &IID_IOleanderErrorCauses, offsetof(ErrorInfo, causes), &causes_vtable },
  { 0 },
};
static const ObjectType error_info_type = {
  "ErrorInfo", sizeof(ErrorInfo), offsetof(ErrorInfo, object), error_info_faces, error_info_destroy, NULL,
};

HRESULT CreateErrorInfo(ICreateErrorInfo **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  ErrorInfo *error = object_create(&error_info_type);
  if (!error)
    return E_OUTOFMEMORY;
  pthread_mutex_init(&error->lock, NULL);
  *result = &error->create;
  return S_OK;
}

/* The slot of each thread. The key only serves its destructor, which releases what a thread leaves behind. */
static _Thread_local IErrorInfo *slot;
static tss_t slot_key;
static once_flag slot_once = ONCE_FLAG_INIT;
static bool slot_key_made;

static void slot_destroy(void *info) {
  IErrorInfo *old = slot;

  (void)info;
  slot = NULL;
  if (old)
    IErrorInfo_Release(old);
}

static void slot_make_key(void) {
  slot_key_made = tss_create(&slot_key, slot_destroy) == thrd_success;
}

static IErrorInfo *slot_exchange(IErrorInfo *info) {
  IErrorInfo *old = slot;

  slot = info;
  if (info) {
    call_once(&slot_once, slot_make_key);
    if (slot_key_made)
      tss_set(slot_key, info);
  }
  return old;
}

HRESULT SetErrorInfo(ULONG reserved, IErrorInfo *info) {
  if (reserved)
    return E_INVALIDARG;
  if (info)
    IErrorInfo_AddRef(info);
  IErrorInfo *old = slot_exchange(info);
  if (old)
    IErrorInfo_Release(old);
  return S_OK;
}

HRESULT GetErrorInfo(ULONG reserved, IErrorInfo **result) {
  if (reserved || !result)
    return E_INVALIDARG;
  *result = slot_exchange(NULL);
  return *result ? S_OK : S_FALSE;
}

HRESULT error_set_with_causes(HRESULT code, const ErrorFacts *facts, BSTR causes) {
  ErrorInfo *error = object_create(&error_info_type);

  SetErrorInfo(0, NULL);
  if (!error)
    return code;
  pthread_mutex_init(&error->lock, NULL);
  error->guid = facts->iid ? *facts->iid : GUID_NULL;
  write_text(error, &error->source, facts->source);
  write_text(error, &error->description, facts->description);
  write_text(error, &error->help_file, facts->help_file);
  error->help_context = facts->help_context;
  if (causes)
    error->cause_bytes = SysAllocStringByteLen((const char *)causes, SysStringByteLen(causes));
  SetErrorInfo(0, &error->info);
  object_release(&error->object);
  return code;
}

HRESULT error_set(HRESULT code, const ErrorFacts *facts) {
  return error_set_with_causes(code, facts, NULL);
}

OLECHAR *error_text_wide(const char *text) {
  OLECHAR *wide = text ? utf16_copy(text) : NULL;

  if (wide || !text)
    return wide;
  wide = malloc((strlen(text) + 1) * sizeof *wide);
  for (size_t i = 0; wide && (i == 0 || text[i - 1]); i++)
    wide[i] = (unsigned char)text[i] < 0x80 ? (OLECHAR)text[i] : u'?';
  return wide;
}

/* printf into a new text, or NULL. */
static OLECHAR *format_wide(const char *format, va_list arguments) {
  OLECHAR *wide = NULL;
  va_list again;

  va_copy(again, arguments);
  int size = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *text = size < 0 ? NULL : malloc((size_t)size + 1);
  if (text) {
    vsnprintf(text, (size_t)size + 1, format, arguments);
    wide = error_text_wide(text);
    free(text);
  }
  return wide;
}

HRESULT error_raise(HRESULT code, const char *source, const char *format, ...) {
  OLECHAR *wide_source = error_text_wide(source);
  va_list arguments;

  va_start(arguments, format);
  OLECHAR *description = format_wide(format, arguments);
  va_end(arguments);
  error_set(code, &(ErrorFacts){ .source = wide_source, .description = description });
  free(description);
  free(wide_source);
  return code;
}
