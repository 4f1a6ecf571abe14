/* CLSID_StdComponentCategoriesMgr: component categories in the registry. "Component Categories\{CATID}" holds a description
 * for each language, "CLSID\{...}\Implemented Categories" and "Required Categories" what a class has and needs
 * (documentation of ICatRegister and ICatInformation). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <comcat.h>
#include <oleander_enumerator.h>
#include <oleander_registry.h>

#include "activation/activation_internal.h"
#include "activation/builtin_classes.h"
#include "com/com_api.h"

#define CATEGORIES  "Component Categories"
#define IMPLEMENTED "Implemented Categories"
#define REQUIRED    "Required Categories"
#define COMPONENT   "categories"
#define PATH_SIZE   (2 * GUID_TEXT_UNITS + 40)
#define ANY         ((ULONG)-1) /* as a count: whatever a class implements or requires */

typedef struct Categories {
  ICatRegister registration;
  ICatInformation information;
  Object object;
} Categories;

OBJECT_FACE(Categories, registration, ICatRegister)
OBJECT_FACE(Categories, information, ICatInformation)

/* Writing */

static HRESULT finish(OleanderRegistryEdit *edit, HRESULT status) {
  if (SUCCEEDED(status))
    return oleander_registry_commit(edit);
  oleander_registry_cancel(edit);
  return status;
}

static HRESULT write_category(OleanderRegistryEdit *edit, const CATEGORYINFO *category) {
  char path[PATH_SIZE] = CATEGORIES "\\", name[16];
  OLECHAR description[CATDESC_MAX + 1];

  guid_format_utf8(&category->catid, path + strlen(path));
  snprintf(name, sizeof name, "%X", (unsigned)category->lcid);
  memcpy(description, category->szDescription, sizeof category->szDescription);
  description[CATDESC_MAX] = 0; /* the caller's may have no end */
  char *text = utf8_copy(description);
  HRESULT status = text ? oleander_registry_set_string(edit, path, name, text) : E_OUTOFMEMORY;
  free(text);
  return status;
}

static HRESULT STDMETHODCALLTYPE Categories_RegisterCategories(ICatRegister *face, ULONG count,
                                                               CATEGORYINFO *categories) {
  OleanderRegistryEdit *edit;

  (void)face;
  if (count && !categories)
    return E_INVALIDARG;
  HRESULT status = oleander_registry_edit(COMPONENT, &edit);
  if (FAILED(status))
    return status;
  for (ULONG i = 0; i < count && SUCCEEDED(status); i++)
    status = write_category(edit, &categories[i]);
  return finish(edit, status);
}

static HRESULT STDMETHODCALLTYPE Categories_UnRegisterCategories(ICatRegister *face, ULONG count, CATID *ids) {
  OleanderRegistryEdit *edit;

  (void)face;
  if (count && !ids)
    return E_INVALIDARG;
  HRESULT status = oleander_registry_edit(COMPONENT, &edit);
  if (FAILED(status))
    return status;
  for (ULONG i = 0; i < count && SUCCEEDED(status); i++) {
    char path[PATH_SIZE] = CATEGORIES "\\";

    guid_format_utf8(&ids[i], path + strlen(path));
    status = oleander_registry_delete_key(edit, path);
  }
  return finish(edit, status);
}

/* Makes a class implement or require categories, or no longer. */
static HRESULT edit_class(REFCLSID clsid, const char *key, ULONG count, const CATID *ids, bool add) {
  OleanderRegistryEdit *edit;

  if (!clsid || (count && !ids))
    return E_INVALIDARG;
  HRESULT status = oleander_registry_edit(COMPONENT, &edit);
  if (FAILED(status))
    return status;
  for (ULONG i = 0; i < count && SUCCEEDED(status); i++) {
    char path[PATH_SIZE], class_text[GUID_TEXT_UNITS], id_text[GUID_TEXT_UNITS];

    guid_format_utf8(clsid, class_text);
    guid_format_utf8(&ids[i], id_text);
    snprintf(path, sizeof path, "CLSID\\%s\\%s\\%s", class_text, key, id_text);
    status = add ? oleander_registry_create_key(edit, path) : oleander_registry_delete_key(edit, path);
  }
  return finish(edit, status);
}

