"""Credentials that nobody was ever given, put together here so that no scanner finds them."""

import base64
import hashlib

BASE62 = "".join(chr(c) for c in (*range(97, 123), *range(65, 91), *range(48, 58)))
HEX = "0123456789abcdef"


def random_word(n_chars: int, chars: str = BASE62, *, seed: str = "") -> str:
    """Give a word that looks random, and is the same each time."""
    text = ""
    for number in range(n_chars):
        digest = hashlib.sha256(f"{seed}{number}{chars}".encode()).digest()
        text += chars[digest[0] % len(chars)]
    return text


def _jwt() -> str:
    parts = ('{"alg":"HS256","typ":"JWT"}', '{"sub":"1234567890","name":"Jo"}')
    head, body = (base64.urlsafe_b64encode(p.encode()).decode().rstrip("=") for p in parts)
    return f"{head}.{body}.{random_word(43)}"


_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

CREDENTIALS = {
    "AWS key id": "AKIA" + random_word(16, _UPPER),
    "Google API key": "AIza" + random_word(35),
    "Google OAuth secret": "GOCSPX-" + random_word(28),
    "Google OAuth token": "ya29." + random_word(120),
    "Azure client secret": random_word(3) + "8Q~" + random_word(34),
    "Alibaba key id": "LTAI" + random_word(20),
    "DigitalOcean token": "dop_v1_" + random_word(64, HEX),
    "Heroku key": "HRKU-" + random_word(60),
    "Netlify token": "nfp_" + random_word(36),
    "Terraform token": random_word(14) + ".atlasv1." + random_word(67),
    "Vault token": "hvs." + random_word(90),
    "Doppler token": "dp.pt." + random_word(43),
    "Pulumi token": "pul-" + random_word(40, HEX),
    "age key": "AGE-SECRET-KEY-1" + random_word(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"),
    "Databricks token": "dapi" + random_word(32, HEX),
    "GitHub token": "ghp_" + random_word(36),
    "GitLab token": "glpat-" + random_word(20),
    "Atlassian token": "ATATT3" + random_word(180),
    "npm token": "npm_" + random_word(36),
    "PyPI token": "pypi-AgEIcHlwaS5vcmc" + random_word(120),
    "RubyGems key": "rubygems_" + random_word(48, HEX),
    "NuGet key": "oy2" + random_word(43, "abcdefghijklmnopqrstuvwxyz0123456789"),
    "Docker token": "dckr_pat_" + random_word(27),
    "lsp-agent token": "lspa_" + random_word(43),
    "Anthropic key": "sk-ant-api03-" + random_word(95),
    "OpenRouter key": "sk-or-v1-" + random_word(64, HEX),
    "OpenAI key": "sk-proj-" + random_word(120),
    "Hugging Face token": "hf_" + random_word(34),
    "Groq key": "gsk_" + random_word(52),
    "xAI key": "xai-" + random_word(80),
    "Replicate token": "r8_" + random_word(37),
    "Slack token": "xoxb-" + random_word(12, "0123456789") + "-" + random_word(24),
    "Discord token": "M" + random_word(25) + "." + random_word(6) + "." + random_word(38),
    "Telegram token": "1234567890:AA" + random_word(33),
    "Stripe key": "sk_live_" + random_word(24),
    "Stripe webhook secret": "whsec_" + random_word(32),
    "Shopify token": "shpat_" + random_word(32, HEX),
    "Twilio key": "SK" + random_word(32, HEX),
    "SendGrid key": "SG." + random_word(22) + "." + random_word(43),
    "Mailchimp key": random_word(32, HEX) + "-us12",
    "Grafana token": "glsa_" + random_word(32) + "_" + random_word(8, HEX),
    "Figma token": "figd_" + random_word(43),
    "Airtable token": "pat" + random_word(14) + "." + random_word(64, HEX),
    "Linear key": "lin_api_" + random_word(40),
    "JWT": _jwt(),
}
"""One of each format, by the name of the format."""

_WORD = random_word(40)
_PASSWORD = random_word(12)

IN_CONTEXT = {
    "password in an address": ("postgres://shop:", _PASSWORD, "@db.internal:5432/shop"),
    "authorization": ("curl -H 'Authorization: Bearer ", _WORD, "' https://api.example.org"),
    "password": ("Server=db;User Id=sa;Password=", _PASSWORD, ";Encrypt=true"),
    "registry password": ('{"auths": {"r": {"auth": "', random_word(24), '"}}}'),
    "Azure storage key": ("AccountName=a;AccountKey=", random_word(86) + "==", ";x"),
    "Slack webhook": ("https://hooks.slack.com/services/", f"T0AB/B0CD/{random_word(24)}", " "),
    "Discord webhook": (
        "https://discord.com/api/webhooks/123456789012345678/",
        random_word(68),
        " ",
    ),
}
"""By the name of the format: what stands before a credential, it, and what stands after it."""

KEY_LINES = tuple(random_word(64, BASE62 + "+/", seed=str(n)) for n in range(5))
PRIVATE_KEY = "\n".join(
    ("-----BEGIN RSA PRIVATE KEY-----", *KEY_LINES, "aB3=", "-----END RSA PRIVATE KEY-----", "")
)
