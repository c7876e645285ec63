#include "gateway/buffer/record_codec.hpp"

#include <zlib.h>
#include <zstd.h>

#include <bit>

namespace gateway::buffer {
namespace {

constexpr int kCompressionLevel = 1;  // higher levels cost more and never paid on columns
constexpr std::size_t kCompressionPays = 64;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::uint32_t kUnused = 0xffffffff;
constexpr std::byte kPlain{0};
constexpr std::byte kCompressed{1};

std::uint32_t checksum(std::span<const std::byte> bytes) {
    const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
    return static_cast<std::uint32_t>(crc32_z(0, data, bytes.size()));
}

// The column of a content, read value by value.
class ColumnInput {
  public:
    explicit ColumnInput(ByteInput& content) {
        const std::uint64_t head = content.varint();
        values_ = ByteInput(content.take(head >> 1));
        constant_ = (head & 1) != 0;
        if (constant_) value_ = values_.varint();
    }

    std::uint64_t next() { return constant_ ? value_ : values_.varint(); }
    bool ended() const { return values_.ok() && values_.left() == 0; }

  private:
    ByteInput values_;
    std::uint64_t value_ = 0;
    bool constant_ = false;
};

}  // namespace

struct RecordCodec::Zstd {
    ZSTD_CCtx* compression = ZSTD_createCCtx();
    ZSTD_DCtx* decompression = ZSTD_createDCtx();

    Zstd() = default;
    Zstd(const Zstd&) = delete;
    Zstd& operator=(const Zstd&) = delete;
    ~Zstd() {
        ZSTD_freeCCtx(compression);
        ZSTD_freeDCtx(decompression);
    }
};

RecordCodec::RecordCodec() : zstd_(std::make_unique<Zstd>()) {}

RecordCodec::~RecordCodec() = default;

void RecordCodec::Column::clear() {
    bytes_.clear();
    constant_ = true;
}

void RecordCodec::Column::add(std::uint64_t value) {
    const bool first = bytes_.empty();
    append_varint(bytes_, value);
    if (first) {
        first_ = value;
        first_bytes_ = bytes_.size();
    } else if (value != first_) {
        constant_ = false;
    }
}

void RecordCodec::Column::append_to(Bytes& out) const {
    const std::size_t size = constant_ ? first_bytes_ : bytes_.size();
    append_varint(out, size * 2 + (constant_ ? 1 : 0));
    out.insert(out.end(), bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size));
}

void RecordCodec::Pairs::start(std::size_t readings) {
    const std::size_t size = std::bit_ceil(readings * 2);
    slots_.assign(size, -1);
    mask_ = size - 1;
}

std::int64_t RecordCodec::Pairs::replace(
    std::span<const SegmentReading> readings, std::size_t index
) {
    const SegmentReading& reading = readings[index];
    const std::uint64_t pair = std::uint64_t{reading.device} << 16 | reading.quantity;
    std::size_t slot = (pair * 0x9e3779b97f4a7c15U >> 32) & mask_;
    for (;; slot = (slot + 1) & mask_) {
        const std::int32_t found = slots_[slot];
        if (found >= 0) {
            const SegmentReading& other = readings[static_cast<std::size_t>(found)];
            if (other.device != reading.device || other.quantity != reading.quantity) continue;
        }
        slots_[slot] = static_cast<std::int32_t>(index);
        return found;
    }
}

std::span<const std::byte> RecordCodec::encode(
    std::span<const SegmentReading> readings, const SegmentTexts& texts
) {
    content_.clear();
    append_varint(content_, readings.size());
    append_texts(readings, texts);
    encode_columns(readings);
    for (const Column& column : columns_) column.append_to(content_);
    return seal();
}

