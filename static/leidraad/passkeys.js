// Asks the device for a passkey. The form is hidden until this runs: without script, or without passkeys, it stays so.

const decode = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const decodedIds = (list) => list?.map((one) => ({ ...one, id: decode(one.id) }));

function asQuestion({ publicKey }) {
  const question = { ...publicKey, challenge: decode(publicKey.challenge) };
  if (question.user) question.user = { ...question.user, id: decode(question.user.id) };
  if (question.excludeCredentials) question.excludeCredentials = decodedIds(question.excludeCredentials);
  if (question.allowCredentials) question.allowCredentials = decodedIds(question.allowCredentials);
  return question;
}

function asAnswer(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: encode(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) answer[name] = encode(response[name]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: answer,
  };
}

async function questionOf(form) {
  if (form.dataset.passkeyOptions) return JSON.parse(form.dataset.passkeyOptions);
  const answer = await fetch(form.dataset.passkeyQuestion, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`question: ${answer.status}`);
  return (await answer.json()).request_options;
}

async function ask(form) {
  const publicKey = asQuestion(await questionOf(form));
  return form.dataset.passkey === "create" ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey });
}

// An address that is a number, not a name, is no place that a passkey can belong to.
const hasName = !/^[\d.]+$|^\[/.test(location.hostname);

if (window.isSecureContext && window.PublicKeyCredential && hasName) {
  for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const error = form.querySelector("[data-passkey-error]");
      error.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(asAnswer(await ask(form)));
        form.submit();
      } catch {
        error.textContent = form.dataset.passkeyFailed;
        error.hidden = false;
      }
    });
  }
}
