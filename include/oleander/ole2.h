/* Everything of COM and Automation, under the name that old sources include. */
#ifndef OLEANDER_OLE2_H
#define OLEANDER_OLE2_H

#include <objbase.h>
#include <oleauto.h>
#include <oleidl.h>

/* The class identifier of an object in a stream: sixteen bytes. */
OLEANDER_API(HRESULT, WriteClassStm, (LPSTREAM pStm, REFCLSID rclsid));
OLEANDER_API(HRESULT, ReadClassStm, (LPSTREAM pStm, CLSID *pclsid));

/* An object with its class identifier before it: saved, and made again and loaded. */
OLEANDER_API(HRESULT, OleSaveToStream, (LPPERSISTSTREAM pPStm, LPSTREAM pStm));
OLEANDER_API(HRESULT, OleLoadFromStream, (LPSTREAM pStm, REFIID iidInterface, LPVOID *ppvObj));

#endif
