---@meta
-- luacheck: ignore
-- The classes of values that are made in C (bridge/), described for docs/reference.md and docs/luacats/oleander.lua.

---An object: one reference to one interface. Its members are those of the object, found at run time: `o.Name` reads a
---property, `o.Name = v` writes it, `o:Name(...)` calls a method, `o(k)` and `o[i]` the default member, `#o` is
---`Count`. `pairs(o)` loops over a collection like com.each. `==` compares COM identity; `local o <close>` and
---com.release let it go.
---@class oleander.Object: userdata
---@field [any] any members by name; an integer: the default member with that argument
---@operator call(any): any
---@operator len: integer

---A property that needs arguments, without any yet: `o.Item`. `o.Item(k)` and `o.Item[k]` read it, `o.Item[k] = v`
---writes it; several arguments: `o.Cells(2, 3)`, `o.Cells[com.args{2, 3}] = v`.
---@class oleander.BoundMember: userdata
---@field [any] any
---@operator call(any): any

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

---A decimal number: 96 bits with up to 28 decimals, exact.
---@class oleander.Decimal: userdata
---@operator add(number|oleander.Currency|oleander.Decimal): oleander.Decimal
---@operator sub(number|oleander.Currency|oleander.Decimal): oleander.Decimal
---@operator mul(number|oleander.Currency|oleander.Decimal): oleander.Decimal
---@operator div(number|oleander.Currency|oleander.Decimal): oleander.Decimal
---@operator unm: oleander.Decimal

---A value of one wire type: com.null, com.empty, com.missing, com.nothing; what com.vt makes; an error code that came
---as a value (VT_ERROR). Equal by type and value; tostring shows both.
---@class oleander.Value: userdata
---@field value any the value in Lua; after a call, what the server left in one that com.vt.byref made
---@field type string the name of its type: "I4", "ERROR" ...

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
