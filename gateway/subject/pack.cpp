#include "gateway/subject/pack.hpp"

#include "gateway/runtime/wipe.hpp"
#include "gateway/sealing/little_endian.hpp"

#include <algorithm>
#include <limits>

namespace gateway::subject {
namespace {

constexpr std::size_t kPieceHeadBytes = 3;
static_assert(
    sealing::kBlockBytes - kPieceHeadBytes <= std::numeric_limits<std::uint16_t>::max(),
    "a piece may fill a block"
);

bool is_part(std::uint8_t number) {
    return std::find(kExportParts.begin(), kExportParts.end(), ExportPart{number}) !=
           kExportParts.end();
}

}  // namespace

PackWriter::PackWriter(const sealing::Seal& seal) : sealer_(seal) {
    block_.reserve(sealing::kBlockBytes);  // growing would leave copies behind
}

PackWriter::~PackWriter() {
    runtime::wipe(block_);
}

std::size_t PackWriter::room() const {
    const std::size_t used = block_.size() + kPieceHeadBytes;
    return used < sealing::kBlockBytes ? sealing::kBlockBytes - used : 0;
}

std::string PackWriter::add(ExportPart part, std::string_view content) {
    std::string sealed;
    while (!content.empty()) {
        if (room() == 0) sealed += sealer_.seal(block_, false);
        const std::string_view piece = content.substr(0, room());
        sealing::append_number(block_, static_cast<std::uint8_t>(part));
        sealing::append_number(block_, static_cast<std::uint16_t>(piece.size()));
        block_ += piece;
        content.remove_prefix(piece.size());
    }
    return sealed;
}

std::optional<std::vector<PackPiece>> pieces_of(std::string_view block) {
    std::vector<PackPiece> pieces;
    while (const auto part = sealing::take_number<std::uint8_t>(block)) {
        if (*part == 0) break;
        const auto size = sealing::take_number<std::uint16_t>(block);
        if (!is_part(*part) || !size || *size > block.size()) return std::nullopt;
        pieces.push_back({ExportPart{*part}, block.substr(0, *size)});
        block.remove_prefix(*size);
    }
    return pieces;
}

}  // namespace gateway::subject
