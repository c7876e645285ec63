#include "drivers/mqtt_listener/conversation.hpp"

#include "drivers/mqtt_listener/bounds.hpp"
#include "drivers/mqtt_listener/command_topic.hpp"
#include "gateway/model/message.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace drivers::mqtt_listener {

namespace asio = boost::asio;
namespace codec = gateway::mqtt_codec;
namespace model = gateway::model;
using codec::Fault;
using codec::ReasonCode;
using model::translatable;
using Kind = Responses::Kind;

namespace {

Kind kind_of(codec::Qos qos) {
    if (qos == codec::Qos::at_most_once) return Kind::none;
    return qos == codec::Qos::at_least_once ? Kind::puback : Kind::pubrec;
}

Turnaway turnaway_of(ReasonCode reason) {
    return reason == ReasonCode::not_authorized ? Turnaway::not_authorised : Turnaway::refused;
}

}  // namespace

Conversation::Conversation(Device device, Hall& hall, Ways ways)
    : device_(std::move(device)),
      hall_(hall),
      ways_(std::move(ways)),
      responses_(ways_.outgoing, device_.version, [this](ReasonCode reason) {
          ways_.end(reason, turnaway_of(reason));
      }) {}

codec::Decoded<void> Conversation::take(const codec::Packet& packet) {
    return std::visit([this](const auto& content) { return on(content); }, packet);
}

// In MQTT 5 a device knows the bound and breaks the rules beyond it; one of 3.1.1 waits.
bool Conversation::has_room() const {
    const std::size_t bound = is_mqtt_5() ? 2 * kPublishesPendingMax : kPublishesPendingMax;
    return pending() < bound;
}

codec::Decoded<void> Conversation::on(const codec::Publish& publish) {
    const auto topic = aliases_.topic_of(publish);
    if (!topic) return topic.error();
    const Kind kind = kind_of(publish.qos);
    const bool is_too_many = responses_.acknowledgements() >= kPublishesPendingMax;
    if (is_mqtt_5() && kind != Kind::none && is_too_many) {
        return Fault{
            ReasonCode::receive_maximum_exceeded,
            translatable("more messages are under way than the announced maximum")};
    }
    ++hall_.frames;
    const auto place = responses_.open(kind, publish.packet_identifier);
    if (topic->size() > kTopicBytesMax) {
        refuse(place, model::Refusal::unknown_topic);
        return {};
    }
    const auto leave = hall_.access.leave_of(device_.identity, *topic);
    if (leave == gateway::ingest::Access::Leave::none) {
        refuse(place, model::Refusal::not_authorised);
        return {};
    }
    auto frame = frame_of(publish, *topic);
    frame.speaks_for_others = leave == gateway::ingest::Access::Leave::any_device;
    store(std::move(frame), place);
    return {};
}

// A message that does not reach the sink.
void Conversation::refuse(Responses::Place place, model::Refusal cause) {
    hall_.around.sink.count_refused(hall_.around.id, cause);
    conclude(place, verdict_of(model::Fault{cause}));
}

model::Frame Conversation::frame_of(const codec::Publish& publish, std::string_view topic) const {
    model::Frame frame(
        hall_.around.id,
        std::string{topic},
        device_.identity,
        std::string{publish.payload},
        hall_.around.clock.now()
    );
    // A session that ends with the connection repeats nothing.
    if (publish.qos == codec::Qos::exactly_once && device_.has_session())
        frame.mark = model::FrameMark{device_.session(), publish.packet_identifier};
    return frame;
}

void Conversation::store(model::Frame frame, Responses::Place place) {
    auto pending = hall_.around.sink.submit(std::move(frame));
    if (!pending) return conclude(place, verdict_of(pending.error()));
    submitted_.push_back({std::move(*pending), place});
    if (is_settling_) return;
    is_settling_ = true;
    ways_.tasks.spawn(settle());
}

asio::awaitable<void> Conversation::settle() {
    while (!submitted_.empty()) {
        Submitted next = std::move(submitted_.front());
        submitted_.pop_front();
        auto receipt = hall_.around.sink.settled_already(next.pending);
        if (!receipt) receipt = co_await hall_.around.sink.settled(std::move(next.pending));
        const bool had_room = has_room();
        conclude(next.place, verdict_of(*receipt));
        if (!had_room) ways_.on_room();
    }
    is_settling_ = false;
    ways_.on_room();
}

