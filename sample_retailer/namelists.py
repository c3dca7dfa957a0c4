"""Names by group: (male, female). All combinations are invented people."""

from __future__ import annotations


def _w(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "javanese": (
        _w(
            "Agus Budi Slamet Joko Eko Bambang Sutrisno Heru Wahyu Dwi Sugeng Tri Suparman Supriyadi"
            " Hadi Suyanto Mulyono Purnomo Sukarno Suharto Sumarno Suroso Widodo Yudi Teguh Bayu Aji"
            " Gatot Darmawan Wisnu Sigit Prasetyo Yoga Untung Ngadiman Paijo Tukiman Parjo Cahyo Dimas"
            " Galih Satrio Bagas Seno Rudi Edi Ari"
        ),
        _w(
            "Sri Dewi Endang Wati Tri Dwi Rini Ratna Yuni Suryani Sumiati Sulastri Suparmi Wahyuni"
            " Kartini Lestari Ningsih Puji Retno Indah Sari Ayu Widya Yanti Tuti Mulyani Sutini Parti"
            " Ngatinah Tumini Diah Wulan Ika Eka Nanik Titik Winarti Rahayu Utami Murni Anggraini"
            " Kusuma Pertiwi Larasati Intan Mega Fitri"
        ),
    ),
    "sundanese": (
        _w(
            "Asep Dadang Ujang Cecep Dede Deden Yayan Ade Aceng Iwan Endang Tatang Maman Nandang"
            " Wawan Engkos Jajang Encep Kosasih Entis Rahmat Hendra Dani Dedi Yana Agus Iip Uus Gungun"
            " Gilang Rangga Adang Oman Odang"
        ),
        _w(
            "Neneng Euis Iis Ai Cucu Imas Lilis Tati Elis Enung Yayah Entin Nyai Eulis Teti Wiwin"
            " Rina Nia Dewi Yuyun Eneng Icih Ipah Tita Mimin Popon Titin Yeyet Onah Rosita Santi"
            " Nenden Rika Novi Desi Lina"
        ),
    ),
    "batak": (
        _w(
            "Binsar Togar Parlindungan Jonggi Ucok Tigor Maruli Saut Poltak Hotman Ruhut Sahat"
            " Mangasi Bonar Jhonny Robert Daniel Samuel David Ronald Marihot Tumpal Pardamean Lambok"
            " Monang Andreas Yosua Gideon Petrus"
        ),
        _w(
            "Tiur Rotua Romauli Ria Duma Lamria Tiarma Nurhaida Rosmaida Sondang Basaria Juliana"
            " Ester Maria Ruth Debora Martha Rut Hotmaida Risma Lastiur Berliana Dameria Melva Friska"
            " Novita Rugun Tiodora Elfrida"
        ),
    ),
    "balinese": (
        _w(
            "Agus Adi Budiarta Suardana Sudarma Artawan Wirawan Putra Mahendra Widiana Suastika"
            " Sukarta Arya Darma Suartana Parwata Suweca Merta Sudiana Karma Yoga Krisna Bayu Oka Rai"
            " Ngurah Raka Astawa Wiguna"
        ),
        _w(
            "Ayu Sri Suartini Widiani Astuti Suryani Dewi Kartika Pradnya Sukerti Ratih Wulandari"
            " Laksmi Trisna Sari Padmi Murniati Sutarmi Rai Candra Puspa Lestari Sukmawati Indrayani"
            " Artini Utari Saraswati Gayatri"
        ),
    ),
    "chinese": (
        _w(
            "Kevin Andi Hendra Steven Budi Jimmy Rudy Felix Wei Hong Jaya Michael Erwin Edwin Ferry"
            " Vincent William Jonathan Leonardo Calvin Richard Sugianto Hartono Yohanes Albert Darren"
            " Ricky Tommy Willy Ming Jian"
        ),
        _w(
            "Felicia Mei Linda Lili Ling Vivian Jessica Stephanie Natalia Silvia Grace Melisa Cynthia"
            " Shanti Yuliana Christina Angelina Fenny Lanny Susanti Elvina Merry Jennifer Caroline Hui"
            " Xiu Clarissa Jocelyn Tania"
        ),
    ),
    "arabic": (
        _w(
            "Ahmad Abdul Ali Hasan Umar Ibrahim Yusuf Rizki Fajar Fauzan Ilham Arif Ridwan Taufik"
            " Iqbal Zainal Syamsul Irfan Hamzah Faisal Anwar Saiful Rahman Hidayat Mahmud Ismail"
            " Farhan Habib Luthfi Naufal Rafi Haikal"
        ),
        _w(
            "Fatimah Aisyah Nur Khadijah Zahra Nurul Aminah Maryam Laila Salma Halimah Rahma Azizah"
            " Hafsah Zainab Nadia Farah Annisa Khairunnisa Rabiah Latifah Syifa Naila Hasanah Nabila"
            " Safira Ulfa Munawaroh Rohmah"
        ),
    ),
    "minang": (
        _w(
            "Syafrizal Yulfian Zulkifli Afrizal Syahrial Erizal Rizal Yusrizal Doni Febri Hendri"
            " Rinaldi Fadli Nofri Jufri Azwar Buyung Amril Masri Ramli Nasrul Yondri Ilham Rahmat"
            " Jasman Irwan Rusdi Bachtiar Chairul"
        ),
        _w(
            "Yusmaniar Rosmanidar Ernawati Yulidar Gusmiati Nurlela Upik Yenita Mardiana Elvi Rahmi"
            " Silvia Fitria Nelva Yarnis Desmawati Marlina Nurhayati Ermawati Zuraida Asni Refni Widia"
            " Rina Yessi Vivi Suci Meri"
        ),
    ),
    "eastern": (
        _w(
            "Yohanes Yosef Petrus Markus Fransiskus Stefanus Yakobus Noke Franky Jemmy Vecky Glenn"
            " Marthen Agustinus Yulius Frits Melki Benyamin Elias Semuel Ronny Denny Christian"
            " Reinhard Oktovianus Simon Paulus Lukas"
        ),
        _w(
            "Maria Yuliana Fransiska Selvi Meyske Olvi Deice Martha Grace Elsye Magdalena Theresia"
            " Agustina Yosefina Kristina Sofia Merlin Vonny Greity Jelita Novita Petronela Elisabet"
            " Monika Herlina Susana Adriana Rosa"
        ),
    ),
}

