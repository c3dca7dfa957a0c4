"""The words of the report: codes of the tables as people say them, in both languages."""

from __future__ import annotations

from warehouse.contracts import Text

STAGES = {
    "prospect": (Text("prospect", "prospek"), "t1"),
    "new": (Text("new", "baru"), "t2"),
    "active": (Text("active", "aktif"), "t3"),
    "won_back": (Text("won back", "kembali"), "t6"),
    "lapsing": (Text("lapsing", "mulai pergi"), "t4"),
    "lapsed": (Text("lapsed", "sudah pergi"), "t5"),
}
SEGMENTS = {
    "champions": Text("champions", "juara"),
    "loyal": Text("loyal", "setia"),
    "potential_loyalist": Text("potential loyalist", "calon setia"),
    "new": Text("new", "baru"),
    "promising": Text("promising", "menjanjikan"),
    "need_attention": Text("need attention", "perlu perhatian"),
    "about_to_sleep": Text("about to sleep", "hampir tidur"),
    "at_risk": Text("at risk", "berisiko"),
    "cant_lose": Text("can't lose", "jangan sampai lepas"),
    "hibernating": Text("hibernating", "tidur"),
    "lost": Text("lost", "hilang"),
}
FLOWS = {
    "stayed": (Text("stayed", "tetap"), "t1"),
    "moved": (Text("moved", "pindah"), "t2"),
    "new": (Text("first purchase", "pembelian pertama"), "t3"),
    "returned": (Text("returned", "kembali"), "t6"),
    "lost": (Text("left", "keluar"), "t5"),
}
ENDS = {
    "first_purchase": Text("first purchase", "pembelian pertama"),
    "returned": Text("earlier customer", "pelanggan lama"),
    "left_window": Text("no purchase in the window", "tanpa pembelian dalam jendela"),
}
CHURN_BANDS = {
    "low": (Text("low", "rendah"), "t3"),
    "medium": (Text("medium", "sedang"), "t4"),
    "high": (Text("high", "tinggi"), "t5"),
}
REASONS = {
    "as_usual": Text("as usual", "seperti biasanya"),
    "first_purchase_recent": Text("first purchase was recent", "pembelian pertama masih baru"),
    "one_time_silent": Text("bought once, silent since", "membeli sekali lalu diam"),
    "overdue_vs_own_cadence": Text("silent beyond the own rhythm", "diam melebihi irama sendiri"),
    "between_seasons": Text("waits for the season", "menunggu musimnya"),
    "refund_heavy": Text("gave back a third of the orders", "mengembalikan sepertiga pesanan"),
    "switching": Text("turns away from a category", "meninggalkan suatu kategori"),
    "frequency_declining": Text("comes less often", "makin jarang datang"),
    "spend_declining": Text("spends half or less", "belanja tinggal separuh"),
    "buys_rarely": Text("buys rarely", "jarang belanja"),
}
MEASURES = {"revenue": Text("revenue", "pendapatan"), "profit": Text("profit", "laba")}
MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
}
CHANGES = {
    "new": Text("new", "baru"),
    "merged": Text("merged with another", "digabungkan dengan yang lain"),
    "split": Text("split off", "dipisahkan"),
    "reassigned": Text("took an earlier record's number", "memakai nomor catatan yang lebih awal"),
    "retired": Text("gone with all records", "hilang bersama semua catatannya"),
    "erased": Text("erased on request", "dihapus atas permintaan"),
}

# metric of a back-test: what it says, and whether more or less of it is better (or closer to 0)
METRICS = {
    "holdout_auc_any_purchase": (
        Text("Tells buyers from non-buyers (AUC)", "Membedakan pembeli dan bukan (AUC)"),
        "more",
    ),
    "holdout_brier_any_purchase": (
        Text("Error of the probability to buy (Brier)", "Galat peluang membeli (Brier)"),
        "less",
    ),
    "holdout_mae": (
        Text("Error per customer, purchases (MAE)", "Galat per pelanggan, pembelian (MAE)"),
        "less",
    ),
    "holdout_bias": (
        Text("Too many or too few purchases in all", "Kelebihan atau kekurangan seluruhnya"),
        "zero",
    ),
    "holdout_correlation": (Text("Correlation with what happened", "Korelasi dengan kenyataan"), "more"),
    "holdout_log_likelihood": (Text("Log-likelihood per customer", "Log-likelihood per pelanggan"), "more"),
    "holdout_calibration_error": (Text("Calibration error", "Galat kalibrasi"), "less"),
    "holdout_purchases_predicted": (Text("Purchases predicted", "Pembelian yang diramalkan"), ""),
    "holdout_purchases_actual": (Text("Purchases that happened", "Pembelian yang terjadi"), ""),
    "holdout_customers": (Text("Customers tested", "Pelanggan yang diuji"), ""),
}


def spoken(code: str) -> Text:
    """A code of a table as words, when it has none of its own."""
    words = code.replace("_", " ")
    return Text(words, words)