// MQTT 3.1.1 has no word for "no": it is told by the end of the connection. QoS 0 is told nothing.
void Conversation::conclude(Responses::Place place, const Verdict& verdict) {
    const bool says_no = codec::is_failure(verdict.reason);
    const bool ends = verdict.action == Verdict::Action::disconnect || (says_no && !is_mqtt_5());
    if (ends) {
        responses_.give_end(place, verdict.reason);
    } else {
        responses_.give(
            place, verdict.reason, device_.wants_reasons ? verdict.why : std::string_view{}
        );
    }
}

codec::Decoded<void> Conversation::on(const codec::Pubrel& pubrel) {
    const auto place = responses_.open(Kind::pubcomp, pubrel.packet_identifier);
    if (device_.has_session()) {
        ways_.tasks.spawn(release(pubrel.packet_identifier, place));
    } else {
        responses_.give(place, ReasonCode::success);
    }
    return {};
}

// PUBCOMP leaves when the disk has forgotten the identifier: the device may then use it for the
// next message, which must not be taken for a repetition.
asio::awaitable<void> Conversation::release(
    codec::PacketIdentifier packet, Responses::Place place
) {
    auto& memory = hall_.around.sessions;
    const auto held = memory.held(device_.session());
    if (!std::binary_search(held.begin(), held.end(), packet)) {
        responses_.give(
            place, is_mqtt_5() ? ReasonCode::packet_identifier_not_found : ReasonCode::success
        );
        co_return ways_.on_room();
    }
    const auto released = co_await memory.release(device_.session(), packet);
    if (released) {
        responses_.give(place, ReasonCode::success);
    } else {
        responses_.give_end(place, ReasonCode::implementation_specific_error);
    }
    ways_.on_room();
}

codec::Decoded<void> Conversation::on(const codec::Subscribe& request) {
    if (request.properties.subscription_identifier) {
        return Fault{
            ReasonCode::subscription_identifiers_not_supported,
            translatable("a subscription has an identifier, which was announced as unknown")};
    }
    codec::Suback answer;
    answer.packet_identifier = request.packet_identifier;
    for (const auto& subscription : request.subscriptions)
        answer.reasons.push_back(subscribe(subscription));
    ways_.outgoing.send(answer, device_.version);
    return {};
}

ReasonCode Conversation::subscribe(const codec::Subscription& subscription) {
    const bool is_new = !subscriptions_.contains(subscription.filter);
    ReasonCode refusal = ReasonCode::success;
    if (subscription.filter.size() > kTopicBytesMax) {
        refusal = ReasonCode::topic_filter_invalid;
    } else if (subscription.filter.starts_with("$share/")) {
        refusal = ReasonCode::shared_subscriptions_not_supported;
    } else if (!may_subscribe(device_.name(), subscription.filter)) {
        refusal = ReasonCode::not_authorized;
    } else if (is_new && subscriptions_.size() >= kSubscriptionsMax) {
        refusal = ReasonCode::quota_exceeded;
    }
    if (refusal != ReasonCode::success)
        return is_mqtt_5() ? refusal : ReasonCode::unspecified_error;
    subscriptions_.emplace(subscription.filter);
    return static_cast<ReasonCode>(subscription.qos);  // granted as asked (3.9.3)
}

codec::Decoded<void> Conversation::on(const codec::Unsubscribe& request) {
    codec::Unsuback answer;
    answer.packet_identifier = request.packet_identifier;
    for (const auto filter : request.filters) {
        const auto found = subscriptions_.find(filter);
        const bool existed = found != subscriptions_.end();
        if (existed) subscriptions_.erase(found);
        if (is_mqtt_5()) {
            answer.reasons.push_back(
                existed ? ReasonCode::success : ReasonCode::no_subscription_existed
            );
        }
    }
    ways_.outgoing.send(answer, device_.version);
    return {};
}

codec::Decoded<void> Conversation::on(const codec::Pingreq&) {
    ways_.outgoing.send(codec::Pingresp{}, device_.version);
    return {};
}

codec::Decoded<void> Conversation::on(const codec::Disconnect& disconnect) {
    is_over_ = true;
    const auto expiry = disconnect.properties.session_expiry_s;
    if (!expiry) return {};
    // A session that was to end with the connection cannot be kept any more (3.14.2.2.2).
    if (!device_.has_session() && *expiry > 0) {
        return Fault{
            ReasonCode::protocol_error,
            translatable("a disconnection prolongs a session that there is not")};
    }
    device_.session_expiry_s = std::min(*expiry, kSessionExpirySecondsMax);
    return {};
}

codec::Decoded<void> Conversation::on(const codec::Auth&) {
    return Fault{
        ReasonCode::protocol_error,
        translatable("an authentication step, but no authentication was begun")};
}

}  // namespace drivers::mqtt_listener
