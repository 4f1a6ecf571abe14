/* array.c - SAFEARRAYs: the array userdata, and tables as arrays. Elements are converted by convert.c. */
#include "bridge/values/values.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char array_tag = 0;

#define DIMENSION_LIMIT 32
#define SMALL_TABLE     64

/* The userdata owns a keeper, whose VARIANT holds the array. */
typedef struct Array {
  const char *tag;
  Bridge *bridge;
  IUnknown *keeper;
  SAFEARRAY *array;
  VARTYPE vt;     /* of the elements */
  uint32_t flags; /* HandleFlags for the objects in it */
} Array;

static Array *array_userdata(lua_State *L, int index) {
  return tagged(L, index, &array_tag, sizeof(Array));
}

SAFEARRAY *array_at(lua_State *L, int index, VARTYPE *vt) {
  Array *array = lua_type(L, index) == LUA_TUSERDATA ? array_userdata(L, index) : NULL;
  if (!array)
    return NULL;
  *vt = array->vt;
  return array->array;
}

static size_t element_count(const SAFEARRAY *array) {
  size_t count = array->cDims != 0;
  for (USHORT i = 0; i < array->cDims; i++)
    count *= array->rgsabound[i].cElements;
  return count;
}

/* Types of elements that are one in memory and in meaning. */
static VARTYPE canonical(VARTYPE vt) {
  switch (vt) {
  case VT_INT:
    return VT_I4;
  case VT_UINT:
    return VT_UI4;
  case VT_HRESULT:
    return VT_ERROR;
  default:
    return vt;
  }
}

/* Whether an array of `given` elements can stand where one of `wanted` is expected. */
static bool elements_fit(VARTYPE given, VARTYPE wanted) {
  return canonical(given) == canonical(wanted) || (given == VT_DISPATCH && wanted == VT_UNKNOWN);
}

/* Dimension 1 is the leftmost; SAFEARRAYs store the bounds of the rightmost first. */
static const SAFEARRAYBOUND *bound_of(const SAFEARRAY *array, unsigned dimension) {
  return &array->rgsabound[array->cDims - dimension];
}

/* table to array */

typedef struct Shape {
  unsigned dimensions;
  SAFEARRAYBOUND bounds[DIMENSION_LIMIT];
} Shape;

/* No key of the table lies outside 1..count. Checked in full for small tables, else from the last element on, where a
 * table's other keys are. */
static HRESULT check_sequence(Converting *converting, int table, lua_Integer count) {
  lua_State *L = converting->L;
  if (count == 0 || count <= SMALL_TABLE)
    lua_pushnil(L);
  else
    lua_pushinteger(L, count);
  while (lua_next(L, table) != 0) {
    lua_pop(L, 1);
    if (lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 1 && lua_tointeger(L, -1) <= count)
      continue;
    bool hole = lua_isinteger(L, -1) && lua_tointeger(L, -1) > count;
    lua_pop(L, 1);
    return hole ? convert_problem(converting, DISP_E_TYPEMISMATCH, "the array has a hole at index %lld",
                                  (long long)count + 1)
                : convert_problem(converting, DISP_E_TYPEMISMATCH, "the array has keys that are no positions");
  }
  return S_OK;
}

/* The dimensions of a nested table are those of its first elements. */
static HRESULT measure(Converting *converting, int index, Shape *shape, bool nested) {
  lua_State *L = converting->L;
  int top = lua_gettop(L);
  shape->dimensions = 0;
  lua_pushvalue(L, index);
  while (lua_type(L, -1) == LUA_TTABLE && shape->dimensions < (nested ? DIMENSION_LIMIT : 1)) {
    if (!lua_checkstack(L, 4)) {
      lua_settop(L, top);
      return E_OUTOFMEMORY;
    }
    lua_Unsigned count = lua_rawlen(L, -1);
    if (count > 0x7FFFFFFF) {
      lua_settop(L, top);
      return convert_problem(converting, E_OUTOFMEMORY, "the table has too many elements");
    }
    shape->bounds[shape->dimensions].lLbound = 0;
    shape->bounds[shape->dimensions++].cElements = (ULONG)count;
    if (count == 0)
      break;
    lua_rawgeti(L, -1, 1);
  }
  lua_settop(L, top);
  return S_OK;
}

