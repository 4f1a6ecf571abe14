--- The C source of a class, the header of a server and its module, with a body for each method that refuses politely.
local ctypes <const> = require "oleander.skeleton.ctypes"
local layout <const> = require "oleander.skeleton.layout"
local names <const> = require "oleander.skeleton.names"
local typetext <const> = require "oleander.typetext"

local source <const> = {}

local TKIND_DISPATCH <const> = 4
local VOID <const>, HRESULT <const> = 24, 25
local quote <const> = typetext.quote

---@class oleander.skeleton.Class
---@field shown string its name in the library
---@field c string its name in C
---@field clsid string?
---@field progid string?
---@field title string
---@field faces oleander.skeleton.Face[]
---@field sources userdata[]
---@field scope oleander.skeleton.Scope names of its functions

---@class oleander.skeleton.Server
---@field name string of files and module
---@field c string
---@field types oleander.skeleton.Types
---@field classes oleander.skeleton.Class[]
---@field faces oleander.skeleton.Face[] of all classes, each once
---@field notes string[] for the README

---@class oleander.skeleton.Face
---@field info userdata
---@field guid string
---@field shown string the name in the library
---@field interface string the name in C
---@field member string in the struct
---@field layout oleander.skeleton.Layout

local function emit(out, format, ...)
  out[#out + 1] = select("#", ...) > 0 and format:format(...) or format
end

local function is_dispinterface(info)
  return info:attributes().kind == TKIND_DISPATCH
end

---What an interface is in C.
---@param types oleander.skeleton.Types
---@param info userdata an interface or a dispinterface without a vtable
---@return oleander.skeleton.Face
function source.face(types, info)
  local text <const> = info:documentation()
  local name <const> = types:interface(info)
  return { info = info, guid = info:attributes().guid, shown = text.name, interface = name,
    is_standard = name == "IUnknown" or name == "IDispatch",
    layout = is_dispinterface(info) and layout.of_dispinterface(info) or layout.of_interface(info) }
end

-- vtables

local function result_text(types, made)
  local text <const> = types:text(made.info, made.result)
  return text:sub(-1) == "*" and text or text .. " "
end

local function declared(types, made, parameter)
  local text <const> = types:text(made.info, parameter.type)
  if text == "void" then return "void *" .. parameter.name end
  return text .. (text:sub(-1) == "*" and "" or " ") .. parameter.name
end

local function parameters_text(types, made, first)
  local list <const> = { first }
  for _, parameter in ipairs(made.parameters) do list[#list + 1] = declared(types, made, parameter) end
  return table.concat(list, ", ")
end

local UNKNOWN <const> = [[
  HRESULT(STDMETHODCALLTYPE *QueryInterface)(%s *This, REFIID iid, void **result);
  ULONG(STDMETHODCALLTYPE *AddRef)(%s *This);
  ULONG(STDMETHODCALLTYPE *Release)(%s *This);]]
local DISPATCH <const> = [[
  HRESULT(STDMETHODCALLTYPE *GetTypeInfoCount)(%s *This, UINT *count);
  HRESULT(STDMETHODCALLTYPE *GetTypeInfo)(%s *This, UINT index, LCID lcid, ITypeInfo **info);
  HRESULT(STDMETHODCALLTYPE *GetIDsOfNames)(%s *This, REFIID iid, LPOLESTR *names, UINT count, LCID lcid,
                                            DISPID *ids);
  HRESULT(STDMETHODCALLTYPE *Invoke)(%s *This, DISPID id, REFIID iid, LCID lcid, WORD flags, DISPPARAMS *params,
                                     VARIANT *result, EXCEPINFO *exception, UINT *bad_argument);]]

--- The vtable of an interface and what points to it. Types that it needs are declared before.
local function vtable_text(types, face)
  local name <const>, out <const> = face.interface, {}
  emit(out, "/* %s */", face.shown)
  emit(out, "typedef struct %sVtbl {", name)
  emit(out, UNKNOWN, name, name, name)
  if face.layout.dispatch then emit(out, DISPATCH, name, name, name, name) end
  for slot = face.layout.dispatch and 7 or 3, face.layout.count - 1 do
    local made <const> = face.layout.slots[slot]
    if made then
      emit(out, "  %s(STDMETHODCALLTYPE *%s)(%s);", result_text(types, made), made.name,
        parameters_text(types, made, name .. " *This"))
    else
      emit(out, "  void (*unknown_%d)(void);", slot)
    end
  end
  emit(out, "} %sVtbl;\n\ninterface %s {\n  const %sVtbl *lpVtbl;\n};\n", name, name, name)
  return table.concat(out, "\n")
end

-- methods

--- What a method that is not written gives where it returns no HRESULT.
local function empty_result(types, made)
  local vt <const> = made.result.vt
  local text <const> = types:text(made.info, made.result)
  if vt == VOID or text == "void" then return nil end
  if text:sub(-1) == "*" or text == "LPSTR" or text == "LPWSTR" or text == "BSTR" then return "return NULL;" end
  if vt == 29 and not text:find "^%u+$" or text == "VARIANT" or text == "CY" or text == "DECIMAL" or text == "GUID" then
    return ("%s nothing;\n  memset(&nothing, 0, sizeof nothing);\n  return nothing;"):format(text)
  end
  return "return 0;"
end

local function prototype(types, class, face, made, name)
  local result <const> = result_text(types, made)
  local head <const> = ("static %sSTDMETHODCALLTYPE %s("):format(result, name)
  local list <const> = { face.interface .. " *face" }
  for _, parameter in ipairs(made.parameters) do list[#list + 1] = declared(types, made, parameter) end
  local line = head .. table.concat(list, ", ") .. ")"
  if #line > 116 then line = head .. "\n    " .. table.concat(list, ",\n    ") .. ")" end
  local _ <const> = class
  return line
end

local function method_text(types, class, face, made, name)
  local out <const> = {}
  emit(out, "%s {", (prototype(types, class, face, made, name)))
  local unused <const> = {}
  for i, parameter in ipairs(made.parameters) do unused[i] = ("(void)%s;"):format(parameter.name) end
  local line = " "
  for _, text in ipairs(unused) do
    if #line + #text > 110 then
      emit(out, "%s", line)
      line = " "
    end
    line = line .. " " .. text
  end
  if line ~= " " then emit(out, "%s", line) end
  local refusal <const> = ("%s_unwritten(%s_of_%s(face), &IID_%s, %s)"):format(class.c, class.c, face.member,
    face.interface, quote(made.member))
  local empty <const> = made.result.vt ~= HRESULT and (empty_result(types, made) or "")
  if made.result.vt == HRESULT then
    emit(out, "  return %s;", refusal)
  else
    emit(out, "  %s;", refusal)
    if empty ~= "" then emit(out, "  %s", empty) end
  end
  emit(out, "}\n")
  return table.concat(out, "\n")
end

local function face_text(types, class, face)
  local out <const> = {}
  local macro <const> = face.layout.dispatch and "DUAL" or "FACE"
  emit(out, "/* %s */\n", face.shown)
  emit(out, "OLEANDER_%s(%s, %s, %s)\n", macro, class.c, face.member, face.interface)
  local has_methods <const> = next(face.layout.slots) ~= nil
  if has_methods then
    emit(out, "static %s *%s_of_%s(void *face) {\n  return OLEANDER_SELF(face, %s, %s);\n}\n", class.c, class.c,
      face.member, class.c, face.member)
  end
  local rows <const> = {}
  for slot = 0, face.layout.count - 1 do
    local made <const> = face.layout.slots[slot]
    if made then
      local of <const> = #class.faces > 1 and face.member .. "_" or ""
      local name <const> = class.scope:take(class.c .. "_" .. of .. made.name)
      emit(out, "%s", method_text(types, class, face, made, name))
      rows[#rows + 1] = ("  .%s = %s,"):format(made.name, name)
    end
  end
  emit(out, "static const %sVtbl %s_%s_vtable = {\n  OLEANDER_%s_SLOTS(%s, %s),\n%s\n};\n", face.interface, class.c,
    face.member, macro, class.c, face.member, table.concat(rows, "\n"))
  return table.concat(out, "\n")
end

-- events

--- VARTYPEs that oleander_object_fire takes, and what C passes for them.
local fired <const> = {
  [2] = "VT_I2", [3] = "VT_I4", [4] = "VT_R4", [5] = "VT_R8", [6] = "VT_CY", [7] = "VT_DATE", [8] = "VT_BSTR",
  [9] = "VT_DISPATCH", [11] = "VT_BOOL", [13] = "VT_UNKNOWN", [16] = "VT_I1", [17] = "VT_UI1", [18] = "VT_UI2",
  [19] = "VT_UI4", [20] = "VT_I8", [21] = "VT_UI8", [22] = "VT_INT", [23] = "VT_UINT", [10] = "VT_ERROR",
}

local function fired_type(info, desc)
  if desc.vt == 29 then
    local other <const> = info:reference(desc.href)
    local attributes <const> = other and other:attributes()
    if attributes and attributes.kind == 0 then return "VT_I4", "LONG " end
    if attributes and attributes.kind == 6 and attributes.alias and attributes.alias.vt ~= 29 then
      return fired_type(other, attributes.alias)
    end
    return nil
  elseif desc.vt == 26 and desc.to and desc.to.vt == 29 then
    local other <const> = info:reference(desc.to.href)
    local attributes <const> = other and other:attributes()
    local kind <const> = attributes and attributes.kind
    if kind == 4 or kind == 3 and attributes.flags & 0x1040 ~= 0 then return "VT_DISPATCH", "IDispatch *" end
    if kind == 3 or kind == 5 then return "VT_UNKNOWN", "IUnknown *" end
    return nil
  end
  return fired[desc.vt]
end

local function event_text(types, class, info, desc)
  local scope <const>, parameters <const>, arguments <const> = names.scope(), { class.c .. " *self" }, {}
  scope:take "self"
  for i, parameter in ipairs(desc.parameters or {}) do
    local vt <const>, given <const> = fired_type(info, parameter.type)
    if not vt then return nil end
    local name <const> = scope:take(desc.names[i + 1] or "value")
    local text <const> = given or types:declaration(info, parameter.type, "")
    parameters[#parameters + 1] = text .. name
    arguments[#arguments + 1] = (", %s, %s"):format(vt, name)
  end
  local name <const> = class.scope:take(("%s_fire_%s"):format(class.c, desc.names[1]))
  return ([[
static inline HRESULT %s(%s) {
  return oleander_object_fire(&self->object, %s, %d%s);
}
]]):format(name, table.concat(parameters, ", "), quote(desc.names[1]), #arguments, table.concat(arguments))
end

--- A function for each event that can be raised by plain values.
local function events_text(types, class)
  local out <const> = {}
  for _, info in ipairs(class.sources) do
    emit(out, "/* Events of %s. */\n", (info:documentation() or {}).name or "")
    for i = 0, info:attributes().functions - 1 do
      local desc <const> = info:func(i)
      local inherited <const> = desc and desc.memid & 0xFFFF0000 == 0x60000000 and desc.flags & 1 ~= 0
      if desc and desc.names[1] and not inherited and desc.invkind == 1 then
        emit(out, "%s", event_text(types, class, info, desc)
          or ("/* %s: oleander_object_fire_id takes its arguments as VARIANTs. */\n"):format(desc.names[1]))
      end
    end
  end
  return table.concat(out, "\n")
end

-- files

local CLASS <const> = [[
/* %s: a class of the server %s. Each method is to be written; until then it answers E_NOTIMPL and says its name. */
#include "%s.h"

#include <string.h>

/* First the vtable pointers of the interfaces ("faces"), then what Oleander keeps about the object, then your own. */
typedef struct %s {
%s
  OleanderObject object;
} %s;

static inline HRESULT %s_unwritten(%s *self, const IID *iid, const char *method) {
  char text[160];
  (void)self;
  strcpy(text, %s);
  strncat(text, method, sizeof text - strlen(text) - 30);
  strcat(text, " is not written yet");
  return oleander_object_fail(E_NOTIMPL, iid, %s, text);
}
]]

local FILLED <const> = [[
static HRESULT %s_construct(void *memory) {
  %s *self = memory;
  (void)self; /* begin with values of your own here */
  return S_OK;
}

static void %s_destroy(void *memory) {
  %s *self = memory;
  (void)self; /* free what the object owns */
}

static const OleanderFace %s_faces[] = {
%s
  { NULL, 0, NULL },
};
]]

local function source_rows(class)
  if #class.sources == 0 then return "" end
  local rows <const> = {}
  for i, info in ipairs(class.sources) do
    rows[i] = ("static const IID %s_source_%d = %s;"):format(class.c, i, ctypes.guid(info:attributes().guid))
  end
  rows[#rows + 1] = ("static const OleanderSource %s_sources[] = {"):format(class.c)
  for i = 1, #class.sources do rows[#rows + 1] = ("  { &%s_source_%d, NULL, NULL },"):format(class.c, i) end
  rows[#rows + 1] = "  { NULL, NULL, NULL },\n};\n"
  return table.concat(rows, "\n")
end

---The C file of a class.
---@param server oleander.skeleton.Server
---@param class oleander.skeleton.Class
---@return string
function source.class(server, class)
  local types <const>, out <const>, members <const>, faces <const> = server.types, {}, {}, {}
  for i, face in ipairs(class.faces) do
    members[i] = ("  %s %s;"):format(face.interface, face.member)
    faces[i] = ("  { &IID_%s, offsetof(%s, %s), &%s_%s_vtable },"):format(face.interface, class.c, face.member, class.c,
      face.member)
  end
  local said <const> = quote(class.shown .. ".")
  emit(out, "%s", CLASS:format(class.shown, server.name, server.name, class.c, table.concat(members, "\n"), class.c,
    class.c, class.c, said, quote(class.progid or class.shown)))
  local events <const> = events_text(types, class)
  if events ~= "" then emit(out, "%s", events) end
  for _, face in ipairs(class.faces) do emit(out, "%s", face_text(types, class, face)) end
  emit(out, "/* the class */\n")
  if class.clsid then emit(out, "static const CLSID %s_clsid = %s;", class.c, ctypes.guid(class.clsid)) end
  local sources <const> = source_rows(class)
  if sources ~= "" then emit(out, "%s", sources) end
  emit(out, "%s", FILLED:format(class.c, class.c, class.c, class.c, class.c, table.concat(faces, "\n")))
  emit(out, "OleanderClass %s_class = {", class.c)
  emit(out, "  .module = &%s_module,", server.c)
  if class.clsid then emit(out, "  .clsid = &%s_clsid,", class.c) end
  if class.clsid and class.progid then emit(out, "  .progid = %s,", quote(class.progid)) end
  emit(out, "  .title = %s,", quote(class.title))
  emit(out, "  .size = sizeof(%s),\n  .object = offsetof(%s, object),\n  .faces = %s_faces,", class.c, class.c, class.c)
  if sources ~= "" then emit(out, "  .sources = %s_sources,", class.c) end
  emit(out, "  .construct = %s_construct,\n  .destroy = %s_destroy,\n};\n", class.c, class.c)
  return table.concat(out, "\n")
end

---The header of the server; it is made last, when it is known which types are needed.
---@param server oleander.skeleton.Server
---@return string
function source.header(server)
  local out <const>, vtables <const>, guids <const> = {}, {}, {}
  for _, face in ipairs(server.faces) do
    if not face.is_standard then
      vtables[#vtables + 1] = vtable_text(server.types, face)
      guids[#guids + 1] = ("extern const IID IID_%s;"):format(face.interface)
    end
  end
  local guard <const> = server.c:upper() .. "_H"
  emit(out, "/* What the classes of the server %s implement, as its type library describes it. */", server.name)
  emit(out, "#ifndef %s\n#define %s\n\n#include <oleander_server.h>\n", guard, guard)
  emit(out, "%s", table.concat(server.types.out, "\n"))
  emit(out, "\n%s", table.concat(vtables, "\n"))
  emit(out, "%s\n", table.concat(guids, "\n"))
  emit(out, "extern OleanderModule %s_module;", server.c)
  for _, class in ipairs(server.classes) do emit(out, "extern OleanderClass %s_class;", class.c) end
  emit(out, "\n#endif\n")
  return table.concat(out, "\n")
end

---The C file of the module.
---@param server oleander.skeleton.Server
---@return string
function source.module(server)
  local out <const> = {}
  emit(out, '/* The module of the server %s: its classes and its entry points. */\n#include "%s.h"\n', server.name,
    server.name)
  for _, face in ipairs(server.faces) do
    if not face.is_standard then emit(out, "const IID IID_%s = %s;", face.interface, ctypes.guid(face.guid)) end
  end
  local rows <const> = {}
  for i, class in ipairs(server.classes) do rows[i] = ("&%s_class"):format(class.c) end
  rows[#rows + 1] = "NULL"
  emit(out, "\nstatic OleanderClass *const classes[] = {\n  %s,\n};\n", table.concat(rows, ",\n  "))
  emit(out, "OleanderModule %s_module = { .component = %s, .classes = classes };\n", server.c, quote(server.name))
  emit(out, "OLEANDER_MODULE(%s_module)\n", server.c)
  return table.concat(out, "\n")
end

return source
