// How an App comes to what readings need.
#include "gateway/anonymise/plain_keys.hpp"
#include "gateway/key_protection.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/quarantine_report.hpp"
#include "gateway/running_app.hpp"
#include "gateway/runtime/key_text.hpp"
#include "gateway/store_problems.hpp"

#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace gateway {

using language::tr;

namespace {

std::string random_text(std::size_t size) {
    std::string text(size, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(text.data()), static_cast<int>(size)) != 1) {
        throw std::runtime_error("the system gives no random numbers");
    }
    return text;
}

}  // namespace

// Opens what readings need; without it nothing could be acknowledged.
bool App::open() {
    buffer::Outbox::Environment environment{
        reactor_.get_executor(), storage_, clock_, {}, timekeeper_.boot_date()};
    environment.on_failure = [this](const boost::system::error_code& why) {
        log_.error("store-failed", tr("The buffer failed: {0}", {language::failure_words(why)}));
        stop_with(kExitStore);
    };
    environment.segment_keys = &*segment_keys_;
    environment.on_notice = [this](const buffer::Notice& notice) { report_notice(notice); };
    auto outbox = buffer::Outbox::open(std::move(environment), whole_);
    if (!outbox) {
        const auto text = unusable_store_words(settings_, outbox.error());
        return refuse("store-unusable", text, kExitStore);
    }
    outbox_ = std::move(*outbox);
    return true;
}

// First of all: what fails here leaves no trace of a gateway that has run.
bool App::open_keys() {
    auto wrap = make_key_wrap(settings_);
    if (!wrap) return refuse("key-protection", wrap.error(), kExitConfiguration);
    key_wrap_ = std::move(*wrap);
    keys_.emplace(key_directory_, key_wrap_.get());
    segment_keys_ = anonymise::segment_keys(key_directory_, key_wrap_.get());
    if (key_wrap_ == nullptr) return true;
    const auto wrapped = anonymise::wrap_plain_keys(key_directory_, *key_wrap_);
    return wrapped ? true : refuse_keys(wrapped.error());
}

bool App::open_pipeline() {
    pipeline_ = std::make_unique<Pipeline>(whole_, *outbox_, *keys_, clock_, random_text(16));
    pipeline_->show_to(tail_);
    if (const auto prepared = pipeline_->prepare(); !prepared) return refuse_keys(prepared.error());
    return true;
}

bool App::refuse_keys(const boost::system::error_code& why) {
    const auto text =
        tr("The pseudonym keys below {0} cannot be read or made: {1}",
           {settings_.gateway.state_directory, language::failure_words(why)});
    return refuse("keys-unusable", text, kExitStore);
}

// Without the ledger nobody knows whose readings may be stored.
bool App::open_consents() {
    people_.use(key_wrap_.get());
    const auto opened = people_.open(*keys_);
    if (!opened) return refuse("consents-unusable", opened.error(), kExitStore);
    pipeline_->ask_at(people_.gate());
    return true;
}

bool App::open_vault() {
    auto vault = open_quarantine(reactor_.get_executor(), clock_, settings_, log_);
    if (!vault) return refuse("quarantine-unusable", vault.error(), kExitStore);
    vault_ = std::move(*vault);
    if (vault_) pipeline_->keep_rejects(*vault_);
    return true;
}

void App::report_notice(const buffer::Notice& notice) {
    const std::array<observe::Field, 1> fields{observe::Field{"detail", notice.detail}};
    log_.write(
        observe::Level::warning, notice.code, tr("The buffer is not as it was left."), fields
    );
}

// False, for the caller to give on.
bool App::refuse(std::string_view event, const std::string& text, int status) {
    log_.error(event, text);
    ending_.exit_status = status;
    ending_.code = event;
    ending_.why = text;
    return false;
}

// A sum that cannot be as it is configured would suppress everything, or tell too much.
bool App::make_sums() {
    auto sums = Sums::make(
        {reactor_.get_executor(),
         clock_,
         log_,
         *pipeline_,
         *pipeline_,
         *keys_,
         key_wrap_.get(),
         settings_.gateway.state_directory},
        settings_,
        Sums::inputs_of(settings_, *outbox_)
    );
    if (!sums) return refuse("sums-unusable", sums.error(), kExitConfiguration);
    sums_ = std::move(*sums);
    return true;
}

// Without updates of devices readings are taken all the same.
void App::open_firmware() {
    std::vector<firmware::PublicKey> keys;
    for (const std::string& text : settings_.gateway.firmware_keys) {
        firmware::PublicKey key{};
        if (runtime::parse_key(text, key)) keys.push_back(key);
    }
    if (keys.empty()) return;
    const auto identify = [this](std::string_view source, std::string_view name) {
        return pipeline_->device_id(source, name);
    };
    firmware_ = std::make_unique<firmware::FirmwareDesk>(
        firmware::FirmwareDesk::Environment{clock_, log_, std::move(keys), identify},
        settings_.gateway.state_directory + "/firmware.db"
    );
}

}  // namespace gateway
