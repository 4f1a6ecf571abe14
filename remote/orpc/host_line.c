/* Questions to another host (host_line.h): IObjectExporter::ServerAlive2 ([MS-DCOM] 3.1.2.5.1.6), ept_lookup ([C706] appendix O). */
#include "remote/orpc/host_line.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/native_call.h"
#include "remote/orpc/resolver.h"

#define CONNECT_SECONDS 20.0

const IID IID_EndpointMapper = { 0xE1AF8308, 0x5D1F, 0x11C9, { 0x91, 0xA4, 0x08, 0x00, 0x2B, 0x14, 0xA0, 0xFA } };

enum { EPT_LOOKUP = 2, HANDLE_SIZE = 20, PAGE = 500, PAGES = 100, TEXT = 512 };

struct HostLine {
  RpcChannel *channel;
};

HRESULT host_line_open(const char *host, uint16_t port, bool secure, HostLine **line) {
  int64_t moment = apartment_after(CONNECT_SECONDS), until = remote_deadline();
  Blanket *blanket = NULL;
  HostLine *made = calloc(1, sizeof *made);
  *line = NULL;
  if (!made)
    return E_OUTOFMEMORY;
  HRESULT status =
      rpc_tcp_connect(queue_of_thread(), host, port, until < moment ? until : moment, NULL, &made->channel);
  if (SUCCEEDED(status) && secure)
    status = blanket_of_process(&blanket);
  if (SUCCEEDED(status) && secure)
    status = rpc_channel_secure(made->channel, blanket, RPC_C_AUTHN_LEVEL_PKT_INTEGRITY, host);
  blanket_release(blanket);
  if (SUCCEEDED(status))
    *line = made;
  else
    host_line_close(made);
  return status;
}

void host_line_close(HostLine *line) {
  if (line && line->channel)
    rpc_channel_release(line->channel);
  free(line);
}

/* Who is alive */

/* A principal is for people: what is no ASCII is shown as ?. */
static bool next_security(BindingsReader *reader, HostEntry *entry, char text[TEXT]) {
  Cursor *cursor = &reader->cursor;
  size_t length = 0;
  entry->service = cursor_u16(cursor);
  if (!entry->service || cursor->failed)
    return false;
  cursor_u16(cursor); /* the authorization service */
  for (uint16_t unit; (unit = cursor_u16(cursor)) && !cursor->failed;) {
    if (length < TEXT - 1)
      text[length++] = unit >= ' ' && unit < 0x7F ? (char)unit : '?';
  }
  text[length] = 0;
  return !cursor->failed;
}

static void visit_bindings(const uint8_t *bytes, size_t size, HostVisit *visit, void *context) {
  BindingsReader reader;
  char text[TEXT];
  uint16_t tower;
  if (!bindings_read(&reader, bytes, size))
    return;
  while (bindings_next(&reader, &tower, text, sizeof text)) {
    if (tower == TOWER_TCP)
      visit(context, &(HostEntry){ .text = text, .note = "" });
  }
  cursor_seek(&reader.cursor, reader.end);
  HostEntry entry = { .text = "", .note = text };
  while (next_security(&reader, &entry, text))
    visit(context, &entry);
}

HRESULT host_line_alive(HostLine *line, uint16_t version[2], HostVisit *visit, void *context) {
  NativeCall call;
  size_t size = 0;
  native_begin(&call, line->channel, &IID_IObjectExporter, SERVER_ALIVE_2);
  HRESULT status = native_send(&call);
  if (SUCCEEDED(status)) {
    NdrReader *reader = &call.reader;
    version[0] = ndr_get_u16(reader);
    version[1] = ndr_get_u16(reader);
    const uint8_t *bindings = ndr_get_pointer(reader) ? native_get_bindings(reader, &size) : NULL;
    ndr_get_u32(reader);
    uint32_t code = ndr_get_u32(reader);
    status = FAILED(reader->error) ? reader->error : HRESULT_FROM_WIN32(code);
    if (SUCCEEDED(status) && bindings && visit)
      visit_bindings(bindings, size, visit, context);
  }
  native_end(&call);
  return status;
}

