// The page's forms for the auth server's switches: they show the current values and change them.
const WAY = '/sandbox/switches';

/** A permission's checkbox is checked if the API key has it; the switch lists the permissions that the key lacks. */
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

  /** Shows the values that the page's URL or another tab set. A value that isn't an option leaves its field as it is. */
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
