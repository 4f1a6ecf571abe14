-- A module that crashes, survived: its objects live in a process of their own. Nothing needs to be registered.
--   lua5.4 survive.lua FOLDER      (of fragile.so, from examples/servers)
local com <const> = require "oleander"

local FRAGILE <const> = "{3B7C5A10-5E0B-4E55-9C0A-6A1C8B5D2E22}"
local module <const> = assert(arg[1], "the folder of fragile.so is wanted") .. "/fragile.so"

local function isolated()
  return com.create(FRAGILE, { module = module, where = "surrogate" })
end

local fragile = isolated()
local value <const>, problem <const> = com.try(fragile.Value, fragile, 5)
assert(value == nil)
print("without Fill", problem.name) -- the process has crashed, this one goes on

fragile = isolated() -- in a new process
fragile:Fill(10)
print("with Fill", fragile:Value(5))
