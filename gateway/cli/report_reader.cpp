#include "gateway/cli/report_reader.hpp"

#include "gateway/model/decimal.hpp"
#include "gateway/observe/report_members.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace gateway::cli {
namespace {

namespace json = boost::json;

const json::value* find(const json::object& object, std::string_view name) {
    return object.if_contains(json::string_view{name.data(), name.size()});
}

// Of a control character at the beginning of a text: U+0080 to U+009F are two bytes; 0: there is
// none.
std::size_t control_at(std::string_view text) {
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte < ' ' || byte == 0x7f) return 1;
    const bool is_pair = byte == 0xc2 && text.size() > 1;
    return is_pair && static_cast<unsigned char>(text[1]) < 0xa0 ? 2 : 0;
}

// Without what would order a terminal about, as in the name that a device gives itself.
std::string as_text(json::string_view value) {
    std::string_view rest{value.data(), value.size()};
    std::string text;
    while (!rest.empty()) {
        const std::size_t control = control_at(rest);
        text += control > 0 ? ' ' : rest.front();
        rest.remove_prefix(std::max<std::size_t>(control, 1));
    }
    return text;
}

void read(const json::object& object, std::string_view name, std::string& into) {
    const json::value* value = find(object, name);
    if (value != nullptr && value->is_string()) into = as_text(value->get_string());
}

void read(const json::object& object, std::string_view name, bool& into) {
    const json::value* value = find(object, name);
    if (value != nullptr && value->is_bool()) into = value->get_bool();
}

template <class Integer>
void read_integer(const json::object& object, std::string_view name, Integer& into) {
    const json::value* value = find(object, name);
    if (value == nullptr) return;
    boost::system::error_code failure;
    const auto number = value->to_number<Integer>(failure);
    if (!failure) into = number;
}

void read(const json::object& object, std::string_view name, std::uint64_t& into) {
    read_integer(object, name, into);
}

void read(const json::object& object, std::string_view name, std::uint32_t& into) {
    read_integer(object, name, into);
}

void read(const json::object& object, std::string_view name, std::int64_t& into) {
    read_integer(object, name, into);
}

template <class Integer>
void read(const json::object& object, std::string_view name, std::optional<Integer>& into) {
    const json::value* value = find(object, name);
    if (value == nullptr || value->is_null()) return;
    read_integer(object, name, into.emplace());
}

void read(const json::object& object, std::string_view name, model::Instant& into) {
    std::string text;
    read(object, name, text);
    if (const auto time = model::parse_rfc3339(text)) into = *time;
}

void read(const json::object& object, std::string_view name, std::optional<model::Instant>& into) {
    std::string text;
    read(object, name, text);
    into = model::parse_rfc3339(text);
}

template <class Count>
void read(const json::object& object, std::string_view name, std::map<std::string, Count>& into) {
    const json::value* value = find(object, name);
    if (value == nullptr || !value->is_object()) return;
    for (const auto& [cause, count] : value->get_object())
        read_integer(value->get_object(), {cause.data(), cause.size()}, into[as_text(cause)]);
}

// Calls `read_one` with each object of an array.
template <class ReadOne>
void read_each(const json::object& object, std::string_view name, ReadOne read_one) {
    const json::value* value = find(object, name);
    if (value == nullptr || !value->is_array()) return;
    for (const json::value& element : value->get_array()) {
        if (element.is_object()) read_one(element.get_object());
    }
}

// Reads one member after another out of an object.
class MemberReader {
  public:
    explicit MemberReader(const json::object& object) : object_(object) {}

    template <class Member>
    void operator()(std::string_view name, Member& member) const {
        read(object_, name, member);
    }

  private:
    const json::object& object_;
};

observe::Problem read_problem(const json::object& object) {
    observe::Problem problem;
    observe::visit_problem(problem, MemberReader{object});
    return problem;
}

observe::UplinkReport read_uplink(const json::object& object) {
    observe::UplinkReport uplink;
    observe::visit_uplink(uplink, MemberReader{object});
    return uplink;
}

observe::SourceReport read_source(const json::object& object) {
    observe::SourceReport source;
    observe::visit_source(source, MemberReader{object});
    return source;
}

observe::SumReport read_sum(const json::object& object) {
    observe::SumReport sum;
    observe::visit_sum(sum, MemberReader{object});
    return sum;
}

