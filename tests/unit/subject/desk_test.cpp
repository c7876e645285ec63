#include "gateway/subject/desk.hpp"

#include "gateway/anonymise/pseudonym.hpp"
#include "gateway/buffer/group.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "gateway/subject/certificate.hpp"
#include "gateway/subject/digest.hpp"
#include "gateway/subject/export_summary.hpp"
#include "tests/support/short_files.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>

using namespace gateway;
using namespace gateway::subject;

namespace {

const model::Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

// A store in which a person's readings stand under two epochs' pseudonyms.
class DeskFixture {
  public:
    DeskFixture() {
        settings.gateway.id = "g-1";
        settings.gateway.city = "Tunis";
        settings.buffer.path = directory.file("buffer.db");
        settings.datasets.resize(1);
        settings.datasets[0].name = "water";
        settings.datasets[0].purpose = "leak detection";
        settings.datasets[0].fields = {{"device", settings::Pseudonym{}}};
        settings.uplinks.resize(1);
        settings.uplinks[0].name = "city";
        for (const char* key : {"water.2592000.1", "water.2592000.2"}) {
            const auto made = keys.key(key);
            REQUIRE(made);
            pseudonyms.push_back(anonymise::Pseudonymiser(*made).pseudonym("device", "meter-7"));
        }
        auto opened = buffer::open_store(settings, clock);
        REQUIRE(opened);
        store = std::move(opened->store);
        const auto key = keys.key(Hasher::kKeyName);
        REQUIRE(key);
        REQUIRE(ConsentFile::prepare(directory.file("consents"), directory.file("none")));
        auto file = ConsentFile::open(directory.file("consents"), *key, [](const Entry&) {});
        REQUIRE(file);
        consents = std::move(*file);
        desk.emplace(Desk::Environment{settings, keys, directory.file("keys"), *consents});
        next_device = store->next_device();
        write();
    }

    void write(const std::string& attributes = {}) {
        buffer::Group group;
        group.device_base = next_device;
        for (const std::string& device :
             {pseudonyms[0], pseudonyms[1], std::string("someone-else")})
            group.new_devices.push_back({next_device++, device});
        group.texts.quantities = {{"water.volume", "m3"}};
        if (!attributes.empty()) group.texts.attributes = {attributes};
        auto& readings = group.datasets.emplace_back();
        for (int i = 0; i < 12; ++i) {
            buffer::SegmentReading& reading = readings.emplace_back();
            reading.device = i % 3 == 2 ? 2U : static_cast<std::uint32_t>(i % 2);
            reading.mantissa = 150 + i;
            reading.exponent = -2;
            reading.observed_at = kNow + std::chrono::seconds{i};
        }
        group.stored_at = kNow;
        REQUIRE(store->write(group));
    }

    Desk::Answer ask(std::string_view path, Request request, const char* who = "meter-7") {
        request.identity = who;
        if (request.datasets.empty()) request.datasets = {"water"};
        auto answer = desk->answer(path, to_json(request), {*store, next_device, kNow, kNow});
        REQUIRE(answer);
        return std::move(*answer);
    }

    tests::support::TemporaryDirectory directory;
    settings::Settings settings;
    runtime::ManualClock clock{kNow};
    anonymise::KeyDirectory keys{directory.file("keys")};
    std::vector<std::string> pseudonyms;
    std::uint64_t next_device = 1;
    std::unique_ptr<buffer::Store> store;
    std::unique_ptr<ConsentFile> consents;
    std::optional<Desk> desk;
};

std::string lines_of(const Desk::Answer& answer) {
    return answer.body.substr(answer.body.find('\n') + 1);
}

}  // namespace

TEST_CASE_METHOD(
    DeskFixture, "an export has the readings of every epoch, and no other", "[subject]"
) {
    const auto answer = ask("/subject/export", {});
    REQUIRE(answer.status == 200);
    CHECK(answer.body.starts_with("{\"next\":11,\"more\":false}\n"));
    const std::string lines = lines_of(answer);
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 8);
    CHECK(lines.find("someone-else") == std::string::npos);
    CHECK(lines.starts_with(
        R"({"dataset":"water","sequence":1,"device":")" + pseudonyms[0] +
        R"(","quantity":"water.volume","value":1.50,"unit":"m3",)" +
        R"("time":"2026-03-01T00:00:00.000Z","time_quality":"gateway","attributes":{}})"
    ));
    Request rest;
    rest.after = 8;
    const std::string later = lines_of(ask("/subject/export", std::move(rest)));
    CHECK(std::count(later.begin(), later.end(), '\n') == 2);
}

