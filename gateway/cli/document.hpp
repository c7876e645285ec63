#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace gateway::cli {

// A document for people: what the register and the charter are before they become text on a
// terminal or a page to print. Every text is plain, nothing is escaped.

// Names and what belongs to them.
struct Facts {
    std::vector<std::pair<std::string, std::string>> rows;
};

struct Listing {
    std::vector<std::string> items;
};

// Every row has as many cells as the head.
struct Columns {
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows;
};

using Block = std::variant<std::string, Facts, Listing, Columns>;

struct Section {
    int level = 1;  // 1, or 2 below the section before it of level 1
    std::string title;
    std::string note;  // small, beside the title; empty: none
    std::vector<Block> blocks;
};

struct Document {
    std::string title;
    std::vector<std::string> lead;  // paragraphs
    std::vector<Section> sections;
    std::string foot;
};

// For a terminal of 80 columns; only tables may be wider.
std::string document_text(const Document& document);

// One HTML file that needs nothing else: no script, no other resource, A4 when it is printed.
std::string document_page(const Document& document);

}  // namespace gateway::cli
