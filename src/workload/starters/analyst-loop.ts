export const analystLoop = `# An analyst that works in a long loop: eleven model calls of 1.5 s for each question.
#
# Little's law at 10 questions a second: 10/s x 11 calls x 1.5 s = 165 model calls in flight. Whoever plans it
# like a chat (one call of 2 s) plans 10/s x 1 x 2 s = 20.
# Here: one call = 0.5 s to the first token + 100 further tokens x 10 ms = 1.5 s.
# Try: plimsoll simulate FILE --arrivals 10/s
name: analyst loop

target:                                 # how users reach your agent server
  url: http://localhost:4000
  driver: sessions                      # or openai, anthropic, http, websocket: docs/drivers.md

users:
  think: exponential(mean 2m)
  turns: 1                              # one question a session, so sessions a second are turns a second
  patience: 2m

scenarios:
  - name: analysis
    say: ["Why did revenue fall in the third quarter?", "Compare the regions by margin."]
    depth: 11                           # model calls for one question
    tools: [query]                      # the simulated model calls these and no other

agent:                                  # what your server is like
  server: { cpu: 8, memory: 16GB, perMonth: $500 }
  workers: 8
  concurrency: 50                       # turns at once in a worker
  queue: 100
  overhead: { cpuPerCall: 2ms, cpuPerToken: 20us }
  limits: { turn: 2m, steps: 25 }
  retries: { attempts: 2, backoff: 500ms, honourRetryAfter: true }

model:
  like: openai/gpt-4.1                  # a dated preset for the price; what stands below is used instead of it
  input: { system: 2k, message: 60, toolResult: 400, history: none }
  output: lognormal(mean 101 cv 0.5)    # tokens of one call
  maxTokens: 800
  cached: 80%
  ttft: lognormal(mean 500ms cv 0.5)
  perToken: 10ms
  tokensPerChunk: 3
  quota: { rpm: 10k, tpm: 50M }

tools:
  query:
    latency: lognormal(mean 200ms cv 1)
    capacity: 100                       # connections to the warehouse
    arguments: { table: ["orders", "customers", "regions"] }

objectives: [turn p95 < 30s, errors < 1%]

origins:
  guessed: [users, agent.overhead, model.input, model.output, model.ttft, model.perToken, tools.query]
`
