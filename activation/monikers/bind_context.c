/* Bind contexts: the options of one binding, and the objects that it has made or needs. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"
#include "com/com_api.h"

#define LOCALE_USER 0x0409 /* the user's, who is English (United States) everywhere in the library */

typedef struct Param {
  struct Param *next;
  OLECHAR *key;
  IUnknown *object;
  _Atomic unsigned references; /* the list's, and those of callers that take the object out */
} Param;

typedef struct Bound {
  struct Bound *next;
  IUnknown *object;
} Bound;

typedef struct BindContext {
  IBindCtx context;
  Object object;
  pthread_mutex_t lock;
  BIND_OPTS3 options;
  Bound *bound;
  Param *params;
} BindContext;

OBJECT_FACE(BindContext, context, IBindCtx)

static BindContext *from_context(IBindCtx *face) {
  return OBJECT_CONTAINER(face, BindContext, context);
}

static void param_release(Param *param) {
  if (param && --param->references == 0) {
    IUnknown_Release(param->object);
    free(param->key);
    free(param);
  }
}

static Param *param_create(LPCOLESTR key, IUnknown *object) {
  Param *param = calloc(1, sizeof *param);

  if (!param || !(param->key = wide_copy(key, utf16_units(key)))) {
    free(param);
    return NULL;
  }
  param->references = 1;
  param->object = object;
  IUnknown_AddRef(object);
  return param;
}

