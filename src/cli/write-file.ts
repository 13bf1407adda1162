import { accessSync, closeSync, constants, existsSync, openSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from './exit-codes.ts'

/** Writes a file that the user named. One that cannot be written is a UserError. */
export function writeFile(file: string, text: string, options: { readonly mode?: number } = {}): void {
  orCannotBeWritten(file, () => writeFileSync(file, text, options))
}

/** Throws the same UserError before work is done, and perhaps paid for, whose result would go there. */
export function requireWritable(file: string): void {
  orCannotBeWritten(file, () => {
    // Opened, since a folder of this name may be written to and still takes no text.
    if (existsSync(file)) closeSync(openSync(file, constants.O_WRONLY))
    else accessSync(dirname(file), constants.W_OK)
  })
}

function orCannotBeWritten(file: string, attempt: () => void): void {
  try {
    attempt()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new UserError(`${file} cannot be written (${code})`, {
      hint: 'name a file in a folder that exists and may be written to',
    })
  }
}
