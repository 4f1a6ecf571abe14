/* The scripting server as a COM server: class objects, identity, type library, registration. */
#include "servers/scripting_support.h"
#include "support/scratch.h"

#include <oleander_registry.h>

#include "com/com_api.h"
#include "com/unicode.h"

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, LPVOID *result);
STDAPI DllCanUnloadNow(void);
STDAPI DllRegisterServer(void);
STDAPI DllUnregisterServer(void);

/* class objects and identity */

static void test_class_objects(void **state) {
  IClassFactory *factory = NULL;
  void *nothing = &factory;

  (void)state;
  assert_hr(CLASS_E_CLASSNOTAVAILABLE, DllGetClassObject(&CLSID_Folder, &IID_IClassFactory, &nothing));
  assert_null(nothing);
  assert_hr(CLASS_E_CLASSNOTAVAILABLE, DllGetClassObject(&IID_IUnknown, &IID_IClassFactory, &nothing));
  assert_hr(E_NOINTERFACE, DllGetClassObject(&CLSID_Dictionary, &IID_IDispatch, &nothing));
  assert_hr(E_POINTER, DllGetClassObject(&CLSID_Dictionary, &IID_IClassFactory, NULL));
  assert_hr(S_OK, DllGetClassObject(&CLSID_Dictionary, &IID_IUnknown, (void **)&factory));
  assert_hr(E_NOINTERFACE, IClassFactory_CreateInstance(factory, NULL, &IID_ITextStream, &nothing));
  assert_null(nothing);
  assert_hr(E_POINTER, IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, NULL));
  IClassFactory_Release(factory);
}

static void test_unloading(void **state) {
  IClassFactory *factory = NULL;
  IDictionary *dictionary;

  (void)state;
  assert_hr(S_OK, DllCanUnloadNow());
  assert_hr(S_OK, DllGetClassObject(&CLSID_Dictionary, &IID_IClassFactory, (void **)&factory));
  assert_hr(S_FALSE, DllCanUnloadNow());
  assert_hr(S_OK, IClassFactory_LockServer(factory, TRUE));
  IClassFactory_Release(factory);
  assert_hr(S_FALSE, DllCanUnloadNow());
  assert_hr(S_OK, DllGetClassObject(&CLSID_Dictionary, &IID_IClassFactory, (void **)&factory));
  assert_hr(S_OK, IClassFactory_LockServer(factory, FALSE));
  IClassFactory_Release(factory);
  assert_hr(S_OK, DllCanUnloadNow());
  dictionary = make_dictionary();
  assert_hr(S_FALSE, DllCanUnloadNow());
  IDictionary_Release(dictionary);
  assert_hr(S_OK, DllCanUnloadNow());
}

static void test_identity(void **state) {
  const IID *const faces[] = { &IID_IUnknown,          &IID_IDispatch,         &IID_IFileSystem,
                               &IID_IFileSystem3,      &IID_ISupportErrorInfo, &IID_IProvideClassInfo,
                               &IID_IProvideClassInfo2 };
  const size_t count = sizeof faces / sizeof *faces;
  IFileSystem3 *files = make_file_system();
  IUnknown *from, *to, *identity = NULL;
  size_t i, k;

  (void)state;
  assert_hr(S_OK, IFileSystem3_QueryInterface(files, &IID_IUnknown, (void **)&identity));
  for (i = 0; i < count; i++) {
    assert_hr(S_OK, IFileSystem3_QueryInterface(files, faces[i], (void **)&from));
    for (k = 0; k < count; k++) {
      assert_hr(S_OK, IUnknown_QueryInterface(from, faces[k], (void **)&to));
      if (k == 0)
        assert_ptr_equal(identity, to);
      IUnknown_Release(to);
    }
    assert_hr(E_NOINTERFACE, IUnknown_QueryInterface(from, &IID_IDictionary, (void **)&to));
    assert_null(to);
    IUnknown_Release(from);
  }
  IUnknown_Release(identity);
  assert_int_equal(0, IFileSystem3_Release(files));
}

/* An outer object with nothing of its own. */
typedef struct Outer {
  IUnknown unknown;
  IUnknown *inner;
  LONG references;
} Outer;

