#include "gateway/cli/device_command.hpp"

#include "gateway/cli/certificate_place.hpp"
#include "gateway/cli/configuration.hpp"
#include "gateway/cli/device_authority.hpp"
#include "gateway/cli/device_credentials.hpp"
#include "gateway/cli/device_entrance.hpp"
#include "gateway/cli/device_manual.hpp"
#include "gateway/cli/device_sheet.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/device_keys.hpp"
#include "gateway/runtime/wipe.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;
using Align = TextTable::Align;

struct Options {
    std::string file = kDefaultConfiguration;
    std::string name;
    std::string source;  // empty: whichever there is
    std::string proof;   // empty: the first that the source takes
    std::string host;    // empty: what the source listens on, or this machine's name
    std::string directory = ".";
    bool no_code = false;
};

// One run of the command, on a configuration.
class DeviceDesk {
  public:
    DeviceDesk(const Options& options, CommandContext& context)
        : options_(options), context_(context) {}

    bool open();
    void add();
    void rotate();
    void revoke();
    void list();
    void make_authority();

  private:
    bool has_usable_name();
    std::vector<Entrance> asked() const;
    const Entrance* only(const std::vector<Entrance>& entrances);
    std::optional<bool> holds(const Entrance& entrance);
    void give(const Entrance& entrance);
    using Giving = model::Result<
        void> (DeviceCredentials::*)(const std::string&, const DeviceCredentials::Files&) const;
    void give_certificate(const Entrance& entrance, Giving giving);
    std::string host_for(const Entrance& entrance) const;
    void fail(int status, const std::string& text);
    void fail(const Entrance& entrance, const boost::system::error_code& why);

    const Options& options_;
    CommandContext& context_;
    settings::Settings settings_;
    std::vector<Entrance> entrances_;
    std::optional<DeviceCredentials> credentials_;
};

void DeviceDesk::fail(int status, const std::string& text) {
    context_.err << text << '\n';
    context_.exit_status = status;
}

void DeviceDesk::fail(const Entrance& entrance, const boost::system::error_code& why) {
    const std::string where =
        entrance.file.empty() ? settings_.gateway.state_directory + "/ca" : entrance.file;
    fail(
        kExitUnavailable,
        tr("{0} cannot be used: {1}. Run this as root or as the gateway's user.",
           {where, language::failure_words(why)})
    );
}

bool DeviceDesk::open() {
    auto settings = load_for_reading(options_.file, context_);
    context_.exit_status = settings ? kExitOk : kExitConfiguration;
    if (!settings) return false;
    settings_ = std::move(*settings);
    entrances_ = entrances_of(settings_);
    credentials_.emplace(settings_.gateway.state_directory);
    return true;
}

// A name stands for a level of topics, and ends at the colon of its line.
bool DeviceDesk::has_usable_name() {
    const std::string& name = options_.name;
    if (runtime::is_device_name(name) && name.find(':') == std::string::npos) return true;
    fail(
        kExitUsage,
        tr("a device cannot be called so: write 1 to {0} characters without / + # and :", {"128"})
    );
    return false;
}

// The entrances that the options mean.
std::vector<Entrance> DeviceDesk::asked() const {
    std::vector<Entrance> found;
    std::copy_if(
        entrances_.begin(),
        entrances_.end(),
        std::back_inserter(found),
        [&](const Entrance& entrance) {
            return (options_.source.empty() || entrance.source == options_.source) &&
                   (options_.proof.empty() || to_string(entrance.proof) == options_.proof);
        }
    );
    return found;
}

// The first one, if all are of one source; otherwise the operator has to choose.
const Entrance* DeviceDesk::only(const std::vector<Entrance>& entrances) {
    if (entrances.empty()) {
        fail(
            kExitConfiguration,
            tr("No source of the configuration lets devices in so. An mqtt-listener source needs "
               "accounts = { file = \"…\" }, device_keys = { file = \"…\" } or certificates "
               "(passerelle device ca), a coap source listen_secure and device_keys.")
        );
        return nullptr;
    }
    const auto other = std::find_if(entrances.begin(), entrances.end(), [&](const auto& each) {
        return each.source != entrances.front().source;
    });
    if (other == entrances.end()) return &entrances.front();
    fail(
        kExitUsage,
        tr("Several sources let devices in: choose one with --source, for example {0} or {1}.",
           {entrances.front().source, other->source})
    );
    return nullptr;
}

