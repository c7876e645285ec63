#include "gateway/cli/register_document.hpp"

#include "gateway/cli/register_form.hpp"
#include "gateway/cli/register_part.hpp"
#include "gateway/language/translate.hpp"

namespace gateway::cli {
namespace {

using language::tr;

std::string unchecked(const char* article) {
    return tr("{0} – to be checked by a lawyer", {tr(article)});
}

Section section(const Heading& heading, int level) {
    Section out{level, tr(heading.title), {}, {}};
    if (heading.article != nullptr) out.note = unchecked(heading.article);
    return out;
}

Section remarks(const RegisterForm& form) {
    Listing listing;
    for (const char* remark : form.remarks)
        listing.items.push_back(tr("{0} (To be checked by a lawyer.)", {tr(remark)}));
    return {1, tr("What is special in this law"), {}, {std::move(listing)}};
}

Section gaps(const ProcessingRecord& record) {
    Facts facts;
    for (const auto& gap : record.gaps) facts.rows.emplace_back(gap.key, gap.text);
    return {1, tr("What is still missing"), {}, {std::move(facts)}};
}

std::string place(const settings::Gateway& gateway) {
    return gateway.city.empty() ? gateway.id : gateway.id + ", " + gateway.city;
}

}  // namespace

Document register_document(const ProcessingRecord& record, const settings::Settings& settings) {
    const RegisterForm& form = form_of(record.about.profile);
    Document document;
    document.title = tr(form.title);
    document.lead = {
        tr("Gateway {0}. Made by Passerelle from the configuration that the gateway runs on: what "
           "is collected is what stands here, and nothing was copied by hand.",
           {place(record.gateway)})};
    if (!record.gaps.empty()) document.sections.push_back(gaps(record));
    for (const auto& heading : form.before) {
        document.sections.push_back(section(heading, 1));
        document.sections.back().blocks = common_part(heading.part, record, settings);
    }
    for (const auto& activity : record.activities) {
        document.sections.push_back(
            {1, tr("Processing: {0}", {activity.title}), {}, activity_summary(activity)}
        );
        for (const auto& heading : form.each) {
            document.sections.push_back(section(heading, 2));
            document.sections.back().blocks = activity_part(heading.part, activity);
        }
    }
    for (const auto& heading : form.after) {
        document.sections.push_back(section(heading, 1));
        document.sections.back().blocks = common_part(heading.part, record, settings);
    }
    document.sections.push_back(remarks(form));
    document.foot = tr("This document is a help for the controller. It is no legal advice.");
    return document;
}

}  // namespace gateway::cli
