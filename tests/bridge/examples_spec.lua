local source <const> = os.getenv "OLEANDER_SOURCE" or "."
local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"

local function run(example)
  local process <const> = assert(io.popen(("ASAN_OPTIONS=detect_leaks=0 lua5.4 %s/examples/%s 2>&1"):format(source,
    example)))
  local output <const> = process:read "a"
  return output, select(3, process:close())
end

describe("the examples of servers and events", function()
  it("collection.lua", function()
    local output <const>, code <const> = run "collection.lua"
    assert.equal(table.concat({ "count\t3", "second\tGrace", "1\tBarbara", "2\tEdsger",
      "nil\tDISP_E_BADINDEX\tthere is no item 9", "" }, "\n"), output)
    assert.equal(0, code)
  end)

  it("events.lua", function()
    local output <const>, code <const> = run(("events.lua '%s/examples/boiler/boiler.tlb'"):format(build))
    assert.equal(table.concat({ "heated to\t80", "heated to\t90", "heated to\t100", "too hot\t100", "done\tfalse",
      "heated to\t110", "done\ttrue", "heated to\t120", "awaited\ttrue\t120", "" }, "\n"), output)
    assert.equal(0, code)
  end)

  it("watch_folder.lua", function()
    local folder <const> = os.tmpname()
    os.remove(folder)
    os.execute(("mkdir '%s' && (sleep 0.5; touch '%s/a.txt' '%s/a.bin'; rm -r '%s') &"):format(folder, folder, folder,
      folder))
    local output <const>, code <const> = run(("watch_folder.lua '%s' 30 '*.txt'"):format(folder))
    assert.equal("watching\t" .. folder .. "\ncreated\ta.txt\n", (output:match("^(.-\n.-\n)")))
    assert.truthy(output:find("deleted\ta.txt\nthe folder is gone\n$"))
    assert.equal(0, code)
  end)

  it("luv_loop.lua", function()
    if not pcall(require, "luv") then
      pending "luv is not installed"
      return
    end
    local output <const>, code <const> = run "luv_loop.lua"
    assert.truthy(output:find "luv\n")
    assert.equal("oleander\t1\noleander\t2\noleander\t3\nend\n", (output:gsub("luv\n", "")))
    assert.equal(0, code)
  end)
end)
