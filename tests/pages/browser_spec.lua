-- The pages in a real browser: search, keys, narrow screens. Without Chromium nothing is tried, and it is said.
local com <const> = require "oleander"
local json <const> = require "dkjson"
local libraries <const> = require "tests.pages.libraries"

-- What is done in the page; what it saw becomes its title.
local SCRIPT <const> = [[
(function () {
  var input = document.querySelector("input[type=search]"), list = document.querySelector("[role=listbox]");
  var seen = {};
  function options() { return Array.prototype.slice.call(list.querySelectorAll("a")); }
  function type(text) { input.value = text; input.dispatchEvent(new Event("input", { bubbles: true })); }
  function key(name, target) {
    (target || input).dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  }
  function links() { return options().map(function (a) { return a.getAttribute("href"); }); }
  function selected() {
    return options().findIndex(function (a) { return a.getAttribute("aria-selected") === "true"; });
  }
  function steps() {
    seen.focused = document.activeElement === input;
    seen.found = links();
    seen.first = options()[0].textContent;
    seen.status = document.querySelector("[role=status]").textContent;
    key("ArrowDown"); key("ArrowDown");
    seen.down = selected();
    seen.active = input.getAttribute("aria-activedescendant") === options()[1].id;
    key("ArrowUp");
    seen.up = selected();
    var gone = null;
    document.addEventListener("click", function (event) {
      event.preventDefault();
      gone = event.target.closest("a").getAttribute("href");
    });
    key("Enter");
    seen.entered = gone;
    key("ArrowDown");
    seen.opened = !list.hidden;
    key("Escape");
    seen.closed = list.hidden && input.value !== "";
    key("Escape");
    seen.cleared = input.value;
    ["shape move", "ishape.move", "steps", "255", "0xff", "moves it", "6b1a3f60-0e3c-4f0b-9a47-7c2b0c1d0004",
      "greeting", "<img", "pages"].forEach(function (text) {
      type(text);
      seen[text] = links()[0] || "nothing";
    });
    type("no such thing");
    seen.none = list.textContent;
    seen.images = document.images.length;
    seen.fits = document.documentElement.scrollWidth <= window.innerWidth;
    document.title = "seen " + JSON.stringify(seen);
  }
  window.addEventListener("load", function () {
    key("/", document.body);
    type("move");
    var timer = setInterval(function () {
      if (options().length > 0) { clearInterval(timer); steps(); }
    }, 20);
  });
})();
]]

local folder, browser

local function command_output(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read "a"
end

local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
end

setup(function()
  browser = command_output("command -v chromium || command -v chromium-browser"):match "%S+"
  folder = command_output "mktemp -d":match "%S+"
end)

teardown(function() os.execute("rm -rf '" .. folder .. "'") end)

---Opens a page in which the script is run too, in a window of some width; what the script saw.
local function watch(page, width)
  local file <const> = folder .. "/site/" .. page
  local source <close> = assert(io.open(file, "rb"))
  local text <const> = source:read "a":gsub("</body>", "<script src=\"../watch.js\"></script>%0")
  write(file:gsub("%.html$", "-watched.html"), text)
  local root <const> = page:find "/" and "site/" or ""
  write(folder .. "/" .. root .. "watch.js", SCRIPT)
  local output <const> = command_output(("env -u LD_PRELOAD HOME='%s' timeout 100 '%s' " ..
    "--headless --no-sandbox --disable-gpu --user-data-dir='%s/profile' --window-size=%d,800 " ..
    "--virtual-time-budget=20000 --dump-dom 'file://%s' " ..
    "2>'%s/errors'"):format(folder, browser, folder, width, file:gsub("%.html$", "-watched.html"), folder))
  local title <const> = output:match "<title>seen (.-)</title>"
  assert(title, "the script did not come to its end: " .. output:sub(1, 300))
  return json.decode((title:gsub("&lt;", "<"):gsub("&gt;", ">"):gsub("&amp;", "&")))
end

describe("pages in a browser", function()
  for _, case in ipairs {
    { page = "index.html", width = 1200, root = "" },
    { page = "Pages/IShape.html", width = 400, root = "../" },
  } do
    it(("search and fit: %s, %d wide"):format(case.page, case.width), function()
      if not browser then
        print "# chromium is not installed: the pages are not tried in a browser"
        pending "chromium is not installed"
        return
      end
      if not io.open(folder .. "/sample.tlb") then
        libraries.make(folder .. "/sample.tlb", function(_, types)
          types.IShape.functions[4].parameters[1].name = "<img src=x onerror=alert(1)>"
        end)
        com.html(folder .. "/sample.tlb", folder .. "/site")
      end
      local seen <const> = watch(case.page, case.width)
      local function address(name) return case.root .. "Pages/" .. name end
      assert.is_true(seen.focused)
      assert.equal(address "IShape.html#Move", seen.found[1])
      assert.equal("IShape.Movemethod, Pages 1.2(dx, steps, moved) Moves it", seen.first)
      assert.equal(#seen.found .. " results", seen.status)
      assert.same({ 1, 0, true }, { seen.down, seen.up, seen.active })
      assert.equal(address "IShape.html#Move", seen.entered)
      assert.same({ true, true, "" }, { seen.opened, seen.closed, seen.cleared })
      for text, expected in pairs {
        ["shape move"] = "IShape.html#Move", ["ishape.move"] = "IShape.html#Move", steps = "IShape.html#Move",
        ["255"] = "Tools.html#Limit", ["0xff"] = "Tools.html#Limit", ["moves it"] = "IShape.html#Move",
        ["6b1a3f60-0e3c-4f0b-9a47-7c2b0c1d0004"] = "DShapeEvents.html", greeting = "Tools.html#Greeting",
        ["<img"] = "IShape.html#Secret", pages = "index.html",
      } do
        assert.equal(address(expected), seen[text], text)
      end
      assert.truthy(seen.none:find "Nothing")
      assert.equal(0, seen.images)
      assert.is_true(seen.fits, "the page is wider than the window")
    end)
  end
end)
