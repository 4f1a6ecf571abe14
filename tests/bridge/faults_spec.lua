-- Want of memory outside of Lua in objects written in Lua; what is done stands in faults_check.lua.
local support <const> = require "tests.bridge.support"
local build <const> = assert(os.getenv "OLEANDER_BUILD")
local source <const> = assert(os.getenv "OLEANDER_SOURCE")

describe("want of memory outside of Lua", function()
  it("is an error each time, and leaves nothing behind", function()
    if os.getenv "OLEANDER_SANITIZED" == "1" or os.getenv "LD_PRELOAD" or os.getenv "OLEANDER_VALGRIND" then
      pending "a sanitizer or valgrind has the place before malloc"
      return
    end
    local command <const> = ("LD_PRELOAD='%s/tests/lua/faults.so' lua5.4 '%s/tests/bridge/faults_check.lua' %s %s 2>&1")
      :format(build, source, support.module, build .. "/tests/bridge/results/results.tlb")
    local pipe <const> = assert(io.popen(command))
    local output <const> = pipe:read "a"
    assert.truthy(pipe:close(), output)
    assert.is_nil(output:find("BAD", 1, true), output)
    assert.truthy(output:find("com.replace: %d+ allocations"), output)
  end)
end)
