---@meta oleander
-- Oleander for lua-language-server; made by tools/make_reference.lua, edit the annotations in lua/ instead.
-- luacheck: ignore

---COM Automation for Lua.
---@class oleander
local com <const> = {}

---How com.create and com.class make objects.
---@class oleander.CreateOptions
---@field where "inproc"|"local"|"surrogate"|"remote"|nil here, its server, its own process, other host
---@field host string? name or address of another host, which makes the object
---@field port integer? where its COM service listens; 135
---@field user string? of that host, or DOMAIN\\user; nobody in particular: whoever the process is (OLEANDER_LOGIN)
---@field domain string?
---@field password string? without one it is looked for in the file of logins
---@field authentication "none"|"connect"|"packet"|"integrity"|"privacy"|nil how calls are protected; "integrity"
---@field impersonation "anonymous"|"identify"|"impersonate"|"delegate"|nil what the server may do as that user
---@field limits { memory: integer?, cpu: integer?, network: boolean? }? of a surrogate: bytes, seconds of the processor
---@field timeout number? seconds that the making may take
---@field module string? path of the server module: nothing needs to be registered
---@field iface any? the interface wanted, as com.query takes it
---@field typelib any? where that interface is described
---@field license string?
---@field probe boolean? false: o.Name never touches the server to find out what it is
---@field call "vtable"|"invoke"|nil forces the way in which members are called
local CreateOptions <const> = {}

---Makes an object.
---@param id string ProgID, or CLSID in braces
---@param options oleander.CreateOptions?
---@return oleander.Object
function com.create(id, options) end

---A class: its objects are made by :new().
---@class oleander.Class
local Class <const> = {}

---Makes an object of the class. Where the server has ended meanwhile, another one is started.
---@return oleander.Object
function Class:new() end

---The class object, kept for making many objects.
---@param id string ProgID, or CLSID in braces
---@param options oleander.CreateOptions?
---@return oleander.Class
function com.class(id, options) end

---Another interface of an object, with that interface's members.
---@param object oleander.Object
---@param interface string|oleander.Type name ("IFoo", "Lib.IFoo"), IID in braces, or type
---@param options table? typelib: where the name is looked up; call
---@return oleander.Object
function com.query(object, interface, options) end

---Attaches type information to an object: from now on its members are those of the interface, called through Invoke.
---@param object oleander.Object
---@param interface string|oleander.Type
---@param library any? where a name is looked up
---@return oleander.Object
function com.assume(object, interface, library) end

---Lets the reference of this object go; the object cannot be used any more. False when it was let go before. The bytes
---of com.marshal, which nobody will unmarshal any more, let go of what they hold.
---@param o oleander.Object|string
---@return boolean
function com.release(o) end

---The value that stands for the object as a table key: equal for all references to one object. It keeps the object
---alive.
---@param o oleander.Object
---@return userdata
function com.key(o) end

---Reads a property, with arguments where it takes some.
---@param o oleander.Object
---@param name string
---@param ... any
---@return any ...
function com.get(o, name, ...) end

---Writes a property; the value comes last.
---@param o oleander.Object
---@param name string
---@param ... any
function com.put(o, name, ...) end

---Sets a property to another object; the object comes last.
---@param o oleander.Object
---@param name string
---@param ... any
function com.putref(o, name, ...) end

---Calls a method.
---@param o oleander.Object
---@param name string
---@param ... any
---@return any ...
function com.call(o, name, ...) end

---Calls a method; the HRESULT comes first: 0, or another success code.
---@param o oleander.Object
---@param name string
---@param ... any
---@return integer status, any ...
function com.call_status(o, name, ...) end

---True when the object has a member of that name.
---@param o oleander.Object
---@param name string
---@return boolean
function com.has(o, name) end

---One member of one object for modules that convert values themselves, as luacom does: a function without the object
---that takes values which need no conversion and raises nothing. It gives true and the results, or false and the error;
---or nothing when the values do not fit the parameters as they are (another number of them, another type), the object
---has been released or the call would suspend a coroutine: then the object was not called, and the usual way is open.
---Nil when the member has no such function: it is unknown, or its values are no plain numbers, booleans and strings.
---@param o oleander.Object
---@param name string
---@param kind "call"|"get"|"put"|"putref"
---@return (fun(...: any): boolean?, any ...)?
function com.shortcut(o, name, kind) end

---Deletes a member of an object whose members come and go (IDispatchEx).
---@param o oleander.Object
---@param name string
function com.delete(o, name) end

---Loops over a collection: for i, value in com.each(o) do. A break closes the enumerator.
---@param o oleander.Object
---@return fun(enumerator: userdata): integer?, any
---@return userdata enumerator
---@return nil
---@return userdata enumerator closed when the loop ends
function com.each(o) end

---Makes the servers and type libraries in a folder usable without registration: their classes by CLSID and as
---"Library.Class", their libraries by name. What is used later goes before what was used earlier. A file that is
---damaged, or no library though it is called one, is an error when the others have been taken; modules without a type
---library are passed over.
---@param directory string the working directory may change later
---@return integer count of the files that were understood
function com.use(directory) end

---An error raised by Oleander or by a server that it called.
---@class oleander.Error
---@field hresult integer the HRESULT, unsigned
---@field name string? its name: "DISP_E_TYPEMISMATCH"
---@field code integer its low word
---@field description string what went wrong, in the server's words where it has some
---@field source string? what the server calls itself
---@field helpfile string?
---@field helpcontext integer?
---@field argument {index: integer, name: string?}? the argument at fault; the first after the object is 1
---@field where string? "file:line" of the calling script
---@field traceback string
---@field cause any the Lua error that started it, after a round trip through COM; from another process one like it
---@field subject string? the method: "Lib.IFoo:Name"
local Error <const> = {}

