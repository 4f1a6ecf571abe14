-- Writes a C file with random signatures: for each a function that is called, a function that calls, and the text from
-- which the library builds its own description. Usage: generate_signatures.lua SEED COUNT > FILE
local seed <const>, count <const> = assert(tonumber(arg[1])), assert(tonumber(arg[2]))
math.randomseed(seed)

local random <const> = math.random
local function pick(list) return list[random(#list)] end

-- name in signature texts, C type
local scalars <const> = {
  { "i1", "int8_t" }, { "ui1", "uint8_t" }, { "i2", "int16_t" }, { "ui2", "uint16_t" }, { "i4", "int32_t" },
  { "ui4", "uint32_t" }, { "i8", "int64_t" }, { "ui8", "uint64_t" }, { "int", "int32_t" }, { "uint", "uint32_t" },
  { "bool", "VARIANT_BOOL" }, { "r4", "float" }, { "r8", "double" }, { "date", "DATE" }, { "cy", "CY" },
  { "bstr", "BSTR" }, { "error", "SCODE" }, { "void*", "void *" }, { "IUnknown*", "IUnknown *" },
  { "IDispatch*", "IDispatch *" }, { "safearray(i4)", "SAFEARRAY *" }, { "lpstr", "char *" },
}
local aggregates <const> = {
  { "variant", "VARIANT" }, { "decimal", "DECIMAL", "mask_DECIMAL" }, { "guid", "GUID" }, { "filetime", "FILETIME" },
}
local field_types <const> = {}
for _, t in ipairs(scalars) do
  if t[1] ~= "void*" then field_types[#field_types + 1] = t end
end
for _ = 1, 3 do
  for _, name in ipairs { "r4", "r8", "i4", "i2" } do
    for _, t in ipairs(scalars) do
      if t[1] == name then field_types[#field_types + 1] = t end
    end
  end
end

local out <const> = {}
local function emit(format, ...) out[#out + 1] = format:format(...) end

-- Records and unions, later ones from earlier ones.
local records <const> = {}
for i = 1, 80 do
  local name, union = ("Record%d"):format(i), random(5) == 1
  local pack = random(8) == 1 and ({ 1, 2, 4 })[random(3)]
  local packed = pack
  local fields, text = {}, {}
  for k = 1, random(union and 3 or 5) do
    local kind = random(8)
    local t = kind == 1 and #records > 0 and pick(records) or kind == 2 and pick(aggregates) or pick(field_types)
    local length = random(5) == 1 and random(4) or nil
    packed = packed or t.packed
    fields[k] = { type = t, name = "f" .. k, length = length }
    text[k] = ("%s f%d%s"):format(t[1], k, length and ("[%d]"):format(length) or "")
  end
  if pack then emit("#pragma pack(push, %d)", pack) end
  emit("typedef %s %s {", union and "union" or "struct", name)
  for _, field in ipairs(fields) do
    emit("  %s %s%s;", field.type[2], field.name, field.length and ("[%d]"):format(field.length) or "")
  end
  emit("} %s;", name)
  if pack then emit("#pragma pack(pop)") end
  emit("__attribute__((unused)) static void mask_%s(unsigned char *mask) {", name)
  emit("  (void)mask;")
  for _, field in ipairs(fields) do
    for element = 0, (field.length or 1) - 1 do
      local place = ("mask + offsetof(%s, %s) + %d * sizeof(%s)"):format(name, field.name, element, field.type[2])
      if field.type[3] then
        emit("  %s(%s);", field.type[3], place)
      else
        emit("  memset(%s, 255, sizeof(%s));", place, field.type[2])
      end
    end
  end
  emit("}")
  local prefix <const> = (pack and "pack" .. pack .. " " or "") .. (union and "union " or "")
  records[i] = { name, name, "mask_" .. name, packed = packed, text = prefix .. table.concat(text, ", ") }
end

-- allow_packed: whether the convention can pass packed records by value
local function pick_type(allow_packed)
  local kind = random(10)
  if kind <= 6 then return pick(scalars) end
  if kind == 7 then return pick(aggregates) end
  if kind == 8 then return random(2) == 1 and scalars[12] or scalars[13] end
  local record = pick(records)
  while record.packed and not allow_packed do record = pick(records) end
  return record
end

-- mode: value, in, out, inout (the last three by pointer)
local function parameter(k, allow_packed)
  local t, mode, length = pick_type(allow_packed), "value", nil
  local chance = random(10)
  if t[1] ~= "void*" and chance <= 4 then
    mode = ({ "in", "out", "inout", "in" })[chance]
    if random(6) == 1 then length = random(4) end
  end
  local flags = { value = "", ["in"] = "[in] ", out = "[out] ", inout = "[in,out] " }
  local text = ("%s%s%s a%d%s"):format(flags[mode], t[1], mode ~= "value" and not length and "*" or "", k,
    length and ("[%d]"):format(length) or "")
  return { type = t, mode = mode, length = length or 1, text = text, name = "a" .. k }
end

local cases <const> = {}
for i = 1, count do
  local parameters, texts, declared = {}, {}, {}
  local native = random(4) ~= 1
  local abi = native and "" or "__attribute__((ms_abi)) "
  for k = 1, random(4) == 1 and random(14) or random(0, 6) do
    parameters[k] = parameter(k, native)
    texts[k] = parameters[k].text
    declared[k] = (", %s%s%s"):format(parameters[k].type[2], parameters[k].mode == "value" and " " or " *",
      parameters[k].name)
  end
  local result = random(3) == 1 and { "hresult", "HRESULT" } or random(8) == 1 and { "void" } or pick_type(native)
  local returned = result[2] or "void"
  local arguments = table.concat(declared)

  emit("static %s%s callee%d(void *self%s) {", abi, returned, i, arguments)
  emit("  enter(self);")
  for _, p in ipairs(parameters) do
    local address = p.mode == "value" and "&" .. p.name or p.name
    if p.mode ~= "out" then emit("  take(%s, %d * sizeof(%s));", address, p.length, p.type[2]) end
  end
  for _, p in ipairs(parameters) do
    if p.mode == "out" or p.mode == "inout" then
      emit("  give(%s, %d * sizeof(%s));", p.name, p.length, p.type[2])
    end
  end
  if result[2] then
    emit("  %s result;", returned)
    emit("  give(&result, sizeof result);")
    emit("  return result;")
  end
  emit("}")

  emit("static void caller%d(void *object) {", i)
  local passed = {}
  for k, p in ipairs(parameters) do
    emit("  %s %s[%d];", p.type[2], p.name, p.length)
    emit("  memset(%s, 0, sizeof %s);", p.name, p.name)
    if p.mode ~= "out" then emit("  give(%s, sizeof %s);", p.name, p.name) end
    passed[k] = (", %s%s"):format(p.name, p.mode == "value" and "[0]" or "")
  end
  local types = {}
  for k, p in ipairs(parameters) do
    types[k] = (", %s%s"):format(p.type[2], p.mode == "value" and "" or " *")
  end
  local call = ("((%s(%s*)(void *%s))slot3(object))(object%s)"):format(returned, abi, table.concat(types),
    table.concat(passed))
  if result[2] then emit("  %s result = %s;", returned, call) else emit("  %s;", call) end
  for _, p in ipairs(parameters) do
    if p.mode == "out" or p.mode == "inout" then emit("  take(%s, sizeof %s);", p.name, p.name) end
  end
  if result[2] then emit("  take(&result, sizeof result);") end
  emit("}")

  local described = {}
  for k, p in ipairs(parameters) do
    described[k] = ("{ %d * sizeof(%s), sizeof(%s), %s, %s }"):format(p.length, p.type[2], p.type[2],
      p.type[3] or "NULL", ({ value = "BY_VALUE", ["in"] = "BY_IN", out = "BY_OUT", inout = "BY_INOUT" })[p.mode])
  end
  cases[i] = ('  { "%s method(%s)", %s, (void (*)(void))callee%d, caller%d, %d, { %s }, '
    .. '{ %s, %s, %s, BY_OUT } },'):format(
    result[1], table.concat(texts, ", "), abi ~= "" and "ABI_MS" or "ABI_NATIVE", i, i, #parameters,
    #described > 0 and table.concat(described, ", ") or "{ 0 }",
    result[2] and ("sizeof(%s)"):format(returned) or "0", result[2] and ("sizeof(%s)"):format(returned) or "0",
    result[3] or "NULL")
end

emit("static const RecordText record_texts[] = {")
for _, record in ipairs(records) do emit('  { "%s", "%s" },', record[1], record.text) end
emit("  { NULL, NULL },")
emit("};")
emit("static const Case cases[] = {")
for _, case in ipairs(cases) do emit("%s", case) end
emit("};")
emit("enum { SEED = %d };", seed)
print(table.concat(out, "\n"))
