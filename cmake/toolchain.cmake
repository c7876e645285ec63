# Compiler and linker settings every target shares, as the interface target `gateway_flags`.
add_library(gateway_flags INTERFACE)
target_include_directories(gateway_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(
    gateway_flags
    INTERFACE -Wall
              -Wextra
              -Wpedantic
              -Wshadow
              -Wconversion
              -Wsign-conversion
              -Wnon-virtual-dtor
              -Woverloaded-virtual
              -fstack-protector-strong
)
target_compile_definitions(
    gateway_flags
    INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED PASSERELLE_VERSION="${PROJECT_VERSION}"
)
if(CMAKE_SIZEOF_VOID_P EQUAL 4)
    # A buffer may be larger than 2 GiB on armhf, too.
    target_compile_definitions(gateway_flags INTERFACE _FILE_OFFSET_BITS=64)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(gateway_flags INTERFACE -Wduplicated-cond -Wlogical-op)
    # g++ 12 inlines only one half of the pair that allocates Asio's coroutine frames, and then takes them for a mismatch.
    target_compile_options(gateway_flags INTERFACE -Wno-mismatched-new-delete)
endif()
if(GATEWAY_WERROR)
    target_compile_options(gateway_flags INTERFACE -Werror)
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(gateway_flags INTERFACE -fstack-clash-protection)
    target_compile_definitions(gateway_flags INTERFACE _FORTIFY_SOURCE=2)
    target_link_options(gateway_flags INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,--gc-sections -Wl,--as-needed)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    # Line tables make a crash readable, and cost 5 % of compiling; the paths in them do not depend on where it was, nor
    # on whether ccache has made them relative.
    file(RELATIVE_PATH way_up ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
    string(REGEX REPLACE "/$" "" way_up "${way_up}")
    set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${way_up}=.")
    # Of several that fit the last one counts.
    string(APPEND CMAKE_CXX_FLAGS_RELEASE " -ffile-prefix-map=${PROJECT_BINARY_DIR}/=")
endif()

if(GATEWAY_SANITIZE)
    # A report needs lines, and nothing of variables and types.
    set(CMAKE_CXX_FLAGS_DEBUG "-g1")
    target_compile_options(gateway_flags INTERFACE -fsanitize=${GATEWAY_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(gateway_flags INTERFACE -fsanitize=${GATEWAY_SANITIZE})
    if(GATEWAY_SANITIZE MATCHES "undefined")
        target_compile_options(gateway_flags INTERFACE -fno-sanitize-recover=undefined)
    endif()
    if(GATEWAY_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Asio's fences are outside what the thread sanitizer models; g++ warns at each of them.
        target_compile_options(gateway_flags INTERFACE -Wno-tsan)
    endif()
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND (GATEWAY_SANITIZE OR NOT GATEWAY_TESTS))
    set(GATEWAY_PRECOMPILE ON)
endif()
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    # Paths below the root are taken as relative, so that checkouts share what they have compiled.
    set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=true)
    if(GATEWAY_PRECOMPILE)
        # debhelper compiles in a language of its own; the others are for precompiled headers.
        list(APPEND launcher CCACHE_SLOPPINESS=locale,pch_defines,time_macros CCACHE_PCH_EXTSUM=true)
    endif()
    list(APPEND launcher ${CCACHE_PROGRAM})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
    set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
endif()
find_program(MOLD_PROGRAM mold)
# A compiler for another architecture does not find it.
if(MOLD_PROGRAM AND NOT CMAKE_CROSSCOMPILING)
    target_link_options(gateway_flags INTERFACE -fuse-ld=mold)
endif()
