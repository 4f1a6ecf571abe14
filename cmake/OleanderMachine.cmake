# Which machines the sources are for: little-endian, with pointers of 64 bits.
if(NOT CMAKE_SIZEOF_VOID_P EQUAL 8)
  message(FATAL_ERROR "Oleander needs a 64-bit machine: ${CMAKE_SYSTEM_PROCESSOR} has pointers of another size.")
endif()
if(CMAKE_C_BYTE_ORDER AND NOT CMAKE_C_BYTE_ORDER STREQUAL "LITTLE_ENDIAN")
  message(FATAL_ERROR "Oleander needs a little-endian machine: ${CMAKE_SYSTEM_PROCESSOR} is big-endian, and the values of "
    "type libraries, storages and calls between processes are kept as little-endian machines have them.")
endif()
