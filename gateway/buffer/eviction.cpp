#include "gateway/buffer/eviction.hpp"

namespace gateway::buffer {

std::string_view to_string(Eviction cause) {
    switch (cause) {
        case Eviction::size:
            return "size";
        case Eviction::retention:
            return "retention";
        case Eviction::damaged:
            return "damaged";
        case Eviction::erased:
            return "erased";
        case Eviction::count_:
            break;
    }
    return "unknown";
}

}  // namespace gateway::buffer
