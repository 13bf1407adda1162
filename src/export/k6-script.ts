import type { ExportedWork } from './exported-work.ts'

/** A script that the real k6 runs unchanged: an iteration is a session. USERS, DURATION and TARGET may be overridden. */
export function k6Script(work: ExportedWork, users: number, seconds: number): string {
  return `// ${oneLine(work.name)}: the users of a Plimsoll workload, for k6.
//   k6 run -e USERS=${users} -e DURATION=${seconds}s -e TARGET=${oneLine(work.url)} this-file.js
import http from 'k6/http'
import { sleep } from 'k6'
import { Counter, Rate, Trend } from 'k6/metrics'
import exec from 'k6/execution'

const work = ${JSON.stringify(work, undefined, 2)}
${runtime(users, seconds)}`
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ')

const runtime = (users: number, seconds: number): string => String.raw`
const turnMs = new Trend('turn', true)
const errors = new Rate('errors')
const turns = new Counter('turns')

const thresholds = {}
for (const objective of work.objectives) {
  const metric = objective.scenario ? objective.metric + '{scenario:' + objective.scenario + '}' : objective.metric
  thresholds[metric] = (thresholds[metric] || []).concat(objective.aggregate + '<' + objective.limit)
}
export const options = {
  scenarios: {
    users: {
      executor: 'constant-vus',
      vus: Number(__ENV.USERS || ${users}),
      duration: __ENV.DURATION || '${seconds}s',
      gracefulStop: '30s',
    },
  },
  thresholds,
}

const base = (__ENV.TARGET || work.url).replace(/\/+$/, '')
const common = {}
for (const name of Object.keys(work.headers))
  common[name] = work.headers[name].replace(/\$\{(\w+)\}/g, (_, variable) => __ENV[variable] || '')

// A draw lies between the values of a table at even steps of the distribution function.
function draw(table) {
  if (typeof table === 'number') return table
  const at = Math.random() * (table.length - 1)
  const below = Math.floor(at)
  return table[below] + (at - below) * ((table[below + 1] ?? table[below]) - table[below])
}

function pick(scenarios) {
  let left = Math.random()
  for (const scenario of scenarios) if ((left -= scenario.share) < 0) return scenario
  return scenarios[scenarios.length - 1]
}

function pointed(value, pointer) {
  for (const part of pointer) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Array.isArray(value) ? value[part.startsWith('-') ? value.length + Number(part) : Number(part)] : value[part]
  }
  return value
}

const isSomething = (value) => value !== undefined && value !== null && value !== false && value !== ''

function fillText(text, values, encode) {
  return text.replace(/\{(\{[A-Za-z]\w*\})\}|\{([A-Za-z]\w*)\}/g, (whole, escaped, name) =>
    escaped !== undefined ? escaped : name in values ? encode(String(values[name] ?? '')) : whole,
  )
}

function fill(template, values) {
  if (template === '{messages}') return values.messages
  if (typeof template === 'string') return fillText(template, values, (value) => value)
  if (typeof template !== 'object' || template === null) return template
  const known = (each) => values.session !== undefined || each !== '{session}'
  if (Array.isArray(template)) return template.filter(known).map((each) => fill(each, values))
  const filled = {}
  for (const key of Object.keys(template)) if (known(template[key])) filled[key] = fill(template[key], values)
  return filled
}

function ask(request, values, timeoutSeconds, tags) {
  const headers = Object.assign({}, common)
  for (const name of Object.keys(request.headers)) headers[name] = fillText(request.headers[name], values, (value) => value)
  let body = null
  if (request.form) body = fill(request.form, values)
  else if (request.body !== undefined) {
    body = JSON.stringify(fill(request.body, values))
    headers['content-type'] = 'application/json'
  }
  if (!headers.accept) headers.accept = 'application/json'
  const path = fillText(request.path, values, encodeURIComponent)
  return http.request(request.method, base + path, body, {
    headers,
    tags,
    timeout: (timeoutSeconds === undefined ? 600 : timeoutSeconds) + 's',
  })
}

const holds = (condition, message) =>
  !(condition.event !== undefined && condition.event !== message.event) &&
  !(condition.data !== undefined && condition.data !== message.data) &&
  (condition.at === undefined ||
    (condition.is === undefined
      ? isSomething(pointed(message.value, condition.at))
      : condition.is.includes(pointed(message.value, condition.at))))

function messagesOf(body) {
  if (work.answer.format === 'json') return [{ event: '', data: body, value: parse(body) }]
  if (work.answer.format === 'ndjson')
    return body.split('\n').filter((line) => line.trim() !== '').map((data) => ({ event: '', data, value: parse(data) }))
  return body.split(/\r?\n\r?\n/).map((block) => {
    const message = { event: 'message', data: '', value: undefined }
    for (const line of block.split(/\r?\n/)) {
      if (line.startsWith('event:')) message.event = line.slice(6).trim()
      if (line.startsWith('data:')) message.data += line.slice(5).trim()
    }
    message.value = parse(message.data)
    return message
  })
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch (_) {
    return undefined
  }
}

// The text of an answer, or why it is none.
function readAnswer(response) {
  if (response.error_code === 1050) return { error: 'abandoned' }
  if (response.status === 0) return { error: 'connect' }
  if (response.status < 200 || response.status > 299) return { error: 'status ' + response.status }
  const shape = work.answer
  let text = ''
  let session
  for (const message of messagesOf(response.body || '')) {
    if (shape.error && isSomething(pointed(message.value, shape.error))) return { error: 'error in the answer' }
    if (shape.session) session = pointed(message.value, shape.session) ?? session
    if (shape.when && !holds(shape.when, message)) continue
    const part = pointed(message.value, shape.text)
    if (typeof part === 'string') text += part
  }
  return { text, session, error: text === '' ? 'no text' : undefined }
}

function unmet(expect, response, answer) {
  if (!expect) return false
  if (expect.status !== undefined && response.status !== expect.status) return true
  if (expect.contains !== undefined && !answer.text.includes(expect.contains)) return true
  return expect.underMs !== undefined && response.timings.duration >= expect.underMs
}

export default function () {
  const scenario = pick(work.scenarios)
  const tags = { scenario: scenario.name }
  const name = 'k6-' + exec.vu.idInTest + '-' + exec.scenario.iterationInTest
  const values = { session: undefined, user: String(exec.vu.idInTest), turn: '0', text: '', messages: [], traceparent: '' }
  const say = scenario.say[Math.floor(Math.random() * scenario.say.length)]
  const turnCount = scenario.saysTurns ? say.length : Math.max(1, Math.round(draw(scenario.turns)))
  const history = []
  // Users are in the middle of their lives when the test begins.
  if (exec.vu.iterationInScenario === 0) sleep(Math.random() * draw(scenario.think))
  for (let turn = 0; turn < turnCount; turn++) {
    values.turn = String(turn)
    values.text = say[turn % say.length]
    values.messages = history.concat({ role: 'user', content: values.text })
    const sent = Date.now()
    let response
    if (work.open && values.session === undefined) {
      response = ask(work.open, values, undefined, tags)
      const id = work.open.session ? pointed(parse(response.body || ''), work.open.session) : name
      if (response.status >= 200 && response.status < 300 && id !== undefined) values.session = String(id)
    } else if (!work.open && !work.answer.session) values.session = name
    let answer = { error: 'no session' }
    if (!work.open || values.session !== undefined) {
      response = ask(work.send, values, work.patience === undefined ? undefined : draw(work.patience), tags)
      answer = readAnswer(response)
    }
    turns.add(1, tags)
    turnMs.add(Date.now() - sent, tags)
    const failed = answer.error !== undefined || unmet(scenario.expect, response, answer)
    errors.add(failed, tags)
    if (answer.session !== undefined) values.session = String(answer.session)
    if (!failed) {
      history.push({ role: 'user', content: values.text }, { role: 'assistant', content: answer.text })
      if (work.historyMessages !== null) history.splice(0, Math.max(0, history.length - work.historyMessages))
    }
    if (turn === turnCount - 1 && work.close && values.session !== undefined) ask(work.close, values, 5, tags)
    sleep(draw(scenario.think))
  }
}
`
