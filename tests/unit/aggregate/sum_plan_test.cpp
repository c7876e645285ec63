#include "gateway/aggregate/sum_plan.hpp"

#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

struct Plan {
    Plan() {
        dataset.fields.emplace("device", settings::Pseudonym{});
        sum.name = "by-district";
        sum.groups = {{"city", ""}, {"north", "city"}, {"south", "city"}};
        sum.members = directory.file("members.csv");
        write(0, 20, "north");
        write(20, 40, "south");
    }

    void write(int from, int end, const std::string& group) const {
        std::ofstream file(sum.members, std::ios::app);
        for (int i = from; i < end; ++i) file << "m-" << i << ';' << group << '\n';
    }
    model::Result<aggregate::SumPlan, std::string> make() const {
        return aggregate::plan_sum(sum, dataset, tokens);
    }
    std::string fault() const {
        const auto made = make();
        REQUIRE_FALSE(made);
        return made.error();
    }

    tests::support::TemporaryDirectory directory;
    settings::Sum sum;
    settings::Dataset dataset;
    anonymise::Pseudonymiser tokens{anonymise::Key{}};
};

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a sum becomes rules, a registry and a directory of its meters", "[aggregate]") {
    Plan plan;
    plan.sum.protection = settings::Threshold{15, 25};
    plan.sum.resolution = {1, -2};
    auto made = plan.make();
    REQUIRE(made);
    CHECK(made->rules.dataset == "by-district");
    CHECK(made->rules.resolution == -2);
    CHECK(std::get<aggregate::Thresholds>(made->rules.protection) == aggregate::kOpenThresholds);
    CHECK(made->registry.meters() == 40);
    CHECK(made->registry.is_part_of(2, 0));

    anonymise::Key key;
    key.bytes()[0] = 1;
    const anonymise::Pseudonymiser epoch(key);
    made->directory.add_epoch(epoch);
    const auto token = made->directory.find(epoch.pseudonym("device", "m-7"));
    REQUIRE(made->registry.find(token));
    CHECK(made->registry.groups_of(*made->registry.find(token)).size() == 2);
    CHECK_FALSE(made->registry.find(made->directory.find("m-7")));
    CHECK_FALSE(made->registry.find(made->directory.find(epoch.pseudonym("device", "m-40"))));
}

TEST_CASE("a name is hashed as its rule spells it", "[aggregate]") {
    Plan plan;
    plan.dataset.fields = {
        {"device", settings::Pseudonym{.form = settings::Form::mac, .country = ""}}};
    plan.sum.groups = {{"city", ""}};
    std::ofstream(plan.sum.members) << "00:1B:C5:0A:BC:DE;city\n";
    auto made = plan.make();
    REQUIRE(made);
    const anonymise::Pseudonymiser epoch{anonymise::Key{}};
    made->directory.add_epoch(epoch);
    const auto token = made->directory.find(epoch.pseudonym("device", "00:1b:c5:0a:bc:de"));
    CHECK(made->registry.find(token));
}

TEST_CASE("groups whose difference tells a few meters are refused by name", "[aggregate]") {
    Plan plan;
    plan.sum.groups = {{"all", ""}, {"most", ""}};
    std::ofstream(plan.sum.members, std::ios::trunc).close();
    plan.write(0, 40, "all");
    plan.write(0, 38, "most");
    CHECK(contains(plan.fault(), "the groups \"all\" and \"most\" share meters"));
}

TEST_CASE("two sums of one quantity may not share meters", "[aggregate]") {
    Plan all;
    all.sum.from = "water";
    all.sum.quantity = "water.volume";
    const auto of_all = all.make();
    REQUIRE(of_all);
    const auto fault_beside = [&](int first, const std::string& dataset) {
        Plan most;
        most.sum = all.sum;
        most.sum.name = "most";
        most.sum.from = dataset;
        most.sum.members = most.directory.file("members.csv");
        std::ofstream(most.sum.members, std::ios::trunc).close();
        most.write(first, first + 39, "north");
        const auto of_most = most.make();
        REQUIRE(of_most);
        return aggregate::fault_between({all.sum, *of_all}, {most.sum, *of_most});
    };
    CHECK(contains(fault_beside(0, "water"), "the sums \"by-district\" and \"most\" share meters"));
    CHECK(contains(fault_beside(39, "water"), "share meters"));
    CHECK(fault_beside(40, "water").empty());
    CHECK(fault_beside(0, "gas").empty());
}

TEST_CASE("noise is for disjoint groups without totals", "[aggregate]") {
    Plan plan;
    settings::Noise noise;
    noise.contribution_max = {30, 0};
    plan.sum.protection = noise;
    plan.sum.window = 24h;
    CHECK(contains(plan.fault(), "no part_of with noise"));
    plan.sum.groups = {{"north", ""}, {"south", ""}};
    auto made = plan.make();
    REQUIRE(made);
    const auto& rules = std::get<aggregate::Noise>(made->rules.protection);
    CHECK(rules.contribution_max == 30'000);
    CHECK(rules.epsilon == aggregate::Fraction{1, 1});
    CHECK(rules.cap == aggregate::Fraction{31, 1});

    noise.epsilon = {25, -2};
    plan.sum.protection = noise;
    made = plan.make();
    REQUIRE(made);
    CHECK(std::get<aggregate::Noise>(made->rules.protection).epsilon.denominator == 100);

    plan.write(0, 1, "south");
    CHECK(contains(plan.fault(), "groups must be disjoint"));
}

TEST_CASE("a dataset without a rule for the device cannot be summed", "[aggregate]") {
    Plan plan;
    plan.sum.from = "water";
    plan.dataset.fields.clear();
    CHECK(contains(plan.fault(), "the dataset \"water\" has no rule for the device"));
}

TEST_CASE("bounds that are passed are told", "[aggregate]") {
    Plan plan;
    plan.sum.grace = plan.sum.window * 5;
    CHECK(contains(plan.fault(), "grace at most four windows"));
    plan.sum.grace = 0s;
    settings::Noise noise;
    noise.contribution_max = {1, -6};
    plan.sum.protection = noise;
    CHECK(contains(plan.fault(), "'contribution_max' is below 'resolution'"));
    noise.contribution_max = {30, 0};
    noise.epsilon = {1, -9};
    plan.sum.protection = noise;
    CHECK(contains(plan.fault(), "'epsilon' and 'cap' are between"));
}
