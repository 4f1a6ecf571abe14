/*
 * The short way to write an automation server: objects with dual interfaces, class objects, the four entry points of a
 * module, and registration. It is a convenience over the standard interfaces: a server may as well do without it.
 *
 * In C an object is a struct that begins with the vtable pointers of its interfaces ("faces") and holds an
 * OleanderObject, which does identity, reference counting, aggregation, ISupportErrorInfo and IProvideClassInfo2:
 *
 *   typedef struct Counter { ICounter counter; OleanderObject object; LONG value; } Counter;
 *   OLEANDER_DUAL(Counter, counter, ICounter)
 *   static HRESULT STDMETHODCALLTYPE Counter_get_Value(ICounter *face, LONG *value) {
 *     *value = OLEANDER_SELF(face, Counter, counter)->value; ...
 *   }
 *   static const ICounterVtbl counter_vtable = { OLEANDER_DUAL_SLOTS(Counter, counter), Counter_get_Value };
 *   static const OleanderFace counter_faces[] = {
 *     { &IID_ICounter, offsetof(Counter, counter), &counter_vtable }, { 0 }
 *   };
 *   static OleanderClass counter_class = { .module = &module, .clsid = &CLSID_Counter, .progid = "Sample.Counter",
 *       .title = "A counter", .size = sizeof(Counter), .object = offsetof(Counter, object), .faces = counter_faces };
 *   static OleanderClass *const classes[] = { &counter_class, NULL };
 *   OleanderModule module = { .component = "sample", .classes = classes };
 *   OLEANDER_MODULE(module)
 *
 * In C++ a class derives from oleander::Object<Self, ICounter, ...>; see the end of this file. Both find their type
 * information in the library that oleander_add_server puts into the module. docs/servers.md tells the whole story.
 *
 * Texts are UTF-8. All functions may be called on any thread.
 */
#ifndef OLEANDER_OLEANDER_SERVER_H
#define OLEANDER_OLEANDER_SERVER_H

#include <oleander_enumerator.h>
#include <oleander_object.h>
#include <oleauto.h>
#include <ocidl.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct OleanderObject OleanderObject;
typedef struct OleanderClass OleanderClass;
typedef struct OleanderModule OleanderModule;

/* An event, for classes whose type library does not describe it. */
typedef struct OleanderEvent {
  const char *name;
  DISPID id;
  const char *parameters; /* "(bstr name, i4 count)": the types of oleander's `__events`; NULL: none */
} OleanderEvent;

/* A source interface: clients implement it, and the object calls it to raise its events. */
typedef struct OleanderSource {
  const IID *iid;
  const char *name;            /* "_ICounterEvents"; NULL when the type library tells */
  const OleanderEvent *events; /* ends with { 0 }; NULL: as the module's type library has them */
} OleanderSource;

/* For OleanderClass.threads: the class knows nothing of threads, and all its objects live on the main one of a process. */
#define OLEANDER_NO_THREADING_MODEL ""

/* A class of objects. Static and not constant: the type information found for it is kept in it. */
struct OleanderClass {
  OleanderModule *module;
  const CLSID *clsid;  /* the coclass; NULL when the type library has none */
  const char *progid;  /* "Sample.Counter"; NULL: clients get such objects from others only */
  unsigned version;    /* not 0: the ProgID is PROGID.VERSION, and `progid` the version-independent one */
  const char *title;   /* what people read in lists of classes */
  const char *threads; /* ThreadingModel; NULL is "Both", OLEANDER_NO_THREADING_MODEL: none is registered */

