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

---Writes a library that was compiled to a file.
---@param library oleander.Library
---@param path string
function idl.save(library, path)
  local description <const> = descriptions[library]
  if not description then errors.raise(E_INVALIDARG, "only a library that com.compile_idl made can be saved") end
  core.build_typelib(description, path)
end

return idl
