/* Bindings, from hostile bytes and to bytes; see bindings.h. */
#include "remote/orpc/bindings.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "remote/rpc/channel.h"

enum { ADDRESS_LIMIT = 8 };

/* Reading */

bool bindings_read(BindingsReader *reader, const uint8_t *bytes, size_t size) {
  Cursor *cursor = &reader->cursor;
  *cursor = cursor_over(bytes, size);
  size_t entries = cursor_u16(cursor), security = cursor_u16(cursor);
  reader->end = 4 + 2 * security;
  return !cursor->failed && security <= entries && 2 * entries <= cursor_left(cursor);
}

bool bindings_next(BindingsReader *reader, uint16_t *tower, char *text, size_t room) {
  Cursor *cursor = &reader->cursor;
  size_t length = 0;
  uint16_t unit;
  *tower = cursor->position < reader->end ? cursor_u16(cursor) : 0;
  if (!*tower)
    return false;
  bool fits = room > 0;
  while ((unit = cursor_u16(cursor)) != 0) {
    fits = fits && unit > 0x20 && unit < 0x7F && length + 1 < room;
    if (fits)
      text[length++] = (char)unit;
  }
  if (fits)
    text[length] = 0;
  else
    *tower = 0;
  return !cursor->failed;
}

/* Writing */

void bindings_begin(Bindings *bindings) {
  bindings->count = bindings->security = 0;
}

void bindings_add(Bindings *bindings, uint16_t tower, const char *text) {
  size_t length = strlen(text);
  /* Room is left for the end, and for some security bindings. */
  if (bindings->count + length + 2 + 64 > BINDINGS_UNITS)
    return;
  bindings->units[bindings->count++] = tower;
  for (size_t i = 0; i < length; i++)
    bindings->units[bindings->count++] = (uint8_t)text[i];
  bindings->units[bindings->count++] = 0;
}

static void end_strings(Bindings *bindings) {
  if (bindings->security)
    return;
  bindings->units[bindings->count++] = 0;
  bindings->security = bindings->count;
}

void bindings_add_security(Bindings *bindings, uint16_t service) {
  end_strings(bindings);
  if (bindings->count + 4 > BINDINGS_UNITS)
    return;
  bindings->units[bindings->count++] = service;
  bindings->units[bindings->count++] = 0xFFFF; /* no authorization service */
  bindings->units[bindings->count++] = 0;      /* no principal */
}

size_t bindings_end(Bindings *bindings, uint8_t bytes[BINDINGS_ROOM]) {
  end_strings(bindings);
  bindings->units[bindings->count++] = 0;
  uint16_t head[2] = { (uint16_t)bindings->count, (uint16_t)bindings->security };
  memcpy(bytes, head, sizeof head);
  memcpy(bytes + sizeof head, bindings->units, 2 * (size_t)bindings->count);
  return sizeof head + 2 * (size_t)bindings->count;
}

/* The host */

typedef struct Addresses {
  char text[ADDRESS_LIMIT + 4][256];
  unsigned count;
} Addresses;

static void note(Addresses *addresses, const char *text) {
  if (!*text || addresses->count == ADDRESS_LIMIT + 4)
    return;
  for (unsigned i = 0; i < addresses->count; i++) {
    if (strcmp(addresses->text[i], text) == 0)
      return;
  }
  snprintf(addresses->text[addresses->count++], sizeof addresses->text[0], "%s", text);
}

static bool is_loopback(const char *text) {
  return strncmp(text, "127.", 4) == 0 || strcmp(text, "::1") == 0;
}

/* Those of IPv4 stand before those of IPv6: more can reach them. */
static void note_interfaces(Addresses *addresses, int family) {
  struct ifaddrs *list;
  if (getifaddrs(&list) != 0)
    return;
  for (const struct ifaddrs *found = list; found && addresses->count < ADDRESS_LIMIT; found = found->ifa_next) {
    char text[INET6_ADDRSTRLEN];
    if (!found->ifa_addr || found->ifa_addr->sa_family != family || !(found->ifa_flags & IFF_UP) ||
        found->ifa_flags & IFF_LOOPBACK)
      continue;
    const struct in6_addr *six = &((const struct sockaddr_in6 *)found->ifa_addr)->sin6_addr;
    const void *address =
        family == AF_INET ? (const void *)&((const struct sockaddr_in *)found->ifa_addr)->sin_addr : six;
    if ((family == AF_INET || !IN6_IS_ADDR_LINKLOCAL(six)) && inet_ntop(family, address, text, sizeof text))
      note(addresses, text);
  }
  freeifaddrs(list);
}

void bindings_add_host(Bindings *bindings, const char *listening, const char *first, uint16_t port) {
  Addresses addresses = { .count = 0 };
  char name[256] = "";
  bool all = !*listening || strcmp(listening, "0.0.0.0") == 0 || strcmp(listening, "::") == 0;
  note(&addresses, first);
  if (all) {
    note_interfaces(&addresses, AF_INET);
    note_interfaces(&addresses, AF_INET6);
  } else {
    note(&addresses, listening);
  }
  if (gethostname(name, sizeof name - 1) == 0)
    note(&addresses, name);
  if (is_loopback(first) || is_loopback(listening))
    note(&addresses, "localhost");
  for (unsigned i = 0; i < addresses.count; i++) {
    char text[sizeof addresses.text[0] + 8];
    snprintf(text, sizeof text, "%s[%u]", addresses.text[i], port);
    bindings_add(bindings, TOWER_TCP, text);
  }
}

size_t bindings_end_host(Bindings *bindings, uint8_t bytes[BINDINGS_ROOM]) {
  uint16_t services[RPC_SERVICE_LIMIT];
  unsigned count = rpc_security_services(services);
  for (unsigned i = 0; i < count; i++)
    bindings_add_security(bindings, services[i]);
  return bindings_end(bindings, bytes);
}