/* The plain case at full speed: numbers into a vector of R8 or I4. False: an element needs convert.c. */
static bool fill_numbers(lua_State *L, int table, VARTYPE vt, void *data, ULONG count) {
  if (vt != VT_R8)
    return false;
  double *numbers = data;
  for (ULONG i = 0; i < count; i++) {
    bool is = lua_rawgeti(L, table, (lua_Integer)i + 1) == LUA_TNUMBER;
    numbers[i] = lua_tonumberx(L, -1, NULL);
    lua_pop(L, 1);
    if (!is)
      return false;
  }
  return true;
}

static HRESULT located(Converting *converting, HRESULT result, lua_Integer at) {
  return convert_located(converting, result, "element %lld: ", (long long)at);
}

/* The index that lies so many elements behind a lower bound. */
static LONG index_behind(LONG lower, size_t offset) {
  return (LONG)((int64_t)lower + (int64_t)offset);
}

typedef struct Filling {
  const Type *element;
  SAFEARRAY *array;
  unsigned dimensions;
  LONG indexes[DIMENSION_LIMIT]; /* leftmost first */
} Filling;

static HRESULT fill(Converting *converting, Filling *filling, int table, unsigned dimension) {
  lua_State *L = converting->L;
  LONG lower = bound_of(filling->array, dimension + 1)->lLbound;
  ULONG count = bound_of(filling->array, dimension + 1)->cElements;
  bool last = dimension + 1 == filling->dimensions;
  if (!lua_checkstack(L, 8))
    return E_OUTOFMEMORY;
  if (lua_type(L, table) != LUA_TTABLE || lua_rawlen(L, table) != count) {
    if (lua_type(L, table) == LUA_TTABLE && dimension == 0)
      return convert_problem(converting, DISP_E_TYPEMISMATCH, "%lu values are wanted, %llu were given",
                             (unsigned long)count, (unsigned long long)lua_rawlen(L, table));
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "the nested tables are not rectangular");
  }
  HRESULT result = check_sequence(converting, table, count);
  if (FAILED(result))
    return result;
  if (filling->dimensions == 1 && fill_numbers(L, table, filling->element->vt, filling->array->pvData, count))
    return S_OK;
  for (ULONG i = 0; i < count && SUCCEEDED(result); i++) {
    filling->indexes[dimension] = index_behind(lower, i);
    int kind = lua_rawgeti(L, table, (lua_Integer)i + 1);
    void *storage = NULL;
    if (!last) {
      result = fill(converting, filling, lua_gettop(L), dimension + 1);
    } else if (kind == LUA_TNIL) {
      result =
          convert_problem(converting, DISP_E_TYPEMISMATCH, "the array has a hole at index %lu", (unsigned long)i + 1);
    } else {
      result = SafeArrayPtrOfIndex(filling->array, filling->indexes, &storage);
      if (SUCCEEDED(result)) {
        result = convert_from_lua(converting, lua_gettop(L), filling->element, storage);
        if (FAILED(result))
          result = located(converting, result, (lua_Integer)i + 1);
      }
    }
    lua_pop(L, 1);
  }
  return result;
}

static SAFEARRAY *create(const Type *element, Shape *shape, IRecordInfo *record) {
  return SafeArrayCreateEx(element->vt, shape->dimensions, shape->bounds, record);
}

static HRESULT fill_array(Converting *converting, int index, const Type *element, SAFEARRAY *array) {
  Filling filling = { .element = element, .array = array, .dimensions = array->cDims };
  Scratch *scratch = converting->scratch;
  converting->scratch = NULL; /* the elements belong to the array */
  converting->depth++;
  HRESULT result = fill(converting, &filling, index, 0);
  converting->depth--;
  converting->scratch = scratch;
  return result;
}

