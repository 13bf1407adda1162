import type { Summary } from '../../result/summary.ts'
import { voiceAgentOf } from '../../workload/voice-agent-schema.ts'
import type { Workload } from '../../workload/workload.ts'

type TurnTime = NonNullable<Summary['turnTime']>

/**
 * Where the mean turn of a call goes, in the parts of a measured one: what its agent takes, hearing and speaking around
 * it, the model until the answer begins, since nobody waits for what it writes while that is heard, and the sound.
 */
export function spokenTime(agent: TurnTime, workload: Workload, latency: Summary['latency']): TurnTime {
  const [turnMs, responseMs] = [latency.turnMs?.mean, latency.ttftMs?.mean]
  if (turnMs === undefined || responseMs === undefined) return agent
  const meanOf = (part: string): number | undefined =>
    workload.phone?.mouthToEar?.parts.find(({ name }) => name === part)?.time.mean
  const { endOfSpeechMs } = workload.agent.voice ?? voiceAgentOf()
  const hearing = (meanOf('end of turn') ?? endOfSpeechMs) + (meanOf('speech to text') ?? 0)
  const cpuMs = agent.find(({ part }) => part === 'cpu')?.meanMs ?? 0
  const around = [
    { part: 'hearing', meanMs: hearing },
    { part: 'agent', meanMs: (meanOf('orchestration') ?? 0) + cpuMs },
    { part: 'speaking', meanMs: meanOf('text to speech') ?? 0 },
  ].filter(({ meanMs }) => meanMs > 0)
  const others = [...around, ...agent.filter(({ part }) => part !== 'model' && part !== 'cpu')]
  const leftMs = others.reduce((left, { meanMs }) => left - meanMs, responseMs)
  return [
    ...others,
    { part: 'model', meanMs: Math.max(0, leftMs) },
    { part: 'answer heard', meanMs: turnMs - responseMs },
  ]
}
