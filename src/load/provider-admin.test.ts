import { expect, onTestFinished, test } from 'vitest'
import { startProvider } from '../provider/start-provider.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { createProviderAdmin } from './provider-admin.ts'

const workload = parseWorkload('model: { output: 1 }').workload!

test('whoever asks a provider without the admin token that it takes is told so, and what to do', async () => {
  const provider = await startProvider(workload, { seed: 1, runId: 'w', adminToken: 'secret' })
  onTestFinished(() => provider.close())
  const admin = createProviderAdmin(provider.url)
  onTestFinished(() => admin.close())
  for (const ask of [() => admin.stats(), () => admin.takeRecords(0, 1)])
    await expect(ask()).rejects.toMatchObject({
      message: `the provider at ${provider.url} takes an admin token`,
      hint: expect.stringContaining('PLIMSOLL_ADMIN_TOKEN') as string,
    })
})
