"""Writes ../pypi.jsonl: requests signed by `http-message-signatures` of PyPI, and ten changed ones.

    pip install http-message-signatures==3.0.0 requests
    python pypi.py

The library shares no code with this crate, so both cannot have the same mistake by chance.
"""

import base64
import hashlib
import json
from datetime import datetime, timezone
from pathlib import Path

import requests
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

HERE = Path(__file__).resolve().parent
KEYS = HERE.parent.parent / "keys"
KEY_ID = "0b9d6f0e-5d0f-4d7c-8f0e-2a1f6a3c9b57"
CREATED = datetime.fromtimestamp(1795340781, timezone.utc)
BASE = "http://127.0.0.1:8080/v1"
BODY = '{"type":"virtual","name":"Zoë"}'
COVERED = ("@method", "@authority", "@path")


def pem(name):
    """The key's PEM block; the file begins with a remark."""
    text = (KEYS / name).read_text()
    return text[text.index("-----BEGIN"):]


class OneKey(HTTPSignatureKeyResolver):
    def resolve_private_key(self, key_id):
        return pem("p384-sec1.pem").encode()

    def resolve_public_key(self, key_id):
        return pem("p384-public.pem").encode()


def digest(name, body):
    value = hashlib.new(name.replace("-", ""), body.encode()).digest()
    return f"{name}=:{base64.b64encode(value).decode()}:"


def signed(name, method, url, body="", digest_name=None, headers=(), covered=COVERED, **options):
    headers = dict(headers)
    if digest_name:
        headers["Content-Digest"] = digest(digest_name, body)
        covered = (*covered, "content-digest")
    request = requests.Request(method, url, headers=headers, data=body.encode() or None).prepare()
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ECDSA_P384_SHA384, key_resolver=OneKey()
    )
    options.setdefault("created", CREATED)
    signer.sign(
        request,
        key_id=KEY_ID,
        covered_component_ids=covered,
        body=body.encode() if digest_name else None,
        use_existing_digest=bool(digest_name),
        **options,
    )
    sent = dict(headers)
    for header in ("Signature-Input", "Signature"):
        sent[header] = request.headers[header]
    return vector(name, method, url, sent, body)


def vector(name, method, url, headers, body):
    return {
        "name": name,
        "method": method,
        "url": url,
        "headers": headers,
        "body": body,
        "publicKeyPem": pem("p384-public.pem"),
        "keyId": KEY_ID,
        "expect": True,
    }


def accepted():
    cards = f"{BASE}/cards"
    bearer = {"Authorization": "Bearer x.y.z"}
    return [
        signed("get", "GET", cards),
        signed("the query is not part of the path", "GET", f"{BASE}/assets?chain=eip155:1"),
        signed("escapes stay as sent", "GET", f"{BASE}/a%2Fb/c%20d/~x"),
        signed("post with sha-512", "POST", cards, BODY, "sha-512"),
        signed("post with sha-256", "POST", cards, BODY, "sha-256"),
        signed("without alg", "GET", cards, include_alg=False),
        signed("a label of its own", "GET", cards, label="first"),
        signed("nonce and tag", "GET", cards, nonce="n-1", tag="t"),
        signed(
            "expires", "GET", cards, expires=datetime.fromtimestamp(4102444800, timezone.utc)
        ),
        signed(
            "components in another order", "GET", cards, covered=("@path", "@method", "@authority")
        ),
        signed(
            "a further header", "GET", cards, headers=bearer, covered=(*COVERED, "authorization")
        ),
    ]


def rejected():
    base = signed("", "POST", f"{BASE}/cards", BODY, "sha-512", label="sig")
    raw = base64.b64decode(base["headers"]["Signature"].split(":")[1])

    def changed(name, reason, **fields):
        headers = {**base["headers"], **fields.pop("headers", {})}
        told = {"name": f"rejected: {name}", "headers": headers, "expect": False, "reason": reason}
        return {**base, **told, **fields}

    def signature(value, label="sig"):
        return {"Signature": f"{label}=:{base64.b64encode(value).decode()}:"}

    def replaced(old, new):
        text = base["headers"]["Signature-Input"]
        assert old in text, text
        return {"Signature-Input": text.replace(old, new)}

    created, key_id = ";created=1795340781", f';keyid="{KEY_ID}"'
    halves = [int.from_bytes(half, "big") for half in (raw[:48], raw[48:])]
    flipped = bytes([*raw[:-1], raw[-1] ^ 1])
    other = {"Content-Digest": digest("sha-512", "{}")}
    return [
        changed("another method", "WrongSignature", method="PUT"),
        changed("another path", "WrongSignature", url=f"{BASE}/cardz"),
        changed("another authority", "WrongSignature", url=base["url"].replace("8080", "8081")),
        changed("another body under the same digest", "Digest(Mismatch", body=BODY + " "),
        changed("another body and its digest", "WrongSignature", body="{}", headers=other),
        changed("a changed parameter", "WrongSignature", headers=replaced("340781", "340782")),
        changed(
            "parameters in another order",
            "WrongSignature",
            headers=replaced(created + key_id, key_id + created),
        ),
        changed("DER", "WrongLength", headers=signature(encode_dss_signature(*halves))),
        changed("one bit of the signature", "WrongSignature", headers=signature(flipped)),
        changed("labels differ", "MissingInput", headers=signature(raw, "other")),
    ]


if __name__ == "__main__":
    lines = [json.dumps(one, ensure_ascii=False) for one in accepted() + rejected()]
    (HERE.parent / "pypi.jsonl").write_text("\n".join(lines) + "\n")
