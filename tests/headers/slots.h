/* EACH_SLOT(action, interface, first, (a, b, c)) is action(interface, first, a) action(interface, first + 1, b) ..., for up
 * to thirty methods. */
/* clang-format off */
#define S1(act, i, n, m) act(i, n, m)
#define S2(act, i, n, m, ...) act(i, n, m) S1(act, i, (n) + 1, __VA_ARGS__)
#define S3(act, i, n, m, ...) act(i, n, m) S2(act, i, (n) + 1, __VA_ARGS__)
#define S4(act, i, n, m, ...) act(i, n, m) S3(act, i, (n) + 1, __VA_ARGS__)
#define S5(act, i, n, m, ...) act(i, n, m) S4(act, i, (n) + 1, __VA_ARGS__)
#define S6(act, i, n, m, ...) act(i, n, m) S5(act, i, (n) + 1, __VA_ARGS__)
#define S7(act, i, n, m, ...) act(i, n, m) S6(act, i, (n) + 1, __VA_ARGS__)
#define S8(act, i, n, m, ...) act(i, n, m) S7(act, i, (n) + 1, __VA_ARGS__)
#define S9(act, i, n, m, ...) act(i, n, m) S8(act, i, (n) + 1, __VA_ARGS__)
#define S10(act, i, n, m, ...) act(i, n, m) S9(act, i, (n) + 1, __VA_ARGS__)
#define S11(act, i, n, m, ...) act(i, n, m) S10(act, i, (n) + 1, __VA_ARGS__)
#define S12(act, i, n, m, ...) act(i, n, m) S11(act, i, (n) + 1, __VA_ARGS__)
#define S13(act, i, n, m, ...) act(i, n, m) S12(act, i, (n) + 1, __VA_ARGS__)
#define S14(act, i, n, m, ...) act(i, n, m) S13(act, i, (n) + 1, __VA_ARGS__)
#define S15(act, i, n, m, ...) act(i, n, m) S14(act, i, (n) + 1, __VA_ARGS__)
#define S16(act, i, n, m, ...) act(i, n, m) S15(act, i, (n) + 1, __VA_ARGS__)
#define S17(act, i, n, m, ...) act(i, n, m) S16(act, i, (n) + 1, __VA_ARGS__)
#define S18(act, i, n, m, ...) act(i, n, m) S17(act, i, (n) + 1, __VA_ARGS__)
#define S19(act, i, n, m, ...) act(i, n, m) S18(act, i, (n) + 1, __VA_ARGS__)
#define S20(act, i, n, m, ...) act(i, n, m) S19(act, i, (n) + 1, __VA_ARGS__)
#define S21(act, i, n, m, ...) act(i, n, m) S20(act, i, (n) + 1, __VA_ARGS__)
#define S22(act, i, n, m, ...) act(i, n, m) S21(act, i, (n) + 1, __VA_ARGS__)
#define S23(act, i, n, m, ...) act(i, n, m) S22(act, i, (n) + 1, __VA_ARGS__)
#define S24(act, i, n, m, ...) act(i, n, m) S23(act, i, (n) + 1, __VA_ARGS__)
#define S25(act, i, n, m, ...) act(i, n, m) S24(act, i, (n) + 1, __VA_ARGS__)
#define S26(act, i, n, m, ...) act(i, n, m) S25(act, i, (n) + 1, __VA_ARGS__)
#define S27(act, i, n, m, ...) act(i, n, m) S26(act, i, (n) + 1, __VA_ARGS__)
#define S28(act, i, n, m, ...) act(i, n, m) S27(act, i, (n) + 1, __VA_ARGS__)
#define S29(act, i, n, m, ...) act(i, n, m) S28(act, i, (n) + 1, __VA_ARGS__)
#define S30(act, i, n, m, ...) act(i, n, m) S29(act, i, (n) + 1, __VA_ARGS__)
#define SLOT_LIST_SIZE(...) SLOT_LIST_SIZE_(__VA_ARGS__, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, \
  14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define SLOT_LIST_SIZE_(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, \
  a22, a23, a24, a25, a26, a27, a28, a29, a30, size, ...) size
#define SLOT_JOIN(a, b) SLOT_JOIN_(a, b)
#define SLOT_JOIN_(a, b) a##b
#define SLOT_OPEN(...) __VA_ARGS__
#define EACH_SLOT(act, i, first, list) SLOT_CALL(SLOT_JOIN(S, SLOT_LIST_SIZE list), (act, i, first, SLOT_OPEN list))
#define SLOT_CALL(macro, arguments) macro arguments
