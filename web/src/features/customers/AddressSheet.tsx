import { useState } from 'react'
import { api, bodyOf, type Customer, type CustomerAddress } from '@/client/api'
import { fieldProblem } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { ActionSheet } from '@/ui/ActionSheet'
import { CountryField, countryProblem } from '@/ui/CountryField'
import { CheckField, TextField } from '@/ui/Field'
import { CUSTOMERS } from './queries'

const TEXTS = [
  'name',
  'company',
  'line1',
  'line2',
  'postal_code',
  'city',
  'region',
  'country',
  'phone',
] as const
type Field = (typeof TEXTS)[number]
const NEEDED: Partial<Record<Field, string>> = {
  name: 'Who lives there?',
  line1: 'A street with its number.',
  city: 'A parcel needs a city.',
  country: 'Two letters, like DE.',
}

type AddressSheetProps = {
  customer: Customer
  /** None: another one. */
  address: CustomerAddress | null
  onClose: () => void
}

export function AddressSheet({ customer, address, onClose }: AddressSheetProps) {
  const [draft, setDraft] = useState(() => begin(customer, address))
  const [parcels, setParcels] = useState(address?.is_default_shipping ?? false)
  const [bills, setBills] = useState(address?.is_default_billing ?? false)
  const [tried, setTried] = useState(false)
  const isFirst = address === null && customer.addresses.length === 0
  const save = useWrite(
    ({ version, ...body }: ReturnType<typeof bodyFor> & { version: number }, key) => {
      const header = keyed(key, version)
      const path = { customer_id: customer.customer_id }
      return bodyOf(
        address
          ? api.PUT('/api/v1/customers/{customer_id}/addresses/{address_id}', {
              params: { path: { ...path, address_id: address.address_id }, header },
              body,
            })
          : api.POST('/api/v1/customers/{customer_id}/addresses', {
              params: { path, header },
              body,
            }),
      )
    },
    { touches: [CUSTOMERS], said: 'The address is saved.', onDone: onClose },
  )
  function problemOf(name: Field): string | null {
    if (draft[name].trim() === '') return NEEDED[name] ?? null
    return name === 'country' ? countryProblem(draft.country) : null
  }
  const field = (name: Field) => ({
    autoComplete: 'off',
    value: draft[name],
    onChange: (value: string) => setDraft((before) => ({ ...before, [name]: value })),
    error: (tried ? problemOf(name) : null) ?? fieldProblem(save.error, name),
  })
  function submit() {
    setTried(true)
    if (TEXTS.some(problemOf)) return
    save.mutate({ ...bodyFor(draft, parcels, bills), version: customer.version })
  }
  return (
    <ActionSheet
      title={address ? 'Change the address' : 'Add an address'}
      open
      onClose={onClose}
      onSubmit={submit}
      act="Save the address"
      pending={save.isPending}
      error={save.error}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label="Name" maxLength={300} {...field('name')} />
        <TextField label="Company (optional)" maxLength={300} {...field('company')} />
        <TextField
          label="Street and number"
          maxLength={300}
          className="sm:col-span-2"
          {...field('line1')}
        />
        <TextField
          label="More (optional)"
          maxLength={300}
          className="sm:col-span-2"
          {...field('line2')}
        />
        <TextField label="Postal code" maxLength={32} {...field('postal_code')} />
        <TextField label="City" maxLength={200} {...field('city')} />
        <TextField label="Region (optional)" maxLength={100} {...field('region')} />
        <CountryField {...field('country')} />
        <TextField label="Phone (optional)" type="tel" maxLength={64} {...field('phone')} />
      </div>
      {isFirst ? (
        <p className="text-muted">The first address is the one for parcels and for bills.</p>
      ) : (
        <div className="space-y-3">
          <CheckField
            label="Parcels go here"
            hint={address?.is_default_shipping ? KEPT : undefined}
            checked={parcels}
            disabled={address?.is_default_shipping}
            onChange={setParcels}
          />
          <CheckField
            label="Bills go here"
            hint={address?.is_default_billing ? KEPT : undefined}
            checked={bills}
            disabled={address?.is_default_billing}
            onChange={setBills}
          />
        </div>
      )}
    </ActionSheet>
  )
}

const KEPT = 'Until another address takes this over.'

type Draft = Record<Field, string>

/** A new address begins with what is known already. */
function begin(customer: Customer, address: CustomerAddress | null): Draft {
  const known: Partial<Draft> = address
    ? Object.fromEntries(TEXTS.map((name) => [name, address[name] ?? '']))
    : { name: customer.name ?? '', country: customer.country ?? '' }
  return { ...(Object.fromEntries(TEXTS.map((name) => [name, ''])) as Draft), ...known }
}

function bodyFor(draft: Draft, parcels: boolean, bills: boolean) {
  const some = (name: Field) => draft[name].trim() || null
  return {
    name: draft.name.trim(),
    company: some('company'),
    line1: draft.line1.trim(),
    line2: some('line2'),
    postal_code: some('postal_code'),
    city: draft.city.trim(),
    region: some('region'),
    country: draft.country.trim(),
    phone: some('phone'),
    is_default_shipping: parcels,
    is_default_billing: bills,
  }
}
