#include "gateway/cli/loosening_text.hpp"

#include "gateway/cli/openings_text.hpp"
#include "gateway/language/translate.hpp"

namespace gateway::cli {
namespace {

using language::tr;
using loosening::Verdict;

}  // namespace

std::string refusal_text(const loosening::Judgement& judgement, const std::filesystem::path& file) {
    if (judgement.is_compared) {
        return openings_text(judgement.openings, tr("the configuration that ran last")) +
               signature_text(judgement, file);
    }
    return tr("The configuration that ran last is lost or cannot be understood any more, so that "
              "nobody can tell whether this one opens more.") +
           ('\n' + signature_text(judgement, file));
}

std::string signature_text(
    const loosening::Judgement& judgement, const std::filesystem::path& file
) {
    const std::string signature = loosening::signature_file(file).string();
    std::string text;
    if (judgement.verdict == Verdict::not_signed) {
        text +=
            tr("Such a change needs the city's signature, and there is none in {0}.", {signature});
    } else {
        text +=
            tr("Such a change needs the city's signature, and {0} is no signature of this file "
               "by the key in force.",
               {signature});
    }
    return text + ' ' +
           tr("On the machine that has the private key run: passerelle policy sign --key FILE {0}; "
              "then put {1} beside the configuration, which must not change any more. Or go back "
              "to what ran.",
              {file.filename().string(), signature}) +
           '\n';
}

std::string permission_text(const loosening::Judgement& judgement) {
    switch (judgement.verdict) {
        case Verdict::first:
            return tr(
                "No configuration ran here before: this one is taken as it is, and later "
                "ones are compared with it."
            );
        case Verdict::is_signed:
            return tr("The configuration opens more than the last one, and is signed.");
        case Verdict::unguarded:
            return tr(
                "The configuration opens more than the last one. No loosening_key asks for a "
                "signature."
            );
        case Verdict::not_looser:
        case Verdict::not_signed:
        case Verdict::wrong_signature:
            break;
    }
    return {};
}

}  // namespace gateway::cli