static HRESULT Outer_QueryInterface(IUnknown *face, REFIID iid, void **result) {
  Outer *self = (Outer *)face;

  if (!IsEqualIID(iid, &IID_IUnknown))
    return IUnknown_QueryInterface(self->inner, iid, result);
  *result = face;
  self->references++;
  return S_OK;
}

static ULONG Outer_AddRef(IUnknown *face) {
  return (ULONG)++((Outer *)face)->references;
}

static ULONG Outer_Release(IUnknown *face) {
  return (ULONG)--((Outer *)face)->references;
}

static void test_aggregation(void **state) {
  static const IUnknownVtbl vtable = { Outer_QueryInterface, Outer_AddRef, Outer_Release };
  Outer outer = { { &vtable }, NULL, 1 };
  IClassFactory *factory = NULL;
  IDictionary *dictionary = NULL;
  IUnknown *unknown = NULL;
  LONG count;

  (void)state;
  assert_hr(S_OK, DllGetClassObject(&CLSID_Dictionary, &IID_IClassFactory, (void **)&factory));
  assert_hr(CLASS_E_NOAGGREGATION,
            IClassFactory_CreateInstance(factory, &outer.unknown, &IID_IDictionary, (void **)&dictionary));
  assert_hr(S_OK, IClassFactory_CreateInstance(factory, &outer.unknown, &IID_IUnknown, (void **)&outer.inner));
  IClassFactory_Release(factory);
  assert_hr(S_OK, IUnknown_QueryInterface(&outer.unknown, &IID_IDictionary, (void **)&dictionary));
  assert_int_equal(2, outer.references);
  assert_hr(S_OK, IDictionary_QueryInterface(dictionary, &IID_IUnknown, (void **)&unknown));
  assert_ptr_equal(&outer.unknown, unknown);
  IUnknown_Release(unknown);
  assert_hr(S_OK, IDictionary_get_Count(dictionary, &count));
  IDictionary_Release(dictionary);
  assert_int_equal(1, outer.references);
  assert_int_equal(0, IUnknown_Release(outer.inner));
  assert_hr(S_OK, DllCanUnloadNow());
}

static void test_class_information(void **state) {
  IDictionary *dictionary = make_dictionary();
  IProvideClassInfo2 *about = NULL;
  ISupportErrorInfo *errors = NULL;
  ITypeInfo *info = NULL;
  TYPEATTR *attributes;
  GUID guid;

  (void)state;
  assert_hr(S_OK, IDictionary_QueryInterface(dictionary, &IID_IProvideClassInfo2, (void **)&about));
  assert_hr(S_OK, IProvideClassInfo2_GetClassInfo(about, &info));
  assert_hr(S_OK, ITypeInfo_GetTypeAttr(info, &attributes));
  assert_int_equal(TKIND_COCLASS, attributes->typekind);
  assert_true(IsEqualGUID(&CLSID_Dictionary, &attributes->guid));
  ITypeInfo_ReleaseTypeAttr(info, attributes);
  ITypeInfo_Release(info);
  assert_true(FAILED(IProvideClassInfo2_GetGUID(about, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid))); /* no events */
  assert_hr(E_INVALIDARG, IProvideClassInfo2_GetGUID(about, 99, &guid));
  IProvideClassInfo2_Release(about);
  assert_hr(S_OK, IDictionary_QueryInterface(dictionary, &IID_ISupportErrorInfo, (void **)&errors));
  assert_hr(S_OK, ISupportErrorInfo_InterfaceSupportsErrorInfo(errors, &IID_IDictionary));
  assert_hr(S_FALSE, ISupportErrorInfo_InterfaceSupportsErrorInfo(errors, &IID_ITextStream));
  ISupportErrorInfo_Release(errors);
  IDictionary_Release(dictionary);
}

