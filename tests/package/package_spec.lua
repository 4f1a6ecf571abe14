-- What `cmake --install` lays down is enough for a project outside: a C server, a C++ server and a C client built from
-- the installed files alone; pkg-config; a tree that was moved.

local stage <const> = assert(os.getenv "OLEANDER_STAGE")
local source <const> = assert(os.getenv "OLEANDER_SOURCE")
local sanitized <const> = os.getenv "OLEANDER_SANITIZED" == "1"

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

-- Child tools run without the sanitizer's preload; what they build is linked to it where the library is.
local function shell(command, environment)
  local pipe <close> = assert(io.popen("env -u LD_PRELOAD " .. (environment or "") .. " sh -c " .. quote(command)
    .. " 2>&1; echo \"exit $?\"", "r"))
  local output <const> = pipe:read "a"
  return output:gsub("exit %d+\n$", ""), tonumber(output:match "exit (%d+)\n$")
end

local function must(command, environment)
  local output <const>, code <const> = shell(command, environment)
  assert.equal(0, code, command .. "\n" .. output)
  return output
end

describe("the installed tree", function()
  -- The program is a script: in a sanitized build the runtime comes first.
  local preload <const> = sanitized and "LD_PRELOAD=$(realpath $(gcc -print-file-name=libasan.so)) " or ""
  local folder, flags

  setup(function()
    folder = must("mktemp -d"):match "%S+"
    flags = sanitized and "-fsanitize=address,undefined" or ""
    must(("mkdir -p %s/classes && cp -r %s/tests/package/outside %s/outside"):format(folder, source, folder))
  end)

  teardown(function() os.execute("rm -rf " .. folder) end)

  it("builds servers in C and C++ and a client outside the tree, which work together", function()
    must(("cmake -S %s/outside -B %s/build -G Ninja -DCMAKE_PREFIX_PATH=%s -DCMAKE_C_FLAGS='%s' "
      .. "-DCMAKE_CXX_FLAGS='%s' && cmake --build %s/build"):format(folder, folder, stage, flags, flags, folder))
    local environment <const> = ("OLEANDER_CLASSES=%s/classes ASAN_OPTIONS=detect_leaks=0 "):format(folder)
    for _, name in ipairs { "outside_c", "outside_cpp" } do
      must(("%s%s/bin/oleander register %s/build/%s.so"):format(preload, stage, folder, name), environment)
    end
    assert.equal("Outside.CounterC 42\nOutside.CounterCpp 42\n",
      must(folder .. "/build/client Outside.CounterC Outside.CounterCpp", environment))
    local listed <const> = must(("%s%s/bin/oleander list"):format(preload, stage), environment)
    assert.truthy(listed:find("Outside.CounterCpp", 1, true), listed)
    must(("%s%s/bin/oleander unregister %s/build/outside_c.so"):format(preload, stage, folder), environment)
    local output <const>, code <const> = shell(folder .. "/build/client Outside.CounterC", environment)
    assert.equal(1, code)
    assert.truthy(output:find("CO_E_CLASSSTRING", 1, true), output)
  end)

  it("builds programs that are local servers, with a main that is made or their own", function()
    local environment <const> = ("OLEANDER_CLASSES=%s/local OLEANDER_RUNTIME=%s/run OLEANDER_IDLE_TIMEOUT=1 "
      .. "ASAN_OPTIONS=detect_leaks=0 "):format(folder, folder)
    must(("mkdir -p %s/local"):format(folder))
    assert.equal("hello\n", must(folder .. "/build/outside_own --greet", environment))
    for name, progid in pairs { outside_program = "Outside.CounterC", outside_own = "Outside.CounterCpp" } do
      local program <const> = ("%s/build/%s "):format(folder, name)
      assert.truthy(must(program .. "--help", environment):find("--register", 1, true))
      local _ <const>, code <const> = shell(program .. "--no-such-option", environment)
      assert.equal(2, code)
      must(program .. "--register --local", environment)
      assert.equal(progid .. " 42\n", must(("%s/build/client --local %s"):format(folder, progid), environment))
      local _ <const>, inproc <const> = shell(("%s/build/client %s"):format(folder, progid), environment)
      assert.equal(1, inproc)
      must(program .. "--register --inproc", environment)
      assert.equal(progid .. " 42\n", must(("%s/build/client %s"):format(folder, progid), environment))
      local keys <const> = must(("cat %s/local/*.reg"):format(folder))
      assert.equal(name == "outside_program", keys:find("ThreadingModel", 1, true) ~= nil, keys)
      local listed <const> = must(("%s%s/bin/oleander tlb show %s"):format(preload, stage, program), environment)
      assert.truthy(listed:find("ICounter", 1, true), listed)
      must(program .. "--unregister", environment)
      local _ <const>, gone <const> = shell(("%s/build/client --local %s"):format(folder, progid), environment)
      assert.equal(1, gone)
    end
  end)

  it("builds a local server through pkg-config, and serves by hand what it was started for", function()
    local environment <const> = ("PKG_CONFIG_PATH=%s/lib/pkgconfig OLEANDER_CLASSES=%s/plain OLEANDER_RUNTIME=%s/run "
      .. "OLEANDER_IDLE_TIMEOUT=1 ASAN_OPTIONS=detect_leaks=0 "):format(stage, folder, folder)
    must(("mkdir -p %s/plain"):format(folder))
    must(("cd %s/plain && %s $(pkg-config --variable=oleander oleander) idl compile --quiet -o outside.tlb "
      .. "--header outside.h --section outside.S ../outside/outside.idl"):format(folder, preload), environment)
    must(("cd %s/plain && gcc %s -I. ../outside/server.c ../outside/program.c outside.S -o server "
      .. "$(pkg-config --cflags --libs oleander) -Wl,-rpath,%s/lib"):format(folder, flags, stage), environment)
    must(folder .. "/plain/server --register", environment)
    assert.equal("Outside.CounterC 42\n", must(folder .. "/build/client --local Outside.CounterC", environment))
    local output <const> = must(("cd %s/plain; ./server >ready & server=$!; until [ -s ready ]; do sleep 0.05; done; "
      .. "cat ready; ../build/client --local Outside.CounterC; kill $server; wait $server"):format(folder), environment)
    assert.equal("serving Outside.CounterC\nOutside.CounterC 42\n", output)
  end)

  it("compiles a client through pkg-config", function()
    local command <const> = "gcc %s %s/outside/client.c -o %s/client "
      .. "$(pkg-config --cflags --libs oleander) -Wl,-rpath,%s/lib"
    must(command:format(flags, folder, folder, stage), ("PKG_CONFIG_PATH=%s/lib/pkgconfig"):format(stage))
    local output <const>, code <const> = shell(folder .. "/client No.Such.Class")
    assert.equal(1, code)
    assert.truthy(output:find("No.Such.Class: CO_E_CLASSSTRING", 1, true), output)
  end)

  it("works after the tree was moved", function()
    must(("cp -a %s %s/moved"):format(stage, folder))
    local output <const> = must(preload .. folder .. "/moved/bin/oleander list",
      ("XDG_DATA_HOME=%s/none XDG_DATA_DIRS=%s/none ASAN_OPTIONS=detect_leaks=0"):format(folder, folder))
    assert.truthy(output:find("Scripting.Dictionary", 1, true), output)
    assert.truthy(output:find(folder .. "/moved/", 1, true), output)
  end)
end)
