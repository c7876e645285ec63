#include "gateway/cli/register_form.hpp"

#include "gateway/model/message.hpp"

#include <array>

namespace gateway::cli {
namespace {

using model::translatable;

constexpr const char* kRisks = translatable("What somebody who holds the readings could do");
constexpr const char* kInventory = translatable("What lies on the disk of this box");

// --- France: the sheet of the CNIL's register
// -----------------------------------------------------

constexpr std::array kFrBefore = {
    Heading{Part::controller, translatable("Controller"), translatable("GDPR, art. 30(1)(a)")},
    Heading{
        Part::rights,
        translatable("Data protection officer and rights of the persons"),
        translatable("GDPR, art. 30(1)(a), 12 to 22")}};
constexpr std::array kFrEach = {
    Heading{
        Part::purposes,
        translatable("Purposes and legal basis"),
        translatable("GDPR, art. 30(1)(b), 6")},
    Heading{
        Part::persons,
        translatable("Categories of persons concerned"),
        translatable("GDPR, art. 30(1)(c)")},
    Heading{
        Part::fields,
        translatable("Categories of data collected"),
        translatable("GDPR, art. 30(1)(c)")},
    Heading{
        Part::sensitive,
        translatable("Are sensitive data processed?"),
        translatable("GDPR, art. 9 and 10")},
    Heading{
        Part::retention,
        translatable("How long the categories of data are kept"),
        translatable("GDPR, art. 30(1)(f)")},
    Heading{
        Part::recipients,
        translatable("Categories of recipients of the data"),
        translatable("GDPR, art. 30(1)(d)")},
    Heading{
        Part::transfers,
        translatable("Transfers of data outside the European Union"),
        translatable("GDPR, art. 30(1)(e)")},
    Heading{Part::risks, kRisks, translatable("GDPR, art. 32 and 35")}};
constexpr std::array kFrAfter = {
    Heading{Part::security, translatable("Security measures"), translatable("GDPR, art. 30(1)(g)")},
    Heading{Part::inventory, kInventory, nullptr}};
constexpr std::array kFrRemarks = {
    translatable("Meters that tell people apart at a finer grain than a day call for consent, or "
                 "for a task that the law provides for; the CNIL wants separate consents for the "
                 "daily and the finer curve."),
    translatable("Readings that are likely to put people at a high risk call for an impact "
                 "assessment (GDPR, art. 35).")};

// --- Morocco: CNDP, law 09-08
// ---------------------------------------------------------------------

constexpr std::array kMaBefore = {
    Heading{Part::controller, translatable("Identity of the controller"), nullptr},
    Heading{
        Part::rights,
        translatable("Department where the rights of access, rectification and objection are "
                     "exercised"),
        translatable("law 09-08, art. 7 to 9")}};
constexpr std::array kMaEach = {
    Heading{Part::purposes, translatable("Name and purposes of the processing"), nullptr},
    Heading{Part::persons, translatable("Categories of persons concerned"), nullptr},
    Heading{Part::fields, translatable("Data processed and where they come from"), nullptr},
    Heading{
        Part::sensitive,
        translatable("Sensitive data, which call for prior authorisation"),
        nullptr},
    Heading{Part::recipients, translatable("Recipients or categories of recipients"), nullptr},
    Heading{
        Part::transfers,
        translatable("Transfers of data to another country"),
        translatable("law 09-08, art. 43")},
    Heading{Part::retention, translatable("How long the data are kept"), nullptr},
    Heading{Part::risks, kRisks, nullptr}};
constexpr std::array kMaAfter = {
    Heading{
        Part::security,
        translatable("Measures of confidentiality and security"),
        translatable("law 09-08, art. 23")},
    Heading{Part::inventory, kInventory, nullptr}};
constexpr std::array kMaRemarks = {
    translatable("The processing is declared to the CNDP, or authorised by it, before it begins."),
    translatable("A transfer to another country is the subject of a separate request to the CNDP "
                 "(law 09-08, art. 43)."),
    translatable("A request for rectification or erasure is answered within ten clear days (law "
                 "09-08, art. 8).")};

// --- Senegal: CDP, law 2008-12
// --------------------------------------------------------------------

constexpr std::array kSnBefore = {
    Heading{Part::controller, translatable("Identity and address of the controller"), nullptr},
    Heading{
        Part::rights,
        translatable("Person or department before whom the right of access is exercised"),
        nullptr}};
constexpr std::array kSnEach = {
    Heading{Part::purposes, translatable("Purposes of the processing"), nullptr},
    Heading{
        Part::fields, translatable("Personal data processed and where they come from"), nullptr},
    Heading{Part::persons, translatable("Categories of persons concerned"), nullptr},
    Heading{Part::sensitive, translatable("Sensitive data"), nullptr},
    Heading{
        Part::retention,
        translatable("How long the data are kept"),
        translatable("law 2008-12, art. 35 and 72")},
    Heading{Part::recipients, translatable("Recipients the data may be communicated to"), nullptr},
    Heading{Part::transfers, translatable("Transfers of data to a third country"), nullptr},
    Heading{Part::risks, kRisks, nullptr}};
constexpr std::array kSnAfter = {
    Heading{
        Part::security,
        translatable("Measures for the security of the processing and the data"),
        translatable("law 2008-12, art. 70 and 71")},
    Heading{Part::inventory, kInventory, nullptr}};
constexpr std::array kSnRemarks = {
    translatable("The processing is declared to the CDP, or authorised by it, before it begins."),
    translatable("Confidentiality, security, conservation and durability are duties of their own "
                 "(law 2008-12, art. 70 to 73).")};

// --- Tunisia: INPDP, organic law 2004-63
// ----------------------------------------------------------

constexpr std::array kTnBefore = {
    Heading{Part::controller, translatable("Identity and address of the controller"), nullptr},
    Heading{
        Part::rights,
        translatable("Who answers requests of access, rectification and objection"),
        nullptr}};
constexpr std::array kTnEach = {
    Heading{
        Part::purposes,
        translatable("Purposes of the processing"),
        translatable("law 2004-63, art. 12")},
    Heading{Part::persons, translatable("Categories of persons concerned"), nullptr},
    Heading{
        Part::fields,
        translatable("Personal data processed and where they come from"),
        translatable("law 2004-63, art. 44")},
    Heading{Part::sensitive, translatable("Sensitive data"), nullptr},
    Heading{Part::recipients, translatable("Recipients the data may be communicated to"), nullptr},
    Heading{Part::transfers, translatable("Transfers of data to another country"), nullptr},
    Heading{
        Part::retention,
        translatable("How long the data are kept, and how they are destroyed"),
        translatable("law 2004-63, art. 45")},
    Heading{Part::risks, kRisks, nullptr}};
constexpr std::array kTnAfter = {
    Heading{Part::security, translatable("Measures of confidentiality and security"), nullptr},
    Heading{Part::inventory, kInventory, nullptr}};
constexpr std::array kTnRemarks = {
    translatable("The processing is declared to the INPDP before it begins."),
    translatable("Data are collected from the person concerned, or with that person's consent (law "
                 "2004-63, art. 44)."),
    translatable("At the end of their term data are destroyed in the presence of an expert whom "
                 "the INPDP designates, and a bailiff records it (law 2004-63, art. 45). What this "
                 "gateway deletes by itself, when it is delivered or its term ends, has no such "
                 "record: ask the INPDP whether one is due."),
    translatable("A transfer to another country needs an authorisation of the INPDP.")};

// --- African Union: convention of Malabo
// ----------------------------------------------------------

constexpr std::array kMalaboBefore = {
    Heading{
        Part::controller,
        translatable("Identity and address of the controller"),
        translatable("convention of Malabo, art. 10")},
    Heading{
        Part::rights,
        translatable("Person or department before whom the right of access is exercised"),
        translatable("convention of Malabo, art. 16 to 19")}};
constexpr std::array kMalaboEach = {
    Heading{
        Part::purposes,
        translatable("Purposes of the processing"),
        translatable("convention of Malabo, art. 13")},
    Heading{
        Part::fields, translatable("Personal data processed and where they come from"), nullptr},
    Heading{Part::persons, translatable("Categories of persons concerned"), nullptr},
    Heading{
        Part::sensitive,
        translatable("Sensitive data"),
        translatable("convention of Malabo, art. 14")},
    Heading{
        Part::retention,
        translatable("How long the data are kept"),
        translatable("convention of Malabo, art. 22")},
    Heading{Part::recipients, translatable("Recipients the data may be communicated to"), nullptr},
    Heading{
        Part::transfers,
        translatable("Transfers of data to a third country"),
        translatable("convention of Malabo, art. 14")},
    Heading{Part::risks, kRisks, nullptr}};
constexpr std::array kMalaboAfter = {
    Heading{
        Part::security,
        translatable("Measures of confidentiality and security"),
        translatable("convention of Malabo, art. 20 and 21")},
    Heading{Part::inventory, kInventory, nullptr}};
constexpr std::array kMalaboRemarks = {
    translatable("The convention has been in force since 8 June 2023 between the states that have "
                 "ratified it; the law of the country and its authority decide which formality is "
                 "due."),
    translatable(
        "An uplink's country is written when it is not the city's own: each of them counts "
        "as a transfer here."
    )};

constexpr RegisterForm kFr{
    translatable("Record of processing activities"), kFrBefore, kFrEach, kFrAfter, kFrRemarks};
constexpr RegisterForm kMa{
    translatable("For the declaration to the CNDP (Morocco, law 09-08)"),
    kMaBefore,
    kMaEach,
    kMaAfter,
    kMaRemarks};
constexpr RegisterForm kSn{
    translatable("For the declaration to the CDP (Senegal, law 2008-12)"),
    kSnBefore,
    kSnEach,
    kSnAfter,
    kSnRemarks};
constexpr RegisterForm kTn{
    translatable("For the declaration to the INPDP (Tunisia, organic law 2004-63)"),
    kTnBefore,
    kTnEach,
    kTnAfter,
    kTnRemarks};
constexpr RegisterForm kMalabo{
    translatable("Record of processing (African Union, convention of Malabo)"),
    kMalaboBefore,
    kMalaboEach,
    kMalaboAfter,
    kMalaboRemarks};

}  // namespace

const RegisterForm& form_of(settings::Jurisdiction profile) {
    using settings::Jurisdiction;
    switch (profile) {
        case Jurisdiction::fr:
            break;
        case Jurisdiction::ma:
            return kMa;
        case Jurisdiction::sn:
            return kSn;
        case Jurisdiction::tn:
            return kTn;
        case Jurisdiction::malabo:
            return kMalabo;
    }
    return kFr;
}

}  // namespace gateway::cli