static HRESULT table_to_array(Converting *converting, int index, const Type *element, SAFEARRAY **result) {
  Shape shape;
  IRecordInfo *record = NULL;
  index = lua_absindex(converting->L, index);
  HRESULT status = measure(converting, index, &shape, element->kind != TYPE_RECORD);
  if (FAILED(status))
    return status;
  if (element->kind == TYPE_RECORD) {
    status = record_info_of_type(element, converting->owner, &record);
    if (FAILED(status))
      return convert_problem(converting, status, "the record type of the elements cannot be found");
  }
  SAFEARRAY *array = create(element, &shape, record);
  if (record)
    IRecordInfo_Release(record);
  if (!array)
    return E_OUTOFMEMORY;
  status = fill_array(converting, index, element, array);
  if (FAILED(status)) {
    SafeArrayDestroy(array);
    return status;
  }
  *result = array;
  return S_OK;
}

static HRESULT bytes_to_array(const char *bytes, size_t length, SAFEARRAY **result) {
  if (length > 0x7FFFFFFF)
    return E_OUTOFMEMORY;
  SAFEARRAY *array = SafeArrayCreateVector(VT_UI1, 0, (ULONG)length);
  if (!array)
    return E_OUTOFMEMORY;
  memcpy(array->pvData, bytes, length);
  *result = array;
  return S_OK;
}

HRESULT array_from_lua(Converting *converting, int index, const Type *elements, SAFEARRAY **array) {
  lua_State *L = converting->L;
  const Type *element = elements ? type_resolve(elements) : base_type_node(VT_VARIANT);
  VARTYPE vt;
  SAFEARRAY *given = array_at(L, index, &vt);
  if (given) {
    if (!elements_fit(vt, element->vt))
      return convert_problem(converting, DISP_E_TYPEMISMATCH, "an array of %s is wanted, not of %s",
                             base_type(element->vt) ? base_type(element->vt)->name : "records",
                             base_type(vt) ? base_type(vt)->name : "records");
    return SafeArrayCopy(given, array);
  }
  if (lua_type(L, index) == LUA_TTABLE)
    return table_to_array(converting, index, element, array);
  if (lua_type(L, index) == LUA_TSTRING && element->vt == VT_UI1) {
    size_t length;
    const char *bytes = lua_tolstring(L, index, &length);
    return bytes_to_array(bytes, length, array);
  }
  return convert_mismatch(converting, index, "an array");
}

HRESULT take_array(Converting *converting, int index, const Type *type, void *storage) {
  HRESULT result = array_from_lua(converting, index, type->target, storage);
  converting->owned = true;
  return result;
}

HRESULT variants_to_array(Converting *converting, int first, int count, SAFEARRAY **array) {
  SAFEARRAY *result = SafeArrayCreateVector(VT_VARIANT, 0, (ULONG)count);
  if (!result)
    return E_OUTOFMEMORY;
  for (int i = 0; i < count; i++) {
    HRESULT status = variant_from_lua(converting, first + i, (VARIANT *)result->pvData + i);
    if (FAILED(status)) {
      SafeArrayDestroy(result);
      return status;
    }
  }
  *array = result;
  return S_OK;
}

HRESULT bytes_to_bstr(Converting *converting, int index, BSTR *text) {
  VARTYPE vt;
  SAFEARRAY *array = array_at(converting->L, index, &vt);
  if (!array || vt != VT_UI1 || array->cDims != 1)
    return S_FALSE;
  *text = SysAllocStringByteLen(array->pvData, array->rgsabound[0].cElements);
  converting->owned = true;
  return *text ? S_OK : E_OUTOFMEMORY;
}

/* userdata */

typedef struct Delivery {
  Bridge *bridge;
  SAFEARRAY **array;
  VARTYPE vt;
  uint32_t flags;
} Delivery;

static int deliver(lua_State *L) {
  Delivery *delivery = lua_touserdata(L, 1);
  Array *array = lua_newuserdatauv(L, sizeof *array, 0);
  memset(array, 0, sizeof *array);
  VARIANT *place;
  IUnknown *keeper = keeper_create(&place);
  if (!keeper || !bridge_reserve_release(delivery->bridge)) {
    if (keeper)
      IUnknown_Release(keeper);
    return raise_status(L, E_OUTOFMEMORY, NULL);
  }
  V_VT(place) = (VARTYPE)(VT_ARRAY | delivery->vt);
  V_ARRAY(place) = *delivery->array;
  array->tag = &array_tag;
  array->bridge = delivery->bridge;
  array->array = *delivery->array;
  array->vt = delivery->vt;
  array->flags = delivery->flags & ~(uint32_t)HANDLE_REFERENCES;
  array->keeper = keeper;
  *delivery->array = NULL;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &array_tag);
  lua_setmetatable(L, -2);
  return 1;
}

