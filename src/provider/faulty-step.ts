import { isObject, type JsonObject } from '../wire/request-fields.ts'
import type { ModelToolCall } from '../wire/model-answer.ts'
import type { DeclaredTool, ModelRequest } from '../wire/model-request.ts'
import type { FaultName } from '../workload/fault.ts'
import type { NextStep } from './next-step.ts'

/** The step with what a model gets wrong in it: arguments that do not fit, or a tool that nobody declared. */
export function faultyStep<S extends NextStep>(
  step: S,
  name: FaultName | undefined,
  { tools }: ModelRequest,
): S {
  if (step.kind !== 'call' || (name !== 'invalidArguments' && name !== 'unknownTool')) return step
  const spoil = name === 'unknownTool' ? misnamed : misfitting
  return { ...step, calls: step.calls.map((call) => spoil(call, tools)) }
}

function misnamed(call: ModelToolCall, tools: readonly DeclaredTool[]): ModelToolCall {
  let name = `${call.name.slice(0, 50)}_v2`
  while (tools.some((tool) => tool.name === name)) name += 'x'
  return { ...call, name }
}

/** Every declared argument has a type that is not its own. */
function misfitting(call: ModelToolCall, tools: readonly DeclaredTool[]): ModelToolCall {
  const schema = tools.find(({ name }) => name === call.name)?.parameters ?? {}
  const declared = isObject(schema['properties']) ? schema['properties'] : {}
  const wrong = Object.entries(declared).map(([name, property]) => [name, notOf(property)] as const)
  return { ...call, arguments: JSON.stringify({ ...Object.fromEntries(wrong), not_an_argument: [] }) }
}

const notOf = (property: unknown): unknown =>
  isObject(property) && typeOf(property) === 'object' ? 'not an object' : { not: 'of this type' }

const typeOf = (property: JsonObject): unknown => property['type']
