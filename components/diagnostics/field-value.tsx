/** The value of a field of a case; an instant in local time. */
import { INSTANT_FIELDS } from '@/lib/report/compare';
import { Time } from '../ui/cards';
import { clock } from '../ui/format';

export function FieldValue({ field, value, now }: { field: string; value: string; now: number }) {
  const at = INSTANT_FIELDS.has(field) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? <code>{value}</code> : <Time at={at}>{clock(at, now)}</Time>;
}
