/* Interfaces as they travel: what proxies and stubs of one IID share. For each slot of the vtable either an NdrMethod, made when
 * it is first called, or a pair of functions by hand ([call_as]). */
#ifndef OLEANDER_REMOTE_WIRE_H
#define OLEANDER_REMOTE_WIRE_H

#include <stdatomic.h>

#include "dispatch/dispatch_api.h"
#include "remote/ndr/ndr.h"
#include "typelib/typelib_api.h"

/* A call that a stub carries out by hand. */
typedef struct WireServe WireServe;
struct WireServe {
  void *object;
  NdrReader *reader; /* behind ORPCTHIS */
  NdrWriter *writer;
  /* Once, behind the call of the object and before its results: writes ORPCTHAT. */
  void (*answer)(WireServe *serve, HRESULT result);
  bool answered;
  void *state; /* zeroed memory of CallAs.state_size, until the answer is sent */
};

/* A method that travels in another form than it is called. `arguments` are as in ClosureCall. */
typedef struct CallAs {
  const IID *iid; /* of the interface that declares it */
  uint16_t slot;
  /* The caller's side. */
  HRESULT (*put)(NdrWriter *writer, void *const *arguments);
  /* Results into the caller's memory, and what the method gives. A damaged reply fails the reader, and nothing is stored. */
  HRESULT (*get)(NdrReader *reader, void *const *arguments);
  /* Instead, for a method whose result is no HRESULT. */
  HRESULT (*get_number)(NdrReader *reader, void *const *arguments, void *result);
  /* Zeroes [out]s where the call failed; may be NULL. */
  void (*clear)(void *const *arguments);
  /* The server's side: reads, calls, answers, writes. A failed reader: it calls nothing. */
  void (*serve)(WireServe *serve);
  size_t state_size;
  void (*end)(void *state); /* once the answer is sent, which may borrow from it; NULL: nothing to do */
  /* Answers without the server; the others are NULL then. */
  void (*local)(const ClosureCall *call);
} CallAs;

/* Tables of them, each ends with a NULL iid. */
extern const CallAs call_as_dispatch[], call_as_classes[], call_as_types[], call_as_storage[];

typedef struct WireMethod {
  const Signature *signature; /* as it is called; NULL: nobody describes the slot */
  const CallAs *call_as;
  const Signature *wire; /* as it travels */
  _Atomic(const NdrMethod *) method;
  bool keeps_out;       /* gives something with a failure, too */
  bool is_next;         /* of an enumerator: (asked for, elements, how many came) */
  uint32_t substitutes; /* parameters that may be NULL for the caller and not on the wire: a bit each */
} WireMethod;

typedef struct WireInterface {
  struct WireInterface *next, *idle_next, *idle_before; /* of the table */
  _Atomic uint32_t references;
  IID iid;
  bool lasting;    /* a standard one: stays for good */
  bool dispatch;   /* a dispinterface: called as IDispatch */
  ITypeInfo *type; /* one of our own that describes it; NULL */
  const VtableTemplate *vtable;
  UINT count;
  WireMethod methods[];
} WireInterface;

/* How an interface travels: by our table, by its registered library, by the library that the object shows (may be NULL: none is
 * asked). Objects are called, no lock is held. REGDB_E_IIDNOTREG: nobody describes it. */
HRESULT wire_find(REFIID iid, IUnknown *object, WireInterface **wire);
/* How it travels where that is known without looking, with a reference; NULL. */
WireInterface *wire_find_known(REFIID iid);
/* The module that makes proxies and stubs of it; S_FALSE: none. *known: as of wire_find_known. */
HRESULT wire_factory(REFIID iid, WireInterface **known, IPSFactoryBuffer **factory);
WireInterface *wire_addref(WireInterface *wire);
void wire_release(WireInterface *wire);

/* The method of a slot, for one without call_as. */
HRESULT wire_method(const WireInterface *wire, UINT slot, const NdrMethod **method);

#endif
