import type { SeenTool } from '../result/recording.ts'
import { durationWords, shareWords } from './fit-lognormal.ts'
import type { Learned } from './learned.ts'
import type { Loop } from './learn-workload.ts'

/** One step that asked for tools, and the time until the model was asked again. */
interface ToolStep {
  readonly names: readonly string[]
  readonly fanOut: number
  readonly gapMs: number
}

/** The tools that models asked for: how long they take, how many at once, and how often they fail. */
export function learnTools(
  loops: readonly Loop[],
): Pick<Learned, 'fields' | 'notes'> & { readonly names: readonly string[] } {
  const steps = loops.flatMap(toolSteps)
  const seen = loops.flatMap(({ turn }) => turn.tools)
  const names = [...new Set(steps.flatMap((step) => step.names))].toSorted()
  const unseen = names.filter((name) => !seen.some((tool) => tool.name === name))
  const mixed = steps.filter((step) => step.names.length > 1).length
  return {
    names,
    fields: names.flatMap((name) => fieldsOf(name, steps, seen)),
    notes: [
      ...(unseen.length > 0
        ? [
            `the time of ${unseen.join(', ')} is that between two model calls, the agent's own time there included (--tools URL tells them apart)`,
          ]
        : []),
      ...(mixed > 0
        ? [`${mixed} steps asked for different tools at once; the file asks for one of them`]
        : []),
    ],
  }
}

function toolSteps({ calls }: Loop): ToolStep[] {
  return calls.slice(0, -1).flatMap((call, i) => {
    if (call.asks.length === 0) return []
    const names = [...new Set(call.asks.map(({ name }) => name))]
    return [{ names, fanOut: call.asks.length, gapMs: calls[i + 1]!.sentAtMs - call.endedAtMs }]
  })
}

function fieldsOf(name: string, steps: readonly ToolStep[], all: readonly SeenTool[]): Learned['fields'] {
  const own = steps.filter((step) => step.names.includes(name))
  const seen = all.filter((tool) => tool.name === name)
  const answered = seen.filter(({ failed }) => !failed)
  const timesMs =
    answered.length > 0
      ? answered.map(({ sentAtMs, endedAtMs }) => endedAtMs - sentAtMs)
      : own.map(({ gapMs }) => Math.max(0, gapMs))
  const failed = seen.length - answered.length
  const from = seen.length > 0 ? `${seen.length} calls` : `${own.length} steps`
  return [
    { path: ['tools', name, 'latency'], value: durationWords(timesMs), from },
    {
      path: ['tools', name, 'fanOut'],
      value: shareWords(own.map(({ fanOut }) => fanOut)),
      from: `${own.length} steps`,
    },
    ...(failed > 0
      ? [
          {
            path: ['tools', name, 'failure'],
            value: `${Number(((failed / seen.length) * 100).toPrecision(3))}%`,
            from,
          },
        ]
      : []),
  ]
}
