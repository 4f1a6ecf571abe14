/* Property sets: all types there and back, names, code pages, what other programs write, damage. */
#include "storage/storage_tests.h"

#include <unistd.h>

#include "support/scratch.h"

static IPropertySetStorage *sets_of(IStorage *storage) {
  IPropertySetStorage *sets;
  IStorage *again;

  OK(IStorage_QueryInterface(storage, &IID_IPropertySetStorage, (void **)&sets));
  OK(IPropertySetStorage_QueryInterface(sets, &IID_IStorage, (void **)&again));
  assert_ptr_equal(again, storage);
  IStorage_Release(again);
  return sets;
}

static IStorage *new_root(ILockBytes *bytes) {
  IStorage *root;

  OK(StgCreateDocfileOnILockBytes(bytes, STGM_CREATE | RW, 0, &root));
  return root;
}

static PROPSPEC by_id(PROPID id) {
  return (PROPSPEC){ .ulKind = PRSPEC_PROPID, .propid = id };
}

static PROPSPEC by_name(const OLECHAR *name) {
  return (PROPSPEC){ .ulKind = PRSPEC_LPWSTR, .lpwstr = (LPOLESTR)name };
}

static const FMTID mine = { 0x11223344, 0x5566, 0x7788, { 1, 2, 3, 4, 5, 6, 7, 8 } };

/* Whether two values are the same, as the types that the tests use compare. */
static void match_value(const PROPVARIANT *got, const PROPVARIANT *expected, size_t row) {
  if (got->vt != expected->vt)
    fail_msg("row %zu: type %x", row, got->vt);
  switch (got->vt) {
  case VT_LPSTR:
    assert_string_equal(got->pszVal, expected->pszVal);
    break;
  case VT_LPWSTR:
    assert_memory_equal(got->pwszVal, expected->pwszVal, 8);
    break;
  case VT_BSTR:
    assert_int_equal(SysStringLen(got->bstrVal), SysStringLen(expected->bstrVal));
    assert_memory_equal(got->bstrVal, expected->bstrVal, SysStringByteLen(expected->bstrVal));
    break;
  case VT_CLSID:
    assert_true(IsEqualGUID(got->puuid, expected->puuid));
    break;
  case VT_BLOB:
    assert_int_equal(got->blob.cbSize, expected->blob.cbSize);
    assert_memory_equal(got->blob.pBlobData, expected->blob.pBlobData, expected->blob.cbSize);
    break;
  case VT_CF:
    assert_int_equal(got->pclipdata->cbSize, expected->pclipdata->cbSize);
    assert_int_equal(got->pclipdata->ulClipFmt, expected->pclipdata->ulClipFmt);
    assert_memory_equal(got->pclipdata->pClipData, expected->pclipdata->pClipData, expected->pclipdata->cbSize - 4);
    break;
  case VT_VECTOR | VT_I2:
    assert_int_equal(got->cai.cElems, expected->cai.cElems);
    assert_memory_equal(got->cai.pElems, expected->cai.pElems, got->cai.cElems * 2);
    break;
  case VT_VECTOR | VT_LPSTR:
    assert_int_equal(got->calpstr.cElems, expected->calpstr.cElems);
    for (ULONG i = 0; i < got->calpstr.cElems; i++)
      assert_string_equal(got->calpstr.pElems[i], expected->calpstr.pElems[i]);
    break;
  case VT_VECTOR | VT_VARIANT:
    assert_int_equal(got->capropvar.cElems, expected->capropvar.cElems);
    for (ULONG i = 0; i < got->capropvar.cElems; i++)
      match_value(&got->capropvar.pElems[i], &expected->capropvar.pElems[i], row);
    break;
  case VT_I1:
  case VT_UI1:
    assert_int_equal(got->bVal, expected->bVal);
    break;
  case VT_I2:
  case VT_BOOL:
    assert_int_equal(got->iVal, expected->iVal);
    break;
  case VT_I4:
    assert_int_equal(got->lVal, expected->lVal);
    break;
  default:
    assert_true(got->uhVal.QuadPart == expected->uhVal.QuadPart);
  }
}

