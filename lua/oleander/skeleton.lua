--- The beginning of a server in C: com.skeleton and `oleander skeleton`. From a type library, or from an object or a
--- script in Lua, whose names, GUIDs and DISPIDs it keeps.
local core <const> = require "oleander.core"
local ctypes <const> = require "oleander.skeleton.ctypes"
local errors <const> = require "oleander.errors"
local folder <const> = require "oleander.skeleton.folder"
local idl <const> = require "oleander.skeleton.idl"
local names <const> = require "oleander.skeleton.names"
local source <const> = require "oleander.skeleton.source"
local typelib <const> = require "oleander.typelib"
local types <const> = require "oleander.types"

core.own_source(debug.getinfo(1, "S").source)

local skeleton <const> = {}

local E_INVALIDARG <const>, TYPE_E_ELEMENTNOTFOUND <const> = 0x80070057, 0x8002802B
local CAN_CREATE <const> = 2
local TKIND_INTERFACE <const>, TKIND_DISPATCH <const>, TKIND_COCLASS <const> = 3, 4, 5
local DUAL <const> = 0x40
local SOURCE <const>, DEFAULT <const> = 2, 1
local STDOLE <const> = "{00020430-0000-0000-C000-000000000046}"
local NIL_GUID <const> = "{00000000-0000-0000-0000-000000000000}"

local function refuse(code, format, ...)
  errors.raise(code, format:format(...), { subject = "com.skeleton" })
end

-- what is implemented

--- An interface as it is implemented: of a dual one the half with the vtable. Nil: it cannot be.
local function implemented_half(info)
  local attributes <const> = info:attributes()
  if attributes.kind == TKIND_DISPATCH and attributes.flags & DUAL ~= 0 then
    local href <const> = info:implemented(-1)
    return href and info:reference(href)
  end
  if attributes.kind == TKIND_INTERFACE or attributes.kind == TKIND_DISPATCH then return info end
end

local function new_server(name)
  local plain <const> = names.plain(name, "server"):lower()
  return { name = plain, c = plain, library_name = name, types = ctypes.new(name), classes = {}, faces = {}, notes = {},
    by_key = {}, scope = names.scope(), files = names.scope() }
end

