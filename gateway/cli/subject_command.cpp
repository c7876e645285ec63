#include "gateway/cli/subject_command.hpp"

#include "gateway/cli/private_files.hpp"
#include "gateway/cli/subject_export.hpp"
#include "gateway/cli/subject_session.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/subject/certificate.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <memory>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    SubjectOptions subject;
    std::string directory;
    std::string confirm;
    std::string reference;
    bool prepare = false;
    bool two_step = false;
    bool lift = false;
};

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
    const std::string name =
        options.directory + (options.prepare ? "/erasure-prepared" : "/erasure-certificate");
    auto written = PrivateFile::make_directory(options.directory);
    if (written) {
        const auto file = write_private_file(name + ".json", json + "\n");
        if (!file) written = file.error();
    }
    constexpr std::array kLanguages{"fr", "en"};
    for (const char* language : kLanguages) {
        if (!written) break;
        language::choose(language);
        const auto text = options.prepare ? subject::preparation_text(*certificate)
                                          : subject::certificate_text(*certificate);
        const auto file = write_private_file(name + "." + language + ".txt", text);
        if (!file) written = file.error();
    }
    language::choose(spoken);
    if (written) return true;
    // What was done is done: it must be seen, whatever becomes of the files.
    context.err << tr("The files in {0} cannot be written: {1}",
                      {options.directory, written.error().message()})
                << '\n'
                << json << '\n';
    context.exit_status = kExitUnavailable;
    return false;
}

void erase(const Options& options, CommandContext& context, const OpenLocalDesk& open_local) {
    SubjectSession session(context, options.subject);
    if (!session.open(open_local)) return;
    auto request = session.request();
    if (!request) return;
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

}  // namespace

void add_subject_command(CLI::App& app, CommandContext& context, OpenLocalDesk open_local) {
    CLI::App* command = app.add_subcommand(
        "subject", tr("A person's rights: shows, erases, or stores no longer what is theirs")
    );
    command->require_subcommand(1);
    const auto options = std::make_shared<Options>();
    const auto local = std::make_shared<OpenLocalDesk>(std::move(open_local));

    CLI::App* shown = add(*command, "export", tr("Writes everything stored of a person"), *options);
    add_directory(*shown, *options, tr("Where the files are written, for their owner alone"));
    shown->callback([options, &context, local] {
        SubjectSession session(context, options->subject);
        if (session.open(*local)) export_subject(session, options->directory, context);
    });

    CLI::App* erased = add(*command, "erase", tr("Erases everything stored of a person"), *options);
    add_directory(*erased, *options, tr("Where the certificate is written"));
    auto* prepare = erased->add_flag(
        "--prepare", options->prepare, tr("Destroys nothing: counts what would be, for the record")
    );
    erased
        ->add_option(
            "--confirm",
            options->confirm,
            tr("Destroys what was prepared, by its SHA-256, and nothing else")
        )
        ->type_name("SHA256")
        ->excludes(prepare);
    erased->add_flag(
        "--two-step", options->two_step, tr("Refuses to erase what was not prepared, as in Tunisia")
    );
    erased->callback([options, &context, local] { erase(*options, context, *local); });

    CLI::App* restricted =
        add(*command, "restrict", tr("Stores nothing of a person from now on"), *options);
    restricted->add_flag("--lift", options->lift, tr("Ends the restriction"));
    restricted
        ->add_option("--reference", options->reference, tr("The file in which it was asked for"))
        ->type_name(tr("TEXT"));
    restricted->callback([options, &context, local] { restrict_or_lift(*options, context, *local); }
    );
}

}  // namespace gateway::cli
