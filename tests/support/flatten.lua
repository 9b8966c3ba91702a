-- For the fidelity tests: a document as its bare words in the order of reading. Runs after citeproc.
-- Tables become their caption and cells, lists their items. Notes leave a mark at their place and follow at the end, and so do the
-- heads of tables, since print repeats them.
local notes, heads = pandoc.Blocks({}), pandoc.Blocks({})

local function mark(kind, text)
  return pandoc.Str("⟦" .. kind .. ":" .. text:gsub("%s+", "␣") .. "⟧")
end

local function opened(element) return element.content end

local function spread(rows, out)
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do out:extend(cell.contents) end
  end
end

local flatten = {
  Emph = opened, Strong = opened, Strikeout = opened, Underline = opened, SmallCaps = opened, Superscript = opened,
  Subscript = opened,
  Span = function(span)
    if span.classes:includes("csl-left-margin") then return {mark("item", pandoc.utils.stringify(span)), pandoc.Space()} end
    return span.content
  end,
  Quoted = opened, Link = opened,
  Code = function(code) return pandoc.Str(code.text) end,
  Image = function() return {} end,
  RawInline = function() return {} end,
  RawBlock = function() return {} end,
  Math = function(math) return mark("math", "x") end,
  LineBlock = function(block) return block.content:map(pandoc.Plain) end,
  HorizontalRule = function() return {} end,
  CodeBlock = function(block) return pandoc.Para({pandoc.Str(block.text)}) end,
  BulletList = function(list)
    local out = pandoc.Blocks({})
    for _, item in ipairs(list.content) do out:extend(item) end
    return out
  end,
  OrderedList = function(list)
    local out = pandoc.Blocks({})
    for at, item in ipairs(list.content) do
      out:insert(pandoc.Para({mark("item", tostring(at + list.start - 1))}))
      out:extend(item)
    end
    return out
  end,
  DefinitionList = function(list)
    local out = pandoc.Blocks({})
    for _, item in ipairs(list.content) do
      out:insert(pandoc.Para(item[1]))
      for _, definition in ipairs(item[2]) do out:extend(definition) end
    end
    return out
  end,
  Table = function(tbl)
    local out = pandoc.Blocks({})
    out:extend(tbl.caption.long)
    local head = pandoc.Blocks({})
    spread(tbl.head.rows, head)
    out:extend(head)
    heads:insert(pandoc.Plain({pandoc.Str("⟦head⟧")}))
    heads:extend(head)
    for _, body in ipairs(tbl.bodies) do
      spread(body.head, out)
      spread(body.body, out)
    end
    spread(tbl.foot.rows, out)
    return out
  end,
  Figure = function(figure)
    local out = pandoc.Blocks({})
    out:extend(figure.content)
    out:extend(figure.caption.long)
    return out
  end,
  Header = function(header) return pandoc.Para(header.content) end,
  BlockQuote = opened,
  Div = opened,
}

local count = 0
local collect = {
  traverse = "topdown",
  Note = function(note)
    count = count + 1
    notes:insert(pandoc.Para({mark("note", tostring(count))}))
    notes:extend(note.content)
    return mark("note", tostring(count))
  end,
}

function Pandoc(doc)
  local main = doc.blocks:walk(collect)
  main:insert(pandoc.Para({pandoc.Str("⟦notes⟧")}))
  main:extend(notes)
  local flat = main:walk(flatten)
  flat:insert(pandoc.Para({pandoc.Str("⟦heads⟧")}))
  flat:extend(heads)
  return pandoc.Pandoc(flat)
end
