#include "gateway/cli/device_manual.hpp"

#include "gateway/cli/command.hpp"
#include "gateway/language/translate.hpp"

namespace gateway::cli {
namespace {

using language::tr;

}  // namespace

ManualText device_manual() {
    return {
        .description =
            {tr("Writes what a device proves with who it is, a password, a key or a certificate, "
                "into the file that the configuration names for its source, and shows what the "
                "device is told: address, topic, name and secret, a line to try it, and a QR code. "
                "The secret is shown this once. The running gateway takes it within two seconds."),
             tr("rotate gives a device a new secret; revoke ends what it has at every source, and "
                "sends it away if it is connected. Run it as root or as the gateway's user; the "
                "files keep their owner and mode."),
             tr("Certificates need an authority, which ca makes below the state directory; it "
                "prints the two lines for the configuration.")},
        .exits =
            {{kExitNotDone, tr("It cannot be done; the message says why.")},
             {kExitUnavailable, tr("A file cannot be read or written.")},
             {kExitConfiguration, tr("The configuration of the gateway cannot be used.")}},
        .files =
            {{kDefaultConfiguration, tr("The configuration, where none is named.")},
             {"/var/lib/passerelle/ca", tr("The authority of certificates.")}},
        .examples =
            {{"passerelle device add m-1", tr("Lets a meter in:")},
             {"passerelle device add m-1 --with certificate --into m-1",
              tr("Writes m-1.crt and m-1.key:")},
             {"passerelle device revoke m-1", tr("Ends it:")}},
        .see_also = {"devices", "account"}};
}

}  // namespace gateway::cli
