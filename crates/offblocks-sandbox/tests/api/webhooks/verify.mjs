// Checks recorded deliveries with npm's http-message-signatures: node verify.mjs others.jsonl
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createVerifier, httpbis } from "http-message-signatures";

const algorithm = "ecdsa-p384-sha384";
const fields = ["@method", "@authority", "@path", "content-digest"];

async function accepted(line) {
  const { method, url, headers, body, keyId, publicKeyPem } = line;
  const keyLookup = async ({ keyid }) => keyid === keyId
    ? { id: keyid, algs: [algorithm], verify: createVerifier(publicKeyPem, algorithm) }
    : null;
  const config = { keyLookup, all: true, requiredFields: fields, requiredParams: ["created", "keyid"] };
  try {
    if (await httpbis.verifyMessage(config, { method, url, headers }) !== true) return false;
  } catch {
    return false;
  }
  const digest = createHash("sha512").update(body).digest("base64");
  return headers["content-digest"] === `sha-512=:${digest}:`;
}

/** The line with another body, and with another signature. */
function changed(line) {
  const { signature } = line.headers;
  const other = signature.slice(0, 8) + (signature[8] === "A" ? "B" : "A") + signature.slice(9);
  return [{ ...line, body: `${line.body} ` }, { ...line, headers: { ...line.headers, signature: other } }];
}

const lines = readFileSync(process.argv[2], "utf8").trim().split("\n");
for (const [index, text] of lines.entries()) {
  const line = JSON.parse(text);
  assert(await accepted(line), `line ${index + 1} is rejected`);
  for (const other of changed(line)) {
    assert(!await accepted(other), `line ${index + 1} is accepted although it was changed`);
  }
  console.log(`line ${index + 1} verifies`);
}
