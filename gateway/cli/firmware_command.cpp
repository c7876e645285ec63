#include "gateway/cli/firmware_command.hpp"

#include "gateway/cli/firmware_channel.hpp"
#include "gateway/cli/firmware_files.hpp"
#include "gateway/cli/firmware_signing.hpp"
#include "gateway/cli/firmware_text.hpp"
#include "gateway/cli/key_pair_files.hpp"
#include "gateway/cli/report_reader.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/wipe.hpp"
#include "gateway/sealing/signature.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

struct Options {
    GatewayPlace place;
    std::string manifest;
    std::string image;
    std::uint32_t number = 0;
    std::string up_to = "all";
    bool json = false;
};

int make_keys(const std::string& file, CommandContext& context) {
    auto keys = sealing::make_signing_keys();
    const std::string line = "firmware_keys = [\"" + keys.public_key + "\"]";
    const int status = keep_key_pair(file, keys.private_key, line, context);
    runtime::wipe(keys.private_key);
    return status;
}

int add(const Options& options, CommandContext& context) {
    const auto package = read_package(options.manifest, options.image, context);
    if (!package) return context.exit_status;
    const std::string body = firmware::to_body(package->request);
    const auto answer = ask_about_firmware(options.place, firmware::kAddPath, body, context);
    if (!answer) return context.exit_status;
    const auto number = firmware::parse_number(*answer);
    if (!number) return say_no_gateway(context);
    context.err << tr("Stored: {0}. It has this number:", {manifest_words(package->manifest)})
                << '\n';
    context.out << *number << '\n';
    return kExitOk;
}

int roll_out(const Options& options, CommandContext& context) {
    const auto up_to = firmware::parse_stage(options.up_to).value_or(firmware::Stage::all);
    const std::string request = firmware::to_json(firmware::RolloutRequest{options.number, up_to});
    if (!ask_about_firmware(options.place, firmware::kRolloutPath, request, context))
        return context.exit_status;
    context.out << tr("Update {0} is offered from now on. How it goes: passerelle firmware status",
                      {std::to_string(options.number)})
                << '\n';
    return kExitOk;
}

int abort(const Options& options, CommandContext& context) {
    const std::string request = firmware::number_to_json(options.number);
    if (!ask_about_firmware(options.place, firmware::kAbortPath, request, context))
        return context.exit_status;
    context.out << tr("Update {0} is withdrawn: no device is offered it any more. Those that run "
                      "it keep it.",
                      {std::to_string(options.number)})
                << '\n';
    return kExitOk;
}

int show_status(const Options& options, CommandContext& context) {
    const auto answer = ask_about_firmware(options.place, firmware::kStatePath, {}, context);
    if (!answer) return context.exit_status;
    const auto report = read_firmware(*answer);
    if (!report) return say_no_gateway(context);
    context.out << (options.json ? *answer + '\n' : firmware_text(*report));
    return kExitOk;
}

ManualText manual() {
    return {
        .description =
            {tr("Devices on a serial line or on CoAP get a firmware, or other settings, from the "
                "gateway. What they get is signed by the city, and no box has the key: keygen and "
                "sign run on a machine of the city. The public key goes into firmware_keys of "
                "[gateway], and into the firmware of the devices."),
             tr("A manifest says for which vendor and class an image is, until when it may be "
                "taken, and its sequence, which grows from one to the next: the gateway and the "
                "devices take none that is not newer. Images and settings are numbered apart."),
             tr("add stores it on the gateway, rollout offers it: first to one device, then to a "
                "tenth of them, then to all, each time when those before have confirmed it. Where "
                "a device fails, it stops and says why; rollout again goes on. abort withdraws it "
                "for good. Updates are for root, the gateway's user and the group of [status].")},
        .exits =
            {{kExitNotDone, tr("The gateway refuses it; the message says why.")},
             {kExitNotOpened, tr("A file is damaged, or the image is not that of the manifest.")},
             {kExitUnavailable,
              tr("No gateway answers, or a file cannot be read or written, or holds no key.")},
             {kExitNotAllowed, tr("You may not decide about updates here.")}},
        .files = {{kDefaultConfiguration, tr("The configuration, where none is named.")}},
        .examples =
            {{"passerelle firmware keygen firmware.key",
              tr("Once; prints the line for the configuration:")},
             {"passerelle firmware sign --key firmware.key --vendor acme --class meter-3 "
              "--sequence 12 --expires 2027-06-30 meter.bin",
              tr("Writes meter.bin.manifest:")},
             {"passerelle firmware sign --key firmware.key --vendor acme --class meter-3 "
              "--sequence 4 --expires 2027-06-30 --reporting-interval 900 -o quarter.manifest",
              tr("A report every 15 minutes:")},
             {"passerelle firmware add meter.bin.manifest meter.bin",
              tr("On the gateway; prints the number of the update:")},
             {"passerelle firmware add quarter.manifest", tr("The settings, likewise:")},
             {"passerelle firmware rollout 3 --up-to one", tr("Offers it to one device:")},
             {"passerelle firmware status --json | jq '.updates[0].by_state'",
              tr("How many devices are how far:")}},
        .see_also = {"policy", "status", "devices"}};
}

