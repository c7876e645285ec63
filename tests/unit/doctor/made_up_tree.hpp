#pragma once
#include "gateway/doctor/places.hpp"
#include "tests/support/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <string_view>

namespace tests {

// /proc and /sys as a test wants them.
class MadeUpTree {
  public:
    void write(std::string_view path, std::string_view content) const {
        const auto file = directory_.path() / path;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << content;
    }
    void make(std::string_view path) const {
        std::filesystem::create_directories(directory_.path() / path);
    }
    void link(std::string_view from, std::string_view to) const {
        const auto file = directory_.path() / from;
        std::filesystem::create_directories(file.parent_path());
        std::filesystem::create_symlink(directory_.path() / to, file);
    }
    std::string path(std::string_view name) const { return (directory_.path() / name).string(); }
    gateway::doctor::Places places() const {
        return {path("proc"), path("sys"), path("resolv.conf")};
    }

  private:
    support::TemporaryDirectory directory_;
};

}  // namespace tests
