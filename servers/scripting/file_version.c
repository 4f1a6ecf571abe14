/* GetFileVersion: the fixed version of a Windows module (PE, resource type 16), as "1.2.3.4". Other files have
 * none. The file is hostile bytes: every read is checked. ("PE Format", "VS_FIXEDFILEINFO") */
#include "scripting_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Bytes {
  const unsigned char *data;
  size_t size;
} Bytes;

/* 0 for what lies outside: no field that matters may be 0. */
static uint32_t u16_at(Bytes bytes, size_t offset) {
  if (offset > bytes.size || bytes.size - offset < 2)
    return 0;
  return bytes.data[offset] | (uint32_t)bytes.data[offset + 1] << 8;
}

static uint32_t u32_at(Bytes bytes, size_t offset) {
  if (offset > bytes.size || bytes.size - offset < 4)
    return 0;
  return u16_at(bytes, offset) | u16_at(bytes, offset + 2) << 16;
}

static Bytes part(Bytes bytes, size_t offset, size_t size) {
  if (offset > bytes.size)
    return (Bytes){ NULL, 0 };
  return (Bytes){ bytes.data + offset, size < bytes.size - offset ? size : bytes.size - offset };
}

/* The resources of a PE file, and the address that their data are told relative to. */
static Bytes find_resources(Bytes file, uint32_t *address) {
  size_t header = u32_at(file, 0x3C), optional = header + 24, directories, sections, i;
  uint32_t wanted;

  if (u16_at(file, 0) != 0x5A4D || u32_at(file, header) != 0x4550)
    return (Bytes){ NULL, 0 };
  directories = optional + (u16_at(file, optional) == 0x20B ? 112 : 96);
  wanted = u32_at(file, directories + 2 * 8);
  sections = optional + u16_at(file, header + 20);
  for (i = 0; i < u16_at(file, header + 6) && wanted; i++) {
    size_t section = sections + i * 40;
    uint32_t begin = u32_at(file, section + 12), size = u32_at(file, section + 16);

    if (wanted >= begin && wanted - begin < size) {
      *address = wanted;
      return part(file, (size_t)u32_at(file, section + 20) + (wanted - begin), size - (wanted - begin));
    }
  }
  return (Bytes){ NULL, 0 };
}

/* The offset that entry `id` (or the first one, for 0) of the directory at `offset` leads to; 0 when there is none. */
static uint32_t enter(Bytes resources, uint32_t offset, uint32_t id) {
  uint32_t count = u16_at(resources, offset + 12) + u16_at(resources, offset + 14), i;

  for (i = 0; i < count && offset + 16 + i * 8 < resources.size; i++) {
    size_t entry = (size_t)offset + 16 + (size_t)i * 8;

    if (id == 0 || u32_at(resources, entry) == id)
      return u32_at(resources, entry + 4);
  }
  return 0;
}

static bool version_of(Bytes file, char *text, size_t room) {
  static const unsigned char signature[] = { 0xBD, 0x04, 0xEF, 0xFE };
  uint32_t address = 0, offset;
  Bytes resources = find_resources(file, &address), data;
  const unsigned char *found;
  size_t fixed;

  offset = enter(resources, 0, 16);                  /* type RT_VERSION */
  offset = enter(resources, offset & 0x7FFFFFFF, 0); /* name */
  offset = enter(resources, offset & 0x7FFFFFFF, 0); /* language */
  if (!offset || (offset & 0x80000000) || u32_at(resources, offset) < address)
    return false;
  data = part(resources, u32_at(resources, offset) - address, u32_at(resources, offset + 4));
  found = data.size ? memmem(data.data, data.size, signature, sizeof signature) : NULL;
  if (!found || data.size - (size_t)(found - data.data) < 16)
    return false;
  fixed = (size_t)(found - data.data);
  snprintf(text, room, "%u.%u.%u.%u", u16_at(data, fixed + 10), u16_at(data, fixed + 8), u16_at(data, fixed + 14),
           u16_at(data, fixed + 12));
  return true;
}

HRESULT file_version(const char *path, BSTR *version) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat status;
  char text[32] = "";
  void *mapped;

  if (fd < 0)
    return error_from_errno(errno, HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
  if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
    mapped = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapped != MAP_FAILED) {
      version_of((Bytes){ mapped, (size_t)status.st_size }, text, sizeof text);
      munmap(mapped, (size_t)status.st_size);
    }
  }
  close(fd);
  return text_bstr(text, strlen(text), version);
}
