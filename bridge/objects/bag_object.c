/* bag_object.c - a property bag over a Lua table (com.bag): IPropertyBag and IPropertyBag2. What it reads and writes is in
 * lua/oleander/bag.lua. */
#include "bridge/objects/events_internal.h"

#include <oleander_object.h>
#include <stdlib.h>
#include <string.h>

typedef struct TableBag {
  IPropertyBag bag;
  IPropertyBag2 second;
  OleanderUnknown object;
  Deferred deferred;
  Token *token;
  int handler; /* registry reference of the function */
} TableBag;

/* One question to the function, answered on a coroutine of the state. */
typedef struct Question {
  TableBag *bag;
  const char *what; /* "read", "write", "name" */
  const OLECHAR *name;
  lua_Integer index; /* of a name, from 1 */
  VARIANT *value;    /* to be written */
  HRESULT result;
  VARIANT answer;
  lua_Integer count;
} Question;

static void bag_end(lua_State *L, Token *token, Deferred *deferred) {
  TableBag *bag = (TableBag *)(void *)((char *)deferred - offsetof(TableBag, deferred));
  if (L)
    luaL_unref(L, LUA_REGISTRYINDEX, bag->handler);
  free(bag);
  token_release(token);
}

/* In its state, where the function is. */
static void bag_destroy(void *self) {
  TableBag *bag = self;
  token_defer(bag->token, &bag->deferred);
}

OLEANDER_UNKNOWN_FACE(TableBag, bag, IPropertyBag)
OLEANDER_UNKNOWN_FACE(TableBag, second, IPropertyBag2)

/* The value, or the name, and how many there are. S_FALSE: there is none. */
static int ask_protected(lua_State *L) {
  Question *question = lua_touserdata(L, 1);
  Bridge *bridge = question->bag->token->bridge;
  lua_rawgeti(L, LUA_REGISTRYINDEX, question->bag->handler);
  lua_pushstring(L, question->what);
  if (question->name) {
    size_t units = 0;
    while (question->name[units])
      units++;
    text_push_utf16(L, question->name, units);
  } else {
    lua_pushinteger(L, question->index);
  }
  if (question->value) {
    Giving giving = { .bridge = bridge };
    variant_push(L, &giving, question->value);
  } else {
    lua_pushnil(L);
  }
  lua_call(L, 3, 2);
  question->count = lua_tointeger(L, -1);
  lua_pop(L, 1);
  if (lua_isnil(L, -1)) {
    question->result = S_FALSE;
    return 0;
  }
  Converting converting = { .L = L, .bridge = bridge };
  question->result = variant_from_lua(&converting, lua_gettop(L), &question->answer);
  if (FAILED(question->result))
    return raise_text(L, question->result, "property bag", "%s", converting.problem);
  return 0;
}

static void ask_body(lua_State *L, void *context) {
  Question *question = context;
  if (!lua_checkstack(L, LUA_MINSTACK)) {
    question->result = E_OUTOFMEMORY;
    return;
  }
  lua_pushcfunction(L, ask_protected);
  lua_pushlightuserdata(L, question);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK)
    question->result = error_to_status(L, question->bag->token, &IID_IPropertyBag, "Lua");
}

static HRESULT ask(Question *question) {
  VariantInit(&question->answer);
  HRESULT status = token_run(question->bag->token, ask_body, question);
  return FAILED(status) ? status : question->result;
}

/* *value says which type is wanted; VT_EMPTY: any. */
static HRESULT read_value(TableBag *bag, const OLECHAR *name, VARIANT *value) {
  VARTYPE wanted = V_VT(value);
  Question question = { .bag = bag, .what = "read", .name = name };
  HRESULT status = ask(&question);
  VariantInit(value);
  if (status == S_FALSE)
    return E_INVALIDARG; /* there is no such property */
  if (SUCCEEDED(status) && wanted != VT_EMPTY && wanted != V_VT(&question.answer)) {
    status = VariantChangeType(value, &question.answer, 0, wanted);
    VariantClear(&question.answer);
    return status;
  }
  *value = question.answer;
  return status;
}

