/* How Oleander declares what it exports.
 *
 * The source names are the standard ones; every exported symbol is called oleander_<name>, so that nothing of
 * ours is bound by accident to another COM-style library of the same process (and the reverse). */
#ifndef OLEANDER_API_H
#define OLEANDER_API_H

#ifdef __cplusplus
#define OLEANDER_EXTERN_C extern "C"
#else
#define OLEANDER_EXTERN_C extern
#endif

#define OLEANDER_VISIBLE __attribute__((visibility("default")))

/* A public function: OLEANDER_API(HRESULT, CoInitialize, (LPVOID pvReserved)); */
#define OLEANDER_API(type, name, params) \
    OLEANDER_EXTERN_C OLEANDER_VISIBLE type name params __asm__("oleander_" #name)

/* Public constant data: OLEANDER_DATA(const IID, IID_IUnknown); */
#define OLEANDER_DATA(type, name) OLEANDER_EXTERN_C OLEANDER_VISIBLE type name __asm__("oleander_" #name)

/* A public function whose own name begins with oleander_ already. */
#define OLEANDER_EXPORT OLEANDER_EXTERN_C OLEANDER_VISIBLE

#endif