// The argument that names an update.
void add_number(CLI::App& command, std::uint32_t& number) {
    command.add_option("number", number, tr("The number of the update, as add says it"))
        ->type_name(tr("NUMBER"))
        ->check(CLI::PositiveNumber.description(""))
        ->required();
}

void add_keygen(CLI::App& command, CommandContext& context) {
    const auto file = std::make_shared<std::string>();
    CLI::App* keygen =
        command.add_subcommand("keygen", tr("Makes the city's pair of keys for updates"));
    keygen->add_option("file", *file, tr("Where the private key goes"))
        ->type_name(tr("FILE"))
        ->required();
    keygen->callback([file, &context] { context.exit_status = make_keys(*file, context); });
}

void add_content(CLI::App& signing, FirmwareSigning& order) {
    constexpr std::uint32_t kDay = 86400;
    CLI::Option* image =
        signing.add_option("image", order.image, tr("The firmware as it goes into the device"));
    image->type_name(tr("FILE"));
    CLI::Option* interval = signing.add_option(
        "--reporting-interval",
        order.reporting_interval_s,
        tr("Signs settings instead of a firmware: the reporting interval, in seconds")
    );
    interval->type_name(tr("SECONDS"))
        ->check(CLI::Range(1U, kDay).description(""))
        ->excludes(image);
    signing
        .add_option(
            "--base", order.base, tr("The sequence of the firmware that a device must have already")
        )
        ->type_name("N")
        ->check(CLI::PositiveNumber.description(""))
        ->excludes(interval);
}

void add_sign(CLI::App& command, CommandContext& context) {
    const auto order = std::make_shared<FirmwareSigning>();
    CLI::App* signing = command.add_subcommand("sign", tr("Signs a firmware or settings"));
    signing->add_option("--key", order->key_file, tr("The private key"))
        ->type_name(tr("FILE"))
        ->required();
    signing
        ->add_option(
            "--vendor",
            order->vendor,
            tr("The vendor of the devices that it is for, as they say it")
        )
        ->type_name(tr("TEXT"))
        ->required();
    signing
        ->add_option("--class", order->device_class, tr("Their kind of hardware, as they say it"))
        ->type_name(tr("TEXT"))
        ->required();
    signing
        ->add_option(
            "--sequence",
            order->sequence,
            tr("The number that was built into the firmware, above all before it; settings have "
               "numbers of their own")
        )
        ->type_name("N")
        ->check(CLI::PositiveNumber.description(""))
        ->required();
    signing
        ->add_option(
            "--expires",
            order->expires,
            tr("The last day on which it is taken, by UTC (YYYY-MM-DD)")
        )
        ->type_name(tr("DATE"))
        ->required();
    signing->add_option("--node", order->node, tr("Only for the device with this name"))
        ->type_name(tr("TEXT"));
    add_content(*signing, *order);
    signing
        ->add_option(
            "-o,--output",
            order->output,
            tr("The file to write; without it, IMAGE.manifest or settings-N.manifest")
        )
        ->type_name(tr("FILE"));
    signing->callback([order, &context] { context.exit_status = sign_firmware(*order, context); });
}

}  // namespace

void add_firmware_command(CLI::App& app, CommandContext& context) {
    CLI::App* command =
        app.add_subcommand("firmware", tr("Updates devices, and changes their settings"));
    context.manual[command] = manual;
    command->require_subcommand(1);
    add_keygen(*command, context);
    add_sign(*command, context);
    const auto options = std::make_shared<Options>();
    const auto add_verb = [&](const char* name, const char* text, auto run) {
        CLI::App* verb = command->add_subcommand(name, text);
        add_gateway_options(*verb, options->place);
        verb->callback([options, run, &context] { context.exit_status = run(*options, context); });
        return verb;
    };
    CLI::App* adding = add_verb("add", tr("Stores a signed firmware or settings"), add);
    adding->add_option("manifest", options->manifest, tr("What firmware sign has written"))
        ->type_name(tr("FILE"))
        ->required();
    adding->add_option("image", options->image, tr("The firmware that it is of"))
        ->type_name(tr("FILE"));
    CLI::App* rolling = add_verb("rollout", tr("Offers an update to devices, in stages"), roll_out);
    add_number(*rolling, options->number);
    rolling
        ->add_option(
            "--up-to", options->up_to, tr("Where it stops: one, tenth or all (the default)")
        )
        ->check(CLI::IsMember({"one", "tenth", "all"}).description(""));
    CLI::App* status = add_verb("status", tr("Shows updates and how far devices are"), show_status);
    status->add_flag("--json", options->json, tr("For a machine"));
    add_number(*add_verb("abort", tr("Withdraws an update for good"), abort), options->number);
}

}  // namespace gateway::cli
