local com <const> = require "oleander"
local lfs <const> = require "lfs"

describe("Scripting.FileSystemObject", function()
  local fso, folder

  setup(function() fso = com.create "Scripting.FileSystemObject" end)
  teardown(function() com.release(fso) end)

  before_each(function()
    folder = fso:BuildPath(fso:GetSpecialFolder("TemporaryFolder").Path, "oleander-" .. fso:GetTempName())
    fso:CreateFolder(folder)
  end)
  after_each(function() fso:DeleteFolder(folder, true) end)

  local function at(name) return fso:BuildPath(folder, name) end

  local function write(name, contents)
    local file <close> = assert(io.open(at(name), "wb"))
    file:write(contents)
  end

  local function read(name)
    local file <close> = assert(io.open(at(name), "rb"))
    return file:read "a"
  end

  local function fails(hresult, f, ...)
    local _, err = com.try(f, ...)
    assert.is_not_nil(err, "no error was raised")
    assert.equal(("%#x"):format(hresult), ("%#x"):format(err.hresult))
    return err
  end

  describe("on paths", function()
    it("takes them apart and puts them together", function()
      assert.equal("/a/b.txt", fso:BuildPath("/a", "b.txt"))
      assert.equal("/a", fso:GetParentFolderName "/a/b.txt")
      assert.equal("b.txt", fso:GetFileName "/a/b.txt")
      assert.equal("b", fso:GetBaseName "/a/b.txt")
      assert.equal("txt", fso:GetExtensionName "/a/b.txt")
      assert.equal(lfs.currentdir(), fso:GetAbsolutePathName "")
      assert.equal("/b", fso:GetAbsolutePathName "/a/../b")
      assert.matches("^rad%x%x%x%x%x%.tmp$", fso:GetTempName())
    end)

    it("says what exists", function()
      write("x", "")
      assert.is_true(fso:FileExists(at "x"))
      assert.is_false(fso:FolderExists(at "x"))
      assert.is_true(fso:FolderExists(folder))
      assert.is_false(fso:FileExists(folder))
      assert.is_true(fso:DriveExists "/")
    end)
  end)

  describe("TextStream", function()
    it("reads line by line", function()
      write("in", "one\r\ntwo\n\nlast")
      local stream <close> = fso:OpenTextFile(at "in", "ForReading")
      local lines <const> = {}
      while not stream.AtEndOfStream do lines[#lines + 1] = stream:ReadLine() end
      assert.same({ "one", "two", "", "last" }, lines)
      assert.equal(4, stream.Line)
      assert.equal("Input past end of file", fails(0x800A003E, stream.ReadLine, stream).description)
      stream:Close()
    end)

    it("reads by characters and all at once", function()
      write("in", "abcdef\nrest")
      local stream <close> = fso:OpenTextFile(at "in")
      assert.equal("ab", stream:Read(2))
      stream:Skip(3)
      assert.equal(6, stream.Column)
      assert.is_false(stream.AtEndOfLine)
      stream:Skip(1)
      assert.is_true(stream.AtEndOfLine)
      stream:SkipLine()
      assert.equal("rest", stream:ReadAll())
    end)

    it("writes, appends and truncates", function()
      local stream = fso:CreateTextFile(at "out")
      stream:Write "a"
      stream:WriteLine "b"
      stream:WriteLine()
      stream:WriteBlankLines(2)
      stream:Close()
      assert.equal("ab\n\n\n\n", read "out")
      stream = fso:OpenTextFile(at "out", "ForAppending")
      stream:Write "end"
      stream:Close()
      assert.equal("ab\n\n\n\nend", read "out")
      fso:OpenTextFile(at "out", "ForWriting"):Close()
      assert.equal("", read "out")
    end)

    it("writes and reads UTF-16 when asked", function()
      local stream = fso:CreateTextFile(at "wide", true, true)
      stream:Write "ä€"
      stream:Close()
      assert.equal("\xFF\xFE\xE4\0\xAC\x20", read "wide")
      stream = fso:OpenTextFile(at "wide", com.args { Format = "TristateTrue" })
      assert.equal("ä€", stream:ReadAll())
      stream:Close()
    end)

    it("keeps bytes that are not UTF-8", function()
      write("odd", "a\xFF\xC0b\xED\xA0\x80")
      local copy <close> = fso:CreateTextFile(at "copy")
      local stream <close> = fso:OpenTextFile(at "odd")
      copy:Write(stream:ReadAll())
      copy:Close()
      assert.equal("a\xFF\xC0b\xED\xA0\x80", read "copy")
    end)

    it("tells wrong uses apart", function()
      write("x", "x")
      fails(0x800A0035, fso.OpenTextFile, fso, at "none")
      fails(0x800A004C, fso.OpenTextFile, fso, at "none/none")
      fails(0x800A003A, fso.CreateTextFile, fso, at "x", false)
      local stream <close> = fso:OpenTextFile(at "x")
      assert.equal("Bad file mode", fails(0x800A0036, stream.Write, stream, "y").description)
      stream:Close()
      fails(0x800A005B, stream.ReadLine, stream)
    end)
  end)

  describe("operations", function()
    it("copy, move and delete files, by pattern too", function()
      write("a.txt", "a")
      write("b.txt", "b")
      fso:CreateFolder(at "to")
      fso:CopyFile(at "*.txt", at "to")
      assert.equal("b", read "to/b.txt")
      fails(0x800A003A, fso.CopyFile, fso, at "a.txt", at "to/", false)
      fso:MoveFile(at "a.txt", at "c.txt")
      assert.equal("a", read "c.txt")
      fso:DeleteFile(at "?.txt")
      assert.is_false(fso:FileExists(at "b.txt"))
      local err <const> = fails(0x800A0035, fso.DeleteFile, fso, at "*.txt")
      assert.equal("File not found", err.description)
      assert.equal("CTL_E_FILENOTFOUND", err.name)
    end)

    it("copy, move and delete folders", function()
      fso:CreateFolder(at "f")
      write("f/x", "x")
      fso:CopyFolder(at "f", at "g")
      fso:MoveFolder(at "g", at "h")
      assert.equal("x", read "h/x")
      fso:DeleteFolder(at "h")
      assert.is_false(fso:FolderExists(at "h"))
      fails(0x800A004C, fso.DeleteFolder, fso, at "h")
      fails(0x800A003A, fso.CreateFolder, fso, at "f")
    end)
  end)

  describe("Folder and File", function()
    local function names(collection)
      local list <const> = {}
      for _, item in com.each(collection) do list[#list + 1] = item.Name end
      return table.concat(list, " ")
    end

    it("list what is there", function()
      write("b", "22")
      write("a", "1")
      fso:CreateFolder(at "sub")
      write("sub/c", "333")
      local here <close> = fso:GetFolder(folder)
      assert.equal("a b", names(here.Files))
      assert.equal("sub", names(here.SubFolders))
      assert.equal(2, #here.Files)
      assert.equal(6, here.Size)
      assert.equal(at "a", here.Files.Item("a").Path)
      assert.equal(at "a", here.Files "a".Path)
      here.SubFolders:Add "new"
      assert.equal("new sub", names(here.SubFolders))
      fails(0x800A0035, function() return here.Files.Item "none" end)
    end)

    it("tell about a file", function()
      write("a file.txt", "12345")
      local file <close> = fso:GetFile(at "a file.txt")
      assert.equal("a file.txt", file.Name)
      assert.equal(5, file.Size)
      assert.equal("TXT File", file.Type)
      assert.equal(0, file.Attributes)
      assert.equal(folder, file.ParentFolder.Path)
      assert.equal(os.date "*t".year, file.DateLastModified.year)
      file.Attributes = "ReadOnly"
      assert.equal(1, file.Attributes)
      fails(0x800A0046, file.Delete, file)
      file.Name = "other"
      assert.equal(at "other", file.Path)
      assert.equal("12345", file:OpenAsTextStream():ReadAll())
      file:Delete(true)
      assert.is_false(fso:FileExists(at "other"))
    end)

    it("work with names that are not UTF-8", function()
      local odd <const> = "odd\xFF"
      if not os.execute(("touch '%s/%s'"):format(folder, odd)) then return end
      for _, item in com.each(fso:GetFolder(folder).Files) do
        assert.is_true(fso:FileExists(item.Path))
        fso:DeleteFile(item.Path)
      end
      assert.equal(0, #fso:GetFolder(folder).Files)
    end)
  end)

  it("knows the mounted file systems as drives", function()
    local root <close> = fso.Drives.Item "/"
    assert.equal("/", root.Path)
    assert.is_true(root.IsReady)
    assert.is_true(root.TotalSize >= root.AvailableSpace)
    assert.equal("/", root.RootFolder.Path)
    assert.is_true(root.RootFolder.IsRootFolder)
    assert.is_nil(root.RootFolder.ParentFolder)
    assert.equal("Device unavailable", fails(0x800A0044, fso.GetDrive, fso, "C:").description)
    local count = 0
    for _, drive in com.each(fso.Drives) do
      count = count + 1
      assert.is_true(fso:DriveExists(drive.Path))
    end
    assert.equal(fso.Drives.Count, count)
  end)
end)
