// Streams token by token, with the extension xk6-sse: time to first token and between tokens.
import sse from 'k6/x/sse'
import { Counter, Trend } from 'k6/metrics'

const url = `${__ENV.TARGET}/api/sessions/s-1/messages`
const first = new Trend('first_token', true)
const between = new Trend('between_tokens', true)
const tokens = new Counter('tokens')

export const options = {
  scenarios: {
    users: {
      executor: 'constant-vus',
      vus: Number(__ENV.USERS),
      duration: __ENV.DURATION,
      gracefulStop: '0s',
    },
  },
  summaryTrendStats: ['avg', 'med', 'p(99)', 'count'],
}

// oxlint-disable-next-line import/no-default-export -- k6 asks for one
export default function () {
  const params = {
    method: 'POST',
    body: '{"content":"hello"}',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  }
  const sent = Date.now()
  let last = 0
  sse.open(url, params, (client) => {
    client.on('event', (event) => {
      const now = Date.now()
      if (event.name === 'done') {
        client.close()
        return
      }
      if (last === 0) first.add(now - sent)
      else between.add(now - last)
      tokens.add(1)
      last = now
    })
  })
}

export function handleSummary(data) {
  const { first_token, between_tokens, tokens } = data.metrics
  return {
    stdout: JSON.stringify({
      tokens: tokens ? tokens.values.count : 0,
      ttftP50Ms: first_token?.values.med,
      ttftP99Ms: first_token?.values['p(99)'],
      gapP99Ms: between_tokens?.values['p(99)'],
    }),
  }
}
