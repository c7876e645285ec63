#include "gateway/cli/subject_command.hpp"

#include "gateway/cli/private_files.hpp"
#include "gateway/cli/subject_export.hpp"
#include "gateway/cli/subject_pack.hpp"
#include "gateway/cli/subject_session.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/subject/certificate.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    SubjectOptions subject;
    std::string directory;
    std::string confirm;
    std::string reference;
    std::optional<std::string> seal_to;
    PackOrder pack;
    bool prepare = false;
    bool two_step = false;
    bool lift = false;
};

std::string certificate_name(const Options& options) {
    return options.directory + (options.prepare ? "/erasure-prepared" : "/erasure-certificate");
}

// Nothing may be destroyed whose certificate would then have no place.
bool has_place_for_certificate(const Options& options, CommandContext& context) {
    auto ready = PrivateFile::make_directory(options.directory);
    if (ready && ::access(options.directory.c_str(), W_OK | X_OK) != 0)
        ready = boost::system::error_code(errno, boost::system::system_category());
    if (ready && ::access((certificate_name(options) + ".json").c_str(), F_OK) == 0)
        ready = boost::system::errc::make_error_code(boost::system::errc::file_exists);
    if (ready) return true;
    say_unwritable(options.directory, ready.error(), context);
    context.exit_status = kExitUnavailable;
    return false;
}

// A certificate as JSON, and on paper in both languages, whichever the command speaks.
bool write_certificate(
    const std::string& json,
    const Options& options,
    const std::string& spoken,
    CommandContext& context
) {
    const auto certificate = subject::parse_certificate(json);
    if (!certificate) {
        context.err << tr("What answers there is not a gateway.") << '\n';
        context.exit_status = kExitUnavailable;
        return false;
    }
    const std::string name = certificate_name(options);
    auto written = write_private_file(name + ".json", json + "\n");
    constexpr std::array kLanguages{"fr", "en"};
    for (const char* language : kLanguages) {
        if (!written) break;
        language::choose(language);
        const auto text = options.prepare ? subject::preparation_text(*certificate)
                                          : subject::certificate_text(*certificate);
        written = write_private_file(name + "." + language + ".txt", text);
    }
    language::choose(spoken);
    if (written) return true;
    // What was done is done: it must be seen, whatever becomes of the files.
    say_unwritable(options.directory, written.error(), context);
    context.err << json << '\n';
    context.exit_status = kExitUnavailable;
    return false;
}

void write_export(
    const Options& options, CommandContext& context, const OpenLocalDesk& open_local
) {
    ExportOrder order{options.directory, std::nullopt};
    if (options.seal_to) {
        order.seal = read_seal(*options.seal_to, context);
        if (!order.seal) return;
    }
    SubjectSession session(context, options.subject);
    if (session.open(open_local)) export_subject(session, order, context);
}

void erase(const Options& options, CommandContext& context, const OpenLocalDesk& open_local) {
    SubjectSession session(context, options.subject);
    if (!session.open(open_local)) return;
    auto request = session.request();
    if (!request) return;
    if (!has_place_for_certificate(options, context)) return;
    request->confirm = options.confirm;
    request->two_step = options.two_step;
    const auto answer = session.ask(options.prepare ? "/subject/find" : "/subject/erase", *request);
    if (!answer) return;
    const std::string spoken =
        context.language.empty() ? session.settings().gateway.language : context.language;
    if (!write_certificate(*answer, options, spoken, context)) return;
    const auto certificate = subject::parse_certificate(*answer);
    const auto rows = std::to_string(certificate->readings + certificate->dead_letters);
    if (options.prepare) {
        context.out << tr("{0} rows would be erased; confirm them with {1}",
                          {rows, certificate->sha256})
                    << '\n';
    } else if (certificate->is_done) {
        context.out << tr("{0} rows are erased; the certificate is in {1}",
                          {rows, options.directory})
                    << '\n';
    } else {
        context.err << tr("The erasure waits for room on the disk, or for a copy of a damaged "
                          "buffer that cannot be removed, and goes on by itself.")
                    << '\n';
        context.exit_status = kExitNotDone;
    }
}

void restrict_or_lift(
    const Options& options, CommandContext& context, const OpenLocalDesk& open_local
) {
    SubjectSession session(context, options.subject);
    if (!session.open(open_local)) return;
    auto request = session.request();
    if (!request) return;
    request->reference = options.reference;
    if (!session.ask(options.lift ? "/subject/lift" : "/subject/restrict", *request)) return;
    context.out << (options.lift ? tr("Readings of this identity are stored again.")
                                 : tr("Readings of this identity are no longer stored."))
                << '\n';
}

CLI::App* add(CLI::App& parent, const char* name, std::string text, Options& options) {
    CLI::App* command = parent.add_subcommand(name, std::move(text));
    add_subject_options(*command, options.subject);
    command
        ->add_option(
            "--field",
            options.subject.field,
            tr("The field that tells the person; the device without it")
        )
        ->type_name(tr("NAME"));
    return command;
}

void add_directory(CLI::App& command, Options& options, std::string text) {
    command.add_option("--into", options.directory, std::move(text))
        ->type_name(tr("DIRECTORY"))
        ->required();
}

// What the subcommands share; outlives the parser with the last of them.
struct Shared {
    Options options;
    OpenLocalDesk open_local;
    CommandContext& context;
};
using SharedPointer = std::shared_ptr<Shared>;

