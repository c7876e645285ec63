#include "gateway/anonymise/canonical_form.hpp"

#include "gateway/anonymise/ip_address.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using settings::Form;

namespace {

std::string canonical(Form form, std::string_view text, std::string_view country = {}) {
    return anonymise::canonical_form(form, text, country).value_or("nothing");
}

std::string network(std::string_view text, int v4_bits = 24, int v6_bits = 48) {
    const auto address = anonymise::parse_ip_address(text);
    return address ? anonymise::network_of(*address, v4_bits, v6_bits) : "nothing";
}

}  // namespace

TEST_CASE("a form that is not asked for changes nothing", "[anonymise]") {
    for (const char* text : {"Meter-1", "", " x ", "\xff"})
        CHECK(canonical(Form::as_sent, text) == text);
}

TEST_CASE("an Internet address has one spelling", "[anonymise][forms]") {
    CHECK(canonical(Form::ip, "192.0.2.1") == "192.0.2.1");
    CHECK(canonical(Form::ip, "2001:DB8:0:0:0:0:0:1") == "2001:db8::1");
    // The examples of RFC 5952 section 4.
    CHECK(canonical(Form::ip, "2001:0db8::0001") == "2001:db8::1");
    CHECK(canonical(Form::ip, "2001:db8:0:1:1:1:1:1") == "2001:db8:0:1:1:1:1:1");
    CHECK(canonical(Form::ip, "2001:0:0:1:0:0:0:1") == "2001:0:0:1::1");
    CHECK(canonical(Form::ip, "2001:db8:0:0:1:0:0:1") == "2001:db8::1:0:0:1");
    CHECK(canonical(Form::ip, "::") == "::");
    CHECK(canonical(Form::ip, "fe80::") == "fe80::");
    CHECK(canonical(Form::ip, "::ffff:192.0.2.1") == "192.0.2.1");
    CHECK(canonical(Form::ip, "::ffff:c000:201") == "192.0.2.1");
    for (const char* wrong :
         {"",
          "192.0.2",
          "192.0.2.256",
          "192.0.2.01",
          "192.0.2.1:80",
          "[::1]",
          "fe80::1%eth0",
          "2001:db8::1/48",
          "1:2:3:4:5:6:7:8:9",
          "localhost",
          "1::2::3"})
        CHECK(canonical(Form::ip, wrong) == "nothing");
}

TEST_CASE("an Internet address becomes its network", "[anonymise][forms]") {
    CHECK(network("192.0.2.77") == "192.0.2.0/24");
    CHECK(network("192.0.2.77", 16) == "192.0.0.0/16");
    CHECK(network("::ffff:192.0.2.77") == "192.0.2.0/24");
    CHECK(network("2001:db8:1:2:3:4:5:6") == "2001:db8:1::/48");
    CHECK(network("2001:db8:1:2:3:4:5:6", 24, 32) == "2001:db8::/32");
}

TEST_CASE("the network of 6to4 does not hold the IPv4 address behind it", "[anonymise][forms]") {
    // 2002:c000:024d::/48 would be 192.0.2.77.
    CHECK(network("2002:c000:24d::1") == "2002:c000:200::/40");
    CHECK(network("2002:c000:24d::1", 16, 48) == "2002:c000::/32");
}

TEST_CASE("a hardware address has one spelling", "[anonymise][forms]") {
    for (const char* spelling :
         {"00:1B:C5:0A:BC:DE",
          "00-1b-c5-0a-bc-de",
          "001b.c50a.bcde",
          "001BC50ABCDE",
          " 00:1b:c5:0a:bc:de "})
        CHECK(canonical(Form::mac, spelling) == "00:1b:c5:0a:bc:de");
    CHECK(canonical(Form::mac, "0011223344556677") == "00:11:22:33:44:55:66:77");
    CHECK(canonical(Form::mac, "00-11-22-33-44-55-66-77") == "00:11:22:33:44:55:66:77");
    for (const char* wrong :
         {"",
          "00:1b:c5:0a:bc",
          "00:1b:c5:0a:bc:dg",
          "00:1b-c5:0a:bc:de",
          "0:1b:c5:0a:bc:de",
          "00:1b:c5:0a:bc:de:",
          ":00:1b:c5:0a:bc:de",
          "001b:c50a:bcde",
          "00.1b.c5.0a.bc.de",
          "00:11:22:33:44:55:66:77:88"})
        CHECK(canonical(Form::mac, wrong) == "nothing");
}

TEST_CASE("a telephone number has one spelling", "[anonymise][forms]") {
    for (const char* spelling :
         {"+216 71 123 456",
          "0021671123456",
          "71 123 456",
          "71.123.456",
          "71-123-456",
          "(+216) 71 123 456",
          "21671123456",
          "tel:+216-71-123-456",
          "+216\u00a071\u202f123\u202f456",
          "\u200e+216 71 123 456\u200f",
          "٧١١٢٣٤٥٦",
          "＋２１６７１１２３４５６"}) {
        INFO(spelling);
        CHECK(canonical(Form::phone, spelling, "216") == "+21671123456");
    }
    for (const char* spelling :
         {"+33 6 12 34 56 78",
          "06 12 34 56 78",
          "+33 (0)6 12 34 56 78",
          "+33 06 12 34 56 78",
          "0033612345678",
          "06/12/34/56/78"}) {
        INFO(spelling);
        CHECK(canonical(Form::phone, spelling, "33") == "+33612345678");
    }
}