static HRESULT write_value(TableBag *bag, const OLECHAR *name, VARIANT *value) {
  Question question = { .bag = bag, .what = "write", .name = name, .value = value };
  HRESULT status = ask(&question);
  return FAILED(status) ? status : S_OK;
}

static HRESULT STDMETHODCALLTYPE TableBag_Read(IPropertyBag *face, LPCOLESTR name, VARIANT *value, IErrorLog *log) {
  (void)log;
  return name && value ? read_value(OLEANDER_SELF(face, TableBag, bag), name, value) : E_POINTER;
}

static HRESULT STDMETHODCALLTYPE TableBag_Write(IPropertyBag *face, LPCOLESTR name, VARIANT *value) {
  return name && value ? write_value(OLEANDER_SELF(face, TableBag, bag), name, value) : E_POINTER;
}

static HRESULT STDMETHODCALLTYPE TableBag_ReadMany(IPropertyBag2 *face, ULONG count, PROPBAG2 *properties,
                                                   IErrorLog *log, VARIANT *values, HRESULT *statuses) {
  HRESULT first = S_OK;
  (void)log;
  if (count && (!properties || !values))
    return E_POINTER;
  for (ULONG i = 0; i < count; i++) {
    VariantInit(&values[i]);
    V_VT(&values[i]) = properties[i].vt;
    HRESULT status = properties[i].pstrName
                         ? read_value(OLEANDER_SELF(face, TableBag, second), properties[i].pstrName, &values[i])
                         : E_INVALIDARG;
    if (FAILED(status))
      VariantInit(&values[i]);
    if (statuses)
      statuses[i] = status;
    if (FAILED(status) && SUCCEEDED(first))
      first = status;
  }
  return first;
}

static HRESULT STDMETHODCALLTYPE TableBag_WriteMany(IPropertyBag2 *face, ULONG count, PROPBAG2 *properties,
                                                    VARIANT *values) {
  HRESULT status = S_OK;
  if (count && (!properties || !values))
    return E_POINTER;
  for (ULONG i = 0; i < count && SUCCEEDED(status); i++)
    status = properties[i].pstrName
                 ? write_value(OLEANDER_SELF(face, TableBag, second), properties[i].pstrName, &values[i])
                 : E_INVALIDARG;
  return status;
}

static HRESULT STDMETHODCALLTYPE TableBag_CountProperties(IPropertyBag2 *face, ULONG *count) {
  if (!count)
    return E_POINTER;
  Question question = { .bag = OLEANDER_SELF(face, TableBag, second), .what = "name", .index = 1 };
  HRESULT status = ask(&question);
  VariantClear(&question.answer);
  *count = (ULONG)question.count;
  return FAILED(status) ? status : S_OK;
}

