#pragma once
#include "gateway/loosening/guard.hpp"

#include <string>

namespace gateway::cli {

// What is said when a configuration may not run, with what it opens and what to do; several lines.
std::string refusal_text(const loosening::Judgement& judgement, const std::filesystem::path& file);

// Its end: that a signature is needed, and how to make it. One line.
std::string signature_text(
    const loosening::Judgement& judgement, const std::filesystem::path& file
);

// What is said of one that may; empty where there is nothing to say. One line.
std::string permission_text(const loosening::Judgement& judgement);

}  // namespace gateway::cli
