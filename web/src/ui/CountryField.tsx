import { country } from '@/lib/format'
import { TextField } from './Field'

type CountryFieldProps = {
  value: string
  onChange: (value: string) => void
  error?: string | null
  label?: string
  className?: string
}

/** A country by its two letters, with its name beside as soon as it is one. */
export function CountryField({ value, onChange, label = 'Country', ...rest }: CountryFieldProps) {
  const code = value.trim().toUpperCase()
  const name = countryProblem(code) === null && code !== '' ? country(code) : null
  return (
    <TextField
      label={label}
      maxLength={2}
      autoComplete="off"
      autoCapitalize="characters"
      spellCheck={false}
      value={value}
      onChange={(typed) => onChange(typed.toUpperCase())}
      hint={name ?? 'Two letters, like DE.'}
      {...rest}
    />
  )
}

export function countryProblem(typed: string): string | null {
  return /^([a-z]{2})?$/i.test(typed.trim()) ? null : 'Two letters, like DE.'
}