TEST_CASE_METHOD(
    DeskFixture, "a certificate tells what was erased, and whose it was not", "[subject]"
) {
    Digest digest;
    digest.add(lines_of(ask("/subject/export", {})));
    const std::string of_export = digest.hex();
    const auto prepared = parse_certificate(ask("/subject/find", {}).body);
    REQUIRE(prepared);
    CHECK(prepared->sha256 == of_export);
    CHECK(prepared->readings == 8);
    const auto answer = ask("/subject/erase", {});
    REQUIRE(answer.status == 200);
    const auto certificate = parse_certificate(answer.body);
    REQUIRE(certificate);
    CHECK(certificate->is_done);
    CHECK(certificate->readings == 8);
    CHECK(certificate->undelivered == 8);
    CHECK(certificate->sha256 == of_export);
    CHECK(certificate->told.at("city") == 2);  // one for each epoch
    REQUIRE(certificate->datasets.size() == 1);
    CHECK(certificate->datasets[0].readings == 8);
    for (const std::string& text :
         {answer.body, certificate_text(*certificate), preparation_text(*prepared)}) {
        CHECK(text.find("meter-7") == std::string::npos);
        for (const auto& pseudonym : pseudonyms) CHECK(text.find(pseudonym) == std::string::npos);
        CHECK(text.find(of_export) != std::string::npos);
    }
    CHECK(lines_of(ask("/subject/export", {})).empty());
}

TEST_CASE_METHOD(DeskFixture, "in two steps exactly what was prepared is destroyed", "[subject]") {
    const bool by_law = GENERATE(true, false);
    if (by_law) settings.record.profile = settings::Jurisdiction::tn;
    Request at_once;
    at_once.two_step = !by_law;
    CHECK(ask("/subject/erase", std::move(at_once)).status == 409);
    const auto prepared = parse_certificate(ask("/subject/find", {}).body);
    REQUIRE(prepared);
    Request wrong;
    wrong.confirm = std::string(64, '0');
    CHECK(ask("/subject/erase", std::move(wrong)).status == 409);
    write();  // meanwhile more came
    Request late;
    late.confirm = prepared->sha256;
    const auto refused = ask("/subject/erase", std::move(late));
    CHECK(refused.status == 409);
    CHECK(refused.body.find("changed") != std::string::npos);
    CHECK(lines_of(ask("/subject/export", {})).size() > 0);
    Request right;
    right.confirm = parse_certificate(ask("/subject/find", {}).body)->sha256;
    CHECK(ask("/subject/erase", std::move(right)).status == 200);
    CHECK(lines_of(ask("/subject/export", {})).empty());
}

TEST_CASE_METHOD(DeskFixture, "the ledger's entries come back with the answer", "[consent]") {
    const auto granted = ask("/consent/grant", {});
    REQUIRE(granted.entries.size() == 1);
    CHECK(granted.entries[0].act == Act::grant);
    CHECK(ask("/subject/restrict", {}).entries.at(0).act == Act::restrict);
    CHECK(ask("/consent/revoke", {}, "meter-8").entries.at(0).who != granted.entries[0].who);
    const auto listed = ask("/consent/list", {}, "");
    CHECK(listed.body.find("\"act\":\"grant\"") != std::string::npos);
    CHECK(listed.body.find("meter") == std::string::npos);
    const std::string of_one = lines_of(ask("/consent/list", {}));
    CHECK(std::count(of_one.begin(), of_one.end(), '\n') == 2);
    Request by_phone;
    by_phone.field = "phone";
    CHECK(ask("/consent/grant", std::move(by_phone)).status == 400);
}

TEST_CASE_METHOD(DeskFixture, "a ledger on a full disk refuses, and readings go on", "[consent]") {
    REQUIRE(ask("/consent/grant", {}).status == 200);
    std::optional<Desk::Answer> refused;
    {
        const tests::support::ShortFiles limit(10);
        refused = ask("/consent/revoke", {});
    }
    CHECK(refused->status == 503);
    CHECK(refused->body.find("ledger-unwritable") != std::string::npos);
    CHECK(refused->entries.empty());
    CHECK(ask("/consent/revoke", {}).status == 200);
    const std::string listed = lines_of(ask("/consent/list", {}));
    CHECK(std::count(listed.begin(), listed.end(), '\n') == 2);
}