void RecordCodec::append_texts(
    std::span<const SegmentReading> readings, const SegmentTexts& texts
) {
    quantity_index_.assign(texts.quantities.size(), kUnused);
    attributes_index_.assign(texts.attributes.size(), kUnused);
    attributes_index_[0] = 0;
    std::uint32_t quantities = 0;
    std::uint32_t sets = 0;
    for (const SegmentReading& reading : readings) {
        auto& quantity = quantity_index_[reading.quantity];
        if (quantity == kUnused) quantity = quantities++;
        auto& set = attributes_index_[reading.attributes];
        if (set == kUnused) set = ++sets;
    }
    std::vector<const QuantityName*> used_quantities(quantities);
    for (std::size_t i = 0; i < texts.quantities.size(); ++i) {
        if (quantity_index_[i] != kUnused)
            used_quantities[quantity_index_[i]] = &texts.quantities[i];
    }
    std::vector<const std::string*> used_sets(sets);
    for (std::size_t i = 1; i < texts.attributes.size(); ++i) {
        if (attributes_index_[i] != kUnused)
            used_sets[attributes_index_[i] - 1] = &texts.attributes[i];
    }
    append_varint(content_, quantities);
    for (const QuantityName* used : used_quantities) {
        append_text(content_, used->name);
        append_text(content_, used->unit);
    }
    append_varint(content_, sets);
    for (const std::string* used : used_sets) append_text(content_, *used);
}

void RecordCodec::encode_columns(std::span<const SegmentReading> readings) {
    for (Column& column : columns_) column.clear();
    pairs_.start(readings.size());
    exponents_.assign(quantity_index_.size(), 0);
    SegmentReading before;
    for (std::size_t i = 0; i < readings.size(); ++i) {
        const SegmentReading& reading = readings[i];
        const std::int64_t pair = pairs_.replace(readings, i);
        const SegmentReading* same = pair < 0 ? nullptr : &readings[static_cast<std::size_t>(pair)];
        const std::int64_t device_step = std::int64_t{reading.device} - before.device;
        columns_[device_column].add(zigzag(device_step));
        columns_[quantity_column].add(quantity_index_[reading.quantity]);
        columns_[attributes_column].add(attributes_index_[reading.attributes]);
        columns_[quality_column].add(static_cast<std::uint64_t>(reading.time_quality));
        columns_[exponent_column].add(zigzag(reading.exponent - exponents_[reading.quantity]));
        columns_[mantissa_column].add(zigzag(difference(reading.mantissa, same ? same->mantissa : 0)
        ));
        columns_[time_column].add(zigzag(difference(
            reading.observed_at.time_since_epoch().count(),
            (same ? *same : before).observed_at.time_since_epoch().count()
        )));
        exponents_[reading.quantity] = reading.exponent;
        before = reading;
    }
}

std::span<const std::byte> RecordCodec::seal() {
    const std::size_t bound = ZSTD_compressBound(content_.size());
    body_.resize(1 + bound + kChecksumBytes);
    std::size_t size = content_.size();
    if (size >= kCompressionPays) {
        const std::size_t compressed = ZSTD_compressCCtx(
            zstd_->compression, &body_[1], bound, content_.data(), size, kCompressionLevel
        );
        if (ZSTD_isError(compressed) == 0) size = std::min(size, compressed);
    }
    body_[0] = size < content_.size() ? kCompressed : kPlain;
    if (body_[0] == kPlain) std::copy(content_.begin(), content_.end(), body_.begin() + 1);
    const std::uint32_t sum = checksum(std::span(body_).first(1 + size));
    for (unsigned i = 0; i < kChecksumBytes; ++i)
        body_[1 + size + i] = static_cast<std::byte>(sum >> (8 * i));
    return std::span(body_).first(1 + size + kChecksumBytes);
}