enum { ROWS = 21 };

static void fill_values(PROPVARIANT values[ROWS]) {
  static SHORT numbers[] = { 1, -2, 3 };
  static LPSTR texts[] = { (LPSTR) "a", (LPSTR) "bcd", (LPSTR) "", (LPSTR) "\xC3\xA9\xC3\xA8" };
  static BYTE blob[] = { 1, 2, 3, 0, 5 };
  static CLIPDATA clip = { .cbSize = 9, .ulClipFmt = -1, .pClipData = blob };
  static PROPVARIANT inner[2];

  memset(values, 0, ROWS * sizeof *values);
  inner[0] = (PROPVARIANT){ .vt = VT_LPSTR, .pszVal = texts[1] };
  inner[1] = (PROPVARIANT){ .vt = VT_I4, .lVal = 77 };
  values[0] = (PROPVARIANT){ .vt = VT_I1, .cVal = -5 };
  values[1] = (PROPVARIANT){ .vt = VT_UI1, .bVal = 250 };
  values[2] = (PROPVARIANT){ .vt = VT_I2, .iVal = -300 };
  values[3] = (PROPVARIANT){ .vt = VT_BOOL, .boolVal = VARIANT_TRUE };
  values[4] = (PROPVARIANT){ .vt = VT_I4, .lVal = -70000 };
  values[5] = (PROPVARIANT){ .vt = VT_I8, .hVal = { .QuadPart = -1 } };
  values[6] = (PROPVARIANT){ .vt = VT_R8, .dblVal = 2.5 };
  values[7] = (PROPVARIANT){ .vt = VT_CY, .cyVal = { .int64 = 12345 } };
  values[8] = (PROPVARIANT){ .vt = VT_DATE, .date = 36526.5 };
  values[9] = (PROPVARIANT){ .vt = VT_FILETIME, .filetime = { 0x12345678, 0x01C00000 } };
  values[10] = (PROPVARIANT){ .vt = VT_LPSTR, .pszVal = (LPSTR) "caf\xC3\xA9" };
  values[11] = (PROPVARIANT){ .vt = VT_LPWSTR, .pwszVal = (LPWSTR)u"abc" };
  values[12] = (PROPVARIANT){ .vt = VT_BSTR, .bstrVal = SysAllocString(u"d\u00e9j\u00e0") };
  values[13] = (PROPVARIANT){ .vt = VT_CLSID, .puuid = (CLSID *)&mine };
  values[14] = (PROPVARIANT){ .vt = VT_BLOB, .blob = { sizeof blob, blob } };
  values[15] = (PROPVARIANT){ .vt = VT_CF, .pclipdata = &clip };
  values[16] = (PROPVARIANT){ .vt = VT_VECTOR | VT_I2, .cai = { 3, numbers } };
  values[17] = (PROPVARIANT){ .vt = VT_VECTOR | VT_LPSTR, .calpstr = { 4, texts } };
  values[18] = (PROPVARIANT){ .vt = VT_VECTOR | VT_VARIANT, .capropvar = { 2, inner } };
  values[19] = (PROPVARIANT){ .vt = VT_NULL };
  values[20] = (PROPVARIANT){ .vt = VT_UI8, .uhVal = { .QuadPart = UINT64_MAX - 1 } };
}

