#pragma once
#include "gateway/cli/http_get.hpp"
#include "gateway/settings/settings.hpp"

#include <functional>
#include <memory>
#include <string>

namespace gateway::cli {

// The way to whoever answers for the store: a running gateway, or this process.
class SubjectChannel {
  public:
    virtual ~SubjectChannel() = default;

    // What gateway/subject/desk.hpp answers. Errors: those of the socket, or of the store.
    virtual model::Result<HttpAnswer> ask(const std::string& path, const std::string& body) = 0;
};

using OpenedChannel = model::Result<std::unique_ptr<SubjectChannel>, std::string>;

// Opens the store of a gateway that does not run. Its error is what to tell the operator: that it
// runs, or what is wrong.
using OpenLocalDesk = std::function<OpenedChannel(const settings::Settings&)>;

}  // namespace gateway::cli
