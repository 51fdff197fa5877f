// Writes ../npm.jsonl: requests signed by `http-message-signatures` of npm.
//
//     npm install --prefix FOLDER http-message-signatures@1.0.6
//     NODE_PATH=FOLDER/node_modules node npm.mjs
//
// The library shares no code with this crate, so both cannot have the same mistake by chance.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { createSigner, httpbis } = createRequire(import.meta.url)("http-message-signatures");

const KEY_ID = "0b9d6f0e-5d0f-4d7c-8f0e-2a1f6a3c9b57";
const BASE = "http://127.0.0.1:8080/v1";
const BODY = '{"type":"virtual","name":"Zoë"}';
const COVERED = ["@method", "@authority", "@path"];
const created = new Date(1795340781 * 1000);
const expires = new Date(4102444800 * 1000);

// The key's PEM block; the file begins with a remark.
const pem = (name) => {
  const text = readFileSync(new URL(`../../keys/${name}`, import.meta.url), "utf8");
  return text.slice(text.indexOf("-----BEGIN"));
};
const key = createSigner(pem("p384-sec1.pem"), "ecdsa-p384-sha384", KEY_ID);
const digest = (name, body) =>
  `${name}=:${createHash(name.replace("-", "")).update(body).digest("base64")}:`;

async function signed(name, method, url, { body = "", headers = {}, fields = COVERED, ...config } = {}) {
  const paramValues = { created, expires, ...config.paramValues };
  const request = { method, url, headers };
  const { headers: sent } = await httpbis.signMessage({ key, fields, ...config, paramValues }, request);
  const publicKeyPem = pem("p384-public.pem");
  return { name, method, url, headers: sent, body, publicKeyPem, keyId: KEY_ID, expect: true };
}

function post(name, algorithm) {
  const headers = { "Content-Digest": digest(algorithm, BODY) };
  const fields = [...COVERED, "content-digest"];
  return signed(name, "POST", `${BASE}/cards`, { body: BODY, headers, fields });
}

const cards = `${BASE}/cards`;
const further = { authorization: "Bearer x.y.z", "idempotency-key": "b7e0c1d2" };
const vectors = [
  signed("get", "GET", cards),
  signed("the query is not part of the path", "GET", `${BASE}/assets?chain=eip155:1&x=%20y`),
  signed("escapes stay as sent", "GET", `${BASE}/a%2Fb/c%20d/~x`),
  signed("an empty path is a slash", "GET", "http://127.0.0.1:8080"),
  post("post with sha-512", "sha-512"),
  post("post with sha-256", "sha-256"),
  signed("only created and keyid, under another label", "GET", cards, {
    name: "x-1",
    params: ["created", "keyid"],
  }),
  signed("nonce and tag, no created", "GET", cards, {
    params: ["nonce", "keyid", "tag"],
    paramValues: { nonce: "abc", tag: "t" },
  }),
  signed("further headers", "GET", cards, {
    headers: further,
    fields: [...COVERED, ...Object.keys(further)],
  }),
  signed("further derived components", "GET", `${cards}?x=1`, {
    fields: [...COVERED, "@target-uri", "@query", "@scheme"],
  }),
  signed("components in another order", "GET", cards, { fields: ["@path", "@method", "@authority"] }),
];

const lines = (await Promise.all(vectors)).map((vector) => JSON.stringify(vector));
writeFileSync(new URL("../npm.jsonl", import.meta.url), `${lines.join("\n")}\n`);
