#pragma once
#include "gateway/settings/openness.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::loosening {

// A configuration that is to run.
struct Candidate {
    const settings::Settings& settings;
    std::string_view text;  // the bytes it was made of
    std::filesystem::path file;
    // Of the text; nothing: it is looked for beside the file.
    std::optional<std::string> signature{};
};

// Why it may run, or may not.
enum class Verdict : std::uint8_t {
    first,       // none ran before: it is taken as it is
    not_looser,  // than the last that ran
    unguarded,   // looser, and the last one names no key
    is_signed,   // looser, and signed with the key that the last one names
    not_signed,  // looser, and without a signature
    wrong_signature,
};

struct Judgement {
    Verdict verdict = Verdict::first;
    // Whether the last one is known; if it is lost or cannot be understood any more, everything
    // counts as looser.
    bool is_compared = true;
    std::vector<settings::Opening> openings;

    bool may_run() const {
        return verdict != Verdict::not_signed && verdict != Verdict::wrong_signature;
    }
};

// Where the signature of a configuration is: beside it, "<file>.sig".
std::filesystem::path signature_file(const std::filesystem::path& file);

// Whether a configuration that is looser than `last` may follow it: not_looser, unguarded,
// is_signed, not_signed or wrong_signature.
Judgement judge_after(const settings::Settings& last, const Candidate& candidate);

// Remembers in the state directory which configuration ran last, and which key guards it. Blocks.
//
// It answers against mistakes, and against whoever may write the configuration and not the state
// directory. Whoever may write both, as root can, may replace the program as well.
class Guard {
  public:
    explicit Guard(const settings::Settings& settings);

    Judgement judge(const Candidate& candidate) const;

    // To be called when it runs.
    boost::system::error_code remember(const Candidate& candidate) const;

  private:
    std::string copy_file_;  // the last configuration
    // The key that guards it, once more, beside the keys of pseudonyms: a lost copy is not taken
    // for a first start.
    std::string anchor_file_;
    std::string buffer_file_;  // is there once a gateway has run
};

}  // namespace gateway::loosening