static void values_as_bytes(void **state) {
  PROPVARIANT values[ROWS];
  _Alignas(8) BYTE bytes[256];

  (void)state;
  fill_values(values);
  for (size_t i = 0; i < ROWS; i++) {
    PROPVARIANT got = { 0 };
    ULONG size = 0, whole;

    assert_null(StgConvertVariantToProperty(&values[i], 65001, NULL, &size, 2, FALSE, NULL));
    whole = size;
    assert_in_range(whole, 4, sizeof bytes);
    size = sizeof bytes;
    SERIALIZEDPROPERTYVALUE *made =
        StgConvertVariantToProperty(&values[i], 65001, (SERIALIZEDPROPERTYVALUE *)bytes, &size, 2, FALSE, NULL);
    assert_ptr_equal(made, bytes);
    assert_int_equal(size, whole);
    assert_int_equal(made->dwType, values[i].vt);
    OK(oleander_property_to_variant(bytes, size, 65001, &got));
    match_value(&got, &values[i], i);
    PropVariantClear(&got);
    assert_false(StgConvertPropertyToVariant(made, 65001, &got, NULL));
    match_value(&got, &values[i], i);
    PropVariantClear(&got);
    assert_true(whole <= 4 || FAILED(oleander_property_to_variant(bytes, 2, 65001, &got)));
  }
  SysFreeString(values[12].bstrVal);
}

/* Arrays of what a SAFEARRAY holds, with all their bounds. */
static void arrays_there_and_back(void **state) {
  static const struct {
    VARTYPE type;
    UINT dimensions;
    HRESULT status;
  } rows[] = {
    { VT_I4, 1, S_OK },   { VT_I2, 3, S_OK },
    { VT_BSTR, 2, S_OK }, { VT_VARIANT, 2, S_OK },
    { VT_R8, 1, S_OK },   { VT_DECIMAL, 1, S_OK },
    { VT_BOOL, 1, S_OK }, { VT_UI1, 1, S_OK },
    { VT_CY, 1, S_OK },   { VT_DISPATCH, 1, STG_E_INVALIDPARAMETER },
  };
  SAFEARRAYBOUND bounds[3] = { { 2, -1 }, { 3, 5 }, { 2, 0 } };

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    SAFEARRAY *array = SafeArrayCreate(rows[i].type, rows[i].dimensions, bounds);
    PROPVARIANT value = { .vt = (VARTYPE)(VT_ARRAY | rows[i].type), .parray = array };
    PROPVARIANT got = { 0 };
    IPropertyStorage *properties;
    IStream *stream;
    PROPSPEC spec = by_id(2);

    assert_non_null(array);
    if (rows[i].type == VT_BSTR)
      *(BSTR *)array->pvData = SysAllocString(u"d\u00e9");
    else if (rows[i].type == VT_VARIANT)
      *(VARIANT *)array->pvData = (VARIANT){ .vt = VT_BSTR, .bstrVal = SysAllocString(u"in") };
    else if (rows[i].type != VT_DISPATCH)
      memset(array->pvData, 7, array->cbElements);
    if (rows[i].type == VT_DECIMAL)
      ((DECIMAL *)array->pvData)->wReserved = 0;
    OK(CreateStreamOnHGlobal(NULL, TRUE, &stream));
    OK(StgCreatePropStg((IUnknown *)stream, &mine, NULL, 0, 0, &properties));
    IS(IPropertyStorage_WriteMultiple(properties, 1, &spec, &value, 2), rows[i].status);
    IPropertyStorage_Release(properties);
    if (rows[i].status == S_OK) {
      OK(StgOpenPropStg((IUnknown *)stream, &mine, 0, 0, &properties));
      OK(IPropertyStorage_ReadMultiple(properties, 1, &spec, &got));
      assert_int_equal(got.vt, value.vt);
      assert_int_equal(got.parray->cDims, rows[i].dimensions);
      assert_memory_equal(got.parray->rgsabound, array->rgsabound, rows[i].dimensions * sizeof(SAFEARRAYBOUND));
      if (rows[i].type == VT_BSTR)
        assert_int_equal(SysStringLen(*(BSTR *)got.parray->pvData), 2);
      else if (rows[i].type == VT_VARIANT)
        assert_int_equal(((VARIANT *)got.parray->pvData)->vt, VT_BSTR);
      else
        assert_memory_equal(got.parray->pvData, array->pvData, array->cbElements);
      PropVariantClear(&got);
      IPropertyStorage_Release(properties);
    }
    IStream_Release(stream);
    PropVariantClear(&value);
  }
}

