export const customerSupport = `# A support agent that answers from a knowledge base: one or two model calls of 3 s for each message.
#
# The field's published figure: 5 workers x 45 s of thinking / 4.5 s of processing = 50 users at once, and at
# 3 % of registered users there at once 50 / 3 % = 1,700 registered users.
# Here: one call = 1 s to the first token + 99 further tokens x 20 ms = 2.98 s; 1.46 calls a message;
# a look-up of 260 ms in 46 % of messages: 1.46 x 2.98 s + 0.46 x 0.26 s + 20 ms = 4.49 s.
# Rule of thumb: 5 x 45 / 4.49 = 50. These workers are asynchronous and hold 20 turns each, so the true limit
# lies elsewhere: plimsoll plan says where.
name: customer support

target:                                 # how users reach your agent server
  url: http://localhost:4000
  driver: sessions                      # or openai, anthropic, http, websocket: docs/drivers.md

users:
  think: lognormal(mean 45s cv 0.8)     # from the end of an answer to the next message
  turns: geometric(mean 3)              # messages of one conversation
  patience: 60s                         # then a user gives up; or { of: firstToken, after: 20s, then: leave }
  peak: { concurrencyRatio: 3%, peakToAverage: 2 }

scenarios:                              # kinds of conversations; weight: makes one more frequent than another
  - name: support
    say:
      - "How do I return a pair of shoes?"
      - "I have lost the receipt. Does that matter?"
      - "How long until I get my money back?"
    depth: { 1: 54%, 2: 46% }           # model calls for one message: the second one reads the look-up
    tools: [knowledge]                  # the simulated model calls these and no other

agent:                                  # what your server is like
  server: { cpu: 4, memory: 8GB, perMonth: $350 }
  workers: 5
  concurrency: 20                       # turns at once in a worker; 1 is a synchronous server
  queue: 100                            # waiting turns beyond which it sheds
  overhead: { prompt: 10ms, state: 2ms, cpuPerCall: 2ms, cpuPerToken: 20us }
  limits: { turn: 60s, steps: 20 }
  retries: { attempts: 2, backoff: 500ms, honourRetryAfter: true }

model:
  like: openai/gpt-4.1-mini             # a dated preset for the price; what stands below is used instead of it
  input: { system: 1400, message: 40, toolResult: 100, history: window(4) }
  output: lognormal(mean 100 cv 0.4)    # tokens of one call
  maxTokens: 400                        # the quota reserves it
  cached: 60%                           # of the input, cheaper
  ttft: lognormal(mean 1s cv 0.4)       # request to first token
  perToken: 20ms
  tokensPerChunk: 5
  quota: { rpm: 500, tpm: 450k }        # the provider's limits, a minute

tools:
  knowledge:
    latency: lognormal(mean 260ms cv 0.5)
    capacity: 20                        # look-ups at once; others wait
    arguments: { query: ["returns", "receipts", "refunds"] }

objectives: [turn p95 < 10s, ttft p95 < 8s, errors < 1%]

# Where the values come from; the verdict counts them. What is listed nowhere was given by you.
origins:
  guessed: [users.turns, users.patience, agent.overhead, agent.queue, model.output, model.ttft, model.perToken]
`
