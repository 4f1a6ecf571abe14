-- Machines that the sources are not for are refused when configuring, by what they are.
local source <const> = os.getenv "OLEANDER_SOURCE" or "."

local function configure(definitions)
  local command <const> = "export LD_PRELOAD=; cmake -DCMAKE_SYSTEM_PROCESSOR=some %s "
    .. "-P '%s/cmake/OleanderMachine.cmake' 2>&1; "
    .. "echo \"exit $?\""
  local pipe <close> = assert(io.popen(command:format(definitions, source)))
  local output <const> = pipe:read "a"
  return output, tonumber(output:match "exit (%d+)\n$")
end

describe("configuring", function()
  it("goes on for a little-endian machine of 64 bits", function()
    local output <const>, code <const> = configure "-DCMAKE_SIZEOF_VOID_P=8 -DCMAKE_C_BYTE_ORDER=LITTLE_ENDIAN"
    assert.equal(0, code, output)
  end)

  it("ends for others, and says why", function()
    for definitions, expected in pairs {
      ["-DCMAKE_SIZEOF_VOID_P=8 -DCMAKE_C_BYTE_ORDER=BIG_ENDIAN"] = "needs a little-endian machine",
      ["-DCMAKE_SIZEOF_VOID_P=4 -DCMAKE_C_BYTE_ORDER=LITTLE_ENDIAN"] = "needs a 64-bit machine",
    } do
      local output <const>, code <const> = configure(definitions)
      assert.equal(1, code)
      assert.truthy(output:find(expected, 1, true), output)
    end
  end)

  it("of the whole tree asks that first", function()
    local compiler <const> = io.popen "command -v s390x-linux-gnu-gcc powerpc64-linux-gnu-gcc":read "l"
    if not compiler then return pending "there is no compiler for a big-endian machine" end
    local command <const> = "export LD_PRELOAD=; d=$(mktemp -d); "
      .. "cmake -S '%s' -B $d -DCMAKE_C_COMPILER=%s -DCMAKE_CXX_COMPILER=%s "
      .. "-DCMAKE_SYSTEM_NAME=Linux 2>&1; rm -rf $d"
    local pipe <close> = assert(io.popen(command:format(source, compiler, (compiler:gsub("gcc$", "g++")))))
    local output <const> = pipe:read "a"
    assert.truthy(output:find("needs a little-endian machine", 1, true), output)
  end)
end)
