import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { faultsThatTake } from '../workload/check-faults.ts'

const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --accent: #2563eb; --bad: #b42318 }
@media (prefers-color-scheme: dark) { :root { --accent: #7aa2ff; --bad: #ff8a7a } }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere }
h1 { font-size: 1.4rem; margin: 0 } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem }
p { margin: .25rem 0 } .quiet { opacity: .7 } #wrong { color: var(--bad); min-height: 1.5em }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0 }
dt { font-size: .8rem; opacity: .7 } dd { margin: 0; font-size: 1.3rem; font-variant-numeric: tabular-nums }
.rows { display: grid; grid-template-columns: minmax(0, 1fr); gap: .5rem } .row { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem;
border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem }
.row b { min-width: 8.5rem } .row span:nth-child(2) { flex: 1; min-width: 12rem } .row .hit { font-variant-numeric: tabular-nums }
form { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .75rem; align-items: end }
label { display: grid; gap: .15rem; font-size: .85rem } label[hidden] { display: none } input, select, button { font: inherit; padding: .4rem .6rem;
border: 1px solid var(--line); border-radius: .4rem; background: var(--soft); color: inherit; width: 100%; min-width: 0 }
input, select { height: 2.4rem } ::placeholder { color: inherit; opacity: .65 } button { cursor: pointer; width: auto } #clear { margin-top: .5rem } button.main { background: var(--accent); border-color: var(--accent); color: Canvas }
input:focus-visible, select:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
@media (max-width: 560px) { .row b { flex: 1; min-width: 0 } .row span:nth-child(2) { order: 1; flex: 1 0 100% } }
`

const script = `
const at = (id) => document.getElementById(id)
const keys = ['fault', 'on', 'share', 'from', 'to', 'every', 'for', 'at', 'tries', 'retryAfter']
const faultsThatTake = ${JSON.stringify(faultsThatTake)}
const words = { retryAfter: 'retry after', tries: 'first tries:' }
let faults = []
let ids = []
let isLost = false
let shown
async function ask(method, body) {
  const token = at('token').value
  const headers = { ...(token && { authorization: 'Bearer ' + token }), ...(body && { 'content-type': 'application/json' }) }
  try {
    const answer = await fetch('faults', { method, headers, body: body && JSON.stringify(body) })
    const said = await answer.json()
    at('access').hidden = answer.status !== 401 && !token
    if (!answer.ok) throw new Error(said.error.message)
    if (method !== 'GET' || isLost) at('wrong').textContent = ''
    isLost = false
    show(said)
    return true
  } catch (error) {
    isLost = method === 'GET'
    at('wrong').textContent = error.message
    return false
  }
}
function make(tag, text, set) {
  const made = document.createElement(tag)
  if (text !== undefined) made.textContent = text
  return Object.assign(made, set)
}
const whole = (count, per, unit, rest) =>
  Math.floor(count / per) + ' ' + unit + (count % per > 0 ? ' ' + (count % per) + ' ' + rest : '')
function timeText(seconds) {
  if (seconds < 100) return seconds + ' s'
  return seconds < 3600 ? whole(seconds, 60, 'min', 's') : whole(Math.round(seconds / 60), 60, 'h', 'min')
}
function show(said) {
  const { hits } = said
  faults = said.faults
  ids = said.ids
  at('workload').textContent = said.workload
  at('since').textContent = timeText(Math.round(said.sinceMs / 1000))
  at('calls').textContent = said.calls
  at('flight').textContent = said.inFlight
  at('hits').textContent = Object.values(said.injected).reduce((sum, count) => sum + count, 0)
  at('none').hidden = faults.length > 0
  const written = JSON.stringify([faults, ids])
  if (written !== shown) showRows()
  shown = written
  document.querySelectorAll('.hit').forEach((hit, i) => (hit.textContent = hits[i] + (hits[i] === 1 ? ' hit' : ' hits')))
  if (at('fault').length === 0) {
    at('fault').append(...said.names.map((name) => make('option', name)))
    at('on').append(...said.targets.map((name) => make('option', name)))
    offer()
  }
}
function showRows() {
  const buttons = [...at('rows').querySelectorAll('button')]
  const place = buttons.indexOf(document.activeElement)
  const isOnClear = document.activeElement === at('clear')
  at('rows').replaceChildren(...faults.map(rowOf))
  at('clear').hidden = faults.length === 0
  // Whoever stands on a button by the keyboard stays with its fault and not with its line: the next Enter would remove
  // another one. Where the fault itself is gone, its neighbour is next.
  const nearest = place < 0 ? [] : [...buttons.slice(place), ...buttons.slice(0, place).reverse()]
  const left = nearest.map(({ value }) => at('rows').querySelector('[value="' + value + '"]')).find(Boolean)
  if (left) left.focus()
  else if (place >= 0 || (isOnClear && faults.length === 0)) at('fault').focus()
}
function rowOf(fault, i) {
  const row = make('div', undefined, { className: 'row' })
  const rest = Object.entries(fault).filter(([key]) => key !== 'fault' && key !== 'on' && key !== 'share')
  const said = [fault.share + ' of calls to ' + fault.on, ...rest.map(([key, value]) => (words[key] ?? key) + ' ' + value)]
  const remove = make('button', 'Remove', { type: 'button', value: ids[i], ariaLabel: 'Remove ' + fault.fault })
  const others = (list) => list.filter((_, other) => other !== i)
  remove.onclick = () => ask('PUT', { faults: others(faults), ids: others(ids) })
  row.append(make('b', fault.fault), make('span', said.join(', ')), make('span', '', { className: 'hit' }), remove)
  return row
}
function offer() {
  for (const [key, names] of Object.entries(faultsThatTake)) {
    at(key).parentElement.hidden = !names.includes(at('fault').value)
    if (at(key).parentElement.hidden) at(key).value = ''
  }
}
at('fault').onchange = offer
at('add').onsubmit = async (event) => {
  event.preventDefault()
  const added = Object.fromEntries(keys.map((key) => [key, at(key).value.trim()]).filter(([, value]) => value !== ''))
  if (await ask('PUT', { faults: [...faults, added], ids }))
    for (const key of keys.slice(3)) at(key).value = ''
}
at('clear').onclick = () => ask('DELETE')
at('token').onchange = () => ask('GET')
ask('GET')
setInterval(() => ask('GET'), 2000)
`

const field = (key: string, label: string, hint: string, value = ''): string =>
  `<label>${label}<input id="${key}" placeholder="${hint}" value="${value}" autocomplete="off"></label>`

/** Nothing of the workload stands in it: the script fetches that and writes it as text. */
const page = `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Plimsoll: faults</title>
<style>${style}</style>
<h1>Faults of the provider</h1><p class="quiet" id="workload">&nbsp;</p>
<p id="access" hidden><label>Admin token<input id="token" type="password" autocomplete="off"></label></p>
<dl><div><dt>since the run began</dt><dd id="since">&ndash;</dd></div><div><dt>calls</dt><dd id="calls">&ndash;</dd></div>
<div><dt>in flight</dt><dd id="flight">&ndash;</dd></div><div><dt>hit by a fault</dt><dd id="hits">&ndash;</dd></div></dl>
<h2>Played now</h2><p id="none" class="quiet" hidden>Nothing goes wrong on purpose.</p><div class="rows" id="rows"></div>
<p><button type="button" id="clear" hidden>Clear all</button></p>
<h2>Add</h2><p class="quiet">Times count from the beginning of the run. What is left empty limits nothing.</p>
<form id="add"><label>Fault<select id="fault"></select></label><label>Calls to<select id="on"></select></label>
${field('share', 'Share of calls', '5%', '5%')}${field('from', 'From (time)', '60s')}${field('to', 'To (time)', '90s')}
${field('every', 'Again every', '5m')}${field('for', 'How long', '10s')}${field('at', 'After this much of the answer', '50%')}
${field('tries', 'Only the first tries', '1')}${field('retryAfter', 'Retry-After', '2s')}
<button class="main">Add</button></form><p id="wrong" role="alert"></p>
<script>${script}</script></html>`

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; connect-src 'self'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

/** `GET /_plimsoll/`: a page to change faults while a test runs. */
export function sendFaultsPage(response: ServerResponse): void {
  response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(page) })
  response.end(page)
}
