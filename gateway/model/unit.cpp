#include "gateway/model/unit.hpp"

#include "gateway/model/vocabulary_table.hpp"

#include <algorithm>
#include <array>

namespace gateway::model {
namespace {

// A unit and what it measures when nothing else is said.
struct KnownUnit {
    UnitAlias unit;
    std::string_view quantity{};
};

// clang-format off

// The SenML units registry, RFC 8428 section 12.1, with the primary units of RFC 8798 section 2.
constexpr auto kPrimary = std::to_array<KnownUnit>({
    {{"m", "m"}, "distance"},
    {{"kg", "kg"}, "mass"},
    {{"g", "g"}, "mass"},
    {{"s", "s"}, "time"},
    {{"A", "A"}, "current"},
    {{"K", "K"}, "temperature.absolute"},
    {{"cd", "cd"}, "luminous.intensity"},
    {{"mol", "mol"}, "amount"},
    {{"Hz", "Hz"}, "frequency"},
    {{"rad", "rad"}, "angle"},
    {{"sr", "sr"}, "solid_angle"},
    {{"N", "N"}, "force"},
    {{"Pa", "Pa"}, "pressure"},
    {{"J", "J"}, "work"},
    {{"W", "W"}, "power"},
    {{"C", "C"}, "electric.charge"},
    {{"V", "V"}, "voltage"},
    {{"F", "F"}, "capacitance"},
    {{"Ohm", "Ohm"}, "resistance"},
    {{"S", "S"}, "conductance"},
    {{"Wb", "Wb"}, "magnetic.flux"},
    {{"T", "T"}, "magnetic.flux_density"},
    {{"H", "H"}, "inductance"},
    {{"Cel", "Cel"}, "temperature"},
    {{"lm", "lm"}, "luminous.flux"},
    {{"lx", "lx"}, "illuminance"},
    {{"Bq", "Bq"}, "radiation.activity"},
    {{"Gy", "Gy"}, "radiation.absorbed_dose"},
    {{"Sv", "Sv"}, "radiation.equivalent_dose"},
    {{"kat", "kat"}, "catalytic.activity"},
    {{"m2", "m2"}, "area"},
    {{"m3", "m3"}, "volume"},
    {{"l", "L"}, "volume"},
    {{"m/s", "m/s"}, "speed"},
    {{"m/s2", "m/s2"}, "acceleration"},
    {{"m3/s", "m3/s"}, "flow"},
    {{"l/s", "L/s"}, "flow"},
    {{"W/m2", "W/m2"}, "irradiance"},
    {{"cd/m2", "cd/m2"}, "luminance"},
    {{"bit", "bit"}, "information"},
    {{"bit/s", "bit/s"}, "information.rate"},
    {{"lat", "deg"}, "position.latitude"},
    {{"lon", "deg"}, "position.longitude"},
    {{"pH", "[pH]"}, "acidity"},
    {{"dB", "dB"}, "level"},
    {{"dBW", "dB[W]"}, "power.level"},
    {{"Bspl", "dB[SPL]", 1}, "noise.level"},
    {{"count", "1"}, "count"},
    {{"/", "1"}, "ratio"},
    {{"%", "%"}, "percentage"},
    {{"%RH", "%"}, "humidity"},
    {{"%EL", "%"}, "battery.level"},
    {{"EL", "s"}, "battery.remaining"},
    {{"1/s", "/s"}, "rate"},
    {{"1/min", "/min"}, "rotation.speed"},
    {{"beat/min", "/min"}, "heart.rate"},
    {{"beats", "1"}, "count"},
    {{"S/m", "S/m"}, "conductivity"},
    {{"B", "By"}, "information.bytes"},
    {{"VA", "V.A"}, "power.apparent"},
    {{"VAs", "V.A.s"}},
    {{"var", "var"}, "power.reactive"},
    {{"vars", "var.s"}},
    {{"J/m", "J/m"}},
    {{"kg/m3", "kg/m3"}, "density"},
    {{"deg", "deg"}, "direction"},
    {{"NTU", "{NTU}"}, "turbidity"},
});

// The secondary units, RFC 8798 section 3 and what the registry has gained since.
constexpr auto kSecondary = std::to_array<KnownUnit>({
    {{"ms", "ms"}, "time"},
    {{"min", "min"}},
    {{"h", "h"}},
    {{"MHz", "MHz"}, "frequency"},
    {{"kW", "kW"}, "power"},
    {{"kVA", "kV.A"}, "power.apparent"},
    {{"kvar", "kvar"}, "power.reactive"},
    {{"Ah", "A.h"}, "charge"},
    {{"Wh", "W.h"}, "energy"},
    {{"kWh", "kW.h"}, "energy"},
    {{"varh", "var.h"}, "energy.reactive"},
    {{"kvarh", "kvar.h"}, "energy.reactive"},
    {{"VAh", "V.A.h"}, "energy.apparent"},
    {{"kVAh", "kV.A.h"}, "energy.apparent"},
    {{"Wh/km", "W.h/km"}},
    {{"KiB", "KiBy"}},
    {{"GB", "GBy"}, "information.bytes"},
    {{"Mbit/s", "Mbit/s"}, "information.rate"},
    {{"B/s", "By/s"}},
    {{"MB/s", "MBy/s"}},
    {{"mV", "mV"}, "voltage"},
    {{"mA", "mA"}, "current"},
    {{"dBm", "dB[mW]"}, "radio.rssi"},
    {{"ug/m3", "ug/m3"}, "density"},
    {{"mm/h", "mm/h"}, "weather.rain.rate"},
    {{"m/h", "m/h"}},
    {{"ppm", "[ppm]"}, "concentration"},
    {{"ppb", "[ppb]"}, "concentration"},
    {{"ppt", "[pptr]"}, "concentration"},
    {{"/100", "%"}, "percentage"},
    {{"/1000", "[ppth]"}, "ratio"},
    {{"hPa", "hPa"}, "pressure"},
    {{"mm", "mm"}, "distance"},
    {{"cm", "cm"}, "distance"},
    {{"km", "km"}, "distance"},
    {{"km/h", "km/h"}},
    {{"mg/l", "mg/L"}, "density"},
    {{"ug/l", "ug/L"}, "density"},
    {{"g/l", "g/L"}, "density"},
});

// How people and devices write units outside SenML.
constexpr auto kSpellings = std::to_array<KnownUnit>({
    {{"°C", "Cel"}, "temperature"},
    {{"℃", "Cel"}, "temperature"},
    {{"degC", "Cel"}, "temperature"},
    {{"celsius", "Cel"}, "temperature"},
    {{"Celsius", "Cel"}, "temperature"},
    {{"°F", "[degF]"}},
    {{"degF", "[degF]"}},
    {{"m²", "m2"}, "area"},
    {{"m³", "m3"}, "volume"},
    {{"m^3", "m3"}, "volume"},
    {{"dm³", "dm3"}, "volume"},
    {{"hl", "hL"}, "volume"},
    {{"ml", "mL"}, "volume"},
    {{"m³/h", "m3/h"}},
    {{"m^3/h", "m3/h"}},
    {{"m³/s", "m3/s"}, "flow"},
    {{"l/h", "L/h"}},
    {{"l/min", "L/min"}},
    {{"MWh", "MW.h"}, "energy"},
    {{"GWh", "GW.h"}, "energy"},
    {{"mAh", "mA.h"}, "charge"},
    {{"MW", "MW"}, "power"},
    {{"VAr", "var"}, "power.reactive"},
    {{"VArh", "var.h"}, "energy.reactive"},
    {{"kVAr", "kvar"}, "power.reactive"},
    {{"kVArh", "kvar.h"}, "energy.reactive"},
    {{"µV", "uV"}, "voltage"},
    {{"µA", "uA"}, "current"},
    {{"µm", "um"}, "distance"},
    {{"kV", "kV"}, "voltage"},
    {{"kA", "kA"}, "current"},
    {{"Ω", "Ohm"}, "resistance"},
    {{"ohm", "Ohm"}, "resistance"},
    {{"kHz", "kHz"}, "frequency"},
    {{"kPa", "kPa"}, "pressure"},
    {{"MPa", "MPa"}, "pressure"},
    {{"bar", "bar"}, "pressure"},
    {{"mbar", "mbar"}, "pressure"},
    {{"µg/m³", "ug/m3"}, "density"},
    {{"μg/m³", "ug/m3"}, "density"},
    {{"µg/m3", "ug/m3"}, "density"},
    {{"ug/m³", "ug/m3"}, "density"},
    {{"mg/m³", "mg/m3"}, "density"},
    {{"µg/L", "ug/L"}, "density"},
    {{"W/m²", "W/m2"}, "irradiance"},
    {{"mW/cm2", "W/m2", 1}, "irradiance"},
    {{"m/s²", "m/s2"}, "acceleration"},
    {{"µS/cm", "uS/cm"}, "conductivity"},
    {{"mS/cm", "mS/cm"}, "conductivity"},
    {{"lux", "lx"}, "illuminance"},
    {{"dBA", "dB[SPL]"}, "noise.level"},
    {{"dB(A)", "dB[SPL]"}, "noise.level"},
    {{"percent", "%"}, "percentage"},
    {{"°", "deg"}, "direction"},
    {{"°/s", "deg/s"}},
    {{"rpm", "/min"}, "rotation.speed"},
    {{"sec", "s"}, "time"},
    {{"hour", "h"}},
    {{"hours", "h"}},
    {{"kmh", "km/h"}},
});

// clang-format on

template <std::size_t Size>
const KnownUnit* find_in(const std::array<KnownUnit, Size>& table, std::string_view text) {
    const auto* found = std::find_if(table.begin(), table.end(), [&](const KnownUnit& known) {
        return known.unit.alias == text;
    });
    return found == table.end() ? nullptr : found;
}

const KnownUnit* find_known(std::string_view text) {
    if (const auto* primary = find_in(kPrimary, text)) return primary;
    if (const auto* secondary = find_in(kSecondary, text)) return secondary;
    return find_in(kSpellings, text);
}

}  // namespace

std::optional<UnitAlias> find_unit(std::string_view text) {
    if (const auto* known = find_known(text)) return known->unit;
    const auto in_vocabulary = [&](const BuiltInQuantity& entry) { return entry.unit == text; };
    const auto built_in = built_in_quantities();
    const auto used = std::find_if(built_in.begin(), built_in.end(), in_vocabulary);
    if (used == built_in.end()) return std::nullopt;
    return UnitAlias{used->unit, used->unit};
}

std::string_view quantity_of_unit(std::string_view unit) {
    const auto* known = find_known(unit);
    return known != nullptr ? known->quantity : std::string_view{};
}

}  // namespace gateway::model