  size_t size;                      /* of the whole struct */
  size_t object;                    /* offset of its OleanderObject */
  const OleanderFace *faces;        /* the first is the default interface; ends with { 0 } */
  HRESULT (*construct)(void *self); /* after zeroing and setting the vtables; may be NULL */
  void (*destroy)(void *self);      /* frees what the members own, not the struct; may be NULL */
  /* Asked for interfaces that are in no face: a reference, or E_NOINTERFACE. May be NULL. */
  HRESULT (*query)(void *self, REFIID iid, void **result);
  /* Makes the object in another way (C++); then size is 0 and destroy frees all. */
  HRESULT (*make)(OleanderClass *type, IUnknown *outer, OleanderObject **object);

  /* Its source interfaces, the default one first; ends with { 0 }. NULL: it raises no events by oleander_object_fire. */
  const OleanderSource *sources;

  ITypeInfo *type_info;  /* private */
  ITypeInfo *class_info; /* private */
  void *completed;       /* private */
  int dispatch;          /* private */
};

/* A module: its classes and what it has in common. Static and not constant. */
struct OleanderModule {
  const char *component;         /* base name of the module: its file in the registry store */
  OleanderClass *const *classes; /* all, ends with NULL */
  ITypeLib *library;             /* private */
  LONG users;                    /* private: objects, class objects and locks */
};

/* What every object holds; all private. */
struct OleanderObject {
  OleanderUnknown unknown; /* its inner IUnknown is the object's identity when it stands alone */
  const void *errors;      /* ISupportErrorInfo */
  const void *about;       /* IProvideClassInfo2 */
  const void *points;      /* IConnectionPointContainer */
  OleanderClass *type;
  void *listeners;
};

/* Objects */

/* Makes an object with one reference, which the caller owns; *self is the struct. A method that was forgotten in a vtable
 * (its slot is NULL) and that the module's type library knows answers E_NOTIMPL and says its name. `outer`: NULL, or the controlling
 * IUnknown; its owner then holds oleander_object_inner. E_OUTOFMEMORY, or what `construct` said. */
OLEANDER_EXPORT HRESULT oleander_object_create(OleanderClass *type, IUnknown *outer, void **self);

/* Sets up an OleanderObject in memory that the caller made, with one reference. */
OLEANDER_EXPORT void oleander_object_begin(OleanderObject *object, OleanderClass *type, IUnknown *outer);

/* The methods of IUnknown, for every face; they delegate to the outer object where there is one. */
OLEANDER_EXPORT HRESULT oleander_object_query(OleanderObject *object, REFIID iid, void **result);
OLEANDER_EXPORT ULONG oleander_object_addref(OleanderObject *object);
OLEANDER_EXPORT ULONG oleander_object_release(OleanderObject *object);

/* For a thread of yours that knows an object without holding a reference: takes one that keeps the object's memory, to be
 * given back by IUnknown_Release(oleander_object_inner(object)). FALSE: the object is going. Call it under a lock that the
 * class's `destroy` takes before it lets the thread forget the object. */
OLEANDER_EXPORT BOOL oleander_object_hold(OleanderObject *object);

/* The IUnknown that never delegates; adds no reference. */
OLEANDER_EXPORT IUnknown *oleander_object_inner(OleanderObject *object);

/* The methods of IDispatch for a dual face, through the module's type library. A face may also be a dispinterface: then its
 * vtable has, behind IDispatch, a function for each function of the dispinterface, in the order of the library, and for each
 * property one that reads it and one that writes it (NULL: it is read-only). Each returns an HRESULT; what the member
 * gives is its last parameter. */
OLEANDER_EXPORT HRESULT oleander_object_type_info_count(OleanderObject *object, UINT *count);
OLEANDER_EXPORT HRESULT oleander_object_type_info(OleanderObject *object, const void *face, UINT index, LCID lcid,
                                                  ITypeInfo **info);
OLEANDER_EXPORT HRESULT oleander_object_ids_of_names(OleanderObject *object, const void *face, REFIID iid,
                                                     LPOLESTR *names, UINT count, LCID lcid, DISPID *ids);
OLEANDER_EXPORT HRESULT oleander_object_invoke(OleanderObject *object, void *face, DISPID id, REFIID iid, LCID lcid,
                                               WORD flags, DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                               UINT *bad_argument);

