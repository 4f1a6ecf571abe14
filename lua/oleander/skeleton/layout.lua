--- How an interface lies in memory: the function of each slot of its vtable.
local names <const> = require "oleander.skeleton.names"

local layout <const> = {}

local SLOT_LIMIT <const> = 4096
local LEVELS <const> = 32
local FIRST <const> = 7 -- behind IDispatch
local INVOKE_GET <const>, INVOKE_PUT <const> = 2, 4
local prefixes <const> = { [INVOKE_GET] = "get_", [INVOKE_PUT] = "put_", [8] = "putref_" }
local VOID <const>, HRESULT <const> = 24, 25
local OUT_RETVAL <const> = 10
local READONLY <const> = 1

---@class oleander.skeleton.Function
---@field name string in C
---@field member string as people know it: "get_Name"
---@field info userdata where its types come from
---@field result table description of what it returns
---@field parameters { name: string, type: table, flags: integer }[]

---@class oleander.skeleton.Layout
---@field slots table<integer, oleander.skeleton.Function> from 0 on
---@field count integer of slots
---@field dispatch boolean whether it begins with IDispatch

local function parameters_of(desc, scope)
  local list <const> = {}
  for i, parameter in ipairs(desc.parameters or {}) do
    list[i] = { name = scope:take(desc.names[i + 1] or "value"), type = parameter.type, flags = parameter.flags }
  end
  return list
end

local function new_function(info, desc, scope)
  local member <const> = (prefixes[desc.invkind] or "") .. (desc.names[1] or "method")
  return { name = scope:take(member), member = member, info = info, result = desc.result.type,
    parameters = parameters_of(desc, names.scope()) }
end

local function put(self, slot, made)
  if slot < 0 or slot >= SLOT_LIMIT or self.slots[slot] then return end
  self.slots[slot] = made
  self.count = math.max(self.count, slot + 1)
end

--- The functions that an interface adds to its base.
local function add_interface(self, info, scope)
  for i = 0, info:attributes().functions - 1 do
    local desc <const> = info:func(i)
    if desc and (desc.offset or -1) >= 0 and desc.offset % 8 == 0 and desc.kind ~= 4 then
      local slot <const> = desc.offset // 8
      if not self.slots[slot] and slot >= (self.dispatch and FIRST or 3) then
        put(self, slot, new_function(info, desc, scope))
      end
    end
  end
end

local function base_of(info)
  local href <const> = info:attributes().implemented > 0 and info:implemented(0)
  return href and info:reference(href)
end

local function name_of(info)
  local text <const> = info:documentation()
  return text and text.name or ""
end

--- The interfaces from the base behind IUnknown or IDispatch on.
local function lineage(self, info)
  local list, current = {}, info
  for _ = 1, LEVELS do
    local name <const> = name_of(current)
    if name == "IUnknown" then return list end
    if name == "IDispatch" then
      self.dispatch = true
      return list
    end
    table.insert(list, 1, current)
    current = base_of(current)
    if not current then return list end
  end
  return list
end

local function new_scope()
  local scope <const> = names.scope()
  for name in ("QueryInterface AddRef Release GetTypeInfoCount GetTypeInfo GetIDsOfNames Invoke"):gmatch "%S+" do
    scope:take(name)
  end
  return scope
end

---The layout of an interface with a vtable.
---@param info userdata
---@return oleander.skeleton.Layout
function layout.of_interface(info)
  local self <const> = { slots = {}, count = 3, dispatch = false }
  local scope <const> = new_scope()
  local list <const> = lineage(self, info)
  if info:attributes().flags & 0x40 ~= 0 then self.dispatch = true end
  if self.dispatch then self.count = FIRST end
  for _, level in ipairs(list) do add_interface(self, level, scope) end
  return self
end

--- A function of a dispinterface: what it gives is its last parameter.
local function served(info, desc, scope)
  local made <const> = new_function(info, desc, scope)
  local vt <const> = desc.result.type.vt
  if vt ~= VOID and vt ~= HRESULT then
    local used <const> = names.scope()
    for _, parameter in ipairs(made.parameters) do used:take(parameter.name) end
    made.parameters[#made.parameters + 1] = { name = used:take "answer", type = { vt = 26, to = desc.result.type },
      flags = OUT_RETVAL }
  end
  made.result = { vt = HRESULT }
  return made
end

---The layout of a dispinterface, as oleander_server.h serves it.
---@param info userdata
---@return oleander.skeleton.Layout
function layout.of_dispinterface(info)
  local self <const> = { slots = {}, count = FIRST, dispatch = true }
  local scope <const>, attributes <const> = new_scope(), info:attributes()
  for i = 0, attributes.functions - 1 do
    local desc <const> = info:func(i)
    local inherited <const> = desc and desc.memid & 0xFFFF0000 == 0x60000000 and desc.flags & 1 ~= 0
    if desc and not inherited then put(self, FIRST + i, served(info, desc, scope)) end
  end
  for i = 0, attributes.variables - 1 do
    local desc <const> = info:variable(i)
    local text <const> = desc and info:documentation(desc.memid)
    if desc and desc.kind == 3 then
      local name <const> = text and text.name or "property" .. i
      local slot <const> = FIRST + attributes.functions + 2 * i
      put(self, slot, served(info, { names = { name }, invkind = INVOKE_GET, result = { type = desc.type } }, scope))
      if desc.flags & READONLY == 0 then
        put(self, slot + 1, served(info, { names = { name, "value" }, invkind = INVOKE_PUT,
          result = { type = { vt = VOID } }, parameters = { { type = desc.type, flags = 1 } } }, scope))
      end
    end
  end
  return self
end

return layout
