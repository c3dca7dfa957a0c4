"""`satu.yaml`: the settings of one company."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from warehouse.contact import ContactSettings, read_contact
from warehouse.operations import Operations, read_operations
from warehouse.periods import Period, read_purpose_periods
from warehouse.survivorship import SurvivorshipSettings, read_survivorship
from warehouse.vault_key import read_key_source
from warehouse.yamltext import YamlNode, read_yaml

_KEYS = (
    "company",
    "history_start",
    "arrival_cutoff",
    "night",
    "alerts",
    "sector",
    "rfm",
    "clv",
    "churn",
    "value",
    "runout",
    "leads",
    "winsorise",
    "survivorship",
    "contact",
    "retention",
    "identity",
    "encryption",
    "engine",
)


@dataclass(frozen=True)
class Settings:
    """Company settings; every amount of money in the tables is in `currency`.

    The fingerprint of a day is made of what settings show. What changes no row of a day is not shown:
    who the company is, when files are registered, how long days stay, when the night is due. Which rows
    are kept at all is in that fingerprint by channel (`Workspace.keeping`).
    """

    company: str = field(repr=False)
    timezone: str = "Asia/Jakarta"
    currency: str = "IDR"
    country: str = "ID"
    history_start: date | None = None
    arrival_cutoff: time = field(default=time(6, 0), repr=False)
    sector: str = "retail"
    rfm_window_days: int = 730
    clv_horizon_days: tuple[int, ...] = (365,)
    discount_rate: float = 0.10
    default_margin: float = 0.30
    refit: str = "monthly"
    churn_horizon_days: tuple[int, ...] = (30, 90, 180)
    value_model: str = "auto"
    churn_bands: tuple[float, float] = (0.33, 0.66)
    season: str = "auto"
    runout_lead_days: int = 3
    quantity_elasticity: float = 0.0
    lead_window_days: int = 90
    winsorise: float | None = 0.999
    survivorship: SurvivorshipSettings = field(default_factory=SurvivorshipSettings)
    contact: ContactSettings = field(default_factory=ContactSettings)
    retention_days: int = field(default=35, repr=False)
    retention_month_ends: int = field(default=24, repr=False)
    retention_purposes: tuple[tuple[str, Period], ...] = field(default=(), repr=False)
    identity_model: str = "auto"
    engine: str = "duckdb"
    operations: Operations = field(default_factory=Operations, repr=False)
    encryption_key: str | None = field(default=None, repr=False)
    encryption_spill: str | None = field(default=None, repr=False)
    """Where the key of the vault is, and where may be spilled what does not fit in memory. Like `operations`
    not shown, because the fingerprint of a day is made of what settings show."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def has_season(self) -> bool:
        """Whether Ramadan and Idulfitri are a season of their own in the rhythm of customers."""
        return self.season == "lebaran" or (self.season == "auto" and self.country in _LEBARAN_COUNTRIES)

    @property
    def season_in_time(self) -> str:
        """Which seasons the time of models may know: `none`, `lebaran`, `months` or `lebaran and months`."""
        may_know = {"lebaran": self.has_season, "months": self.season == "auto"}
        return " and ".join(name for name, is_asked in may_know.items() if is_asked) or "none"

    @property
    def decimal(self) -> str:
        """The decimal sign people of the company's country write."""
        return "." if self.country in _DECIMAL_POINT_COUNTRIES else ","


_VALUE_MODELS = ("auto", "mbg_nbd", "bg_nbd", "pareto_nbd")
_LEBARAN_COUNTRIES = frozenset(["ID", "MY", "BN"])
_DECIMAL_POINT_COUNTRIES = frozenset(
    [
        "US",
        "GB",
        "AU",
        "NZ",
        "IE",
        "CA",
        "IN",
        "SG",
        "MY",
        "PH",
        "TH",
        "JP",
        "CN",
        "HK",
        "TW",
        "KR",
        "IL",
        "NG",
        "KE",
        "ZA",
        "MX",
    ]
)


def read_settings(path: Path, shown_as: str = "satu.yaml") -> Settings:
    """Settings from `satu.yaml`; ConfigError names line and column of what is wrong."""
    root = read_yaml(path, shown_as)
    top = root.mapping(_KEYS)
    if "company" not in top:
        raise root.error("`company` is missing", "add `company: {name: Your Shop}`")
    values: dict[str, object] = {}
    _read_company(top["company"], values)
    _read_dates(top, values)
    _read_models(top, values)
    _read_tables(top, values)
    _read_keeping(top, values)
    return Settings(**values)  # type: ignore[arg-type]


def _read_company(node: YamlNode, values: dict[str, object]) -> None:
    if isinstance(node.value, str):
        values["company"] = node.value
        return
    company = node.mapping(("name", "timezone", "currency", "country"))
    if "name" not in company:
        raise node.error("the company has no `name`", "add `name:`")
    values["company"] = company["name"].text()
    if "timezone" in company:
        values["timezone"] = _timezone(company["timezone"])
    for key in ("currency", "country"):
        if key in company:
            values[key] = company[key].text().upper()


