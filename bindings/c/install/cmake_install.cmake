# cmake --install dist --prefix P: the programs, their manual page, the headers, the library, and what pkg-config and find_package(klock)
# look for, under P.
# Obeys DESTDIR.
file(INSTALL DESTINATION "${CMAKE_INSTALL_PREFIX}" TYPE DIRECTORY FILES
  "${CMAKE_CURRENT_LIST_DIR}/include"
  "${CMAKE_CURRENT_LIST_DIR}/lib"
  "${CMAKE_CURRENT_LIST_DIR}/share"
  REGEX "/libklock[.]so([.].*)?$" EXCLUDE)

# The file has the name that programs were linked for, so that one of a later ABI is installed beside it; libklock.so, which only the
# linker looks for, is a link to the newest.
file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/include/klock.h" _abi REGEX "^#define KLOCK_ABI_VERSION ")
string(REGEX MATCH "[0-9]+$" _abi "${_abi}")
file(INSTALL DESTINATION "${CMAKE_INSTALL_PREFIX}/lib" TYPE FILE
  FILES "${CMAKE_CURRENT_LIST_DIR}/lib/libklock.so" RENAME "libklock.so.${_abi}")
file(CREATE_LINK "libklock.so.${_abi}" "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/lib/libklock.so" SYMBOLIC)
file(INSTALL DESTINATION "${CMAKE_INSTALL_PREFIX}/bin" TYPE PROGRAM FILES
  "${CMAKE_CURRENT_LIST_DIR}/bin/klock"
  "${CMAKE_CURRENT_LIST_DIR}/bin/klock-server")