static void values_change_types(void **state) {
  static const struct {
    PROPVARIANT from;
    VARTYPE type;
    HRESULT status;
    LONG number;      /* what it is as VT_I4; 0: a text */
    const char *text; /* what it is as VT_LPSTR */
  } rows[] = {
    { { .vt = VT_I4, .lVal = 42 }, VT_LPSTR, S_OK, 42, "42" },
    { { .vt = VT_LPSTR, .pszVal = (LPSTR) "17" }, VT_I4, S_OK, 17, "17" },
    { { .vt = VT_LPWSTR, .pwszVal = (LPWSTR)u"d\u00e9" }, VT_LPSTR, S_OK, 0, "d\xC3\xA9" },
    { { .vt = VT_LPSTR, .pszVal = (LPSTR) "d\xC3\xA9" }, VT_LPWSTR, S_OK, 0, "d\xC3\xA9" },
    { { .vt = VT_LPSTR, .pszVal = (LPSTR) "x" }, VT_I4, DISP_E_TYPEMISMATCH, 0, NULL },
    { { .vt = VT_CLSID, .puuid = (CLSID *)&mine }, VT_LPSTR, S_OK, 0, "{11223344-5566-7788-0102-030405060708}" },
    { { .vt = VT_LPSTR, .pszVal = (LPSTR) "{11223344-5566-7788-0102-030405060708}" },
      VT_CLSID,
      S_OK,
      0,
      "{11223344-5566-7788-0102-030405060708}" },
    { { .vt = VT_I4, .lVal = 300 }, VT_UI1, DISP_E_OVERFLOW, 0, NULL },
    { { .vt = VT_I4, .lVal = 1 }, VT_BLOB, DISP_E_TYPEMISMATCH, 0, NULL },
    { { .vt = VT_VECTOR | VT_I4 }, VT_LPSTR, DISP_E_TYPEMISMATCH, 0, NULL },
  };

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    PROPVARIANT got = { 0 }, back = { 0 };
    HRESULT status = PropVariantChangeType(&got, &rows[i].from, PVCHF_DEFAULT, rows[i].type);

    if (status != rows[i].status)
      fail_msg("row %zu: %08x", i, (unsigned)status);
    if (FAILED(status))
      continue;
    assert_int_equal(got.vt, rows[i].type);
    OK(PropVariantChangeType(&back, &got, PVCHF_DEFAULT, VT_LPSTR));
    assert_string_equal(back.pszVal, rows[i].text);
    PropVariantClear(&back);
    if (rows[i].number) {
      OK(PropVariantChangeType(&back, &got, PVCHF_DEFAULT, VT_I4));
      assert_int_equal(back.lVal, rows[i].number);
    }
    PropVariantClear(&got);
  }
  PROPVARIANT time = { .vt = VT_FILETIME, .filetime = { 0x12340000, 0x01C00000 } }, date = { 0 }, again = { 0 };
  OK(PropVariantChangeType(&date, &time, PVCHF_DEFAULT, VT_DATE));
  OK(PropVariantChangeType(&again, &date, PVCHF_DEFAULT, VT_FILETIME));
  assert_int_equal(again.filetime.dwHighDateTime, time.filetime.dwHighDateTime);
  assert_true((LONGLONG)again.filetime.dwLowDateTime - time.filetime.dwLowDateTime < 10000);
}