---Calls f; the values that it returns, or nil and the error. com.try(o, "Name", ...) calls that member (or reads that
---property), and an error of the look-up counts as one of the call.
---@param f function|oleander.Object a function, or an object
---@param ... any its arguments; or the name of the member and its arguments
---@return any ... value..., or nil, err
function com.try(f, ...) end

---The HRESULT codes by name: com.hr.E_ACCESSDENIED.
---@type table<string, integer>
com.hr = {}

---VT_NULL, "no valid data": a value of its own.
---@type oleander.Value
com.null = {}

---VT_EMPTY, where nil would mean something else.
---@type oleander.Value
com.empty = {}

---An argument that is not given.
---@type oleander.Value
com.missing = {}

---The null object.
---@type oleander.Value
com.nothing = {}

---A currency value: 64 bits with four decimals.
---@param value number|string|oleander.Currency|oleander.Decimal
---@return oleander.Currency
function com.currency(value) end

---A decimal value: 96 bits with up to 28 decimals.
---@param value number|string|oleander.Currency|oleander.Decimal
---@return oleander.Decimal
function com.decimal(value) end

---The number that a currency, decimal or date value stands for; nil for what is none.
---@param value any
---@return number?
function com.tonumber(value) end

---Formats a value with a picture, as the Format function of Visual Basic does.
---@param value any
---@param picture string?
---@return string
function com.format(value, picture) end

---An array. `bounds` is a count (from 0 on), or {lower, upper} or {{lower, upper}, ...}, one pair for each dimension.
---@param type_name string of the elements: "i4", "r8", "bstr", "variant" ...
---@param bounds integer|table|nil nil: as the values have it
---@param elements table? positional values, nested for more dimensions
---@return oleander.Array
function com.array(type_name, bounds, elements) end

---A record of a type library, zeroed where `fields` says nothing.
---@param which any a type, or its name "Lib.Record" with `library`
---@param fields table? values by field name
---@param library any? where the name is looked up: an object, a library, or what com.typelib takes
---@return oleander.Record
function com.record(which, fields, library) end

---Raw bytes: a string becomes an array of ui1 (which also passes as a BSTR of these bytes), such an array a string.
---@param value string|oleander.Array|userdata also a pointer that a module gave, or a buffer: then `count` bytes of
---that memory
---@param count integer? only with a pointer
---@return oleander.Array|string
function com.bytes(value, count) end

---Memory of numbers, for modules: `b[1]` to `b[#b]`, `b:bytes([from, to])`, `b:write(bytes [, from])`, `b:totable()`,
---`b:pointer()`. It has to live as long as a module uses it.
---@param type_name string of the numbers: "ui1", "r4" ...
---@param elements integer|number[] how many, or what they are
---@return oleander.Buffer
function com.buffer(type_name, elements) end

---A GUID in braces: the given one in its plain form, or a new one.
---@param text string?
---@return string
function com.guid(text) end

---Named arguments of a call, and positional ones: o:Find("x", com.args{ MatchCase = true }).
---@param arguments table
---@return table
function com.args(arguments) end

---Values of an exact wire type: com.vt.i2(5), com.vt.byref("i4", 0).
---@class oleander.WireTypes
---@field filetime fun(value: any): oleander.FileTime of ticks of 100 ns since 1601 (an integer), a date of UTC,
---seconds since 1970
---(a float), fields like os.date "!*t"
---@field byref fun(type_name: string, value: any): oleander.Value by reference: `.value` is then what came back
---@field [string] fun(value: any): oleander.Value a value of that type; com.vt.error(code): an error code
com.vt = {}

---Compares objects by COM identity, currency and decimal values also with numbers (which == never does), everything
---else with ==.
---@param a any
---@param b any
---@return boolean
function com.eq(a, b) end

---A date and time, without a time zone.
---@param year any the year; or days since 1899-12-30, a table like os.date "*t", ISO 8601 text (a zone: local time)
---@param month integer?
---@param day integer?
---@param hour integer?
---@param min integer?
---@param sec number? may have a fraction, which is rounded to milliseconds
---@return oleander.Date
function com.date(year, month, day, hour, min, sec) end

---The date and time of now, to the millisecond.
---@param utc "utc"? nothing: local time
---@return oleander.Date
function com.now(utc) end

---The date of a moment as os.time counts it, in seconds since 1970.
---@param seconds number
---@param utc "utc"? nothing: local time
---@return oleander.Date
function com.from_time(seconds, utc) end

---The moment of a date in seconds since 1970, as os.time counts them; a float only where the date has milliseconds.
---@param date oleander.Date
---@param utc "utc"? what the date is; nothing: local time
---@return number
function com.to_time(date, utc) end

---An object: one reference to one interface. Its members are those of the object, found at run time: `o.Name` reads a
---property, `o.Name = v` writes it, `o:Name(...)` calls a method, `o(k)` and `o[i]` the default member, `#o` is
---`Count`. `pairs(o)` loops over a collection like com.each. `==` compares COM identity; `local o <close>` and
---com.release let it go.
---@class oleander.Object: userdata
---@field [any] any members by name; an integer: the default member with that argument
---@operator call(any): any
---@operator len: integer
local Object <const> = {}

---A property that needs arguments, without any yet: `o.Item`. `o.Item(k)` and `o.Item[k]` read it, `o.Item[k] = v`
---writes it; several arguments: `o.Cells(2, 3)`, `o.Cells[com.args{2, 3}] = v`.
---@class oleander.BoundMember: userdata
---@field [any] any
---@operator call(any): any
local BoundMember <const> = {}

---An array (SAFEARRAY): keeps the type of its elements and its bounds. `#a` is the number of elements in all
---dimensions, `a[i]` reads and writes by position from 1, in the order of the last index first; `a[{i, j}]` by the
---bounds of COM. pairs loops over positions and elements.
---@class oleander.Array: userdata
---@field [integer|integer[]] any
---@operator len: integer
local Array <const> = {}

