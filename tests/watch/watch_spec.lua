-- Oleander.FolderWatcher: a server in C whose objects raise events, from a thread of its own.
local com <const> = require "oleander"
local lfs <const> = require "lfs"

describe("Oleander.FolderWatcher", function()
  local folder, watcher, seen

  local function at(name) return folder .. "/" .. name end

  local function write(name, contents)
    local file <close> = assert(io.open(at(name), "wb"))
    file:write(contents or "x")
  end

  -- Waits until the events have been seen; more may follow.
  local function expect(...)
    local wanted <const> = table.concat({ ... }, ", ")
    local finish <const> = os.time() + 20
    while table.concat(seen, ", "):sub(1, #wanted) ~= wanted and os.time() < finish do com.step(0.05) end
    assert.equal(wanted, table.concat(seen, ", "):sub(1, #wanted))
    for _ = 1, select("#", ...) do table.remove(seen, 1) end
  end

  local function note(name)
    return function(...)
      local parts <const> = { name }
      for i = 1, select("#", ...) do parts[#parts + 1] = tostring((select(i, ...))) end
      seen[#seen + 1] = table.concat(parts, " ")
    end
  end

  before_each(function()
    folder = os.tmpname()
    os.remove(folder)
    assert(lfs.mkdir(folder))
    seen = {}
    watcher = com.create "Oleander.FolderWatcher"
    com.connect(watcher, {
      Created = note "created", Changed = note "changed", Deleted = note "deleted", Renamed = note "renamed",
      Lost = note "lost",
    })
  end)
  after_each(function()
    watcher:Close()
    com.release(watcher)
    os.execute("rm -rf '" .. folder .. "'")
  end)

  it("tells what happens in the folder, in its order", function()
    watcher:Open(folder)
    assert.equal(folder, watcher.Path)
    write "a"
    expect("created a", "changed a")
    os.rename(at "a", at "b")
    expect "renamed a b"
    os.remove(at "b")
    expect "deleted b"
    lfs.mkdir(at "sub")
    expect "created sub"
    write "sub/inside" -- not of this folder
    os.rename(at "sub/inside", at "moved in")
    expect "created moved in"
    os.rename(at "moved in", at "sub/moved out")
    expect "deleted moved in"
  end)

  it("lets only the names of its filter through", function()
    watcher.Filter = "*.txt"
    watcher:Open(folder)
    write "a.bin"
    write "a.txt"
    expect("created a.txt", "changed a.txt")
    os.rename(at "a.bin", at "b.txt") -- becomes one that counts
    expect "renamed a.bin b.txt"
    watcher.Filter = ""
    write "c.bin"
    expect("created c.bin", "changed c.bin")
    assert.equal("", watcher.Filter)
  end)

  it("says that the folder is gone", function()
    watcher:Open(folder)
    os.execute("rm -rf '" .. folder .. "'")
    expect "lost true"
  end)

  it("watches another folder, or none", function()
    watcher:Open(folder)
    lfs.mkdir(at "other")
    expect "created other"
    watcher:Open(at "other")
    write "unseen"
    write "other/seen"
    expect("created seen", "changed seen")
    watcher:Close()
    watcher:Close()
    assert.equal("", watcher.Path)
    seen = {}
    write "other/later"
    com.step(0.2)
    assert.same({}, seen)
  end)

  it("may be closed and released by the handler of its own event", function()
    local other = com.create "Oleander.FolderWatcher"
    local heard = 0
    com.on(other, "Created", function()
      heard = heard + 1
      other:Close()
      com.release(other)
      other = nil
    end)
    other:Open(folder)
    write "a"
    write "b"
    local finish <const> = os.time() + 20
    while heard == 0 and os.time() < finish do com.step(0.05) end
    com.step(0.1)
    assert.equal(1, heard)
  end)

  it("refuses what is no folder, and says why", function()
    for path, expected in pairs {
      ["/no/such/folder"] = "There is no such folder",
      ["/dev/null"] = "It is a file, not a folder",
      ["/dev/null/folder"] = "There is no such folder",
      [""] = "The path of a folder is wanted",
    } do
      local _, err <const> = com.try(watcher.Open, watcher, path)
      assert.is_not_nil(err, path)
      assert.truthy(tostring(err):find(expected, 1, true), tostring(err))
    end
  end)

  it("can come and go many times", function()
    for _ = 1, 200 do
      local one <close> = com.create "Oleander.FolderWatcher"
      one:Open(folder)
    end
    com.step(0)
  end)
end)
