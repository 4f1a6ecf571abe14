/* What of the process others can reach, for those who look (remote_api.h). */
#include "remote/orpc/exporter_internal.h"

static void add_object(RemoteFacts *facts, const ExportedObject *object) {
  facts->objects++;
  for (const ExportedInterface *exported = object->interfaces; exported; exported = exported->next) {
    facts->interfaces++;
    facts->references += exported->total;
  }
}

void remote_facts(RemoteFacts *facts) {
  *facts = (RemoteFacts){ 0 };
  pthread_mutex_lock(&export_lock);
  for (const Exporter *exporter = exporter_first_locked(); exporter; exporter = exporter->next) {
    for (const ExportedObject *object = exporter->objects; object; object = object->next)
      add_object(facts, object);
    for (const Peer *peer = exporter->peers; peer; peer = peer->next)
      facts->clients += peer->process != process_number();
  }
  pthread_mutex_unlock(&export_lock);
}
