#include "gateway/cli/export_target.hpp"

#include "gateway/cli/private_files.hpp"

#include <map>

namespace gateway::cli {
namespace {

using subject::ExportPart;

class DirectoryTarget final : public ExportTarget {
  public:
    model::Result<void> open(const std::string& directory) {
        if (auto made = PrivateFile::make_directory(directory); !made) return made;
        for (const ExportPart part : subject::kExportParts) {
            auto created = files_[part].create((directory + '/').append(file_name(part)));
            if (!created) return created;
        }
        return {};
    }

    model::Result<void> write(ExportPart part, std::string_view content) override {
        return files_[part].write(content);
    }

    model::Result<void> close() override {
        for (auto& [part, file] : files_) {
            if (auto synced = file.sync(); !synced) return synced;
        }
        for (auto& [part, file] : files_) file.keep();
        return {};
    }

  private:
    std::map<ExportPart, PrivateFile> files_;
};

}  // namespace

OpenedTarget export_into_directory(const std::string& directory) {
    auto target = std::make_unique<DirectoryTarget>();
    if (const auto opened = target->open(directory); !opened) return opened.error();
    return OpenedTarget(std::unique_ptr<ExportTarget>(std::move(target)));
}

}  // namespace gateway::cli