---The element at these indexes, counted by the array's own bounds: one for each dimension.
---@param ... integer
---@return any
function Array:at(...) end

---Sets the element at these indexes; the value comes last: a:set(i, j, value).
---@param ... any
function Array:set(...) end

---The bounds: lower and upper of the first dimension, of the second, and so on.
---@return integer ...
function Array:bounds() end

---The name of the elements' type: "i4", "bstr", "variant", "record" ...
---@return string
function Array:type() end

---The elements as a table; of several dimensions, a table of tables.
---@return table
function Array:totable() end

---What pairs(a) gives.
---@return fun(array: oleander.Array, position: integer): integer?, any
---@return oleander.Array
---@return integer
function Array:pairs() end

---A record (VT_RECORD): its fields by name, exactly or without case, to read and to write. Records and arrays inside
---of it are parts of it: what is changed in them is changed in it. pairs loops over the fields in their order; `==`
---is true for the same memory.
---@class oleander.Record: userdata
---@field [string] any
local Record <const> = {}

---A date and time without a time zone, from the year 100 to 9999. `date + days` and `date - days` are dates,
---`date - date` are days. Dates compare; tostring gives ISO 8601 text; com.to_time the seconds of os.time.
---@class oleander.Date: userdata
---@field year integer
---@field month integer
---@field day integer
---@field hour integer
---@field min integer
---@field sec integer
---@field ms integer milliseconds
---@field wday integer day of the week, 1 is Sunday, as in os.date
---@operator add(number): oleander.Date
---@operator sub(number): oleander.Date
---@operator sub(oleander.Date): number
local Date <const> = {}

---A moment as files have it: ticks of 100 ns since 1601-01-01, always UTC (com.vt.filetime). Compares by `<` and `==`.
---@class oleander.FileTime: userdata
---@field ticks integer
local FileTime <const> = {}

---In UTC, to the millisecond.
---@return oleander.Date
function FileTime:date() end

---Seconds since 1970, as os.time counts them; a float only where there is a fraction.
---@return number
function FileTime:time() end

---Memory of numbers, for foreign modules (com.buffer): `b[i]` reads and writes, `#b` is their number.
---@class oleander.Buffer: userdata
---@field [integer] number
---@operator len: integer
local Buffer <const> = {}

---Its bytes, or those from one position to another, as string.sub counts them.
---@param from integer?
---@param to integer?
---@return string
function Buffer:bytes(from, to) end

---Writes bytes from a position on.
---@param bytes string
---@param from integer? 1
---@return oleander.Buffer
function Buffer:write(bytes, from) end

---The numbers.
---@return number[]
function Buffer:totable() end

---The pointer to its first byte. The buffer has to live as long as it is used.
---@return userdata
function Buffer:pointer() end

---An amount of money: 64 bits, four decimals, exact. `+ - *` with integers, texts of numbers and other amounts give
---amounts; a quotient, and what has a decimal in it, is a decimal. Compares with numbers by `<`; com.eq for equality
---with them.
---@class oleander.Currency: userdata
---@operator add(number|oleander.Currency): oleander.Currency
---@operator sub(number|oleander.Currency): oleander.Currency
---@operator mul(number|oleander.Currency): oleander.Currency
---@operator div(number|oleander.Currency): oleander.Decimal
---@operator unm: oleander.Currency
local Currency <const> = {}

---A decimal number: 96 bits with up to 28 decimals, exact.
---@class oleander.Decimal: userdata
---@operator add(number|oleander.Currency|oleander.Decimal): oleander.Decimal
---@operator sub(number|oleander.Currency|oleander.Decimal): oleander.Decimal
---@operator mul(number|oleander.Currency|oleander.Decimal): oleander.Decimal
---@operator div(number|oleander.Currency|oleander.Decimal): oleander.Decimal
---@operator unm: oleander.Decimal
local Decimal <const> = {}

---A value of one wire type: com.null, com.empty, com.missing, com.nothing; what com.vt makes; an error code that came
---as a value (VT_ERROR). Equal by type and value; tostring shows both.
---@class oleander.Value: userdata
---@field value any the value in Lua; after a call, what the server left in one that com.vt.byref made
---@field type string the name of its type: "I4", "ERROR" ...
local Value <const> = {}

---A stream of bytes (com.stream, s:stream): it reads and writes as Lua's files do, and raises where those give nil and a
---reason. `#st` is its size. It passes wherever a server wants an IStream.
---@class oleander.Stream: userdata
---@field size integer bytes
---@operator len: integer
local Stream <const> = {}

---Reads by formats: "l" (the default), "L", "n", "a" or a number of bytes. nil at the end.
---@param ... string|integer
---@return any ...
function Stream:read(...) end

---An iterator over what st:read(...) gives.
---@param ... string|integer
---@return fun(): any ...
function Stream:lines(...) end

---Writes strings and numbers.
---@param ... string|number
---@return oleander.Stream
function Stream:write(...) end

---Moves, and tells where it stands then, in bytes from the beginning.
---@param whence "set"|"cur"|"end"|nil
---@param offset integer?
---@return integer
function Stream:seek(whence, offset) end

---Makes what was written last (IStream::Commit), as far as the stream can.
---@return oleander.Stream
function Stream:flush() end

---Cuts it, or adds bytes.
---@param bytes integer
---@return oleander.Stream
function Stream:resize(bytes) end

---The same bytes with a position of its own.
---@return oleander.Stream
function Stream:clone() end

---Copies what is left, or so many bytes, to another stream; how many they were.
---@param to oleander.Stream
---@param bytes integer?
---@return integer
function Stream:copy(to, bytes) end

---Lets it go; also at the end of a block (`<close>`).
function Stream:close() end

