#include "tests/unit/cli/subject_counter.hpp"

#include "tests/unit/cli/scripted_server.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <filesystem>

namespace tests {
namespace {

constexpr const char* kConfiguration = R"([gateway]
id = "gabes-02"
city = "Gabes"
[status]
listen = ""
socket = "s.sock"
[[dataset]]
name = "water"
purpose = "leak detection"
legal_basis = "contract"
[dataset.fields]
device = { rule = "pseudonym", epoch = "P30D" }
[[dataset]]
name = "air"
purpose = "charting"
legal_basis = "public task"
[dataset.fields]
device = { rule = "pseudonym", epoch = "P30D" }
)";

constexpr const char* kReading =
    R"({"dataset":"water","sequence":41,"device":"7c1f-pseudonym","quantity":"water.volume",)"
    R"("value":3141.59,"unit":"m3","time":"2026-03-01T06:15:00.000Z","time_quality":"device",)"
    R"("attributes":{}})"
    "\n";
constexpr const char* kLetter =
    R"({"dataset":"water","sequence":42,"device":"7c1f-pseudonym","quantity":"water.volume",)"
    R"("value":3142.00,"unit":"m3","time":"2026-03-01T07:15:00.000Z","time_quality":"device",)"
    R"("attributes":{},"refused_by":"city","cause":"rejected"})"
    "\n";
constexpr const char* kConsent =
    R"({"at":"2026-02-01T00:00:00.000Z","act":"grant","field":"device","who":"00ff",)"
    R"("reference":"form 2026-113"})"
    "\n";

// "POST /path HTTP/1.1", headers, an empty line, the body.
std::string path_and_body(const std::string& request) {
    REQUIRE(request.starts_with("POST "));
    const auto path = request.substr(5, request.find(" HTTP/1.1\r\n") - 5);
    return path + ' ' + request.substr(request.find("\r\n\r\n") + 4);
}

}  // namespace

const std::vector<std::string> kPersonal{
    "7c1f-pseudonym", "3141.59", "3142.00", "06:15", "form 2026-113", "water", "gabes-02"};

const std::set<std::string> kExported{
    "readings.jsonl", "readings.csv", "consents.jsonl", "summary.txt", "manifest.json"};

SubjectCounter::SubjectCounter() : configuration(directory.write("p.toml", kConfiguration)) {}

CommandOutcome SubjectCounter::ask(
    std::vector<std::string> words,
    const std::vector<std::string>& answers,
    const std::string& input
) {
    std::vector<std::string> all{http_answer("ok")};
    all.insert(all.end(), answers.begin(), answers.end());
    const std::string socket = file("s.sock");
    std::filesystem::remove(socket);
    ScriptedServer server{ScriptedServer::Kind::local, socket, all};
    words.insert(words.begin(), "subject");
    words.insert(words.end(), {"--config", configuration});
    auto outcome = run_command(words, input);
    const auto& requests = server.requests();
    asked.clear();
    if (!requests.empty()) CHECK(requests.front().starts_with("GET /healthz "));
    for (std::size_t i = 1; i < requests.size(); ++i) asked.push_back(path_and_body(requests[i]));
    return outcome;
}

std::set<std::string> SubjectCounter::files_in(const std::string& name) const {
    std::set<std::string> names;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(file(name), failure))
        names.insert(entry.path().filename().string());
    return names;
}

unsigned SubjectCounter::mode_of(const std::string& path) const {
    struct stat status {};
    REQUIRE(::stat(file(path).c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

std::string request_for(
    const std::string& dataset, const std::map<std::string, std::string>& changed
) {
    const std::vector<std::pair<std::string, std::string>> members{
        {"datasets", "[\"" + dataset + "\"]"},
        {"field", "\"device\""},
        {"identity", "\"meter-of-family-benali\""},
        {"reference", "\"\""},
        {"confirm", "\"\""},
        {"after", "0"},
        {"letters", "false"},
        {"two_step", "false"}};
    std::string body;
    for (const auto& [name, value] : members) {
        const auto other = changed.find(name);
        body += body.empty() ? "{\"" : ",\"";
        body.append(name).append("\":").append(other == changed.end() ? value : other->second);
    }
    return body + '}';
}

std::string page(const std::string& lines, unsigned next, bool more) {
    return http_answer(
        "{\"next\":" + std::to_string(next) + ",\"more\":" + (more ? "true" : "false") + "}\n" +
        lines
    );
}

std::string refusal(const std::string& text) {
    return http_answer(R"({"error":{"code":"refused","text":")" + text + "\"}}", "400 Bad Request");
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::vector<std::string> answers_of_an_export() {
    return {page(kReading), page(kLetter), page(kConsent)};
}

}  // namespace tests
