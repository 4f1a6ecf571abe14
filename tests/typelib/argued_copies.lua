-- Libraries whose copy through the API may differ, and what it is that the API cannot tell.
return {
  -- An alias in a 32-bit library has an alignment of its own, which readers on a 64-bit system compute anew.
  ["d461f82992d3-iasrad.dll.tlb"] = true,
  -- The reference to IDispatch that all dispinterfaces of the file share leads to a record: it cannot be implemented.
  ["feat_new-32.tlb"] = true,
  ["feat_new-64.tlb"] = true,
  -- Constants whose values cannot be read.
  ["gap-sys0.tlb"] = true,
  ["gap-sys1.tlb"] = true,
  ["gap-sys2.tlb"] = true,
  ["gap-sys3.tlb"] = true,
  -- Records whose fields lie over one another without being unions.
  ["feat_old-sltg.tlb"] = true,
  ["s3-sltg.tlb"] = true,
  ["s4-sltg.tlb"] = true,
  -- Modules with sizes of their own, which no method sets.
  ["sample.tlb"] = true,
  ["wine-tmarshal-32.tlb"] = true,
  ["wine-tmarshal-64.tlb"] = true,
}
