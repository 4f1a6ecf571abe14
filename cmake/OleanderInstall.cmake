# What `cmake --install` lays down.
include(CMakePackageConfigHelpers)

install(TARGETS oleander EXPORT OleanderTargets LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY include/oleander/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/oleander" FILES_MATCHING PATTERN "*.h" PATTERN "*.idl")
install(EXPORT OleanderTargets NAMESPACE Oleander:: DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/Oleander")
configure_package_config_file(cmake/OleanderConfig.cmake.in "${CMAKE_BINARY_DIR}/OleanderConfig.cmake"
  INSTALL_DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/Oleander" PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file("${CMAKE_BINARY_DIR}/OleanderConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_BINARY_DIR}/OleanderConfig.cmake" "${CMAKE_BINARY_DIR}/OleanderConfigVersion.cmake"
  cmake/OleanderServer.cmake cmake/server.map DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/Oleander")
file(RELATIVE_PATH OLEANDER_PC_TO_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file(cmake/oleander.pc.in "${CMAKE_BINARY_DIR}/oleander.pc" @ONLY)
install(FILES "${CMAKE_BINARY_DIR}/oleander.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

if(TARGET oleander_core)
  install(TARGETS oleander_core LIBRARY DESTINATION "${OLEANDER_LUA_MODULE_DIR}/oleander")
endif()
configure_file(lua/oleander/version.lua.in "${CMAKE_BINARY_DIR}/lua/oleander/version.lua" @ONLY)
install(FILES "${CMAKE_BINARY_DIR}/lua/oleander/version.lua" DESTINATION "${OLEANDER_LUA_SCRIPT_DIR}/oleander")
install(DIRECTORY lua/ DESTINATION "${OLEANDER_LUA_SCRIPT_DIR}" FILES_MATCHING PATTERN "*.lua" PATTERN "*.css" PATTERN "*.js")
# The program starts from bytecode: the modules as they were just installed.
install(CODE "execute_process(COMMAND \"${LUA_PROGRAM}\" \"${CMAKE_SOURCE_DIR}/tools/precompile.lua\"
  \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${OLEANDER_LUA_SCRIPT_DIR}\"
  \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/oleander/modules.luac\" COMMAND_ERROR_IS_FATAL ANY)")
if(OLEANDER_SANITIZER_RUNTIME)
  # Whoever starts the program of a sanitized build, a broker or a build tool, need not know that its runtime comes first.
  set_property(DIRECTORY "${CMAKE_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS tools/oleander)
  file(READ "${CMAKE_SOURCE_DIR}/tools/oleander" program)
  string(REPLACE "#!/usr/bin/env lua5.4" "#!/usr/bin/env -S LD_PRELOAD=${OLEANDER_SANITIZER_RUNTIME} lua5.4" program "${program}")
  file(WRITE "${CMAKE_BINARY_DIR}/sanitized/oleander" "${program}")
  install(PROGRAMS "${CMAKE_BINARY_DIR}/sanitized/oleander" DESTINATION "${CMAKE_INSTALL_BINDIR}")
else()
  install(PROGRAMS tools/oleander DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
install(DIRECTORY docs/luacats DESTINATION "${CMAKE_INSTALL_DATADIR}/oleander" FILES_MATCHING PATTERN "*.lua")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}" OPTIONAL)