static void test_dispatch(void **state) {
  IDictionary *dictionary = make_dictionary();
  OLECHAR add[] = u"add", key_name[] = u"Key", item_name[] = u"Item", unknown[] = u"nothing";
  OLECHAR *names[] = { add, key_name, item_name }, *none[] = { unknown };
  VARIANT arguments[2] = { v_i4(5), v_text("k") }, result;
  DISPPARAMS params = { arguments, NULL, 2, 0 };
  EXCEPINFO exception;
  DISPID ids[3];
  ITypeInfo *info;
  UINT count = 0;

  (void)state;
  assert_hr(S_OK, IDictionary_GetTypeInfoCount(dictionary, &count));
  assert_int_equal(1, count);
  assert_hr(DISP_E_BADINDEX, IDictionary_GetTypeInfo(dictionary, 1, 0, &info));
  assert_hr(S_OK, IDictionary_GetIDsOfNames(dictionary, &IID_NULL, names, 3, 0, ids));
  assert_int_equal(1, ids[0]);
  assert_int_equal(0, ids[1]);
  assert_int_equal(1, ids[2]);
  assert_hr(DISP_E_UNKNOWNNAME, IDictionary_GetIDsOfNames(dictionary, &IID_NULL, none, 1, 0, ids));
  assert_hr(DISP_E_UNKNOWNINTERFACE, IDictionary_GetIDsOfNames(dictionary, &IID_IUnknown, names, 1, 0, ids));
  assert_hr(S_OK, IDictionary_Invoke(dictionary, 1, &IID_NULL, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL));
  params.rgvarg++;
  params.cArgs = 1;
  assert_hr(S_OK, IDictionary_Invoke(dictionary, 0, &IID_NULL, 0, DISPATCH_PROPERTYGET, &params, &result, NULL, NULL));
  assert_string_equal("i4 5", shown(result));
  params.rgvarg--;
  params.cArgs = 2;
  memset(&exception, 0, sizeof exception);
  assert_hr(DISP_E_EXCEPTION,
            IDictionary_Invoke(dictionary, 1, &IID_NULL, 0, DISPATCH_METHOD, &params, NULL, &exception, NULL));
  assert_hr(0x800A01C9, exception.scode);
  assert_string_equal("This key is already associated with an element of this collection",
                      taken(exception.bstrDescription));
  assert_string_equal("Scripting.Dictionary", taken(exception.bstrSource));
  SysFreeString(exception.bstrHelpFile);
  /* Restricted, but the way to enumerate. */
  params.cArgs = 0;
  assert_hr(S_OK, IDictionary_Invoke(dictionary, DISPID_NEWENUM, &IID_NULL, 0, DISPATCH_METHOD | DISPATCH_PROPERTYGET,
                                     &params, &result, NULL, NULL));
  assert_int_equal(VT_UNKNOWN, V_VT(&result));
  VariantClear(&result);
  IDictionary_Release(dictionary);
  texts_free();
}

/* the type library */