---A property set of a storage (s:properties): `p.Title`, `p[2]` by number, `p.Title = "x"`, nil removes; pairs(p) has
---all that are there. In the sets of documents a name that they do not have raises; other sets have the names that
---were given to them. What is written counts when the storage is committed.
---@class oleander.Properties
local Properties <const> = {}

---A storage: a compound file, or a folder in it (com.storage, s:open, s:create). It passes wherever a server wants an
---IStorage. What is opened in it ends with it, and holds it.
---@class oleander.Storage: userdata
---@field names string[] of its elements, in the order of the file
---@field clsid string? the class of the object that is stored here; can be set
local Storage <const> = {}

---What is known of the storage, or of an element: name, type ("storage", "stream"), size, clsid, created, modified.
---@param name string?
---@return { name: string?, type: string, size: integer?, state: integer?, clsid: string?, created: oleander.FileTime?, modified: oleander.FileTime?, accessed: oleander.FileTime? }
function Storage:stat(name) end

---Opens a storage in it.
---@param name string
---@return oleander.Storage
function Storage:open(name) end

---Makes a storage in it; the name must be free.
---@param name string
---@return oleander.Storage
function Storage:create(name) end

---Opens a stream in it. Without a mode the stream is made when it is not there and the storage can be written; "r" and
---"rw" want one that is there, "w" makes or empties it.
---@param name string
---@param mode "r"|"w"|"rw"|nil
---@return oleander.Stream
function Storage:stream(name, mode) end

---Removes an element with all that is in it.
---@param name string
---@return oleander.Storage
function Storage:remove(name) end

---Gives an element another name.
---@param name string
---@param new_name string
---@return oleander.Storage
function Storage:rename(name, new_name) end

---Moves an element to another storage.
---@param name string
---@param other oleander.Storage
---@param new_name string?
---@return oleander.Storage
function Storage:move(name, other, new_name) end

---Copies an element to another storage.
---@param name string
---@param other oleander.Storage
---@param new_name string?
---@return oleander.Storage
function Storage:copy(name, other, new_name) end

---The properties of a document: "SummaryInformation", "DocumentSummaryInformation", "UserDefined", or any set by its
---FMTID. There need be none yet.
---@param set string
---@return oleander.Properties
function Storage:properties(set) end

---Makes all changes since the last commit last, at once or not at all.
---@return oleander.Storage
function Storage:commit() end

---Takes back all changes since the last commit; what is open in it ends.
---@return oleander.Storage
function Storage:revert() end

---Lets it go, without a commit; also at the end of a block (`<close>`).
function Storage:close() end

---Opens a type library: from a file, by LIBID, or the one of a class. Nothing is registered.
---@param which string a path (FILE\\N is the N-th library in a module), a ProgID, a CLSID or a LIBID in braces, or the
---name of a library that com.use found
---@param version string? "1.0"; without it the newest registered one
---@return oleander.Library
function com.typelib(which, version) end

---The type through which an object's members are known; nil for an object without type information. The second value
---says how members are called ("vtable", "Invoke"), the third why not through the vtable.
---@param o oleander.Object
---@return oleander.Type?, string?, string?
function com.typeof(o) end

---The members of an object, from its type information alone: the object is not asked. Only an IDispatchEx, whose
---members come and go, is asked for those that it has now; they follow with the kind "dynamic".
---@param o oleander.Object
---@return oleander.Member[]
function com.members(o) end

---The constants of an enumeration by name: com.enum(fso, "IOMode").ForReading. They can be read and looped over.
---@param lib_or_object any an object, a library, or what com.typelib takes
---@param name string
---@return table<string, integer>
function com.enum(lib_or_object, name) end

---The name of a constant of an enumeration that com.enum gave, or of the enumeration `name` of a library; nil for none.
---@param enum table|any
---@param value integer|string
---@param more integer?
---@return string?
function com.enum_name(enum, value, more) end

---@class oleander.Library
---@field name string
---@field guid string LIBID
---@field version string "1.0"
---@field major integer
---@field minor integer
---@field lcid integer
---@field syskind "win16"|"win32"|"mac"|"win64"
---@field format? "MSFT"|"SLTG"|"memory" of the file
---@field flags string[]
---@field help? string
---@field help_context integer
---@field help_file? string
---@field custom oleander.CustomData[]
---@field types oleander.Type[] by index from 1, and by name
---@field path? string what it was loaded from
local Library <const> = {}

---@class oleander.Type
---@field name string
---@field kind "enum"|"record"|"module"|"interface"|"dispinterface"|"coclass"|"alias"|"union"
---@field guid? string
---@field version string
---@field flags string[]
---@field dual boolean
---@field size integer bytes of an instance
---@field alignment integer
---@field vtable_size integer bytes, as a 64-bit process has it
---@field help? string
---@field help_context integer
---@field functions oleander.Member[] as the library lists them; inherited ones only where the library does
---@field variables oleander.Member[] fields, constants, properties of a dispinterface
---@field members oleander.Member[] functions, then variables; also by name
---@field implements oleander.Implemented[]
---@field base? oleander.Type the interface from which it derives
---@field other_half? oleander.Type of a dual interface: its interface, or its dispinterface
---@field alias_of? string
---@field aliased? oleander.Type the type that an alias is another name of, when it has a name itself
---@field custom oleander.CustomData[]
---@field library? oleander.Library
---@field index? integer its place in the library, from 1
---@field problem? string why a part of it can't be read
---@field damaged? boolean the problem lies in the library itself, not in one that it refers to
local Type <const> = {}

---@class oleander.Member
---@field name string
---@field kind "method"|"get"|"put"|"putref"|"field"|"constant"|"property"
---@field id integer DISPID or MEMBERID
---@field type string result of a function, type of a variable
---@field parameters oleander.Parameter[]
---@field flags string[]
---@field value any of a constant
---@field offset? integer vtable slot or place in the record, in bytes
---@field help? string
---@field help_context integer
---@field vararg boolean
---@field entry? {dll: string?, name: string?, ordinal: integer?} of a module's function
---@field custom oleander.CustomData[]
---@field owner oleander.Type
local Member <const> = {}

