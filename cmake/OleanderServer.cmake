# Automation servers: a loadable module, or a program, that carries the type library of its IDL.
#
#   oleander_add_server(NAME [PROGRAM] SOURCES file... [IDL file.idl...] [TYPELIB file...] [REG file.reg]
#                       [DESTINATION folder] [NO_INSTALL])
#
# Makes the module NAME.so, or the program NAME. Each IDL file becomes FILE.tlb, which the server carries in its section
# .oleander.typelib (.2, .3, ... for further ones), and FILE.h, which the sources may include. A TYPELIB is carried
# as it is, or made of an .idl file without a header. A module exports the four standard
# entry points and nothing else. A program's `main` is in its sources; OLEANDER_PROGRAM of oleander_server.h makes one. REG is a
# registry file installed for it, in which @OLEANDER_MODULE@ stands for the path of the module or program, relative to the installed
# registry file; without REG, `oleander register` makes a module known, and a program's own --register the program.
# Works inside the project and, from the CMake package, outside.

if(NOT DEFINED OLEANDER_SERVER_CMAKE_DIR)
  set(OLEANDER_SERVER_CMAKE_DIR "${CMAKE_CURRENT_LIST_DIR}")
endif()
enable_language(ASM)

# The IDL compiler: the installed program, or, inside the project, the one of the build tree, whose parts are built first.
if(NOT OLEANDER_IDL_COMPILER)
  set(OLEANDER_IDL_COMPILER ${OLEANDER_TREE_ENVIRONMENT} "${LUA_PROGRAM}" "${CMAKE_SOURCE_DIR}/cmake/tree.lua" "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}")
  file(GLOB_RECURSE OLEANDER_IDL_COMPILER_PARTS CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/lua/oleander/idl/*.lua")
  list(APPEND OLEANDER_IDL_COMPILER_PARTS "${CMAKE_SOURCE_DIR}/lua/oleander/cli/idl.lua" oleander oleander_core)
endif()

# Compiles one IDL file into FOLDER/BASE.tlb and FOLDER/BASE.h, and with a NUMBER into FOLDER/BASE.S, which puts the library into
# the section of that number.
function(oleander_compile_idl idl folder)
  get_filename_component(idl "${idl}" ABSOLUTE)
  get_filename_component(base "${idl}" NAME_WE)
  set(outputs "${folder}/${base}.tlb" "${folder}/${base}.h")
  set(section "")
  if(ARGN)
    list(APPEND outputs "${folder}/${base}.S")
    set(section --section "${folder}/${base}.S" --section-number ${ARGN})
  endif()
  file(MAKE_DIRECTORY "${folder}")
  add_custom_command(OUTPUT ${outputs}
    COMMAND ${OLEANDER_IDL_COMPILER} idl compile --quiet --header "${folder}/${base}.h" --depfile "${folder}/${base}.d"
            ${section} -o "${folder}/${base}.tlb" "${idl}"
    DEPENDS "${idl}" ${OLEANDER_IDL_COMPILER_PARTS}
    DEPFILE "${folder}/${base}.d"
    COMMENT "Compiling ${base}.idl" VERBATIM)
endfunction()

# Compiles one IDL file into FOLDER/BASE.tlb, and into FOLDER/BASE.S, which puts it into the section of that number.
function(oleander_compile_typelib idl folder number)
  get_filename_component(idl "${idl}" ABSOLUTE)
  get_filename_component(base "${idl}" NAME_WE)
  file(MAKE_DIRECTORY "${folder}")
  add_custom_command(OUTPUT "${folder}/${base}.tlb" "${folder}/${base}.S"
    COMMAND ${OLEANDER_IDL_COMPILER} idl compile --quiet --depfile "${folder}/${base}.d"
            --section "${folder}/${base}.S" --section-number ${number} -o "${folder}/${base}.tlb" "${idl}"
    DEPENDS "${idl}" ${OLEANDER_IDL_COMPILER_PARTS}
    DEPFILE "${folder}/${base}.d"
    COMMENT "Compiling ${base}.idl" VERBATIM)
endfunction()

# An assembler file that puts a library into the section of that number as it is, as `oleander idl compile --section` does.
function(oleander_write_typelib_section file tlb number)
  set(suffix "")
  if(number GREATER 1)
    set(suffix ".${number}")
  endif()
  file(WRITE "${file}.in" "\
    .section .oleander.typelib${suffix},\"aR\",@progbits
    .balign 8
    .hidden oleander_typelib_begin_${number}
    .globl oleander_typelib_begin_${number}
oleander_typelib_begin_${number}:
    .incbin \"${tlb}\"
oleander_typelib_end_${number}:
    .balign 8
    .section .note.oleander${suffix},\"aR\",@note
    .balign 4
    .long 9, 16, ${number}
    .asciz \"Oleander\"
    .balign 4
0:  .quad oleander_typelib_begin_${number} - 0b
    .quad oleander_typelib_end_${number} - oleander_typelib_begin_${number}
    .section .note.GNU-stack,\"\",@progbits
")
  configure_file("${file}.in" "${file}" COPYONLY)
endfunction()

function(oleander_add_server name)
  cmake_parse_arguments(SERVER "NO_INSTALL;PROGRAM" "REG;DESTINATION" "SOURCES;IDL;TYPELIB" ${ARGN})
  if(NOT SERVER_SOURCES)
    message(FATAL_ERROR "oleander_add_server(${name}): SOURCES are missing")
  endif()
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${name}-idl")
  if(SERVER_PROGRAM)
    add_executable(${name} ${SERVER_SOURCES})
  else()
    add_library(${name} MODULE ${SERVER_SOURCES})
  endif()
  set(number 0)
  foreach(idl IN LISTS SERVER_IDL)
    math(EXPR number "${number} + 1")
    get_filename_component(base "${idl}" NAME_WE)
    oleander_compile_idl("${idl}" "${folder}" ${number})
    set_property(SOURCE "${folder}/${base}.S" APPEND PROPERTY OBJECT_DEPENDS "${folder}/${base}.tlb")
    target_sources(${name} PRIVATE "${folder}/${base}.S" "${folder}/${base}.h")
  endforeach()
  foreach(library IN LISTS SERVER_TYPELIB)
    math(EXPR number "${number} + 1")
    get_filename_component(base "${library}" NAME_WE)
    get_filename_component(tlb "${library}" ABSOLUTE)
    if(library MATCHES "\\.idl$")
      oleander_compile_typelib("${library}" "${folder}" ${number})
      set(tlb "${folder}/${base}.tlb")
    else()
      file(MAKE_DIRECTORY "${folder}")
      oleander_write_typelib_section("${folder}/${base}.S" "${tlb}" ${number})
    endif()
    set_property(SOURCE "${folder}/${base}.S" APPEND PROPERTY OBJECT_DEPENDS "${tlb}")
    target_sources(${name} PRIVATE "${folder}/${base}.S")
  endforeach()
  target_include_directories(${name} PRIVATE "${folder}")
  target_compile_definitions(${name} PRIVATE COM_NO_WINDOWS_H)
  target_compile_options(${name} PRIVATE -fvisibility=hidden)
  target_link_libraries(${name} PRIVATE Oleander::oleander)
  target_link_options(${name} PRIVATE -Wl,-z,defs)
  set(file "${name}")
  if(NOT SERVER_PROGRAM)
    set(file "${name}.so")
    target_link_options(${name} PRIVATE "-Wl,--version-script=${OLEANDER_SERVER_CMAKE_DIR}/server.map")
    set_target_properties(${name} PROPERTIES PREFIX "")
  endif()
  if(TARGET oleander_flags)
    target_link_libraries(${name} PRIVATE oleander_flags)
    if(OLEANDER_SANITIZE OR OLEANDER_TSAN OR OLEANDER_FUZZ)
      target_link_options(${name} PRIVATE -Wl,-z,undefs)
    endif()
  endif()
  if(NOT SERVER_NO_INSTALL)
    if(NOT SERVER_DESTINATION)
      include(GNUInstallDirs)
      set(SERVER_DESTINATION "${CMAKE_INSTALL_LIBDIR}/oleander/servers")
    endif()
    set_target_properties(${name} PROPERTIES INSTALL_RPATH "$ORIGIN/../..")
    install(TARGETS ${name} LIBRARY DESTINATION "${SERVER_DESTINATION}" RUNTIME DESTINATION "${SERVER_DESTINATION}")
    if(SERVER_REG)
      set(classes "${CMAKE_INSTALL_DATADIR}/oleander/classes")
      file(RELATIVE_PATH OLEANDER_MODULE "/prefix/${classes}" "/prefix/${SERVER_DESTINATION}/${file}")
      configure_file("${SERVER_REG}" "${CMAKE_CURRENT_BINARY_DIR}/${name}.reg" @ONLY)
      install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${name}.reg" DESTINATION "${classes}")
    endif()
  endif()
endfunction()
