import { type Provider, startProvider } from '../../src/provider/start-provider.ts'
import { parseWorkload } from '../../src/workload/parse-workload.ts'

/** Shares of turns by the depth of their loops. */
export const intendedDepths: Readonly<Record<string, number>> = { 1: 0.6, 2: 0.3, 4: 0.1 }

const shares = Object.entries(intendedDepths).map(([depth, share]) => `${depth}: ${share * 100}%`)
const text = `
name: conformance
scenarios:
  - name: orders
    say: where is my order
    depth: { ${shares.join(', ')} }
    tools: [orders, transfer_to_billing, research, agent-research]
models:
  any: { id: any, output: 20, ttft: 0ms, perToken: 0ms, tokensPerChunk: 10 }
  limited: { id: limited, output: 1, ttft: 0ms, perToken: 0ms, quota: { rpm: 60 } }
tools:
  orders: { latency: 0ms, arguments: { order: [1001, 1002] } }
  transfer_to_billing: { latency: 0ms }
  research: { subagent: { depth: { 1: 50%, 3: 50% }, tools: [orders], output: 10 } }
  agent-research: { subagent: { depth: { 1: 50%, 3: 50% }, tools: [orders], output: 10 } }
`

/** The provider that all clients and frameworks are driven against. */
export function startWorld(): Promise<Provider> {
  const { workload, problems } = parseWorkload(text)
  if (!workload) throw new Error(JSON.stringify(problems))
  return startProvider(workload, { seed: 11, runId: 'conformance' })
}