/* The collector weighs the userdata, not the array behind it. It is told of many bytes at a time: a step that counts a few of
 * them can be a whole cycle of a small state. A collector that the script stopped stays so. */
enum { BYTES_A_STEP = 4 << 20 };

static void weigh_bytes(lua_State *L, Bridge *bridge, size_t bytes) {
  bridge->array_bytes += bytes;
  if (bridge->array_bytes < BYTES_A_STEP)
    return;
  size_t kilobytes = bridge->array_bytes >> 10;
  bridge->array_bytes = 0;
  if (lua_gc(L, LUA_GCISRUNNING))
    lua_gc(L, LUA_GCSTEP, kilobytes < INT_MAX ? (int)kilobytes : INT_MAX);
}

void array_push(lua_State *L, const Giving *giving, SAFEARRAY **array, VARTYPE vt) {
  if (!*array) {
    lua_pushnil(L);
    return;
  }
  Delivery delivery = { giving->bridge, array, vt, giving->flags };
  VARTYPE said = VT_EMPTY;
  bool sane = (*array)->cDims != 0 && (*array)->cDims <= DIMENSION_LIMIT &&
              ((*array)->pvData != NULL || element_count(*array) == 0);
  if (SUCCEEDED(SafeArrayGetVartype(*array, &said)))
    sane = sane && (elements_fit(said, vt) || (said == VT_UNKNOWN && vt == VT_DISPATCH));
  if (said == VT_UNKNOWN)
    delivery.vt = VT_UNKNOWN;
  if (base_type_node(vt))
    sane = sane && (*array)->cbElements == base_type_node(vt)->size;
  size_t bytes = sane ? element_count(*array) * (*array)->cbElements : 0;
  bool pushed = sane && bridge_protected(L, deliver, &delivery, 1);
  if (*array) {
    SafeArrayDestroy(*array);
    *array = NULL;
  }
  if (!sane)
    raise_text(L, DISP_E_BADVARTYPE, NULL, "the server returned an array that contradicts itself");
  if (!pushed)
    lua_error(L);
  weigh_bytes(L, giving->bridge, bytes);
}

void give_array(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  SAFEARRAY *array = *(SAFEARRAY **)storage;
  *(SAFEARRAY **)storage = NULL;
  array_push(L, giving, &array, type_resolve(type->target)->vt);
}

static Array *array_check(lua_State *L, int index) {
  Array *array = array_userdata(L, index);
  if (!array)
    raise_argument(L, E_INVALIDARG, NULL, index, "an array is wanted, not %s", value_type_name(L, index));
  else if (!array->array)
    raise_text(L, CO_E_RELEASED, "array", "the array is gone: its state is being closed");
  return array;
}

static int array_gc(lua_State *L) {
  Array *array = array_userdata(L, 1);
  if (!array || !array->keeper)
    return 0;
  bool plain = (array->array->fFeatures & (FADF_UNKNOWN | FADF_DISPATCH | FADF_VARIANT | FADF_RECORD)) == 0;
  IUnknown *keeper = array->keeper;
  array->keeper = NULL;
  array->array = NULL; /* a finalizer that runs later finds nothing */
  if (plain) {
    bridge_unreserve_release(array->bridge);
    IUnknown_Release(keeper);
  } else {
    bridge_defer_release(array->bridge, keeper);
  }
  return 0;
}

/* Pushes a copy of an element: the array keeps its own. */
static void push_element(lua_State *L, const Array *array, void *storage) {
  Giving giving = { array->bridge, NULL, array->flags };
  if (array->vt == VT_RECORD) {
    IRecordInfo *info = NULL;
    HRESULT result = SafeArrayGetRecordInfo(array->array, &info);
    if (FAILED(result))
      raise_status(L, result, "array");
    record_push(L, &giving, info, storage);
    IRecordInfo_Release(info);
    return;
  }
  VARIANT reference;
  V_VT(&reference) = (VARTYPE)(VT_BYREF | array->vt);
  V_BYREF(&reference) = storage;
  variant_push(L, &giving, &reference);
}

