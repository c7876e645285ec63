#pragma once
#include "tests/unit/firmware_bridge/update_bench.hpp"

#include <catch2/catch.hpp>

namespace firmware_bridge::test {

constexpr std::size_t kImageBytes = 3000;  // 5 pages of 512 bytes, and a part of one

// In a session, with an image that may be offered.
struct Ready : UpdateBench {
    explicit Ready(std::size_t image_bytes = kImageBytes) {
        images[5] = image_of(5, image_bytes);
        start();
        bench.poll();
        welcome();
    }

    std::string signed_image() { return signer.sign(manifest_of(5, images[5])); }

    // What the node answers at once to an offer.
    State told(const std::string& signed_manifest) {
        offer(signed_manifest);
        const auto frames = bench.poll();
        REQUIRE_FALSE(frames.empty());
        const State state = state_of(frames[0]);
        seen(frames[0]);
        return state;
    }

    // Up to what is said of the image as a whole: VERIFIED, which is not seen yet.
    Frame fetch() {
        offer(signed_image());
        return finish();
    }

    Frame finish() {
        for (int turns = 0; turns < 100; ++turns) {
            for (const Frame& frame : bench.after(10)) {
                if (frame.type == kUpdateAsk) piece(frame);
                if (frame.type == kUpdateState && state_of(frame).state() != State::OFFERED) {
                    return frame;
                }
            }
        }
        FAIL("it has not come to an end");
        return {};
    }
};

}  // namespace firmware_bridge::test
