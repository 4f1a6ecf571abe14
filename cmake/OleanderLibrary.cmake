# liboleander.so, and the same objects as a static library in which tests reach the internals.
get_property(sources GLOBAL PROPERTY OLEANDER_SOURCES)
enable_language(ASM)
add_library(oleander_objects OBJECT ${sources})
target_link_libraries(oleander_objects PUBLIC oleander_flags PkgConfig::LIBFFI PkgConfig::LIBUUID PkgConfig::ICU
                      Threads::Threads ${CMAKE_DL_LIBS} m)
if(NOT OLEANDER_SANITIZE)
  # Instrumented expressions are no longer folded, and gcc then sees conversions that are none.
  target_compile_options(oleander_objects PRIVATE $<$<COMPILE_LANGUAGE:C>:-Wconversion -Wno-sign-conversion>)
endif()
get_property(generated GLOBAL PROPERTY OLEANDER_GENERATED_TARGETS)
if(generated)
  add_dependencies(oleander_objects ${generated})
endif()

set_source_files_properties("${CMAKE_SOURCE_DIR}/broker/program.c" PROPERTIES
  COMPILE_DEFINITIONS "OLEANDER_VERSION=\"${PROJECT_VERSION}\"")

if(OLEANDER_NETTLE_SONAME)
  set_source_files_properties("${CMAKE_SOURCE_DIR}/remote/security/crypto.c" PROPERTIES
    COMPILE_DEFINITIONS "OLEANDER_NETTLE=\"${OLEANDER_NETTLE_SONAME}\"" COMPILE_OPTIONS "${NETTLE_CFLAGS}")
endif()

if(OLEANDER_GSSAPI_SONAME)
  set_source_files_properties("${CMAKE_SOURCE_DIR}/remote/security/gss.c" "${CMAKE_SOURCE_DIR}/remote/security/kerberos.c" PROPERTIES
    COMPILE_DEFINITIONS "OLEANDER_GSSAPI=\"${OLEANDER_GSSAPI_SONAME}\"" COMPILE_OPTIONS "${GSSAPI_CFLAGS}")
endif()

add_library(oleander SHARED $<TARGET_OBJECTS:oleander_objects>)
target_link_libraries(oleander PRIVATE oleander_flags PkgConfig::LIBFFI PkgConfig::LIBUUID PkgConfig::ICU
                      Threads::Threads ${CMAKE_DL_LIBS} m)
target_include_directories(oleander INTERFACE
  "$<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include/oleander>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/oleander>")
# Clients may hold our vtables after the last dlclose: the library never unloads.
target_link_options(oleander PRIVATE -Wl,-z,nodelete -Wl,-z,defs
  "-Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/liboleander.map")
if(OLEANDER_SANITIZE OR OLEANDER_TSAN OR OLEANDER_FUZZ OR OLEANDER_COVERAGE)
  target_link_options(oleander PRIVATE -Wl,-z,undefs)
endif()
set_property(TARGET oleander APPEND PROPERTY LINK_DEPENDS "${CMAKE_SOURCE_DIR}/cmake/liboleander.map")
set_target_properties(oleander PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR} EXPORT_NAME oleander)
add_library(Oleander::oleander ALIAS oleander)

add_library(oleander_static STATIC EXCLUDE_FROM_ALL $<TARGET_OBJECTS:oleander_objects>)
target_link_libraries(oleander_static PUBLIC oleander_flags PkgConfig::LIBFFI PkgConfig::LIBUUID PkgConfig::ICU
                      Threads::Threads ${CMAKE_DL_LIBS} m)
