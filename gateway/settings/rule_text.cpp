#include "gateway/settings/rule_text.hpp"

#include "gateway/settings/units.hpp"

namespace gateway::settings {
namespace {

struct Text {
    std::string operator()(const Keep&) const { return "keep"; }
    std::string operator()(const Drop&) const { return "drop"; }
    std::string operator()(const Pseudonym& rule) const {
        std::string text;
        if (rule.form != Form::as_sent) text.append(to_string(rule.form)).append(", then ");
        if (rule.is_token) {
            text += "token";
            return rule.country.empty() ? text : text + ", country " + rule.country;
        }
        text += "pseudonym, epoch ";
        text += rule.epoch == seconds{0} ? "none" : duration_text(rule.epoch);
        return rule.country.empty() ? text : text + ", country " + rule.country;
    }
    std::string operator()(const Coarsen& rule) const {
        const std::string text = "coarsen, step " + duration_text(rule.step);
        return rule.first_only ? text + ", keep first" : text;
    }
    std::string operator()(const Grid& rule) const {
        return "grid, metres " + std::to_string(rule.metres);
    }
    std::string operator()(const Round& rule) const {
        return "round, step " + model::to_string(rule.step);
    }
    std::string operator()(const Bin& rule) const {
        std::string text = "bin, edges";
        for (const auto& edge : rule.edges) text += ' ' + model::to_string(edge);
        return text;
    }
    std::string operator()(const TopCode& rule) const {
        std::string text = "topcode";
        if (rule.min) text += ", min " + model::to_string(*rule.min);
        if (rule.max) text += ", max " + model::to_string(*rule.max);
        return text;
    }
    std::string operator()(const Network& rule) const {
        return "ip, v4 " + std::to_string(rule.v4_bits) + ", v6 " + std::to_string(rule.v6_bits);
    }
    std::string operator()(const Patterns&) const { return "text, mode patterns"; }
};

}  // namespace

std::string to_string(const Rule& rule) {
    return std::visit(Text{}, rule);
}

std::string_view to_string(Form form) {
    switch (form) {
        case Form::as_sent:
            break;
        case Form::ip:
            return "ip";
        case Form::mac:
            return "mac";
        case Form::phone:
            return "phone";
        case Form::email:
            return "email";
        case Form::iban:
            return "iban";
        case Form::name:
            return "name";
    }
    return {};
}

}  // namespace gateway::settings
