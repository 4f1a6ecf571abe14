--- Which parameters only count the elements of others, by what a library keeps of [size_is] and [length_is]. Methods of
--- modules do not have them among their arguments: the buffers tell.
local core <const> = require "oleander.core"
local typelib <const> = require "oleander.typelib"

core.own_source(debug.getinfo(1, "S").source)

local counts <const> = {}

--- Under it a library keeps the attributes that it has no place for (docs/idl.md).
local SIGNATURE_GUID <const> = "{6F1B1C5A-3D0E-4E5B-9A57-0C4F2B7E61D1}"
local IN <const>, OUT <const> = 1, 2

local function kept_text(facts)
  for _, item in ipairs(facts.info:custom("function", facts.index) or {}) do
    if item.guid == SIGNATURE_GUID and type(item.value) == "string" then return item.value end
  end
end

---The parameters of a member, counted from 1, that are [in] and say how many elements an [in] buffer has.
---@param member oleander.Member
---@return table<integer, boolean>
---@return table<integer, boolean> buffers the parameters that have such counts
function counts.of(member)
  local facts <const>, found <const>, buffers <const> = typelib.member_facts[member], {}, {}
  local text <const> = facts.is_function and kept_text(facts)
  if not text then return found, buffers end
  local parameters <const>, numbers <const> = facts.desc.parameters, {}
  for i, parameter in ipairs(parameters) do
    if parameter.flags & (IN | OUT) == IN then numbers[facts.desc.names[i + 1] or ""] = i end
  end
  for index, said in text:gmatch "(%d+) ([^;]*)" do
    local buffer <const> = parameters[tonumber(index) + 1]
    if said:find "_is%(" then buffers[tonumber(index) + 1] = true end
    if buffer and buffer.flags & IN ~= 0 then
      for inside in said:gmatch "[%a_]+_is(%b())" do
        for name in inside:gmatch "[%a_][%w_]*" do
          if numbers[name] then found[numbers[name]] = true end
        end
      end
    end
  end
  return found, buffers
end

return counts
