/* IPropertyBag and IPropertyBag2 over what holds the values, and the bag in memory. */
#include "storage/property_bag.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

OBJECT_FACE(PropertyBag, bag, IPropertyBag)
OBJECT_FACE(PropertyBag, second, IPropertyBag2)

/* One lock for all: bags hold bags, and calls are short. No object of others is called under it. */
static pthread_mutex_t bags_lock = PTHREAD_MUTEX_INITIALIZER;

static HRESULT locked_get(PropertyBag *bag, const OLECHAR *name, VARIANT *value) {
  VariantInit(value);
  pthread_mutex_lock(&bags_lock);
  HRESULT status = bag->kind->get(bag, name, value);
  pthread_mutex_unlock(&bags_lock);
  return status;
}

/* Objects */

static HRESULT fill_from_bag(PropertyBag *bag, IPropertyBag2 *source) {
  ULONG count;
  HRESULT status = IPropertyBag2_CountProperties(source, &count);

  for (ULONG i = 0; SUCCEEDED(status) && i < count; i++) {
    PROPBAG2 property = { 0 };
    ULONG got = 0;
    VARIANT value;
    HRESULT each = S_OK;

    VariantInit(&value);
    status = IPropertyBag2_GetPropertyInfo(source, i, 1, &property, &got);
    if (FAILED(status) || !got)
      break;
    property.vt = VT_EMPTY;
    status = IPropertyBag2_Read(source, 1, &property, NULL, &value, &each);
    if (SUCCEEDED(status) && FAILED(each))
      status = each;
    if (SUCCEEDED(status))
      status = IPropertyBag_Write(&bag->bag, property.pstrName, &value);
    VariantClear(&value);
    CoTaskMemFree(property.pstrName);
  }
  return status;
}

HRESULT property_bag_fill(PropertyBag *bag, IUnknown *object) {
  IPropertyBag2 *source;
  IPersistPropertyBag *first;
  IPersistPropertyBag2 *second;

  if (!object)
    return DISP_E_TYPEMISMATCH;
  if (SUCCEEDED(IUnknown_QueryInterface(object, &IID_IPropertyBag2, (void **)&source))) {
    HRESULT status = fill_from_bag(bag, source);
    IPropertyBag2_Release(source);
    return status;
  }
  if (SUCCEEDED(IUnknown_QueryInterface(object, &IID_IPersistPropertyBag2, (void **)&second))) {
    HRESULT status = IPersistPropertyBag2_Save(second, &bag->second, TRUE, TRUE);
    IPersistPropertyBag2_Release(second);
    return status;
  }
  if (SUCCEEDED(IUnknown_QueryInterface(object, &IID_IPersistPropertyBag, (void **)&first))) {
    HRESULT status = IPersistPropertyBag_Save(first, &bag->bag, TRUE, TRUE);
    IPersistPropertyBag_Release(first);
    return status;
  }
  return DISP_E_TYPEMISMATCH;
}

static HRESULT load_object(PropertyBag *bag, IUnknown *object, IErrorLog *log) {
  IPersistPropertyBag *first;
  IPersistPropertyBag2 *second;
  HRESULT status = IUnknown_QueryInterface(object, &IID_IPersistPropertyBag2, (void **)&second);

  if (SUCCEEDED(status)) {
    status = IPersistPropertyBag2_Load(second, &bag->second, log);
    IPersistPropertyBag2_Release(second);
    return status;
  }
  status = IUnknown_QueryInterface(object, &IID_IPersistPropertyBag, (void **)&first);
  if (SUCCEEDED(status)) {
    status = IPersistPropertyBag_Load(first, &bag->bag, log);
    IPersistPropertyBag_Release(first);
  }
  return status;
}

static HRESULT copy_object(IUnknown *object, unsigned depth, VARIANT *copy) {
  if (depth >= BAG_NESTING)
    return E_INVALIDARG;
  PropertyBag *bag = property_bag_create(&memory_bag, depth + 1);
  if (!bag)
    return E_OUTOFMEMORY;
  HRESULT status = property_bag_fill(bag, object);
  if (FAILED(status)) {
    IPropertyBag_Release(&bag->bag);
    return status;
  }
  V_VT(copy) = VT_UNKNOWN;
  V_UNKNOWN(copy) = (IUnknown *)&bag->bag;
  return S_OK;
}

