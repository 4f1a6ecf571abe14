/* library_bytes.c - what readers share beside text: the bytes of a library, and the name of the one that all refer to. */
#include "typelib/model/library_reader.h"

#include <string.h>

void typelib_bytes_release(TypelibBytes *bytes) {
  if (bytes->release)
    bytes->release(bytes);
  memset(bytes, 0, sizeof *bytes);
}

static const GUID libid_stdole = { 0x00020430, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

bool library_is_stdole(REFGUID libid) {
  return IsEqualGUID(libid, &libid_stdole);
}
