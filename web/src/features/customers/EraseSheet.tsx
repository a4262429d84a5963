import { useState } from 'react'
import { api, bodyOf, type Customer } from '@/client/api'
import { Refused } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { counted, listed } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { CheckField } from '@/ui/Field'
import { CUSTOMERS } from './queries'
import { nameOf } from './words'

type EraseSheetProps = { open: boolean; onClose: () => void; customer: Customer }

/** Forgets who somebody is: what goes, what stays, and twice asked. */
export function EraseSheet({ open, onClose, customer }: EraseSheetProps) {
  const [isSure, setSure] = useState(false)
  const [despite, setDespite] = useState(false)
  const close = () => {
    setSure(false)
    setDespite(false)
    erase.reset()
    onClose()
  }
  const erase = useWrite(
    (body: { despite_open_orders: boolean }, key) =>
      bodyOf(
        api.POST('/api/v1/customers/{customer_id}/erase', {
          params: { path: { customer_id: customer.customer_id }, header: keyed(key) },
          body,
        }),
      ),
    {
      touches: [CUSTOMERS, ['orders']],
      said: (report) => {
        const done = [
          counted(report.profiles, 'profile'),
          counted(report.addresses, 'address', 'addresses'),
          counted(report.orders, 'order'),
          counted(report.reviews, 'review'),
          counted(report.mails, 'mail'),
        ]
        return `Forgotten: who it was is gone from ${listed(done)}.`
      },
      onDone: close,
    },
  )
  const hasOpenOrders = erase.error instanceof Refused && erase.error.code === 'open_orders'
  return (
    <ActionSheet
      title={`Forget who ${nameOf(customer)} is?`}
      open={open}
      onClose={close}
      onSubmit={() => erase.mutate({ despite_open_orders: despite })}
      act="Forget for good"
      danger
      disabled={!isSure || (hasOpenOrders && !despite)}
      pending={erase.isPending}
      error={erase.error}
    >
      <div>
        <p className="font-medium">What goes</p>
        <ul className="mt-1 list-disc space-y-0.5 pl-5">
          <li>Name, e-mail, phone, day of birth, place, addresses, groups.</li>
          <li>Names, streets and notes on their orders, and the tracking of their parcels.</li>
          <li>The words of their reviews, and the mails to them.</li>
        </ul>
      </div>
      <div>
        <p className="font-medium">What stays</p>
        <ul className="mt-1 list-disc space-y-0.5 pl-5">
          <li>Orders with their numbers, amounts, days, goods and countries: no figure changes.</li>
          <li>The stars of their reviews, and what they agreed to and when.</li>
          <li>
            Copies elsewhere: at channels and payment providers, in backups, and for a while in the
            event log. Those have to be let go of there.
          </li>
        </ul>
      </div>
      <p className="text-muted">
        If they want a copy of what is held about them, export it first. Merged duplicates are
        forgotten with them.
      </p>
      <CheckField
        label="I understand that this cannot be undone"
        checked={isSure}
        onChange={setSure}
      />
      {(hasOpenOrders || despite) && (
        <CheckField
          label="Also blank the addresses of orders still to be sent"
          hint="Nobody will know any more where those parcels have to go."
          checked={despite}
          onChange={setDespite}
        />
      )}
    </ActionSheet>
  )
}
