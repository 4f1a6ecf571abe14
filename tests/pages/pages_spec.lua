-- com.html and `oleander tlb html`: what the pages hold, that they are sound, and what happens to the folder.
local checker <const> = require "tests.pages.checker"
local com <const> = require "oleander"
local json <const> = require "dkjson"
local libraries <const> = require "tests.pages.libraries"
local names <const> = require "oleander.html.names"
local stage <const> = assert(os.getenv "OLEANDER_STAGE")

local folder

local function path(name)
  return folder .. "/" .. name
end

local function write(name, text)
  local file <close> = assert(io.open(path(name), "wb"))
  file:write(text)
  return path(name)
end

local function read(name)
  local file <close> = io.open(path(name), "rb")
  return file and file:read "a"
end

local function run(arguments)
  local command <const> = "cd '%s' && '%s/bin/oleander' tlb html %s 2>errors </dev/null; echo \"exit $?\""
  local pipe <close> = assert(io.popen(command:format(folder, stage, arguments), "r"))
  local output <const> = pipe:read "a"
  return output:gsub("exit %d+\n$", ""), tonumber(output:match "exit (%d+)\n$"), read "errors"
end

local function contains(text, part)
  assert.truthy(text:find(part, 1, true), ("%s\nis not in\n%s"):format(part, text))
end

setup(function()
  local pipe <close> = assert(io.popen "mktemp -d")
  folder = pipe:read "l"
  libraries.make(path "sample.tlb")
end)

teardown(function() os.execute("rm -rf '" .. folder .. "'") end)

