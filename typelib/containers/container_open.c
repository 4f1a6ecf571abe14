/* Opens the file that holds a type library, maps it (or reads it where it can't be mapped), and finds the library in it. */
#include "typelib/containers/container_internal.h"
#include "typelib/containers/containers.h"

#include "com/com_api.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <winerror.h>

/* A file that can't be mapped is read up to this size: type libraries are far smaller. */
#define CONTAINER_READ_LIMIT ((size_t)256 << 20)

/* MZ is the stub in front of a PE or an NE header, whose offset is the dword at 0x3c. */
static HRESULT find_in_mz(Cursor file, unsigned index, ContainerPlace *place) {
  uint32_t header;
  uint16_t magic;

  cursor_seek(&file, 0x3c);
  header = cursor_u32(&file);
  cursor_seek(&file, header);
  magic = cursor_u16(&file);
  if (file.failed)
    return TYPE_E_UNSUPFORMAT;
  file.position = header;
  if (magic == 0x4550) /* "PE" */
    return container_find_pe(&file, index, place);
  if (magic == 0x454e) /* "NE" */
    return container_find_ne(&file, index, place);
  return TYPE_E_UNSUPFORMAT;
}

static HRESULT find(const void *data, size_t size, unsigned index, ContainerPlace *place) {
  Cursor file = cursor_over(data, size);

  if (size >= 2 && memcmp(data, "MZ", 2) == 0)
    return find_in_mz(file, index, place);
  if (size >= 4 && memcmp(data, "\177ELF", 4) == 0)
    return container_find_elf(&file, index, place);
  place->offset = 0;
  place->size = size;
  return index > 1 ? TYPE_E_ELEMENTNOTFOUND : S_OK;
}

HRESULT container_find(const void *data, size_t size, unsigned index, ContainerPlace *place) {
  HRESULT hr = find(data, size, index, place);

  return hr == TYPE_E_UNSUPFORMAT && index > 1 && SUCCEEDED(find(data, size, 1, place)) ? TYPE_E_ELEMENTNOTFOUND : hr;
}

static void release_mapping(TypelibBytes *bytes) {
  munmap(bytes->owner, bytes->owner_size);
}

static void release_copy(TypelibBytes *bytes) {
  free(bytes->owner);
}

/* Reads a file that can't be mapped (a FUSE file system without mmap, a size of zero in /proc) to its end. */
static HRESULT read_whole(int file, TypelibBytes *bytes) {
  size_t capacity = 0;
  size_t size = 0;
  uint8_t *data = NULL;

  for (;;) {
    ssize_t got;

    if (size == capacity) {
      uint8_t *grown = capacity < CONTAINER_READ_LIMIT ? realloc(data, capacity ? capacity * 2 : 65536) : NULL;

      if (!grown) {
        free(data);
        return E_OUTOFMEMORY;
      }
      data = grown;
      capacity = capacity ? capacity * 2 : 65536;
    }
    got = read(file, data + size, capacity - size);
    if (got < 0) {
      free(data);
      return TYPE_E_IOERROR;
    }
    if (got == 0)
      break;
    size += (size_t)got;
  }
  bytes->data = bytes->owner = data;
  bytes->size = bytes->owner_size = size;
  bytes->release = release_copy;
  return S_OK;
}

static HRESULT map_file(const char *path, TypelibBytes *bytes) {
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat status;
  HRESULT hr = TYPE_E_IOERROR;

  if (file < 0)
    return errno == ENOENT || errno == ENOTDIR ? TYPE_E_CANTLOADLIBRARY : hr;
  /* A directory, a pipe or a device is no library: reading one could block for ever. */
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
    void *data = MAP_FAILED;

    if (status.st_size > 0)
      data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (data == MAP_FAILED) {
      hr = read_whole(file, bytes);
    } else {
      bytes->data = bytes->owner = data;
      bytes->size = bytes->owner_size = (size_t)status.st_size;
      bytes->release = release_mapping;
      hr = S_OK;
    }
  }
  close(file);
  return hr;
}

HRESULT container_open(const OLECHAR *path, unsigned resource_index, TypelibBytes *bytes) {
  ContainerPlace place;
  char *name = utf8_copy(path);
  HRESULT hr;

  memset(bytes, 0, sizeof *bytes);
  if (!name)
    return E_OUTOFMEMORY;
  hr = map_file(name, bytes);
  free(name);
  if (FAILED(hr))
    return hr;
  hr = container_find(bytes->data, bytes->size, resource_index, &place);
  if (FAILED(hr)) {
    typelib_bytes_release(bytes);
    return hr;
  }
  bytes->data += place.offset;
  bytes->size = place.size;
  return S_OK;
}
