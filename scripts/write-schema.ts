// Writes what is generated from the code of the workload file: the JSON Schema and the examples.
import { writeFileSync } from 'node:fs'
import { workloadJsonSchema } from '../src/workload/json-schema.ts'
import { starterFile, starterNames } from '../src/workload/starter-file.ts'

const write = (path: string, text: string): void =>
  writeFileSync(new URL(`../${path}`, import.meta.url), text)

write('schema/workload.schema.json', `${JSON.stringify(workloadJsonSchema(), undefined, 2)}\n`)
for (const name of starterNames) write(`examples/${name}.yaml`, starterFile(name))