/* A letter that the code page of a set lacks is no other letter. */
static void code_page_lacks_letters(void **state) {
  PROPVARIANT page = { .vt = VT_I2, .iVal = 1252 };
  PROPVARIANT value = { .vt = VT_LPSTR, .pszVal = (LPSTR) "\xE2\x98\x83" };
  PROPSPEC first = by_id(PID_CODEPAGE), second = by_id(2);
  IPropertyStorage *properties;
  IStream *stream;

  (void)state;
  OK(CreateStreamOnHGlobal(NULL, TRUE, &stream));
  OK(StgCreatePropStg((IUnknown *)stream, &mine, NULL, 0, 0, &properties));
  OK(IPropertyStorage_WriteMultiple(properties, 1, &first, &page, 2));
  IS(IPropertyStorage_WriteMultiple(properties, 1, &second, &value, 2),
     HRESULT_FROM_WIN32(ERROR_NO_UNICODE_TRANSLATION));
  IPropertyStorage_Release(properties);
  IStream_Release(stream);
}

/* In every code page that has the letters. */
static void values_there_and_back(void **state) {
  static const SHORT code_pages[] = { (SHORT)65001, 1200, 1252, 28591, 0 /* as a new set has it */ };
  PROPVARIANT values[ROWS];

  (void)state;
  fill_values(values);
  for (size_t i = 0; i < sizeof code_pages / sizeof code_pages[0]; i++) {
    ILockBytes *bytes = new_bytes();
    IStorage *root = new_root(bytes);
    IPropertySetStorage *sets = sets_of(root);
    IPropertyStorage *properties;
    PROPVARIANT page = { .vt = VT_I2, .iVal = code_pages[i] };
    PROPSPEC specs[ROWS];
    PROPVARIANT got[ROWS];

    OK(IPropertySetStorage_Create(sets, i == 2 ? &FMTID_DocSummaryInformation : &mine, &mine, PROPSETFLAG_DEFAULT,
                                  RW | STGM_CREATE, &properties));
    PROPSPEC spec = by_id(PID_CODEPAGE);
    if (code_pages[i])
      OK(IPropertyStorage_WriteMultiple(properties, 1, &spec, &page, 2));
    for (PROPID row = 0; row < ROWS; row++)
      specs[row] = by_id(row + 2);
    OK(IPropertyStorage_WriteMultiple(properties, ROWS, specs, values, 2));
    assert_int_equal(IPropertyStorage_Release(properties), 0);
    OK(IPropertySetStorage_Open(sets, i == 2 ? &FMTID_DocSummaryInformation : &mine, RO, &properties));
    OK(IPropertyStorage_ReadMultiple(properties, ROWS, specs, got));
    for (size_t row = 0; row < ROWS; row++)
      match_value(&got[row], &values[row], row);
    OK(FreePropVariantArray(ROWS, got));
    OK(IPropertyStorage_ReadMultiple(properties, 1, &spec, got));
    assert_int_equal(got[0].iVal, code_pages[i] ? code_pages[i] : (SHORT)65001);
    STATPROPSETSTG stat;
    OK(IPropertyStorage_Stat(properties, &stat));
    assert_true(IsEqualGUID(&stat.clsid, &mine));
    IS(IPropertyStorage_WriteMultiple(properties, 1, &spec, &page, 2), STG_E_ACCESSDENIED);
    IPropertyStorage_Release(properties);
    IPropertySetStorage_Release(sets);
    IStorage_Release(root);
    CHECK(bytes);
    ILockBytes_Release(bytes);
  }
  SysFreeString(values[12].bstrVal);
}

