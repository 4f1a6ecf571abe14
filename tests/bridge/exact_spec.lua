local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local fails <const> = support.fails

--- A decimal text in its plain form: no zeros that say nothing, no sign of zero.
local function plain(text)
  text = text:gsub("%s", "")
  local sign <const>, whole, fraction = text:match "^(%-?)(%d*)%.?(%d*)$"
  whole = whole:gsub("^0+", "")
  fraction = fraction:gsub("0+$", "")
  if whole == "" then whole = "0" end
  local number <const> = fraction ~= "" and whole .. "." .. fraction or whole
  return number == "0" and number or sign .. number
end

--- What bc answers to each line.
local function ask_bc(lines)
  local file <const> = os.tmpname()
  local out <const> = assert(io.open(file, "w"))
  out:write("scale=60\n", table.concat(lines, "\n"), "\n")
  out:close()
  local pipe <const> = assert(io.popen("BC_LINE_LENGTH=0 bc -q < " .. file .. " 2>/dev/null"))
  local answers <const> = {}
  for line in pipe:lines() do answers[#answers + 1] = plain(line) end
  pipe:close()
  os.remove(file)
  return answers
end

local random <const> = (function()
  local state = 20240229
  return function(most)
    state = (state * 6364136223846793005 + 1442695040888963407) & math.maxinteger
    return (state >> 20) % most + 1
  end
end)()

local function random_digits(count)
  local digits <const> = {}
  for i = 1, count do digits[i] = random(10) - 1 end
  return table.concat(digits)
end

--- A decimal with up to `digits` digits.
local function random_decimal(digits)
  local whole <const> = random_digits(random(digits - 1))
  local fraction <const> = random_digits(random(digits - #whole))
  return (random(2) == 1 and "-" or "") .. plain(whole .. "." .. fraction):gsub("^%-", "")
end

local has_bc <const> = #ask_bc { "1" } == 1

describe("decimal arithmetic", function()
  local function compare_with_bc(operator, digits, calculate)
    local lines <const>, results <const> = {}, {}
    for i = 1, 400 do
      local a <const>, b <const> = random_decimal(digits), random_decimal(digits)
      lines[i] = ("(%s) %s (%s)"):format(a, operator, b)
      results[i] = plain(tostring(calculate(com.decimal(a), com.decimal(b))))
    end
    local answers <const> = ask_bc(lines)
    for i, answer in ipairs(answers) do
      assert.equal(answer, results[i], lines[i])
    end
    assert.equal(#lines, #answers)
  end

  if not has_bc then
    pending "is compared with bc: the program bc is not installed"
    return
  end

  it("is exact: sums and differences of 28 digits", function()
    compare_with_bc("+", 14, function(a, b) return a + b end)
    compare_with_bc("-", 14, function(a, b) return a - b end)
  end)

  it("is exact: products of 28 digits", function()
    compare_with_bc("*", 14, function(a, b) return a * b end)
  end)

  it("divides to 28 digits", function()
    local lines <const>, results <const> = {}, {}
    for i = 1, 200 do
      local a <const>, b <const> = random_decimal(10), random_decimal(6)
      if com.decimal(b) ~= com.decimal(0) then
        lines[#lines + 1] = ("(%s) / (%s)"):format(a, b)
        results[#results + 1] = plain(tostring(com.decimal(a) / com.decimal(b)))
      else
        lines[#lines + 1], results[#results + 1] = "0", "0"
      end
      assert(i)
    end
    for i, answer in ipairs(ask_bc(lines)) do
      -- The last digit is rounded.
      local shorter <const> = math.min(#answer, #results[i]) - 2
      assert.equal(answer:sub(1, shorter), results[i]:sub(1, shorter), lines[i])
    end
  end)

  it("agrees in order", function()
    for _ = 1, 200 do
      local a <const>, b <const> = com.decimal(random_decimal(14)), com.decimal(random_decimal(14))
      assert.equal(a < b, b - a > com.decimal(0))
      local less <const>, more <const> = a < b, b < a
      assert.equal(a <= b, not more)
      assert.equal(a == b, not less and not more)
    end
  end)
end)

describe("exact values obey the laws of", function()
  it("text: there and back", function()
    for _ = 1, 200 do
      local text <const> = random_decimal(25)
      assert.equal(plain(text), plain(tostring(com.decimal(text))))
    end
    for _, text in ipairs { "922337203685477.5807", "-922337203685477.5808", "0.0001", "-0.0001" } do
      assert.equal(text, tostring(com.currency(text)))
    end
  end)

  it("arithmetic", function()
    for _ = 1, 100 do
      local a <const>, b <const>, c <const> = com.decimal(random_decimal(9)), com.decimal(random_decimal(9)),
        com.decimal(random_decimal(9))
      assert.equal(a + b, b + a)
      assert.equal(a * b, b * a)
      assert.equal((a + b) + c, a + (b + c))
      assert.equal((a + b) - b, a)
      assert.equal(a * (b + c), a * b + a * c)
      assert.equal(-(-a), a)
    end
    for _ = 1, 100 do
      local a <const> = com.currency(("%d.%04d"):format(random(100000000), random(10000) - 1))
      local b <const> = com.currency(("%d.%04d"):format(random(100000000), random(10000) - 1))
      assert.equal((a + b) - b, a)
      assert.equal(a + b, b + a)
      assert.equal(com.decimal(tostring(a)) + com.decimal(tostring(b)), a + b)
    end
  end)

  it("range", function()
    fails({ name = "DISP_E_OVERFLOW" }, function()
      return com.decimal "79228162514264337593543950335" + com.decimal(1)
    end)
    local most <const> = com.currency "922337203685477.5807"
    fails({ name = "DISP_E_OVERFLOW" }, function() return most + com.currency "0.0001" end)
    fails({ name = "DISP_E_OVERFLOW" }, com.decimal, 1e30)
  end)

  it("dates: there and back, through the change of sign in 1899", function()
    for _, text in ipairs { "0100-01-01T00:00:00", "1899-12-28T06:00:00", "1899-12-29T23:59:59", "1899-12-30T00:00:00",
      "1899-12-30T00:00:01", "1900-02-28T12:00:00", "1900-03-01T12:00:00", "2000-02-29T23:59:59.999",
      "9999-12-31T23:59:59" } do
      assert.equal(text, tostring(com.date(text)))
      local there <const> = com.date(text)
      local away <const> = text:sub(1, 4) < "5000" and there + 1000.5 or there - 1000.5
      local back <const> = text:sub(1, 4) < "5000" and away - 1000.5 or away + 1000.5
      assert.equal(text, tostring(back))
    end
    assert.equal(2, com.date "1899-12-31" - com.date "1899-12-29")
    assert.is_true(com.date "1899-12-29T06:00:00" < com.date "1899-12-29T18:00:00")
  end)
end)

describe("com.format", function()
  it("shows numbers, dates and strings with a picture", function()
    assert.equal("1,234.50", com.format(1234.5, "#,##0.00"))
    assert.equal("1,234.50", com.format(com.currency "1234.5", "#,##0.00"))
    assert.equal("2024-02-29", com.format(com.date(2024, 2, 29), "yyyy-mm-dd"))
    assert.equal("13:05", com.format(com.date(2024, 2, 29, 13, 5), "hh:nn"))
    assert.equal("ABC", com.format("abc", ">"))
    assert.equal("50%", com.format(0.5, "0%"))
    assert.equal("", com.format(com.null))
    fails({ name = "DISP_E_TYPEMISMATCH" }, com.format, {}, "0")
  end)
end)
