# Headers that nearly every source reads, parsed once: that is a quarter of what a package takes to compile. Only for a
# package and for the sanitizers, so that an #include that is missing is found by everybody else's build. CLI11's in it
# would make each source that includes no CLI11 five times as slow.
if(NOT GATEWAY_PRECOMPILE)
    function(passerelle_precompile)
    endfunction()
    return()
endif()

# For ccache, see PRECOMPILED HEADERS in its manual.
target_compile_options(gateway_flags INTERFACE -fpch-preprocess)
file(CONFIGURE OUTPUT standard_headers.cpp CONTENT "")
add_library(standard_headers OBJECT ${CMAKE_CURRENT_BINARY_DIR}/standard_headers.cpp)
target_link_libraries(standard_headers PRIVATE gateway_flags)
set(standard_headers
    <algorithm>
    <array>
    <charconv>
    <chrono>
    <cstddef>
    <cstdint>
    <deque>
    <functional>
    <map>
    <memory>
    <optional>
    <set>
    <span>
    <sstream>
    <string>
    <string_view>
    <unordered_map>
    <utility>
    <variant>
    <vector>
)
target_precompile_headers(standard_headers PRIVATE ${standard_headers})
# The place of the build is in the file that is made of them. This is what ccache looks at instead (PCH_EXTSUM), so that
# builds in other places share what they have compiled; it looks at compiler and options anyway.
file(WRITE ${PROJECT_BINARY_DIR}/CMakeFiles/standard_headers.dir/cmake_pch.hxx.gch.sum "${standard_headers}")

# The same for tests, with Catch2's.
if(GATEWAY_TESTS)
    add_library(test_headers OBJECT ${CMAKE_CURRENT_BINARY_DIR}/standard_headers.cpp)
    target_link_libraries(test_headers PRIVATE gateway_flags Catch2::Catch2)
    set(test_headers ${standard_headers} <catch2/catch.hpp>)
    target_precompile_headers(test_headers PRIVATE ${test_headers})
    file(WRITE ${PROJECT_BINARY_DIR}/CMakeFiles/test_headers.dir/cmake_pch.hxx.gch.sum "${test_headers}")
endif()

# Usage: passerelle_precompile(<target> [test_headers])
function(passerelle_precompile target)
    set(headers standard_headers ${ARGN})
    list(GET headers -1 headers)
    target_precompile_headers(${target} REUSE_FROM ${headers})
endfunction()
