/*
 * The connection points of an object: one for each of its source interfaces, for objects in C (server_events.c) and in Lua
 * alike ("Connectable Object Interfaces"). They live as long as the object and share its count; listeners come and go
 * on any thread. No listener is called, counted or released under a lock.
 *
 * Raising an event is its owner's matter: he walks the listeners that there are.
 *
 *   uint64_t last = connection_points_last(points, 0), serial = 0;
 *   for (Listener *l; (l = connection_points_after(points, 0, serial)) && l->serial <= last; listener_release(l)) ...
 *
 * leaves those out who were unadvised meanwhile, and who came.
 */
#ifndef OLEANDER_ACTIVATION_CONNECTION_POINTS_H
#define OLEANDER_ACTIVATION_CONNECTION_POINTS_H

#include <stdbool.h>
#include <stdint.h>

#include <ocidl.h>
#include <oleander_api.h>

typedef struct ConnectionPoints ConnectionPoints;

/* The object that the points belong to; `takes_dispatch` tells whether a listener may as well be an IDispatch. */
typedef struct ConnectionOwner {
  HRESULT (*query)(void *object, REFIID iid, void **result);
  ULONG (*addref)(void *object);
  ULONG (*release)(void *object);
  bool (*takes_dispatch)(void *object, UINT point);
} ConnectionOwner;

/* A listener, held by whoever got it: it may be unadvised meanwhile. */
typedef struct Listener {
  IUnknown *sink; /* of the source interface, or an IDispatch */
  DWORD cookie;
  uint64_t serial; /* grows: the order in which they came */
  _Atomic ULONG references;
} Listener;

/* Points for copies of `count` IIDs. NULL: out of memory. */
OLEANDER_API(ConnectionPoints *, connection_points_create,
             (const ConnectionOwner *owner, void *object, const IID *iids, UINT count));
/* The object ends: lets go of the listeners. */
OLEANDER_API(void, connection_points_free, (ConnectionPoints * points));

/* IConnectionPointContainer: a face of the object, whose methods ask the owner; adds no reference. */
OLEANDER_API(IConnectionPointContainer *, connection_points_container, (ConnectionPoints * points));

/* The newest listener of a point; 0: there are none. */
OLEANDER_API(uint64_t, connection_points_last, (ConnectionPoints * points, UINT point));
/* The first listener that came after the one with that serial number (0: the first of all), held. NULL: there is none. */
OLEANDER_API(Listener *, connection_points_after, (ConnectionPoints * points, UINT point, uint64_t serial));
OLEANDER_API(void, listener_release, (Listener * listener));

OLEANDER_API(bool, connection_points_has, (ConnectionPoints * points, UINT point, DWORD cookie));
/* As Unadvise. */
OLEANDER_API(HRESULT, connection_points_drop, (ConnectionPoints * points, UINT point, DWORD cookie));
/* Whether anybody listens, to whichever point. */
bool connection_points_are_heard(ConnectionPoints *points);

#endif
