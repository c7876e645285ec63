#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// The canonical form of a person's name: lower case, Latin letters without their accents, words
// with one blank between them whatever stood there, no full stops, no Arabic vowel signs: "Mme
// N’Diaye-Sène" and "MME NDIAYE SENE" are "mme ndiaye sene". Order and titles stay. Letters beyond
// Latin Extended-A and the hooked ones of West Africa stay as they are, in their case. Nothing for
// what has a digit or another sign in it: that is no name.
std::optional<std::string> canonical_person_name(std::string_view text);

}  // namespace gateway::anonymise
