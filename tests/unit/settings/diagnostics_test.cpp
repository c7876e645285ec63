#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

#include <string>

// One mistake in a configuration that is right otherwise: one diagnostic, in the line and column of
// the mistake, that says what to write.

using namespace gateway::settings;

namespace {

struct Mistake {
    const char* from;
    const char* to;
    const char* diagnostic;
};

void check_mistakes(std::initializer_list<Mistake> mistakes) {
    for (const Mistake& mistake : mistakes) {
        INFO(mistake.from << " -> " << mistake.to);
        CHECK(
            sample::diagnostics_of(sample::with(mistake.from, mistake.to)) ==
            std::string{mistake.diagnostic} + '\n'
        );
    }
}

}  // namespace

TEST_CASE("a key that does not exist is an error with a suggestion", "[settings]") {
    check_mistakes(
        {{"id = \"tunis-bardo-07\"",
          "id = \"a\"\ncitty = \"Tunis\"",
          "f.toml:3:1: 'citty' is not a key of [gateway]: did you mean 'city'?"},
         {"id = \"tunis-bardo-07\"",
          "id = \"a\"\nzone = 3",
          "f.toml:3:1: 'zone' is not a key of [gateway]: remove it, or write one of: id, city, "
          "language, state_directory, firmware_keys"},
         {"[gateway]",
          "[bufer]\n[gateway]",
          "f.toml:1:2: 'bufer' is not a key of the configuration: did you mean 'buffer'?"},
         {"\"/m3\", unit",
          "\"/m3\", unitt = \"m3\", unit",
          "f.toml:12:56: 'unitt' is not a key of readings: did you mean 'unit'?"}}
    );
}

TEST_CASE("a key of another driver or format is told so", "[settings]") {
    check_mistakes(
        {{"driver = \"coap\"",
          "driver = \"coap\"\nqos = 1",
          "f.toml:17:1: 'qos' is not a key of [[source]]: it belongs to driver = \"mqtt\": remove "
          "it here"},
         {"format = \"senml-json\"",
          "format = \"senml-json\"\npayload = \"cayenne-lpp\"",
          "f.toml:19:1: 'payload' is not a key of [[source]]: it belongs to an envelope such as "
          "format = \"chirpstack\": remove it here"},
         {"kind = \"http\"",
          "kind = \"http\"\ntopic = \"x\"",
          "f.toml:38:1: 'topic' is not a key of [[uplink]]: it belongs to kind = \"mqtt\": remove "
          "it here"}}
    );
}

TEST_CASE("a key that is missing is reported at its table", "[settings]") {
    check_mistakes(
        {{"id = \"tunis-bardo-07\"", "", "f.toml:1:1: 'id' is missing in [gateway]: add id = …"},
         {"purpose = \"leak detection\"\n",
          "",
          "f.toml:20:1: 'purpose' is missing in [[dataset]]: add purpose = …"},
         {"driver = \"coap\"\n",
          "",
          "f.toml:14:1: 'driver' is missing in [[source]]: add driver = …"},
         {"topics = [\"air/{device}\"]\n",
          "",
          "f.toml:14:1: this source has no 'topics': add topics = [\"water/{device}/reading\"], as "
          "the devices send"},
         {", unit = \"m3\"", "", "f.toml:12:13: 'unit' is missing in readings: add unit = …"}}
    );
}

TEST_CASE("a value of the wrong type says what to write", "[settings]") {
    check_mistakes(
        {{"id = \"tunis-bardo-07\"",
          "id = 7",
          "f.toml:2:6: 'id' is a whole number: write a name in quotes"},
         {"name = \"city\"",
          "name = true",
          "f.toml:36:8: 'name' is true or false: write a name in quotes"},
         {"topics = [\"water/{device}/reading\"]",
          "topics = \"water\"",
          "f.toml:8:10: 'topics' is a text: write a list such as [\"water/{device}/reading\"]"},
         {"device = \"pseudonym\"",
          "device = 1979-05-27",
          "f.toml:26:10: 'device' is a date: write one of \"pseudonym\", \"token\", "
          "\"keep\", \"mac\", \"phone\""}}
    );
}

TEST_CASE("a list in place of a table, and a table in place of a list, are told", "[settings]") {
    CHECK(sample::diagnostics_of("gateway = [1]\n")
              .starts_with("f.toml:1:11: 'gateway' must be a table: write [gateway]"));
    const auto text = sample::with("[[uplink]]", "[uplink]");
    CHECK(
        sample::diagnostics_of(text).find("f.toml:35:1: 'uplink' is a table: write [[uplink]] "
                                          "with two brackets") != std::string::npos
    );
}