/* Sets the thread's IErrorInfo and returns `code`. `iid`: the interface whose method fails. It may be NULL, and so may
 * the texts. */
OLEANDER_EXPORT HRESULT oleander_object_fail(HRESULT code, const IID *iid, const char *source, const char *description);

/* Events. An object whose class has `sources` answers IConnectionPointContainer, and raises events to whoever listens. */

/* Raises the event with that name of the first source that has it. `count` arguments follow, each as its VARTYPE and its
 * value: oleander_object_fire(object, "Changed", 2, VT_BSTR, name, VT_I4, value). What is smaller than an int is given as
 * int, VT_R4 as double, VT_VARIANT and VT_BYREF types as a pointer. Listeners are called on this thread, in the order in
 * which they came; each gets the event whatever others answer. Hold no lock that a listener could want. S_OK, also when
 * nobody listens; DISP_E_UNKNOWNNAME, DISP_E_BADVARTYPE, E_OUTOFMEMORY. */
OLEANDER_EXPORT HRESULT oleander_object_fire(OleanderObject *object, const char *event, UINT count, ...);

/* The same by DISPID, to the source `iid` (NULL: the first), with the arguments in their order; they stay the caller's.
 * CONNECT_E_NOCONNECTION: the class has no such source. */
OLEANDER_EXPORT HRESULT oleander_object_fire_id(OleanderObject *object, const IID *iid, DISPID event,
                                                const VARIANT *arguments, UINT count);

/* Whether anybody listens: spares making the arguments. */
OLEANDER_EXPORT BOOL oleander_object_is_heard(OleanderObject *object);

/* Modules */

/* The type information of `guid` in the module's library; TYPE_E_CANTLOADLIBRARY when it carries none. */
OLEANDER_EXPORT HRESULT oleander_module_type_info(OleanderModule *module, REFGUID guid, ITypeInfo **info);

/* What the four entry points do. */
OLEANDER_EXPORT HRESULT oleander_module_class_object(OleanderModule *module, REFCLSID clsid, REFIID iid, void **result);
OLEANDER_EXPORT HRESULT oleander_module_can_unload(OleanderModule *module);
OLEANDER_EXPORT HRESULT oleander_module_register(OleanderModule *module);
OLEANDER_EXPORT HRESULT oleander_module_unregister(OleanderModule *module);

/* Keeps the module loaded (+1) and ends that (-1). */
OLEANDER_EXPORT void oleander_module_lock(OleanderModule *module, LONG change);

/* Lets go of the type information, when the module is unloaded. */
OLEANDER_EXPORT void oleander_module_close(OleanderModule *module);

/* Programs: local servers, whose classes live in a process of their own */

#define OLEANDER_PROGRAM_SINGLE_THREADED 1 /* as if all classes had OLEANDER_NO_THREADING_MODEL */
#define OLEANDER_PROGRAM_SINGLE_USE      2 /* each client gets a process of its own */
#define OLEANDER_PROGRAM_STAYS           4 /* does not end when nobody needs it */

/* What OLEANDER_PROGRAM makes `main` do; for programs with a `main` of their own, which may take their options out of argv before.
 * Gives the exit status: 0 good, 1 failed, 2 wrong options; what was wrong is on stderr.
 *
 *   -Embedding, /Automation        serves its classes, and ends when nobody needs it; so the COM service starts it
 *   (nothing)                      serves until SIGINT or SIGTERM; prints one line when it is ready
 *   --register [--local]           makes its classes known with their type library: LocalServer32
 *   --register --inproc [--local]  InprocServer32: the module COMPONENT.so, or PROGRAM.so, beside the program
 *   --unregister                   makes them unknown
 *   --help                         says so
 *
 * If a class is for one thread ("Apartment", or none said) all objects live on the thread that calls this; else they are
 * called by threads of the library. The thread must not be in an apartment of another kind. */
