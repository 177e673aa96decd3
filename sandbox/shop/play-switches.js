// The page's forms of the auth server's switches: they show what is set, and set it.
const WAY = '/sandbox/switches';

/** A permission's box is ticked where the API key has it; the switch names those that it has not. */
const isPermission = ({ name }) => name === 'denied';

/** @param {string} shop */
export function playSwitches(shop) {
  const headers = { 'content-type': 'application/json', 'x-sandbox-shop': shop };
  const fields = [...document.querySelectorAll('.switches input, .switches select')];
  const denied = () =>
    fields
      .filter((field) => isPermission(field) && !field.checked)
      .map(({ value }) => value)
      .join(',');

  function settingOf(field) {
    if (isPermission(field)) return denied();
    return field.type === 'checkbox' ? String(field.checked) : field.value;
  }

  for (const form of document.querySelectorAll('.switches'))
    form.addEventListener('change', async ({ target }) => {
      const said = form.parentElement.querySelector('.said');
      try {
        await fetch(WAY, { method: 'POST', headers, body: JSON.stringify({ [target.name]: settingOf(target) }) });
        said.textContent = 'Switched. It holds for the next call.';
      } catch {
        said.textContent = 'The sandbox does not answer: it is not switched.';
      }
    });

  /** As the page's address, or another tab, has set them; a value that is no choice here leaves what is shown. */
  function show(switches) {
    for (const field of fields) {
      const value = switches[field.name];
      if (isPermission(field)) field.checked = !value.split(',').includes(field.value);
      else if (field.type === 'checkbox') field.checked = value;
      else if ([...field.options].some((option) => option.value === String(value))) field.value = String(value);
    }
  }
  fetch(WAY, { headers })
    .then((response) => response.json())
    .then(show)
    .catch(() => {});
}