/* Every member as "name id kind(parameter[=default], ...)", as published. */
static const struct {
  const char *type, *members;
} published[] = {
  { "IDictionary", "Item 0 putref(Key,rhs);Item 0 put(Key,rhs);Item 0 get(Key);Add 1(Key,Item);Count 2 get();"
                   "Exists 3(Key);Items 4();Key 5 put(Key,rhs);Keys 6();Remove 7(Key);RemoveAll 8();"
                   "CompareMode 9 put(rhs);CompareMode 9 get();_NewEnum -4();HashVal 10 get(Key);" },
  { "IFileSystem",
    "Drives 10010 get();BuildPath 10000(Path,Name);GetDriveName 10004(Path);GetParentFolderName 10005(Path);"
    "GetFileName 10006(Path);GetBaseName 10007(Path);GetExtensionName 10008(Path);GetAbsolutePathName 10002(Path);"
    "GetTempName 10003();DriveExists 10015(DriveSpec);FileExists 10016(FileSpec);FolderExists 10017(FolderSpec);"
    "GetDrive 10011(DriveSpec);GetFile 10012(FilePath);GetFolder 10013(FolderPath);"
    "GetSpecialFolder 10014(SpecialFolder);DeleteFile 1200(FileSpec,Force=false);"
    "DeleteFolder 1201(FolderSpec,Force=false);MoveFile 1204(Source,Destination);MoveFolder 1205(Source,Destination);"
    "CopyFile 1202(Source,Destination,OverWriteFiles=true);CopyFolder 1203(Source,Destination,OverWriteFiles=true);"
    "CreateFolder 1120(Path);CreateTextFile 1101(FileName,Overwrite=true,Unicode=false);"
    "OpenTextFile 1100(FileName,IOMode=i4 1,Create=false,Format=i4 0);" },
  { "IFileSystem3", "GetStandardStream 20000(StandardStreamType,Unicode=false);GetFileVersion 20010(FileName);" },
  { "IDriveCollection", "Item 0 get(Key);_NewEnum -4 get();Count 1 get();" },
  { "IDrive", "Path 0 get();DriveLetter 10000 get();ShareName 10001 get();DriveType 10002 get();RootFolder 10003 get();"
              "AvailableSpace 10005 get();FreeSpace 10004 get();TotalSize 10006 get();VolumeName 10007 get();"
              "VolumeName 10007 put(rhs);FileSystem 10008 get();SerialNumber 10009 get();IsReady 10010 get();" },
  { "IFolder", "Path 0 get();Name 1000 get();Name 1000 put(rhs);ShortPath 1002 get();ShortName 1001 get();"
               "Drive 1004 get();ParentFolder 1005 get();Attributes 1003 get();Attributes 1003 put(rhs);"
               "DateCreated 1006 get();DateLastModified 1007 get();DateLastAccessed 1008 get();Type 1010 get();"
               "Delete 1201(Force=false);Copy 1203(Destination,OverWriteFiles=true);Move 1205(Destination);"
               "IsRootFolder 10000 get();Size 1009 get();SubFolders 10001 get();Files 10002 get();"
               "CreateTextFile 1101(FileName,Overwrite=true,Unicode=false);" },
  { "IFolderCollection", "Add 2(Name);Item 0 get(Key);_NewEnum -4 get();Count 1 get();" },
  { "IFile", "Path 0 get();Name 1000 get();Name 1000 put(rhs);ShortPath 1002 get();ShortName 1001 get();"
             "Drive 1004 get();ParentFolder 1005 get();Attributes 1003 get();Attributes 1003 put(rhs);"
             "DateCreated 1006 get();DateLastModified 1007 get();DateLastAccessed 1008 get();Size 1009 get();"
             "Type 1010 get();Delete 1200(Force=false);Copy 1202(Destination,OverWriteFiles=true);"
             "Move 1204(Destination);OpenAsTextStream 1100(IOMode=i4 1,Format=i4 0);" },
  { "IFileCollection", "Item 0 get(Key);_NewEnum -4 get();Count 1 get();" },
  { "ITextStream",
    "Line 10000 get();Column -529 get();AtEndOfStream 10002 get();AtEndOfLine 10003 get();"
    "Read 10004(Characters);ReadLine 10005();ReadAll 10006();Write 10007(Text);WriteLine 10008(Text=str );"
    "WriteBlankLines 10009(Lines);Skip 10010(Characters);SkipLine 10011();Close 10012();" },
};

static const char *invocation(INVOKEKIND kind) {
  return kind == INVOKE_PROPERTYGET      ? " get"
         : kind == INVOKE_PROPERTYPUT    ? " put"
         : kind == INVOKE_PROPERTYPUTREF ? " putref"
                                         : "";
}

static void describe_parameters(ITypeInfo *info, const FUNCDESC *function, char *out) {
  BSTR names[8] = { NULL };
  UINT count = 0, i;
  bool first = true;

  assert_hr(S_OK, ITypeInfo_GetNames(info, function->memid, names, 8, &count));
  strcat(out, "(");
  for (i = 0; i < (UINT)function->cParams; i++) {
    const PARAMDESC *parameter = &function->lprgelemdescParam[i].paramdesc;

    if (parameter->wParamFlags & PARAMFLAG_FRETVAL)
      continue;
    strcat(out, first ? "" : ",");
    first = false;
    if (i + 1 < count && (function->invkind < INVOKE_PROPERTYPUT || i + 1 < (UINT)function->cParams)) {
      strcat(out, taken(names[i + 1]));
      names[i + 1] = NULL;
    } else {
      strcat(out, "rhs"); /* the value of a put has no name in a type library */
    }
    if (parameter->wParamFlags & PARAMFLAG_FHASDEFAULT) {
      VARIANT value;

      VariantInit(&value);
      assert_true(parameter->wParamFlags & PARAMFLAG_FOPT);
      VariantCopy(&value, &parameter->pparamdescex->varDefaultValue);
      strcat(strcat(out, "="), shown(value));
    }
  }
  strcat(out, ")");
  for (i = 0; i < 8; i++)
    SysFreeString(names[i]);
}

