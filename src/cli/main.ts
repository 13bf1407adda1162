import { runCommandLine } from './run-command-line.ts'

// A reader that has seen enough, such as head, is no mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const code = await runCommandLine(process.argv.slice(2))
// Not by the exit code alone: a server that we started would keep the process up. Exiting ends it.
if (code !== undefined) process.exit(code)
