// From a frame to the officer: sealed, bounded, counted.
#include "gateway/quarantine/vault.hpp"

#include "gateway/quarantine/envelope.hpp"
#include "gateway/quarantine/sealed_files.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <filesystem>

using namespace gateway;
using namespace gateway::quarantine;
using namespace std::chrono_literals;
using model::Refusal;
using tests::support::TemporaryDirectory;

namespace {

const model::Instant kNow = *model::parse_rfc3339("2026-05-01T12:00:00Z");
constexpr std::size_t kTooLarge = (1U << 20) / Writer::kRecordShare;

model::Frame frame(std::string payload) {
    return {
        model::SourceId{1}, "water/meter-of-benali", "peer-of-benali", std::move(payload), kNow};
}

settings::Settings settings_in(const TemporaryDirectory& directory, const sealing::KeyPair& keys) {
    settings::Settings settings;
    settings.gateway.state_directory = directory.path().string();
    settings.privacy.quarantine.officer_key = keys.public_key;
    settings.privacy.quarantine.size_max = 1U << 20;
    return settings;
}

class VaultFixture {
  public:
    VaultFixture() {
        auto opened = Vault::open(io.get_executor(), clock, settings);
        REQUIRE(opened);
        vault = std::move(*opened);
    }

    void run() {
        boost::asio::co_spawn(io, vault->run(), boost::asio::detached);
        io.poll();
    }
    void close() {
        bool is_closed = false;
        boost::asio::co_spawn(io, vault->close(), [&](auto) { is_closed = true; });
        while (!is_closed) io.run_one();
    }
    // What the officer reads.
    std::vector<Record> opened() const {
        std::vector<Record> records;
        const auto opener = sealing::Opener::with(keys.private_key);
        for (const auto number : sealed_files(where)) {
            const auto bytes = read_sealed_file(sealed_file(where, number)).value();
            EnvelopeReader reader(bytes);
            while (const auto envelope = reader.next()) {
                const auto text = opener->open(envelope->sealed);
                REQUIRE(text);
                const auto record = parse_record(*text);
                REQUIRE(record);
                CHECK(record->cause == envelope->cause);
                records.push_back(*record);
            }
        }
        return records;
    }

    TemporaryDirectory directory;
    sealing::KeyPair keys = sealing::make_key_pair();
    settings::Settings settings = settings_in(directory, keys);
    std::string where = vault_directory(settings.gateway.state_directory);
    runtime::ManualClock clock{kNow};
    boost::asio::io_context io;
    std::unique_ptr<Vault> vault;
};

}  // namespace

TEST_CASE_METHOD(VaultFixture, "the officer reads what was refused, and why", "[quarantine]") {
    run();
    vault->hold(frame("{broken"), "meters", Refusal::malformed);
    clock.distrust();
    vault->hold(frame(""), "meters", Refusal::unknown_device);
    close();
    const auto records = opened();
    REQUIRE(records.size() == 2);
    CHECK(records[0].cause == "malformed");
    CHECK(records[0].source == "meters");
    CHECK(records[0].topic == "water/meter-of-benali");
    CHECK(records[0].peer == "peer-of-benali");
    CHECK(records[0].payload == "{broken");
    CHECK(records[0].time == kNow);
    CHECK(records[1].cause == "unknown-device");
    CHECK(records[1].time == kUndated);
    CHECK(vault->figures().written.sealed == 2);
    CHECK(vault->figures().lost() == 0);
}

TEST_CASE_METHOD(VaultFixture, "nothing of a frame is found in the files", "[quarantine]") {
    run();
    for (int i = 0; i < 50; ++i)
        vault->hold(frame("canary-" + std::to_string(i)), "meters", Refusal::malformed);
    close();
    std::string bytes;
    for (const auto number : sealed_files(where))
        bytes += read_sealed_file(sealed_file(where, number)).value();
    for (const char* canary : {"canary", "benali", "water", "meters"})
        CHECK(bytes.find(canary) == std::string::npos);
    CHECK(bytes.find("malformed") != std::string::npos);
    // The search finds them where they are not sealed.
    const std::string clear = to_bytes(Envelope{
        kNow,
        "malformed",
        to_bytes(Record{kNow, "malformed", "meters", "water/benali", "", "canary-1"})});
    for (const char* canary : {"canary", "benali", "water", "meters"})
        CHECK(clear.find(canary) != std::string::npos);
}

