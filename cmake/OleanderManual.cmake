# Pages for man, the documentation to read offline, and completion for shells; made from docs/ and from what --help prints.
set(OLEANDER_BASH_COMPLETION_DIR "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" CACHE STRING
    "Where completion for bash goes, below the prefix")
set(OLEANDER_ZSH_COMPLETION_DIR "${CMAKE_INSTALL_DATADIR}/zsh/site-functions" CACHE STRING
    "Where completion for zsh goes, below the prefix")
set(OLEANDER_FISH_COMPLETION_DIR "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" CACHE STRING
    "Where completion for fish goes, below the prefix")

set(manual "${CMAKE_BINARY_DIR}/manual")
file(GLOB_RECURSE manual_parts CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/docs/*.md" "${CMAKE_SOURCE_DIR}/lua/oleander/cli/*.lua"
     "${CMAKE_SOURCE_DIR}/tools/manual/*.lua" "${CMAKE_SOURCE_DIR}/lua/oleander/html/*")
add_custom_command(OUTPUT "${manual}/made"
  COMMAND "${LUA_PROGRAM}" "${CMAKE_SOURCE_DIR}/tools/make_manual.lua" "${CMAKE_SOURCE_DIR}" "${PROJECT_VERSION}" "${manual}"
  COMMAND "${CMAKE_COMMAND}" -E touch "${manual}/made"
  DEPENDS ${manual_parts} tools/make_manual.lua lua/oleander/cli.lua CHANGELOG.md SECURITY.md broker/program.c
          activation/local/surrogate_program.c
  WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" COMMENT "Making the manual" VERBATIM)
add_custom_target(manual ALL DEPENDS "${manual}/made")

install(DIRECTORY "${manual}/man1" "${manual}/man7" DESTINATION "${CMAKE_INSTALL_MANDIR}")
install(DIRECTORY "${manual}/html" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES tools/completion/oleander.bash DESTINATION "${OLEANDER_BASH_COMPLETION_DIR}" RENAME oleander)
install(FILES tools/completion/oleander.bash DESTINATION "${OLEANDER_BASH_COMPLETION_DIR}" RENAME oleanderd)
install(FILES tools/completion/oleander.bash DESTINATION "${OLEANDER_BASH_COMPLETION_DIR}" RENAME oleander-surrogate)
install(FILES tools/completion/_oleander DESTINATION "${OLEANDER_ZSH_COMPLETION_DIR}")
install(FILES tools/completion/oleander.fish DESTINATION "${OLEANDER_FISH_COMPLETION_DIR}")
