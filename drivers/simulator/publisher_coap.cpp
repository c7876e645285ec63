#include "drivers/simulator/publisher_coap.hpp"

#include <coap3/coap.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <optional>
#include <vector>

namespace drivers::simulator {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kSlice{10};
constexpr std::chrono::seconds kAnswerWaitMax{30};
constexpr std::chrono::seconds kRetryDelay{1};
constexpr std::chrono::seconds kHandshakeWaitMax{10};
constexpr int kSuccessClass = 2;
constexpr int kServerErrorClass = 5;

struct Message {
    std::string topic;
    std::string payload;
    int attempts = 0;
    Clock::time_point due;
};

// One virtual device's way to the server, with the request it waits for.
struct Line {
    coap_session_t* session = nullptr;
    bool is_broken = false;
    std::optional<Message> message;
    std::uint64_t token = 0;
    Clock::time_point deadline;
};

void ignore_log(coap_log_t, const char*) {}

std::optional<coap_address_t> resolve(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
        return std::nullopt;
    coap_address_t address;
    coap_address_init(&address);
    address.size = found->ai_addrlen;
    std::memcpy(&address.addr, found->ai_addr, found->ai_addrlen);
    ::freeaddrinfo(found);
    return address;
}

const std::uint8_t* bytes_of(const std::string& text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

struct CoapPublisher::Client {
    explicit Client(CoapTarget target_);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    static Client* self_of(coap_session_t* session) {
        return static_cast<Client*>(coap_get_app_data(coap_session_get_context(session)));
    }

    bool open(Line& line);
    void send(Line& line, Message message);
    bool write(const Line& line, const Message& message);
    void on_answer(const coap_pdu_t* answer);
    void give_back(Line& line);
    void settle();
    std::optional<Message> next();
    Line* free_line();
    Line* line_of(coap_session_t* session);
    void process(milliseconds limit);

    const CoapTarget target;
    std::optional<coap_address_t> address;
    coap_context_t* context = nullptr;
    std::vector<Line> lines{kSessionsMax};
    std::deque<Message> to_send;
    std::uint64_t last_token = 0;
    PublishCounts counts;
    bool has_failed = false;
    bool is_connected = false;
};

CoapPublisher::Client::Client(CoapTarget target_)
    : target(std::move(target_)), address(resolve(target.host, target.port)) {
    coap_startup();
    coap_set_log_handler(ignore_log);
    coap_set_log_level(LOG_EMERG);
    coap_dtls_set_log_level(LOG_EMERG);
    context = coap_new_context(nullptr);
    coap_set_app_data(context, this);
    coap_context_set_block_mode(context, 0);
    coap_register_response_handler(
        context,
        [](coap_session_t* session, const coap_pdu_t*, const coap_pdu_t* answer, coap_mid_t
        ) noexcept {
            self_of(session)->on_answer(answer);
            return COAP_RESPONSE_OK;
        }
    );
    coap_register_nack_handler(
        context,
        [](coap_session_t* session, const coap_pdu_t*, coap_nack_reason_t, coap_mid_t) noexcept {
            Client* self = self_of(session);
            self->has_failed = true;
            if (Line* line = self->line_of(session)) line->is_broken = true;
        }
    );
    coap_register_event_handler(context, [](coap_session_t* session, coap_event_t event) noexcept {
        Client* self = self_of(session);
        if (event == COAP_EVENT_DTLS_CONNECTED) self->is_connected = true;
        if (event == COAP_EVENT_DTLS_ERROR) self->has_failed = true;
        return 0;
    });
}

CoapPublisher::Client::~Client() {
    for (const Line& line : lines)
        if (line.session != nullptr) coap_session_release(line.session);
    coap_free_context(context);
}

bool CoapPublisher::Client::open(Line& line) {
    if (line.session != nullptr) coap_session_release(line.session);
    line.session = nullptr;
    line.is_broken = false;
    if (!address) return false;
    if (target.identity.empty()) {
        line.session = coap_new_client_session(context, nullptr, &*address, COAP_PROTO_UDP);
        return line.session != nullptr;
    }
    coap_dtls_cpsk_t setup{};
    setup.version = COAP_DTLS_CPSK_SETUP_VERSION;
    setup.psk_info.identity = {target.identity.size(), bytes_of(target.identity)};
    setup.psk_info.key = {target.key.size(), bytes_of(target.key)};
    line.session =
        coap_new_client_session_psk2(context, nullptr, &*address, COAP_PROTO_DTLS, &setup);
    return line.session != nullptr;
}

void CoapPublisher::Client::send(Line& line, Message message) {
    ++message.attempts;
    line.token = ++last_token;
    line.deadline = Clock::now() + kAnswerWaitMax;
    const bool is_open = (line.session != nullptr && !line.is_broken) || open(line);
    const bool is_sent = is_open && write(line, message);
    line.message = std::move(message);
    if (!is_sent) give_back(line);
}

bool CoapPublisher::Client::write(const Line& line, const Message& message) {
    coap_pdu_t* pdu = coap_new_pdu(COAP_MESSAGE_CON, COAP_REQUEST_CODE_POST, line.session);
    if (pdu == nullptr) return false;
    coap_add_token(pdu, sizeof line.token, reinterpret_cast<const std::uint8_t*>(&line.token));
    for (std::size_t start = 0; start <= message.topic.size();) {
        const std::size_t end = std::min(message.topic.find('/', start), message.topic.size());
        coap_add_option(pdu, COAP_OPTION_URI_PATH, end - start, bytes_of(message.topic) + start);
        start = end + 1;
    }
    std::array<std::uint8_t, sizeof target.content_format> format{};
    const std::size_t size =
        coap_encode_var_safe(format.data(), format.size(), target.content_format);
    coap_add_option(pdu, COAP_OPTION_CONTENT_FORMAT, size, format.data());
    coap_add_data(pdu, message.payload.size(), bytes_of(message.payload));
    return coap_send(line.session, pdu) != COAP_INVALID_MID;
}

// The library's handler has no state of ours but the token.
void CoapPublisher::Client::on_answer(const coap_pdu_t* answer) {
    const coap_bin_const_t token = coap_pdu_get_token(answer);
    std::uint64_t number = 0;
    if (token.length != sizeof number) return;
    std::memcpy(&number, token.s, sizeof number);
    const auto line = std::find_if(lines.begin(), lines.end(), [number](const Line& each) {
        return each.message && each.token == number;
    });
    if (line == lines.end()) return;
    const int code_class = coap_pdu_get_code(answer) >> 5;
    if (code_class == kServerErrorClass) {
        give_back(*line);
        return;
    }
    ++(code_class == kSuccessClass ? counts.acknowledged : counts.refused);
    line->message.reset();
}

void CoapPublisher::Client::give_back(Line& line) {
    if (line.message->attempts >= kAttemptsMax) {
        ++counts.failed;
    } else {
        line.message->due = Clock::now() + kRetryDelay;
        to_send.push_back(std::move(*line.message));
    }
    line.message.reset();
}

// Takes back what will not be answered any more, and sends what is due on the lines that are free.
void CoapPublisher::Client::settle() {
    const auto now = Clock::now();
    for (Line& line : lines)
        if (line.message && (line.is_broken || line.deadline < now)) give_back(line);
    while (Line* line = free_line()) {
        auto message = next();
        if (!message) return;
        send(*line, std::move(*message));
    }
}

std::optional<Message> CoapPublisher::Client::next() {
    if (to_send.empty() || to_send.front().due > Clock::now()) return std::nullopt;
    Message message = std::move(to_send.front());
    to_send.pop_front();
    return message;
}

Line* CoapPublisher::Client::free_line() {
    const auto line =
        std::find_if(lines.begin(), lines.end(), [](const Line& each) { return !each.message; });
    return line == lines.end() ? nullptr : &*line;
}

Line* CoapPublisher::Client::line_of(coap_session_t* session) {
    const auto line = std::find_if(lines.begin(), lines.end(), [session](const Line& each) {
        return each.session == session;
    });
    return line == lines.end() ? nullptr : &*line;
}

void CoapPublisher::Client::process(milliseconds limit) {
    settle();
    coap_io_process(context, static_cast<std::uint32_t>(std::max<std::int64_t>(1, limit.count())));
    settle();
}

CoapPublisher::CoapPublisher(CoapTarget target)
    : client_(std::make_unique<Client>(std::move(target))) {}

CoapPublisher::~CoapPublisher() = default;

std::string CoapPublisher::connect() {
    if (!client_->address) return "unknown host";
    Line& first = client_->lines.front();
    if (!client_->open(first)) return "no socket";
    if (client_->target.identity.empty()) return {};
    const auto until = Clock::now() + kHandshakeWaitMax;
    while (!client_->is_connected && !client_->has_failed && Clock::now() < until)
        client_->process(kSlice);
    return client_->is_connected ? "" : "the handshake failed: wrong identity or key, or no server";
}

void CoapPublisher::publish(const std::string& topic, const std::string& payload) {
    ++client_->counts.published;
    const auto until = Clock::now() + kPublishWaitMax;
    while (client_->free_line() == nullptr && Clock::now() < until) client_->process(kSlice);
    if (client_->free_line() == nullptr) {
        ++client_->counts.failed;
        return;
    }
    Message message;
    message.topic = topic;
    message.payload = payload;
    client_->send(*client_->free_line(), std::move(message));
}

void CoapPublisher::run_for(milliseconds time) {
    const auto until = Clock::now() + time;
    do {
        const auto rest = std::chrono::duration_cast<milliseconds>(until - Clock::now());
        client_->process(std::clamp(rest, milliseconds(1), kSlice));
    } while (Clock::now() < until);
}

bool CoapPublisher::drain(milliseconds limit) {
    const auto until = Clock::now() + limit;
    while (counts().waiting() > 0 && Clock::now() < until) client_->process(kSlice);
    return counts().waiting() == 0;
}

PublishCounts CoapPublisher::counts() const {
    return client_->counts;
}

}  // namespace drivers::simulator