TEST_CASE_METHOD(DeskFixture, "a ledger that cannot be read is an answer", "[consent]") {
    REQUIRE(ask("/consent/grant", {}).status == 200);
    // No line is as long.
    std::ofstream(directory.file("consents")) << std::string(10'000, 'x');
    const auto refused = ask("/consent/list", {});
    CHECK(refused.status == 503);
    CHECK(refused.body.find("ledger-unreadable") != std::string::npos);
}

TEST_CASE_METHOD(DeskFixture, "whoever cannot list the keys misses nobody's readings") {
    const Desk::Environment blind{settings, keys, directory.write("no-directory", ""), *consents};
    desk.emplace(blind);
    for (const char* path : {"/subject/export", "/subject/find", "/subject/erase"}) {
        const auto answer = ask(path, {});
        CHECK(answer.status == 400);
        CHECK(answer.body.find("store-failed") != std::string::npos);
    }
}

TEST_CASE_METHOD(DeskFixture, "a page of an export is bounded in bytes", "[subject]") {
    write(R"({"note":")" + std::string(100'000, 'n') + R"("})");
    Request request;
    std::size_t lines = 0;
    bool more = true;
    for (int pages = 0; more && pages < 10; ++pages) {
        Request asked;
        asked.after = request.after;
        const auto answer = ask("/subject/export", std::move(asked));
        CHECK(answer.body.size() < 2 * Desk::kBytesOfPageMax);
        const std::string page = lines_of(answer);
        lines += static_cast<std::size_t>(std::count(page.begin(), page.end(), '\n'));
        more = answer.body.find("\"more\":true") != std::string::npos;
        request.after = std::stoull(answer.body.substr(answer.body.find(':') + 1));
    }
    CHECK(lines == 16);
}

TEST_CASE_METHOD(DeskFixture, "what cannot be asked is refused, and names nobody", "[subject]") {
    const auto refused = [&](std::string_view path, Request request, const char* who = "meter-7") {
        const auto answer = ask(path, std::move(request), who);
        CHECK(answer.status >= 400);
        CHECK(answer.body.find("meter-7") == std::string::npos);
        return answer.body;
    };
    Request unknown;
    unknown.datasets = {"power"};
    refused("/subject/export", std::move(unknown));
    Request dropped;
    dropped.field = "location";
    refused("/subject/erase", std::move(dropped));
    refused("/subject/erase", {}, "");
    refused("/subject/burn", {});
    const auto odd = desk->answer("/subject/erase", "{\"identity\":7}", {*store, 1, kNow, kNow});
    REQUIRE(odd);
    CHECK(odd->status == 400);
}

TEST_CASE_METHOD(DeskFixture, "an export is counted, tabled and explained on a page", "[subject]") {
    ExportTally tally;
    tally.begin("water");
    const std::string lines = lines_of(ask("/subject/export", {}));
    const std::string row = tally.add(lines.substr(0, lines.find('\n')));
    CHECK(
        row == "water,1," + pseudonyms[0] +
                   ",water.volume,1.50,m3,2026-03-01T00:00:00.000Z,"
                   "gateway,{},,\r\n"
    );
    CHECK(tally.datasets()[0].readings == 1);
    const std::string letter =
        R"({"dataset":"water","sequence":9,"device":"a","quantity":"q","value":-0.10,"unit":"m3",)"
        R"("time":"2026-03-02T00:00:00.000Z","time_quality":"device","attributes":{"a":"x,\"y"},)"
        R"("refused_by":"city","cause":"HTTP 422"})";
    CHECK(
        tally.add(letter) ==
        "water,9,a,q,-0.10,m3,2026-03-02T00:00:00.000Z,device,"
        "\"{\"\"a\"\":\"\"x,\\\"\"y\"\"}\",city,HTTP 422\r\n"
    );
    CHECK(tally.datasets()[0].dead_letters == 1);
    const std::string page = export_summary(settings, tally, {{"readings.csv", "abc"}}, kNow);
    for (const char* part : {"leak detection", "city", "2026-03-02", "readings.csv", "abc"})
        CHECK(page.find(part) != std::string::npos);
    CHECK(
        export_manifest(settings, tally, {{"readings.csv", "abc"}}, kNow)
            .find(R"("files":[{"name":"readings.csv","sha256":"abc"}])") != std::string::npos
    );
}
