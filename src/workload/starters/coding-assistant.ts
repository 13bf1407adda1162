export const codingAssistant = `# A coding assistant: two to four model calls with tools between them, 8 s for each request.
#
# The field's published figure is 100 users at once and 2,000 registered ones at 5 %. The formula behind it
# gives more: 5 workers x 180 s of thinking / 8 s of processing = 112.5 users; 112 / 5 % = 2,240.
# Here: one call = 0.8 s to the first token + 140 further tokens x 10 ms = 2.2 s; 3 calls and 2 tools of
# 0.7 s a request: 3 x 2.2 s + 2 x 0.7 s = 8 s. Rule of thumb: 5 x 180 / 8 = 112.
name: coding assistant

target:                                 # how users reach your agent server
  url: http://localhost:4000
  driver: sessions                      # or openai, anthropic, http, websocket: docs/drivers.md

users:
  think: lognormal(mean 180s cv 1.5)    # reading and trying the change
  turns: geometric(mean 9)
  patience: 3m
  peak: { concurrencyRatio: 5%, peakToAverage: 2 }

scenarios:
  - name: change
    say: ["Why does the parser test fail?", "Fix it, please.", "Add a test for empty input."]
    depth: { 2: 30%, 3: 40%, 4: 30% }   # model calls for one request
    tools: [workspace]                  # the simulated model calls these and no other

agent:                                  # what your server is like
  server: { cpu: 4, memory: 16GB, perMonth: $400 }
  workers: 5
  concurrency: 1                        # turns at once in a worker; 1 is a synchronous server
  queue: 50
  limits: { turn: 3m, steps: 25 }
  retries: { attempts: 2, backoff: 500ms, honourRetryAfter: true }

model:
  like: openai/gpt-5.2                  # a dated preset for the price; what stands below is used instead of it
  input: { system: 4k, message: 150, toolResult: 900, history: all }
  output: lognormal(mean 141 cv 0.5)    # tokens of one call
  maxTokens: 2000
  cached: 90%                           # the prompt grows at its end, so most of it is cached
  ttft: lognormal(mean 800ms cv 0.5)
  perToken: 10ms
  tokensPerChunk: 3
  quota: { rpm: 1k, tpm: 2M }

tools:
  workspace:
    latency: lognormal(mean 700ms cv 1)
    arguments: { path: ["src/parser.ts", "src/parser.test.ts"] }

objectives: [turn p95 < 25s, errors < 1%]

origins:
  guessed: [users.patience, model.input, model.output, model.ttft, model.perToken, tools.workspace]
`
