-- The program `oleander`, run as people run it: output, messages, exit codes.
local stage <const> = assert(os.getenv "OLEANDER_STAGE")
local build <const> = assert(os.getenv "OLEANDER_BUILD")
local sample <const> = build .. "/typelib-idl/sample.tlb"
local scripting <const> = stage .. "/lib/oleander/servers/scripting.so"
local json <const> = require "dkjson"

local folder

local function run(arguments, environment)
  local pipe <close> = assert(io.popen(("%s '%s/bin/oleander' %s 2>'%s/errors' </dev/null; echo \"exit $?\""):format(
    environment or "", stage, arguments, folder), "r"))
  local output <const> = pipe:read "a"
  local errors <close> = assert(io.open(folder .. "/errors"))
  return output:gsub("exit %d+\n$", ""), tonumber(output:match "exit (%d+)\n$"), errors:read "a"
end

local function write(name, text)
  local file <close> = assert(io.open(folder .. "/" .. name, "wb"))
  file:write(text)
  return folder .. "/" .. name
end

setup(function()
  local pipe <close> = assert(io.popen "mktemp -d")
  folder = pipe:read "l"
end)

teardown(function() os.execute("rm -rf '" .. folder .. "'") end)

describe("oleander", function()
  it("says its version and its commands", function()
    local output <const>, code <const> = run "--version"
    assert.equal("oleander " .. require "oleander.version" .. "\n", output)
    assert.equal(0, code)
    local help <const> = run "--help"
    for _, name in ipairs { "run", "serve", "call", "show", "register", "unregister", "list", "ps", "rot",
      "classes", "class", "storage", "tlb", "doctor" } do
      assert.truthy(help:find("\n   " .. name .. " ", 1, true), name)
      local own <const>, own_code <const> = run(name .. " --help")
      assert.equal(0, own_code)
      assert.truthy(own:find("Usage: oleander " .. name, 1, true), own)
    end
  end)

  it("answers a wrong command line with the usage and exit code 2", function()
    for arguments, expected in pairs {
      ["frobnicate"] = "unknown command 'frobnicate'",
      ["run"] = "missing argument 'script'",
      ["list --bogus"] = "unknown option '--bogus'",
      ["tlb show --kind nonsense x"] = "must be one of",
    } do
      local _, code <const>, errors <const> = run(arguments)
      assert.equal(2, code, arguments)
      assert.truthy(errors:find(expected, 1, true), arguments .. ": " .. errors)
      assert.truthy(errors:find("Usage: oleander", 1, true), errors)
    end
  end)
end)

describe("oleander run", function()
  it("gives the script everything behind its name", function()
    local script <const> = write("arguments.lua", "print(#arg, arg[0], table.concat(arg, '|'))")
    local output <const>, code <const> = run("run '" .. script .. "' --version -x 'a b' -- --json")
    assert.equal(("5\t%s\t--version|-x|a b|--|--json\n"):format(script), output)
    assert.equal(0, code)
  end)

  it("shows an error of the script with its place and gives exit code 1", function()
    local script <const> = write("fails.lua", "local com = require 'oleander'\ncom.create 'No.Such.Class'\n")
    local _, code <const>, errors <const> = run("run '" .. script .. "'")
    assert.equal(1, code)
    assert.truthy(errors:find("fails.lua:2:", 1, true), errors)
    assert.truthy(errors:find("CO_E_CLASSSTRING", 1, true), errors)
  end)

  it("passes on the exit code that the script chooses, and says when there is no script", function()
    local _, code <const> = run("run '" .. write("exits.lua", "os.exit(7)") .. "'")
    assert.equal(7, code)
    local _, missing <const>, errors <const> = run "run /no/such/script.lua"
    assert.equal(1, missing)
    assert.truthy(errors:find("/no/such/script.lua", 1, true), errors)
  end)
end)

