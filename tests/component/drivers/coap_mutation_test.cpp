// Packets that no client would send: the process stays up, its memory is bounded, and a client that
// behaves is served all along.
#include "tests/component/drivers/coap_rig.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <memory>
#include <random>
#include <vector>

using namespace tests::drivers;

namespace {

constexpr int kPackets = 50'000;
constexpr int kPacketsBetweenChecks = 500;
constexpr std::size_t kAttackers = 40;
#ifdef __SANITIZE_ADDRESS__
constexpr bool kIsSanitized = true;  // keeps what is freed for a while
#else
constexpr bool kIsSanitized = false;
#endif

std::vector<CoapMessage> specimens() {
    std::vector<CoapMessage> all;
    CoapMessage plain = coap_post(1, "air/a-1/reading", R"({"pm":12})");
    all.push_back(plain);
    plain.options.push_back({kContentFormat, std::string(1, 50)});
    plain.options.push_back({kMaxAge, std::string("\x01\x00", 2)});
    all.push_back(plain);
    for (const char value : {'\x08', '\x18', '\x10', '\x0e', '\0'}) {
        CoapMessage blocks = coap_post(2, "air/a-1", std::string(16, 'x'));
        blocks.options.push_back({kBlock1, std::string(1, value)});
        blocks.options.push_back({kSize1, std::string("\x40")});
        all.push_back(blocks);
    }
    CoapMessage get = coap_post(3, ".well-known/core", "");
    get.code = 1;
    all.push_back(get);
    CoapMessage proxy = coap_post(4, "a", "1");
    proxy.options.push_back({35, "coap://[::1]/x"});
    all.push_back(proxy);
    return all;
}

class Mutator {
  public:
    explicit Mutator(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t bound) { return random_() % bound; }

    std::string mutated(std::string packet) {
        for (std::size_t changes = below(4); changes > 0; --changes) {
            if (packet.empty()) return packet;
            const std::size_t at = below(packet.size());
            switch (below(5)) {
                case 0:
                    packet[at] = static_cast<char>(random_());
                    break;
                case 1:
                    packet[at] = static_cast<char>(packet[at] ^ (1 << below(8)));
                    break;
                case 2:
                    packet.resize(at);
                    break;
                case 3:
                    packet.insert(at, below(40), static_cast<char>(random_()));
                    break;
                default:
                    packet.erase(at, below(4));
            }
        }
        return packet;
    }

  private:
    std::minstd_rand random_;
};

std::size_t resident_kib() {
    std::ifstream status("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    status >> total >> resident;
    return resident * 4;
}

}  // namespace

TEST_CASE("mutated packets disturb neither the process nor a client that behaves", "[coap]") {
    CoapRig rig;
    rig.sink.forget_frames();
    const CoapPeer client(rig.port());
    std::vector<std::unique_ptr<CoapPeer>> attackers;
    for (std::size_t i = 0; i < kAttackers; ++i)
        attackers.push_back(std::make_unique<CoapPeer>(rig.port()));
    Mutator mutator(2026);
    auto templates = specimens();
    std::size_t settled = 0;
    for (int packet = 0; packet < kPackets; ++packet) {
        CoapMessage message = templates[mutator.below(templates.size())];
        message.id = static_cast<std::uint16_t>(mutator.below(65'536));
        attackers[mutator.below(kAttackers)]->send(mutator.mutated(message.bytes()));
        if (packet % kPacketsBetweenChecks != 0) continue;
        const auto id = static_cast<std::uint16_t>(packet / kPacketsBetweenChecks);
        client.send(coap_post(id, "air/good/reading", std::to_string(packet)));
        const auto response = client.response_to("t" + std::to_string(id));
        REQUIRE(response);
        REQUIRE(response->code == 0x44);
        if (packet == kPackets / 2) settled = resident_kib();
    }
    // What is remembered of so many exchanges is at its bound by half time.
    if (!kIsSanitized) CHECK(resident_kib() < settled + settled / 4);
}
