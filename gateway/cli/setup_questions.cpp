#include "gateway/cli/setup_questions.hpp"

#include "gateway/language/translate.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>

namespace gateway::cli {
namespace {

using language::tr;
using settings::Table;
using Kind = SetupQuestion::Kind;

// A name of a gateway out of the machine's: what it cannot have becomes "-".
std::string name_out_of(std::string host) {
    constexpr std::size_t kNameMax = 64;
    host = host.substr(0, std::min(host.find('.'), kNameMax));
    for (char& c : host) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') c = '-';
    }
    const bool is_name = !host.empty() && std::isalnum(static_cast<unsigned char>(host[0])) != 0;
    return is_name && host != "localhost" ? host : "passerelle-01";
}

// What a network server of LoRaWAN publishes is at its broker.
bool is_from_network_server(const Table& source) {
    const std::string format = text_in(source, "format");
    return format == "chirpstack" || format == "the-things-stack";
}

class Questions {
  public:
    Questions(const SetupSurroundings& surroundings, const SetupAnswers& answers)
        : around_(surroundings), answers_(answers), profile_(chosen_profile(around_, answers)) {}

    std::vector<SetupQuestion> all() {
        about_the_box();
        if (profile_ == nullptr) return std::move(questions_);
        about_sources();
        about_broker();
        about_certificate();
        about_uplink();
        about_people();
        unasked();
        return std::move(questions_);
    }

  private:
    std::string answer(std::string_view key) const { return answer_to(answers_, key); }
    std::string beside(std::string_view name) const {
        return around_.directory + '/' + std::string(name);
    }
    SetupQuestion& add(std::string key, std::string text, std::string hint, std::string preset) {
        return questions_.emplace_back(SetupQuestion{
            std::move(key), std::move(text), std::move(hint), std::move(preset)});
    }
    void about_the_box();
    void about_sources();
    void about_way(const Table& source, const std::string& name);
    void about_listening(const std::string& name, const std::string& way);
    void about_broker();
    void about_certificate();
    void about_uplink();
    void about_people();
    void unasked();
    void secret_file(std::string key, std::string text, std::string name);

