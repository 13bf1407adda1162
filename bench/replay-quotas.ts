/**
 * A trace of calls through each provider's quota: the share of calls that get a 429, as a Markdown table.
 *
 *   node bench/replay-quotas.ts conversation.csv code.csv.gz --headroom 1.5
 *
 * Each trace is CSV with a header; columns are named by --timestamp, --input and --output. Two limits a trace: the
 * same nominal number of tokens a minute for everybody, headroom × the trace's mean input + output; and the number
 * that gives each provider that headroom by its own way of counting (weights, caches), so that only reservations and
 * the shape of windows are left. vLLM has slots for headroom × the mean in flight. Refused calls do not come again.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { quotaOf } from '../src/service/token-bucket-quota.ts'
import { type ArrivedCalls, replayQuota, type ReplayOptions } from '../src/simulate/replay-quota.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { termsOf } from '../src/workload/provider-quota.ts'
import { perMinuteOf, settledBy } from '../src/workload/quota-terms.ts'
import type { Model } from '../src/workload/workload.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    timestamp: { type: 'string', default: 'TIMESTAMP' },
    input: { type: 'string', default: 'ContextTokens' },
    output: { type: 'string', default: 'GeneratedTokens' },
    headroom: { type: 'string', default: '1.5' },
    cached: { type: 'string', default: '0' },
    'max-tokens': { type: 'string', default: '1000' },
    'ttft-ms': { type: 'string', default: '500' },
    'per-token-ms': { type: 'string', default: '20' },
  },
})
const headroom = Number(values.headroom)
const options: ReplayOptions = {
  maxTokens: 0,
  cachedShare: Number(values.cached),
  ttftMs: Number(values['ttft-ms']),
  perTokenMs: Number(values['per-token-ms']),
}

interface Trace extends ArrivedCalls {
  readonly name: string
  readonly minutes: number
  readonly meanInput: number
  readonly meanOutput: number
}

/** `tokens` a minute as the nominal limit; one request a minute comes with each 1,000 of them, six on Azure standard. */
interface Row {
  readonly name: string
  readonly model: string
  readonly quota: (tokens: number, trace: Trace) => string
  /** The limit is not one of tokens. */
  readonly isOther?: true
}

const rpm = (tokens: number): string => `rpm: ${tokens / 1000}`
const ptu = (depth: string): Row => ({
  name: `Azure PTU, bucket of ${depth}`,
  model: 'gpt-4.1',
  quota: (tokens) => `like: azure-ptu, ptu: ${tokens / 3000}, depth: ${depth}`,
})
const gsu = (windows: string): Row => ({
  name: `Vertex GSU, ${windows} windows`,
  model: 'gemini-2.5-flash',
  quota: (tokens) => `like: vertex-gsu, gsu: ${tokens / 161_400}, windows: ${windows}, overLimit: reject`,
})

const rows: readonly Row[] = [
  { name: '`{ rpm, tpm }`', model: 'x', quota: (tokens) => `${rpm(tokens)}, tpm: ${tokens}` },
  ptu('10s'),
  ptu('60s'),
  ptu('120s'),
  {
    name: 'Azure standard',
    model: 'gpt-4.1',
    quota: (tokens) => `like: azure-standard, tpm: ${tokens}`,
  },
  gsu('aligned'),
  gsu('sliding'),
  { name: 'Bedrock, Claude', model: 'claude', quota: (tokens) => `like: bedrock, tpm: ${tokens}` },
  {
    name: 'Bedrock mantle, a fifth for output',
    model: 'claude',
    quota: (tokens) => `like: bedrock-mantle, itpm: ${tokens}, otpm: ${tokens / 5}`,
  },
  { name: 'OpenAI', model: 'x', quota: (tokens) => `like: openai, ${rpm(tokens)}, tpm: ${tokens}` },
  {
    name: 'Anthropic, a fifth for output',
    model: 'x',
    quota: (tokens) => `like: anthropic-start, rpm: ${tokens / 1000}, itpm: ${tokens}, otpm: ${tokens / 5}`,
  },
  { name: 'Gemini API', model: 'x', quota: (tokens) => `like: gemini, ${rpm(tokens)}, itpm: ${tokens}` },
  { name: 'Groq', model: 'x', quota: (tokens) => `like: groq, ${rpm(tokens)}, tpm: ${tokens}` },
  {
    name: 'Databricks, a fifth for output',
    model: 'x',
    quota: (tokens) => `like: databricks, itpm: ${tokens}, otpm: ${tokens / 5}`,
  },
  {
    name: 'vLLM behind a gateway, slots and no queue',
    model: 'x',
    isOther: true,
    quota: (_, trace) => {
      const callMs = options.ttftMs + trace.meanOutput * options.perTokenMs
      const inFlight = (callsPerMinute(trace) * callMs) / 60_000
      return `like: vllm, slots: ${Math.ceil(headroom * inFlight)}, queue: 0`
    },
  },
]

