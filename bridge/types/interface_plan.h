/* interface_plan.h - an interface as both its sides need it: who calls it (client/) and who answers it (objects/). Its levels of
 * inheritance, the ways of access to members that they list, and the signatures of these. Which values pass as they are: quick.h. */
#ifndef OLEANDER_BRIDGE_INTERFACE_PLAN_H
#define OLEANDER_BRIDGE_INTERFACE_PLAN_H

#include "dispatch/dispatch_api.h"

typedef enum PlanKind { PLAN_METHOD, PLAN_GET, PLAN_PUT, PLAN_PUTREF, PLAN_KINDS } PlanKind;

PlanKind plan_kind_of(INVOKEKIND kind);
INVOKEKIND plan_invoke_kind(PlanKind kind);

/* The interface and its bases below IUnknown and IDispatch, most derived first, each with a reference. */
typedef struct InterfaceLevels {
  ITypeInfo *levels[TYPEINFO_CHAIN_LIMIT];
  GUID iids[TYPEINFO_CHAIN_LIMIT];
  unsigned count;
  bool dispatch; /* derives from IDispatch, or is a dispinterface without vtable. "dual" alone is only a claim */
  bool vtabled;  /* has a vtable of its own: the levels are interfaces. Else it is one dispinterface */
} InterfaceLevels;

/* The levels of what `info` describes, of the vtable half when it is dual. After a failure of a base the levels before it
 * are there. TYPE_E_WRONGTYPEKIND: it is no interface. */
HRESULT interface_levels(ITypeInfo *info, InterfaceLevels *levels);
void interface_levels_release(InterfaceLevels *levels);

/* One way of access to one member, as a level lists it. */
typedef struct InterfaceEntry {
  unsigned level;
  UINT index;    /* of the function, or of the variable */
  bool variable; /* described by a VARDESC: a property of a dispinterface */
  bool restricted;
  PlanKind kind;
  MEMBERID memid;
  const OLECHAR *name; /* lives as long as the visit; NULL: it has none that could be used */
  HRESULT status;      /* a failure: the entry cannot be read, nothing else but level, index and variable is known */
} InterfaceEntry;

/* S_OK: go on. */
typedef HRESULT InterfaceVisitor(void *context, const InterfaceEntry *entry);

/* Visits all entries of all levels, functions first, in their order. Static and non-virtual functions, IDispatch's own
 * seven methods in a dispinterface, fields and constants are none. Nothing is held while a visitor runs: it may raise. Ends
 * with the first failure of a visitor, or of a level that cannot be read at all. */
HRESULT interface_visit_entries(ITypeInfo *const *levels, unsigned count, InterfaceVisitor *visit, void *context);

/* The signature of an entry: a variable is the same as a function of that kind with no parameter or with one.
 * abi: of the module whose interface it is; NULL. */
HRESULT interface_entry_signature(ITypeInfo *level, UINT index, bool variable, PlanKind kind, const SignatureAbi *abi,
                                  const Signature **signature);

#endif
