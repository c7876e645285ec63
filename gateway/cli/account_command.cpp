#include "gateway/cli/account_command.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/runtime/password_hash.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <istream>
#include <optional>
#include <ostream>
#include <string>

namespace gateway::cli {
namespace {

using language::tr;

constexpr std::size_t kNameBytesMax = 128;
constexpr std::size_t kPasswordBytesMin = 8;

struct Options {
    std::string name;
    bool generate = false;
};

// A device's name stands for a level of its topics, and ends at the colon of its line.
bool is_usable(const std::string& name) {
    return !name.empty() && name.size() <= kNameBytesMax && name.front() != '#' &&
           std::none_of(name.begin(), name.end(), [](char letter) {
               const auto code = static_cast<unsigned char>(letter);
               return code < 0x20 || code == 0x7f ||
                      std::string_view{"/+#:"}.find(letter) != std::string_view::npos;
           });
}

std::optional<std::string> password_of(const Options& options, CommandContext& context) {
    if (options.generate) {
        auto password = runtime::random_password();
        if (password) context.err << tr("password: {0}", {*password}) << '\n';
        return password;
    }
    std::string password;
    std::getline(context.in, password);
    if (password.ends_with('\r')) password.pop_back();
    if (password.size() >= kPasswordBytesMin) return password;
    context.err << tr("the password on standard input is shorter than {0} characters: write a "
                      "longer one, or use --generate",
                      {std::to_string(kPasswordBytesMin)})
                << '\n';
    return std::nullopt;
}

int make_account(const Options& options, CommandContext& context) {
    if (!is_usable(options.name)) {
        context.err << tr("a device cannot be called so: write 1 to {0} characters without / + # "
                          "and :",
                          {std::to_string(kNameBytesMax)})
                    << '\n';
        return kExitUsage;
    }
    const auto password = password_of(options, context);
    if (!password) return kExitUsage;
    const auto hash = runtime::PasswordHash::of(*password);
    if (!hash) {
        context.err << tr("the password cannot be hashed: it is too long, or memory is short")
                    << '\n';
        return kExitUnavailable;
    }
    context.out << options.name << ':' << hash->text() << '\n';
    return kExitOk;
}

ManualText manual() {
    return {
        .description =
            {tr("Writes the line of a device, with a hash of its password, to standard output, for "
                "the file that accounts of an mqtt-listener source names. The password is read "
                "from standard input, or made with --generate and shown once on standard error. It "
                "is never an argument, since other users see those."),
             tr("On the box passerelle-device(1) does this and the rest; this command is for files "
                "that are made elsewhere.")},
        .exits = {{kExitUnavailable, tr("The hash cannot be computed.")}},
        .examples =
            {{"passerelle account m-1 --generate >>accounts",
              tr("Adds a meter with a password of its own:")}},
        .see_also = {"device"}};
}

}  // namespace

void add_account_command(CLI::App& app, CommandContext& context) {
    auto* command = app.add_subcommand(
        "account", tr("Makes a device's line for the accounts of an mqtt-listener source")
    );
    context.manual[command] = manual;
    auto options = std::make_shared<Options>();
    command->add_option("name", options->name, tr("The device's name"))
        ->type_name(tr("NAME"))
        ->required();
    command->add_flag(
        "--generate",
        options->generate,
        tr("Makes a password and shows it, instead of reading one from standard input")
    );
    command->callback([options, &context] { context.exit_status = make_account(*options, context); }
    );
}

}  // namespace gateway::cli
