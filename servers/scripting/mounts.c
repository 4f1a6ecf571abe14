/* The mounted file systems, from /proc/self/mountinfo (proc(5)): what stands for drives. */
#include "scripting_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Kinds of file systems that hold no files of anybody. */
static const char *const pseudo_types[] = { "autofs",   "binfmt_misc", "bpf",        "cgroup",    "cgroup2",
                                            "configfs", "debugfs",     "devpts",     "devtmpfs",  "efivarfs",
                                            "fusectl",  "hugetlbfs",   "mqueue",     "nsfs",      "proc",
                                            "pstore",   "rpc_pipefs",  "securityfs", "selinuxfs", "sysfs",
                                            "tracefs",  NULL };

static const struct {
  const char *type; /* or how it begins, when `prefix` */
  bool prefix;
  DriveTypeConst kind;
} drive_kinds[] = {
  { "tmpfs", false, RamDisk },     { "ramfs", false, RamDisk },   { "iso9660", false, CDRom },
  { "udf", false, CDRom },         { "nfs", true, Remote },       { "cifs", false, Remote },
  { "smb", true, Remote },         { "9p", false, Remote },       { "ceph", false, Remote },
  { "fuse.sshfs", false, Remote }, { "afs", false, Remote },      { "glusterfs", false, Remote },
  { "davfs", false, Remote },      { "virtiofs", false, Remote },
};

static bool is_listed(const char *const *list, const char *name) {
  for (; *list; list++) {
    if (strcmp(*list, name) == 0)
      return true;
  }
  return false;
}

/* Whether the disk behind /dev/NAME says that it can be taken out. */
static bool is_removable(const char *source) {
  char disk[64], path[128], answer = 0;
  size_t size;
  FILE *file;

  if (strncmp(source, "/dev/", 5) != 0)
    return false;
  size = strcspn(source + 5, "0123456789/"); /* a partition's number */
  if (size == 0 || size >= sizeof disk)
    return false;
  memcpy(disk, source + 5, size);
  disk[size] = 0;
  snprintf(path, sizeof path, "/sys/block/%s/removable", disk);
  file = fopen(path, "re");
  if (!file)
    return false;
  answer = (char)fgetc(file);
  fclose(file);
  return answer == '1';
}

DriveTypeConst mount_type(const Mount *mount) {
  size_t i;

  for (i = 0; i < sizeof drive_kinds / sizeof *drive_kinds; i++) {
    size_t length = strlen(drive_kinds[i].type);

    if (strncmp(mount->type, drive_kinds[i].type, length) == 0 && (drive_kinds[i].prefix || !mount->type[length]))
      return drive_kinds[i].kind;
  }
  if (is_removable(mount->source))
    return Removable;
  return *mount->type ? Fixed : UnknownType;
}

/* Replaces \040 and its like, in place. */
static void unescape(char *text) {
  char *out = text;

  while (*text) {
    if (text[0] == '\\' && text[1] >= '0' && text[1] <= '3' && text[2] >= '0' && text[2] <= '7' && text[3] >= '0' &&
        text[3] <= '7') {
      *out++ = (char)((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
      text += 4;
    } else {
      *out++ = *text++;
    }
  }
  *out = 0;
}

static char *copy_text(const char *text) {
  char *copy = malloc(strlen(text) + 1);

  return copy ? strcpy(copy, text) : NULL;
}

static void mount_free(Mount *mount) {
  free(mount->point);
  free(mount->type);
  free(mount->source);
}

static HRESULT append(MountList *list, const char *point, const char *type, const char *source) {
  Mount mount = { copy_text(point), copy_text(type), copy_text(source) };
  Mount *mounts, *there = (Mount *)mounts_find(list, point);

  if (!mount.point || !mount.type || !mount.source) {
    mount_free(&mount);
    return E_OUTOFMEMORY;
  }
  /* Mounted over: what came last is what one sees. */
  if (there) {
    mount_free(there);
    *there = mount;
    return S_OK;
  }
  mounts = realloc(list->mounts, (list->count + 1) * sizeof *mounts);
  if (!mounts) {
    mount_free(&mount);
    return E_OUTOFMEMORY;
  }
  list->mounts = mounts;
  list->mounts[list->count++] = mount;
  return S_OK;
}

/* 36 35 98:0 /root /point rw,noatime master:1 - ext4 /dev/sda1 rw */
static HRESULT parse_line(MountList *list, char *line) {
  char *fields[6] = { NULL }, *rest = line, *type, *source, *divider;
  struct stat status;
  Mount mount;
  int i;

  line[strcspn(line, "\n")] = 0;
  divider = strstr(line, " - ");
  if (!divider)
    return S_OK;
  *divider = 0;
  for (i = 0; i < 6; i++)
    fields[i] = strsep(&rest, " ");
  rest = divider + 3;
  type = strsep(&rest, " ");
  source = strsep(&rest, " ");
  if (!fields[4] || *fields[4] != '/' || !type || !source || is_listed(pseudo_types, type))
    return S_OK;
  unescape(fields[4]);
  unescape(source);
  mount = (Mount){ fields[4], type, source };
  /* A single file can be mounted too. A remote file system is not asked: it may not answer. */
  if (mount_type(&mount) != Remote && (stat(fields[4], &status) < 0 || !S_ISDIR(status.st_mode)))
    return S_OK;
  return append(list, fields[4], type, source);
}

static int by_point(const void *first, const void *second) {
  return strcmp(((const Mount *)first)->point, ((const Mount *)second)->point);
}

HRESULT mounts_read(MountList *list) {
  FILE *file = fopen("/proc/self/mountinfo", "re");
  char *line = NULL;
  size_t room = 0;
  HRESULT hr = S_OK;

  *list = (MountList){ NULL, 0 };
  while (file && SUCCEEDED(hr) && getline(&line, &room, file) >= 0)
    hr = parse_line(list, line);
  free(line);
  if (file)
    fclose(file);
  /* There always is a root, even where /proc does not tell. */
  if (SUCCEEDED(hr) && !mounts_find(list, "/"))
    hr = append(list, "/", "", "");
  if (FAILED(hr))
    mounts_free(list);
  else
    qsort(list->mounts, list->count, sizeof *list->mounts, by_point);
  return hr;
}

void mounts_free(MountList *list) {
  while (list->count > 0)
    mount_free(&list->mounts[--list->count]);
  free(list->mounts);
  list->mounts = NULL;
}

const Mount *mounts_find(const MountList *list, const char *point) {
  size_t i;

  for (i = 0; i < list->count; i++) {
    if (strcmp(list->mounts[i].point, point) == 0)
      return &list->mounts[i];
  }
  return NULL;
}

const Mount *mounts_holding(const MountList *list, const char *absolute) {
  const Mount *best = NULL;
  size_t i, longest = 0;

  for (i = 0; i < list->count; i++) {
    size_t length = strlen(list->mounts[i].point);
    bool holds = length == 1 || (strncmp(absolute, list->mounts[i].point, length) == 0 &&
                                 (!absolute[length] || absolute[length] == '/'));

    if (holds && length >= longest) {
      best = &list->mounts[i];
      longest = length;
    }
  }
  return best;
}
