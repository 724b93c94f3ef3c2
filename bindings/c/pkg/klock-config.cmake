# Goes to lib/cmake/klock. find_package(klock) makes the target klock::klock; the paths follow from where this file stands.
get_filename_component(_klock_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(NOT TARGET klock::klock)
  add_library(klock::klock SHARED IMPORTED)
  set_target_properties(klock::klock PROPERTIES
    IMPORTED_LOCATION "${_klock_prefix}/lib/libklock.so"
    INTERFACE_INCLUDE_DIRECTORIES "${_klock_prefix}/include")
endif()

unset(_klock_prefix)
