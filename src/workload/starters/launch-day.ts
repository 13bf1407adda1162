export const launchDay = `# The launch that was planned as a chat: quota for one model call a request, and then the agent makes eleven.
#
# The plan: 10 requests/s x 60 x 1 call x 1,300 tokens = 780k tokens a minute; with 30 % headroom
# 780k / 70 % = 1.1M tokens a minute were reserved.
# The day: eleven calls, each carrying what the loop has gathered so far, need about 25,000 tokens a request.
# 0.29 requests/s in the first minutes already take 40 % of the reservation; at 0.73 requests/s, a fourteenth of
# the plan, it is all gone, and the provider answers 429 within the hour.
# Try: plimsoll load FILE --stages 10m:23,50m:60     or     plimsoll find FILE --engine simulate
name: launch day

target:                                 # how users reach your agent server
  url: http://localhost:4000
  driver: sessions                      # or openai, anthropic, http, websocket: docs/drivers.md

users:
  think: exponential(mean 60s)
  turns: geometric(mean 2)
  patience: 60s
  peak: { peakToAverage: 3 }

scenarios:
  - name: first look
    say: ["Plan a weekend in Lisbon for two.", "Make it cheaper."]
    depth: 11                           # planned: 1
    tools: [travel]                     # the simulated model calls these and no other

agent:                                  # what your server is like
  server: { cpu: 8, memory: 16GB, perMonth: $500 }
  workers: 8
  concurrency: 50
  queue: 200
  overhead: { cpuPerCall: 2ms, cpuPerToken: 20us }
  limits: { turn: 90s, steps: 20 }
  retries: { attempts: 2, backoff: 500ms, honourRetryAfter: true }

model:
  like: openai/gpt-4.1-mini             # a dated preset for the price; what stands below is used instead of it
  input: { system: 1100, message: 100, toolResult: 92, history: none }
  output: lognormal(mean 100 cv 0.5)    # tokens of one call
  maxTokens: 400
  ttft: lognormal(mean 500ms cv 0.5)
  perToken: 10ms
  tokensPerChunk: 3
  quota: { rpm: 10k, tpm: 1.1M }

tools:
  travel:
    latency: lognormal(mean 300ms cv 1)
    arguments: { city: ["Lisbon", "Porto"] }

objectives: [turn p95 < 30s, errors < 1%]

origins:
  guessed: [users.think, users.turns, users.patience, model.ttft, model.perToken, tools.travel]
`
