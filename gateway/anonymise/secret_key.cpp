#include "gateway/anonymise/secret_key.hpp"

#include <sodium.h>

#include <new>

namespace gateway::anonymise {

Key::Key() {
    void* room = sodium_init() < 0 ? nullptr : sodium_malloc(sizeof(Bytes));
    if (room == nullptr) throw std::bad_alloc();
    bytes_.reset(new (room) Bytes{});
}

void Key::Release::operator()(Bytes* bytes) const noexcept {
    sodium_free(bytes);
}

}  // namespace gateway::anonymise
