-- Tells what happens in a folder, until a time is over.
--   lua5.4 examples/watch_folder.lua FOLDER [SECONDS] [FILTER]
local com <const> = require "oleander"

local folder <const> = assert(arg[1], "the path of a folder is wanted")
local watcher <const> = com.create "Oleander.FolderWatcher"
watcher.Filter = arg[3] or ""

com.connect(watcher, {
  Created = function(name) print("created", name) end,
  Changed = function(name) print("changed", name) end,
  Deleted = function(name) print("deleted", name) end,
  Renamed = function(from, to) print("renamed", from, to) end,
  Lost = function(gone)
    print(gone and "the folder is gone" or "some changes were missed")
    if gone then com.stop() end
  end,
})

watcher:Open(folder)
print("watching", watcher.Path)
if arg[2] then com.after(tonumber(arg[2]), com.stop) end
com.run()