---@class oleander.Parameter
---@field name string
---@field type string
---@field flags string[] in, out, retval, lcid, optional
---@field optional boolean
---@field default any
---@field has_default boolean
local Parameter <const> = {}

---@class oleander.Implemented
---@field type? oleander.Type nil when its library is missing
---@field name string
---@field flags string[]
local Implemented <const> = {}

---@class oleander.CustomData
---@field guid string
---@field value any
local CustomData <const> = {}

---The member with this name: exactly, else without case.
---@param name string
---@return oleander.Member?
function Type:find(name) end

---The type with this name (exactly, else without case) or GUID.
---@param name string
---@return oleander.Type?
function Library:find(name) end

---Writes the library to a file, in the format MSFT whatever it was read from.
---@param path string
function Library:save(path) end

---@class oleander.IdlOptions
---@field file? string path of the IDL file
---@field text? string or its text
---@field name? string what errors call the text
---@field include? string[] folders for import, #include and importlib
---@field define? table<string, string> macros
---@field bits? 32|64 of the processes that the library is for; 64
local IdlOptions <const> = {}

---Compiles IDL to a type library, which can be used at once.
---
---    local lib = com.compile_idl [[
---      [uuid(...)] library Shapes { importlib("stdole2.tlb"); ... }
---    ]]
---    local circle = com.object({ Area = function(self) ... end }, "IShape", lib)
---    lib:save "shapes.tlb"
---
---Errors say file, line, column, the line and what was expected, many in one text.
---@param source string|oleander.IdlOptions
---@return oleander.Library
---@return string[] warnings
function com.compile_idl(source) end

---Writes the header for C and C++ of a library, as IDL compilers lay it out; it includes Oleander's headers or those of
---mingw-w64.
---@param library string|oleander.Library a string: what com.typelib takes
---@param path string
function com.header(library, path) end

---The IDL of a library, or of a type (of an object: of its type) with what it needs of its library. Compiled, with
---`bits = 32` for a library of 32-bit processes, it is the same again.
---
---    print(com.idl "scripting.so")
---    print(com.idl(com.create "Scripting.Dictionary"))
---@param x string|oleander.Library|oleander.Type|oleander.Object a string: what com.typelib takes
---@return string
---@return string[] problems what can't be read, and is missing
function com.idl(x) end

---How a module was compiled, where that differs from Oleander. Functions are named as the module exports them.
---@class oleander.Abi
---@field convention? "sysv"|"ms" how functions are called
---@field extra_slots? integer|{after: integer, count: integer} slots of each vtable that no description has; `after`
---so many
---slots (3: after Release)
---@field wchar? 2|4 bytes of a wide character, also of BSTRs
---@field guids? "native"|"big" the order of bytes of GUIDs in memory
---@field strings? {alloc: string?, free: string?} functions like SysAllocStringLen and SysFreeString
---@field variants? {size: 16|24|nil, clear: string?, copy: string?} functions like VariantClear and VariantCopy
---@field results? {good: integer[]?, names: table<string, integer>?} which results of methods are no failures (else
---all that
---are not negative), and their names
local Abi <const> = {}

---A COM-style module that knows nothing of Oleander. Its functions, which the library describes as those of a
---`module`, are
---called `m.Function(...)`; interfaces come back as objects, Lua tables go in as interfaces.
---@param path string of the shared object, as dlopen takes it
---@param library oleander.Library|string the library, or the path of it or of its IDL, or IDL
---@param abi? oleander.Abi|fun(m: table): oleander.Abi where it differs from what the library says; a function is
---asked after
---opening, and may call functions of the module
---@return table m
function com.module(path, library, abi) end

---@class oleander.Change
---@field change "added"|"removed"|"moved"|"type"|"id"|"name"|"value"|"guid"
---@field type? string the type that changed; nil for the library itself
---@field member? string
---@field parameter? string
---@field breaking boolean
---@field whom? string whom it breaks: "compiled clients", "scripts", "servers" or "everyone"
---@field before any
---@field after any
---@field text string a sentence
local Change <const> = {}

---@class oleander.Differences: oleander.Change[]
---@field result "same"|"compatible"|"breaking"
local Differences <const> = {}

---What changed from one type library to another, as a list of changes, each with `breaking` and whom it breaks; the
---list's `result` is "same", "compatible" or "breaking". A library is one, or whatever `com.typelib` takes.
---@param a oleander.Library|string
---@param b oleander.Library|string
---@return oleander.Differences
function com.diff(a, b) end

---Writes LuaCATS annotations of a type library for lua-language-server: a class `Library.IFoo` for each interface,
---`Library.Class` for each class, and overloads of `com.create` for the classes' names.
---@param library oleander.Library|string a library, or what `com.typelib` takes
---@param path string the file, which is replaced
function com.stubs(library, path) end

---@class oleander.PagesLibrary
---@field name string
---@field guid string
---@field version string
---@field path? string
---@field folder string where its pages are
---@field types integer
---@field members integer
local PagesLibrary <const> = {}

---@class oleander.PagesProblem
---@field library string
---@field type? string
---@field text string
local PagesProblem <const> = {}

---@class oleander.Pages what was made
---@field directory string
---@field libraries oleander.PagesLibrary[]
---@field files integer
---@field problems oleander.PagesProblem[] what could not be read
local Pages <const> = {}

---Makes pages to read and search of one library or a list of them: `index.html` in a folder, which works as it is,
---without a server. The folder must be empty, or hold the pages of an earlier run, which are replaced.
---@param libraries oleander.Library|string|(oleander.Library|string)[] libraries, or what `com.typelib` takes
---@param directory string the folder; it is made
---@return oleander.Pages made what was made, and in `problems` what could not be read
function com.html(libraries, directory) end