/* The indexes of the element at a position from 0, counted with the rightmost index fastest. */
static void indexes_of(const SAFEARRAY *array, size_t position, LONG indexes[DIMENSION_LIMIT]) {
  for (unsigned dimension = array->cDims; dimension >= 1; dimension--) {
    const SAFEARRAYBOUND *bound = bound_of(array, dimension);
    indexes[dimension - 1] = index_behind(bound->lLbound, position % bound->cElements);
    position /= bound->cElements;
  }
}

static void *element_at(Array *array, size_t position) {
  LONG indexes[DIMENSION_LIMIT];
  void *storage = NULL;
  if (array->array->cDims == 1)
    return (char *)array->array->pvData + position * array->array->cbElements;
  indexes_of(array->array, position, indexes);
  return SUCCEEDED(SafeArrayPtrOfIndex(array->array, indexes, &storage)) ? storage : NULL;
}

/* Indexes by the bounds of COM, given as `count` values from `first` on. Raises. */
static void check_indexes(lua_State *L, const Array *array, const char *function, int first, int count,
                          LONG indexes[DIMENSION_LIMIT]) {
  if (count != array->array->cDims)
    raise_text(L, DISP_E_BADINDEX, function, "the array has %d dimensions, %d %s given", (int)array->array->cDims,
               count, count == 1 ? "index was" : "indexes were");
  for (int i = 0; i < count; i++) {
    const SAFEARRAYBOUND *bound = bound_of(array->array, (unsigned)i + 1);
    int64_t lower = bound->lLbound, upper = lower + (int64_t)bound->cElements - 1;
    int exact = 0;
    lua_Integer index = lua_type(L, first + i) == LUA_TNUMBER ? lua_tointegerx(L, first + i, &exact) : 0;
    if (!exact)
      raise_text(L, DISP_E_BADINDEX, function, "index %d: an integer is wanted, not %s", i + 1,
                 value_type_name(L, first + i));
    if (index < lower || index > upper)
      raise_text(L, DISP_E_BADINDEX, function, "index %d: %lld is outside of %lld to %lld", i + 1, (long long)index,
                 (long long)lower, (long long)upper);
    indexes[i] = (LONG)index;
  }
}

/* The same for a[{i, j}], where the table is at 2; it is spread over the top of the stack. */
static void check_index_table(lua_State *L, const Array *array, LONG indexes[DIMENSION_LIMIT]) {
  lua_Unsigned count = lua_rawlen(L, 2);
  if (count > DIMENSION_LIMIT)
    count = DIMENSION_LIMIT + 1;
  int first = lua_gettop(L) + 1;
  luaL_checkstack(L, DIMENSION_LIMIT + LUA_MINSTACK, NULL);
  for (lua_Unsigned i = 1; i <= count; i++)
    lua_rawgeti(L, 2, (lua_Integer)i);
  check_indexes(L, array, "array", first, (int)count, indexes);
  lua_settop(L, first - 1);
}

static int push_at_indexes(lua_State *L, Array *array, const char *function, LONG *indexes) {
  void *storage = NULL;
  HRESULT result = SafeArrayPtrOfIndex(array->array, indexes, &storage);
  if (FAILED(result))
    return raise_status(L, result, function);
  push_element(L, array, storage);
  return 1;
}

static int raise_index(lua_State *L, const Array *array) {
  const char *also = array->array->cDims > 1 ? ", or by a table of its indexes: a[{i, j}]" : "";
  return raise_text(L, DISP_E_BADINDEX, "array", "an array is indexed by position%s, not by %s", also,
                    value_type_name(L, 2));
}

