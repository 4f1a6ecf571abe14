--- The properties that the sets of documents have: their numbers, types and names ([MS-OLEPS] 3, [MS-OSHARED] 2.3.3).
local names <const> = {}

local VT_I4 <const>, VT_BOOL <const>, VT_LPSTR <const>, VT_FILETIME <const>, VT_CF <const> = 3, 11, 30, 64, 71

--- id, type, the name that pairs gives, and others that are understood; without regard to case, blanks and "_".
local summary <const> = {
  { 2, VT_LPSTR, "Title" },
  { 3, VT_LPSTR, "Subject" },
  { 4, VT_LPSTR, "Author" },
  { 5, VT_LPSTR, "Keywords" },
  { 6, VT_LPSTR, "Comments" },
  { 7, VT_LPSTR, "Template" },
  { 8, VT_LPSTR, "LastAuthor", "LastSavedBy" },
  { 9, VT_LPSTR, "RevNumber", "RevisionNumber", "Revision" },
  { 10, VT_FILETIME, "EditTime", "TotalEditTime", "TotalEditingTime", "EditingTime", duration = true },
  { 11, VT_FILETIME, "LastPrinted", "DateLastPrinted", "LastPrintDate" },
  { 12, VT_FILETIME, "Created", "CreateTime", "DateCreated", "CreationDate", "CreateDtm" },
  { 13, VT_FILETIME, "LastSaved", "LastSavedTime", "LastSaveTime", "DateLastSaved", "LastSaveDtm" },
  { 14, VT_I4, "PageCount", "Pages", "NumPages", "NumberOfPages" },
  { 15, VT_I4, "WordCount", "Words", "NumWords", "NumberOfWords" },
  { 16, VT_I4, "CharCount", "CharacterCount", "NumChars", "NumberOfCharacters", "Characters" },
  { 17, VT_CF, "Thumbnail" },
  { 18, VT_LPSTR, "AppName", "ApplicationName", "Application", "CreatingApplication" },
  { 19, VT_I4, "Security", "DocSecurity", "DocumentSecurity" },
}

local document <const> = {
  { 2, VT_LPSTR, "Category" },
  { 3, VT_LPSTR, "PresentationFormat", "PresFormat", "PresentationTarget" },
  { 4, VT_I4, "ByteCount", "Bytes", "NumberOfBytes" },
  { 5, VT_I4, "LineCount", "Lines", "NumberOfLines" },
  { 6, VT_I4, "ParagraphCount", "ParCount", "Paragraphs", "NumberOfParagraphs" },
  { 7, VT_I4, "SlideCount", "Slides", "NumberOfSlides" },
  { 8, VT_I4, "NoteCount", "Notes", "NumberOfNotes" },
  { 9, VT_I4, "HiddenCount", "HiddenSlideCount", "HiddenSlides", "NumberOfHiddenSlides" },
  { 10, VT_I4, "MMClipCount", "MultimediaClipCount", "NumberOfMultimediaClips" },
  { 11, VT_BOOL, "Scale", "ScaleCrop" },
  { 12, nil, "HeadingPairs", "HeadingPair" },
  { 13, 0x1000 | VT_LPSTR, "TitlesOfParts", "DocParts" },
  { 14, VT_LPSTR, "Manager" },
  { 15, VT_LPSTR, "Company" },
  { 16, VT_BOOL, "LinksDirty", "LinksUpToDate" },
  { 17, VT_I4, "CharCountWithSpaces", "CharacterCountWithSpaces", "CharactersWithSpaces" },
  { 19, VT_BOOL, "SharedDoc", "SharedDocument" },
  { 20, VT_LPSTR, "LinkBase" },
  { 21, nil, "Hyperlinks", "HLinks" },
  { 22, VT_BOOL, "HyperlinksChanged" },
  { 23, VT_I4, "Version", "AppVersion" },
  { 24, nil, "DigitalSignature", "DigSig" },
  { 26, VT_LPSTR, "ContentType" },
  { 27, VT_LPSTR, "ContentStatus", "Status" },
  { 28, VT_LPSTR, "Language" },
  { 29, VT_LPSTR, "DocVersion", "DocumentVersion" },
}

local function folded(name)
  return (name:lower():gsub("[ _]", ""))
end

--- ids: by number; names: by folded name; list: the names that are shown.
local function index(rows)
  local known <const> = { ids = {}, names = {}, list = {} }
  for _, row in ipairs(rows) do
    local property <const> = { id = row[1], vt = row[2], name = row[3], duration = row.duration }
    known.ids[property.id] = property
    known.list[#known.list + 1] = property.name
    for i = 3, #row do known.names[folded(row[i])] = property end
  end
  return known
end

function names.find(known, name)
  return known.names[folded(name)]
end

names.sets = {
  SummaryInformation = { fmtid = "{F29F85E0-4FF9-1068-AB91-08002B27B3D9}" },
  DocumentSummaryInformation = { fmtid = "{D5CDD502-2E9C-101B-9397-08002B2CF9AE}" },
  UserDefined = { fmtid = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" },
}

names.by_fmtid = {
  [names.sets.SummaryInformation.fmtid] = index(summary),
  [names.sets.DocumentSummaryInformation.fmtid] = index(document),
}

return names
