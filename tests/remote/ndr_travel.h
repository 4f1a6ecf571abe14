/* A whole call there and back: request, server's frame, method, reply. */
#ifndef OLEANDER_TESTS_NDR_TRAVEL_H
#define OLEANDER_TESTS_NDR_TRAVEL_H

#include "tests/remote/ndr_test.h"

/* An object whose only own method is in slot 3. */
typedef struct Server {
  void (**vtable)(void);
  void (*functions[4])(void);
} Server;

typedef struct Travel Travel;
struct Travel {
  const NdrMethod *method;
  Server server;
  void *object; /* instead of the server */
  /* Called with a request, and with a reply that has come for the arguments; NULL: not. */
  void (*disturb)(struct Travel *travel, uint8_t *stub, size_t size, void *const *arguments);
  TestInterfaces interfaces;
  const char *request, *reply; /* expected bytes, NULL: any */
  const char *label;
  size_t request_size, reply_size;
  HRESULT failed_in[4]; /* request, begin, reply, answer */
};

__attribute__((unused)) static Travel travel_begin(const char *text, const SignatureNames *names,
                                                   void (*function)(void)) {
  Travel travel = { .label = text, .interfaces = test_interfaces(NULL, NULL) };
  const Signature *signature;
  HRESULT hr = signature_from_text(text, 3, names, NULL, &signature);
  if (FAILED(hr))
    print_message("%s: %08x\n", text, (unsigned)hr);
  assert_int_equal(hr, S_OK);
  hr = ndr_method_create(signature, &travel.method);
  if (FAILED(hr))
    print_message("%s: %08x\n", text, (unsigned)hr);
  assert_int_equal(hr, S_OK);
  signature_release(signature);
  travel.server.functions[3] = function;
  return travel;
}

__attribute__((unused)) static void travel_end(Travel *travel) {
  ndr_method_release(travel->method);
}

/* The call. `arguments` as declared; returns what the caller sees. */
__attribute__((unused)) static HRESULT travel_call(Travel *travel, void *const *arguments, void *result) {
  NdrWriter writer, reply;
  NdrReader reader;
  size_t size;
  memset(travel->failed_in, 0, sizeof travel->failed_in);
  travel->server.vtable = travel->server.functions;
  ndr_writer_begin(&writer, &travel->interfaces.interfaces);
  HRESULT hr = travel->failed_in[0] = ndr_put_request(travel->method, &writer, arguments);
  if (FAILED(hr)) {
    ndr_writer_end(&writer, false);
    ndr_clear_out(travel->method, arguments);
    return hr;
  }
  if (travel->request)
    check_stub(travel->label, &writer, travel->request);
  uint8_t *stub = stub_of(&writer, &size);
  travel->request_size = size;
  if (travel->disturb)
    travel->disturb(travel, stub, size, NULL);
  ndr_writer_end(&writer, true);

  ndr_reader_begin(&reader, stub, size, &travel->interfaces.interfaces);
  NdrCall *call = (NdrCall *)__builtin_alloca_with_align(ndr_call_size(travel->method), 128);
  ndr_writer_begin(&reply, &travel->interfaces.interfaces);
  hr = travel->failed_in[1] = ndr_call_begin(call, travel->method, &reader);
  if (SUCCEEDED(hr)) {
    ndr_call_invoke(call, travel->object ? travel->object : &travel->server);
    hr = travel->failed_in[2] = ndr_put_reply(call, &reply);
  }
  uint8_t *answer = NULL;
  if (SUCCEEDED(hr)) {
    if (travel->reply)
      check_stub(travel->label, &reply, travel->reply);
    answer = stub_of(&reply, &size);
    travel->reply_size = size;
  }
  ndr_writer_end(&reply, SUCCEEDED(hr));
  ndr_call_end(call);
  test_free(stub);
  if (FAILED(hr)) {
    ndr_clear_out(travel->method, arguments);
    return hr;
  }
  if (travel->disturb)
    travel->disturb(travel, answer, size, arguments);
  ndr_reader_begin(&reader, answer, size, &travel->interfaces.interfaces);
  hr = travel->failed_in[3] = ndr_get_reply(travel->method, &reader, arguments, result);
  test_free(answer);
  return hr;
}

#define FUNCTION(name) ((void (*)(void))(name))

#endif
