#include "gateway/cli/consent_command.hpp"

#include "gateway/cli/subject_page.hpp"
#include "gateway/cli/subject_session.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    SubjectOptions subject;
    std::string reference;
};

void enter(
    const char* path,
    const Options& options,
    CommandContext& context,
    const OpenLocalDesk& open_local
) {
    SubjectSession session(context, options.subject);
    if (!session.open(open_local)) return;
    auto request = session.request();
    if (!request) return;
    request->reference = options.reference;
    if (session.ask(path, *request))
        context.out << tr("The ledger has it; it is in force.") << '\n';
}

void list(const Options& options, CommandContext& context, const OpenLocalDesk& open_local) {
    SubjectSession session(context, options.subject);
    if (!session.open(open_local)) return;
    auto request = options.subject.identity_file.empty() ? std::optional(subject::Request())
                                                         : session.request();
    if (!request) return;
    request->datasets = options.subject.datasets;
    while (true) {
        const auto body = session.ask("/consent/list", *request);
        const auto page = body ? parse_page(*body) : std::nullopt;
        if (!page) return;
        context.out << page->lines;
        if (!page->more) return;
        request->after = page->next;
    }
}

ManualText manual() {
    return {
        .description = {tr(
            "Where a dataset says consent = \"each\", only readings of devices with a consent in "
            "force are stored. grant and revoke take the device from standard input or from "
            "--identity-file; they hold at once. list shows the entries, which name nobody."
        )},
        .exits =
            {{kExitNotDone, tr("It was refused; the message says why.")},
             {kExitUnavailable,
              tr("The store does not answer, or a file cannot be read or written.")},
             {kExitConfiguration, tr("The configuration of the gateway cannot be used.")}},
        .files =
            {{kDefaultConfiguration, tr("The configuration, where none is named.")},
             {"/var/lib/passerelle/consents.jsonl",
              tr("The ledger of consents and restrictions.")}},
        .examples =
            {{"passerelle consent grant --dataset water --reference form-117",
              tr("Then type the name on the device:")}},
        .see_also = {"subject"}};
}

}  // namespace

void add_consent_command(CLI::App& app, CommandContext& context, OpenLocalDesk open_local) {
    CLI::App* command =
        app.add_subcommand("consent", tr("The ledger of consents of the holders of devices"));
    context.manual[command] = manual;
    command->require_subcommand(1);
    const auto local = std::make_shared<OpenLocalDesk>(std::move(open_local));

    const auto add = [&](const char* name, const char* path, std::string text) {
        const auto options = std::make_shared<Options>();
        CLI::App* entered = command->add_subcommand(name, std::move(text));
        add_subject_options(*entered, options->subject);
        entered->add_option("--reference", options->reference, tr("The form that was signed"))
            ->type_name(tr("TEXT"));
        entered->callback([options, &context, local, path] {
            enter(path, *options, context, *local);
        });
    };
    add("grant", "/consent/grant", tr("The holder of a device consents"));
    add("revoke", "/consent/revoke", tr("The holder of a device takes the consent back"));

    const auto options = std::make_shared<Options>();
    options->subject.identity_file.clear();
    CLI::App* listed = command->add_subcommand("list", tr("Shows the ledger's entries"));
    add_subject_options(*listed, options->subject);
    listed->callback([options, &context, local] { list(*options, context, *local); });
}

}  // namespace gateway::cli
