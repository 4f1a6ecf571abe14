/* Whether others need what this process exports, and the end of that. */
#include "remote/orpc/exporter_internal.h"

bool exporters_closed;

/* Clients keep type information for good; it does not need the objects that it describes. */
static bool is_type_information(const ExportedObject *object) {
  for (const ExportedInterface *exported = object->interfaces; exported; exported = exported->next)
    if (IsEqualIID(&exported->iid, &IID_ITypeInfo) || IsEqualIID(&exported->iid, &IID_ITypeLib) ||
        IsEqualIID(&exported->iid, &IID_ITypeComp))
      return true;
  return false;
}

static bool has_clients_locked(void) {
  bool has = false;
  for (const Exporter *exporter = exporter_first_locked(); exporter && !has; exporter = exporter->next)
    for (const ExportedObject *object = exporter->objects; object && !has; object = object->next) {
      has = object->visits > 0;
      const ExportedInterface *first = is_type_information(object) ? NULL : object->interfaces;
      for (const ExportedInterface *exported = first; exported && !has; exported = exported->next)
        has = exported->total > 0;
    }
  return has;
}

bool remote_has_clients(void) {
  pthread_mutex_lock(&export_lock);
  bool has = has_clients_locked();
  pthread_mutex_unlock(&export_lock);
  return has;
}

bool remote_close(void) {
  pthread_mutex_lock(&export_lock);
  bool has = has_clients_locked();
  if (!has)
    exporters_closed = true;
  pthread_mutex_unlock(&export_lock);
  return !has;
}

void remote_open(void) {
  pthread_mutex_lock(&export_lock);
  exporters_closed = false;
  pthread_mutex_unlock(&export_lock);
}
