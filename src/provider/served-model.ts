import type { Epoch, ServedModel } from './epoch.ts'
import { loopOf, type LoopPosition } from './loop.ts'
import type { Prompt } from '../wire/model-request.ts'

/** The model that the request names; the loop's where the workload has none of that name. */
export function servedModel(epoch: Epoch, name: string, at: LoopPosition): ServedModel {
  const named = modelsNamed(epoch, name)
  const ofLoop = loopOf(epoch, at).model
  return named.find(({ index }) => index === ofLoop) ?? named[0] ?? epoch.models[ofLoop]!
}

/** What a request that begins no call would count as input. */
export function inputTokensOf(epoch: Epoch, request: Prompt & { readonly model: string }): number {
  const { tokenizer } = modelsNamed(epoch, request.model)[0] ?? epoch.models[0]!
  return tokenizer.countPrompt(request)
}

const modelsNamed = ({ models }: Epoch, name: string): readonly ServedModel[] =>
  models.filter(({ model }) => model.id === name || model.key === name)