describe("pages of a library", function()
  local files, pages, made

  setup(function()
    made = com.html(path "sample.tlb", path "site")
    files = checker.files(path "site")
    pages = checker.site(files)
  end)

  it("are sound, and their links lead somewhere", function()
    local list <const> = {}
    for name in pairs(pages) do list[#list + 1] = name end
    table.sort(list)
    assert.same({ "Pages/Circle.html", "Pages/Colour.html", "Pages/DShapeEvents.html", "Pages/Either.html",
      "Pages/Handle.html", "Pages/ICircle.html", "Pages/IShape.html", "Pages/Point.html", "Pages/Tools.html",
      "Pages/index.html", "index.html" }, list)
  end)

  it("tell what was made", function()
    assert.same({}, made.problems)
    assert.equal(path "site", made.directory)
    assert.equal("Pages", made.libraries[1].folder)
    assert.equal(9, made.libraries[1].types)
  end)

  it("show members in their lines of IDL, for scripts and in the vtable", function()
    local text <const> = pages["Pages/IShape.html"].text
    for _, line in ipairs {
      "[id(0x00000000), propget] BSTR Name();",
      "[id(0x00000000), propget] HRESULT Name([out, retval] BSTR* value);",
      "[id(0x00000002)] HRESULT Move([in] double dx, [in, optional, defaultvalue(3)] long steps, "
        .. "[out, retval] Handle* moved);",
      "[id(0x00000003), hidden] HRESULT Secret([in] Colour which);",
      "Moves it", "Help context 9", "slot 7",
    } do
      contains(text, line)
    end
    contains(pages["Pages/Tools.html"].text, '[entry("Measure")] long Measure([in] BSTR text);')
    contains(pages["Pages/Tools.html"].text, "[entry(7)] void Numbered();")
    contains(pages["Pages/DShapeEvents.html"].text, "[id(0x00000005)] long Count;")
  end)

  it("have a place for each member, inherited ones too", function()
    for _, name in ipairs { "Name", "Move", "Secret", "Invoke", "QueryInterface" } do
      assert.truthy(pages["Pages/IShape.html"].ids[name], name)
    end
    assert.truthy(pages["Pages/ICircle.html"].ids.Move)
    contains(files["Pages/ICircle.html"], '<a href="IShape.html#Move">Move</a>')
  end)

  it("mark what is hidden", function()
    contains(files["Pages/IShape.html"], '<article class="member dim" id="Secret">')
    contains(files["Pages/IShape.html"], '<span class="mark hidden">hidden</span>')
    contains(files["Pages/IShape.html"], '<span class="mark default">default member</span>')
  end)

  it("show constants in decimal and hexadecimal", function()
    local text <const> = files["Pages/Colour.html"]
    contains(text, '<code>16</code></td><td class="number"><code>0x10</code>')
    contains(text, '<code>-1</code></td><td class="number"><code>0xFFFFFFFF</code>')
    contains(files["Pages/Tools.html"], "<code>255</code></td><td class=\"number\"><code>0xFF</code>")
    contains(pages["Pages/Tools.html"].text, "hello")
  end)

  it("show fields with their offsets, sizes, aliases and numbers", function()
    local text <const> = pages["Pages/Point.html"].text
    for _, part in ipairs { "short y[4];", "4 (0x4)", "16 (0x10)", "24 (0x18) bytes" } do contains(text, part) end
    contains(pages["Pages/Either.html"].text, "BSTR* text;")
    contains(pages["Pages/Handle.html"].text, "typedef long Handle;")
    contains(pages["Pages/Circle.html"].text, "{6B1A3F60-0E3C-4F0B-9A47-7C2B0C1D0005}")
    contains(pages["Pages/IShape.html"].text, "Help context77")
  end)

  it("join types by links and pictures", function()
    contains(files["Pages/Circle.html"], '<a href="DShapeEvents.html">DShapeEvents</a></th><td>default, events</td>')
    contains(files["Pages/IShape.html"], '<a href="Colour.html">Colour</a>')
    contains(files["Pages/Point.html"], '<a href="ICircle.html">ICircle</a>: <a href="ICircle.html#Join">Join</a>')
    contains(files["Pages/ICircle.html"], '<g class="box dispinterface"><a href="IShape.html"><rect')
    contains(files["Pages/Colour.html"], '<g class="box dispinterface"><a href="IShape.html">')
  end)

  it("have landmarks, a heading, a label for the search, and nothing from elsewhere", function()
    for name, page in pairs(pages) do
      local count <const> = {}
      for _, element in ipairs(page.elements) do count[element.name] = (count[element.name] or 0) + 1 end
      for _, wanted in ipairs { "header", "main", "footer", "h1", "label", "input" } do
        assert.equal(1, count[wanted], name .. ": " .. wanted)
      end
      assert.equal("search", page.ids["-search"].attributes.type)
      assert.equal("listbox", page.ids["-results"].attributes.role)
      assert.falsy(files[name]:gsub("http://www.w3.org/2000/svg", ""):find "https?:", name)
    end
  end)

  it("are the same for the same library", function()
    com.html(com.typelib(path "sample.tlb"), path "again")
    assert.same(files, checker.files(path "again"))
  end)
end)

describe("texts of a library", function()
  local EVIL <const> = "</script><script>alert('1')</script>\"&amp;\n\1\127<!--"

  it("are only texts", function()
    libraries.make(path "evil.tlb", function(description, types)
      description.help = EVIL
      types.IShape.help = EVIL
      types.IShape.functions[3].help = EVIL
      types.IShape.functions[3].parameters[1].name = "<img src=x>"
      types.IShape.functions[4].name = "a b\"'<i>"
      types.Colour.variables[1].name = "]]>"
      types.Point.name = "<b>Point</b>"
      types.Tools.variables[2].constant.value = EVIL
    end)
    local made <const> = com.html(path "evil.tlb", path "evil")
    assert.same({}, made.problems)
    local files <const> = checker.files(path "evil")
    local pages <const> = checker.site(files)
    for name, page in pairs(pages) do
      local scripts = 0
      for _, element in ipairs(page.elements) do
        assert.falsy(element.name == "img" or element.name == "i", name)
        if element.name == "script" then scripts = scripts + 1 end
      end
      assert.equal(1, scripts, name)
    end
    assert.falsy(files["pages-data.js"]:find "[<\1\127]")
    contains(pages["Pages/IShape.html"].text, "</script><script>alert('1')</script>\"&amp;")
  end)

  it("are searched in a script that is one table", function()
    local text <const> = read "evil/pages-data.js"
    local body <const> = assert(text:match "^window%.oleanderPages=(.*);\n$"):gsub("^{l:", '{"l":')
      :gsub("\n%],t:", '\n],"t":')
    local data <const> = assert(json.decode(body))
    assert.equal("Pages 1.2", data.l[1][1])
    local found
    for _, row in ipairs(data.t) do
      if row[2] == "IShape" then found = row end
    end
    assert.equal("dual interface", found[3])
    assert.equal("{6B1A3F60-0E3C-4F0B-9A47-7C2B0C1D0002}", found[5])
    contains(found[7], "mMove\t\t<img_src=x> steps moved\t\t</script>")
  end)
end)

describe("names of files", function()
  it("are safe, and none is there twice", function()
    local long <const> = ("x"):rep(300)
    local list <const> = { "Plain", "plain", "..", ".", "a/b", "a\\b", "a:b", "CON", "con.x", "lpt1", "", "", long,
      long .. "y", "Größe", "Plain", "index", "a.", " a", "a\0b", "-rf", "*?", "Plain-2", "名前" }
    local made <const> = names.assign(list, { "index" }, "type")
    local seen <const> = {}
    for i, name in ipairs(made) do
      assert.truthy(name:find "^[%w_][%w_.%-]*$" and not name:find "%.$" and #name <= 100, list[i] .. ": " .. name)
      assert.falsy(seen[name:lower()], name)
      seen[name:lower()] = true
    end
    assert.equal("Plain", made[1])
    assert.equal("Plain-2", made[23])
    for _, at in ipairs { 2, 8, 10, 17 } do assert.not_equal(list[at]:lower(), made[at]:lower()) end
  end)

  it("do not depend on their neighbours, unless they are the same", function()
    assert.same({ names.assign({ "a b", "x" }, {}, "t")[1] }, { names.assign({ "c", "a b" }, {}, "t")[2] })
  end)

  it("of one site lie in one folder for each library", function()
    libraries.make(path "up.tlb", function(description, types)
      description.name = ".."
      types.Point.name = "../../escaped"
      types.Colour.name = ("long"):rep(60)
      types.Either.name = "index"
    end)
    local made <const> = com.html({ path "up.tlb", path "sample.tlb", com.typelib(path "sample.tlb") }, path "deep/er")
    checker.site(checker.files(path "deep/er"))
    assert.same({ "Pages", "Pages-2" }, { made.libraries[2].folder, made.libraries[3].folder })
    assert.truthy(made.libraries[1].folder:find "^_%-%x+$", made.libraries[1].folder)
    assert.falsy(read "escaped.html")
  end)
end)

describe("links", function()
  it("lead to types of other libraries of the site", function()
    write("user.idl", [[
      [uuid(6B1A3F60-0E3C-4F0B-9A47-7C2B0C1D0011)] library User {
        importlib("sample.tlb"); importlib("stdole2.tlb");
        [uuid(6B1A3F60-0E3C-4F0B-9A47-7C2B0C1D0012), oleautomation] interface IUser : IUnknown {
          HRESULT Use([in] IShape* shape);
        };
      };]])
    com.compile_idl({ file = path "user.idl", include = { folder } }):save(path "user.tlb")
    com.html({ path "user.tlb", path "sample.tlb" }, path "both")
    local files <const> = checker.files(path "both")
    checker.site(files)
    contains(files["User/IUser.html"], '<a href="../Pages/IShape.html">IShape</a>*')
    contains(files["Pages/IShape.html"], '<a href="../User/IUser.html">IUser</a> <span class="of">in User 0.0</span>: '
      .. '<a href="../User/IUser.html#Use">Use</a>')
    contains(files["User/index.html"], '<a href="../Pages/index.html">Pages 1.2</a>')
  end)

  it("are left out where the other library has no pages", function()
    com.html(path "user.tlb", path "alone")
    local files <const> = checker.files(path "alone")
    checker.site(files)
    contains(files["User/IUser.html"], "[in]</span> IShape*")
  end)
end)

describe("the folder", function()
  it("is left alone when something else is in it", function()
    os.execute(("mkdir -p '%s'"):format(path "others"))
    write("others/mine.txt", "mine")
    local ok <const>, problem <const> = com.try(com.html, path "sample.tlb", path "others")
    assert.is_nil(ok)
    contains(problem.description, "is not empty")
    local output <const>, code <const>, errors <const> = run "sample.tlb -o others"
    assert.equal(1, code)
    assert.equal("", output)
    contains(errors, "others is not empty")
    assert.same({ ["mine.txt"] = "mine" }, checker.files(path "others"))
  end)

  it("is no file", function()
    local _, code <const>, errors <const> = run "sample.tlb -o sample.tlb"
    assert.equal(1, code)
    contains(errors, "sample.tlb")
  end)

  it("is made anew, without what an earlier run left", function()
    com.html({ path "sample.tlb", path "user.tlb" }, path "renewed")
    write("renewed/CNAME", "mine")
    com.html(path "user.tlb", path "renewed")
    local files <const> = checker.files(path "renewed")
    assert.equal("mine", files.CNAME)
    files.CNAME = nil
    com.html(path "user.tlb", path "fresh")
    assert.same(checker.files(path "fresh"), files)
    assert.is_nil(io.open(path "renewed/Pages"))
  end)

  it("is not what a marker says that no run can have written", function()
    os.execute(("mkdir -p '%s'"):format(path "forged"))
    write("precious", "precious")
    write("forged/.oleander-pages", "oleander pages 1\n../precious\n")
    assert.is_nil(com.try(com.html, path "user.tlb", path "forged"))
    assert.equal("precious", read "precious")
  end)
end)

describe("oleander tlb html", function()
  it("says what it made, or nothing", function()
    local output <const>, code <const>, errors <const> = run "sample.tlb user.tlb -o told/"
    assert.equal("told/index.html: 2 libraries, 10 types\n", output)
    assert.equal("", errors)
    assert.equal(0, code)
    assert.equal("", (run "--quiet sample.tlb -o told"))
  end)

  it("prints a summary as JSON", function()
    local output <const>, code <const> = run "--json sample.tlb -o told"
    local made <const> = json.decode(output)
    assert.equal(0, code)
    assert.same({}, made.problems)
    assert.equal("{6B1A3F60-0E3C-4F0B-9A47-7C2B0C1D0001}", made.libraries[1].guid)
    assert.equal(#made.libraries, 1)
    assert.equal(14, made.files)
  end)

  it("makes the others when a library is damaged", function()
    write("cut.tlb", read "sample.tlb":sub(1, 900))
    write("text.tlb", "no library")
    local output <const>, code <const>, errors <const> = run "cut.tlb text.tlb sample.tlb absent.tlb -o partly"
    assert.equal(1, code)
    assert.equal("partly/index.html: 1 library, 9 types\n", output)
    for _, name in ipairs { "cut.tlb", "text.tlb", "absent.tlb" } do contains(errors, name) end
    checker.site(checker.files(path "partly"))
  end)

  it("makes nothing when no library can be opened", function()
    local output <const>, code <const> = run "--json text.tlb -o nothing"
    assert.equal(1, code)
    assert.equal(1, #json.decode(output).problems)
    assert.is_nil(read "nothing/index.html")
  end)

  it("says in one plain line what is damaged, and shows the rest", function()
    libraries.make(path "names.tlb", function(_, types) types.IShape.name = "I\27[2JShape\n" end)
    local text <const> = read "names.tlb"
    write("names.tlb", text:sub(1, 700) .. ("\255"):rep(40) .. text:sub(741))
    local _, code <const>, errors <const> = run "names.tlb sample.tlb -o harmless"
    assert.equal(1, code)
    assert.falsy(errors:find "[\0-\9\11-\31]")
    checker.site(checker.files(path "harmless"))
  end)

  it("takes folders", function()
    os.execute(("mkdir -p '%s' && cp '%s' '%s'"):format(path "many/below", path "sample.tlb", path "many/below"))
    write("many/cut.tlb", read "cut.tlb")
    write("many/notes.txt", "no library")
    local output <const>, code <const>, errors <const> = run "many -o from-folder"
    assert.equal("from-folder/index.html: 1 library, 9 types\n", output)
    assert.equal(1, code)
    contains(errors, "many/cut.tlb")
    assert.falsy(errors:find("notes.txt", 1, true))
  end)

  it("answers a wrong command line with exit code 2", function()
    for _, arguments in ipairs { "", "sample.tlb", "-o x", "sample.tlb -o x --bogus" } do
      local _, code <const> = run(arguments)
      assert.equal(2, code, arguments)
    end
  end)
end)

describe("com.html", function()
  it("says what is wrong with its arguments", function()
    for _, case in ipairs {
      { {}, path "x" }, { path "sample.tlb" }, { path "sample.tlb", "" }, { path "sample.tlb", "a\0b" },
      { nil, path "x" }, { path "sample.tlb", 7 }, { { 5 }, path "x" }, { path "absent.tlb", path "x" },
    } do
      local made <const>, problem <const> = com.try(com.html, case[1], case[2])
      assert.is_nil(made)
      assert.truthy(problem.hresult, tostring(problem))
    end
  end)
end)

describe("pages of damaged libraries", function()
  it("are sound", function()
    local text <const> = read "sample.tlb"
    local opened = {}
    for at = 0x60, #text - 4, 37 do
      local file <const> = write(("damaged-%d.tlb"):format(at), text:sub(1, at) .. "\255\255" .. text:sub(at + 3))
      opened[#opened + 1] = com.try(com.typelib, file)
    end
    local made <const> = com.html(opened, path "damaged")
    assert.truthy(#made.libraries > 20 and #made.problems > 0)
    checker.site(checker.files(path "damaged"))
  end)
end)

describe("pages of real libraries", function()
  it("are sound", function()
    local shared <const> = os.getenv "OLEANDER_SHARED" or ""
    if not com.try(com.typelib, shared .. "/typelibs/libraries/219c9713f281-stdole32.tlb") then
      pending("the corpus of type libraries is absent (OLEANDER_SHARED)")
      return
    end
    local list <const> = {}
    local pipe <close> = assert(io.popen(("ls '%s'/typelibs/*/*.tlb"):format(shared)))
    for name in pipe:lines() do list[#list + 1] = name end
    local some <const> = {}
    for i = 1, #list, 6 do some[#some + 1] = list[i] end
    com.html(some, path "real")
    checker.site(checker.files(path "real"))
  end)
end)
