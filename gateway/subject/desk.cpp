#include "gateway/subject/desk.hpp"

#include "gateway/anonymise/key_names.hpp"
#include "gateway/anonymise/stored_forms.hpp"
#include "gateway/model/json_text.hpp"
#include "gateway/model/message.hpp"
#include "gateway/subject/canonical_line.hpp"
#include "gateway/subject/digest.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace gateway::subject {
namespace {

namespace json = boost::json;
using model::translatable;

constexpr std::string_view kDeviceField = "device";
constexpr unsigned kBadRequest = 400;
constexpr unsigned kNotFound = 404;
constexpr unsigned kConflict = 409;
constexpr unsigned kUnavailable = 503;
constexpr unsigned kNoRoom = 507;

Desk::Answer refuse(unsigned status, std::string_view code, const char* text) {
    json::object error{{"code", json::string_view(code.data(), code.size())}, {"text", text}};
    return {status, json::serialize(json::object{{"error", std::move(error)}}), {}};
}

Desk::Answer bad_request() {
    return refuse(kBadRequest, "bad-request", translatable("the request cannot be understood"));
}

Desk::Answer ledger_full() {
    return refuse(
        kNoRoom, "ledger-full", translatable("the ledger of consents takes no more entries")
    );
}

Desk::Answer ledger_unwritable() {
    return refuse(
        kUnavailable,
        "ledger-unwritable",
        translatable("the ledger of consents cannot be written; check the disk")
    );
}

std::string page_head(std::uint64_t next, bool more) {
    std::string head = "{\"next\":" + std::to_string(next);
    return head.append(",\"more\":").append(more ? "true}\n" : "false}\n");
}

// Whether a page takes no more; what it has goes over the socket in one piece.
bool is_full(std::size_t rows, const std::string& lines) {
    return rows >= Desk::kRowsOfPageMax || lines.size() >= Desk::kBytesOfPageMax;
}

std::string_view to_string(buffer::Erased::State state) {
    return state == buffer::Erased::State::done ? "done" : "waits";
}

std::optional<Desk::Answer> refusal_of(buffer::Erased::State state) {
    if (state == buffer::Erased::State::no_room) {
        return refuse(
            kNoRoom, "no-room", translatable("the disk has no room to begin; nothing was erased")
        );
    }
    if (state == buffer::Erased::State::too_many_wait) {
        return refuse(
            kConflict,
            "too-many-wait",
            translatable("a recipient has not yet confirmed too many erasures; nothing was erased")
        );
    }
    return std::nullopt;
}

}  // namespace

model::Result<Desk::Answer> Desk::answer(
    std::string_view path, std::string_view body, const Access& access
) {
    const auto request = parse_request(body);
    if (!request) return bad_request();
    if (path == "/subject/export") return show(*request, access);
    if (path == "/subject/find") return find(*request, access);
    if (path == "/subject/erase") return erase(*request, access);
    if (path == "/subject/restrict") return enter(Act::restrict, *request, access.now);
    if (path == "/subject/lift") return enter(Act::lift, *request, access.now);
    if (path == "/consent/grant") return enter(Act::grant, *request, access.now);
    if (path == "/consent/revoke") return enter(Act::revoke, *request, access.now);
    if (path == "/consent/list") return list(*request);
    return refuse(kNotFound, "not-found", translatable("there is no such request"));
}

const settings::Dataset* Desk::find_dataset(const std::string& name) const {
    const auto& datasets = environment_.settings.datasets;
    const auto found = std::find_if(datasets.begin(), datasets.end(), [&](const auto& dataset) {
        return dataset.name == name;
    });
    return found == datasets.end() ? nullptr : &*found;
}

// In the order of the configuration, whatever order they were asked in.
model::Decoded<std::vector<Desk::Person>> Desk::people_of(
    const Request& request, const Access& access
) const {
    using model::Fault;
    using model::Refusal;
    if (request.identity.empty() || request.datasets.empty()) {
        return Fault{Refusal::missing_field, translatable("a dataset or the identity is missing")};
    }
    for (const std::string& name : request.datasets) {
        if (find_dataset(name) == nullptr)
            return Fault{Refusal::unknown_topic, translatable("there is no such dataset")};
    }
    const auto key_names = anonymise::key_names(environment_.key_directory);
    if (!key_names)
        return Fault{
            Refusal::store_failed, translatable("the directory of the keys cannot be read")};
    std::vector<Person> people;
    for (const settings::Dataset& dataset : environment_.settings.datasets) {
        const auto& asked = request.datasets;
        if (std::find(asked.begin(), asked.end(), dataset.name) == asked.end()) continue;
        const auto find_token = [&](const anonymise::Pseudonymiser::Fingerprint& identity) {
            return access.store.find_token(dataset.name, identity);
        };
        const auto forms = anonymise::stored_forms(
            dataset, request.field, request.identity, {*key_names, environment_.keys, find_token}
        );
        if (!forms) return forms.error();
        Person& person = people.emplace_back();
        person.dataset = dataset.name;
        const bool is_device = request.field == kDeviceField;
        for (const std::string& form : *forms)
            person.traits.push_back({is_device ? std::string() : request.field, form});
    }
    return people;
}

