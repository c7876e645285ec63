#include "gateway/local_desk.hpp"

#include "gateway/anonymise/key_ring.hpp"
#include "gateway/anonymise/key_store.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "gateway/key_protection.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/subject/desk.hpp"
#include "gateway/sum_source.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <iostream>
#include <utility>

namespace gateway {
namespace {

using language::tr;

// As sudo -u takes it.
std::string user_name(uid_t user) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> texts{};
    ::getpwuid_r(user, &entry, texts.data(), texts.size(), &found);
    return found != nullptr ? entry.pw_name : "#" + std::to_string(user);
}

// What to tell whoever is not the gateway's user; empty otherwise.
std::string wrong_user(const std::string& state_directory) {
    struct stat status {};
    if (::stat(state_directory.c_str(), &status) != 0 || status.st_uid == ::geteuid()) return {};
    return tr(
        "{0} belongs to the user {1}: what another one writes there the gateway could not open any "
        "more. Run this as the gateway's user, for example with sudo -u {1}.",
        {state_directory, user_name(status.st_uid)}
    );
}

// There is no log yet, and the gateway will not be told again when it starts.
void tell(const buffer::Notice& notice) {
    std::cerr << tr("The buffer is not as it was left.") << ' ' << notice.code << ": "
              << notice.detail << '\n';
}

// Nobody vouches for the date while the gateway is down: nothing is removed for its age.
class UntrustedClock final : public runtime::WallClock {
  public:
    Instant now() const override { return system_.now(); }
    bool is_trusted() const override { return false; }
    Duration since_boot() const override { return Duration{0}; }

  private:
    runtime::SystemClock system_;
};

class LocalDesk final : public cli::SubjectChannel {
  public:
    explicit LocalDesk(const settings::Settings& settings)
        : settings_(settings),
          whole_(with_sums(settings)),
          key_directory_(settings.gateway.state_directory + "/keys") {}

    model::Result<void> open() {
        auto wrap = make_key_wrap(settings_);
        // What exactly is wrong the gateway says when it starts.
        if (!wrap)
            return boost::system::errc::make_error_code(boost::system::errc::operation_not_permitted
            );
        key_wrap_ = std::move(*wrap);
        keys_.emplace(key_directory_, key_wrap_.get());
        segment_keys_ = anonymise::segment_keys(key_directory_, key_wrap_.get());
        auto opened = buffer::open_store(whole_, clock_, {}, tell, &*segment_keys_);
        if (!opened) return opened.error();
        store_ = std::move(opened->store);
        const std::string path =
            settings_.gateway.state_directory + "/" + subject::ConsentFile::kFileName;
        if (auto made = subject::ConsentFile::prepare(path, key_directory_); !made) return made;
        const auto key = keys_->key(subject::Hasher::kKeyName);
        if (!key) return key.error();
        auto consents = subject::ConsentFile::open(path, *key, [](const subject::Entry&) {});
        if (!consents) return consents.error();
        consents_ = std::move(*consents);
        desk_.emplace(subject::Desk::Environment{settings_, *keys_, key_directory_, *consents_});
        return {};
    }

    ~LocalDesk() override {
        if (!store_) return;
        [[maybe_unused]] const auto closed = store_->close();  // everything is committed already
    }
    LocalDesk(const LocalDesk&) = delete;
    LocalDesk& operator=(const LocalDesk&) = delete;

    model::Result<cli::HttpAnswer> ask(const std::string& path, const std::string& body) override {
        auto answer = desk_->answer(
            path, body, {*store_, store_->next_device(), clock_.now(), clock_.stamp()}
        );
        if (!answer) return answer.error();
        return cli::HttpAnswer{static_cast<int>(answer->status), std::move(answer->body)};
    }

  private:
    settings::Settings settings_;
    settings::Settings whole_;  // what the store knows of, sums as well
    std::string key_directory_;
    UntrustedClock clock_;
    std::unique_ptr<anonymise::KeyWrap> key_wrap_;
    std::optional<anonymise::KeyDirectory> keys_;
    std::optional<anonymise::KeyRingDirectory> segment_keys_;
    std::unique_ptr<buffer::Store> store_;
    std::unique_ptr<subject::ConsentFile> consents_;
    std::optional<subject::Desk> desk_;
};

}  // namespace

cli::OpenedChannel open_local_desk(const settings::Settings& settings) {
    if (auto refusal = wrong_user(settings.gateway.state_directory); !refusal.empty())
        return refusal;
    auto desk = std::make_unique<LocalDesk>(settings);
    if (auto opened = desk->open(); !opened) {
        return tr(
            "The store cannot be opened: {0}. If the gateway runs, give it a [status] socket and "
            "ask as root or as its user; otherwise run this as the gateway's user.",
            {language::failure_words(opened.error())}
        );
    }
    return cli::OpenedChannel(std::unique_ptr<cli::SubjectChannel>(std::move(desk)));
}

}  // namespace gateway
