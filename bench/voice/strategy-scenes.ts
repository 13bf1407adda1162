/** One strategy of the reference voice agent, and the trouble that it is for. */
export interface StrategyScene {
  /** As `agent.voice` of the file names it. */
  readonly strategy: string
  readonly trouble: string
  /** Of the offered calls, those that count. */
  readonly counts?: string
  readonly phone: readonly string[]
  readonly scenarios: readonly string[]
  readonly voice?: string
  readonly model?: string
  readonly faults?: string
  readonly breakers?: string
}

const simple = '{ name: intake, depth: 1 }'
const usual = { phone: ['calls: 60/min', 'duration: uniform(8s 14s)'], scenarios: [simple] }

/** Six troubles; the offered load is the same with the strategy and without. */
export const strategyScenes: readonly StrategyScene[] = [
  {
    ...usual,
    strategy: 'breakers',
    trouble: 'a CRM that hangs, asked in each turn; the agent waits 2 s for it',
    scenarios: ['{ name: booking, depth: 2, tools: [crm] }'],
    faults: '[{ fault: timeout, on: crm }]',
    breakers: '{ failures: 50%, calls: 5, openFor: 15s }',
  },
  {
    ...usual,
    strategy: 'fallbacks',
    trouble: 'a model that refuses every fourth call',
    faults: '[{ fault: 500, on: models, share: 25% }]',
  },
  {
    ...usual,
    strategy: 'urgentFirst',
    trouble:
      'twice as many calls as places, callers on hold; every fifth call is urgent, and only those are counted',
    counts: 'urgent',
    phone: ['calls: 72/min', 'duration: uniform(8s 14s)'],
    scenarios: [
      '{ name: intake, weight: 4, depth: 1 }',
      '{ name: urgent, weight: 1, depth: 1, priority: 9 }',
    ],
    voice: 'calls: 8, hold: { calls: 6, for: 20s }',
  },
  {
    ...usual,
    strategy: 'aside',
    trouble: 'writing down and enriching what was said takes 1.2 s a turn',
    voice: 'logging: 1.2s',
  },
  {
    ...usual,
    strategy: 'bargeIn',
    trouble: 'callers speak into half of the answers, which are 5 s long',
    phone: ['calls: 60/min', 'duration: uniform(8s 14s)', 'caller: { interrupts: 50%, patience: 6s }'],
    model: 'output: 20',
  },
  {
    ...usual,
    strategy: 'sentences',
    trouble: 'long answers: 60 tokens at 40 a second',
    model: 'output: 60, perToken: 25ms',
  },
]

/** Good is what is answered so soon. */
export const answeredWithinMs = 2000

/** The scene as a workload file, with its strategy on or off. */
export function sceneFile(scene: StrategyScene, isOn: boolean): string {
  const { strategy, phone, scenarios, voice, model, faults, breakers } = scene
  const hasCaller = phone.some((line) => line.startsWith('caller'))
  return `name: ${strategy} ${isOn ? 'on' : 'off'}
phone:
  ${phone.join('\n  ')}
  ${hasCaller ? '' : 'caller: { patience: 6s }'}
  blocked: 1%
  turns: 12/min
  carrier: { concurrent: 200 }
  mouthToEar: { within: 1.4s, stt: 150ms, tts: 100ms }
scenarios: [${scenarios.join(', ')}]
agent:
  workers: 1
  concurrency: 100
  queue: 100
  limits: { tool: 2s, call: 3s }
  breakers: ${breakers ?? '{ failures: 80%, calls: 10, openFor: 15s }'}
  voice: { endOfSpeech: 400ms, ${voice ? `${voice}, ` : ''}${strategy}: ${isOn ? "'on'" : "'off'"} }
model: { id: played, input: { system: 300 }, ttft: 200ms, ${model ?? 'output: 12'}${model?.includes('perToken') ? '' : ', perToken: 8ms'} }
${scenarios.some((each) => each.includes('crm')) ? 'tools: { crm: { latency: 50ms } }' : ''}
${faults ? `faults: ${faults}` : ''}
objectives: [response p95 < ${answeredWithinMs}ms]
`
}
