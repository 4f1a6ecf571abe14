-- Libraries whose dump may differ from the golden one, and why the golden one is not right.
return {
  -- Types 10 and 13 are aliases of aliases that stand later in the file (DispatchByRef3 of DispatchByRef2, a pointer).
  -- In
  -- a 64-bit process such a type has the size of a pointer wherever it stands; the golden reader counts types again in
  -- file order, and an alias of a later alias keeps its 32-bit size there.
  ["8d9a109ade9d-test.tlb"] = true,
  -- The file has seven types of the name UI_ANIMATION_KEYFRAME (19, 21 to 26), and each reference to one of them is
  -- the plain offset of its record (0x76C is type 19). The golden reader does not follow them.
  ["cc45709534d5-uianimation.dll.tlb"] = true,
  -- SLTG. Type 1 is a union with two members (the tail of its block says so); the golden reader reads none in unions.
  ["s3-sltg.tlb"] = true,
}
