const DIGITS = 12
const UNIT = 10n ** BigInt(DIGITS)

/** Adds decimals digit by digit, as people would on paper: no cent is lost to binary fractions. */
export function exactSum(values: (number | string | null)[]): number {
  const total = values.reduce<bigint>((sum, value) => sum + scaled(value), 0n)
  return Number(total / UNIT) + Number(total % UNIT) / Number(UNIT)
}

function scaled(value: number | string | null): bigint {
  if (value === null) return 0n
  const text = typeof value === 'number' ? value.toFixed(DIGITS) : value
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text)
  if (!match) return 0n
  const [, sign, whole = '', part = ''] = match
  const size = BigInt(whole || '0') * UNIT + BigInt(part.slice(0, DIGITS).padEnd(DIGITS, '0'))
  return sign ? -size : size
}

/** Whether two sums are one and the same but for the last digits that a number on the wire may lack. */
export function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-6 + 1e-11 * Math.max(Math.abs(one), Math.abs(other))
}
