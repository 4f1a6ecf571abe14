local com <const> = require "oleander"

local folder <const> = (os.getenv "OLEANDER_SHARED" or "../shared") .. "/typelibs/libraries"

local function files_of(path)
  local list <const> = {}
  local pipe <close> = assert(io.popen("ls '" .. path .. "'/* 2>/dev/null"))
  for file in pipe:lines() do list[#list + 1] = file end
  return list
end

local implemented <const> = { interface = true, dispinterface = true, coclass = true }

--- Answers every member: methods with nothing, so with the zeros of their results.
local function anything()
  return setmetatable({}, { __index = function() return function() end end })
end

--- Calls what can be called without arguments; the answer does not matter, only that there is one.
local function exercise(o)
  local ok <const>, members <const> = pcall(com.members, o)
  for _, member in ipairs(ok and members or {}) do
    pcall(function() return o[member.name] end)
    pcall(function() return o[member.name](o) end)
  end
end

describe("every interface of the libraries of other people", function()
  local files <const> = files_of(folder)
  if #files == 0 then
    pending("skipped: no libraries in " .. folder)
    return
  end

  it("is implemented by a table without harm, whatever size its vtable is said to have", function()
    local objects = 0
    for _, file in ipairs(files) do
      for _, kind in ipairs(com.typelib(file).types) do
        if implemented[kind.kind] then
          local made <const>, o <const> = pcall(com.object, anything(), kind)
          if made then
            objects = objects + 1
            exercise(o)
          end
        end
      end
      collectgarbage()
    end
    assert(objects > 1000, objects)
  end)
end)
