#pragma once
#include "gateway/anonymise/key_store.hpp"
#include "gateway/subject/consent_file.hpp"
#include "gateway/subject/desk.hpp"
#include "gateway/subject/gate.hpp"

#include <memory>
#include <optional>
#include <string>

namespace gateway {

// What the running gateway keeps for the rights of persons: the ledger of their consents, the desk
// that answers them, and the gate that their readings pass. Settings outlive it.
class People {
  public:
    People(const settings::Settings& settings, std::string key_directory)
        : settings_(settings), key_directory_(std::move(key_directory)) {}

    // How the keys lie on the disk; before open(). Null: as they are.
    void use(const anonymise::KeyWrap* wrap) { keys_.emplace(key_directory_, wrap); }

    // Reads the ledger, or begins one; blocks. An error is what to tell the operator.
    model::Result<void, std::string> open(anonymise::KeySource& keys);

    subject::Gate& gate() { return *gate_; }  // on the reactor
    subject::Desk& desk() { return *desk_; }  // on the storage thread, with keys of its own

  private:
    model::Result<void> read(const std::string& path, anonymise::KeySource& keys);

    const settings::Settings& settings_;
    std::string key_directory_;
    std::optional<anonymise::KeyDirectory> keys_;
    std::unique_ptr<subject::Gate> gate_;
    std::unique_ptr<subject::ConsentFile> consents_;
    std::unique_ptr<subject::Desk> desk_;
};

}  // namespace gateway