---The table behind an object that was made in this script; nil for others.
---@param o oleander.Object|table
---@return table|function|nil
function com.table(o) end

---Puts another table behind an object; its clients keep their references and see the new members.
---@param o oleander.Object|table the object, or the table behind it
---@param t table
---@return table old
function com.replace(o, t) end

---Raises an error that a client gets as this HRESULT with its text. Inside the same script it comes back as it is.
---@param hresult integer
---@param text string?
---@param more table? source, helpfile, helpcontext, and whatever the script wants to say
function com.error(hresult, text, more) end

---What com.check finds.
---@class oleander.Problem
---@field member string
---@field kind "missing"|"arity"|"results"
---@field text string
local Problem <const> = {}

---Makes a COM object of a table (or a function, which then is all its methods). Methods are `t.Name(self, ...)`,
---properties are `get_Name` and `set_Name`, else fields. Names that begin with `_` are private. Gives the client's
---view.
---@param t table|function
---@param iface string|oleander.Type|(string|oleander.Type)[]|nil interfaces or a class: types, IIDs, ProgIDs, or
---names in `library`; without one the object has the members that the table has
---@param library string|oleander.Library|table|nil of com.module: its library, and its ABI
---@return oleander.Object
function com.object(t, iface, library) end

---Compares a table with an interface before the first client does: missing members, wrong numbers of parameters and of
---results. An empty list: nothing is wrong.
---@param t table
---@param iface string|oleander.Type
---@param library string|oleander.Library|nil
---@return oleander.Problem[]
function com.check(t, iface, library) end

---A class that is written in Lua.
---@class oleander.ClassDefinition
---@field progid string? at least one of progid and clsid
---@field clsid string? without it: the registered one, else one that follows from the ProgID
---@field class table|function methods, for a table of its own per object; or a function that makes one object's table
---@field iface any? what com.object takes; without it the members are those of the table
---@field typelib any? where iface is looked up
---@field license string|fun(key: string?): boolean? the key that clients must show, or a function that decides
---@field single_use boolean? com.serve: the class object makes one object
---@field where "inproc"|"local"|nil com.serve, com.main: "local" offers it to all processes of the user
---@field keep boolean? com.main: a local server goes on when nobody needs it any more
---@field name string? com.register: the name of the class for people
---@field script string? com.register: the Lua file; com.main knows it
local ClassDefinition <const> = {}

---Something that is registered until it is closed.
---@class oleander.Registration
---@field name string
---@field clsid string?
local Registration <const> = {}

---Ends it. Objects that clients have stay.
---@return boolean was_open
function Registration:close() end

---Puts an object into the running object table, where com.running and com.get_object find it.
---@param o oleander.Object|table an object, or a table that becomes one
---@param name string ProgID or CLSID; "!item"; the path of a file, with "!item" behind it or not
---@return oleander.Registration
function com.publish(o, name) end

---The object that is published under a name.
---@param name string as com.publish takes it
---@return oleander.Object
function com.running(name) end

---The object that a moniker names: "clsid:...", "new:ProgID", the path of a file, or what com.publish put there.
---@param moniker string
---@return oleander.Object
function com.get_object(moniker) end

---Offers a class to this process, or with where = "local" to all processes of the user; com.create, and
---CoCreateInstance in C, make its objects. Does not block.
---@param definition oleander.ClassDefinition
---@return oleander.Registration
function com.serve(definition) end

---Makes a Lua file an in-process server for every program of this user. The file returns the class (a table or a
---function, as in com.serve), or calls com.main. Its state lives in the thread that makes the first object.
---With where = "local" it becomes a local server instead: a program that is started for its clients, in which the file
---must end in com.main; both, one after the other.
---@param definition oleander.ClassDefinition script is needed; class and license are the file's business
---@return string clsid
function com.register(definition) end

---Undoes com.register.
---@param definition oleander.ClassDefinition|string the definition, or the ProgID
function com.unregister(definition) end

---The end of a script that is a server: `--register` (in-process), `--register --local` (a program that is started for
---its clients) and `--unregister` on its command line make it known and unknown; without them it serves its classes
---until com.stop. Started with `-Embedding` (or `/Automation`) it ends when nobody needs it any more, unless a
---definition says keep = true. In a hosted file it names the classes.
---@param definition oleander.ClassDefinition|oleander.ClassDefinition[]
---@return oleander.ClassDefinition|oleander.ClassDefinition[] definition
function com.main(definition) end

---Sets what is called with errors that nobody catches: of handlers of events that no call of this script caused, of
---timers and of coroutines made by com.spawn. Without it they are written to the standard error.
---@param f fun(err: any)|nil
---@return fun(err: any)|nil before
function com.on_error(f) end

---A listener that is connected to an object.
---@class oleander.Connection
---@field source string the source interface
local Connection <const> = {}

---Disconnects. A connection that is dropped stays connected.
---@return boolean was_connected
function Connection:close() end

---Calls f(args...) at each event of that name. What f returns goes to the event's [out] parameters.
---@param o oleander.Object
---@param name string
---@param f function
---@return oleander.Connection
function com.on(o, name, f) end

---Connects a table of handlers, { Event = f }, to an object. Handlers may be added, changed and removed later.
---@param o oleander.Object
---@param handlers table<string, function>
---@param source string|oleander.Type|nil a source interface; the default one without it
---@return oleander.Connection
function com.connect(o, handlers, source) end

---Writes down which events an object has, and then each event as it comes, with its arguments.
---@param o oleander.Object
---@param write fun(line: string)|nil print
---@return oleander.Connection connection to the default source; the others are closed with it
function com.show_events(o, write) end

