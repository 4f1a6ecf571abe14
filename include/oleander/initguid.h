/* Included before other headers, it turns their DEFINE_GUID declarations into (weak, hidden) definitions. The GUIDs of
 * Oleander's own headers stay declarations: liboleander.so defines them. */
#ifndef INITGUID
#define INITGUID
#endif
#include <guiddef.h>
