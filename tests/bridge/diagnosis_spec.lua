local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"

local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"
local library <const> = com.typelib(build .. "/tests/bridge/events/events.tlb")

local function make()
  return com.object({ Count = 3, Start = function(self, ticks)
    if ticks == 0 then com.error(com.hr.E_ACCESSDENIED, "no ticks") end
    self.Count = ticks
  end, Call = function(_, _, depth) return depth * 2 end }, "Clock", library)
end

--- The lines that f causes, without time and thread.
local function lines_of(f)
  local lines <const> = {}
  com.trace(function(line)
    local stamp <const>, text <const> = line:match "^(%d%d:%d%d:%d%d%.%d+ %[%d+%]) (.*)$"
    assert(stamp, line)
    lines[#lines + 1] = text:gsub(", %d+ us$", ""):gsub("0x%x%x%x%x%x%x%x%x%x+", "ADDRESS")
      :gsub("%): 0x%x+$", "): ADDRESS")
  end)
  local ok <const>, err <const> = pcall(f)
  com.trace(0)
  assert(ok, tostring(err))
  return lines
end

describe("com.spy", function()
  it("does what the object does and writes down every call with types, results and HRESULT", function()
    local spy <const> = com.spy(make())
    assert.same({
      "get IClock.Count() = 0x00000000 -> 3",
      "IClock.Start(long ticks = 4) = 0x00000000",
      "get IClock.Count() = 0x00000000 -> 4",
      "IClock.Call(IDispatch* callback = nil, long depth = 21) = 0x00000000 -> 42",
      'IClock.Start(long ticks = 0) = 0x80070005 "no ticks"',
    }, lines_of(function()
      assert.equal(3, spy.Count)
      spy:Start(4)
      assert.equal(4, spy.Count)
      assert.equal(42, spy:Call(nil, 21))
      support.fails({ name = "E_ACCESSDENIED", text = "no ticks" }, spy.Start, spy, 0)
    end))
  end)
end)

describe("com.trace", function()
  it("writes down what is made, and what cannot be", function()
    local lines <const> = lines_of(function()
      local registration <close> = com.serve { progid = "Spec.Traced", iface = "Clock", typelib = library,
        class = function() return { Count = 1, Start = function() end } end }
      assert.equal(1, com.create("Spec.Traced").Count)
      assert.is_false((pcall(com.create, "No.Such")))
      assert.truthy(registration)
    end)
    assert.equal('com.create("Spec.Traced") = EventTest.IClock (vtable): ADDRESS', lines[1])
    assert.equal("get IClock.Count() = 0x00000000 -> 1", lines[2])
    assert.truthy(lines[3]:find('com.create("No.Such"): ', 1, true))
    assert.equal(3, #lines)
  end)

  it("goes to a file", function()
    local path <const> = os.tmpname()
    assert.equal(0, com.trace(path))
    pcall(com.create, "No.Such")
    assert.equal(2, com.trace(0))
    local file <close> = assert(io.open(path))
    assert.truthy(file:read "a":find("com.create(\"No.Such\")", 1, true))
    os.remove(path)
    support.fails({ name = "E_INVALIDARG" }, com.trace, 7)
    support.fails({ name = "E_INVALIDARG" }, com.trace, "/no/such/folder/file")
  end)
end)

describe("com.live_objects", function()
  it("says what lives and where it was made", function()
    local o <const> = make()
    local found
    for _, object in ipairs(com.live_objects()) do
      if object.table == com.table(o) then found = object end
    end
    assert.equal("IClock", found.type)
    assert.truthy(found.where:find "diagnosis_spec%.lua:%d+$")
  end)
end)
