import { spawn } from 'node:child_process'

/** Asks the group to end, gives it five seconds, then ends it. The group's id is `$0`. */
const script = `read -r _
kill -s TERM -- "-$0" 2>/dev/null || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 0.5; kill -s 0 -- "-$0" 2>/dev/null || exit 0; done
kill -s KILL -- "-$0" 2>/dev/null`

/**
 * A shell that ends a process group when this process is gone, however it went: it reads from a pipe that only we
 * hold open, and a kernel closes that even after `kill -9`. Answers what takes the guard away.
 */
export function guardGroup(group: number): () => void {
  const guard = spawn('sh', ['-c', script, String(group)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.on('error', () => {})
  guard.stdin.on('error', () => {})
  guard.unref()
  return () => void guard.kill('SIGKILL')
}
