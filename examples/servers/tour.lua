-- Uses the two example servers: the calculator in C, whose paper tape is a custom interface without IDispatch, and the
-- notebook in C++, a collection.
--   lua5.4 examples/servers/tour.lua [FOLDER]     (of calculator.so and notebook.so, unless they are registered)
local com <const> = require "oleander"

local CALCULATOR <const>, NOTEBOOK <const> =
  "{3B7C5A10-5E0B-4E55-9C0A-6A1C8B5D2E03}", "{3B7C5A10-5E0B-4E55-9C0A-6A1C8B5D2F04}"

local function create(clsid, name)
  return com.create(clsid, arg[1] and { module = ("%s/%s.so"):format(arg[1], name) } or nil)
end

local calculator <close> = create(CALCULATOR, "calculator")
print("sum", calculator:Sum { 1, 2.5, 3 })
print("whole", calculator:DivideWhole(17, 5)) -- the result, then what came out through a parameter
print("up", calculator:Round(calculator:Add(0.1, 2), "RoundUp"))

local _, problem <const> = com.try(calculator.Divide, calculator, 1, 0)
print("error", problem.name, problem.source, problem.description)

local tape <close> = com.query(calculator, "IPaperTape") -- called through its vtable
for i = 1, tape:Length() do
  local result <const>, text <const> = tape:LineAt(i)
  print("tape", text, result)
end

local notebook <close> = create(NOTEBOOK, "notebook")
notebook:Add "buy paper"
notebook:Add "oil the calculator"
notebook[1].Text = "buy more paper"
for i, note in com.each(notebook) do print("note", i, note.Text) end
notebook:Remove(1)
print("left", #notebook, notebook[1].Text)
