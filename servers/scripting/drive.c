/* The Drive object: one mounted file system. Its path is the mount point. */
#include "scripting_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

typedef struct Drive {
  IDrive drive;
  OleanderObject object;
  Mount mount;
} Drive;

OLEANDER_DUAL(Drive, drive, IDrive)

static Drive *self_of(IDrive *face) {
  return OLEANDER_SELF(face, Drive, drive);
}

static HRESULT report(HRESULT hr) {
  return scripting_report(hr, &IID_IDrive, "Scripting.Drive");
}

static HRESULT give_text(const char *text, BSTR *result) {
  if (!result)
    return E_POINTER;
  return report(text_bstr(text, strlen(text), result));
}

static HRESULT STDMETHODCALLTYPE Drive_get_Path(IDrive *face, BSTR *path) {
  return give_text(self_of(face)->mount.point, path);
}

/* There are no letters here. */
static HRESULT STDMETHODCALLTYPE Drive_get_DriveLetter(IDrive *face, BSTR *letter) {
  (void)face;
  return give_text("", letter);
}

static HRESULT STDMETHODCALLTYPE Drive_get_ShareName(IDrive *face, BSTR *name) {
  const Mount *mount = &self_of(face)->mount;

  return give_text(mount_type(mount) == Remote ? mount->source : "", name);
}

