#pragma once
#include "gateway/model/result.hpp"
#include "gateway/sealing/sealed_box.hpp"
#include "gateway/subject/export_part.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace gateway::cli {

// Where the files of an export go, in pieces and in whatever order they come.
class ExportTarget {
  public:
    virtual ~ExportTarget() = default;

    virtual model::Result<void> write(subject::ExportPart part, std::string_view content) = 0;
    // On the disk, and to stay, when this answers. Without it nothing of the export does.
    virtual model::Result<void> close() = 0;
};

using OpenedTarget = model::Result<std::unique_ptr<ExportTarget>>;

// A file for each part in a directory, which is made if it is not there. None may be there yet.
OpenedTarget export_into_directory(const std::string& directory);

// One file in a directory, a pack (gateway/subject/pack.hpp) for whom the seal is. Nothing else
// reaches the disk, and nothing of it but its length tells of the person.
inline constexpr const char* kPackName = "export.pack";
OpenedTarget export_into_pack(const std::string& directory, const sealing::Seal& seal);

}  // namespace gateway::cli
