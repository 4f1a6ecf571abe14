/* How deep in one another the copies are that this thread makes. Records in VARIANTs in records, and records behind pointers
 * in records, are copied by recursion, through anybody's IRecordInfo: all count here, and what is too deep is an error. */
#ifndef OLEANDER_DISPATCH_COPY_DEPTH_H
#define OLEANDER_DISPATCH_COPY_DEPTH_H

/* In pointers followed; a record in a VARIANT or an array takes the stack of several. */
enum { COPY_DEPTH_LIMIT = 1000, COPY_DEPTH_RECORD = 5 };

extern _Thread_local unsigned copy_depth;

#endif