SECOND: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "javanese": (
        _w(
            "Santoso Wibowo Prasetyo Nugroho Setiawan Susanto Utomo Raharjo Saputro Hartono Kurniawan"
            " Purwanto Wijaya Hidayat Sulistyo Pramono Handoko Subekti Suryanto Kuncoro Pamungkas"
            " Hardjono Siswanto Atmojo Prabowo Priyono Winarno Sasongko Suryadi Kusumo Baskoro"
            " Adiputra Wicaksono Pambudi Yulianto Ardianto"
        ),
        _w(
            "Lestari Wulandari Handayani Rahayu Astuti Susanti Puspitasari Kusumawati Wahyuningsih"
            " Setyowati Hastuti Purwanti Sulistyowati Widyastuti Permatasari Ekawati Hapsari Pratiwi"
            " Setyaningsih Nurhayati Maharani Anggraeni Oktaviani Mulyaningsih Sumarni Kinasih"
            " Suryaningrum Ambarwati Damayanti Kurniasih"
        ),
    ),
    "sundanese": (
        _w(
            "Suryana Hidayat Permana Setiawan Kurnia Rohman Sutisna Mulyana Supriatna Gunawan Sunarya"
            " Wiguna Nugraha Rustandi Hermawan Ruhiyat Komarudin Sobandi Kartiwa Sudrajat Firmansyah"
            " Ramdani Somantri Natapraja"
        ),
        _w(
            "Rohaeni Nuraeni Sumiati Komariah Rohayati Marlina Kurniasih Sukaesih Suryati Maryani"
            " Nurjanah Hayati Rosmiati Karlina Yulianti Herlina Sopiah Sumarni Rukmini Solihat Kartika"
            " Juliawati Susilawati"
        ),
    ),
    "batak": (
        _w(
            "Parulian Halomoan Hasiholan Mangatas Martua Sahala Pandapotan Oloan Rudolf Fernando"
            " Christian Yohanes"
        ),
        _w(
            "Uli Theresia Sari Lumongga Hotmauli Natalia Elisabeth Christina Rumondang Theodora"
            " Octavia Margaretha"
        ),
    ),
    "balinese": (
        _w(
            "Adnyana Suryawan Wijaya Sanjaya Pratama Dharmawan Suputra Kusuma Wardana Arimbawa Yasa"
            " Sujana Diputra"
        ),
        _w(
            "Dewi Lestari Wahyuni Pratiwi Suryani Sukmayanti Anggreni Damayanti Purnama Cahyani Arini Wedanti"
        ),
    ),
    "chinese": (
        _w(
            "Putra Setiawan Jaya Susanto Kurniawan Gunadi Santosa Darma Surya Wahyudi Chandra Adrian Hartanto"
        ),
        _w("Anggraini Susanti Kartika Wijayanti Lestari Dewi Putri Tanaya Angela Yuliani Setiawati Oktavia"),
    ),
    "arabic": (
        _w(
            "Ramadhan Maulana Fadillah Firdaus Hakim Rasyid Syahputra Al-Farizi Lubis Akbar Nasution"
            " Hidayatullah Zulfikar Aziz Kurniawan Saputra Siregar Syarif Basri Wahid Nurdin Ghazali"
            " Assegaf Alatas Shihab"
        ),
        _w(
            "Zahra Hidayah Rahmawati Safitri Fauziah Hasanah Maulida Ramadhani Putri Amalia Khairani"
            " Lubis Nasution Aulia Mufidah Wardah Fadhilah Husna Shafira Salsabila Mardhiyah Kamila"
            " Badriyah Istiqomah"
        ),
    ),
    "minang": (
        _w(
            "Chaniago Tanjung Piliang Koto Sikumbang Putra Saputra Hidayat Jambak Guci Firdaus"
            " Pratama Effendi"
        ),
        _w("Chaniago Tanjung Putri Sari Wahyuni Rahayu Oktavia Anggraini Hayati Safitri Yanti Kartini Mulia"),
    ),
    "eastern": (
        _w(
            "Alfonsus Emanuel Johannes Christo Gabriel Rafael Ignatius Albertus Filipus Adrianus"
            " Jeremias Imanuel"
        ),
        _w(
            "Christina Natalia Angelina Veronika Regina Bernadeta Cornelia Margareta Imelda Katarina"
            " Yohana Lidia"
        ),
    ),
}

