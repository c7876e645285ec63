#include "gateway/cli/subject_export.hpp"

#include "gateway/cli/private_files.hpp"
#include "gateway/cli/subject_page.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/subject/export_summary.hpp"

#include <algorithm>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

class Export {
  public:
    Export(SubjectSession& session, std::string directory, CommandContext& context)
        : session_(session), directory_(std::move(directory)), context_(context) {}

    bool run() {
        auto request = session_.request();
        if (!request) return false;
        if (!is_done(PrivateFile::make_directory(directory_))) return false;
        if (!is_done(lines_.create(path("readings.jsonl")))) return false;
        if (!is_done(table_.create(path("readings.csv")))) return false;
        if (!is_done(consents_.create(path("consents.jsonl")))) return false;
        if (!is_done(table_.write(subject::ExportTally::csv_head()))) return false;
        for (const settings::Dataset& dataset : session_.settings().datasets) {
            const auto& asked = request->datasets;
            all_.push_back(dataset.name);
            if (std::find(asked.begin(), asked.end(), dataset.name) == asked.end()) all_.pop_back();
        }
        // A name that is none goes to the desk, which says so.
        if (all_.size() < request->datasets.size()) all_ = request->datasets;
        for (const std::string& dataset : all_) {
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
    std::string path(std::string_view name) const {
        return std::string(directory_).append("/").append(name);
    }

    template <class Value>
    bool is_done(const model::Result<Value>& result) {
        if (result) return true;
        context_.err << tr("The files in {0} cannot be written: {1}",
                           {directory_, result.error().message()})
                     << '\n';
        context_.exit_status = kExitUnavailable;
        return false;
    }

    // All pages of what is asked for.
    using Taker = bool (Export::*)(std::string_view lines);
    bool take(const char* asked, subject::Request& request, Taker taker) {
        request.after = 0;
        while (true) {
            const auto body = session_.ask(asked, request);
            if (!body) return false;
            const auto page = parse_page(*body);
            if (!page) {
                context_.err << tr("What answers there is not a gateway.") << '\n';
                context_.exit_status = kExitUnavailable;
                return false;
            }
            if (!(this->*taker)(page->lines)) return false;
            if (!page->more) return true;
            request.after = page->next;
        }
    }

    bool add(std::string_view lines) {
        if (!is_done(lines_.write(lines))) return false;
        std::string rows;
        while (!lines.empty()) {
            const auto end = lines.find('\n');
            rows += tally_.add(lines.substr(0, end));
            lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        }
        return is_done(table_.write(rows));
    }

    bool add_consents(std::string_view lines) { return is_done(consents_.write(lines)); }

    bool finish() {
        const auto lines = lines_.finish();
        const auto table = table_.finish();
        const auto consents = consents_.finish();
        if (!is_done(lines) || !is_done(table) || !is_done(consents)) return false;
        std::vector<subject::ExportedFile> files{
            {"readings.jsonl", *lines}, {"readings.csv", *table}, {"consents.jsonl", *consents}};
        const auto now = runtime::SystemClock().now();
        const auto& settings = session_.settings();
        const auto page = write_private_file(
            path("summary.txt"), subject::export_summary(settings, tally_, files, now)
        );
        if (!is_done(page)) return false;
        files.push_back({"summary.txt", *page});
        const auto manifest = write_private_file(
            path("manifest.json"), subject::export_manifest(settings, tally_, files, now)
        );
        if (!is_done(manifest)) return false;
        std::uint64_t readings = 0;
        for (const auto& dataset : tally_.datasets())
            readings += dataset.readings + dataset.dead_letters;
        context_.out << tr("{0} rows written to {1}", {std::to_string(readings), directory_})
                     << '\n';
        return true;
    }

    SubjectSession& session_;
    std::string directory_;
    CommandContext& context_;
    std::vector<std::string> all_;  // the datasets asked for, in the order of the configuration
    PrivateFile lines_;
    PrivateFile table_;
    PrivateFile consents_;
    subject::ExportTally tally_;
};

}  // namespace

bool export_subject(
    SubjectSession& session, const std::string& directory, CommandContext& context
) {
    return Export(session, directory, context).run();
}

}  // namespace gateway::cli