/* The vtable view of a dual interface: only its own members. */
static ITypeInfo *vtable_view(ITypeInfo *info) {
  HREFTYPE reference;
  ITypeInfo *view = NULL;

  assert_hr(S_OK, ITypeInfo_GetRefTypeOfImplType(info, (UINT)-1, &reference));
  assert_hr(S_OK, ITypeInfo_GetRefTypeInfo(info, reference, &view));
  return view;
}

static ITypeInfo *find_type(ITypeLib *library, const char *name) {
  OLECHAR *wide = utf16_copy(name);
  ITypeInfo *info = NULL;
  MEMBERID id;
  USHORT found = 1;

  assert_hr(S_OK, ITypeLib_FindName(library, wide, 0, &info, &id, &found));
  free(wide);
  assert_int_equal(1, found);
  return info;
}

static void test_published_members(void **state) {
  OLECHAR *path = utf16_copy(SCRIPTING_MODULE);
  ITypeLib *library = NULL;
  size_t i;

  (void)state;
  assert_hr(S_OK, LoadTypeLibEx(path, REGKIND_NONE, &library));
  free(path);
  for (i = 0; i < sizeof published / sizeof *published; i++) {
    char members[4096] = "", id[16];
    ITypeInfo *dual = find_type(library, published[i].type), *info = vtable_view(dual);
    TYPEATTR *attributes;
    FUNCDESC *function;
    UINT k;

    assert_hr(S_OK, ITypeInfo_GetTypeAttr(info, &attributes));
    for (k = 0; k < attributes->cFuncs; k++) {
      BSTR name = NULL;

      assert_hr(S_OK, ITypeInfo_GetFuncDesc(info, k, &function));
      assert_hr(S_OK, ITypeInfo_GetDocumentation(info, function->memid, &name, NULL, NULL, NULL));
      snprintf(id, sizeof id, " %d", function->memid);
      strcat(strcat(strcat(members, taken(name)), id), invocation(function->invkind));
      describe_parameters(info, function, members);
      strcat(members, ";");
      ITypeInfo_ReleaseFuncDesc(info, function);
    }
    ITypeInfo_ReleaseTypeAttr(info, attributes);
    ITypeInfo_Release(info);
    ITypeInfo_Release(dual);
    assert_string_equal(published[i].members, members);
  }
  ITypeLib_Release(library);
}

