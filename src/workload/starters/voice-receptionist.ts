export const voiceReceptionist = `# An agent that answers the telephone of a chain of practices: 100 calls a minute of 3 minutes in the busiest hour.
#
# 100 x 3 = 300 calls would be up at once; Erlang's formula makes that 344 channels for 0.1 % of busy tones.
# Each vendor of the chain is a loss system of its own, and the least of them is what the chain carries.
name: voice receptionist

phone:
  calls: 100/min                        # offered in the busiest hour
  peakToAverage: 4                      # busiest hour over the average of the month
  duration: lognormal(mean 3m cv 0.8)
  blocked: 0.1%                         # share of calls that may find no channel free
  turns: 5/min                          # answers of the agent in a minute of a call

  carrier: { concurrent: 400, callsPerSecond: 5, perMinute: $0.0085 }   # like: twilio and others fill their defaults
  vendors:                              # what a call needs besides; each with its own limit and price
    platform: { concurrent: 400, perMinute: $0.01 }
    stt: { concurrent: 300, perMinute: $0.0077 }
    tts: { concurrent: 160, held: 40%, perMinute: $0.03 }   # held only while the agent speaks

  mouthToEar:                           # from the caller's last word to the agent's first
    within: 1.4s
    network: 230ms
    stt: lognormal(mean 350ms cv 0.3)
    orchestration: 60ms
    tts: lognormal(mean 100ms cv 0.4)   # the model's part is model.ttft

  handOff:                              # what people take over
    share: 8%
    talk: 4m
    patience: 2m
    within: 20s
    answered: 80%

agent:                                  # what your server is like
  server: { cpu: 2, memory: 4GB, perMonth: $100 }
  workers: 4
  concurrency: 10                       # answers at once in a worker
  queue: 20
  overhead: { cpuPerCall: 20ms }

model:
  like: openai/gpt-4.1-mini             # a dated preset for the price; what stands below is used instead of it
  input: { system: 1.5k, message: 30, history: window(10) }
  output: lognormal(mean 25 cv 0.5)     # tokens of one answer: seven seconds of speech
  maxTokens: 200
  cached: 60%
  ttft: lognormal(mean 375ms cv 0.4)
  perToken: 12ms
  quota: { rpm: 2k, tpm: 4M }

objectives: [response p95 < 2s, blocked < 0.1%, errors < 1%]

origins:
  guessed: [phone.duration, phone.peakToAverage, phone.turns, phone.handOff, phone.mouthToEar, phone.vendors, phone.carrier, model.output]
`