static void names_of_properties(void **state) {
  for (int wide = 0; wide < 2; wide++) {
    ILockBytes *bytes = new_bytes();
    IStorage *root = new_root(bytes);
    IPropertySetStorage *sets = sets_of(root);
    IPropertyStorage *properties;
    PROPVARIANT value = { .vt = VT_I4, .lVal = 5 };
    PROPVARIANT page = { .vt = VT_I2, .iVal = 1200 };
    PROPSPEC specs[3] = { by_name(u"Size"), by_name(u"Gr\u00f6\u00dfe"), by_name(u"size") };
    PROPSPEC spec = by_id(PID_CODEPAGE);
    PROPVARIANT got[3];
    LPOLESTR names[2];
    PROPID ids[2] = { 10, 11 };

    (void)state;
    OK(IPropertySetStorage_Create(sets, &FMTID_UserDefinedProperties, NULL, PROPSETFLAG_DEFAULT, RW, &properties));
    if (wide)
      OK(IPropertyStorage_WriteMultiple(properties, 1, &spec, &page, 2));
    OK(IPropertyStorage_WriteMultiple(properties, 1, &specs[0], &value, 10));
    value.lVal = 6;
    OK(IPropertyStorage_WriteMultiple(properties, 1, &specs[1], &value, 10));
    value.lVal = 7;
    OK(IPropertyStorage_WriteMultiple(properties, 1, &specs[2], &value, 10)); /* the first one */
    IPropertyStorage_Release(properties);
    OK(IPropertySetStorage_Open(sets, &FMTID_UserDefinedProperties, RW, &properties));
    OK(IPropertyStorage_ReadMultiple(properties, 3, specs, got));
    assert_int_equal(got[0].lVal, 7);
    assert_int_equal(got[1].lVal, 6);
    assert_int_equal(got[2].lVal, 7);
    OK(IPropertyStorage_ReadPropertyNames(properties, 2, ids, names));
    assert_memory_equal(names[0], u"Size", 10);
    assert_memory_equal(names[1], u"Gr\u00f6\u00dfe", 12);
    CoTaskMemFree(names[0]);
    CoTaskMemFree(names[1]);
    IEnumSTATPROPSTG *all;
    STATPROPSTG stats[3];
    ULONG count;
    OK(IPropertyStorage_Enum(properties, &all));
    IS(IEnumSTATPROPSTG_Next(all, 3, stats, &count), S_FALSE);
    assert_int_equal(count, 2);
    assert_int_equal(stats[0].propid, 10);
    assert_int_equal(stats[0].vt, VT_I4);
    assert_memory_equal(stats[1].lpwstrName, u"Gr\u00f6\u00dfe", 12);
    CoTaskMemFree(stats[0].lpwstrName);
    CoTaskMemFree(stats[1].lpwstrName);
    IEnumSTATPROPSTG_Release(all);
    OK(IPropertyStorage_DeleteMultiple(properties, 1, specs));
    IS(IPropertyStorage_ReadMultiple(properties, 1, specs, got), S_FALSE);
    assert_int_equal(got[0].vt, VT_EMPTY);
    PROPSPEC dictionary = by_id(PID_DICTIONARY);
    IS(IPropertyStorage_WriteMultiple(properties, 1, &dictionary, &value, 2), STG_E_INVALIDPARAMETER);
    IPropertyStorage_Release(properties);
    OK(IPropertySetStorage_Open(sets, &FMTID_DocSummaryInformation, RO, &properties)); /* in the same stream */
    IPropertyStorage_Release(properties);
    OK(IPropertySetStorage_Delete(sets, &FMTID_UserDefinedProperties));
    IS(IPropertySetStorage_Open(sets, &FMTID_UserDefinedProperties, RO, &properties), STG_E_FILENOTFOUND);
    OK(IPropertySetStorage_Open(sets, &FMTID_DocSummaryInformation, RO, &properties));
    IPropertyStorage_Release(properties);
    IPropertySetStorage_Release(sets);
    IStorage_Release(root);
    ILockBytes_Release(bytes);
  }
}

static void names_of_streams(void **state) {
  OLECHAR name[CWCSTORAGENAME];
  FMTID back;

  (void)state;
  OK(FmtIdToPropStgName(&FMTID_SummaryInformation, name));
  assert_memory_equal(name, u"\5SummaryInformation", 40);
  OK(PropStgNameToFmtId(name, &back));
  assert_true(IsEqualGUID(&back, &FMTID_SummaryInformation));
  OK(FmtIdToPropStgName(&mine, name));
  assert_int_equal(name[27], 0);
  OK(PropStgNameToFmtId(name, &back));
  assert_true(IsEqualGUID(&back, &mine));
  IS(PropStgNameToFmtId((LPOLESTR)u"other", &back), STG_E_INVALIDNAME);
  IS(PropStgNameToFmtId((LPOLESTR)u"\5zz!", &back), STG_E_INVALIDNAME);
}