static void test_published_constants(void **state) {
  static const struct {
    const char *name;
    LONG value;
  } constants[] = {
    { "BinaryCompare", 0 },
    { "TextCompare", 1 },
    { "DatabaseCompare", 2 },
    { "ForReading", 1 },
    { "ForWriting", 2 },
    { "ForAppending", 8 },
    { "TristateTrue", -1 },
    { "TristateFalse", 0 },
    { "TristateMixed", -2 },
    { "ReadOnly", 1 },
    { "Hidden", 2 },
    { "System", 4 },
    { "Directory", 16 },
    { "Archive", 32 },
    { "Alias", 1024 },
    { "Compressed", 2048 },
    { "WindowsFolder", 0 },
    { "SystemFolder", 1 },
    { "TemporaryFolder", 2 },
    { "UnknownType", 0 },
    { "Removable", 1 },
    { "Fixed", 2 },
    { "Remote", 3 },
    { "CDRom", 4 },
    { "RamDisk", 5 },
    { "StdIn", 0 },
    { "StdOut", 1 },
    { "StdErr", 2 },
    { "TristateUseDefault", -2 },
    { "Normal", 0 },
    { "Volume", 8 },
  };
  OLECHAR *path = utf16_copy(SCRIPTING_MODULE);
  ITypeLib *library = NULL;
  TLIBATTR *attributes;
  size_t i;

  (void)state;
  assert_hr(S_OK, LoadTypeLibEx(path, REGKIND_NONE, &library));
  free(path);
  assert_hr(S_OK, ITypeLib_GetLibAttr(library, &attributes));
  assert_true(IsEqualGUID(&LIBID_Scripting, &attributes->guid));
  assert_int_equal(1, attributes->wMajorVerNum);
  assert_int_equal(0, attributes->wMinorVerNum);
  ITypeLib_ReleaseTLibAttr(library, attributes);
  for (i = 0; i < sizeof constants / sizeof *constants; i++) {
    OLECHAR *name = utf16_copy(constants[i].name);
    ITypeInfo *info = NULL;
    MEMBERID id;
    USHORT found = 1;
    VARDESC *variable;

    assert_hr(S_OK, ITypeLib_FindName(library, name, 0, &info, &id, &found));
    assert_int_equal(1, found);
    free(name);
    for (UINT k = 0; SUCCEEDED(ITypeInfo_GetVarDesc(info, k, &variable)); k++) {
      if (variable->memid == id)
        assert_int_equal(constants[i].value, V_I4(variable->lpvarValue));
      ITypeInfo_ReleaseVarDesc(info, variable);
    }
    ITypeInfo_Release(info);
  }
  ITypeLib_Release(library);
}

/* registration */

/* All keys and values below `key` as lines; the path of a module becomes MODULE. */
static void dump_key(OleanderRegistryKey *key, const char *path, char *out) {
  OleanderRegistryValue value;
  const char *name;
  size_t i;

  for (i = 0; oleander_registry_value_at(key, i, &value) == S_OK; i++) {
    const char *shown_text = value.text && value.text[0] == '/' ? "MODULE" : value.text;
    size_t length = strlen(value.text);

    if (length > 3 && strcmp(value.text + length - 3, ".so") == 0)
      shown_text = "MODULE";
    strcat(strcat(strcat(strcat(strcat(strcat(out, path), " ["), value.name), "] = "), shown_text), "\n");
  }
  for (i = 0; (name = oleander_registry_key_at(key, i)) != NULL; i++) {
    OleanderRegistryKey *below;
    char longer[512];

    snprintf(longer, sizeof longer, "%s\\%s", path, name);
    assert_hr(S_OK, oleander_registry_open_below(key, name, &below));
    dump_key(below, longer, out);
    oleander_registry_close(below);
  }
}

static void dump_store(const char *folder, char *out) {
  OleanderRegistryKey *root = NULL;

  *out = 0;
  setenv("OLEANDER_CLASSES", folder, 1);
  if (SUCCEEDED(oleander_registry_open("", &root)))
    dump_key(root, "", out);
  oleander_registry_close(root);
}

/* The registry file of the package says exactly what the module says of itself. */
static void test_registration(void **state) {
  static char registered[65536], shipped[65536], after[65536];
  char own[512], contents[32768];
  FILE *file = fopen(SCRIPTING_REG, "rb");
  size_t size;

  (void)state;
  assert_non_null(file);
  size = fread(contents, 1, sizeof contents - 1, file);
  contents[size] = 0;
  fclose(file);
  scratch_make();
  scratch_write("shipped/scripting.reg", contents);
  snprintf(own, sizeof own, "%s", scratch_path("own"));
  setenv("OLEANDER_CLASSES", own, 1);
  assert_hr(S_OK, DllRegisterServer());
  dump_store(own, registered);
  assert_hr(S_OK, DllUnregisterServer());
  dump_store(own, after);
  dump_store(scratch_path("shipped"), shipped);
  unsetenv("OLEANDER_CLASSES");
  scratch_remove();
  assert_string_equal(shipped, registered);
  assert_string_equal("", after);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_class_objects),     cmocka_unit_test(test_unloading),
    cmocka_unit_test(test_identity),          cmocka_unit_test(test_aggregation),
    cmocka_unit_test(test_class_information), cmocka_unit_test(test_dispatch),
    cmocka_unit_test(test_published_members), cmocka_unit_test(test_published_constants),
    cmocka_unit_test(test_registration),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
