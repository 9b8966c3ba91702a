-- A reader of many texts for pandoc: each is read by itself and written as a line of JSON. pandoc hands it the options of its command
-- line, its abbreviations among them; an empty table as the environment is its sandbox: no file, no network.
function Reader(given, options)
  local format, texts = table.unpack(pandoc.json.decode(tostring(given), false))
  for _, text in ipairs(texts) do
    io.write(pandoc.write(pandoc.read(text, format, options, {}), 'json'), '\n')
  end
  return pandoc.Pandoc({})
end
