/* quick.c - which parameters pass between a script and native storage as they are; see quick.h. */
#include "bridge/types/quick.h"

#include <string.h>

bool quick_value(QuickStep *step, const Type *type) {
  static const uint8_t ops[] = { [SCRIPT_OTHER] = QUICK_NONE,
                                 [SCRIPT_INTEGER] = QUICK_INTEGER,
                                 [SCRIPT_NUMBER] = QUICK_R8,
                                 [SCRIPT_BOOLEAN] = QUICK_BOOL,
                                 [SCRIPT_TEXT] = QUICK_BSTR };
  memset(step, 0, sizeof *step);
  type = type_resolve(type);
  const BaseType *base = type->kind == TYPE_ENUM   ? base_type(VT_I4)
                         : type->kind == TYPE_BASE ? base_type(type->vt)
                                                   : NULL;
  if (!base || (type->abi && type->kind == TYPE_BASE)) /* a module has texts of its own */
    return false;
  step->op = ops[base->script_kind];
  step->size = base->size;
  step->is_signed = base->value_class == VALUE_SIGNED;
  step->vt = base->variant_vt;
  step->least = base->least;
  step->most = base->most;
  /* UI8 has no range to check, its upper half is negative here: it goes the long way. */
  if (step->op == QUICK_INTEGER && step->size == 8)
    step->op = step->is_signed ? QUICK_I8 : QUICK_NONE;
  else if (step->op == QUICK_INTEGER && step->size == 4 && step->is_signed)
    step->op = QUICK_I4;
  return step->op != QUICK_NONE;
}

static bool describe(QuickStep *step, const Parameter *parameter, bool possible) {
  if (!quick_value(step, parameter->value) || !possible)
    step->op = QUICK_NONE;
  step->storage = parameter->storage;
  return step->op != QUICK_NONE;
}

bool quick_input(QuickStep *step, const Parameter *parameter) {
  const unsigned special =
      PARAMETER_OUT | PARAMETER_LCID | PARAMETER_RETVAL | PARAMETER_BUFFER | PARAMETER_STRING | PARAMETER_VARARG;
  return describe(step, parameter, (parameter->flags & special) == 0 && parameter->indirection == 0);
}

bool quick_output(QuickStep *step, const Parameter *parameter) {
  const unsigned special = PARAMETER_BUFFER | PARAMETER_STRING | PARAMETER_IN;
  bool own = parameter->indirection == 1 && parameter->cell == parameter->value;
  return describe(step, parameter, own && (parameter->flags & special) == 0);
}