CLANS: dict[str, tuple[str, ...]] = {
    "batak": _w(
        "Simanjuntak Siregar Hutagalung Nainggolan Sitompul Sihombing Simbolon Panjaitan Manurung"
        " Silalahi Lubis Nasution Harahap Pasaribu Sinaga Saragih Ginting Tarigan Sembiring Purba"
        " Hutapea Marpaung Tampubolon Napitupulu Situmorang Gultom Hasibuan Pohan Damanik Aritonang"
        " Sitorus Pangaribuan Lumbantobing"
    ),
    "chinese": _w(
        "Wijaya Halim Gunawan Tanuwijaya Santoso Lim Tan Salim Hartanto Kusuma Liem Oei Susanto"
        " Tanjaya Sutanto Widjaja Setiadi Lesmana Kosasih Budiman Hidayat Sutedja Tjandra Winata"
        " Suhendra Ong Kwee Tjahjadi Goenawan"
    ),
    "eastern": _w(
        "Wenas Mandagi Lasut Rumengan Tumbelaka Sumual Pattimura Latuconsina Matulessy Tahapary"
        " Leimena Nunuhitu Manuputty Pesulima Lontoh Kaunang Rompas Wowor Pangemanan Bessie Tallo Lado"
        " Ndun Wanggai Rumbiak Ohee"
    ),
}

# Heads and tails that make the long tail of given names: Su + priyono, Rah + mawati ...
COMPOSED: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "javanese": (
        (
            "Su Har Tri Dar Pur Mar Wi Sar Kar Nar Wid Ris",
            "yono yanto diono tono gito wanto nardi narso manto mono joko diman tikno kadi naryo hadi jono",
        ),
        (
            "Su Har Tri Sul Pur Mar Wi Sar Kar Nar Yul Ris",
            "yanti yani ningsih wati tini astuti tati narti minah sini yem kinah mini harti tinah sih",
        ),
    ),
    "sundanese": (
        (
            "Su Sa Ko Ru Wa Ta Ma Ju",
            "herman tisna darma hendi kandar sandi maryo tardi handa karsa pyan dirman",
        ),
        (
            "Su Sa Ko Ru Wa Ta Ma Ju",
            "miati herni kaesih maesih riah tini siti haeti narsih mirah liah lastri",
        ),
    ),
    "batak": (
        ("Mar Par Ro Ju Sal Her Den", "lon nando dongan manson tua nuel son bert dianto tahan tulus"),
        ("Mar Par Ro Ju Sal Her Den", "tina lina ida maida sinta uli lela mina tiar nauli nita"),
    ),
    "balinese": (
        ("Su Wi Ar Bu Dar Ked Jan", "dana arta adnya astra ada antara yasa widya karya namba wan teja"),
        ("Su Wi Ar Bu Dar Ked Jan", "dani arti iasih astri adi antari yani widi karti nadi wati tini"),
    ),
    "chinese": (
        ("Al Er Ed Her Jo Ke Mar Ro", "vin win ric man nathan bert dy son vis ward lim"),
        ("Al El Ev Her Jo Ke Mar Ro", "ina isa lyn vina celyn lia nie salia thea cia vita"),
    ),
    "arabic": (
        (
            "Rah Nur Sai Zain Syam Fai Az Has Mus Kham",
            "man din ful uddin shol zal har rul bani tofa rudin dani",
        ),
        (
            "Rah Nur Sai Zain Syam Fai Az Has Mus Kham",
            "mah jannah dah iyah siyah zah hari rini rifah rina liah miati",
        ),
    ),
    "minang": (
        ("Yus Zul Syaf Ner Des Ri Af Mas", "rizal fahmi ril nedi rial wandi dison fendi man hendra mar"),
        ("Yus Zul Syaf Ner Des Ri Af Mas", "nita fida rida neli riani wati dona feni mayar hayati marni"),
    ),
    "eastern": (
        ("Mar Ben Yer Fer Al Ro Nel Her", "thinus yamin emias dinand fred berto son manus vis lando"),
        ("Mar Ben Yer Fer Al Ro Nel Her", "thina edikta miana dina fonsina berta ci mina lince landa"),
    ),
}
