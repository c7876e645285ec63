#include "gateway/people.hpp"

#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

namespace gateway {

model::Result<void, std::string> People::open(anonymise::KeySource& keys) {
    const std::string path =
        settings_.gateway.state_directory + "/" + subject::ConsentFile::kFileName;
    const auto opened = read(path, keys);
    if (opened) return {};
    return language::tr(
        "The ledger of consents {0} cannot be read, or is not what the gateway has written: {1}",
        {path, language::failure_words(opened.error())}
    );
}

model::Result<void> People::read(const std::string& path, anonymise::KeySource& keys) {
    if (auto made = subject::ConsentFile::prepare(path, key_directory_); !made) return made;
    const auto key = keys.key(subject::Hasher::kKeyName);
    if (!key) return key.error();
    gate_ = std::make_unique<subject::Gate>(settings_, *key);
    auto consents = subject::ConsentFile::open(path, *key, [this](const subject::Entry& entry) {
        gate_->apply(entry);
    });
    if (!consents) return consents.error();
    consents_ = std::move(*consents);
    desk_ = std::make_unique<subject::Desk>(subject::Desk::Environment{
        settings_, *keys_, key_directory_, *consents_});
    return {};
}

}  // namespace gateway