/* a[position], a[{i, j}], a.method */
static int array_index(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING) {
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNIL)
      return raise_text(L, DISP_E_UNKNOWNNAME, "array",
                        "an array has no method %s, only at, set, bounds, type, totable, pairs", lua_tostring(L, 2));
    return 1;
  }
  Array *array = array_check(L, 1);
  lua_settop(L, 2);
  if (lua_type(L, 2) == LUA_TTABLE) {
    LONG indexes[DIMENSION_LIMIT];
    check_index_table(L, array, indexes);
    return push_at_indexes(L, array, "array", indexes);
  }
  int exact = 0;
  lua_Integer position = lua_type(L, 2) == LUA_TNUMBER ? lua_tointegerx(L, 2, &exact) : 0;
  if (!exact)
    return raise_index(L, array);
  if (position < 1 || (size_t)position > element_count(array->array))
    return 0;
  push_element(L, array, element_at(array, (size_t)position - 1));
  return 1;
}

static HRESULT set_element(Converting *converting, Array *array, int index, LONG *indexes) {
  union {
    VARIANT variant;
    DECIMAL decimal;
    uint64_t words[4];
  } value;
  const Type *element = base_type_node(array->vt);
  if (!element)
    return convert_problem(converting, E_NOTIMPL, "elements of this type cannot be assigned");
  memset(&value, 0, sizeof value);
  HRESULT result = convert_from_lua(converting, index, element, &value);
  if (SUCCEEDED(result)) {
    /* BSTRs and interfaces are passed themselves, all else by address. */
    bool direct = array->vt == VT_BSTR || array->vt == VT_DISPATCH || array->vt == VT_UNKNOWN;
    result = SafeArrayPutElement(array->array, indexes, direct ? *(void **)&value : &value);
    type_clear(element, &value);
  }
  return result;
}

static int set_at_indexes(lua_State *L, Array *array, const char *function, int value, LONG *indexes) {
  Converting converting = { .L = L, .bridge = array->bridge };
  HRESULT result = set_element(&converting, array, value, indexes);
  if (FAILED(result) && converting.problem[0] == 0)
    return raise_status(L, result, function);
  if (FAILED(result))
    return raise_text(L, result, function, "the element: %s", converting.problem);
  return 0;
}

/* a[position] = v, a[{i, j}] = v */
static int array_newindex(lua_State *L) {
  Array *array = array_check(L, 1);
  LONG indexes[DIMENSION_LIMIT];
  lua_settop(L, 3);
  if (lua_type(L, 2) == LUA_TTABLE) {
    check_index_table(L, array, indexes);
    return set_at_indexes(L, array, "array", 3, indexes);
  }
  int exact = 0;
  lua_Integer position = lua_type(L, 2) == LUA_TNUMBER ? lua_tointegerx(L, 2, &exact) : 0;
  if (!exact)
    return raise_index(L, array);
  if (position < 1 || (size_t)position > element_count(array->array))
    return raise_text(L, DISP_E_BADINDEX, "array", "there is no position %lld (1 to %lld)", (long long)position,
                      (long long)element_count(array->array));
  indexes_of(array->array, (size_t)position - 1, indexes);
  return set_at_indexes(L, array, lua_pushfstring(L, "array element %I", (LUAI_UACINT)position), 3, indexes);
}

static int array_length(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)element_count(array_check(L, 1)->array));
  return 1;
}

/* a:at(i, j): by the bounds of COM. */
static int array_at_indexes(lua_State *L) {
  Array *array = array_check(L, 1);
  LONG indexes[DIMENSION_LIMIT];
  check_indexes(L, array, "array:at", 2, lua_gettop(L) - 1, indexes);
  return push_at_indexes(L, array, "array:at", indexes);
}

/* a:set(i, j, value) */
static int array_set_indexes(lua_State *L) {
  Array *array = array_check(L, 1);
  LONG indexes[DIMENSION_LIMIT];
  int last = lua_gettop(L);
  if (last < 2)
    return raise_text(L, DISP_E_PARAMNOTOPTIONAL, "array:set", "the indexes and the new value are missing");
  check_indexes(L, array, "array:set", 2, last - 2, indexes);
  return set_at_indexes(L, array, "array:set", last, indexes);
}

