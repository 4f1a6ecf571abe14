local com <const> = require "oleander"

describe("names of members", function()
  it("do not run out, and an object that is gone takes its own along", function()
    local o = com.object {}
    for i = 1, 400000 do
      if i % 1000 == 0 then o = com.object {} end
      o["k" .. i] = i
    end
    local fresh <const> = com.object { Fresh = function() return 1 end }
    assert.equal(1, fresh:Fresh())
    collectgarbage()
    assert(collectgarbage "count" < 50000, "names of objects that are gone stay")
  end)

  it("are looked up in a table with a metatable before any name is known", function()
    local script <const> = os.tmpname()
    local file <close> = assert(io.open(script, "w"))
    file:write('local o = require "oleander".object(setmetatable({}, {})) o.x = 1 io.write(o.x)')
    file:flush()
    local pipe <close> = assert(io.popen("lua5.4 " .. script .. " 2>&1"))
    assert.equal("1", pipe:read "a")
    os.remove(script)
  end)
end)

describe("interfaces of libraries that are loaded again and again", function()
  it("are implemented without end, and objects of the old ones still answer", function()
    local folder <const> = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir " .. folder))
    local source <const> = (os.getenv "OLEANDER_BUILD" or "build/release") .. "/tests/bridge/events/events.tlb"
    local kept <const> = {}
    for i = 1, 200 do
      local copy <const> = folder .. "/" .. i .. ".tlb"
      assert(os.execute(("cp '%s' '%s'"):format(source, copy)))
      local o <const> = com.object({ Count = i }, "Clock", com.typelib(copy))
      assert.equal(i, o.Count)
      if i % 20 == 0 then kept[#kept + 1] = o end
      if i % 50 == 0 then collectgarbage() end
    end
    for i, o in ipairs(kept) do assert.equal(i * 20, o.Count) end
    os.execute("rm -r " .. folder)
  end)
end)
