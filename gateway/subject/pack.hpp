#pragma once
#include "gateway/sealing/sealed_stream.hpp"
#include "gateway/subject/export_part.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::subject {

// A pack is an export in one file: a sealed stream (gateway/sealing/sealed_stream.hpp), which only
// its holder's key opens. Each of its blocks is pieces behind each other:
//    0  1  the part, as ExportPart numbers it; 0: nothing follows in this block
//    1  2  length, little endian
//    3     what comes next in the part's file
// A part is at most one file of a known name: a pack never says where something is written to.

// Makes the bytes of a pack. It has a block of plain text in memory, which it wipes.
class PackWriter {
  public:
    explicit PackWriter(const sealing::Seal& seal);
    ~PackWriter();
    PackWriter(const PackWriter&) = delete;
    PackWriter& operator=(const PackWriter&) = delete;

    const std::string& head() const { return sealer_.head(); }  // what a pack begins with
    // The blocks that are full with this, sealed.
    std::string add(ExportPart part, std::string_view content);
    // The last block. Nothing is added behind it.
    std::string finish() { return sealer_.seal(block_, true); }

  private:
    std::size_t room() const;  // for the content of another piece

    sealing::StreamSealer sealer_;
    std::string block_;
};

struct PackPiece {
    ExportPart part{};
    std::string_view content;  // of the block
};

// The pieces of an opened block; nothing when it is not one of a pack.
std::optional<std::vector<PackPiece>> pieces_of(std::string_view block);

}  // namespace gateway::subject
