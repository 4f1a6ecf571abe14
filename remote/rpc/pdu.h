/* The PDUs of connection-oriented RPC, read and written: [C706] 12, [MS-RPCE] 2.2.2. Little endian only, as everybody has
 * sent it for decades. Readers take hostile bytes and keep nothing: what they give points into the PDU.
 *
 * A fragment's length has 16 bits. Where both ends have agreed on it (PDU_LARGE_FRAGMENTS, offered as one more context of the
 * bind), a request or response may have the length 0: then its stub is as long as alloc_hint says. */
#ifndef OLEANDER_REMOTE_RPC_PDU_H
#define OLEANDER_REMOTE_RPC_PDU_H

#include "com/com_api.h"

typedef enum PduType {
  PDU_REQUEST = 0,
  PDU_RESPONSE = 2,
  PDU_FAULT = 3,
  PDU_BIND = 11,
  PDU_BIND_ACK = 12,
  PDU_BIND_NAK = 13,
  PDU_ALTER_CONTEXT = 14,
  PDU_ALTER_CONTEXT_RESPONSE = 15,
  PDU_AUTH3 = 16,
  PDU_SHUTDOWN = 17,
  PDU_CO_CANCEL = 18,
  PDU_ORPHANED = 19
} PduType;

enum {
  PDU_FIRST = 0x01,
  PDU_LAST = 0x02,
  PDU_SIGNED_HEADER = 0x04, /* in a bind and its kin */
  PDU_PENDING_CANCEL = 0x04,
  PDU_MULTIPLEX = 0x10,
  PDU_DID_NOT_EXECUTE = 0x20,
  PDU_MAYBE = 0x40, /* nobody waits for an answer */
  PDU_OBJECT = 0x80
};

enum {
  PDU_HEADER_SIZE = 16,
  PDU_BODY_SIZE = 24,   /* before the stub of a response, and of a request without an object */
  PDU_OBJECT_SIZE = 16, /* more where there is one */
  PDU_HEAD_LIMIT = PDU_BODY_SIZE + PDU_OBJECT_SIZE,
  PDU_FAULT_SIZE = 32,
  PDU_FRAGMENT_SIZE = 65528,  /* what we offer; others settle for less */
  PDU_FRAGMENT_LEAST = 1432,  /* what everybody must take */
  PDU_FRAGMENT_LIMIT = 0xffff /* of the usual kind */
};

/* Statuses of faults. */
enum {
  FAULT_ACCESS_DENIED = 5,
  FAULT_OPNUM_RANGE = 0x1c010002,
  FAULT_UNKNOWN_INTERFACE = 0x1c010003,
  FAULT_PROTOCOL = 0x1c01000b,
  FAULT_CANCELLED = 0x1c00000d,
  FAULT_NO_MEMORY = 0x1c00001b
};

extern const GUID PDU_LARGE_FRAGMENTS;

/* The common header, and where things are. */
typedef struct PduHeader {
  uint8_t type, flags;
  uint16_t auth_length;
  uint32_t call_id;
  size_t head;   /* of a request or response: bytes before the stub; else the header's */
  size_t length; /* of the whole PDU */
} PduHeader;

typedef enum PduProgress {
  PDU_READ,
  PDU_INCOMPLETE, /* more bytes are needed to tell */
  PDU_WRONG       /* no PDU, or one of a kind that nobody speaks */
} PduProgress;

/* `large`: large fragments are agreed. */
PduProgress pdu_read_header(const uint8_t *bytes, size_t size, bool large, PduHeader *header);

/* What stands before the stub of a request or response: `bytes` has header->head of them. */
typedef struct PduBody {
  uint32_t alloc_hint; /* a hint: nothing is allocated by it */
  uint16_t context_id;
  uint16_t opnum;       /* of a request */
  uint8_t cancel_count; /* of a response */
  GUID object;          /* GUID_NULL: none */
} PduBody;
void pdu_read_body(const uint8_t *bytes, const PduHeader *header, PduBody *body);

/* Whole PDUs of the other kinds: bytes has header->length of them. */

typedef struct PduFault {
  uint16_t context_id;
  uint32_t status;
} PduFault;
bool pdu_read_fault(const uint8_t *bytes, const PduHeader *header, PduFault *fault);

/* A bind or alter_context, with its items, which are read one by one; or their answers. */
typedef struct PduBind {
  uint16_t max_transmit, max_receive;
  uint32_t association;
  unsigned count; /* of the items */
  Cursor items;
} PduBind;

/* The longest fragment that both of us take, by what the peer says; the stubs in them are multiples of 8. */
size_t pdu_agree_fragment(uint16_t said);

typedef struct PduContextItem {
  uint16_t id;
  IID iid;
  uint32_t version;
  bool ndr;      /* NDR 2.0 is among its transfer syntaxes */
  bool features; /* no interface: the features of bind time are asked for */
} PduContextItem;

typedef enum PduResult { PDU_ACCEPTED = 0, PDU_REJECTED = 2, PDU_FEATURES = 3 } PduResult;
enum { PDU_UNKNOWN_INTERFACE = 1, PDU_NO_TRANSFER_SYNTAX = 2 }; /* reasons of PDU_REJECTED */

