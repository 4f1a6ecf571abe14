-- What surrounds processes when things go wrong: folders that cannot be used, no room, no descriptors, peers that stop.
-- Each is a clear error, and the others go on.
package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local com <const> = require "oleander"

local sanitized <const> = os.getenv "OLEANDER_SANITIZED" == "1"

local server <const> = [[
local t = { Held = {} }
function t:Echo(text) return text end
function t:Length(text) return #text end
function t:Make(n)
  local list = {}
  for i = 1, n do list[i] = com.object { Number = i } end
  return com.array("dispatch", n, list)
end
print(hex(com.marshal(t)))
com.run()
]]

local function start()
  local process <const> = support.script(server)
  return com.unmarshal(support.unhex(process:line())), process
end

--- Makes an object of a local class in a process whose surroundings a shell command prepares; what it prints.
local function create_in(runtime, prepare)
  local path <const> = support.folder .. "/create.lua"
  local file <close> = assert(io.open(path, "w"))
  file:write [[
    local com <const> = require "oleander"
    local o <const>, err <const> = com.try(com.create, "Hostile.Class", { where = "local" })
    print(o and "made" or err.name .. ": " .. err.description)
  ]]
  file:flush()
  local process <const> = support.run("env", "OLEANDER_RUNTIME=" .. runtime, "sh", "-c",
    prepare .. "; exec lua5.4 '" .. path .. "' 2>&1")
  return (process:rest())
end

local function output_of(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read "a"
end

describe("when things go wrong", function()
  local is_root <const> = output_of "id -u" == "0\n"
  local can_mount <const> = is_root and os.execute "unshare -m true 2>/dev/null"

  setup(function()
    local path <const> = support.folder .. "/class.lua"
    local file <close> = assert(io.open(path, "w"))
    file:write 'require "oleander".main { progid = "Hostile.Class", class = {} }'
    file:flush()
    local text <const>, code <const> = support.run("lua5.4", path, "--register", "--local"):rest()
    assert.equal(0, code, text)
  end)

  teardown(support.finish)

  local function folder(name)
    local path <const> = support.folder .. "/" .. name
    os.execute("mkdir -m 700 '" .. path .. "'")
    return path
  end

  it("a folder of the sockets that others may enter is not used", function()
    local path <const> = folder "open"
    local text <const> = create_in(path, "chmod 755 '" .. path .. "'")
    assert.truthy(text:find("^E_ACCESSDENIED: .*" .. path:gsub("%p", "%%%0") .. ".*0700"), text)
  end)

  it("nor one that belongs to somebody else", function()
    if not is_root then return pending "needs root" end
    local path <const> = folder "foreign"
    local text <const> = create_in(path, "chown 12345 '" .. path .. "'")
    assert.truthy(text:find("^E_ACCESSDENIED: .*another user"), text)
  end)

  it("a full disk is an error that says so", function()
    if not can_mount then return pending "needs the right to mount" end
    local path <const> = folder "full"
    local process <const> = support.run("env", "OLEANDER_RUNTIME=" .. path, "unshare", "-m", "sh", "-c",
      ("mount -t tmpfs -o size=4k,nr_inodes=1,mode=700 none '%s' && exec lua5.4 '%s/create.lua' 2>&1"):format(path,
        support.folder))
    local text <const> = process:rest()
    assert.truthy(text:find("No space left on device", 1, true), text)
    assert.is_nil(text:find "^made")
  end)

  it("no descriptors left is an error, and no wait", function()
    local text
    for limit = 18, 8, -1 do -- how many are enough is the affair of the C library and of sanitizers
      text = create_in(folder("few" .. limit), "ulimit -n " .. limit)
      if not text:find "^made" then break end
    end
    assert.truthy(text:find "^%u[%u%d_()]+: ", text)
  end)

  it("a server that stops in a call holds up its callers as long as they want", function()
    local o <const>, process <const> = start()
    assert.equal("x", o:Echo "x")
    process:kill(19)
    local err <const> = support.failure(com.timeout, 0.3, o.Echo, o, "x")
    assert.equal("RPC_E_TIMEOUT", err.name)
    local other <const> = start()
    assert.equal("y", other:Echo "y")
    process:kill(18)
    assert.equal("z", o:Echo "z")
  end)

  it("a text of millions of letters goes there and back", function()
    local o <const> = start()
    local text <const> = ("0123456789"):rep(200000)
    assert.equal(#text, o:Length(text))
    assert.is_true(o:Echo(text) == text)
  end)

  it("thousands of objects are held and let go", function()
    local o <const>, process <const> = start()
    local list = o:Make(sanitized and 500 or 5000)
    assert.equal(#list, list[#list].Number)
    list = nil -- luacheck: ignore
    collectgarbage()
    collectgarbage()
    assert.equal("x", o:Echo "x")
    process:kill()
  end)
end)
