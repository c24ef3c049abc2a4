-- What wrk asks: nine traces, then a capture of one new event, over and over. Arguments: the file of addresses to trace,
-- the file with the event (@NUMBER@ stands for what makes it new), the key.

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  addresses = {}
  for line in io.lines(args[1]) do
    addresses[#addresses + 1] = line
  end
  template = io.open(args[2]):read("*a")
  reading = { ["X-API-Key"] = args[3] }
  writing = { ["X-API-Key"] = args[3], ["Content-Type"] = "application/json" }
  turn = 0
end

function request()
  turn = turn + 1
  if turn % 10 == 0 then
    local event = string.gsub(template, "@NUMBER@", args_number(turn))
    return wrk.format("POST", "/epcis/events", writing, event)
  end
  return wrk.format("GET", addresses[(turn * 7 + number * 13) % #addresses + 1], reading)
end

function args_number(count)
  return "t" .. number .. "n" .. count
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%f,"p50":%f,"p90":%f,"p99":%f,"most":%f,"refused":%d,"lost":%d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(90) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
