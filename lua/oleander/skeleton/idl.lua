--- The type library of a server as IDL: of a library that exists, or of an object that was written in Lua.
local compile <const> = require "oleander.idl.compile"
local core <const> = require "oleander.core"
local decompile <const> = require "oleander.idl.decompile"

core.own_source(debug.getinfo(1, "S").source)

local idl <const> = {}

local function compiles(text, bits)
  local done <const>, description <const> = pcall(function()
    return compile.describe(compile.read { text = text, bits = bits })
  end)
  return done and description ~= nil
end

---The text of a library; nil when it cannot be said in IDL.
---@param library userdata
---@return string? text
---@return string[] problems what can't be read
function idl.of_library(library)
  local text <const>, problems <const> = decompile.library(library)
  local bits <const> = library:attributes().syskind == 3 and 64 or 32
  if compiles(text, bits) then return text, problems end
  return nil, problems
end

--- The types of a library that was made for a table: what stands between the braces.
local function types_of(info)
  local library <const> = info:library()
  local text <const> = decompile.library(library)
  local body <const> = text:match "\nlibrary [^\n]*\n{\n(.*)\n};?%s*$"
  local kept <const> = {}
  for line in (body or ""):gmatch "[^\n]*" do
    if not line:find "^%s*importlib" and not line:find "^#pragma" and not line:find "^%s*interface %w+;"
      and not line:find "^%s*dispinterface %w+;" then
      kept[#kept + 1] = line
    end
  end
  return table.concat(kept, "\n"):gsub("^\n+", ""):gsub("\n+$", "")
end

local LIBRARY <const> = [[
[uuid(%s), version(1.0), helpstring("%s")]
library %s {
  importlib("stdole2.tlb");

%s};
]]

local CLASS <const> = [[
  [uuid(%s)]
  coclass %s {
    [default] dispinterface %s;
%s  };
]]

---The text of a library with classes whose interfaces (and events) were made up for tables.
---@param name string
---@param list { class: string, clsid: string, info: userdata, events: userdata? }[]
---@return string
function idl.of_objects(name, list)
  local parts <const>, written <const> = {}, {}
  local function add(info)
    local guid <const> = info:attributes().guid
    if not written[guid] then parts[#parts + 1] = types_of(info) .. "\n\n" end
    written[guid] = true
  end
  for _, one in ipairs(list) do
    local sources = ""
    add(one.info)
    if one.events then
      add(one.events)
      sources = ("    [default, source] dispinterface %s;\n"):format(one.events:documentation().name)
    end
    parts[#parts + 1] = CLASS:format(one.clsid:sub(2, -2), one.class, one.info:documentation().name, sources)
  end
  return LIBRARY:format(core.name_clsid("library\n" .. list[1].clsid):sub(2, -2), name, name, table.concat(parts))
end

return idl