---Raises an event: every listener is called, in the order in which they came. An error of a listener is raised when all
---have been called.
---@param o oleander.Object|table an object written in Lua, or its table
---@param name string
---@param ... any
---@return any ... the [out] results of the listener that was called last
function com.fire(o, name, ...) end

---A function that is called later.
---@class oleander.Timer
local Timer <const> = {}

---Takes it back.
---@return boolean was_waiting
function Timer:close() end

---Does what is due: calls from other threads, timers, coroutines; waits for something up to `timeout` seconds.
---@param timeout number? 0 without it
---@return boolean worked
function com.step(timeout) end

---Runs the loop until com.stop is called. With a function: runs that as by com.spawn, and ends with it; an error in it
---is raised here.
---@param f function?
function com.run(f) end

---Ends com.run.
function com.stop() end

---A file descriptor that is readable when com.step has something to do: for scripts that already have a loop (luv).
---@return integer
function com.poll_fd() end

---Calls f after a time.
---@param seconds number
---@param f function
---@return oleander.Timer timer its :close() takes it back
function com.after(seconds, f) end

---Runs f as a coroutine that com.sleep, com.await, calls to objects of other processes, loops over their collections
---and the making of such objects suspend. It begins at the next turn of the loop.
---@param f function
---@param ... any arguments
---@return thread
function com.spawn(f, ...) end

---Cancels what a coroutine made by com.spawn waits for: its call to another process, com.sleep or com.await, or the
---next of these, raises RPC_E_CALL_CANCELED in it.
---@param co thread
---@return boolean was_alive
function com.cancel(co) end

---Waits. In a coroutine made by com.spawn the others run meanwhile; elsewhere the loop does.
---@param seconds number
function com.sleep(seconds) end

---Waits for an event.
---@param o oleander.Object
---@param name string
---@param timeout number? seconds
---@return boolean came false after the timeout
---@return any ... the arguments of the event
function com.await(o, name, timeout) end

---The bytes of a reference to an object, for com.unmarshal in any process of this user. They hold the object until they
---are unmarshaled, once; "table" bytes can be unmarshaled any number of times, and hold it until com.release(bytes).
---@param o oleander.Object|table an object, or a table that becomes one
---@param kind "table"|nil
---@return string bytes
function com.marshal(o, kind) end

---The object that com.marshal gave the bytes of.
---@param bytes string
---@return oleander.Object
function com.unmarshal(bytes) end

---@class oleander.Place
---@field pid integer? its process
---@field program string? the path of that process's program
---@field surrogate boolean? true: an in-process class that runs in a process of its own
---@field host string? the address of the other host
local Place <const> = {}

---Where an object lives: "inproc", in this process; "local", in another process; "remote", on another host.
---@param o oleander.Object
---@return "inproc"|"local"|"remote" kind
---@return oleander.Place? process
function com.where(o) end

---Something that waits for the end of an object's process.
---@class oleander.DisconnectWatch
local DisconnectWatch <const> = {}

---Does not wait any longer.
---@return boolean was_waiting
function DisconnectWatch:close() end

---Calls f(o) once, from the loop, when the process of an object has gone; at the next turn of the loop where it is gone
---already. The object of another process only.
---@param o oleander.Object
---@param f fun(o: oleander.Object)
---@return oleander.DisconnectWatch watch its :close() ends it; dropping it does not
function com.on_disconnect(o, f) end

---Calls f(...) so that its calls to objects elsewhere end within a time, all together: one that is late raises
---RPC_E_TIMEOUT, which says whether it was sent. Within another com.timeout the shorter time counts.
---@param seconds number
---@param f function
---@param ... any
---@return any ... what f returns
function com.timeout(seconds, f, ...) end

---A call between two processes that is under way.
---@class oleander.ProcessCall
---@field pid integer the other process
---@field interface string its name, or its IID
---@field method string its name, or its number
local ProcessCall <const> = {}

---@class oleander.Process
---@field pid integer
---@field program string
---@field classes { clsid: string, progid: string?, flags: integer, suspended: boolean }[] that it offers
---@field running string[] names of its running objects
---@field answers boolean false: it did not say more within half a second, because it calculates, or is stopped
---@field objects integer? that others can reach
---@field references integer? to these
---@field clients integer? that are connected to it
---@field calls oleander.ProcessCall[] that it makes
---@field served oleander.ProcessCall[] that others make to it
local Process <const> = {}

---The processes of this user that the COM service knows, with the classes and the running objects that they offer to
---others, and what they say of themselves: objects, references, clients, calls under way. Empty where no service runs.
---Those with other registries are among them. With a host: those that the COM service of Oleander there knows, which
---shows them to who may start programs there.
---@param where { host: string, port: integer?, timeout: number? }?
---@return oleander.Process[]
function com.processes(where) end

---A process that waits for another one.
---@class oleander.Wait
---@field from integer the process that waits
---@field to integer for which
---@field interface string
---@field method string
---@field calls integer how many of that kind are under way
local Wait <const> = {}

---Who waits for whom: the calls between processes that are under way, out of what both sides say of them. A circle in
---which nobody serves is a deadlock. Processes that the COM service does not know are seen by what others say of them.
---@return oleander.Wait[]
function com.waits() end

---@class oleander.SecurityOptions
---@field authentication "none"|"connect"|"packet"|"integrity"|"privacy"|nil the least of calls with other hosts
---@field impersonation "anonymous"|"identify"|"impersonate"|"delegate"|nil what servers may do in its name
---@field access string|{ allow: string[] }|nil who may call objects of this process: SDDL, or users and @groups
local SecurityOptions <const> = {}

---Says once, before the first object goes to or comes from elsewhere, how this process protects its calls, and who
---may call its objects.
---@param options oleander.SecurityOptions
function com.security(options) end

