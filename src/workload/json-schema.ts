import { z } from 'zod'
import { fileSchema } from './file-schema.ts'

/** The JSON Schema of the workload file (draft 7, which editors' YAML servers read). */
export function workloadJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(fileSchema(), { io: 'input', target: 'draft-07' })
  return { $schema, ...schema }
}
