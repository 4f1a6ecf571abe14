/*
 * What the files of the SAFEARRAY implementation share: element kinds, the hidden header that lies in
 * front of every descriptor ([MS-OAUT] 2.2.30 says what it holds), cell counts and element lifetime.
 */
#ifndef OLEANDER_DISPATCH_SAFEARRAY_H
#define OLEANDER_DISPATCH_SAFEARRAY_H

#include <oaidl.h>
#include <oleauto.h>

#include <stddef.h>
#include <stdint.h>

/* Reserved feature bits (FADF_RESERVED) with the meaning Automation gives them. */
enum {
  SAFEARRAY_VECTOR = 0x2000,      /* data lies behind the descriptor, in one block with it */
  SAFEARRAY_DATA_DELETED = 0x1000 /* a vector whose data was destroyed already */
};

/* Where an array lives is a property of that array, not of what it contains: copies never inherit it. */
enum { SAFEARRAY_PLACEMENT = FADF_AUTO | FADF_STATIC | FADF_EMBEDDED | FADF_FIXEDSIZE };

/* Bits that say what an element owns. */
enum { SAFEARRAY_OWNERSHIP = FADF_BSTR | FADF_UNKNOWN | FADF_DISPATCH | FADF_VARIANT | FADF_RECORD };

/* Bytes in front of the descriptor: an IID, or the IRecordInfo in the last pointer, or the VARTYPE in the last
 * 32 bits. */
enum { SAFEARRAY_HIDDEN_SIZE = 16 };

/* Bytes of one element, 0 for what cannot be an element (and for records, whose size comes from IRecordInfo). */
uint32_t safearray_element_size(VARTYPE vt);

/* Number of elements of all dimensions from `first` on; false when it does not fit in 32 bits. */
BOOL safearray_count(const SAFEARRAY *array, unsigned first, uint32_t *count);

/* Bytes of the data of the array; false on overflow (Automation counts an array's bytes in a ULONG). */
BOOL safearray_data_size(const SAFEARRAY *array, uint32_t *size);

/* As SafeArrayAllocData, but what the memory holds is left to who asks, who fills it. */
HRESULT safearray_alloc_unfilled(SAFEARRAY *array);

/* Borrowed, may be NULL; only valid with FADF_RECORD. */
IRecordInfo *safearray_record_info(const SAFEARRAY *array);

/* Release what elements [first, first + count) own; the memory itself is left zeroed. */
void safearray_clear_elements(SAFEARRAY *array, uint32_t first, uint32_t count);

/* Where ending_is_deep: leaves a record to be cleared later, by the outermost end. True: its memory is no longer the
 * caller's, when it is from the heap, or empty. False, for want of memory or a size: nothing was done. */
BOOL safearray_wait_for_record(IRecordInfo *info, void *record, BOOL is_heap);

/* Whether pvData is a block of its own from task memory. */
BOOL safearray_data_is_heap(const SAFEARRAY *array);

/* Free a block, or leave that to the last release when it is pinned by SafeArrayAddRef. */
void safearray_free_data(void *data);

#endif
