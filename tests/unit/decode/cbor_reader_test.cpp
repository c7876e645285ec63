#include "gateway/decode/cbor_reader.hpp"

#include "outcome.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace gateway;
using namespace gateway::decode;

namespace {

std::string to_text(CborReader& reader, const CborItem& item);

// The items up to the end of an array or a map.
std::string content(CborReader& reader, std::optional<std::uint64_t> count) {
    std::string text;
    for (std::uint64_t i = 0; count != i; ++i) {
        const auto item = reader.next();
        REQUIRE(item);
        if (item->kind == CborItem::Kind::end) break;
        text.append(i > 0 ? ", " : "").append(to_text(reader, *item));
    }
    return text;
}

std::string to_text(CborReader& reader, const CborItem& item) {
    switch (item.kind) {
        case CborItem::Kind::number:
            return item.number ? model::to_string(*item.number) : "not representable";
        case CborItem::Kind::boolean:
            return item.boolean ? "true" : "false";
        case CborItem::Kind::null:
            return "null";
        case CborItem::Kind::text:
            return '"' + std::string(item.text) + '"';
        case CborItem::Kind::bytes:
            return "bytes(" + std::to_string(item.text.size()) + ")";
        case CborItem::Kind::array:
            return "[" + content(reader, item.size) + "]";
        case CborItem::Kind::map: {
            auto items = item.size;
            if (items) *items *= 2;
            return "{" + content(reader, items) + "}";
        }
        case CborItem::Kind::end:
            return "end";
    }
    return "";
}

std::string read(const char* hex) {
    const std::string bytes = from_hex(hex);
    CborReader reader{bytes};
    const auto item = reader.next();
    if (!item) return std::string(model::to_string(item.error().cause));
    const auto text = to_text(reader, *item);
    CHECK(reader.at_end());
    return text;
}

}  // namespace

// Encodings of RFC 8949 appendix A.
TEST_CASE("numbers are read exactly or found not representable", "[decode][cbor]") {
    CHECK(read("00") == "0");
    CHECK(read("1818") == "24");
    CHECK(read("1903e8") == "1000");
    CHECK(read("1b000000e8d4a51000") == "1000000000000");
    CHECK(read("1bffffffffffffffff") == "not representable");
    CHECK(read("c249010000000000000000") == "not representable");
    CHECK(read("3bffffffffffffffff") == "not representable");
    CHECK(read("c349010000000000000000") == "not representable");
    CHECK(read("3903e7") == "-1000");
    CHECK(read("f90000") == "0");
    CHECK(read("f98000") == "0");
    CHECK(read("f93e00") == "1.5");
    CHECK(read("f97bff") == "65504");
    CHECK(read("f90001") == "0.00000005960464477539063");
    CHECK(read("f90400") == "0.00006103515625");
    CHECK(read("fb3ff199999999999a") == "1.1");
    CHECK(read("fa47c35000") == "100000");
    CHECK(read("fb7e37e43c8800759c") == "not representable");
    CHECK(read("f97c00") == "not representable");
    CHECK(read("f97e00") == "not representable");
    CHECK(read("fa7f800000") == "not representable");
    CHECK(read("c1fb41d452d9ec200000") == "1363896240.5");
}

TEST_CASE("simple values, texts and containers are read", "[decode][cbor]") {
    CHECK(read("f4") == "false");
    CHECK(read("f5") == "true");
    CHECK(read("f6") == "null");
    CHECK(read("f7") == "null");
    CHECK(read("f0") == "null");
    CHECK(read("f8ff") == "null");
    CHECK(read("40") == "bytes(0)");
    CHECK(read("62c3bc") == "\"ü\"");
    CHECK(read("80") == "[]");
    CHECK(read("8301820203820405") == "[1, [2, 3], [4, 5]]");
    CHECK(read("a201020304") == "{1, 2, 3, 4}");
    CHECK(read("5f42010243030405ff") == "bytes(5)");
    CHECK(read("7f657374726561646d696e67ff") == "\"streaming\"");
    CHECK(read("9f018202039f0405ffff") == "[1, [2, 3], [4, 5]]");
    CHECK(read("bf61610161629f0203ffff") == "{\"a\", 1, \"b\", [2, 3]}");
}

TEST_CASE("an item that does not end is truncated", "[decode][cbor]") {
    for (const char* hex :
         {"",
          "18",
          "1900",
          "1b00000000000000",
          "42ff",
          "63c3bc",
          "5f4101",
          "c2",
          "c482",
          "c48201"}) {
        INFO(hex);
        CHECK(read(hex) == "truncated");
    }
}

TEST_CASE("content that nobody wants is passed over, not deeper than the bound", "[decode][cbor]") {
    const auto skipped = [](const std::string& bytes) {
        CborReader reader{bytes};
        const auto item = reader.next();
        REQUIRE(item);
        const auto result = reader.skip_content(*item);
        if (!result) return std::string(model::to_string(result.error().cause));
        return std::string(reader.at_end() ? "all" : "part");
    };
    CHECK(skipped(from_hex("a26161f97e006162c249010000000000000000")) == "all");
    CHECK(skipped(from_hex("bf61619f01ffff00")) == "part");
    CHECK(skipped(from_hex("bf6161ff")) == "malformed");
    CHECK(skipped(std::string(CborReader::kNestingMax - 1, '\x81') + "\x80") == "all");
    CHECK(skipped(std::string(CborReader::kNestingMax, '\x81') + "\x80") == "limit-exceeded");
}
