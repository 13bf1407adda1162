// The work of bench/load.ts for k6: sessions are left out, since every message goes to one and the same.
import http from 'k6/http'
import { sleep } from 'k6'

const url = `${__ENV.TARGET}/api/sessions/s-1/messages`
const stream = __ENV.ACCEPT === 'text/event-stream'
const params = { headers: { 'content-type': 'application/json', accept: __ENV.ACCEPT }, timeout: '120s' }

export const options = {
  scenarios: {
    users: {
      executor: 'constant-vus',
      vus: Number(__ENV.USERS),
      duration: __ENV.DURATION,
      gracefulStop: '0s',
    },
  },
  discardResponseBodies: !stream,
  summaryTrendStats: ['avg', 'med', 'p(99)', 'count'],
}

// oxlint-disable-next-line import/no-default-export -- k6 asks for one
export default function () {
  http.post(url, '{"content":"hello"}', params)
  if (__ENV.THINK_SECONDS !== '0') sleep(Number(__ENV.THINK_SECONDS))
}

export function handleSummary(data) {
  const { http_req_duration: took, http_reqs: sent } = data.metrics
  const { values } = took
  return {
    stdout: JSON.stringify({ turns: sent.values.count, p50Ms: values.med, p99Ms: values['p(99)'] }),
  }
}
