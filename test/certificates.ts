// For tests: an authority of our own, and what it signs.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

export interface Certificates {
  readonly ca: string
  readonly server: { readonly cert: string; readonly key: string }
  readonly client: { readonly cert: string; readonly key: string }
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const lastingMs = 86_400_000

/** An authority, a server that is `localhost`, 127.0.0.1 and `agent.test`, and a client. */
export async function makeCertificates(): Promise<Certificates> {
  const now = Date.now()
  const valid = { notBefore: new Date(now - lastingMs), notAfter: new Date(now + lastingMs) }
  const keysOf = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const authority = await keysOf()
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Plimsoll tests',
    keys: authority,
    signingAlgorithm: algorithm,
    ...valid,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  })
  const signed = async (subject: string, extensions: x509.Extension[]) => {
    const keys = await keysOf()
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer: ca.subject,
      publicKey: keys.publicKey,
      signingKey: authority.privateKey,
      signingAlgorithm: algorithm,
      ...valid,
      extensions,
    })
    const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
    return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') }
  }
  const names = new x509.SubjectAlternativeNameExtension([
    { type: 'dns', value: 'localhost' },
    { type: 'dns', value: 'agent.test' },
    { type: 'ip', value: '127.0.0.1' },
  ])
  return {
    ca: ca.toString('pem'),
    server: await signed('CN=localhost', [names]),
    client: await signed('CN=user', []),
  }
}
