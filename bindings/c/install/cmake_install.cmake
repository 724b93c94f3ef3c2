# cmake --install dist --prefix P: the programs, their manual page, the headers, the library, and what pkg-config and find_package(klock)
# look for, under P.
# Obeys DESTDIR.
file(INSTALL DESTINATION "${CMAKE_INSTALL_PREFIX}" TYPE DIRECTORY FILES
  "${CMAKE_CURRENT_LIST_DIR}/include"
  "${CMAKE_CURRENT_LIST_DIR}/lib"
  "${CMAKE_CURRENT_LIST_DIR}/share")
file(INSTALL DESTINATION "${CMAKE_INSTALL_PREFIX}/bin" TYPE PROGRAM FILES
  "${CMAKE_CURRENT_LIST_DIR}/bin/klock"
  "${CMAKE_CURRENT_LIST_DIR}/bin/klock-server")
