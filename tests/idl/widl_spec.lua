-- Libraries of all features that both compilers know, made up from a fixed seed, say the same whether widl or we
-- compile them. What widl does in ways of its own is left out (variants with defaults, methods that are not stdcall,
-- aliases of records) or not compared (how many parameters are optional). OLEANDER_WIDL_LIBRARIES says how many are
-- tried.
local com <const> = require "oleander"

local source <const> = assert(os.getenv "OLEANDER_SOURCE")

local function installed(program)
  return os.execute("command -v " .. program .. " >/dev/null 2>&1") ~= nil
end
local widl <const> = installed "x86_64-w64-mingw32-widl" and "x86_64-w64-mingw32-widl"
  or installed "widl" and "widl"

-- making

local Maker <const> = {}
Maker.__index = Maker

function Maker:random(n)
  self.state = (self.state * 6364136223846793005 + 1442695040888963407)
  return (self.state >> 33) % n + 1
end

function Maker:one(list) return list[self:random(#list)] end
function Maker:often(percent) return self:random(100) <= percent end

function Maker:line(...) self.out[#self.out + 1] = string.format(...) end

function Maker:uuid()
  self.guids = self.guids + 1
  return ("%08X-%04X-4A0B-9E43-6C1B0F2D7702"):format(self.guids, self.seed)
end

function Maker:name(prefix)
  self.names = self.names + 1
  return prefix .. self.names
end

local base <const> = { "long", "short", "unsigned long", "unsigned short", "char", "unsigned char", "hyper",
  "unsigned hyper", "int", "unsigned int", "float", "double", "BSTR", "VARIANT", "VARIANT_BOOL", "DATE", "CURRENCY",
  "DECIMAL", "SCODE", "IUnknown *", "IDispatch *", "LPSTR", "LPWSTR" }

--- A type that a parameter or a field may have.
function Maker:type()
  if self:often(20) and #self.enums > 0 then return "enum " .. self:one(self.enums) end
  if self:often(15) and #self.records > 0 then return "struct " .. self:one(self.records) .. " *" end
  if self:often(15) and #self.interfaces > 0 then return self:one(self.interfaces) .. " *" end
  if self:often(15) then return "SAFEARRAY(" .. self:one { "long", "BSTR", "VARIANT", "double" } .. ")" end
  return self:one(base)
end

function Maker:help()
  local list <const> = {}
  if self:often(40) then list[#list + 1] = ('helpstring("Help \\"%d\\" of it")'):format(self:random(1000)) end
  if self:often(20) then list[#list + 1] = ("helpcontext(%d)"):format(self:random(100000)) end
  return list
end

local function bracketed(list)
  return #list > 0 and "[" .. table.concat(list, ", ") .. "] " or ""
end

function Maker:enum()
  local name <const> = self:name "Enum"
  self:line("  %senum %s {", self:often(30) and "[uuid(" .. self:uuid() .. ")] " or "", name)
  for _ = 1, self:random(6) do
    self:line("    %s%s,", self:name "value", self:one { "", " = 7", " = -3", " = 0x10", " = 1 << 4", " = (3 + 4) * 2",
      " = 0x7FFFFF", " = ~5" })
  end
  self:line "  };"
  self.enums[#self.enums + 1] = name
end

function Maker:record()
  local name <const> = self:name "Record"
  self:line("  %s %s {", self:one { "struct", "struct", "union" }, name)
  local union <const> = self.out[#self.out]:find "union"
  for _ = 1, self:random(5) do
    local kind <const> = self:type()
    self:line("    %s %s%s;", kind, self:name "field", self:one { "", "", "", "[3]", "[2][4]" })
  end
  self:line "  };"
  if not union then self.records[#self.records + 1] = name end
end

local defaults <const> = {
  long = { "5", "-5", "0x20" }, short = { "7", "-1" }, ["unsigned long"] = { "9" }, BSTR = { '"text"', '""' },
  VARIANT_BOOL = { "-1", "0" }, double = { "1.5", "-0.25" }, int = { "3" }, float = { "2.5" },
}

function Maker:parameters(optional_from)
  local list <const> = {}
  for i = 1, self:random(4) - 1 do
    local kind, given = self:type(), { "in" }
    if i >= optional_from then
      kind = self:one { "VARIANT", "long", "BSTR", "double" }
      local choices <const> = defaults[kind]
      given[2] = choices and "defaultvalue(" .. self:one(choices) .. ")" or "optional"
    elseif self:often(20) then
      given = self:one { { "out" }, { "in", "out" } }
      kind = kind .. (kind:sub(-1) == "*" and "*" or " *")
    end
    list[i] = bracketed(given) .. kind .. " " .. self:name "p"
  end
  return list
end

local flags <const> = { "hidden", "restricted", "bindable", "requestedit", "defaultbind", "displaybind", "uidefault",
  "nonbrowsable", "immediatebind", "source", "defaultcollelem" }

function Maker:method(id)
  local list = self:help()
  if id then table.insert(list, 1, ("id(%s)"):format(id)) end
  if self:often(20) then list[#list + 1] = self:one(flags) end
  if self:often(40) then
    local name <const>, kind <const> = self:name "Property", self:type()
    list[#list + 1] = "propget"
    self:line("    %sHRESULT %s([out, retval] %s *%s);", bracketed(list), name, kind, self:name "p")
    if self:often(60) and id then
      list = { ("id(%s)"):format(id), "propput" }
      self:line("    %sHRESULT %s([in] %s %s);", bracketed(list), name, kind, self:name "p")
    end
    return
  end
  local parameters <const> = self:parameters(self:often(30) and 2 or 99)
  if self:often(40) then
    local kind <const> = self:type()
    parameters[#parameters + 1] = "[out, retval] " .. kind .. (kind:sub(-1) == "*" and "*" or " *") .. self:name "p"
  end
  self:line("    %sHRESULT %s(%s);", bracketed(list), self:name "Method", table.concat(parameters, ", "))
end

function Maker:interface()
  local name <const>, dual <const> = self:name "IFace", self:often(60)
  local list <const> = { "object", "uuid(" .. self:uuid() .. ")", table.unpack(self:help()) }
  if dual then list[#list + 1] = "dual" end
  if self:often(20) then list[#list + 1] = self:one { "oleautomation", "nonextensible", "hidden", "restricted" } end
  self:line("  %sinterface %s : %s {", bracketed(list), name, dual and "IDispatch" or "IUnknown")
  for i = 1, self:random(8) do self:method(dual and self:one { tostring(i), ("0x%x"):format(i + 0x100) } or nil) end
  self:line "  }"
  self.interfaces[#self.interfaces + 1] = name
end

function Maker:dispinterface()
  local name <const> = self:name "Disp"
  local list <const> = { "uuid(" .. self:uuid() .. ")", table.unpack(self:help()) }
  self:line("  %sdispinterface %s {\n  properties:", bracketed(list), name)
  for i = 1, self:random(3) - 1 do
    self:line("    [id(%d)%s] %s %s;", i, self:often(30) and ", readonly" or "", self:type(), self:name "Value")
  end
  self:line "  methods:"
  for i = 1, self:random(3) do
    self:line("    [id(%d)] %s %s(%s);", i + 10, self:one { "void", "long", "BSTR" }, self:name "Event",
      table.concat(self:parameters(99), ", "))
  end
  self:line "  }"
  self.events[#self.events + 1] = name
end

function Maker:coclass()
  if #self.interfaces == 0 then return end
  local list <const> = { "uuid(" .. self:uuid() .. ")", table.unpack(self:help()) }
  if self:often(30) then list[#list + 1] = self:one { "noncreatable", "appobject", "control", "hidden", "licensed" } end
  self:line("  %scoclass %s {", bracketed(list), self:name "Class")
  self:line("    [default] interface %s;", self.interfaces[#self.interfaces])
  if #self.interfaces > 1 then
    self:line("    %sinterface %s;", self:one { "", "[restricted] " }, self.interfaces[1])
  end
  if #self.events > 0 then self:line("    [default, source] dispinterface %s;", self.events[#self.events]) end
  self:line "  }"
end

function Maker:module()
  self:line("  [dllname(\"some.dll\"), uuid(%s)] module %s {", self:uuid(), self:name "Module")
  for i = 1, self:random(3) do
    self:line("    [entry(%d)] long %s(%s);", i, self:name "Function",
      table.concat(self:parameters(99), ", "))
  end
  self:line "  }"
end

local function make(seed)
  local self <const> = setmetatable({ state = seed * 7919 + 1, seed = seed, out = {}, guids = 0, names = 0, enums = {},
    records = {}, interfaces = {}, events = {} }, Maker)
  self:line 'import "oaidl.idl";'
  local list <const> = { "uuid(" .. self:uuid() .. ")", ("version(%d.%d)"):format(self:random(9), self:random(9)) }
  if self:often(50) then list[#list + 1] = 'helpstring("A library")' end
  if self:often(30) then list[#list + 1] = "lcid(0x409)" end
  if self:often(20) then list[#list + 1] = self:one { "hidden", "restricted", "control" } end
  self:line("%slibrary Made%d {\n  importlib(\"stdole2.tlb\");", bracketed(list), seed)
  local parts <const> = { self.enum, self.record, self.interface, self.interface, self.dispinterface, self.coclass,
    self.module }
  for _ = 1, 4 + self:random(8) do self:one(parts)(self) end
  self:line "}"
  return table.concat(self.out, "\n") .. "\n"
end

-- comparing

local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
end

--- What a library says, as IDL, without what widl counts in its own way, and without what it writes wrongly: the last
--- byte of the LIBID, and the base of dual interfaces that stand behind others.
local function said(library)
  local text = com.idl(library):gsub("uuid%([%x-]+%)", "uuid", 1)
  text = text:gsub(" : GUID {", " : IDispatch {"):gsub(", vtableoffset%(56%)", "")
    :gsub(", optionals%(%-?%d+%)", ""):gsub("%s+", " "):gsub("; ", ";\n"):gsub("{ ", "{\n")
  return text
end

local function first_difference(a, b)
  local other <const> = b:gmatch "[^\n]*"
  for line in a:gmatch "[^\n]*" do
    local theirs <const> = other()
    if line ~= theirs then return ("\n  ours %s\n  widl %s"):format(line, theirs) end
  end
  return "\n  lines were added"
end

describe("IDL", function()
  it("is the same library to widl and to us", function()
    if not widl then
      print "skipped: widl is not here (package mingw-w64-tools)"
      return pending "widl is missing (package mingw-w64-tools)"
    end
    local folder <const> = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir '" .. folder .. "'"))
    com.typelib "stdole2.tlb":save(folder .. "/stdole2.tlb")
    local compared <const>, problems <const> = {}, {}
    for seed = 1, tonumber(os.getenv "OLEANDER_WIDL_LIBRARIES") or 60 do
      local text <const> = make(seed)
      write(folder .. "/made.idl", text)
      for _, bits in ipairs { 32, 64 } do
        local command <const> = "cd '%s' && env -u LD_PRELOAD %s --nostdinc --win%d -t -I '%s/include/oleander' -L . "
          .. "-o widl.tlb made.idl >widl.log 2>&1"
        local done <const> = os.execute(command:format(folder, widl, bits, source))
        if done then
          local ours <const> = said((com.compile_idl { text = text, bits = bits }))
          local theirs <const> = said(com.typelib(folder .. "/widl.tlb"))
          compared[#compared + 1] = seed
          if ours ~= theirs then
            problems[#problems + 1] = ("library %d for %d bits:%s"):format(seed, bits, first_difference(ours, theirs))
          end
        end
      end
    end
    os.execute("rm -r '" .. folder .. "'")
    assert.equal("", table.concat(problems, "\n", 1, math.min(#problems, 10)))
    assert.is_true(#compared >= 20)
  end)
end)
