-- examples/modules/7zip against 7-Zip's own module and, where it is there, its program.
local com <const> = require "oleander"

local source <const> = os.getenv "OLEANDER_SOURCE" or "."
package.path = source .. "/examples/modules/7zip/?.lua;" .. package.path
local sevenzip <const> = require "sevenzip"

if not pcall(sevenzip.module) then
  print "# skipped: there is no 7z.so here (Debian: p7zip-full)"
  describe("7-Zip", function() pending "p7zip-full is not installed" end)
  return
end

local function folder()
  local pipe <close> = assert(io.popen "mktemp -d")
  return pipe:read "l"
end

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

local function write(path, data)
  local file <close> = assert(io.open(path, "wb"))
  file:write(data)
end

--- Data that packs, and differs from place to place.
local function sample(seed, size)
  local parts <const> = {}
  local state = seed
  for i = 1, size // 8 do
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    parts[i] = ("%07x "):format(state % (i % 1000 + 10))
  end
  return table.concat(parts)
end

local place <const> = folder()
teardown(function() os.execute("rm -rf '" .. place .. "'") end)

describe("7-Zip", function()
  it("lists formats and hashes", function()
    local names <const> = {}
    for _, format in ipairs(sevenzip.formats()) do names[format.name] = format end
    for _, name in ipairs { "7z", "zip", "xz", "tar" } do assert.is_true(names[name].can_create, name) end
    assert.equal("cbf43926", sevenzip.hash("CRC32", "123456789"))
    assert.equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", sevenzip.hash("SHA256", "abc"))
    assert.equal(sevenzip.hash("SHA256", sample(1, 200000)),
      sevenzip.hash("sha256", sevenzip.reader(sample(1, 200000))))
    assert.has_error(function() sevenzip.hash("SHA257", "abc") end)
  end)

  for _, case in ipairs {
    { "zip", {} }, { "zip", { password = "geheim" } }, { "7z", {} }, { "7z", { password = "gehöim" } },
    { "7z", { password = "gehöim", encrypt_headers = true } }, { "tar", {} },
  } do
    local options <const> = case[2]
    it(("packs and unpacks %s%s%s"):format(case[1], options.password and " with a password" or "",
      options.encrypt_headers and " and encrypted headers" or ""), function()
      local path <const> = ("%s/a%s.%s"):format(place, tostring(options.encrypt_headers), case[1])
      local one <const>, two <const> = sample(1, 150000), sample(2, 50000)
      local time <const> = com.vt.filetime(com.date(2024, 5, 6, 7, 8, 10))
      local seen = 0
      sevenzip.create(path, { { path = "one.txt", data = one, modified = time }, { path = "ördner", is_folder = true },
        { path = "ördner/two.txt", data = two, modified = time } },
        { password = options.password, encrypt_headers = options.encrypt_headers, level = 5, threads = 2,
          progress = function(done) seen = math.max(seen, done) end })
      assert.is_true(seen >= #one)
      local archive <close> = sevenzip.open(path, { password = options.password })
      assert.equal(case[1], archive.format)
      local by_path <const> = {}
      for _, item in ipairs(archive.items) do by_path[item.path] = item end
      assert.equal(#one, by_path["one.txt"].size)
      assert.is_true(by_path["ördner"].is_folder)
      assert.equal(time, by_path["one.txt"].modified)
      assert.equal(options.password ~= nil, by_path["one.txt"].encrypted)
      archive:test()
      assert.equal(two, archive:read "ördner/two.txt")
      local out <const> = path .. ".out"
      archive:extract(out, { progress = function() end })
      assert.equal(one, read(out .. "/one.txt"))
      assert.equal(two, read(out .. "/ördner/two.txt"))
      if options.password then
        assert.has_error(function()
          local other <close> = sevenzip.open(path, { password = "another" })
          other:test()
        end)
      end
      if options.encrypt_headers then
        assert.is_nil(read(path):find("one", 1, true))
        assert.has_error(function() sevenzip.open(path, { password = nil }) end)
      end
      if os.execute "command -v 7z > /dev/null" then
        assert.is_true(os.execute(("7z t -y %s '%s' > /dev/null 2>&1"):format(
          options.password and "'-p" .. options.password .. "'" or "", path)))
      end
    end)
  end

  it("packs files and folders, and a stream into xz", function()
    os.execute("mkdir -p '" .. place .. "/in/sub'")
    write(place .. "/in/a.bin", sample(3, 90000))
    write(place .. "/in/sub/b.bin", sample(4, 1000))
    sevenzip.create(place .. "/files.zip", { place .. "/in" })
    local archive <close> = sevenzip.open(place .. "/files.zip")
    assert.equal(sample(4, 1000), archive:read "in/sub/b.bin")
    local file <const> = assert(io.open(place .. "/s.xz", "w+b"))
    sevenzip.create(file, { { path = "s", data = sample(5, 300000) } }, { format = "xz", threads = 2 })
    file:seek "set"
    local packed <close> = sevenzip.open(file, { format = "xz" })
    assert.equal(sample(5, 300000), packed:read(packed.items[1]))
  end)

  it("gives the same bytes back, twenty times, with threads", function()
    for round = 1, 20 do
      local path <const> = ("%s/r%d.%s"):format(place, round, round % 2 == 0 and "7z" or "zip")
      local sources <const> = {}
      for i = 1, 4 do sources[i] = { path = i .. ".dat", data = sample(round * 10 + i, 120000 + i * round) } end
      sevenzip.create(path, sources, { threads = 4, level = 1, password = round % 3 == 0 and "p" or nil })
      local archive <close> = sevenzip.open(path, { password = "p" })
      for i = 1, 4 do assert.is_true(sources[i].data == archive:read(i .. ".dat"), path .. " " .. i) end
      os.remove(path)
    end
  end)

  it("raises what a callback raises, and stops when progress says so", function()
    local path <const> = place .. "/e.7z"
    sevenzip.create(path, { { path = "x", data = sample(9, 200000) } })
    local archive <close> = sevenzip.open(path)
    local ok <const>, err <const> = pcall(archive.extract, archive, place .. "/e", { progress = function()
      error { mine = true }
    end })
    assert.is_false(ok)
    assert.same({ mine = true }, err.cause)
    assert.has_error(function() archive:test { progress = function() return false end } end)
    archive:test() -- it still works
  end)

  it("says what is no archive, and what is damaged", function()
    write(place .. "/no.zip", ("x"):rep(1000))
    assert.has_error(function() sevenzip.open(place .. "/no.zip") end)
    local path <const> = place .. "/broken.7z"
    sevenzip.create(path, { { path = "x", data = sample(9, 200000) } })
    local bytes <const> = read(path)
    write(path, bytes:sub(1, 500) .. ("\0"):rep(40) .. bytes:sub(541))
    local archive <close> = sevenzip.open(path)
    local ok <const>, err <const> = pcall(archive.test, archive)
    assert.is_false(ok)
    assert.matches("x: ", tostring(err))
  end)
end)
