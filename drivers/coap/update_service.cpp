#include "drivers/coap/update_service.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace drivers::coap {

namespace asio = boost::asio;
namespace firmware = gateway::firmware;

namespace {

Answer octets(std::string etag) {
    Answer answer(Code::content);
    answer.content_format = kOctetStream;
    answer.etag = std::move(etag);
    return answer;
}

Answer not_now() {
    Answer answer(Code::service_unavailable);
    answer.max_age = UpdateService::kRetryAfterFailure;
    return answer;
}

Answer answer_to(firmware::Depot::NoPiece why) {
    switch (why) {
        case firmware::Depot::NoPiece::rate:
            return UpdateService::too_fast();
        case firmware::Depot::NoPiece::disk:
            return not_now();
        case firmware::Depot::NoPiece::unknown:
            break;
    }
    return Answer(Code::not_found);
}

// FNV-1a: what is offered is signed, so nobody looks for two that have one tag.
std::string tag_of(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001b3U;
    }
    std::string tag;
    for (int shift = 0; shift < 64; shift += 8) tag += static_cast<char>(hash >> shift & 0xff);
    return tag;
}

// The block that the request asks for, or all of it.
Answer part_of(const std::string& whole, const Request& request, Answer answer) {
    if (!request.block2) {
        answer.payload = whole;
        return answer;
    }
    Block block = *request.block2;
    const std::uint64_t offset = std::uint64_t{block.number} * block.size();
    if (offset >= whole.size()) return Answer(Code::bad_request, "block2");
    answer.payload = whole.substr(offset, block.size());
    block.more = offset + answer.payload.size() < whole.size();
    answer.block2 = block;
    answer.size2 = static_cast<std::uint32_t>(whole.size());
    return answer;
}

}  // namespace

bool UpdateService::is_full_for(const std::string& identity) const {
    const auto found = under_way_.find(identity);
    return found != under_way_.end() && found->second >= kQuestionsMax;
}

Answer UpdateService::too_fast() {
    Answer answer(Code::too_many_requests);
    answer.max_age = kRetryAfterRate;
    return answer;
}

asio::awaitable<Answer> UpdateService::answer(Request request, UpdateQuestion question) {
    ++under_way_[request.identity];
    Answer answer(Code::changed);
    if (auto* device = std::get_if<OfferWanted>(&question)) {
        answer = co_await offer(request, std::move(*device));
    } else if (const auto* wanted = std::get_if<BlockWanted>(&question)) {
        answer = co_await block(request.identity, *wanted);
    } else {
        const auto progress = std::get<firmware::Progress>(question);
        const bool is_on_disk = co_await depot_.report(source_, request.identity, progress);
        if (!is_on_disk) answer = not_now();
    }
    const auto under_way = under_way_.find(request.identity);
    if (--under_way->second == 0) under_way_.erase(under_way);
    co_return answer;
}

asio::awaitable<Answer> UpdateService::offer(const Request& request, OfferWanted device) {
    device.source = source_;
    const auto offer = co_await depot_.introduce(std::move(device));
    if (!offer) co_return Answer(Code::not_found);
    if (!offer->is_settings) remember(request.identity, *offer);
    Answer answer = octets(tag_of(offer->signed_manifest));
    answer.max_age = kOfferMaxAge;
    if (std::ranges::find(request.etags, answer.etag) == request.etags.end())
        co_return part_of(offer->signed_manifest, request, std::move(answer));
    answer.code = Code::valid;
    answer.content_format.reset();
    co_return answer;
}

void UpdateService::remember(const std::string& identity, const firmware::Offer& offer) {
    const bool is_full = offers_.size() >= kOffersMax && !offers_.contains(identity);
    if (is_full) offers_.erase(offers_.begin());
    offers_[identity] = {offer.update, offer.image_size, offer.etag};
}

asio::awaitable<Answer> UpdateService::block(const std::string& identity, BlockWanted wanted) {
    const auto found = offers_.find(identity);
    if (found == offers_.end() || found->second.update != wanted.update)
        co_return Answer(Code::not_found);
    const Offered offered = found->second;
    const std::uint64_t offset = std::uint64_t{wanted.block.number} * wanted.block.size();
    if (offset >= offered.size) co_return Answer(Code::bad_request, "block2");
    auto piece = co_await depot_.piece(
        source_, identity, wanted.update, static_cast<std::uint32_t>(offset), wanted.block.size()
    );
    if (!piece) co_return answer_to(piece.error());
    Answer answer = octets(offered.etag);
    answer.payload = std::move(*piece);
    wanted.block.more = offset + answer.payload.size() < offered.size;
    answer.block2 = wanted.block;
    answer.size2 = offered.size;
    co_return answer;
}

}  // namespace drivers::coap