model::Result<Desk::Answer> Desk::show(const Request& request, const Access& access) const {
    const auto people = people_of(request, access);
    if (!people)
        return refuse(kBadRequest, model::to_string(people.error().cause), people.error().detail);
    if (people->size() != 1) return bad_request();
    const Person& person = people->front();
    const buffer::PersonQuery query{
        person.dataset, person.traits, access.device_base, request.after};
    std::string lines;
    std::size_t rows = 0;
    std::uint64_t next = request.after;
    const auto visit = [&](const buffer::PersonRow& row) {
        append_canonical_line(lines, person.dataset, row);
        next = row.position;
        return !is_full(++rows, lines);
    };
    const auto found = request.letters ? access.store.find_letters(query, visit)
                                       : access.store.find_readings(query, visit);
    if (!found) return found.error();
    return Answer{200, page_head(next, is_full(rows, lines)) + lines, {}};
}

model::Result<Desk::Findings> Desk::find_all(std::vector<Person> people, const Access& access)
    const {
    Findings findings;
    Digest digest;
    std::string line;
    for (Person& person : people) {
        const buffer::PersonQuery query{person.dataset, person.traits, access.device_base, 0};
        std::uint64_t* count = nullptr;
        const auto add = [&](const buffer::PersonRow& row) {
            line.clear();
            append_canonical_line(line, person.dataset, row);
            digest.add(line);
            ++*count;
            return true;
        };
        count = &person.readings;
        if (auto found = access.store.find_readings(query, add); !found) return found.error();
        count = &person.dead_letters;
        if (auto found = access.store.find_letters(query, add); !found) return found.error();
    }
    findings.people = std::move(people);
    findings.sha256 = digest.hex();
    return findings;
}

model::Result<Desk::Answer> Desk::find(const Request& request, const Access& access) const {
    auto people = people_of(request, access);
    if (!people)
        return refuse(kBadRequest, model::to_string(people.error().cause), people.error().detail);
    const auto findings = find_all(std::move(*people), access);
    if (!findings) return findings.error();
    buffer::Erased would;
    for (const Person& person : findings->people) {
        would.readings += person.readings;
        would.dead_letters += person.dead_letters;
    }
    return Answer{200, certificate(*findings, would, access.now), {}};
}

// Nothing comes between the look and the deed: both are one call on the store's thread.
model::Result<Desk::Answer> Desk::erase(const Request& request, const Access& access) const {
    const bool two_step =
        request.two_step || environment_.settings.record.profile == settings::Jurisdiction::tn;
    if (two_step && request.confirm.empty()) {
        return refuse(
            kConflict,
            "not-prepared",
            translatable("an erasure is prepared first, and then confirmed by the SHA-256 of what "
                         "was prepared")
        );
    }
    auto people = people_of(request, access);
    if (!people)
        return refuse(kBadRequest, model::to_string(people.error().cause), people.error().detail);
    const auto findings = find_all(std::move(*people), access);
    if (!findings) return findings.error();
    if (!request.confirm.empty() && request.confirm != findings->sha256) {
        return refuse(
            kConflict,
            "changed",
            translatable("what is stored of the person is no longer what was prepared; nothing was "
                         "erased, prepare it again")
        );
    }
    buffer::ErasureOrder order;
    order.device_base = access.device_base;
    order.now = access.stamp;
    for (const Person& person : findings->people)
        order.datasets.push_back({person.dataset, person.traits});
    const auto erased = access.store.erase(order);
    if (!erased) return erased.error();
    if (auto refusal = refusal_of(erased->state)) return std::move(*refusal);
    Answer answer{200, certificate(*findings, *erased, access.now), {}};
    for (const Person& person : findings->people) {
        for (const buffer::Trait& trait : person.traits)
            answer.erased.push_back({person.dataset, trait.attribute.empty() ? trait.text : ""});
    }
    return answer;
}