---@class oleander.Blanket how calls to an object are made
---@field authentication "none"|"connect"|"packet"|"integrity"|"privacy"
---@field impersonation "anonymous"|"identify"|"impersonate"|"delegate"
---@field service "none"|"negotiate"|"ntlm"|"kerberos" who shows who calls
---@field principal string? the server that is meant
local Blanket <const> = {}

---@class oleander.BlanketOptions
---@field user string? of the other host
---@field domain string?
---@field password string?
---@field authentication "none"|"connect"|"packet"|"integrity"|"privacy"|nil
---@field impersonation "anonymous"|"identify"|"impersonate"|"delegate"|nil
local BlanketOptions <const> = {}

---How calls to an object elsewhere are protected and in whose name they are made; with options says so, for all calls
---from now on. nil for an object of this process.
---@param o oleander.Object
---@param options oleander.BlanketOptions?
---@return oleander.Blanket?
function com.blanket(o, options) end

---@class oleander.Caller
---@field user string? "name", or "DOMAIN\\name" of another host; nil: nobody has said
---@field host string? address of another host
---@field pid integer? process of this host
---@field authentication "none"|"connect"|"packet"|"integrity"|"privacy" how the call is protected
local Caller <const> = {}

---Who makes the call that is being carried out; nil where none comes from elsewhere.
---@return oleander.Caller?
function com.caller() end

---Calls f while the thread acts as the user whose call is being carried out: files are opened as he may. f cannot
---yield. An error where he does not let it, is no user of this host, or the process may not change who it is.
---@param f function
---@param ... any
---@return any ...
function com.impersonate(f, ...) end

---A stream (IStream) in memory, over a file, or of an object that has one.
---
---Without arguments, and for bytes, it is in memory and grows. A string is a path when a mode is given or it begins
---with "/", "./" or "../"; every other string is bytes, and com.bytes(s) always is.
---@param source string|oleander.Array|oleander.Object|nil bytes, a path, or an object
---@param mode "r"|"w"|"rw"|nil of a file: reading (the default), making or emptying it, changing it
---@return oleander.Stream
function com.stream(source, mode) end

---A compound file, or the storage (IStorage) of an object. The root of a file is a transaction: only s:commit() counts.
---@param source string|oleander.Object the path of a file, or an object
---@param mode "r"|"w"|"rw"|nil reading (the default), making or emptying the file, changing it
---@param options { version: 3|4? }? of a file that is made: 4 has larger sectors, for large files
---@return oleander.Storage
function com.storage(source, mode, options) end

---Saves an object: to a path as a compound file with its class, in the place of what is there, whole or not at all; to
---a stream with its class before it; to a storage, which the script commits.
---@param o oleander.Object|table an object that lasts (IPersistStorage, IPersistStream), or the table of one
---@param target string|oleander.Stream|oleander.Storage
function com.save(o, target) end

---Makes the object that was saved: always a new one. Nothing in the file is run, but the object's class is made, and
---those of the objects in it.
---@param source string|oleander.Stream|oleander.Storage a path, a stream that stands before an object, or a storage
---@param options { classes: string[]? }? the classes that may be made, by ProgID or CLSID; nothing: any
---@return oleander.Object
function com.load(source, options) end

---A property bag (IPropertyBag, IPropertyBag2) over a table: what a server writes to it is in the table, and what is in
---the table the server reads. A table in it is a bag of its own, a sequence an array.
---@param t table?
---@return oleander.Object
function com.bag(t) end

---How much is written down, and where: 0 nothing (as at the start), 1 which objects are made and why some cannot be, 2
---also every call of the objects that are made from then on (they are spied on). A text is the path of a file to which
---level 2 goes; a function gets each line. Gives the level before.
---@param what integer|string|fun(line: string)|boolean
---@return integer before
function com.trace(what) end

---An object that does what `o` does and writes down every call: its arguments with their types, the process where it is
---another one, results, HRESULT, time and thread. It is an object like others, which can be given to any client. Lines
---go where com.trace says; to the standard error without that. With a file the whole class is recorded there, with its
---events, the objects that it returns and the callbacks that it gets, so that com.replay can play it.
---@param o oleander.Object an object with type information
---@param path string? of the recording
---@return oleander.Object
function com.spy(o, path) end

---@class oleander.LiveObject
---@field type string
---@field where string? "file:line" of the making
---@field references integer held by clients
---@field table table|function
local LiveObject <const> = {}

---The objects of this script that are alive: what com.object, com.serve and handlers of events have made, where, and
---how many references clients hold. com.spy's are among them.
---@return oleander.LiveObject[]
function com.live_objects() end

---Something that the other server does differently.
---@class oleander.Difference
---@field n integer the line of the recording
---@field member string
---@field expected any the recorded result; a text for errors, several results, events and callbacks
---@field got any
---@field text string for people
local Difference <const> = {}

---Plays a recording that com.spy(o, file) made. Without `o` it gives an object that answers as the recorded one did, in
---the order of the recording, and raises its events and calls back where it did; a call that was not recorded there is
---E_UNEXPECTED and says which one is the nearest. With `o` the recorded calls are made on that object, and the list
---says what it does differently; it is empty when there is no difference.
---@param file string
---@param o oleander.Object?
---@return oleander.Object|oleander.Difference[]
function com.replay(file, o) end

---Writes the beginning of a server in C into a folder that is new or empty: CMakeLists.txt, the type library, a C file
---for each class, a README. It builds as it is; each method answers E_NOTIMPL and says its name until it is written. An
---object or class written in Lua keeps its names, GUIDs and DISPIDs.
---@param what oleander.Object|oleander.Library|string an object, a library, or what com.typelib takes
---@param directory string
---@param progid string? of an object's class; without it `__progid` in the metatable, or "Lua.NAME"
---@return string[] files
function com.skeleton(what, directory, progid) end

return com
