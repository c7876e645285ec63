#include "gateway/runtime/wipe.hpp"

#include <string.h>

#include <algorithm>

namespace gateway::runtime {

void wipe(char* bytes, std::size_t size) {
    ::explicit_bzero(bytes, size);
}

void wipe(std::string& text) {
    wipe(text.data(), text.size());
    text.clear();
}

void append_and_wipe(std::string& text, std::string_view more) {
    if (text.capacity() - text.size() < more.size()) {
        std::string larger;
        larger.reserve(std::max(2 * text.size(), text.size() + more.size()));
        larger = text;
        wipe(text);
        text.swap(larger);
    }
    text += more;
}

}  // namespace gateway::runtime