TEST_CASE("numbers, sizes and durations have bounds and units", "[settings]") {
    check_mistakes(
        {{"topics = [\"water",
          "qos = 3\ntopics = [\"water",
          "f.toml:8:7: 'qos' is out of bounds: write something from 0 to 2"},
         {"kind = \"http\"",
          "kind = \"http\"\nbatch_bytes_max = \"64 MiB\"",
          "f.toml:38:19: 'batch_bytes_max' is out of bounds: write something from 1 KiB to 16 MiB"},
         {"kind = \"http\"",
          "kind = \"http\"\nbatch_bytes_max = \"64 megs\"",
          "f.toml:38:19: 'batch_bytes_max' is not a size: write a whole number and its unit in "
          "quotes, such as \"512 KiB\" or \"2 GiB\""},
         {"kind = \"http\"",
          "kind = \"http\"\nbatch_age_max = 5",
          "f.toml:38:17: 'batch_age_max' is not a duration: write a whole number and its unit in "
          "quotes, such as \"50 ms\", \"30 s\", \"15 min\", \"1 h\", \"30 d\" or \"P30D\""},
         {"legal_basis = \"public task\"",
          "legal_basis = \"x\"\nretention = \"PT1M\"",
          "f.toml:24:13: 'retention' is out of bounds: write something from 1 h to 3650 d"},
         {"kind = \"http\"",
          "kind = \"http\"\nretry_min = \"10 min\"",
          "f.toml:38:13: 'retry_min' is above 'retry_max': write a shorter 'retry_min' or a longer "
          "'retry_max'"}}
    );
}

TEST_CASE("words out of a fixed set are listed", "[settings]") {
    check_mistakes(
        {{"driver = \"mqtt\"",
          "driver = \"zigbee\"",
          "f.toml:6:10: 'driver' cannot be \"zigbee\": write one of \"mqtt\", "
          "\"mqtt-listener\", \"coap\", \"serial\", "
          "\"simulator\", \"replay\""},
         {"format = \"senml-json\"",
          "format = \"senml\"",
          "f.toml:18:10: 'format' cannot be \"senml\": write one of \"json\", \"senml-json\", "
          "\"senml-cbor\", \"protobuf\", \"chirpstack\", \"the-things-stack\", \"cayenne-lpp\""},
         {"topics = [\"water",
          "version = \"3.1\"\ntopics = [\"water",
          "f.toml:8:11: 'version' cannot be \"3.1\": write one of \"5\", \"3.1.1\""}}
    );
}

TEST_CASE("names are well formed and stand once", "[settings]") {
    check_mistakes(
        {{"name = \"city\"",
          "name = \"the city\"",
          "f.toml:36:8: \"the city\" is not a name: write 1 to 64 letters without accents, digits, "
          "'.', '_' or '-', beginning with a letter or digit"},
         {"name = \"air\"\ndriver",
          "name = \"meters\"\ndriver",
          "f.toml:15:8: there is another [[source]] named \"meters\": give each a name of its own"}}
    );
}

TEST_CASE("a dataset that nobody declared is an error with a suggestion", "[settings]") {
    check_mistakes(
        {{"url = \"https://data",
          "datasets = [\"water\", \"aire\", \"air\"]\nurl = \"https://data",
          "f.toml:38:22: there is no dataset \"aire\": did you mean 'air'?"}}
    );
}

TEST_CASE("a dataset without a rule for the device is refused", "[settings]") {
    check_mistakes(
        {{"device = \"pseudonym\"\n",
          "location = \"drop\"\n",
          "f.toml:25:1: no rule says what happens to the device's name: add device = "
          "\"pseudonym\", or \"keep\" where no device belongs to a person"}}
    );
}

TEST_CASE("a rule must fit its field and its parameters", "[settings]") {
    check_mistakes(
        {{"device = \"pseudonym\"",
          "device = \"drop\"",
          "f.toml:26:10: 'device' cannot be \"drop\": write one of \"pseudonym\", \"token\", "
          "\"keep\", \"mac\", \"phone\""},
         {"device = \"pseudonym\"",
          "device = \"pseudonym\"\ntime = \"round\"",
          "f.toml:27:8: 'time' cannot be \"round\": write one of \"coarsen\", \"keep\""},
         {"device = \"pseudonym\"",
          "device = \"pseudonym\"\nvalue = { rule = \"round\", step = 0 }",
          "f.toml:27:34: 'step' must be above 0: write the step to round to, such as 0.5"},
         {"device = \"pseudonym\"",
          "device = \"pseudonym\"\nlocation = { rule = \"grid\", meters = 500 }",
          "f.toml:27:29: 'meters' is not a key of location: did you mean 'metres'?"},
         {"device = \"pseudonym\"",
          "device = { epoch = \"P1M\" }",
          "f.toml:26:10: 'rule' is missing in device: add rule = …"},
         {"epoch = \"P1M\"",
          "epoch = \"PT1H\"",
          "f.toml:33:40: 'epoch' is out of bounds: write something from 1 d to 366 d"}}
    );
}

