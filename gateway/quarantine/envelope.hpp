#pragma once
#include "gateway/model/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::quarantine {

// A sealed record as it lies in a file: behind each other, without anything between.
//    0   4  "PQR1"
//    4   4  length of the sealed part
//    8   8  time, whole seconds since 1970; 0: the date was not known
//   16  24  cause, filled up with zeros
//   40  16  BLAKE2b-128 of bytes 0 to 39 and the sealed part
//   56      the sealed part
// Numbers are little endian. Nothing but time and cause can be read without the officer's key.
struct Envelope {
    model::Instant time{};
    std::string cause;
    std::string_view sealed;
};

inline constexpr std::size_t kEnvelopeBytes = 56;
// A file never says of more that it is one record.
inline constexpr std::uint32_t kSealedBytesMax = 64U << 20;

std::string to_bytes(const Envelope& envelope);

// Goes through a file's bytes, which outlive it. What is no whole record, as a power cut leaves it
// behind or a worn card makes it, is stepped over.
class EnvelopeReader {
  public:
    explicit EnvelopeReader(std::string_view file) : file_(file) {}

    std::optional<Envelope> next();

    std::size_t whole_bytes() const { return whole_; }  // up to the end of the last record
    std::uint64_t damaged() const { return damaged_; }  // stretches that were stepped over

  private:
    std::string_view file_;
    std::size_t at_ = 0;
    std::size_t whole_ = 0;
    std::uint64_t damaged_ = 0;
};

}  // namespace gateway::quarantine