local function add_face(server, class, info, members)
  local face = source.face(server.types, info)
  local known <const> = server.by_key[face.interface]
  if not known then
    server.by_key[face.interface] = face
    server.faces[#server.faces + 1] = face
  end
  for _, other in ipairs(class.faces) do
    if other.interface == face.interface then return end
  end
  local plain <const> = face.shown:gsub("^I(%u)", "%1"):gsub("^_+", ""):lower()
  face = setmetatable({ member = members:take(plain, "face") }, { __index = known or face })
  class.faces[#class.faces + 1] = face
end

local function new_class(server, name)
  return { shown = name, c = server.scope:take(names.plain(name, "Object")), title = name, faces = {}, sources = {},
    scope = names.scope() }
end

local function new_members()
  local members <const> = names.scope()
  members:take "object"
  return members
end

--- A class of the library; the default interface comes first.
local function add_class(server, info, progid)
  local attributes <const>, text <const> = info:attributes(), info:documentation() or {}
  local class <const>, members <const> = new_class(server, text.name or "Object"), new_members()
  local list <const> = {}
  for i = 0, attributes.implemented - 1 do
    local href <const>, flags <const> = info:implemented(i)
    local found <const> = href and info:reference(href)
    if not found then
      server.notes[#server.notes + 1] = ("%s: an interface whose library is not here is left out"):format(class.shown)
    elseif flags & SOURCE ~= 0 then
      if found:attributes().guid ~= NIL_GUID then
        table.insert(class.sources, flags & DEFAULT ~= 0 and 1 or #class.sources + 1, found)
      end
    else
      table.insert(list, flags & DEFAULT ~= 0 and 1 or #list + 1, found)
    end
  end
  for _, found in ipairs(list) do
    local half <const> = implemented_half(found)
    if half and half:attributes().guid ~= NIL_GUID then add_face(server, class, half, members) end
  end
  if #class.faces == 0 then
    local note <const> = "%s: no interface of it is here, so it answers IUnknown alone"
    server.notes[#server.notes + 1] = note:format(class.shown)
    add_face(server, class, typelib.handle(types.typelib(STDOLE):find "IUnknown"), members)
  end
  class.clsid = attributes.guid ~= NIL_GUID and attributes.guid or nil
  class.progid = progid or server.library_name .. "." .. class.shown
  class.title = text.help and text.help ~= "" and text.help or class.shown
  server.classes[#server.classes + 1] = class
end

--- An interface for which the library has no class: clients get such objects from others.
local function add_interface(server, info)
  local half <const> = implemented_half(info)
  local text <const> = info:documentation() or {}
  local root <const> = text.name == "IUnknown" or text.name == "IDispatch"
  if not half or half:attributes().guid == NIL_GUID or root then return end
  local class <const> = new_class(server, (text.name:gsub("^I(%u)", "%1")))
  add_face(server, class, half, new_members())
  server.classes[#server.classes + 1] = class
end

local function each_type(library, visit)
  for i = 0, library:count() - 1 do
    local info <const> = library:info(i)
    local attributes <const> = info and info:attributes()
    if attributes then visit(info, attributes) end
  end
end

--- The classes that clients can create, else all classes, else the interfaces.
local function add_all(server, library)
  local creatable, classes, interfaces = {}, {}, {}
  local sources <const> = {}
  each_type(library, function(info, attributes)
    if attributes.kind == TKIND_COCLASS then
      classes[#classes + 1] = info
      if attributes.flags & CAN_CREATE ~= 0 then creatable[#creatable + 1] = info end
      for i = 0, attributes.implemented - 1 do
        local href <const>, flags <const> = info:implemented(i)
        local found <const> = href and flags & SOURCE ~= 0 and info:reference(href)
        if found then sources[found:attributes().guid] = true end
      end
    elseif attributes.kind == TKIND_INTERFACE or attributes.kind == TKIND_DISPATCH then
      interfaces[#interfaces + 1] = info
    end
  end)
  for _, info in ipairs(#creatable > 0 and creatable or classes) do add_class(server, info) end
  if #server.classes > 0 then return end
  for _, info in ipairs(interfaces) do
    if not sources[info:attributes().guid] then add_interface(server, info) end
  end
end

-- what is written

local CMAKE <const> = [[
# The server %s. With Oleander installed: cmake -B build && cmake --build build && oleander register build/%s.so
cmake_minimum_required(VERSION 3.22)
project(%s C)
set(CMAKE_C_STANDARD 11)
find_package(Oleander CONFIG REQUIRED)

oleander_add_server(%s
  SOURCES %s
  TYPELIB %s)
]]

local README <const> = [[
# %s

The beginning of an automation server in C, made by `oleander skeleton`. It builds as it is:

    cmake -B build && cmake --build build
    oleander register build/%s.so

| file | |
|---|---|
%s
Each method answers `E_NOTIMPL` and says its name. What to do next:

- Write the methods: replace `return ..._unwritten(...)` and the `(void)` lines. Results go where the `[out]` and
  `[retval]` pointers show (`if (!result) return E_POINTER;` first); errors with a text are
  `return oleander_object_fail(code, &IID, "source", "text");`.
- Values of an object are fields of its struct, behind `OleanderObject object`; `..._construct` begins with them,
  `..._destroy` frees what they own.
%s- A member that is to come: write it into the library and, at the same place, into the vtable in `%s.h`.

Classes:

%s
%s`docs/servers.md` of Oleander tells the whole story; `oleander replay` compares this server with a recording of the
old one.
]]

local EVENTS <const> = [[
- Raise events with the `..._fire_...` functions at the top of the class files.
]]

local function class_line(class)
  local faces <const> = {}
  for i, face in ipairs(class.faces) do faces[i] = face.shown end
  return ("- %s %s: %s"):format(class.progid or class.shown, class.clsid or "(not to be created by clients)",
    table.concat(faces, ", "))
end

---The files of a server by name, and their order.
---@param server oleander.skeleton.Server
---@param library { file: string, text: string } the type library, as IDL or as it is
local function files_of(server, library)
  local files <const>, order <const>, about <const>, sources <const> = {}, {}, {}, {}
  local function add(name, text, what)
    files[name], order[#order + 1] = text, name
    if what then about[#about + 1] = ("| `%s` | %s |"):format(name, what) end
  end
  for _, class in ipairs(server.classes) do
    class.file = server.files:take(class.c:lower()) .. ".c"
  end
  local bodies <const> = {}
  for i, class in ipairs(server.classes) do bodies[i] = source.class(server, class) end
  add(server.name .. ".h", source.header(server), "what the classes implement, in C")
  local module <const> = server.files:take(server.name .. "_module") .. ".c"
  add(module, source.module(server), "the module")
  sources[1] = module
  local events = ""
  for i, class in ipairs(server.classes) do
    add(class.file, bodies[i], ("the class %s"):format(class.shown))
    sources[#sources + 1] = class.file
    if #class.sources > 0 then events = EVENTS end
  end
  add(library.file, library.text, "the type library that the module carries")
  add("CMakeLists.txt", CMAKE:format(server.name, server.name, server.c, server.name, table.concat(sources, "\n    "),
    library.file))
  local lines <const> = {}
  for i, class in ipairs(server.classes) do lines[i] = class_line(class) end
  local notes <const> = #server.notes > 0
    and "What is not in it:\n\n- " .. table.concat(server.notes, "\n- ") .. "\n\n" or ""
  add("README.md", README:format(server.library_name, server.name, table.concat(about, "\n") .. "\n", events,
    server.name, table.concat(lines, "\n"), notes))
  return files, order
end

local function write(server, library, directory)
  if #server.classes == 0 then
    refuse(TYPE_E_ELEMENTNOTFOUND, "the library %s has no class and no interface that could be implemented",
      server.library_name)
  end
  local files <const>, order <const> = files_of(server, library)
  folder.write(directory, files, order, "com.skeleton")
  return order
end

--- The library as a file of the server: IDL where it can be said, else the file itself.
local function library_file(server, library, path)
  local text <const>, problems <const> = idl.of_library(library)
  local bytes <const> = (not text or #problems > 0) and folder.library_bytes(path)
  for _, problem in ipairs(problems) do
    local note <const> = problem .. ": it is not here"
    if server.notes[#server.notes] ~= note then server.notes[#server.notes + 1] = note end
  end
  if bytes then return { file = server.name .. ".tlb", text = bytes } end
  if text then return { file = server.name .. ".idl", text = text } end
  refuse(TYPE_E_ELEMENTNOTFOUND, "the library %s cannot be written as IDL", server.library_name)
end

local function from_library(library, directory, path)
  local handle <const> = typelib.library_facts[library].library
  local server <const> = new_server(library.name ~= "" and library.name or "Server")
  add_all(server, handle)
  return write(server, library_file(server, handle, path or library.path), directory)
end

--- Classes and interfaces of a library that exists.
local function from_types(list, directory)
  local library <const> = list[1].kind.library
  local server <const> = new_server(library.name ~= "" and library.name or "Server")
  for _, facts in ipairs(list) do
    local kind <const>, before <const> = facts.kind, #server.classes
    if not kind.library or kind.library.guid ~= library.guid then
      refuse(E_INVALIDARG, "the classes have interfaces of different libraries: %s and %s", library.name,
        kind.library and kind.library.name or "none")
    end
    local info <const> = typelib.handle(kind)
    if kind.kind == "coclass" then add_class(server, info, facts.progid) else add_interface(server, info) end
    local class <const> = server.classes[before + 1]
    if class and facts.clsid then class.clsid, class.progid = facts.clsid, facts.progid end
  end
  return write(server, library_file(server, typelib.library_facts[library].library, library.path), directory)
end

--- Names for the library and the classes that meet none of their interfaces'.
local function name_classes(list, first)
  local used <const> = {}
  for _, facts in ipairs(list) do
    used[core.fold(facts.info:documentation().name)] = true
    if facts.events then used[core.fold(facts.events:documentation().name)] = true end
  end
  local function take(name, suffix)
    while used[core.fold(name)] do name = name .. suffix end
    used[core.fold(name)] = true
    return name
  end
  for _, facts in ipairs(list) do facts.class = take(names.plain(facts.progid:match "[^.]*$", "Object"), "Class") end
  return take(first, "Library")
end

--- Objects whose types were made up for their tables.
local function from_objects(list, directory)
  local first <const> = names.plain(list[1].progid:match "^[^.]*", "Server")
  local name <const> = name_classes(list, first)
  local text <const> = idl.of_objects(name, list)
  local library <const> = require "oleander.idl".compile_idl { text = text, name = "the skeleton's IDL" }
  local server <const> = new_server(first)
  server.library_name = library.name
  for _, facts in ipairs(list) do add_class(server, typelib.handle(library.types[facts.class]), facts.progid) end
  return write(server, { file = server.name .. ".idl", text = text }, directory)
end

-- objects

local function is_synthesized(kind)
  local library <const> = kind.library
  return not library or library.format == "memory" and library.name == "Lua"
end

local function clsid_of(progid)
  return core.class_id(progid) or core.name_clsid(core.fold(progid):lower())
end

local function meta_field(t, name)
  local meta <const> = type(t) == "table" and debug.getmetatable(t)
  local value <const> = meta and rawget(meta, name)
  return type(value) == "string" and value or nil
end

--- What is known of an object: { progid, clsid, info, events } or the type in its library.
local function facts_of(o, progid, clsid)
  local kind <const> = types.typeof(o)
  if not kind then
    refuse(E_INVALIDARG, "the object has no type information; com.assume(o, interface) gives it some")
  end
  local t <const> = core.object_table(o)
  progid = progid or kind.name:find("%.") and kind.name or meta_field(t, "__progid") or "Lua." .. kind.name
  clsid = clsid or meta_field(t, "__clsid") and core.guid(meta_field(t, "__clsid")) or clsid_of(progid)
  if not is_synthesized(kind) then
    local class <const> = core.class_info(o)
    local shape <const> = class and typelib.from_info(class)
    if shape and shape.kind == "coclass" and shape.guid then
      return { progid = progid, kind = shape, clsid = shape.guid }
    end
    return { progid = progid, clsid = clsid, kind = kind }
  end
  local listed <const>, sources <const> = pcall(require "oleander.events".sources, o, "com.skeleton")
  return { progid = progid, clsid = clsid, info = typelib.handle(kind),
    events = listed and sources[1] and typelib.handle(sources[1].type) or nil }
end

local function from_facts(list, directory)
  local made_up = 0
  for _, facts in ipairs(list) do made_up = made_up + (facts.kind and 0 or 1) end
  if made_up == #list then return from_objects(list, directory) end
  if made_up == 0 then return from_types(list, directory) end
  refuse(E_INVALIDARG, "some classes have interfaces of a library and some have not: make a skeleton of each")
end

---Writes the beginning of a server in C into a folder that is new or empty: CMakeLists.txt, the type library, a C file
---for each class, a README. It builds as it is; each method answers E_NOTIMPL and says its name until it is written. An
---object or class written in Lua keeps its names, GUIDs and DISPIDs.
---@param what oleander.Object|oleander.Library|string an object, a library, or what com.typelib takes
---@param directory string
---@param progid string? of an object's class; without it `__progid` in the metatable, or "Lua.NAME"
---@return string[] files
function skeleton.skeleton(what, directory, progid)
  if type(directory) ~= "string" then
    errors.raise(E_INVALIDARG, "the path of a folder is wanted, not " .. core.type_name(directory),
      { subject = "com.skeleton", argument = { index = 2 } })
  end
  if progid ~= nil and type(progid) ~= "string" then
    errors.raise(E_INVALIDARG, "a ProgID is wanted, not " .. core.type_name(progid),
      { subject = "com.skeleton", argument = { index = 3 } })
  end
  folder.check(directory, "com.skeleton")
  if type(what) == "string" then what = types.typelib(what) end
  if typelib.is_library(what) then return from_library(what, directory) end
  if typelib.is_type(what) then return from_types({ { kind = what, progid = progid } }, directory) end
  if type(what) == "table" then what = require "oleander.server".object(what) end
  core.handle_check(what, "com.skeleton")
  return from_facts({ facts_of(what, progid) }, directory)
end

---The same for the command line: a library, or a Lua file.
---@param name string
---@param directory string
---@param progid string?
---@return string[] files
function skeleton.from_name(name, directory, progid)
  folder.check(directory, "skeleton")
  if not name:find "%.lua$" then return skeleton.skeleton(name, directory) end
  local list <const> = {}
  for i, one in ipairs(require "oleander.serve".read_script(name)) do
    list[i] = facts_of(one.object, i == 1 and progid or one.progid, one.clsid)
  end
  return from_facts(list, directory)
end

return skeleton
