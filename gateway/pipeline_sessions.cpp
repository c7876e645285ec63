// The pipeline as the memory of marked frames, and of the sessions they belong to.
#include "gateway/pipeline.hpp"

namespace gateway {

namespace asio = boost::asio;

namespace {

// A session is remembered as a mark of its own, under the packet id that no packet has.
constexpr std::uint16_t kSessionItself = 0;

}  // namespace

buffer::SessionId Pipeline::session_id(std::string_view session) const {
    return session_hash_.value().fingerprint("session", session);
}

buffer::SessionId Pipeline::device_id(std::string_view source, std::string_view name) const {
    std::string device(source);
    device += '\0';
    device += name;
    return session_hash_.value().fingerprint("device", device);
}

buffer::SessionMark Pipeline::mark_of(const model::FrameMark& mark) const {
    return {session_id(mark.session), mark.packet_id};
}

bool Pipeline::knows(std::string_view session) {
    return !outbox_.held(session_id(session)).empty();
}

asio::awaitable<model::Decoded<void>> Pipeline::remember(std::string session) {
    const buffer::SessionMark mark{session_id(session), kSessionItself};
    auto ticket = outbox_.ticket_of(mark);
    if (!ticket) {
        const auto appended = outbox_.append(buffer::DatasetId{}, {}, mark);
        if (!appended) co_return appended.error();
        ticket = *appended;
    }
    co_return co_await outbox_.committed(*ticket);
}

std::vector<std::uint16_t> Pipeline::held(std::string_view session) {
    auto packets = outbox_.held(session_id(session));
    std::erase(packets, kSessionItself);
    return packets;
}

asio::awaitable<model::Decoded<void>> Pipeline::release(
    std::string session, std::uint16_t packet_id
) {
    const auto ticket = outbox_.release({session_id(session), packet_id});
    if (!ticket) co_return ticket.error();
    co_return co_await outbox_.committed(*ticket);
}

asio::awaitable<model::Decoded<void>> Pipeline::forget(std::string session) {
    const auto ticket = outbox_.forget(session_id(session));
    if (!ticket) co_return ticket.error();
    co_return co_await outbox_.committed(*ticket);
}

}  // namespace gateway
