import { expect, test, vi } from 'vitest'
import { createIo } from '../io.ts'
import { serveUntilStopped, stopSignal } from './serve.ts'

test('a signal that comes as soon as the server is announced closes it', async () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
  const others = process.listeners('SIGTERM')
  const close = vi.fn(() => Promise.resolve())
  const io = {
    ...createIo({}),
    result: () => {
      const heard = process.listeners('SIGTERM').find((listener) => !others.includes(listener))
      expect(heard).toBeDefined()
      heard!('SIGTERM')
    },
  }
  await serveUntilStopped({ url: 'http://127.0.0.1:1', close }, 'on', io, stopSignal(false))
  expect(close).toHaveBeenCalledOnce()
  expect(exit).toHaveBeenCalledWith(0)
  exit.mockRestore()
})
