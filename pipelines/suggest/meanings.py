"""What a column can mean, and what people call it in English and Indonesian."""

from __future__ import annotations

# Longer names win over shorter ones they contain.
MEANINGS: dict[str, str] = {
    "source_id": "customer id|customer no|customer number|customer code|cust id|cust no|cust code|client id|"
    "client no|client code|user id|kode cust|no cust|id cust|kode plg|no plg|id plg|"
    "buyer id|contact id|account id|id pelanggan|no pelanggan|nomor pelanggan|kode pelanggan|"
    "kd pelanggan|id customer|kode customer|no customer|id konsumen|kode konsumen|id pembeli|id anggota|"
    "id member",
    "full_name": "name|full name|customer name|customer|client name|buyer name|contact name|member name|"
    "nama|nama lengkap|nama pelanggan|nama customer|nama konsumen|nama pembeli|nama anggota|nama member|"
    "nama kontak|pelanggan|pembeli|username",
    "given_name": "first name|given name|forename|nama depan|nama awal",
    "family_name": "last name|family name|surname|nama belakang|nama keluarga|nama akhir|marga",
    "nik": "nik|no ktp|nomor ktp|ktp|no nik|nomor induk kependudukan|nik ktp",
    "national_id": "national id|passport|passport no|identity number|id card|no paspor|paspor|no identitas",
    "member_id": "member id|member no|member number|membership no|loyalty id|loyalty no|card number|"
    "no member|nomor member|no anggota|nomor anggota|kode member|no kartu member|no kartu",
    "email": "email|e mail|mail|email address|mail address|surel|alamat email|alamat surel|"
    "email pelanggan|customer email",
    "phone": "phone|phone no|phone number|mobile|mobile no|mobile number|mobile phone|cell|cellphone|"
    "handphone|hp|no hp|nomor hp|no handphone|telepon|no telepon|nomor telepon|telp|no telp|tlp|no tlp|"
    "telpon|no telpon|ponsel|no ponsel|kontak|no kontak|contact number|customer phone|hp 1|telepon 1|"
    "telp 1|phone 1",
    "phone_2": "phone 2|mobile 2|hp 2|no hp 2|telepon 2|telp 2|no telp 2|no telepon 2|other phone|"
    "telepon lain",
    "landline": "landline|home phone|telepon rumah|telp rumah|no telepon rumah|office phone|telepon kantor",
    "whatsapp": "whatsapp|wa|no wa|nomor wa|no whatsapp|nomor whatsapp|whatsapp number",
    "social_handle": "instagram|ig|facebook|tiktok|twitter|social handle|akun instagram|medsos",
    "address": "address|street|street address|address 1|address line 1|home address|alamat|"
    "alamat lengkap|alamat rumah|alamat pelanggan|jalan|alamat pengiriman|alamat 1",
    "address_2": "address 2|address line 2|alamat 2|rt rw|rtrw|rt/rw",
    "address_3": "kelurahan|desa|kelurahan desa|desa kelurahan|village",
    "address_4": "kecamatan|district|subdistrict",
    "city": "city|town|kota|kabupaten|kota kabupaten|kab kota|kabupaten kota|kota kab|kota pelanggan",
    "region": "region|state|province|provinsi|propinsi|prov",
    "postcode": "postcode|postal code|zip|zip code|kode pos|kodepos",
    "country": "country|negara|country code",
    "sex": "sex|gender|jenis kelamin|kelamin|jk|l p|jenkel",
    "birth_date": "birth date|birthdate|date of birth|dob|birthday|tanggal lahir|tgl lahir|tgl lhr|"
    "tanggal lhr",
    "education": "education|pendidikan|pendidikan terakhir",
    "occupation": "occupation|profession|job|pekerjaan|profesi",
    "job_title": "job title|title|position|jabatan|posisi",
    "company": "company|company name|employer|perusahaan|nama perusahaan|instansi",
    "religion": "religion|agama",
    "hobbies": "hobby|hobbies|hobi|interests|minat",
    "household_key": "household id|no kk|nomor kk|kartu keluarga|household",
    "acquisition_source": "lead source|acquisition source|source|sumber|sumber lead|referral source|"
    "utm source",
    "referrer_id": "referrer id|referred by|referral code|kode referral|referensi dari",
    "seen_at": "registered at|registration date|register date|created at|created on|created|date created|"
    "created date|updated at|updated|last updated|signup date|join date|joined|tanggal daftar|"
    "tgl daftar|tanggal registrasi|tgl registrasi|tanggal gabung|tgl gabung|tgl update|tanggal update|"
    "timestamp|cap waktu|tanggal bergabung|revised at",
    "order_id": "order id|order no|order number|order|invoice|invoice no|invoice number|invoice id|"
    "transaction id|transaction no|trx id|receipt|receipt no|receipt number|bill no|no faktur|"
    "nomor faktur|faktur|no nota|nota|nomor nota|no invoice|no pesanan|nomor pesanan|id pesanan|no order|"
    "no transaksi|nomor transaksi|id transaksi|kode transaksi|no struk|nomor struk|struk|no penjualan|"
    "no bukti|kode pesanan",
    "line_no": "line|line no|line number|item no|no baris|baris|no urut",
    "ordered_at": "order date|date|order time|ordered at|ordered on|invoice date|transaction date|"
    "purchase date|sale date|sales date|datetime|date time|tanggal|tgl|tanggal transaksi|tgl transaksi|"
    "tanggal faktur|tgl faktur|tanggal pesanan|tgl pesanan|tanggal order|tgl order|tanggal nota|tgl nota|"
    "tanggal pembelian|tgl beli|tanggal beli|waktu|waktu transaksi|waktu pesanan|waktu pesanan dibuat|"
    "tanggal penjualan|tgl penjualan|tgl trx",
    "product_id": "product id|product code|sku|item id|item code|stock code|plu|barcode|kode barang|"
    "kd barang|kode produk|id produk|id barang|kode item|nomor referensi sku|product sku",
    "product_name": "product|product name|item|item name|description|product description|nama barang|"
    "nama produk|barang|produk|nama item|menu|nama menu|keterangan barang|uraian barang",
    "category": "category|product category|department|kategori|kategori produk|kelompok barang|jenis barang",
    "subcategory": "subcategory|sub category|subkategori|sub kategori",
    "brand": "brand|merek|merk",
    "colour": "colour|color|warna",
    "size": "size|ukuran",
    "quantity": "quantity|qty|units|unit|pcs|count|jumlah|jml|kuantitas|banyaknya|jumlah barang|"
    "jml barang|jumlah produk|qty terjual|jumlah item",
    "unit_price": "price|unit price|item price|harga|harga satuan|harga jual|harga barang|hrg|harga unit|"
    "harga produk|selling price",
    "discount": "discount|discount amount|diskon|potongan|potongan harga|disc|total diskon|rebate",
    "amount": "amount|line total|net amount|total|subtotal|sub total|total price|net sales|sales|revenue|"
    "total harga|jumlah harga|jumlah bayar|total bayar|nilai|nominal|total belanja|total penjualan|"
    "grand total|jumlah rp|total pembayaran|harga total|omzet|total amount",
    "cost": "cost|unit cost|cogs|hpp|harga pokok|modal|harga beli",
    "currency": "currency|mata uang|kurs",
    "status": "status|order status|status pesanan|status transaksi|status order",
    "returns_order_id": "returned order|original order|original invoice|retur dari|faktur asal|"
    "no faktur asal",
    "store": "store|store name|store id|branch|outlet|shop|toko|cabang|nama toko|gerai|kode toko|"
    "nama outlet|kode cabang|lokasi",
    "store_city": "store city|branch city|kota toko|kota cabang|kota outlet",
    "salesperson": "salesperson|sales person|sales rep|cashier|seller|kasir|nama kasir|sales|salesman|"
    "penjual|nama sales|pramuniaga|kode sales",
    "purchase_method": "purchase method|order channel|sales channel|cara beli|cara pembelian",
    "payment_method": "payment method|payment|payment type|metode pembayaran|cara bayar|metode bayar|"
    "pembayaran|jenis pembayaran|tipe pembayaran",
}
NUMERIC = ("quantity", "unit_price", "discount", "amount", "cost")
DATED = ("seen_at", "ordered_at", "birth_date")
IDENTIFYING = (
    "full_name",
    "given_name",
    "email",
    "phone",
    "whatsapp",
    "nik",
    "address",
    "member_id",
    "landline",
)
# Fields of a contract whose column has another meaning's name, first found first.
ALIASES: dict[tuple[str, str], tuple[str, ...]] = {
    ("contacts", "seen_at"): ("seen_at", "ordered_at"),
    ("order_lines", "city"): ("store_city",),
    ("products", "price"): ("unit_price",),
}
JOINED = {
    "phone": ("phone", "phone_2"),
    "address": ("address", "address_2", "address_3", "address_4"),
}

