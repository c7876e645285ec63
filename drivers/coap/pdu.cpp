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

std::optional<Block> read_block(const coap_pdu_t* pdu, coap_option_num_t option) {
    const auto value = read_number(pdu, option);
    if (!value) return std::nullopt;
    Block block;
    block.number = *value >> kNumberShift;
    block.more = (*value & kMoreMask) != 0;
    block.size_exponent = static_cast<std::uint8_t>(*value & kSizeExponentMask);
    return block;
}

// The values of an option that may come more than once.
std::vector<std::string> read_texts(const coap_pdu_t* pdu, coap_option_num_t wanted) {
    coap_opt_filter_t only_wanted;
    coap_option_filter_clear(&only_wanted);
    coap_option_filter_set(&only_wanted, wanted);
    coap_opt_iterator_t position;
    coap_option_iterator_init(pdu, &position, &only_wanted);
    std::vector<std::string> texts;
    while (const coap_opt_t* option = coap_option_next(&position))
        texts.emplace_back(
            reinterpret_cast<const char*>(coap_opt_value(option)), coap_opt_length(option)
        );
    return texts;
}

// The segments as sent: the library's own way would escape them.
void read_path(const coap_pdu_t* pdu, Request& request) {
    bool is_first = true;
    for (const std::string& segment : read_texts(pdu, COAP_OPTION_URI_PATH)) {
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

void add_block(coap_pdu_t* pdu, coap_option_num_t option, const Block& block) {
    add_number(
        pdu,
        option,
        block.number << kNumberShift | (block.more ? kMoreMask : 0U) | block.size_exponent
    );
}

const std::uint8_t* bytes_of(const std::string& text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
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
    request.block1 = read_block(pdu, COAP_OPTION_BLOCK1);
    request.block2 = read_block(pdu, COAP_OPTION_BLOCK2);
    request.queries = read_texts(pdu, COAP_OPTION_URI_QUERY);
    request.etags = read_texts(pdu, COAP_OPTION_ETAG);
    read_path(pdu, request);
    std::size_t size = 0;
    const std::uint8_t* payload = nullptr;
    if (coap_get_data(pdu, &size, &payload) != 0)
        request.payload.assign(reinterpret_cast<const char*>(payload), size);
    return request;
}

void write_answer(const Answer& answer, coap_pdu_t* response) {
    coap_pdu_set_code(response, static_cast<coap_pdu_code_t>(answer.code));
    // In the order of their numbers: 4, 12, 14, 23, 27, 28, 60.
    if (!answer.etag.empty())
        coap_add_option(response, COAP_OPTION_ETAG, answer.etag.size(), bytes_of(answer.etag));
    if (answer.content_format)
        add_number(response, COAP_OPTION_CONTENT_FORMAT, *answer.content_format);
    if (answer.max_age)
        add_number(
            response, COAP_OPTION_MAXAGE, static_cast<std::uint32_t>(answer.max_age->count())
        );
    if (answer.block2) add_block(response, COAP_OPTION_BLOCK2, *answer.block2);
    if (answer.block1) add_block(response, COAP_OPTION_BLOCK1, *answer.block1);
    if (answer.size2) add_number(response, COAP_OPTION_SIZE2, *answer.size2);
    if (answer.size1) add_number(response, COAP_OPTION_SIZE1, *answer.size1);
    if (answer.payload.empty()) return;
    coap_add_data(response, answer.payload.size(), bytes_of(answer.payload));
}

}  // namespace drivers::coap
