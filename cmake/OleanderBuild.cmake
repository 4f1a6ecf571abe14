# Compiler flags that every target of the project shares, and the outside libraries.
add_library(oleander_flags INTERFACE)
target_include_directories(oleander_flags INTERFACE
  "${CMAKE_SOURCE_DIR}" "${CMAKE_SOURCE_DIR}/include/oleander" "${CMAKE_BINARY_DIR}/generated")
target_compile_definitions(oleander_flags INTERFACE _GNU_SOURCE COM_NO_WINDOWS_H $<$<COMPILE_LANGUAGE:C>:COBJMACROS>)
target_compile_options(oleander_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -fno-strict-aliasing
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes -Wvla>)
# Thread-local memory is there from the start of a thread: made when it is first touched, it would end the process where there
# is no memory for it. A library may have little of it.
target_compile_options(oleander_flags INTERFACE -ftls-model=initial-exec)
if(OLEANDER_WERROR)
  target_compile_options(oleander_flags INTERFACE -Werror)
endif()
if(OLEANDER_SANITIZE)
  # Optimised a little, and with lines but without variables for debuggers: the tests take their time from the checks alone.
  target_compile_options(oleander_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
    -O1 -g1)
  target_link_options(oleander_flags INTERFACE -fsanitize=address,undefined)
endif()
if(OLEANDER_TSAN)
  # Lua errors jump over instrumented frames: without entry/exit hooks the shadow stack stays in step.
  target_compile_options(oleander_flags INTERFACE -fsanitize=thread --param tsan-instrument-func-entry-exit=0)
  target_link_options(oleander_flags INTERFACE -fsanitize=thread)
endif()
if(OLEANDER_COVERAGE)
  target_compile_options(oleander_flags INTERFACE --coverage)
  target_link_options(oleander_flags INTERFACE --coverage)
endif()
if(OLEANDER_FUZZ)
  target_compile_options(oleander_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -O1)
  target_link_options(oleander_flags INTERFACE -fsanitize=address,undefined)
endif()

find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBFFI REQUIRED IMPORTED_TARGET libffi)
pkg_check_modules(LIBUUID REQUIRED IMPORTED_TARGET uuid)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-i18n icu-uc)
# Optional: accounts with passwords between hosts. The library is opened when it is needed, by the name that it has here.
pkg_check_modules(NETTLE IMPORTED_TARGET nettle)
if(NETTLE_FOUND)
  find_library(NETTLE_FILE nettle HINTS ${NETTLE_LIBRARY_DIRS} REQUIRED)
  file(REAL_PATH "${NETTLE_FILE}" nettle_file)
  string(REGEX MATCH "libnettle\\.so\\.[0-9]+" OLEANDER_NETTLE_SONAME "${nettle_file}")
endif()
# Optional likewise: Kerberos between hosts.
pkg_check_modules(GSSAPI IMPORTED_TARGET mit-krb5-gssapi)
if(GSSAPI_FOUND)
  find_library(GSSAPI_FILE gssapi_krb5 HINTS ${GSSAPI_LIBRARY_DIRS} REQUIRED)
  file(REAL_PATH "${GSSAPI_FILE}" gssapi_file)
  string(REGEX MATCH "libgssapi_krb5\\.so\\.[0-9]+" OLEANDER_GSSAPI_SONAME "${gssapi_file}")
endif()
pkg_search_module(LUA REQUIRED IMPORTED_TARGET lua5.4 lua-5.4)
find_package(Threads REQUIRED)
find_program(LUA_PROGRAM NAMES lua5.4 REQUIRED)

# Around a Lua that loads modules of the build tree: those of a sanitized build need the runtime of the sanitizer first.
set(OLEANDER_TREE_ENVIRONMENT "")
set(OLEANDER_SANITIZER_RUNTIME "")
function(oleander_sanitizer_runtime name)
  execute_process(COMMAND "${CMAKE_C_COMPILER}" -print-file-name=${name} OUTPUT_VARIABLE runtime OUTPUT_STRIP_TRAILING_WHITESPACE)
  file(REAL_PATH "${runtime}" runtime)
  set(OLEANDER_SANITIZER_RUNTIME "${runtime}" PARENT_SCOPE)
  set(OLEANDER_TREE_ENVIRONMENT "${CMAKE_COMMAND}" -E env "LD_PRELOAD=${runtime}"
    "ASAN_OPTIONS=detect_leaks=0" "TSAN_OPTIONS=report_bugs=0" PARENT_SCOPE)
endfunction()
if(CMAKE_C_COMPILER_ID MATCHES "Clang" AND (OLEANDER_FUZZ OR OLEANDER_SANITIZE))
  oleander_sanitizer_runtime(libclang_rt.asan-${CMAKE_HOST_SYSTEM_PROCESSOR}.so)
elseif(OLEANDER_SANITIZE)
  oleander_sanitizer_runtime(libasan.so)
elseif(OLEANDER_TSAN)
  oleander_sanitizer_runtime(libtsan.so)
endif()

# Sources of one folder of the house and of its rooms join the library.
#   oleander_folder()
function(oleander_folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.c" "${CMAKE_CURRENT_SOURCE_DIR}/*.S")
  set_property(GLOBAL APPEND PROPERTY OLEANDER_SOURCES ${sources} ${ARGN})
endfunction()
