/**
 * The lever that the field calls the largest: one workload, the reference agent with synchronous workers
 * (concurrency 1) and with asynchronous ones, and how many users each carries.
 *
 *   npm run bench:sync-async -- --speed 20 --concurrency 20
 */
import { parseArgs } from 'node:util'
import { createIo } from '../src/cli/io.ts'
import { measuredRunner } from '../src/cli/measured-runner.ts'
import { readWorkload } from '../src/cli/read-workload.ts'
import { openWorld } from '../src/cli/world.ts'
import { findCapacity } from '../src/find/find-capacity.ts'
import { planCapacity } from '../src/plan/plan.ts'
import { levelValue } from '../src/workload/level.ts'

const { signal } = new AbortController()

const { values } = parseArgs({
  options: {
    file: { type: 'string', default: 'examples/customer-support.yaml' },
    speed: { type: 'string', default: '20' },
    concurrency: { type: 'string', default: '20' },
    probes: { type: 'string', default: '7' },
  },
})
const io = createIo({})
const speed = Number(values.speed)
const window = { warmupMs: 120_000, measuredMs: 240_000 }
// Without the provider's limit, so that the workers are what binds.
const open = ['model.quota.rpm=100k', 'model.quota.tpm=100M']

async function carried(concurrency: number): Promise<{ solved: number; measured: number }> {
  const set = [...open, `agent.concurrency=${concurrency}`]
  const workload = readWorkload(values.file, set, io)
  const solved = levelValue(planCapacity(workload, {}).level)
  const world = await openWorld(
    workload,
    { file: values.file, set, speed, seed: 1, reference: true },
    io,
    signal,
  )
  try {
    const runner = measuredRunner(workload, world, { runId: 'bench', speed, marker: 'suffix' })
    const search = { guess: { users: solved }, probes: Number(values.probes), seed: 1, ...window }
    const capacity = await findCapacity(runner, search, signal)
    for (const reason of capacity.invalid ?? [])
      console.log(`  concurrency ${concurrency}: not valid, ${reason}`)
    return { solved, measured: levelValue(capacity.level) }
  } finally {
    await world.close()
  }
}

const synchronous = await carried(1)
const asynchronous = await carried(Number(values.concurrency))
console.log(
  `synchronous   (5 workers × 1):  solved ${synchronous.solved}, measured ${synchronous.measured} users`,
)
console.log(
  `asynchronous  (5 workers × ${values.concurrency}): solved ${asynchronous.solved}, measured ${asynchronous.measured} users`,
)
console.log(
  `ratio: solved ${(asynchronous.solved / synchronous.solved).toFixed(1)}, measured ${(asynchronous.measured / synchronous.measured).toFixed(1)} (the field claims 10)`,
)
