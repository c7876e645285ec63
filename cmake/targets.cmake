# One library a folder: its name is the folder's path with underscores (gateway/buffer -> gateway_buffer), its
# sources are the folder's .cpp files. Arguments: the targets it needs.
function(passerelle_library)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    string(REPLACE "/" "_" name ${path})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
    if(sources)
        add_library(${name} STATIC ${sources})
        passerelle_precompile(${name})
        set(scope PUBLIC)
    else()
        add_library(${name} INTERFACE)
        set(scope INTERFACE)
    endif()
    target_link_libraries(${name} ${scope} gateway_flags ${ARGN})
    # all_verify_interface_header_sets compiles each header on its own, but for those that the source of the same name
    # includes before anything else (tests/tidy).
    set(sources_of_headers ${headers})
    list(TRANSFORM sources_of_headers REPLACE "hpp$" "cpp")
    foreach(header source IN ZIP_LISTS headers sources_of_headers)
        if(NOT source IN_LIST sources)
            target_sources(${name} ${scope} FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${header})
        endif()
    endforeach()
    set_target_properties(${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# The sanitizers compile several sources of a library as one, which takes half of the time. Those that have the same
# names for things of their own as any other of the library are kept apart, so that it does not matter which eight come
# together; a name that only the sanitizers find twice belongs there.
# Usage: passerelle_compile_together(<library> [<source that is kept apart>...])
function(passerelle_compile_together library)
    if(GATEWAY_SANITIZE AND GATEWAY_PRECOMPILE)
        set_target_properties(${library} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
        set_property(SOURCE ${ARGN} PROPERTY SKIP_UNITY_BUILD_INCLUSION ON)
        # What a header makes of a coroutine has a name of its source, which is no header's then.
        target_compile_options(${library} PRIVATE -Wno-subobject-linkage)
    endif()
endfunction()

# Tells sources of this folder where the project lies: the few that ask, since what a compiler is told of the place
# cannot be taken from its cache in another one.
function(passerelle_places)
    set_property(
        SOURCE ${ARGN} APPEND
        PROPERTY COMPILE_DEFINITIONS PASSERELLE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                 PASSERELLE_LOCALEDIR="${PROJECT_BINARY_DIR}/locale"
    )
endfunction()

# One test executable a folder of tests/unit or tests/component; its sources are the folder's .cpp files.
# Usage: passerelle_tests(<executable> <label> <targets it needs>...)
function(passerelle_tests name label)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    add_executable(${name} ${sources})
    passerelle_precompile(${name} test_headers)
    target_link_libraries(${name} PRIVATE gateway_flags ${ARGN} Catch2::Catch2WithMain)
    catch_discover_tests(${name} TEST_PREFIX "${name}: " PROPERTIES LABELS ${label} TIMEOUT 600)
endfunction()
