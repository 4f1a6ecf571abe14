/* Objects of built-in classes that are made elsewhere than through a public function. */
#ifndef OLEANDER_BUILTIN_CLASSES_H
#define OLEANDER_BUILTIN_CLASSES_H

#include <objbase.h>

/* The one IGlobalInterfaceTable of the process. */
IGlobalInterfaceTable *global_interface_table_get(void);

/* IGlobalOptions, and the manager of component categories. */
HRESULT global_options_create(IUnknown *outer, IUnknown **object);
HRESULT categories_create(IUnknown *outer, IUnknown **object);

#endif
