#include "gateway/cli/subject_export.hpp"

#include "gateway/cli/export_target.hpp"
#include "gateway/cli/private_files.hpp"
#include "gateway/cli/subject_page.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/wipe.hpp"
#include "gateway/subject/digest.hpp"
#include "gateway/subject/export_summary.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;
using subject::ExportPart;

class Export {
  public:
    Export(SubjectSession& session, const ExportOrder& order, CommandContext& context)
        : session_(session), order_(order), context_(context) {}

    bool run() {
        auto request = session_.request();
        if (!request) return false;
        auto target = order_.seal ? export_into_pack(order_.directory, *order_.seal)
                                  : export_into_directory(order_.directory);
        if (!is_done(target)) return false;
        target_ = std::move(*target);
        if (!write(ExportPart::table, subject::ExportTally::csv_head())) return false;
        for (const std::string& dataset : in_order(request->datasets)) {
            request->datasets = {dataset};
            tally_.begin(dataset);
            request->letters = false;
            if (!take("/subject/export", *request, &Export::add)) return false;
            request->letters = true;
            if (!take("/subject/export", *request, &Export::add)) return false;
            if (!take("/consent/list", *request, &Export::add_consents)) return false;
        }
        return finish();
    }

  private:
    // The datasets asked for, in the order of the configuration.
    std::vector<std::string> in_order(const std::vector<std::string>& asked) const {
        std::vector<std::string> datasets;
        for (const settings::Dataset& dataset : session_.settings().datasets) {
            if (std::find(asked.begin(), asked.end(), dataset.name) != asked.end())
                datasets.push_back(dataset.name);
        }
        // A name that is none goes to the desk, which says so.
        return datasets.size() < asked.size() ? asked : datasets;
    }

    template <class Value>
    bool is_done(const model::Result<Value>& result) {
        if (result) return true;
        say_unwritable(order_.directory, result.error(), context_);
        context_.exit_status = kExitUnavailable;
        return false;
    }

    bool write(ExportPart part, std::string_view content) {
        digests_[part].add(content);
        return is_done(target_->write(part, content));
    }

    // All pages of what is asked for; each is wiped when it is written.
    using Taker = bool (Export::*)(std::string_view lines);
    bool take(const char* asked, subject::Request& request, Taker taker) {
        request.after = 0;
        while (true) {
            auto body = session_.ask(asked, request);
            if (!body) return false;
            const auto page = parse_page(*body);
            if (!page) {
                context_.err << tr("What answers there is not a gateway.") << '\n';
                context_.exit_status = kExitUnavailable;
                return false;
            }
            const bool is_taken = (this->*taker)(page->lines);
            runtime::wipe(*body);
            if (!is_taken) return false;
            if (!page->more) return true;
            request.after = page->next;
        }
    }

    bool add(std::string_view lines) {
        if (!write(ExportPart::readings, lines)) return false;
        std::string rows;
        while (!lines.empty()) {
            const auto end = lines.find('\n');
            std::string row = tally_.add(lines.substr(0, end));
            runtime::append_and_wipe(rows, row);
            runtime::wipe(row);
            lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        }
        const bool is_written = write(ExportPart::table, rows);
        runtime::wipe(rows);
        return is_written;
    }

    bool add_consents(std::string_view lines) { return write(ExportPart::consents, lines); }

    bool finish() {
        std::vector<subject::ExportedFile> files;
        const auto list = [&](ExportPart part) {
            files.push_back({std::string(file_name(part)), digests_[part].hex()});
        };
        list(ExportPart::readings);
        list(ExportPart::table);
        list(ExportPart::consents);
        const auto now = runtime::SystemClock().now();
        const auto& settings = session_.settings();
        if (!write(ExportPart::summary, subject::export_summary(settings, tally_, files, now)))
            return false;
        list(ExportPart::summary);
        if (!write(ExportPart::manifest, subject::export_manifest(settings, tally_, files, now)))
            return false;
        if (!is_done(target_->close())) return false;
        tell();
        return true;
    }

    void tell() const {
        if (order_.seal) {
            context_.out << tr("The sealed export is in {0}; only the holder of the private key "
                               "can open it.",
                               {order_.directory + '/' + kPackName})
                         << '\n';
            return;
        }
        std::uint64_t readings = 0;
        for (const auto& dataset : tally_.datasets())
            readings += dataset.readings + dataset.dead_letters;
        context_.out << tr("{0} rows written to {1}", {std::to_string(readings), order_.directory})
                     << '\n';
    }

    SubjectSession& session_;
    const ExportOrder& order_;
    CommandContext& context_;
    std::unique_ptr<ExportTarget> target_;
    std::map<ExportPart, subject::Digest> digests_;
    subject::ExportTally tally_;
};

}  // namespace

bool export_subject(SubjectSession& session, const ExportOrder& order, CommandContext& context) {
    return Export(session, order, context).run();
}

}  // namespace gateway::cli
