/* A compound file that is open, and what is open in it. The file stays in memory as long as something refers to it; it is
 * closed, and all that was open in it ends, when its root is released. */
#include <stdlib.h>
#include <unistd.h>

#include "storage/storage_internal.h"

HRESULT docfile_create(CompoundFile *file, DWORD mode, Docfile **result) {
  Docfile *docfile = calloc(1, sizeof *docfile);

  if (!docfile)
    return E_OUTOFMEMORY;
  pthread_mutex_init(&docfile->lock, NULL);
  docfile->references = 1;
  docfile->file = file;
  docfile->mode = mode;
  *result = docfile;
  return S_OK;
}

void docfile_addref(Docfile *docfile) {
  docfile->references++;
}

void docfile_release(Docfile *docfile) {
  if (--docfile->references)
    return;
  compound_file_close(docfile->file);
  pthread_mutex_destroy(&docfile->lock);
  free(docfile->path);
  free(docfile);
}

void docfile_link(Docfile *docfile, Node *node, Node *parent, uint32_t sid, DWORD mode) {
  docfile_addref(docfile);
  node->docfile = docfile;
  node->parent = parent;
  node->sid = sid;
  node->mode = mode;
  node->previous = docfile->last;
  if (docfile->last)
    docfile->last->next = node;
  else
    docfile->first = node;
  docfile->last = node;
}

/* Parts stand behind their storages in the list, so one pass reaches all depths. */
void docfile_kill_below(Node *node) {
  for (Node *other = node->next; other; other = other->next) {
    if (other->parent && (other->parent == node || other->parent->reverted))
      other->reverted = true;
  }
  for (Node *other = node->next; other; other = other->next) {
    if (other->parent == node)
      other->parent = NULL;
  }
}

void docfile_unlink(Node *node) {
  Docfile *docfile = node->docfile;

  docfile_kill_below(node);
  if (node->previous)
    node->previous->next = node->next;
  else
    docfile->first = node->next;
  if (node->next)
    node->next->previous = node->previous;
  else
    docfile->last = node->previous;
}

Node *docfile_open_node(const Docfile *docfile, uint32_t sid) {
  for (Node *node = docfile->first; node; node = node->next) {
    if (node->sid == sid && !node->reverted)
      return node;
  }
  return NULL;
}

void docfile_kill_element(Docfile *docfile, uint32_t sid) {
  Node *node = docfile_open_node(docfile, sid);

  if (!node)
    return;
  node->reverted = true;
  docfile_kill_below(node);
}

HRESULT node_enter(Node *node) {
  Docfile *docfile = node->docfile;

  pthread_mutex_lock(&docfile->lock);
  if (!node->reverted && !(docfile->origin && docfile->origin->reverted))
    return S_OK;
  pthread_mutex_unlock(&node->docfile->lock);
  return STG_E_REVERTED;
}

void node_leave(Node *node) {
  pthread_mutex_unlock(&node->docfile->lock);
}