TEST_CASE("a mapping knows its quantities and units", "[settings]") {
    check_mistakes(
        {{"\"water.volume\"",
          "\"water.volum\"",
          "f.toml:12:26: there is no quantity \"water.volum\": did you mean 'water.volume'?"},
         {"unit = \"m3\"",
          "unit = \"bar\"",
          "f.toml:12:63: \"bar\" is not a unit of water.volume: write \"m3\", or a decimal "
          "multiple "
          "of it"},
         {"path = \"/m3\"",
          "path = \"m3\"",
          "f.toml:12:49: \"m3\" is not a JSON pointer: write each level after a '/', such as "
          "\"/meter/m3\""},
         {"dataset = \"air\"\n",
          "dataset = \"air\"\nquantities = { t = \"air.temprature\" }\n",
          "f.toml:20:20: there is no quantity \"air.temprature\": did you mean "
          "'air.temperature'?"}}
    );
}

TEST_CASE(
    "a mapping may use multiples of a unit and quantities of the configuration", "[settings]"
) {
    CHECK(sample::diagnostics_of(sample::with("unit = \"m3\"", "unit = \"L\"")).empty());
    const auto own = sample::with("\"water.volume\"", "\"well.depth\"") +
                     "[[quantity]]\nname = \"well.depth\"\nunit = \"m3\"\nmin = 0\n";
    CHECK(sample::diagnostics_of(own).empty());
}

TEST_CASE("a quantity of the configuration is checked too", "[settings]") {
    const auto with_quantity = [](const std::string& lines) {
        return sample::diagnostics_of(
            std::string{sample::kConfiguration} + "[[quantity]]\n" + lines
        );
    };
    CHECK(
        with_quantity("name = \"Well\"\nunit = \"m\"\n").starts_with("f.toml:40:8: \"Well\" is not")
    );
    CHECK(with_quantity("name = \"well\"\nunit = \"a b\"\n")
              .starts_with("f.toml:41:8: \"a b\" is not"));
    CHECK(with_quantity("name = \"well\"\nunit = \"m\"\nmin = 2\nmax = 1\n")
              .starts_with("f.toml:39:1: 'min' is above 'max'"));
}

TEST_CASE("topics are checked level by level", "[settings]") {
    check_mistakes(
        {{"\"water/{device}/reading\"",
          "\"water/#/reading\"",
          "f.toml:8:11: \"water/#/reading\" has # before its end: write + for a level in between"},
         {"\"water/{device}/reading\"",
          "\"water/m{device}\"",
          "f.toml:8:11: \"water/m{device}\" has a wildcard inside a level: let {name}, + and # "
          "stand alone between two '/'"},
         {"\"water/{device}/reading\"",
          "\"{device}/{device}\"",
          "f.toml:8:11: \"{device}/{device}\" names the device twice: keep one {device} level"},
         {"\"water/{device}/reading\"",
          "\"water/{device}/reading\", \"water/all\"",
          "f.toml:8:37: nothing says which device a message is from: write {device} for the level "
          "that names it, or device = \"/…\" in [source.json]"},
         {"\"air/{device}\"",
          "\"/air/{device}\"",
          "f.toml:17:11: a CoAP path is written without its first '/': write \"air/{device}\""}}
    );
}

TEST_CASE("a device may be named by the message instead of the topic", "[settings]") {
    auto text = sample::with("water/{device}/reading", "water/all");
    text.replace(text.find("[source.json]"), 13, "[source.json]\ndevice = \"/id\"");
    CHECK(sample::diagnostics_of(text).empty());
}

TEST_CASE("two sources may not take the same messages", "[settings]") {
    const auto second = [](const std::string& lines) {
        return sample::diagnostics_of(
            std::string{sample::kConfiguration} +
            "[[source]]\nname = \"other\"\ndataset = \"water\"\nformat = \"senml-json\"\n" + lines
        );
    };
    CHECK(
        second("driver = \"mqtt\"\nurl = \"mqtt://127.0.0.1:1883\"\n"
               "topics = [\"water/{meter}/reading\"]\n") ==
        "f.toml:45:11: the source \"meters\" subscribes to the same topics at this broker: write "
        "narrower topics in one of the two\n"
    );
    CHECK(
        second("driver = \"mqtt\"\nurl = \"mqtt://127.0.0.1:1883\"\ntopics = [\"x/{device}\"]\n"
               "client_id = \"passerelle-tunis-bardo-07-meters\"\n") ==
        "f.toml:46:13: another source has this session name at the same broker: write another "
        "'client_id', or leave it out\n"
    );
    CHECK(second("driver = \"mqtt\"\nurl = \"mqtt://127.0.0.2:1883\"\n"
                 "topics = [\"water/{meter}/reading\"]\n")
              .empty());
    CHECK(
        second("driver = \"coap\"\nlisten = \"127.0.0.1:5683\"\ntopics = [\"x\"]\n") ==
        "f.toml:44:10: another listener has the port 5683 already: write another port, or "
        "put the topics into one source\n"
    );
    CHECK(second("driver = \"coap\"\nlisten = \"127.0.0.1:5685\"\ntopics = [\"x\"]\n").empty());
}

