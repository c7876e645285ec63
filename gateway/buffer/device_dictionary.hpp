#pragma once
#include "gateway/buffer/text_hash.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::buffer {

// A device text that the next commit adds to the store's dictionary.
struct NewDevice {
    std::uint64_t number;
    std::string name;
};

// Numbers for device texts, so that a segment needs no texts. The numbers belong to a generation,
// which counts from its base: when a generation is worn (too many devices, too old) a new one
// begins and every text gets a new number when it is next seen. The store deletes the texts of a
// generation when the last segment that uses it goes, so that no text outlives its readings by
// more than a generation. A restart begins a new generation. On the reactor.
class DeviceDictionary {
  public:
    static constexpr std::size_t kDevicesMax = 16'384;  // bounds the memory, about 2 MB

    // `next` is greater than every number in the store.
    explicit DeviceDictionary(std::uint64_t next) : base_(next), next_(next) {}

    // The device's number minus base(); a device that is new in this generation is added to
    // `added`.
    std::uint32_t number(std::string_view device, std::vector<NewDevice>& added);

    std::uint64_t base() const { return base_; }
    std::uint64_t next() const { return next_; }
    bool full() const { return numbers_.size() >= kDevicesMax; }
    void begin_generation();

  private:
    std::uint64_t base_;
    std::uint64_t next_;
    TextMap<std::uint32_t> numbers_;
};

}  // namespace gateway::buffer