describe("oleander register", function()
  local environment

  before_each(function()
    os.execute(("rm -rf '%s/classes' && mkdir '%s/classes'"):format(folder, folder))
    environment = ("OLEANDER_CLASSES='%s/classes'"):format(folder)
  end)

  it("enters a module, which list then shows, and unregister takes it out", function()
    local output <const>, code <const>, errors <const> = run("register '" .. scripting .. "'", environment)
    assert.equal(0, code, errors)
    assert.equal("registered " .. scripting .. "\n", output)
    local listed <const> = run("list --json", environment)
    local classes <const> = json.decode(listed)
    assert.equal("Scripting.Dictionary", classes[1].progid)
    assert.equal("{EE09B103-97E0-11CF-978F-00A02463E06F}", classes[1].clsid)
    assert.equal("inproc", classes[1].kind)
    assert.truthy((run("list filesys", environment)):find "^Scripting%.FileSystemObject ")
    assert.equal(0, select(2, run("unregister '" .. scripting .. "'", environment)))
    local empty <const>, empty_code <const>, note <const> = run("list", environment)
    assert.equal("", empty)
    assert.equal(1, empty_code)
    assert.equal("Nothing is registered.\n", note)
  end)

  it("enters a type library, which list --libraries shows", function()
    assert.equal(0, select(2, run("register '" .. sample .. "'", environment)))
    local libraries <const> = json.decode((run("list --libraries --json", environment)))
    assert.equal(1, #libraries)
    assert.equal("{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0001}", libraries[1].libid)
    assert.equal("3.7", libraries[1].version)
    assert.equal(0, select(2, run("unregister '" .. sample .. "'", environment)))
    assert.equal("[]\n", (run("list --libraries --json", environment)))
  end)

  it("says what is wrong with a file that is no server", function()
    for file, expected in pairs {
      ["/no/such/file"] = "there is no such file",
      [write("text.txt", "hello")] = "TYPE_E_UNSUPFORMAT",
      [stage .. "/lib/liboleander.so"] = "DllRegisterServer",
    } do
      local _, code <const>, errors <const> = run("register '" .. file .. "'", environment)
      assert.equal(1, code, file)
      assert.truthy(errors:find(expected, 1, true), file .. ": " .. errors)
    end
  end)
end)

describe("oleander list", function()
  it("shows the script of a class that is written in Lua", function()
    os.execute(("rm -rf '%s/classes' && mkdir '%s/classes'"):format(folder, folder))
    local environment <const> = ("OLEANDER_CLASSES='%s/classes'"):format(folder)
    local script <const> = write("counter.lua", [[
local com = require "oleander"
com.main { progid = "Spec.Counter", class = { Next = function() return 1 end } }
]])
    local _, code <const>, errors <const> = run(("run '%s' --register"):format(script), environment)
    assert.equal(0, code, errors)
    local listed <const> = json.decode((run("list --json", environment)))
    assert.equal("Spec.Counter", listed[1].progid)
    assert.equal(script, listed[1].server)
    assert.truthy(listed[1].module:find("luaserver.so", 1, true))
    assert.truthy((run("show Spec.Counter", environment)):find("script   " .. script, 1, true))
  end)

  it("follows Lua files that are registered and taken out again, also when they are gone", function()
    os.execute(("rm -rf '%s/classes' && mkdir '%s/classes'"):format(folder, folder))
    local environment <const> = ("OLEANDER_CLASSES='%s/classes'"):format(folder)
    local script <const> = write("later.lua", [[
require "oleander".main { progid = "Spec.Later", class = { Next = function() return 2 end } }
]])
    local output <const>, code <const>, errors <const> = run(("register '%s'"):format(script), environment)
    assert.equal("", errors)
    assert.equal("registered " .. script .. "\n", output)
    assert.equal(0, code)
    assert.equal("2\n", (run("call Spec.Later Next", environment)))
    os.remove(script)
    assert.equal(0, select(2, run(("unregister '%s'"):format(script), environment)))
    assert.equal(1, select(2, run("list", environment)))
    local _, none <const>, problem <const> = run(("unregister '%s'"):format(script), environment)
    assert.equal(1, none)
    assert.truthy(problem:find("no class is registered that this file serves", 1, true))
    local empty <const> = write("nothing.lua", "return 1")
    local _, failed <const>, reason <const> = run(("register '%s'"):format(empty), environment)
    assert.equal(1, failed)
    assert.truthy(reason:find("the file registers nothing", 1, true))
  end)
end)

describe("oleander call", function()
  local environment

  setup(function()
    environment = ("OLEANDER_CLASSES='%s/called'"):format(folder)
    os.execute(("mkdir -p '%s/called'"):format(folder))
    assert.equal(0, select(2, run("register '" .. scripting .. "'", environment)))
  end)

  it("prints results, one a line, or as JSON", function()
    for arguments, expected in pairs {
      ["Scripting.Dictionary Count"] = "0\n",
      ["{EE09B103-97E0-11CF-978F-00A02463E06F} exists a"] = "false\n",
      ["Scripting.FileSystemObject GetBaseName /tmp/passwd.txt"] = "passwd\n",
      ["Scripting.FileSystemObject BuildPath NAME=b path=/a"] = "/a/b\n",
      ["Scripting.Dictionary Add key=a item=5"] = "",
      ["Scripting.Dictionary --put CompareMode TextCompare"] = "",
      ["Scripting.Dictionary --put CompareMode 1"] = "",
      ["--json Scripting.Dictionary Count"] = "[0]\n",
      ["--json Scripting.Dictionary Keys"] = "[[]]\n",
      ["Scripting.Dictionary Keys"] = "{}\n",
      ["Scripting.Dictionary Exists a --json"] = "[false]\n",
      ["Scripting.Dictionary Exists --json -- a"] = "[false]\n",
      ["Scripting.Dictionary CompareMode --put 1"] = "",
      ["Scripting.Dictionary Exists -5"] = "false\n",
      ["Scripting.Dictionary Exists -.5"] = "false\n",
      ["Scripting.Dictionary Exists -- --json"] = "false\n",
      ["-- Scripting.Dictionary Exists -x"] = "false\n",
    } do
      local output <const>, code <const>, errors <const> = run("call " .. arguments, environment)
      assert.equal("", errors, arguments)
      assert.equal(expected, output, arguments)
      assert.equal(0, code, arguments)
    end
    assert.truthy(tonumber((run("call Scripting.FileSystemObject Drives.Count", environment))))
  end)

  it("says what is wrong, with exit code 1", function()
    for arguments, expected in pairs {
      ["Scripting.Dictionary Exist"] = "near names: Exists",
      ["Scripting.FileSystemObject GetBaseName"] = "argument 1 (Path)",
      ["Scripting.Dictionary --put CompareMode nonsense"] = "CompareMethod",
      ["No.Such.Class Count"] = "No.Such.Class",
    } do
      local output <const>, code <const>, errors <const> = run("call " .. arguments, environment)
      assert.equal(1, code, arguments)
      assert.equal("", output)
      assert.truthy(errors:find(expected, 1, true), arguments .. ": " .. errors)
    end
  end)

  it("reads an argument as its parameter wants it", function()
    local value <const> = require "oleander.cli.value"
    local com <const> = require "oleander"
    assert.equal("5", value.parse("5", "BSTR"))
    assert.equal(5, value.parse("5", "VARIANT"))
    assert.equal(5, value.parse("5", "long"))
    assert.equal("integer", math.type(value.parse("5", nil)))
    assert.equal("a", value.parse("a", nil))
    assert.is_true(value.parse("true", "VARIANT"))
    assert.equal("true", value.parse("s:true", "VARIANT"))
    assert.is_nil(value.parse("nil", "VARIANT"))
    assert.equal(com.null, value.parse("null", nil))
    assert.equal("32.78", tostring(value.parse("32.78", "CURRENCY")))
    assert.equal("0.1", tostring(value.parse("decimal:0.1", nil)))
    assert.equal("C:x", value.parse("C:x", nil))
  end)
end)

describe("oleander show", function()
  it("shows a class with its members, from types alone or with values", function()
    local environment <const> = ("OLEANDER_CLASSES='%s/called'"):format(folder)
    local output <const>, code <const>, errors <const> = run("show Scripting.Dictionary", environment)
    assert.equal(0, code, errors)
    for _, line in ipairs {
      "progid   Scripting.Dictionary",
      "clsid    {EE09B103-97E0-11CF-978F-00A02463E06F}",
      "library  Scripting",
      "[default] IDictionary  {42C642C1-97E1-11CF-978F-00A02463E06F}",
      "  Count        get      long Count();",
    } do
      assert.truthy(("\n" .. output):find("\n" .. line .. "\n", 1, true), line .. "\n--\n" .. output)
    end
    assert.truthy((run("show -v Scripting.Dictionary", environment)):find("long Count(); = 0", 1, true))
    local shown <const> = json.decode((run("show --json Scripting.Dictionary", environment)))
    assert.equal("Scripting.Dictionary", shown.progid)
    assert.equal("IDictionary", shown.interfaces[1].name)
    local _, none <const>, problem <const> = run("show No.Such.Class", environment)
    assert.equal(1, none)
    assert.truthy(problem:find("No.Such.Class", 1, true))
  end)
end)

describe("oleander tlb show", function()
  it("prints a tree of types and members", function()
    local output <const>, code <const> = run("tlb show '" .. sample .. "'")
    assert.equal(0, code)
    for _, line in ipairs {
      "library Sample 3.7  {7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0001}",
      "  Sample library",
      "  MSFT win64, lcid 0x0, 11 types, from " .. sample,
      "  enum Colour  {7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0010}",
      "    colourLess = -5",
      "    long grid[3][2];",
      "  typedef long Distance",
      "    [id(0x00000001), propget, helpstring(\"Its name\")] BSTR Name();",
      "    [id(0x60010000)] HRESULT Plain([in] uint64 big, [out] char* little);",
      "  interface IPlain : IUnknown  {7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0022}",
      "    [default, source] dispinterface DEvents",
    } do
      assert.truthy(("\n" .. output):find("\n" .. line .. "\n", 1, true), line .. "\n--\n" .. output)
    end
    assert.falsy(output:find("QueryInterface", 1, true)) -- restricted
    assert.falsy(output:find("\27", 1, true)) -- no colours in a pipe
  end)

  it("filters by kind and by name, colours when asked", function()
    local enums <const> = run("tlb show --kind enum '" .. sample .. "'")
    assert.truthy(enums:find("colourRed = 1", 1, true))
    assert.falsy(enums:find("Circle", 1, true))
    local named <const> = run("tlb show --name 'cent*' '" .. sample .. "'")
    assert.truthy(named:find("Centre", 1, true))
    assert.falsy(named:find("Fill", 1, true))
    assert.truthy((run("tlb show --all '" .. sample .. "'")):find("QueryInterface", 1, true))
    assert.truthy((run("tlb show --color always '" .. sample .. "'")):find("\27[", 1, true))
  end)

  it("writes values that JSON has no kind for as text", function()
    local com <const> = require "oleander"
    local text <const> = require("oleander.json").encode {
      cost = com.currency "32.78",
      exact = com.decimal "0.125",
      day = com.date(1900, 1, 31),
    }
    assert.same({ cost = "32.78", exact = "0.125", day = "1900-01-31T00:00:00" }, json.decode(text))
  end)

  it("prints JSON that says it all", function()
    local output <const>, code <const> = run("tlb show --json '" .. sample .. "'")
    assert.equal(0, code)
    local library <const> = assert(json.decode(output))[1]
    assert.equal("Sample", library.name)
    assert.equal("3.7", library.version)
    assert.equal("sample.chm", library.help_file)
    assert.equal(77, library.help_context)
    local custom <const> = {} -- compilers add data of their own
    for _, item in ipairs(library.custom) do custom[item.guid] = item.value end
    assert.equal("library data", custom["{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA00C0}"])
    assert.equal(11, #library.types)
    local types <const> = {}
    for _, kind in ipairs(library.types) do types[kind.name] = kind end
    assert.equal("long", types.Distance.alias_of)
    assert.equal(4, types.Colour.size)
    assert.equal(-5, types.Colour.variables[4].value)
    assert.same({ "default", "source" }, types.Circle.implements[3].flags)
    for _, member in ipairs(types.IShape.functions) do
      if member.name == "Move" then
        assert.equal("long", member.type)
        assert.equal("steps", member.parameters[2].name)
        assert.equal(1, member.parameters[2].default.value)
        assert.same({ "in", "optional" }, member.parameters[3].flags)
      end
    end
  end)

  it("opens the library inside a module, by file and by ProgID", function()
    assert.truthy((run("tlb show '" .. scripting .. "'")):find "^library Scripting 1%.0")
    assert.truthy((run "tlb show Scripting.Dictionary"):find "^library Scripting 1%.0")
  end)

  it("shows what the vtable of a dual interface has, in text and in JSON", function()
    local line <const> =
      "    [id(0x00000001), propget, helpstring(\"Its name\")] HRESULT Name([out, retval] BSTR* value);"
    assert.truthy((run("tlb show '" .. sample .. "'")):find("\n" .. line .. "\n", 1, true))
    for _, kind in ipairs(json.decode((run("tlb show --json '" .. sample .. "'")))[1].types) do
      if kind.name == "IShape" then
        assert.equal("dispinterface", kind.kind)
        assert.equal("interface", kind.other_half.kind)
        assert.equal("HRESULT", kind.other_half.functions[1].type)
      end
    end
  end)

  it("ends with the damage and exit code 1 when a part can't be read or nothing matches", function()
    local file <close> = assert(io.open(sample, "rb"))
    local damaged <const> = write("damaged.tlb", file:read "a":sub(1, 3000))
    for _, option in ipairs { "", "--json " } do
      local output <const>, code <const>, errors <const> = run(("tlb show %s'%s'"):format(option, damaged))
      assert.equal(1, code)
      assert.truthy(output:find("IShape", 1, true))
      assert.truthy(errors:find("oleander: " .. damaged .. ": IShape: ", 1, true), errors)
      assert.truthy(errors:find("TYPE_E_INVDATAREAD", 1, true), errors)
    end
    local _, code <const>, errors <const> = run("tlb show --name nothing_like_this '" .. sample .. "'")
    assert.equal(1, code)
    assert.equal("oleander: no type matches\n", errors)
  end)

  it("shows the good files and names the bad ones", function()
    local bad <const> = write("bad.tlb", "MSFT but no more")
    local output <const>, code <const>, errors <const> = run(("tlb show '%s' '%s' /no/file"):format(bad, sample))
    assert.equal(1, code)
    assert.truthy(output:find("library Sample", 1, true))
    assert.truthy(errors:find(bad, 1, true), errors)
    assert.truthy(errors:find("/no/file", 1, true), errors)
    assert.falsy(errors:find("traceback", 1, true), errors)
  end)
end)

describe("oleander tlb list and find", function()
  it("finds every library below a folder, with names that a shell would trip over", function()
    os.execute(("mkdir -p '%s/tree/a b' && cp '%s' \"%s/tree/a b/it's.tlb\" && cp '%s' '%s/tree/s.so' "
      .. "&& echo no > '%s/tree/text.txt'"):format(folder, sample, folder, scripting, folder, folder))
    local output <const>, code <const>, errors <const> = run("tlb list '" .. folder .. "/tree'")
    assert.equal(0, code)
    assert.equal("", errors)
    local expected <const> = {
      "{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0001}  3.7      MSFT  win64    11  Sample  " .. folder .. "/tree/a b/it's.tlb",
      "{420B2830-E718-11CF-893D-00A0C9054228}  1.0      MSFT  win64    30  Scripting  " .. folder .. "/tree/s.so",
    }
    assert.equal(table.concat(expected, "\n") .. "\n", output)
    local listed <const> = json.decode((run("tlb list --json '" .. folder .. "/tree'")))
    assert.equal("Scripting", listed[2].name)
    assert.equal(30, listed[2].type_count)
  end)

  it("says so when there is none", function()
    os.execute("mkdir -p '" .. folder .. "/empty'")
    local output <const>, code <const>, errors <const> = run("tlb list '" .. folder .. "/empty'")
    assert.equal("", output)
    assert.equal(1, code)
    assert.equal("oleander: there is no type library\n", errors)
  end)

  it("finds types, members and parameters by name", function()
    local output <const>, code <const> = run("tlb find steps '" .. sample .. "'")
    assert.equal(0, code)
    assert.truthy(output:find(sample .. ": IShape.Move: [id(0x00000002)] long Move(", 1, true), output)
    assert.truthy((run("tlb find colour* '" .. sample .. "'")):find("Colour.colourBlue: const", 1, true))
    local found <const> = json.decode((run("tlb find --json 'icircle' '" .. sample .. "'")))
    assert.equal("ICircle", found[1].type)
    assert.is_nil(found[1].member)
    for text, expected in pairs {
      ["7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0022"] = ": IPlain: interface IPlain : IUnknown",
      ["its name"] = ": IShape.Name: ",
      ["sample library"] = ": library Sample 3.7",
    } do
      local shown <const>, shown_code <const> = run(("tlb find '%s' '%s'"):format(text, sample))
      assert.equal(0, shown_code, text)
      assert.truthy(shown:find(expected, 1, true), shown)
    end
    assert.equal(1, select(2, run("tlb find QueryInterface '" .. sample .. "'"))) -- of IUnknown: every object has it
    local _, none <const>, errors <const> = run("tlb find nothing_like_this '" .. sample .. "'")
    assert.equal(1, none)
    assert.truthy(errors:find("nothing_like_this", 1, true))
  end)
end)
