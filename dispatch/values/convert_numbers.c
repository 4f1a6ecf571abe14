/* The matrix of VarXFromY between numbers, dates and truth values. A line is a target, a column a source.
 * (VarI8FromI4 has never been among the functions of Automation.) */
#include "dispatch/values/scalar.h"

/* How a source is handed over, and which kind of value it is. */
#define ARG_I1        CHAR
#define ARG_UI1       BYTE
#define ARG_I2        SHORT
#define ARG_UI2       USHORT
#define ARG_I4        LONG
#define ARG_UI4       ULONG
#define ARG_I8        LONG64
#define ARG_UI8       ULONG64
#define ARG_R4        FLOAT
#define ARG_R8        DOUBLE
#define ARG_Cy        CY
#define ARG_Date      DATE
#define ARG_Dec       const DECIMAL *
#define ARG_Bool      VARIANT_BOOL

#define FROM_I1(To)   To##_from_signed
#define FROM_UI1(To)  To##_from_unsigned
#define FROM_I2(To)   To##_from_signed
#define FROM_UI2(To)  To##_from_unsigned
#define FROM_I4(To)   To##_from_signed
#define FROM_UI4(To)  To##_from_unsigned
#define FROM_I8(To)   To##_from_signed
#define FROM_UI8(To)  To##_from_unsigned
#define FROM_R4(To)   To##_from_single
#define FROM_R8(To)   To##_from_real
#define FROM_Cy(To)   To##_from_cy
#define FROM_Date(To) To##_from_real
#define FROM_Dec(To)  To##_from_dec
#define FROM_Bool(To) To##_from_bool

#define C(T, S)                                                                                                        \
  HRESULT Var##T##From##S(ARG_##S value, TYPE_##T *result) {                                                           \
    return !result ? E_INVALIDARG : FROM_##S(T)(value, result);                                                        \
  }

/* clang-format off */
            C(I1,UI1)   C(I1,I2)   C(I1,UI2)   C(I1,I4)   C(I1,UI4)   C(I1,I8)   C(I1,UI8)   C(I1,R4)   C(I1,R8)   C(I1,Cy)   C(I1,Date)   C(I1,Dec)   C(I1,Bool)
C(UI1,I1)               C(UI1,I2)  C(UI1,UI2)  C(UI1,I4)  C(UI1,UI4)  C(UI1,I8)  C(UI1,UI8)  C(UI1,R4)  C(UI1,R8)  C(UI1,Cy)  C(UI1,Date)  C(UI1,Dec)  C(UI1,Bool)
C(I2,I1)    C(I2,UI1)              C(I2,UI2)   C(I2,I4)   C(I2,UI4)   C(I2,I8)   C(I2,UI8)   C(I2,R4)   C(I2,R8)   C(I2,Cy)   C(I2,Date)   C(I2,Dec)   C(I2,Bool)
C(UI2,I1)   C(UI2,UI1)  C(UI2,I2)              C(UI2,I4)  C(UI2,UI4)  C(UI2,I8)  C(UI2,UI8)  C(UI2,R4)  C(UI2,R8)  C(UI2,Cy)  C(UI2,Date)  C(UI2,Dec)  C(UI2,Bool)
C(I4,I1)    C(I4,UI1)   C(I4,I2)   C(I4,UI2)              C(I4,UI4)   C(I4,I8)   C(I4,UI8)   C(I4,R4)   C(I4,R8)   C(I4,Cy)   C(I4,Date)   C(I4,Dec)   C(I4,Bool)
C(UI4,I1)   C(UI4,UI1)  C(UI4,I2)  C(UI4,UI2)  C(UI4,I4)              C(UI4,I8)  C(UI4,UI8)  C(UI4,R4)  C(UI4,R8)  C(UI4,Cy)  C(UI4,Date)  C(UI4,Dec)  C(UI4,Bool)
C(I8,I1)    C(I8,UI1)   C(I8,I2)   C(I8,UI2)              C(I8,UI4)              C(I8,UI8)   C(I8,R4)   C(I8,R8)   C(I8,Cy)   C(I8,Date)   C(I8,Dec)   C(I8,Bool)
C(UI8,I1)   C(UI8,UI1)  C(UI8,I2)  C(UI8,UI2)  C(UI8,I4)  C(UI8,UI4)  C(UI8,I8)              C(UI8,R4)  C(UI8,R8)  C(UI8,Cy)  C(UI8,Date)  C(UI8,Dec)  C(UI8,Bool)
C(R4,I1)    C(R4,UI1)   C(R4,I2)   C(R4,UI2)   C(R4,I4)   C(R4,UI4)   C(R4,I8)   C(R4,UI8)              C(R4,R8)   C(R4,Cy)   C(R4,Date)   C(R4,Dec)   C(R4,Bool)
C(R8,I1)    C(R8,UI1)   C(R8,I2)   C(R8,UI2)   C(R8,I4)   C(R8,UI4)   C(R8,I8)   C(R8,UI8)   C(R8,R4)              C(R8,Cy)   C(R8,Date)   C(R8,Dec)   C(R8,Bool)
C(Cy,I1)    C(Cy,UI1)   C(Cy,I2)   C(Cy,UI2)   C(Cy,I4)   C(Cy,UI4)   C(Cy,I8)   C(Cy,UI8)   C(Cy,R4)   C(Cy,R8)              C(Cy,Date)   C(Cy,Dec)   C(Cy,Bool)
C(Date,I1)  C(Date,UI1) C(Date,I2) C(Date,UI2) C(Date,I4) C(Date,UI4) C(Date,I8) C(Date,UI8) C(Date,R4) C(Date,R8) C(Date,Cy)              C(Date,Dec) C(Date,Bool)
C(Dec,I1)   C(Dec,UI1)  C(Dec,I2)  C(Dec,UI2)  C(Dec,I4)  C(Dec,UI4)  C(Dec,I8)  C(Dec,UI8)  C(Dec,R4)  C(Dec,R8)  C(Dec,Cy)  C(Dec,Date)              C(Dec,Bool)
C(Bool,I1)  C(Bool,UI1) C(Bool,I2) C(Bool,UI2) C(Bool,I4) C(Bool,UI4) C(Bool,I8) C(Bool,UI8) C(Bool,R4) C(Bool,R8) C(Bool,Cy) C(Bool,Date) C(Bool,Dec)
    /* clang-format on */