TEST_CASE("addresses and URLs are well formed", "[settings]") {
    check_mistakes(
        {{"driver = \"coap\"",
          "driver = \"coap\"\nlisten = \"127.0.0.1:70000\"",
          "f.toml:17:10: \"127.0.0.1:70000\" is not an address to listen on: write a numeric "
          "address and a port up to 65535, such as \"127.0.0.1:5683\" or \"[::1]:5683\""},
         {"\"mqtt://127.0.0.1:1883\"",
          "\"http://127.0.0.1:1883\"",
          "f.toml:7:7: 'url' is not a URL that can be used here: write mqtt://host:port"},
         {"\"https://data.example.org/v1/batches\"",
          "\"data.example.org\"",
          "f.toml:38:7: 'url' is not a URL that can be used here: write https://host:port"}}
    );
}

TEST_CASE("a listener that anyone can use must be meant", "[settings]") {
    check_mistakes(
        {{"driver = \"coap\"",
          "driver = \"coap\"\nlisten = \"0.0.0.0:5683\"",
          "f.toml:17:10: anyone who reaches 0.0.0.0:5683 could send readings in any device's name: "
          "use listen_secure with device_keys and listen = \"\", or say anonymous = true"},
         {"driver = \"coap\"",
          "driver = \"coap\"\nlisten = \"0.0.0.0:5683\"\nanonymous = true",
          "f.toml:17:10: warning: anyone who reaches 0.0.0.0:5683 can send readings in any "
          "device's name: use listen_secure with device_keys where the devices can"},
         {"driver = \"coap\"",
          "driver = \"coap\"\nlisten_secure = \"0.0.0.0:5684\"",
          "f.toml:17:17: DTLS needs the devices' keys: add device_keys = { file = "
          "\"/etc/passerelle/keys\" }, whose lines passerelle device add writes"},
         {"driver = \"coap\"",
          "driver = \"coap\"\nlisten = \"\"",
          "f.toml:17:10: this source listens nowhere: write listen_secure = \"0.0.0.0:5684\" for "
          "DTLS, or listen = \"127.0.0.1:5683\""}}
    );
}

TEST_CASE("what works but is probably not meant is a warning", "[settings]") {
    check_mistakes(
        {{"device = \"pseudonym\"",
          "device = \"keep\"",
          "f.toml:26:10: warning: the devices' names are stored and sent as they are: write device "
          "= \"pseudonym\" if a device can be tied to a person, or { rule = \"keep\", class = "
          "\"public\" } if none can"},
         {"https://data.example.org",
          "http://data.example.org",
          "f.toml:38:7: warning: readings travel to data.example.org in the clear: write https:// "
          "unless a VPN carries them"},
         {"dataset = \"air\"",
          "dataset = \"water\"",
          "f.toml:29:8: warning: no source feeds the dataset \"air\": add a [[source]] with "
          "dataset "
          "= \"air\", or remove the dataset"},
         {"kind = \"http\"",
          "kind = \"http\"\ndatasets = [\"water\"]",
          "f.toml:29:8: warning: no uplink takes the dataset \"air\": its readings stay here until "
          "their retention ends: add \"air\" to the datasets of an [[uplink]]"},
         {"[gateway]",
          "[status]\nlisten = \"0.0.0.0:80\"\n[gateway]",
          "f.toml:2:10: warning: every machine that reaches this one can read the status page: "
          "write \"127.0.0.1:80\" and come through SSH, or let a firewall decide"},
         {"[gateway]",
          "[buffer]\nlinger = \"50 ms\"\n[gateway]",
          "f.toml:2:10: warning: each message of an MQTT source waits so long: at most 20 a second "
          "are taken: remove 'linger' unless the messages are few and the card must be spared"}}
    );
    CHECK(sample::load(sample::with("device = \"pseudonym\"", "device = \"keep\"")).settings);
    CHECK(
        sample::diagnostics_of(sample::with("https://data.example.org", "http://127.0.0.1")).empty()
    );
}

TEST_CASE("the simulator is told what it cannot write", "[settings]") {
    CHECK(
        sample::diagnostics_of(
            std::string{sample::kConfiguration} +
            "[[source]]\nname = \"sim\"\ndataset = \"air\"\nformat = \"senml-cbor\"\n"
            "driver = \"simulator\"\n"
        ) ==
        "f.toml:42:10: the simulator cannot write senml-cbor: write format = \"senml-json\" or "
        "\"json\"\n"
    );
}
