"""The formats of credentials that can be told from their own characters.

Each has words that stand in every text that has such a credential, so that most texts are never
looked at by the regular expression. No expression repeats without a bound before something that it
may not find, so that none takes longer than in proportion to the text.

The formats are those that the issuers document, and that the secret scanning of GitHub
(docs.github.com/code-security/secret-scanning) and gitleaks (gitleaks.io) list; of November 2026.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

SECRET = "secret"
"""The group that is to be hidden; without one, all that was found."""
_REST = re.compile(r"[\w-]*")
_EXAMPLE = re.compile(
    r"pass|passwd|password|passphrase|pwd|secret|token|user|username|postgres|mysql|root|admin|"
    r"test|guest|example|change[-_]?me|(?:your|my)[-_]?(?:password|token|secret|key)|hunter2|foo|"
    r"bar|foobar|redacted|none|null|true|false|undefined|hidden",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How one kind of credential looks."""

    name: str
    """As a placeholder calls it."""
    marks: tuple[str, ...]
    """One of them stands in every text that has such a credential."""
    expression: str
    source: str
    """Who documents it."""
    is_word: bool = True
    """Letters or digits right before it make another word of it."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled when it is first needed."""
        return _compiled(self.expression)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Give where such credentials stand in a text."""
        if not any(mark in text for mark in self.marks):
            return
        group = SECRET if SECRET in self.pattern.groupindex else 0
        match = self.pattern.search(text)
        while match is not None:
            start, end = match.span(group)
            # Looked at here and not by the expression, which is quickest when it begins with a
            # word of its own.
            is_glued = self.is_word and text[max(0, start - 1) : start].isalnum()
            if not is_glued and not is_example(match[group]):
                # To the end of the word: what would stay of it could be taken for another one.
                rest = _REST.match(text, end)
                end = end if rest is None else rest.end()
                yield start, end
            match = self.pattern.search(text, max(end, match.end()))


def is_example(value: str) -> bool:
    """Tell what stands for a secret in documentation and templates, and is none."""
    return (
        _EXAMPLE.fullmatch(value) is not None
        or value.startswith(("$", "{", "%", "<", "("))
        or value.endswith("EXAMPLE")
        or max(map(value.count, set(value))) * 2 > len(value)  # as in `xxxxxxxx` and `********`
    )


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _format(name: str, marks: str, expression: str, source: str) -> Format:
    return Format(name=name, marks=tuple(marks.split()), expression=expression, source=source)


def _within(name: str, marks: str, expression: str, source: str) -> Format:
    """Give a format of a credential that the words around it tell."""
    marked = tuple(marks.split())
    return Format(name=name, marks=marked, expression=expression, source=source, is_word=False)


_CLOUDS = (
    _format(
        "AWS key id",
        "AKIA ASIA ABIA ACCA",
        r"A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}(?![A-Za-z0-9])",
        "docs.aws.amazon.com/IAM",
    ),
    _format(
        "Bedrock key",
        "ABSKQmVkcm9ja0FQSUtleS",
        r"ABSKQmVkcm9ja0FQSUtleS[A-Za-z0-9+/=]{60,200}",
        "docs.aws.amazon.com/bedrock",
    ),
    _format("Google API key", "AIza", r"AIza[\w-]{35}", "cloud.google.com/docs"),
    _format(
        "Google OAuth secret", "GOCSPX-", r"GOCSPX-[\w-]{28}", "developers.google.com/identity"
    ),
    _format(
        "Google OAuth token", "ya29.", r"ya29\.[\w-]{20,2000}", "developers.google.com/identity"
    ),
    _within(
        "Azure storage key",
        "AccountKey=",
        r"AccountKey=(?P<secret>[A-Za-z0-9+/]{86}==)",
        "learn.microsoft.com/azure/storage",
    ),
    _within(
        "Azure shared key",
        "SharedAccessKey=",
        r"SharedAccessKey=(?P<secret>[A-Za-z0-9+/]{43}=)",
        "learn.microsoft.com/azure",
    ),
    _within(
        "Azure shared signature",
        "sig=",
        r"[?&]sig=(?P<secret>[A-Za-z0-9%+/]{43,60}(?:=|%3[dD])?)",
        "learn.microsoft.com/azure",
    ),
    _format(
        "Azure client secret", "Q~", r"[\w~.]{3}[0-9]Q~[\w~.-]{31,34}", "learn.microsoft.com/entra"
    ),
    _format(
        "Alibaba key id", "LTAI", r"LTAI[A-Za-z0-9]{20}(?![A-Za-z0-9])", "alibabacloud.com/help"
    ),
    _format("Tencent key id", "AKID", r"AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])", "cloud.tencent.com"),
    _format("DigitalOcean token", "_v1_", r"do[opr]_v1_[a-f0-9]{64}", "docs.digitalocean.com"),
    _format("Heroku key", "HRKU-", r"HRKU-[\w-]{36,60}", "devcenter.heroku.com"),
    _format(
        "Fly token",
        "fo1_ fm1 fm2_",
        r"(?:fo1_[\w-]{43}|fm[12]_(?<![\w+/=-]fm[12]_)[\w+/=-]{60,2000})",
        "fly.io/docs",
    ),
    _format("Netlify token", "nfp_", r"nfp_[A-Za-z0-9_]{36}", "docs.netlify.com"),
    _format(
        "Cloudflare CA key",
        "v1.0-",
        r"v1\.0-[a-f0-9]{24}-[a-f0-9]{146}",
        "developers.cloudflare.com",
    ),
    _format(
        "Terraform token",
        ".atlasv1.",
        r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}",
        "developer.hashicorp.com",
    ),
    _format(
        "Vault token", "hvs. hvb. hvr.", r"hv[sbr]\.[\w-]{24,300}", "developer.hashicorp.com/vault"
    ),
    _format(
        "Doppler token",
        "dp.",
        r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}",
        "docs.doppler.com",
    ),
    _format("Pulumi token", "pul-", r"pul-[a-f0-9]{40}", "pulumi.com/docs"),
    _format(
        "1Password token",
        "ops_eyJ",
        r"ops_eyJ(?<![\w+/=-]ops_eyJ)[\w+/=-]{200,2000}",
        "developer.1password.com",
    ),
    _format(
        "age key",
        "AGE-SECRET-KEY-1",
        r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
        "age-encryption.org",
    ),
    _format("Databricks token", "dapi", r"dapi[a-f0-9]{32}(?:-[0-9])?", "docs.databricks.com"),
    _format(
        "PlanetScale token",
        "pscale_",
        r"pscale_(?:tkn|pw|oauth)_[\w.=-]{32,64}",
        "planetscale.com/docs",
    ),
    _format(
        "Supabase token",
        "sbp_ sb_secret_",
        r"(?:sbp_[a-f0-9]{40}|sb_secret_[\w-]{22,60})",
        "supabase.com/docs",
    ),
)

_CODE_HOSTS = (
    _format(
        "GitHub token",
        "ghp_ gho_ ghu_ ghs_ ghr_",
        r"gh[pousr]_[A-Za-z0-9]{36,255}",
        "docs.github.com",
    ),
    _format(
        "GitHub token",
        "github_pat_",
        r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
        "docs.github.com",
    ),
    _format(
        "GitLab token",
        "glpat- gldt- glptt- glrt- glcbt- glsoat- glagent- glimt- glft- gloas-",
        r"gl(?:pat|dt|ptt|rt|cbt|soat|agent|imt|ft|oas)-[\w.-]{20,300}",
        "docs.gitlab.com",
    ),
    _format(
        "Bitbucket password",
        "ATBB",
        r"ATBB[A-Za-z0-9]{28,32}(?![A-Za-z0-9])",
        "support.atlassian.com",
    ),
    _format("Atlassian token", "ATATT3", r"ATATT3[\w=-]{100,300}", "support.atlassian.com"),
    _format("npm token", "npm_", r"npm_[A-Za-z0-9]{36}", "docs.npmjs.com"),
    _format("PyPI token", "pypi-AgE", r"pypi-AgE(?<![\w-]pypi-AgE)[\w-]{50,1000}", "pypi.org/help"),
    _format("RubyGems key", "rubygems_", r"rubygems_[a-f0-9]{48}", "guides.rubygems.org"),
    _format("crates.io token", "cio", r"cio[A-Za-z0-9]{32}(?![A-Za-z0-9])", "crates.io"),
    _format("NuGet key", "oy2", r"oy2[a-z0-9]{43}(?![A-Za-z0-9])", "learn.microsoft.com/nuget"),
    _format("Docker token", "dckr_", r"dckr_(?:pat|oat)_[\w-]{27,40}", "docs.docker.com"),
    _format("JFrog key", "AKCp", r"AKCp[A-Za-z0-9]{69}", "jfrog.com/help"),
    _format("Postman key", "PMAK-", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}", "learning.postman.com"),
    _format("lsp-agent token", "lspa_", r"lspa_[\w-]{32,64}", "lsp-agent mcp token"),
)

_MODELS = (
    _format("Anthropic key", "sk-ant-", r"sk-ant-[\w-]{20,200}", "docs.claude.com"),
    _format("OpenRouter key", "sk-or-", r"sk-or-v1-[a-f0-9]{64}", "openrouter.ai/docs"),
    _format(
        "OpenAI key",
        "sk-proj- sk-svcacct- sk-admin- T3BlbkFJ",
        r"sk-(?:(?:proj|svcacct|admin)-[\w-]{40,300}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})",
        "platform.openai.com",
    ),
    _format(
        "Hugging Face token", "hf_", r"hf_[A-Za-z0-9]{34}(?![A-Za-z0-9])", "huggingface.co/docs"
    ),
    _format("Groq key", "gsk_", r"gsk_[A-Za-z0-9]{52}", "console.groq.com"),
    _format("xAI key", "xai-", r"xai-[A-Za-z0-9]{80}", "docs.x.ai"),
    _format("Replicate token", "r8_", r"r8_[A-Za-z0-9]{37}", "replicate.com/docs"),
    _format("Perplexity key", "pplx-", r"pplx-[A-Za-z0-9]{48}", "docs.perplexity.ai"),
    _format("NVIDIA key", "nvapi-", r"nvapi-[\w-]{60,70}", "build.nvidia.com"),
    _format(
        "LangSmith key",
        "lsv2_",
        r"lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}",
        "docs.smith.langchain.com",
    ),
    _format("Tavily key", "tvly-", r"tvly-(?:dev-|prod-)?[A-Za-z0-9]{32}", "docs.tavily.com"),
)

_SERVICES = (
    _format(
        "Slack token",
        "xoxa- xoxb- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs- xapp-",
        r"(?:xox[abeoprs][.-]|xapp-)[A-Za-z0-9.-]{20,300}",
        "api.slack.com",
    ),
    _within(
        "Slack webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[\w/-]{20,200})",
        "api.slack.com",
    ),
    _within(
        "Discord webhook",
        "/api/webhooks/",
        r"/api/webhooks/[0-9]{17,20}/(?P<secret>[\w-]{60,80})",
        "discord.com/developers",
    ),
    _format(
        "Discord token",
        ".",
        r"[MNO][A-Za-z0-9]{23,27}\.[\w-]{6}\.[\w-]{27,38}(?![\w-])",
        "discord.com/developers",
    ),
    _format("Telegram token", ":AA", r"[0-9]{8,10}:AA[\w-]{33}(?![\w-])", "core.telegram.org/bots"),
    _within(
        "Teams webhook",
        ".webhook.office.com",
        r"\.webhook\.office\.com/webhookb2/(?P<secret>[\w@/-]{60,300})",
        "learn.microsoft.com/microsoftteams",
    ),
    _format(
        "Stripe key",
        "sk_live_ sk_test_ rk_live_ rk_test_",
        r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,200}",
        "docs.stripe.com",
    ),
    _format("Stripe webhook secret", "whsec_", r"whsec_[A-Za-z0-9+/=]{24,100}", "docs.stripe.com"),
    _format(
        "Square token",
        "EAAA sq0",
        r"(?:EAAA[\w-]{60}|sq0(?:csp|atp)-[\w-]{22,43})",
        "developer.squareup.com",
    ),
    _format(
        "Braintree token",
        "access_token$",
        r"access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}",
        "developer.paypal.com/braintree",
    ),
    _format(
        "Shopify token",
        "shpat_ shpca_ shppa_ shpss_",
        r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
        "shopify.dev",
    ),
    _format("Twilio key", "SK", r"SK[0-9a-f]{32}(?![A-Za-z0-9])", "twilio.com/docs"),
    _format("SendGrid key", "SG.", r"SG\.[\w-]{22}\.[\w-]{43}", "sendgrid.com/docs"),
    _format("Mailgun key", "key-", r"key-[0-9a-f]{32}(?![A-Za-z0-9])", "documentation.mailgun.com"),
    _format(
        "Mailchimp key",
        "-us",
        r"[0-9a-f]{32}-us[0-9]{1,2}(?![A-Za-z0-9])",
        "mailchimp.com/developer",
    ),
    _format(
        "Brevo key", "xkeysib-", r"xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}", "developers.brevo.com"
    ),
    _format(
        "Resend key", "re_", r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}(?![A-Za-z0-9])", "resend.com/docs"
    ),
    _format(
        "Grafana token",
        "glsa_ glc_",
        r"(?:glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|glc_[A-Za-z0-9+/=]{32,400})",
        "grafana.com/docs",
    ),
    _format("New Relic key", "NRAK-", r"NRAK-[A-Z0-9]{27}", "docs.newrelic.com"),
    _format("Sentry token", "sntrys_ sntryu_", r"sntry[su]_[\w+/=-]{60,400}", "docs.sentry.io"),
    _format(
        "Dynatrace token",
        "dt0",
        r"dt0[a-z][0-9]{2}\.[A-Z2-7]{24}\.[A-Z2-7]{64}",
        "docs.dynatrace.com",
    ),
    _format("Figma token", "figd_", r"figd_[\w-]{40,60}", "figma.com/developers"),
    _format("Notion token", "ntn_", r"ntn_[A-Za-z0-9]{46}", "developers.notion.com"),
    _format(
        "Airtable token", "pat", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}", "airtable.com/developers"
    ),
    _format("Linear key", "lin_api_", r"lin_api_[A-Za-z0-9]{40}", "linear.app/developers"),
)

_GENERAL = (
    _format(
        "JWT",
        "eyJ",
        r"eyJ(?<![\w-]eyJ)[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{10,2000}",
        "RFC 7519",
    ),
    _within(
        "password in an address",
        "://",
        r"://[^\s/:@\"'`<>\[\]{}|\\]{0,128}:(?P<secret>[^\s/@\"'`<>\[\]{}|\\,]{3,256})@",
        "RFC 3986, 3.2.1",
    ),
    _within(
        "authorization",
        "uthorization UTHORIZATION",
        r"[Aa](?i:uthorization)[\"']?[ \t]{0,9}[:=][ \t]{0,9}[\"']?"
        r"(?i:bearer|basic|token|digest|apikey)[ \t]{1,9}(?P<secret>[\w.~+/=:-]{8,4000})",
        "RFC 9110, 11.6.2",
    ),
    _within(
        "authorization",
        "Bearer bearer",
        r"[Bb]earer[ \t]{1,9}(?P<secret>(?=[A-Za-z_./+~-]{0,60}[0-9])[\w.~+/=-]{20,4000})",
        "RFC 6750",
    ),
    _within(
        "password",
        "assword= wd= WD= ASSWORD=",
        r"(?i:server|data source|host)[ \t]?=[^\n\"']{1,200};[ \t]?(?i:password|pwd)[ \t]?="
        r"(?P<secret>[^;\s\"'{}<>$\[\]]{4,128})",
        "learn.microsoft.com/dotnet",
    ),
    _within(
        "password",
        "machine",
        r"machine[ \t\n]{1,9}\S{1,200}[ \t\n]{1,9}login[ \t\n]{1,9}\S{1,200}"
        r"[ \t\n]{1,9}password[ \t\n]{1,9}(?P<secret>[^\s\[\]]{4,200})",
        "man netrc",
    ),
    _within(
        "registry password",
        '"auth"',
        r"\"auth\"[ \t]{0,9}:[ \t]{0,9}\"(?P<secret>[A-Za-z0-9+/]{12,2000}={0,2})\"",
        "docs.docker.com, config.json",
    ),
)

FORMATS = (*_CLOUDS, *_CODE_HOSTS, *_MODELS, *_SERVICES, *_GENERAL)
"""All formats; where two find the same place, the one that begins first, then the longer counts."""
