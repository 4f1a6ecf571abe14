/* The scripting server: its classes and entry points. */
#include "scripting_internal.h"

static OleanderClass *const classes[] = {
  &dictionary_class, &file_system_class, &text_stream_class, &folder_class, &folders_class, &file_class, &files_class,
  &drive_class,      &drives_class,      &enumerator_class,  NULL
};

OleanderModule scripting_module = { .component = "scripting", .classes = classes };

OLEANDER_MODULE(scripting_module)
