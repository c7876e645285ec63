#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::status {

// Where the forms of an answer may lead.
enum class Forms : std::uint8_t { nowhere, here };

// The Content-Security-Policy of an answer: nothing may be loaded from anywhere, nothing may frame
// it, and of what is inline only this style sheet and this script, by their SHA-256, come to life.
// Where there is a script it may read from here. Empty texts allow nothing.
std::string content_policy(
    std::string_view style, std::string_view script, Forms forms = Forms::nowhere
);

// The text of the first <style> of an HTML page; empty when it has none.
std::string_view inline_style(std::string_view html);

}  // namespace gateway::status
