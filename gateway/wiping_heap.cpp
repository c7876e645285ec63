// What the program gives back to the heap is overwritten first, whoever gives it back: the
// libraries that receive messages hold them too, and none of them wipes. These stand before glibc's
// functions of the same names, for every library of the process. Not with a sanitizer, whose heap
// is another.
#include "gateway/runtime/wipe.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

extern "C" {

// glibc's own, under the name that it has for whoever stands before it.
void __libc_free(void* block);  // NOLINT: the name is glibc's

void free(void* block) noexcept {
    if (block == nullptr) return;
    gateway::runtime::wipe(static_cast<char*>(block), malloc_usable_size(block));
    __libc_free(block);
}

// Never cut or moved by glibc, which would leave the rest as it was. A block that is much too large
// is given back all the same.
void* realloc(void* block, std::size_t bytes) noexcept {
    if (block == nullptr) return std::malloc(bytes);
    const std::size_t held = malloc_usable_size(block);
    if (bytes <= held && bytes >= held / 2) return block;
    void* other = bytes == 0 ? nullptr : std::malloc(bytes);
    if (other == nullptr && bytes > 0) return nullptr;
    if (other != nullptr) std::memcpy(other, block, std::min(held, bytes));
    std::free(block);
    return other;
}

}  // extern "C"
