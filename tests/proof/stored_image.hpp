#pragma once
#include "fast_directory.hpp"
#include "simulated_disk.hpp"

#include <filesystem>
#include <fstream>

namespace tests::proof {

// Makes the image's files the only ones of the directory; answers the database's path there.
inline std::string put(const DiskImage& image, const FastDirectory& directory) {
    for (const auto& file : std::filesystem::directory_iterator(directory.path()))
        std::filesystem::remove(file);
    for (const auto& [name, content] : image) {
        const auto path = directory.path() / std::filesystem::path(name).filename();
        std::ofstream(path, std::ios::binary) << content;
    }
    return directory.file("buffer.db");
}

}  // namespace tests::proof
