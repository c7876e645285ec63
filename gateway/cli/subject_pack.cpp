#include "gateway/cli/subject_pack.hpp"

#include "gateway/cli/export_target.hpp"
#include "gateway/cli/key_pair_files.hpp"
#include "gateway/cli/private_files.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/secret_file.hpp"
#include "gateway/runtime/wipe.hpp"
#include "gateway/sealing/sealed_stream.hpp"
#include "gateway/sealing/typed_key.hpp"
#include "gateway/subject/pack.hpp"

#include <cerrno>
#include <fstream>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

class Opening {
  public:
    Opening(const PackOrder& order, CommandContext& context) : order_(order), context_(context) {}

    int run() {
        const auto opener = read_opener(order_.key_file, "subject", context_);
        if (!opener) return kExitUnavailable;
        file_.open(order_.pack, std::ios::binary);
        if (!file_.is_open()) return unreadable();
        const std::string head = next(sealing::kStreamHeadBytes);
        if (file_.bad()) return unreadable();
        auto stream = sealing::StreamOpener::with(*opener, head);
        if (!stream) return refused(stream.error());
        const auto target = export_into_directory(order_.directory);
        if (!target) return unwritable(target.error());
        while (!stream->is_complete()) {
            if (const int failed = take_block(*stream, **target)) return failed;
        }
        if (file_.peek() != std::ifstream::traits_type::eof())
            return refused(sealing::StreamFault::damaged);
        if (const auto closed = (*target)->close(); !closed) return unwritable(closed.error());
        context_.out << tr("The files are in {0}; begin with {1}.",
                           {order_.directory, file_name(subject::ExportPart::summary)})
                     << '\n';
        return kExitOk;
    }

  private:
    // What the file has next, at most so much.
    std::string next(std::size_t size) {
        std::string bytes(size, '\0');
        file_.read(bytes.data(), static_cast<std::streamsize>(size));
        bytes.resize(static_cast<std::size_t>(file_.gcount()));
        return bytes;
    }

    int take_block(sealing::StreamOpener& stream, ExportTarget& target) {
        const std::string sealed = next(sealing::kSealedBlockBytes);
        if (file_.bad()) return unreadable();
        auto block = stream.open(sealed);
        if (!block) return refused(sealing::StreamFault::damaged);
        const int failed = write(*block, target);
        runtime::wipe(*block);
        return failed;
    }

    int write(std::string_view block, ExportTarget& target) {
        const auto pieces = subject::pieces_of(block);
        if (!pieces) return refused(sealing::StreamFault::damaged);
        for (const subject::PackPiece& piece : *pieces) {
            const auto written = target.write(piece.part, piece.content);
            if (!written) return unwritable(written.error());
        }
        return kExitOk;
    }

    int refused(sealing::StreamFault fault) {
        const bool is_foreign = fault == sealing::StreamFault::other_key;
        context_.err << (is_foreign
                             ? tr("This private key does not open {0}: it was sealed for another "
                                  "key.",
                                  {order_.pack})
                             : tr("{0} is damaged or not whole, or is no sealed export. Nothing of "
                                  "it is written: ask for another copy.",
                                  {order_.pack}))
                     << '\n';
        return kExitNotOpened;
    }

    int unreadable() {
        const boost::system::error_code failure(errno, boost::system::system_category());
        context_.err << tr("the sealed export {0} cannot be read: {1}",
                           {order_.pack, language::failure_words(failure)})
                     << '\n';
        return kExitUnavailable;
    }

    int unwritable(const boost::system::error_code& failure) {
        say_unwritable(order_.directory, failure, context_);
        return kExitUnavailable;
    }

    const PackOrder& order_;
    CommandContext& context_;
    std::ifstream file_;
};

}  // namespace

int make_holder_keys(const std::string& key_file, CommandContext& context) {
    auto keys = sealing::make_key_pair();
    const bool is_kept = keep_private_key(key_file, keys.private_key, context);
    runtime::wipe(keys.private_key);
    if (!is_kept) return kExitUnavailable;
    context.err
        << tr("The private key is in {0}. Keep it, and a copy: without it nobody opens what "
              "is sealed for you. The public key, to be shown, read out or printed as a "
              "QR code:",
              {key_file})
        << '\n';
    context.out << sealing::typed_key(keys.public_key) << '\n';
    return kExitOk;
}

std::optional<sealing::Seal> read_seal(const std::string& told, CommandContext& context) {
    auto key = sealing::parse_typed_key(told);
    if (!key) {
        const auto content = runtime::read_secret(told);
        if (content) key = sealing::parse_typed_key(*content);
    }
    auto seal = key ? sealing::Seal::for_key(*key) : std::nullopt;
    if (seal) return seal;
    context.err << tr("{0} is no public key of passerelle subject keygen, nor a file with one. "
                      "Compare every character.",
                      {told})
                << '\n';
    context.exit_status = kExitUsage;
    return std::nullopt;
}

int open_pack(const PackOrder& order, CommandContext& context) {
    return Opening(order, context).run();
}

}  // namespace gateway::cli
