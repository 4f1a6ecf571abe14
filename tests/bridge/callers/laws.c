/* The rules for implementing QueryInterface ("Rules for Implementing QueryInterface", "Managing Object Identity"). */
#include "callers_internal.h"

static IUnknown *ask(IUnknown *face, REFIID iid) {
  void *answer = (void *)1;
  HRESULT result = IUnknown_QueryInterface(face, iid, &answer);
  if (SUCCEEDED(result))
    return answer;
  return answer == NULL ? NULL : (IUnknown *)1; /* the pointer must be zeroed */
}

static const char *check_face(IUnknown *identity, IUnknown *face, REFIID iid, const IID *iids, unsigned count) {
  IUnknown *same = ask(face, &IID_IUnknown);
  if (same != identity)
    return "IUnknown is not one pointer";
  IUnknown_Release(same);
  IUnknown *again = ask(face, iid);
  if (again == NULL)
    return "not reflexive";
  IUnknown_Release(again);
  for (unsigned i = 0; i < count; i++) {
    IUnknown *from_identity = ask(identity, &iids[i]), *from_face = ask(face, &iids[i]);
    if (from_identity == (IUnknown *)1 || from_face == (IUnknown *)1)
      return "a refusal does not zero the pointer";
    if ((from_identity == NULL) != (from_face == NULL))
      return "the set of interfaces depends on the pointer";
    if (from_face != NULL) {
      IUnknown *back = ask(from_face, iid);
      if (back == NULL)
        return "not symmetric";
      IUnknown_Release(back);
      IUnknown_Release(from_face);
      IUnknown_Release(from_identity);
    }
  }
  return NULL;
}

const char *laws_broken(IUnknown *object, const IID *iids, unsigned count) {
  IUnknown *identity = ask(object, &IID_IUnknown);
  const char *broken = NULL;
  static const GUID nobody = { 0xDEADBEEF, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
  if (identity == NULL || identity == (IUnknown *)1)
    return "no IUnknown";
  if (ask(object, &nobody) != NULL)
    broken = "answers any IID, or does not zero the pointer";
  if (broken == NULL && IUnknown_QueryInterface(object, &IID_IUnknown, NULL) != E_POINTER)
    broken = "takes a NULL pointer for the result";
  for (unsigned i = 0; broken == NULL && i < count; i++) {
    IUnknown *face = ask(identity, &iids[i]);
    if (face == (IUnknown *)1)
      broken = "a refusal does not zero the pointer";
    else if (face != NULL) {
      broken = check_face(identity, face, &iids[i], iids, count);
      IUnknown_Release(face);
    }
  }
  ULONG up = IUnknown_AddRef(identity);
  if (IUnknown_Release(identity) != up - 1 && broken == NULL)
    broken = "AddRef and Release don't count";
  IUnknown_Release(identity);
  return broken;
}
