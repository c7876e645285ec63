#pragma once
#include "gateway/buffer/byte_stream.hpp"
#include "gateway/buffer/segment.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace gateway::buffer {

// Readings to the body of a segment row and back.
//
// Body:      form (1 byte), payload, CRC-32 of form and payload (4 bytes, little endian).
//            form 0: the payload is the content; form 1: one Zstandard frame (RFC 8878) of it.
// Content:   the number of readings, 1 to kSegmentReadingsMax;
//            the number of quantities, for each its name and its unit;
//            the number of attribute sets besides "{}", for each its text;
//            seven columns. Numbers are varints, a text is its length and its bytes.
// Column:    size in bytes x 2 + constant, then that many bytes: one varint a reading, in the order
//            of the sequences, or a single varint that holds for every reading (constant = 1).
// Columns, in this order, signed ones in ZigZag; the differences are modulo 2^64:
//   device        minus that of the reading before (of the first: minus 0)
//   quantity      index
//   attributes    index; 0 is "{}"
//   time quality  0 device, 1 gateway, 2 corrected, 3 uncertain
//   exponent      minus that of the reading before of the same quantity (of the first: minus 0)
//   mantissa      minus that of the reading before of the same device and quantity (or minus 0)
//   observed at   milliseconds since 1970, minus that of the reading before of the same device and
//                 quantity; of their first: minus that of the reading before (or minus 0)
// Limits:    kContentBytesMax; indices are checked. A body that breaks any of this, or whose
//            checksum is wrong, is damaged as a whole.
//
// Holds the memory and the compression contexts it needs; one thread at a time.
class RecordCodec {
  public:
    static constexpr std::size_t kContentBytesMax = 16U << 20;

    RecordCodec();
    ~RecordCodec();
    RecordCodec(const RecordCodec&) = delete;
    RecordCodec& operator=(const RecordCodec&) = delete;

    // 1 to kSegmentReadingsMax readings; only the texts they use are written, in the order of their
    // first use. Valid until the next call.
    std::span<const std::byte> encode(
        std::span<const SegmentReading> readings, const SegmentTexts& texts
    );

    // False when the body is damaged.
    [[nodiscard]] bool decode(
        std::span<const std::byte> body, std::vector<SegmentReading>& readings, SegmentTexts& texts
    );

  private:
    enum ColumnName {
        device_column,
        quantity_column,
        attributes_column,
        quality_column,
        exponent_column,
        mantissa_column,
        time_column,
        column_count,
    };

    class Column {
      public:
        void clear();
        void add(std::uint64_t value);
        void append_to(Bytes& out) const;

      private:
        Bytes bytes_;
        std::uint64_t first_ = 0;
        std::size_t first_bytes_ = 0;
        bool constant_ = true;
    };

    // Finds the reading before of the same device and quantity.
    class Pairs {
      public:
        void start(std::size_t readings);
        // The index of the latest reading of this one's pair, which becomes `index`; -1 if none.
        std::int64_t replace(std::span<const SegmentReading> readings, std::size_t index);

      private:
        std::vector<std::int32_t> slots_;
        std::size_t mask_ = 0;
    };

    void encode_columns(std::span<const SegmentReading> readings);
    void append_texts(std::span<const SegmentReading> readings, const SegmentTexts& texts);
    std::span<const std::byte> seal();
    bool open(std::span<const std::byte> body, std::span<const std::byte>& content);
    static bool read_texts(ByteInput& input, SegmentTexts& texts);
    bool decode_columns(ByteInput& input, std::span<SegmentReading> readings, const SegmentTexts&);

    struct Zstd;
    std::unique_ptr<Zstd> zstd_;
    std::array<Column, column_count> columns_;
    Pairs pairs_;
    std::vector<std::uint32_t> quantity_index_;
    std::vector<std::uint32_t> attributes_index_;
    std::vector<std::int8_t> exponents_;
    Bytes content_;
    Bytes body_;
};

}  // namespace gateway::buffer