/* The endpoint mapper */

/* What the floors of a tower say of an interface; false: it is damaged, or of no interface. */
typedef struct Tower {
  HostEntry entry;
  char protocol[24], address[INET_ADDRSTRLEN + 1], endpoint[128];
} Tower;

static void take_text(char *to, size_t room, const uint8_t *from, size_t size) {
  size_t length = 0;
  for (; length < size && length + 1 < room && from[length]; length++)
    to[length] = from[length] >= ' ' && from[length] < 0x7F ? (char)from[length] : '?';
  to[length] = 0;
}

static void take_floor(Tower *tower, uint8_t protocol, const uint8_t *right, size_t size) {
  static const struct {
    uint8_t floor;
    const char *name;
  } named[] = { { 0x0F, "ncacn_np" }, { 0x10, "ncalrpc" } };
  static const struct {
    uint8_t floor;
    const char *name;
  } numbered[] = { { 0x07, "ncacn_ip_tcp" }, { 0x08, "ncadg_ip_udp" }, { 0x1F, "ncacn_http" } };
  for (size_t i = 0; i < sizeof numbered / sizeof numbered[0]; i++) {
    if (protocol != numbered[i].floor || size != 2)
      continue;
    strcpy(tower->protocol, numbered[i].name);
    snprintf(tower->endpoint, sizeof tower->endpoint, "%u", right[0] << 8 | right[1]);
  }
  for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
    if (protocol != named[i].floor)
      continue;
    strcpy(tower->protocol, named[i].name);
    take_text(tower->endpoint, sizeof tower->endpoint, right, size);
  }
  if (protocol == 0x09 && size == 4)
    inet_ntop(AF_INET, right, tower->address, sizeof tower->address);
  else if (protocol == 0x11)
    take_text(tower->address, sizeof tower->address, right, size);
}

static bool read_tower(Cursor *cursor, Tower *tower) {
  unsigned floors = cursor_u16(cursor);
  for (unsigned i = 0; i < floors && !cursor->failed; i++) {
    size_t left = cursor_u16(cursor);
    const uint8_t *head = cursor_bytes(cursor, left);
    size_t right = cursor_u16(cursor);
    const uint8_t *body = cursor_bytes(cursor, right);
    if (cursor->failed || !left)
      return false;
    if (i == 0) {
      if (head[0] != 0x0D || left < 19 || right < 2)
        return false;
      memcpy(&tower->entry.iid, head + 1, sizeof(IID));
      tower->entry.version = little_u16(head + 17) | (uint32_t)little_u16(body) << 16;
    } else if (i > 1) {
      take_floor(tower, head[0], body, right);
    }
  }
  return !cursor->failed && floors > 0;
}

static void visit_tower(const uint8_t *bytes, size_t size, const char *note, HostVisit *visit, void *context) {
  Cursor cursor = cursor_over(bytes, size);
  Tower tower = { .entry.note = note };
  char text[TEXT];
  if (!read_tower(&cursor, &tower))
    return;
  snprintf(text, sizeof text, "%s:%s[%s]", *tower.protocol ? tower.protocol : "?",
           strcmp(tower.address, "0.0.0.0") == 0 ? "" : tower.address, tower.endpoint);
  tower.entry.text = text;
  visit(context, &tower.entry);
}

enum { NOTE = 64 }; /* ept_max_annotation_size */

typedef struct Page {
  uint32_t count;
  char (*notes)[NOTE];
  bool *has_tower;
} Page;

static void read_entries(NdrReader *reader, Page *page) {
  for (uint32_t i = 0; i < page->count && SUCCEEDED(reader->error); i++) {
    ndr_get_guid(reader);
    page->has_tower[i] = ndr_get_pointer(reader);
    ndr_get_u32(reader);
    uint32_t length = ndr_get_count(reader, 1);
    const uint8_t *text = ndr_get_bytes(reader, length);
    if (text)
      take_text(page->notes[i], NOTE, text, length);
    ndr_skip_to(reader, 4);
  }
}

