/** The token of a provider's admin API, from `PLIMSOLL_ADMIN_TOKEN`: it stands on no command line that others can list. */
export function adminToken(): { readonly adminToken?: string } {
  const token = process.env['PLIMSOLL_ADMIN_TOKEN']
  return token === undefined || token === '' ? {} : { adminToken: token }
}