static HRESULT STDMETHODCALLTYPE Categories_RegisterImpl(ICatRegister *face, REFCLSID clsid, ULONG count, CATID *ids) {
  (void)face;
  return edit_class(clsid, IMPLEMENTED, count, ids, true);
}

static HRESULT STDMETHODCALLTYPE Categories_UnRegisterImpl(ICatRegister *face, REFCLSID clsid, ULONG count,
                                                           CATID *ids) {
  (void)face;
  return edit_class(clsid, IMPLEMENTED, count, ids, false);
}

static HRESULT STDMETHODCALLTYPE Categories_RegisterReq(ICatRegister *face, REFCLSID clsid, ULONG count, CATID *ids) {
  (void)face;
  return edit_class(clsid, REQUIRED, count, ids, true);
}

static HRESULT STDMETHODCALLTYPE Categories_UnRegisterReq(ICatRegister *face, REFCLSID clsid, ULONG count, CATID *ids) {
  (void)face;
  return edit_class(clsid, REQUIRED, count, ids, false);
}

/* Reading */

/* A list that grows; elements of one size. */
typedef struct List {
  char *elements;
  size_t count, room, size;
} List;

static HRESULT list_add(List *list, const void *element) {
  if (list->count == list->room) {
    size_t room = list->room ? list->room * 2 : 16;
    char *elements = realloc(list->elements, room * list->size);

    if (!elements)
      return E_OUTOFMEMORY;
    list->elements = elements;
    list->room = room;
  }
  memcpy(list->elements + list->count++ * list->size, element, list->size);
  return S_OK;
}

static HRESULT open_key(const char *path, OleanderRegistryKey **key) {
  HRESULT status = oleander_registry_open(path, key);

  if (FAILED(status))
    *key = NULL;
  return status == REGDB_E_KEYMISSING ? S_FALSE : status;
}

/* The description in a language; else in the neutral one, the user's, or whichever there is. NULL: none. */
static const char *description_of(const OleanderRegistryKey *category, LCID lcid) {
  const LCID wanted[] = { lcid, lcid & 0xFFFF, 0, 0x409 };
  OleanderRegistryValue value;
  const char *any = NULL;
  size_t i, k;

  for (k = 0; k < sizeof wanted / sizeof wanted[0]; k++) {
    for (i = 0; oleander_registry_value_at(category, i, &value) == S_OK; i++) {
      char *end;
      unsigned long language = strtoul(value.name, &end, 16);

      if (!value.text || *end || end == value.name)
        continue;
      if (language == wanted[k])
        return value.text;
      if (!any)
        any = value.text;
    }
  }
  return any;
}

static HRESULT add_category(List *list, const OleanderRegistryKey *root, const char *name, LCID lcid) {
  CATEGORYINFO category = { .lcid = lcid };
  OleanderRegistryKey *key;

  if (!guid_parse_utf8(name, &category.catid))
    return S_OK;
  HRESULT status = oleander_registry_open_below(root, name, &key);
  if (FAILED(status))
    return status == REGDB_E_KEYMISSING ? S_OK : status;
  const char *text = description_of(key, lcid);
  OLECHAR *wide = utf16_copy(text ? text : "");
  for (size_t i = 0; wide && wide[i] && i < CATDESC_MAX - 1; i++)
    category.szDescription[i] = wide[i];
  status = wide ? list_add(list, &category) : E_OUTOFMEMORY;
  free(wide);
  oleander_registry_close(key);
  return status;
}

static HRESULT STDMETHODCALLTYPE Categories_EnumCategories(ICatInformation *face, LCID lcid,
                                                           IEnumCATEGORYINFO **result) {
  static const OleanderElements kind = { .size = sizeof(CATEGORYINFO) };
  List list = { .size = sizeof(CATEGORYINFO) };
  OleanderRegistryKey *root;
  const char *name;

  (void)face;
  if (!result)
    return E_POINTER;
  *result = NULL;
  HRESULT status = open_key(CATEGORIES, &root);
  for (size_t i = 0; root && SUCCEEDED(status) && (name = oleander_registry_key_at(root, i)) != NULL; i++)
    status = add_category(&list, root, name, lcid);
  oleander_registry_close(root);
  if (SUCCEEDED(status))
    status = oleander_enumerator_create(&IID_IEnumCATEGORYINFO, &kind, list.elements, list.count, (void **)result);
  free(list.elements);
  return status;
}