/* Every byte of a set changed, every length cut: an error or another value, nothing worse. */
static void damaged_sets(void **state) {
  PROPVARIANT values[ROWS];
  IStream *stream;
  IPropertyStorage *properties;
  PROPSPEC specs[ROWS];
  PROPVARIANT got[ROWS];
  PROPSPEC name = by_name(u"Name");
  STATSTG stat;

  (void)state;
  fill_values(values);
  OK(CreateStreamOnHGlobal(NULL, TRUE, &stream));
  OK(StgCreatePropStg((IUnknown *)stream, &mine, NULL, 0, 0, &properties));
  for (PROPID row = 0; row < ROWS; row++)
    specs[row] = by_id(row + 2);
  OK(IPropertyStorage_WriteMultiple(properties, ROWS, specs, values, 2));
  OK(IPropertyStorage_WriteMultiple(properties, 1, &name, values, 100));
  IPropertyStorage_Release(properties);
  SysFreeString(values[12].bstrVal);
  OK(IStream_Stat(stream, &stat, STATFLAG_NONAME));
  size_t size = (size_t)stat.cbSize.QuadPart;
  uint8_t *good = malloc(size);
  OK(IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL));
  OK(IStream_Read(stream, good, (ULONG)size, NULL));
  IStream_Release(stream);
  for (size_t i = 0; i < size * 3; i++) {
    uint8_t *bad = malloc(size);
    size_t length = i < size * 2 ? size : i - size * 2;

    memcpy(bad, good, size);
    if (i < size * 2)
      bad[i / 2] ^= i % 2 ? 0xFF : 1;
    OK(CreateStreamOnHGlobal(NULL, TRUE, &stream));
    OK(IStream_Write(stream, bad, (ULONG)length, NULL));
    if (SUCCEEDED(StgOpenPropStg((IUnknown *)stream, &mine, 0, 0, &properties))) {
      for (int row = 0; row < ROWS; row++) {
        if (SUCCEEDED(IPropertyStorage_ReadMultiple(properties, 1, &specs[row], got)))
          OK(PropVariantClear(got));
      }
      IPropertyStorage_WriteMultiple(properties, 1, &name, values, 100);
      IPropertyStorage_Release(properties);
    }
    IStream_Release(stream);
    free(bad);
  }
  free(good);
}

static void memory_may_run_out(void **state) {
  PROPVARIANT values[ROWS];
  PROPSPEC specs[ROWS];
  int reached = 1;

  (void)state;
  fill_values(values);
  for (PROPID row = 0; row < ROWS; row++)
    specs[row] = by_id(row + 2);
  for (size_t n = 1; reached; n++) {
    IStream *stream;
    IPropertyStorage *properties = NULL;
    PROPVARIANT got[ROWS];
    PROPVARIANT copy[ROWS];

    OK(CreateStreamOnHGlobal(NULL, TRUE, &stream));
    memset(copy, 0, sizeof copy);
    faults_fail_at(n);
    HRESULT status = StgCreatePropStg((IUnknown *)stream, &mine, NULL, 0, 0, &properties);
    if (SUCCEEDED(status))
      status = IPropertyStorage_WriteMultiple(properties, ROWS, specs, values, 2);
    if (SUCCEEDED(status))
      status = IPropertyStorage_Commit(properties, 0);
    if (properties)
      IPropertyStorage_Release(properties);
    if (SUCCEEDED(status))
      status = StgOpenPropStg((IUnknown *)stream, &mine, 0, 0, &properties);
    if (SUCCEEDED(status)) {
      status = IPropertyStorage_ReadMultiple(properties, ROWS, specs, got);
      IPropertyStorage_Release(properties);
      if (SUCCEEDED(status)) {
        for (int row = 0; row < ROWS && SUCCEEDED(status); row++)
          status = PropVariantCopy(&copy[row], &got[row]);
        FreePropVariantArray(ROWS, copy);
        FreePropVariantArray(ROWS, got);
      }
    }
    reached = faults_reached();
    faults_off();
    if (status != S_OK && status != E_OUTOFMEMORY)
      fail_msg("allocation %zu: %08X", n, (unsigned)status);
    IStream_Release(stream);
  }
  SysFreeString(values[12].bstrVal);
}

