export const simpleChatbot = `# A chat page without tools: one model call of 2 s for each message.
#
# The field's published figure: 5 workers x 30 s of thinking / 2 s of processing = 75 users at once, and at
# 3 % of registered users there at once 75 / 3 % = 2,500 registered users.
# Here: one call = 0.5 s to the first token + 74.5 further tokens x 20 ms = 1.99 s.
# Rule of thumb: 5 x 30 / 1.99 = 75.
name: simple chatbot

target:                                 # how users reach your agent server
  url: http://localhost:4000
  driver: sessions                      # or openai, anthropic, http, websocket: docs/drivers.md

users:
  think: exponential(mean 30s)          # from the end of an answer to the next message
  turns: geometric(mean 4)              # messages of one conversation
  patience: 30s                         # then a user gives up and asks the next question
  peak: { concurrencyRatio: 3%, peakToAverage: 2 }

scenarios:
  - name: chat
    say: ["What are your opening hours?", "And on Sundays?", "Where can I park?"]
    depth: 1                            # model calls for one message

agent:                                  # what your server is like
  server: { cpu: 2, memory: 4GB, perMonth: $100 }
  workers: 5
  concurrency: 1                        # turns at once in a worker; 1 is a synchronous server
  queue: 100                            # waiting turns beyond which it sheds
  limits: { turn: 60s, steps: 5 }

model:
  like: openai/gpt-4.1-mini             # a dated preset for the price; what stands below is used instead of it
  input: { system: 300, message: 30, history: window(6) }
  output: lognormal(mean 75.5 cv 0.5)   # tokens of one answer
  maxTokens: 400
  ttft: lognormal(mean 500ms cv 0.5)    # request to first token
  perToken: 20ms
  tokensPerChunk: 3
  quota: { rpm: 500, tpm: 200k }

objectives: [turn p95 < 8s, errors < 1%]

# What nobody has measured yet; the verdict counts these. Move a path to measured: once you know it.
origins:
  guessed: [users.turns, users.patience, agent.queue, model.input, model.output, model.ttft, model.perToken]
`