static HRESULT STDMETHODCALLTYPE Drive_get_DriveType(IDrive *face, DriveTypeConst *type) {
  if (!type)
    return E_POINTER;
  *type = mount_type(&self_of(face)->mount);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Drive_get_RootFolder(IDrive *face, IFolder **folder) {
  if (!folder)
    return E_POINTER;
  return report(folder_open(self_of(face)->mount.point, folder));
}

typedef enum SpaceKind { SPACE_AVAILABLE, SPACE_FREE, SPACE_TOTAL } SpaceKind;

static HRESULT give_space(IDrive *face, SpaceKind kind, VARIANT *result) {
  struct statvfs status;
  uint64_t blocks;

  if (!result)
    return E_POINTER;
  VariantInit(result);
  if (statvfs(self_of(face)->mount.point, &status) < 0)
    return report(error_from_errno(errno, RUNTIME_DISK_NOT_READY));
  blocks = kind == SPACE_AVAILABLE ? status.f_bavail : kind == SPACE_FREE ? status.f_bfree : status.f_blocks;
  facts_number(blocks * status.f_frsize, result);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Drive_get_AvailableSpace(IDrive *face, VARIANT *space) {
  return give_space(face, SPACE_AVAILABLE, space);
}

static HRESULT STDMETHODCALLTYPE Drive_get_FreeSpace(IDrive *face, VARIANT *space) {
  return give_space(face, SPACE_FREE, space);
}

static HRESULT STDMETHODCALLTYPE Drive_get_TotalSize(IDrive *face, VARIANT *space) {
  return give_space(face, SPACE_TOTAL, space);
}

/* The name of the link in `folder` that leads to the same device as `source`; its \x20 and the like as characters. */
static bool find_label(const char *source, char *label, size_t room) {
  DIR *folder = opendir("/dev/disk/by-label");
  struct dirent *entry;
  struct stat device, link;
  bool found = false;

  if (!folder)
    return false;
  if (stat(source, &device) == 0 && S_ISBLK(device.st_mode)) {
    while (!found && (entry = readdir(folder)) != NULL) {
      if (fstatat(dirfd(folder), entry->d_name, &link, 0) == 0 && S_ISBLK(link.st_mode) &&
          link.st_rdev == device.st_rdev && strlen(entry->d_name) < room) {
        strcpy(label, entry->d_name);
        found = true;
      }
    }
  }
  closedir(folder);
  return found;
}

static int hex_digit(char digit) {
  const char *digits = "0123456789abcdef", *found = digit ? strchr(digits, digit) : NULL;

  return found ? (int)(found - digits) : -1;
}

static void unescape_label(char *text) {
  char *out = text;

  while (*text) {
    if (text[0] == '\\' && text[1] == 'x' && hex_digit(text[2]) >= 0 && hex_digit(text[3]) >= 0) {
      *out++ = (char)(hex_digit(text[2]) * 16 + hex_digit(text[3]));
      text += 4;
    } else {
      *out++ = *text++;
    }
  }
  *out = 0;
}

static HRESULT STDMETHODCALLTYPE Drive_get_VolumeName(IDrive *face, BSTR *name) {
  char label[256] = "";

  if (find_label(self_of(face)->mount.source, label, sizeof label))
    unescape_label(label);
  return give_text(label, name);
}

/* A label is changed with the tools of its file system, by root. */
static HRESULT STDMETHODCALLTYPE Drive_put_VolumeName(IDrive *face, BSTR name) {
  (void)face;
  (void)name;
  return report(RUNTIME_PERMISSION_DENIED);
}

static HRESULT STDMETHODCALLTYPE Drive_get_FileSystem(IDrive *face, BSTR *name) {
  return give_text(self_of(face)->mount.type, name);
}

static HRESULT STDMETHODCALLTYPE Drive_get_SerialNumber(IDrive *face, LONG *number) {
  struct statvfs status;
  uint64_t identity;

  if (!number)
    return E_POINTER;
  *number = 0;
  if (statvfs(self_of(face)->mount.point, &status) < 0)
    return report(error_from_errno(errno, RUNTIME_DISK_NOT_READY));
  identity = status.f_fsid;
  *number = (LONG)(uint32_t)(identity ^ identity >> 32);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Drive_get_IsReady(IDrive *face, VARIANT_BOOL *ready) {
  struct statvfs status;

  if (!ready)
    return E_POINTER;
  *ready = statvfs(self_of(face)->mount.point, &status) == 0 ? VARIANT_TRUE : VARIANT_FALSE;
  return S_OK;
}

static const IDriveVtbl drive_vtable = { OLEANDER_DUAL_SLOTS(Drive, drive),
                                         Drive_get_Path,
                                         Drive_get_DriveLetter,
                                         Drive_get_ShareName,
                                         Drive_get_DriveType,
                                         Drive_get_RootFolder,
                                         Drive_get_AvailableSpace,
                                         Drive_get_FreeSpace,
                                         Drive_get_TotalSize,
                                         Drive_get_VolumeName,
                                         Drive_put_VolumeName,
                                         Drive_get_FileSystem,
                                         Drive_get_SerialNumber,
                                         Drive_get_IsReady };

static void Drive_destroy(void *pointer) {
  Drive *self = pointer;

  free(self->mount.point);
  free(self->mount.type);
  free(self->mount.source);
}

static const OleanderFace drive_faces[] = { { &IID_IDrive, offsetof(Drive, drive), &drive_vtable }, { 0 } };

OleanderClass drive_class = { .module = &scripting_module,
                              .clsid = &CLSID_Drive,
                              .title = "Scripting.Drive",
                              .size = sizeof(Drive),
                              .object = offsetof(Drive, object),
                              .faces = drive_faces,
                              .destroy = Drive_destroy };

static char *copy_text(const char *text) {
  char *copy = malloc(strlen(text) + 1);

  return copy ? strcpy(copy, text) : NULL;
}

static HRESULT drive_create(const Mount *mount, IDrive **drive) {
  Drive *self;
  void *made;
  HRESULT hr = oleander_object_create(&drive_class, NULL, &made);

  *drive = NULL;
  if (FAILED(hr))
    return hr;
  self = made;
  self->mount = (Mount){ copy_text(mount->point), copy_text(mount->type), copy_text(mount->source) };
  if (!self->mount.point || !self->mount.type || !self->mount.source) {
    IDrive_Release(&self->drive);
    return E_OUTOFMEMORY;
  }
  *drive = &self->drive;
  return S_OK;
}

HRESULT drive_open(const char *mount_point, IDrive **drive) {
  MountList list;
  const Mount *mount;
  HRESULT hr = mounts_read(&list);

  *drive = NULL;
  if (FAILED(hr))
    return hr;
  mount = mounts_find(&list, mount_point);
  hr = mount ? drive_create(mount, drive) : RUNTIME_DEVICE_MISSING;
  mounts_free(&list);
  return hr;
}

HRESULT drive_of_path(const char *path, IDrive **drive) {
  char *real = realpath(path, NULL);
  MountList list;
  HRESULT hr = mounts_read(&list);

  *drive = NULL;
  if (SUCCEEDED(hr)) {
    const Mount *mount = mounts_holding(&list, real ? real : path);

    hr = mount ? drive_create(mount, drive) : RUNTIME_DEVICE_MISSING;
    mounts_free(&list);
  }
  free(real);
  return hr;
}