/* a:bounds(): lower and upper bound of each dimension. */
static int array_bounds(lua_State *L) {
  Array *array = array_check(L, 1);
  luaL_checkstack(L, 2 * DIMENSION_LIMIT, NULL);
  for (unsigned i = 1; i <= array->array->cDims; i++) {
    const SAFEARRAYBOUND *bound = bound_of(array->array, i);
    lua_pushinteger(L, bound->lLbound);
    lua_pushinteger(L, (lua_Integer)bound->lLbound + (lua_Integer)bound->cElements - 1);
  }
  return 2 * array->array->cDims;
}

static void push_type_name(lua_State *L, VARTYPE vt) {
  const BaseType *base = base_type(vt);
  char name[16];
  size_t i = 0;
  for (const char *text = base ? base->name : "record"; *text != 0 && i < sizeof name - 1; text++)
    name[i++] = (char)(*text >= 'A' && *text <= 'Z' ? *text + 32 : *text);
  lua_pushlstring(L, name, i);
}

static int array_type(lua_State *L) {
  push_type_name(L, array_check(L, 1)->vt);
  return 1;
}

static void push_table(lua_State *L, Array *array, unsigned dimension, size_t *position) {
  ULONG count = bound_of(array->array, dimension)->cElements;
  luaL_checkstack(L, 4, NULL);
  lua_createtable(L, count < 0x4000000 ? (int)count : 0, 0);
  for (ULONG i = 0; i < count; i++) {
    if (dimension < array->array->cDims)
      push_table(L, array, dimension + 1, position);
    else
      push_element(L, array, element_at(array, (*position)++));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

static int array_totable(lua_State *L) {
  Array *array = array_check(L, 1);
  size_t position = 0;
  if (array->array->cDims == 1 && array->vt == VT_R8) {
    const double *numbers = array->array->pvData;
    ULONG count = array->array->rgsabound[0].cElements;
    lua_createtable(L, count < 0x4000000 ? (int)count : 0, 0);
    for (ULONG i = 0; i < count; i++) {
      lua_pushnumber(L, numbers[i]);
      lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
  }
  push_table(L, array, 1, &position);
  return 1;
}

static int array_next(lua_State *L) {
  Array *array = array_check(L, 1);
  lua_Integer before = lua_tointeger(L, 2);
  if (before < 0 || (size_t)before >= element_count(array->array)) {
    lua_pushnil(L);
    return 1;
  }
  lua_pushinteger(L, before + 1);
  push_element(L, array, element_at(array, (size_t)before));
  return 2;
}

static int array_pairs(lua_State *L) {
  array_check(L, 1);
  lua_pushcfunction(L, array_next);
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  return 3;
}

static int array_tostring(lua_State *L) {
  Array *array = array_check(L, 1);
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  luaL_addstring(&buffer, "array of ");
  push_type_name(L, array->vt);
  luaL_addvalue(&buffer);
  for (unsigned i = 1; i <= array->array->cDims; i++) {
    const SAFEARRAYBOUND *bound = bound_of(array->array, i);
    char text[64];
    snprintf(text, sizeof text, "%s%ld..%ld", i == 1 ? " [" : ", ", (long)bound->lLbound,
             (long)bound->lLbound + (long)bound->cElements - 1);
    luaL_addstring(&buffer, text);
  }
  luaL_addstring(&buffer, "]");
  luaL_pushresult(&buffer);
  return 1;
}

void array_open_type(lua_State *L) {
  static const luaL_Reg methods[] = { { "at", array_at_indexes },
                                      { "set", array_set_indexes },
                                      { "bounds", array_bounds },
                                      { "type", array_type },
                                      { "totable", array_totable },
                                      { "pairs", array_pairs },
                                      { NULL, NULL } };
  static const luaL_Reg metamethods[] = {
    { "__gc", array_gc },       { "__newindex", array_newindex }, { "__len", array_length },
    { "__pairs", array_pairs }, { "__tostring", array_tostring }, { NULL, NULL }
  };
  luaL_newlib(L, metamethods);
  luaL_newlib(L, methods);
  lua_pushcclosure(L, array_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pushliteral(L, "array");
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "array");
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &array_tag);
}

/* core.* */

/* bytes(string) is a UI1 array; bytes(array) its bytes as a string. */
static int core_bytes(lua_State *L) {
  VARTYPE vt;
  SAFEARRAY *array = array_at(L, 1, &vt);
  if (array) {
    if (vt != VT_UI1 || array->cDims != 1)
      return raise_argument(L, DISP_E_TYPEMISMATCH, "com.bytes", 1, "an array of ui1 with one dimension is wanted");
    lua_pushlstring(L, array->pvData, array->rgsabound[0].cElements);
    return 1;
  }
  if (lua_type(L, 1) != LUA_TSTRING)
    return raise_argument(L, DISP_E_TYPEMISMATCH, "com.bytes", 1, "a string or an array is wanted, not %s",
                          value_type_name(L, 1));
  size_t length;
  const char *bytes = lua_tolstring(L, 1, &length);
  SAFEARRAY *made = NULL;
  HRESULT result = bytes_to_array(bytes, length, &made);
  if (FAILED(result))
    return raise_status(L, result, "com.bytes");
  Giving giving = { .bridge = bridge_get(L) };
  array_push(L, &giving, &made, VT_UI1);
  return 1;
}

static void read_bounds(lua_State *L, int table, Shape *shape) {
  lua_Unsigned count = lua_rawlen(L, table);
  if (count == 0 || count % 2 != 0 || count / 2 > DIMENSION_LIMIT)
    raise_argument(L, E_INVALIDARG, "com.array", 2, "bounds are pairs of a lower and an upper bound");
  shape->dimensions = (unsigned)(count / 2);
  for (unsigned i = 0; i < shape->dimensions; i++) {
    lua_rawgeti(L, table, 2 * (lua_Integer)i + 1);
    lua_rawgeti(L, table, 2 * (lua_Integer)i + 2);
    int exact_lower, exact_upper;
    lua_Integer lower = lua_tointegerx(L, -2, &exact_lower), upper = lua_tointegerx(L, -1, &exact_upper);
    lua_pop(L, 2);
    if (!exact_lower || !exact_upper || lower < INT32_MIN || upper > INT32_MAX || upper < lower - 1 ||
        upper - lower >= (lua_Integer)UINT32_MAX)
      raise_argument(L, E_INVALIDARG, "com.array", 2, "dimension %d has no such bounds", (int)i + 1);
    shape->bounds[i].lLbound = (LONG)lower;
    shape->bounds[i].cElements = (ULONG)(upper - lower + 1);
  }
}

/* new_array(type name, flat bounds or nil, values or nil); lua/oleander/values.lua brings the bounds into that form. */
static int core_new_array(lua_State *L) {
  size_t length;
  const char *name = luaL_checklstring(L, 1, &length);
  const BaseType *base = base_type_named(name, length);
  const Type *element = base && base->in_variant ? base_type_node(base->vt) : NULL;
  if (!element)
    return raise_argument(L, E_INVALIDARG, "com.array", 1, "%s is no type of array elements", name);
  lua_settop(L, 3);
  if (!lua_isnil(L, 2) && lua_type(L, 2) != LUA_TTABLE)
    return raise_argument(L, E_INVALIDARG, "com.array", 2, "a count or a table of bounds is wanted, not %s",
                          value_type_name(L, 2));
  Bridge *bridge = bridge_get(L);
  Giving giving = { .bridge = bridge };
  Converting converting = { .L = L, .bridge = bridge };
  SAFEARRAY *array = NULL;
  HRESULT result = S_OK;
  if (lua_isnil(L, 2)) {
    result = array_from_lua(&converting, 3, element, &array);
  } else {
    Shape shape;
    read_bounds(L, 2, &shape);
    array = create(element, &shape, NULL);
    if (!array)
      return raise_status(L, E_OUTOFMEMORY, "com.array");
    if (!lua_isnil(L, 3))
      result = lua_type(L, 3) == LUA_TTABLE ? fill_array(&converting, 3, element, array)
                                            : convert_mismatch(&converting, 3, "a table of values");
    if (FAILED(result))
      SafeArrayDestroy(array);
  }
  if (FAILED(result))
    return raise_argument(L, result, "com.array", 3, "%s", converting.problem);
  array_push(L, &giving, &array, element->vt);
  return 1;
}

const luaL_Reg core_array_functions[] = { { "bytes", core_bytes }, { "new_array", core_new_array }, { NULL, NULL } };
