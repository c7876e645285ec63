#include "drivers/coap/coap_server.hpp"

#include "drivers/coap/datagram_sockets.hpp"
#include "drivers/coap/pdu.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <coap3/coap.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace drivers::coap {

namespace asio = boost::asio;
using gateway::model::Result;
using gateway::runtime::DeviceKeys;

namespace {

boost::system::error_code error(boost::system::errc::errc_t code) {
    return boost::system::errc::make_error_code(code);
}

constexpr int kSocketsMax = 4;         // looked at in one round
constexpr std::size_t kReadsMax = 32;  // of one socket in one round

// The library's timer has an event without a socket.
bool is_of_a_socket(const epoll_event& event) {
    return event.data.ptr != nullptr;
}

void ignore_log(coap_log_t, const char*) {}

// The library's own log speaks of peers and payloads.
void silence_library() {
    coap_startup();
    coap_set_log_handler(ignore_log);
    coap_set_log_level(LOG_EMERG);
    coap_dtls_set_log_level(LOG_EMERG);
}

// Literal addresses only: a name would be looked up, and the library is not asked to.
std::optional<coap_address_t> parse_address(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::string host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
    boost::system::error_code unreadable;
    const auto ip = asio::ip::make_address(host, unreadable);
    if (unreadable || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;

    coap_address_t address;
    coap_address_init(&address);
    if (ip.is_v4()) {
        address.size = sizeof address.addr.sin;
        address.addr.sin.sin_family = AF_INET;
        const auto bytes = ip.to_v4().to_bytes();
        std::memcpy(&address.addr.sin.sin_addr, bytes.data(), bytes.size());
    } else {
        address.size = sizeof address.addr.sin6;
        address.addr.sin6.sin6_family = AF_INET6;
        const auto bytes = ip.to_v6().to_bytes();
        std::memcpy(&address.addr.sin6.sin6_addr, bytes.data(), bytes.size());
    }
    coap_address_set_port(&address, port);
    return address;
}

}  // namespace

struct CoapServer::Context {
    Context(std::optional<DeviceKeys> keys_, OnRequest on_request_)
        : keys(std::move(keys_)), on_request(std::move(on_request_)) {}
    ~Context() { coap_free_context(library); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    void offer_keys();
    void offer_resource() const;
    void process() const;
    const coap_bin_const_t* offer_key(const std::string& identity, coap_session_t* session);
    bool holds_key(const coap_session_t* session, const Request& request) const;

    std::optional<DeviceKeys> keys;
    coap_bin_const_t offered_key{};  // what the library was last told; it copies it at once
    OnRequest on_request;
    coap_context_t* library = nullptr;
    std::string addresses;
};

namespace {

// Called by the library for every request: reads it, asks for an answer and writes it.
template <class Context>
void handle(
    const Context& context, coap_session_t* session, const coap_pdu_t* request, coap_pdu_t* response
) {
    Ticket ticket;
    ticket.session = {coap_session_reference(session), coap_session_release};
    Request read = read_request(session, request);
    read.has_valid_key = context.holds_key(session, read);
    ticket.token = read.token;
    ticket.sender = read.sender;
    ticket.is_confirmable = read.is_confirmable;
    ticket.message_id = read.message_id;
    const auto reaction = context.on_request(std::move(read), std::move(ticket));
    if (const auto* answer = std::get_if<Answer>(&reaction)) write_answer(*answer, response);
    // An empty response is sent as an acknowledgement alone: as any other message it is dropped.
    const auto* later = std::get_if<CoapServer::Later>(&reaction);
    if (later != nullptr && *later == CoapServer::Later::in_the_acknowledgement)
        coap_pdu_set_type(response, COAP_MESSAGE_NON);
}

}  // namespace

// Every request to every path reaches one resource, which is in no list: /.well-known/core stays
// empty, and which paths exist is the sink's to say.
void CoapServer::Context::offer_resource() const {
    const coap_method_handler_t handler = [](coap_resource_t*,
                                             coap_session_t* session,
                                             const coap_pdu_t* request,
                                             const coap_string_t*,
                                             coap_pdu_t* response) noexcept {
        const auto* self =
            static_cast<Context*>(coap_get_app_data(coap_session_get_context(session)));
        handle(*self, session, request, response);
    };
    coap_resource_t* resource = coap_resource_unknown_init2(handler, 0);
    for (const coap_request_t method :
         {COAP_REQUEST_GET,
          COAP_REQUEST_POST,
          COAP_REQUEST_DELETE,
          COAP_REQUEST_FETCH,
          COAP_REQUEST_PATCH,
          COAP_REQUEST_IPATCH})
        coap_register_request_handler(resource, method, handler);
    coap_add_resource(library, resource);
}

void CoapServer::Context::offer_keys() {
    coap_dtls_spsk_t setup{};
    setup.version = COAP_DTLS_SPSK_SETUP_VERSION;
    setup.validate_id_call_back = [](coap_bin_const_t* identity, coap_session_t* session, void* self
                                  ) noexcept -> const coap_bin_const_t* {
        const std::string name(reinterpret_cast<const char*>(identity->s), identity->length);
        return static_cast<Context*>(self)->offer_key(name, session);
    };
    setup.id_call_back_arg = this;
    // A key the library insists on and that no identity has: identities decide, by the callback.
    std::array<std::uint8_t, 32> nobodys_key{};
    coap_prng(nobodys_key.data(), nobodys_key.size());
    setup.psk_info.key.s = nobodys_key.data();
    setup.psk_info.key.length = nobodys_key.size();
    coap_context_set_psk2(library, &setup);
}

// The version of the key stays with the session, which may outlive it.
const coap_bin_const_t* CoapServer::Context::offer_key(
    const std::string& identity, coap_session_t* session
) {
    const auto* key = keys->find(identity);
    if (key == nullptr) return nullptr;
    coap_session_set_app_data(session, std::bit_cast<void*>(std::uintptr_t{key->version}));
    offered_key.s = reinterpret_cast<const std::uint8_t*>(key->bytes.data());
    offered_key.length = key->bytes.size();
    return &offered_key;
}

bool CoapServer::Context::holds_key(const coap_session_t* session, const Request& request) const {
    if (coap_session_get_proto(session) != COAP_PROTO_DTLS) return true;
    const auto version = reinterpret_cast<std::uintptr_t>(coap_session_get_app_data(session));
    return keys && keys->holds(request.identity, static_cast<std::uint32_t>(version));
}

// Lets the library read, send and retransmit whatever is due. Each call of it goes through all
// sessions and reads a datagram for each event that it is given: while sockets stay readable their
// events are given again, twice as often each round, so that a burst costs few calls. A read too
// many finds nothing. Not from inside one of the library's callbacks.
void CoapServer::Context::process() const {
    const int descriptor = coap_context_get_coap_fd(library);
    std::array<epoll_event, kSocketsMax * kReadsMax> events{};
    for (std::size_t reads = 1; reads <= kReadsMax; reads *= 2) {
        const int ready = ::epoll_wait(descriptor, events.data(), kSocketsMax, 0);
        if (ready <= 0) return;
        auto end = events.begin() + ready;
        for (std::size_t read = 1; read < reads; ++read)
            end = std::copy_if(events.begin(), events.begin() + ready, end, is_of_a_socket);
        coap_io_do_epoll(library, events.data(), static_cast<std::size_t>(end - events.begin()));
    }
}

CoapServer::CoapServer(std::optional<DeviceKeys> keys, OnRequest on_request)
    : context_(std::make_unique<Context>(std::move(keys), std::move(on_request))) {
    silence_library();
    context_->library = coap_new_context(nullptr);
    coap_set_app_data(context_->library, context_.get());
    // 0: blocks are ours to put together; the library's own way crashes on two datagrams (4.3.1).
    coap_context_set_block_mode(context_->library, 0);
    coap_context_set_max_idle_sessions(context_->library, kIdleSessionsMax);
    coap_context_set_max_handshake_sessions(context_->library, kHandshakesMax);
    coap_context_set_session_timeout(context_->library, kSessionIdleMax);
    if (context_->keys) context_->offer_keys();
    context_->offer_resource();
}

CoapServer::~CoapServer() = default;

void CoapServer::renew_keys(const DeviceKeys& keys) {
    context_->keys->replace(keys);
}

Result<void> CoapServer::listen(const std::string& address, bool is_secure) {
    auto parsed = parse_address(address);
    if (!parsed) return error(boost::system::errc::invalid_argument);
    if (is_secure && !context_->keys) return error(boost::system::errc::permission_denied);
    const ReservedAddress reserved(&parsed->addr.sa, parsed->size);
    if (const auto why = reserved.failure())
        return boost::system::error_code(why.value(), boost::system::generic_category());
    coap_address_set_port(&*parsed, reserved.port());
    const std::vector<int> before = listening_datagram_sockets();
    const coap_proto_t protocol = is_secure ? COAP_PROTO_DTLS : COAP_PROTO_UDP;
    if (coap_new_endpoint(context_->library, &*parsed, protocol) == nullptr)
        return error(boost::system::errc::not_supported);
    for (const int socket : listening_datagram_sockets()) {
        if (std::find(before.begin(), before.end(), socket) != before.end()) continue;
        widen_receive_buffer(socket, kReceiveBufferBytes);
        if (!context_->addresses.empty()) context_->addresses += ", ";
        context_->addresses += bound_address(socket) + (is_secure ? " (DTLS)" : "");
    }
    return {};
}

std::string CoapServer::addresses() const {
    return context_->addresses;
}

asio::awaitable<void> CoapServer::run(asio::any_io_executor reactor) {
    // The library's sockets and its timer are all behind one epoll descriptor.
    const int descriptor = ::dup(coap_context_get_coap_fd(context_->library));
    asio::posix::stream_descriptor events(reactor, descriptor);
    for (;;) {
        co_await events.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
        context_->process();
    }
}

namespace {

void send(const Ticket& ticket, const Answer& answer, coap_pdu_type_t type, coap_mid_t id) {
    auto* session = static_cast<coap_session_t*>(ticket.session.get());
    coap_pdu_t* response = coap_pdu_init(
        type, static_cast<coap_pdu_code_t>(answer.code), id, coap_session_max_pdu_size(session)
    );
    if (response == nullptr) return;
    coap_add_token(
        response, ticket.token.size(), reinterpret_cast<const std::uint8_t*>(ticket.token.data())
    );
    write_answer(answer, response);
    coap_send(session, response);
}

coap_mid_t new_id(const Ticket& ticket) {
    return coap_new_message_id(static_cast<coap_session_t*>(ticket.session.get()));
}

}  // namespace

void CoapServer::respond(const Ticket& ticket, const Answer& answer, bool is_confirmable) {
    send(ticket, answer, is_confirmable ? COAP_MESSAGE_CON : COAP_MESSAGE_NON, new_id(ticket));
}

void CoapServer::acknowledge(const Ticket& ticket, const Answer& answer) {
    if (!ticket.is_confirmable) return respond(ticket, answer, false);
    send(ticket, answer, COAP_MESSAGE_ACK, ticket.message_id);
}

}  // namespace drivers::coap
