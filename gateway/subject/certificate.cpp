#include "gateway/subject/certificate.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"

#include <boost/json/parse.hpp>

namespace gateway::subject {
namespace {

namespace json = boost::json;
using language::tr;
using model::translatable;

std::uint64_t number(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr) return 0;
    boost::system::error_code failure;
    const auto read = value->to_number<std::uint64_t>(failure);
    return failure ? 0 : read;
}

std::string text(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
}

std::string titled(const char* title) {
    const std::string_view words = tr(title);
    std::string out(words);
    out += '\n';
    // A line as long as the title; continuation bytes of UTF-8 take no column.
    for (const char c : words) {
        if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) out += '=';
    }
    return out + "\n\n";
}

void append_line(
    std::string& out, const char* text, std::initializer_list<std::string_view> arguments
) {
    out.append(tr(text, arguments)).append("\n");
}

void append_datasets(std::string& out, const Certificate& certificate) {
    for (const auto& dataset : certificate.datasets) {
        append_line(
            out,
            translatable("Dataset {0}: {1} readings, {2} dead letters."),
            {dataset.name, std::to_string(dataset.readings), std::to_string(dataset.dead_letters)}
        );
    }
}

void append_head(std::string& out, const Certificate& certificate) {
    append_line(
        out,
        translatable("Gateway {0} ({1}), on {2}"),
        {certificate.gateway, certificate.city, model::to_rfc3339(certificate.at)}
    );
    out += '\n';
}

void append_digest(std::string& out, const Certificate& certificate) {
    out += '\n';
    append_line(out, translatable("SHA-256 of these rows in their canonical form:"), {});
    out.append(certificate.sha256).append("\n");
}

void append_signatures(std::string& out) {
    out += '\n';
    append_line(
        out,
        translatable("This record names nobody: whose data it was stands in the file it belongs to."
        ),
        {}
    );
    out += '\n';
    append_line(
        out,
        translatable("Done by (name, office, date, signature): ______________________________"),
        {}
    );
    out += '\n';
    append_line(
        out,
        translatable("Seen by (name, office, date, signature): ______________________________"),
        {}
    );
}

}  // namespace

std::optional<Certificate> parse_certificate(std::string_view source) {
    boost::system::error_code failure;
    const json::value value = json::parse(json::string_view(source.data(), source.size()), failure);
    if (failure || !value.is_object()) return std::nullopt;
    const json::object& object = value.get_object();
    Certificate certificate;
    const auto at = model::parse_rfc3339(text(object, "at"));
    certificate.sha256 = text(object, "sha256");
    if (!at || certificate.sha256.empty()) return std::nullopt;
    certificate.at = *at;
    certificate.gateway = text(object, "gateway");
    certificate.city = text(object, "city");
    certificate.is_done = text(object, "state") == "done";
    certificate.readings = number(object, "readings");
    certificate.undelivered = number(object, "undelivered");
    certificate.dead_letters = number(object, "dead_letters");
    certificate.unreadable_segments = number(object, "unreadable_segments");
    if (const auto* datasets = object.if_contains("datasets"); datasets && datasets->is_array()) {
        for (const json::value& dataset : datasets->get_array()) {
            if (!dataset.is_object()) return std::nullopt;
            const json::object& of = dataset.get_object();
            certificate.datasets.push_back(
                {text(of, "name"), number(of, "readings"), number(of, "dead_letters")}
            );
        }
    }
    if (const auto* told = object.if_contains("told"); told && told->is_object()) {
        for (const auto& uplink : told->get_object()) {
            const std::string name(uplink.key().data(), uplink.key().size());
            certificate.told.emplace(name, number(told->get_object(), name.c_str()));
        }
    }
    return certificate;
}

std::string certificate_text(const Certificate& certificate) {
    std::string out = titled(translatable("Certificate of erasure"));
    append_head(out, certificate);
    if (!certificate.is_done) {
        append_line(
            out,
            translatable(
                "THE ERASURE IS NOT FINISHED: it waits for room on the disk, or for a copy of a "
                "damaged buffer that cannot be removed, and goes on by itself. This paper "
                "certifies nothing yet."
            ),
            {}
        );
        out += '\n';
    }
    append_line(
        out,
        translatable(
            "At the request of the person concerned the gateway has erased what its store held of "
            "that person:"
        ),
        {}
    );
    append_datasets(out, certificate);
    append_line(
        out,
        translatable("Of these readings {0} had not yet been delivered to every recipient."),
        {std::to_string(certificate.undelivered)}
    );
    append_digest(out, certificate);
    out += '\n';
    for (const auto& [uplink, count] : certificate.told) {
        append_line(
            out,
            translatable(
                "Recipient {0}: told to erase by {1} notices, which are repeated until it confirms "
                "them."
            ),
            {uplink, std::to_string(count)}
        );
    }
    append_line(
        out,
        translatable(
            "The rows were written over with zeros in the store and its log. What a card keeps of "
            "overwritten blocks is beyond the gateway's reach."
        ),
        {}
    );
    if (certificate.unreadable_segments > 0) {
        append_line(
            out,
            translatable("{0} damaged blocks of the store could not be read; they are discarded "
                         "when their turn "
                         "to be delivered comes."),
            {std::to_string(certificate.unreadable_segments)}
        );
    }
    append_signatures(out);
    return out;
}

std::string preparation_text(const Certificate& certificate) {
    std::string out = titled(translatable("Record of an erasure to be carried out"));
    append_head(out, certificate);
    append_line(
        out,
        translatable("At the request of the person concerned the following is to be destroyed; "
                     "nothing has been "
                     "destroyed yet:"),
        {}
    );
    append_datasets(out, certificate);
    append_digest(out, certificate);
    out += '\n';
    append_line(
        out,
        translatable("The second step destroys exactly this, and nothing if it has changed by then:"
        ),
        {}
    );
    out.append("passerelle subject erase --confirm ").append(certificate.sha256).append("\n");
    append_signatures(out);
    return out;
}

}  // namespace gateway::subject