def _timezone(node: YamlNode) -> str:
    try:
        ZoneInfo(node.text())
    except (ZoneInfoNotFoundError, ValueError):
        raise node.error(f"`{node.text()}` is not a time zone", "use a name such as Asia/Jakarta") from None
    return node.text()


def _read_dates(top: dict[str, YamlNode], values: dict[str, object]) -> None:
    if "history_start" in top and top["history_start"].value is not None:
        values["history_start"] = top["history_start"].day()
    if "arrival_cutoff" in top:
        values["arrival_cutoff"] = top["arrival_cutoff"].time_of_day()
    values["operations"] = read_operations(top)


def _read_models(top: dict[str, YamlNode], values: dict[str, object]) -> None:
    clv = _section(top, "clv", ("horizon_days", "discount_rate", "default_margin", "refit"))
    if "horizon_days" in clv:
        values["clv_horizon_days"] = _horizons(clv["horizon_days"])
    if "discount_rate" in clv:
        values["discount_rate"] = clv["discount_rate"].number(0, 10)
    if "default_margin" in clv:
        values["default_margin"] = clv["default_margin"].number(0, 1)
    if "refit" in clv:
        values["refit"] = clv["refit"].choice(("monthly", "daily"))
    churn = _section(top, "churn", ("horizon_days", "bands", "season"))
    if "horizon_days" in churn:
        values["churn_horizon_days"] = _horizons(churn["horizon_days"])
    if "bands" in churn:
        values["churn_bands"] = _bands(churn["bands"])
    if "season" in churn:
        values["season"] = churn["season"].choice(("auto", "lebaran", "none"))
    value = _section(top, "value", ("model",))
    if "model" in value:
        values["value_model"] = value["model"].choice(_VALUE_MODELS)
    if "winsorise" in top:
        node = top["winsorise"]
        values["winsorise"] = None if node.value is None else node.number(0.5, 1)


def _read_tables(top: dict[str, YamlNode], values: dict[str, object]) -> None:
    rfm = _section(top, "rfm", ("window_days",))
    if "window_days" in rfm:
        values["rfm_window_days"] = rfm["window_days"].integer(1, 36_500)
    runout = _section(top, "runout", ("lead_days", "quantity_elasticity"))
    if "lead_days" in runout:
        values["runout_lead_days"] = runout["lead_days"].integer(0, 365)
    if "quantity_elasticity" in runout:
        values["quantity_elasticity"] = runout["quantity_elasticity"].number(0, 2)
    leads = _section(top, "leads", ("window_days",))
    if "window_days" in leads:
        values["lead_window_days"] = leads["window_days"].integer(1, 36_500)
    if "survivorship" in top:
        values["survivorship"] = read_survivorship(top["survivorship"])
    if "contact" in top:
        values["contact"] = read_contact(top["contact"])


def _read_keeping(top: dict[str, YamlNode], values: dict[str, object]) -> None:
    retention = _section(top, "retention", ("days", "month_ends", "purposes"))
    if "days" in retention:
        values["retention_days"] = retention["days"].integer(1, 36_500)
    if "month_ends" in retention:
        values["retention_month_ends"] = retention["month_ends"].integer(0, 1_200)
    if "purposes" in retention:
        values["retention_purposes"] = read_purpose_periods(retention["purposes"])
    identity = _section(top, "identity", ("model",))
    if "model" in identity:
        values["identity_model"] = identity["model"].text()
    encryption = _section(top, "encryption", ("key", "spill"))
    if "key" in encryption:
        values["encryption_key"] = read_key_source(encryption["key"])
    if "spill" in encryption:
        values["encryption_spill"] = encryption["spill"].text()
    if "engine" in top:
        values["engine"] = top["engine"].choice(("duckdb",))
    if "sector" in top:
        values["sector"] = top["sector"].text()


def _section(top: dict[str, YamlNode], name: str, keys: tuple[str, ...]) -> dict[str, YamlNode]:
    return top[name].mapping(keys) if name in top else {}


def _bands(node: YamlNode) -> tuple[float, float]:
    bounds = [entry.number(0, 1) for entry in node.sequence()]
    if len(bounds) != 2 or bounds[0] >= bounds[1]:
        raise node.error("two rising probabilities are needed", "write e.g. [0.33, 0.66]")
    return bounds[0], bounds[1]


def _horizons(node: YamlNode) -> tuple[int, ...]:
    horizons = sorted({entry.integer(1, 36_500) for entry in node.sequence()})
    if not horizons:
        raise node.error("no horizon given", "write e.g. 365 or [30, 90]")
    return tuple(horizons)
