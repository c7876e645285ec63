#include "gateway/subject_control.hpp"

#include "gateway/control_response.hpp"
#include "gateway/language/translate.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace gateway {

namespace asio = boost::asio;

asio::awaitable<status::Response> SubjectControl::answer(std::string path, std::string body) {
    // Shared with the storage thread, which may still work on it when the connection is gone.
    struct Asked {
        std::string path;
        std::string body;
        subject::Desk::Answer answer;
    };
    const auto asked = std::make_shared<Asked>();
    asked->path = std::move(path);
    asked->body = std::move(body);
    buffer::Outbox::StoreWork work =
        [asked, &desk = people_.desk(), now = around_.clock.now(), stamp = around_.clock.stamp()](
            buffer::Store& store, std::uint64_t device_base
        ) -> model::Result<void> {
        auto answer = desk.answer(asked->path, asked->body, {store, device_base, now, stamp});
        subject::wipe(asked->body);
        if (!answer) return answer.error();
        asked->answer = std::move(*answer);
        return {};
    };
    const auto done = co_await outbox_.run(std::move(work));
    if (!done) co_return status::refuse(503, "the store failed");
    for (const subject::Entry& entry : asked->answer.entries) people_.gate().apply(entry);
    for (const auto& erased : asked->answer.erased) forget(erased);
    constexpr unsigned kRefused = 400;
    if (asked->answer.status < kRefused)  // otherwise the path is whatever somebody wrote
        tell_of(asked->path);
    co_return json_response(asked->answer.status, std::move(asked->answer.body));
}

// With a field, so that an erasure soon after an export is not held back as its repetition.
void SubjectControl::tell_of(const std::string& path) {
    const observe::Field request{"request", path};
    const auto text = language::tr("{0} was asked for.", {path});
    around_.log.write(observe::Level::info, "subject-request", text, {&request, 1});
}

void SubjectControl::forget(const subject::Desk::ErasedDevice& erased) {
    const auto& datasets = around_.settings.datasets;
    const auto found = std::find_if(datasets.begin(), datasets.end(), [&](const auto& dataset) {
        return dataset.name == erased.dataset;
    });
    if (found == datasets.end()) return;
    pipeline_.devices().erase(static_cast<std::size_t>(found - datasets.begin()), erased.name);
}

}  // namespace gateway