TEST_CASE("a number of another country keeps its country", "[anonymise][forms]") {
    CHECK(canonical(Form::phone, "+221 77 123 45 67", "216") == "+221771234567");
    CHECK(canonical(Form::phone, "+221 77 123 45 67") == "+221771234567");
    CHECK(canonical(Form::phone, "77 123 45 67") == "nothing");
}

TEST_CASE("a zero in parentheses is no digit behind 00 either", "[anonymise][forms]") {
    for (const char* spelling : {"0044 (0)20 7123 4567", "+44 (0)20 7123 4567", "0044 20 71234567"})
        CHECK(canonical(Form::phone, spelling, "216") == "+442071234567");
}

TEST_CASE("a zero that belongs to the number stays", "[anonymise][forms]") {
    CHECK(canonical(Form::phone, "07 01 23 45 67", "225") == "+2250701234567");
    CHECK(canonical(Form::phone, "+225 07 01 23 45 67", "225") == "+2250701234567");
    CHECK(canonical(Form::phone, "06 698 1234 5", "39") == "+390669812345");
}

TEST_CASE("what is no telephone number has no form", "[anonymise][forms]") {
    for (const char* wrong :
         {"",
          "+",
          "12",
          "+216 71 123 456 ext. 7",
          "71 123 456 x7",
          "+12345678901234567",
          "Amira",
          "+0123456789",
          "71+123456",
          "0000000000",
          "71 123 456 71 123 456 71 123 456"}) {
        INFO(wrong);
        CHECK(canonical(Form::phone, wrong, "216") == "nothing");
    }
}

TEST_CASE("an e-mail address has one spelling", "[anonymise][forms]") {
    CHECK(canonical(Form::email, " Amira.Benali@Example.ORG ") == "amira.benali@example.org");
    CHECK(canonical(Form::email, "a+b@x.tn") == "a+b@x.tn");
    for (const char* wrong :
         {"",
          "@x.tn",
          "a@",
          "a@tn",
          "a@b@c.tn",
          "a..b@x.tn",
          ".a@x.tn",
          "a@-x.tn",
          "a@x..tn",
          "a b@x.tn",
          "\"a\"@x.tn",
          "a@[192.0.2.1]",
          "é@x.tn",
          "a@x.tn."})
        CHECK(canonical(Form::email, wrong) == "nothing");
    CHECK(canonical(Form::email, std::string(64, 'a') + "@x.tn").size() == 69);
    CHECK(canonical(Form::email, std::string(65, 'a') + "@x.tn") == "nothing");
    CHECK(canonical(Form::email, std::string(300, 'a') + "@x.tn") == "nothing");
}

TEST_CASE("an account number has one spelling and right check digits", "[anonymise][forms]") {
    // Examples of the ISO 13616 registry.
    CHECK(
        canonical(Form::iban, "fr14 2004 1010 0505 0001 3m02 606") == "FR1420041010050500013M02606"
    );
    CHECK(canonical(Form::iban, "TN59 1000 6035 1835 9847 8831") == "TN5910006035183598478831");
    CHECK(canonical(Form::iban, "NO93 8601 1117 947") == "NO9386011117947");
    for (const char* wrong :
         {"",
          "FR1520041010050500013M02606",
          "FR1420041010050500013M0260",
          "1420041010050500013",
          "FR14.2004.1010.0505.0001.3M02.606",
          "TN5910006035183598478813"})
        CHECK(canonical(Form::iban, wrong) == "nothing");
}

TEST_CASE("a person's name has one spelling", "[anonymise][forms]") {
    for (const char* spelling :
         {"N’Diaye-Sène", "NDIAYE SENE", "n'diaye  sène", "Ndiaye, Sene", "Ndiaye Se\u0300ne."}) {
        INFO(spelling);
        CHECK(canonical(Form::name, spelling) == "ndiaye sene");
    }
    CHECK(canonical(Form::name, "Œuvrard Łukasz Çağla Straße") == "oeuvrard lukasz cagla strasse");
    CHECK(canonical(Form::name, "Ɓoubacar Ɗiallo") == "boubacar diallo");
    CHECK(canonical(Form::name, "مُحَمَّد") == canonical(Form::name, "محمد"));
    for (const char* wrong : {"", "  ", "Benali 2", "a@b", "x/y", "-", "☎ Ali", "a\nb", "\xff"})
        CHECK(canonical(Form::name, wrong) == "nothing");
    CHECK(canonical(Form::name, std::string(65, 'a')) == "nothing");
}