OLEANDER_EXPORT int oleander_program_main(int argc, char **argv, OleanderModule *module, DWORD flags);

#ifdef __cplusplus
}
#endif

/* Defines the `main` of a local server: `module` is its OleanderModule, which may stand in another file, beside or without an
 * OLEANDER_MODULE. The second form has flags: OLEANDER_PROGRAM_WITH(module, OLEANDER_PROGRAM_SINGLE_THREADED). */
#define OLEANDER_PROGRAM(module) OLEANDER_PROGRAM_WITH(module, 0)
#define OLEANDER_PROGRAM_WITH(module, flags)                                                                           \
  extern OleanderModule module;                                                                                        \
  int main(int argc, char **argv) {                                                                                    \
    return oleander_program_main(argc, argv, &module, (flags));                                                        \
  }

/* Defines a module's entry points; `module` is its OleanderModule. */
#define OLEANDER_MODULE(module)                                                                                        \
  STDAPI __attribute__((visibility("default"))) DllGetClassObject(REFCLSID clsid, REFIID iid, LPVOID *result);         \
  STDAPI __attribute__((visibility("default"))) DllCanUnloadNow(void);                                                 \
  STDAPI __attribute__((visibility("default"))) DllRegisterServer(void);                                               \
  STDAPI __attribute__((visibility("default"))) DllUnregisterServer(void);                                             \
  STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, LPVOID *result) {                                               \
    return oleander_module_class_object(&module, clsid, iid, result);                                                  \
  }                                                                                                                    \
  STDAPI DllCanUnloadNow(void) {                                                                                       \
    return oleander_module_can_unload(&module);                                                                        \
  }                                                                                                                    \
  STDAPI DllRegisterServer(void) {                                                                                     \
    return oleander_module_register(&module);                                                                          \
  }                                                                                                                    \
  STDAPI DllUnregisterServer(void) {                                                                                   \
    return oleander_module_unregister(&module);                                                                        \
  }                                                                                                                    \
  __attribute__((destructor)) static void module##_end(void) {                                                         \
    oleander_module_close(&module);                                                                                    \
  }

#ifndef __cplusplus

/* Defines QueryInterface, AddRef and Release for the face `member` of type Interface. */
#define OLEANDER_FACE(Type, member, Interface)                                                                         \
  static HRESULT STDMETHODCALLTYPE Type##_##member##_QueryInterface(Interface *face, REFIID iid, void **result) {      \
    return oleander_object_query(&OLEANDER_SELF(face, Type, member)->object, iid, result);                             \
  }                                                                                                                    \
  static ULONG STDMETHODCALLTYPE Type##_##member##_AddRef(Interface *face) {                                           \
    return oleander_object_addref(&OLEANDER_SELF(face, Type, member)->object);                                         \
  }                                                                                                                    \
  static ULONG STDMETHODCALLTYPE Type##_##member##_Release(Interface *face) {                                          \
    return oleander_object_release(&OLEANDER_SELF(face, Type, member)->object);                                        \
  }

