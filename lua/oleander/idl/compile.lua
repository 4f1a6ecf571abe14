---Compiles IDL: reads a file, describes its library. `oleander.idl` makes libraries of it, `oleander.cli.idl` is the
---command.
local diagnostics <const> = require "oleander.idl.diagnostics"
local parser <const> = require "oleander.idl.parser"
local preprocessor <const> = require "oleander.idl.preprocessor"
local sources <const> = require "oleander.idl.sources"

local compile <const> = {}

---@class oleander.idl.Options
---@field file? string path of the file
---@field text? string or its text
---@field include? string[] folders
---@field define? table<string, string> macros
---@field bits? 32|64 of the target; 64
---@field libraries? table<string, userdata> that importlib finds by LIBID

---@class oleander.idl.Compilation
---@field unit oleander.idl.Unit
---@field symbols oleander.idl.Symbols
---@field statements table[]
---@field diagnostics oleander.idl.Diagnostics
---@field pointer_size integer

local function predefined(bits, defines)
  local all <const> = { _WIN32 = "1", __midl = "801", __OLEANDER_IDL__ = "1" }
  if bits == 64 then all._WIN64 = "1" end
  for name, value in pairs(defines or {}) do all[name] = value end
  return all
end

--- Runs a stage; what was noted as an error ends it quietly.
local function stage(f, ...)
  local done <const>, problem <const> = xpcall(f, function(e)
    if e == diagnostics.STOP or e == diagnostics.ABANDON then return e end
    return type(e) == "string" and debug.traceback(e, 2) or e
  end, ...)
  if not done and problem ~= diagnostics.STOP and problem ~= diagnostics.ABANDON then error(problem, 0) end
  return done
end

---Reads a file and all that it includes and imports.
---@param options oleander.idl.Options
---@return oleander.idl.Compilation
function compile.read(options)
  local bits <const> = options.bits or 64
  local unit <const> = preprocessor.unit(options.include, predefined(bits, options.define))
  unit.libraries = options.libraries or unit.libraries
  local result <const> = {
    unit = unit, symbols = parser.symbols(), statements = {}, diagnostics = unit.diagnostics, pointer_size = bits // 8,
  }
  stage(function()
    local source
    if options.text then
      if #options.text > sources.SIZE_LIMIT then unit.diagnostics:stop(nil, "the text is too large") end
      source = sources.add(unit.diagnostics.sources, options.name or "text", options.text)
    else
      source = preprocessor.load(unit, options.file, nil)
      if source then result.symbols.imports[options.file] = true end
    end
    if source then result.statements = parser.parse(unit, result.symbols, source, 0) end
  end)
  return result
end

--- The model of what was read; made once.
local function model_of(compilation)
  if not compilation.model then
    local model <const> = require "oleander.idl.model".new(compilation.unit, compilation.symbols,
      compilation.pointer_size)
    local first <const> = compilation.diagnostics.sources[1]
    model.file_name = (first and first.path or "text"):match "([^/]-)%.?[^./]*$":gsub("%W", "_")
    compilation.model = model
  end
  return compilation.model
end

---The header for C and C++ of what was read, and the C source with its GUIDs; nil when there are errors.
---@param compilation oleander.idl.Compilation
---@param name string file name of the header
---@return string? header
---@return string? guids
function compile.header(compilation, name)
  local text, guids
  stage(function() text, guids = require "oleander.idl.header".make(compilation, model_of(compilation), name) end)
  if compilation.diagnostics.errors > 0 then return nil end
  return text, guids
end

---The description of the library that was read (docs/idl.md); nil when there are errors.
---@param compilation oleander.idl.Compilation
---@return table?
function compile.describe(compilation)
  local list <const> = compilation.diagnostics
  local model <const> = model_of(compilation)
  if not compilation.symbols.library then
    if list.errors == 0 then list:error(nil, "the file has no library") end
    return nil
  end
  local result
  stage(function() result = require "oleander.idl.library".describe(model) end)
  return list.errors == 0 and result or nil
end

return compile
