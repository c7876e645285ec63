// What the rules of anonymisation cost: the same messages through the inside of the gateway, from
// frame to receipt, with every field kept and with rules. One JSON line a run.
//   rules_bench DIRECTORY [frames] [producers] [meters]
#include "tests/bench/pipeline_run.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

namespace settings = gateway::settings;
using Fields = std::map<std::string, settings::Rule>;

struct Case {
    const char* name;
    bool has_customer;  // the payload's customer is read as an attribute
    Fields fields;
};

std::vector<Case> cases() {
    const settings::Coarsen minute{settings::seconds{60}};
    const settings::Round tenth{gateway::model::Decimal{1, -1}};
    return {
        {"keep", false, {{"device", settings::Keep{}}}},
        {"pseudonym", false, {{"device", settings::Pseudonym{}}}},
        {"keep, with an attribute",
         true,
         {{"device", settings::Keep{}}, {"customer", settings::Keep{}}}},
        {"a rule for every field",
         true,
         {{"device", settings::Pseudonym{}},
          {"customer", settings::Pseudonym{}},
          {"time", minute},
          {"value", tenth}}}};
}

void run(const bench::PipelineLoad& load, const Case& one) {
    std::filesystem::remove_all(load.directory);
    std::filesystem::create_directories(load.directory);
    auto settings = bench::meter_settings(load, "rules.db");
    settings.datasets[0].fields = one.fields;
    if (one.has_customer) settings.sources[0].format.json.attributes["customer"] = "/customer";
    const auto figures = bench::run_pipeline(load, settings);
    std::printf(
        R"({"rules":"%s","readings_per_s":%.0f,"cpu_us":%.3f})"
        "\n",
        one.name,
        figures.readings_per_s,
        figures.cpu_us_per_reading
    );
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2)
        return std::fprintf(stderr, "usage: rules_bench DIRECTORY [frames] [producers] [meters]\n"),
               2;
    bench::PipelineLoad load;
    load.directory = std::string(argv[1]) + "/rules_bench";
    if (argc > 2) load.frames = std::strtoull(argv[2], nullptr, 10);
    if (argc > 3) load.producers = std::strtoull(argv[3], nullptr, 10);
    if (argc > 4) load.meters = static_cast<std::uint32_t>(std::strtoul(argv[4], nullptr, 10));
    load.make_payloads();
    for (const auto& one : cases()) run(load, one);
    std::filesystem::remove_all(load.directory);
    return 0;
}
