local support <const> = require "tests.bridge.support"

--- The output of a script that runs in a state of its own, to its end.
local function run(script)
  local file <const> = os.tmpname()
  local out <const> = assert(io.open(file, "w"))
  out:write(('local com <const> = require "oleander"; local clsid, module = %q, %q\n')
    :format(support.clsid.Calc, support.module), script)
  out:close()
  local pipe <const> = assert(io.popen("lua5.4 " .. file .. " 2>&1; echo status $?"))
  local text <const> = pipe:read "a"
  pipe:close()
  os.remove(file)
  return text
end

-- At the end of a state everything is finalized, the youngest first: a finalizer may hold what is gone already.
describe("at the end of a state", function()
  it("finalizers find released objects, arrays, records and type information", function()
    local output <const> = run [[
local held = {}
setmetatable(held, { __gc = function(t)
  local function said(f) local ok, err = pcall(f); return ok and "?" or tostring(err):match "0x%x+ ?[%w_]*" end
  print(said(function() return t.calc:Add(1, 2) end), said(function() return t.calc.Value end),
    said(function() t.calc.Value = 1 end), said(function() return t.add(t.calc, 1, 2) end))
  print(said(function() return t.array[1] end), said(function() return #t.array end),
    said(function() return t.record.x end), said(function() return t.record.y end))
  print(said(function() return com.typeof(t.calc) end), tostring(t.calc))
  print(said(function() return com.create(clsid, { module = module }) end))
end })
held.calc = com.create(clsid, { module = module })
held.add = held.calc.Add
held.array = com.array("i4", nil, { 1, 2 })
held.record = held.calc:Types():Place { x = 1, y = 2, name = "n" }
held.type = com.typeof(held.calc)
held.calc.Value = 3
]]
    local gone <const> = "0x800401FF CO_E_RELEASED"
    local lines <const> = {}
    for line in output:gmatch "[^\n]+" do lines[#lines + 1] = line end
    assert.equal(table.concat({ gone, gone, gone, gone }, "\t"), lines[1])
    assert.equal(table.concat({ gone, gone, gone, gone }, "\t"), lines[2])
    assert.equal(gone .. "\tobject (released)", (lines[3]:gsub("BridgeTest.ICalc", "object")))
    assert.equal("0x8000FFFF E_UNEXPECTED", lines[4])
    assert.equal("status 0", lines[#lines])
  end)

  it("objects that are left are released, and their module is quiet", function()
    assert.equal("status 0\n", run [[
kept = {}
for i = 1, 50 do
  local calc = com.create(clsid, { module = module })
  calc.Other = calc
  kept[i] = { calc, calc.Other, calc:Types(), com.key(calc), calc.Item }
  calc.Other = nil
end
local loop = coroutine.wrap(function()
  local list <close> = kept[1][1]:Make "Collection"
  list:Append(1)
  for _, v in com.each(list) do coroutine.yield(v) end
end)
loop()
]])
  end)

  it("os.exit with closing works from within a call", function()
    assert.equal("3\nstatus 0\n", run [[
local calc <close> = com.create(clsid, { module = module })
print(calc:Add(1, 2))
os.exit(true, true)
]])
  end)
end)
