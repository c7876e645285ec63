#pragma once
#include "gateway/model/result.hpp"
#include "gateway/subject/entry.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace gateway::subject {

// The ledger of consents and restrictions: a file of its own, mode 0600, apart from the readings,
// to which lines are only ever added. A line is a JSON object,
//   {"at","act","dataset","field","who","reference","seal"}
// without any name; "seal" is a keyed hash of the line and of the seal before it, so that the file
// cannot be changed by whoever lacks the key. What a power cut left of a line that was never
// answered is cut off; a last line that is whole and not ours is no such. Blocks; one thread at a
// time.
class ConsentFile {
  public:
    static constexpr const char* kFileName = "consents.jsonl";  // in the state directory

    // Named bounds. What protects a person finds room after what allows something no longer does.
    static constexpr std::uint64_t kEntriesMax = 250'000;
    static constexpr std::uint64_t kEntriesToAllowMax = 200'000;

    // Makes the file where there is none; before its key is first asked for. An error if there is a
    // key of it in the directory of the keys, and no file: somebody has removed it, and with it
    // what people wanted.
    static model::Result<void> prepare(const std::string& path, const std::string& key_directory);

    // Reads what is there, which `visit` is shown. An error if it cannot be read or is not what the
    // gateway has written: then nobody knows who has consented to what, and no reading may be
    // taken.
    using Visitor = std::function<void(const Entry&)>;
    static model::Result<std::unique_ptr<ConsentFile>> open(
        std::string path, const anonymise::Key& key, const Visitor& visit
    );
    ~ConsentFile();
    ConsentFile(const ConsentFile&) = delete;
    ConsentFile& operator=(const ConsentFile&) = delete;

    // On the disk when this answers. False when there is no room for another entry. An error: it is
    // not in the ledger, which takes further ones when the disk does.
    model::Result<bool> append(const Entry& entry);

    // All entries once more, in their order.
    model::Result<void> each(const Visitor& visit) const;

    const Hasher& hasher() const { return hasher_; }

  private:
    ConsentFile(std::string path, int number, const anonymise::Key& key);
    model::Result<void> read(const Visitor& visit);
    model::Result<void> cut_off(std::uint64_t size) const;
    model::Result<void> write(const std::string& line);

    std::string path_;
    int number_;
    Hasher hasher_;
    Who seal_{};
    std::uint64_t size_ = 0;
    std::uint64_t entries_ = 0;
    bool is_torn_ = false;  // the file has something behind size_
};

}  // namespace gateway::subject
