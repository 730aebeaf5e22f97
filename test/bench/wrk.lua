-- One slice of load with wrk. Arguments: the file of the body's template, the media type, and the number of the first
-- body. Prints what it counted as JSON, the last line of its output.
function init(args)
  local file = assert(io.open(args[1], 'rb'))
  local template = file:read('*a')
  file:close()
  wrk.method = 'POST'
  wrk.headers['content-type'] = args[2]
  request = requests(template, tonumber(args[3]))
end

-- What the places of a template hold for a number; body_text.js says the same.
function values(number)
  return {
    NAME = string.format('v%09d', number),
    MEMORY = string.format('%d', 1024 + 256 * (number % 36)),
    PORT = string.format('%d', 10000 + number % 50000),
  }
end

-- A function that makes the next request. The template is cut into its pieces once: the client has to be cheap.
function requests(template, first)
  local pieces, places, from = {}, {}, 1
  for start, name, stop in template:gmatch('()@(%u+)@()') do
    pieces[#pieces + 1] = template:sub(from, start - 1)
    pieces[#pieces + 1] = ''
    places[#pieces] = name
    from = stop
  end
  pieces[#pieces + 1] = template:sub(from)
  local number = first
  return function()
    local held = values(number)
    for place, name in pairs(places) do pieces[place] = held[name] end
    number = number + 1
    return wrk.format(nil, nil, nil, table.concat(pieces))
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"bytes":%d,"errors":%d,"p50":%.0f,"p99":%.0f}\n',
    summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)
  ))
end
