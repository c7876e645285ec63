#pragma once
#include "tests/component/drivers/coap_rig.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace tests::drivers {

// libcoap's own client.
struct CoapClient {
    tests::support::TemporaryDirectory directory;

    // What the client printed; it gives up after ten seconds.
    std::string ask(
        const std::string& method, const std::string& url, const std::vector<std::string>& options
    ) const {
        std::vector<std::string> command{"coap-client-openssl", "-m", method, "-B", "10"};
        command.insert(command.end(), options.begin(), options.end());
        command.push_back(url);
        const std::string output = directory.file("output");
        std::filesystem::remove(output);
        tests::support::run(command, output);
        return tests::support::read_file(output);
    }
    std::string post(const std::string& url, const std::vector<std::string>& options) const {
        return ask("post", url, options);
    }
};

inline gateway::settings::Source secure_source(const tests::support::TemporaryDirectory& directory
) {
    auto source = coap_source();
    auto& server = std::get<gateway::settings::CoapServer>(source.driver);
    server.listen_secure = "127.0.0.1:0";
    server.pre_shared_keys["air-07"] = {directory.write("air-07", "sesame\n")};
    server.pre_shared_keys["air-08"] = {directory.write("air-08", "tahini\n")};
    return source;
}

}  // namespace tests::drivers
