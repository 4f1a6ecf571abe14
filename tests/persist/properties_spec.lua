--- s:properties(set): property sets as scripts use them.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local fails <const> = support.fails

local path

before_each(function()
  path = os.tmpname()
  os.remove(path)
end)

after_each(function() os.remove(path) end)

local function written(set, fill)
  do
    local s <close> = com.storage(path, "w")
    fill(s:properties(set))
    s:commit()
  end
  return com.storage(path):properties(set)
end

describe("the properties of a storage", function()
  for _, row in ipairs {
    { "text", "Grüße ☃" }, { "empty text", "" }, { "integer", 5 }, { "negative", -2147483648 }, { "large", 1 << 40 },
    { "float", 1.5 }, { "whole float", 2.0 }, { "true", true }, { "false", false },
    { "date", com.date "2024-02-29T12:30:15" },
    { "currency", com.currency "1.25" }, { "decimal", com.decimal "12345.6789" }, { "null", com.null },
    { "bytes", com.bytes "\0\1\xFF", "\0\1\xFF" }, { "numbers", { 1, 2, 1 << 40 } }, { "texts", { "a", "bb", "" } },
    { "floats", { 1.5, 2.0 } }, { "booleans", { true, false } }, { "mixed", { "a", 1, 2.5, true, { 1, { "b" } } } },
    { "exact", com.vt.ui2(7), 7 }, { "a BSTR", com.vt.bstr "x", "x" },
  } do
    it("keep a value: " .. row[1], function()
      local p <const> = written("UserDefined", function(set) set.Value = row[2] end)
      local want = row[2]
      if row[3] ~= nil then want = row[3] end
      assert.same(want, p.Value)
      assert.equal(math.type(want), math.type(p.Value))
    end)
  end

  it("keep arrays with their bounds", function()
    local p <const> = written("UserDefined", function(set)
      set.Numbers = com.array("i4", { { 1, 2 }, { 5, 7 } }, { { 1, 2, 3 }, { 4, 5, 6 } })
      set.Texts = com.array("bstr", nil, { "a", "ä" })
      set.Any = com.array("variant", nil, { 1, "x", com.null, com.currency(2) })
    end)
    assert.equal(6, p.Numbers:at(2, 7))
    assert.equal("i4", p.Numbers:type())
    assert.same({ "a", "ä" }, p.Texts:totable())
    assert.same({ 1, "x", com.null, com.currency(2) }, p.Any:totable())
  end)

  it("have the names of documents", function()
    local p <const> = written("SummaryInformation", function(set)
      set.Title, set.EditTime, set["Last saved by"], set.page_count = "T", 90, "Ann", 3
      set.Created = "2024-02-29T12:30:15"
      set.LastPrinted = os.time { year = 2020, month = 1, day = 1, hour = 12 }
      set.Thumbnail = { format = 3, data = "\0abc" }
    end)
    assert.same({ "T", 90, "Ann", 3 }, { p.title, p.EditTime, p.LastAuthor, p.PageCount })
    assert.equal(com.date "2024-02-29T12:30:15", p.Created)
    assert.equal(com.date "2020-01-01T12:00:00", p.LastPrinted)
    assert.same({ format = 3, data = "\0abc" }, p.Thumbnail)
    assert.equal("T", p[2])
    assert.equal(65001, p[1])
    assert.is_nil(p.Subject)
    assert.equal(7, #p)
    fails({ name = "DISP_E_UNKNOWNNAME", text = "Titel" }, function() return p.Titel end)
    local names <const> = {}
    for name in pairs(p) do names[#names + 1] = name end
    table.sort(names)
    assert.same({ "Created", "EditTime", "LastAuthor", "LastPrinted", "PageCount", "Thumbnail", "Title" }, names)
  end)

  it("share a stream where the sets of documents do", function()
    do
      local s <close> = com.storage(path, "w")
      local document <const>, user <const> = s:properties "DocumentSummaryInformation", s:properties "UserDefined"
      document.Company, user.Owner, document.TitlesOfParts, user.Code = "ACME", "Ann", { "a", "bb" }, 5
      assert.is_nil(user.Other)
      user.Owner = nil
      s:commit()
    end
    local s <close> = com.storage(path)
    assert.same({ "ACME", { "a", "bb" } }, { s:properties("DocumentSummaryInformation").Company,
      s:properties("DocumentSummaryInformation").TitlesOfParts })
    assert.same({ Code = 5 }, (function()
      local all <const> = {}
      for name, value in pairs(s:properties "UserDefined") do all[name] = value end
      return all
    end)())
  end)

  it("keep the type that a property had", function()
    local s <close> = com.storage(path, "w")
    local p <const> = s:properties "{12345678-0000-0000-0000-000000000001}"
    p.Small, p.Wide = com.vt.i2(5), com.vt.bstr "x"
    p.Small, p.Wide = 6, "y"
    assert.same({ 6, "y" }, { p.Small, p.Wide })
    p.Small = 70000
    assert.equal(70000, p.Small)
    p.Small = nil
    assert.is_nil(p.Small)
    assert.equal(1, #p)
  end)

  it("have no moment that never was", function()
    local p <const> = written("SummaryInformation", function(set) set.LastPrinted = com.vt.filetime(0) end)
    assert.is_nil(p.LastPrinted)
    assert.equal(1, #p)
  end)

  it("are read only where the storage is", function()
    local p <const> = written("SummaryInformation", function(set) set.Title = "T" end)
    fails({ name = "STG_E_ACCESSDENIED" }, function() p.Title = "U" end)
    assert.equal("T", p.Title)
  end)

  it("say what is wrong", function()
    local s <close> = com.storage(path, "w")
    fails({ text = "SummaryInformatoin" }, s.properties, s, "SummaryInformatoin")
    fails({ name = "E_INVALIDARG" }, s.properties, s, 5)
    fails({ text = "use ':'" }, s.properties, 5, "UserDefined")
    local p <const> = s:properties "UserDefined"
    fails({ text = "Value" }, function() p.Value = print end)
    fails({ text = "non-empty sequence" }, function() p.Value = {} end)
    fails({ text = "index 2" }, function() p.Value = { 1, print } end)
    fails({ text = "zero bytes" }, function() p.Value = "a\0b" end)
    fails({ name = "E_INVALIDARG" }, function() return p[1.5] end)
    fails({ name = "E_INVALIDARG" }, function() return p[{}] end)
    fails({ text = "Title" }, function() s:properties("SummaryInformation").Title = {} end)
  end)
end)
