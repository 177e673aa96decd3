import type { ComponentChildren } from 'preact';
import type { Plain } from '@/lib/sdk/plain-data';
import { fieldsOf, toldInstant } from '@/lib/session/account';
import type { AccountReading } from '@/lib/session/run';
import type { Model } from '../state/model';
import { Card, Fact, Time } from '../ui/cards';
import { clock } from '../ui/format';
import { Chip, CopyButton } from '../ui/parts';
import { fieldWords } from './account-words';

/** The customer's account as `getAccount` returned it, or why none is shown. `children` (the edit form) replace it. */
export function AccountCard({
  account,
  now,
  misread,
  buttons,
  empty,
  children,
}: {
  account: AccountReading | null;
  now: Model['now'];
  misread: string;
  buttons: ComponentChildren;
  empty: string;
  children: ComponentChildren;
}) {
  return (
    <Card title="Account" aside={<span class="buttons">{buttons}</span>}>
      {children}
      {!children && !account && <p class="quiet">{empty}</p>}
      {!children && account && <Facts account={account} now={now.value} misread={misread} />}
    </Card>
  );
}

function Facts({ account: { value, at }, now, misread }: { account: AccountReading; now: number; misread: string }) {
  const fields = fieldsOf(value);
  const isOf = (of: string) =>
    fields.filter(([name]) => name.startsWith(`${of}.`)).map(([name, one]) => [name.slice(of.length + 1), one] as const);
  const agreements = isOf('agreements');
  const attributes = isOf('attributes');
  const own = fields.filter(([name]) => !/^(agreements|attributes)\./.test(name));
  const filled = own.filter(([, one]) => !isNothing(one));
  const empty = own.filter(([, one]) => isNothing(one)).map(([name]) => fieldWords(name));
  return (
    <>
      <dl class="account">
        {filled.map(([name, one]) => (
          <Fact key={name} name={fieldWords(name)}>
            {name === 'lastActivityDate' ? (
              <LastActivity told={one} now={now} misread={misread} />
            ) : (
              <Value value={one} what={fieldWords(name)} isCode={name === 'uuid'} />
            )}
          </Fact>
        ))}
        {agreements.length > 0 && (
          <Fact name="Agreements">
            <span class="chips wrap">
              {agreements.map(([name, one]) => (
                <Chip key={name} tone={one === true ? 'good' : 'quiet'}>
                  {name}: {one === true ? 'yes' : one === false ? 'no' : 'not set'}
                </Chip>
              ))}
            </span>
          </Fact>
        )}
        {attributes.length > 0 && (
          <Fact name="Attributes">
            <dl class="attributes">
              {attributes.map(([name, one]) => (
                <div key={name}>
                  <dt>
                    <code>{name}</code>
                  </dt>
                  <dd>
                    <code>{JSON.stringify(one)}</code>
                  </dd>
                </div>
              ))}
            </dl>
          </Fact>
        )}
        {empty.length > 0 && (
          <Fact name="Not set">
            <span class="quiet">{empty.join(', ')}</span>
          </Fact>
        )}
      </dl>
      <p class="quiet small">
        Loaded at <Time at={at}>{clock(at, now)}</Time>
      </p>
    </>
  );
}

const isNothing = (value: Plain) => value === null || value === '' || (Array.isArray(value) && !value.length);

function Value({ value, what, isCode }: { value: Plain; what: string; isCode: boolean }) {
  if (Array.isArray(value))
    return (
      <span class="chips wrap">
        {Array.from(value as Plain[], (one, at) => (
          <Chip key={`${at} ${text(one)}`} tone="quiet">
            {text(one)}
          </Chip>
        ))}
      </span>
    );
  return (
    <span class="copied-value">
      {isCode ? <code>{text(value)}</code> : <span>{text(value)}</span>}
      <CopyButton what={what} text={() => text(value)} />
    </span>
  );
}

const text = (value: Plain): string =>
  typeof value === 'object' ? JSON.stringify(value) : value === true ? 'yes' : value === false ? 'no' : String(value);

function LastActivity({ told, now, misread }: { told: Plain; now: number; misread: string }) {
  const instant = toldInstant(told, now);
  if (!instant) return <span>{text(told)}</span>;
  return (
    <>
      <Time at={instant.at}>{clock(instant.at, now)}</Time>
      {instant.times === 1000 && (
        <span class="warn-text">
          {' '}
          · reported as {text(told)} (×1000{misread !== '' && `: ${misread}`})
        </span>
      )}
    </>
  );
}
