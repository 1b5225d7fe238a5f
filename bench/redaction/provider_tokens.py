"""Tokens of providers, made afresh from their published forms.

Sources: GitHub's list of supported secret-scanning patterns, the providers' own documentation, and the rules of
gitleaks, trufflehog and kingfisher. Comes in: a random generator. Goes out: types of secrets.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from functools import partial
from typing import TYPE_CHECKING

from samples import BASE62, HEX, Fragments, Part, SecretType, Shape, drawn

if TYPE_CHECKING:
    from random import Random

_ALPHABETS = {
    "x": HEX,
    "X": HEX.upper(),
    "d": "0123456789",
    "l": "abcdefghijklmnopqrstuvwxyz",
    "U": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "a": "0123456789abcdefghijklmnopqrstuvwxyz",
    "A": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "n": BASE62,
    "w": BASE62 + "_-",
    "b": BASE62 + "+/",
    "2": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    "h": "023456789acdefghjklmnpqrstuvwxyz".upper(),
}
"""Alphabets of templates: `{n36}` is 36 characters of base 62."""

_TEMPLATES = """
github-app-refresh            ghr_{n76}                                github_refresh_token
github-fine-grained           github_pat_{n22}_{n59}                   github_token gh_pat
gitlab-personal               glpat-{w20}                              gitlab_token
gitlab-deploy                 gldt-{w20}                               deploy_token
gitlab-runner                 glrt-{w20}                               runner_token
gitlab-trigger                glptt-{x40}                              trigger_token
gitlab-feed                   glft-{w20}                               feed_token
aws-access-key-id             AKIA{216}                                aws_access_key_id
google-api-key                AIza{w35}                                google_api_key maps_key
google-client-secret          GOCSPX-{w28}                             google_client_secret
google-access-token           ya29.a0{w160}                            access_token
google-refresh-token          1//0{d1}{w60}-{w36}                      refresh_token
slack-bot                     xoxb-{d12}-{d13}-{n24}                   slack_bot_token
slack-user                    xoxp-{d12}-{d12}-{d13}-{x32}             slack_token
slack-app                     xapp-1-A{A10}-{d13}-{x64}                slack_app_token
slack-configuration           xoxe.xoxp-1-{n166}                       slack_config_token
slack-webhook                 https://hooks.slack.com/services/T{A10}/B{A10}/{n24}       slack_webhook_url
discord-bot                   M{n25}.G{w5}.{w38}                       discord_token
discord-webhook               https://discord.com/api/webhooks/{d18}/{w68}               discord_webhook
teams-webhook                 https://acme.webhook.office.com/webhookb2/{u}@{u}/IncomingWebhook/{x32}/{u} teams_webhook
telegram-bot                  {d10}:AA{w33}                            telegram_token
stripe-secret                 sk_live_{n99}                            stripe_secret_key
stripe-secret-short           sk_live_{n24}                            stripe_key
stripe-restricted             rk_live_{n99}                            stripe_key
stripe-webhook                whsec_{n32}                              stripe_webhook_secret
square-access                 sq0atp-{w22}                             square_token
square-secret                 sq0csp-{w43}                             square_secret
braintree                     access_token$production${a16}${x32}      braintree_token
shopify-access                shpat_{x32}                              shopify_token
shopify-secret                shpss_{x32}                              shopify_secret
shopify-partner               shppa_{x32}                              shopify_password
twilio-key                    SK{x32}                                  twilio_api_key
sendgrid                      SG.{w22}.{w43}                           sendgrid_api_key
mailgun                       key-{x32}                                mailgun_api_key
mailchimp                     {x32}-us12                               mailchimp_api_key
brevo                         xkeysib-{x64}-{n16}                      brevo_api_key
openai                        sk-{n20}T3BlbkFJ{n20}                    openai_api_key
openai-project                sk-proj-{w74}T3BlbkFJ{w74}               openai_api_key
anthropic                     sk-ant-api03-{w93}AA                     anthropic_api_key
hugging-face                  hf_{e34}                                 hf_token
replicate                     r8_{n37}                                 replicate_api_token
groq                          gsk_{n52}                                groq_api_key
perplexity                    pplx-{n48}                               perplexity_api_key
xai                           xai-{n80}                                xai_api_key
langsmith                     lsv2_pt_{x32}_{x10}                      langsmith_api_key
pinecone                      pcsk_{n5}_{n63}                          pinecone_api_key
rubygems                      rubygems_{x48}                           gem_host_api_key
crates-io                     cio{n32}                                 cargo_registry_token
nuget                         oy2{c43}                                 nuget_api_key
clojars                       CLOJARS_{x60}                            clojars_password
docker-hub                    dckr_pat_{w27}                           docker_token
digitalocean                  dop_v1_{x64}                             digitalocean_token
digitalocean-refresh          dor_v1_{x64}                             refresh_token
heroku                        HRKU-AA{w58}                             heroku_api_key
netlify                       nfp_{n36}                                netlify_auth_token
databricks                    dapi{x32}                                databricks_token
newrelic-user                 NRAK-{A27}                               new_relic_api_key
sentry-user                   sntryu_{x64}                             sentry_auth_token
linear                        lin_api_{n40}                            linear_api_key
notion                        ntn_{d11}{n35}                           notion_token
airtable                      pat{n14}.{x64}                           airtable_token
asana                         2/{d16}/{d16}:{x32}                      asana_token
figma                         figd_{w40}                               figma_token
vault-service                 hvs.CAES{w90}                            vault_token
terraform-cloud               {n14}.atlasv1.{w67}                      tfe_token
doppler                       dp.pt.{n43}                              doppler_token
pulumi                        pul-{x40}                                pulumi_access_token
planetscale                   pscale_tkn_{w43}                         planetscale_token
planetscale-password          pscale_pw_{w43}                          database_password
supabase                      sbp_{x40}                                supabase_access_token
postman                       PMAK-{x24}-{x34}                         postman_api_key
dynatrace                     dt0c01.{224}.{264}                       dynatrace_token
azure-client-secret           {n3}8Q~{m34}                             azure_client_secret
azure-devops                  {n76}AZDO{n4}                            azure_devops_pat
jfrog                         AKCp{n69}                                jfrog_api_key
sonarqube                     squ_{x40}                                sonar_token
age                           AGE-SECRET-KEY-1{h58}                    age_key
tailscale                     tskey-auth-k{n11}CNTRL-{n32}             tailscale_authkey
contentful                    CFPAT-{w43}                              contentful_token
buildkite                     bkua_{x40}                               buildkite_token
circleci                      CCIPAT_{n22}_{x40}                       circleci_token
hubspot                       pat-na1-{u}                              hubspot_token
facebook                      EAAC{n150}                               facebook_token
flutterwave                   FLWSECK-{x32}-X                          flutterwave_secret_key
razorpay                      rzp_live_{n14}                           razorpay_key
plaid                         access-production-{u}                    plaid_access_token
easypost                      EZAK{n54}                                easypost_api_key
shippo                        shippo_live_{x40}                        shippo_token
adafruit                      aio_{n28}                                adafruit_io_key
prefect                       pnu_{a36}                                prefect_api_key
typeform                      tfp_{n44}_{n14}                          typeform_token
duffel                        duffel_live_{w43}                        duffel_token
frame-io                      fio-u-{w64}                              frameio_token
readme                        rdme_{a70}                               readme_api_key
firebase-messaging            AAAA{w7}:{w140}                          fcm_server_key
launchdarkly                  sdk-{u}                                  launchdarkly_sdk_key
"""
_NAMED = """
aws-secret-key                {b40}                                    aws_secret_access_key
datadog-api                   {x32}                                    datadog_api_key dd_api_key
datadog-app                   {x40}                                    dd_app_key
cloudflare                    {w40}                                    cloudflare_api_token
twilio-auth                   {x32}                                    twilio_auth_token
cohere                        {n40}                                    cohere_api_key
okta                          00{w40}                                  okta_api_token
auth0                         {w64}                                    auth0_client_secret
azure-openai                  {x32}                                    azure_openai_api_key
algolia                       {x32}                                    algolia_admin_key
pagerduty                     u+{w18}                                  pagerduty_token
travis                        {n22}                                    travis_token
vercel                        {n24}                                    vercel_token
ngrok                         2{n26}_{n21}                             ngrok_authtoken
django-secret                 {s50}                                    secret_key
rails-secret                  {x128}                                   secret_key_base
fernet                        {w43}=                                   fernet_key
wireguard                     {b43}=                                   wireguard_private_key
jwt-secret                    {w44}                                    jwt_secret
session-secret                {n32}                                    session_secret
oauth-client-secret           {n32}                                    client_secret
uuid-api-key                  {u}                                      api_key
otp-secret                    {232}                                    totp_secret
"""
_EXTRA = {
    "e": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "c": "abcdefghijklmnopqrstuvwxyz234567",
    "m": BASE62 + "_-~.",
    "s": "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)",
}
_FIELD = re.compile(r"\{(?:(u)|(.)(\d+))\}")


def _uuid(random: Random) -> str:
    digits = drawn(random, HEX, 32)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _filled(template: str, random: Random) -> Fragments:
    def fill(match: re.Match[str]) -> str:
        return _uuid(random) if match[1] else drawn(random, (_ALPHABETS | _EXTRA)[match[2]], int(match[3]))

    return (Part(_FIELD.sub(fill, template)),)


def _table(table: str, shape: Shape) -> list[SecretType]:
    rows = [line.split() for line in table.strip().splitlines()]
    return [SecretType(name, shape, tuple(names), partial(_filled, form)) for name, form, *names in rows]


def _base62(number: int, length: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits.rjust(length, "0")


def _checked(prefix: str, random: Random) -> Fragments:
    """GitHub's and npm's form: 30 characters and six of the CRC-32 of them in base 62."""
    body = drawn(random, BASE62, 30)
    return (Part(prefix + body + _base62(zlib.crc32(body.encode()), 6)),)


def _grafana(random: Random) -> Fragments:
    body = "glsa_" + drawn(random, BASE62, 32)
    return (Part(f"{body}_{zlib.crc32(body.encode()):08x}"),)


def _atlassian(random: Random) -> Fragments:
    body = "ATATT3xFfGF0" + drawn(random, BASE62 + "_-", 171)
    return (Part(f"{body}={zlib.crc32(body.encode()):08X}"),)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _pypi(random: Random) -> Fragments:
    """A macaroon: version 2, the location of the index, an identifier, a caveat and a signature."""
    body = bytes((2, 1, 8)) + b".".join((b"pypi", b"org")) + bytes((2, 36)) + _uuid(random).encode() + bytes((0, 2, 42))
    return (Part("pypi-" + _base64(body + random.randbytes(42) + bytes((0, 0, 6, 32)) + random.randbytes(32))),)


def _claims(claims: dict[str, str | int]) -> str:
    return _base64(json.dumps(claims, separators=(",", ":")).encode())


def _jwt(random: Random) -> Fragments:
    head = _claims({"alg": "HS256", "typ": "JWT"})
    body = _claims({"sub": drawn(random, "0123456789", 10), "name": "Ada", "iat": 1516239022})
    return (Part(f"{head}.{body}.{_base64(random.randbytes(32))}"),)


def _jwe(random: Random) -> Fragments:
    head = _claims({"alg": "RSA-OAEP", "enc": "A256GCM"})
    return (Part(".".join((head, *(_base64(random.randbytes(size)) for size in (256, 12, 60, 16))))),)


def _mapbox(random: Random) -> Fragments:
    body = _claims({"u": drawn(random, "abcdefgh", 8), "a": "cl" + drawn(random, HEX, 23)})
    return (Part(f"sk.{body}.{drawn(random, BASE62 + '_-', 22)}"),)


def _sentry(random: Random) -> Fragments:
    claims = {"iat": 1700000000.5, "url": "https://sentry.io", "region_url": "https://us.sentry.io", "org": "acme"}
    body = base64.b64encode(json.dumps(claims).encode()).decode()
    return (Part(f"sntrys_{body}_{drawn(random, BASE62, 43)}"),)


def _nats(random: Random) -> Fragments:
    """An NKEY user seed: prefix bytes, 32 random bytes, CRC-16 (XMODEM), in base 32."""
    raw = bytes((0x95, 0x00)) + random.randbytes(32)
    crc = 0
    for byte in raw:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return (Part(base64.b32encode(raw + crc.to_bytes(2, "little")).decode().rstrip("=")),)


def types() -> list[SecretType]:
    """Tokens that their form gives away, then those that need their name."""
    made = [
        ("github-personal", "github_token", partial(_checked, "ghp_")),
        ("github-oauth", "github_oauth_token", partial(_checked, "gho_")),
        ("github-app-user", "github_user_token", partial(_checked, "ghu_")),
        ("github-app-installation", "installation_token", partial(_checked, "ghs_")),
        ("npm", "npm_token", partial(_checked, "npm_")),
        ("grafana-service-account", "grafana_token", _grafana),
        ("atlassian", "jira_api_token", _atlassian),
        ("pypi", "pypi_token", _pypi),
        ("json-web-token", "id_token", _jwt),
        ("json-web-encryption", "session_token", _jwe),
        ("mapbox-secret", "mapbox_token", _mapbox),
        ("sentry-organisation", "sentry_auth_token", _sentry),
        ("nats-seed", "nkey_seed", _nats),
    ]
    tokens = [SecretType(name, Shape.TOKEN, (variable,), make) for name, variable, make in made]
    return [*_table(_TEMPLATES, Shape.TOKEN), *tokens, *_table(_NAMED, Shape.NAMED)]
