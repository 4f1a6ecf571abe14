/* The methods of FileSystemObject that look at the text of a path only; nothing need exist. */
#include "scripting_internal.h"

#include <string.h>

/* A part of a path. */
typedef struct Span {
  const OLECHAR *text;
  size_t size;
} Span;

/* A part that is not there is NULL, not an empty text. */
static HRESULT span_bstr(Span span, bool there, BSTR *result) {
  if (!result)
    return E_POINTER;
  *result = there ? SysAllocStringLen(span.text, (UINT)span.size) : NULL;
  return *result || !there ? S_OK : E_OUTOFMEMORY;
}

static Span span_of(BSTR path) {
  return (Span){ path ? path : OLESTR(""), SysStringLen(path) };
}

/* Without the separators at the end; the root keeps its one. */
static Span trimmed(Span path) {
  while (path.size > 1 && path.text[path.size - 1] == '/')
    path.size--;
  return path;
}

static Span last_component(Span path) {
  size_t begin;

  path = trimmed(path);
  for (begin = path.size; begin > 0 && path.text[begin - 1] != '/'; begin--)
    ;
  return (Span){ path.text + begin, path.size - begin };
}

/* Where the last dot of a name stands; its size when there is none. */
static size_t last_dot(Span name) {
  size_t i;

  for (i = name.size; i > 0; i--) {
    if (name.text[i - 1] == '.')
      return i - 1;
  }
  return name.size;
}

HRESULT names_build_path(BSTR path, BSTR name, BSTR *result) {
  Span left = span_of(path), right = span_of(name);
  bool separator = false;
  OLECHAR *out;

  if (!result)
    return E_POINTER;
  if (left.size > 0 && right.size > 0) {
    bool ends = left.text[left.size - 1] == '/', begins = right.text[0] == '/';

    separator = !ends && !begins;
    if (ends && begins) {
      right.text++;
      right.size--;
    }
  }
  *result = SysAllocStringLen(NULL, (UINT)(left.size + separator + right.size));
  if (!*result)
    return E_OUTOFMEMORY;
  out = *result;
  memcpy(out, left.text, left.size * sizeof *out);
  out += left.size;
  if (separator)
    *out++ = '/';
  memcpy(out, right.text, right.size * sizeof *out);
  return S_OK;
}

HRESULT names_parent(BSTR path, BSTR *result) {
  Span whole = trimmed(span_of(path)), name = last_component(whole);
  Span parent = { whole.text, (size_t)(name.text - whole.text) };

  if (name.size == 0)
    parent.size = 0;
  return span_bstr(trimmed(parent), parent.size > 0, result);
}

HRESULT names_file(BSTR path, BSTR *result) {
  Span name = last_component(span_of(path));

  return span_bstr(name, name.size > 0, result);
}

HRESULT names_base(BSTR path, BSTR *result) {
  Span name = last_component(span_of(path));
  bool there = name.size > 0;

  name.size = last_dot(name);
  return span_bstr(name, there, result);
}

HRESULT names_extension(BSTR path, BSTR *result) {
  Span name = last_component(span_of(path));
  size_t dot = last_dot(name), skip = dot < name.size ? dot + 1 : dot;

  return span_bstr((Span){ name.text + skip, name.size - skip }, dot < name.size, result);
}