std::string Desk::certificate(
    const Findings& findings, const buffer::Erased& erased, model::Instant now
) const {
    const auto& gateway = environment_.settings.gateway;
    json::object certificate;
    certificate["gateway"] = gateway.id;
    certificate["city"] = gateway.city;
    certificate["at"] = model::to_rfc3339(now);
    const auto state = to_string(erased.state);
    certificate["state"] = json::string_view(state.data(), state.size());
    certificate["readings"] = erased.readings;
    certificate["undelivered"] = erased.undelivered;
    certificate["dead_letters"] = erased.dead_letters;
    certificate["unreadable_segments"] = erased.unreadable_segments;
    certificate["sha256"] = findings.sha256;
    json::array datasets;
    for (const Person& person : findings.people) {
        datasets.push_back(json::object{
            {"name", person.dataset},
            {"readings", person.readings},
            {"dead_letters", person.dead_letters}});
    }
    certificate["datasets"] = std::move(datasets);
    json::object told;
    for (const auto& [uplink, count] : erased.told) told[uplink] = count;
    certificate["told"] = std::move(told);
    return json::serialize(certificate);
}

// A consent is of a device; everything else may be of any field that tells a person.
model::Result<Desk::Answer> Desk::enter(Act act, const Request& request, model::Instant now) {
    const bool is_consent = act == Act::grant || act == Act::revoke;
    if (request.datasets.empty() || request.identity.empty() ||
        (is_consent && request.field != kDeviceField))
        return bad_request();
    Answer answer;
    for (const std::string& name : request.datasets) {
        const settings::Dataset* dataset = find_dataset(name);
        if (dataset == nullptr)
            return refuse(kNotFound, "no-dataset", translatable("there is no such dataset"));
        const auto identity = anonymise::identity_under(*dataset, request.field, request.identity);
        if (!identity) {
            return refuse(
                kBadRequest,
                "wrong-type",
                translatable("the identity is not of the form that the dataset's rule asks for, or "
                             "the rule keeps none")
            );
        }
        const Who who = environment_.consents.hasher().who(name, request.field, *identity);
        answer.entries.push_back({act, now, name, request.field, who, request.reference});
    }
    for (std::size_t i = 0; i < answer.entries.size(); ++i) {
        const auto entered = environment_.consents.append(answer.entries[i]);
        if (entered && *entered) continue;
        auto refusal = entered ? ledger_full() : ledger_unwritable();
        answer.entries.resize(i);
        refusal.entries = std::move(answer.entries);
        return refusal;
    }
    answer.body = "{\"entries\":" + std::to_string(answer.entries.size()) + "}";
    return answer;
}

model::Result<Desk::Answer> Desk::list(const Request& request) const {
    if (request.datasets.size() != 1 || find_dataset(request.datasets.front()) == nullptr)
        return refuse(kNotFound, "no-dataset", translatable("there is no such dataset"));
    std::optional<Who> wanted;
    if (!request.identity.empty()) {
        const settings::Dataset& dataset = *find_dataset(request.datasets.front());
        const auto identity = anonymise::identity_under(dataset, request.field, request.identity);
        if (!identity) return bad_request();
        wanted = environment_.consents.hasher().who(dataset.name, request.field, *identity);
    }
    std::string lines;
    std::uint64_t position = 0;
    std::uint64_t next = request.after;
    std::size_t rows = 0;
    const auto listed = environment_.consents.each([&](const Entry& entry) {
        if (++position <= request.after || is_full(rows, lines)) return;
        next = position;
        if (entry.dataset != request.datasets.front()) return;
        if (wanted && entry.who != *wanted) return;
        ++rows;
        const auto act = subject::to_string(entry.act);
        json::object line;
        line["at"] = model::to_rfc3339(entry.at);
        line["act"] = json::string_view(act.data(), act.size());
        line["field"] = entry.field;
        line["who"] = to_hex(entry.who);
        line["reference"] = entry.reference;
        lines.append(json::serialize(line)).append("\n");
    });
    if (!listed) {
        return refuse(
            kUnavailable,
            "ledger-unreadable",
            translatable("the ledger of consents cannot be read; check the disk")
        );
    }
    return Answer{200, page_head(next, is_full(rows, lines)) + lines, {}};
}

}  // namespace gateway::subject
