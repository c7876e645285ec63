#pragma once

namespace gateway::model {

// Marks a text for the translators (xgettext --keyword=translatable); it is translated where it is
// shown.
consteval const char* translatable(const char* text) {
    return text;
}

}  // namespace gateway::model
