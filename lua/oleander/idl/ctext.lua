---Types and constants of IDL as C writes them.
local description <const> = require "oleander.idl.description"

local ctext <const> = {}

local type_text

---A declaration: `LONG *name[4]`, `HRESULT (*name)(int)`.
---@param writer oleander.idl.HeaderWriter
---@param type oleander.idl.Type
---@param name string
---@param indent string before the lines of a record's body
---@return string
function ctext.declaration(writer, type, name, indent)
  local k <const> = type.k
  if k == "pointer" then
    local star = "*" .. name
    if type.to.k == "array" or type.to.k == "function" then
      local convention <const> = type.to.k == "function" and "STDMETHODCALLTYPE " or ""
      star = "(" .. convention .. star .. ")"
    end
    return ctext.declaration(writer, type.to, star, indent)
  elseif k == "const" then
    if type.of.k == "pointer" then
      return ctext.declaration(writer, type.of, "const" .. (name ~= "" and " " .. name or ""), indent)
    end
    return "const " .. ctext.declaration(writer, type.of, name, indent)
  elseif k == "array" then
    local bounds <const> = {}
    for i, dimension in ipairs(type.dimensions) do
      bounds[i] = dimension and ctext.size(writer, dimension) or ""
      if bounds[i] == "" and (i > 1 or writer.in_record) then bounds[i] = "1" end
    end
    return ctext.declaration(writer, type.of, name .. "[" .. table.concat(bounds, "][") .. "]", indent)
  elseif k == "function" then
    return ctext.declaration(writer, type.result, name .. "(" .. ctext.parameters(writer, type, indent) .. ")", indent)
  elseif k == "safearray" then
    return "SAFEARRAY *" .. name
  end
  local text <const> = type_text(writer, type, indent)
  return name == "" and text or text .. " " .. name
end

---A constant expression that is a number here; "" where it depends on a parameter.
function ctext.size(writer, tree)
  -- A size that names a parameter is no constant; whoever wants one has said so already.
  local quiet <const> = setmetatable({ fail = function() error("no constant", 0) end }, { __index = writer.model })
  local done <const>, value <const> = pcall(writer.model.integer, quiet, tree, "a size")
  return done and ("%d"):format(value) or ""
end

---Parameters, without parentheses.
function ctext.parameters(writer, type, indent)
  local list <const> = {}
  for i, parameter in ipairs(type.parameters) do
    list[i] = ctext.declaration(writer, parameter.type, parameter.name or "", indent)
  end
  if type.parameters.variadic then list[#list + 1] = "..." end
  return #list == 0 and "void" or table.concat(list, ", ")
end

local function fields(writer, node, indent)
  local out <const> = {}
  local outer <const> = writer.in_record
  writer.in_record = true
  for _, field in ipairs(node.fields) do
    local text = ctext.declaration(writer, field.type, field.name or "", indent)
    if field.bits then text = text .. " : " .. ctext.size(writer, field.bits) end
    out[#out + 1] = indent .. text .. ";\n"
  end
  writer.in_record = outer
  return table.concat(out)
end

local function constants(node, indent)
  local out <const> = {}
  for i, constant in ipairs(node.constants) do
    local value <const> = constant.tree and " = " .. description.shown(constant.tree) or i == 1 and " = 0" or ""
    out[i] = indent .. constant.name .. value
  end
  return table.concat(out, ",\n") .. "\n"
end

---A record, union or enum with its body.
---@param node table
---@param indent string
---@return string
function ctext.definition(writer, node, indent)
  local tag <const> = node.tag and " " .. node.tag or ""
  local inner <const> = indent .. "    "
  local body <const> = node.k == "enum" and constants(node, inner) or fields(writer, node, inner)
  return node.word .. tag .. " {\n" .. body .. indent .. "}"
end

local tag_of_node <const> = { record = true, union = true, enum = true }

---A type specifier.
type_text = function(writer, type, indent)
  local k <const> = type.k
  if k == "base" then return type.name end
  if k == "name" then -- C has no tags alone for names
    local symbols <const> = writer.model.symbols
    local tagged <const> = not symbols.typedefs[type.name] and symbols.tags[type.name]
    return tagged and not symbols.interfaces[type.name] and tagged.word .. " " .. type.name or type.name
  end
  if tag_of_node[k] then
    if writer.written[type] then
      if type.tag then return type.word .. " " .. type.tag end
      if type.typedef then return type.typedef.name end
    end
    writer.written[type] = true
    return ctext.definition(writer, type, indent)
  end
  if k == "tag" then
    if type.tag == "interface" or type.tag == "coclass" then return type.name end
    return type.word .. " " .. type.name
  end
  if k == "nth" then return writer.model:nth(type).name end
  return "void"
end

---The value of a constant for a #define.
function ctext.value(tree)
  local text <const> = description.shown(tree)
  if tree.k == "text" then
    local escaped <const> = tree.value:gsub("[%c\"\\]", function(char)
      return ({ ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ['"'] = '\\"', ["\\"] = "\\\\" })[char]
        or ("\\%03o"):format(char:byte())
    end)
    return tree.wide and 'OLESTR("' .. escaped .. '")' or '"' .. escaped .. '"'
  end
  return text
end

---The parts of a GUID as DEFINE_GUID takes them.
---@param guid string in braces
---@return string
function ctext.guid(guid)
  local a <const>, b <const>, c <const>, d <const>, e <const> = guid:match "^{(%x+)%-(%x+)%-(%x+)%-(%x+)%-(%x+)}$"
  local bytes <const> = {}
  for pair in (d .. e):gmatch "%x%x" do bytes[#bytes + 1] = "0x" .. pair:lower() end
  return ("0x%s, 0x%s, 0x%s, %s"):format(a:lower(), b:lower(), c:lower(), table.concat(bytes, ", "))
end

return ctext
