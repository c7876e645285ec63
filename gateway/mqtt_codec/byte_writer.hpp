#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::mqtt_codec {

// Appends a packet's fields (1.5), or only counts their bytes: what is written is counted first,
// since lengths stand before what they measure.
class ByteWriter {
  public:
    ByteWriter() = default;  // counts
    explicit ByteWriter(std::string& out) : out_(&out) {}

    std::size_t bytes() const { return bytes_; }
    // False once a field was larger than its length can say.
    bool fits() const { return fits_; }

    void byte(std::uint8_t value);
    void two_bytes(std::uint16_t value);
    void four_bytes(std::uint32_t value);
    void variable_integer(std::size_t value);
    void text(std::string_view text);  // of a Binary as well: its length in two bytes, and itself
    void append(std::string_view bytes);

  private:
    std::string* out_ = nullptr;
    std::size_t bytes_ = 0;
    bool fits_ = true;
};

}  // namespace gateway::mqtt_codec
