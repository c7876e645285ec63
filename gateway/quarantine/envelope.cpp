#include "gateway/quarantine/envelope.hpp"

#include "gateway/sealing/checksum.hpp"
#include "gateway/sealing/little_endian.hpp"

#include <algorithm>

namespace gateway::quarantine {
namespace {

using sealing::append_number;
using sealing::checksum;
using sealing::kChecksumBytes;
using sealing::take_number;

constexpr std::string_view kMark = "PQR1";
constexpr std::size_t kCauseBytes = 24;
constexpr std::size_t kChecksumAt = kEnvelopeBytes - kChecksumBytes;

// The record that the bytes begin with; nothing when it is not whole.
std::optional<Envelope> parse(std::string_view bytes) {
    if (bytes.size() < kEnvelopeBytes || !bytes.starts_with(kMark)) return std::nullopt;
    std::string_view rest = bytes.substr(kMark.size());
    const std::uint32_t size = *take_number<std::uint32_t>(rest);
    const std::int64_t time_s = *take_number<std::int64_t>(rest);
    if (size > kSealedBytesMax || size > bytes.size() - kEnvelopeBytes) return std::nullopt;
    Envelope envelope;
    envelope.sealed = bytes.substr(kEnvelopeBytes, size);
    const auto sum = checksum(bytes.substr(0, kChecksumAt), envelope.sealed);
    if (bytes.substr(kChecksumAt, kChecksumBytes) != sum) return std::nullopt;
    envelope.time = model::Instant{std::chrono::seconds{time_s}};
    envelope.cause = rest.substr(0, kCauseBytes);
    envelope.cause.erase(std::min(envelope.cause.find('\0'), envelope.cause.size()));
    return envelope;
}

}  // namespace

std::string to_bytes(const Envelope& envelope) {
    std::string bytes{kMark};
    bytes.reserve(kEnvelopeBytes + envelope.sealed.size());
    append_number(bytes, static_cast<std::uint32_t>(envelope.sealed.size()));
    const auto time = std::chrono::floor<std::chrono::seconds>(envelope.time);
    append_number(bytes, std::int64_t{time.time_since_epoch().count()});
    bytes += envelope.cause.substr(0, kCauseBytes);
    bytes.resize(kChecksumAt, '\0');
    bytes += checksum(bytes, envelope.sealed);
    bytes += envelope.sealed;
    return bytes;
}

std::optional<Envelope> EnvelopeReader::next() {
    bool is_damaged = false;
    while (at_ < file_.size()) {
        auto envelope = parse(file_.substr(at_));
        if (envelope) {
            at_ += kEnvelopeBytes + envelope->sealed.size();
            whole_ = at_;
            if (is_damaged) ++damaged_;
            return envelope;
        }
        is_damaged = true;
        at_ = std::min(file_.find(kMark, at_ + 1), file_.size());
    }
    if (is_damaged) ++damaged_;
    return std::nullopt;
}

}  // namespace gateway::quarantine
