#include "drivers/coap/block_assembly.hpp"

#include "gateway/runtime/wipe.hpp"

#include <algorithm>

namespace drivers::coap {

namespace {

constexpr std::uint8_t kSizeExponentReserved = 7;

bool is_well_formed(const Request& request) {
    const Block& block = *request.block1;
    if (block.size_exponent >= kSizeExponentReserved) return false;
    if (block.more) return request.payload.size() == block.size();
    return request.payload.size() <= block.size();
}

}  // namespace

BlockAssembly::Progress BlockAssembly::add(Request& request, Clock::time_point now) {
    forget_old(now);
    const auto known = by_sender_.find(request.sender);
    if (!is_well_formed(request)) return Progress::malformed;
    const Block& block = *request.block1;
    if (block.number == 0 && known != by_sender_.end()) forget(known->second);
    if (block.number > 0 && known == by_sender_.end()) return Progress::incomplete;
    const Bodies::iterator body = block.number == 0 ? begin_body(request) : known->second;

    const bool is_next = body->path == request.path && body->size_exponent == block.size_exponent &&
                         body->bytes.size() == block.number * block.size();
    if (!is_next) {
        forget(body);
        return Progress::incomplete;
    }
    gateway::runtime::append_and_wipe(body->bytes, request.payload);
    bytes_ += request.payload.size();
    gateway::runtime::wipe(request.payload);
    body->touched = now;
    bodies_.splice(bodies_.end(), bodies_, body);
    if (block.more && body->bytes.size() <= body_bytes_max_) {
        make_room(body);
        return Progress::more;
    }
    request.payload = body->bytes.substr(0, body_bytes_max_ + 1);
    forget(body);
    return Progress::complete;
}

BlockAssembly::Bodies::iterator BlockAssembly::begin_body(const Request& request) {
    Body body;
    body.sender = request.sender;
    body.path = request.path;
    body.size_exponent = request.block1->size_exponent;
    const auto position = bodies_.insert(bodies_.end(), std::move(body));
    by_sender_.emplace(position->sender, position);
    return position;
}

void BlockAssembly::forget(Bodies::iterator body) {
    bytes_ -= body->bytes.size();
    gateway::runtime::wipe(body->bytes);
    by_sender_.erase(body->sender);
    bodies_.erase(body);
}

void BlockAssembly::forget_old(Clock::time_point now) {
    while (!bodies_.empty() && now - bodies_.front().touched > kBodyAgeMax) forget(bodies_.begin());
}

void BlockAssembly::make_room(Bodies::iterator but) {
    while (bodies_.size() > kBodiesMax || bytes_ > kBodiesBytesMax) {
        if (bodies_.begin() == but) return;
        forget(bodies_.begin());
    }
}

}  // namespace drivers::coap