bool RecordCodec::open(std::span<const std::byte> body, std::span<const std::byte>& content) {
    if (body.size() < 1 + kChecksumBytes) return false;
    const auto checked = body.first(body.size() - kChecksumBytes);
    std::uint32_t sum = 0;
    for (unsigned i = 0; i < kChecksumBytes; ++i)
        sum |= std::to_integer<std::uint32_t>(body[checked.size() + i]) << (8 * i);
    if (sum != checksum(checked)) return false;
    const auto payload = checked.subspan(1);
    content = payload;
    if (body[0] == kPlain) return true;
    if (body[0] != kCompressed) return false;
    const unsigned long long size = ZSTD_getFrameContentSize(payload.data(), payload.size());
    if (size > kContentBytesMax) return false;  // the codes for unknown and error are larger still
    content_.resize(static_cast<std::size_t>(size));
    const std::size_t written = ZSTD_decompressDCtx(
        zstd_->decompression, content_.data(), content_.size(), payload.data(), payload.size()
    );
    content = content_;
    return written == content_.size();
}

bool RecordCodec::read_texts(ByteInput& input, SegmentTexts& texts) {
    texts.quantities.clear();
    const std::uint64_t quantities = input.varint();
    if (quantities > kSegmentReadingsMax) return false;
    for (std::uint64_t i = 0; i < quantities && input.ok(); ++i) {
        QuantityName& name = texts.quantities.emplace_back();
        name.name = input.text();
        name.unit = input.text();
    }
    texts.attributes.resize(1);
    const std::uint64_t sets = input.varint();
    if (sets > kSegmentReadingsMax) return false;
    for (std::uint64_t i = 0; i < sets && input.ok(); ++i)
        texts.attributes.emplace_back(input.text());
    return input.ok();
}

bool RecordCodec::decode(
    std::span<const std::byte> body, std::vector<SegmentReading>& readings, SegmentTexts& texts
) {
    std::span<const std::byte> content;
    if (!open(body, content)) return false;
    ByteInput input(content);
    const std::uint64_t count = input.varint();
    if (count == 0 || count > kSegmentReadingsMax || !read_texts(input, texts)) return false;
    readings.resize(static_cast<std::size_t>(count));
    return decode_columns(input, readings, texts);
}

bool RecordCodec::decode_columns(
    ByteInput& input, std::span<SegmentReading> readings, const SegmentTexts& texts
) {
    ColumnInput devices(input);
    ColumnInput quantities(input);
    ColumnInput sets(input);
    ColumnInput qualities(input);
    ColumnInput exponents(input);
    ColumnInput mantissas(input);
    ColumnInput times(input);
    if (!input.ok() || input.left() != 0) return false;
    pairs_.start(readings.size());
    exponents_.assign(texts.quantities.size(), 0);
    SegmentReading before;
    for (std::size_t i = 0; i < readings.size(); ++i) {
        SegmentReading& reading = readings[i];
        reading.device = static_cast<std::uint32_t>(before.device + unzigzag(devices.next()));
        const std::uint64_t named = quantities.next();
        const std::uint64_t set = sets.next();
        const std::uint64_t trust = qualities.next();
        if (named >= texts.quantities.size() || set >= texts.attributes.size() || trust > 3)
            return false;
        reading.quantity = static_cast<std::uint16_t>(named);
        reading.attributes = static_cast<std::uint32_t>(set);
        reading.time_quality = static_cast<model::TimeQuality>(trust);
        const std::int64_t pair = pairs_.replace(readings, i);
        const SegmentReading* same = pair < 0 ? nullptr : &readings[static_cast<std::size_t>(pair)];
        reading.exponent = static_cast<std::int8_t>(exponents_[named] + unzigzag(exponents.next()));
        reading.mantissa = sum(same ? same->mantissa : 0, unzigzag(mantissas.next()));
        reading.observed_at = model::Instant(model::Instant::duration(sum(
            (same ? *same : before).observed_at.time_since_epoch().count(), unzigzag(times.next())
        )));
        exponents_[named] = reading.exponent;
        before = reading;
    }
    return devices.ended() && quantities.ended() && sets.ended() && qualities.ended() &&
           exponents.ended() && mantissas.ended() && times.ended();
}

}  // namespace gateway::buffer
