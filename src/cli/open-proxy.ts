import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { temporaryFolder } from '../host/temporary-folder.ts'

export interface ProxyFlags {
  readonly proxy?: number
  readonly proxyOthers: 'refuse' | 'tunnel'
  readonly modelHost: readonly string[]
  /** Where the certificate and the environment are written; a folder of its own where absent. */
  readonly proxyFolder?: string
}

export interface OpenProxy {
  readonly url: string
  /** What has a child, and nobody else, go through the proxy and trust it. */
  readonly environment: readonly (readonly [name: string, value: string])[]
  close(): Promise<void>
}

/** The file of a proxy's folder that holds its environment, as JSON. */
export const proxyEnvironmentFile = 'environment.json'

/** Opens a forward proxy before whatever answers in place of models. Its authority's certificate is in a file that its owner alone can read. */
export async function openProxy(
  provider: { readonly host: string; readonly port: number },
  flags: ProxyFlags,
): Promise<OpenProxy> {
  const { startForwardProxy } = await import('../provider/proxy/forward-proxy.ts')
  const proxy = await startForwardProxy({
    port: flags.proxy ?? 0,
    provider,
    hosts: flags.modelHost,
    others: flags.proxyOthers,
  })
  const folder = flags.proxyFolder ?? temporaryFolder()
  const bundle = join(folder, 'ca.pem')
  const onlyMine = { mode: 0o600 }
  // Some clients take it in place of what they trust, so the others' are in it too.
  writeFileSync(bundle, [proxy.certificate, ...rootCertificates].join('\n'), onlyMine)
  const environment = proxyEnvironment(proxy.url, bundle)
  writeFileSync(join(folder, proxyEnvironmentFile), JSON.stringify(environment), onlyMine)
  return {
    url: proxy.url,
    environment,
    async close() {
      await proxy.close()
      if (flags.proxyFolder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

const bundleNames = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'AWS_CA_BUNDLE',
  'GRPC_DEFAULT_SSL_ROOTS_FILE_PATH',
]

function proxyEnvironment(url: string, bundle: string): (readonly [string, string])[] {
  const local = 'localhost,127.0.0.1,::1'
  return [
    ['HTTPS_PROXY', url],
    ['https_proxy', url],
    ['NO_PROXY', local],
    ['no_proxy', local],
    // Node's own fetch and https look at the environment only where they are told to.
    ['NODE_USE_ENV_PROXY', '1'],
    ...bundleNames.map((name) => [name, bundle] as const),
  ]
}
