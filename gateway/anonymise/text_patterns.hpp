#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// A longer text is prose, and prose names people.
inline constexpr std::size_t kFreeTextCharactersMax = 32;

// Stands for whatever was taken out, so that it tells nothing of it.
inline constexpr std::string_view kRemovedMark = "[removed]";

// A free text without what can be told from its shape (ISO/IEC 20889: suppression): words with '@',
// six digits or more (also with blanks, '.', '-', '/' and parentheses between them, and so every
// telephone number), IP and hardware addresses, IBANs with right check digits. What is left is
// written in plain characters. Nothing for a text over the bound or that is not a plain text.
//
// A name or an address in words has no shape: who may write those into the field drops it.
std::optional<std::string> without_patterns(std::string_view text);

}  // namespace gateway::anonymise
