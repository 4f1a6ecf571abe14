package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"

describe("the examples of several processes", function()
  teardown(support.finish)

  it("workers.lua", function()
    local process <const> = support.run("lua5.4", support.source .. "/examples/workers.lua", "10000")
    local text <const>, code <const> = process:rest()
    assert.equal("1229 primes up to 10000\n", text)
    assert.equal(0, code)
  end)
end)
