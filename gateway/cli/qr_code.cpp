#include "gateway/cli/qr_code.hpp"

#include <qrencode.h>

#include <memory>

namespace gateway::cli {
namespace {

constexpr int kQuietZone = 4;
constexpr int kColumnsMax = 80;

struct Release {
    void operator()(QRcode* code) const noexcept { QRcode_free(code); }
};
using Code = std::unique_ptr<QRcode, Release>;

// Whether a module is dark; around the code everything is light.
bool is_dark(const QRcode& code, int row, int column) {
    if (row < 0 || column < 0 || row >= code.width || column >= code.width) return false;
    return (code.data[row * code.width + column] & 1U) != 0;
}

// What is light is written, what is dark is left out.
const char* half_blocks(bool upper_is_dark, bool lower_is_dark) {
    if (upper_is_dark) return lower_is_dark ? " " : "▄";
    return lower_is_dark ? "▀" : "█";
}

}  // namespace

std::optional<std::string> qr_code(const std::string& text) {
    constexpr int kSmallest = 0;  // version that fits
    constexpr int kCaseSensitive = 1;
    const Code code{
        QRcode_encodeString(text.c_str(), kSmallest, QR_ECLEVEL_L, QR_MODE_8, kCaseSensitive)};
    if (!code || code->width + 2 * kQuietZone > kColumnsMax) return std::nullopt;
    const int end = code->width + kQuietZone;
    std::string drawn;
    for (int row = -kQuietZone; row < end; row += 2) {
        for (int column = -kQuietZone; column < end; ++column)
            drawn += half_blocks(is_dark(*code, row, column), is_dark(*code, row + 1, column));
        drawn += '\n';
    }
    return drawn;
}

}  // namespace gateway::cli
