#include "drivers/coap/pdu.hpp"

#include <coap3/coap.h>

#include <array>

namespace drivers::coap {

namespace {

constexpr std::uint32_t kSizeExponentMask = 0x7;
constexpr std::uint32_t kMoreMask = 0x8;
constexpr unsigned kNumberShift = 4;

std::optional<std::uint32_t> read_number(const coap_pdu_t* pdu, coap_option_num_t option) {
    coap_opt_iterator_t position;
    const coap_opt_t* found = coap_check_option(pdu, option, &position);
    if (found == nullptr) return std::nullopt;
    return coap_decode_var_bytes(coap_opt_value(found), coap_opt_length(found));
}

std::optional<Block> read_block(const coap_pdu_t* pdu) {
    const auto value = read_number(pdu, COAP_OPTION_BLOCK1);
    if (!value) return std::nullopt;
    Block block;
    block.number = *value >> kNumberShift;
    block.more = (*value & kMoreMask) != 0;
    block.size_exponent = static_cast<std::uint8_t>(*value & kSizeExponentMask);
    return block;
}

// The segments as sent: the library's own way would escape them.
void read_path(const coap_pdu_t* pdu, Request& request) {
    coap_opt_filter_t only_path;
    coap_option_filter_clear(&only_path);
    coap_option_filter_set(&only_path, COAP_OPTION_URI_PATH);
    coap_opt_iterator_t position;
    coap_option_iterator_init(pdu, &position, &only_path);
    bool is_first = true;
    while (const coap_opt_t* option = coap_option_next(&position)) {
        const std::string segment(
            reinterpret_cast<const char*>(coap_opt_value(option)), coap_opt_length(option)
        );
        if (segment.find('/') != std::string::npos) request.has_valid_path = false;
        if (!is_first) request.path += '/';
        request.path += segment;
        is_first = false;
    }
}

std::string address_bytes(const coap_session_t* session) {
    const coap_address_t* remote = coap_session_get_addr_remote(session);
    std::string bytes(1, static_cast<char>(coap_session_get_proto(session)));
    if (remote == nullptr) return bytes;
    const auto append = [&bytes](const auto& field) {
        bytes.append(reinterpret_cast<const char*>(&field), sizeof field);
    };
    if (remote->addr.sa.sa_family == AF_INET6) {
        append(remote->addr.sin6.sin6_port);
        append(remote->addr.sin6.sin6_addr);
    } else {
        append(remote->addr.sin.sin_port);
        append(remote->addr.sin.sin_addr);
    }
    return bytes;
}

void add_number(coap_pdu_t* pdu, coap_option_num_t option, std::uint32_t value) {
    std::array<std::uint8_t, sizeof value> room{};
    const std::size_t size = coap_encode_var_safe(room.data(), room.size(), value);
    coap_add_option(pdu, option, size, room.data());
}

}  // namespace

Request read_request(const coap_session_t* session, const coap_pdu_t* pdu) {
    Request request;
    request.sender = address_bytes(session);
    if (coap_session_get_proto(session) == COAP_PROTO_DTLS) {
        const coap_bin_const_t* identity = coap_session_get_psk_identity(session);
        if (identity != nullptr)
            request.identity.assign(reinterpret_cast<const char*>(identity->s), identity->length);
        request.sender += request.identity;
    }
    const coap_bin_const_t token = coap_pdu_get_token(pdu);
    request.token.assign(reinterpret_cast<const char*>(token.s), token.length);
    request.message_id = static_cast<std::uint16_t>(coap_pdu_get_mid(pdu));
    request.code = static_cast<std::uint8_t>(coap_pdu_get_code(pdu));
    request.is_confirmable = coap_pdu_get_type(pdu) == COAP_MESSAGE_CON;
    request.content_format = read_number(pdu, COAP_OPTION_CONTENT_FORMAT);
    request.size1 = read_number(pdu, COAP_OPTION_SIZE1);
    request.block1 = read_block(pdu);
    read_path(pdu, request);
    std::size_t size = 0;
    const std::uint8_t* payload = nullptr;
    if (coap_get_data(pdu, &size, &payload) != 0)
        request.payload.assign(reinterpret_cast<const char*>(payload), size);
    return request;
}

void write_answer(const Answer& answer, coap_pdu_t* response) {
    coap_pdu_set_code(response, static_cast<coap_pdu_code_t>(answer.code));
    // In the order of their numbers: 14, 27, 60.
    if (answer.max_age)
        add_number(
            response, COAP_OPTION_MAXAGE, static_cast<std::uint32_t>(answer.max_age->count())
        );
    if (answer.block1) {
        const std::uint32_t value = answer.block1->number << kNumberShift |
                                    (answer.block1->more ? kMoreMask : 0U) |
                                    answer.block1->size_exponent;
        add_number(response, COAP_OPTION_BLOCK1, value);
    }
    if (answer.size1) add_number(response, COAP_OPTION_SIZE1, *answer.size1);
    if (answer.diagnostic.empty()) return;
    coap_add_data(
        response,
        answer.diagnostic.size(),
        reinterpret_cast<const std::uint8_t*>(answer.diagnostic.data())
    );
}

}  // namespace drivers::coap
