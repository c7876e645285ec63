#include "gateway/cli/tar_archive.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace gateway::cli {
namespace {

constexpr std::size_t kBlockBytes = 512;
constexpr std::uint64_t kOwnerOnly = 0600;

using Header = std::array<char, kBlockBytes>;

// In octal digits with leading zeros, and a NUL behind them.
void put_number(Header& header, std::size_t at, std::size_t width, std::uint64_t number) {
    std::fill_n(&header[at], width - 1, '0');
    for (std::size_t i = width - 1; i > 0 && number > 0; --i, number /= 8)
        header[at + i - 1] = static_cast<char>('0' + number % 8);
}

void put_text(Header& header, std::size_t at, std::string_view text) {
    std::copy(text.begin(), text.end(), &header[at]);
}

}  // namespace

void TarArchive::add(std::string_view name, std::string_view content) {
    Header header{};
    put_text(header, 0, name.substr(0, kNameBytesMax));
    put_number(header, 100, 8, kOwnerOnly);
    put_number(header, 108, 8, 0);
    put_number(header, 116, 8, 0);
    put_number(header, 124, 12, content.size());
    put_number(header, 136, 12, static_cast<std::uint64_t>(std::max<std::int64_t>(time_, 0)));
    put_text(header, 156, "0");
    put_text(
        header,
        257,
        std::string_view(
            "ustar\0"
            "00",
            8
        )
    );
    std::fill_n(&header[148], 8, ' ');  // the sum is of the header with blanks in its place
    const auto sum = std::accumulate(header.begin(), header.end(), 0U, [](unsigned all, char each) {
        return all + static_cast<unsigned char>(each);
    });
    put_number(header, 148, 7, sum);
    bytes_.append(header.data(), header.size()).append(content);
    bytes_.append((kBlockBytes - content.size() % kBlockBytes) % kBlockBytes, '\0');
}

std::string TarArchive::take() {
    bytes_.append(2 * kBlockBytes, '\0');
    return std::move(bytes_);
}

}  // namespace gateway::cli
