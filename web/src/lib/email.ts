/** What is wrong with an address as far as one can tell without writing to it; nothing typed is fine. */
export function emailProblem(typed: string): string | null {
  const email = typed.trim()
  return email === '' || /^[^\s@]+@[^\s@]+$/.test(email) ? null : 'An address like ada@example.com.'
}