static HRESULT STDMETHODCALLTYPE Categories_GetCategoryDesc(ICatInformation *face, REFCATID id, LCID lcid,
                                                            LPWSTR *result) {
  char path[PATH_SIZE] = CATEGORIES "\\";
  OleanderRegistryKey *key;

  (void)face;
  if (!id || !result)
    return E_INVALIDARG;
  *result = NULL;
  guid_format_utf8(id, path + strlen(path));
  HRESULT status = open_key(path, &key);
  if (!key)
    return status == S_FALSE ? CAT_E_CATIDNOEXIST : status;
  const char *text = description_of(key, lcid);
  if (!text) {
    status = CAT_E_NODESCRIPTION;
  } else {
    size_t units = utf16_length(text, strlen(text));

    *result = CoTaskMemAlloc((units + 1) * sizeof(OLECHAR));
    if (*result)
      (*result)[utf16_from_utf8(text, strlen(text), *result)] = 0;
    status = *result ? S_OK : E_OUTOFMEMORY;
  }
  oleander_registry_close(key);
  return status;
}

/* The categories below a class's key. */
static HRESULT read_ids(const OleanderRegistryKey *class_key, const char *key, List *list) {
  OleanderRegistryKey *ids;
  const char *name;
  HRESULT status = oleander_registry_open_below(class_key, key, &ids);
  CATID id;

  if (FAILED(status))
    return status == REGDB_E_KEYMISSING ? S_OK : status;
  for (size_t i = 0; SUCCEEDED(status) && (name = oleander_registry_key_at(ids, i)) != NULL; i++) {
    if (guid_parse_utf8(name, &id))
      status = list_add(list, &id);
  }
  oleander_registry_close(ids);
  return status;
}

static bool contains(const CATID *ids, ULONG count, const CATID *id) {
  while (count > 0) {
    if (IsEqualCATID(&ids[--count], id))
      return true;
  }
  return false;
}

/* What a class must have: one of the implemented categories, and no need of others than the required ones. */
typedef struct Filter {
  ULONG implemented_count, required_count;
  const CATID *implemented, *required;
} Filter;

static bool is_valid(const Filter *filter) {
  return filter->implemented_count && (filter->implemented_count == ANY || filter->implemented) &&
         (!filter->required_count || filter->required_count == ANY || filter->required);
}

/* S_OK or S_FALSE. */
static HRESULT passes(const OleanderRegistryKey *class_key, const Filter *filter) {
  List implemented = { .size = sizeof(CATID) }, required = { .size = sizeof(CATID) };
  HRESULT status = read_ids(class_key, IMPLEMENTED, &implemented);
  bool has = filter->implemented_count == ANY, needs_more = false;

  if (SUCCEEDED(status))
    status = read_ids(class_key, REQUIRED, &required);
  for (size_t i = 0; i < implemented.count && !has; i++)
    has = contains(filter->implemented, filter->implemented_count, (const CATID *)(void *)implemented.elements + i);
  for (size_t i = 0; i < required.count && filter->required_count != ANY && !needs_more; i++)
    needs_more = !contains(filter->required, filter->required_count, (const CATID *)(void *)required.elements + i);
  free(implemented.elements);
  free(required.elements);
  if (FAILED(status))
    return status;
  return has && !needs_more ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Categories_EnumClasses(ICatInformation *face, ULONG implemented_count,
                                                        const CATID *implemented, ULONG required_count,
                                                        const CATID *required, IEnumGUID **result) {
  Filter filter = { implemented_count, required_count, implemented, required };
  List list = { .size = sizeof(CLSID) };
  OleanderRegistryKey *classes, *key;
  const char *name;
  CLSID clsid;

  (void)face;
  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!is_valid(&filter))
    return E_INVALIDARG;
  HRESULT status = open_key("CLSID", &classes);
  for (size_t i = 0; classes && SUCCEEDED(status) && (name = oleander_registry_key_at(classes, i)) != NULL; i++) {
    if (!guid_parse_utf8(name, &clsid) || FAILED(oleander_registry_open_below(classes, name, &key)))
      continue;
    status = passes(key, &filter);
    if (status == S_OK)
      status = list_add(&list, &clsid);
    oleander_registry_close(key);
  }
  oleander_registry_close(classes);
  if (SUCCEEDED(status))
    status = oleander_enumerator_create(&IID_IEnumCLSID, &oleander_guids, list.elements, list.count, (void **)result);
  free(list.elements);
  return status;
}

