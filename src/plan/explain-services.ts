import type { ServiceUse } from '../result/summary.ts'
import { termsOf } from '../workload/provider-quota.ts'
import { termName } from '../workload/quota-terms.ts'
import type { Derivation, DerivationInput } from '../result/derivation.ts'
import { minuteMs } from '../workload/units.ts'
import { engineSlots } from './engine-slots.ts'
import { input, type Solution } from './explain-figures.ts'
import { sources } from './explain-sources.ts'
import { chargesOf } from './quota-pressure.ts'
import { modelLabel } from './service-use.ts'

/** How full each service is: the utilisation law, with what each of them is asked for. */
export function serviceDerivations(solution: Solution): Derivation[] {
  return (solution.summary.services ?? []).flatMap((use) => {
    const demand =
      slots(solution, use) ?? eventLoop(solution, use) ?? ofTool(solution, use) ?? ofModel(solution, use)
    if (!demand) return []
    const inUse = Math.min(
      demand.ceiling ?? Infinity,
      demand.factors.reduce((product, { value }) => product * value, 1),
    )
    return [
      {
        figure: `utilisation of ${use.name}`,
        formula: `${demand.law}: ${demand.words} ÷ limit`,
        inputs: [...demand.factors, ...input('limit', use.limit, use.unit)],
        result: inUse / use.limit,
        unit: 'share',
        source: demand.source,
        exact: solution.exact,
      },
    ]
  })
}

/** What a service is asked for: a product, at most `ceiling`. */
interface Demand {
  readonly law: string
  readonly words: string
  readonly factors: readonly DerivationInput[]
  readonly ceiling?: number
  readonly source: string
}

const utilisationLaw = { law: 'utilisation law', source: sources.operational.text }

const admitted = ({ state }: Solution): DerivationInput[] =>
  input('turns admitted', state.admittedPerMs * 1000, 'turns/s')

const callsMade = ({ state }: Solution): DerivationInput[] =>
  input('share of calls made', state.work, 'share')

function slots(solution: Solution, { name }: ServiceUse): Demand | undefined {
  if (name !== 'agent slots') return undefined
  const { inService, admittedPerMs } = solution.state
  return {
    law: "Little's law",
    words: 'turns admitted/s × seconds in a slot',
    factors: [
      ...admitted(solution),
      ...input('mean in a slot', admittedPerMs > 0 ? inService / (admittedPerMs * 1000) : 0, 's'),
    ],
    source: sources.little.text,
  }
}

function eventLoop(solution: Solution, { name }: ServiceUse): Demand | undefined {
  if (name !== 'event loop') return undefined
  return {
    ...utilisationLaw,
    words: 'turns admitted/s × CPU seconds of a turn × share of its calls made',
    factors: [
      ...admitted(solution),
      ...input('CPU of a turn', solution.demand.cpuMs / 1000, 's'),
      ...callsMade(solution),
    ],
  }
}

function ofTool(solution: Solution, { name, unit }: ServiceUse): Demand | undefined {
  const { workload, demand } = solution
  const index = unit === 'calls' ? workload.tools.findIndex((tool) => tool.name === name) : -1
  const calls = demand.toolCalls.get(index)
  if (calls === undefined) return undefined
  return {
    ...utilisationLaw,
    words: 'turns admitted/s × calls of a turn × share of them made × seconds of a call',
    factors: [
      ...admitted(solution),
      ...input(`calls of ${name} a turn`, calls, 'calls'),
      ...callsMade(solution),
      ...input('mean of a call', workload.tools[index]!.latency.mean / 1000, 's'),
    ],
  }
}

function ofModel(solution: Solution, { name }: ServiceUse): Demand | undefined {
  const { workload } = solution
  for (const [index, model] of workload.models.entries()) {
    const label = modelLabel(workload, model)
    if (name === `${label} engine`) return engine(solution, index)
    if (name === `${label} engine, KV cache`) return cache(solution, index)
    const term =
      model.quota && termsOf(model.quota).find((each) => name === `${label} quota, ${termName(each)}`)
    if (!term) continue
    const { settled } = chargesOf(term, model, solution.demand.models[index]!)
    return {
      ...utilisationLaw,
      words: 'tries of calls a minute (refused ones too) × what a mean call is charged in the end',
      factors: [
        ...input('tries', solution.state.triesPerMs[index]! * minuteMs, 'calls/min'),
        ...input('charged for a call', settled, term.of),
      ],
    }
  }
  return undefined
}

/** Calls in the engine hold their contexts; it is full of as many calls as it holds on average. */
function cache(solution: Solution, index: number): Demand {
  const calls = engine(solution, index)
  const { kvTokens = Infinity } = solution.workload.models[index]!.engine!
  return {
    ...calls,
    words:
      'turns admitted/s × seconds of a turn in the engine × tokens that one holds in the cache, at most all,',
    factors: [...calls.factors, ...input('held', kvTokens / calls.ceiling!, 'tokens')],
    ceiling: kvTokens,
  }
}

function engine({ workload, demand, state }: Solution, index: number): Demand {
  const station = state.inner.stations.findIndex((each) => each.kind === 'engine' && each.index === index)
  const residenceMs = state.inner.residenceMs(Math.max(1, state.inService))[station] ?? 0
  return {
    law: "Little's law",
    words: 'turns admitted/s × seconds of a turn in the engine, at most its slots,',
    factors: [
      ...input('turns admitted', state.admittedPerMs * 1000, 'turns/s'),
      ...input('mean in the engine', residenceMs / 1000, 's'),
    ],
    ceiling: engineSlots(workload.models[index]!, index, demand),
    source: `${sources.little.text}; the time: ${sources.closedStation.text}`,
  }
}
