import type { ServerResponse } from 'node:http'
import type { Workload } from '../workload/workload.ts'
import { anthropicModel, anthropicModelPage } from '../wire/anthropic-models.ts'
import { invalidRequest } from '../wire/openai-error.ts'
import { sendError, sendJson, speaksAnthropic } from './http-answer.ts'

/** `GET /v1/models`, in the shape of the API whose client asks. */
export function answerModels(workload: Workload, query: URLSearchParams, response: ServerResponse): void {
  const ids = [...new Set(workload.models.map(({ id }) => id))]
  const body = speaksAnthropic(response.req)
    ? anthropicModelPage(ids, query)
    : { object: 'list', data: ids.map(modelObject) }
  sendJson(response, 200, JSON.stringify(body))
}

/** `GET /v1/models/:id`. */
export function answerModel(workload: Workload, id: string, response: ServerResponse): void {
  if (workload.models.some((model) => model.id === id)) {
    const body = speaksAnthropic(response.req) ? anthropicModel(id) : modelObject(id)
    sendJson(response, 200, JSON.stringify(body))
    return
  }
  const message = `The model '${id.slice(0, 100)}' does not exist or you do not have access to it.`
  sendError(response, { ...invalidRequest(message, 'model', 'model_not_found'), status: 404 })
}

/** No model of a workload has a date of birth. */
const modelObject = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'plimsoll' })
