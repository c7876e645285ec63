#include "drivers/coap/coap_driver.hpp"

#include "drivers/coap/content_format.hpp"
#include "gateway/ingest/key_files.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

namespace drivers::coap {

namespace asio = boost::asio;
namespace model = gateway::model;
namespace settings = gateway::settings;
using gateway::ingest::Receipt;
using gateway::language::tr;
using gateway::runtime::DeviceKeys;
using std::chrono::steady_clock;

namespace {

Answer unavailable(std::chrono::seconds retry_after) {
    Answer answer(Code::service_unavailable);
    answer.max_age = retry_after;
    return answer;
}

constexpr std::chrono::seconds kWatchInterval{1};

bool takes_readings(std::uint8_t code) {
    return code == static_cast<std::uint8_t>(Code::post) ||
           code == static_cast<std::uint8_t>(Code::put);
}

}  // namespace

CoapDriver::CoapDriver(const settings::Source& source, Surroundings around)
    : settings_(std::get<settings::CoapServer>(source.driver)),
      name_(source.name),
      format_(source.format.name),
      payload_bytes_max_(source.payload_bytes_max),
      id_(around.id),
      sink_(around.sink),
      reactor_(std::move(around.reactor)),
      clock_(around.clock),
      log_(around.log),
      access_(source.topics, settings_.access),
      bodies_(source.payload_bytes_max),
      settled_(reactor_, asio::steady_timer::time_point::max()),
      tasks_(reactor_, [this](std::exception_ptr) {
          log_.error("source-failed", tr("The CoAP driver stopped working."));
      }) {
    if (around.firmware != nullptr) updates_.emplace(*around.firmware, name_);
}

CoapDriver::~CoapDriver() = default;

model::Result<void> CoapDriver::start() {
    const auto opened = open();
    if (!opened) {
        detail_ = gateway::language::failure_words(opened.error());
        server_.reset();
        return opened.error();
    }
    detail_ = tr("listening on {0}", {server_->addresses()});
    tasks_.spawn(server_->run(reactor_));
    if (settings_.device_keys) tasks_.spawn(watch_keys());
    return {};
}

model::Result<void> CoapDriver::open() {
    std::optional<DeviceKeys> keys;
    if (settings_.device_keys || !settings_.pre_shared_keys.empty()) {
        auto read = read_keys();
        if (!read) return read.error();
        keys = std::move(*read);
    }
    server_ = std::make_unique<CoapServer>(std::move(keys), [this](Request request, Ticket ticket) {
        return on_request(std::move(request), std::move(ticket));
    });
    if (!settings_.listen.empty()) {
        const auto listening = server_->listen(settings_.listen, false);
        if (!listening) return listening.error();
    }
    if (!settings_.listen_secure.empty()) {
        const auto listening = server_->listen(settings_.listen_secure, true);
        if (!listening) return listening.error();
    }
    if (server_->addresses().empty())
        return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    return {};
}

model::Result<DeviceKeys> CoapDriver::read_keys() {
    if (settings_.device_keys)
        keys_change_ = gateway::runtime::FileChange(settings_.device_keys->file);
    return gateway::ingest::read_device_keys(
        settings_.device_keys, settings_.pre_shared_keys, log_
    );
}

// A key that was added holds from now on, and what comes under one that is gone is refused; a file
// that cannot be used changes nothing.
asio::awaitable<void> CoapDriver::watch_keys() {
    asio::steady_timer timer(reactor_);
    while (true) {
        timer.expires_after(kWatchInterval);
        co_await timer.async_wait(asio::use_awaitable);
        if (!keys_change_.happened()) continue;
        const auto keys = read_keys();
        if (!keys) continue;
        server_->renew_keys(*keys);
        gateway::ingest::report_renewed(settings_.device_keys->file, log_);
    }
}

asio::awaitable<void> CoapDriver::stop() {
    is_stopping_ = true;
    const auto deadline = steady_clock::now() + kStopWaitMax;
    while (pending_ > 0 && steady_clock::now() < deadline) {
        settled_.expires_at(deadline);
        boost::system::error_code woken;
        co_await settled_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    co_await tasks_.close();
    server_.reset();
    detail_ = tr("stopped");
}

DriverState CoapDriver::state() const {
    return {server_ != nullptr && !is_stopping_, detail_, frames_};
}

// Called by the library, which must not be called back from here: whatever takes longer begins
// with the reactor's next turn.
CoapServer::Reaction CoapDriver::on_request(Request request, Ticket ticket) {
    if (updates_ && is_of_updates(request.path))
        return on_update_request(std::move(request), std::move(ticket));
    if (auto answer = on_reading(std::move(request), std::move(ticket))) return std::move(*answer);
    return CoapServer::Later::separately;
}

std::optional<Answer> CoapDriver::on_reading(Request request, Ticket ticket) {
    if (!takes_readings(request.code)) return Answer(Code::method_not_allowed);
    const auto* known = exchanges_.find_or_begin(request, steady_clock::now());
    if (known != nullptr) return known->answer;
    const std::string sender = request.sender;
    const std::uint16_t message_id = request.message_id;
    std::optional<Answer> answer = answer_at_once(request);
    if (answer) {
        exchanges_.answer(sender, message_id, *answer);
        return answer;
    }
    ++frames_;
    ++pending_;
    ++pending_by_sender_[sender];
    tasks_.spawn(take(std::move(request), std::move(ticket)));
    return std::nullopt;
}

// A question does no harm when it is asked again: no memory of exchanges is needed. The depot
// answers soon, and libcoap's own client (4.3.1) passes over a block that comes on its own.
CoapServer::Reaction CoapDriver::on_update_request(Request request, Ticket ticket) {
    if (is_stopping_) return unavailable(kRetryAfterFailure);
    auto question = understand_update(request);
    if (auto* refused = std::get_if<Answer>(&question)) return std::move(*refused);
    if (pending_ >= kFramesPendingMax) return unavailable(kRetryAfterOverload);
    if (updates_->is_full_for(request.identity)) return UpdateService::too_fast();
    ++pending_;
    tasks_.spawn(answer_update(std::move(request), std::move(question), std::move(ticket)));
    return CoapServer::Later::in_the_acknowledgement;
}

std::optional<Answer> CoapDriver::answer_at_once(Request& request) {
    using enum model::Refusal;
    if (is_stopping_) return refused(stopping, unavailable(kRetryAfterFailure));
    if (!request.has_valid_key) return refused(not_authorised, Answer(Code::unauthorized));
    if (!request.has_valid_path) return refused(unknown_topic, Answer(Code::bad_request));
    if (leave_of(request) == Leave::none)
        return refused(not_authorised, answer_to(model::Fault{not_authorised}));
    if (request.content_format && !may_be(format_, *request.content_format))
        return refused(not_this_format, Answer(Code::unsupported_content_format));
    if (is_full_for(request.sender)) return refused(overloaded, unavailable(kRetryAfterOverload));
    if (request.block1) return assemble(request);
    return std::nullopt;
}

std::optional<Answer> CoapDriver::assemble(Request& request) {
    if (request.size1 && *request.size1 > payload_bytes_max_)
        return refused(model::Refusal::too_large, too_large());
    Answer answer(Code::continued);
    answer.block1 = request.block1;
    switch (bodies_.add(request, steady_clock::now())) {
        case BlockAssembly::Progress::more:
            return answer;
        case BlockAssembly::Progress::complete:
            return std::nullopt;
        case BlockAssembly::Progress::incomplete:
            return refused(model::Refusal::truncated, Answer(Code::request_entity_incomplete));
        case BlockAssembly::Progress::malformed:
            break;
    }
    return refused(model::Refusal::malformed, Answer(Code::bad_request));
}

// Without tables of access the pipeline holds every identity to the device of its name.
CoapDriver::Leave CoapDriver::leave_of(const Request& request) {
    if (settings_.access.empty()) return Leave::own_device;
    return access_.leave_of(request.identity, request.path);
}

// What does not reach the sink is counted there all the same.
Answer CoapDriver::refused(model::Refusal cause, Answer answer) {
    sink_.count_refused(id_, cause);
    return answer;
}

Answer CoapDriver::too_large() const {
    Answer answer(Code::request_entity_too_large);
    answer.size1 = payload_bytes_max_;
    return answer;
}

bool CoapDriver::is_full_for(const std::string& sender) const {
    if (pending_ >= kFramesPendingMax) return true;
    const auto of_sender = pending_by_sender_.find(sender);
    return of_sender != pending_by_sender_.end() && of_sender->second >= kPeerFramesPendingMax;
}

asio::awaitable<void> CoapDriver::take(Request request, Ticket ticket) {
    co_await asio::post(reactor_, asio::use_awaitable);
    model::Frame frame(
        id_, request.path, request.identity, std::move(request.payload), clock_.now()
    );
    frame.speaks_for_others = leave_of(request) == Leave::any_device;
    const auto receipt = co_await sink_.accept(std::move(frame));
    finish(request, ticket, answer_to(receipt));
}

namespace {

bool is_forbidden(model::Refusal cause) {
    return cause == model::Refusal::not_authorised || cause == model::Refusal::restricted ||
           cause == model::Refusal::no_consent;
}

}  // namespace

Answer CoapDriver::answer_to(const model::Decoded<Receipt>& receipt) const {
    if (receipt) return Answer(Code::changed);
    const model::Refusal cause = receipt.error().cause;
    if (cause == model::Refusal::overloaded) return unavailable(kRetryAfterOverload);
    if (model::is_temporary(cause)) return unavailable(kRetryAfterFailure);
    Answer answer(Code::bad_request);
    if (cause == model::Refusal::unknown_topic) answer.code = Code::not_found;
    if (is_forbidden(cause)) answer.code = Code::forbidden;
    if (cause == model::Refusal::too_large) answer = too_large();
    answer.payload = model::to_string(cause);
    return answer;
}

void CoapDriver::finish(const Request& request, const Ticket& ticket, Answer answer) {
    if (request.block1) {
        answer.block1 = request.block1;
        answer.block1->more = false;
    }
    exchanges_.answer(request.sender, request.message_id, answer);
    const auto of_sender = pending_by_sender_.find(request.sender);
    if (--of_sender->second == 0) pending_by_sender_.erase(of_sender);
    const bool is_confirmable =
        ticket.is_confirmable && confirmable_.take(ticket.sender, steady_clock::now());
    server_->respond(ticket, answer, is_confirmable);
    note_settled();
}

void CoapDriver::note_settled() {
    if (--pending_ == 0) settled_.cancel();
}

asio::awaitable<void> CoapDriver::answer_update(
    Request request, UpdateQuestion question, Ticket ticket
) {
    co_await asio::post(reactor_, asio::use_awaitable);
    const Answer answer = co_await updates_->answer(std::move(request), std::move(question));
    server_->acknowledge(ticket, answer);
    note_settled();
}

}  // namespace drivers::coap
