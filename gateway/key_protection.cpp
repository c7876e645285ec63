#include "gateway/key_protection.hpp"

#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/filter_program.hpp"
#include "gateway/runtime/key_text.hpp"
#include "gateway/runtime/replace_file.hpp"
#include "gateway/runtime/secret_file.hpp"
#include "gateway/runtime/wipe.hpp"

#include <openssl/rand.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using anonymise::Key;
using boost::system::error_code;
using language::tr;

KeyWrapResult wrap_with(Key key) {
    return std::make_unique<anonymise::KeyWrap>(std::move(key));
}

KeyWrapResult wrap_of_file(const std::string& file) {
    auto secret = runtime::read_secret(file);
    if (!secret) {
        return tr(
            "The wrapping key cannot be read from {0}: {1}. Without it no pseudonym can be "
            "made.",
            {file, language::failure_words(secret.error())}
        );
    }
    Key key;
    const bool is_key = runtime::parse_key(*secret, key.bytes());
    runtime::wipe(*secret);
    if (is_key) return wrap_with(std::move(key));
    return tr(
        "{0} holds no wrapping key: 32 bytes in base64, as head -c 32 /dev/urandom | base64 "
        "makes them.",
        {file}
    );
}

// A wrapping key that only this machine's chip can unseal.
class SealedKey {
  public:
    SealedKey(const SealingProgram& program, std::string file)
        : program_(program), file_(std::move(file)) {}

    KeyWrapResult open() const {
        std::error_code failure;
        if (!std::filesystem::exists(file_, failure)) {
            if (const auto why = make()) return unusable(why);
        }
        auto key = unseal();
        if (!key) return unusable(key.error());
        return wrap_with(std::move(*key));
    }

  private:
    std::vector<std::string> command(const char* verb) const {
        std::vector<std::string> words{program_.path, verb, "--name=passerelle-keys"};
        if (std::string_view{verb} == "encrypt") words.emplace_back("--with-key=tpm2");
        words.insert(words.end(), {"-", "-"});
        return words;
    }

    error_code make() const {
        Key key;
        if (RAND_priv_bytes(key.bytes().data(), static_cast<int>(Key::kBytes)) != 1)
            return boost::system::errc::make_error_code(boost::system::errc::io_error);
        const std::string_view bytes(
            reinterpret_cast<const char*>(key.bytes().data()), Key::kBytes
        );
        const auto sealed = runtime::run_filter(command("encrypt"), bytes, program_.limit);
        if (!sealed) return sealed.error();
        return runtime::replace_file(file_, *sealed);
    }

    model::Result<Key> unseal() const {
        auto sealed = runtime::read_secret(file_);
        if (!sealed) return sealed.error();
        auto bytes = runtime::run_filter(command("decrypt"), *sealed, program_.limit);
        if (!bytes) return bytes.error();
        Key key;
        const bool is_key = bytes->size() == Key::kBytes;
        if (is_key) std::copy(bytes->begin(), bytes->end(), key.bytes().begin());
        runtime::wipe(*bytes);
        if (!is_key) return boost::system::errc::make_error_code(boost::system::errc::bad_message);
        return key;
    }

    // The program itself has said more on standard error.
    std::string unusable(const error_code& why) const {
        return tr(
            "keys = \"tpm2\": {0} could not seal or unseal the key of the keys ({1}). Check "
            "that this machine has a TPM 2.0 that the gateway's user may use (systemd-creds "
            "has-tpm2; group tss). Without one write keys = \"file\", or keys = \"wrapped\". "
            "A key that was sealed to another machine's TPM is lost.",
            {program_.path, language::failure_words(why)}
        );
    }

    const SealingProgram& program_;
    std::string file_;
};

KeyWrapResult wrap_of_machine(const std::string& directory, const SealingProgram& program) {
    constexpr mode_t kOwnerOnly = 0700;
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(directory).parent_path(), ignored);
    if (::mkdir(directory.c_str(), kOwnerOnly) != 0 && errno != EEXIST) {
        const error_code why(errno, boost::system::system_category());
        return tr(
            "The directory of the keys {0} cannot be made: {1}",
            {directory, language::failure_words(why)}
        );
    }
    return SealedKey{program, directory + "/wrapping.cred"}.open();
}

}  // namespace

KeyWrapResult make_key_wrap(const settings::Settings& settings, const SealingProgram& program) {
    switch (settings.privacy.keys) {
        case settings::KeyProtection::file:
            break;
        case settings::KeyProtection::wrapped:
            return wrap_of_file(settings.privacy.wrapping_key.value().file);
        case settings::KeyProtection::tpm2:
            return wrap_of_machine(settings.gateway.state_directory + "/keys", program);
    }
    return std::unique_ptr<anonymise::KeyWrap>{};
}

}  // namespace gateway
