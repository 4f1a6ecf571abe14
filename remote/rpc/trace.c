/* The lines of OLEANDER_TRACE=rpc (trace.h). */
#include "remote/rpc/trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <oleander_registry.h>

bool rpc_trace_on;

enum { LINE = 512, NAME = 64 };

/* A list, separated by commas. */
__attribute__((constructor)) static void read_variable(void) {
  const char *at = secure_getenv("OLEANDER_TRACE");
  while (at && *at) {
    size_t size = strcspn(at, ",");
    rpc_trace_on = rpc_trace_on || (size == 3 && memcmp(at, "rpc", 3) == 0);
    at += size + (at[size] == ',');
  }
}

/* The registered name of an interface, else its IID. */
static void name_interface(const IID *iid, char name[NAME]) {
#define STANDARD(number)                                                                                               \
  {                                                                                                                    \
    (number), 0, 0, {                                                                                                  \
      0xC0, 0, 0, 0, 0, 0, 0, 0x46                                                                                     \
    }                                                                                                                  \
  }
#define OURS(last)                                                                                                     \
  {                                                                                                                    \
    0x8A3D2B51, 0x6C0E, 0x4F3B, {                                                                                      \
      0x9D, 0x51, 0x0E, 0x6B, 0x77, 0xC4, 0x21, (last)                                                                 \
    }                                                                                                                  \
  }
  static const struct {
    IID iid;
    const char *name;
  } known[] = { { STANDARD(0), "IUnknown" },
                { STANDARD(1), "IClassFactory" },
                { STANDARD(0x131), "IRemUnknown" },
                { STANDARD(0x143), "IRemUnknown2" },
                { STANDARD(0x20400), "IDispatch" },
                { STANDARD(0x20401), "ITypeInfo" },
                { STANDARD(0x20402), "ITypeLib" },
                { STANDARD(0x20404), "IEnumVARIANT" },
                { OURS(1), "(process)" },
                { OURS(2), "(references)" },
                { { 0x6f6c6561, 0x6272, 0x6f6b, { 0x80, 0x00, 0x5c, 0x1d, 0x7a, 0x90, 0xe2, 0xf3 } }, "(service)" } };
#undef STANDARD
#undef OURS
  char path[NAME] = "Interface\\";
  OleanderRegistryKey *key = NULL;
  const char *found = NULL;
  guid_format_utf8(iid, path + strlen(path));
  for (size_t i = 0; i < sizeof known / sizeof known[0] && !found; i++)
    found = IsEqualGUID(iid, &known[i].iid) ? known[i].name : NULL;
  if (!found && oleander_registry_open(path, &key) == S_OK)
    oleander_registry_string(key, NULL, NULL, &found);
  snprintf(name, NAME, "%s", found ? found : strchr(path, '{'));
  oleander_registry_close(key);
}

typedef struct Line {
  char text[LINE];
  size_t size;
} Line;

static __attribute__((format(printf, 2, 3))) void add(Line *line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int size = vsnprintf(line->text + line->size, LINE - 1 - line->size, format, arguments);
  va_end(arguments);
  line->size += size > 0 ? (size_t)size : 0;
  if (line->size > LINE - 2)
    line->size = LINE - 2;
}

void rpc_trace_write(const RpcChannel *channel, const RpcTrace *trace) {
  Line line = { .size = 0 };
  char text[NAME];
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  struct tm local;
  strftime(text, sizeof text, "%H:%M:%S", localtime_r(&now.tv_sec, &local));
  add(&line, "rpc %s.%06ld %d %s ", text, now.tv_nsec / 1000, (int)getpid(), trace->sent ? "->" : "<-");
  if (*channel->peer.address)
    add(&line, "%s %s", channel->peer.address, trace->kind);
  else
    add(&line, "%d %s", (int)channel->peer.pid, trace->kind);
  if (trace->call_id)
    add(&line, " %u", trace->call_id);
  if (trace->iid) {
    name_interface(trace->iid, text);
    add(&line, " %s", text);
  }
  if (trace->object)
    add(&line, " method %u", trace->opnum);
  if (trace->object && !IsEqualGUID(trace->object, &GUID_NULL)) {
    guid_format_utf8(trace->object, text);
    add(&line, " of %s", text);
  }
  if (trace->size)
    add(&line, ", %zu bytes", trace->size);
  if (trace->status)
    add(&line, ", status 0x%08X", trace->status);
  if (trace->note)
    add(&line, ", %s", trace->note);
  line.text[line.size++] = '\n';
  (void)!write(STDERR_FILENO, line.text, line.size); /* one system call, so that lines of processes do not mix */
}
