#include "gateway/anonymise/stored_attributes.hpp"

#include <simdjson.h>

#include <optional>
#include <string>
#include <vector>

namespace gateway::anonymise {

namespace ondemand = simdjson::ondemand;

class StoredAttributes::Parser {
  public:
    bool read(std::string_view json) {
        attributes_.clear();
        text_.assign(json).append(simdjson::SIMDJSON_PADDING, ' ');
        ondemand::document document;
        ondemand::object object;
        if (parser_.iterate(text_.data(), json.size(), text_.size()).get(document) ||
            document.get_object().get(object))
            return false;
        for (auto member : object) {
            std::string_view name;
            ondemand::value value;
            if (member.unescaped_key().get(name) || member.value().get(value) || !add(name, value))
                return false;
        }
        // Behind the object there is nothing, which simdjson calls an error.
        const char* rest = nullptr;
        return document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
    }

    std::span<const model::Attribute> all() const { return attributes_; }

  private:
    bool add(std::string_view name, ondemand::value& value) {
        ondemand::json_type type{};
        if (value.type().get(type)) return false;
        std::string_view text;
        bool flag = false;
        switch (type) {
            case ondemand::json_type::string:
                if (value.get_string().get(text)) return false;
                attributes_.push_back({name, text});
                return true;
            case ondemand::json_type::boolean:
                if (value.get_bool().get(flag)) return false;
                attributes_.push_back({name, flag});
                return true;
            case ondemand::json_type::number:
                return add(name, number_of(value));
            case ondemand::json_type::object:
                return add(name, position_of(value));
            default:
                return false;
        }
    }

    template <class T>
    bool add(std::string_view name, const std::optional<T>& value) {
        if (value) attributes_.push_back({name, *value});
        return value.has_value();
    }

    // A number's token reaches to the next one.
    static std::optional<model::Decimal> number_of(ondemand::value& value) {
        std::string_view token = value.raw_json_token();
        const auto last = token.find_last_not_of(" \t\r\n");
        return model::parse_decimal(token.substr(0, last + 1));
    }

    static std::optional<model::Position> position_of(ondemand::value& value) {
        ondemand::object object;
        ondemand::value latitude;
        ondemand::value longitude;
        if (value.get_object().get(object) || object.find_field("latitude").get(latitude))
            return std::nullopt;
        const auto north = number_of(latitude);
        if (!north || object.find_field("longitude").get(longitude)) return std::nullopt;
        const auto east = number_of(longitude);
        if (!east) return std::nullopt;
        return model::Position{*north, *east};
    }

    ondemand::parser parser_;
    std::string text_;
    std::vector<model::Attribute> attributes_;
};

StoredAttributes::StoredAttributes() : parser_(std::make_unique<Parser>()) {}

StoredAttributes::~StoredAttributes() = default;

bool StoredAttributes::read(std::string_view json) {
    return parser_->read(json);
}

std::span<const model::Attribute> StoredAttributes::all() const {
    return parser_->all();
}

}  // namespace gateway::anonymise
