--- The specs of objects as scripts use them, again, with the objects in another process.
local source <const> = os.getenv "OLEANDER_SOURCE" or "."

local specs <const> = { "values", "exact", "results", "errors", "declared_events", "events", "diagnosis", "messages" }

local function run(spec)
  local command <const> = ([[timeout 250 lua5.4 -e 'dofile "%s/tests/local/elsewhere.lua"' "$(command -v busted)" ]]
    .. [[--output=TAP '%s/tests/bridge/%s_spec.lua' 2>&1]]):format(source, source, spec)
  local pipe <close> = assert(io.popen(command))
  local failures <const>, passed = {}, 0
  for line in pipe:lines() do
    if line:find "^ok " then
      passed = passed + 1
    elseif not line:find "^1%.%." then
      failures[#failures + 1] = line
    end
  end
  return passed, table.concat(failures, "\n")
end

describe("objects of another process", function()
  for _, spec in ipairs(specs) do
    it("are used as those of this one: " .. spec, function()
      local passed <const>, text <const> = run(spec)
      assert.truthy(passed > 0, text)
      local made <const> = text:match "^# (%d+) objects were made elsewhere$"
      assert.truthy(made, text)
    end)
  end
end)
