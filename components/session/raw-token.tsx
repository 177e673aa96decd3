import { useSignal } from '@preact/signals';
import { EyeIcon } from '../ui/icons';
import { CopyIconButton } from '../ui/parts';

/** The token, masked until revealed. */
export function RawToken({ raw, name = 'Token', copyId }: { raw: string; name?: string; copyId?: string }) {
  const revealed = useSignal(false);
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd class="values">
        <code data-testid="token-raw" data-masked={String(!revealed.value)} class={revealed.value ? 'revealed' : 'cut-off'}>
          {revealed.value ? raw : `${raw.startsWith('eyJ') ? raw.slice(0, 6) : ''}••••••••`}
        </code>
        <button
          type="button"
          class="bare"
          data-testid="reveal-token"
          aria-pressed={revealed.value}
          aria-label={revealed.value ? 'Hide token' : 'Show token'}
          title={revealed.value ? 'Hide token' : 'Show token'}
          onClick={() => {
            revealed.value = !revealed.value;
          }}
        >
          <EyeIcon />
        </button>
        <CopyIconButton {...(copyId && { 'data-testid': copyId })} what="token" text={() => raw} />
      </dd>
    </div>
  );
}
