#include "gateway/cli/stats_text.hpp"

#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/status/words.hpp"

#include <boost/json.hpp>

namespace gateway::cli {
namespace {

namespace json = boost::json;
using language::tr;
using status::bytes_words;
using status::number_words;
using Align = TextTable::Align;
using Running = std::optional<observe::BufferReport>;

std::string time_cell(const std::optional<model::Instant>& time) {
    return time ? status::time_words(*time) : "-";
}

std::string file_section(const StoreStats& stats) {
    return tr("{0}: {1} of at most {2}, and a log of {3}; {4} pages, {5} of them free.",
              {stats.path,
               bytes_words(stats.bytes),
               bytes_words(stats.size_max),
               bytes_words(stats.log_bytes),
               number_words(stats.pages),
               number_words(stats.pages_free)}) +
           '\n';
}

std::string written_section(const Running& running) {
    if (!running)
        return tr("What was written to the card only a gateway that runs can tell.") + '\n';
    std::string text =
        tr("Since its start the gateway has written {0} in {1} commits.",
           {bytes_words(running->bytes_written), number_words(running->commits)});
    if (running->bytes_per_day)
        text += ' ' + tr("That is {0} a day.", {bytes_words(*running->bytes_per_day)});
    return text + '\n';
}

std::string dataset_section(const StoreStats& stats) {
    TextTable table{
        {Align::left, Align::right, Align::right, Align::right, Align::left, Align::left}};
    table.add(
        {tr("DATASET"), tr("READINGS"), tr("SEGMENTS"), tr("SIZE"), tr("OLDEST"), tr("NEWEST")}
    );
    for (const auto& dataset : stats.datasets) {
        table.add(
            {dataset.name,
             number_words(dataset.readings),
             number_words(dataset.segments),
             bytes_words(dataset.bytes),
             time_cell(dataset.oldest),
             time_cell(dataset.newest)}
        );
    }
    return table.text();
}

std::string uplink_section(const StoreStats& stats) {
    TextTable table{
        {Align::left,
         Align::left,
         Align::right,
         Align::right,
         Align::right,
         Align::right,
         Align::right}};
    table.add(
        {tr("UPLINK"),
         tr("DATASET"),
         tr("NEW"),
         tr("BACKLOG"),
         tr("DEAD"),
         tr("EVICTED"),
         tr("DELIVERED")}
    );
    for (const auto& uplink : stats.uplinks) {
        table.add(
            {uplink.name,
             "",
             "",
             "",
             number_words(uplink.dead),
             number_words(uplink.evicted),
             number_words(uplink.delivered)}
        );
        for (const auto& lane : uplink.lanes) {
            table.add(
                {"", lane.dataset, number_words(lane.live), number_words(lane.backlog), "", "", ""}
            );
        }
    }
    return table.text();
}

json::value time_value(const std::optional<model::Instant>& time) {
    return time ? json::value(model::to_rfc3339(*time)) : json::value(nullptr);
}

json::array dataset_values(const StoreStats& stats) {
    json::array values;
    for (const auto& dataset : stats.datasets) {
        values.push_back(json::object{
            {"name", dataset.name},
            {"segments", dataset.segments},
            {"readings", dataset.readings},
            {"bytes", dataset.bytes},
            {"oldest", time_value(dataset.oldest)},
            {"newest", time_value(dataset.newest)}});
    }
    return values;
}

json::array uplink_values(const StoreStats& stats) {
    json::array values;
    for (const auto& uplink : stats.uplinks) {
        json::array lanes;
        for (const auto& lane : uplink.lanes) {
            lanes.push_back(json::object{
                {"dataset", lane.dataset}, {"live", lane.live}, {"backlog", lane.backlog}});
        }
        values.push_back(json::object{
            {"name", uplink.name},
            {"stored", uplink.stored},
            {"delivered", uplink.delivered},
            {"waiting", uplink.waiting},
            {"dead", uplink.dead},
            {"evicted", uplink.evicted},
            {"lanes", std::move(lanes)}});
    }
    return values;
}

json::value written_value(const Running& running) {
    if (!running) return nullptr;
    json::object value{{"bytes", running->bytes_written}, {"commits", running->commits}};
    value["bytes_per_day"] =
        running->bytes_per_day ? json::value(*running->bytes_per_day) : json::value(nullptr);
    return value;
}

}  // namespace

std::string stats_text(const StoreStats& stats, const Running& running) {
    return file_section(stats) + written_section(running) + '\n' + dataset_section(stats) + '\n' +
           uplink_section(stats);
}

std::string stats_json(const StoreStats& stats, const Running& running) {
    const json::object pages{
        {"used", stats.pages - stats.pages_free},
        {"free", stats.pages_free},
        {"bytes", stats.page_bytes}};
    return json::serialize(json::object{
        {"path", stats.path},
        {"bytes", stats.bytes},
        {"log_bytes", stats.log_bytes},
        {"size_max", stats.size_max},
        {"pages", pages},
        {"last_sequence", stats.last_sequence},
        {"datasets", dataset_values(stats)},
        {"uplinks", uplink_values(stats)},
        {"written", written_value(running)}});
}

}  // namespace gateway::cli
