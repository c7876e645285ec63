#include "gateway/sum_problems.hpp"

#include "gateway/aggregate/error.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

namespace gateway {
namespace {

using language::tr;

std::string text_of(const Sums& sums) {
    const auto& error = sums.state().error();
    if (error == aggregate::Errc::rolled_back || error == aggregate::Errc::generation_lost) {
        return tr(
            "The file of the sums, {0}, is not the one that the last sums were released from: it "
            "was put back from a copy, or {1} was lost. No sum is released any more, since noise "
            "could be drawn twice, and the readings wait in the buffer. If nothing better is at "
            "hand, stop the gateway, remove both files and start it again; sums with noise only "
            "when the period of their budget is over.",
            {sums.file(), sums.generation_file()}
        );
    }
    return tr(
        "The sums of groups cannot be made ({0}). The readings wait in the buffer. Check the disk "
        "and the file {1}.",
        {language::failure_words(error), sums.file()}
    );
}

}  // namespace

void watch_sums(const Sums& sums, observe::Problems& problems) {
    constexpr const char* kCode = "sums-stopped";
    if (sums.state()) return problems.clear(kCode);
    problems.raise(kCode, text_of(sums), false);
}

}  // namespace gateway