/* Objects within an array become bags, and arrays are looked through likewise. */
static HRESULT settle_array(SAFEARRAY *array, unsigned depth) {
  VARIANT *elements;
  ULONG count = 1;
  HRESULT status = depth < BAG_NESTING ? SafeArrayAccessData(array, (void **)&elements) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  for (USHORT i = 0; i < array->cDims; i++)
    count *= array->rgsabound[i].cElements;
  for (ULONG i = 0; i < count && SUCCEEDED(status); i++) {
    VARIANT copy;

    status = bag_value_copy(&elements[i], depth + 1, &copy);
    if (FAILED(status))
      break;
    VariantClear(&elements[i]);
    elements[i] = copy;
  }
  SafeArrayUnaccessData(array);
  return status;
}

HRESULT bag_value_copy(const VARIANT *value, unsigned depth, VARIANT *copy) {
  VARIANT plain;

  VariantInit(&plain);
  VariantInit(copy);
  HRESULT status = VariantCopyInd(&plain, (VARIANT *)value);
  if (FAILED(status))
    return status;
  if ((V_VT(&plain) == VT_UNKNOWN || V_VT(&plain) == VT_DISPATCH) && V_UNKNOWN(&plain)) {
    status = copy_object(V_UNKNOWN(&plain), depth, copy);
    VariantClear(&plain);
    return status;
  }
  VARTYPE type = V_VT(&plain);
  if (type == (VT_ARRAY | VT_VARIANT) && V_ARRAY(&plain))
    status = settle_array(V_ARRAY(&plain), depth);
  else if (type == (VT_ARRAY | VT_UNKNOWN) || type == (VT_ARRAY | VT_DISPATCH) || (type & VT_TYPEMASK) == VT_RECORD)
    status = DISP_E_TYPEMISMATCH;
  if (FAILED(status))
    VariantClear(&plain);
  else
    *copy = plain;
  return status;
}

/* IPropertyBag */

static PropertyBag *of(IPropertyBag *face) {
  return OBJECT_CONTAINER(face, PropertyBag, bag);
}

static void log_error(IErrorLog *log, const OLECHAR *name, HRESULT status) {
  EXCEPINFO info = { .scode = status };

  if (log && FAILED(status))
    IErrorLog_AddError(log, name, &info);
}

/* `object`: what the value is to be loaded into, or NULL. */
static HRESULT read_value(PropertyBag *bag, const OLECHAR *name, VARTYPE type, IUnknown *object, IErrorLog *log,
                          VARIANT *value) {
  HRESULT status = name ? locked_get(bag, name, value) : E_POINTER;

  if (FAILED(status)) {
    VariantInit(value);
    return status;
  }
  if (object) {
    PropertyBag *inner = V_VT(value) == VT_UNKNOWN ? property_bag_of(V_UNKNOWN(value)) : NULL;
    status = inner ? load_object(inner, object, log) : DISP_E_TYPEMISMATCH;
    VariantClear(value);
    if (SUCCEEDED(status)) {
      V_VT(value) = VT_UNKNOWN;
      V_UNKNOWN(value) = object;
      IUnknown_AddRef(object);
    }
  } else {
    status = bag_value_change(value, type);
  }
  if (FAILED(status)) {
    VariantClear(value);
    VariantInit(value);
    log_error(log, name, status);
  }
  return status;
}

