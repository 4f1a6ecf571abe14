---`oleander tlb html LIB... -o DIR`: pages to read and search.
local json <const> = require "oleander.json"
local places <const> = require "oleander.cli.tlb.places"
local terminal <const> = require "oleander.cli.terminal"

---@type oleander.cli.Command
local command <const> = {
  summary = "Make pages to read and search.",
  description = "Make one site of pages for any number of libraries: every type with its members, links between them, "
    .. "pictures of what joins them, and search. Open DIR/index.html in a browser; no server is needed "
    .. "(docs/pages.md). DIR must be empty, or hold the pages of an earlier run: they are replaced. Exit code: 0 done, "
    .. "1 the pages could not be made, or a library, or a part of one, could not be read (the others are made), "
    .. "2 wrong command line.",
  completes = { library = "library" },
}

function command.configure(parser)
  parser:argument("library", "Type libraries: paths, LIBIDs or ProgIDs. A folder stands for all libraries in the files "
    .. "below it."):args "+"
  parser:option("-o --output", "The folder for the pages; it is made."):argname "DIR":count(1)
  parser:flag("-q --quiet", "Say nothing when all is well.")
  parser:flag("--json", "Print what was made as JSON (schema: docs/pages.md).")
end

local function complain(text)
  io.stderr:write("oleander: ", text, "\n")
end

---The libraries, and how many could not be opened.
local function open_all(ids, progress)
  local com <const> = require "oleander"
  local core <const> = require "oleander.core"
  local libraries <const>, problems <const> = {}, {}
  local function add(library) libraries[#libraries + 1] = library end
  local function fail(id, problem)
    problems[#problems + 1] = { library = id, text = require "oleander.cli".message(problem) }
  end
  for i, id in ipairs(ids) do
    progress(("opening %d of %d: %s"):format(i, #ids, id))
    if core.list_directory(id) then
      if places.each_library({ id }, add, fail) == 0 then fail(id, "there is no type library") end
    else
      local library <const>, problem <const> = com.try(com.typelib, id)
      if library then add(library) else fail(id, problem) end
    end
  end
  return libraries, problems
end

local function print_summary(options, made)
  if options.json then
    for _, list in ipairs { made.libraries, made.problems } do json.array(list) end
    print(json.encode(made))
  elseif not options.quiet then
    local types = 0
    for _, library in ipairs(made.libraries) do types = types + library.types end
    print(("%s/index.html: %d librar%s, %d type%s"):format((options.output:gsub("(.)/+$", "%1")), #made.libraries,
      #made.libraries == 1 and "y" or "ies", types, types == 1 and "" or "s"))
  end
end

local NAME_LIMIT <const> = 80 -- bytes of a name that a damaged library gives

---One line; a terminal must not do what names in a damaged library say. A library's path begins most texts already.
local function problem_text(problem)
  local markup <const> = require "oleander.html.markup"
  local function shown(text) return (markup.clean(text):gsub("%s+", " ")) end
  local text = shown(problem.text)
  if problem.type then text = ("%s: %s"):format(shown(problem.type:sub(1, NAME_LIMIT)), text) end
  local library <const> = shown(problem.library)
  return text:sub(1, #library) == library and text or ("%s: %s"):format(library, text)
end

function command.run(options)
  -- One short run: what is read is needed to the end.
  collectgarbage "generational"
  local site <const> = require "oleander.html.site"
  local progress <const> = options.quiet and function() end or terminal.progress()
  local place <const>, refusal <const> = site.look(options.output)
  if not place then
    complain(refusal)
    return 1
  end
  local libraries <const>, problems <const> = open_all(options.library, progress)
  local made
  if #libraries > 0 then
    made = site.make(libraries, options.output, progress)
    table.move(made.problems, 1, #made.problems, #problems + 1, problems)
    made.problems = problems
  end
  progress()
  for _, problem in ipairs(problems) do complain(problem_text(problem)) end
  if not made then complain "no library can be opened: no pages were made" end
  if made or options.json then
    print_summary(options, made or { directory = options.output, files = 0, libraries = {}, problems = problems })
  end
  return (not made or #problems > 0) and 1 or 0
end

return command
