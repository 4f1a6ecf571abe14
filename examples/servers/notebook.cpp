// An automation server in C++: a collection of notes that scripts can index, count and loop over.
#include <initguid.h> // defines the identifiers of notebook.idl here
#include <oleander_server.h>

#include "notebook.h"

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

extern OleanderModule notebook_module;
extern OleanderClass note_class, notebook_class, enumerator_class;

namespace {

// A pointer that owns one reference.
template <class Interface> class Reference {
public:
  Reference() = default;
  explicit Reference(Interface *taken) : pointer(taken) {
  }
  Reference(const Reference &other) : pointer(other.pointer) {
    if (pointer)
      pointer->AddRef();
  }
  Reference(Reference &&other) noexcept : pointer(other.pointer) {
    other.pointer = nullptr;
  }
  Reference &operator=(Reference other) {
    std::swap(pointer, other.pointer);
    return *this;
  }
  ~Reference() {
    if (pointer)
      pointer->Release();
  }
  Interface *operator->() const {
    return pointer;
  }
  // A reference for somebody else.
  Interface *given() const {
    pointer->AddRef();
    return pointer;
  }

private:
  Interface *pointer = nullptr;
};

// No exception may leave a method: other languages are waiting there.
template <class Action> HRESULT guarded(Action action) {
  try {
    return action();
  } catch (const std::bad_alloc &) {
    return E_OUTOFMEMORY;
  } catch (...) {
    return E_FAIL;
  }
}

DATE now() {
  std::time_t seconds = std::time(nullptr);
  std::tm local{};
  localtime_r(&seconds, &local);
  SYSTEMTIME parts{};
  parts.wYear = static_cast<WORD>(local.tm_year + 1900);
  parts.wMonth = static_cast<WORD>(local.tm_mon + 1);
  parts.wDay = static_cast<WORD>(local.tm_mday);
  parts.wHour = static_cast<WORD>(local.tm_hour);
  parts.wMinute = static_cast<WORD>(local.tm_min);
  parts.wSecond = static_cast<WORD>(local.tm_sec);
  DATE date = 0;
  SystemTimeToVariantTime(&parts, &date);
  return date;
}

class NoteObject : public oleander::Object<NoteObject, INote> {
public:
  std::u16string text;

  HRESULT STDMETHODCALLTYPE get_Text(BSTR *result) override {
    if (!result)
      return E_POINTER;
    *result = SysAllocStringLen(text.data(), static_cast<UINT>(text.size()));
    return *result ? S_OK : E_OUTOFMEMORY;
  }
  HRESULT STDMETHODCALLTYPE put_Text(BSTR given) override {
    return guarded([&] {
      text.assign(given ? given : u"", SysStringLen(given));
      return S_OK;
    });
  }
  HRESULT STDMETHODCALLTYPE get_Written(DATE *when) override {
    if (!when)
      return E_POINTER;
    *when = written;
    return S_OK;
  }

private:
  DATE written = now();
};

using Notes = std::vector<Reference<INote>>;

// Walks over the notes that were there when it began.
class EnumeratorObject : public oleander::Object<EnumeratorObject, IEnumVARIANT> {
public:
  Notes notes;
  std::size_t next = 0;

  HRESULT STDMETHODCALLTYPE Next(ULONG count, VARIANT *values, ULONG *fetched) override {
    ULONG done = 0;
    for (; done < count && next < notes.size(); done++, next++) {
      VariantInit(&values[done]);
      V_VT(&values[done]) = VT_DISPATCH;
      V_DISPATCH(&values[done]) = notes[next].given();
    }
    if (fetched)
      *fetched = done;
    return done == count ? S_OK : S_FALSE;
  }
  HRESULT STDMETHODCALLTYPE Skip(ULONG count) override {
    std::size_t left = notes.size() - next;
    next += std::min<std::size_t>(count, left);
    return count <= left ? S_OK : S_FALSE;
  }
  HRESULT STDMETHODCALLTYPE Reset() override {
    next = 0;
    return S_OK;
  }
  HRESULT STDMETHODCALLTYPE Clone(IEnumVARIANT **clone) override {
    return clone ? make_enumerator(notes, next, clone) : E_POINTER;
  }

  static HRESULT make_enumerator(const Notes &notes, std::size_t next, IEnumVARIANT **result) {
    *result = nullptr;
    return guarded([&] {
      EnumeratorObject *made;
      HRESULT hr = create(enumerator_class, &made);
      if (FAILED(hr))
        return hr;
      *result = made;
      made->notes = notes;
      made->next = next;
      return S_OK;
    });
  }
};

class NotebookObject : public oleander::Object<NotebookObject, INotebook> {
public:
  HRESULT STDMETHODCALLTYPE get_Item(LONG index, INote **note) override {
    if (!note)
      return E_POINTER;
    *note = nullptr;
    if (!holds(index))
      return fail(DISP_E_BADINDEX, "There is no note with this number");
    *note = notes[static_cast<std::size_t>(index) - 1].given();
    return S_OK;
  }
  HRESULT STDMETHODCALLTYPE get_Count(LONG *count) override {
    if (!count)
      return E_POINTER;
    *count = static_cast<LONG>(notes.size());
    return S_OK;
  }
  HRESULT STDMETHODCALLTYPE get__NewEnum(IUnknown **result) override {
    if (!result)
      return E_POINTER;
    IEnumVARIANT *enumerator;
    HRESULT hr = EnumeratorObject::make_enumerator(notes, 0, &enumerator);
    *result = enumerator;
    return hr;
  }
  HRESULT STDMETHODCALLTYPE Add(BSTR text, INote **note) override {
    if (!note)
      return E_POINTER;
    *note = nullptr;
    return guarded([&] {
      NoteObject *made;
      HRESULT hr = NoteObject::create(note_class, &made);
      if (FAILED(hr))
        return hr;
      Reference<INote> owner(made);
      hr = made->put_Text(text);
      if (FAILED(hr))
        return hr;
      notes.push_back(owner);
      *note = owner.given();
      return S_OK;
    });
  }
  HRESULT STDMETHODCALLTYPE Remove(LONG index) override {
    if (!holds(index))
      return fail(DISP_E_BADINDEX, "There is no note with this number");
    notes.erase(notes.begin() + (index - 1));
    return S_OK;
  }

private:
  Notes notes;

  bool holds(LONG index) const {
    return index >= 1 && static_cast<std::size_t>(index) <= notes.size();
  }
};

} // namespace

OleanderClass note_class = oleander::class_of<NoteObject>(notebook_module, &CLSID_Note, nullptr, 0, "A note");
OleanderClass notebook_class = oleander::class_of<NotebookObject>(notebook_module, &CLSID_Notebook, "Example.Notebook",
                                                                  1, "A notebook (example in C++)");
OleanderClass enumerator_class =
    oleander::class_of<EnumeratorObject>(notebook_module, nullptr, nullptr, 0, "An enumerator of notes");

static OleanderClass *const classes[] = { &notebook_class, &note_class, &enumerator_class, nullptr };

OleanderModule notebook_module = { "notebook", classes, nullptr, 0 };

OLEANDER_MODULE(notebook_module)
