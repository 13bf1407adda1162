export const researchAssistant = `# A research assistant: three to five model calls with searches between them, 10 s for each question.
#
# The field's published figure: 5 workers x 120 s of thinking / 10 s of processing = 60 users at once, and at
# 5 % of registered users there at once 60 / 5 % = 1,200 registered users.
# Here: one call = 0.6 s to the first token + 69 further tokens x 20 ms = 1.98 s; 4 calls and 3 searches of
# 0.68 s a question: 4 x 1.98 s + 3 x 0.68 s = 9.96 s. Rule of thumb: 5 x 120 / 9.96 = 60.
name: research assistant

target:                                 # how users reach your agent server
  url: http://localhost:4000
  driver: sessions                      # or openai, anthropic, http, websocket: docs/drivers.md

users:
  think: lognormal(mean 90s..150s cv 1) # reading takes long; a range, since nobody has measured it: the middle is read
  turns: geometric(mean 4)
  patience: 2m
  peak: { concurrencyRatio: 5%, peakToAverage: 2 }

scenarios:
  - name: research
    say: ["What is known about heat pumps in old houses?", "Which studies measured it?", "Summarise the best one."]
    depth: { 3: 30%, 4: 40%, 5: 30% }   # model calls for one question
    tools: [search]                     # the simulated model calls these and no other

agent:                                  # what your server is like
  server: { cpu: 4, memory: 8GB, perMonth: $350 }
  workers: 5
  concurrency: 1                        # turns at once in a worker; 1 is a synchronous server
  queue: 50
  limits: { turn: 2m, steps: 10 }
  retries: { attempts: 2, backoff: 500ms, honourRetryAfter: true }

model:
  like: openai/gpt-4.1                  # a dated preset for the price; what stands below is used instead of it
  input: { system: 1500, message: 60, toolResult: 1.5k, history: window(6) }
  output: lognormal(mean 50..90 cv 0.5) # tokens of one call
  maxTokens: 1000
  cached: 30%..70%
  ttft: lognormal(mean 600ms cv 0.5)
  perToken: 20ms
  tokensPerChunk: 3
  quota: { rpm: 1k, tpm: 1M }

tools:
  search:
    latency: lognormal(mean 680ms cv 0.7)
    capacity: 50
    failure: 0.5%
    arguments: { query: ["heat pumps", "old houses", "field studies"] }

objectives: [turn p95 < 30s, errors < 1%]

origins:
  guessed: [users.turns, users.patience, model.input, model.output, model.ttft, model.perToken, tools.search]
`
