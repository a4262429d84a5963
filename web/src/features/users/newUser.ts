/** What a new user needs, checked before it is sent. Pure, with tests beside it. */
export const SHORTEST_PASSWORD = 12

export function usernameProblem(typed: string): string | null {
  const name = typed.trim()
  if (name === '') return 'A user needs a name to sign in with.'
  return /^[a-z0-9._-]{1,100}$/i.test(name)
    ? null
    : 'Letters a-z, digits, dots, dashes, underscores.'
}

export function passwordProblem(password: string): string | null {
  return password.length >= SHORTEST_PASSWORD ? null : `At least ${SHORTEST_PASSWORD} characters.`
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 5
const GROUP = 5

/** 25 letters that cannot be mistaken for each other, in groups to be read out: some 124 bits. */
export function randomPassword(): string {
  const letters: string[] = []
  while (letters.length < GROUPS * GROUP) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1))
    // The same chance for each letter: what is left over at the top is thrown again.
    const letter = LETTERS[byte % LETTERS.length]
    if (byte < 256 - (256 % LETTERS.length) && letter) letters.push(letter)
  }
  return Array.from({ length: GROUPS }, (_, at) =>
    letters.slice(at * GROUP, (at + 1) * GROUP).join(''),
  ).join('-')
}
