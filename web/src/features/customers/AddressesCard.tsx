import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api, type Customer, type CustomerAddress, doneOf } from '@/client/api'
import { keyed, useWrite } from '@/client/write'
import { ActionButton, type Permission } from '@/ui/ActionButton'
import { ActionSheet } from '@/ui/ActionSheet'
import { AddressText } from '@/ui/AddressText'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { AddressSheet } from './AddressSheet'
import { CUSTOMERS } from './queries'

type Opened = { what: 'edit' | 'delete'; address: CustomerAddress } | { what: 'new' } | null

/** Where somebody wants parcels and bills. */
export function AddressesCard({ customer, may }: { customer: Customer; may: Permission }) {
  const [opened, setOpened] = useState<Opened>(null)
  const close = () => setOpened(null)
  const { addresses } = customer
  return (
    <Card
      title="Addresses"
      note={addresses.length > 1 ? addresses.length : undefined}
      actions={
        <ActionButton
          may={may}
          look="plain"
          className="-mr-3"
          onClick={() => setOpened({ what: 'new' })}
        >
          <Plus size={16} aria-hidden /> Add
        </ActionButton>
      }
    >
      {addresses.length === 0 ? (
        <p className="px-4 pt-1 pb-4 text-muted sm:px-5">
          No address is kept here. Those of single orders stand with the orders.
        </p>
      ) : (
        <ul className="grid gap-3 px-4 pt-1 pb-4 sm:grid-cols-2 sm:px-5">
          {addresses.map((address) => (
            <li
              key={address.address_id}
              className="flex flex-col gap-2 rounded-xl border border-line px-3.5 py-3"
            >
              <AddressText address={address} />
              <div className="mt-auto flex items-center gap-1.5">
                {address.is_default_shipping && <Badge tone="accent">Parcels</Badge>}
                {address.is_default_billing && <Badge tone="accent">Bills</Badge>}
                <ActionButton
                  may={may}
                  look="plain"
                  aria-label={`Change ${address.line1}`}
                  className="ml-auto px-2"
                  onClick={() => setOpened({ what: 'edit', address })}
                >
                  <Pencil size={15} aria-hidden />
                </ActionButton>
                <ActionButton
                  may={may}
                  look="plain"
                  aria-label={`Delete ${address.line1}`}
                  className="px-2"
                  onClick={() => setOpened({ what: 'delete', address })}
                >
                  <Trash2 size={15} aria-hidden />
                </ActionButton>
              </div>
            </li>
          ))}
        </ul>
      )}
      {(opened?.what === 'new' || opened?.what === 'edit') && (
        <AddressSheet
          customer={customer}
          address={opened.what === 'edit' ? opened.address : null}
          onClose={close}
        />
      )}
      {opened?.what === 'delete' && (
        <DeleteSheet customer={customer} address={opened.address} onClose={close} />
      )}
    </Card>
  )
}

type DeleteSheetProps = { customer: Customer; address: CustomerAddress; onClose: () => void }

function DeleteSheet({ customer, address, onClose }: DeleteSheetProps) {
  const remove = useWrite(
    (version: number, key) =>
      doneOf(
        api.DELETE('/api/v1/customers/{customer_id}/addresses/{address_id}', {
          params: {
            path: { customer_id: customer.customer_id, address_id: address.address_id },
            header: keyed(key, version),
          },
        }),
      ),
    { touches: [CUSTOMERS], said: 'The address is deleted.', onDone: onClose },
  )
  const isDefault = address.is_default_shipping || address.is_default_billing
  return (
    <ActionSheet
      title="Delete this address?"
      open
      onClose={onClose}
      onSubmit={() => remove.mutate(customer.version)}
      act="Delete the address"
      danger
      pending={remove.isPending}
      error={remove.error}
    >
      <AddressText address={address} />
      <p className="text-muted">
        Orders keep the addresses they were sent to.
        {isDefault &&
          customer.addresses.length > 1 &&
          ' The oldest of the other addresses takes its place.'}
      </p>
    </ActionSheet>
  )
}
