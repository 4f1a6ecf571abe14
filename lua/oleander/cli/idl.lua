---`oleander idl compile|header`: type libraries and C headers from IDL. Loads no more of Oleander than it needs, so
---that the build can run it from its own tree.

---@type oleander.cli.Command
local idl <const> = {
  summary = "Compile IDL.",
  description = "Compile IDL to a type library or to a header for C and C++. No C compiler is needed.",
  leaves = true, -- the memory and all else goes with the process
}

local function common(parser)
  parser:argument("file", "IDL file."):argname "IN.idl"
  parser:flag("-q --quiet", "Say nothing when all is well.")
  parser:option("-I --include", "Folder for import, #include and importlib (may be given several times)."):argname "DIR"
    :count "*"
  parser:option("-D --define", "Define a macro (may be given several times)."):argname "NAME[=VALUE]":count "*"
  parser:mutex(
    parser:flag("--win32", "For 32-bit processes."),
    parser:flag("--win64", "For 64-bit processes (default)."))
  parser:option("--depfile", "Write a make rule: what the output was made from."):argname "FILE"
  parser:flag("--no-warnings", "Show no warnings.")
end

function idl.configure(parser)
  parser:command_target "idl_command"
  parser:require_command(true)
  local compile <const> = parser:command("compile"):summary "Compile IDL to a type library."
    :description("Compile IDL to a type library. Exit code: 0 done, 1 errors in the file "
      .. "(FILE:LINE:COLUMN: message, on standard error), 2 wrong command line.")
  common(compile)
  compile:option("-o --output", "The type library."):argname "OUT.tlb":count(1)
  compile:option("--header", "Also write the header."):argname "FILE.h"
  compile:option("--guids", "Also write a C source that defines the GUIDs."):argname "FILE.c"
  compile:option("--section", "Also write an assembler source that puts the library into a server."):argname "FILE.S"
  compile:option("--section-number", "Of the libraries in one server, which this one is."):argname "N":default "1"
    :convert(function(text)
      local number <const> = math.tointeger(tonumber(text))
      if not number or number < 1 then return nil, "the number of a section is 1, 2, ..., not " .. text end
      return number
    end)
  local header <const> = parser:command("header"):summary "Make a header for C and C++ from IDL."
    :description("Make a header for C and C++ from IDL, also from a file without a library. Exit code: 0 done, "
      .. "1 errors in the file, 2 wrong command line.")
  common(header)
  header:option("-o --output", "The header."):argname "OUT.h":count(1)
  header:option("--guids", "Also write a C source that defines the GUIDs."):argname "FILE.c"
end

local function defines(list)
  local all <const> = {}
  for _, item in ipairs(list) do
    local name <const>, value <const> = item:match "^([%a_][%w_]*)=?(.*)$"
    if not name then return nil, item .. " is no definition of a macro" end
    all[name] = item:find("=", 1, true) and value or "1"
  end
  return all
end

--- Writes beside, then renames: nobody sees half a file.
local function write_file(path, text)
  local beside <const> = path .. ".part"
  local file <const>, problem <const> = io.open(beside, "wb")
  if not file then return nil, problem end
  local done, reason = file:write(text)
  if done then done, reason = file:close() else file:close() end
  if done then done, reason = os.rename(beside, path) end
  if not done then
    os.remove(beside)
    return nil, path .. ": " .. tostring(reason)
  end
  return true
end

local function make_rule(target, dependencies)
  local function quoted(path) return (path:gsub("[ #$]", { [" "] = "\\ ", ["#"] = "\\#", ["$"] = "$$" })) end
  local out <const> = { quoted(target), ":" }
  for _, path in ipairs(dependencies) do out[#out + 1] = " \\\n  " .. quoted(path) end
  return table.concat(out) .. "\n"
end

--- An allocated, retained section with the library, and a note that finds it when the section headers are gone: name
--- "Oleander", descriptor two quads, the offset from the first quad to the library and its length.
local SECTION <const> = [[
    .section .oleander.typelib%s,"aR",@progbits
    .balign 8
    .hidden oleander_typelib_begin_%d
    .globl oleander_typelib_begin_%d
oleander_typelib_begin_%d:
    .incbin "%s"
oleander_typelib_end_%d:
    .balign 8
    .section .note.oleander%s,"aR",@note
    .balign 4
    .long 9, 16, %d
    .asciz "Oleander"
    .balign 4
0:  .quad oleander_typelib_begin_%d - 0b
    .quad oleander_typelib_end_%d - oleander_typelib_begin_%d
    .section .note.GNU-stack,"",@progbits
]]

local function absolute(path)
  if path:find "^/" then return path end
  local pipe <close> = assert(io.popen "pwd -P")
  return pipe:read "l" .. "/" .. path
end

local function section_source(library, n)
  local suffix <const> = n > 1 and "." .. n or ""
  local path <const> = absolute(library):gsub('[\\"]', "\\%0")
  return SECTION:format(suffix, n, n, n, path, n, suffix, n, n, n, n)
end

local function say(options, diagnostics)
  for _, item in ipairs(diagnostics.list) do
    if item.severity == "error" or not (options.quiet or options.no_warnings) then
      io.stderr:write(diagnostics.text(item), "\n")
    end
  end
  if diagnostics.errors > 0 then
    if not options.quiet then
      io.stderr:write(("%d error%s\n"):format(diagnostics.errors, diagnostics.errors == 1 and "" or "s"))
    end
    return false
  end
  return true
end

local function fail(message)
  io.stderr:write("oleander: ", tostring(message), "\n")
  return 1
end

--- Larger input may have much that is not needed to the end.
local SMALL <const> = 4 << 20

--- One short run: what is read is needed to the end, and collecting it again and again takes longer than the reading.
local function prepare_memory(path)
  local file <close> = io.open(path, "rb")
  local size <const> = file and file:seek "end" or 0
  require "oleander.core".reserve_memory(64 << 20)
  if size > SMALL then
    collectgarbage("setpause", 1000)
  else
    collectgarbage "stop"
  end
end

function idl.run(options)
  prepare_memory(options.file)
  local macros <const>, problem <const> = defines(options.define)
  if not macros then
    fail(problem)
    return 2
  end
  local compile <const> = require "oleander.idl.compile"
  local compilation <const> = compile.read {
    file = options.file, include = options.include, define = macros, bits = options.win32 and 32 or 64,
  }
  local to_library <const> = options.idl_command == "compile"
  local description <const> = to_library and compile.describe(compilation)
  local header_path <const> = to_library and options.header or not to_library and options.output
  local header, guids
  if compilation.diagnostics.errors == 0 and (header_path or options.guids) then
    header, guids = compile.header(compilation, (header_path or options.guids):match "[^/]*$")
  end
  if not say(options, compilation.diagnostics) then return 1 end
  if to_library then
    local core <const> = require "oleander.core"
    local done <const>, reason <const> = pcall(core.build_typelib, description, options.output)
    if not done then return fail(require "oleander.cli".message(reason)) end
  end
  local outputs <const> = { { header_path, header }, { options.guids, guids },
    { options.depfile, options.depfile and make_rule(options.output, compilation.unit.dependencies) },
    { options.section, options.section and section_source(options.output, options.section_number) } }
  for i = 1, 4 do
    local path <const>, text <const> = outputs[i][1], outputs[i][2]
    if path then
      local done <const>, reason <const> = write_file(path, text)
      if not done then return fail(reason) end
    end
  end
  return 0
end

return idl