std::optional<bool> DeviceDesk::holds(const Entrance& entrance) {
    const auto holders = credentials_->holders(entrance);
    if (!holders) {
        fail(entrance, holders.error());
        return std::nullopt;
    }
    return std::any_of(holders->begin(), holders->end(), [&](const auto& holder) {
        return holder.name == options_.name;
    });
}

void DeviceDesk::add() {
    if (!has_usable_name()) return;
    const auto entrances = asked();
    const auto* entrance = only(entrances);
    if (entrance == nullptr) return;
    const auto known = holds(*entrance);
    if (!known) return;
    if (*known) {
        return fail(
            kExitNotDone,
            tr("{0} is let in by source {1} already: passerelle device rotate gives it something "
               "new, revoke ends it.",
               {options_.name, entrance->source})
        );
    }
    give(*entrance);
}

void DeviceDesk::rotate() {
    if (!has_usable_name()) return;
    auto entrances = asked();
    bool is_readable = true;
    std::erase_if(entrances, [&](const Entrance& entrance) {
        const auto known = is_readable ? holds(entrance) : std::nullopt;
        is_readable = is_readable && known;
        return !known.value_or(false);
    });
    if (!is_readable) return;
    if (entrances.empty()) return fail(kExitNotDone, tr("No source lets {0} in.", {options_.name}));
    const auto* entrance = only(entrances);
    if (entrance == nullptr) return;
    if (entrance->proof != Proof::certificate) return give(*entrance);
    give_certificate(*entrance, &DeviceCredentials::renew_certificate);
}

void DeviceDesk::give(const Entrance& entrance) {
    if (entrance.proof == Proof::certificate)
        return give_certificate(entrance, &DeviceCredentials::give_certificate);
    if (entrance.file.empty()) {
        return fail(
            kExitConfiguration,
            tr("Source {0} has its keys in files of their own: give it device_keys = { file = "
               "\"…\" } for those that this command makes.",
               {entrance.source})
        );
    }
    auto secret = credentials_->give_secret(entrance, options_.name);
    if (!secret) return fail(entrance, secret.error());
    context_.out << sheet_text(
        {entrance, options_.name, host_for(entrance), *secret, {}, {}}, !options_.no_code
    );
    runtime::wipe(*secret);
}

void DeviceDesk::give_certificate(const Entrance& entrance, Giving giving) {
    const CertificatePlace place{options_.directory, options_.name};
    if (const auto hindrance = place.hindrance()) return fail(hindrance->status, hindrance->text);
    const auto files = place.files();
    const auto given = ((*credentials_).*giving)(options_.name, files);
    if (!given) return fail(entrance, given.error());
    context_.out << sheet_text(
        {entrance, options_.name, host_for(entrance), {}, files.certificate, files.key}, false
    );
}

// What the source listens on, if that is one address; otherwise the name of this machine.
std::string DeviceDesk::host_for(const Entrance& entrance) const {
    if (!options_.host.empty()) return options_.host;
    std::string host = entrance.listen.substr(0, entrance.listen.rfind(':'));
    if (host != "0.0.0.0" && host != "[::]") return host;
    constexpr std::size_t kNameMax = 256;
    std::array<char, kNameMax> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : host;
}

void DeviceDesk::revoke() {
    std::size_t taken = 0;
    for (const Entrance& entrance : asked()) {
        const auto done = credentials_->take(entrance, options_.name);
        if (!done) return fail(entrance, done.error());
        if (!*done) continue;
        ++taken;
        context_.out << tr("Source {0} lets {1} in no longer.", {entrance.source, options_.name})
                     << '\n';
    }
    for (const Entrance& entrance : asked()) {
        const auto& names = entrance.configured;
        if (std::find(names.begin(), names.end(), options_.name) == names.end()) continue;
        return fail(
            kExitNotDone,
            tr("{0} still has a key in the configuration: remove its line below "
               "[source.pre_shared_keys] of source {1}, and start the gateway again.",
               {options_.name, entrance.source})
        );
    }
    if (taken == 0) fail(kExitNotDone, tr("No source lets {0} in.", {options_.name}));
}

