---Type libraries made from IDL: com.compile_idl, and `save` of the libraries that it gives.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"

local idl <const> = {}

local E_INVALIDARG <const>, E_FAIL <const> = 0x80070057, 0x80004005

---@class oleander.IdlOptions
---@field file? string path of the IDL file
---@field text? string or its text
---@field name? string what errors call the text
---@field include? string[] folders for import, #include and importlib
---@field define? table<string, string> macros
---@field bits? 32|64 of the processes that the library is for; 64

--- Descriptions of libraries that were compiled, so that they can be saved.
local descriptions <const> = setmetatable({}, { __mode = "k" })

local function options_of(source)
  if type(source) == "string" then return { text = source, name = "IDL" } end
  if type(source) ~= "table" or not (source.file or source.text) then
    errors.raise(E_INVALIDARG, "com.compile_idl takes a text, or a table with file = or text =")
  end
  return source
end

---Raises what the diagnostics say: the first error's place in fields, all of them in the text.
local function raise(diagnostics)
  errors.raise(E_FAIL, "the IDL has errors:\n" .. diagnostics:report())
end

---Compiles IDL to a type library, which can be used at once.
---
---    local lib = com.compile_idl [[
---      [uuid(...)] library Shapes { importlib("stdole2.tlb"); ... }
---    ]]
---    local circle = com.object({ Area = function(self) ... end }, "IShape", lib)
---    lib:save "shapes.tlb"
---
---Errors say file, line, column, the line and what was expected, many in one text.
---@param source string|oleander.IdlOptions
---@return oleander.Library
---@return string[] warnings
function idl.compile_idl(source)
  local compile <const> = require "oleander.idl.compile"
  local compilation <const> = compile.read(options_of(source))
  local description <const> = compile.describe(compilation)
  if not description then raise(compilation.diagnostics) end
  local warnings <const> = {}
  for _, item in ipairs(compilation.diagnostics.list) do warnings[#warnings
    + 1] = compilation.diagnostics.text(item) end
  local library <const> = require "oleander.typelib".from_library(core.build_typelib(description))
  descriptions[library] = description
  return library, warnings
end

--- The IDL of any library, read by the compiler; `before` stands in front of it.
local function read_again(library, before, subject)
  local facts <const> = require "oleander.typelib".library_facts[library]
  local text <const>, problems <const>, imports <const> = require "oleander.idl.decompile".library(facts.library)
  if #problems > 0 then
    errors.raise(E_FAIL, "a part of the library can't be read: " .. table.concat(problems, "; "), { subject = subject })
  end
  return require "oleander.idl.compile".read {
    text = before .. text, name = library.name, bits = library.syskind == "win64" and 64 or 32, libraries = imports,
  }
end

--- The description of any library: by the IDL that it is.
local function describe(library)
  local compilation <const> = read_again(library, "", "Library:save")
  return require "oleander.idl.compile".describe(compilation) or raise(compilation.diagnostics)
end

---Writes a library to a file, in the format MSFT whatever it was read from.
---@param library oleander.Library
---@param path string
function idl.save(library, path)
  if type(path) ~= "string" then
    errors.raise(E_INVALIDARG, "the path of a file is wanted", { subject = "Library:save" })
  end
  core.build_typelib(descriptions[library] or describe(library), path)
end

--- The bridge's library and the index of a type in it, of what com.idl takes.
local function source_of(x)
  local typelib <const> = require "oleander.typelib"
  if type(x) == "string" then x = require "oleander.types".typelib(x) end
  if typelib.is_library(x) then return typelib.library_facts[x].library end
  local kind <const> = typelib.is_type(x) and x or core.is_object(x) and require "oleander.types".typeof(x)
  if not kind then
    errors.raise(E_INVALIDARG, core.is_object(x) and "the object has no type information"
      or "a library, a type or an object is wanted, or what com.typelib takes", { subject = "com.idl" })
  end
  local library <const>, index <const> = typelib.type_facts[kind].info:library()
  if not library then
    errors.raise(E_INVALIDARG, ("the type %s is in no library"):format(kind.name), { subject = "com.idl" })
  end
  return library, index
end

---Writes the header for C and C++ of a library, as IDL compilers lay it out; it includes Oleander's headers or those of
---mingw-w64.
---@param library string|oleander.Library a string: what com.typelib takes
---@param path string
function idl.header(library, path)
  if type(library) == "string" then library = require "oleander.types".typelib(library) end
  if not require "oleander.typelib".is_library(library) or type(path) ~= "string" then
    errors.raise(E_INVALIDARG, "a library and the path of a file are wanted", { subject = "com.header" })
  end
  local compilation <const> = read_again(library, 'import "oaidl.idl";\nimport "ocidl.idl";\n', "com.header")
  local node <const> = compilation.symbols.library
  if node and compilation.diagnostics.errors == 0 then require "oleander.idl.c_order".arrange(node, library) end
  local text <const> = require "oleander.idl.compile".header(compilation, path:match "[^/]*$")
  if not text then raise(compilation.diagnostics) end
  local beside <const> = path .. ".part"
  local file <const>, problem <const> = io.open(beside, "wb")
  local done = file and file:write(text) and true
  if file then done = file:close() and done end
  if not (done and os.rename(beside, path)) then
    os.remove(beside)
    errors.raise(E_FAIL, ("%s can't be written%s"):format(path, problem and ": " .. problem or ""),
      { subject = "com.header" })
  end
end

---The IDL of a library, or of a type (of an object: of its type) with what it needs of its library. Compiled, with
---`bits = 32` for a library of 32-bit processes, it is the same again.
---
---    print(com.idl "scripting.so")
---    print(com.idl(com.create "Scripting.Dictionary"))
---@param x string|oleander.Library|oleander.Type|oleander.Object a string: what com.typelib takes
---@return string
---@return string[] problems what can't be read, and is missing
function idl.idl(x)
  local library <const>, index <const> = source_of(x)
  local text <const>, problems <const> = require "oleander.idl.decompile".library(library, index)
  return text, problems
end

return idl
