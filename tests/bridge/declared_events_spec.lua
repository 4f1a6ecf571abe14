--- __events in the metatable: events of objects that no type library describes.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local fails <const> = support.fails

local function thing(more)
  local t <const> = { Name = "", Rename = function(self, name)
    self.Name = name
    return com.fire(self, "Renamed", name, 2)
  end }
  local meta <const> = { __name = "Thing", __events = {
    Renamed = "(bstr name, i4 times)", Asked = "([in, out] bool allow)", ["Größer"] = "()",
  } }
  for key, value in pairs(more or {}) do meta[key] = value end
  return setmetatable(t, meta)
end

describe("an object with __events", function()
  it("raises them, by the object or the table", function()
    local t <const> = thing()
    local o <const> = com.object(t)
    local heard <const> = {}
    local connection <close> = com.on(o, "renamed", function(...) heard[#heard + 1] = table.concat({ ... }, " ") end)
    o:Rename("a")
    com.fire(t, "Renamed", "b", "3") -- converted as it is declared
    assert.same({ "a 2", "b 3" }, heard)
    assert.truthy(connection)
    fails({ name = "DISP_E_TYPEMISMATCH" }, com.fire, o, "Renamed", "c", "many")
    fails({ name = "DISP_E_MEMBERNOTFOUND", text = "near names: Renamed" }, com.fire, o, "Rneamed")
    fails({ name = "DISP_E_MEMBERNOTFOUND", text = "near names: Renamed" }, com.on, o, "Rneamed", print)
  end)

  it("takes tables of handlers, by the name of the source, with names beyond ASCII", function()
    local o <const> = com.object(thing())
    local grown
    local connection <close> = com.connect(o, {
      Asked = function(allow) return not allow end, ["größer"] = function() grown = true end,
    }, "_thingevents")
    assert.equal("_ThingEvents", connection.source)
    assert.is_false(com.fire(o, "Asked", true))
    com.fire(o, "GRÖßER")
    assert.is_true(grown)
    fails({ name = "CONNECT_E_NOCONNECTION" }, com.connect, o, {}, "_OtherEvents")
  end)

  it("shows them", function()
    local o <const> = com.object(thing())
    local lines <const> = {}
    local connection <close> = com.show_events(o, function(line) lines[#lines + 1] = line end)
    o:Rename("x")
    assert.equal("_ThingEvents (default)", lines[1])
    assert.truthy(table.concat(lines, "\n"):find("void Renamed([in] BSTR name, [in] long times)", 1, true))
    assert.equal('Renamed("x", 2)', lines[#lines])
    assert.truthy(connection)
  end)

  it("has them with an interface of its own, too", function()
    local o <const> = com.object(thing(), "IDispatch")
    local heard
    local connection <close> = com.on(o, "Renamed", function(name) heard = name end)
    com.fire(o, "Renamed", "x", 1)
    assert.equal("x", heard)
    assert.truthy(connection)
  end)

  it("has them where a table becomes an object on the way", function()
    local child <const> = thing()
    local parent <const> = com.object { Child = function() return child end }
    local heard
    local connection <close> = com.on(com.object(child), "Renamed", function(name) heard = name end)
    parent:Child():Rename("y")
    assert.equal("y", heard)
    assert.truthy(connection)
  end)

  it("gives the same IID for the same declarations", function()
    local function iid(meta)
      local o <const> = com.object(thing(meta))
      local found
      for _, one in ipairs(require "oleander.core".sources(o)) do found = one end
      return found
    end
    local events <const> = { Renamed = "(bstr name)" }
    assert.equal(iid(), iid())
    assert.equal(iid { __events = events }, iid { __events = events })
    assert.not_equal(iid(), iid { __events = events })
    assert.not_equal(iid(), iid { __name = "Other" })
  end)

  it("works for the objects of a class", function()
    local Class <const> = { __events = { Done = "(i4 n)" } }
    function Class:Work(n) com.fire(self, "Done", n) end
    local registration <close> = com.serve { progid = "Spec.DeclaredEvents", class = Class }
    local a <const>, b <const> = com.create "Spec.DeclaredEvents", com.create "Spec.DeclaredEvents"
    local heard <const> = {}
    local connection <close> = com.on(a, "Done", function(n) heard[#heard + 1] = n end)
    a:Work(1)
    b:Work(2)
    a:Work(3)
    assert.same({ 1, 3 }, heard)
    assert.truthy(registration and connection)
  end)

  for text, says in pairs {
    ["(r9 x)"] = "there is no type r9", ["i4"] = '"(" is wanted, not the end', ["bstr name"] = '"(" is wanted',
  } do
    it("refuses a mistake where it is made: " .. text, function()
      fails({ subject = "com.object", text = { "__events.Bad", says } }, com.object,
        setmetatable({}, { __events = { Bad = text } }))
      fails({ subject = "com.serve", text = { "__events.Bad", says } }, com.serve,
        { progid = "Spec.BadEvents", class = { __events = { Bad = text } } })
    end)
  end

  it("refuses names that cannot be told apart, private ones, and what is no table", function()
    local function make(events) return com.object(setmetatable({}, { __events = events })) end
    fails({ text = "only in case" }, make, { ["Änderung"] = "()", ["änderung"] = "()" })
    fails({ text = "private" }, make, { _Secret = "()" })
    fails({ text = "__events is a table" }, make, "Changed")
    fails({ text = "names of events" }, make, { "Changed" })
    fails({ text = "no source interface" }, com.fire, make {}, "Changed")
  end)

  it("leaves the events of a class to its library", function()
    local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"
    local library <const> = com.typelib(build .. "/tests/bridge/events/events.tlb")
    fails({ text = "the class Clock says" }, com.object, thing(), "Clock", library)
  end)
end)
