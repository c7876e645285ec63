// libFuzzer harness of what the CoAP driver makes of datagrams: reading a request, recognising
// repetitions, putting bodies in blocks together, what is asked of updates, writing an answer.
// Input: datagrams one after another, each behind three bytes: who sends it and how long after the
// one before, its length.
#include "drivers/coap/block_assembly.hpp"
#include "drivers/coap/exchange_memory.hpp"
#include "drivers/coap/pdu.hpp"
#include "drivers/coap/update_question.hpp"
#include "tests/fuzz/require.hpp"

#include <coap3/coap.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace drivers::coap;
using tests::fuzz::require;
using Progress = BlockAssembly::Progress;

constexpr std::size_t kBodyBytesMax = 4096;
constexpr std::size_t kSenders = 8;
constexpr std::size_t kDatagramMax = 1472;

struct DeletePdu {
    void operator()(coap_pdu_t* pdu) const { coap_delete_pdu(pdu); }
};
using Pdu = std::unique_ptr<coap_pdu_t, DeletePdu>;

// The library's session of the sender of everything; nothing is ever sent over it.
coap_session_t* session() {
    static coap_context_t* const context = [] {
        coap_startup();
        coap_set_log_level(LOG_EMERG);
        return coap_new_context(nullptr);
    }();
    static coap_session_t* const made = [] {
        coap_address_t address;
        coap_address_init(&address);
        address.addr.sin.sin_family = AF_INET;
        address.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        coap_address_set_port(&address, 5683);
        return coap_new_client_session(context, nullptr, &address, COAP_PROTO_UDP);
    }();
    return made;
}

// As the driver gets it: only what the library itself takes for a request.
std::optional<Request> request_in(std::span<const std::uint8_t> datagram, std::size_t sender) {
    const Pdu pdu(coap_pdu_init(COAP_MESSAGE_CON, COAP_EMPTY_CODE, 0, kDatagramMax));
    if (coap_pdu_parse(COAP_PROTO_UDP, datagram.data(), datagram.size(), pdu.get()) == 0)
        return std::nullopt;
    Request request = read_request(session(), pdu.get());
    request.sender += static_cast<char>(sender);
    require(request.payload.size() <= datagram.size() && request.path.size() <= datagram.size());
    require(request.identity.empty());
    return request;
}

// Everything that a body has taken so far, kept beside the assembly.
class Bodies {
  public:
    void check(Request request, BlockAssembly::Clock::time_point now) {
        const Request sent = request;
        const Progress progress = assembly_.add(request, now);
        require(assembly_.bodies() <= BlockAssembly::kBodiesMax);
        require(assembly_.bytes() <= kSenders * (kBodyBytesMax + kDatagramMax));
        if (progress == Progress::malformed) return;
        std::string& expected = expected_[sent.sender];
        if (sent.block1->number == 0) expected.clear();
        if (progress != Progress::incomplete)
            require(expected.size() == sent.block1->number * sent.block1->size());
        expected += sent.payload;
        if (progress == Progress::complete)
            require(request.payload == expected.substr(0, kBodyBytesMax + 1));
        if (progress != Progress::more) expected_.erase(sent.sender);
    }

  private:
    BlockAssembly assembly_{kBodyBytesMax};
    std::map<std::string, std::string> expected_;
};

void check_answer(const Request& request) {
    Answer answer(Code::continued);
    answer.block1 = request.block1;
    answer.size1 = request.size1;
    answer.block2 = request.block2;
    answer.size2 = request.size1;
    answer.content_format = request.content_format;
    if (!request.etags.empty()) answer.etag = request.etags[0].substr(0, 8);
    answer.payload = request.path.substr(0, 64);
    const Pdu pdu(coap_pdu_init(COAP_MESSAGE_ACK, COAP_EMPTY_CODE, 0, kDatagramMax));
    write_answer(answer, pdu.get());
    const Request read = read_request(session(), pdu.get());
    require(read.code == static_cast<std::uint8_t>(answer.code));
    require(read.block1 == answer.block1 && read.size1 == answer.size1);
    require(read.block2 == answer.block2 && read.content_format == answer.content_format);
    require(answer.etag.empty() || read.etags == std::vector<std::string>{answer.etag});
    require(read.payload == answer.payload);
}

// Whatever is asked, under whatever path of updates: it is refused, or within its bounds.
void check_update(Request request) {
    constexpr std::array kPaths{"firmware/offer", "firmware/state", "firmware/image/1"};
    require(std::holds_alternative<Answer>(understand_update(request)));  // nobody's identity
    request.identity = "a";
    if (!is_of_updates(request.path)) request.path = kPaths[request.message_id % kPaths.size()];
    const auto question = understand_update(request);
    if (const auto* device = std::get_if<OfferWanted>(&question)) {
        require(device->name == "a" && device->image_bytes_max > 0);
        require(!device->vendor.empty() && device->vendor.size() <= 24);
        require(!device->device_class.empty() && device->device_class.size() <= 24);
    }
    if (const auto* wanted = std::get_if<BlockWanted>(&question))
        require(wanted->block.size() <= gateway::firmware::Depot::kPieceBytesMax);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    std::span<const std::uint8_t> rest(bytes, size);
    BlockAssembly::Clock::time_point now{};
    ExchangeMemory exchanges;
    Bodies bodies;
    while (rest.size() > 3) {
        const std::size_t sender = rest[0] % kSenders;
        now += std::chrono::seconds(rest[0] / kSenders);
        const std::size_t length = std::min<std::size_t>(
            rest[1] * 256U + rest[2], std::min(rest.size() - 3, kDatagramMax)
        );
        const auto request = request_in(rest.subspan(3, length), sender);
        rest = rest.subspan(3 + length);
        if (!request) continue;
        check_answer(*request);
        check_update(*request);
        const bool is_new = exchanges.find_or_begin(*request, now) == nullptr;
        require(exchanges.find_or_begin(*request, now) != nullptr);
        require(exchanges.size() <= ExchangeMemory::kExchangesMax);
        if (is_new && request->block1) bodies.check(*request, now);
    }
    return 0;
}