void add_export(CLI::App& parent, const SharedPointer& shared) {
    Options& options = shared->options;
    CLI::App* command = add(parent, "export", tr("Writes everything stored of a person"), options);
    add_directory(*command, options, tr("Where the files are written, for their owner alone"));
    command
        ->add_option(
            "--seal-to",
            options.seal_to,
            tr("Writes a single file that only the holder of the private key can open; the public "
               "key, or a file with it")
        )
        ->type_name(tr("KEY"));
    command->callback([shared] {
        write_export(shared->options, shared->context, shared->open_local);
    });
}

void add_keygen(CLI::App& parent, const SharedPointer& shared) {
    CLI::App* command =
        parent.add_subcommand("keygen", tr("Makes the pair of keys that an export is sealed for"));
    command->add_option("file", shared->options.pack.key_file, tr("Where the private key goes"))
        ->type_name(tr("FILE"))
        ->required();
    command->callback([shared] {
        shared->context.exit_status =
            make_holder_keys(shared->options.pack.key_file, shared->context);
    });
}

void add_open(CLI::App& parent, const SharedPointer& shared) {
    PackOrder& order = shared->options.pack;
    CLI::App* command =
        parent.add_subcommand("open", tr("Opens a sealed export, on its holder's machine"));
    command->add_option("pack", order.pack, tr("The sealed export"))
        ->type_name(tr("FILE"))
        ->required();
    command->add_option("--key", order.key_file, tr("The private key"))
        ->type_name(tr("FILE"))
        ->required();
    command
        ->add_option(
            "--into",
            order.directory,
            tr("Where the files are written, for their owner alone; the current directory without "
               "it")
        )
        ->type_name(tr("DIRECTORY"));
    command->callback([shared] {
        shared->context.exit_status = open_pack(shared->options.pack, shared->context);
    });
}

void add_erase(CLI::App& parent, const SharedPointer& shared) {
    Options& options = shared->options;
    CLI::App* command = add(parent, "erase", tr("Erases everything stored of a person"), options);
    add_directory(*command, options, tr("Where the certificate is written"));
    auto* prepare = command->add_flag(
        "--prepare", options.prepare, tr("Destroys nothing: counts what would be, for the record")
    );
    command
        ->add_option(
            "--confirm",
            options.confirm,
            tr("Destroys what was prepared, by its SHA-256, and nothing else")
        )
        ->type_name("SHA256")
        ->excludes(prepare);
    command->add_flag(
        "--two-step", options.two_step, tr("Refuses to erase what was not prepared, as in Tunisia")
    );
    command->callback([shared] { erase(shared->options, shared->context, shared->open_local); });
}

void add_restrict(CLI::App& parent, const SharedPointer& shared) {
    Options& options = shared->options;
    CLI::App* command =
        add(parent, "restrict", tr("Stores nothing of a person from now on"), options);
    command->add_flag("--lift", options.lift, tr("Ends the restriction"));
    command->add_option("--reference", options.reference, tr("The file in which it was asked for"))
        ->type_name(tr("TEXT"));
    command->callback([shared] {
        restrict_or_lift(shared->options, shared->context, shared->open_local);
    });
}

ManualText manual() {
    return {
        .description =
            {tr("Answers a person who asks for what is held of them, for its erasure, or that "
                "nothing more be stored. The identity, a meter's number as the device sends it, is "
                "the first line of standard input or of --identity-file, and never an argument. "
                "With --field it is the value of an attribute."),
             tr("A running gateway is asked over its unix socket, as root or as its user; when "
                "none runs, its store is opened, as its user. An erasure is of what was received "
                "so far: a meter that goes on is stored again unless it is restricted. Every "
                "recipient is told to erase too."),
             tr("keygen and open are for the person, wherever they are: an export that is sealed "
                "to their public key can be handed over by people who cannot read it.")},
        .exits =
            {{kExitNotDone, tr("It was refused; the message says why.")},
             {kExitNotOpened, tr("The export is damaged, or sealed for another key.")},
             {kExitUnavailable,
              tr("The store does not answer, or a file cannot be read or written.")},
             {kExitConfiguration, tr("The configuration of the gateway cannot be used.")}},
        .files =
            {{kDefaultConfiguration, tr("The configuration, where none is named.")},
             {"/var/lib/passerelle/consents.jsonl",
              tr("The ledger of consents and restrictions.")}},
        .examples =
            {{"passerelle subject export --dataset water --into answer",
              tr("Then type the identity:")},
             {"passerelle subject erase --dataset water --into answer --prepare",
              tr("The first of two steps:")},
             {"passerelle subject open export.pack --key my.key --into mine",
              tr("On the machine of the person:")}},
        .see_also = {"consent", "register"}};
}

}  // namespace

void add_subject_command(CLI::App& app, CommandContext& context, OpenLocalDesk open_local) {
    CLI::App* command = app.add_subcommand(
        "subject", tr("A person's rights: shows, erases, or stores no longer what is theirs")
    );
    context.manual[command] = manual;
    command->require_subcommand(1);
    const auto shared = std::make_shared<Shared>(Shared{Options{}, std::move(open_local), context});
    add_export(*command, shared);
    add_keygen(*command, shared);
    add_open(*command, shared);
    add_erase(*command, shared);
    add_restrict(*command, shared);
}

}  // namespace gateway::cli
