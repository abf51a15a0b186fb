"""PowerShell DSC: a configuration applied on each Windows instance."""

import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pulumi

from azure_scaleset import secrecy
from azure_scaleset.errors import ArgumentError
from azure_scaleset.extensions.arguments import Dsc, Sas
from azure_scaleset.extensions.context import Context, OperatingSystem
from azure_scaleset.nearest import did_you_mean
from azure_scaleset.payload import dsc as dsc_payload
from azure_scaleset.payload.digest import digest, short
from azure_scaleset.payload.problems import PayloadError

WARNING_BEFORE_EXPIRY = timedelta(days=60)


@dataclass(frozen=True)
class Content:
    """The zipped configuration and the name of its script; no archive where the caller gave an address."""

    archive: bytes | None
    script: str


def read(arguments: Dsc, system: OperatingSystem, base: Path, path: str, problems: list[str]) -> Content:
    """Zips the local source. Adds to *problems* what is missing, contradictory or past its time."""
    if system is not OperatingSystem.WINDOWS:
        problems.append(f"{path} is given for Linux. DSC configures Windows; use customScript or cloudInit on Linux.")
    if "url" in arguments:
        if "script" not in arguments:
            problems.append(f"{path}.script is missing. Expected the name of the script in the archive at url.")
        if "sas" in arguments:
            problems.append(f"{path}.sas is given with url. Give the signature of your own storage as urlSasToken.")
        return Content(None, arguments.get("script", ""))
    if "url_sas_token" in arguments:
        problems.append(f"{path}.urlSasToken is given with source. It belongs to url; for source give sas.")
    if "sas" not in arguments:
        problems.append(f"{path}.sas is missing. Expected start and expiry (YYYY-MM-DD): how long instances may read the archive.")
    else:
        _check_sas(arguments["sas"], f"{path}.sas", problems)
    if "source" not in arguments:
        return Content(None, "")
    try:
        archive, script = dsc_payload.dsc_archive(base / arguments["source"], arguments.get("script"))
    except PayloadError as error:
        problems.extend(f"{path}: {problem}" for problem in error.problems)
        return Content(None, "")
    _check_function(arguments["function"], archive, script, f"{path}.function", problems)
    return Content(archive, script)


def _check_function(function: str, archive: bytes, script: str, path: str, problems: list[str]) -> None:
    with zipfile.ZipFile(BytesIO(archive)) as zipped:
        known = dsc_payload.configurations_in(zipped.read(script).decode("utf-8-sig"))
    if function.lower() not in [name.lower() for name in known]:
        hint = did_you_mean(function, known, f"It has {', '.join(known) or 'none'}.")
        problems.append(f"{path} is {function!r}, but {script} has no such configuration.{hint}")


def _check_sas(sas: Sas, path: str, problems: list[str]) -> None:
    days: dict[str, date] = {}
    for name, text in (("start", sas["start"]), ("expiry", sas["expiry"])):
        try:
            days[name] = datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError:
            problems.append(f"{path}.{name} is {text!r}. Expected a day as YYYY-MM-DD.")
    if len(days) == 2 and days["start"] >= days["expiry"]:
        problems.append(f"{path}.expiry is {sas['expiry']}, not after start, {sas['start']}.")
    if "start" in days and days["start"] > date.today():
        problems.append(f"{path}.start is {sas['start']}, a day to come: until then no instance could read the archive.")
    if "expiry" in days and days["expiry"] < date.today():
        problems.append(f"{path}.expiry is {sas['expiry']}, which is past: no new instance could install the application. Set a later day.")


def expiry_warning(sas: Sas, path: str, today: date) -> str | None:
    """What to tell when the signature ends soon, or None."""
    expiry = date.fromisoformat(sas["expiry"])
    if expiry - today > WARNING_BEFORE_EXPIRY:
        return None
    return f"{path}.expiry is {expiry}: after that day a new instance can't install the application. Set a later one and run `pulumi up`."


def define(arguments: Dsc, content: Content, name: str, path: str, context: Context) -> pulumi.Output[dict[str, Any]]:
    """The definition, with secret arguments and the signature protected."""
    definition: dict[str, Any] = {
        "publisher": "Microsoft.Powershell",
        "type": "DSC",
        "typeHandlerVersion": arguments.get("version", "2.83"),
    }
    protected: dict[str, pulumi.Input[Any]] = {}
    url: pulumi.Input[str] = arguments.get("url", "")
    if content.archive is not None:
        definition["forceUpdateTag"] = short(digest(content.archive))
        url = context.delivery.upload(name, content.archive, ".zip")
        protected["configurationUrlSasToken"] = context.delivery.sas_token(name, arguments["sas"])
        warning = expiry_warning(arguments["sas"], f"{path}.sas", date.today())
        if warning:
            pulumi.log.warn(warning)
    elif "url_sas_token" in arguments:
        protected["configurationUrlSasToken"] = arguments["url_sas_token"]

    given = arguments.get("arguments", {})

    async def build() -> dict[str, Any]:
        mend = "Give the address alone, and its signature as urlSasToken."
        if await pulumi.Output.from_input(url).is_secret():
            # The handler knows no protected address (DS2).
            raise ArgumentError(context.subject, [f"{path}.url is secret, but the handler reads it from the public settings. {mend}"])
        await secrecy.refuse_plain(context.subject, f"{path}.url", url, mend)
        secret = [key for key, value in given.items() if await pulumi.Output.from_input(value).is_secret()]
        values: dict[str, pulumi.Input[Any]] = {
            "wmfVersion": arguments.get("wmf_version", "latest"),
            "configuration": {"url": url, "script": content.script, "function": arguments["function"]},
        }
        if len(secret) < len(given):
            values["configurationArguments"] = {key: value for key, value in given.items() if key not in secret}
        if secret:
            protected["configurationArguments"] = {key: given[key] for key in secret}
        return {**definition, **await secrecy.build_settings(context.subject, path, values, protected)}

    return secrecy.lift(build())
