#include "gateway/ways_in.hpp"

#include "drivers/catalogue.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace gateway {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kStartRetry{10};  // for a port or a file that is not free yet

}  // namespace

WaysIn::WaysIn(Environment environment, settings::Settings& settings)
    : environment_(std::move(environment)), settings_(settings) {
    for (std::size_t i = 0; i < settings_.sources.size(); ++i)
        ways_.push_back(make(settings_.sources[i], static_cast<model::SourceId>(i)));
}

std::unique_ptr<WayIn> WaysIn::make(const settings::Source& source, model::SourceId id) const {
    auto way = std::make_unique<WayIn>();
    way->name = source.name;
    way->id = id;
    way->driver = drivers::make_driver(
        source,
        drivers::Surroundings{
            id,
            environment_.pipeline,
            environment_.pipeline,
            environment_.reactor,
            environment_.clock,
            environment_.log,
            environment_.firmware}
    );
    return way;
}

void WaysIn::start() {
    for (const auto& way : ways_) environment_.tasks.spawn(start_one(*way));
}

// A port that is taken or a file that is missing today may be there later: the rest of the gateway
// works meanwhile, and the status page says what is wrong.
asio::awaitable<void> WaysIn::start_one(WayIn& way) {
    asio::steady_timer retry(environment_.reactor);
    while (!way.is_stopped) {
        const auto started = way.driver->start();
        if (started) co_return;
        environment_.log.error(
            "source-not-started",
            language::tr(
                "Source {0} cannot start: {1}", {way.name, language::failure_words(started.error())}
            )
        );
        retry.expires_after(kStartRetry);
        co_await retry.async_wait(asio::use_awaitable);
    }
}

// Who looks at the settings meanwhile finds a way for every source.
asio::awaitable<void> WaysIn::exchange(
    std::vector<settings::Source> sources, std::set<std::string> changed
) {
    for (const auto& way : ways_) {
        const bool is_gone = std::none_of(sources.begin(), sources.end(), [&](const auto& source) {
            return source.name == way->name;
        });
        if (!is_gone && !changed.contains(way->name)) continue;
        way->is_stopped = true;
        co_await way->driver->stop();
    }
    std::vector<std::unique_ptr<WayIn>> ways;
    for (const settings::Source& source : sources) {
        const auto kept = std::find_if(ways_.begin(), ways_.end(), [&](const auto& way) {
            return way && !way->is_stopped && way->name == source.name;
        });
        if (kept != ways_.end()) {
            ways.push_back(std::move(*kept));
            continue;
        }
        ways.push_back(make(source, environment_.pipeline.add_source(source, settings_)));
        environment_.tasks.spawn(start_one(*ways.back()));
    }
    std::erase(ways_, nullptr);
    std::move(ways_.begin(), ways_.end(), std::back_inserter(replaced_));
    ways_ = std::move(ways);
    settings_.sources = std::move(sources);
}

asio::awaitable<void> WaysIn::stop() {
    for (const auto& way : ways_) {
        way->is_stopped = true;
        co_await way->driver->stop();
    }
}

}  // namespace gateway
