---IDL text from a type library, such that compiling it gives the same library again. Where IDL has no words for what a
---library holds, words of our own are used (docs/idl.md, "Words of our own").
local core <const> = require "oleander.core"
local idltypes <const> = require "oleander.idl.decompile_types"

local decompile <const> = {}

local TKIND_ENUM <const>, TKIND_RECORD <const>, TKIND_MODULE <const>, TKIND_INTERFACE <const> = 0, 1, 2, 3
local TKIND_DISPATCH <const>, TKIND_COCLASS <const>, TKIND_ALIAS <const>, TKIND_UNION <const> = 4, 5, 6, 7
local DUAL <const>, OLEAUTOMATION <const>, DISPATCHABLE <const>, CANCREATE <const> = 0x40, 0x100, 0x1000, 0x2
local NIL_GUID <const> = "{00000000-0000-0000-0000-000000000000}"

---@class oleander.idl.Decompiling
---@field library userdata
---@field out string[]
---@field problems string[]
---@field guid string LIBID of the library
---@field imports table<string, userdata> imported libraries by LIBID
---@field named table<string, boolean> types of the library that were named

local function emit(self, text, ...)
  if select("#", ...) > 0 then text = text:format(...) end
  self.out[#self.out + 1] = text
end

local quote <const> = idltypes.quote

local interface_words <const> = {
  [0x1] = "appobject", [0x4] = "licensed", [0x10] = "hidden", [0x20] = "control", [0x80] = "nonextensible",
  [0x100] = "oleautomation", [0x200] = "restricted", [0x400] = "aggregatable", [0x800] = "replaceable",
  [0x4000] = "proxy", [0x8] = "predeclid",
}
local function_words <const> = {
  [0x1] = "restricted", [0x2] = "source", [0x4] = "bindable", [0x8] = "requestedit", [0x10] = "displaybind",
  [0x20] = "defaultbind", [0x40] = "hidden", [0x80] = "usesgetlasterror", [0x100] = "defaultcollelem",
  [0x200] = "uidefault", [0x400] = "nonbrowsable", [0x800] = "replaceable", [0x1000] = "immediatebind",
}
local variable_words <const> = {
  [0x1] = "readonly", [0x2] = "source", [0x4] = "bindable", [0x8] = "requestedit", [0x10] = "displaybind",
  [0x20] = "defaultbind", [0x40] = "hidden", [0x80] = "restricted", [0x100] = "defaultcollelem", [0x200] = "uidefault",
  [0x400] = "nonbrowsable", [0x800] = "replaceable", [0x1000] = "immediatebind",
}
local implemented_words <const> = { [1] = "default", [2] = "source", [4] = "restricted", [8] = "defaultvtable" }

--- Adds the words of the bits; gives the bits that have none.
local function flag_words(list, flags, words)
  local rest = 0
  for bit = 0, 31 do
    local value <const> = 1 << bit
    if flags & value ~= 0 then
      if words[value] then list[#list + 1] = words[value] else rest = rest | value end
    end
  end
  return rest
end

--- The GUIDs of what compilers say of themselves: they differ from run to run.
local compiler_marks <const> = {
  ["{DE77BA63-517C-11D1-A2DA-0000F8773CE9}"] = true, ["{DE77BA64-517C-11D1-A2DA-0000F8773CE9}"] = true,
  ["{DE77BA65-517C-11D1-A2DA-0000F8773CE9}"] = true,
}

local function custom_words(list, custom, is_library)
  for _, item in ipairs(custom or {}) do
    if item.guid == idltypes.ABI_GUID and type(item.value) == "string" then
      list[#list + 1] = "abi(" .. quote(item.value) .. ")"
    elseif not (is_library and compiler_marks[item.guid]) then
      list[#list + 1] = ("custom(%s, %s)"):format(item.guid:sub(2, -2), idltypes.custom(item))
    end
  end
end

--- The words for help; `context` is the number of the text in the library's DLL of texts.
local function help_words(list, text, context)
  if context and context ~= 0 then list[#list + 1] = ("helpstringcontext(0x%08x)"):format(context) end
  if not text then return end
  if text.help and text.help ~= "" then list[#list + 1] = "helpstring(" .. quote(text.help) .. ")" end
  if text.help_context and text.help_context ~= 0 then
    list[#list + 1] = ("helpcontext(0x%08x)"):format(text.help_context & 0xFFFFFFFF)
  end
end

local function bracketed(list, indent)
  if #list == 0 then return "" end
  local line <const> = "[" .. table.concat(list, ", ") .. "]"
  if #line + #indent <= 118 then return line .. " " end
  return "[\n" .. indent .. "  " .. table.concat(list, ",\n" .. indent .. "  ") .. "\n" .. indent .. "] "
end

--- Attributes that every kind of type has.
local function type_words(info, attributes, text)
  local list <const> = {}
  if attributes.guid ~= NIL_GUID then list[1] = "uuid(" .. attributes.guid:sub(2, -2) .. ")" end
  if attributes.major ~= 0 or attributes.minor ~= 0 then
    list[#list + 1] = ("version(%d.%d)"):format(attributes.major, attributes.minor)
  end
  help_words(list, text, info:help_string(-1))
  custom_words(list, info:custom())
  return list
end

-- members

--- How many parameters the compiler would count as optional.
local function expected_optional(parameters)
  local count = 0
  for i = #parameters, 1, -1 do
    local flags <const>, kind = parameters[i].flags, parameters[i].type
    if kind.vt == 26 then kind = kind.to end
    if flags & 0x30 == 0x10 and kind and kind.vt == 12 then
      count = count + 1
    elseif flags & 0xC == 0 then
      break
    end
  end
  return count
end

local function parameter_text(self, info, desc, i, kept)
  local parameter <const> = desc.parameters[i]
  local list <const>, flags <const> = {}, parameter.flags
  if flags & 1 ~= 0 then list[#list + 1] = "in" end
  if flags & 2 ~= 0 then list[#list + 1] = "out" end
  if flags & 4 ~= 0 then list[#list + 1] = "lcid" end
  if flags & 8 ~= 0 then list[#list + 1] = "retval" end
  if parameter.default then
    list[#list + 1] = "defaultvalue(" .. idltypes.value(parameter.default) .. ")"
    local plain <const> = idltypes.default_vt(self, info, parameter.type)
    if plain ~= parameter.default.vt then list[#list + 1] = ("vartype(%d)"):format(parameter.default.vt) end
    if flags & 0x10 == 0 then list[#list + 1] = "paramflags(" .. flags .. ")" end
  elseif flags & 0x10 ~= 0 then
    list[#list + 1] = "optional"
  end
  if flags & ~0x3F ~= 0 or flags & 0x20 ~= 0 and not parameter.default then
    list[#list + 1] = "paramflags(" .. flags .. ")"
  end
  if kept[i] then list[#list + 1] = kept[i] end
  custom_words(list, info:custom("parameter", desc.index, i - 1))
  local name <const> = desc.names[i + 1]
  return (#list > 0 and "[" .. table.concat(list, ", ") .. "] " or "")
    .. idltypes.declaration(self, info, parameter.type, name and idltypes.name(name) or "")
end

--- What the custom data of a function says of its parameters, by number; the rest of the custom data.
local function kept_words(custom)
  local kept <const>, rest <const> = {}, {}
  for _, item in ipairs(custom) do
    if item.guid == idltypes.SIGNATURE_GUID and type(item.value) == "string" then
      for entry in (item.value .. "; "):gmatch "(.-); " do
        local index <const>, text <const> = entry:match "^(%d+) (.*)$"
        if index then kept[math.tointeger(index) + 1] = text:gsub(",([%a])", ", %1") end
      end
    else
      rest[#rest + 1] = item
    end
  end
  return kept, rest
end

local invocations <const> = { [2] = "propget", [4] = "propput", [8] = "propputref" }
local conventions <const> = { [0] = "__fastcall", [1] = "__cdecl", [2] = "__pascal" }

--- One function; `slot` is where the compiler would place it.
local function function_text(self, info, desc, indent, slot)
  local list <const> = { ("id(0x%08x)"):format(desc.memid & 0xFFFFFFFF) }
  list[#list + 1] = invocations[desc.invkind]
  local rest <const> = flag_words(list, desc.flags, function_words)
  if rest ~= 0 then list[#list + 1] = ("funcflags(0x%x)"):format(desc.flags) end
  if desc.entry then
    table.insert(list, 1, "entry(" .. (desc.entry.name and quote(desc.entry.name) or ("%d"):format(desc.entry.ordinal))
      .. ")")
  end
  if desc.optional == -1 then
    list[#list + 1] = "vararg"
  elseif desc.optional ~= expected_optional(desc.parameters) then
    list[#list + 1] = ("optionals(%d)"):format(desc.optional)
  end
  if slot and desc.offset ~= slot then list[#list + 1] = ("vtableoffset(%d)"):format(desc.offset) end
  help_words(list, info:documentation(desc.memid), info:help_string(desc.memid))
  local kept <const>, custom <const> = kept_words(info:custom("function", desc.index))
  custom_words(list, custom)
  local parameters <const> = {}
  for i in ipairs(desc.parameters) do parameters[i] = parameter_text(self, info, desc, i, kept) end
  local convention = conventions[desc.callconv]
  if not convention and desc.callconv ~= 4 then list[#list + 1] = ("callconv(%d)"):format(desc.callconv) end
  convention = convention and convention .. " " or ""
  local text <const> = idltypes.declaration(self, info, desc.result.type,
    convention .. idltypes.name(desc.names[1] or "f"))
  local head <const> = bracketed(list, indent)
  local joined <const> = table.concat(parameters, ", ")
  if #indent + #head + #text + #joined < 116 and not head:find "\n" then
    return ("%s%s%s(%s);"):format(indent, head, text, joined)
  end
  return ("%s%s\n%s  %s(%s);"):format(indent, head:gsub("%s+$", ""), indent, text,
    #joined > 100 and "\n" .. indent .. "    " .. table.concat(parameters, ",\n" .. indent .. "    ") or joined)
end

local function read_function(self, info, index, name)
  local desc <const>, problem <const> = info:func(index)
  if not desc then
    self.problems[#self.problems + 1] = ("%s: function %d can't be read (%s)"):format(name, index,
      core.status(problem) or problem)
    return nil
  end
  desc.index = index
  if info:attributes().kind == TKIND_MODULE then desc.entry = info:entry(desc.memid, desc.invkind) end
  return desc
end

local function functions(self, info, attributes, name, indent, first_slot)
  local slot = first_slot
  for index = 0, attributes.functions - 1 do
    local desc <const> = read_function(self, info, index, name)
    if desc then
      emit(self, "%s", function_text(self, info, desc, indent, slot))
      if slot then slot = desc.offset + 8 end
    end
  end
end

local function variable_words_of(info, desc, index)
  local list <const> = {}
  local rest <const> = flag_words(list, desc.flags, variable_words)
  if rest ~= 0 then list[#list + 1] = ("varflags(0x%x)"):format(desc.flags) end
  if desc.parameter_flags and desc.parameter_flags ~= 0 then
    list[#list + 1] = "paramflags(" .. desc.parameter_flags .. ")"
  end
  help_words(list, info:documentation(desc.memid), info:help_string(desc.memid))
  custom_words(list, info:custom("variable", index))
  return list
end

local function variables(self, info, attributes, name, write)
  for index = 0, attributes.variables - 1 do
    local desc <const>, problem <const> = info:variable(index)
    if desc then
      local text <const> = info:documentation(desc.memid)
      write(desc, idltypes.name(text and text.name or "v" .. index), index)
    else
      self.problems[#self.problems + 1] = ("%s: variable %d can't be read (%s)"):format(name, index,
        core.status(problem) or problem)
    end
  end
end

-- types

local writers <const> = {}

--- Flags that no word says.
local function add_type_flags(list, flags, words, implied)
  local rest <const> = flag_words(list, flags & ~implied, words)
  if rest ~= 0 or flags & implied ~= implied then list[#list + 1] = ("typeflags(0x%x)"):format(flags) end
end

writers[TKIND_ENUM] = function(self, info, attributes, name, words)
  add_type_flags(words, attributes.flags, interface_words, 0)
  emit(self, "  %senum %s {", bracketed(words, "  "), name)
  variables(self, info, attributes, name, function(desc, constant, index)
    local list <const> = variable_words_of(info, desc, index)
    if desc.memid ~= 0x40000000 + index then table.insert(list, 1, ("id(0x%08x)"):format(desc.memid & 0xFFFFFFFF)) end
    local value <const> = desc.constant or { vt = 3, value = 0 }
    if desc.type.vt ~= 22 or value.vt ~= 3 then
      list[#list + 1] = ("vartype(%d, %d)"):format(value.vt, desc.type.vt)
    end
    emit(self, "    %s%s = %s,", bracketed(list, "    "), constant, idltypes.value(value))
  end)
  emit(self, "  };")
end

local function record(word)
  return function(self, info, attributes, name, words)
    add_type_flags(words, attributes.flags, interface_words, 0)
    local pack <const> = idltypes.packing(self, info, attributes)
    if pack then emit(self, "#pragma pack(push, %d)", pack) end
    emit(self, "  %s%s %s {", bracketed(words, "  "), word, name)
    variables(self, info, attributes, name, function(desc, field, index)
      local list <const> = variable_words_of(info, desc, index)
      if desc.memid ~= 0x40000000 + index then table.insert(list, 1, ("id(0x%08x)"):format(desc.memid & 0xFFFFFFFF)) end
      emit(self, "    %s%s;", bracketed(list, "    "), idltypes.declaration(self, info, desc.type, field))
    end)
    emit(self, "  };")
    if pack then emit(self, "#pragma pack(pop)") end
  end
end
writers[TKIND_RECORD], writers[TKIND_UNION] = record "struct", record "union"

writers[TKIND_ALIAS] = function(self, info, attributes, name, words)
  add_type_flags(words, attributes.flags, interface_words, 0)
  local alignment <const> = idltypes.own_alignment(self, info, attributes)
  if alignment then words[#words + 1] = ("alignment(%d)"):format(alignment) end
  table.insert(words, "public")
  emit(self, "  typedef %s%s;", bracketed(words, "  "),
    idltypes.declaration(self, info, attributes.alias or { vt = 24 }, name))
end

writers[TKIND_MODULE] = function(self, info, attributes, name, words)
  add_type_flags(words, attributes.flags, interface_words, 0)
  local dll
  for index = 0, attributes.functions - 1 do
    local desc <const> = read_function(self, info, index, name)
    dll = dll or desc and desc.entry and desc.entry.dll
  end
  words[#words + 1] = dll and "dllname(" .. quote(dll) .. ")" or nil
  emit(self, "  %smodule %s {", bracketed(words, "  "), name)
  variables(self, info, attributes, name, function(desc, constant, index)
    local list <const> = variable_words_of(info, desc, index)
    if desc.memid ~= 0x40000000 + index then table.insert(list, 1, ("id(0x%08x)"):format(desc.memid & 0xFFFFFFFF)) end
    local value <const> = desc.constant or { vt = 3, value = 0 }
    if idltypes.default_vt(self, info, desc.type) ~= value.vt then
      list[#list + 1] = ("vartype(%d)"):format(value.vt)
    end
    emit(self, "    %sconst %s = %s;", bracketed(list, "    "), idltypes.declaration(self, info, desc.type, constant),
      idltypes.value(value))
  end)
  functions(self, info, attributes, name, "    ")
  emit(self, "  }")
end

local function base_of(info, attributes)
  local href <const> = attributes.implemented > 0 and info:implemented(0)
  return href and info:reference(href), href
end

--- Whether it derives from IDispatch.
local function is_dispatch(info)
  local current = info
  for _ = 1, 64 do
    local base <const> = base_of(current, current:attributes())
    if not base then return false end
    local text <const> = base:documentation()
    if text and text.name == "IDispatch" then return true end
    current = base
  end
  return false
end

--- Where the vtable of the base ends, when the base itself can't be asked.
local function first_slot(info, attributes)
  local first <const> = attributes.functions > 0 and info:func(0)
  return first and first.offset or attributes.functions == 0 and attributes.vtable_size or 0
end

writers[TKIND_INTERFACE] = function(self, info, attributes, name, words)
  local base, href <const> = base_of(info, attributes)
  local dispatch <const> = is_dispatch(info)
  local flags <const> = attributes.flags
  local implied = 0
  table.insert(words, 1, "odl")
  if flags & DUAL ~= 0 then
    words[#words + 1] = "dual"
    implied = DUAL | OLEAUTOMATION | DISPATCHABLE
  elseif dispatch then
    implied = DISPATCHABLE
  end
  add_type_flags(words, flags, interface_words, implied)
  local base_name = ""
  if href then
    base_name = " : " .. idltypes.reference(self, info, href, { slots = first_slot(info, attributes) // 8 })
  end
  emit(self, "  %sinterface %s%s {", bracketed(words, "  "), name, base_name)
  local base_size <const> = base and base:attributes().vtable_size or href and first_slot(info, attributes) or 0
  functions(self, info, attributes, name, "    ", idltypes.slot_size(self, base, base_size))
  emit(self, "  }")
end

writers[TKIND_DISPATCH] = function(self, info, attributes, name, words)
  if attributes.flags & DUAL ~= 0 then
    local half <const> = info:implemented(-1)
    local other <const> = half and info:reference(half)
    if other then return writers[TKIND_INTERFACE](self, other, other:attributes(), name, words) end
  end
  add_type_flags(words, attributes.flags, interface_words, DISPATCHABLE)
  emit(self, "  %sdispinterface %s {", bracketed(words, "  "), name)
  local shown <const> = info:shown()
  if shown then
    emit(self, "    interface %s;\n  }", idltypes.type_name(self, shown))
    return
  end
  emit(self, "  properties:")
  variables(self, info, attributes, name, function(desc, property, index)
    local list <const> = variable_words_of(info, desc, index)
    table.insert(list, 1, ("id(0x%08x)"):format(desc.memid & 0xFFFFFFFF))
    emit(self, "    %s%s;", bracketed(list, "    "), idltypes.declaration(self, info, desc.type, property))
  end)
  emit(self, "  methods:")
  functions(self, info, attributes, name, "    ")
  emit(self, "  }")
end

writers[TKIND_COCLASS] = function(self, info, attributes, name, words)
  local flags <const> = attributes.flags
  if flags & CANCREATE == 0 then words[#words + 1] = "noncreatable" end
  add_type_flags(words, flags & ~CANCREATE, interface_words, 0)
  emit(self, "  %scoclass %s {", bracketed(words, "  "), name)
  local lines <const>, defaults <const> = {}, {}
  for index = 0, attributes.implemented - 1 do
    local href <const>, item_flags <const> = info:implemented(index)
    local kind <const> = href and info:reference(href)
    if href then
      local list <const> = {}
      local rest <const> = flag_words(list, item_flags, implemented_words)
      if rest ~= 0 then list[#list + 1] = ("implflags(%d)"):format(item_flags) end
      custom_words(list, info:custom("implemented", index))
      local given <const> = kind and kind:attributes()
      local pure <const> = given and given.kind == TKIND_DISPATCH and given.flags & DUAL == 0
      local word <const> = pure and "dispinterface" or "interface"
      lines[#lines + 1] = { list, word, idltypes.reference(self, info, href), item_flags }
      if item_flags & 1 ~= 0 then defaults[item_flags & 2] = true end
    else
      self.problems[#self.problems + 1] = ("%s: implemented type %d can't be read"):format(name, index)
    end
  end
  for _, line in ipairs(lines) do
    if not defaults[line[4] & 2] and line[4] & 4 == 0 then line[1][#line[1] + 1] = ("implflags(%d)"):format(line[4]) end
    emit(self, "    %s%s %s;", bracketed(line[1], "    "), line[2], line[3])
  end
  emit(self, "  }")
end

-- the library

local absent_words <const> = {
  [0] = "enum", "struct", "module", "interface", "dispinterface", "coclass", "typedef", "union",
}

--- The statement for a library that is absent, with the types of it that are used.
local function absent_idl(library)
  local lines <const> = { ("  [uuid(%s), version(%d.%d), lcid(0x%04x)] importlib(%s) {"):format(
    library.library:sub(2, -2), library.major, library.minor, library.lcid, quote(library.file)) }
  for i, item in ipairs(library.types) do
    local list <const> = { item.guid and "uuid(" .. item.guid:sub(2, -2) .. ")"
      or ("typeindex(%d)"):format(item.index) }
    if item.bases then
      list[2], list[3] = ("slots(%d)"):format(item.slots), ("bases(%d)"):format(item.bases)
    end
    lines[i + 1] = ("    [%s] %s %s;"):format(table.concat(list, ", "), absent_words[item.kind], item.name)
  end
  lines[#lines + 1] = "  };"
  return table.concat(lines, "\n")
end

--- The names of its types in lower case, and those that several types have.
local function names_of(library)
  local names <const>, exact <const>, repeated <const> = {}, {}, {}
  for i = 0, library:count() - 1 do
    local text <const> = library:documentation(i)
    if text and text.name then
      repeated[text.name], exact[text.name] = exact[text.name], true
      names[text.name:lower()] = true
    end
  end
  return names, repeated
end

local library_words <const> = { [1] = "restricted", [2] = "control", [4] = "hidden" }

local function head(self)
  local library <const> = self.library
  local attributes <const>, text <const> = library:attributes(), library:documentation(-1) or {}
  local list <const> = { "uuid(" .. attributes.guid:sub(2, -2) .. ")",
    ("version(%d.%d)"):format(attributes.major, attributes.minor) }
  if attributes.lcid ~= 0 then list[#list + 1] = ("lcid(0x%04x)"):format(attributes.lcid) end
  local context <const>, dll <const> = library:help_string(-1)
  help_words(list, text, context)
  if text.help_file and text.help_file ~= "" then list[#list + 1] = "helpfile(" .. quote(text.help_file) .. ")" end
  if dll and dll ~= "" then list[#list + 1] = "helpstringdll(" .. quote(dll) .. ")" end
  flag_words(list, attributes.flags, library_words)
  if attributes.syskind ~= 1 and attributes.syskind ~= 3 then
    list[#list + 1] = ("syskind(%d)"):format(attributes.syskind)
  end
  custom_words(list, library:custom(), true)
  return "[\n  " .. table.concat(list, ",\n  ") .. "\n]\nlibrary " .. idltypes.name(text.name or "Library") .. "\n{"
end

local forward_words <const> = { [TKIND_INTERFACE] = "interface", [TKIND_DISPATCH] = "dispinterface" }

local function forwards(self, indexes)
  for _, i in ipairs(indexes) do
    local kind <const> = self.library:kind(i)
    if forward_words[kind] then
      local info <const> = self.library:info(i)
      local dual <const> = info:attributes().flags & DUAL ~= 0
      emit(self, "  %s %s;", dual and "interface" or forward_words[kind],
        idltypes.name(self.library:documentation(i).name))
    end
  end
end

--- The IDL of one type; the names of the types that it needs are left in self.named.
local function type_idl(self, i)
  local library <const> = self.library
  local info <const> = library:info(i)
  local attributes <const>, text <const> = info:attributes(), library:documentation(i)
  local name <const> = idltypes.name(text and text.name or "type" .. i)
  local writer <const> = writers[attributes.kind]
  self.out, self.named = {}, {}
  if writer then writer(self, info, attributes, name, type_words(info, attributes, text)) end
  return table.concat(self.out, "\n")
end

--- The texts of types by their index: of all, or of one and of those that it needs.
local function type_texts(self, only)
  local library <const>, texts <const>, indexes <const> = self.library, {}, {}
  if not only then
    for i = 0, library:count() - 1 do texts[i], indexes[i + 1] = type_idl(self, i), i end
    return texts, indexes
  end
  local by_name <const>, waiting <const> = {}, { only }
  for i = library:count() - 1, 0, -1 do
    local text <const> = library:documentation(i)
    if text and text.name then by_name[text.name] = i end
  end
  while #waiting > 0 do
    local i <const> = table.remove(waiting)
    if not texts[i] then
      texts[i], indexes[#indexes + 1] = type_idl(self, i), i
      for name in pairs(self.named) do waiting[#waiting + 1] = by_name[name] end
    end
  end
  table.sort(indexes)
  return texts, indexes
end

---The IDL of a library, or of one of its types together with those of the library that it needs.
---@param library userdata the bridge's
---@param only? integer index of the type
---@return string idl
---@return string[] problems what could not be read
---@return table<string, userdata> imports the libraries that it refers to, by LIBID
function decompile.library(library, only)
  local self <const> = { library = library, problems = {}, imports = {}, import_list = {}, absent = {},
    absent_list = {}, repeated = {} }
  self.own_names, self.repeated = names_of(library)
  if only then self.repeated = {} end -- its types have other places
  local attributes <const> = library:attributes()
  self.wide, self.guid = attributes.syskind == 3, attributes.guid
  local texts <const>, indexes <const> = type_texts(self, only)
  local lines <const> = { "// Made from a type library by oleander tlb idl.", "", head(self) }
  lines[#lines + 1] = '  importlib("stdole2.tlb");'
  for _, file in ipairs(self.import_list) do lines[#lines + 1] = "  importlib(" .. quote(file) .. ");" end
  for _, other in ipairs(self.absent_list) do lines[#lines + 1] = absent_idl(other) end
  self.out = lines
  emit(self, "#pragma oleander order\n")
  forwards(self, indexes)
  for _, i in ipairs(indexes) do
    emit(self, "")
    lines[#lines + 1] = texts[i]
  end
  lines[#lines + 1] = "}\n"
  return table.concat(lines, "\n"), self.problems, self.imports
end

return decompile
