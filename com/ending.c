/* What waits for the outermost end of its thread; see ending.h. */
#include "com/ending.h"

#include <stddef.h>

_Thread_local unsigned ending_depth;
_Thread_local bool ending_waits;

static _Thread_local struct {
  Ending *first;
  EndingFinish *finish;
} waiting[ENDING_KINDS];

void ending_later(EndingKind kind, Ending *ending, EndingFinish *finish) {
  ending->next = waiting[kind].first;
  waiting[kind].first = ending;
  waiting[kind].finish = finish;
  ending_waits = true;
}

static Ending *take(EndingKind kind) {
  Ending *ending = waiting[kind].first;
  if (ending)
    waiting[kind].first = ending->next;
  return ending;
}

static bool finish_one(void) {
  for (EndingKind kind = 0; kind < ENDING_KINDS; kind++) {
    Ending *ending = take(kind);
    if (ending) {
      waiting[kind].finish(ending);
      return true;
    }
  }
  return false;
}

/* What ends may leave more behind. */
void ending_finish_all(void) {
  while (finish_one())
    ;
  ending_waits = false;
}