static HRESULT STDMETHODCALLTYPE BindContext_RegisterObjectBound(IBindCtx *face, IUnknown *object) {
  BindContext *context = from_context(face);

  if (!object)
    return S_OK;
  Bound *bound = malloc(sizeof *bound);
  if (!bound)
    return E_OUTOFMEMORY;
  bound->object = object;
  IUnknown_AddRef(object);
  pthread_mutex_lock(&context->lock);
  bound->next = context->bound;
  context->bound = bound;
  pthread_mutex_unlock(&context->lock);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE BindContext_RevokeObjectBound(IBindCtx *face, IUnknown *object) {
  BindContext *context = from_context(face);
  Bound **link = &context->bound;

  if (!object)
    return E_INVALIDARG;
  pthread_mutex_lock(&context->lock);
  while (*link && (*link)->object != object)
    link = &(*link)->next;
  Bound *bound = *link;
  if (bound)
    *link = bound->next;
  pthread_mutex_unlock(&context->lock);
  if (!bound)
    return MK_E_NOTBOUND;
  IUnknown_Release(bound->object);
  free(bound);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE BindContext_ReleaseBoundObjects(IBindCtx *face) {
  BindContext *context = from_context(face);

  pthread_mutex_lock(&context->lock);
  Bound *bound = context->bound;
  context->bound = NULL;
  pthread_mutex_unlock(&context->lock);
  while (bound) {
    Bound *next = bound->next;

    IUnknown_Release(bound->object);
    free(bound);
    bound = next;
  }
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE BindContext_SetBindOptions(IBindCtx *face, BIND_OPTS *options) {
  BindContext *context = from_context(face);

  if (!options)
    return E_POINTER;
  if (options->cbStruct > sizeof context->options || options->cbStruct < sizeof(DWORD))
    return E_INVALIDARG;
  pthread_mutex_lock(&context->lock);
  memcpy(&context->options, options, options->cbStruct);
  context->options.cbStruct = sizeof context->options;
  pthread_mutex_unlock(&context->lock);
  return S_OK;
}

/* Fills as much as the caller's structure holds, and says how much that is. */
static HRESULT STDMETHODCALLTYPE BindContext_GetBindOptions(IBindCtx *face, BIND_OPTS *options) {
  BindContext *context = from_context(face);

  if (!options)
    return E_POINTER;
  DWORD size = options->cbStruct < sizeof context->options ? options->cbStruct : (DWORD)sizeof context->options;
  if (size < sizeof(DWORD))
    return E_INVALIDARG;
  pthread_mutex_lock(&context->lock);
  memcpy(options, &context->options, size);
  pthread_mutex_unlock(&context->lock);
  options->cbStruct = size;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE BindContext_GetRunningObjectTable(IBindCtx *face, IRunningObjectTable **table) {
  (void)face;
  return GetRunningObjectTable(0, table);
}

static bool same_key(const OLECHAR *first, const OLECHAR *second) {
  size_t units = utf16_units(first);

  return units == utf16_units(second) && memcmp(first, second, units * sizeof *first) == 0;
}

/* The place of the parameter in the list, or the end of the list. */
static Param **find_param(BindContext *context, const OLECHAR *key) {
  Param **link = &context->params;

  while (*link && !same_key((*link)->key, key ? key : u""))
    link = &(*link)->next;
  return link;
}

static HRESULT STDMETHODCALLTYPE BindContext_RegisterObjectParam(IBindCtx *face, LPOLESTR key, IUnknown *object) {
  BindContext *context = from_context(face);

  if (!object)
    return E_INVALIDARG;
  Param *param = param_create(key, object);
  if (!param)
    return E_OUTOFMEMORY;
  pthread_mutex_lock(&context->lock);
  Param **link = find_param(context, key);
  Param *old = *link;
  param->next = old ? old->next : NULL;
  *link = param;
  pthread_mutex_unlock(&context->lock);
  param_release(old);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE BindContext_GetObjectParam(IBindCtx *face, LPOLESTR key, IUnknown **object) {
  BindContext *context = from_context(face);

  if (!object)
    return E_POINTER;
  *object = NULL;
  pthread_mutex_lock(&context->lock);
  Param *param = *find_param(context, key);
  if (param)
    param->references++;
  pthread_mutex_unlock(&context->lock);
  if (!param)
    return E_FAIL;
  IUnknown_AddRef(param->object); /* foreign code, which the lock must not surround */
  *object = param->object;
  param_release(param);
  return S_OK;
}

/* The documentation leaves the enumeration to the implementation, and Windows has none. */
static HRESULT STDMETHODCALLTYPE BindContext_EnumObjectParam(IBindCtx *face, IEnumString **result) {
  (void)face;
  if (!result)
    return E_POINTER;
  *result = NULL;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE BindContext_RevokeObjectParam(IBindCtx *face, LPOLESTR key) {
  BindContext *context = from_context(face);

  pthread_mutex_lock(&context->lock);
  Param **link = find_param(context, key);
  Param *param = *link;
  if (param)
    *link = param->next;
  pthread_mutex_unlock(&context->lock);
  if (!param)
    return E_FAIL;
  param_release(param);
  return S_OK;
}

static void bind_context_destroy(void *self) {
  BindContext *context = self;

  BindContext_ReleaseBoundObjects(&context->context);
  while (context->params) {
    Param *param = context->params;

    context->params = param->next;
    param_release(param);
  }
  pthread_mutex_destroy(&context->lock);
}

static const IBindCtxVtbl context_vtable = {
  BindContext_context_QueryInterface, BindContext_context_AddRef,    BindContext_context_Release,
  BindContext_RegisterObjectBound,    BindContext_RevokeObjectBound, BindContext_ReleaseBoundObjects,
  BindContext_SetBindOptions,         BindContext_GetBindOptions,    BindContext_GetRunningObjectTable,
  BindContext_RegisterObjectParam,    BindContext_GetObjectParam,    BindContext_EnumObjectParam,
  BindContext_RevokeObjectParam,
};
static const ObjectFace context_faces[] = { { &IID_IBindCtx, offsetof(BindContext, context), &context_vtable }, { 0 } };
static const ObjectType context_type = {
  "BindContext", sizeof(BindContext), offsetof(BindContext, object), context_faces, bind_context_destroy, NULL,
};

HRESULT CreateBindCtx(DWORD reserved, IBindCtx **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (reserved)
    return E_INVALIDARG;
  BindContext *context = object_create(&context_type);
  if (!context)
    return E_OUTOFMEMORY;
  pthread_mutex_init(&context->lock, NULL);
  context->options.cbStruct = sizeof context->options;
  context->options.grfMode = STGM_READWRITE;
  context->options.dwClassContext = CLSCTX_SERVER;
  context->options.locale = LOCALE_USER;
  *result = &context->context;
  return S_OK;
}
