import { z } from 'zod'
import { reading } from './fields.ts'
import { readFileBeside } from './read-handed.ts'
import type { FilesBeside } from './target-access.ts'

/** The fields of the target that say who users are and how connections are made. */
export function accessFields(files?: FilesBeside) {
  const name = z.string().min(1)
  const pem = (what: string) =>
    name
      .transform(reading((file: string) => readFileBeside(file, files && (() => files.pem(file)))))
      .describe(what)
  return {
    users: z
      .strictObject({
        file: name.describe(
          'A CSV beside this file: its first line names the columns, each other one is a user.',
        ),
      })
      .transform(reading(({ file }) => ({ rows: readFileBeside(file, files && (() => files.users(file))) })))
      .optional()
      .describe('A row for each user: ${user.COLUMN} in headers, login and templates.'),
    cookies: z.boolean().optional().describe('Each user keeps the cookies that the target sets.'),
    tls: z
      .strictObject({
        ca: pem('The authority that signed the target’s certificate, as PEM beside this file.').optional(),
        cert: pem('The certificate that users show, as PEM beside this file.').optional(),
        key: pem('Its private key, as PEM beside this file.').optional(),
        passphrase: name.optional().describe('Of the key: ${env:NAME}.'),
        insecure: z.boolean().optional().describe('Takes any certificate of the target. For tests only.'),
      })
      .optional()
      .describe('For https:// and wss:// targets whose certificates are not the public ones.'),
    http2: z.boolean().optional().describe('HTTP/2 where the target offers it over TLS.'),
  }
}
