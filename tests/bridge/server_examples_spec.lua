-- The examples of objects written in Lua, as their readers run them.

local function run(command)
  local pipe <const> = assert(io.popen("ASAN_OPTIONS=detect_leaks=0 lua5.4 " .. command))
  local output <const> = pipe:read "a"
  local _ <const>, _ <const>, code <const> = pipe:close()
  return output, code
end

describe("examples/calculator.lua", function()
  it("shows its type and calculates", function()
    local output <const>, code <const> = run "examples/calculator.lua"
    assert.equal(0, code)
    local lines <const> = {}
    for line in output:gmatch "[^\n]+" do
      lines[#lines + 1] = (line:gsub("%(0x%x+%)", "(id)"):gsub("%s+", " "))
    end
    assert.same({
      "Calculator:",
      " [id(id)] VARIANT Add([in, optional] VARIANT value);",
      " [id(id)] double Divide([in] double divisor, [out] double* remainder);",
      " [id(id)] void Enter([in] double value);",
      " [id(id), propget] double Total();",
      "20 + 3 = 23.0",
      "23 / 4 = 5.0 3.0",
      "total 5.0",
      "step 1: = 20",
      "step 2: + 3",
      "step 3: / 4",
      "DISP_E_DIVBYZERO Calculator a calculator cannot divide by zero",
      "doubled: 7.0",
    }, lines)
  end)
end)