function modelOf(row: Row, tokens: number, trace: Trace): Model {
  const source = `model: { id: ${row.model}, output: ${Math.round(trace.meanOutput)}, quota: { ${row.quota(tokens, trace)} } }`
  const { workload, problems } = parseWorkload(source)
  if (!workload) throw new Error(`${row.name}: ${problems.map(({ message }) => message).join('; ')}`)
  return workload.models[0]!
}

const callsPerMinute = (trace: Trace): number => trace.atMs.length / trace.minutes
const nominalTokens = (trace: Trace): number =>
  headroom * callsPerMinute(trace) * (trace.meanInput + trace.meanOutput)

/** The nominal number at which the tightest of the token limits has the headroom for what calls come to. */
function ownTokens(row: Row, trace: Trace, maxTokens: number): number {
  const nominal = nominalTokens(trace)
  if (row.isOther) return nominal
  const inputTokens = trace.meanInput
  const used = {
    inputTokens,
    cachedTokens: inputTokens * options.cachedShare,
    outputTokens: trace.meanOutput,
  }
  const needs = termsOf(modelOf(row, nominal, trace).quota!).flatMap((term) =>
    term.tokens
      ? [(callsPerMinute(trace) * settledBy(term, { ...used, maxTokens }, used)) / perMinuteOf(term)]
      : [],
  )
  return nominal * headroom * Math.max(...needs)
}

function refusedText(row: Row, trace: Trace, tokens: number, maxTokens: number): string {
  const quota = quotaOf(modelOf(row, tokens, trace))!
  const { calls, refused, stopped } = replayQuota(quota, trace, { ...options, maxTokens })
  const percent = (count: number): string => `${((100 * count) / calls).toFixed(1)} %`
  return stopped > 0 ? `${percent(refused)}, ${percent(stopped)} stopped` : percent(refused)
}

function readTrace(path: string): Trace {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line !== '')
  const names = header!.split(',').map((name) => name.trim())
  const cells = lines.map((line) => line.split(','))
  const column = (name: string): string[] => {
    const index = names.indexOf(name)
    if (index < 0) throw new Error(`${path} has no column ${name}; it has ${names.join(', ')}`)
    return cells.map((row) => row[index]!)
  }
  const instants = column(values.timestamp).map(instantMs)
  const firstMs = Math.min(...instants)
  const order = instants.map((_, i) => i).sort((a, b) => instants[a]! - instants[b]! || a - b)
  const numbers = (name: string): Float64Array => {
    const texts = column(name)
    return Float64Array.from(order, (i) => Number(texts[i]))
  }
  const atMs = Float64Array.from(order, (i) => instants[i]! - firstMs)
  const [inputTokens, outputTokens] = [numbers(values.input), numbers(values.output)]
  const mean = (of: Float64Array): number => of.reduce((sum, value) => sum + value, 0) / of.length
  return {
    name: basename(path).replace(/\.csv(\.gz)?$/, ''),
    atMs,
    inputTokens,
    outputTokens,
    minutes: atMs.at(-1)! / 60_000,
    meanInput: mean(inputTokens),
    meanOutput: mean(outputTokens),
  }
}

/** Seconds as a number, or an instant such as `2023-11-16 18:17:03.9799600`. */
function instantMs(text: string): number {
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return seconds * 1000
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?/.exec(text)
  if (!match) throw new Error(`${text} is not a timestamp`)
  return Date.parse(`${match[1]}T${match[2]}Z`) + Number(match[3] ?? 0) * 1000
}

if (positionals.length === 0) throw new Error('which traces? node bench/replay-quotas.ts TRACE.csv ...')
const traces = positionals.map(readTrace)
for (const trace of traces)
  console.log(
    `${trace.name}: ${trace.atMs.length} calls in ${trace.minutes.toFixed(1)} minutes, ${Math.round(trace.meanInput)} tokens in and ${Math.round(trace.meanOutput)} out in the mean, nominal limit ${Math.round(nominalTokens(trace))} tokens a minute`,
  )
for (const maxTokens of [Number(values['max-tokens']), 0]) {
  console.log(`\n### ${maxTokens > 0 ? `max_tokens ${maxTokens}` : 'max_tokens unsaid'}\n`)
  const heads = traces.flatMap(({ name }) => [`${name}, same number`, `${name}, own counting`])
  console.log(`| quota | ${heads.join(' | ')} |`)
  console.log(`|---|${heads.map(() => '---:|').join('')}`)
  for (const row of rows) {
    const cells = traces.flatMap((trace) => [
      row.isOther ? '–' : refusedText(row, trace, nominalTokens(trace), maxTokens),
      refusedText(row, trace, ownTokens(row, trace, maxTokens), maxTokens),
    ])
    console.log(`| ${row.name} | ${cells.join(' | ')} |`)
  }
}
