#include "gateway/loosening/guard.hpp"

#include "gateway/loosening/signature.hpp"
#include "gateway/runtime/replace_file.hpp"
#include "gateway/runtime/secret_file.hpp"
#include "gateway/settings/document.hpp"
#include "gateway/settings/loader.hpp"

#include <fstream>
#include <iterator>

namespace gateway::loosening {
namespace {

bool exists(const std::filesystem::path& path) {
    std::error_code failure;
    return std::filesystem::exists(path, failure);
}

std::optional<std::string> content_of(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return std::nullopt;
    std::string text(settings::kConfigurationBytesMax, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

// A short text; empty when there is none.
std::string line_of(const std::string& path) {
    auto text = runtime::read_secret(path);
    return text ? *text : std::string{};
}

Verdict judge_signature(const std::string& key, const Candidate& candidate) {
    const std::string signature = candidate.signature
                                      ? *candidate.signature
                                      : line_of(signature_file(candidate.file).string());
    if (signature.empty()) return Verdict::not_signed;
    return is_signed_by(key, candidate.text, signature) ? Verdict::is_signed
                                                        : Verdict::wrong_signature;
}

// Without the last one to compare with.
Judgement judge_alone(const std::string& key, const Candidate& candidate) {
    Judgement judgement;
    judgement.is_compared = false;
    judgement.verdict = key.empty() ? Verdict::unguarded : judge_signature(key, candidate);
    return judgement;
}

}  // namespace

std::filesystem::path signature_file(const std::filesystem::path& file) {
    return file.string() + ".sig";
}

Judgement judge_after(const settings::Settings& last, const Candidate& candidate) {
    const std::string& key = last.privacy.loosening_key;
    Judgement judgement;
    judgement.openings = openings(last, candidate.settings);
    if (judgement.openings.empty()) {
        judgement.verdict = Verdict::not_looser;
    } else if (key.empty()) {
        judgement.verdict = Verdict::unguarded;
    } else {
        judgement.verdict = judge_signature(key, candidate);
    }
    return judgement;
}

Guard::Guard(const settings::Settings& settings)
    : copy_file_(settings.gateway.state_directory + "/policy/last.toml"),
      anchor_file_(settings.gateway.state_directory + "/keys/loosening.pub"),
      buffer_file_(settings.buffer.path) {}

Judgement Guard::judge(const Candidate& candidate) const {
    const auto copy = content_of(copy_file_);
    if (copy && *copy == candidate.text) return {Verdict::not_looser, true, {}};
    const std::string anchor = line_of(anchor_file_);
    const std::string& key = anchor.empty() ? candidate.settings.privacy.loosening_key : anchor;
    if (!copy) {
        const bool has_run = exists(buffer_file_) || !anchor.empty();
        if (!has_run || key.empty()) return {Verdict::first, true, {}};
        return judge_alone(key, candidate);
    }
    const auto last = settings::load_text(*copy, candidate.file, {.look_at_files = false});
    const bool is_itself =
        last.settings && (anchor.empty() || last.settings->privacy.loosening_key == anchor);
    return is_itself ? judge_after(*last.settings, candidate) : judge_alone(key, candidate);
}

boost::system::error_code Guard::remember(const Candidate& candidate) const {
    const auto& key = candidate.settings.privacy.loosening_key;
    if (content_of(copy_file_) != candidate.text) {
        if (const auto failure = runtime::replace_file(copy_file_, candidate.text)) return failure;
    }
    if (line_of(anchor_file_) == key) return {};
    if (!key.empty()) return runtime::replace_file(anchor_file_, key + '\n');
    std::error_code failure;
    std::filesystem::remove(anchor_file_, failure);
    return {failure.value(), boost::system::system_category()};
}

}  // namespace gateway::loosening
