// Messages of a node on a line, through every room up to the disk, and over restarts of the
// gateway.
#include "drivers/serial/serial_driver.hpp"
#include "gateway/pipeline.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "tests/component/drivers/quiet_log.hpp"
#include "tests/component/drivers/reactor_thread.hpp"
#include "tests/support/line_node.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <passerelle/v1/reading.pb.h>

#include <filesystem>

using namespace gateway;
using namespace std::chrono_literals;
using tests::drivers::eventually;
using tests::support::Introduction;
using tests::support::LineNode;

namespace {

constexpr model::Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
constexpr const char* kNode = "kitchen.of.Madame-Trabelsi";

class SerialLine {
  public:
    SerialLine() {
        settings.buffer.path = directory.file("buffer.db");
        settings.gateway.state_directory = directory.file("state");
        auto& dataset = settings.datasets.emplace_back();
        dataset.name = "water";
        dataset.fields["device"] = settings::Pseudonym{};
        settings.uplinks.emplace_back().name = "city";
        auto& source = settings.sources.emplace_back();
        source.name = "line";
        source.dataset = "water";
        source.format.name = "protobuf";
        source.driver = settings::SerialPort{line.path(), 115'200, false, false, {}};
        begin();
    }
    ~SerialLine() { end(); }
    SerialLine(const SerialLine&) = delete;
    SerialLine& operator=(const SerialLine&) = delete;

    void begin() {
        reactor.call([this] {
            buffer::Outbox::Environment environment{reactor.executor(), storage, clock, {}};
            auto opened = buffer::Outbox::open(std::move(environment), settings);
            if (opened) outbox = std::move(*opened);
            pipeline = std::make_unique<Pipeline>(settings, *outbox, keys, clock, "guard key");
            static_cast<void>(pipeline->prepare());
            driver = std::make_unique<::drivers::serial::SerialDriver>(
                settings.sources[0],
                ::drivers::Surroundings{
                    model::SourceId{0}, *pipeline, *pipeline, reactor.executor(), clock, log}
            );
            static_cast<void>(driver->start());
        });
    }

    void end() {
        reactor.await(driver->stop());
        reactor.await(outbox->close());
        reactor.call([this] {
            driver.reset();
            pipeline.reset();
            outbox.reset();
        });
    }

    std::uint64_t stored() {
        return reactor.call([this] { return outbox->ledger().stored; });
    }

    tests::support::TemporaryDirectory directory;
    tests::support::PseudoTerminal line;
    settings::Settings settings;
    runtime::ManualClock clock{kNow};
    tests::drivers::QuietLog log;
    tests::drivers::ReactorThread reactor;
    runtime::WorkerThread storage{"storage"};
    anonymise::KeyDirectory keys{directory.file("keys")};
    std::unique_ptr<buffer::Outbox> outbox;
    std::unique_ptr<Pipeline> pipeline;
    std::unique_ptr<::drivers::serial::SerialDriver> driver;
};

// Each with a time of its own, so that the guard against repeated readings sees none.
std::string volume(int litres, const char* device = "") {
    passerelle::v1::Readings message;
    message.set_device(device);
    auto* reading = message.add_readings();
    reading->set_quantity("water.volume");
    reading->mutable_decimal()->set_mantissa(litres);
    reading->mutable_decimal()->set_exponent(-3);
    reading->set_observed_at_ms(kNow.time_since_epoch().count() + litres);
    return message.SerializeAsString();
}

Introduction who(std::uint32_t next = 1) {
    Introduction node;
    node.name = kNode;
    node.next = next;
    return node;
}

}  // namespace

TEST_CASE_METHOD(SerialLine, "a message is stored once, over restarts too", "[serial]") {
    LineNode node(line);
    node.enter(who());
    for (std::uint32_t sequence = 1; sequence <= 40; ++sequence) {
        node.say_readings(sequence, volume(static_cast<int>(sequence)));
        node.await_stored(sequence + 1);
    }
    CHECK(stored() == 40);
    for (int restart = 0; restart < 2; ++restart) {
        end();
        begin();
        CHECK(node.enter(who(39)).sequence == 41);  // it had not heard of the last two
    }
    end();
    begin();
    // A node that believes that nothing of it was ever acknowledged.
    CHECK(node.enter(who(1)).sequence == 41);
    node.say_readings(41, volume(41));
    node.await_stored(42);
    CHECK(stored() == 41);
}

TEST_CASE_METHOD(SerialLine, "without its marks a message would be stored again", "[serial]") {
    LineNode node(line);
    node.enter(who());
    node.say_readings(1, volume(1));
    node.await_stored(2);
    Introduction other = who();
    other.incarnation = 4711;  // as if nothing was remembered
    end();
    begin();
    CHECK(node.enter(other).sequence == 1);
    node.say_readings(1, volume(1));
    node.await_stored(2);
    CHECK(stored() == 2);
}

TEST_CASE_METHOD(SerialLine, "a node speaks for the devices behind it", "[serial]") {
    LineNode node(line);
    node.enter(who());
    node.say_readings(1, volume(1, "cellar"));
    node.await_stored(2);
    CHECK(stored() == 1);
}

TEST_CASE_METHOD(SerialLine, "bytes that are no readings are refused, once", "[serial]") {
    LineNode node(line);
    node.enter(who());
    node.say_readings(1, "\xFF\xFF\xFF");
    CHECK(node.await(LineNode::FrameType::refused).sequence == 1);
    node.await_stored(2);
    node.say_readings(2, volume(2));
    node.await_stored(3);
    CHECK(stored() == 1);
}

TEST_CASE_METHOD(SerialLine, "no file and no log has a node's name", "[serial]") {
    LineNode node(line);
    node.enter(who());
    node.say_readings(1, volume(1));
    node.await_stored(2);
    end();
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path())) {
        if (!entry.is_regular_file()) continue;
        ++files;
        const auto content = tests::support::read_file(entry.path());
        CHECK(content.find("Trabelsi") == std::string::npos);
    }
    CHECK(files >= 2);
    CHECK(log.text().find("Trabelsi") == std::string::npos);
    begin();
}
