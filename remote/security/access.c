/* Who may call the objects of this process. */
#include "remote/security/access.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <oleander_registry.h>

#include "remote/security/accounts.h"

_Atomic uint32_t access_generation = 1;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static PermissionRules rules;
static bool is_read, is_said; /* the rules; by the process itself */
static char application[64];

static void new_generation(void) {
  if (atomic_fetch_add(&access_generation, 1) == UINT32_MAX)
    atomic_fetch_add(&access_generation, 1);
}

/* AppID\NAME of the program, with the value AppID. */
static void find_application(char found[64]) {
  char path[4096], key_path[300];
  OleanderRegistryKey *key;
  const char *text;
  ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
  path[size > 0 ? size : 0] = 0;
  const char *slash = strrchr(path, '/');
  if (!slash || strlen(slash) > 255)
    return;
  snprintf(key_path, sizeof key_path, "AppID\\%s", slash + 1);
  if (FAILED(oleander_registry_open(key_path, &key)))
    return;
  if (oleander_registry_string(key, NULL, "AppID", &text) == S_OK && strlen(text) < 64)
    strcpy(found, text);
  oleander_registry_close(key);
}

static HRESULT read_locked(void) {
  PermissionRules fresh;
  if (is_read)
    return S_OK;
  if (!*application)
    find_application(application);
  HRESULT status = permission_read(PERMISSION_ACCESS, application, &fresh);
  if (FAILED(status))
    return status;
  if (is_said) { /* the limit of the machine holds all the same */
    descriptor_end(&fresh.own.descriptor);
    fresh.own = rules.own;
    rules.own = (struct PermissionRule){ 0 };
  }
  permission_end(&rules);
  rules = fresh;
  is_read = true;
  return S_OK;
}

PermissionSetting access_refused_by(const Principal *principal) {
  pthread_mutex_lock(&lock);
  PermissionSetting setting = SETTING_LIMIT;
  if (SUCCEEDED(read_locked()))
    setting = permission_refused_by(&rules, PERMISSION_ACCESS, principal, geteuid());
  pthread_mutex_unlock(&lock);
  return setting;
}

static bool nothing_is_said(void) {
  pthread_mutex_lock(&lock);
  bool nothing = SUCCEEDED(read_locked()) && !rules.limit.setting && !rules.own.setting;
  pthread_mutex_unlock(&lock);
  return nothing;
}

PermissionSetting access_refused_to_user(uid_t uid) {
  if (nothing_is_said())
    return SETTING_NONE;
  Principal *principal = principal_of_user(uid, account_primary_group(uid));
  if (!principal)
    return SETTING_LIMIT;
  PermissionSetting setting = access_refused_by(principal);
  principal_release(principal);
  return setting;
}

void access_set_application(const char *found) {
  pthread_mutex_lock(&lock);
  bool fresh = *found && !*application && strlen(found) < sizeof application;
  if (fresh) {
    strcpy(application, found);
    is_read = false;
    new_generation();
  }
  pthread_mutex_unlock(&lock);
}

void access_set_descriptor(Descriptor *descriptor) {
  pthread_mutex_lock(&lock);
  descriptor_end(&rules.own.descriptor);
  rules.own = (struct PermissionRule){ SETTING_PROCESS, *descriptor, descriptor_objection(descriptor) };
  *descriptor = (Descriptor){ 0 };
  is_said = true;
  is_read = false;
  new_generation();
  pthread_mutex_unlock(&lock);
}
