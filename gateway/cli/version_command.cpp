#include "gateway/cli/version_command.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/support_end.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <memory>
#include <ostream>
#include <utility>

namespace gateway::cli {
namespace {

namespace json = boost::json;
using language::tr;

std::string version_text(const ProgramParts& parts) {
    std::string text = "passerelle " PASSERELLE_VERSION "\n";
    text += tr("support until {0}", {model::support_end()}) + '\n';
    text +=
        tr("form of the buffer {0}, of the sums {1}, of the updates {2}",
           {std::to_string(parts.buffer_schema),
            std::to_string(parts.sums_schema),
            std::to_string(parts.updates_schema)});
    for (const auto& library : parts.libraries) {
        text.append("\n").append(library.name).append(" ").append(library.version);
        if (!library.is_running) text.append(" ").append(tr("(when it was built)"));
    }
    return text;
}

std::string version_json(const ProgramParts& parts) {
    json::object running;
    json::object built;
    for (const auto& library : parts.libraries)
        (library.is_running ? running : built)[library.name] = library.version;
    return json::serialize(json::object{
        {"version", PASSERELLE_VERSION},
        {"support_end", model::support_end()},
        {"schemas",
         json::object{
             {"buffer", parts.buffer_schema},
             {"sums", parts.sums_schema},
             {"updates", parts.updates_schema}}},
        {"libraries", std::move(running)},
        {"libraries_built_with", std::move(built)}});
}

ManualText manual() {
    return {
        .description = {tr(
            "Shows the version of the program on the first line, as passerelle --version does, "
            "then the last day on which this release gets corrections, the forms of its "
            "databases, which an earlier release may not read, and the versions of the "
            "libraries that it runs with."
        )},
        .exits = {},
        .files = {},
        .examples = {{"passerelle version --json | jq .libraries", tr("For an inventory:")}},
        .see_also = {"doctor", "buffer"}};
}

}  // namespace

void add_version_command(
    CLI::App& app, CommandContext& context, std::function<ProgramParts()> find_parts
) {
    app.set_version_flag(
        "-V,--version", [find_parts] { return version_text(find_parts()); }, tr("Shows the version")
    );
    CLI::App* command = app.add_subcommand(
        "version", tr("Shows the versions of the program and of what it runs with")
    );
    context.manual[command] = manual;
    const auto as_json = std::make_shared<bool>(false);
    command->add_flag("--json", *as_json, tr("For a machine"));
    command->callback([as_json, &context, find_parts = std::move(find_parts)] {
        const ProgramParts parts = find_parts();
        context.out << (*as_json ? version_json(parts) : version_text(parts)) << '\n';
    });
}

}  // namespace gateway::cli