# In a list of customers a column of this name tells them apart when each row has its own value ...
KEY_NAMES = {"id", "kode", "code", "kd", "key", "no id", "id no", "uid"}
# ... one of these as well, unless it counts the rows:
NUMBER_NAMES = {"no", "number", "num", "nr"}

STAND_INS = ("member_id", "email", "phone", "whatsapp", "nik")

# Nested records (JSON). What is said of a line of an order, and only there:
OF_A_LINE = (
    "line_no",
    "product_id",
    "product_name",
    "category",
    "subcategory",
    "brand",
    "colour",
    "size",
    "quantity",
    "unit_price",
    "discount",
    "amount",
    "cost",
)
# ... short names that mean something only by where they stand:
IN_A_LIST = {"product_name": ("name", "nama", "title"), "product_id": ("id", "code", "kode")}
OF_A_RECORD = {"order_id": ("id", "no", "number", "code", "kode")}
# ... and names on the way to a value that say no more than whose it is:
WRAPPERS = {
    "customer",
    "buyer",
    "client",
    "user",
    "member",
    "contact",
    "person",
    "profile",
    "pelanggan",
    "pembeli",
    "konsumen",
    "anggota",
    "billing",
    "address",
    "alamat",
    "data",
    "attributes",
    "properties",
    "order",
    "pesanan",
    "transaction",
    "transaksi",
    "invoice",
    "payment",
}
