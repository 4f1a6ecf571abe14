/* The library behind gss.h. */
#include "remote/security/gss.h"

#ifdef OLEANDER_GSSAPI

#include <dlfcn.h>
#include <pthread.h>

Gss gss;
static bool is_ready;

#define TEXT_OF(name) #name
#define FIND(name)                                                                                                     \
  if (!(*(void **)&gss.name = dlsym(library, TEXT_OF(name))))                                                          \
    return;

static void open_library(void) {
  void *library = dlopen(OLEANDER_GSSAPI, RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return;
  GSS_FUNCTIONS(FIND)
  is_ready = true;
}

bool gss_ready(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_library);
  return is_ready;
}

const char *gss_missing(void) {
  return "Kerberos needs the library " OLEANDER_GSSAPI " (package libgssapi-krb5-2), which cannot be opened";
}

#else

bool gss_ready(void) {
  return false;
}

const char *gss_missing(void) {
  return "Oleander was built without Kerberos (libkrb5-dev)";
}

#endif