typedef struct PduContextResult {
  uint16_t result, reason;
} PduContextResult;

bool pdu_read_bind(const uint8_t *bytes, const PduHeader *header, PduBind *bind);
/* False: the item is damaged. */
bool pdu_next_item(PduBind *bind, PduContextItem *item);
bool pdu_read_bind_ack(const uint8_t *bytes, const PduHeader *header, PduBind *ack);
bool pdu_next_result(PduBind *ack, PduContextResult *result);
bool pdu_read_bind_nak(const uint8_t *bytes, const PduHeader *header, uint16_t *reason);

/* The trailer of a PDU that has one (header->auth_length): what stands before the provider's bytes. */
typedef struct PduTrailer {
  uint8_t type, level, pad;
  uint32_t context_id;
  const uint8_t *value; /* header->auth_length bytes */
  size_t stub_end;      /* where the padding begins, from the begin of the PDU */
} PduTrailer;
bool pdu_read_trailer(const uint8_t *bytes, const PduHeader *header, PduTrailer *trailer);

/* What a client says again behind the arguments of a request, so that it is signed even where the heads of PDUs are not: the
 * interface that it means, the request's own head ([MS-RPCE] 2.2.2.13). */
typedef struct PduVerification {
  size_t begin; /* in the stub: what stands before it are the arguments */
  bool has_bits, has_interface, has_header;
  uint32_t bits; /* 1: the client supports the signing of heads */
  IID iid;
  uint32_t version;
  GUID syntax;
  uint32_t syntax_version;
  uint8_t type;
  uint32_t call_id;
  uint16_t context_id, opnum;
} PduVerification;
typedef enum PduFound { PDU_ABSENT, PDU_FOUND, PDU_DAMAGED } PduFound;
PduFound pdu_find_verification(const uint8_t *stub, size_t size, PduVerification *verification);
bool pdu_is_ndr(const GUID *syntax, uint32_t version);

enum { PDU_VERIFICATION_SIZE = 8 + 4 + 4 + 4 + 40 + 4 + 16, PDU_TRAILER_SIZE = 8 };
/* For a stub of `stub` bytes; gives the size with the padding before it. */
size_t pdu_put_verification(uint8_t to[PDU_VERIFICATION_SIZE + 4], size_t stub, const IID *iid, uint32_t call_id,
                            uint16_t context_id, uint16_t opnum);

/* Writing. The heads of requests and responses are filled in fragment by fragment (pdu_set_fragment). */

/* Gives the head's size, PDU_BODY_SIZE or PDU_HEAD_LIMIT. */
size_t pdu_put_request(uint8_t head[PDU_HEAD_LIMIT], uint32_t call_id, uint16_t context_id, uint16_t opnum,
                       const GUID *object, bool maybe);
size_t pdu_put_response(uint8_t head[PDU_HEAD_LIMIT], uint32_t call_id, uint16_t context_id);
/* `stub` bytes in this fragment, `left` with those after it; large: it has no length. */
void pdu_set_fragment(uint8_t *head, size_t head_size, size_t stub, size_t left, bool first, bool large);

void pdu_put_fault(uint8_t pdu[PDU_FAULT_SIZE], uint32_t call_id, uint16_t context_id, uint32_t status, bool executed);
void pdu_put_plain(uint8_t pdu[PDU_HEADER_SIZE], PduType type, uint32_t call_id); /* shutdown, co_cancel, orphaned */

/* PDUs of a changing size, written into a buffer that is large enough for everything: false otherwise. */
typedef struct PduWriter {
  uint8_t *data;
  size_t size, capacity;
  bool failed;
} PduWriter;

/* A bind or alter_context (type) begins; then the items, then the end. */
void pdu_begin_bind(PduWriter *writer, PduType type, uint32_t call_id, uint32_t association, unsigned count);
void pdu_put_item(PduWriter *writer, uint16_t id, const IID *iid, uint32_t version);
/* The answer (type bind_ack or alter_resp); the secondary address may be "". */
void pdu_begin_bind_ack(PduWriter *writer, PduType type, uint32_t call_id, uint32_t association, const char *address,
                        unsigned count);
/* Of either: other fragments than those that we offer. */
void pdu_set_fragments(PduWriter *writer, size_t transmit, size_t receive);
void pdu_put_result(PduWriter *writer, PduResult result, uint16_t reason);
/* At the end of a PDU, whose size so far is a multiple of 4. */
void pdu_put_trailer(PduWriter *writer, uint8_t type, uint8_t level, uint32_t context_id, const void *value,
                     size_t size);
void pdu_set_flags(PduWriter *writer, uint8_t flags); /* more of them */
/* The head of a trailer, and what the PDU says of it: `size` is the PDU's up to there. */
void pdu_set_trailer(uint8_t *pdu, size_t size, uint8_t type, uint8_t level, size_t pad, uint32_t context_id,
                     size_t value);
void pdu_begin_auth3(PduWriter *writer, uint32_t call_id);
void pdu_put_bind_nak(PduWriter *writer, uint32_t call_id, uint16_t reason);
/* Sets the length. */
bool pdu_end(PduWriter *writer);

#endif