static void visit_entries(NdrReader *reader, const Page *page, HostVisit *visit, void *context) {
  for (uint32_t i = 0; i < page->count && SUCCEEDED(reader->error); i++) {
    if (!page->has_tower[i])
      continue;
    ndr_skip_to(reader, 4);
    uint32_t room = ndr_get_count(reader, 1), size = ndr_get_u32(reader);
    const uint8_t *bytes = ndr_get_bytes(reader, room);
    if (bytes && size <= room)
      visit_tower(bytes, size, page->notes[i], visit, context);
    ndr_skip_to(reader, 4);
  }
}

/* One page; *count: how many entries it had. */
static HRESULT read_page(NdrReader *reader, uint8_t handle[HANDLE_SIZE], uint32_t *count, HostVisit *visit,
                         void *context) {
  const uint8_t *next = ndr_get_bytes(reader, HANDLE_SIZE);
  if (next)
    memcpy(handle, next, HANDLE_SIZE);
  uint32_t said = ndr_get_u32(reader);
  ndr_get_u32(reader);
  ndr_get_u32(reader);
  Page page = { .count = ndr_get_count(reader, 24) };
  *count = 0;
  if (FAILED(reader->error) || said != page.count || page.count > PAGE)
    return FAILED(reader->error) ? reader->error : RPC_E_INVALID_DATA;
  page.notes = calloc(page.count + 1, sizeof *page.notes);
  page.has_tower = calloc(page.count + 1, sizeof *page.has_tower);
  if (page.notes && page.has_tower) {
    read_entries(reader, &page);
    visit_entries(reader, &page, visit, context);
  }
  HRESULT status = !page.notes || !page.has_tower ? E_OUTOFMEMORY : S_OK;
  free(page.notes);
  free(page.has_tower);
  uint32_t code = ndr_get_u32(reader);
  *count = page.count;
  if (FAILED(reader->error))
    return reader->error;
  return FAILED(status) || !code || code == EPT_NOT_REGISTERED ? status : HRESULT_FROM_WIN32(code);
}

HRESULT host_line_endpoints(HostLine *line, HostVisit *visit, void *context) {
  uint8_t handle[HANDLE_SIZE] = { 0 };
  static const uint8_t zeros[HANDLE_SIZE];
  for (unsigned pages = 0; pages < PAGES; pages++) {
    NativeCall call;
    uint32_t count = 0;
    native_begin(&call, line->channel, &IID_EndpointMapper, EPT_LOOKUP);
    call.call.version = ENDPOINT_MAPPER_VERSION;
    ndr_put_u32(&call.writer, 0); /* everything */
    ndr_put_pointer(&call.writer, NULL);
    ndr_put_pointer(&call.writer, NULL);
    ndr_put_u32(&call.writer, 1); /* of all versions */
    ndr_put_bytes(&call.writer, handle, sizeof handle);
    ndr_put_u32(&call.writer, PAGE);
    HRESULT status = native_send(&call);
    if (SUCCEEDED(status))
      status = read_page(&call.reader, handle, &count, visit, context);
    native_end(&call);
    if (FAILED(status) || !count || memcmp(handle, zeros, sizeof handle) == 0)
      return status;
  }
  return S_OK;
}

/* Our own */

HRESULT host_line_ask(HostLine *line, REFIID iid, uint16_t opnum, uint8_t **bytes, size_t *size) {
  NativeCall call;
  *bytes = NULL;
  *size = 0;
  native_begin(&call, line->channel, iid, opnum);
  HRESULT status = native_send(&call);
  if (SUCCEEDED(status)) {
    *size = call.call.reply->size;
    *bytes = malloc(*size + 1);
    if (*bytes)
      memcpy(*bytes, call.call.reply->data, *size);
    else
      status = E_OUTOFMEMORY;
  }
  native_end(&call);
  return status;
}
