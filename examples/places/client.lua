-- One client for all places: what it prints is the same, wherever the object lives and whatever it is written in.
--   lua5.4 client.lua PROGID inproc|local|surrogate
-- Registered before: calculator_server of examples/servers (in C), or calculator.lua beside this file, both with
-- --register --local --inproc.
local com <const> = require "oleander"

local progid <const>, where <const> = arg[1], arg[2]
local calculator <close> = com.create(progid, { where = where })

calculator.Memory = 40
print("memory", calculator.Memory)
print("add", calculator:Add(calculator.Memory, 2))
print("sum", calculator:Sum { 1, 2.5, 3 })
local quotient <const>, problem <const> = com.try(calculator.Divide, calculator, 1, 0)
assert(quotient == nil)
print("error", problem.name, problem.source, problem.description)
print("divide", calculator:Divide(1, 8))

-- Not to be seen in what it printed:
local place <const>, process <const> = com.where(calculator)
assert(place == (where == "inproc" and "inproc" or "local"))
assert((process and process.surrogate or false) == (where == "surrogate"))
