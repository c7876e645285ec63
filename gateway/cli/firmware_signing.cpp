#include "gateway/cli/firmware_signing.hpp"

#include "gateway/cli/firmware_files.hpp"
#include "gateway/cli/key_pair_files.hpp"
#include "gateway/firmware/signed_manifest.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/time.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/wipe.hpp"
#include "gateway/sealing/signature.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <limits>
#include <optional>
#include <ostream>
#include <string_view>

namespace gateway::cli {
namespace {

using firmware::Manifest;
using language::tr;

// The moment from which on nobody takes it: the end of a day, by UTC, or the time itself.
std::optional<std::chrono::sys_seconds> parse_expiry(const std::string& text) {
    constexpr std::size_t kDayCharacters = 10;
    const bool is_day = text.size() == kDayCharacters;
    const auto time = model::parse_rfc3339(is_day ? text + "T00:00:00Z" : text);
    if (!time) return std::nullopt;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*time);
    return is_day ? seconds + std::chrono::days{1} : seconds;
}

class Signing {
  public:
    Signing(const FirmwareSigning& order, CommandContext& context)
        : order_(order), context_(context) {}

    int run() {
        if (!check_words() || !set_expiry() || !set_content()) return context_.exit_status;
        manifest_.vendor = order_.vendor;
        manifest_.device_class = order_.device_class;
        manifest_.sequence = order_.sequence;
        manifest_.node = order_.node;
        std::string key = read_private_key(order_.key_file, context_);
        if (key.empty()) return kExitUnavailable;
        std::string encoded = firmware::encode(manifest_);
        const auto signature = sealing::sign(key, firmware::kManifestContext, encoded);
        runtime::wipe(key);
        if (!signature) {
            say_no_private_key(order_.key_file, "firmware", context_);
            return kExitUnavailable;
        }
        return write(firmware::make_signed(std::move(encoded), *signature));
    }

  private:
    bool fail(int status, const std::string& text) {
        context_.err << text << '\n';
        context_.exit_status = status;
        return false;
    }

    bool check_words() {
        const auto is_fit = [&](const char* option, const std::string& text, std::size_t most) {
            if (firmware::is_word(text, most)) return true;
            return fail(
                kExitUsage,
                tr("{0}: \"{1}\" is not of 1 to {2} letters, digits, '.', '_' and '-'.",
                   {option, text, std::to_string(most)})
            );
        };
        return is_fit("--vendor", order_.vendor, Manifest::kWordBytesMax) &&
               is_fit("--class", order_.device_class, Manifest::kWordBytesMax) &&
               (order_.node.empty() || is_fit("--node", order_.node, Manifest::kNodeBytesMax));
    }

    bool set_expiry() {
        const auto expiry = parse_expiry(order_.expires);
        if (!expiry)
            return fail(
                kExitUsage,
                tr("--expires: \"{0}\" is neither a day like 2027-06-30 nor a time like "
                   "2027-06-30T12:00:00Z.",
                   {order_.expires})
            );
        if (*expiry <= runtime::SystemClock().now())
            return fail(
                kExitUsage,
                tr("--expires: {0} is over, by the clock of this machine: no device would take it.",
                   {order_.expires})
            );
        if (expiry->time_since_epoch().count() > std::numeric_limits<std::uint32_t>::max())
            return fail(
                kExitUsage,
                tr("--expires: {0} is too far: devices count until 2106-02-06.", {order_.expires})
            );
        manifest_.expires = *expiry;
        return true;
    }

    bool set_content() {
        if (order_.image.empty()) {
            if (order_.reporting_interval_s == 0)
                return fail(
                    kExitUsage, tr("What is signed is missing: an image, or --reporting-interval.")
                );
            manifest_.content = firmware::DeviceSettings{order_.reporting_interval_s};
            return true;
        }
        if (order_.base >= order_.sequence)
            return fail(
                kExitUsage,
                tr("--base: no device can have {0} already and get {1} as something newer.",
                   {std::to_string(order_.base), std::to_string(order_.sequence)})
            );
        const auto image = read_image(order_.image, context_);
        if (!image) return false;
        manifest_.content = describe(*image, order_.base);
        return true;
    }

    int write(const std::string& signed_manifest) {
        std::string file = order_.output;
        if (file.empty())
            file =
                order_.image.empty() ? "settings-" + std::to_string(order_.sequence) : order_.image;
        if (order_.output.empty()) file += ".manifest";
        std::ofstream stream(file, std::ios::binary | std::ios::trunc);
        stream << signed_manifest << std::flush;
        if (!stream) {
            const boost::system::error_code failure{errno, boost::system::system_category()};
            context_.err << tr("the manifest cannot be written to {0}: {1}",
                               {file, language::failure_words(failure)})
                         << '\n';
            return kExitUnavailable;
        }
        context_.out
            << tr("Signed: {0}, to be taken until {1}. On the gateway: passerelle firmware "
                  "add {2}",
                  {manifest_words(manifest_),
                   status::time_words(manifest_.expires),
                   order_.image.empty() ? file : file + ' ' + order_.image})
            << '\n';
        return kExitOk;
    }

    const FirmwareSigning& order_;
    CommandContext& context_;
    Manifest manifest_;
};

}  // namespace

int sign_firmware(const FirmwareSigning& order, CommandContext& context) {
    return Signing(order, context).run();
}

}  // namespace gateway::cli
