#pragma once
#include "gateway/settings/settings.hpp"

#include <string>
#include <string_view>

namespace gateway::cli {

// What somebody who holds readings could do with them, by the three criteria of opinion 05/2014 of
// the Article 29 working party: single a person out, link records of one person, infer something.
enum class Resistance : std::uint8_t {
    no_person,  // nobody is behind a device, says the configuration
    no,
    partly,
    yes,
};

// What readings are when they are stored or delivered.
enum class OutputClass : std::uint8_t {
    device_readings,     // of things; the device's class is "public", and no field tells a person
    named_curve,         // a device's name as it is, and what it measured
    pseudonymous_curve,  // a pseudonym, and what the device behind it measured
    nameless_readings,   // without a device
    group_sums,          // of enough devices
    noised_sums,         // with noise that bounds what can be told of one device
};

struct Exposure {
    OutputClass output = OutputClass::named_curve;
    Resistance singling_out = Resistance::no;
    Resistance linkability = Resistance::no;
    Resistance inference = Resistance::no;
};

// Of a dataset as it is stored or, with a contract, as its recipient gets it. Where the
// configuration leaves open whether a person is behind a device, one is.
Exposure exposure_of(
    const settings::Settings& settings,
    const settings::Dataset& dataset,
    const settings::Contract* contract = nullptr
);

// Whether it is personal data in the meaning of GDPR art. 4(1). A pseudonymised curve always is.
bool is_personal(OutputClass output);

// Words for a machine: "pseudonymous-curve", "partly".
std::string_view to_string(OutputClass output);
std::string_view to_string(Resistance resistance);

// For people.
const char* output_words(OutputClass output);
const char* resistance_words(Resistance resistance);
// Sentences: what that means for a person.
const char* exposure_statement(OutputClass output);

}  // namespace gateway::cli