/* Defines the seven methods that a dual interface begins with. */
#define OLEANDER_DUAL(Type, member, Interface)                                                                         \
  OLEANDER_FACE(Type, member, Interface)                                                                               \
  static HRESULT STDMETHODCALLTYPE Type##_##member##_GetTypeInfoCount(Interface *face, UINT *count) {                  \
    return oleander_object_type_info_count(&OLEANDER_SELF(face, Type, member)->object, count);                         \
  }                                                                                                                    \
  static HRESULT STDMETHODCALLTYPE Type##_##member##_GetTypeInfo(Interface *face, UINT index, LCID lcid,               \
                                                                 ITypeInfo **info) {                                   \
    return oleander_object_type_info(&OLEANDER_SELF(face, Type, member)->object, face, index, lcid, info);             \
  }                                                                                                                    \
  static HRESULT STDMETHODCALLTYPE Type##_##member##_GetIDsOfNames(Interface *face, REFIID iid, LPOLESTR *names,       \
                                                                   UINT count, LCID lcid, DISPID *ids) {               \
    return oleander_object_ids_of_names(&OLEANDER_SELF(face, Type, member)->object, face, iid, names, count, lcid,     \
                                        ids);                                                                          \
  }                                                                                                                    \
  static HRESULT STDMETHODCALLTYPE Type##_##member##_Invoke(Interface *face, DISPID id, REFIID iid, LCID lcid,         \
                                                            WORD flags, DISPPARAMS *params, VARIANT *result,           \
                                                            EXCEPINFO *exception, UINT *bad_argument) {                \
    return oleander_object_invoke(&OLEANDER_SELF(face, Type, member)->object, face, id, iid, lcid, flags, params,      \
                                  result, exception, bad_argument);                                                    \
  }

#define OLEANDER_DUAL_SLOTS(Type, member)                                                                              \
  OLEANDER_FACE_SLOTS(Type, member), Type##_##member##_GetTypeInfoCount, Type##_##member##_GetTypeInfo,                \
      Type##_##member##_GetIDsOfNames, Type##_##member##_Invoke

#else /* C++ */

#include <exception>
#include <initializer_list>
#include <new>

