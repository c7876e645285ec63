#include "gateway/buffer/page_rows.hpp"

#include <algorithm>
#include <bit>

namespace gateway::buffer {
namespace {

constexpr std::size_t kFileHeaderBytes = 100;  // before the header of page 1
constexpr std::byte kTableLeaf{0x0d};
constexpr std::byte kIndexLeaf{0x0a};
constexpr std::byte kIndexInterior{0x02};
constexpr std::size_t kLeafHeaderBytes = 8;
constexpr std::size_t kInteriorHeaderBytes = 12;
constexpr std::size_t kChildBytes = 4;  // the number of a page before an interior entry
constexpr std::size_t kNextBytes = 4;   // and before the content of an overflow page
constexpr std::size_t kColumnsMax = 64;

std::uint64_t big_endian(std::span<const std::byte> bytes) {
    std::uint64_t value = 0;
    for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint64_t>(byte);
    return value;
}

// SQLite's variable-length integers: the highest bits first, nine bytes at most.
class Input {
  public:
    explicit Input(std::span<const std::byte> bytes) : bytes_(bytes) {}

    bool ok() const { return ok_; }
    std::size_t at() const { return at_; }
    std::size_t left() const { return bytes_.size() - at_; }

    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (int i = 0; i < 9; ++i) {
            if (at_ == bytes_.size()) {
                ok_ = false;
                return 0;
            }
            const auto byte = std::to_integer<std::uint64_t>(bytes_[at_++]);
            if (i == 8) return value << 8 | byte;
            value = value << 7 | (byte & 0x7f);
            if (byte < 0x80) return value;
        }
        return value;
    }

    std::span<const std::byte> take(std::uint64_t size) {
        if (size > left()) {
            ok_ = false;
            return {};
        }
        const auto taken = bytes_.subspan(at_, static_cast<std::size_t>(size));
        at_ += taken.size();
        return taken;
    }

  private:
    std::span<const std::byte> bytes_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

std::int64_t signed_integer(std::span<const std::byte> bytes) {
    const unsigned unused = static_cast<unsigned>(64 - 8 * bytes.size());
    return static_cast<std::int64_t>(big_endian(bytes) << unused) >> unused;
}

ColumnValue column(std::uint64_t type, Input& values) {
    constexpr std::array<std::uint64_t, 7> kIntegerBytes = {0, 1, 2, 3, 4, 6, 8};
    if (type == 0) return {};
    if (type < kIntegerBytes.size()) {
        const auto bytes = values.take(kIntegerBytes[type]);
        return bytes.empty() ? ColumnValue() : ColumnValue(signed_integer(bytes));
    }
    if (type == 7) return std::bit_cast<double>(big_endian(values.take(sizeof(double))));
    if (type == 8 || type == 9) return static_cast<std::int64_t>(type - 8);
    const auto bytes = values.take((type - 12) / 2);
    if (type % 2 == 0) return bytes;
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace

bool PageRows::start(std::uint32_t page) {
    cell_ = 0;
    cells_ = 0;
    if (!file_.read(page, page_)) return false;
    header_ = page == 1 ? kFileHeaderBytes : 0;
    const std::byte kind = page_[header_];
    table_ = kind == kTableLeaf;
    interior_ = kind == kIndexInterior;
    if (!table_ && !interior_ && kind != kIndexLeaf) return true;
    cells_ = static_cast<std::size_t>(big_endian(std::span(page_).subspan(header_ + 3, 2)));
    cells_from_ = header_ + (interior_ ? kInteriorHeaderBytes : kLeafHeaderBytes);
    cells_ = std::min(cells_, (file_.usable_bytes() - cells_from_) / 2);
    return true;
}

const PageRow* PageRows::next() {
    while (cell_ < cells_) {
        const auto pointer = std::span(page_).subspan(cells_from_ + 2 * cell_++, 2);
        if (read_cell(static_cast<std::size_t>(big_endian(pointer)))) return &row_;
    }
    return nullptr;
}

bool PageRows::read_cell(std::size_t offset) {
    const std::size_t usable = file_.usable_bytes();
    if (offset < cells_from_ || offset >= usable) return false;
    Input input(Blob(page_).subspan(offset, usable - offset));
    if (interior_) input.take(kChildBytes);
    Cell cell;
    cell.bytes = input.varint();
    row_.rowid.reset();
    if (table_) row_.rowid = static_cast<std::int64_t>(input.varint());
    if (!input.ok() || cell.bytes > row_bytes_max_) return false;
    cell.local_from = offset + input.at();
    cell.local = local_bytes(cell.bytes);
    const std::size_t needed = cell.local + (cell.local < cell.bytes ? kNextBytes : 0);
    return needed <= input.left() && gather(cell) && parse();
}

// How much of a row lies in its own page.
std::size_t PageRows::local_bytes(std::uint64_t bytes) const {
    const std::size_t usable = file_.usable_bytes();
    const std::size_t most = table_ ? usable - 35 : (usable - 12) * 64 / 255 - 23;
    if (bytes <= most) return static_cast<std::size_t>(bytes);
    const std::size_t least = (usable - 12) * 32 / 255 - 23;
    const std::size_t fitting =
        least + static_cast<std::size_t>((bytes - least) % (usable - kNextBytes));
    return fitting <= most ? fitting : least;
}

bool PageRows::gather(const Cell& cell) {
    const auto local = std::span(page_).subspan(cell.local_from, cell.local);
    payload_.assign(local.begin(), local.end());
    if (payload_.size() == cell.bytes) return true;
    const std::size_t end = cell.local_from + cell.local;
    std::uint64_t next = big_endian(std::span(page_).subspan(end, kNextBytes));
    DamagedFile::Page overflow{};
    while (payload_.size() < cell.bytes) {
        if (next > file_.pages() || !file_.read(static_cast<std::uint32_t>(next), overflow))
            return false;
        const auto usable = std::span(overflow).first(file_.usable_bytes());
        next = big_endian(usable.first(kNextBytes));
        const auto content = usable.subspan(kNextBytes);
        const auto size = std::min<std::uint64_t>(content.size(), cell.bytes - payload_.size());
        payload_.insert(
            payload_.end(), content.begin(), content.begin() + static_cast<std::ptrdiff_t>(size)
        );
    }
    return true;
}

// A record: the size of its header, a type for each column, then the columns.
bool PageRows::parse() {
    const Blob payload(payload_);
    Input start(payload);
    const std::uint64_t header = start.varint();
    if (!start.ok() || header > payload_.size() || header < start.at()) return false;
    Input types(payload.first(static_cast<std::size_t>(header)).subspan(start.at()));
    Input values(payload.subspan(static_cast<std::size_t>(header)));
    row_.columns.clear();
    while (types.left() > 0) {
        const std::uint64_t type = types.varint();
        if (type == 10 || type == 11 || row_.columns.size() == kColumnsMax) return false;
        row_.columns.push_back(column(type, values));
    }
    return types.ok() && values.ok() && values.left() == 0;
}

}  // namespace gateway::buffer
