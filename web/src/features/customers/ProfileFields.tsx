import { CountryField } from '@/ui/CountryField'
import { TextField } from '@/ui/Field'
import type { ProfileDraft } from './draft'

type ProfileFieldsProps = {
  draft: ProfileDraft
  set: (name: keyof ProfileDraft) => (value: string) => void
  wrong: (name: keyof ProfileDraft) => string | null | undefined
}

/** What is known of a person. Browsers must not fill in who is sitting before them. */
export function ProfileFields({ draft, set, wrong }: ProfileFieldsProps) {
  const field = (name: keyof ProfileDraft) => ({
    autoComplete: 'off',
    value: draft[name],
    onChange: set(name),
    error: wrong(name),
  })
  return (
    <>
      <TextField label="Name" maxLength={300} {...field('name')} />
      <TextField label="E-mail" type="email" maxLength={320} {...field('email')} />
      <TextField label="Phone" type="tel" maxLength={64} {...field('phone')} />
      <TextField label="Day of birth" type="date" {...field('birth_date')} />
      <TextField label="City" maxLength={200} {...field('city')} />
      <div className="grid grid-cols-2 gap-4">
        <TextField label="Region" maxLength={100} {...field('region')} />
        <CountryField value={draft.country} onChange={set('country')} error={wrong('country')} />
      </div>
    </>
  )
}
