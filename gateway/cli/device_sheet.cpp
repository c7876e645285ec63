#include "gateway/cli/device_sheet.hpp"

#include "gateway/cli/qr_code.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace gateway::cli {
namespace {

namespace json = boost::json;
using language::tr;
using Align = TextTable::Align;

constexpr std::size_t kWidth = 80;

bool is_coap(const DeviceSheet& sheet) {
    return sheet.entrance.scheme == "coaps";
}

std::string port_of(const DeviceSheet& sheet) {
    return sheet.entrance.listen.substr(sheet.entrance.listen.rfind(':') + 1);
}

// An address of IPv6 is in brackets.
std::string authority_of(const DeviceSheet& sheet) {
    const bool is_bare = sheet.host.find(':') != std::string::npos && sheet.host.front() != '[';
    return (is_bare ? '[' + sheet.host + ']' : sheet.host) + ':' + port_of(sheet);
}

std::string topic_of(const DeviceSheet& sheet) {
    constexpr std::string_view kDevice = "{device}";
    std::string topic = sheet.entrance.topic;
    const std::size_t place = topic.find(kDevice);
    if (place != std::string::npos) topic.replace(place, kDevice.size(), sheet.name);
    return topic;
}

std::string hexadecimal(const std::string& text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        hex.append(1, kDigits[byte >> 4U]).append(1, kDigits[byte & 0x0fU]);
    }
    return hex;
}

std::string url_of(const DeviceSheet& sheet) {
    const std::string url = sheet.entrance.scheme + "://" + authority_of(sheet);
    return is_coap(sheet) ? url + '/' + topic_of(sheet) : url;
}

// A word of the shell as it is.
std::string quoted(const std::string& word) {
    std::string out = "'";
    for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

std::string trial(const DeviceSheet& sheet) {
    if (is_coap(sheet)) {
        return "coap-client-openssl -m post -u " + quoted(sheet.name) + " -k " +
               quoted(sheet.secret) + " -f FILE " + quoted(url_of(sheet));
    }
    std::string command = "mosquitto_pub -h " + quoted(sheet.host) + " -p " + port_of(sheet);
    if (sheet.entrance.proof == Proof::key) {
        command += " --psk-identity " + quoted(sheet.name) + " --psk " + hexadecimal(sheet.secret);
    } else if (sheet.entrance.scheme == "mqtts") {
        command += " --cafile BOX.crt";
    }
    if (sheet.entrance.proof == Proof::password)
        command += " -u " + quoted(sheet.name) + " -P " + quoted(sheet.secret);
    if (sheet.entrance.proof == Proof::certificate)
        command += " --cert " + quoted(sheet.certificate_file) + " --key " + quoted(sheet.key_file);
    return command + " -q 1 -i " + quoted(sheet.name) + " -t " + quoted(topic_of(sheet)) +
           " -f FILE";
}

std::string as_json(const DeviceSheet& sheet) {
    json::object code{{"url", url_of(sheet)}};
    if (!is_coap(sheet)) code["topic"] = topic_of(sheet);
    const bool is_key = sheet.entrance.proof == Proof::key;
    code[is_key ? "identity" : "user"] = sheet.name;
    code[is_key ? "key" : "password"] = sheet.secret;
    return json::serialize(code);
}

TextTable values_of(const DeviceSheet& sheet) {
    TextTable table{{Align::left, Align::left}};
    table.add({tr("address"), url_of(sheet)});
    if (!is_coap(sheet)) table.add({tr("topic"), topic_of(sheet)});
    switch (sheet.entrance.proof) {
        case Proof::password:
            table.add({tr("user"), sheet.name});
            table.add({tr("password"), sheet.secret});
            break;
        case Proof::key:
            table.add({tr("identity"), sheet.name});
            table.add({tr("key, as text"), sheet.secret});
            table.add({tr("key, hexadecimal"), hexadecimal(sheet.secret)});
            break;
        case Proof::certificate:
            table.add({tr("certificate"), sheet.certificate_file});
            table.add({tr("private key"), sheet.key_file});
            break;
    }
    return table;
}

std::string custody(Proof proof) {
    if (proof == Proof::password)
        return tr("It is shown this once: the gateway keeps a hash of the password.");
    if (proof == Proof::key)
        return tr("It is shown this once; the gateway keeps the key in the file of its source.");
    return tr("The private key is in that file alone: put it on the device, and remove it here.");
}

}  // namespace

std::string sheet_text(const DeviceSheet& sheet, bool with_code) {
    std::string text =
        wrapped("", tr("{0} may send to source {1}.", {sheet.name, sheet.entrance.source}), kWidth);
    text += values_of(sheet).text();
    text += wrapped("", custody(sheet.entrance.proof), kWidth);
    text +=
        std::string{tr("To try it, with a message in FILE:")} + "\n\n  " + trial(sheet) + "\n\n";
    if (!with_code || sheet.entrance.proof == Proof::certificate) return text;
    if (const auto code = qr_code(as_json(sheet))) text += *code;
    return text;
}

}  // namespace gateway::cli
