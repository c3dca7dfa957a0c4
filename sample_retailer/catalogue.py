"""What Toko Satu sells: product lines, expanded by size or colour. All brands are invented."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CATEGORIES = (
    "Kopi & Teh", "Sembako", "Makanan Ringan", "Bayi", "Kecantikan", "Perawatan Rumah", "Elektronik",
    "Hewan Peliharaan", "Kesehatan", "Minuman",
)  # fmt: skip

# category | subcategory | brand | name | sizes, or := colours | first price | margin | pack | use a day
_LINES = """
0|Kopi bubuk|Kapal Senja|Kopi Bubuk Robusta|165g,250g,500g|18500|.24|165|14
0|Kopi bubuk|Gunung Tiga|Kopi Arabika Gayo|200g,500g|68000|.34|200|16
0|Kopi sachet|Kapal Senja|Kopi Susu Sachet|10s,20s,50s|15500|.22|10|1
0|Kopi biji|Gunung Tiga|Biji Kopi Toraja|250g,1kg|92000|.36|250|18
0|Teh|Pucuk Embun|Teh Celup Melati|25s,50s,100s|7800|.26|25|2
0|Pelengkap kopi|Krimera|Krimer Bubuk|200g,500g|16500|.24|200|8
0|Pelengkap kopi|Saring|Filter Kertas V60|40s,100s|32000|.45|40|1
1|Beras|Padi Emas|Beras Pulen|2.5kg,5kg,10kg|41000|.10|2.5|.25
1|Minyak goreng|Sawira|Minyak Goreng|1L,2L,5L|19500|.08|1|.06
1|Gula|Tebu Manis|Gula Pasir|500g,1kg|9500|.09|500|35
1|Telur|Ternak Jaya|Telur Ayam|10 butir,30 butir|24000|.08|10|1.2
1|Mi instan|Mi Rasa|Mi Goreng Instan|5 bungkus,40 bungkus|15500|.15|5|.4
1|Bumbu|Dapur Ibu|Kecap Manis|275ml,550ml,1.2L|12800|.21|275|9
1|Bumbu|Dapur Ibu|Sambal Botol|135ml,335ml|9900|.24|135|6
1|Tepung|Gandum Satu|Tepung Terigu|1kg,2kg|13500|.12|1|.05
2|Keripik|Renyah|Keripik Singkong|70g,150g,250g|8500|.32|0|0
2|Biskuit|Sari Pagi|Biskuit Kelapa|120g,300g|7200|.28|0|0
2|Cokelat|Kakao Nusa|Cokelat Batang|45g,100g|14500|.34|0|0
2|Kacang|Renyah|Kacang Panggang|100g,250g|11500|.30|0|0
3|Popok|Bunda Peluk|Popok Celana Bayi|S 40,M 34,L 30,XL 26|58000|.16|34|5
3|Susu formula|Tumbuh|Susu Pertumbuhan 1+|400g,800g,1.2kg|72000|.12|400|32
3|Tisu basah|Bunda Peluk|Tisu Basah Bayi|50s,80s|12500|.30|50|4
3|Perawatan bayi|Lembut|Sabun Bayi Cair|200ml,400ml|24500|.33|200|7
3|Perawatan bayi|Lembut|Minyak Telon|60ml,100ml|23500|.32|60|2
3|Makanan bayi|Tumbuh|Bubur Bayi|120g,250g|14200|.22|120|15
4|Perawatan wajah|Ayu Rupa|Sabun Wajah|50ml,100ml|22500|.42|100|2.2
4|Perawatan wajah|Ayu Rupa|Serum Niacinamide|20ml,30ml|78000|.52|20|.5
4|Perawatan wajah|Ayu Rupa|Pelembap Harian|30g,50g|46000|.48|30|.8
4|Perawatan wajah|Surya|Tabir Surya SPF 50|40ml,60ml|54000|.46|40|1
4|Rambut|Rambutku|Sampo|170ml,340ml,680ml|21500|.28|170|5
4|Rambut|Rambutku|Kondisioner|170ml,340ml|23500|.30|170|4
4|Riasan|Puspa|Lipstik|:=merah,nude,pink,cokelat|49000|.55|0|0
4|Riasan|Puspa|Bedak Padat|:=ivory,beige,natural|58000|.50|0|0
4|Mandi|Segar|Sabun Mandi Cair|250ml,450ml,825ml|17500|.27|250|9
4|Mandi|Segar|Pasta Gigi|75g,120g,190g|9800|.25|120|3.4
5|Cuci|Bersih|Deterjen Bubuk|800g,1.8kg|19500|.17|800|28
5|Cuci|Bersih|Deterjen Cair|700ml,1.6L|21500|.20|700|26
5|Cuci|Harum|Pelembut Pakaian|650ml,1.5L|16500|.22|650|20
5|Dapur|Kilau|Sabun Cuci Piring|400ml,750ml|11500|.20|400|18
5|Lantai|Kilau|Pembersih Lantai|750ml,1.6L|13500|.23|750|22
5|Tisu|Halus|Tisu Wajah|200s,700s|11900|.21|200|9
5|Tisu|Halus|Tisu Dapur|2 rol,6 rol|18500|.22|2|.1
6|Kabel|Sambung|Kabel Data USB-C|:=hitam,putih,biru|45000|.50|0|0
6|Pengisi daya|Sambung|Kepala Charger 30W|:=hitam,putih|129000|.42|0|0
6|Audio|Dengar|Earphone Nirkabel|:=hitam,putih,hijau|249000|.38|0|0
6|Aksesori|Lindung|Pelindung Layar|6.1 inci,6.5 inci,6.7 inci|39000|.62|0|0
6|Aksesori|Lindung|Casing Ponsel|:=hitam,bening,biru,merah|59000|.60|0|0
6|Daya|Sambung|Power Bank 10000|:=hitam,putih|219000|.32|0|0
6|Lampu|Terang|Lampu LED|7W,12W,18W|21500|.35|0|0
6|Baterai|Terang|Baterai AA|2s,8s|13500|.36|0|0
7|Makanan kucing|Meong|Makanan Kucing Kering|500g,1.2kg,7kg|32000|.20|500|45
7|Makanan kucing|Meong|Makanan Kucing Kaleng|85g,400g|9500|.24|85|40
7|Pasir kucing|Meong|Pasir Kucing|5L,10L|34000|.28|5|.3
7|Makanan anjing|Guguk|Makanan Anjing|1.5kg,8kg|89000|.20|1.5|.12
8|Vitamin|Bugar|Vitamin C 500mg|30s,60s,100s|42000|.38|30|1
8|Vitamin|Bugar|Multivitamin|30s,60s|65000|.40|30|1
8|Obat bebas|Sehati|Minyak Kayu Putih|60ml,120ml|24500|.30|60|1
8|Masker|Sehati|Masker Medis|10s,50s|12500|.40|10|.5
9|Air|Tirta Kita|Air Mineral Galon|6L,19L|18500|.18|19|2.4
9|Jus|Kebun|Jus Jambu|250ml,1L|8900|.25|0|0
9|Susu|Segar Sapi|Susu UHT|250ml,1L|7200|.17|1|.2
9|Sirop|Rasa Raya|Sirop Cocopandan|460ml,630ml|21500|.24|0|0
"""
_COMPANIONS = {
    "Kopi bubuk": "Gula", "Kopi biji": "Pelengkap kopi", "Popok": "Tisu basah",
    "Susu formula": "Makanan bayi", "Perawatan wajah": "Perawatan wajah", "Cuci": "Cuci",
    "Kabel": "Pengisi daya", "Audio": "Aksesori", "Makanan kucing": "Pasir kucing",
    "Beras": "Minyak goreng", "Mi instan": "Telur", "Rambut": "Rambut", "Teh": "Biskuit",
    "Aksesori": "Kabel", "Vitamin": "Masker", "Telur": "Beras",
}  # fmt: skip
_SIZE_FACTOR = (1.0, 1.85, 4.2, 7.5)


@dataclass(frozen=True)
class Catalogue:
    """One entry per product. `interval` is how many days one pack lasts, 0 for what is not used up."""

    id: list[str]
    name: list[str]
    category: np.ndarray
    subcategory: list[str]
    brand: list[str]
    type: list[str]
    colour: list[str]
    size: list[str]
    price: np.ndarray
    cost: np.ndarray
    pack_size: np.ndarray
    usage_per_day: np.ndarray
    companion: np.ndarray  # a product often bought along, or -1

    @property
    def interval(self) -> np.ndarray:
        return np.divide(
            self.pack_size, self.usage_per_day, out=np.zeros(len(self.id)), where=self.usage_per_day > 0
        )


def build_catalogue() -> Catalogue:
    """The product list, the same in every run."""
    rows = [row for line in _LINES.strip().splitlines() for row in _variants(line.split("|"))]
    sub = [r["subcategory"] for r in rows]
    return Catalogue(
        id=[f"{r['category']:d}{n:04d}" for n, r in enumerate(rows, start=1)],
        name=[r["name"] for r in rows],
        category=np.array([r["category"] for r in rows]),
        subcategory=sub,
        brand=[r["brand"] for r in rows],
        type=[r["type"] for r in rows],
        colour=[r["colour"] for r in rows],
        size=[r["size"] for r in rows],
        price=np.array([r["price"] for r in rows]),
        cost=np.array([r["cost"] for r in rows]),
        pack_size=np.array([r["pack"] for r in rows]),
        usage_per_day=np.array([r["usage"] for r in rows]),
        companion=np.array([_companion(sub, i) for i in range(len(rows))]),
    )


def _variants(line: list[str]) -> list[dict]:
    category, subcategory, brand, name, variants, price, margin, pack, usage = line
    colours = variants.startswith(":=")
    out = []
    for n, variant in enumerate(variants.removeprefix(":=").split(",")):
        # diapers of all sizes cost the same; other packs grow
        factor = 1.0 if colours or variant[0].isalpha() else _SIZE_FACTOR[n]
        amount = round(int(price) * factor, -2)
        out.append(
            {
                "category": int(category),
                "subcategory": subcategory,
                "brand": brand,
                "type": name,
                "name": f"{brand} {name} {variant}",
                "colour": variant if colours else "",
                "size": "" if colours else variant,
                "price": int(amount),
                "cost": int(amount * (1 - float(margin))),
                "pack": round(float(pack) * (factor * 1.08 if factor > 1 else 1), 1),
                "usage": float(usage),
            }
        )
    return out


def _companion(subcategories: list[str], product: int) -> int:
    wanted = _COMPANIONS.get(subcategories[product])
    matches = [i for i, s in enumerate(subcategories) if s == wanted and i != product]
    return matches[product % len(matches)] if matches else -1