static HRESULT open_class(REFCLSID clsid, OleanderRegistryKey **key) {
  char path[PATH_SIZE] = "CLSID\\";

  guid_format_utf8(clsid, path + strlen(path));
  return open_key(path, key);
}

static HRESULT STDMETHODCALLTYPE Categories_IsClass(ICatInformation *face, REFCLSID clsid, ULONG implemented_count,
                                                    const CATID *implemented, ULONG required_count,
                                                    const CATID *required) {
  Filter filter = { implemented_count, required_count, implemented, required };
  OleanderRegistryKey *key;

  (void)face;
  if (!clsid || !is_valid(&filter))
    return E_INVALIDARG;
  HRESULT status = open_class(clsid, &key);
  if (!key)
    return status;
  status = passes(key, &filter);
  oleander_registry_close(key);
  return status;
}

static HRESULT enumerate_ids(REFCLSID clsid, const char *name, IEnumGUID **result) {
  List list = { .size = sizeof(CATID) };
  OleanderRegistryKey *key;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!clsid)
    return E_INVALIDARG;
  HRESULT status = open_class(clsid, &key);
  if (key)
    status = read_ids(key, name, &list);
  oleander_registry_close(key);
  if (SUCCEEDED(status))
    status = oleander_enumerator_create(&IID_IEnumCATID, &oleander_guids, list.elements, list.count, (void **)result);
  free(list.elements);
  return status;
}

static HRESULT STDMETHODCALLTYPE Categories_EnumImpl(ICatInformation *face, REFCLSID clsid, IEnumGUID **result) {
  (void)face;
  return enumerate_ids(clsid, IMPLEMENTED, result);
}

static HRESULT STDMETHODCALLTYPE Categories_EnumReq(ICatInformation *face, REFCLSID clsid, IEnumGUID **result) {
  (void)face;
  return enumerate_ids(clsid, REQUIRED, result);
}

static const ICatRegisterVtbl register_vtable = {
  OLEANDER_FACE_SLOTS(Categories, registration),
  Categories_RegisterCategories,
  Categories_UnRegisterCategories,
  Categories_RegisterImpl,
  Categories_UnRegisterImpl,
  Categories_RegisterReq,
  Categories_UnRegisterReq,
};
static const ICatInformationVtbl information_vtable = {
  OLEANDER_FACE_SLOTS(Categories, information),
  Categories_EnumCategories,
  Categories_GetCategoryDesc,
  Categories_EnumClasses,
  Categories_IsClass,
  Categories_EnumImpl,
  Categories_EnumReq,
};
static const ObjectFace categories_faces[] = {
  { &IID_ICatRegister, offsetof(Categories, registration), &register_vtable },
  { &IID_ICatInformation, offsetof(Categories, information), &information_vtable },
  { 0 },
};
static const ObjectType categories_type = { .name = "Categories",
                                            .object = offsetof(Categories, object),
                                            .faces = categories_faces };
static Categories the_categories = { { &register_vtable }, { &information_vtable }, OBJECT_LASTING(categories_type) };

HRESULT categories_create(IUnknown *outer, IUnknown **object) {
  if (outer)
    return CLASS_E_NOAGGREGATION;
  *object = (IUnknown *)&the_categories.registration;
  IUnknown_AddRef(*object);
  return S_OK;
}
