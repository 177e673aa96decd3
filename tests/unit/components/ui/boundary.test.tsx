import { render } from 'preact';
import { afterEach, expect, it, vi } from 'vitest';
import { Boundary } from '@/components/ui/boundary';
import { until } from '@/scripts/until.mjs';
import { type NodeInspector, openInspector } from '../../fakes/inspector';

let inspector: NodeInspector;
afterEach(() => inspector.close());

it('an error of one part is shown in its place, beside the other parts, and the part can be tried again', async () => {
  inspector = await openInspector();
  await inspector.panel(await inspector.open('/empty.html'));
  const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  let isBroken = true;
  const Part = () => {
    if (isBroken) throw new RangeError('Maximum call stack size exceeded');
    return <b>whole</b>;
  };
  const box = document.createElement('div');
  render(
    <>
      <i>beside</i>
      <Boundary>
        <Part />
      </Boundary>
    </>,
    box,
  );
  await until('the error', () => box.textContent?.includes('Couldn’t show this: Maximum call stack size exceeded.'));
  expect(box.textContent).toContain('beside');
  expect(logged).toHaveBeenCalled();
  isBroken = false;
  box.querySelector('button')?.click();
  await until('the part', () => box.querySelector('b')?.textContent === 'whole');
});
