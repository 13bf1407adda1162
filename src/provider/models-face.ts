import type { ServerResponse } from 'node:http'
import { anthropicModel, anthropicModelPage } from '../wire/anthropic-models.ts'
import { azureModel } from '../wire/azure-models.ts'
import { geminiModel, geminiModelPage } from '../wire/gemini-models.ts'
import { invalidRequest } from '../wire/openai-error.ts'
import type { Face } from './face.ts'
import { refuseRequest, requestIdOf, sendJson } from './http-answer.ts'
import { apiOf } from './spoken-api.ts'

/** `GET /v1/models`, in the shape of the API whose client asks. */
export function answerModels(face: Face, query: URLSearchParams, response: ServerResponse): void {
  const ids = [...new Set(face.epoch.workload.models.map(({ id }) => id))]
  const bodies = {
    openai: () => ({ object: 'list', data: ids.map(openAiShape(response)) }),
    bedrock: () => ({ object: 'list', data: ids.map(modelObject) }),
    anthropic: () => anthropicModelPage(ids, query),
    gemini: () => geminiModelPage(ids, query),
  }
  sendJson(response, 200, JSON.stringify(bodies[apiOf(response.req)]()), requestIdOf(face, response))
}

/** `GET /v1/models/:id`. */
export function answerModel(face: Face, id: string, response: ServerResponse): void {
  if (face.epoch.workload.models.some((model) => model.id === id)) {
    const model = {
      openai: openAiShape(response),
      bedrock: modelObject,
      anthropic: anthropicModel,
      gemini: geminiModel,
    }
    sendJson(response, 200, JSON.stringify(model[apiOf(response.req)](id)), requestIdOf(face, response))
    return
  }
  const message = `The model '${id.slice(0, 100)}' does not exist or you do not have access to it.`
  const error = { ...invalidRequest(message, 'model', 'model_not_found'), status: 404 }
  refuseRequest(face, { response }, error)
}

/** Azure has a shape of its own where its path says no version. */
const openAiShape = ({ req }: ServerResponse): ((id: string) => object) =>
  req.url?.startsWith('/openai/models') ? azureModel : modelObject

/** No model of a workload has a date of birth. */
const modelObject = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'plimsoll' })
