-- For the fidelity tests: what the compiler numbers and points at, counted here once more and written down as marks.
-- Runs before citeproc. A mark is a word such as ⟦must:Figure␣2⟧ (has to be printed) or ⟦may:3⟧ (can be printed).
local targets, headings, captions, boxes, top = {}, {0, 0, 0, 0, 0, 0}, {fig = 0, tbl = 0, rec = 0}, 0, 6
local all = pandoc.Blocks({})
-- The words of the guideline's language, from support/languages.py.
local language = pandoc.json.decode(os.getenv("MMGUIDE_TEST_LANGUAGE"), false)
local words = language.kinds

local function mark(kind, text)
  return pandoc.Str("⟦" .. kind .. ":" .. text:gsub("%s+", "␣") .. "⟧")
end

local function canonical(id)
  local kind, rest = id:match("^(%a+)[:-](.+)$")
  if kind and words[kind] then return kind, rest end
end

-- An identifier that says its kind (`sec:x`) comes before one that does not.
local function remember(kind, id, number, title)
  local known, rest = canonical(id)
  local name = kind .. ":" .. (known == kind and rest or id)
  if known == kind or not targets[name] then
    targets[name] = number ~= "" and {kind = kind, number = number} or {title = title}
  end
end

local function has(div, ...)
  for _, class in ipairs({...}) do
    if div.classes:includes(class) then return true end
  end
  return false
end

local function inner_id(figure)
  local found = ""
  figure:walk({Image = function(image) if found == "" then found = image.identifier end end})
  return found
end

local function captioned(element)
  return pandoc.utils.stringify(element.caption.long) ~= ""
end

-- What stands above a recommendation: its number, and in words how strong it is and how certain.
local function boxed(div, number)
  if has(div, "statement") then return words.statement .. " " .. number end
  if not div.attributes.strength then return words.rec .. " " .. number end
  return words.rec .. " " .. number .. " " .. language.strengths[div.attributes.strength .. " " .. div.attributes.direction] .. " "
    .. language.certainty .. " " .. language.certainties[div.attributes.certainty]
end

-- What the panel weighed, as divs inside a recommendation: printed behind it, each led by its name.
local parts = {
  justification = "Justification", ["benefits-harms"] = "Benefits and harms", certainty = "Certainty of the evidence",
  values = "Values and preferences", resources = "Resources", equity = "Equity", acceptability = "Acceptability",
  feasibility = "Feasibility", implementation = "Implementation", monitoring = "Monitoring", research = "Research",
}

local function part_title(div)
  local names = div.classes:map(function(class) return parts[class] end)
  return #names > 0 and table.concat(names, " ") or nil
end

-- The list of all recommendations: their labels and own words, without citations and without what was weighed.
local function listed(content)
  local own = content:filter(function(block) return block.t ~= "Div" or not part_title(block) end)
  return own:walk({Cite = function() return {} end, Note = function() return {} end})
end

local count
local function labelled(element, kind, id)
  captions[kind] = captions[kind] + 1
  local number = tostring(captions[kind])
  remember(kind, id ~= "" and id or kind .. "-" .. number, number)
  element.caption.long:insert(1, pandoc.Plain({mark("must", words[kind] .. " " .. number)}))
  return element, false
end

count = {
  traverse = "topdown",
  Header = function(header)
    local level, number = header.level - top + 1, ""
    if boxes == 0 and not header.classes:includes("unnumbered") then
      headings[level] = headings[level] + 1
      if level == 1 then captions.rec = 0 end
      for below = level + 1, 6 do headings[below] = 0 end
      number = table.concat(headings, ".", 1, level)
      header.content:insert(1, pandoc.Space())
      header.content:insert(1, mark("may", number))
    end
    remember("sec", header.identifier, number, pandoc.utils.stringify(header.content))
    return header, false
  end,
  Figure = function(figure)
    if captioned(figure) then
      return labelled(figure, "fig", figure.identifier ~= "" and figure.identifier or inner_id(figure))
    end
  end,
  Table = function(tbl)
    if captioned(tbl) then return labelled(tbl, "tbl", tbl.identifier) end
  end,
  Div = function(div)
    if has(div, "forest", "pathway") then
      captions.fig = captions.fig + 1
      remember("fig", div.identifier, tostring(captions.fig))
      local caption = div.content:remove(#div.content)
      caption.content:insert(1, pandoc.Space())
      caption.content:insert(1, mark("must", "Figure " .. captions.fig))
      div.content:insert(1, caption)
      -- A pathway is drawn, and told as a list for those who cannot see the drawing.
      if has(div, "pathway") then div.content:insert(2, pandoc.Para({mark("must", "Steps")})) end
      return div, false
    end
    if has(div, "recommendation", "statement", "panel-note") then
      boxes = boxes + 1
      local content = div.content:walk(count)
      boxes = boxes - 1
      if has(div, "recommendation", "statement") then
        captions.rec = captions.rec + 1
        local number = headings[1] .. "." .. captions.rec
        remember("rec", div.identifier, number)
        content:insert(1, pandoc.Para({mark("must", boxed(div, number))}))
        all:extend(listed(content))
        content = content:walk({Div = function(inner)
          local title = part_title(inner)
          if title then
            inner.content:insert(1, pandoc.Para({mark("must", title)}))
            return inner
          end
        end})
      end
      div.content = content
      return div, false
    end
  end,
}

local function written_before(inlines, at, kind)
  for back = at - 1, 1, -1 do
    local element = inlines[back]
    if element.t == "Str" then
      local word = element.text:lower():gsub("^[(%[]+", ""):gsub("\u{a0}", ""):gsub("%.$", "")
      return word == kind or word == kind .. "s" or word == words[kind]:lower() or word == words[kind]:lower() .. "s"
        or (kind == "tbl" and word == "tab")
    elseif element.t ~= "Space" and element.t ~= "SoftBreak" then
      return false
    end
  end
  return false
end

local point = {
  Inlines = function(inlines)
    local out = pandoc.Inlines({})
    for at, element in ipairs(inlines) do
      local kind = element.t == "Cite" and canonical(element.citations[1].id)
      if not kind then
        out:insert(element)
      else
        for n, citation in ipairs(element.citations) do
          local k, rest = canonical(citation.id)
          local target = k and targets[k .. ":" .. rest]
          local bare = citation.mode == "SuppressAuthor" or (n == 1 and written_before(inlines, at, k))
          if n > 1 then out:insert(pandoc.Space()) end
          out:extend(citation.prefix)
          out:insert(pandoc.Space())
          if not target then
            out:extend(element.content)
          elseif target.title then
            out:insert(pandoc.Str(target.title))
          else
            out:insert(mark("must", bare and target.number or words[target.kind] .. " " .. target.number))
          end
          out:insert(pandoc.Space())
          out:extend(citation.suffix)
        end
      end
    end
    return out
  end,
}

function Pandoc(doc)
  doc:walk({Header = function(header) top = math.min(top, header.level) end})
  local numbered = doc:walk(count)
  local list = {Div = function(div) if has(div, "recommendations") then return all end end}
  return numbered:walk(list):walk(point)
end
