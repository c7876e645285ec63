#include "gateway/store_verdict.hpp"

#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <algorithm>

namespace gateway {
namespace {

using buffer::Audit;
using buffer::Errc;
using buffer::SegmentFault;
using doctor::Check;
using doctor::Checks;
using doctor::Severity;
using language::tr;

// What the next start does of itself, and what is better done before.
std::string salvage_remedy() {
    return tr(
        "copy the buffer's file, its -wal and its .sequences to another disk with the gateway "
        "stopped, look at the card (dmesg, passerelle doctor), replace it if it fails; then start "
        "the gateway: it puts the damaged file aside, takes over what is readable and counts the "
        "rest"
    );
}

std::string counted(std::uint64_t count) {
    return std::to_string(count);
}

Check pages(const Audit& audit) {
    constexpr const char* kCode = "buffer-pages";
    if (audit.pages_damaged == 0) {
        return doctor::in_order(
            kCode, tr("Each of the {0} pages is as it was written.", {counted(audit.pages)})
        );
    }
    std::string numbers;
    for (const std::uint32_t number : audit.damaged) {
        if (!numbers.empty()) numbers += ", ";
        numbers += std::to_string(number);
    }
    if (audit.damaged.size() < audit.pages_damaged) numbers += " …";
    return {
        kCode,
        Severity::failure,
        tr("{0} of the {1} pages are not as they were written: {2}.",
           {counted(audit.pages_damaged), counted(audit.pages), numbers}),
        tr("The readings in them are lost, or those that lead through them."),
        salvage_remedy()};
}

Check log(const Audit& audit) {
    constexpr const char* kCode = "buffer-log";
    if (!audit.log_damaged)
        return doctor::in_order(kCode, tr("The write-ahead log is as it was written."));
    return {
        kCode,
        Severity::failure,
        tr("The write-ahead log is damaged before its end."),
        tr("What was acknowledged last may be lost."),
        salvage_remedy()};
}

Check structure(const Audit& audit, const std::string& path) {
    constexpr const char* kCode = "buffer-structure";
    if (audit.view_failure == Errc::damaged) {
        return {
            kCode,
            Severity::failure,
            tr("{0} cannot be read as a database.", {path}),
            tr("Readings are lost; which, only a salvage tells."),
            salvage_remedy()};
    }
    if (audit.view_failure) {
        return {
            kCode,
            Severity::warning,
            unreadable_store(path, audit.view_failure),
            tr("Nobody knows whether the buffer is sound."),
            tr("do that, and ask again")};
    }
    if (audit.structure_faults.empty() && !audit.is_suspect)
        return doctor::in_order(kCode, tr("Tables and indexes hang together."));
    return {
        kCode,
        Severity::failure,
        audit.structure_faults.empty()
            ? tr("The gateway found damage in the buffer while it ran.")
            : tr("The database does not hang together: {0}", {audit.structure_faults.front()}),
        tr("Readings may be lost, and the next start salvages what is there."),
        salvage_remedy()};
}

Check end(const Audit& audit) {
    constexpr const char* kCode = "buffer-end";
    if (audit.lost_at_end == 0)
        return doctor::in_order(kCode, tr("Nothing is missing behind the last reading."));
    return {
        kCode,
        Severity::failure,
        tr("At least {0} readings at the end are missing that had been stored.",
           {counted(audit.lost_at_end)}),
        tr("They were acknowledged, and will not be sent again."),
        salvage_remedy()};
}

// Of the first fault; the others are mostly of its kind.
std::string fault_text(const SegmentFault& fault) {
    switch (fault.kind) {
        case SegmentFault::Kind::key_gone:
            return tr("its key is gone");
        case SegmentFault::Kind::damaged:
            return tr("it does not open with its key, or is not what was stored");
        case SegmentFault::Kind::no_device:
            return tr("the name of one of its devices is missing");
        case SegmentFault::Kind::out_of_order:
            break;
    }
    return tr("its numbers are those of other readings, or were never given");
}

Check segments(const Audit& audit) {
    constexpr const char* kCode = "buffer-segments";
    if (audit.keys_failure) {
        return {
            kCode,
            Severity::warning,
            tr("Segments were not opened: {0}.", {language::failure_words(audit.keys_failure)}),
            tr("Nobody knows whether all readings can be delivered."),
            tr("run this as root or as the gateway's user, beside its state directory")};
    }
    if (audit.segments_faulty == 0) {
        return doctor::in_order(
            kCode,
            tr("{0} segments with {1} readings open.",
               {counted(audit.segments), counted(audit.readings)})
        );
    }
    const SegmentFault& first = audit.faults.front();
    return {
        kCode,
        Severity::failure,
        tr("{0} of {1} segments with {2} readings are faulty. The first, of dataset {3} from "
           "number {4} on: {5}.",
           {counted(audit.segments_faulty),
            counted(audit.segments),
            counted(audit.readings_faulty),
            first.dataset,
            counted(first.first_sequence),
            fault_text(first)}),
        tr("These readings cannot be delivered."),
        first.kind == SegmentFault::Kind::key_gone
            ? tr("put the directory keys/segments back that belongs to this buffer; without it "
                 "they are lost")
            : salvage_remedy()};
}

Check books(const Audit& audit) {
    constexpr const char* kCode = "buffer-books";
    if (audit.books.empty()) {
        return doctor::in_order(
            kCode,
            tr("The counts of {0} uplinks agree with what is stored.",
               {counted(audit.uplinks_balanced)})
        );
    }
    const auto& first = audit.books.front();
    return {
        kCode,
        Severity::failure,
        tr("The counts of uplink {0} do not agree with what is stored: {1} readings stored, {2} "
           "accounted for.",
           {first.uplink, counted(first.stored), counted(first.accounted)}),
        tr("Readings are missing, or counted twice."),
        salvage_remedy()};
}

}  // namespace

std::string unreadable_store(const std::string& path, const boost::system::error_code& why) {
    if (why == boost::system::errc::permission_denied) {
        return tr(
            "{0} cannot be read by this user. Run this as root or as the gateway's user.", {path}
        );
    }
    if (why == boost::system::errc::no_such_file_or_directory) {
        return tr(
            "There is no buffer at {0}. Is this the configuration of this box? --file takes a "
            "copy.",
            {path}
        );
    }
    if (why == Errc::older_schema) {
        return tr(
            "{0} was written by an earlier release. Start this release's gateway on it once, or "
            "look at it with the release that wrote it.",
            {path}
        );
    }
    if (why == Errc::newer_schema) {
        return tr("{0} was written by a newer release. Look at it with that one.", {path});
    }
    if (why == Errc::in_use) {
        return tr(
            "The gateway changes {0} faster than it can be read. Ask again, or stop the gateway.",
            {path}
        );
    }
    if (why == Errc::damaged)
        return tr("{0} is damaged. passerelle buffer verify tells how.", {path});
    return tr("{0} cannot be read: {1}.", {path, language::failure_words(why)});
}

doctor::Checks store_verdict(const Audit& audit, const std::string& path) {
    Checks checks;
    if (audit.pages > 0) {
        checks.push_back(pages(audit));
        checks.push_back(log(audit));
    }
    checks.push_back(structure(audit, path));
    if (!audit.view_failure) {
        checks.push_back(end(audit));
        checks.push_back(segments(audit));
        checks.push_back(books(audit));
    }
    doctor::sort_worst_first(checks);
    return checks;
}

}  // namespace gateway
