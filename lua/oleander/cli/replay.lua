---`oleander replay FILE [ID]`: a recording of com.spy against another server, or as a server itself.
local json <const> = require "oleander.json"

---@type oleander.cli.Command
local replay <const> = {
  summary = "Play a recording of an object, as a server or against one.",
  description = "Play a recording that com.spy(o, FILE) made. With ID the recorded calls are made on that object, and "
    .. "what it does differently is printed. Without ID the recording is a server: an object that answers as the "
    .. "recorded one did, for all processes of the user, until it is interrupted. "
    .. "Exit code: 0 the same, 1 different, 3 it could not be found out.",
  completes = { id = "class" },
}

local SAME <const>, DIFFERENT <const>, TROUBLE <const> = 0, 1, 3

---What a wrong command line is.
replay.usage = TROUBLE

function replay.configure(parser)
  parser:argument("file", "The recording.")
  parser:argument("id", "A ProgID or a CLSID in braces makes an object; a moniker names one that exists."):args "?"
  parser:flag("-r --running", "Take the running object of that name, make none.")
  parser:option("--as", "As a server: the ProgID, in place of the recorded one."):argname "PROGID"
  parser:flag("--json", "Print the differences as JSON.")
end

local function open(options)
  local com <const> = require "oleander"
  local id <const> = options.id
  if options.running then return com.running(id) end
  if id:sub(1, 1) ~= "{" and (id:find ":" or id:find "/") then return com.get_object(id) end
  return com.create(id)
end

local function plain(value)
  if value == nil then return json.null end
  return math.type(value) and value == value and value or type(value) == "boolean" and value or tostring(value)
end

local function compare(options)
  local com <const> = require "oleander"
  local differences <const> = com.replay(options.file, open(options))
  if options.json then
    local list <const> = json.array {}
    for i, one in ipairs(differences) do
      list[i] = { n = one.n, member = one.member, expected = plain(one.expected), got = plain(one.got) }
    end
    print(json.encode(list))
  else
    for _, one in ipairs(differences) do print(one.text) end
  end
  return #differences > 0 and DIFFERENT or SAME
end

--- The names under which the recording is served: those of the recorded class.
local function serve(options)
  local com <const> = require "oleander"
  local recorded <const> = require "oleander.recording.script".read(options.file, "replay")
  local said <const> = recorded.header.object.class or {}
  local progid <const> = options.as or said.progid
  local clsid <const> = not options.as and said.guid or nil
  com.replay(options.file) -- what is wrong with it is said now
  local names <const>, registrations <const> = {}, {}
  if progid or clsid then
    registrations[1] = com.serve { progid = progid, clsid = clsid, where = "local",
      class = function() return com.replay(options.file) end }
    names[1] = progid and progid .. " " .. registrations[1].clsid or clsid
  end
  local core <const> = require "oleander.core"
  local path <const> = core.real_path(options.file)
  registrations[#registrations + 1] = com.publish(com.replay(options.file), path)
  names[#names + 1] = path
  print("serving " .. table.concat(names, ", "))
  io.stdout:flush()
  com.run()
  for _, registration in ipairs(registrations) do registration:close() end
  return SAME
end

function replay.run(options)
  local done <const>, result <const> = xpcall(options.id and compare or serve, function(e)
    return require "oleander.cli".message(e)
  end, options)
  if done then return result end
  io.stderr:write("oleander: ", result, "\n")
  return TROUBLE
end

return replay
