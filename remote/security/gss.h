/* GSSAPI of MIT Kerberos, opened by name: local use needs it neither to build nor to run. */
#ifndef OLEANDER_REMOTE_SECURITY_GSS_H
#define OLEANDER_REMOTE_SECURITY_GSS_H

#include <stdbool.h>

/* What is missing, for people; where gss_ready is false. */
const char *gss_missing(void);
bool gss_ready(void);

#ifdef OLEANDER_GSSAPI

#include <gssapi/gssapi_ext.h>

#define GSS_FUNCTIONS(_)                                                                                               \
  _(gss_import_name)                                                                                                   \
  _(gss_release_name)                                                                                                  \
  _(gss_display_name)                                                                                                  \
  _(gss_acquire_cred)                                                                                                  \
  _(gss_acquire_cred_with_password)                                                                                    \
  _(gss_release_cred)                                                                                                  \
  _(gss_init_sec_context)                                                                                              \
  _(gss_accept_sec_context)                                                                                            \
  _(gss_delete_sec_context)                                                                                            \
  _(gss_release_buffer)                                                                                                \
  _(gss_get_mic)                                                                                                       \
  _(gss_verify_mic)                                                                                                    \
  _(gss_get_mic_iov_length)                                                                                            \
  _(gss_wrap_iov)                                                                                                      \
  _(gss_wrap_iov_length)                                                                                               \
  _(gss_unwrap_iov)

#define GSS_DECLARE(name) __typeof__(name) *name;
typedef struct Gss {
  GSS_FUNCTIONS(GSS_DECLARE)
} Gss;

/* Of use where gss_ready. */
extern Gss gss;

#endif
#endif