static HRESULT STDMETHODCALLTYPE PropertyBag_Read(IPropertyBag *face, LPCOLESTR name, VARIANT *value, IErrorLog *log) {
  VARIANT result;

  if (!name || !value)
    return E_POINTER;
  VARTYPE type = V_VT(value);
  IUnknown *object = type == VT_UNKNOWN || type == VT_DISPATCH ? V_UNKNOWN(value) : NULL;
  HRESULT status = read_value(of(face), name, type, object, log, &result);
  if (FAILED(status))
    return status;
  if (object)
    VariantClear(&result); /* the caller has it */
  else
    *value = result;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE PropertyBag_Write(IPropertyBag *face, LPCOLESTR name, VARIANT *value) {
  PropertyBag *bag = of(face);
  VARIANT copy;

  if (!name || !value)
    return E_POINTER;
  HRESULT status = bag_value_copy(value, bag->depth, &copy);
  if (FAILED(status))
    return status;
  pthread_mutex_lock(&bags_lock);
  status = bag->kind->put(bag, name, &copy);
  pthread_mutex_unlock(&bags_lock);
  VariantClear(&copy);
  return status;
}

/* IPropertyBag2 */

static PropertyBag *of_second(IPropertyBag2 *face) {
  return OBJECT_CONTAINER(face, PropertyBag, second);
}

static HRESULT STDMETHODCALLTYPE PropertyBag2_Read(IPropertyBag2 *face, ULONG count, PROPBAG2 *properties,
                                                   IErrorLog *log, VARIANT *values, HRESULT *errors) {
  HRESULT status = S_OK;

  if (count && (!properties || !values))
    return E_POINTER;
  for (ULONG i = 0; i < count; i++) {
    HRESULT each = read_value(of_second(face), properties[i].pstrName, properties[i].vt, NULL, log, &values[i]);

    if (errors)
      errors[i] = each;
    status = SUCCEEDED(status) ? each : status;
  }
  return status;
}

static HRESULT STDMETHODCALLTYPE PropertyBag2_Write(IPropertyBag2 *face, ULONG count, PROPBAG2 *properties,
                                                    VARIANT *values) {
  HRESULT status = S_OK;

  if (count && (!properties || !values))
    return E_POINTER;
  for (ULONG i = 0; i < count && SUCCEEDED(status); i++)
    status = PropertyBag_Write(&of_second(face)->bag, properties[i].pstrName, &values[i]);
  return status;
}

static HRESULT STDMETHODCALLTYPE PropertyBag2_CountProperties(IPropertyBag2 *face, ULONG *count) {
  PropertyBag *bag = of_second(face);
  HRESULT status = S_OK;
  VARTYPE type;
  BSTR name;

  if (!count)
    return E_POINTER;
  *count = 0;
  pthread_mutex_lock(&bags_lock);
  while ((status = bag->kind->at(bag, *count, &name, &type)) == S_OK) {
    SysFreeString(name);
    ++*count;
  }
  pthread_mutex_unlock(&bags_lock);
  return FAILED(status) ? status : S_OK;
}

static HRESULT describe(PropertyBag *bag, ULONG index, PROPBAG2 *property) {
  VARTYPE type;
  BSTR name;

  pthread_mutex_lock(&bags_lock);
  HRESULT status = bag->kind->at(bag, index, &name, &type);
  pthread_mutex_unlock(&bags_lock);
  if (status != S_OK)
    return status;
  size_t size = ((size_t)SysStringLen(name) + 1) * sizeof *name;
  *property = (PROPBAG2){ .dwType = type == VT_UNKNOWN ? PROPBAG2_TYPE_OBJECT : PROPBAG2_TYPE_DATA, .vt = type };
  property->pstrName = CoTaskMemAlloc(size);
  if (property->pstrName)
    memcpy(property->pstrName, name, size);
  SysFreeString(name);
  return property->pstrName ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE PropertyBag2_GetPropertyInfo(IPropertyBag2 *face, ULONG first, ULONG count,
                                                              PROPBAG2 *properties, ULONG *got) {
  HRESULT status = S_OK;
  ULONG done = 0;

  if (!properties || !got)
    return E_POINTER;
  *got = 0;
  while (done < count && (status = describe(of_second(face), first + done, &properties[done])) == S_OK)
    done++;
  if (FAILED(status)) {
    while (done)
      CoTaskMemFree(properties[--done].pstrName);
    return status;
  }
  *got = done;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE PropertyBag2_LoadObject(IPropertyBag2 *face, LPCOLESTR name, DWORD hint,
                                                         IUnknown *object, IErrorLog *log) {
  VARIANT value;

  (void)hint;
  if (!name || !object)
    return E_POINTER;
  HRESULT status = read_value(of_second(face), name, VT_UNKNOWN, object, log, &value);
  if (SUCCEEDED(status))
    VariantClear(&value);
  return status;
}

static const IPropertyBagVtbl bag_vtable = {
  OLEANDER_FACE_SLOTS(PropertyBag, bag),
  PropertyBag_Read,
  PropertyBag_Write,
};
static const IPropertyBag2Vtbl second_vtable = {
  OLEANDER_FACE_SLOTS(PropertyBag, second),
  PropertyBag2_Read,
  PropertyBag2_Write,
  PropertyBag2_CountProperties,
  PropertyBag2_GetPropertyInfo,
  PropertyBag2_LoadObject,
};

static void property_bag_destroy(void *object) {
  PropertyBag *bag = object;

  if (bag->kind)
    bag->kind->destroy(bag);
}

static const ObjectFace bag_faces[] = {
  { &IID_IPropertyBag, offsetof(PropertyBag, bag), &bag_vtable },
  { &IID_IPropertyBag2, offsetof(PropertyBag, second), &second_vtable },
  { 0 },
};
static const ObjectType bag_type = {
  "PropertyBag", sizeof(PropertyBag), offsetof(PropertyBag, object), bag_faces, property_bag_destroy, NULL,
};

PropertyBag *property_bag_create(const BagKind *kind, unsigned depth) {
  PropertyBag *bag = object_create(&bag_type);

  if (!bag)
    return NULL;
  bag->kind = kind;
  bag->depth = depth;
  return bag;
}

PropertyBag *property_bag_of(IUnknown *object) {
  const void *vtable = object ? (const void *)object->lpVtbl : NULL;

  if (vtable == &bag_vtable)
    return of((IPropertyBag *)object);
  return vtable == &second_vtable ? of_second((IPropertyBag2 *)object) : NULL;
}

/* In memory */

static BagMember *find(PropertyBag *bag, const OLECHAR *name) {
  for (ULONG i = 0; i < bag->count; i++) {
    if (utf16_equal(bag->members[i].name, name))
      return &bag->members[i];
  }
  return NULL;
}

static HRESULT memory_get(PropertyBag *bag, const OLECHAR *name, VARIANT *value) {
  const BagMember *member = find(bag, name);

  return member ? VariantCopy(value, &member->value) : E_INVALIDARG;
}

static HRESULT memory_put(PropertyBag *bag, const OLECHAR *name, VARIANT *value) {
  BagMember *member = find(bag, name);

  if (!member) {
    if (bag->count == bag->room) {
      ULONG room = bag->room * 2 + 8;
      BagMember *more = realloc(bag->members, room * sizeof *more);
      if (!more)
        return E_OUTOFMEMORY;
      bag->members = more;
      bag->room = room;
    }
    BSTR copy = SysAllocString(name);
    if (!copy)
      return E_OUTOFMEMORY;
    member = &bag->members[bag->count++];
    member->name = copy;
    VariantInit(&member->value);
  }
  VARIANT old = member->value;
  member->value = *value;
  *value = old; /* the caller clears it */
  return S_OK;
}

static HRESULT memory_at(PropertyBag *bag, ULONG index, BSTR *name, VARTYPE *type) {
  if (index >= bag->count)
    return S_FALSE;
  *type = V_VT(&bag->members[index].value);
  *name = SysAllocString(bag->members[index].name);
  return *name ? S_OK : E_OUTOFMEMORY;
}

static void memory_destroy(PropertyBag *bag) {
  for (ULONG i = 0; i < bag->count; i++) {
    SysFreeString(bag->members[i].name);
    VariantClear(&bag->members[i].value);
  }
  free(bag->members);
}

const BagKind memory_bag = { memory_get, memory_put, memory_at, memory_destroy };