void read_ledger(const json::object& object, observe::Report& report) {
    read(object, "received", report.received);
    read(object, "stored", report.stored);
    read(object, "refused", report.refused);
    read(object, "evicted", report.evicted);
    const json::value* uplinks = find(object, "uplinks");
    if (uplinks == nullptr || !uplinks->is_object()) return;
    for (const auto& [name, uplink] : uplinks->get_object()) {
        if (uplink.is_object()) report.uplinks[as_text(name)] = read_uplink(uplink.get_object());
    }
}

// The object under `name`, or an empty one.
const json::object& part(const json::object& object, std::string_view name) {
    static const json::object none;
    const json::value* value = find(object, name);
    return value != nullptr && value->is_object() ? value->get_object() : none;
}

observe::FirmwareReport read_firmware(const json::object& object) {
    observe::FirmwareReport report;
    read_each(object, "updates", [&](const json::object& update) {
        observe::visit_firmware_update(report.updates.emplace_back(), MemberReader{update});
    });
    read_each(object, "devices", [&](const json::object& device) {
        observe::visit_firmware_device(report.devices.emplace_back(), MemberReader{device});
    });
    return report;
}

observe::Report read_report(const json::object& object) {
    observe::Report report;
    read(object, "gateway", report.gateway);
    read(object, "city", report.city);
    read(object, "version", report.version);
    read(object, "uptime_s", report.uptime_s);
    read(object, "running", report.running);
    read(object, "fields_dropped", report.fields_dropped);
    read(object, "devices", report.devices);
    read(object, "consents", report.consents);
    read(object, "restrictions", report.restrictions);
    read_each(object, "problems", [&](const json::object& problem) {
        report.problems.push_back(read_problem(problem));
    });
    read_each(object, "sources", [&](const json::object& source) {
        report.sources.push_back(read_source(source));
    });
    read_each(object, "sums", [&](const json::object& sum) {
        report.sums.push_back(read_sum(sum));
    });
    read_ledger(part(object, "ledger"), report);
    observe::visit_buffer(report.buffer, MemberReader{part(object, "buffer")});
    report.clock.trusted = true;  // an older gateway does not say
    observe::visit_clock(report.clock, MemberReader{part(object, "clock")});
    if (const auto& quarantine = part(object, "quarantine"); !quarantine.empty())
        observe::visit_quarantine(report.quarantine.emplace(), MemberReader{quarantine});
    if (const auto& firmware = part(object, "firmware"); !firmware.empty())
        report.firmware = read_firmware(firmware);
    return report;
}

// A number as people write it.
std::string digits_of(const json::value& number) {
    const auto decimal =
        number.is_double() ? model::decimal_from(number.get_double()) : std::nullopt;
    return decimal ? model::to_string(*decimal) : json::serialize(number);
}

observe::VitalReport read_vital(const json::object& object) {
    observe::VitalReport vital;
    read(object, "quantity", vital.quantity);
    read(object, "unit", vital.unit);
    const json::value* value = find(object, "value");
    if (value != nullptr && value->is_number()) vital.value = digits_of(*value);
    return vital;
}

observe::DeviceReport read_device(const json::object& object) {
    observe::DeviceReport device;
    observe::visit_device(device, MemberReader{object});
    read_each(object, "vitals", [&](const json::object& vital) {
        device.vitals.push_back(read_vital(vital));
    });
    return device;
}

std::optional<json::object> parse_object(std::string_view text) {
    boost::system::error_code failure;
    json::value value = json::parse({text.data(), text.size()}, failure);
    if (failure || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

}  // namespace

std::optional<observe::Report> read_report(std::string_view text) {
    const auto object = parse_object(text);
    if (!object) return std::nullopt;
    return read_report(*object);
}

std::optional<observe::DevicesReport> read_devices(std::string_view text) {
    const auto object = parse_object(text);
    if (!object) return std::nullopt;
    observe::DevicesReport report;
    observe::visit_devices(report, MemberReader{*object});
    read_each(*object, "devices", [&](const json::object& device) {
        report.devices.push_back(read_device(device));
    });
    read_each(*object, "unnamed", [&](const json::object& unnamed) {
        observe::visit_unnamed(report.unnamed.emplace_back(), MemberReader{unnamed});
    });
    return report;
}

std::optional<observe::FirmwareReport> read_firmware(std::string_view text) {
    const auto object = parse_object(text);
    if (!object) return std::nullopt;
    return read_firmware(*object);
}

}  // namespace gateway::cli
