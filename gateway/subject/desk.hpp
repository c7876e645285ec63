#pragma once
#include "gateway/anonymise/key_store.hpp"
#include "gateway/buffer/store.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/subject/consent_file.hpp"
#include "gateway/subject/request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::subject {

// Where a person's rights are asked for, by whoever may: over the unix socket of a running gateway,
// or from a command that has the store for itself. One request in, one answer out, in one go on the
// thread that has the store; it blocks.
//
//   /subject/export    of one dataset: a line {"next","more"}, then lines of canonical_line.hpp
//   /subject/find      what an erasure would destroy, as a certificate
//   /subject/erase     the certificate, which certificate.hpp reads:
//                      {"gateway","city","at","state","readings","undelivered","dead_letters",
//                       "unreadable_segments","sha256","told":{uplink: n},
//                       "datasets":[{"name","readings","dead_letters"}]}
//   /subject/restrict, /subject/lift, /consent/grant, /consent/revoke     {"entries"}
//   /consent/list      of one dataset: a line {"next","more"}, then
//                      {"at","act","field","who","reference"}, a line each
// What cannot be done is {"error":{"code","text"}} with a status of 400 and above. Nothing that it
// answers has the identity, and but for an export no pseudonym.
class Desk {
  public:
    // Named bounds of a page of an export or a list. The line that passes the second is its last.
    static constexpr std::size_t kRowsOfPageMax = 4'000;
    static constexpr std::size_t kBytesOfPageMax = 1U << 20;

    // Whose data are erased, by the stored name; an empty one: nobody knows which devices they are.
    struct ErasedDevice {
        std::string dataset;
        std::string name;
    };

    struct Answer {
        unsigned status = 200;
        std::string body;
        std::vector<Entry> entries;  // that the ledger has since
        std::vector<ErasedDevice> erased{};
    };

    // All by reference outlives the desk; the directory is that of the keys.
    struct Environment {
        const settings::Settings& settings;
        anonymise::KeySource& keys;
        std::string key_directory;
        ConsentFile& consents;
    };

    // What a request is answered with.
    struct Access {
        buffer::Store& store;
        std::uint64_t device_base = 0;  // see buffer::ErasureOrder
        model::Instant now{};           // the date
        model::Instant stamp{};
    };

    explicit Desk(Environment environment) : environment_(std::move(environment)) {}

    // An error is a failure of the store. One of the ledger's file is an answer: readings go on.
    model::Result<Answer> answer(
        std::string_view path, std::string_view body, const Access& access
    );

  private:
    struct Person {
        std::string dataset;
        std::vector<buffer::Trait> traits;
        std::uint64_t readings = 0;
        std::uint64_t dead_letters = 0;
    };
    struct Findings {
        std::vector<Person> people;
        std::string sha256;
    };
    const settings::Dataset* find_dataset(const std::string& name) const;
    model::Decoded<std::vector<Person>> people_of(const Request& request, const Access& access)
        const;
    model::Result<Answer> show(const Request& request, const Access& access) const;
    model::Result<Answer> find(const Request& request, const Access& access) const;
    model::Result<Answer> erase(const Request& request, const Access& access) const;
    model::Result<Findings> find_all(std::vector<Person> people, const Access& access) const;
    model::Result<Answer> enter(Act act, const Request& request, model::Instant now);
    model::Result<Answer> list(const Request& request) const;
    std::string certificate(
        const Findings& findings, const buffer::Erased& erased, model::Instant now
    ) const;

    Environment environment_;
};

}  // namespace gateway::subject
