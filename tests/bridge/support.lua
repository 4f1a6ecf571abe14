--- What the specs of the bridge share: the test server, and assertions about error objects.
local com <const> = require "oleander"

local support <const> = {}

local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"
support.module = build .. "/tests/bridge/servers/automation.so"

support.clsid = {
  Calc = "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F020}",
  Types = "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F021}",
  Collection = "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F022}",
  Custom = "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F023}",
  Hostile = "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F024}",
}

---Makes an object of a class of the test server.
function support.make(class, options)
  local all <const> = { module = support.module }
  for key, value in pairs(options or {}) do all[key] = value end
  return com.create(support.clsid[class], all)
end

---Calls f and returns the error object that it raises.
function support.failure(f, ...)
  local ok <const>, err <const> = pcall(f, ...)
  assert(not ok, "an error was expected, the call succeeded")
  assert(type(err) == "table", "an error object was expected: " .. tostring(err))
  return err
end

---Checks fields of the error that f raises; `text` are patterns that its description must contain.
function support.fails(fields, f, ...)
  local err <const> = support.failure(f, ...)
  for key, value in pairs(fields) do
    if key == "text" then
      for _, pattern in ipairs(type(value) == "table" and value or { value }) do
        assert(tostring(err):find(pattern, 1, true), ("%q is not in %q"):format(pattern, tostring(err)))
      end
    elseif key == "argument" then
      assert(err.argument, "the error names no argument: " .. tostring(err))
      assert(err.argument.index == value[1] and err.argument.name == value[2],
        ("argument %s (%s): %s"):format(err.argument.index, err.argument.name, tostring(err)))
    else
      local found <const> = tostring(err[key])
      assert(err[key] == value, ("%s is %s, not %s: %s"):format(key, found, tostring(value), tostring(err)))
    end
  end
  return err
end

---How many objects of the test server are alive, when Lua's own garbage is gone.
function support.live(calc)
  collectgarbage()
  collectgarbage()
  return calc:Live()
end

return support
