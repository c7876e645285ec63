// The vault of tokens.
#include "faulty_store.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/store_file.hpp"
#include "gateway/buffer/token_vault.hpp"
#include "outbox_fixture.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>

using namespace tests::buffer;

namespace {

const std::string kToken = "aaaaabbbbbcccccdddddeeeee2";

IdentityPrint identity(unsigned number) {
    IdentityPrint print{};
    for (std::size_t i = 0; i < print.size(); ++i)
        print[i] = static_cast<std::byte>((number * 37 + i * 11) & 0xffU);
    return print;
}

tests::support::PublicReadings reading_of(const std::string& token) {
    tests::support::PublicReadings readings;
    readings.add(
        {.device = token,
         .quantity = &kVolume,
         .value = {1, 0},
         .observed_at = kStart,
         .attributes = {}}
    );
    return readings;
}

class TokenFixture : public OutboxFixture {
  public:
    std::string token_of(unsigned number) {
        const auto* token = outbox().find_token("water", identity(number));
        return token == nullptr ? "" : *token;
    }

    // As the pipeline does it.
    model::Decoded<void> take(unsigned number, const std::string& token) {
        if (token_of(number).empty()) outbox().add_token({"water", identity(number), token});
        return store(0, reading_of(token_of(number)));
    }

    std::optional<std::string> stored_token(unsigned number) {
        std::optional<std::string> token;
        auto look = [&](Store& store, std::uint64_t) -> model::Result<void> {
            const auto found = store.find_token("water", identity(number));
            if (!found) return found.error();
            token = *found;
            return {};
        };
        REQUIRE(run(outbox().run(look)));
        return token;
    }

    void erase(const Trait& trait) {
        auto order = [&](Store& store, std::uint64_t device_base) -> model::Result<void> {
            const auto done = store.erase({{{"water", {trait}}}, device_base, clock.now()});
            if (!done) return done.error();
            return {};
        };
        REQUIRE(run(outbox().run(order)));
    }

    bool files_hold(const std::string& text) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path())) {
            if (!entry.is_regular_file()) continue;
            std::ifstream file(entry.path(), std::ios::binary);
            const std::string bytes{std::istreambuf_iterator<char>(file), {}};
            if (bytes.find(text) != std::string::npos) return true;
        }
        return false;
    }

    std::shared_ptr<FaultyStore::Plan> plan = std::make_shared<FaultyStore::Plan>();
};

}  // namespace

TEST_CASE_METHOD(
    TokenFixture, "a token is kept with the readings that have it", "[buffer][token]"
) {
    open();
    CHECK(token_of(1).empty());
    CHECK(take(1, kToken));
    CHECK(take(1, "another one"));
    CHECK(stored_token(1) == kToken);
    CHECK(stored_token(2) == std::nullopt);
    CHECK(outbox().find_token("air", identity(1)) == nullptr);
    reopen();
    CHECK(token_of(1) == kToken);
    outbox().add_token({"water", identity(2), "never used"});
    CHECK(token_of(2) == "never used");
    reopen();
    CHECK(token_of(2).empty());
}

TEST_CASE_METHOD(
    TokenFixture, "no stored reading has a token that the vault has not", "[buffer][token]"
) {
    REQUIRE(prepare_store_file(settings.buffer.path));
    auto opened = SqliteStore::open(settings, clock.now());
    REQUIRE(opened);
    open_over(std::make_unique<FaultyStore>(std::move(*opened), plan));
    // The token's own group fails; the one that fills meanwhile has a reading with it.
    plan->writes_refused = 1;
    std::promise<void> gate;
    plan->gate = gate.get_future().share();
    outbox().add_token({"water", identity(1), kToken});
    const auto first = outbox().append(DatasetId{0}, reading_of(kToken).all());
    io.poll();
    const auto second = outbox().append(DatasetId{0}, reading_of(kToken).all());
    gate.set_value();
    REQUIRE((first && second));
    CHECK_FALSE(run(outbox().committed(*first)));
    CHECK(run(outbox().committed(*second)));
    CHECK(stored_token(1) == kToken);
}

TEST_CASE_METHOD(
    TokenFixture, "an erasure forgets the token, and the next one is new", "[buffer][token]"
) {
    open();
    CHECK(take(1, kToken));
    CHECK(take(2, "zzzzzyyyyyxxxxxwwwwwvvvvv3"));
    confirm(0, 0);
    const auto generation = outbox().vault_generation();
    erase({"", kToken});
    CHECK(outbox().vault_generation() != generation);
    CHECK(token_of(1).empty());
    CHECK(token_of(2) == "zzzzzyyyyyxxxxxwwwwwvvvvv3");
    CHECK(stored_token(1) == std::nullopt);
    CHECK(take(1, "fffffggggghhhhhiiiiijjjjj4"));
    CHECK(stored_token(1) == "fffffggggghhhhhiiiiijjjjj4");
    erase({"tenant", "\"zzzzzyyyyyxxxxxwwwwwvvvvv3\""});
    CHECK(token_of(2).empty());
}

TEST_CASE_METHOD(
    TokenFixture, "nothing on the disk has an erased token", "[buffer][token][erasure]"
) {
    settings.uplinks.clear();  // no recipient has still to be told by it
    open();
    CHECK(take(1, kToken));
    CHECK(take(2, "zzzzzyyyyyxxxxxwwwwwvvvvv3"));
    erase({"", kToken});
    close();
    CHECK_FALSE(files_hold(kToken));
    CHECK(files_hold("zzzzzyyyyyxxxxxwwwwwvvvvv3"));
}

TEST_CASE_METHOD(TokenFixture, "a vault goes with its dataset's last readings", "[buffer][token]") {
    settings.datasets = {dataset("air"), dataset("water")};
    open();
    outbox().add_token({"water", identity(1), kToken});
    CHECK(store(1, reading_of(kToken)));
    settings.datasets.pop_back();
    reopen();
    CHECK(token_of(1) == kToken);
    BatchLane& former = outbox().queues(UplinkId{0}).at(1)->lane(Lane::live);
    REQUIRE(run(former.open({})));
    REQUIRE(run(former.confirm()));
    reopen();
    reopen();
    CHECK(token_of(1).empty());
}

TEST_CASE("the vault is bounded", "[buffer][token]") {
    std::vector<VaultToken> rows;
    for (unsigned i = 0; i + 1 < TokenVault::kTokensMax; ++i) {
        IdentityPrint print{};
        std::memcpy(print.data(), &i, sizeof i);
        rows.push_back({"water", print, "token"});
    }
    TokenVault vault(rows);
    CHECK_FALSE(vault.is_full());
    vault.add({"air", identity(1), kToken});
    CHECK(vault.is_full());
    CHECK(vault.take_new().size() == 1);
    CHECK(vault.take_new().empty());
    const std::vector<VaultToken> forgotten{{"air", identity(1), kToken}};
    vault.forget(forgotten);
    CHECK_FALSE(vault.is_full());
}
