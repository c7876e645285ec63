#include "gateway/cli/export_target.hpp"

#include "gateway/cli/private_files.hpp"
#include "gateway/subject/pack.hpp"

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

class PackTarget final : public ExportTarget {
  public:
    explicit PackTarget(const sealing::Seal& seal) : writer_(seal) {}

    model::Result<void> open(const std::string& directory) {
        if (auto made = PrivateFile::make_directory(directory); !made) return made;
        if (auto created = file_.create(directory + '/' + kPackName); !created) return created;
        return file_.write(writer_.head());
    }

    model::Result<void> write(ExportPart part, std::string_view content) override {
        return file_.write(writer_.add(part, content));
    }

    model::Result<void> close() override {
        if (auto written = file_.write(writer_.finish()); !written) return written;
        if (auto synced = file_.sync(); !synced) return synced;
        file_.keep();
        return {};
    }

  private:
    subject::PackWriter writer_;
    PrivateFile file_;
};

template <class Target>
OpenedTarget opened(std::unique_ptr<Target> target, const std::string& directory) {
    if (const auto opened = target->open(directory); !opened) return opened.error();
    return OpenedTarget(std::unique_ptr<ExportTarget>(std::move(target)));
}

}  // namespace

OpenedTarget export_into_directory(const std::string& directory) {
    return opened(std::make_unique<DirectoryTarget>(), directory);
}

OpenedTarget export_into_pack(const std::string& directory, const sealing::Seal& seal) {
    return opened(std::make_unique<PackTarget>(seal), directory);
}

}  // namespace gateway::cli