static HRESULT property_at(TableBag *bag, ULONG index, PROPBAG2 *property) {
  Question question = { .bag = bag, .what = "name", .index = (lua_Integer)index + 1 };
  HRESULT status = ask(&question);
  if (status != S_OK)
    return status;
  if (V_VT(&question.answer) != VT_BSTR) {
    VariantClear(&question.answer);
    return E_UNEXPECTED;
  }
  BSTR name = V_BSTR(&question.answer);
  size_t size = ((size_t)SysStringLen(name) + 1) * sizeof *name;
  VARIANT value;
  VariantInit(&value);
  *property = (PROPBAG2){ .dwType = PROPBAG2_TYPE_DATA, .pstrName = CoTaskMemAlloc(size) };
  if (property->pstrName) {
    memcpy(property->pstrName, name, size);
    if (SUCCEEDED(read_value(bag, name, &value)))
      property->vt = V_VT(&value);
    if (property->vt == VT_UNKNOWN || property->vt == VT_DISPATCH)
      property->dwType = PROPBAG2_TYPE_OBJECT;
    VariantClear(&value);
  }
  SysFreeString(name);
  return property->pstrName ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE TableBag_GetPropertyInfo(IPropertyBag2 *face, ULONG first, ULONG count,
                                                          PROPBAG2 *properties, ULONG *got) {
  if (!properties || !got)
    return E_POINTER;
  *got = 0;
  memset(properties, 0, count * sizeof *properties);
  while (*got < count) {
    HRESULT status = property_at(OLEANDER_SELF(face, TableBag, second), first + *got, &properties[*got]);
    if (FAILED(status)) {
      for (ULONG i = 0; i < *got; i++)
        CoTaskMemFree(properties[i].pstrName);
      memset(properties, 0, count * sizeof *properties);
      *got = 0;
      return status;
    }
    if (status != S_OK)
      break;
    ++*got;
  }
  return S_OK;
}

/* A property that is a bag itself is loaded into the object. */
static HRESULT STDMETHODCALLTYPE TableBag_LoadObject(IPropertyBag2 *face, LPCOLESTR name, DWORD hint, IUnknown *object,
                                                     IErrorLog *log) {
  IPersistPropertyBag *loaded = NULL;
  IPropertyBag *inner = NULL;
  VARIANT value;
  (void)hint;
  if (!name || !object)
    return E_POINTER;
  VariantInit(&value);
  HRESULT status = read_value(OLEANDER_SELF(face, TableBag, second), name, &value);
  if (SUCCEEDED(status) && V_VT(&value) != VT_UNKNOWN && V_VT(&value) != VT_DISPATCH)
    status = DISP_E_TYPEMISMATCH;
  if (SUCCEEDED(status))
    status = IUnknown_QueryInterface(V_UNKNOWN(&value), &IID_IPropertyBag, (void **)&inner);
  if (SUCCEEDED(status))
    status = IUnknown_QueryInterface(object, &IID_IPersistPropertyBag, (void **)&loaded);
  if (SUCCEEDED(status))
    status = IPersistPropertyBag_Load(loaded, inner, log);
  if (loaded)
    IPersistPropertyBag_Release(loaded);
  if (inner)
    IPropertyBag_Release(inner);
  VariantClear(&value);
  return status;
}

static const IPropertyBagVtbl bag_vtable = { OLEANDER_FACE_SLOTS(TableBag, bag), TableBag_Read, TableBag_Write };
static const IPropertyBag2Vtbl second_vtable = { OLEANDER_FACE_SLOTS(TableBag, second),
                                                 TableBag_ReadMany,
                                                 TableBag_WriteMany,
                                                 TableBag_CountProperties,
                                                 TableBag_GetPropertyInfo,
                                                 TableBag_LoadObject };
static const OleanderFace bag_faces[] = { { &IID_IPropertyBag, offsetof(TableBag, bag), &bag_vtable },
                                          { &IID_IPropertyBag2, offsetof(TableBag, second), &second_vtable },
                                          { 0 } };
static const OleanderType bag_type = { "PropertyBag", 0, offsetof(TableBag, object), bag_faces, bag_destroy, NULL };

/* table_bag(function): a bag whose values the function gives and takes */
static int core_table_bag(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  luaL_checktype(L, 1, LUA_TFUNCTION);
  Token *token = token_get(L, bridge);
  lua_settop(L, 1);
  int handler = luaL_ref(L, LUA_REGISTRYINDEX);
  TableBag *bag = calloc(1, sizeof *bag);
  if (!bag) {
    luaL_unref(L, LUA_REGISTRYINDEX, handler);
    return raise_status(L, E_OUTOFMEMORY, "com.bag");
  }
  bag->bag.lpVtbl = (IPropertyBagVtbl *)(void *)&bag_vtable;
  bag->second.lpVtbl = (IPropertyBag2Vtbl *)(void *)&second_vtable;
  oleander_unknown_begin(&bag->object, &bag_type, NULL);
  bag->deferred.run = bag_end;
  bag->token = token_addref(token);
  bag->handler = handler;
  Arrival arrival = { .iid = &IID_IPropertyBag, .client_view = true };
  handle_push(L, bridge, (IUnknown *)(void *)&bag->bag, &arrival);
  return 1;
}

const luaL_Reg core_table_bag_functions[] = { { "table_bag", core_table_bag }, { NULL, NULL } };
