# One library a folder: its name is the folder's path with underscores (gateway/buffer -> gateway_buffer), its
# sources are the folder's .cpp files. Arguments: the targets it needs.
function(passerelle_library)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    string(REPLACE "/" "_" name ${path})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    if(sources)
        add_library(${name} STATIC ${sources})
        target_link_libraries(${name} PUBLIC gateway_flags ${ARGN})
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE gateway_flags ${ARGN})
    endif()
endfunction()

# One test executable a folder of tests/unit or tests/component; its sources are the folder's .cpp files.
# Usage: passerelle_tests(<executable> <label> <targets it needs>...)
function(passerelle_tests name label)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    add_executable(${name} ${sources})
    target_link_libraries(${name} PRIVATE gateway_flags ${ARGN} Catch2::Catch2WithMain)
    target_compile_definitions(${name} PRIVATE PASSERELLE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    catch_discover_tests(${name} TEST_PREFIX "${name}: " PROPERTIES LABELS ${label} TIMEOUT 120)
endfunction()