TEST_CASE_METHOD(VaultFixture, "what waits is bounded, and the rest is counted", "[quarantine]") {
    for (std::size_t i = 0; i < Vault::kWaitingMax + 10; ++i)
        vault->hold(frame("x"), "meters", Refusal::malformed);
    CHECK(vault->figures().queue_full == 10);
    run();
    close();
    CHECK(opened().size() == Vault::kWaitingMax);
    vault->hold(frame("after the end"), "meters", Refusal::malformed);
    CHECK(vault->figures().queue_full == 11);
    CHECK(vault->figures().lost() == 11);
}

TEST_CASE_METHOD(VaultFixture, "the bytes that wait are bounded as well", "[quarantine]") {
    for (int i = 0; i < 9; ++i)
        vault->hold(frame(std::string(1U << 20, 'x')), "meters", Refusal::malformed);
    CHECK(vault->figures().queue_full == 2);
}

TEST_CASE_METHOD(VaultFixture, "a flood wears the flash by a ring a day at most", "[quarantine]") {
    run();
    for (int i = 0; i < 300; ++i)
        vault->hold(frame(std::string(10'000, 'x')), "meters", Refusal::malformed);
    vault->hold(frame(std::string(kTooLarge, 'x')), "meters", Refusal::malformed);
    close();
    const auto& written = vault->figures().written;
    CHECK(written.sealed == (1U << 20) / (10'000 + 200));
    CHECK(written.sealed + written.spared == 300);
    CHECK(written.too_large == 1);
    CHECK(std::filesystem::file_size(sealed_file(where, 1)) <= 1U << 20);
    CHECK(vault->figures().lost() == 301 - written.sealed);
}

TEST_CASE("a group is written when it is old or large, not before", "[quarantine]") {
    const TemporaryDirectory directory;
    const auto keys = sealing::make_key_pair();
    const auto settings = settings_in(directory, keys);
    Writer writer(
        settings.privacy.quarantine, *sealing::Seal::for_key(keys.public_key), directory.file("q")
    );
    REQUIRE_FALSE(writer.open());
    Writer::Moment now{1h, kNow};
    const auto take = [&](std::size_t count, std::size_t size) {
        std::vector<Record> records(count);
        for (Record& record : records) record.payload = std::string(size, 'x');
        writer.take(records, now, false);
        CHECK(records.empty());
        return writer.figures().sealed;
    };
    CHECK(take(1, 10) == 0);
    now.since_boot += Writer::kGroupAgeMax - 1s;
    CHECK(take(1, 10) == 0);
    now.since_boot += 1s;
    CHECK(take(0, 0) == 2);
    CHECK(take(6, 10'000) == 2);
    CHECK(take(1, 10'000) == 9);
    // Half a day later half a ring may be written again.
    CHECK(take(200, 10'000) < 110);
    const auto spent = writer.figures().sealed;
    now.since_boot += 12h;
    CHECK(take(200, 10'000) - spent > 45);
}

TEST_CASE("what the disk does not take is counted, until it does", "[quarantine]") {
    const TemporaryDirectory directory;
    const auto keys = sealing::make_key_pair();
    const auto settings = settings_in(directory, keys);
    Writer writer(
        settings.privacy.quarantine, *sealing::Seal::for_key(keys.public_key), directory.file("q")
    );
    REQUIRE_FALSE(writer.open());
    std::filesystem::remove_all(directory.file("q"));
    std::vector<Record> records(3);
    writer.take(records, {1h, kNow}, true);
    CHECK(writer.figures().write_failed == 3);
    CHECK(writer.figures().failure);
    std::filesystem::create_directory(directory.file("q"));
    records.resize(2);
    writer.take(records, {1h, kNow}, true);
    CHECK(writer.figures().sealed == 2);
    CHECK_FALSE(writer.figures().failure);
}

TEST_CASE("a vault with a key that protects nothing does not open", "[quarantine]") {
    const TemporaryDirectory directory;
    auto settings = settings_in(directory, sealing::make_key_pair());
    settings.privacy.quarantine.officer_key = std::string(43, 'A') + '=';
    boost::asio::io_context io;
    const runtime::ManualClock clock{kNow};
    const auto vault = Vault::open(io.get_executor(), clock, settings);
    REQUIRE_FALSE(vault);
    CHECK(vault.error() == boost::system::errc::invalid_argument);
}

TEST_CASE("only what says something and does not come again is kept", "[quarantine]") {
    for (const auto cause :
         {Refusal::malformed,
          Refusal::not_representable,
          Refusal::unknown_quantity,
          Refusal::unknown_topic,
          Refusal::implausible_time,
          Refusal::not_authorised})
        CHECK(is_kept(cause));
    for (const auto cause :
         {Refusal::too_large,
          Refusal::duplicate,
          Refusal::overloaded,
          Refusal::buffer_full,
          Refusal::store_failed,
          Refusal::stopping})
        CHECK_FALSE(is_kept(cause));
}
