/* An automation server in C: a calculator with a dual interface for scripts and a custom interface for its paper
 * tape. */
#include <initguid.h> /* defines the identifiers of calculator.idl here */
#include <oleander_server.h>

#include "calculator.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Line {
  double result;
  char text[64];
} Line;

/* First the vtable pointers of the interfaces ("faces"), then what Oleander keeps about the object, then the rest. */
typedef struct CalculatorObject {
  ICalculator calculator;
  IPaperTape tape;
  OleanderObject object;
  double memory;
  Line *lines;
  LONG count;
} CalculatorObject;

static CalculatorObject *of_calculator(ICalculator *face) {
  return OLEANDER_SELF(face, CalculatorObject, calculator);
}

static CalculatorObject *of_tape(IPaperTape *face) {
  return OLEANDER_SELF(face, CalculatorObject, tape);
}

/* An error with a text: a script sees the text, whatever language it is written in. */
static HRESULT failed(HRESULT code, const char *text) {
  return oleander_object_fail(code, &IID_ICalculator, "Example.Calculator", text);
}

static HRESULT print(CalculatorObject *self, double left, char operation, double right, double result) {
  Line *lines = realloc(self->lines, (size_t)(self->count + 1) * sizeof *lines);

  if (!lines)
    return E_OUTOFMEMORY;
  self->lines = lines;
  lines[self->count].result = result;
  snprintf(lines[self->count].text, sizeof lines->text, "%g %c %g", left, operation, right);
  self->count++;
  return S_OK;
}

/* ICalculator */

OLEANDER_DUAL(CalculatorObject, calculator, ICalculator) /* the seven methods of IDispatch */

static HRESULT STDMETHODCALLTYPE Calculator_get_Memory(ICalculator *face, double *value) {
  if (!value)
    return E_POINTER;
  *value = of_calculator(face)->memory;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calculator_put_Memory(ICalculator *face, double value) {
  of_calculator(face)->memory = value;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calculator_Add(ICalculator *face, double left, double right, double *result) {
  if (!result)
    return E_POINTER;
  *result = left + right;
  return print(of_calculator(face), left, '+', right, *result);
}

static HRESULT STDMETHODCALLTYPE Calculator_Divide(ICalculator *face, double left, double right, double *result) {
  if (!result)
    return E_POINTER;
  *result = 0;
  if (right == 0)
    return failed(DISP_E_DIVBYZERO, "Division by zero");
  *result = left / right;
  return print(of_calculator(face), left, '/', right, *result);
}

static HRESULT STDMETHODCALLTYPE Calculator_Sum(ICalculator *face, SAFEARRAY *numbers, double *result) {
  double *values;
  ULONG i;
  HRESULT hr;

  (void)face;
  if (!result)
    return E_POINTER;
  *result = 0;
  if (!numbers)
    return S_OK;
  if (SafeArrayGetDim(numbers) != 1)
    return failed(E_INVALIDARG, "The numbers must stand in one row");
  hr = SafeArrayAccessData(numbers, (void **)&values);
  if (FAILED(hr))
    return hr;
  for (i = 0; i < numbers->rgsabound[0].cElements; i++)
    *result += values[i];
  return SafeArrayUnaccessData(numbers);
}

static HRESULT STDMETHODCALLTYPE Calculator_DivideWhole(ICalculator *face, LONG left, LONG right, LONG *remainder,
                                                        LONG *quotient) {
  (void)face;
  if (!remainder || !quotient)
    return E_POINTER;
  *remainder = *quotient = 0;
  if (right == 0)
    return failed(DISP_E_DIVBYZERO, "Division by zero");
  if (right == -1 && left == INT32_MIN)
    return failed(DISP_E_OVERFLOW, "The quotient is too big");
  *remainder = left % right;
  *quotient = left / right;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calculator_Round(ICalculator *face, double value, Rounding how, double *result) {
  (void)face;
  if (!result)
    return E_POINTER;
  switch ((int)how) {
  case RoundNearest:
    *result = nearbyint(value);
    return S_OK;
  case RoundDown:
    *result = floor(value);
    return S_OK;
  case RoundUp:
    *result = ceil(value);
    return S_OK;
  default:
    return failed(E_INVALIDARG, "There is no such way of rounding");
  }
}

static const ICalculatorVtbl calculator_vtable = { OLEANDER_DUAL_SLOTS(CalculatorObject, calculator),
                                                   Calculator_get_Memory,
                                                   Calculator_put_Memory,
                                                   Calculator_Add,
                                                   Calculator_Divide,
                                                   Calculator_Sum,
                                                   Calculator_DivideWhole,
                                                   Calculator_Round };

/* IPaperTape */

OLEANDER_FACE(CalculatorObject, tape, IPaperTape) /* the three methods of IUnknown */

static HRESULT STDMETHODCALLTYPE Tape_Length(IPaperTape *face, LONG *lines) {
  if (!lines)
    return E_POINTER;
  *lines = of_tape(face)->count;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Tape_LineAt(IPaperTape *face, LONG index, double *result, BSTR *text) {
  CalculatorObject *self = of_tape(face);
  OLECHAR wide[64];
  size_t i;

  if (!result || !text)
    return E_POINTER;
  *result = 0;
  *text = NULL;
  if (index < 1 || index > self->count)
    return oleander_object_fail(DISP_E_BADINDEX, &IID_IPaperTape, "Example.Calculator", "The tape has no such line");
  for (i = 0; i <= strlen(self->lines[index - 1].text); i++)
    wide[i] = (OLECHAR)self->lines[index - 1].text[i];
  *result = self->lines[index - 1].result;
  *text = SysAllocString(wide);
  return *text ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE Tape_TearOff(IPaperTape *face) {
  of_tape(face)->count = 0;
  return S_OK;
}

static const IPaperTapeVtbl tape_vtable = { OLEANDER_FACE_SLOTS(CalculatorObject, tape), Tape_Length, Tape_LineAt,
                                            Tape_TearOff };

/* the class and the module */

static void Calculator_destroy(void *self) {
  free(((CalculatorObject *)self)->lines);
}

static const OleanderFace faces[] = {
  { &IID_ICalculator, offsetof(CalculatorObject, calculator), &calculator_vtable }, /* the default interface */
  { &IID_IPaperTape, offsetof(CalculatorObject, tape), &tape_vtable },
  { 0 },
};

extern OleanderModule calculator_module;

static OleanderClass calculator_class = {
  .module = &calculator_module,
  .clsid = &CLSID_Calculator,
  .progid = "Example.Calculator",
  .version = 1,
  .title = "A calculator (example in C)",
  .size = sizeof(CalculatorObject),
  .object = offsetof(CalculatorObject, object),
  .faces = faces,
  .destroy = Calculator_destroy,
};

static OleanderClass *const classes[] = { &calculator_class, NULL };

OleanderModule calculator_module = { .component = "calculator", .classes = classes };

OLEANDER_MODULE(calculator_module)
