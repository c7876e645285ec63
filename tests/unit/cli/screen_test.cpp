#include "gateway/cli/screen.hpp"

#include <catch2/catch.hpp>

using gateway::cli::Screen;

namespace {

constexpr Screen::Size kSmall{4, 10};

}  // namespace

TEST_CASE("the first drawing is whole", "[cli]") {
    Screen screen;
    CHECK(
        screen.draw({"one", "two"}, "foot", kSmall) ==
        "\x1b[H\x1b[2J\x1b[1;1H\x1b[Kone\x1b[2;1H\x1b[Ktwo\x1b[4;1H\x1b[Kfoot"
    );
}

TEST_CASE("only what changes is drawn again, from where it changes", "[cli]") {
    Screen screen;
    screen.draw({"waits: 12", "same"}, "foot", kSmall);
    CHECK(screen.draw({"waits: 12", "same"}, "foot", kSmall).empty());
    CHECK(screen.draw({"waits: 13", "same"}, "foot", kSmall) == "\x1b[1;9H\x1b[K3");
    CHECK(screen.draw({"waits: 1", "same"}, "foot", kSmall) == "\x1b[1;9H\x1b[K");
    CHECK(screen.draw({"waits: 1"}, "foot", kSmall) == "\x1b[2;1H\x1b[K");
}

TEST_CASE("a place is counted in characters, and none is cut in two", "[cli]") {
    Screen screen;
    screen.draw({"é: à"}, "", kSmall);
    // à and é differ in their last byte alone.
    CHECK(screen.draw({"é: é"}, "", kSmall) == "\x1b[1;4H\x1b[Ké");
    const std::string wide = screen.draw({"ééééééééééèè"}, "", kSmall);
    CHECK(wide.ends_with("éééééééééé") == false);  // the first é is there already
    CHECK(wide == "\x1b[1;2H\x1b[Kééééééééé");
}

TEST_CASE("what has no room is counted", "[cli]") {
    Screen screen;
    const auto bytes = screen.draw({"1", "2", "3", "4", "5"}, "foot", {4, 80});
    CHECK(bytes.find("\x1b[2;1H\x1b[K2") != std::string::npos);
    CHECK(bytes.find("\x1b[3;1H\x1b[K(3 more lines") != std::string::npos);
    CHECK(bytes.ends_with("\x1b[4;1H\x1b[Kfoot"));
    for (const Screen::Size& size : {Screen::Size{1, 1}, Screen::Size{1, 80}, Screen::Size{2, 3}})
        CHECK_FALSE(screen.draw({"1", "2", "3"}, "foot", size).empty());
}

TEST_CASE("another size, and a terminal that showed something else, begin anew", "[cli]") {
    Screen screen;
    screen.draw({"one"}, "foot", kSmall);
    CHECK(screen.draw({"one"}, "foot", {5, 10}).starts_with("\x1b[H\x1b[2J"));
    CHECK(screen.draw({"one"}, "foot", {5, 10}).empty());
    screen.forget();
    CHECK(screen.draw({"one"}, "foot", {5, 10}).starts_with("\x1b[H\x1b[2J"));
}
