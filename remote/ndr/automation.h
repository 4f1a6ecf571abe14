/* What of IDispatch and ITypeInfo travels in forms of its own, beside the tree of types: IDispatch::Invoke ([MS-OAUT] 3.1.4.4)
 * and the descriptions of type information (2.2.37 to 2.2.45). For those who marshal these methods by hand. */
#ifndef OLEANDER_REMOTE_NDR_AUTOMATION_H
#define OLEANDER_REMOTE_NDR_AUTOMATION_H

#include <servprov.h>

#include "remote/ndr/ndr.h"

/* Flags of a request beside the DISPATCH_ ones: what the caller does not want. */
enum { NDR_INVOKE_NO_RESULT = 0x20000, NDR_INVOKE_NO_EXCEPTION = 0x40000, NDR_INVOKE_NO_ARGUMENT = 0x80000 };

/* The caller: everything behind ORPCTHIS. Arguments by reference travel apart, and come back. iid: NULL for IID_NULL. InvokeEx
 * has no IID and no argument error, but a caller, which may be NULL. E_INVALIDARG for params that are not whole. */
void ndr_put_invoke(NdrWriter *writer, DISPID member, const IID *iid, LCID lcid, uint32_t flags,
                    const DISPPARAMS *params);
void ndr_put_invoke_ex(NdrWriter *writer, DISPID member, LCID lcid, uint32_t flags, const DISPPARAMS *params,
                       IUnknown *caller);

/* What the server answers. result, exception and bad_argument may be NULL; they are overwritten: result and exception with
 * what the caller then owns. The variables that `params` refers to get what came for them. After a failure of reading,
 * which is what it returns, nothing has been changed but to nothing; else the answer is *answer. */
HRESULT ndr_get_invoke_reply(NdrReader *reader, const DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                             UINT *bad_argument, HRESULT *answer);
HRESULT ndr_get_invoke_ex_reply(NdrReader *reader, const DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                HRESULT *answer);

enum { NDR_INVOKE_ROOM = 16 }; /* arguments without memory of their own */

/* The server: a request as it came. */
typedef struct NdrInvoke {
  bool extended; /* InvokeEx */
  DISPID member;
  IID iid;                  /* of Invoke */
  IServiceProvider *caller; /* of InvokeEx; may be NULL */
  LCID lcid;
  uint32_t flags;    /* with NDR_INVOKE_ ones */
  DISPPARAMS params; /* references are in their places */
  uint32_t reference_count;
  const uint32_t *places; /* of the references in params.rgvarg */
  VARIANT *references;
  NdrCell *cells;
  VARIANT room[NDR_INVOKE_ROOM];
  DISPID named_room[NDR_INVOKE_ROOM];
} NdrInvoke;

/* After a failure there is nothing to clear. */
HRESULT ndr_get_invoke(NdrReader *reader, NdrInvoke *invoke);
HRESULT ndr_get_invoke_ex(NdrReader *reader, NdrInvoke *invoke);
void ndr_invoke_clear(NdrInvoke *invoke);

/* Everything behind ORPCTHAT. A deferred fill-in of `exception` is run. result and exception may be NULL. */
void ndr_put_invoke_reply(NdrWriter *writer, const NdrInvoke *invoke, const VARIANT *result, EXCEPINFO *exception,
                          UINT bad_argument, HRESULT answer);

/* By themselves. */
void ndr_put_excepinfo(NdrWriter *writer, const EXCEPINFO *exception);
void ndr_get_excepinfo(NdrReader *reader, EXCEPINFO *exception);

/* Puts a value that came into the variable that a by-reference VARIANT refers to, if it is of its type; takes it over.
 * False: it does not fit, or there is no variable. */
bool ndr_put_through(VARIANT *reference, VARIANT *value);

/* Descriptions behind a pointer that is their own: the referent, and then all of it. What comes is one block to be released
 * by the function beside; NULL when the pointer is. Hostile descriptions are limited in depth and count. */
void ndr_put_typeattr(NdrWriter *writer, const TYPEATTR *attributes);
void ndr_put_funcdesc(NdrWriter *writer, const FUNCDESC *function);
void ndr_put_vardesc(NdrWriter *writer, const VARDESC *variable);
void ndr_put_tlibattr(NdrWriter *writer, const TLIBATTR *attributes);

HRESULT ndr_get_typeattr(NdrReader *reader, TYPEATTR **attributes);
HRESULT ndr_get_funcdesc(NdrReader *reader, FUNCDESC **function);
HRESULT ndr_get_vardesc(NdrReader *reader, VARDESC **variable);
HRESULT ndr_get_tlibattr(NdrReader *reader, TLIBATTR **attributes);

void ndr_release_typeattr(TYPEATTR *attributes); /* NULL is allowed in all of them */
void ndr_release_funcdesc(FUNCDESC *function);
void ndr_release_vardesc(VARDESC *variable);
void ndr_release_tlibattr(TLIBATTR *attributes);

#endif