extern "C++" {
namespace oleander {

/*
 * The base of a C++ object. Self is the derived class, First its default interface, dual or not; with a dual one,
 * IDispatch means First. Self is default-constructible and deleted by its last Release:
 *
 *   class Counter : public oleander::Object<Counter, ICounter> {
 *   public:
 *     HRESULT STDMETHODCALLTYPE get_Value(LONG *value) override;
 *   };
 *   extern OleanderModule module;
 *   static OleanderClass counter_class =
 *       oleander::class_of<Counter>(module, CLSID_Counter, "Sample.Counter", 1, "A counter");
 */
template <class Self, class First, class... Others> class Object : public First, public Others... {
public:
  Object(const Object &) = delete;
  Object &operator=(const Object &) = delete;

  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **result) {
    return oleander_object_query(&holder.object, iid, result);
  }
  ULONG STDMETHODCALLTYPE AddRef() {
    return oleander_object_addref(&holder.object);
  }
  ULONG STDMETHODCALLTYPE Release() {
    return oleander_object_release(&holder.object);
  }

  HRESULT STDMETHODCALLTYPE GetTypeInfoCount(UINT *count) {
    return oleander_object_type_info_count(&holder.object, count);
  }
  HRESULT STDMETHODCALLTYPE GetTypeInfo(UINT index, LCID lcid, ITypeInfo **info) {
    return oleander_object_type_info(&holder.object, static_cast<First *>(this), index, lcid, info);
  }
  HRESULT STDMETHODCALLTYPE GetIDsOfNames(REFIID iid, LPOLESTR *names, UINT count, LCID lcid, DISPID *ids) {
    return oleander_object_ids_of_names(&holder.object, static_cast<First *>(this), iid, names, count, lcid, ids);
  }
  HRESULT STDMETHODCALLTYPE Invoke(DISPID id, REFIID iid, LCID lcid, WORD flags, DISPPARAMS *params, VARIANT *result,
                                   EXCEPINFO *exception, UINT *bad_argument) {
    return oleander_object_invoke(&holder.object, static_cast<First *>(this), id, iid, lcid, flags, params, result,
                                  exception, bad_argument);
  }

  /* A new object with one reference, which the caller owns; Self need not be a class that clients may create. */
  static HRESULT create(OleanderClass &type, Self **result) noexcept {
    OleanderObject *object = nullptr;
    HRESULT hr = make(&type, nullptr, &object);
    *result = hr == S_OK ? reinterpret_cast<Holder *>(object)->self : nullptr;
    return hr;
  }

  /* Reports an error in a method: return fail(E_INVALIDARG, "The unit must be C or F"). */
  HRESULT fail(HRESULT code, const char *description) {
    OleanderClass *type = holder.object.type;
    return oleander_object_fail(code, &OleanderUuidOf<First>::value(), type->progid ? type->progid : type->title,
                                description);
  }

  /* Raises an event; arguments are VARIANTs: fire(1, { value }), or as for oleander_object_fire. */
  HRESULT fire(DISPID event, std::initializer_list<VARIANT> arguments = {}) {
    return oleander_object_fire_id(&holder.object, nullptr, event, arguments.begin(), UINT(arguments.size()));
  }
  template <class... Arguments> HRESULT fire(const char *event, UINT count = 0, Arguments... arguments) {
    return oleander_object_fire(&holder.object, event, count, arguments...);
  }

  /* For OleanderClass. */
  static HRESULT make(OleanderClass *type, IUnknown *outer, OleanderObject **object) noexcept {
    try {
      Self *self = new (std::nothrow) Self;
      if (!self)
        return E_OUTOFMEMORY;
      Object *base = self;
      base->holder.self = self;
      oleander_object_begin(&base->holder.object, type, outer);
      *object = &base->holder.object;
      return S_OK;
    } catch (const std::bad_alloc &) {
      return E_OUTOFMEMORY;
    } catch (...) {
      return E_FAIL;
    }
  }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdelete-non-virtual-dtor" /* Self is the class that was made */
  static void destroy(void *holder) {
    delete static_cast<Holder *>(holder)->self;
  }
#pragma GCC diagnostic pop
  static HRESULT query(void *holder, REFIID iid, void **result) {
    Self *self = static_cast<Holder *>(holder)->self;
    if (!(find<First>(self, iid, result) || (... || find<Others>(self, iid, result)) ||
          (iid == IID_IDispatch && find_dispatch(self, result, static_cast<First *>(nullptr)))))
      return E_NOINTERFACE;
    oleander_object_addref(&static_cast<Holder *>(holder)->object);
    return S_OK;
  }

protected:
  Object() = default;
  ~Object() = default;

private:
  struct Holder {
    OleanderObject object;
    Self *self;
  };
  Holder holder{};

  template <class Interface> static bool find(Self *self, REFIID iid, void **result) {
    if (iid != OleanderUuidOf<Interface>::value())
      return false;
    *result = static_cast<Interface *>(self);
    return true;
  }
  static bool find_dispatch(Self *self, void **result, IDispatch *) {
    *result = static_cast<IDispatch *>(static_cast<First *>(self));
    return true;
  }
  static bool find_dispatch(Self *, void **, void *) {
    return false;
  }
};

template <class Self, class First, class... Others> const IID *default_interface(Object<Self, First, Others...> *) {
  return &OleanderUuidOf<First>::value();
}

/* The OleanderClass of a C++ class. `clsid` NULL: the type library has no coclass for it; `progid` NULL: clients get
 * such objects from others only. */
template <class Self>
OleanderClass class_of(OleanderModule &module, const CLSID *clsid, const char *progid, unsigned version,
                       const char *title) {
  static const OleanderFace faces[] = { { default_interface(static_cast<Self *>(nullptr)), 0, nullptr },
                                        { nullptr, 0, nullptr } };
  OleanderClass type{};
  type.module = &module;
  type.clsid = clsid;
  type.progid = progid;
  type.version = version;
  type.title = title;
  type.faces = faces;
  type.make = Self::make;
  type.destroy = Self::destroy;
  type.query = Self::query;
  return type;
}

template <class Self>
OleanderClass class_of(OleanderModule &module, const CLSID &clsid, const char *progid, unsigned version,
                       const char *title) {
  return class_of<Self>(module, &clsid, progid, version, title);
}

} /* namespace oleander */
}

#endif

#endif
