/*
 * Enumerators: one implementation of Next, Skip, Reset and Clone for every IEnumXXX interface. Make one over elements
 * that are there (a copy is taken), or over a source that finds them on the way.
 *
 *   IUnknown *parts[] = { first, second };
 *   IEnumUnknown *enumerator;
 *   oleander_enumerator_create(&IID_IEnumUnknown, &oleander_interfaces, parts, 2, (void **)&enumerator);
 *
 * All functions may be called on any thread, the methods of an enumerator too.
 */
#ifndef OLEANDER_OLEANDER_ENUMERATOR_H
#define OLEANDER_OLEANDER_ENUMERATOR_H

#include <stdint.h>

#include <oleander_object.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the elements of an enumerator are handed out. */
typedef struct OleanderElements {
  size_t size;                                   /* of one, in the array that Next fills */
  HRESULT (*copy)(void *copy, const void *from); /* into memory with nothing in it; NULL: the bytes */
  void (*clear)(void *element);                  /* lets go of what it owns; NULL: nothing */
  unsigned flags;
} OleanderElements;

#define OLEANDER_ELEMENTS_EMPTIED 1u  /* all the places that Next is given are zeroed, also those it does not fill */
#define OLEANDER_ELEMENTS_MONIKERS 2u /* the rules of IEnumMoniker: E_INVALIDARG for a NULL, Next(0) gives a NULL */

OLEANDER_EXPORT const OleanderElements oleander_interfaces;  /* pointers */
OLEANDER_EXPORT const OleanderElements oleander_monikers;    /* IMoniker pointers, by the rules of IEnumMoniker */
OLEANDER_EXPORT const OleanderElements oleander_variants;    /* VARIANT */
OLEANDER_EXPORT const OleanderElements oleander_strings;     /* LPOLESTR in task memory */
OLEANDER_EXPORT const OleanderElements oleander_guids;       /* GUID */
OLEANDER_EXPORT const OleanderElements oleander_connections; /* CONNECTDATA */

/* Makes an enumerator with the interface `iid` over copies of `count` elements. The caller keeps his. */
OLEANDER_EXPORT HRESULT oleander_enumerator_create(REFIID iid, const OleanderElements *kind, const void *elements,
                                                   size_t count, void **result);

/* Where an enumerator finds its elements. */
typedef struct OleanderElementSource {
  /* Writes the element at *position into `element`, which is empty, and moves *position on; the first one is at 0, what
   * other numbers mean is the source's own matter. `element` NULL: skips it. S_FALSE: there are no more. */
  HRESULT (*next)(void *context, uint64_t *position, void *element);
  void (*addref)(void *context); /* each enumerator over the source holds it */
  void (*release)(void *context);
} OleanderElementSource;

/* Makes an enumerator over a source. Once it has come to the end it stays there until Reset. */
OLEANDER_EXPORT HRESULT oleander_enumerator_over(REFIID iid, const OleanderElements *kind,
                                                 const OleanderElementSource *source, void *context, void **result);

#ifdef __cplusplus
}
#endif

#endif
