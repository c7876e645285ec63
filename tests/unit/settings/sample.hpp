#pragma once
#include "gateway/settings/loader.hpp"

#include <string>
#include <string_view>

// A configuration that is right, and what a change to it provokes.
namespace sample {

inline constexpr std::string_view kConfiguration = R"toml([gateway]
id = "tunis-bardo-07"

[[source]]
name = "meters"
driver = "mqtt"
url = "mqtt://127.0.0.1:1883"
topics = ["water/{device}/reading"]
format = "json"
dataset = "water"
[source.json]
readings = [{ quantity = "water.volume", path = "/m3", unit = "m3" }]

[[source]]
name = "air"
driver = "coap"
topics = ["air/{device}"]
format = "senml-json"
dataset = "air"
[[dataset]]
name = "water"
purpose = "leak detection"
legal_basis = "public task"
consent_ref = "register of consents, 2026"
[dataset.fields]
device = "pseudonym"

[[dataset]]
name = "air"
purpose = "air quality"
legal_basis = "public task"
[dataset.fields]
device = { rule = "pseudonym", epoch = "P1M" }

[[uplink]]
name = "city"
kind = "http"
url = "https://data.example.org/v1/batches"
)toml";

// The sample with the first `from` replaced; fails the test if it is not there.
std::string with(std::string_view from, std::string_view to);

gateway::settings::LoadResult load(std::string_view text);

// The diagnostics as text, one a line.
std::string diagnostics_of(std::string_view text);

}  // namespace sample
