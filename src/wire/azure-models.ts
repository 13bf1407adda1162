/** 2100-01-01: no model of a workload is ever withdrawn, and Azure says when each is. */
const neverSeconds = 4_102_444_800

const capabilities = {
  fine_tune: false,
  inference: true,
  completion: false,
  chat_completion: true,
  embeddings: false,
}

/** A model as `GET /openai/models/:id?api-version=…` tells it; `/openai/v1/models` tells it as OpenAI does. */
export const azureModel = (id: string) => ({
  status: 'succeeded',
  capabilities,
  lifecycle_status: 'generally-available',
  deprecation: { inference: neverSeconds },
  id,
  created_at: 0,
  object: 'model',
})
