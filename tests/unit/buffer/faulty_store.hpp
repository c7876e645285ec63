#pragma once
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/store.hpp"

#include <future>
#include <memory>
#include <utility>

namespace tests::buffer {

// A store whose calls fail when told so, as a disk does: the call in question writes nothing.
class FaultyStore final : public gateway::buffer::Store {
  public:
    template <class Answer>
    using Result = gateway::model::Result<Answer>;

    struct Plan {
        int calls_until_failure = -1;  // never
        int calls_after_failure = 0;   // that reached the store nevertheless
        int writes_refused = 0;        // the next so many find no room
        int written = 0;
        std::shared_future<void> gate{};  // calls wait for it
    };

    FaultyStore(std::unique_ptr<Store> store, std::shared_ptr<Plan> plan)
        : store_(std::move(store)), plan_(std::move(plan)) {}

    std::span<const gateway::buffer::QueueName> queues() const override { return store_->queues(); }
    std::uint64_t next_device() const override { return store_->next_device(); }
    const gateway::buffer::StoreState& state() const override { return store_->state(); }
    std::vector<gateway::buffer::StoredMark> take_session_marks() override {
        return store_->take_session_marks();
    }
    std::vector<gateway::buffer::VaultToken> take_tokens() override {
        return store_->take_tokens();
    }
    std::vector<gateway::buffer::VaultToken> take_forgotten_tokens() override {
        return store_->take_forgotten_tokens();
    }
    Result<std::optional<std::string>> find_token(
        const std::string& dataset, const gateway::buffer::IdentityPrint& identity
    ) override {
        return store_->find_token(dataset, identity);
    }
    std::vector<gateway::buffer::StoredSteps> take_steps() override { return store_->take_steps(); }

    Result<Written> write(const gateway::buffer::Group& group) override {
        if (fails()) return fault();
        if (plan_->writes_refused > 0) {
            --plan_->writes_refused;
            return Written::full;
        }
        ++plan_->written;
        return store_->write(group);
    }
    Result<void> date_boot(const gateway::buffer::BootDate& date) override {
        if (fails()) return fault();
        return store_->date_boot(date);
    }
    Result<std::optional<gateway::buffer::Batch>> open_batch(
        gateway::buffer::QueueLane from, gateway::buffer::BatchLimits limits
    ) override {
        if (fails()) return fault();
        return store_->open_batch(from, limits);
    }
    Result<void> reopen_batch(gateway::buffer::QueueLane from) override {
        if (fails()) return fault();
        return store_->reopen_batch(from);
    }
    Result<void> confirm(gateway::buffer::QueueLane from, std::uint64_t last_sequence) override {
        if (fails()) return fault();
        return store_->confirm(from, last_sequence);
    }
    Result<void> bury(
        gateway::buffer::QueueLane from,
        std::uint64_t last_sequence,
        const std::string& cause,
        gateway::model::Instant now
    ) override {
        if (fails()) return fault();
        return store_->bury(from, last_sequence, cause, now);
    }
    Result<bool> set_aside(std::size_t queue, std::uint64_t last) override {
        if (fails()) return fault();
        return store_->set_aside(queue, last);
    }
    Result<void> find_readings(
        const gateway::buffer::PersonQuery& query, const gateway::buffer::PersonVisitor& visit
    ) override {
        if (fails()) return fault();
        return store_->find_readings(query, visit);
    }
    Result<void> find_letters(
        const gateway::buffer::PersonQuery& query, const gateway::buffer::PersonVisitor& visit
    ) override {
        if (fails()) return fault();
        return store_->find_letters(query, visit);
    }
    Result<gateway::buffer::Erased> erase(const gateway::buffer::ErasureOrder& order) override {
        if (fails()) return fault();
        return store_->erase(order);
    }
    Result<void> maintain(gateway::model::Instant now, std::uint64_t device_base) override {
        if (fails()) return fault();
        return store_->maintain(now, device_base);
    }
    Result<void> close() override {
        if (fails()) return fault();
        return store_->close();
    }

  private:
    bool fails() {
        if (plan_->gate.valid()) plan_->gate.wait();
        if (failed_) ++plan_->calls_after_failure;
        if (plan_->calls_until_failure < 0) return failed_;
        failed_ = failed_ || plan_->calls_until_failure-- == 0;
        return failed_;
    }
    static boost::system::error_code fault() {
        return make_error_code(boost::system::errc::io_error);
    }

    std::unique_ptr<Store> store_;
    std::shared_ptr<Plan> plan_;
    bool failed_ = false;
};

}  // namespace tests::buffer
