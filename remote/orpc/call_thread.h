/* What a thread is in the middle of: calls that it waits for, and calls that it serves. */
#ifndef OLEANDER_REMOTE_CALL_THREAD_H
#define OLEANDER_REMOTE_CALL_THREAD_H

#include "remote/orpc/orpc_internal.h"

/* A call from elsewhere that the thread carries out. */
typedef struct ServedCall ServedCall;
struct ServedCall {
  ServedCall *outer;
  RpcRequest *request; /* NULL: answered */
  GUID causality;
};

/* Where others cancel what the thread waits for (cancel.c). */
typedef struct CancelPoint CancelPoint;

/* What CoGetCallContext gives within a served call (served_context.c). */
typedef struct CallContext CallContext;

/* Calls that have come and wait (message_pending.c). */
typedef struct HeldCall HeldCall;

typedef struct CallThread {
  OrpcCall *outgoing; /* the innermost */
  ServedCall *served; /* likewise */
  int64_t deadline;   /* of calls that begin; 0: none */
  CancelPoint *cancel;
  IUnknown *cancel_object; /* CoSetCancelObject */
  CallContext *spare;      /* for the next call */
  HeldCall *held;          /* until the innermost outgoing call has ended */
  bool watched;
  Blanket *
      blanket; /* of references to other hosts that the thread takes (remote_use_login); borrowed, NULL: the process's */
} CallThread;

extern _Thread_local CallThread call_thread;

/* What the thread has of its own goes when it ends. False: there is no memory for that. */
bool call_thread_watch(void);

/* cancel.c: around each wait. The number of the call is what a cancellation names. */
void cancel_point_enter(OrpcCall *call);
void cancel_point_leave(OrpcCall *call);
/* Whether the call is to be given up, and from which moment on. */
bool cancel_point_asked(const OrpcCall *call, int64_t *moment);
void cancel_point_end(void);

/* Whether a call of that causality comes out of one that the thread waits for. */
bool call_is_nested(REFGUID causality);
/* Asks the message filter where the thread waits. True: the request was taken, to be served later. */
bool message_pending_holds(Exporter *exporter, RpcRequest *request);
/* A wait has ended: what was held is left to the queue again. */
void message_pending_release(void);

/* NULL: out of memory; then there is no context. */
CallContext *call_context_enter(ServedCall *served, IUnknown **before);
void call_context_leave(CallContext *context, IUnknown *before);
void call_contexts_end(void);

#endif
