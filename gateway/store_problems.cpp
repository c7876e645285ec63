#include "gateway/store_problems.hpp"

#include "gateway/buffer/error.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"

#include <algorithm>
#include <array>

namespace gateway {
namespace {

using model::translatable;

struct Words {
    std::string_view code;  // of the notice, and of the problem
    const char* text;
};

constexpr std::array kWords{
    Words{
        "store-damaged",
        translatable("The buffer was damaged; it was kept as {0}. The card or disk may be wearing "
                     "out: check it, and replace it if this comes again.")},
    Words{
        "store-salvaged",
        translatable("What could be read of the damaged buffer is in a new one and is delivered. "
                     "The log says how much it was.")},
    Words{
        "salvage-failed",
        translatable("Nothing could be read of the damaged buffer; a new one begins empty. Replace "
                     "the card or disk, and keep the old one if its readings matter.")},
    Words{
        "store-missing",
        translatable("The buffer is gone: {0} readings had been stored, and which of them were "
                     "delivered is not known. Check that the right card or disk is there and "
                     "mounted.")},
    Words{
        "readings-missing",
        translatable("{0} readings that wait for a recipient were lost to damage; the ledger "
                     "counts them. Check the card or disk.")},
    Words{
        "erasure-waits",
        translatable(
            "An erasure is under way and waits for room on the card or disk, or for a copy of a "
            "damaged buffer that cannot be removed. It goes on by itself; nobody may be told yet "
            "that it is done."
        )},
    Words{
        "readings-lost",
        translatable("The {0} readings stored last were lost to damage; the ledger counts them. "
                     "Check the card or disk and the power supply.")},
};

}  // namespace

void raise_store_problems(std::span<const buffer::Notice> notices, observe::Problems& problems) {
    for (const buffer::Notice& notice : notices) {
        const auto* words = std::find_if(kWords.begin(), kWords.end(), [&](const Words& known) {
            return known.code == notice.code;
        });
        if (words != kWords.end())
            problems.raise(notice.code, language::tr(words->text, {notice.detail}), false);
    }
}

std::string unusable_store_words(
    const settings::Settings& settings, const boost::system::error_code& why
) {
    const std::string& path = settings.buffer.path;
    if (why != buffer::Errc::keys_missing)
        return language::tr(
            "The buffer {0} cannot be opened: {1}", {path, language::failure_words(why)}
        );
    return language::tr(
        "The readings in the buffer {0} cannot be read: the directory of their keys, {1}, is not "
        "there. Look whether its disk is mounted, or put it back; if it is lost for good, move the "
        "files of the buffer away, and a new one begins.",
        {path, settings.gateway.state_directory + "/keys/segments"}
    );
}

}  // namespace gateway
