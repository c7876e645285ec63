#pragma once
#include "drivers/coap/message.hpp"

// The library's types, by name only.
struct coap_pdu_t;
struct coap_session_t;

namespace drivers::coap {

// Between the library's messages and ours; the two places that know its option functions.
Request read_request(const coap_session_t* session, const coap_pdu_t* request);
void write_answer(const Answer& answer, coap_pdu_t* response);

}  // namespace drivers::coap
