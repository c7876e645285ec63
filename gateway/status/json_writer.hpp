#pragma once
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::status {

// Writes one JSON text (RFC 8259) from front to back; the caller opens and closes in order.
class JsonWriter {
  public:
    void open_object() { open('{'); }
    void close_object() { close('}'); }
    void open_array() { open('['); }
    void close_array() { close(']'); }
    void key(std::string_view name);

    void value(std::string_view text);
    void value(const char* text) { value(std::string_view{text}); }
    void value(bool truth);
    void null();
    template <std::integral Number>
    void value(Number number) {
        literal(std::to_string(number));
    }

    // A number as it is spelt, of RFC 8259's grammar.
    void number(std::string_view digits) { literal(digits); }

    // An object that is JSON already.
    void object(std::string_view json) { literal(json); }

    template <class Value>
    void member(std::string_view name, const Value& content) {
        key(name);
        value(content);
    }

    // The text; call it once, at the end.
    std::string take() { return std::move(out_); }

  private:
    void open(char bracket);
    void close(char bracket);
    void literal(std::string_view text);
    void separate();
    void quote(std::string_view text);

    std::string out_;
    bool needs_comma_ = false;
};

}  // namespace gateway::status
