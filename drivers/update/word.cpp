#include "drivers/update/word.hpp"

#include <algorithm>

namespace drivers::update {

bool is_word(std::string_view word, std::size_t bytes_max) {
    const auto fits = [](char letter) {
        const bool is_alphanumeric = (letter >= 'a' && letter <= 'z') ||
                                     (letter >= 'A' && letter <= 'Z') ||
                                     (letter >= '0' && letter <= '9');
        return is_alphanumeric || letter == '.' || letter == '_' || letter == '-';
    };
    return !word.empty() && word.size() <= bytes_max && std::all_of(word.begin(), word.end(), fits);
}

}  // namespace drivers::update
