#pragma once
#include "gateway/model/result.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

// A file of lines "name:value" that the gateway reads: accounts, keys. Other lines, which say
// nothing to it, stay where they are. While it is open no other one can be of the same directory,
// so that two commands at once lose nothing.
class CredentialFile {
  public:
    static constexpr std::size_t kFileBytesMax = 16U << 20;

    // How long who has it open is waited for; then it is device_or_resource_busy. Anybody who may
    // read the directory can keep others out of it.
    static constexpr std::chrono::seconds kPatience{10};

    // A file that is not there has no lines.
    static model::Result<CredentialFile> open(
        std::string path, std::chrono::milliseconds patience = kPatience
    );
    ~CredentialFile();
    CredentialFile(CredentialFile&& other) noexcept;
    CredentialFile& operator=(CredentialFile&&) = delete;
    CredentialFile(const CredentialFile&) = delete;
    CredentialFile& operator=(const CredentialFile&) = delete;

    std::vector<std::string> names() const;
    std::optional<std::string> find(std::string_view name) const;
    void set(std::string_view name, std::string_view value);
    bool remove(std::string_view name);  // false if nobody has the name

    // All of it or nothing of it, for whoever reads it: its owner and mode stay.
    model::Result<void> save() const;

  private:
    CredentialFile(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
    model::Result<void> read();
    std::size_t line_of(std::string_view name) const;  // one past the last where there is none

    std::string path_;
    int lock_;  // the directory's descriptor
    std::vector<std::string> lines_;
};

}  // namespace gateway::cli
