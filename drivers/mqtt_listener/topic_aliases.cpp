#include "drivers/mqtt_listener/topic_aliases.hpp"

#include "drivers/mqtt_listener/bounds.hpp"
#include "gateway/model/message.hpp"

namespace drivers::mqtt_listener {

using gateway::model::translatable;
using gateway::mqtt_codec::Fault;
using gateway::mqtt_codec::ReasonCode;

gateway::mqtt_codec::Decoded<std::string_view> TopicAliases::topic_of(
    const gateway::mqtt_codec::Publish& publish
) {
    const auto alias = publish.properties.topic_alias;
    if (!alias) return publish.topic;
    if (*alias > kTopicAliasesMax) {
        return Fault{
            ReasonCode::topic_alias_invalid,
            translatable("a topic alias is over the announced maximum")};
    }
    if (topics_.size() < *alias) topics_.resize(*alias);
    std::string& topic = topics_[*alias - 1U];
    const bool is_too_long = publish.topic.size() > kTopicBytesMax;
    if (is_too_long) topic.clear();  // not what it stood for before
    if (is_too_long) return publish.topic;
    if (!publish.topic.empty()) topic = publish.topic;
    if (topic.empty()) {
        return Fault{
            ReasonCode::protocol_error, translatable("a topic alias was never given a topic")};
    }
    return std::string_view{topic};
}

}  // namespace drivers::mqtt_listener
