#include "gateway/program_parts.hpp"

#include "gateway/aggregate/spool_schema.hpp"
#include "gateway/buffer/schema.hpp"
#include "gateway/firmware/firmware_schema.hpp"

#include <MQTTAsync.h>
#include <boost/version.hpp>
#include <coap3/coap.h>
#include <curl/curl.h>
#include <gnu/libc-version.h>
#include <google/protobuf/stubs/common.h>
#include <mqtt/async_client.h>
#include <nettle/version.h>
#include <openssl/crypto.h>
#include <qrencode.h>
#include <simdjson.h>
#include <sodium.h>
#include <sqlite3.h>
#include <zlib.h>
#include <zstd.h>

#include <string_view>

namespace gateway {
namespace {

using cli::LibraryVersion;

std::string paho_c() {
    for (const MQTTAsync_nameValue* each = MQTTAsync_getVersionInfo(); each->name != nullptr;
         ++each) {
        if (std::string_view(each->name) == "Version") return each->value;
    }
    return {};
}

// Of "libcoap 4.3.1", "Paho MQTT C++ (mqttpp) v. 1.2".
std::string last_word(const std::string& text) {
    return text.substr(text.rfind(' ') + 1);
}

// "1_81".
std::string boost() {
    std::string text = BOOST_LIB_VERSION;
    text.replace(text.find('_'), 1, ".");
    return text;
}

std::string nettle() {
    return std::to_string(nettle_version_major()) + '.' + std::to_string(nettle_version_minor());
}

std::vector<LibraryVersion> libraries() {
    return {
        {"SQLite", sqlite3_libversion()},
        {"OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING)},
        {"libcoap", last_word(coap_package_version())},
        {"Paho C", paho_c()},
        {"libsodium", sodium_version_string()},
        {"nettle", nettle()},
        {"libcurl", curl_version_info(CURLVERSION_NOW)->version},
        {"zstd", ZSTD_versionString()},
        {"zlib", zlibVersion()},
        {"libqrencode", QRcode_APIVersionString()},
        {"glibc", gnu_get_libc_version()},
        {"Paho C++", last_word(mqtt::VERSION_STR), false},
        {"protobuf", google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION), false},
        {"simdjson",
         std::to_string(simdjson::SIMDJSON_VERSION_MAJOR) + '.' +
             std::to_string(simdjson::SIMDJSON_VERSION_MINOR) + '.' +
             std::to_string(simdjson::SIMDJSON_VERSION_REVISION),
         false},
        {"Boost", boost(), false}};
}

}  // namespace

cli::ProgramParts program_parts() {
    return {
        buffer::kSchemaVersion,
        aggregate::kSpoolSchemaVersion,
        firmware::kFirmwareSchemaVersion,
        libraries()};
}

}  // namespace gateway