    const SetupSurroundings& around_;
    const SetupAnswers& answers_;
    const SetupProfile* profile_;
    std::vector<SetupQuestion> questions_;
    int listeners_ = 0, coap_servers_ = 0;
    bool has_broker_ = false;
};

void Questions::about_the_box() {
    add("language",
        tr("Language of this box"),
        tr("Of messages, of the status page and of the log."),
        around_.language)
        .choices = {{"fr", "français"}, {"en", "English"}};
    add("id",
        tr("Name of this box"),
        tr("Goes with every reading, and should not change later: letters without accents, digits, "
           "'.', '_' and '-'."),
        name_out_of(around_.host_name));
    add("city", tr("City"), tr("Shown to people, on the status page for example."), {})
        .may_be_none = true;
    auto& service =
        add("profile",
            tr("Service"),
            tr("The rules for personal data are those of the service; all of them can be changed "
               "later."),
            {});
    for (const SetupProfile& profile : around_.profiles)
        service.choices.push_back({profile.name, profile_title(profile, around_.language)});
}

void Questions::about_sources() {
    for (const Table* source : tables_of(profile_->document, "source")) {
        const std::string name = text_in(*source, "name");
        about_way(*source, name);
        about_listening(name, answer("connect." + name));
        has_broker_ = has_broker_ || answer("connect." + name) == kToBroker;
    }
}

void Questions::about_way(const Table& source, const std::string& name) {
    const SetupQuestion::Choice broker{
        std::string(kToBroker), tr("MQTT: a broker that is there already; the box subscribes")};
    const SetupQuestion::Choice none{std::string(kNoWay), tr("there are no such devices")};
    auto& way =
        add("connect." + name,
            tr("How do the devices of \"{0}\" connect?", {name}),
            tr("Their messages are of the format {0}.", {text_in(source, "format")}),
            {});
    if (is_from_network_server(source)) {
        way.hint = tr("Sensors on LoRaWAN, which a network server publishes at its broker.");
        way.choices = {broker, none};
        way.preset = kNoWay;
        return;
    }
    way.choices = {
        {std::string(kToListener), tr("MQTT: to this box itself, no broker is needed")},
        broker,
        {std::string(kToCoap), tr("CoAP: to this box")},
        none};
    way.preset = text_in(source, "driver") == kToCoap ? kToCoap : kToListener;
}

// Each source has a port of its own.
void Questions::about_listening(const std::string& name, const std::string& way) {
    constexpr int kMqttPort = 8883;
    constexpr int kCoapPort = 5684;
    if (way == kToListener) {
        add("listen." + name,
            tr("Address and port for the devices of \"{0}\"", {name}),
            tr("With TLS. 0.0.0.0 is every network of this box."),
            "0.0.0.0:" + std::to_string(kMqttPort + listeners_++));
    } else if (way == kToCoap) {
        add("listen." + name,
            tr("Address and port for the devices of \"{0}\"", {name}),
            tr("With DTLS, and a key for each device. 0.0.0.0 is every network of this box."),
            "0.0.0.0:" + std::to_string(kCoapPort + coap_servers_++));
    }
}

void Questions::about_broker() {
    if (!has_broker_) return;
    add("broker",
        tr("Address of the broker"),
        tr("mqtt://NAME:1883, or mqtts://NAME:8883 with TLS."),
        "mqtt://127.0.0.1:1883");
    add("broker_user", tr("User at the broker"), tr("If the broker asks for one."), {})
        .may_be_none = true;
    if (!answer("broker_user").empty())
        secret_file(
            "broker_password_file", tr("File for the broker's password"), "broker-password"
        );
}

void Questions::about_certificate() {
    if (listeners_ == 0) return;
    add("certificate",
        tr("Certificate of this box"),
        tr("By it devices know that they speak to this box."),
        "make")
        .choices = {
        {"make", tr("the box makes one and signs it itself; devices are given a copy")},
        {"files", tr("there is one, in files")}};
    if (answer("certificate") == "make") {
        add("host",
            tr("Name or address by which devices reach this box"),
            tr("It stands in the certificate: devices compare it."),
            around_.host_name.empty() ? "localhost" : around_.host_name);
    } else if (answer("certificate") == "files") {
        add("certificate_file", tr("File of the certificate (PEM)"), {}, beside("box.crt")).kind =
            Kind::file;
        add("certificate_key_file", tr("File of its key (PEM)"), {}, beside("box.key")).kind =
            Kind::file;
    }
}

// The preset names a file that is there or that somebody here can fill.
void Questions::secret_file(std::string key, std::string text, std::string name) {
    const std::string path = beside(name);
    const bool has_preset = around_.is_somebody_here || ::access(path.c_str(), F_OK) == 0;
    auto& question = add(
        std::move(key),
        std::move(text),
        tr("It is never written into the configuration. If the file is not there, you are asked "
           "for what is to be in it."),
        has_preset ? path : std::string{}
    );
    question.may_be_none = true;
    question.kind = Kind::secret_file;
}

void Questions::about_uplink() {
    add("uplink_url",
        tr("Address of the city's platform"),
        tr("As its operator gives it: https://NAME/… Without one, readings wait on this box."),
        {})
        .may_be_none = true;
    const std::string url = answer("uplink_url");
    if (url.empty()) return;
    secret_file("token_file", tr("File for the platform's token"), "platform-token");
    if (!url.starts_with("https:")) return;
    auto& authority =
        add("uplink_ca",
            tr("File of the authority of the platform's certificate (PEM)"),
            tr("Only if it is not a public authority."),
            {});
    authority.may_be_none = true;
    authority.kind = Kind::file;
}

void Questions::about_people() {
    add("group",
        tr("Group of those who may apply configurations and follow readings without being root"),
        tr("A group of this system, such as passerelle-admin; it can be made later."),
        {})
        .may_be_none = true;
    add("contact",
        tr("Address where citizens ask about their data"),
        tr("E-mail or web: for the register of processing and the charter. Can be added later."),
        {})
        .may_be_none = true;
    if (answer("contact").empty()) return;
    add("controller", tr("Who answers for the processing"), {}, answer("city"));
    add("law", tr("Under which law"), {}, "fr").choices = {
        {"fr", tr("France, European Union: GDPR, CNIL")},
        {"ma", tr("Morocco: law 09-08, CNDP")},
        {"sn", tr("Senegal: law 2008-12, CDP")},
        {"tn", tr("Tunisia: law 2004-63, INPDP")},
        {"malabo", tr("convention of Malabo")}};
}

void Questions::unasked() {
    for (const auto& [key, preset] :
         {std::pair{"state_directory", "/var/lib/passerelle"},
          std::pair{"status_listen", "127.0.0.1:8080"},
          std::pair{"status_socket", "/run/passerelle/status.sock"}})
        add(key, {}, {}, preset).kind = Kind::unasked;
}

const SetupQuestion* first_unanswered(
    const std::vector<SetupQuestion>& questions, const SetupAnswers& answers
) {
    const auto found = std::find_if(questions.begin(), questions.end(), [&](const auto& question) {
        return answers.find(question.key) == answers.end();
    });
    return found == questions.end() ? nullptr : &*found;
}

}  // namespace

std::vector<SetupQuestion> setup_questions(
    const SetupSurroundings& surroundings, const SetupAnswers& answers
) {
    return Questions(surroundings, answers).all();
}

std::string stand_in(const SetupQuestion& question) {
    if (!question.preset.empty() || question.may_be_none) return question.preset;
    return question.choices.empty() ? "?" : question.choices.front().word;
}

SetupAnswers completed(const SetupSurroundings& surroundings, SetupAnswers answers) {
    // Each turn answers one question, and no answer takes one away.
    for (;;) {
        const auto questions = setup_questions(surroundings, answers);
        const auto* question = first_unanswered(questions, answers);
        if (question == nullptr) return answers;
        answers[question->key] = {stand_in(*question)};
    }
}

const SetupProfile* chosen_profile(
    const SetupSurroundings& surroundings, const SetupAnswers& answers
) {
    const std::string name = answer_to(answers, "profile");
    const auto& profiles = surroundings.profiles;
    const auto found = std::find_if(profiles.begin(), profiles.end(), [&](const auto& profile) {
        return profile.name == name;
    });
    return found == profiles.end() ? nullptr : &*found;
}

}  // namespace gateway::cli
