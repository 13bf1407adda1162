import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import * as x509 from '@peculiar/x509'
import { dayMs } from '../../workload/units.ts'

/** Signs certificates for hosts that are played. Its key is in the memory of this process and nowhere else. */
export interface Authority {
  /** Its own certificate, for whoever is to trust it. */
  readonly certificate: string
  contextFor(host: string): Promise<SecureContext>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
/** Clocks of containers may be behind. */
const lastsMs = 7 * dayMs

/** A new authority, valid around `nowMs` since 1970. */
export async function createAuthority(nowMs: number): Promise<Authority> {
  const valid = { notBefore: new Date(nowMs - dayMs), notAfter: new Date(nowMs + lastsMs) }
  const keys = await newKeys()
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Plimsoll provider of this run',
    keys,
    signingAlgorithm: algorithm,
    ...valid,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  // One key serves all hosts: they are one server.
  const server = await newKeys()
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', server.privateKey)
  const key = x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')

  async function sign(host: string): Promise<SecureContext> {
    const certificate = await x509.X509CertificateGenerator.create({
      subject: [{ CN: [host] }],
      issuer: root.subject,
      publicKey: server.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      ...valid,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: isIP(host) ? 'ip' : 'dns', value: host }]),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
    return createSecureContext({ key, cert: certificate.toString('pem') })
  }

  const contexts = new Map<string, Promise<SecureContext>>()
  return {
    certificate: root.toString('pem'),
    contextFor(host) {
      const known = contexts.get(host) ?? sign(host)
      if (contexts.size < mostHosts) contexts.set(host, known)
      return known
    },
  }
}

/** Names come from callers. */
const mostHosts = 1000

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
