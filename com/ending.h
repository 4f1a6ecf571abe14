/*
 * Things that own one another can be nested without limit: an array in an array, an object that holds an object. Whoever lets
 * go of the outermost would take the stack down with it. So each end says that it begins and is done; one that begins deep
 * inside others is left for later, in its own memory and without an allocation, and the outermost does what was left.
 *
 *   if (ending_is_deep() && it_can_wait)
 *     ending_later(kind, memory, finish);
 *   else
 *     ending_begin(); ... ending_done();
 */
#ifndef OLEANDER_COM_ENDING_H
#define OLEANDER_COM_ENDING_H

#include <stdbool.h>

/* Lies in the memory of what is to end. */
typedef struct Ending {
  struct Ending *next;
} Ending;

typedef enum EndingKind { ENDING_OBJECT, ENDING_ARRAY, ENDING_KINDS } EndingKind;

/* Ends one thing; called by the outermost end on this thread, between ending_begin and ending_done. Always the same for a
 * kind. */
typedef void EndingFinish(Ending *ending);

/* Up to this depth things go in the order in which they own one another. */
enum { ENDING_DEPTH = 32 };

extern _Thread_local unsigned ending_depth;
extern _Thread_local bool ending_waits; /* something was left */

static inline bool ending_is_deep(void) {
  return ending_depth >= ENDING_DEPTH;
}

static inline void ending_begin(void) {
  ending_depth++;
}

void ending_finish_all(void);

static inline void ending_done(void) {
  if (ending_waits && ending_depth == 1)
    ending_finish_all();
  ending_depth--;
}

/* Only while ending_is_deep. */
void ending_later(EndingKind kind, Ending *ending, EndingFinish *finish);

#endif