/* python3-olefile reads what is written here. */
static void olefile_reads_ours(void **state) {
  static const struct {
    PROPID id;
    PROPVARIANT value;
  } summary[] = {
    { PIDSI_TITLE, { .vt = VT_LPSTR, .pszVal = (LPSTR) "Caf\xC3\xA9" } },
    { PIDSI_AUTHOR, { .vt = VT_LPSTR, .pszVal = (LPSTR) "Ada" } },
    { PIDSI_PAGECOUNT, { .vt = VT_I4, .lVal = 42 } },
    { PIDSI_CREATE_DTM, { .vt = VT_FILETIME, .filetime = { 0xD53E8000, 0x019DB1DE } } },
  };
  static const char program[] = "import olefile, sys\n"
                                "m = olefile.OleFileIO(sys.argv[1]).get_metadata()\n"
                                "t = m.title if isinstance(m.title, bytes) else m.title.encode()\n"
                                "print(t, m.author, m.num_pages, m.create_time, m.codepage & 0xFFFF)\n";
  static OLECHAR wide[512];
  IStorage *root;
  IPropertyStorage *properties;
  char command[1200];
  char text[256] = "";

  (void)state;
  if (system("/usr/bin/python3 -c 'import olefile' 2>/dev/null") != 0) {
    print_message("SKIPPED: python3-olefile is not installed\n");
    skip();
  }
  char script[512];
  snprintf(script, sizeof script, "%s", scratch_write("read.py", program));
  const char *path = scratch_path("set.cfb");
  for (size_t i = 0; i <= strlen(path); i++)
    wide[i] = (OLECHAR)path[i];
  OK(StgCreateDocfile(wide, RW | STGM_CREATE, 0, &root));
  IPropertySetStorage *sets = sets_of(root);
  OK(IPropertySetStorage_Create(sets, &FMTID_SummaryInformation, NULL, PROPSETFLAG_ANSI, RW, &properties));
  for (size_t i = 0; i < sizeof summary / sizeof summary[0]; i++) {
    PROPSPEC spec = by_id(summary[i].id);
    OK(IPropertyStorage_WriteMultiple(properties, 1, &spec, &summary[i].value, 2));
  }
  IPropertyStorage_Release(properties);
  IPropertySetStorage_Release(sets);
  IStorage_Release(root);
  snprintf(command, sizeof command, "/usr/bin/python3 '%s' '%s'", script, path);
  FILE *pipe = popen(command, "r");
  assert_non_null(fgets(text, sizeof text, pipe));
  assert_int_equal(pclose(pipe), 0);
  assert_string_equal(text, "b'Caf\\xc3\\xa9' b'Ada' 42 1970-01-01 00:00:00 65001\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_there_and_back), cmocka_unit_test(names_of_properties),
    cmocka_unit_test(arrays_there_and_back), cmocka_unit_test(code_page_lacks_letters),
    cmocka_unit_test(values_change_types),   cmocka_unit_test(values_as_bytes),
    cmocka_unit_test(names_of_streams),      cmocka_unit_test(damaged_sets),
    cmocka_unit_test(memory_may_run_out),    cmocka_unit_test(olefile_reads_ours),
  };

  return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
