import type { ServerResponse } from 'node:http'
import type { Workload } from '../workload/workload.ts'
import { invalidRequest } from '../wire/openai-error.ts'
import { sendError, sendJson } from './http-answer.ts'

/** `GET /v1/models`. */
export function answerModels(workload: Workload, response: ServerResponse): void {
  const data = [...new Set(workload.models.map(({ id }) => id))].map(modelObject)
  sendJson(response, 200, JSON.stringify({ object: 'list', data }))
}

/** `GET /v1/models/:id`. */
export function answerModel(workload: Workload, id: string, response: ServerResponse): void {
  if (workload.models.some((model) => model.id === id)) {
    sendJson(response, 200, JSON.stringify(modelObject(id)))
    return
  }
  const message = `The model '${id.slice(0, 100)}' does not exist or you do not have access to it.`
  sendError(response, { ...invalidRequest(message, 'model', 'model_not_found'), status: 404 })
}

/** No model of a workload has a date of birth. */
const modelObject = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'plimsoll' })
