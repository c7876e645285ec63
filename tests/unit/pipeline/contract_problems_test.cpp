#include "gateway/contract_problems.hpp"

#include "gateway/observe/memory_log.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using forward::Withheld;
using forward::Withholding;

namespace {

const model::Instant kNow = *model::parse_rfc3339("2026-03-01T00:00:00Z");

struct Watched {
    Watched() {
        uplink.name = "billing";
        uplink.recipient = "regie";
        settings::Contract contract;
        contract.dataset = "water";
        contract.until = kNow;
        uplink.contracts.push_back(contract);
    }

    std::string codes(const std::vector<Withholding>& withholdings) {
        watch_contracts(uplink, withholdings, problems);
        std::string text;
        for (const auto& problem : problems.list()) text += problem.code + '\n';
        return text;
    }

    settings::Uplink uplink;
    observe::MemoryLog log;
    runtime::ManualClock clock{kNow};
    observe::Problems problems{log, clock};
};

}  // namespace

TEST_CASE("an ended contract is a problem with what to do, said once", "[app][contract]") {
    Watched watched;
    CHECK(watched.codes({}).empty());
    const std::vector<Withholding> ended{{"water", Withheld::ended, false}};
    CHECK(watched.codes(ended) == "contract-ended:billing:water\n");
    CHECK(watched.codes(ended) == "contract-ended:billing:water\n");
    const auto text = watched.problems.list()[0].text;
    CHECK(text.find("The contract of regie for water ended at ") == 0);
    CHECK(text.find("(until)") != std::string::npos);
    CHECK(watched.log.count("contract-ended:billing:water") == 1);
    CHECK(watched.codes({}).empty());
}

TEST_CASE("what waits for a date or does not fit is told when readings wait", "[app][contract]") {
    Watched watched;
    CHECK(watched.codes({{"water", Withheld::undated, false}}).empty());
    CHECK(
        watched.codes({{"water", Withheld::undated, true}}) == "contract-undated:billing:water\n"
    );
    CHECK(watched.codes({{"water", Withheld::unfit, true}}) == "contract-unfit:billing:water\n");
    CHECK(watched.codes({{"energy", Withheld::ended, true}}).empty());
}
