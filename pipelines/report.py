"""The report of a release as one static page: value of the customer base, quality of data and models.

Everything comes from the BI release, so the page holds no personal data; it loads nothing from outside.
"""

from __future__ import annotations

from pipelines import report_ahead, report_market, report_models, report_quality, report_value
from pipelines.pages.page import header, page
from pipelines.report_data import Rows
from pipelines.report_parts import masthead
from warehouse.contracts import Text


def report_html(company: str, rows: dict[str, Rows]) -> str:
    """The page; `rows` as `report_rows` reads them."""
    release = rows["release"][0]
    currency = release["currency"]
    links = {
        "identity.html": Text("how records become customers", "bagaimana catatan menjadi pelanggan"),
        "quality.html": Text("quality of the data", "mutu datanya"),
        "dictionary.html": Text("what every table means", "arti setiap tabel"),
    }
    left = [
        report_value.rfm_map(rows["rfm"], currency),
        report_value.pareto(rows["pareto"], rows["pareto_summary"]),
        report_value.sales(rows["months"], currency),
        report_market.product_sales(rows["product_sales"], currency),
        report_value.clv(rows["clv"], currency),
        report_models.matrix(rows["matrix"]),
        report_ahead.outlook(rows["outlook"], rows["models"], currency),
        report_quality.models(rows["models"]),
        report_models.calibration(rows["calibration"]),
    ]
    right = [
        report_value.segments(rows["segments"], currency),
        report_value.flows(rows["flows"], currency),
        report_ahead.churn(rows["churn"], rows["reasons"]),
        report_ahead.runout(rows["runout_days"], rows["runout_families"], rows["models"]),
        report_market.market_potential(rows["market_potential"], currency),
        report_market.lead_sources(rows["lead_sources"], currency),
        report_models.tracking(rows["tracking"]),
        report_quality.quarantine(rows["quarantine"], rows["conservation"]),
    ]
    body = [
        header(Text("Report", "Laporan"), ("en", "id")),
        '<main id="top">',
        masthead(company, release, links),
        report_quality.tiles(rows),
        report_value.stages(rows["stages"]),
        f'<div class="columns"><div>{"".join(left)}</div><div>{"".join(right)}</div></div>',
        report_value.cohorts(rows["cohorts"], currency),
        report_quality.quality(rows["quality"]),
        "</main>",
    ]
    return page(f"Satu · {company}", "\n".join(body), styles=["report.css"], scripts=[], language="en")