void DeviceDesk::list() {
    TextTable table{{Align::left, Align::left, Align::left, Align::left}};
    table.add({tr("DEVICE"), tr("SOURCE"), tr("PROOF"), tr("UNTIL")});
    for (const Entrance& entrance : asked()) {
        const auto holders = credentials_->holders(entrance);
        if (!holders) return fail(entrance, holders.error());
        for (const auto& holder : *holders) {
            constexpr std::size_t kDate = 10;
            table.add(
                {holder.name,
                 entrance.source,
                 holder.is_configured ? std::string("pre_shared_keys")
                                      : std::string(to_string(entrance.proof)),
                 holder.until.substr(0, kDate)}
            );
        }
    }
    context_.out << table.text();
}

void DeviceDesk::make_authority() {
    const DeviceAuthority authority(settings_.gateway.state_directory);
    const Entrance certificates{{}, Proof::certificate, {}, {}, {}, {}, {}};
    if (!authority.exists()) {
        if (const auto made = authority.make(settings_.gateway.id); !made)
            return fail(certificates, made.error());
    }
    context_.err
        << tr("The authority of the devices' certificates is there. Into [source.tls] of an "
              "mqtt-listener source goes:")
        << '\n';
    context_.out << "ca_file = \"" << authority.certificate_file() << "\"\n"
                 << "crl_file = \"" << authority.crl_file() << "\"\n";
}

// What the subcommands share; outlives the parser with the last of them.
struct Shared {
    Options options;
    CommandContext& context;
};
using SharedPointer = std::shared_ptr<Shared>;

CLI::App* add_part(
    CLI::App& parent,
    const char* name,
    std::string text,
    const SharedPointer& shared,
    void (DeviceDesk::*act)()
) {
    CLI::App* command = parent.add_subcommand(name, std::move(text));
    command->add_option("-c,--config", shared->options.file, tr("The gateway's configuration"))
        ->type_name(tr("FILE"));
    command->callback([shared, act] {
        DeviceDesk desk(shared->options, shared->context);
        if (desk.open()) (desk.*act)();
    });
    return command;
}

void add_choice(CLI::App& command, Options& options) {
    command.add_option("--source", options.source, tr("The source; without it, the one there is"))
        ->type_name(tr("NAME"));
    command
        .add_option(
            "--with", options.proof, tr("What it proves with who it is: password, key, certificate")
        )
        ->type_name(tr("PROOF"))
        ->check(CLI::IsMember({"password", "key", "certificate"}).description(""));
}

void add_name(CLI::App& command, Options& options) {
    command.add_option("name", options.name, tr("The device's name"))
        ->type_name(tr("NAME"))
        ->required();
}

void add_sheet(CLI::App& command, Options& options) {
    command
        .add_option(
            "--host",
            options.host,
            tr("Under which name or address the device reaches the gateway, for what it is told")
        )
        ->type_name(tr("HOST"));
    command
        .add_option(
            "--into",
            options.directory,
            tr("Where a certificate and its key are written; the current directory without it")
        )
        ->type_name(tr("DIRECTORY"));
    command.add_flag("--no-qr", options.no_code, tr("Without the QR code"));
}

}  // namespace

void add_device_command(CLI::App& app, CommandContext& context) {
    CLI::App* command =
        app.add_subcommand("device", tr("Lets a device in, gives it something new, or ends it"));
    context.manual[command] = device_manual;
    command->require_subcommand(1);
    const auto shared = std::make_shared<Shared>(Shared{Options{}, context});
    Options& options = shared->options;
    for (const auto& [name, text, act] :
         {std::tuple{"add", tr("Lets a device in, and shows what it is told"), &DeviceDesk::add},
          std::tuple{"rotate", tr("Gives a device a new secret"), &DeviceDesk::rotate}}) {
        CLI::App* part = add_part(*command, name, text, shared, act);
        add_name(*part, options);
        add_choice(*part, options);
        add_sheet(*part, options);
    }
    CLI::App* revoke =
        add_part(*command, "revoke", tr("Ends what a device has"), shared, &DeviceDesk::revoke);
    add_name(*revoke, options);
    add_choice(*revoke, options);
    auto* list = add_part(*command, "list", tr("Shows who is let in"), shared, &DeviceDesk::list);
    add_choice(*list, options);
    add_part(
        *command,
        "ca",
        tr("Makes the authority that certificates of devices need"),
        shared,
        &DeviceDesk::make_authority
    );
}

}  // namespace gateway::cli
