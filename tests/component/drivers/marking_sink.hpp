#pragma once
#include "gateway/runtime/condition.hpp"
#include "tests/component/drivers/scripted_sessions.hpp"
#include "tests/component/drivers/scripted_sink.hpp"

#include <optional>
#include <string>
#include <utility>

namespace tests::drivers {

// Sessions whose changes wait for the disk while they are held, or fail.
class HeldSessions final : public ScriptedSessions {
    using Outcome = gateway::model::Decoded<void>;

  public:
    explicit HeldSessions(boost::asio::any_io_executor reactor) : changed(std::move(reactor)) {}

    boost::asio::awaitable<Outcome> remember(std::string session) override {
        while (is_held) co_await changed.wait();
        if (fails) co_return failure();
        co_return co_await ScriptedSessions::remember(std::move(session));
    }
    boost::asio::awaitable<Outcome> release(std::string session, std::uint16_t packet) override {
        ++releases;
        while (is_held) co_await changed.wait();
        if (fails) co_return failure();
        co_return co_await ScriptedSessions::release(std::move(session), packet);
    }
    boost::asio::awaitable<Outcome> forget(std::string session) override {
        while (is_held) co_await changed.wait();
        if (fails) co_return failure();
        co_return co_await ScriptedSessions::forget(std::move(session));
    }

    bool is_held = false;  // this and what follows: on the reactor
    bool fails = false;
    int releases = 0;  // asked for
    gateway::runtime::Condition changed;

  private:
    static gateway::model::Fault failure() {
        return {gateway::model::Refusal::store_failed, "scripted"};
    }
};

// A sink that takes a marked frame once, and leaves its mark in the sessions, as the pipeline does.
// What is in it: on the reactor.
class MarkingSink final : public ScriptedSink {
    using Pending = gateway::ingest::Pending;
    using Receipt = gateway::ingest::Receipt;

  public:
    MarkingSink(boost::asio::any_io_executor reactor, ScriptedSessions& sessions)
        : ScriptedSink(std::move(reactor)), sessions_(sessions) {}

    gateway::model::Decoded<Pending> submit(gateway::model::Frame frame) override {
        if (const auto cause = std::exchange(refusal_at_once, std::nullopt))
            return gateway::model::Fault{*cause, "scripted"};
        const auto mark = frame.mark;
        if (mark && sessions_.packets[mark->session].contains(mark->packet_id)) {
            ++repetitions;
            Pending pending;
            pending.is_repetition = true;
            return pending;
        }
        auto pending = ScriptedSink::submit(std::move(frame));
        if (pending) pending->mark = mark;
        return pending;
    }
    boost::asio::awaitable<gateway::model::Decoded<Receipt>> settled(Pending pending) override {
        if (pending.is_repetition) co_return Receipt{0, 1};
        const auto mark = pending.mark;
        auto receipt = co_await ScriptedSink::settled(std::move(pending));
        if (receipt && mark) sessions_.packets[mark->session].insert(mark->packet_id);
        co_return receipt;
    }

    std::optional<gateway::model::Refusal> refusal_at_once;  // of the next frame, not kept
    int repetitions = 0;

  private:
    ScriptedSessions& sessions_;
};

}  // namespace tests::drivers
